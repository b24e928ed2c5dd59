"""Masked real logs and what they hold: the shared corpus, and the few files of it that are kept as fixtures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.ledgers import rows
from tests.support.parsing import Spent

from tokendial.services.ledger import Ledger

PerModel = dict[str, Spent]
_CLASSES = {"dup": "duplicate", "copied": "copied", "null_info": "null_info", "estimate_or_fill": "estimate"}


class Expected:
    """What each file of a folder of homes must give, by its path below that folder."""

    def __init__(self, path: Path) -> None:
        self._files: dict[str, Any] = json.loads(path.read_text())

    def files(self, home: str) -> dict[str, PerModel]:
        """Per model, for every file of a home that holds usage, by its path below the home."""
        found = {
            name.removeprefix(f"{home}/"): {model: _spent(usage) for model, usage in entry["per_model"].items()}
            for name, entry in self._files.items()
            if name.startswith(f"{home}/")
        }
        return {name: models for name, models in found.items() if any(sum(spent) for spent in models.values())}

    def classes(self, home: str, name: str) -> dict[str, int]:
        """How the usage lines of a file are classed, in the words of the audit."""
        events = self._files[f"{home}/{name}"]["events"]
        wanted = {ours: events[theirs] for theirs, ours in _CLASSES.items() if events.get(theirs)}
        wanted["counted"] = sum(events.get(kind, 0) for kind in ("advance", "fresh_lineage", "gap"))
        if mirrored := events.get("review_mirror"):
            # A mirrored review is told apart by the store; to the parser its lines are counted or re-emitted.
            wanted = {"counted or duplicate": wanted.pop("counted") + wanted.pop("duplicate") + mirrored, **wanted}
        return wanted

    def homes(self) -> list[str]:
        return sorted({name.partition("/")[0] for name in self._files})


def classes(audit: dict[str, int], wanted: dict[str, int]) -> dict[str, int]:
    """An audit in the words of `Expected.classes`."""
    both = audit.get("counted", 0) + audit.get("duplicate", 0)
    return {kind: both if kind == "counted or duplicate" else audit.get(kind, 0) for kind in wanted}


def _spent(usage: dict[str, int]) -> Spent:
    return Spent(
        usage["input_tokens"],
        usage["cached_input_tokens"],
        usage["cache_write_input_tokens"],
        usage["output_tokens"],
        usage["reasoning_output_tokens"],
    )


def per_file(ledger: Ledger, home: Path) -> dict[str, PerModel]:
    """What the ledger counts for each file of a home, per model; `?` where the log names none."""
    found: dict[str, PerModel] = {}
    for path, model, *parts in rows(
        ledger,
        "SELECT f.path, CASE WHEN e.flags & 4 THEN '?' ELSE l.model END, sum(e.input + e.cache_read + e.cache_write), "
        "sum(e.cache_read), sum(e.cache_write), sum(e.output), sum(e.reasoning) FROM usage_event e "
        "JOIN source_file f ON f.id = e.file_id JOIN label_set l ON l.id = e.label_id WHERE e.status = 0 GROUP BY 1, 2",
    ):
        found.setdefault(str(Path(path).relative_to(home)), {})[model] = Spent(*parts)
    return found


def by_thread(files: dict[str, PerModel]) -> dict[str, PerModel]:
    """The same by the name of the file alone, wherever it lies and however it is packed."""
    return {Path(name).name.removesuffix(".zst"): models for name, models in files.items()}
