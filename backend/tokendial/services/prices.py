"""What everything costs: the user's rules over the catalogue.

Cost is never stored. The catalogue is asked once for each model, and what it said is kept in the ledger, so a start
does not have to load it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from tokendial.domain.pricing import PriceBook, PriceRule, precedence
from tokendial.errors import InvalidPriceRule
from tokendial.providers import provider
from tokendial.services import price_history
from tokendial.services.catalogue import catalogue_version, resolve
from tokendial.services.contract.prices import PriceRuleInput, PriceUndo
from tokendial.services.price_rules import check_rules, to_rules
from tokendial.store import prices, usage
from tokendial.store.database import Database

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(PriceRule).decode


class CurrentPrices(NamedTuple):
    """The rules, the instants (ascending) at which the price of any model seen can change, the number of this state."""

    book: PriceBook
    epochs: list[int]
    version: int


class PriceDesk:
    """Holds the rules in memory; any thread may ask."""

    def __init__(self, database: Database) -> None:
        """Nothing is loaded until it is asked for."""
        self._database = database
        self._lock = threading.Lock()
        self._catalogue: list[PriceRule] = []
        self._book: PriceBook | None = None
        self._resolved: set[tuple[str, str]] = set()
        self._version = 0

    def current(self) -> CurrentPrices:
        """The rules that hold now.

        The catalogue's rules for every model the ledger has seen are among them.
        """
        with self._lock:
            with self._database.reading() as connection:
                seen = usage.known_models(connection)
            if self._book is None or not seen <= self._resolved:
                if not seen <= self._resolved:
                    self._catalogue = self._resolve(seen)
                    self._resolved = seen
                self._book = PriceBook(self.user_rules(), self._catalogue)
                self._version += 1
            return _prices(self._book, seen, self._version)

    def drafted(self, rules: Sequence[PriceRule]) -> CurrentPrices:
        """The prices as they would be with other rules of the user; nothing is stored."""
        self.current()
        with self._lock:
            return _prices(PriceBook(rules, self._catalogue), self._resolved, -1)

    def save(self, rules: Sequence[PriceRuleInput], what: str | None = None) -> None:
        """Replace the user's rules; `what` names the change, None works out a name.

        Raises InvalidPriceRule naming the first field that cannot be.
        """
        problems = check_rules(rules)
        if problems:
            first = problems[0]
            raise InvalidPriceRule(
                f"Rule {first.index + 1}: {first.message}",
                field=first.field,
                index=first.index,
                problems=[f"{problem.index}|{problem.field}|{problem.message}" for problem in problems],
            )
        read = to_rules(rules)
        self.change(lambda _: (read, what))

    def change(self, make: Callable[[list[PriceRule]], tuple[Sequence[PriceRule], str | None]]) -> None:
        """Replace the rules by what `make` makes of the present ones, with the name of the change (None: worked out).

        What was before is kept for `undo`, in the same transaction. Rules that stay what they are change nothing.
        """
        with self._lock:
            with self._database.writing() as connection:
                before = _user_rules(prices.rules(connection, "user"))
                made, what = make(before)
                after = sorted((msgspec.structs.replace(rule, id=None) for rule in made), key=precedence)
                if price_history.same(before, after):
                    return
                kept = price_history.keep(before, what or price_history.describe(before, after))
                prices.replace_user_rules(connection, _bodies(after), kept)
            self._book = None

    def undo(self) -> None:
        """Put back the rules before the last change; a second time puts the change back. Raises NotFound."""
        with self._lock:
            with self._database.writing() as connection:
                before = _user_rules(prices.rules(connection, "user"))
                after, kept = price_history.turned(prices.kept(connection), before)
                prices.replace_user_rules(connection, _bodies(after), kept)
            self._book = None

    def undoable(self) -> PriceUndo | None:
        """What `undo` would take back."""
        with self._database.reading() as connection:
            return price_history.undoable(prices.kept(connection))

    def user_rules(self) -> list[PriceRule]:
        """The user's rules, the one that wins first."""
        with self._database.reading() as connection:
            return _user_rules(prices.rules(connection, "user"))

    def _resolve(self, seen: set[tuple[str, str]]) -> list[PriceRule]:
        version = catalogue_version()
        with self._database.reading() as connection:
            stored = prices.rules(connection, "catalogue")
        known = {(row.provider, row.pattern) for row in stored if row.catalogue == version}
        if seen <= known:
            return [_decode(row.body) for row in stored if row.body]
        fresh = {(provider_id, model): _catalogued(provider_id, model) for provider_id, model in seen - known}
        prices.keep_catalogue(self._database, version, fresh)
        with self._database.reading() as connection:
            stored = prices.rules(connection, "catalogue")
        return [_decode(row.body) for row in stored if row.body]


def _catalogued(provider_id: str, model: str) -> list[bytes]:
    """The catalogue's rules for a model, as they are kept."""
    vendors = provider(provider_id).descriptor.price_vendors
    return [_encode(rule) for rule in resolve(model, vendors, provider_id)]


def _user_rules(stored: Sequence[prices.StoredRule]) -> list[PriceRule]:
    rules = [msgspec.structs.replace(_decode(row.body), id=row.id) for row in stored]
    return sorted(rules, key=precedence)


def _bodies(rules: Sequence[PriceRule]) -> list[tuple[str, str, bytes]]:
    return [(rule.provider or "", rule.pattern, _encode(rule)) for rule in rules]


def _prices(book: PriceBook, seen: set[tuple[str, str]], version: int) -> CurrentPrices:
    by_provider: dict[str, list[str]] = {}
    for provider_id, model in seen:
        by_provider.setdefault(provider_id, []).append(model)
    instants = [book.boundaries_ms(provider_id, models) for provider_id, models in by_provider.items()]
    return CurrentPrices(book, sorted({at for some in instants for at in some}), version)
