"""The words and pictures of a printed report."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tokendial.domain.periods import resolve_range
from tokendial.services.printed import charts, markup, words
from tokendial.services.printed.markup import Column

NOW = 1_780_000_000_000  # 2026-05-28T20:26:40Z
UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("a\u202eb\x00\n", "a[U+202E]b[U+0000][U+000A]"),
        ("\ud800", "[U+D800]"),
        ("x" * 161, "x" * 159 + "…"),
    ],
)
def test_text_is_made_harmless(text: str, shown: str) -> None:
    assert markup.text(text) == shown
    assert markup.tag("td", text) == f"<td>{shown}</td>"


def test_an_attribute_cannot_be_left() -> None:
    assert markup.tag("i", "x", title='" onclick="a\n') == '<i title="&quot; onclick=&quot;a">x</i>'


def test_a_table_has_its_head_caption_and_totals() -> None:
    made = markup.table("T", [Column("A", is_figure=False), Column("B")], [["<", "1"]], ["Total", "1"])
    assert "<caption>T</caption><thead><tr>" in made
    assert '<td class="name">&lt;</td><td class="figure">1</td>' in made
    assert '<tfoot><tr><td class="name">Total</td>' in made


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (0.0004, 0.0005), (1, 1), (1.01, 2), (2.2, 2.5), (2.6, 5), (7, 10), (10, 10), (333_000, 500_000)],
)
def test_the_axis_ends_at_a_round_number(highest: float, top: float) -> None:
    assert charts.nice(highest) == pytest.approx(top)


def test_bars_stack_to_the_top_of_the_axis() -> None:
    made = charts.bars("C", ["a", "b"], [charts.Layer("<x>", [1, 0], 0), charts.Layer("y", [1, 2], 1)], str)
    assert made.count("<rect") == 3 + 2  # the bars, and the legend
    assert "&lt;x&gt;" in made and "<x>" not in made
    assert 'y="8" width="48" height="80"' in made  # the upper half, from the upper edge on


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "unknown"), (0.0, "0 %"), (0.01, "<0.1 %"), (9.4, "9.4 %"), (12.5, "13 %"), (99.6, "99 %"),
        (100.0, "100 %"), (1234.5, "1,235 %"),
    ],
)  # fmt: skip
def test_percent_is_written_as_the_page_writes_it(value: float | None, shown: str) -> None:
    assert words.percent(value) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (999, "999"), (12_345, "12.3K"), (4_560_000, "4.56M"), (1_050_000_000, "1.05B")]
)
def test_tokens_have_three_digits(count: int, shown: str) -> None:
    assert words.tokens(count) == shown


@pytest.mark.parametrize(
    ("pico", "shown"), [(0, "$0.00"), (6_895_500_000, "$0.0069"), (1_234_560_000_000_000, "$1,234.56")]
)
def test_dollars_have_cents_or_four_digits(pico: int, shown: str) -> None:
    assert words.dollars(pico) == shown


def test_times_carry_their_zone() -> None:
    assert words.moment(NOW, ZoneInfo("Asia/Kolkata")) == "29 May 2026, 01:56 (UTC+5:30)"
    assert words.moment(NOW, ZoneInfo("America/St_Johns")) == "28 May 2026, 17:56 (UTC-2:30)"


def test_ranges_and_files_are_named_by_their_days() -> None:
    week = resolve_range("last7days", None, None, NOW, UTC)
    assert words.range_words(week, UTC) == "Last 7 days: 2026-05-22 to 2026-05-28"
    assert words.file_name(week, UTC) == "tokendial-report-2026-05-22-to-2026-05-28.html"
    one = resolve_range("custom", "2026-05-01", "2026-05-01", NOW, UTC)
    assert words.range_words(one, UTC) == "2026-05-01"
    never = resolve_range("alltime", None, None, NOW, UTC)
    assert words.range_words(never, UTC) == "All time: nothing was used yet"
    assert words.file_name(never, UTC) == "tokendial-report-all-time.html"
