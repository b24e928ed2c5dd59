"""What was told: kept in the ledger as one value, so that it survives a restart and goes into backups."""

from __future__ import annotations

import msgspec

from tokendial.domain.alerts import Fired
from tokendial.services.contract.alerts import AlertKind
from tokendial.store import settings as stored
from tokendial.store.database import Connection

_KEY = "alert_state"
MOST_TOLD = 100
_FORGET_AFTER_MS = 60 * 86_400_000


class Told(msgspec.Struct, kw_only=True):
    """One alert: its words as they were, and what its owner did with it."""

    id: str
    key: str
    kind: AlertKind
    step: int
    mark: int
    time_ms: int
    until_ms: int
    provider: str | None = None
    limit_id: str | None = None
    window_minutes: int | None = None
    budget: str | None = None
    headline: str
    detail: str
    plain_headline: str
    plain_detail: str
    dismissed: bool = False
    held: bool = False
    snoozed_until_ms: int | None = None


class AlertState(msgspec.Struct, kw_only=True):
    """The highest step told of every subject, the alerts told last (oldest first), and until when all are silent."""

    next_id: int = 1
    fired: dict[str, Fired] = {}
    told: list[Told] = []
    all_snoozed_until_ms: int | None = None


def read(connection: Connection) -> AlertState:
    """The state; a damaged one counts as nothing told."""
    try:
        return msgspec.json.decode(stored.read(connection, _KEY) or "{}", type=AlertState)
    except msgspec.DecodeError:
        return AlertState()


def text_of(state: AlertState) -> str:
    """The state as it is kept."""
    return msgspec.json.encode(state).decode()


def put(connection: Connection, state: AlertState, now_ms: int) -> None:
    """Keep the state within the running transaction, without what is long over."""
    state.told = state.told[-MOST_TOLD:]
    state.fired = {key: fired for key, fired in state.fired.items() if fired.until_ms > now_ms - _FORGET_AFTER_MS}
    stored.put(connection, _KEY, text_of(state))
