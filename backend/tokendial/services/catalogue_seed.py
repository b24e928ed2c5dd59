"""Answers of the catalogue that were worked out beforehand, so that the first report need not load the whole package.

`scripts/gen_prices.py` writes them; they hold only for the version of the catalogue that they were made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from tokendial.domain.pricing import PriceRule
from tokendial.services.catalogue_table import DATE

SEED_FILE = Path(__file__).with_name("catalogue_seed.json")


class SeededModels(msgspec.Struct):
    """What some vendors list: each name's place among the rules, and the names that mean another model with a date."""

    names: dict[str, int]
    undated: frozenset[str]
    rules: list[list[PriceRule]]

    def of(self, model: str) -> list[PriceRule] | None:
        """The rules of a model, named with or without the date of its edition; None where it is not known."""
        place = self.names.get(model)
        if place is None and (bare := DATE.sub("", model)) not in self.undated:
            place = self.names.get(bare)
        return None if place is None else self.rules[place]


class Seed(msgspec.Struct):
    """The models by vendors, joined by commas."""

    version: str
    lists: dict[str, SeededModels]


def seeded(version: str, vendors: Sequence[str], model: str) -> list[PriceRule] | None:
    """The rules of a model, or None where the seed does not know it or was made from another version."""
    seed = _load()
    if seed is None or seed.version != version:
        return None
    models = seed.lists.get(",".join(vendors))
    return None if models is None else models.of(model)


@cache
def _load() -> Seed | None:
    try:
        return msgspec.json.decode(SEED_FILE.read_bytes(), type=Seed)
    except (OSError, msgspec.DecodeError):
        return None
