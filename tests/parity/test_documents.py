"""What the pages beside the program promise, and what nobody can see in a test of one part."""

from __future__ import annotations

import re
import sqlite3
import struct
from pathlib import Path

import pytest
from tests.parity.logs import MINUTE, Log, ms
from tests.services.support import program_of

from tokendial.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_no_other() -> None:
    usage = page("README.md").split("## Commands")[1]
    named = set(re.findall(r"^tokendial ([a-z]+)", usage, re.MULTILINE))
    assert named == set(cli.commands)


def test_the_pictures_of_the_readme_are_there() -> None:
    shown = re.findall(r"(?:src|srcset)=\"([^\"]+)\"|!\[[^\]]*\]\(([^)]+)\)", page("README.md"))
    pictures = [ROOT / (one or other) for one, other in shown]
    assert len(pictures) >= 6
    for picture in pictures:
        head = picture.read_bytes()[:24]
        assert head.startswith(b"\x89PNG"), picture
        width, _ = struct.unpack(">II", head[16:24])
        assert width >= 1200, "sharp on every screen"


def test_the_links_of_the_pages_lead_somewhere() -> None:
    for name in ("README.md", "SECURITY.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page(name)):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_the_changelog_tells_what_is_not_released_yet() -> None:
    assert re.search(r"^## \[Unreleased\]\n\n### \w+\n\n- ", page("CHANGELOG.md"), re.MULTILINE)


def test_the_security_page_names_what_is_served_and_where() -> None:
    text = page("SECURITY.md")
    for promise in ("127.0.0.1", "one-use link", "read", "never written to", "privately"):
        assert promise in text


def test_what_leaves_the_machine_is_said_the_same_everywhere() -> None:
    about = page("frontend/src/views/settings/AboutTab.tsx")
    for text in (page("README.md"), page("SECURITY.md"), about):
        words = " ".join(text.split())
        assert re.search(
            r"live (source|limits)[^.]*\b(switch|are off|is off)|unless you switch on a live source", words, re.I
        )
    for text in (page("README.md"), about):
        assert re.search(r"no account.{0,4} no telemetry.{0,12}no update check", " ".join(text.split()), re.I)
        assert "nothing is sent anywhere" not in text


def test_every_component_is_used() -> None:
    exported = re.findall(r"export \{ ([^}]+) \}", page("frontend/src/components/index.ts"))
    names = {name.strip() for line in exported for name in line.split(",") if name.strip()[0].isupper()}
    sources = [path for path in (ROOT / "frontend" / "src").rglob("*.tsx") if not path.name.endswith(".test.tsx")]
    drawn = {tag for path in sources for tag in re.findall(r"<([A-Z]\w+)", path.read_text(encoding="utf-8"))}
    assert len(names) > 25
    assert names - drawn == set()


def test_the_workflow_runs_every_check() -> None:
    workflow = page(".github/workflows/ci.yml")
    assert "python scripts/test.py" in workflow
    for system in ("ubuntu", "macos", "windows"):
        assert re.search(rf"\bos: \[.*{system}", workflow), system
    steps = page("scripts/test.py")
    for step in ("ruff check", "ruff format", "mypy", "gen_types.py", "build_frontend", "test_frontend", "pytest"):
        assert step in steps


@pytest.mark.parametrize("text", ["a secret plan for the moon", "ein geheimer Plan \U0001f319"])
def test_the_ledger_holds_no_word_of_a_prompt(home: Path, data: Path, text: str) -> None:
    at = ms("2025-03-01T10:00:00Z")
    log = Log(home, at).turn(at)
    log.at(at + 1).prompt(text)
    log.respond(at + MINUTE, 900).save()
    with program_of(data, home):
        outside = sqlite3.connect(next(data.glob("*.sqlite3")))
        assert outside.execute("SELECT count(*) FROM prompt").fetchone() == (1,)
        outside.close()
    written = b"".join(file.read_bytes() for file in data.iterdir() if file.is_file())
    assert len(written) > 10_000
    for word in text.encode().split():
        assert len(word) < 5 or word not in written


def test_nothing_is_written_into_a_home(home: Path, data: Path) -> None:
    at = ms("2025-03-01T10:00:00Z")
    Log(home, at).turn(at).respond(at + MINUTE, 900).save()
    look = lambda: {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in home.rglob("*")}  # noqa: E731
    before = look()
    with program_of(data, home) as program:
        program.close()
    assert look() == before
