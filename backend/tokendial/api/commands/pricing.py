"""Prices."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.prices import PriceRules, Pricing


@registry.command("pricing.get")
def pricing(app: Application, request: Empty) -> Pricing:
    """The price rules and what prices each model."""
    return app.pricing(request)


@registry.command("pricing.save")
def save_prices(app: Application, request: PriceRules) -> Pricing:
    """Replace the user's price rules."""
    return app.save_prices(request)
