"""Answers of the catalogue that were worked out beforehand, so that the first report need not load the whole package.

`scripts/gen_prices.py` writes them; they hold only for the version of the catalogue that they were made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from tokendial.domain.pricing import PriceRule

SEED_FILE = Path(__file__).with_name("catalogue_seed.json")


class Seed(msgspec.Struct):
    """Rules by vendors (joined by commas) and model."""

    version: str
    rules: dict[str, dict[str, list[PriceRule]]]


def seeded(version: str, vendors: Sequence[str], model: str) -> list[PriceRule] | None:
    """The rules of a model, or None where the seed does not know it or was made from another version."""
    seed = _load()
    if seed is None or seed.version != version:
        return None
    return seed.rules.get(",".join(vendors), {}).get(model)


@cache
def _load() -> Seed | None:
    try:
        return msgspec.json.decode(SEED_FILE.read_bytes(), type=Seed)
    except (OSError, msgspec.DecodeError):
        return None
