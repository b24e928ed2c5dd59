"""A provider more is a folder more and its registration: nothing else of the program is touched, everything works."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.conftest import ROOT

OWN = ROOT / "tests" / "fixtures" / "fourth" / "provider.py"
REGISTRATION = (
    ("from tokendial.providers.base import Provider\n", "from tokendial.providers.acme import ACME\n"),
    ("CLAUDE, GEMINI)", "CLAUDE, GEMINI, ACME)"),
)
NOW_MS = int(time.time() * 1000)
Json = dict[str, Any]


class World(NamedTuple):
    """The program with one provider more, a home of it, and one of another provider."""

    backend: Path
    home: Path
    other: Path
    data: Path

    def run(self, *arguments: str, homes: bool = True) -> str:
        folders = ["--acme-home", str(self.home), "--codex-home", str(self.other)] if homes else []
        return self._process(["-m", "tokendial", *arguments, "--data-dir", str(self.data), *folders])

    def json(self, *arguments: str) -> Json:
        answer: Json = json.loads(self.run(*arguments, "--json"))
        return answer

    def ask(self, script: str) -> Json:
        """What a script prints that has a running program `p` over both homes."""
        head = (
            "import json, time\nfrom pathlib import Path\n"
            "from tokendial.api.commands import registry\nfrom tokendial.api.program import Program\n"
            "from tokendial.services.ledger import Ledger\n"
            f"home, other = Path({str(self.home)!r}), Path({str(self.other)!r})\n"
            f"p = Program(Ledger(Path({str(self.data)!r}), [('acme', home), ('codex', other)]), 'browser')\n"
            "def ask(name, **given): return json.loads(registry.invoke_json(p, name, json.dumps(given).encode()))\n"
            "def board(**given): return ask('dashboard.get', range='alltime', **given)\n"
            "def total(**given): return board(**given)['cards']['usage']['tokens']['total_tokens']\n"
            "try:\n    ask('ingest.refresh', wait=True)\n"
        )
        body = "".join(f"    {line}\n" for line in script.strip().splitlines())
        answer: Json = json.loads(self._process(["-c", f"{head}{body}finally:\n    p.close()\n"]))
        return answer

    def _process(self, arguments: list[str]) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(self.backend), "COLUMNS": "200"},
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the folder and the registration."""
    backend = tmp_path_factory.mktemp("fourth") / "backend"
    shutil.copytree(ROOT / "backend", backend, ignore=shutil.ignore_patterns("__pycache__"))
    providers = backend / "tokendial" / "providers"
    (providers / "acme").mkdir()
    shutil.copyfile(OWN, providers / "acme" / "__init__.py")
    text = (providers / "__init__.py").read_text(encoding="utf-8")
    before, added = REGISTRATION[0]
    assert before in text
    text = text.replace(before, added + before)
    before, added = REGISTRATION[1]
    assert before in text
    (providers / "__init__.py").write_text(text.replace(before, added), encoding="utf-8")
    return backend


@pytest.fixture
def world(program: Path, tmp_path: Path) -> World:
    home, other = tmp_path / "acme-home", tmp_path / "other"
    (home / "acme").mkdir(parents=True)
    shutil.copytree(ROOT / "tests" / "fixtures" / "codex" / "family", other)
    append(home, "s1", {"time_ms": NOW_MS - 9_000}, answer(1), answer(2), limit(40.0))
    append(home, "s2", answer(3, "unheard-of"))
    return World(program, home, other, tmp_path / "data")


def append(home: Path, session: str, *lines: Json) -> None:
    with (home / "acme" / f"{session}.acme").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def answer(number: int, model: str = "gpt-5.5") -> Json:
    return {"time_ms": NOW_MS - 5_000 + number, "id": f"a{number}", "model": model, "given": 1000, "made": 10 * number}


def limit(percent: float) -> Json:
    return {"time_ms": NOW_MS, "percent": percent, "until_ms": NOW_MS + 3_600_000}


def differences(old: Path, new: Path) -> Iterator[str]:
    compared = filecmp.dircmp(old, new, ignore=["__pycache__"])
    waiting = [("", compared)]
    while waiting:
        place, one = waiting.pop()
        yield from (f"{place}{name}" for name in (*one.left_only, *one.right_only, *one.diff_files))
        waiting += [(f"{place}{name}/", below) for name, below in one.subdirs.items()]


