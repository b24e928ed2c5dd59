"""Which lines of a user are a person's prompt: not results of tools, not what the program writes in the user's name."""

from __future__ import annotations

import re

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.providers.base import PromptText
from tokendial.providers.claude.lines import NULL, Block, Line
from tokendial.providers.claude.mend import without_misfits
from tokendial.providers.mending import mend
from tokendial.providers.texts import file_name, string_of

_decode_line = msgspec.json.Decoder(Line).decode
_decode_blocks = msgspec.json.Decoder(list[Block]).decode
_decode_text = msgspec.json.Decoder(str).decode
_HUMAN = "human"
# Beginnings of texts that the program writes, as they stand in the JSON. `<command-name>` comes first where a command
# only acts (/clear, /model); a command that asks the model something begins with `<command-message>`.
_NOT_TYPED = tuple(
    b'"' + text
    for text in (
        b"<local-command-", b"<bash-stdout>", b"<bash-stderr>", b"<task-notification>", b"<system-reminder>",
        b"<command-name>", b"<user-memory-input>", b"<teammate-message", b"[Request interrupted", b"Caveat: ",
    )
)  # fmt: skip


def first_text(line: Line) -> str | None:
    """The first text of what a person asked in a `user` line; None where nobody asked anything."""
    if line.is_meta or line.is_sidechain or line.is_compact_summary or line.agent_id is not None:
        return None
    if line.message is None or bytes(line.tool_use_result) != bytes(NULL):
        return None
    if line.origin is not None and line.origin.kind not in (None, _HUMAN):
        return None
    text = _text_of(bytes(line.message.content).lstrip())
    return None if text is None or text.startswith(_NOT_TYPED) else _read(text)


def _read(text: bytes) -> str:
    """A string as it stands in the JSON, read; empty for anything else."""
    try:
        return _decode_text(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _text_of(content: bytes) -> bytes | None:
    """The first text of a message as it stands in the JSON; None where there is nothing, or the result of a tool."""
    if content[:1] == b'"':
        return content if len(content) > 2 else None
    try:
        blocks = _decode_blocks(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not blocks or any(block.tool_use_id is not None or block.type == "tool_result" for block in blocks):
        return None
    return next((bytes(block.text) for block in blocks if block.type == "text"), b"")


# A command of the program as its user typed it: its name and what stood behind it. Then text that is not typed follows.
_COMMAND = re.compile(
    r"\s*<command-message>.{0,1000}?</command-message>\s*<command-name>(?P<name>.{0,1000}?)</command-name>\s*"
    r"(?:<command-args>(?P<args>.*?)</command-args>)?",
    re.DOTALL,
)
_REMINDER = "<system-reminder>"


def prompt_of(record: bytes, time_ms: int) -> PromptText | None:
    """What was asked in a line, if it is a prompt of this time."""
    line = _line(record)
    if line is None or line.type != "user" or parse_utc_ms(line.timestamp or "") != time_ms or first_text(line) is None:
        return None
    content = b"" if line.message is None else bytes(line.message.content).lstrip()
    if content[:1] == b'"':
        return PromptText(_typed(string_of(content) or ""))
    texts: list[str] = []
    attached: list[str] = []
    for block in _decode_blocks(content):
        if block.type == "text":
            text = string_of(bytes(block.text)) or ""
            texts += [] if text.startswith(_REMINDER) else [_typed(text)]
        else:
            attached.append(file_name(string_of(bytes(block.title)), block.type or "attachment"))
    return PromptText("\n".join(text for text in texts if text), tuple(attached))


def _line(record: bytes) -> Line | None:
    try:
        return _decode_line(record)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError, RecursionError):
        pass
    try:
        return without_misfits(mend(record).strip())
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError, RecursionError):
        return None


def _typed(text: str) -> str:
    command = _COMMAND.match(text)
    if command is None:
        return text
    return f"{command['name']} {command['args'] or ''}".strip()
