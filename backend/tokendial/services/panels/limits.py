"""Limits: what each window stands at, where it will stand at its reset, and how past windows went."""

from __future__ import annotations

from collections.abc import Sequence

from tokendial.domain import limits as rules
from tokendial.domain.forecast import forecast
from tokendial.domain.limits import Reading, Window
from tokendial.domain.money import pico_of, usd_string
from tokendial.domain.worth import change_percent, per_percent
from tokendial.providers import PROVIDERS
from tokendial.providers.base import Descriptor
from tokendial.services.contract.dashboard import Forecast, Limit, LimitWindow, PastWindow, WindowUsage
from tokendial.services.panels.blocks import blocks_of
from tokendial.services.view import View
from tokendial.store import readings, sessions
from tokendial.store.readings import ReadingRow

_REACH_MS = 70 * 86_400_000
_PAST_WINDOWS = 8


def limits(view: View) -> list[Limit]:
    """A limit per provider (in the order of the registry) and limit id, its windows by length, the shortest first."""
    known = [_limit(view, provider, limit_id, found) for (provider, limit_id), found in sorted(grouped(view).items())]
    for each in PROVIDERS:
        if each.descriptor.block_minutes is not None and each.descriptor.id in view.providers.values():
            known = _with_block(view, each.descriptor, each.descriptor.block_minutes, known)
    order = [each.descriptor.id for each in PROVIDERS]
    return sorted(known, key=lambda limit: (order.index(limit.provider), limit.limit_id))


def grouped(view: View) -> dict[tuple[str, str], list[ReadingRow]]:
    """The readings by provider and limit id; of a window that was not read for long only the last one."""
    rows = _readings(view)
    held = {(row.provider, row.limit_id, row.window_minutes) for row in rows}
    older = readings.latest(view.connection, view.home_ids)
    rows += [row for row in older if (row.provider, row.limit_id, row.window_minutes) not in held]
    groups: dict[tuple[str, str], list[ReadingRow]] = {}
    for row in rows:
        groups.setdefault((row.provider, row.limit_id), []).append(row)
    return groups


def _with_block(view: View, provider: Descriptor, minutes: int, known: list[Limit]) -> list[Limit]:
    """The limits with the block that runs, where no reading of a window of its length does."""
    own = [limit for limit in known if limit.provider == provider.id]
    if any(one.window_minutes == minutes and one.used_percent is not None for limit in own for one in limit.windows):
        return known
    found = blocks_of(view, provider.id, minutes)
    current = found[-1] if found and found[-1].start_ms <= view.now_ms < found[-1].end_ms else None
    if current is None:
        return known
    past = [window for window in found[::-1] if window.end_ms <= view.now_ms][:_PAST_WINDOWS]
    window = _estimate(view, provider.id, current, past)
    for limit in own:
        if limit.limit_id == provider.id:
            limit.windows = [window, *(other for other in limit.windows if other.window_minutes != minutes)]
            limit.windows.sort(key=lambda each: each.window_minutes)
            return known
    limit = Limit(
        provider=provider.id,
        provider_name=provider.name,
        limit_id=provider.id,
        limit_name=None,
        plan=None,
        credits=None,
        source="estimate",
        observed_at_ms=None,
        blocked_by=None,
        windows=[window],
    )
    return [*known, limit]


def _estimate(view: View, provider: str, block: Window, past: Sequence[Window]) -> LimitWindow:
    """A block as a window: when it ends is worked out, how much of a limit it is stays unknown."""
    inside = _inside(view, provider, [block])[0]
    return LimitWindow(
        window_minutes=block.minutes,
        label=rules.window_label(block.minutes),
        used_percent=None,
        resets_at_ms=block.end_ms,
        elapsed_percent=block.elapsed_percent(view.now_ms),
        observed_at_ms=None,
        state="estimate",
        forecast=None,
        inside=inside,
        history=[_past(inside, block, complete=False), *_history(view, provider, past)],
    )


def by_length(rows: Sequence[ReadingRow]) -> list[tuple[int, list[Reading]]]:
    """The readings of a limit by the length of their window, the shortest first."""
    found: dict[int, list[Reading]] = {}
    for row in rows:
        reading = Reading(row.time_ms, row.last_ms, row.used_percent, row.resets_at_ms)
        found.setdefault(rules.round_minutes(row.window_minutes), []).append(reading)
    return sorted(found.items())


def past_readings(view: View) -> list[ReadingRow]:
    """Those of days that are over, thinned out where they are many; remembered."""
    today, homes = view.today_ms, tuple(view.home_ids)
    return view.closed(
        ("readings", homes, today),
        today,
        lambda: readings.since(view.connection, today - _REACH_MS, today, today, homes),
    )


def _readings(view: View) -> list[ReadingRow]:
    today = readings.since(view.connection, view.today_ms, None, view.now_ms, view.home_ids)
    return [*past_readings(view), *today]


