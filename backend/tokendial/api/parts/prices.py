"""Prices: the rules of the user over the catalogue."""

from __future__ import annotations

import time
from pathlib import Path

from tokendial.api.dialogs import FileKind
from tokendial.api.parts.core import Core
from tokendial.services import price_file
from tokendial.services.contract.common import Empty, Filter
from tokendial.services.contract.prices import (
    PriceExport,
    PriceFile,
    PriceImportPreview,
    PriceImportRequest,
    PricePreview,
    PriceRules,
    Pricing,
)
from tokendial.services.price_disk import read_text, write_text
from tokendial.services.price_effect import preview
from tokendial.services.price_import import import_rules, preview_import
from tokendial.services.price_models import pricing

_KIND = FileKind("Price rules", ".json")


class PricesPart(Core):
    """Answers and changes prices."""

    def pricing(self, _request: Empty, /) -> Pricing:
        """The price rules and what prices each model."""
        with self.view(Filter()) as view:
            return pricing(view, self.ledger.prices)

    def save_prices(self, request: PriceRules, /) -> Pricing:
        """Replace the user's rules."""
        self.ledger.prices.save(request.rules)
        return self._changed_prices()

    def preview_prices(self, request: PriceRules, /) -> PricePreview:
        """What rules would change."""
        with self.view(Filter()) as view:
            return preview(view, self.ledger.prices, request.rules)

    def undo_prices(self, _request: Empty, /) -> Pricing:
        """Take the last change back, or make it again."""
        self.ledger.prices.undo()
        return self._changed_prices()

    def export_prices(self, _request: Empty, /) -> PriceExport:
        """The rules as a file: written where the window's dialog says, or handed to the browser."""
        rules, now_ms = self.ledger.prices.user_rules(), int(time.time() * 1000)
        name, text = price_file.file_name(now_ms), price_file.write(rules, now_ms)
        if self.dialogs is None:
            return PriceExport(name, len(rules), text, None)
        path = self.dialogs.pick_save(name, _KIND)
        if path is not None:
            write_text(Path(path), text)
        return PriceExport(name, len(rules), None, path)

    def open_prices(self, _request: Empty, /) -> PriceFile:
        """Let the user choose a file in the window's dialog."""
        path = self.system_dialogs().pick_open(_KIND)
        if path is None:
            return PriceFile(None, None)
        return PriceFile(Path(path).name, read_text(Path(path)))

    def preview_price_import(self, request: PriceImportRequest, /) -> PriceImportPreview:
        """What an import would do."""
        with self.view(Filter()) as view:
            return preview_import(view, self.ledger.prices, request)

    def import_prices(self, request: PriceImportRequest, /) -> Pricing:
        """Import a file."""
        import_rules(self.ledger.prices, request)
        return self._changed_prices()

    def _changed_prices(self) -> Pricing:
        self.hub.publish("usage-updated")
        return self.pricing(Empty())
