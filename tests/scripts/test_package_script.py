"""What scripts/package.py does around PyInstaller: archives, checksums, sizes, and the files of the desktop."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

import _archive
import package

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program with a library and a link to it."""
    made = tmp_path / "made" / "App.app"
    (made / "lib").mkdir(parents=True)
    (made / "lib" / "one.so").write_bytes(b"1234")
    (made / "app").write_text("#!/bin/sh\n")
    (made / "app").chmod(0o755)
    (made / "one.so").symlink_to("lib/one.so")
    (made / "libs").symlink_to("lib")
    return made


def test_tar_keeps_links_and_modes(folder: Path, tmp_path: Path) -> None:
    packed = _archive.tar_gz(folder, tmp_path / "app-0.1.0-linux")
    assert packed.name == "app-0.1.0-linux.tar.gz"
    with tarfile.open(packed) as archive:
        assert archive.getmember("App.app/one.so").linkname == "lib/one.so"
        assert archive.getmember("App.app/app").mode & 0o777 == 0o755
        assert {member.uname for member in archive} == {"root"}


def test_zip_keeps_links_and_modes(folder: Path, tmp_path: Path) -> None:
    packed = _archive.zipped(folder, tmp_path / "app-0.1.0-macos")
    assert packed.name == "app-0.1.0-macos.zip"
    with zipfile.ZipFile(packed) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        assert archive.read("App.app/one.so") == b"lib/one.so"
    links = sorted(name for name, mode in modes.items() if stat.S_ISLNK(mode))
    assert links == ["App.app/libs", "App.app/one.so"], "a linked folder is not gone through"
    assert modes["App.app/app"] & 0o777 == 0o755


def test_the_list_of_components_goes_with_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "tokendial" / "_internal" / "licenses"
    made.mkdir(parents=True)
    (made / "sbom.cdx.json").write_text("{}")
    monkeypatch.setattr(package, "bundle", lambda: tmp_path / "tokendial")
    monkeypatch.setattr(package, "ARCHIVES", tmp_path / "archives")
    packed = package.archive()
    names = sorted(path.name for path in packed.parent.iterdir())
    assert names == ["SHA256SUMS", packed.name.replace(".tar.gz", ".cdx.json"), packed.name]
    assert all(name in (packed.parent / "SHA256SUMS").read_text() for name in names[1:])


def test_sums_are_those_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"a")
    sums = _archive.write_sums([tmp_path / "a.zip"], tmp_path / "SHA256SUMS")
    assert sums.read_text() == f"{hashlib.sha256(b'a').hexdigest()}  a.zip\n"


def test_links_have_no_size(folder: Path) -> None:
    assert package.unpacked_bytes(folder) == 4 + 10


def test_too_large_is_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(package, "bundle", lambda: folder)
    monkeypatch.setattr(package, "is_current", lambda: True)
    monkeypatch.setattr(package._setup, "ensure_environment", lambda _: Path("python"))
    monkeypatch.setattr(package._setup, "ensure_frontend", lambda: None)
    monkeypatch.setattr("sys.argv", ["package.py", "--if-changed", "--no-archive"])
    assert package.main() == 0
    monkeypatch.setattr(package, "LIMIT_MB", 13e-6)
    assert package.main() == 1
    assert "too large" in capsys.readouterr().err


def test_another_source_makes_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("backend/tokendial", "build", "frontend/src"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a").write_text("1")
    for name in ("pyproject.toml", "LICENSE", "package.py"):
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(package, "__file__", str(tmp_path / "package.py"))
    monkeypatch.setattr(package._setup, "ROOT", tmp_path)
    monkeypatch.setattr(package._setup, "fingerprint", lambda: "")
    monkeypatch.setattr(package._setup, "site_packages", lambda: tmp_path / "site")
    before = package.fingerprint()
    (tmp_path / "backend/tokendial/static").mkdir()
    (tmp_path / "backend/tokendial/static/index.html").write_text("built")
    assert package.fingerprint() == before
    for name in ("backend/tokendial/a", "build/a", "frontend/src/a", "pyproject.toml", "package.py"):
        (tmp_path / name).write_text("2")
        after = package.fingerprint()
        assert after != before, name
        before = after
    (tmp_path / "site" / "click-9.dist-info").mkdir(parents=True)
    assert package.fingerprint() != before


@pytest.fixture(params=["plain", "with space", 'a$b`c"d%e'])
def unpacked(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The files of the desktop beside a program that says that it runs."""
    folder = tmp_path / str(request.param) / "tokendial"
    folder.mkdir(parents=True)
    (folder / "tokendial").write_text('#!/bin/sh\necho "runs $*"\n')
    (folder / "tokendial").chmod(0o755)
    package.add_desktop_files(folder)
    return folder


def install(folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_DATA_HOME": str(home / "share")}
    return subprocess.run(
        ["sh", str(folder / "install.sh"), *arguments], env=env, capture_output=True, text=True, check=False
    )


def unquoted(line: str) -> str:
    """The program that a desktop starts for an `Exec` line, by the rules of desktop entries."""
    value = line.removeprefix("Exec=env TOKENDIAL_DIALOGS=1 ").replace("\\\\", "\\").replace("%%", "%")
    assert value[0] == value[-1] == '"'
    inner, out = iter(value[1:-1]), ""
    for character in inner:
        out += next(inner) if character == "\\" else character
    return out


def test_install_puts_it_into_the_menu_and_takes_it_out(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = install(unpacked, home)
    assert (done.returncode, done.stderr) == (0, "")
    entry = (home / "share/applications/tokendial.desktop").read_text()
    lines = [line for line in entry.splitlines() if line.startswith("Exec=")]
    assert [unquoted(line) for line in lines] == [str(unpacked / "tokendial")]
    assert "Icon=tokendial" in entry.splitlines()
    assert (home / "share/icons/hicolor/128x128/apps/tokendial.png").is_file()
    command = home / ".local/bin/tokendial"
    assert subprocess.run([command, "report"], capture_output=True, text=True, check=True).stdout == "runs report\n"
    assert install(unpacked, home).returncode == 0, "again, after an update"
    assert install(unpacked, home, "--remove").returncode == 0
    assert [path for path in home.rglob("*") if path.is_file() or path.is_symlink()] == []
    assert (unpacked / "tokendial").is_file()


def test_install_leaves_another_command_alone(unpacked: Path, tmp_path: Path) -> None:
    other = tmp_path / "home" / ".local" / "bin" / "tokendial"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    assert "left alone" in install(unpacked, tmp_path / "home").stdout
    install(unpacked, tmp_path / "home", "--remove")
    assert other.read_text() == "mine"


def test_install_says_what_is_wrong(unpacked: Path, tmp_path: Path) -> None:
    assert install(unpacked, tmp_path, "--help").returncode == 2
    (unpacked / "tokendial").unlink()
    done = install(unpacked, tmp_path)
    assert (done.returncode, done.stderr) == (1, "install.sh: the program is not beside this script\n")


def test_the_sizes_of_the_icons_are_all_there() -> None:
    assert [size for size in package.ICONS if not (ROOT / f"build/icons/tokendial-{size}.png").is_file()] == []
