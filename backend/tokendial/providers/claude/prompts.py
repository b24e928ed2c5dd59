"""Which lines of a user are a person's prompt: not results of tools, not what the program writes in the user's name."""

from __future__ import annotations

import msgspec

from tokendial.providers.claude.lines import NULL, Block, Line

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


def prompt_of(line: Line) -> str | None:
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
