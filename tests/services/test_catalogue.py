"""The catalogue against the 83 dated rules of the price survey, and how names are matched."""

import json
import socket
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest

from tokendial.domain.pricing import LONG_CONTEXT_BANDS, PriceBook, PriceRule, Rates, effective_rates, is_long
from tokendial.services import catalogue
from tokendial.services.catalogue import catalogue_version, resolve
from tokendial.services.catalogue_table import ALIASES, FACTORS, LONG_CONTEXT, STAND_INS

SURVEY = json.loads((Path(__file__).parents[1] / "fixtures" / "default-prices.json").read_text("utf-8"))["rules"]
NAMED = [(name, rule) for rule in SURVEY for name in (rule["model"], *rule["aliases"])]
ESTIMATED = {"gpt-5.3-codex-spark", "gpt-5.3-spark"}
STEPPED = ("qwen/qwen3-coder-flash", "qwen/qwen3.7-flash")


def ms(day: str | None) -> int | None:
    return None if day is None else round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def micro(dollars: float | None) -> int | None:
    return None if dollars is None else round(dollars * 1_000_000)


def rates(survey: dict[str, float]) -> Rates:
    read, write, hour = (micro(survey.get(key)) for key in ("cache_read", "cache_write_5m", "cache_write_1h"))
    fresh, output = micro(survey["input"]), micro(survey["output"])
    assert fresh is not None
    assert output is not None
    return Rates(input=fresh, output=output, cache_read=read, cache_write=write, cache_write_1h=hour)


def at_noon(model: str, day: date, *vendors: str) -> PriceRule | None:
    noon = round(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)
    return PriceBook([], resolve(model, vendors)).rule_for("p", model, noon)


def test_the_survey_is_whole() -> None:
    assert len(SURVEY) == 83


@pytest.mark.parametrize(
    ("name", "survey"), NAMED, ids=[f"{name}-{rule['effective_from'] or 'launch'}" for name, rule in NAMED]
)
def test_every_surveyed_rule_is_the_catalogues(name: str, survey: dict[str, object]) -> None:
    """Rates, dates, thresholds, aliases and factors: no exception is needed."""
    found = resolve(name, (str(survey["provider"]),))
    wanted = (ms(survey["effective_from"]), ms(survey["effective_to"]))  # type: ignore[arg-type]
    periods = {(rule.effective_from_ms, rule.effective_to_ms): rule for rule in found}
    assert wanted in periods
    assert len(found) == sum(rule["model"] == survey["model"] for rule in SURVEY)
    rule = periods[wanted]
    assert rule.rates == rates(survey)  # type: ignore[arg-type]
    long = survey.get("long_context")
    assert (rule.long and (rule.long.threshold, rule.long.rates)) == (long and (long["threshold"], rates(long)))  # type: ignore[index, arg-type]
    factors = {tier: round(factor / 1_000_000, 3) for tier, factor in rule.tiers.items()}
    assert factors | survey["multipliers"] == factors  # type: ignore[operator]
    assert rule.estimated is (name in ESTIMATED)
    assert (rule.pattern, rule.source, rule.provider) == (name, "catalogue", None)


@pytest.mark.parametrize(("name", "survey"), NAMED[::5])
def test_other_vendors_are_found_without_a_hint(name: str, survey: dict[str, object]) -> None:
    if name.startswith(("gpt-", "claude-", "gemini-")):
        assert resolve(name) == resolve(name, (str(survey["provider"]),))


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("GPT-5.4", "gpt-5.4"),
        (" gpt-5.4 ", "gpt-5.4"),
        ("gpt-5.4-2026-03-05", "gpt-5.4"),
        ("gpt-5.2-codex-2026-01-01", "gpt-5.2"),
        ("gpt-5.4-mini-20260401", "gpt-5.4-mini"),
        ("openai/gpt-5.5", "gpt-5.5"),
        ("openrouter/openai/gpt-5.5", "gpt-5.5"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4-0"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("claude-opus-4-1@20250805", "claude-opus-4-1"),
        ("claude-opus-4-6[1m]", "claude-opus-4-6"),
        ("us.anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6"),
        ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
        ("openai/daybreak-red-latest", "gpt-5.6-cyber"),
    ],
)
def test_names_are_matched_by_their_spelling(name: str, same_as: str) -> None:
    found = [(rule.rates, rule.long, rule.effective_from_ms, rule.tiers) for rule in resolve(name)]
    assert found
    assert found == [(rule.rates, rule.long, rule.effective_from_ms, rule.tiers) for rule in resolve(same_as)]


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "*", "/", "-", "gpt", "gpt-5.4-codex-ultra", "gpt-55", "gpt-5.45", "my-gpt-5", "claude-opus-4-15",
        "claude-opus-4-65", "claude-opus-5-9", "claude", "gemini-2.5-pro-xl", "gemini-2.5-flashy", "a-moderation",
    ],
)  # fmt: skip
def test_an_unknown_name_is_unpriced_and_never_a_part_of_another(name: str) -> None:
    assert resolve(name, ("openai", "anthropic", "google")) == []


def test_a_vendor_that_does_not_exist_is_passed_over() -> None:
    assert resolve("gpt-5.4", ("nobody",)) == resolve("gpt-5.4", ("openai",))


def test_the_provider_is_put_into_the_rules() -> None:
    assert {rule.provider for rule in resolve("gpt-5.6-sol", ("openai",), "p")} == {"p"}


