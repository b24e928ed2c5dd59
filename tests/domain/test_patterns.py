"""Model patterns (codex-tracker W12)."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain.patterns import is_exact, literal_length, matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("gpt-5", "gpt-5", True),
        ("gpt-5", "gpt-5.4", False),
        ("gpt-5", "xgpt-5", False),
        ("GPT-5", "gpt-5", True),
        ("gpt-5", "GPT-5", True),
        ("gpt-5*", "gpt-5", True),
        ("gpt-5*", "gpt-5.2-codex", True),
        ("gpt-5*", "gpt-4", False),
        ("*codex", "gpt-5.2-codex", True),
        ("*codex", "codex", True),
        ("*codex", "codex-mini", False),
        ("*-codex*", "gpt-5.2-codex", True),
        ("*-codex*", "gpt-5.1-codex-max", True),
        ("*-codex*", "codex-mini", False),
        ("gpt*codex", "gpt-codex-codex", True),
        ("gpt*codex", "gpt-codex-mini", False),
        ("a*b*c", "abc", True),
        ("a*b*c", "a-c-b-c", True),
        ("a*b*c", "acb", False),
        ("ab*ba", "aba", False),
        ("ab*ba", "abba", True),
        ("*", "anything", True),
        ("*", "", True),
        ("**", "x", True),
        ("a**b", "ab", True),
        ("?", "x", False),
        ("gpt-?", "gpt-?", True),
        ("g.t", "gpt", False),
        ("[a]", "a", False),
        ("", "", False),
        ("", "gpt-5", False),
        ("gpt-5", "", False),
    ],
)
def test_a_pattern_fits_as_a_whole(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@given(st.text("ab*", min_size=1, max_size=8), st.text("ab", max_size=10))
def test_it_agrees_with_a_regular_expression(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    assert matches(pattern, text) is (re.fullmatch(expression, text) is not None)


def test_a_hostile_pattern_takes_no_time() -> None:
    started = time.perf_counter()
    assert not matches("*a" * 500 + "*b", "a" * 20_000)
    assert time.perf_counter() - started < 0.5


def test_how_specific_a_pattern_is() -> None:
    assert is_exact("gpt-5")
    assert not is_exact("gpt-5*")
    assert literal_length("gpt-5**") == literal_length("gpt-5") == 5
