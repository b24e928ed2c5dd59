"""Which of the files that PyInstaller finds are kept."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

BUNDLE: dict[str, Any] = runpy.run_path(str(Path(__file__).resolve().parents[2] / "build" / "bundle.py"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/Qt/qml/QtQuick/qmldir", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/translations/qtwebengine_locales/de.pak", True),
        ("PySide6/Qt/resources/qtwebengine_devtools_resources.pak", False),
        ("PySide6/Qt/resources/icudtl.dat", True),
        ("PySide6/Qt/libexec/QtWebEngineProcess", True),
        ("tokendial/__pycache__/a.pyc", False),
        ("webview\\lib\\WebView2Loader.dll", True),
        ("tokendial/static/index.html", True),
        ("libstdc++.so.6", False),
        ("libgbm.so.1", False),
        ("libX11.so.6", False),
        ("libxcb-cursor.so.0", True),
    ],
)
def test_a_file_is_wanted(name: str, kept: bool) -> None:
    assert BUNDLE["wanted"](name) is kept


def test_a_library_stays_while_something_needs_it() -> None:
    needs = {
        "/s/QtGui": ["libQt6Gui.so.6", "/lib/libnss3.so"],
        "/s/qxcb": ["libQt6XcbQpa.so.6"],
        "/s/qgtk3": ["libgtk-3.so.0"],
    }
    entries = [
        ("PySide6/QtGui.abi3.so", "/s/QtGui", "EXTENSION"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/s/qxcb", "BINARY"),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "/s/qgtk3", "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/s/1", "BINARY"),
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "/s/2", "BINARY"),
        ("PySide6/Qt/lib/libQt6Charts.so.6", "/s/3", "BINARY"),
        ("libnss3.so", "/s/4", "BINARY"),
        ("libgtk-3.so.0", "/s/5", "BINARY"),
        ("libsoftokn3.so", "/s/6", "BINARY"),
        ("libxcb-cursor.so.0", "/s/7", "BINARY"),
    ]
    kept = BUNDLE["used"](entries, ["libxcb-cursor.so.0"], lambda source: needs.get(source, []))
    gone = {"PySide6/Qt/plugins/platformthemes/libqgtk3.so", "PySide6/Qt/lib/libQt6Charts.so.6", "libgtk-3.so.0"}
    assert {name for name, _, _ in entries} - {name for name, _, _ in kept} == gone


def test_links_and_checksums_go_with_their_libraries() -> None:
    binaries = [("PySide6/Qt/lib/libQt6Core.so.6", "/s/1", "BINARY"), ("libsoftokn3.so", "/s/2", "BINARY")]
    data = [
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Pdf.so.6", "PySide6/Qt/lib/libQt6Pdf.so.6", "SYMLINK"),
        ("libsoftokn3.chk", "/s/3", "DATA"),
        ("libnssdbm3.chk", "/s/4", "DATA"),
        ("tokendial/static/index.html", "/s/5", "DATA"),
    ]
    assert [name for name, _, _ in BUNDLE["linked"](data, binaries)] == [
        "libQt6Core.so.6",
        "libsoftokn3.chk",
        "tokendial/static/index.html",
    ]


def test_licences_are_those_of_the_modules() -> None:
    names = BUNDLE["distributions"](["click.core", "tokendial.cli", "nothing_of_this_name"])
    assert names == ["click"]
    found = BUNDLE["licenses"](names)
    assert found != []
    assert all(name.startswith("licenses/click/") and Path(source).is_file() for name, source, _ in found)
