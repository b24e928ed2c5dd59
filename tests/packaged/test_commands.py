"""What the packaged program answers in a terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
from tests.e2e.driver import eventually, options, report
from tests.e2e.worlds import busy_home, plain_home
from tests.packaged.conftest import BINARY, Start, alone, run
from tests.security import nowhere
from tests.support.payloads import claude_home, encoded
from tests.support.proofs import Proved

from tokendial import __version__

pytestmark = pytest.mark.package


def test_version(tmp_path: Path) -> None:
    ran = run(tmp_path, "--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"tokendial, version {__version__}\n"


def test_report_equals_the_one_of_the_sources(tmp_path: Path) -> None:
    home = tmp_path / "user" / ".codex"
    busy_home(home)
    ran = run(tmp_path, "report", "--json", "--by", "model", "--tz", "Asia/Kolkata")
    assert (ran.returncode, ran.stderr) == (0, "")
    answer, wanted = json.loads(ran.stdout), report(tmp_path, home, "--by", "model", "--tz", "Asia/Kolkata")
    assert answer["totals"]["events"] == 38
    assert (answer["totals"], answer["rows"]) == (wanted["totals"], wanted["rows"])


def test_prices_need_neither_the_package_nor_its_version_from_elsewhere(tmp_path: Path) -> None:
    plain_home(tmp_path / "user" / ".codex")
    totals = json.loads(run(tmp_path, "report", "--json").stdout)["totals"]
    assert totals["unpriced_models"] == []
    assert float(totals["cost_usd"]) > 0


def test_a_system_without_time_zones(tmp_path: Path) -> None:
    ran = run(tmp_path, "report", "--json", "--tz", "America/St_Johns", PYTHONTZPATH="")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["timezone"] == "America/St_Johns"


def test_doctor(tmp_path: Path) -> None:
    plain_home(tmp_path / "user" / ".codex")
    ran = run(tmp_path, "doctor", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    facts = json.loads(ran.stdout)
    assert (facts["version"], facts["sessions"]) == (__version__, 1)
    assert facts["rollup_ok"] and facts["integrity_ok"]
    assert "display" in facts["window"]


def test_status_line(tmp_path: Path) -> None:
    home = claude_home(tmp_path / "user" / ".claude")
    command = [str(BINARY), "--data-dir", str(tmp_path / "data"), "statusline"]
    ran = subprocess.run(command, input=encoded(home), env=alone(tmp_path), capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode() == "Opus 4.8 · ctx 38% · 5h 42% · week 17%\n"
    answer = json.loads(run(tmp_path, "limits", "--json", "--data-dir", str(tmp_path / "data")).stdout)
    assert [window["used_percent"] for limit in answer["limits"] for window in limit["windows"]] == [42.0, 17.25]


def test_wrong_usage(tmp_path: Path) -> None:
    ran = run(tmp_path, "report", "--since", "yesterday")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("tokendial: --since: ")


def test_serve(start: Start, tmp_path: Path) -> None:
    plain_home(tmp_path / "codex")
    running = start("serve", "--no-open", *options(tmp_path / "data", tmp_path / "codex"))
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(running.link) as page:
        assert b'<div id="app">' in page.read()
    request = urllib.request.Request(
        f"{running.url}/api/app.state", b"{}", {"Content-Type": "application/json", "Origin": running.url}
    )
    with opener.open(request) as answer:
        assert json.load(answer)["mode"] == "browser"
    assert running.end() == 0
    assert running.lines[-1] == "Tokendial stopped."
    assert running.errors == ""


def test_the_browser_gets_the_library_path_of_the_user(start: Start, tmp_path: Path) -> None:
    """The program's own libraries would break the browsers of other systems."""
    browser, seen = tmp_path / "browser", tmp_path / "seen.txt"
    browser.write_text(
        f'#!/bin/sh\necho "$1 ${{LD_LIBRARY_PATH-unset}}" > "{seen}.new"; /bin/mv "{seen}.new" "{seen}"\n'
    )
    browser.chmod(0o755)
    running = start("serve", *options(tmp_path / "data"), BROWSER=str(browser), DISPLAY=":9876")
    assert running.link
    eventually(seen.exists, True)
    link, path = seen.read_text().split()
    assert (link.startswith(running.url), path) == (True, "unset")


def test_without_a_screen_the_browser_is_the_way(start: Start, tmp_path: Path) -> None:
    running = start()
    assert "display" in running.wait_for_line(re.compile("^Tokendial runs in the browser: .+"))
    assert running.link
    second = start()
    assert second.wait(30) == 0
    assert second.lines == ["Tokendial is already running; its window was brought to the front."]


@pytest.mark.skipif(not nowhere.possible(), reason="this system lets us make no network without a route")
def test_c11_it_starts_without_a_network_from_a_folder_with_blanks_and_other_letters(
    tmp_path: Path, proved: Proved
) -> None:
    plain_home(tmp_path / "user" / ".codex")
    folder = BINARY.parent.parent / "Größe 表 и a b"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BINARY.parent, folder, symlinks=True, copy_function=os.link)
    try:
        for command in (["--version"], ["report", "--json"], ["doctor"], ["limits"]):
            ran = subprocess.run(
                [*nowhere.starter(), str(folder / BINARY.name), *command],
                env=alone(tmp_path, PATH=os.environ["PATH"]), cwd=tmp_path, capture_output=True, text=True, timeout=120,
                check=False,
            )  # fmt: skip
            assert (ran.returncode, ran.stderr) == (0, ""), command
            assert ran.stdout
    finally:
        shutil.rmtree(folder)
    proved("C11", "commands of the packaged program without a network, from an odd folder", 4)
