"""One folder per coding agent, registered in one tuple."""

from __future__ import annotations

from tokendial.providers.base import Provider
from tokendial.providers.claude import CLAUDE
from tokendial.providers.codex import CODEX
from tokendial.providers.gemini import GEMINI

PROVIDERS: tuple[Provider, ...] = (CODEX, CLAUDE, GEMINI)


def provider(provider_id: str) -> Provider:
    """The provider with this id. Raises KeyError."""
    for candidate in PROVIDERS:
        if candidate.descriptor.id == provider_id:
            return candidate
    raise KeyError(provider_id)
