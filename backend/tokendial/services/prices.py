"""What everything costs: the user's rules over the catalogue, and which of them holds for which model.

Cost is never stored. The catalogue is asked once for each model, and what it said is kept in the ledger, so a start
does not have to load it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tokendial.domain.pricing import PriceBook, PriceRule, precedence
from tokendial.errors import InvalidPriceRule
from tokendial.providers import provider
from tokendial.services.catalogue import catalogue_version, resolve
from tokendial.services.contract.prices import ModelPrice, PriceRuleInput, Pricing
from tokendial.services.price_rules import check_rules, from_rule, to_rules
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
                self._book = self._load(seen)
                self._resolved = seen
                self._version += 1
            book, version = self._book, self._version
        by_provider: dict[str, list[str]] = {}
        for provider_id, model in seen:
            by_provider.setdefault(provider_id, []).append(model)
        instants = [book.boundaries_ms(provider_id, models) for provider_id, models in by_provider.items()]
        return CurrentPrices(book, sorted({at for some in instants for at in some}), version)

    def save(self, rules: Sequence[PriceRuleInput]) -> None:
        """Replace the user's rules. Raises InvalidPriceRule naming the first field that cannot be."""
        problems = check_rules(rules)
        if problems:
            first = problems[0]
            raise InvalidPriceRule(
                f"Rule {first.index + 1}: {first.message}",
                field=first.field,
                index=first.index,
                problems=[f"{problem.index}|{problem.field}|{problem.message}" for problem in problems],
            )
        bodies = [(rule.provider or "", rule.pattern, _encode(rule)) for rule in to_rules(rules)]
        with self._lock:
            prices.replace_user_rules(self._database, bodies)
            self._book = None

    def user_rules(self) -> list[PriceRule]:
        """The user's rules, the one that wins first."""
        with self._database.reading() as connection:
            stored = prices.rules(connection, "user")
        rules = [msgspec.structs.replace(_decode(row.body), id=row.id) for row in stored]
        return sorted(rules, key=precedence)

    def overview(self) -> Pricing:
        """The user's rules, and which rule prices each model today."""
        (book, _, _), now_ms = self.current(), int(time.time() * 1000)
        with self._database.reading() as connection:
            seen = usage.models(connection)
        models = []
        for provider_id, model, tokens in seen:
            rule = book.rule_for(provider_id, model, now_ms)
            models.append(
                ModelPrice(
                    provider=provider_id,
                    model=model,
                    tokens=tokens,
                    source="unpriced" if rule is None else rule.source,
                    rule=None if rule is None else from_rule(rule),
                    estimated=rule is not None and rule.estimated,
                )
            )
        rules = [from_rule(rule) for rule in self.user_rules()]
        return Pricing(rules=rules, models=models, catalogue_version=catalogue_version())

    def _load(self, seen: set[tuple[str, str]]) -> PriceBook:
        version = catalogue_version()
        with self._database.reading() as connection:
            stored = prices.rules(connection, "catalogue")
        known = {(row.provider, row.pattern) for row in stored if row.catalogue == version}
        for provider_id, model in seen - known:
            vendors = provider(provider_id).descriptor.price_vendors
            bodies = [_encode(rule) for rule in resolve(model, vendors, provider_id)]
            prices.keep_catalogue(self._database, provider_id, model, version, bodies)
        with self._database.reading() as connection:
            stored = prices.rules(connection, "catalogue")
        catalogue = [_decode(row.body) for row in stored if row.body]
        return PriceBook(self.user_rules(), catalogue)
