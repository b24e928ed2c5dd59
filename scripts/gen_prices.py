"""Writes backend/tokendial/services/catalogue_seed.json: what the price catalogue says about every model it lists."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "backend"))

from genai_prices.data import providers
from genai_prices.types import ClauseAnd, ClauseEquals, ClauseOr, ClauseStartsWith, MatchLogic

from tokendial.domain.pricing import PriceRule
from tokendial.providers import PROVIDERS
from tokendial.services.catalogue import catalogue_version, work_out
from tokendial.services.catalogue_seed import SEED_FILE, Seed, SeededModels
from tokendial.services.catalogue_table import ALIASES, DATE, STAND_INS

DATES = ("-20250929", "@20250929", "-2025-09-29")


def spelled(clause: MatchLogic) -> Iterator[str]:
    """The names that a clause spells out."""
    match clause:
        case ClauseOr(or_=parts) | ClauseAnd(and_=parts):
            for part in parts:
                yield from spelled(part)
        case ClauseEquals(equals=name) | ClauseStartsWith(starts_with=name):
            yield name


def names(vendors: tuple[str, ...]) -> list[str]:
    """The ids that these vendors list, every other name of theirs, and the names and stand-ins of the table.

    Also dated names of these that any vendor lists: each may have a price of its own.
    """
    models = [model for vendor in providers if vendor.id in vendors for model in vendor.models]
    found = {model.id for model in models} | set(ALIASES) | set(STAND_INS)
    found |= {name for model in models for name in spelled(model.match)}
    listed = {name for vendor in providers for model in vendor.models for name in [model.id, *spelled(model.match)]}
    return sorted(found | {name for name in listed if DATE.sub("", name) in found})


def models_of(vendors: tuple[str, ...]) -> SeededModels:
    """What these vendors list; equal rules are kept once."""
    models = SeededModels({}, frozenset(), [])
    undated, places = set(), dict[str, int]()
    for name in names(vendors):
        rules: list[PriceRule] = work_out(name, vendors)
        if not rules:
            continue
        place = places.setdefault(msgspec.json.encode(rules).decode(), len(models.rules))
        if place == len(models.rules):
            models.rules.append(rules)
        models.names[name] = place
        if any(work_out(name + date, vendors) != rules for date in DATES):
            undated.add(name)
    models.undated = frozenset(undated)
    return models


def seed() -> Seed:
    """The seed for the vendors of every provider."""
    lists = sorted({provider.descriptor.price_vendors for provider in PROVIDERS})
    return Seed(catalogue_version(), {",".join(vendors): models_of(vendors) for vendors in lists})


if __name__ == "__main__":
    SEED_FILE.write_bytes(msgspec.json.encode(seed(), order="deterministic") + b"\n")
    print(f"wrote {SEED_FILE.name}, {SEED_FILE.stat().st_size:,} bytes")
