"""What the price catalogue lacks: names it does not know, models without a price of their own, and factors of tiers.

Sources: peers 5.1 (aliases), 5.4.5 (factors), 5.4.7 (routed models). Raise TABLE_VERSION with every change, so that
what was resolved before is resolved again.
"""

from __future__ import annotations

import re
from datetime import date

from tokendial.domain.pricing import LongContext, Rates

TABLE_VERSION = 1

DATE = re.compile(r"[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2})$")
"""The date of an edition behind a model's name."""

ALIASES: dict[str, str] = {
    "daybreak-blue-latest": "gpt-5.6-sol",
    "gpt-daybreak-blue-latest": "gpt-5.6-sol",
    "daybreak-red-latest": "gpt-5.6-cyber",
    "gpt-daybreak-red-latest": "gpt-5.6-cyber",
}
"""Other names of a model, at its very price."""

STAND_INS: dict[str, tuple[tuple[date | None, str], ...]] = {
    "gpt-5.3-codex-spark": ((None, "gpt-5.3-codex"),),
    "gpt-5.3-spark": ((None, "gpt-5.3-codex"),),
    "codex-auto-review": (
        (None, "gpt-5"),
        (date(2025, 9, 15), "gpt-5-codex"),
        (date(2025, 11, 13), "gpt-5.1-codex"),
        (date(2025, 12, 11), "gpt-5.2-codex"),
        (date(2026, 2, 5), "gpt-5.3-codex"),
        (date(2026, 3, 5), "gpt-5.4"),
        (date(2026, 4, 23), "gpt-5.5"),
        (date(2026, 7, 9), "gpt-5.6"),
        (date(2026, 9, 3), "gpt-6-astra"),
        (date(2026, 9, 22), "gpt-6-sol"),
        (date(2026, 9, 29), "gpt-6.1-sol"),
    ),
}
"""Models without a published price and the one that stands in for them from a UTC day on: always an estimate."""

_US_REGION = {"us_region": 1_100_000}
_FAST_6 = {"fast": 6_000_000}
_ULTRAFAST_6 = {"ultrafast": 6_000_000}
_SERVICE = {"priority": 1_800_000, "flex": 500_000, "batch": 500_000}

FACTORS: dict[str, dict[str, int]] = {
    "gpt-6-astra": _ULTRAFAST_6,
    "gpt-6.1-sol": _ULTRAFAST_6,
    "claude-opus-4-6": _FAST_6 | _US_REGION,
    "claude-opus-4-7": _FAST_6 | _US_REGION,
    "claude-opus-4-8": _US_REGION,
    "claude-opus-5": _US_REGION,
    "claude-opus-5-5": _US_REGION,
    "claude-sonnet-4-6": _US_REGION,
    "claude-sonnet-5": _US_REGION,
    "claude-sonnet-5-5": _US_REGION,
    "claude-haiku-5-5": _US_REGION,
    "claude-fable-5": _US_REGION,
    "claude-fable-5-1": _US_REGION,
    "gemini-2.5-pro": _SERVICE,
    "gemini-2.5-flash": _SERVICE,
    "gemini-2.5-flash-lite": _SERVICE,
    "gemini-3-flash-preview": _SERVICE,
    "gemini-3.1-pro-preview": _SERVICE,
    "gemini-3.1-flash-lite": _SERVICE,
    "gemini-3.5-flash": _SERVICE,
    "gemini-3.5-flash-lite": _SERVICE,
    "gemini-3.6-flash": _SERVICE,
    "gemini-3.7-flash": _SERVICE,
    "gemini-3.8-flash": _SERVICE,
    "gemini-4-argon": _SERVICE,
}
"""Factors in millionths by the catalogue's own id of a model; the catalogue's factors win over these."""

LONG_CONTEXT: dict[str, LongContext] = {
    "gpt-5.6-cyber": LongContext(
        272_000, Rates(input=25_000_000, cache_read=2_500_000, cache_write=31_250_000, output=112_500_000)
    ),
}
"""Long-context rates by the catalogue's own id of a model; the catalogue's win over these (peers 5, cross-check)."""
