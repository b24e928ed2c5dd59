"""Qt's classes under qtpy's names: the same ones, those alone that are used, and qtpy itself where one is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("PySide6.QtWebEngineWidgets")

COMPARE = """
import ast, importlib, sys
import webview
from pathlib import Path
from tokendial.desktop import qt, qt_names
from tokendial.desktop.tray import qt_icon

source = Path(webview.__file__).with_name("platforms") / "qt.py"
asked = [
    (node.module, alias.name)
    for path in (source, Path(qt.__file__), Path(qt_icon.__file__))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qtpy.")
    for alias in node.names
]
mine = [getattr(qt_names._Names(module, qt_names.SOURCES[module]), name) for module, name in asked]
theirs = [getattr(importlib.import_module(module), name) for module, name in asked]
assert theirs == mine, [pair for pair, a, b in zip(asked, theirs, mine) if a != b]
print(len(asked))
"""
LOAD = """
import sys
from tokendial.desktop import qt_names
{before}
qt_names.load_toolkit()
from webview.platforms import qt
from tokendial.desktop import qt as ours
print(qt.renderer, type(sys.modules["qtpy.QtWidgets"]).__name__, "PySide6.QtDataVisualization" in sys.modules)
"""


def ran(script: str, child_env: dict[str, str]) -> str:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=child_env).stdout.strip()


def test_each_name_that_is_asked_for_is_what_qtpy_calls_so(child_env: dict[str, str]) -> None:
    assert int(ran(COMPARE, child_env)) > 25


def test_the_toolkit_is_loaded_without_the_rest_of_qt(child_env: dict[str, str]) -> None:
    assert ran(LOAD.format(before=""), child_env).split() == ["qtwebengine", "_Names", "False"]


@pytest.mark.parametrize(
    "before",
    [
        "qt_names.SOURCES = {**qt_names.SOURCES, 'qtpy.QtGui': ('QtCore',)}",
        "qt_names.SOURCES = {**qt_names.SOURCES, 'qtpy.QtWebChannel': ('NoSuchModule',)}",
    ],
)
def test_a_name_that_is_missing_comes_from_qtpy(before: str, child_env: dict[str, str]) -> None:
    assert ran(LOAD.format(before=before), child_env).split()[:2] == ["qtwebengine", "module"]
