"""`tokendial report --format`: one spelling for every form, the page to print, and files that are never lost."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.cli.run import Done, Log, run, sentence, two_days

MARKUP = "<img src=x onerror=alert(1)>"
VOID = {"meta", "link", "img", "line", "rect"}
# The columns of a table, by the names of the JSON report; what was written to a cache is one column.
COLUMNS = ("total_tokens", "input_tokens", "cache_read_tokens", None, "output_tokens", "reasoning_tokens", "events")


class Reader(HTMLParser):
    """What is in a page: its elements, its tables as lists of exact values, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.values: dict[str, str] = {}
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._cell, self._exact, self._caption = "", "", ""
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._cell, self._exact = "", ""
        elif tag == "data":
            self._exact = self._exact or given["value"] or ""
            if given.get("id"):
                self.values[str(given["id"])] = given["value"] or ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in ("td", "th"):
            self._rows[-1].append(self._exact or self._cell)
        elif tag == "caption":
            self._caption = self._cell
        elif tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        self._cell += data


def report(home: Path, data: Path, *more: str | Path) -> Done:
    done = run("report", "--data-dir", data, "--codex-home", home, *more)
    assert done.code == 0, done.err
    return done


def hostile(home: Path) -> None:
    """A session whose model, project and title could be markup, and turn the text around."""
    log = Log(home, "2025-04-01T10:00:00Z", 9).turn("2025-04-01T10:00:00Z", MARKUP, None, f"/work/\u202e{MARKUP}")
    log.respond("2025-04-01T10:01:00Z", 100, 0, 10).save()


@pytest.mark.parametrize(
    "filters",
    [
        (), ("--since", "2025-03-02"), ("--until", "2025-03-01", "--tz", "Pacific/Auckland"),
        ("--provider", "codex", "--tz", "America/St_Johns"), ("--since", "2030-01-01"),
    ],
)  # fmt: skip
def test_its_totals_are_those_of_json_to_the_digit(home: Path, data: Path, filters: tuple[str, ...]) -> None:
    two_days(home)
    hostile(home)
    page = Reader(report(home, data, "--format", "html", *filters).out)
    for by, name in (("model", "By model"), ("provider", "By provider"), ("project", "By project"), ("day", "By day")):
        answer = report(home, data, "--format", "json", "--by", by, *filters).json
        totals, table = answer["totals"], page.tables[name]
        assert page.values == {"tokens": str(totals["total_tokens"]), "cost": totals["cost_usd"]}
        found = [figures(row) for row in table[1:]]
        assert found == [figures_of(row) for row in [*answer["rows"], totals]]
        assert has_note(page) == bool(totals["unpriced_models"])


def figures(row: list[str]) -> list[str]:
    return [row[at + 1] for at, name in enumerate(COLUMNS) if name] + [row[-1]]


def figures_of(row: dict[str, object]) -> list[str]:
    nothing = row["cost_usd"] == "0.000000000000" and row["unpriced_models"]
    return [str(row[name]) for name in COLUMNS if name] + ["no price" if nothing else str(row["cost_usd"])]


def has_note(page: Reader) -> bool:
    """Whether it names models without a price."""
    return any(given.get("class") == "note" for _tag, given in page.tags)


def test_it_is_one_file_without_a_script_and_with_nothing_from_elsewhere(home: Path, data: Path) -> None:
    two_days(home)
    text = report(home, data, "--format", "html").out
    page = Reader(text)
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "img", "link", "iframe", "object", "a", "form"})
    assert {"svg", "table", "style"} <= names
    assert "http" not in re.sub(r'http-equiv="', "", text)
    policy = next(given["content"] for tag, given in page.tags if given.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "house-model" in text and "Time zone" in text and "5 hours" in text


def test_names_of_the_logs_never_become_markup(home: Path, data: Path) -> None:
    hostile(home)
    text = report(home, data, "--format", "html").out
    assert "<img" not in text and "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "\u202e" not in text and "[U+202E]" in text
    Reader(text)


def test_a_private_one_tells_no_title_path_or_project(home: Path, data: Path) -> None:
    log = two_days(home)
    name = {"id": log.id, "thread_name": "Merger talks", "updated_at": "2026-01-01T00:00:00Z"}
    (home / "session_index.jsonl").write_text(json.dumps(name) + "\n")
    other = Log(home, "2025-03-03T08:00:00Z", 3).turn("2025-03-03T08:00:00Z").respond("2025-03-03T08:00:01Z", 10).save()
    plain = report(home, data, "--format", "html").out
    hidden = report(home, data, "--format", "html", "--private").out
    for secret in ("infra", "shop", "Merger talks", other.id):
        assert secret in plain and secret not in hidden
    assert log.id not in hidden
    page = Reader(hidden)
    assert {row[0] for row in page.tables["By project"][1:-1]} == {"Project 1", "Project 2"}
    assert page.values == Reader(plain).values
    assert str(home) not in plain


def test_the_old_flags_and_the_general_spelling_agree(home: Path, data: Path) -> None:
    two_days(home)
    report(home, data)  # everything is read by now
    assert report(home, data, "--csv").out == report(home, data, "--format", "csv").out
    assert report(home, data, "--no-scan").out == report(home, data, "--no-scan", "--format", "table").out
    old, new = report(home, data, "--json").json, report(home, data, "--format", "json", "--json").json
    assert (old["totals"], old["rows"]) == (new["totals"], new["rows"])


def test_a_file_that_exists_is_not_replaced_without_force(home: Path, data: Path, tmp_path: Path) -> None:
    two_days(home)
    target = tmp_path / "report.html"
    done = report(home, data, "--format", "html", "-o", target)
    assert (done.out, done.err) == ("", f"tokendial: {target} written.\n")
    first = target.read_text()
    target.write_text("mine")
    refused = run("report", "--data-dir", data, "--codex-home", home, "--format", "html", "-o", target)
    assert "exists already; --force replaces it" in sentence(refused, 1)
    assert target.read_text() == "mine"
    report(home, data, "--format", "html", "-o", target, "--force")
    assert Reader(target.read_text()).values == Reader(first).values
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"report.html", data.name, home.name})
    report(home, data, "--csv", "--output", tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_bytes().startswith(b"day,input_tokens,")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--json", "--format", "html"), "Choose --json or --format html, not both"),
        (("--json", "--csv"), "Choose --json or --csv, not both"),
        (("--private",), "--private is for --format html"),
        (("--force",), "--force is for -o FILE"),
        (("--format", "pdf"), "pdf"),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(data: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run("report", "--data-dir", data, *arguments)
    assert done.code == 2
    assert words in done.err


def test_a_folder_that_is_not_there_fails_in_a_sentence(home: Path, data: Path, tmp_path: Path) -> None:
    two_days(home)
    done = run("report", "--data-dir", data, "--codex-home", home, "--format", "html", "-o", tmp_path / "no" / "r.html")
    assert "cannot be written" in sentence(done, 1)
