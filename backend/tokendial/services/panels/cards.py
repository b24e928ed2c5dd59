"""The five cards."""

from __future__ import annotations

from tokendial.domain.money import usd_string
from tokendial.domain.periods import previous_range
from tokendial.services.contract.dashboard import Card, Cards
from tokendial.services.panels.slices import Slices
from tokendial.services.view import View


def cards(view: View, slices: Slices) -> Cards:
    """The cards of a range, each compared with the range of the same length before."""
    total, before = slices.total, None if slices.before is None else slices.before.total
    counted = sum(slices.sessions.values())
    previous_sessions = None
    previous = previous_range(slices.period)
    if before is not None and previous is not None:
        previous_sessions = float(sum(view.session_counts(previous.start_ms, previous.end_ms).values()))
    line = slices.per_bucket
    return Cards(
        usage=total.usage(),
        sessions=counted,
        tokens_card=Card(
            float(total.tokens.total),
            None if before is None else float(before.tokens.total),
            [float(one.tokens.total) for one in line],
        ),
        cost_card=Card(total.dollars, None if before is None else before.dollars, [one.dollars for one in line]),
        cached_share_card=Card(
            total.cached_share, None if before is None else before.cached_share, [one.cached_share for one in line]
        ),
        output_card=Card(
            float(total.tokens.output),
            None if before is None else float(before.tokens.output),
            [float(one.tokens.output) for one in line],
        ),
        sessions_card=Card(float(counted), previous_sessions, [float(one.events) for one in line]),
        cache_saved_usd=usd_string(total.saved) if total.priced_events else None,
    )
