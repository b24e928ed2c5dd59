"""Folders that are offered: those of the environment, and those of users in WSL."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from tests.parity.logs import Log
from tests.services.support import ledger_of

from tokendial.services import home_offers, wsl


@pytest.mark.parametrize(
    ("output", "names"),
    [
        (b"", []),
        (b"Ubuntu\r\nDebian\r\n\r\n", ["Ubuntu", "Debian"]),
        ("\ufeffUbuntu-24.04\r\n\r\n".encode("utf-16-le"), ["Ubuntu-24.04"]),
        ("Größe\n".encode(), ["Größe"]),
        (b"\xff\n", ["\ufffd"]),
    ],
)
def test_the_names_of_systems_are_read_in_both_encodings(output: bytes, names: list[str]) -> None:
    assert wsl.system_names(output) == names


def test_elsewhere_than_on_windows_nothing_is_asked() -> None:
    assert wsl.running_systems("linux") == []


def test_without_wsl_there_are_no_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("subprocess.run", lambda *_a, **_k: (_ for _ in ()).throw(FileNotFoundError()))
    assert wsl.running_systems("win32") == []


def test_the_homes_of_every_user_of_every_system(tmp_path: Path) -> None:
    for folder in (
        "Ubuntu/home/ada/.codex",
        "Ubuntu/home/bob",
        "Ubuntu/root",
        "Debian/root/.codex",
        "Other/home/x/.codex",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "Ubuntu" / "home" / "file").write_text("")
    found = home_offers.in_wsl(f"{tmp_path}/", ["Ubuntu", "Debian", "Stopped"])
    there = [(path.relative_to(tmp_path).as_posix(), place) for _, path, place in found if path.is_dir()]
    assert there == [("Ubuntu/home/ada/.codex", "in WSL (Ubuntu)"), ("Debian/root/.codex", "in WSL (Debian)")]


def test_the_share_and_a_system_make_a_path_of_windows() -> None:
    assert str(PureWindowsPath(wsl.SHARE + "Ubuntu") / "home" / "ada") == r"\\wsl$\Ubuntu\home\ada"


def test_what_is_there_and_not_known_is_offered_once(
    data: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    Log(other, "2025-03-01").save()
    link.symlink_to(other)
    monkeypatch.setenv("CODEX_HOME", f"{home},{other},{link},{tmp_path}/absent")
    with ledger_of(data, home) as ledger:
        offered = home_offers.offers(ledger.homes())
        assert [(one.path, one.place) for one in offered] == [(str(other), "on this computer")]
