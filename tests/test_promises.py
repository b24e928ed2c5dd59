"""What SECURITY.md and the README promise is proved: every bar that they name is said to be proved by a test."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.proofs import BEGIN, END

ROOT = Path(__file__).resolve().parent.parent
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BAR = re.compile(r"\b[RSMTWC]\d{1,2}\b")
# The suite's own tests play with bars that they make up.
APART = {"test_proofs.py", Path(__file__).name}
SOURCES = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name not in APART]
PRIVACY = ("C6", "C7", "C8", "C9")


def section(text: str, title: str) -> str:
    """What stands below a heading, up to the next one of its rank."""
    assert f"\n## {title}\n" in text, title
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def promised() -> dict[str, set[str]]:
    """The bars of each line of the table of promises, by the line's first words."""
    rows = re.findall(r"^\| \*\*(.+?)\*\*.* \| ([^|]+) \|$", section(SECURITY, "What is promised"), re.MULTILINE)
    return {name: set(BAR.findall(bars)) for name, bars in rows}


def test_every_promise_names_bars() -> None:
    assert len(promised()) >= 11
    assert all(promised().values()), promised()


def test_every_bar_that_is_promised_is_proved_by_a_test_that_has_its_name() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    proved = {bar for text in texts for bar in re.findall(r"proved\(\s*\"([RSMTWC]\d{1,2})\"", text)}
    named = {bar.upper() for text in texts for bar in re.findall(r"def test_([rsmtwc]\d{1,2})_", text)}
    wanted = set().union(*promised().values())
    assert sorted(wanted - proved) == []
    assert sorted(wanted - named) == []
    assert sorted(proved - wanted - {"R6", "R12", "S10"}) == [], "and what is proved is promised"


def test_what_was_not_run_is_said() -> None:
    not_run = section(SECURITY, "Not run")
    assert {"S2", "W4", "S10", "T5"} <= set(BAR.findall(not_run))
    assert all(word in not_run for word in ("Firefox", "WebKit", "macOS", "Windows", "pip-audit", "npm audit"))


def test_the_table_of_proofs_has_its_place() -> None:
    assert SECURITY.count(BEGIN) == SECURITY.count(END) == 1
    table = SECURITY.partition(BEGIN)[2].partition(END)[0]
    assert set(BAR.findall(table)) == set() or set().union(*promised().values()) <= set(BAR.findall(table))


def test_the_privacy_section_of_the_readme_is_promised() -> None:
    """C9 compares its list of addresses and files with what is asked and opened (tests/security/test_no_network.py)."""
    privacy = section(README, "Your data stays yours")
    assert "| source | reads | asks |" in privacy
    assert "[SECURITY.md](SECURITY.md)" in privacy
    assert set(PRIVACY) <= set().union(*promised().values())
    for claim in (
        "Nothing leaves the machine unless you ask for it",
        "Prompts and replies are not stored",
        "only read",
    ):
        assert claim in privacy


def test_headings_say_whom_to_tell() -> None:
    titles = re.findall(r"^## (.+)$", SECURITY, re.MULTILINE)
    assert titles == ["Reporting", "Threat model", "What is promised", "What is not promised", "Proofs", "Not run"]
