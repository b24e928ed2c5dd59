"""The system's zone: by the link that names it, else as the library finds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tokendial.services import zone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows names its zone in the registry")


@pytest.fixture
def localtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(zone, "LOCALTIME", tmp_path / "etc" / "localtime")
    monkeypatch.setattr(zone, "_found", lambda: "Asia/Kolkata")
    (tmp_path / "etc").mkdir()
    return tmp_path / "etc" / "localtime"


def zones(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / "usr" / "share" / "zoneinfo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return folder / "usr" / "share" / "zoneinfo"


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Ushuaia", "UTC"])
@pytest.mark.parametrize("relative", [True, False])
def test_a_link_names_it(localtime: Path, tmp_path: Path, name: str, relative: bool) -> None:
    there = zones(tmp_path, name)
    localtime.symlink_to(Path("..", "usr", "share", "zoneinfo", name) if relative else there / name)
    assert zone.system_zone().key == name


def test_an_old_name_stays_as_it_was_chosen(localtime: Path, tmp_path: Path) -> None:
    there = zones(tmp_path, "America/Los_Angeles")
    (there / "US").mkdir()
    (there / "US" / "Pacific").symlink_to(there / "America" / "Los_Angeles")
    localtime.symlink_to(there / "US" / "Pacific")
    assert zone.system_zone().key == "US/Pacific"


def test_another_zone_is_seen_at_once(localtime: Path, tmp_path: Path) -> None:
    there = zones(tmp_path, "Europe/Berlin", "Asia/Tokyo")
    localtime.symlink_to(there / "Europe" / "Berlin")
    assert zone.system_zone().key == "Europe/Berlin"
    localtime.unlink()
    localtime.symlink_to(there / "Asia" / "Tokyo")
    assert zone.system_zone().key == "Asia/Tokyo"


@pytest.mark.parametrize("target", ["posix/Europe/Berlin", "right/Europe/Berlin", None])
def test_what_the_link_does_not_say_the_library_finds(localtime: Path, tmp_path: Path, target: str | None) -> None:
    if target is None:
        localtime.write_bytes(b"TZif2")
    else:
        localtime.symlink_to(zones(tmp_path, target) / target)
    assert zone.system_zone().key == "Asia/Kolkata"


def test_a_link_that_leads_nowhere_is_none(localtime: Path, tmp_path: Path) -> None:
    localtime.symlink_to(tmp_path / "usr" / "share" / "zoneinfo" / "Europe" / "Berlin")
    assert zone.system_zone().key == "Asia/Kolkata"


def test_the_environment_comes_first(localtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    localtime.symlink_to(zones(tmp_path, "Europe/Berlin") / "Europe/Berlin")
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    assert zone.system_zone().key == "Asia/Kolkata"


def test_a_name_that_nobody_knows_is_utc(localtime: Path, tmp_path: Path) -> None:
    localtime.symlink_to(zones(tmp_path, "Mars/Olympus") / "Mars/Olympus")
    assert zone.system_zone().key == "UTC"


def test_it_is_what_the_library_finds_on_this_machine() -> None:
    code = "import os, tzlocal; os.environ.pop('TZ', None); from tokendial.services.zone import system_zone\n"
    code += "from datetime import datetime\n"
    code += "mine, theirs = system_zone(), tzlocal.get_localzone()\n"
    code += "print(all(datetime(2025, m, 1, tzinfo=mine).utcoffset() == datetime(2025, m, 1, tzinfo=theirs).utcoffset()"
    code += " for m in range(1, 13)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"
