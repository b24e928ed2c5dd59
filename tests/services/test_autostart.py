"""Launch at login: the entries of the three systems, and what is said and repaired about them."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.errors import CannotWrite
from tokendial.services import startup
from tokendial.services.autostart.command import is_gone, login_command, program
from tokendial.services.autostart.linux import DesktopEntry, autostart_folder, exec_arguments, exec_line
from tokendial.services.autostart.mac import LaunchAgent
from tokendial.services.autostart.windows import split_line
from tokendial.services.ledger import Ledger

ODD = ["/opt/my app/tokendial", "--hidden", 'a"b', "c$d", "e`f", "g\\h", "100%", "", "ü😀", "x=y", "~", "*;&|<>#()?"]
ARGUMENTS = st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12), max_size=5)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "data dir")
    yield opened
    opened.close()


def test_the_desktop_entry_starts_what_was_given(tmp_path: Path) -> None:
    entry = DesktopEntry(tmp_path / "autostart")
    assert entry.read() is None
    entry.write(ODD)
    assert entry.read() == ODD
    assert list((tmp_path / "autostart").iterdir()) == [Path(entry.place)]
    entry.remove()
    entry.remove()
    assert entry.read() is None


@given(ARGUMENTS)
def test_every_argument_comes_back_from_an_exec_line(arguments: list[str]) -> None:
    assert exec_arguments(exec_line(arguments)) == arguments


@pytest.mark.skipif(shutil.which("gio") is None, reason="needs gio")
def test_the_desktop_reads_the_exec_line_as_we_do(tmp_path: Path) -> None:
    written = tmp_path / "argv"
    code = f"import sys; open({str(written)!r}, 'w').write('\\0'.join(sys.argv[1:]))"
    entry = DesktopEntry(tmp_path)
    entry.write([sys.executable, "-c", code, *ODD])
    subprocess.run(["gio", "launch", entry.place], check=True, capture_output=True)
    deadline = time.monotonic() + 10
    while not written.exists() or not written.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert written.read_text().split("\0") == ODD


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    entry = DesktopEntry(tmp_path)
    entry.write(["/bin/true"])
    file = Path(entry.place)
    file.write_text(file.read_text().replace("X-GNOME-Autostart-enabled=true", "") + line + "\n")
    assert entry.read() is None
    file.write_text("[Desktop Entry]\nExec=/bin/true\n[Other]\n" + line + "\n")
    assert entry.read() == ["/bin/true"]


def test_the_folder_is_where_the_specification_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert autostart_folder() == tmp_path / "autostart"
    for unset in ("", "relative"):
        monkeypatch.setenv("XDG_CONFIG_HOME", unset)
        assert autostart_folder() == Path.home() / ".config" / "autostart"


def test_the_launch_agent(tmp_path: Path) -> None:
    agent = LaunchAgent(tmp_path / "LaunchAgents")
    assert agent.read() is None
    agent.write(ODD)
    assert agent.read() == ODD
    kept = plistlib.loads(Path(agent.place).read_bytes())
    assert (kept["RunAtLoad"], kept["Label"]) == (True, Path(agent.place).stem)
    Path(agent.place).write_bytes(plistlib.dumps({**kept, "Disabled": True}))
    assert agent.read() is None
    Path(agent.place).write_bytes(b"no plist")
    assert agent.read() == []
    agent.remove()
    assert agent.read() is None


@given(ARGUMENTS)
def test_a_command_line_of_windows_is_read_back(arguments: list[str]) -> None:
    assert split_line(subprocess.list2cmdline(["C:\\a b\\T.exe", *arguments])) == ["C:\\a b\\T.exe", *arguments]


def test_the_command_leads_to_the_same_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = login_command(tmp_path / "d", [("codex", tmp_path / "h")])
    assert command[command.index("--hidden") :] == [
        "--hidden", "--data-dir", str(tmp_path / "d"), "--codex-home", str(tmp_path / "h"),
    ]  # fmt: skip
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program() == [sys.executable]


def test_the_program_of_a_checkout_is_found_from_anywhere(tmp_path: Path) -> None:
    code = "from tokendial.services.autostart.command import program; print(*program(), sep='\\n')"
    backend = Path(startup.__file__).parents[2]
    env = {"PYTHONPATH": str(backend), "PATH": "/usr/bin:/bin"}
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    command = [*found.stdout.splitlines(), "--version"]
    ran = subprocess.run(command, env={}, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("tokendial, version ")


def test_the_state_is_what_the_system_has(tmp_path: Path, ledger: Ledger) -> None:
    entry = DesktopEntry(tmp_path)
    assert not startup.state(ledger, None, entry).login
    startup.switch(ledger, on=True, entry=entry)
    on = startup.state(ledger, "no tray", entry)
    assert (on.login, on.login_problem, on.login_place, on.tray_reason) == (True, None, entry.place, "no tray")
    startup.switch(ledger, on=False, entry=entry)
    assert not startup.state(ledger, None, entry).login


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/gone/tokendial", "--hidden"], "has gone: /gone/tokendial"),
        (["/bin/true", "--hidden"], "Another copy of Tokendial is started: /bin/true"),
        ([*program(), "--hidden", "--data-dir", "/x"], "other options: --hidden --data-dir /x"),
        ([], "damaged"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(
    tmp_path: Path, ledger: Ledger, command: Sequence[str], words: str
) -> None:
    entry = DesktopEntry(tmp_path)
    entry.write(command)
    state = startup.state(ledger, None, entry)
    assert state.login
    assert words in str(state.login_problem)


def test_a_program_that_was_moved_repairs_its_own_entry_only(tmp_path: Path, ledger: Ledger) -> None:
    entry = DesktopEntry(tmp_path)
    assert not startup.repair(ledger, entry)
    assert entry.read() is None  # what is off stays off
    mine = login_command(ledger.data_dir, ledger.named)
    options = mine[mine.index("--hidden") :]
    for other in (["/bin/true", *options], ["/gone/tokendial", "--hidden", "--data-dir", "/another"]):
        entry.write(other)
        assert not startup.repair(ledger, entry)
        assert entry.read() == other
    for moved in (["/gone/tokendial"], ["/usr/bin/env", "PYTHONPATH=/gone", sys.executable, "-m", "tokendial"]):
        entry.write([*moved, *options])
        assert is_gone([*moved, *options])
        assert startup.repair(ledger, entry)
        assert entry.read() == mine


def test_a_refusal_of_the_system_is_said_in_words(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "autostart").write_text("in the way")
    entry = DesktopEntry(tmp_path / "autostart")
    with pytest.raises(CannotWrite, match=r"tokendial\.desktop cannot be changed: .*Check the permissions"):
        startup.switch(ledger, on=True, entry=entry)
    assert "cannot be read" in str(startup.state(ledger, None, entry).login_problem)
    assert not startup.repair(ledger, entry)
