"""What a usage object says, in the ledger's terms (2.2, A5)."""

from __future__ import annotations

from typing import NamedTuple

from tokendial.providers.claude.lines import Amounts, Usage

MESSAGE = "message"
_STANDARD = frozenset(("standard", "default", "auto", ""))
_FAST, _US, _US_TIER = "fast", "us", "us_region"
_MILLION, _USUAL_WINDOW = 1_000_000, 200_000
# Models that have 200,000 tokens without the million-token beta; newer ones may have more (section 6).
_USUAL = (
    "claude-3", "claude-sonnet-4-2", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-1", "claude-opus-4-2",
    "claude-opus-4-5",
)  # fmt: skip


class Parts(NamedTuple):
    """The five parts of a TokenCounts, and the reasoning inside the output."""

    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    reasoning: int

    @property
    def prompt(self) -> int:
        """What the model was given to read."""
        return self.input + self.cache_read + self.cache_write + self.cache_write_1h


class Prompts(NamedTuple):
    """How much context the inferences of a response had: the last one, and the largest one."""

    last: int
    largest: int


def parts_of(amounts: Amounts) -> Parts:
    """The parts; cache writes whose length is not said are the short ones."""
    written, hour = amounts.cache_creation_input_tokens, 0
    kinds = amounts.cache_creation
    if kinds is not None:
        short, hour = kinds.ephemeral_5m_input_tokens or 0, kinds.ephemeral_1h_input_tokens or 0
        written = written or short + hour
        hour = min(hour, written)
    output, details = amounts.output_tokens or 0, amounts.output_tokens_details
    thinking = details.thinking_tokens or 0 if details is not None else 0
    return Parts(
        amounts.input_tokens or 0,
        amounts.cache_read_input_tokens or 0,
        (written or 0) - hour,
        hour,
        output,
        min(thinking, output),
    )


def says_anything(amounts: Amounts) -> bool:
    """Whether any of the four counts is there (A4). One that counts zero everywhere is a request all the same."""
    return (
        amounts.input_tokens is not None
        or amounts.output_tokens is not None
        or amounts.cache_read_input_tokens is not None
        or amounts.cache_creation_input_tokens is not None
    )


def prompts_of(usage: Usage, parts: Parts) -> Prompts:
    """Of several inferences each has a context of its own; the top level only has their sum (2.2, A-16)."""
    if usage.iterations is not None and len(usage.iterations) > 1:
        inner = [parts_of(one).prompt for one in usage.iterations if one.type in (MESSAGE, None)]
        if any(inner):
            return Prompts(inner[-1], max(inner))
    return Prompts(parts.prompt, parts.prompt)


def tier_of(usage: Usage, *, same_model: bool = True) -> str | None:
    """What the request is charged by beside the model; None is the standard price (section 6)."""
    if same_model and usage.speed == _FAST:
        return _FAST
    if usage.service_tier is not None and usage.service_tier not in _STANDARD:
        return usage.service_tier
    return _US_TIER if usage.inference_geo == _US else None


def window_of(model: str, prompt: int) -> int:
    """The size of the context window where it is certain, else 0: no line states it."""
    if prompt > _USUAL_WINDOW or model.endswith("[1m]"):
        return _MILLION
    return _USUAL_WINDOW if model.startswith(_USUAL) else 0