class TestTiers:
    def test_priority_is_flat_where_the_vendor_says_so(self) -> None:
        rule = at_noon("gpt-5.5", date(2026, 11, 1))
        assert rule is not None
        assert rule.tiers["priority"] == 2_500_000
        assert not is_long(rule, 272_000, "priority")
        assert is_long(rule, 272_000, "flex")

    def test_and_on_top_where_it_says_that(self) -> None:
        rule = at_noon("gpt-5.6-sol", date(2026, 11, 1))
        assert rule is not None
        assert effective_rates(rule, "priority", 272_000).input == 16_000_000
        assert effective_rates(rule, "fast", 272_000).output == 60_000_000

    def test_odd_factors_give_the_printed_price_to_the_micro_dollar(self) -> None:
        rule = at_noon("o4-mini", date(2026, 11, 1))
        assert rule is not None
        paid = effective_rates(rule, "priority", 0)
        assert (paid.input, paid.cache_read, paid.output) == pytest.approx((2_000_000, 500_000, 8_000_000), abs=1)

    def test_a_model_without_long_context_has_no_flat_tier(self) -> None:
        assert [rule.flat_tiers for rule in resolve("gpt-5")] == [()]

    def test_a_factor_holds_for_every_period(self) -> None:
        assert [rule.tiers["priority"] for rule in resolve("o3")] == [1_750_000, 1_750_000]

    def test_what_the_table_adds_is_still_missing_in_the_package(self) -> None:
        """A factor that the package learns is to be taken out of the table, where it would never be seen again."""
        from tokendial.services.catalogue_package import package_rules

        for model, factors in FACTORS.items():
            found = package_rules(model, ("openai", "anthropic", "google"))
            assert found is not None
            assert found[0] == model
            assert not factors.keys() <= found[1][0].tiers.keys(), model
        for model in LONG_CONTEXT:
            found = package_rules(model, ("openai",))
            assert found is not None
            assert found[1][0].long is None
        for model in (*ALIASES, *STAND_INS):
            assert package_rules(model, ("openai",)) is None


class TestRouted:
    @pytest.mark.parametrize(
        ("day", "stand_in"),
        [
            (date(2025, 8, 7), "gpt-5"),
            (date(2025, 12, 10), "gpt-5.1-codex"),
            (date(2025, 12, 11), "gpt-5.2-codex"),
            (date(2026, 3, 4), "gpt-5.3-codex"),
            (date(2026, 3, 5), "gpt-5.4"),
            (date(2026, 7, 8), "gpt-5.5"),
            (date(2026, 8, 20), "gpt-5.6"),
            (date(2026, 8, 21), "gpt-5.6"),
            (date(2026, 9, 3), "gpt-6-astra"),
            (date(2026, 11, 1), "gpt-6.1-sol"),
        ],
    )
    def test_a_routed_model_costs_what_was_newest_that_day(self, day: date, stand_in: str) -> None:
        routed, real = at_noon("codex-auto-review", day), at_noon(stand_in, day)
        assert routed is not None
        assert real is not None
        assert (routed.rates, routed.long) == (real.rates, real.long)
        assert routed.estimated
        assert not real.estimated

    def test_its_periods_follow_each_other(self) -> None:
        rules = resolve("codex-auto-review")
        assert rules[0].effective_from_ms is None
        assert rules[-1].effective_to_ms is None
        assert all(before.effective_to_ms == after.effective_from_ms for before, after in pairwise(rules))

    def test_a_stand_ins_period_outside_the_stage_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(STAND_INS, "routed", ((None, "gpt-5"), (date(2026, 9, 1), "gpt-5.6")))
        found = [(rule.effective_from_ms, rule.effective_to_ms, rule.rates.input) for rule in resolve("routed")]
        start = ms("2026-09-01")
        assert found == [(None, start, 1_250_000), (start, None, 4_000_000)]


class TestOtherPriceLists:
    def test_a_price_by_the_hour_is_an_estimate(self) -> None:
        rules = resolve("deepseek-chat", ("deepseek",))
        assert rules
        assert all(rule.estimated for rule in rules)

    def test_every_listed_model_gives_rules_the_ledger_can_hold(self) -> None:
        from genai_prices.data import providers

        from tokendial.services.catalogue_package import package_rules

        thresholds: set[int] = set()
        for vendor in providers:
            for model in vendor.models:
                found = package_rules(model.id, (vendor.id,))
                rules = found[1] if found else []
                thresholds.update(rule.long.threshold for rule in rules if rule.long)
                assert all(a.effective_to_ms == b.effective_from_ms for a, b in pairwise(rules))
                assert not rules or rules[-1].effective_to_ms is None
        assert {100_000, 200_000, 272_000} <= thresholds <= set(LONG_CONTEXT_BANDS)

    def test_of_several_steps_the_highest_is_kept_as_an_estimate(self) -> None:
        stepped = [rule for name in STEPPED for rule in resolve(name, ("openrouter",)) if rule.long]
        assert {rule.long.threshold for rule in stepped if rule.long} == {128_000, 256_000}
        assert all(rule.estimated for rule in stepped)

    def test_a_model_without_token_prices_is_unpriced(self) -> None:
        assert resolve("whisper-1", ("openai",)) == []


def test_the_version_names_both_sources() -> None:
    assert catalogue_version().startswith(f"genai-prices {version('genai-prices')}, ")
    assert "table" in catalogue_version()


def test_nothing_is_asked_for_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert resolve("gpt-5.4")


def test_importing_the_catalogue_does_not_load_the_package() -> None:
    code = "import sys, tokendial.services.catalogue; sys.exit('genai_prices' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": "backend"}).returncode == 0


def test_the_version_is_known_also_where_the_metadata_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalogue_version()
    catalogue_version.cache_clear()
    monkeypatch.setattr(catalogue, "find_spec", lambda _name: None)
    assert catalogue_version() == known