def _limit(view: View, provider: str, limit_id: str, rows: Sequence[ReadingRow]) -> Limit:
    latest = max(rows, key=lambda row: row.last_ms)
    running = []
    windows = []
    for minutes, series in by_length(rows):
        told = rules.windows(series, minutes)
        current = rules.running(told, view.now_ms)
        if current is not None:
            running.append(current)
        windows.append(_window(view, provider, minutes, series, told))
    return Limit(
        provider=provider,
        provider_name=next((p.descriptor.name for p in PROVIDERS if p.descriptor.id == provider), provider),
        limit_id=limit_id,
        limit_name=latest.limit_name,
        plan=latest.plan,
        credits=latest.credits,
        source=latest.source,
        observed_at_ms=latest.last_ms,
        blocked_by=rules.blocked_by(running),
        windows=windows,
    )


def _window(view: View, provider: str, minutes: int, series: Sequence[Reading], told: Sequence[Window]) -> LimitWindow:
    current, past = rules.running(told, view.now_ms), rules.past(told, view.now_ms, _PAST_WINDOWS)
    if current is None:
        last = max((reading.last_ms for reading in series), default=None)
        return LimitWindow(
            window_minutes=minutes,
            label=rules.window_label(minutes),
            used_percent=None,
            resets_at_ms=None,
            elapsed_percent=None,
            observed_at_ms=last,
            state="reset" if any(reading.resets_at_ms is not None for reading in series) else "unknown",
            forecast=None,
            inside=None,
            history=_history(view, provider, past),
        )
    ahead, inside = forecast(current, view.now_ms), _inside(view, provider, [current])[0]
    return LimitWindow(
        window_minutes=minutes,
        label=rules.window_label(minutes),
        used_percent=current.used_percent,
        resets_at_ms=current.end_ms,
        elapsed_percent=current.elapsed_percent(view.now_ms),
        observed_at_ms=current.observed_at_ms,
        state=rules.reading_state(current.observed_at_ms, current.end_ms, view.now_ms),
        forecast=None if ahead is None else Forecast(*ahead),
        inside=inside,
        history=[_past(inside, current, complete=False), *_history(view, provider, past)],
    )


def _history(view: View, provider: str, past: Sequence[Window]) -> list[PastWindow]:
    """Newest first. Change compares complete windows only: a running one says nothing yet (W22)."""
    found = []
    usages = _inside(view, provider, past)
    told = [_past(inside, window, complete=True) for inside, window in zip(usages, past, strict=True)]
    worths = [row.tokens_per_percent for row in told]
    for place, row in enumerate(told):
        before = usages[place + 1].usage.tokens.total_tokens if place + 1 < len(usages) else 0
        if before:
            row.change_percent = 100 * (row.window.usage.tokens.total_tokens - before) / before
        row.worth_change_percent = change_percent(worths, place)
        found.append(row)
    return found


def _past(inside: WindowUsage, window: Window, *, complete: bool) -> PastWindow:
    """A window with what one percent of it was worth; dollars only where all of it has a price."""
    usage, used = inside.usage, window.used_percent
    cost = 0 if usage.cost.usd is None or usage.cost.unpriced_tokens else pico_of(usage.cost.usd)
    dollars = per_percent(cost, used)
    return PastWindow(
        inside,
        current=not complete,
        complete=complete,
        used_percent=used,
        change_percent=None,
        tokens_per_percent=per_percent(usage.tokens.total_tokens, used),
        usd_per_percent=None if dollars is None else usd_string(dollars),
    )


def _inside(view: View, provider: str, windows: Sequence[Window]) -> list[WindowUsage]:
    """What was used inside each: tokens, cost and prompts of the provider, all its homes together."""
    prompts = _prompts(view, provider, [(window.start_ms, window.end_ms) for window in windows])
    return [
        WindowUsage(
            start_ms=window.start_ms,
            end_ms=window.end_ms,
            usage=view.total_between(window.start_ms, window.end_ms, provider).usage(),
            messages=messages,
        )
        for window, messages in zip(windows, prompts, strict=True)
    ]


def _prompts(view: View, provider: str, windows: Sequence[tuple[int, int]]) -> list[int]:
    """How many each of [start_ms, end_ms) has; of those that are over from memory."""
    homes = tuple(home for home in view.home_ids if view.providers[home] == provider)

    def count(some: Sequence[tuple[int, int]]) -> list[int]:
        return sessions.prompts_within(view.connection, some, homes)

    over = tuple(window for window in windows if window[1] <= view.today_ms)
    latest = max((end for _, end in over), default=0)
    known = dict(zip(over, view.closed(("prompts", over, homes), latest, lambda: count(over)), strict=True))
    fresh = [window for window in windows if window not in known]
    known |= dict(zip(fresh, count(fresh), strict=True))
    return [known[window] for window in windows]
