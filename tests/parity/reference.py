"""Reads the surveys of the reference programs, where they lie beside the checkout: which rows they have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "spec"


@dataclass(frozen=True, slots=True)
class Survey:
    """How a survey names its rows: those of tables by their first cell, others as `told` says, and what is `added`."""

    file: Path
    tables: tuple[str, ...]
    told: Mapping[str, Callable[[str, str], list[str]]]
    added: Mapping[str, tuple[str, str]]
    weakness: str

    def rows(self) -> list[str]:
        """Names of all features, of the checklist and of every weakness, in their order."""
        text = self.file.read_text(encoding="utf-8")
        found = [name for section, body in _sections(text) for name in self._names(section, body)]
        weaknesses = set(re.findall(rf"^\| ({self.weakness}) \|", text, re.MULTILINE))
        return [*found, *sorted(weaknesses, key=lambda one: int(one.lstrip("W-")))]

    def _names(self, section: str, body: str) -> list[str]:
        if section in self.told:
            return self.told[section](section, body)
        if not section.startswith(self.tables):
            return []
        cells = [[plain(cell) for cell in line.strip("|").split(" | ")] for line in _lines(body)]
        twice = Counter(one[0] for one in cells)
        names = [f"{section} {one[0]}" + (f", {one[1]}" if twice[one[0]] > 1 else "") for one in cells]
        begins, name = self.added.get(section, ("", ""))
        return [*names, f"{section} {name}"] if name and f"\n{begins}" in body else names


def _sections(survey: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^##+ (\d[\d.]*)\.? .*$", survey, flags=re.MULTILINE)
    yield from ((number.rstrip("."), body) for number, body in zip(parts[1::2], parts[2::2], strict=True))


def _lines(body: str) -> list[str]:
    """The rows of the tables, without their heads."""
    found: list[str] = []
    for table in re.findall(r"(?:^\|.*\n?)+", body, re.MULTILINE):
        found += table.strip().split("\n")[2:]
    return found


def plain(cell: str) -> str:
    """A cell's text without what marks it up."""
    return re.sub(r"[`*]|\\(?=\|)", "", cell).strip()


def whole(section: str, _: str) -> list[str]:
    """A section that is one feature told in sentences."""
    return [section]


def points(pattern: str) -> Callable[[str, str], list[str]]:
    """Names of a section whose points are found by a pattern and have no names of their own."""
    return lambda section, body: [
        f"{section}.{place}" for place in range(1, len(re.findall(pattern, body, re.MULTILINE)) + 1)
    ]


def wishes(section: str, body: str) -> list[str]:
    """Names of a checklist in two sentences: what must match, set apart by semicolons, and what is numbered."""
    match, exceed = re.split(r"^Exceed with: ", body.partition("Must match: ")[2], flags=re.MULTILINE)
    must = [plain(" ".join(item.split())).rstrip(".") for item in match.split(";")]
    return [*(f"{section} {item}" for item in must), *(f"{section} {one}" for one in re.findall(r"\(\d+\)", exceed))]


CODEX_TRACKER = Survey(
    FOLDER / "codex-tracker.md",
    tables=("1.", "6."),
    told=dict.fromkeys(("1.2", "1.6", "1.17", "1.18"), whole)
    | dict.fromkeys(("1.15", "1.19", "6.1"), points(r"^\* "))
    | {"9": points(r"^- \[ \]")},
    added={"1.13": ("Pricing validation", "validation")},
    weakness=r"W\d+",
)
OPENTOKENMONITOR = Survey(
    FOLDER / "opentokenmonitor.md",
    tables=("1.",),
    told=dict.fromkeys(("1.8", "1.14", "1.15", "1.16", "1.17"), whole)
    | {"1.5": points(r"(?:^|\s)\d\. "), "1.9": points(r"^\* "), "9": wishes},
    added={"1.12": ("Persisted settings keys", "persisted settings keys")},
    weakness=r"W-\d+",
)
