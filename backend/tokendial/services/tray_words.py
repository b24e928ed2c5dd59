"""What the tray says: its icon's fill, its tooltip, a line per provider. Pure: no tray, no clock, no ledger."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from tokendial.services.contract.common import Usage
from tokendial.services.contract.dashboard import Limit, LimitWindow
from tokendial.services.contract.settings import Settings

MINUTE_MS = 60_000
TITLE = "Tokendial"
NOTHING_KNOWN = "No limits are known yet"
_ELLIPSIS = "…"

Level = Literal["plain", "ok", "warn", "bad"]


class TrayLine(msgspec.Struct, frozen=True):
    """A provider's line in the menu; `page` is what it opens."""

    provider: str
    page: str
    text: str


class TrayFace(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be seen of the tray. `percent` is the worst known window's, None where nothing is known (W-24)."""

    percent: float | None = None
    level: Level = "plain"
    tooltip: str = TITLE
    lines: tuple[TrayLine, ...] = ()


def face(
    limits: Sequence[Limit],
    today: Usage,
    providers: Sequence[tuple[str, str]],
    settings: Settings,
    now_ms: int,
) -> TrayFace:
    """The face for what is known now. `providers` are (id, name) of those that are on, in their order."""
    mine = {provider: [limit for limit in limits if limit.provider == provider] for provider, _ in providers}
    worst = max((p for found in mine.values() for limit in found for p in _percents(limit)), default=None)
    words = {provider: _provider_words(mine[provider], settings, now_ms) for provider, _ in providers}
    told = [f"{name} {words[provider]}" for provider, name in providers if mine[provider]]
    money = [] if settings.privacy else [_cost_words(today, settings)]
    return TrayFace(
        percent=worst,
        level=_level(worst, settings),
        tooltip="\n".join([*(told or [NOTHING_KNOWN]), *money]),
        lines=tuple(
            TrayLine(provider, f"provider/{provider}", f"{name}: {words[provider]}") for provider, name in providers
        ),
    )


def shortened(tooltip: str, most: int) -> str:
    """A tooltip in at most so many UTF-16 units (Windows takes 127); what is cut ends with an ellipsis."""
    if _units(tooltip) <= most:
        return tooltip
    kept = tooltip
    while kept and _units(kept) + 1 > most:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def duration(ms: int) -> str:
    """A length of time in its two largest units, rounded down: `2 h 10 min`, `3 d 4 h`, `less than a minute`."""
    minutes = max(0, ms) // MINUTE_MS
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest else "less than a minute"


def percent_text(percent: float) -> str:
    """A percentage as the page writes it: no decimals above 10, and never 0 or 100 for what is not."""
    if percent >= 10 or percent == round(percent):
        return f"{min(99, round(percent)) if percent < 100 else round(percent)} %"
    return "less than 0.1 %" if percent < 0.05 else f"{percent:.1f} %"


def _percents(limit: Limit) -> list[float]:
    return [window.used_percent for window in limit.windows if window.used_percent is not None]


def _level(worst: float | None, settings: Settings) -> Level:
    if worst is None:
        return "plain"
    if worst >= settings.limit_bad_percent:
        return "bad"
    return "warn" if worst >= settings.limit_warn_percent else "ok"


def _provider_words(limits: Sequence[Limit], settings: Settings, now_ms: int) -> str:
    """The windows of every limit of a provider. A limit is named only where there are several."""
    parts = []
    for limit in limits:
        name = "" if len(limits) == 1 or settings.privacy else f"{limit.limit_name or limit.limit_id} "
        parts += [f"{name}{_window_words(window, now_ms)}" for window in limit.windows]
    return "; ".join(parts) or "limits unknown"


def _window_words(window: LimitWindow, now_ms: int) -> str:
    if (window.resets_at_ms is not None and window.resets_at_ms <= now_ms) or window.state == "reset":
        return f"{window.label} unknown since its reset"
    if window.used_percent is None:
        return f"{window.label} unknown"
    words = f"{window.label} {percent_text(window.used_percent)}"
    if window.resets_at_ms is not None:
        words += f", resets in {duration(window.resets_at_ms - now_ms)}"
    if window.state == "stale" and window.observed_at_ms is not None:
        words += f" (stale, read {duration(now_ms - window.observed_at_ms)} ago)"
    return words


def _cost_words(today: Usage, settings: Settings) -> str:
    if today.cost.usd is None:
        return "Today: unpriced"
    more = " and unpriced models" if today.cost.unpriced_models else ""
    return f"Today {money(today.cost.usd, settings)}{more}"


def money(usd: str, settings: Settings) -> str:
    """Exact dollars in the chosen currency: cents, four digits below one, "<$0.0001" below that."""
    amount = Decimal(usd) * Decimal(settings.currency_rate)
    sign = settings.currency_sign + ("\u00a0" if settings.currency_sign[-1].isalpha() else "")
    if 0 < amount < Decimal("0.00005"):
        return f"<{sign}0.0001"
    digits = Decimal("0.01") if amount >= 1 or amount == 0 else Decimal("0.0001")
    return f"{sign}{amount.quantize(digits, ROUND_HALF_UP):,}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
