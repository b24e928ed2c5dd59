"""Gemini CLI."""

from __future__ import annotations

from tokendial.providers.base import Descriptor, Provider
from tokendial.providers.gemini import sample
from tokendial.providers.gemini.files import GeminiLogs

GEMINI = Provider(
    descriptor=Descriptor(
        id="gemini",
        name="Gemini",
        color="#3d6fd9",
        color_dark="#7ba3f5",
        price_vendors=("google",),
        docs_url="https://geminicli.com/docs",
        reads="The conversations of Gemini CLI.",
    ),
    logs=GeminiLogs(),
    write_sample=sample.write,
)
