"""Makes the packaged program for this system: `python3 scripts/package.py`.

Afterwards `.pyi/dist` has the program, and `.pyi/archives` an archive of it, the list of its components, and their
checksums. Neither Python nor anything else has to be installed where it runs. `--no-archive` stops before the archive,
`--if-changed` keeps a program that was made from the same sources.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for the older ones
    sys.exit("Tokendial needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import argparse
import hashlib
import platform
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import _archive
import _setup

LIMIT_MB = 520
MADE = _setup.ROOT / ".pyi"
DIST, ARCHIVES, STAMP = MADE / "dist", MADE / "archives", MADE / "stamp"
ICONS = (16, 32, 48, 64, 128, 256, 512)
INPUTS = ("backend/tokendial", "build", "frontend/src", "frontend/package-lock.json", "pyproject.toml", "LICENSE")


def main() -> int:
    """Builds, checks the size, and packs; returns an exit code."""
    options = arguments()
    python = _setup.ensure_environment("package")
    _setup.ensure_frontend()
    _setup.ensure_native()
    if not (options.if_changed and is_current()):
        began = time.perf_counter()
        build(python)
        _setup.say(f"built in {time.perf_counter() - began:.0f} s")
    size = unpacked_bytes(bundle())
    print(f"{bundle()}: {size / 1e6:.0f} MB unpacked, at most {LIMIT_MB}")
    if size > LIMIT_MB * 1e6:
        _setup.say("the program is too large: look at the largest files of .pyi/dist, and at build/bundle.py")
        return 1
    if not options.no_archive:
        archive()
    return 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the packaged program for this system.")
    parser.add_argument("--no-archive", action="store_true", help="only the program, not the archive")
    parser.add_argument("--if-changed", action="store_true", help="keep a program made from the same sources")
    return parser.parse_args()


def bundle() -> Path:
    """What is shipped: a folder, on macOS the application."""
    return DIST / {"linux": "tokendial", "darwin": "Tokendial.app"}.get(sys.platform, "Tokendial")


def program() -> Path:
    """The executable that prints to a terminal."""
    places = {"linux": "tokendial", "darwin": "Contents/MacOS/Tokendial"}
    return bundle() / places.get(sys.platform, "tokendial-cli.exe")


def components() -> Path:
    """The list of everything that is in the program (CycloneDX), as the build left it there."""
    return next(bundle().rglob("licenses/sbom.cdx.json"))


def build(python: Path) -> None:
    """Runs PyInstaller, and on Linux adds what belongs beside the program."""
    if sys.platform == "linux" and shutil.which("objdump") is None:
        _setup.fail("PyInstaller needs objdump; on Debian: sudo apt-get install binutils")
    STAMP.unlink(missing_ok=True)
    shutil.rmtree(DIST, ignore_errors=True)
    _setup.say("building the program")
    options = ["--noconfirm", "--log-level", "WARN", "--workpath", str(MADE / "work"), "--distpath", str(DIST)]
    if _setup.run([python, "-m", "PyInstaller", *options, "build/tokendial.spec"], stdout=2):
        _setup.fail("PyInstaller failed; the lines above say why")
    if sys.platform == "linux":
        add_desktop_files(bundle())
    STAMP.write_text(fingerprint(), encoding="utf-8")


def add_desktop_files(folder: Path) -> None:
    """The entry of the menu with its icons, and the script that puts both in place."""
    source = _setup.ROOT / "build"
    applications = folder / "share" / "applications"
    applications.mkdir(parents=True)
    shutil.copy(source / "linux" / "tokendial.desktop", applications)
    for size in ICONS:
        icons = folder / "share" / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        icons.mkdir(parents=True)
        shutil.copyfile(source / "icons" / f"tokendial-{size}.png", icons / "tokendial.png")
    shutil.copyfile(source / "linux" / "install.sh", folder / "install.sh")
    (folder / "install.sh").chmod(0o755)


def is_current() -> bool:
    """Whether the program that is there was made from these sources and packages."""
    return program().is_file() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == fingerprint()


def fingerprint() -> str:
    """Changes with every input of the build: sources, this script, and the installed packages."""
    digest = hashlib.sha256(_setup.fingerprint().encode())
    for path in [Path(__file__), *inputs()]:
        digest.update(f"{path.relative_to(_setup.ROOT).as_posix()}\0".encode() + path.read_bytes())
    for info in sorted(_setup.site_packages().glob("*.dist-info")):
        digest.update(info.name.encode())
    return digest.hexdigest()


def inputs() -> Iterator[Path]:
    """The files that the program is made from. The built page is not among them: its sources are."""
    for name in INPUTS:
        top = _setup.ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not {"__pycache__", "static", "pictures"}.intersection(path.parts):
                yield path


def unpacked_bytes(folder: Path) -> int:
    """The size of all files; links count as nothing."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def version() -> str:
    """The version of the program."""
    text = (_setup.ROOT / "backend" / "tokendial" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    return found[1] if found else "0"


def archive() -> Path:
    """Packs the program, and writes the checksum of the archive beside it."""
    _setup.say("packing")
    shutil.rmtree(ARCHIVES, ignore_errors=True)
    ARCHIVES.mkdir(parents=True)
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    stem = ARCHIVES / f"tokendial-{version()}-{system}-{machine}"
    packed = _archive.tar_gz(bundle(), stem) if sys.platform == "linux" else _archive.zipped(bundle(), stem)
    listed = shutil.copyfile(components(), stem.with_name(f"{stem.name}.cdx.json"))
    sums = _archive.write_sums([packed, listed], ARCHIVES / "SHA256SUMS")
    print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB\n{sums.read_text(encoding='utf-8').strip()}")
    return packed


if __name__ == "__main__":
    sys.exit(main())
