"""Token counts."""

from tokendial.domain.tokens import ZERO, TokenCounts


def test_the_total_is_the_five_parts_without_reasoning() -> None:
    assert TokenCounts(1, 20, 300, 4_000, 50_000, 49_999).total == 54_321


def test_sums_go_part_by_part() -> None:
    one = TokenCounts(1, 2, 3, 4, 5, 6)
    assert one.plus(one) == TokenCounts(2, 4, 6, 8, 10, 12)
    assert one.plus(ZERO) == one
