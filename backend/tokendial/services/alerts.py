"""Alerts: looks at limits and budgets, tells each step once, and remembers what was told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokendial.domain import alerts as rules
from tokendial.domain.zones import HOUR_MS
from tokendial.errors import BadRequest, NotFound
from tokendial.services import alert_state
from tokendial.services.alert_state import AlertState, Told
from tokendial.services.alert_subjects import LimitFacts, Watched, watched
from tokendial.services.alert_words import summary_of, words_of
from tokendial.services.contract.alerts import AlertEntry, AlertStatus, SnoozeUntil
from tokendial.services.ledger import Ledger
from tokendial.services.view import View

MOST_SINGLE = 3


class Announcement(NamedTuple):
    """What is to be said now: in full, and without names and amounts. `notice` asks for a system notification too."""

    headline: str
    detail: str
    plain_headline: str
    plain_detail: str
    notice: bool


class Checked(NamedTuple):
    """What a look found: what is to be said, and whether the list of alerts is another one than before."""

    announcements: list[Announcement]
    changed: bool


class Listed(NamedTuple):
    """The alerts that hold now and those that do not, newest first; until when all are silent; whether it is quiet."""

    current: list[AlertEntry]
    history: list[AlertEntry]
    all_snoozed_until_ms: int | None
    quiet: bool


class AlertDesk:
    """The alerts of one ledger. Any thread may ask; what is told is kept in the ledger alone."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing is looked at before it is asked for."""
        self._ledger = ledger
        self._lock = threading.Lock()
        self._shown: tuple[str, ...] = ()

    def check(self) -> Checked:
        """Look once, and remember what is to be told. Writes only where there is something new. Raises LedgerError."""
        with self._lock:
            settings = self._ledger.settings.current
            with self._ledger.view() as view:
                found = watched(view, settings.alerts)
                state = alert_state.read(view.connection)
            before = alert_state.text_of(state)
            now = view.now_ms
            quiet = _is_quiet(view, self._ledger)
            new = [told for one in found if (told := self._told(one, state, view)) is not None]
            _replace(state, new)
            held_back = quiet or _is_snoozed(state.all_snoozed_until_ms, now)
            said = _say(state, new, found, now, held_back=held_back, notify=settings.alerts.notify)
            if alert_state.text_of(state) != before:
                with self._ledger.database.writing() as connection:
                    alert_state.put(connection, state, now)
            shown = tuple(f"{t.id} {_status(t, found, now)}" for t in state.told)
            changed, self._shown = shown != self._shown, shown
            return Checked(said, changed)

    def listed(self, view: View) -> Listed:
        """The alerts as they stand."""
        found = watched(view, self._ledger.settings.current.alerts)
        state = alert_state.read(view.connection)
        entries = [_entry(told, _status(told, found, view.now_ms)) for told in reversed(state.told)]
        current = [entry for entry in entries if entry.status in ("active", "snoozed")]
        until = state.all_snoozed_until_ms
        return Listed(
            current=current,
            history=[entry for entry in entries if entry.status in ("dismissed", "over")],
            all_snoozed_until_ms=until if _is_snoozed(until, view.now_ms) else None,
            quiet=_is_quiet(view, self._ledger),
        )

    def snooze(self, identity: str | None, until: SnoozeUntil, now_ms: int) -> None:
        """Be silent about one alert or all for a while. What still holds then is told again. Raises NotFound."""
        zone = self._ledger.settings.zone
        if until == "reset" and identity is None:
            raise BadRequest("Only one alert can be silent until its reset.", field="until")

        def change(state: AlertState) -> None:
            end = now_ms + HOUR_MS if until == "hour" else rules.tomorrow_ms(now_ms, zone)
            if identity is None:
                state.all_snoozed_until_ms = end
                return
            told = _told_as(state, identity)
            told.snoozed_until_ms = told.until_ms if until == "reset" else end
            told.held = True

        self._change(change, now_ms)

    def wake(self, identity: str | None, now_ms: int) -> None:
        """End a snooze, and take a dismissal back; nothing is told again for it. Raises NotFound."""

        def change(state: AlertState) -> None:
            if identity is None:
                state.all_snoozed_until_ms = None
                return
            told = _told_as(state, identity)
            told.snoozed_until_ms, told.dismissed, told.held = None, False, False

        self._change(change, now_ms)

    def dismiss(self, identity: str | None, now_ms: int) -> None:
        """Put one alert, or all, among the past ones. Raises NotFound."""

        def change(state: AlertState) -> None:
            for told in state.told if identity is None else [_told_as(state, identity)]:
                if told.until_ms > now_ms:
                    told.dismissed, told.held = True, False

        self._change(change, now_ms)

    def _change(self, change: Callable[[AlertState], None], now_ms: int) -> None:
        with self._lock, self._ledger.database.writing() as connection:
            state = alert_state.read(connection)
            change(state)
            alert_state.put(connection, state, now_ms)

    def _told(self, one: Watched, state: AlertState, view: View) -> Told | None:
        """A new alert about a subject, with its step remembered; None where there is no news."""
        subject = one.subject
        fired = rules.news(subject, state.fired.get(subject.key))
        if fired is None:
            return None
        state.fired[subject.key] = fired
        words = words_of(one, self._ledger.settings.current, view.now_ms, view.zone)
        told = Told(
            id=str(state.next_id),
            key=subject.key,
            kind=one.kind,
            step=fired.step,
            mark=fired.mark,
            time_ms=view.now_ms,
            until_ms=fired.until_ms,
            headline=words.headline,
            detail=words.detail,
            plain_headline=words.plain_headline,
            plain_detail=words.plain_detail,
        )
        if isinstance(one.facts, LimitFacts):
            told.provider, told.limit_id = one.facts.provider, one.facts.limit_id
            told.window_minutes = one.facts.window.minutes
        else:
            told.provider, told.budget = one.facts.budget.provider, one.facts.budget.id
        state.next_id += 1
        return told


