"""Claude Code, its IDE extensions and the agents of the Claude desktop app."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tokendial.providers.base import Descriptor, Provider
from tokendial.providers.claude import sample
from tokendial.providers.claude.files import ClaudeLogs
from tokendial.providers.claude.statusline import ClaudeStatusLine

if TYPE_CHECKING:
    from tokendial.providers.live import LiveSource


_LOGS = ClaudeLogs()


@cache
def _live_sources() -> tuple[LiveSource, ...]:
    from tokendial.providers.claude.live import ClaudeLive  # noqa: PLC0415 - only who asks loads it

    return (ClaudeLive(),)


CLAUDE = Provider(
    descriptor=Descriptor(
        id="claude",
        name="Claude Code",
        color="#c25b36",
        color_dark="#e58a63",
        price_vendors=("anthropic",),
        docs_url="https://code.claude.com/docs",
        reads="The transcripts of Claude Code, its IDE extensions and the desktop app's agents.",
        limits="From the status line, once it is set up below. Until then a block of five hours is estimated.",
        no_limits="The logs carry no limits. Set up the status line under Settings, Providers, and they show here; "
        "until then a block of five hours is estimated while there are responses.",
        block_minutes=300,
    ),
    logs=_LOGS,
    live_sources=_live_sources,
    status_line=ClaudeStatusLine(),
    write_sample=sample.write,
    quick_parser=_LOGS.stateless_parser,
)
