"""Lines that cannot be read at once, and are no damaged text either: side fields of another type are left out.

Odd versions, nulls and numbers in side fields never cost a response (A4). The counts stay as they are.
"""

from __future__ import annotations

from json import JSONDecoder

import msgspec

from tokendial.providers.claude.lines import Line

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.encode
_decode_first = JSONDecoder(strict=False).raw_decode
_TEXTS = frozenset(
    (
        "type", "subtype", "timestamp", "sessionId", "uuid", "requestId", "agentId", "cwd", "gitBranch", "version",
        "entrypoint", "effort", "attributionAgent", "advisorModel", "customTitle", "aiTitle", "summary", "leafUuid",
    )
)  # fmt: skip
_SWITCHES = frozenset(("isSidechain", "isMeta", "isCompactSummary"))
_USAGE_TEXTS = frozenset(("service_tier", "speed", "inference_geo"))
# The objects inside a usage; what is named in them is for information, and left out where it is no number.
_PARTS = {
    "cache_creation": (),
    "output_tokens_details": ("thinking_tokens",),
    "server_tool_use": ("web_search_requests",),
}

Json = dict[str, object]


def without_misfits(line: bytes) -> Line:
    """The line without the side fields that do not fit.

    Raises ValidationError for counts that cannot be, DecodeError for what is no JSON.
    """
    decoded = _decode(line)
    if not isinstance(decoded, dict):
        return Line()  # a value that is no record says nothing
    _mend_line(decoded)
    return msgspec.convert(decoded, Line)


def glued(line: bytes) -> list[bytes]:
    """The records of a line that holds several: the newline was missing when the next one was written (A-12).

    The last may be torn. Empty where the line does not begin with a whole record that another follows.
    """
    pieces: list[bytes] = []
    text, start = line.decode("utf-8", "surrogateescape"), 0
    while start < len(text):
        try:
            stop = _decode_first(text, start)[1]
        except (ValueError, RecursionError):
            stop = len(text)
        if not text.startswith("{", start) or (stop == len(text) and not pieces):
            return []
        pieces.append(text[start:stop].encode("utf-8", "surrogateescape"))
        start = stop
    return pieces


def _mend_line(line: Json) -> None:
    _drop(line, _TEXTS, str)
    _drop(line, _SWITCHES, bool)
    content = line.pop("toolUseResult", None)
    if content is not None:
        line["toolUseResult"] = msgspec.Raw(b"true")
    for name, text in (("forkedFrom", "sessionId"), ("origin", "kind")):
        held = _object(line, name)
        if held is not None:
            _drop(held, frozenset((text,)), str)
    _mend_message(line)
    data = _object(line, "data")
    if data is not None:
        _drop(data, _TEXTS, str)
        mirrored = _object(data, "message")
        if mirrored is not None:
            _drop(mirrored, _TEXTS, str)
            _mend_message(mirrored)


def _mend_message(line: Json) -> None:
    message = _object(line, "message")
    if message is None:
        return
    _drop(message, frozenset(("id", "model", "stop_reason")), str)
    if "content" in message:
        message["content"] = msgspec.Raw(_encode(message["content"]))
    usage = _object(message, "usage")
    if usage is None:
        return
    _drop(usage, _USAGE_TEXTS, str)
    _mend_amounts(usage)
    iterations = usage.get("iterations")
    if not isinstance(iterations, list):
        usage.pop("iterations", None)
        return
    kept = [one for one in iterations if isinstance(one, dict)]
    for one in kept:
        _drop(one, frozenset(("type", "model")), str)
        _mend_amounts(one)
    usage["iterations"] = kept


def _mend_amounts(amounts: Json) -> None:
    for name, informal in _PARTS.items():
        part = _object(amounts, name)
        if part is not None:
            _drop(part, frozenset(informal), int)


def _object(holder: Json, name: str) -> Json | None:
    """The object of this name; anything else of this name is left out."""
    held = holder.get(name)
    if isinstance(held, dict):
        return held
    holder.pop(name, None)
    return None


def _drop(holder: Json, names: frozenset[str], kind: type) -> None:
    for name in names & holder.keys():
        if not isinstance(holder[name], kind):
            del holder[name]
