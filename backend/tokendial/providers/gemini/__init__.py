"""Gemini CLI."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tokendial.providers.base import Descriptor, Provider
from tokendial.providers.gemini import sample
from tokendial.providers.gemini.files import GeminiLogs

if TYPE_CHECKING:
    from tokendial.providers.live import LiveSource


@cache
def _live_sources() -> tuple[LiveSource, ...]:
    from tokendial.providers.gemini.antigravity import AntigravityLive  # noqa: PLC0415 - only who asks loads it
    from tokendial.providers.gemini.live import GeminiLive  # noqa: PLC0415 - only who asks loads it

    return (GeminiLive(), AntigravityLive())


GEMINI = Provider(
    descriptor=Descriptor(
        id="gemini",
        name="Gemini",
        color="#3d6fd9",
        color_dark="#7ba3f5",
        price_vendors=("google",),
        docs_url="https://geminicli.com/docs",
        reads="The conversations of Gemini CLI.",
        limits="Unknown: this agent writes no limits into its logs. Only a live source could tell them.",
        no_limits="This agent writes no limits into its logs, so how far they are used is unknown.",
    ),
    logs=GeminiLogs(),
    live_sources=_live_sources,
    write_sample=sample.write,
)
