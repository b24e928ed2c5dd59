"""A card for each provider that used something; they add up to the headline cards."""

from __future__ import annotations

from collections.abc import Sequence

from tokendial.services.contract.dashboard import Card, Limit, PressingLimit, ProviderCard
from tokendial.services.panels.dimensions import label_of
from tokendial.services.panels.slices import Slices
from tokendial.services.totals import Totals


def provider_cards(slices: Slices, limits: Sequence[Limit]) -> list[ProviderCard]:
    """By tokens, most first, from the same pass over the rows as the headline cards."""
    found = [_card(slices, limits, provider) for provider in slices.gathered.by_provider]
    return sorted(found, key=lambda card: (-card.usage.tokens.total_tokens, card.id))


def _card(slices: Slices, limits: Sequence[Limit], provider: str) -> ProviderCard:
    total, whole = slices.gathered.of_provider(provider), slices.total.tokens.total
    before = None if slices.before is None else slices.before.of_provider(provider)
    cells, empty = slices.gathered.by_provider[provider], Totals()
    line = [cells.get(place, empty) for place in range(len(slices.buckets))]
    models = slices.gathered.model_tokens[provider]
    return ProviderCard(
        id=provider,
        name=label_of("provider", provider),
        usage=total.usage(),
        sessions=slices.sessions.get(provider, 0),
        share=100 * total.tokens.total / whole if whole else 0.0,
        tokens_card=Card(
            float(total.tokens.total),
            None if before is None else float(before.tokens.total),
            [float(one.tokens.total) for one in line],
        ),
        cost_card=Card(total.dollars, None if before is None else before.dollars, [one.dollars for one in line]),
        top_model=min(models, key=lambda name: (-models[name], name), default=None),
        limit=pressing(limits, provider),
    )


def pressing(limits: Sequence[Limit], provider: str) -> PressingLimit | None:
    """The window of a provider that is used most; None where none is known."""
    known = [
        PressingLimit(
            limit_id=limit.limit_id,
            limit_name=limit.limit_name,
            label=window.label,
            used_percent=window.used_percent,
            resets_at_ms=window.resets_at_ms,
            state=window.state,
        )
        for limit in limits
        if limit.provider == provider
        for window in limit.windows
        if window.used_percent is not None
    ]
    return max(known, key=lambda window: window.used_percent, default=None)