def test_nothing_else_is_touched(program: Path) -> None:
    assert sorted(differences(ROOT / "backend", program)) == [
        "tokendial/providers/__init__.py",
        "tokendial/providers/acme",
    ]


def test_the_command_line(world: World) -> None:
    by_provider = {row["key"]: row for row in world.json("report", "--by", "provider")["rows"]}
    assert by_provider.keys() == {"acme", "codex"}
    assert (by_provider["acme"]["events"], by_provider["acme"]["total_tokens"]) == (3, 3060)
    only = world.json("report", "--by", "model", "--provider", "acme")
    assert {row["key"]: row["events"] for row in only["rows"]} == {"gpt-5.5": 2, "unheard-of": 1}
    assert only["totals"]["unpriced_models"] == ["unheard-of"], "named, never free"
    assert Decimal(only["totals"]["cost_usd"]) > 0, "the other model is in the catalogue, of whatever vendor"
    (found,) = (one for one in world.json("limits")["limits"] if one["provider"] == "acme")
    assert found["windows"][0]["used_percent"] == 40.0
    audit = world.json("audit", "s1")
    assert [(line["kind"], line["records"], line["tokens"]) for line in audit["audit"]] == [("counted", 2, 2030)]
    assert f"  acme {world.home} (2 files)" in world.run("doctor")
    assert "--acme-home DIR" in world.run("report", "--help", homes=False)


def test_the_page(world: World) -> None:
    found = world.ask(
        """
        state = ask('app.state')
        session = ask('session.get', id='s1')
        print(json.dumps({
            'info': next(one for one in state['providers'] if one['id'] == 'acme'),
            'source': next(one for one in ask('providers.list')['providers'] if one['id'] == 'acme'),
            'all': total(), 'own': total(provider='acme'), 'other': total(provider='codex'),
            'errors': board(provider='acme')['errors'],
            'limits': [one['provider_name'] for one in board(provider='acme')['limits']],
            'unpriced': board(provider='acme')['cards']['usage']['cost']['unpriced_models'],
            'sessions': sorted(one['id'] for one in ask('sessions.list', range='alltime', provider='acme')['rows']),
            'resume': session['resume_command'], 'prompts': session['prompts'],
            'check': ask('homes.check', provider='acme', path=str(home / 'acme'))['meant'],
            'models': sorted(one['model'] for one in ask('pricing.get')['models'] if one['provider'] == 'acme'),
        }))
        """.replace("\n        ", "\n")
    )
    assert found["info"]["name"] == "Acme Agent"
    assert (found["info"]["color"], found["info"]["on"]) == ("#336699", True)
    assert (found["source"]["homes_read"], found["source"]["files"]) == (1, 2)
    assert found["source"]["looked_at"][0].endswith(".acme-home")
    assert (found["own"], found["all"]) == (3060, found["own"] + found["other"])
    assert found["errors"] == {}
    assert found["limits"] == ["Acme Agent"]
    assert (found["unpriced"], found["models"]) == (["unheard-of"], ["gpt-5.5", "unheard-of"])
    assert found["sessions"] == ["s1", "s2"]
    assert (found["resume"], found["prompts"]) == ("acme again s1", 1)
    assert found["check"] == str(world.home)


def test_it_is_watched_and_switched_off_and_priced(world: World) -> None:
    line = json.dumps(answer(4))
    found = world.ask(
        f"""
        end = time.monotonic() + 60
        while ask('ingest.status')['watching'] != 'watching' and time.monotonic() < end: time.sleep(0.05)
        (home / 'acme' / 's2.acme').open('a').write({line + chr(10)!r})
        while total(provider='acme') != 4100 and time.monotonic() < end: time.sleep(0.05)
        watched, everything = total(provider='acme'), total()
        ask('providers.switch', id='acme', on=False)
        off, files = total(), ask('ingest.refresh', wait=True)['files_total']
        ask('providers.switch', id='acme', on=True)
        ask('pricing.save', rules=[dict(pattern='*', provider='acme', input='1', output='2')])
        cost = board(provider='acme')['cards']['usage']['cost']
        print(json.dumps(dict(watched=watched, everything=everything, off=off, files=files, on=total(), cost=cost)))
        """.replace("\n        ", "\n")
    )
    assert found["watched"] == 4100
    assert (found["off"], found["on"]) == (found["everything"] - 4100, found["everything"])
    assert found["files"] == 4, "those of the other home"
    assert (found["cost"]["usd"], found["cost"]["unpriced_models"]) == ("0.004200000000", [])
