"""Prices."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.prices import (
    PriceExport,
    PriceFile,
    PriceImportPreview,
    PriceImportRequest,
    PricePreview,
    PriceRules,
    Pricing,
)


@registry.command("pricing.get")
def pricing(app: Application, request: Empty) -> Pricing:
    """The price rules and what prices each model."""
    return app.pricing(request)


@registry.command("pricing.save")
def save_prices(app: Application, request: PriceRules) -> Pricing:
    """Replace the user's price rules."""
    return app.save_prices(request)


@registry.command("pricing.preview")
def preview_prices(app: Application, request: PriceRules) -> PricePreview:
    """What price rules would change; nothing is stored."""
    return app.preview_prices(request)


@registry.command("pricing.undo")
def undo_prices(app: Application, request: Empty) -> Pricing:
    """Take the last change of the price rules back, or make it again."""
    return app.undo_prices(request)


@registry.command("pricing.export")
def export_prices(app: Application, request: Empty) -> PriceExport:
    """The price rules as a file."""
    return app.export_prices(request)


@registry.command("pricing.open")
def open_prices(app: Application, request: Empty) -> PriceFile:
    """Let the user choose a price file in the system's dialog."""
    return app.open_prices(request)


@registry.command("pricing.import_preview")
def preview_price_import(app: Application, request: PriceImportRequest) -> PriceImportPreview:
    """What the import of a price file would do; nothing is stored."""
    return app.preview_price_import(request)


@registry.command("pricing.import")
def import_prices(app: Application, request: PriceImportRequest) -> Pricing:
    """Import a price file."""
    return app.import_prices(request)
