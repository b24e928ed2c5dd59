"""The overview in one answer from one read transaction; a panel that fails leaves the others alone (W39)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import msgspec

from tokendial.errors import TokendialError
from tokendial.services.contract.common import ErrorInfo
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest
from tokendial.services.contract.settings import Settings
from tokendial.services.panels import active, breakdown, calendar, cards, limits, provider_cards, slices, trends
from tokendial.services.view import View, resolved
from tokendial.store.database import DatabaseError

_log = logging.getLogger(__name__)
_Panel = TypeVar("_Panel")


def first_request(settings: Settings) -> DashboardRequest:
    """What the overview asks for at first. Raises msgspec.ValidationError for a setting that no request can have."""
    same = ("range", "provider", "home", "bucket", "stack", "breakdown")
    wanted = {name: getattr(settings, name) for name in same}
    if settings.range == "custom":
        wanted |= {"start": settings.custom_start, "end": settings.custom_end}
    return msgspec.convert(wanted, DashboardRequest)


def dashboard(view: View, request: DashboardRequest, *, active_minutes: int, demo: bool) -> Dashboard:
    """Every panel. Raises BadRequest for a range that makes no sense; all else is an error of its panel."""
    errors: dict[str, ErrorInfo] = {}
    period = view.range(request)
    parts = slices.cut(view, period, request.bucket, request.stack, request.breakdown)

    def panel(name: str, make: Callable[[], _Panel]) -> _Panel | None:
        try:
            return make()
        except (TokendialError, DatabaseError, ArithmeticError, LookupError, ValueError, TypeError) as error:
            # A panel is a boundary: whatever is wrong with it must not cost the page.
            _log.exception("panel %s", name)
            message = error.message if isinstance(error, TokendialError) else "This panel could not be made."
            errors[name] = ErrorInfo(getattr(error, "code", "internal"), message)
            return None

    found_limits = panel("limits", lambda: limits.limits(view))
    return Dashboard(
        generated_at_ms=view.now_ms,
        demo=demo,
        ledger_empty=view.span is None,
        range=resolved(period),
        cards=panel("cards", lambda: cards.cards(view, parts)),
        limits=found_limits,
        trends=panel("trends", lambda: trends.trends(view, parts, request.stack)),
        breakdown=panel("breakdown", lambda: breakdown.breakdown(parts, request.breakdown)),
        active_sessions=panel("active_sessions", lambda: active.active_sessions(view, parts, active_minutes)),
        calendar=panel("calendar", lambda: calendar.calendar(view)),
        providers=panel("providers", lambda: provider_cards.provider_cards(parts, found_limits or [])),
        errors=errors,
    )
