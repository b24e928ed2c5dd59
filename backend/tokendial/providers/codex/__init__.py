"""Codex CLI, its IDE extensions and its desktop app."""

from __future__ import annotations

from tokendial.providers.base import Descriptor, Provider
from tokendial.providers.codex import sample
from tokendial.providers.codex.files import CodexLogs

CODEX = Provider(
    descriptor=Descriptor(
        id="codex",
        name="Codex",
        color="#0e8f7e",
        color_dark="#34c3ae",
        price_vendors=("openai",),
        docs_url="https://developers.openai.com/codex",
        reads="The session logs of Codex CLI, its desktop app and its IDE extension.",
    ),
    logs=CodexLogs(),
    write_sample=sample.write,
)
