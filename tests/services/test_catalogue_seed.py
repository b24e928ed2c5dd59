"""What was worked out beforehand is what the catalogue says, and it spares loading the package."""

from __future__ import annotations

import subprocess
import sys

import pytest
from genai_prices.data import providers as catalogue

from gen_prices import spelled
from tokendial.domain.zones import DAY_MS
from tokendial.providers import PROVIDERS
from tokendial.services.catalogue import catalogue_version, resolve, work_out
from tokendial.services.catalogue_seed import SEED_FILE, Seed, seeded
from tokendial.services.catalogue_seed import _load as load_seed
from tokendial.services.catalogue_table import DATE


def seed() -> Seed:
    found = load_seed()
    assert found is not None, f"{SEED_FILE.name} is missing: run scripts/gen_prices.py"
    return found


def test_the_seed_is_of_the_installed_catalogue() -> None:
    if seed().version != catalogue_version():
        pytest.skip(f"made from {seed().version}; a newer catalogue is installed, which is only slower")


@pytest.mark.parametrize("date", ["", "-20250929", "@20251001", "-2026-02-28", "-20240229", "-19990101", "-2025"])
def test_every_seeded_answer_is_the_catalogues(date: str) -> None:
    found = 0
    for provider in PROVIDERS:
        vendors = provider.descriptor.price_vendors
        models = seed().lists[",".join(vendors)]
        assert len(models.rules) > 25
        for name in models.names:
            rules = models.of(name + date)
            found += rules is not None
            assert rules is None or rules == work_out(name + date, vendors), name + date
    assert found > 300 or date in ("-19990101", "-2025")


def test_every_name_that_the_catalogue_spells_out_with_a_date_is_what_it_says() -> None:
    dated = {
        name for vendor in catalogue for model in vendor.models for name in spelled(model.match) if DATE.search(name)
    }
    assert len(dated) > 10
    for provider in PROVIDERS:
        vendors = provider.descriptor.price_vendors
        seeded_models = seed().lists[",".join(vendors)]
        for name in dated:
            rules = seeded_models.of(name)
            assert rules is None or rules == work_out(name, vendors), name


def test_a_seed_of_another_version_is_not_used() -> None:
    vendors = PROVIDERS[0].descriptor.price_vendors
    model = next(iter(seed().lists[",".join(vendors)].names))
    assert seeded("another version", vendors, model) is None
    assert seeded(seed().version, vendors, model) is not None
    assert seeded(seed().version, vendors, "no such model") is None


@pytest.mark.parametrize(
    ("vendor", "model"),
    [
        ("openai", "gpt-5-codex"),
        ("openai", "gpt-5.1-codex-max"),
        ("anthropic", "claude-opus-4-5"),
        ("anthropic", "claude-haiku-4-5-20251001"),
        ("anthropic", "claude-sonnet-4@20250514"),
        ("google", "gemini-2.5-pro"),
    ],
)
def test_a_seeded_model_does_not_load_the_package(vendor: str, model: str) -> None:
    vendors = next(each.descriptor.price_vendors for each in PROVIDERS if vendor in each.descriptor.price_vendors)
    assert resolve(model, vendors)
    code = (
        "import sys; from tokendial.services.catalogue import resolve\n"
        f"assert resolve({model!r}, {vendors!r}); assert 'genai_prices' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_prices_change_at_utc_midnights_only() -> None:
    """What `Pricer.epoch_of_day` stands on."""
    rules = [rule for models in seed().lists.values() for found in models.rules for rule in found]
    instants = [at for rule in rules for at in (rule.effective_from_ms, rule.effective_to_ms) if at is not None]
    assert instants
    assert [at for at in instants if at % DAY_MS] == []
