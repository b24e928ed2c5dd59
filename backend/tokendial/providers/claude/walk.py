"""Which lines of a transcript matter.

Most bytes are results of tools. A line in the form that Claude Code itself writes shows what it is near its start, so a
few comparisons pass over it; a line in any other form (other key order, spaces) is handed on and decoded. So speed
depends on the usual form, the result does not.
"""

from __future__ import annotations

from collections.abc import Iterator

# {"parentUuid":…,"cwd":…,…,"type":"user","message":{"role":"user","content":[{"tool_use_id":…
_HEAD = 2000
_MESSAGE = b'"message":{"'
_USER = b',"type":"user",'
_RESULT = b'role":"user","content":[{"t'
_RESULT_KINDS = (b'ool_use_id":', b'ype":"tool_r')
# A line of a response may stand behind it, where the newline between them was lost.
_ANSWER = b'"type":"assistant"'
_BRACE = b"{"
_BEGIN = b'{"'
_END = b"}"

# {"type":"queue-operation",…
_TYPE = b'{"type":"'
_IDLE = frozenset(
    (
        b"file-history-snapshot", b"file-history-delta", b"mode", b"permission-mode",
        b"last-prompt", b"agent-name", b"pr-link", b"frame-link", b"bridge-session", b"attachment", b"started",
        b"result", b"fork-context-ref",
    )
)  # fmt: skip

# What a line must contain to say anything: usage of a response, a prompt, a title, a compaction.
_WORDS = (b'"usage"', b'"user"', b'"compact_boundary"', b'Title"', b'"summary"')


def lines_that_matter(block: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and stop of each line to decode in the whole lines of `block[start:end]`."""
    find = block.find
    while start < end:
        stop = find(b"\n", start, end)
        if stop < 0:
            stop = end
        begin, start = start, stop + 1
        if block[stop - 1 : stop] == _END and block[begin : begin + 2] == _BEGIN:
            if block[begin : begin + 9] == _TYPE:
                if block[begin + 9 : find(b'"', begin + 9, begin + 40)] in _IDLE and find(_ANSWER, begin, stop) < 0:
                    continue
            else:
                place = find(_MESSAGE, begin, min(begin + _HEAD, stop))
                # Only the line's own brace before it: the message is the line's, not one inside another object.
                if place >= 0 and block.count(_BRACE, begin, place) == 1:
                    if (
                        block[place - 15 : place] == _USER
                        and block[place + 12 : place + 39] == _RESULT
                        and block[place + 39 : place + 51] in _RESULT_KINDS
                        and find(_ANSWER, place, stop) < 0
                    ):
                        continue
                elif not any(find(word, begin, stop) >= 0 for word in _WORDS):
                    continue
        if stop > begin:
            yield begin, stop
