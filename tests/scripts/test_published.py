"""The benchmark as text: what stands in the README is what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from _figures import Bar, Document, Part, Point, Samples, result
from _measure import BenchError
from _published import BEGIN, END, line, rewrite, section

COLD = result(
    "first reading",
    "ms",
    Samples.of([900, 1000, 1400]),
    {"ccusage": Samples.of([2000]), "agentsview": Samples.of([50_000])},
    bar=Bar(1.0, "ratio", "ccusage"),
    note="1000 MB/s",
)
PAGE = result("dashboard.get", "ms", Samples.of([10, 20, 70]), bar=Bar(60.0, "p95"))
POINT = Point(1000, 1400, 50_000, 1500.0, 30.0, 20.0, 150.0, 120.4)


def document(*parts: Part) -> Document:
    """As bench.py keeps it."""
    named = {str(number): part for number, part in enumerate(parts)}
    return Document({"cores": "2 used of 4"}, {"Python": "3.11"}, {"cold": "gen_logs.py --size 1GB"}, named)


def test_a_line_has_bar_ratio_and_judgement() -> None:
    said = line(COLD)
    assert "1.00 s (900 ms to 1.40 s)  bar 1.0x of ccusage: 0.50x met  ccusage 2.00 s: 0.50x" in said
    assert said.endswith("1000 MB/s")
    assert "bar 60 ms (p95): 70 ms MISSED" in line(PAGE)


def test_the_section_has_tables_days_and_basis() -> None:
    text = section(document(Part("2026-01-03", "b", [COLD]), Part("2026-01-01", "a", [PAGE], [POINT])))
    assert text.startswith("Measured on 2026-01-01 to 2026-01-03. Medians of 3 runs")
    assert "| first reading | 1.0x of ccusage | 1.00 s (900 ms to 1.40 s) | 0.50x met |" in text
    assert "| dashboard.get | 60 ms (p95) | 20 ms (10 ms to 70 ms) | 70 ms MISSED |" in text
    assert "| first reading | 1.00 s | 2.00 s, 0.50x | 50.00 s, 0.02x |" in text
    assert "| 1.0 GB | 1,400 | 50,000 | 1.50 s | 30 ms | 20 ms | 150 MB | 120 B |" in text
    assert "cores: 2 used of 4." in text
    assert "gen_logs.py --size 1GB" in text


def test_a_bar_that_was_not_judged_says_so() -> None:
    alone = result("first reading", "ms", Samples.of([1]), bar=Bar(1.0, "ratio", "ccusage"))
    assert "| not measured |" in section(document(Part("2026-01-01", "a", [alone])))


def test_only_the_marked_section_is_rewritten(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    rewrite(readme, "new")
    rewrite(readme, "newer")
    assert readme.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnewer\n\n{END}\nafter\n"
    readme.write_text("no marks\n", encoding="utf-8")
    with pytest.raises(BenchError, match="no place"):
        rewrite(readme, "new")
    assert readme.read_text(encoding="utf-8") == "no marks\n"


def test_the_readme_has_its_place() -> None:
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)
