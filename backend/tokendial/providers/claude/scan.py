"""The compiled reader of usual lines (scan.c), where it was built; without it the parser walks the lines in Python."""

from __future__ import annotations

from pathlib import Path

from tokendial.providers.compiled import RecordReader, load

OTHER_LINE, RESPONSE, CONTEXT, BIRTH = 0, 1, 2, 3
# An OTHER_LINE is kind, start and stop. A BIRTH, a prompt that was queued, has its time where a RESPONSE has that of the
# first. A RESPONSE is all rows of one response that follow each other: kind, start of
# the first and stop of the last, number of rows; key; times of the first row, the earliest and the latest; whether any
# has a stop_reason; then of the row with the largest output its input, cache reads, five-minute and one-hour cache
# writes, output, thinking and web searches, the tokens of all rows but this one, and its start; start and stop of the
# last row's uuid. A CONTEXT is what the responses after it have in common: kind, whether they are of a side chain, and
# start and stop of each text of CONTEXT_TEXTS as it stands in the JSON, -1 where there is none.
_FIELDS = 26
CONTEXT_TEXTS = (
    "sessionId", "cwd", "gitBranch", "version", "entrypoint", "effort", "agentId", "attributionAgent", "model",
    "service_tier", "speed", "inference_geo",
)  # fmt: skip
_scan = load(Path(__file__).parent, "tokendial_claude_scan")


def available() -> bool:
    """Whether the compiled reader is there."""
    return _scan is not None


def reader() -> RecordReader:
    """A reader for one parser. Raises RuntimeError where the compiled reader is not there."""
    if _scan is None:
        raise RuntimeError("the compiled reader is not there")
    return RecordReader(_scan, _FIELDS)
