"""Which rule holds, and what it costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain.pricing import (
    LONG_CONTEXT_BANDS,
    NO_COST,
    CostParts,
    LongContext,
    PriceBook,
    PriceRule,
    Rates,
    band_exceeds,
    cost,
    effective_rates,
    is_long,
    prompt_band,
    resolved_tier,
    saved_by_cache,
)
from tokendial.domain.tokens import TokenCounts

PLAIN = Rates(input=10, output=100)
FULL = Rates(input=10, cache_read=1, cache_write=12, cache_write_1h=20, output=100)
LONG = Rates(input=20, cache_read=2, cache_write=25, cache_write_1h=40, output=150)
TOKENS = TokenCounts(input=1, cache_read=1_000, cache_write=1_000_000, cache_write_1h=10**9, output=10**12, reasoning=7)


def rule(pattern: str = "m", **more: object) -> PriceRule:
    return PriceRule(**{"pattern": pattern, "rates": FULL, **more})  # type: ignore[arg-type]


class TestBands:
    @pytest.mark.parametrize(
        ("tokens", "band"),
        [
            (0, 0),
            (100_000, 0),
            (100_001, 100_000),
            (128_001, 128_000),
            (199_999, 128_000),
            (200_000, 199_999),
            (200_001, 200_000),
            (272_000, 256_000),
            (272_001, 272_000),
            (10**9, 524_288),
        ],
    )
    def test_a_band_is_the_threshold_passed(self, tokens: int, band: int) -> None:
        assert prompt_band(tokens) == band

    @given(st.integers(0, 2_000_000), st.sampled_from(LONG_CONTEXT_BANDS))
    def test_a_band_answers_every_threshold_as_the_prompt_would(self, tokens: int, threshold: int) -> None:
        assert band_exceeds(prompt_band(tokens), threshold) is (tokens > threshold)


class TestCost:
    def test_each_part_at_its_own_rate(self) -> None:
        parts = cost(TOKENS, rule())
        assert parts == CostParts(10, 1_000, 12 * 10**6 + 20 * 10**9, 100 * 10**12)
        assert parts.total == sum(parts)

    def test_one_response_in_dollars(self) -> None:
        priced = rule(rates=Rates(input=1_250_000, cache_read=125_000, output=10_000_000))
        assert cost(TokenCounts(2_000, 20_000, 0, 0, 189, 64), priced).total == 6_890_000_000

    def test_rates_not_stated_fall_back(self) -> None:
        parts = cost(TokenCounts(0, 1, 1_000, 10**6, 0), rule(rates=PLAIN))
        assert parts == CostParts(0, 10, 10 * 1_000 + 10 * 10**6, 0)

    def test_an_hour_write_falls_back_on_the_short_one(self) -> None:
        priced = rule(rates=Rates(input=10, cache_write=12, output=1))
        assert cost(TokenCounts(cache_write_1h=5), priced).cache_write == 60

    def test_a_stated_zero_is_free_and_not_a_fallback(self) -> None:
        priced = rule(rates=Rates(input=10, cache_read=0, cache_write=0, output=1))
        assert cost(TokenCounts(0, 5, 5, 5, 0), priced).total == 0

    def test_reasoning_is_never_charged_again(self) -> None:
        assert cost(TokenCounts(output=9, reasoning=9), rule()) == cost(TokenCounts(output=9), rule())

    def test_long_context_moves_the_whole_request(self) -> None:
        priced = rule(long=LongContext(272_000, LONG))
        assert cost(TOKENS, priced, None, 272_000) == cost(TOKENS, rule(rates=LONG))
        assert cost(TOKENS, priced, None, 512_000) == cost(TOKENS, rule(rates=LONG))
        assert cost(TOKENS, priced, None, 256_000) == cost(TOKENS, rule())

    def test_a_rule_without_long_context_never_charges_it(self) -> None:
        assert cost(TOKENS, rule(), None, 524_288) == cost(TOKENS, rule())

    def test_priority_is_not_charged_long_context_on_top(self) -> None:
        priced = rule(long=LongContext(272_000, LONG), tiers={"priority": 2_000_000, "flex": 500_000})
        assert effective_rates(priced, "priority", 272_000).input == 20
        assert effective_rates(priced, "fast", 272_000).input == 20
        assert effective_rates(priced, "flex", 272_000).input == 10
        assert not is_long(priced, 272_000, "priority")
        assert is_long(priced, 272_000, "flex")
        assert is_long(priced, 272_000)

    def test_a_vendor_may_charge_both(self) -> None:
        priced = rule(long=LongContext(272_000, LONG), tiers={"priority": 2_000_000}, flat_tiers=())
        assert effective_rates(priced, "priority", 272_000).output == 300

    @pytest.mark.parametrize(
        ("tiers", "tier", "name"),
        [
            ({"priority": 2}, None, None),
            ({"priority": 2}, "priority", "priority"),
            ({"priority": 2}, "Priority", "priority"),
            ({"priority": 2}, "fast", "priority"),
            ({"priority": 2, "fast": 6}, "fast", "fast"),
            ({"fast": 6}, "priority", None),
            ({}, "fast", None),
            ({"priority": 2}, "default", None),
            ({"priority": 2}, "unheard-of", None),
        ],
    )
    def test_tiers_are_found_by_name(self, tiers: dict[str, int], tier: str | None, name: str | None) -> None:
        assert resolved_tier(rule(tiers=tiers), tier) == name

    def test_a_factor_scales_every_part(self) -> None:
        assert effective_rates(rule(tiers={"fast": 6_000_000}), "fast", 0) == Rates(
            input=60, cache_read=6, cache_write=72, cache_write_1h=120, output=600
        )

    @given(
        st.lists(st.builds(TokenCounts, *[st.integers(0, 10**9)] * 6), max_size=8),
        st.sampled_from([None, "priority", "flex", "odd"]),
        st.sampled_from((0, *LONG_CONTEXT_BANDS)),
    )
    def test_cost_is_linear_in_the_tokens(self, events: list[TokenCounts], tier: str | None, band: int) -> None:
        priced = rule(long=LongContext(272_000, LONG), tiers={"priority": 1_818_182, "flex": 500_000, "odd": 333_333})
        together, apart = TokenCounts(), NO_COST
        for event in events:
            together, apart = together.plus(event), apart.plus(cost(event, priced, tier, band))
        assert cost(together, priced, tier, band) == apart
        assert saved_by_cache(together, priced, tier, band) == sum(
            saved_by_cache(event, priced, tier, band) for event in events
        )


class TestSavedByCache:
    def test_reads_save_and_writes_cost(self) -> None:
        assert saved_by_cache(TokenCounts(cache_read=100), rule()) == 900
        assert saved_by_cache(TokenCounts(cache_write=100), rule()) == -200
        assert saved_by_cache(TokenCounts(cache_write_1h=100), rule()) == -1_000
        assert saved_by_cache(TokenCounts(input=5, output=5), rule()) == 0

    def test_without_cache_rates_nothing_is_saved(self) -> None:
        assert saved_by_cache(TOKENS, rule(rates=PLAIN)) == 0

    def test_tier_and_long_context_count(self) -> None:
        priced = rule(long=LongContext(272_000, LONG), tiers={"flex": 500_000})
        assert saved_by_cache(TokenCounts(cache_read=100), priced, "flex", 272_000) == 900


class TestWhoWins:
    def winner(self, *rules: PriceRule, model: str = "gpt-5.2-codex", at: int = 50, provider: str = "p") -> int | None:
        answers = set()
        for order in (rules, rules[::-1]):
            found = PriceBook(order).rule_for(provider, model, at)
            answers.add(None if found is None else found.id)
        assert len(answers) == 1, "the order of the list must not matter"
        return answers.pop()

    def test_exact_beats_a_newer_wildcard(self) -> None:
        assert self.winner(rule("gpt-5.2-codex", id=1), rule("gpt-5.2-codex*", id=2, effective_from_ms=10)) == 1

    def test_longer_beats_a_newer_shorter(self) -> None:
        assert self.winner(rule("gpt-5.2*", id=1), rule("gpt*", id=2, effective_from_ms=10)) == 1

    def test_stars_do_not_make_a_pattern_longer(self) -> None:
        assert self.winner(rule("gpt-5*", id=1), rule("gpt**********", id=2)) == 1

    def test_of_one_provider_beats_of_all(self) -> None:
        assert self.winner(rule("gpt*", id=1, effective_from_ms=10), rule("gpt*", id=2, provider="p")) == 2

    def test_newer_beats_older(self) -> None:
        rules = (rule("gpt*", id=1), rule("gpt*", id=2, effective_from_ms=10), rule("gpt*", id=3, effective_from_ms=40))
        assert self.winner(*rules) == 3
        assert self.winner(*rules, at=39) == 2
        assert self.winner(*rules, at=9) == 1

    def test_then_the_smaller_id(self) -> None:
        assert self.winner(rule("gpt*", id=7), rule("gpt*", id=3)) == 3
        assert self.winner(rule("gpt*", id=7), rule("gpt*")) == 7

    def test_periods_are_half_open(self) -> None:
        rules = (rule("gpt*", id=1, effective_to_ms=50), rule("gpt*", id=2, effective_from_ms=50, effective_to_ms=60))
        assert self.winner(*rules, at=49) == 1
        assert self.winner(*rules, at=50) == 2
        assert self.winner(*rules, at=60) is None

    def test_another_providers_rule_is_not_used(self) -> None:
        assert self.winner(rule("gpt*", id=1, provider="q")) is None

    def test_the_user_wins_over_the_catalogue(self) -> None:
        listed = rule("m", source="catalogue", id=1)
        book = PriceBook([rule("*", id=9, effective_from_ms=100)], [listed])
        assert book.rule_for("p", "m", 100) is not None
        assert [(book.rule_for("p", "m", at) or rule()).id for at in (99, 100)] == [1, 9]

    def test_the_catalogue_only_fits_a_name_as_a_whole(self) -> None:
        book = PriceBook([], [rule("gpt-5", source="catalogue"), rule("gpt-*", source="catalogue")])
        assert book.rule_for("p", "GPT-5", 0) is not None
        assert book.rule_for("p", "gpt-5.4", 0) is None

    def test_the_catalogues_rules_of_another_provider_are_not_used(self) -> None:
        book = PriceBook([], [rule("m", source="catalogue", provider="q")])
        assert book.rule_for("p", "m", 0) is None
        assert book.rule_for("q", "m", 0) is not None

    def test_boundaries_are_where_the_answer_can_change(self) -> None:
        book = PriceBook(
            [rule("gpt*", effective_from_ms=10, effective_to_ms=20), rule("other", effective_from_ms=5)],
            [rule("gpt-5", effective_to_ms=15), rule("gpt-6", effective_from_ms=20, effective_to_ms=30)],
        )
        assert book.boundaries_ms("p", ["gpt-5"]) == [10, 15, 20]
        assert book.boundaries_ms("p", ["gpt-5", "gpt-6"]) == [10, 15, 20, 30]
        assert book.boundaries_ms("p", ["none"]) == []

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["gpt-5", "gpt*", "*", "*5", "x*"]),
                st.none() | st.integers(0, 50),
                st.none() | st.integers(0, 50),
                st.sampled_from([None, "p", "q"]),
            ),
            max_size=8,
        ),
        st.booleans(),
    )
    def test_between_two_boundaries_the_answer_is_the_same(
        self, drawn: list[tuple[str, int | None, int | None, str | None]], listed: bool
    ) -> None:
        rules = [
            rule(pattern, id=number, effective_from_ms=start, effective_to_ms=end, provider=provider)
            for number, (pattern, start, end, provider) in enumerate(drawn)
        ]
        book = PriceBook(rules[1:], rules[:1]) if listed else PriceBook(rules)
        changes = [at for at in range(1, 60) if book.rule_for("p", "gpt-5", at) != book.rule_for("p", "gpt-5", at - 1)]
        assert set(changes) <= set(book.boundaries_ms("p", ["gpt-5"]))
