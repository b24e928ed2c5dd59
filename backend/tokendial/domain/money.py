"""Money as integers: prices in micro-dollars per million tokens, costs in pico-dollars.

A token at a price of one micro-dollar per million costs exactly one pico-dollar (1e-12 $), so `tokens * price` is an
exact cost and sums never round. Dollars appear only as text.
"""

from __future__ import annotations

import re

from tokendial.errors import BadRequest

MICRO = 1_000_000
PICO_PER_USD = 10**12
MAX_USD_PER_MILLION = 100_000
_NUMBER = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?", re.ASCII)


class InvalidAmount(BadRequest, ValueError):
    """Text that is not a price or a multiplier; the message names the problem in words."""

    code = "invalid_amount"


def _parse_micro(text: str, maximum: int) -> int:
    """A non-negative decimal number in millionths, exact. Raises InvalidAmount."""
    given = text.strip()
    if not given:
        raise InvalidAmount("A number is missing.")
    if given.startswith(("-", "\N{MINUS SIGN}")):
        raise InvalidAmount("The number cannot be negative.")
    found = _NUMBER.fullmatch(given)
    if found is None or given == ".":
        raise InvalidAmount("This is not a number. Write it with digits and a point, as in 1.25.")
    part = found["part"] or ""
    if len(part) > 6:
        raise InvalidAmount("The number has more than six digits after the point.")
    whole = found["whole"].lstrip("0") or "0"
    if len(whole) > len(str(maximum)) or int(whole + part.ljust(6, "0")) > maximum * MICRO:
        raise InvalidAmount(f"The number is larger than {maximum:,}.")
    return int(whole + part.ljust(6, "0"))


def parse_usd_per_million(text: str) -> int:
    """Dollars per million tokens, as typed, in micro-dollars per million: `"1.25"` is 1,250,000.

    An empty field is refused and is never free of charge (codex-tracker W66). Raises InvalidAmount.
    """
    return _parse_micro(text, MAX_USD_PER_MILLION)


def price_string(price: int) -> str:
    """A price in micro-dollars per million as short dollars: 1,250,000 is `"1.25"`. Reads back as the same price."""
    whole, part = divmod(abs(price), MICRO)
    digits = f"{part:06d}".rstrip("0")
    sign = "-" if price < 0 else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def parse_multiplier(text: str) -> int:
    """A factor, as typed, in millionths: `"2.5"` is 2,500,000. Raises InvalidAmount."""
    return _parse_micro(text, 1_000)


def multiplier_string(millionths: int) -> str:
    """A factor in millionths as a short decimal: 2,500,000 is `"2.5"`."""
    return price_string(millionths)


def usd_string(pico: int) -> str:
    """Pico-dollars as dollars with twelve digits after the point, exact: 6,895,500,000 is `"0.006895500000"`."""
    whole, part = divmod(abs(pico), PICO_PER_USD)
    return f"{'-' if pico < 0 else ''}{whole}.{part:012d}"


def pico_of(usd: str) -> int:
    """Dollars as `usd_string` writes them, in pico-dollars."""
    whole, _, part = usd.partition(".")
    pico = int(whole.lstrip("-")) * PICO_PER_USD + int(part.ljust(12, "0"))
    return -pico if usd.startswith("-") else pico


def divide_half_even(value: int, divisor: int) -> int:
    """`value / divisor` as the nearest integer, a tie to the even one. `divisor` is positive."""
    quotient, rest = divmod(value, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and quotient % 2):
        quotient += 1
    return quotient


def scaled_price(price: int, millionths: int) -> int:
    """A price times a factor in millionths, in micro-dollars per million.

    Exact wherever the product is a whole number of micro-dollars; else rounded to the nearest one, a tie to the even
    one (a factor of 1.818182 on 1.10 $ gives 2.00 $). Rounding the price and not the cost keeps every cost a whole
    number of pico-dollars and linear in the tokens.
    """
    return divide_half_even(price * millionths, MICRO)