def _is_quiet(view: View, ledger: Ledger) -> bool:
    settings = ledger.settings.current.alerts
    ends = [None if text is None else rules.minute_of(text) for text in (settings.quiet_start, settings.quiet_end)]
    return rules.is_quiet(view.now_ms, view.zone, *ends)


def _is_snoozed(until_ms: int | None, now_ms: int) -> bool:
    return until_ms is not None and now_ms < until_ms


def _told_as(state: AlertState, identity: str) -> Told:
    found = next((told for told in state.told if told.id == identity), None)
    if found is None:
        raise NotFound("There is no such alert any more.", id=identity[:60])
    return found


def _replace(state: AlertState, new: Sequence[Told]) -> None:
    """A higher step takes the place of a lower one: what its owner asked of the lower one holds for it too."""
    for told in new:
        before = next((each for each in reversed(state.told) if each.key == told.key), None)
        if before is not None and _is_snoozed(before.snoozed_until_ms, told.time_ms):
            told.snoozed_until_ms, told.held = before.snoozed_until_ms, True
    state.told.extend(new)


def _status(told: Told, found: Sequence[Watched], now_ms: int) -> AlertStatus:
    """Whether an alert still holds: its window or period runs, and stands where it stood or higher.

    Only the highest step of a subject is current.
    """
    subject = next((one.subject for one in found if one.subject.key == told.key), None)
    running = subject is not None and now_ms < told.until_ms and subject.is_same_period(told.mark)
    if told.dismissed:
        return "dismissed"
    if not running or subject is None or subject.step != told.step:
        return "over"
    return "snoozed" if _is_snoozed(told.snoozed_until_ms, now_ms) else "active"


def _say(
    state: AlertState, new: Sequence[Told], found: Sequence[Watched], now_ms: int, *, held_back: bool, notify: bool
) -> list[Announcement]:
    """What is said of new alerts, and of those that were held back and still hold: one alone, several as a summary."""
    fresh = _once_a_window([told for told in new if not told.held])
    for told in fresh:
        told.held = held_back
    if held_back:
        return [_announce(told, notice=False) for told in fresh] if not _all_silent(state, now_ms) else []
    waited = [told for told in state.told if told.held and _status(told, found, now_ms) == "active"]
    for told in waited:
        told.held = False
    return _bundled(fresh, MOST_SINGLE, notify) + _bundled(waited, 1, notify)


def _once_a_window(new: Sequence[Told]) -> list[Told]:
    """Without what says that a window will run out where its step is told at the same moment; the list has both."""
    stepped = {told.key.partition("/")[2] for told in new if told.kind == "threshold"}
    return [told for told in new if told.kind != "runs_out" or told.key.partition("/")[2] not in stepped]


def _all_silent(state: AlertState, now_ms: int) -> bool:
    return _is_snoozed(state.all_snoozed_until_ms, now_ms)


def _bundled(alerts: Sequence[Told], most: int, notify: bool) -> list[Announcement]:
    if len(alerts) <= most:
        return [_announce(told, notice=notify) for told in alerts]
    full = summary_of([told.headline for told in alerts])
    return [Announcement(*full, *summary_of([told.plain_headline for told in alerts]), notice=notify)]


def _announce(told: Told, *, notice: bool) -> Announcement:
    return Announcement(told.headline, told.detail, told.plain_headline, told.plain_detail, notice)


def _entry(told: Told, status: AlertStatus) -> AlertEntry:
    return AlertEntry(
        id=told.id,
        kind=told.kind,
        status=status,
        step=told.step,
        time_ms=told.time_ms,
        until_ms=told.until_ms,
        snoozed_until_ms=told.snoozed_until_ms if status == "snoozed" else None,
        held=told.held,
        provider=told.provider,
        limit_id=told.limit_id,
        window_minutes=told.window_minutes,
        budget=told.budget,
        headline=told.headline,
        detail=told.detail,
        plain_headline=told.plain_headline,
        plain_detail=told.plain_detail,
    )
