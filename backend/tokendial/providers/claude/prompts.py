"""Which lines of a user are a person's prompt: not results of tools, not what the program writes in the user's name."""

from __future__ import annotations

import msgspec

from tokendial.providers.claude.lines import NULL, Block, Line

_decode_blocks = msgspec.json.Decoder(list[Block]).decode
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


def is_prompt(line: Line) -> bool:
    """Whether a `user` line holds what a person asked."""
    if line.is_meta or line.is_sidechain or line.is_compact_summary or line.agent_id is not None:
        return False
    if line.message is None or bytes(line.tool_use_result) != bytes(NULL):
        return False
    if line.origin is not None and line.origin.kind not in (None, _HUMAN):
        return False
    text = _text_of(bytes(line.message.content).lstrip())
    return text is not None and not text.startswith(_NOT_TYPED)


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
