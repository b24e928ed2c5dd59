"""Which lines of a rollout matter, found in Python: what scan.c does where it was compiled, without reading the lines.

Most bytes of a rollout are conversation. A line in the form that Codex itself writes shows its type at a fixed place,
so one comparison of a few bytes passes over it; a line in any other form (other key order, spaces) is handed on and
its type is found by decoding it. So speed depends on the usual form, the result does not.
"""

from __future__ import annotations

from collections.abc import Iterator

OTHER_LINE, COUNT_LINE, RECORD_LINE = 0, 3, 4

# A line begins {"timestamp":"2026-07-23T06:44:48.243Z","type":"... : byte 38 closes the time. Paginated histories
# have "ordinal":412, in between. An event goes on ..."event_msg","payload":{"type":"... .
_HEAD = b'{"timestamp":"'
_ITEM = b'","type":"resp'
_ORDINAL = b'","ordinal":'
_ORDINAL_ITEM = b',"type":"resp'
_EVENT = b'"type":"event_msg","payload":{"type":"'
_TOKEN_COUNT = b'token_count"'
_ITEM_COMPLETED = b"item_compl"
_USER_MESSAGE = b"UserMessage"
_RECORD = b'"type":"token_usage_record","payload":'
EVENTS = frozenset(
    (
        "token_count",
        "user_message",
        "item_completed",
        "task_started",
        "turn_started",
        "thread_settings_applied",
        "entered_review_mode",
        "exited_review_mode",
    )
)
_EVENTS_READ = frozenset(name[:10].encode() for name in EVENTS)


def lines_that_matter(block: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and stop of each line that matters in the whole lines of `block[start:end]`."""
    find = block.find
    while start < end:
        stop = find(b"\n", start, end)
        if stop < 0:
            stop = end
        begin, start = start, stop + 1
        if block[begin : begin + 14] == _HEAD:
            mark, kind = block[begin + 38 : begin + 52], begin + 40
            if mark == _ITEM:
                continue
            if mark[:12] == _ORDINAL:
                kind = find(b",", begin + 50, begin + 64) + 1
                if block[kind - 1 : kind + 12] == _ORDINAL_ITEM:
                    continue
            if block[kind : kind + 38] == _EVENT:
                name = block[kind + 38 : kind + 48]
                if block[kind + 38 : kind + 50] == _TOKEN_COUNT:
                    yield COUNT_LINE, begin, stop
                elif kind + 48 > stop or (
                    name in _EVENTS_READ and (name != _ITEM_COMPLETED or find(_USER_MESSAGE, begin, stop) >= 0)
                ):
                    yield OTHER_LINE, begin, stop
                continue
            if block[kind : kind + 38] == _RECORD:
                yield RECORD_LINE, begin, stop
                continue
        yield OTHER_LINE, begin, stop
