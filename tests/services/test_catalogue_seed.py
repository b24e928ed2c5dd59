"""What was worked out beforehand is what the catalogue says, and it spares loading the package."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tokendial.domain.zones import DAY_MS
from tokendial.providers import PROVIDERS
from tokendial.services.catalogue import catalogue_version, resolve, work_out
from tokendial.services.catalogue_seed import SEED_FILE, Seed, seeded
from tokendial.services.catalogue_seed import _load as load_seed


def seed() -> Seed:
    found = load_seed()
    assert found is not None, f"{SEED_FILE.name} is missing: run scripts/gen_prices.py"
    return found


def test_the_seed_is_of_the_installed_catalogue() -> None:
    if seed().version != catalogue_version():
        pytest.skip(f"made from {seed().version}; a newer catalogue is installed, which is only slower")


def test_every_seeded_answer_is_the_catalogues() -> None:
    for provider in PROVIDERS:
        vendors = provider.descriptor.price_vendors
        models = seed().rules[",".join(vendors)]
        assert len(models) > 30
        for model, rules in models.items():
            assert rules == work_out(model, vendors), model


def test_a_seed_of_another_version_is_not_used() -> None:
    vendors = PROVIDERS[0].descriptor.price_vendors
    model = next(iter(seed().rules[",".join(vendors)]))
    assert seeded("another version", vendors, model) is None
    assert seeded(seed().version, vendors, model) is not None
    assert seeded(seed().version, vendors, "no such model") is None


def test_a_seeded_model_does_not_load_the_package() -> None:
    vendors = PROVIDERS[0].descriptor.price_vendors
    model = next(iter(seed().rules[",".join(vendors)]))
    assert resolve(model, vendors)
    code = (
        "import sys; from tokendial.services.catalogue import resolve\n"
        f"assert resolve({model!r}, {vendors!r}); assert 'genai_prices' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_prices_change_at_utc_midnights_only() -> None:
    """What `Pricer.epoch_of_day` stands on."""
    rules = [rule for models in seed().rules.values() for found in models.values() for rule in found]
    instants = [at for rule in rules for at in (rule.effective_from_ms, rule.effective_to_ms) if at is not None]
    assert instants
    assert [at for at in instants if at % DAY_MS] == []
