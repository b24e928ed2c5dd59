"""Writes backend/tokendial/services/catalogue_seed.json: what the price catalogue says about every model it lists."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "backend"))

from genai_prices.data import providers

from tokendial.providers import PROVIDERS
from tokendial.services.catalogue import catalogue_version, work_out
from tokendial.services.catalogue_seed import SEED_FILE, Seed
from tokendial.services.catalogue_table import ALIASES, STAND_INS


def names(vendors: tuple[str, ...]) -> list[str]:
    """The ids that these vendors list, and the other names and stand-ins of the table."""
    listed = {model.id for vendor in providers if vendor.id in vendors for model in vendor.models}
    return sorted(listed | set(ALIASES) | set(STAND_INS))


def seed() -> Seed:
    """The seed for the vendors of every provider."""
    rules = {}
    for vendors in sorted({provider.descriptor.price_vendors for provider in PROVIDERS}):
        found = {name: work_out(name, vendors) for name in names(vendors)}
        rules[",".join(vendors)] = {name: listed for name, listed in found.items() if listed}
    return Seed(catalogue_version(), rules)


if __name__ == "__main__":
    SEED_FILE.write_bytes(msgspec.json.encode(seed()) + b"\n")
    print(f"wrote {SEED_FILE.name}, {SEED_FILE.stat().st_size:,} bytes")
