"""Price rules as people type them."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokendial.domain.pricing import LONG_CONTEXT_BANDS, LongContext, PriceBook, PriceRule, Rates, effective_rates
from tokendial.errors import InvalidPriceRule
from tokendial.services.contract.prices import PriceRuleInput
from tokendial.services.price_rules import check_rules, from_rule, to_rules

DAY_MS = 86_400_000
JAN_10_2025 = 20_098 * DAY_MS


def given_rule(**more: object) -> PriceRuleInput:
    return msgspec.convert({"pattern": "gpt-5*", "input": "1.25", "output": "10", **more}, PriceRuleInput)


def to_rules_alone(*rules: PriceRuleInput) -> list[PriceRule]:
    """Each read by itself, so that they may overlap."""
    return [rule for given in rules for rule in to_rules([given])]


def told(*rules: PriceRuleInput) -> list[tuple[int, str]]:
    return [(problem.index, problem.field) for problem in check_rules(rules)]


def test_a_full_rule_is_read() -> None:
    rule = given_rule(
        id=4,
        provider=" p ",
        effective_from="2025-01-10",
        effective_to="2025-01-11",
        cache_read="0.125",
        cache_write="1.5",
        cache_write_1h="2.4",
        long_threshold=272_000,
        long_input="2.5",
        long_cache_write="3",
        long_output="15",
        tiers={"Priority": "2", "flex": "0.5"},
    )
    assert check_rules([rule]) == []
    assert to_rules([rule]) == [
        PriceRule(
            id=4,
            pattern="gpt-5*",
            provider="p",
            effective_from_ms=JAN_10_2025,
            effective_to_ms=JAN_10_2025 + DAY_MS,
            rates=Rates(
                input=1_250_000, output=10_000_000, cache_read=125_000, cache_write=1_500_000, cache_write_1h=2_400_000
            ),
            long=LongContext(
                272_000, Rates(input=2_500_000, output=15_000_000, cache_write=3_000_000, cache_write_1h=4_800_000)
            ),
            tiers={"priority": 2_000_000, "flex": 500_000},
        )
    ]


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_what_may_be_blank_is_not_stated_and_not_free(blank: str | None) -> None:
    rule = given_rule(
        provider=blank, effective_from=blank, effective_to=blank, cache_read=blank, cache_write=blank,
        cache_write_1h=blank, long_input=blank, long_output=blank, long_cache_read=blank, long_cache_write=blank,
    )  # fmt: skip
    assert to_rules([rule]) == [PriceRule(pattern="gpt-5*", rates=Rates(input=1_250_000, output=10_000_000))]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pattern": ""}, "pattern"),
        ({"pattern": "  "}, "pattern"),
        ({"pattern": "x" * 201}, "pattern"),
        ({"input": ""}, "input"),
        ({"input": "-1"}, "input"),
        ({"input": "NaN"}, "input"),
        ({"output": " "}, "output"),
        ({"output": "1.1234567"}, "output"),
        ({"cache_read": "x"}, "cache_read"),
        ({"cache_write": "1,5"}, "cache_write"),
        ({"cache_write_1h": "1e9"}, "cache_write_1h"),
        ({"effective_from": "10.01.2025"}, "effective_from"),
        ({"effective_to": "2025-02-30"}, "effective_to"),
        ({"effective_from": "2025-01-11", "effective_to": "2025-01-10"}, "effective_to"),
        ({"effective_from": "2025-01-10", "effective_to": "2025-01-10"}, "effective_to"),
        ({"long_threshold": 250_000, "long_input": "2", "long_output": "3"}, "long_threshold"),
        ({"long_threshold": -1, "long_input": "2", "long_output": "3"}, "long_threshold"),
        ({"long_input": "2", "long_output": "3"}, "long_threshold"),
        ({"long_threshold": 272_000, "long_output": "3"}, "long_input"),
        ({"long_threshold": 272_000, "long_input": "3"}, "long_output"),
        ({"long_threshold": 272_000, "long_input": "2", "long_output": "3", "long_cache_read": "?"}, "long_cache_read"),
        (
            {"long_threshold": 272_000, "long_input": "2", "long_output": "3", "long_cache_write": "?"},
            "long_cache_write",
        ),
        (
            {"long_threshold": 272_000, "long_input": "2", "long_output": "3", "long_cache_write_1h": "-"},
            "long_cache_write_1h",
        ),
        ({"long_cache_write_1h": "3", "long_input": "2", "long_output": "3"}, "long_threshold"),
        ({"flat_tiers": ["priority"]}, "flat_tiers"),
        ({"tiers": {"flex": "0.5"}, "flat_tiers": ["flex", "batch"]}, "flat_tiers"),
        ({"tiers": {"": "2"}}, "tiers"),
        ({"tiers": {"Fast": "2", "fast": "3"}}, "tiers"),
        ({"tiers": {"fast": "-2"}}, "tiers"),
        ({"tiers": {"fast": ""}}, "tiers"),
    ],
)
def test_each_problem_stands_beside_its_field(changes: dict[str, object], field: str) -> None:
    assert told(given_rule(pattern="other"), given_rule(**changes)) == [(1, field)]
    with pytest.raises(InvalidPriceRule) as caught:
        to_rules([given_rule(pattern="other"), given_rule(**changes)])
    assert (caught.value.details["field"], caught.value.details["index"]) == (field, 1)


def test_all_problems_are_told_at_once() -> None:
    assert told(given_rule(pattern="", input="", output="x"), given_rule(), given_rule(input="y")) == [
        (0, "pattern"),
        (0, "input"),
        (0, "output"),
        (2, "input"),
    ]


def test_the_known_thresholds_are_named() -> None:
    problem = check_rules([given_rule(long_threshold=1, long_input="1", long_output="1")])[0]
    assert all(f"{band:,}" in problem.message for band in LONG_CONTEXT_BANDS)


class TestPeriods:
    def test_periods_that_touch_leave_neither_hole_nor_overlap(self) -> None:
        rules = [given_rule(id=1, effective_to="2025-01-10"), given_rule(id=2, effective_from="2025-01-10")]
        assert check_rules(rules) == []
        book = PriceBook(to_rules(rules))
        answers = [book.rule_for("p", "gpt-5", at) for at in (JAN_10_2025 - 1, JAN_10_2025)]
        assert [rule and rule.id for rule in answers] == [1, 2]

    @pytest.mark.parametrize(
        ("one", "two"),
        [
            ({}, {}),
            ({"effective_to": "2025-01-11"}, {"effective_from": "2025-01-10"}),
            ({"effective_from": "2025-01-10"}, {"effective_to": "2025-01-11"}),
            ({"effective_from": "2025-01-01", "effective_to": "2025-02-01"}, {"effective_from": "2025-01-10"}),
            ({}, {"effective_from": "2025-01-10", "effective_to": "2025-01-11"}),
            ({}, {"pattern": "GPT-5*"}),
            ({"provider": "p"}, {"provider": "p"}),
        ],
    )
    def test_an_overlap_is_told_on_both_rows(self, one: dict[str, object], two: dict[str, object]) -> None:
        rules = [given_rule(**one), given_rule(pattern="other"), given_rule(**two)]
        assert told(*rules) == [(0, "effective_from"), (2, "effective_from")]
        others = [from_rule(rule) for rule in to_rules_alone(rules[2], rules[0])]
        for problem, other in zip(check_rules(rules), others, strict=True):
            days = [day for day in (other.effective_from, other.effective_to) if day is not None]
            assert all(day in problem.message for day in [*days, other.pattern]), "it names the other one"
            assert ("(always)" in problem.message) is (days == [])

    @pytest.mark.parametrize("other", [{"pattern": "gpt-5"}, {"provider": "p"}])
    def test_another_pattern_or_provider_is_no_overlap(self, other: dict[str, object]) -> None:
        assert told(given_rule(), given_rule(**other)) == []

    @pytest.mark.parametrize("day", ["2025-01-10", "2024-02-29", "1970-01-01", "2199-12-31"])
    def test_a_day_reads_back_the_same_in_any_zone(self, day: str) -> None:
        assert from_rule(to_rules([given_rule(effective_from=day)])[0]).effective_from == day


RATE = st.integers(0, 10**11)
RATES = st.builds(
    Rates,
    input=RATE,
    output=RATE,
    cache_read=st.none() | RATE,
    cache_write=st.none() | RATE,
    cache_write_1h=st.none() | RATE,
)
TIERS = st.sampled_from(["priority", "flex", "fast"])


def rules_with_tiers() -> st.SearchStrategy[PriceRule]:
    """Any rule, some of its tiers flat over long context."""
    return st.builds(
        PriceRule,
        pattern=st.from_regex(r"[a-z0-9.*-]{1,30}", fullmatch=True),
        rates=RATES,
        provider=st.none() | st.just("p"),
        effective_from_ms=st.none() | st.integers(0, 20_000).map(lambda day: day * DAY_MS),
        effective_to_ms=st.none() | st.integers(20_001, 40_000).map(lambda day: day * DAY_MS),
        long=st.none() | st.builds(LongContext, st.sampled_from(LONG_CONTEXT_BANDS), RATES),
        tiers=st.dictionaries(TIERS, st.integers(0, 10**9)),
        flat_tiers=st.lists(TIERS, unique=True).map(tuple),
        id=st.none() | st.integers(1, 99),
    )


@settings(deadline=None)
@given(rules_with_tiers())
def test_a_rule_written_reads_back_at_the_same_price(rule: PriceRule) -> None:
    back = to_rules([from_rule(rule)])[0]
    for band in (0, *LONG_CONTEXT_BANDS):
        for tier in (None, "priority", "flex", "fast", "unheard-of"):
            assert effective_rates(back, tier, band) == effective_rates(rule, tier, band)
    alike = {"rates": rule.rates, "long": rule.long, "flat_tiers": rule.flat_tiers}
    assert msgspec.structs.replace(back, **alike) == rule
    assert from_rule(back) == from_rule(rule)


def test_a_long_hour_write_is_stated_or_worked_out() -> None:
    long = {"long_threshold": 272_000, "long_input": "2", "long_output": "3", "long_cache_write": "4"}
    worked_out, stated = to_rules(
        [
            given_rule(pattern="a", cache_write="2", cache_write_1h="3", **long),
            given_rule(pattern="b", cache_write="2", cache_write_1h="3", long_cache_write_1h="5", **long),
        ]
    )
    assert worked_out.long is not None and stated.long is not None
    assert (worked_out.long.rates.cache_write_1h, stated.long.rates.cache_write_1h) == (6_000_000, 5_000_000)


def test_a_thousand_rules_are_enough() -> None:
    assert told(*(given_rule(pattern=f"m{n}") for n in range(1_000))) == []
    assert told(*(given_rule(pattern=f"m{n}") for n in range(1_001))) == [(1_000, "pattern")]
