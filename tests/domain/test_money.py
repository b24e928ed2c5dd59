"""Money as integers."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain.money import (
    InvalidAmount,
    divide_half_even,
    multiplier_string,
    parse_multiplier,
    parse_usd_per_million,
    pico_of,
    price_string,
    scaled_price,
    usd_string,
)
from tokendial.errors import BadRequest


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1.25", 1_250_000),
        ("0", 0),
        ("0.0", 0),
        ("15", 15_000_000),
        ("015", 15_000_000),
        (".5", 500_000),
        ("5.", 5_000_000),
        (" 2.5 ", 2_500_000),
        ("0.000001", 1),
        ("0.125000", 125_000),
        ("100000", 100_000_000_000),
        ("0000000000000000001", 1_000_000),
    ],
)
def test_a_price_is_read_exactly(text: str, price: int) -> None:
    assert parse_usd_per_million(text) == price


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("-1", "negative"),
        ("\N{MINUS SIGN}1", "negative"),
        ("-0", "negative"),
        ("nan", "not a number"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("1e3", "not a number"),
        ("1,25", "not a number"),
        ("$1", "not a number"),
        ("1.2.3", "not a number"),
        (".", "not a number"),
        ("+1", "not a number"),
        ("1_000", "not a number"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "not a number"),
        ("0x10", "not a number"),
        ("1.0000001", "six digits"),
        ("0.1250000", "six digits"),
        ("100000.000001", "larger"),
        ("100001", "larger"),
        ("9" * 5_000, "larger"),
    ],
)
def test_what_is_no_price_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidAmount, match=words) as caught:
        parse_usd_per_million(text)
    assert isinstance(caught.value, BadRequest)
    assert isinstance(caught.value, ValueError)


@given(st.integers(0, 10**11))
def test_a_price_written_reads_back_the_same(price: int) -> None:
    assert parse_usd_per_million(price_string(price)) == price


@pytest.mark.parametrize(
    ("price", "text"), [(1_250_000, "1.25"), (0, "0"), (30_000_000, "30"), (1, "0.000001"), (-500_000, "-0.5")]
)
def test_a_price_is_written_short(price: int, text: str) -> None:
    assert price_string(price) == text


@pytest.mark.parametrize(
    ("pico", "text"),
    [
        (6_895_500_000, "0.006895500000"),
        (0, "0.000000000000"),
        (1, "0.000000000001"),
        (-1, "-0.000000000001"),
        (10**12, "1.000000000000"),
        (-(10**12) - 5, "-1.000000000005"),
        (123_456_789 * 10**12 + 1, "123456789.000000000001"),
    ],
)
def test_dollars_have_twelve_digits(pico: int, text: str) -> None:
    assert usd_string(pico) == text


@given(st.integers(-(10**30), 10**30))
def test_dollars_are_exact(pico: int) -> None:
    text = usd_string(pico)
    digits = text.removeprefix("-").replace(".", "")
    assert (-1 if text.startswith("-") else 1) * int(digits) == pico
    assert len(text.partition(".")[2]) == 12


@pytest.mark.parametrize(("text", "factor"), [("2", 2_000_000), ("1.818182", 1_818_182), ("0.5", 500_000), ("0", 0)])
def test_a_multiplier_round_trips(text: str, factor: int) -> None:
    assert parse_multiplier(text) == factor
    assert multiplier_string(factor) == text


@pytest.mark.parametrize("text", ["", "-2", "x", "1001"])
def test_what_is_no_multiplier_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_multiplier(text)


@pytest.mark.parametrize(
    ("price", "factor", "expected"),
    [
        (1_250_000, 2_000_000, 2_500_000),
        (125_000, 500_000, 62_500),
        (1_100_000, 1_818_182, 2_000_000),
        (1_100_000, 1_818_000, 1_999_800),
        (1, 500_000, 0),
        (3, 500_000, 2),
        (5, 500_000, 2),
        (7, 0, 0),
        (7, 1_000_000, 7),
    ],
)
def test_a_scaled_price_is_exact_or_the_nearest(price: int, factor: int, expected: int) -> None:
    assert scaled_price(price, factor) == expected


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_division_rounds_ties_to_even(value: int, divisor: int) -> None:
    exact = Decimal(value) / Decimal(divisor) if divisor in (1, 2, 4, 5, 10) else None
    got = divide_half_even(value, divisor)
    assert abs(2 * (value - got * divisor)) <= divisor
    if abs(2 * (value - got * divisor)) == divisor:
        assert got % 2 == 0
    if exact is not None:
        assert got == int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))


@pytest.mark.parametrize("pico", [0, 1, 6_895_500_000, 10**12, -5, 10**30 + 7])
def test_dollars_read_back_as_the_same_amount(pico: int) -> None:
    assert pico_of(usd_string(pico)) == pico
