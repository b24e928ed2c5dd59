"""Prices: the rules of the user over the catalogue."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.services.contract.common import Empty
from tokendial.services.contract.prices import PriceRules, Pricing


class PricesPart(Core):
    """Answers and changes prices."""

    def pricing(self, _request: Empty, /) -> Pricing:
        """The price rules and what prices each model."""
        return self.ledger.prices.overview()

    def save_prices(self, request: PriceRules, /) -> Pricing:
        """Replace the user's rules."""
        self.ledger.prices.save(request.rules)
        self.hub.publish("usage-updated")
        return self.ledger.prices.overview()
