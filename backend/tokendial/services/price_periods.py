"""Periods of price rules: which rules are about the same models, and whether they share a day.

Periods are half-open: one that ends on the day another begins leaves no hole and no overlap (codex-tracker W14).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

from tokendial.domain.pricing import PriceRule
from tokendial.services.contract.prices import PriceProblem

_EPOCH = date(1970, 1, 1)


def subject(rule: PriceRule) -> tuple[str, str | None]:
    """What a rule is about; rules of one subject may not overlap in time."""
    return rule.pattern.lower(), rule.provider


def overlap(left: PriceRule, right: PriceRule) -> bool:
    """Whether two periods share a day."""
    return _starts_before_end(left, right) and _starts_before_end(right, left)


def overlaps(rules: Iterable[tuple[int, PriceRule]]) -> Iterator[PriceProblem]:
    """The rules of one subject whose periods overlap, told beside both; each comes with its place in the list."""
    alike: dict[tuple[str, str | None], list[tuple[int, PriceRule]]] = {}
    for index, rule in rules:
        alike.setdefault(subject(rule), []).append((index, rule))
    for group in alike.values():
        for (i, left), (j, right) in combinations(group, 2):
            if overlap(left, right):
                yield _problem(i, right)
                yield _problem(j, left)


def _starts_before_end(left: PriceRule, right: PriceRule) -> bool:
    start, end = left.effective_from_ms, right.effective_to_ms
    return start is None or end is None or start < end


def _problem(index: int, other: PriceRule) -> PriceProblem:
    words = f"The period overlaps with that of another rule for {other.pattern} ({period_words(other)})."
    return PriceProblem(index, "effective_from", words)


def period_words(rule: PriceRule) -> str:
    """A period as a person says it."""
    start, end = day_text(rule.effective_from_ms), day_text(rule.effective_to_ms)
    if start is None:
        return "always" if end is None else f"until {end}"
    return f"from {start}" if end is None else f"{start} to {end}"


def day_text(at_ms: int | None) -> str | None:
    """The UTC day that begins at an instant."""
    return None if at_ms is None else (_EPOCH + timedelta(milliseconds=at_ms)).isoformat()
