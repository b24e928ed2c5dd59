"""The status line of an agent: what it told is handed on to the ledger, and one short line is made of it.

Nothing here opens the ledger to write, scans, or waits: an agent shows nothing until the line is there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from msgspec import MsgspecError

from tokendial.domain.labels import WEEKDAYS
from tokendial.domain.records import ReadingRecord
from tokendial.domain.statusline import DEFAULT_FORMAT, PLACES, check_format, render
from tokendial.domain.zones import local_day, local_time, zone_named
from tokendial.errors import BadRequest, LedgerError
from tokendial.providers import PROVIDERS
from tokendial.providers.base import StatusReport
from tokendial.services.contract.providers import StatusLinePreview
from tokendial.services.contract.settings import Settings
from tokendial.services.settings_kept import KEY, salvage
from tokendial.services.spool import Spooled, write
from tokendial.services.today import Spent, spent_today
from tokendial.services.zone import system_zone
from tokendial.store import settings as stored
from tokendial.store.peek import peek

_FIVE_HOURS, _WEEK = 300, 10_080
_AMOUNTS = ("cost_today", "cost_session")
_SAMPLE = {
    "model": "Opus 4.8",
    "context": "38%",
    "cost_today": "12.4",
    "cost_session": "1.87",
    "five_hour": "42%",
    "weekly": "17%",
    "five_hour_reset": "16:40",
    "weekly_reset": "Thu 09:00",
}


def line(payload: bytes, data_dir: Path, ledger: Path, now_ms: int) -> str:
    """Take what an agent said and answer with its line. Never raises for what was said, nor for a ledger that is busy.

    What cannot be read gives the line that can be made without it.
    """
    provider_id, report = _understood(payload, now_ms)
    if report is not None and report.readings:
        with suppress(OSError, UnicodeError):  # a full disk, or a name that is no text, costs only the reading
            home = os.path.realpath(report.home)
            write(data_dir, Spooled(provider_id, home, now_ms, report.readings))
    settings, spent = _known(ledger, now_ms)
    return render(settings.status_line_format, values(report, spent, settings, now_ms))


def _understood(payload: bytes, now_ms: int) -> tuple[str, StatusReport | None]:
    for provider in PROVIDERS:
        if provider.status_line is not None:
            report = provider.status_line.report(payload, now_ms, os.environ, Path.home())
            if report is not None:
                return provider.descriptor.id, report
    return "", None


def _known(ledger: Path, now_ms: int) -> tuple[Settings, Spent | None]:
    """The settings and today's cost; the defaults and nothing where the ledger is not there or cannot be read now."""
    settings = Settings()
    try:
        with peek(ledger) as connection:
            settings = salvage(stored.read(connection, KEY))
            if settings.privacy or "{cost_today}" not in settings.status_line_format:
                return settings, None
            zone = zone_named(settings.timezone) if settings.timezone else system_zone()
            return settings, spent_today(connection, settings, zone, now_ms)
    except (LedgerError, MsgspecError):
        return settings, None


def values(
    report: StatusReport | None, spent: Spent | None, settings: Settings, now_ms: int
) -> Mapping[str, str | None]:
    """What each place of a format says; None where it is not known. Privacy mode knows no money."""
    readings = report.readings if report is not None else []
    session = Decimal(report.cost) if report is not None and report.cost is not None and not settings.privacy else None
    return {
        "model": report.model if report is not None else None,
        "context": _percent(report.context_percent) if report is not None else None,
        "cost_today": None if spent is None else money(spent.dollars, settings) + ("" if spent.complete else "+"),
        "cost_session": None if session is None else money(session, settings),
        "five_hour": _used(readings, _FIVE_HOURS),
        "weekly": _used(readings, _WEEK),
        "five_hour_reset": _reset(readings, _FIVE_HOURS, settings, now_ms),
        "weekly_reset": _reset(readings, _WEEK, settings, now_ms),
    }


def preview(text: str, settings: Settings) -> StatusLinePreview:
    """What a format looks like, with invented figures in the chosen currency."""
    try:
        check_format(text)
    except BadRequest as error:
        return StatusLinePreview("", error.message, DEFAULT_FORMAT, PLACES)
    shown = {name: money(Decimal(value), settings) if name in _AMOUNTS else value for name, value in _SAMPLE.items()}
    if settings.privacy:
        shown = {name: value for name, value in shown.items() if name not in _AMOUNTS}
    return StatusLinePreview(render(text, shown), None, DEFAULT_FORMAT, PLACES)


def money(dollars: Decimal, settings: Settings) -> str:
    """An amount as the page shows it: in the chosen currency, with cents, and four digits below one."""
    amount = dollars * Decimal(settings.currency_rate)
    digits = Decimal("0.01") if amount >= 1 or amount == 0 else Decimal("0.0001")
    sign = settings.currency_sign
    gap = "\u00a0" if sign[-1:].isalpha() else ""
    return f"{sign}{gap}{amount.quantize(digits, ROUND_HALF_UP):,f}"


def _percent(value: float | None) -> str | None:
    """Without decimals above 10, and never rounded up to the whole."""
    if value is None:
        return None
    if 99 < value < 100:
        return "99%"
    return f"{value:.0f}%" if value >= 10 or value == round(value) else f"{value:.1f}%"


def _window(readings: Sequence[ReadingRecord], minutes: int) -> ReadingRecord | None:
    """The window of all models with this length."""
    return next((one for one in readings if one.window_minutes == minutes and one.limit_name is None), None)


def _used(readings: Sequence[ReadingRecord], minutes: int) -> str | None:
    window = _window(readings, minutes)
    return None if window is None else _percent(window.used_percent)


def _reset(readings: Sequence[ReadingRecord], minutes: int, settings: Settings, now_ms: int) -> str | None:
    """`16:40`, or `Mon 16:40` on another day."""
    window = _window(readings, minutes)
    if window is None or window.resets_at_ms is None:
        return None
    zone = zone_named(settings.timezone) if settings.timezone else system_zone()
    at = local_time(window.resets_at_ms, zone)
    return f"{at:%H:%M}" if at.date() == local_day(now_ms, zone) else f"{WEEKDAYS[at.weekday()]} {at:%H:%M}"
