"""How long details of responses are kept: the choice, the day it means, and what every scan does about it."""

from __future__ import annotations

import time
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from tokendial.domain.zones import day_start_ms, local_day
from tokendial.errors import BadRequest
from tokendial.services.contract.storage import Retention, RetentionPreview
from tokendial.store import changes, past, settings, usage
from tokendial.store.database import Connection, Database

CHOICES = (3, 6, 12, 24)
_MONTHS, _DONE = "retention_months", "retention_done_ms"


def kept(connection: Connection) -> Retention:
    """The choice that holds, and since when details are there."""
    return Retention(months_of(connection), past.removed_before(connection))


def months_of(connection: Connection) -> int | None:
    """For how many months details are kept; None: for ever."""
    text = settings.read(connection, _MONTHS)
    months = int(text) if text and text.isdigit() else None
    return months if months in CHOICES else None


def check(months: int | None) -> None:
    """Raise BadRequest for a choice that is not offered."""
    if months is not None and months not in CHOICES:
        raise BadRequest("Details can be kept for 3, 6, 12 or 24 months, or for ever.", field="months")


def before_ms(months: int, now_ms: int, zone: ZoneInfo) -> int:
    """The begin of the first day whose details are kept."""
    today = local_day(now_ms, zone)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return day_start_ms(date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])), zone)


def preview(connection: Connection, months: int | None, now_ms: int, zone: ZoneInfo) -> RetentionPreview:
    """What a choice would remove, at most: what two homes hold keeps its details."""
    if months is None:
        return RetentionPreview(None, 0, usage.event_count(connection))
    before = before_ms(months, now_ms, zone)
    counted = sum(row.events for row in usage.sums(connection, None, before))
    responses = counted - past.removed_within(connection, None, before).responses
    return RetentionPreview(before, responses, usage.event_count(connection))


def apply(
    connection: Connection, months: int | None, now_ms: int, zone: ZoneInfo, progress: Callable[[float], None]
) -> int:
    """Choose, and remove what is older, within a transaction; returns how many counted responses lost their details."""
    settings.put(connection, _MONTHS, "" if months is None else str(months))
    return 0 if months is None else _remove(connection, before_ms(months, now_ms, zone), progress)


def last_change(database: Database) -> int:
    """Where the changes of a scan begin, for `after_scan`."""
    with database.reading() as connection:
        return changes.since(connection, 0)[0]


def after_scan(database: Database, seen: int, zone: Callable[[], ZoneInfo]) -> None:
    """Remove what has become too old, once a day and when a scan found something of that time.

    `zone` gives the zone of the days, and is only asked where anything is ever removed. Raises LedgerError.
    """
    with database.reading() as connection:
        months = months_of(connection)
        if months is None:
            return
        before = before_ms(months, int(time.time() * 1000), zone())
        _, lowest = changes.since(connection, seen)
        done = int(settings.read(connection, _DONE) or 0)
    if done < before or (lowest is not None and lowest < before):
        with database.writing() as connection:
            _remove(connection, before, lambda _share: None)


def _remove(connection: Connection, before: int, progress: Callable[[float], None]) -> int:
    removed = past.remove(connection, before, progress)
    settings.put(connection, _DONE, str(before))
    return removed
