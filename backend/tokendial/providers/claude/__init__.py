"""Claude Code, its IDE extensions and the agents of the Claude desktop app."""

from __future__ import annotations

from tokendial.providers.base import Descriptor, Provider
from tokendial.providers.claude import sample
from tokendial.providers.claude.files import ClaudeLogs

CLAUDE = Provider(
    descriptor=Descriptor(
        id="claude",
        name="Claude Code",
        color="#c25b36",
        color_dark="#e58a63",
        price_vendors=("anthropic",),
        docs_url="https://code.claude.com/docs",
        reads="The transcripts of Claude Code, its IDE extensions and the desktop app's agents.",
    ),
    logs=ClaudeLogs(),
    write_sample=sample.write,
)
