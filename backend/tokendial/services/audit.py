"""Words for the classes of the audit and the reasons of refused lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tokendial.services.contract.sessions import AuditLine
from tokendial.store.files import RefusedRow
from tokendial.store.sessions import AuditRow

LABELS = {
    "counted": "Counted",
    "duplicate": "Emitted again with the same total",
    "copied": "Copied history of another thread",
    "copied_from_parent": "Copied, counted with an older thread",
    "other_file": "Also in another file, counted there",
    "review_mirror": "Mirrored from a review, counted there",
    "home_off": "In a home that is switched off, not counted",
    "paired": "Counter of a response already counted by its record",
    "estimate": "Estimate after a compaction",
    "null_info": "Limits only, no usage",
    "gap": "Counted, but earlier lines are missing",
    "clamped": "Counted, but cached was more than input",
    "corrected": "Written again with other counts, the last hold",
    "synthetic": "Made by the program, not by a model",
    "empty": "Without any tokens",
    "lower_bound": "Counted, but the log only has the first of the output",
    "web_search": "Counted, with web searches beside the tokens",
}
REASONS = {
    "not_json": "not a whole JSON line",
    "nul_bytes": "NUL bytes (the file was torn)",
    "bad_shape": "not of the expected shape",
    "bad_count": "a token count that cannot be",
    "bad_time": "a time that cannot be",
    "too_deep": "nested too deeply",
    "line_too_long": "longer than 32 MB",
    "no_id": "without an id to count it once by",
    "document_too_large": "a document larger than 256 MB",
}


def lines(rows: Iterable[AuditRow]) -> list[AuditLine]:
    """The classes with their sums, the counted first. Those that begin with "Counted," repeat counted records."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        known = sums.setdefault(row.kind, [0, 0])
        known[0] += row.records
        known[1] += row.tokens
    order = [kind for kind in LABELS if kind in sums] + sorted(kind for kind in sums if kind not in LABELS)
    return [AuditLine(kind, LABELS.get(kind, kind), *sums[kind]) for kind in order if sums[kind][0]]


def refused(rows: Iterable[RefusedRow]) -> list[AuditLine]:
    """A line for each reason for which lines were refused; what they carried is not known."""
    sums = Counter[str]()
    for row in rows:
        sums[row.reason] += row.lines
    return [AuditLine("refused", f"Refused: {reason_label(reason)}", count, 0) for reason, count in sums.most_common()]


def reason_label(reason: str) -> str:
    """A reason in words."""
    return REASONS.get(reason, reason)
