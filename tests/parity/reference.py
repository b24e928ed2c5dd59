"""Reads the survey of the reference program, where it lies beside the checkout: which rows it has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SURVEY = Path(__file__).resolve().parents[3] / "shared" / "spec" / "codex-tracker.md"
_PROSE = ("1.2", "1.6", "1.17", "1.18")  # sections that are one feature told in sentences
_BULLETS = ("1.15", "1.19", "6.1")


def rows(survey: str) -> list[str]:
    """Names of all rows of sections 1, 6 and 9 and of every weakness, in their order."""
    found = [name for section, body in _sections(survey) for name in _names(section, body)]
    return [*found, *sorted(set(re.findall(r"^\| (W\d+) \|", survey, re.MULTILINE)), key=lambda one: int(one[1:]))]


def _sections(survey: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^##+ (\d[\d.]*)\.? .*$", survey, flags=re.MULTILINE)
    yield from ((number.rstrip("."), body) for number, body in zip(parts[1::2], parts[2::2], strict=True))


def _names(section: str, body: str) -> list[str]:
    if section == "9":
        return [f"9.{place}" for place in range(1, len(re.findall(r"^- \[ \]", body, re.MULTILINE)) + 1)]
    if section in _PROSE:
        return [section]
    if section in _BULLETS:
        return [f"{section}.{place}" for place in range(1, len(re.findall(r"^\* ", body, re.MULTILINE)) + 1)]
    if not section.startswith(("1.", "6.")):
        return []
    cells = [[plain(cell) for cell in line.strip("|").split(" | ")] for line in _lines(body)]
    twice = Counter(one[0] for one in cells)
    names = [f"{section} {one[0]}" + (f", {one[1]}" if twice[one[0]] > 1 else "") for one in cells]
    return names + ([f"{section} validation"] if "\nPricing validation" in body else [])


def _lines(body: str) -> list[str]:
    """The rows of the tables, without their heads."""
    found: list[str] = []
    for table in re.findall(r"(?:^\|.*\n?)+", body, re.MULTILINE):
        found += table.strip().split("\n")[2:]
    return found


def plain(cell: str) -> str:
    """A cell's text without what marks it up."""
    return re.sub(r"[`*]|\\(?=\|)", "", cell).strip()
