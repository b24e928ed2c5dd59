"""What would be lost with a home, said before it is removed or cleared."""

from __future__ import annotations

from tokendial.services.contract.homes import HomeLoss
from tokendial.services.ledger import Ledger
from tokendial.services.totals import Pricer, total_of
from tokendial.store import homes, usage
from tokendial.store.homes import HomeFacts


def loss(ledger: Ledger, home_id: int) -> HomeLoss:
    """What is counted from this home and held by no other; a response that another home holds is counted there then."""
    book, epochs, _version = ledger.prices.current()
    with ledger.database.reading() as connection:
        labels = usage.labels(connection)
        sums = homes.only_here(connection, home_id, epochs)
        facts = homes.facts(connection).get(home_id, HomeFacts())
        sessions = homes.sessions_only_here(connection, home_id)
    return HomeLoss(sessions, facts.gone, total_of(sums, labels, Pricer(book, epochs, labels)).usage())
