"""One instance per data folder, with real processes."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desktop.conftest import ROOT

from tokendial.desktop import instance


def start(kind: str, folder: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.desktop.shell", kind, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """The first line that holds a text."""
    assert process.stdout
    for line in process.stdout:
        if text in line:
            return line.strip()
    raise AssertionError(f"{text!r} never came")


@pytest.fixture
def browser_shell(tmp_path: Path, child_env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = start("browser", tmp_path, child_env)
    read_until(process, "_open?k=")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_second_asks_the_first_and_ends_well(
    browser_shell: subprocess.Popen[str], tmp_path: Path, child_env: dict[str, str]
) -> None:
    second = start("browser", tmp_path, child_env)
    output, errors = second.communicate(timeout=30)
    assert (second.returncode, output, errors) == (0, f"{instance.SHOWN}\n", "")
    assert browser_shell.poll() is None


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_only_this_user_can_read_how_to_reach_the_first(browser_shell: subprocess.Popen[str], tmp_path: Path) -> None:
    file = tmp_path / instance.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text())) == {"port", "secret"}


def test_another_folder_is_another_program(browser_shell: subprocess.Popen[str], tmp_path: Path) -> None:
    other = instance.claim(tmp_path / "other")
    assert other is not None
    other.release()


def test_what_a_killed_process_left_behind_does_not_count(
    browser_shell: subprocess.Popen[str], tmp_path: Path, child_env: dict[str, str]
) -> None:
    browser_shell.send_signal(signal.SIGKILL)
    browser_shell.wait(10)
    assert (tmp_path / instance.FILE_NAME).is_file()
    mine = instance.claim(tmp_path)
    assert mine is not None
    assert not (tmp_path / instance.FILE_NAME).exists()
    mine.announce(4000)
    mine.announce(4001)
    assert json.loads((tmp_path / instance.FILE_NAME).read_text()) == {"port": 4001, "secret": mine.secret}
    mine.release()
    mine.release()
    assert not (tmp_path / instance.FILE_NAME).exists()


def test_of_many_starts_at_once_exactly_one_wins(tmp_path: Path, child_env: dict[str, str]) -> None:
    processes = [start("browser", tmp_path, child_env) for _ in range(4)]
    losers = []
    try:
        while len(losers) < 3:
            losers = [process for process in processes if process.poll() is not None]
        assert [process.returncode for process in losers] == [0, 0, 0]
        assert [process.communicate()[0] for process in losers] == [f"{instance.SHOWN}\n"] * 3
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"port": "1", "secret": "x"}',
        '{"port": 1, "secret": 5}',
        '{"port": 99999999, "secret": "x"}',
        '{"port": 1, "secret": "\\u00e9\\ud800"}',
        "\x00",
    ],
)
def test_a_file_that_leads_nowhere_is_answered_with_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / instance.FILE_NAME).write_text(content)
    assert instance.show_running(tmp_path, 0.1) == instance.SILENT


def test_a_first_that_never_announces_itself_is_not_waited_for_for_ever(
    tmp_path: Path, child_env: dict[str, str]
) -> None:
    holder = start("hold", tmp_path, child_env)
    try:
        read_until(holder, "held")
        assert instance.claim(tmp_path) is None
        assert instance.show_running(tmp_path, 0.3) == instance.SILENT
    finally:
        holder.kill()
        holder.communicate()


def test_a_wrong_secret_shows_nothing(browser_shell: subprocess.Popen[str], tmp_path: Path) -> None:
    file = tmp_path / instance.FILE_NAME
    known = json.loads(file.read_text())
    file.write_text(json.dumps({**known, "secret": "wrong"}))
    assert instance.show_running(tmp_path, 0.1) == instance.SILENT
