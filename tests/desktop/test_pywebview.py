"""pywebview is loaded without bottle, and with it where it wants more of it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(find_spec("webview") is None, reason="pywebview is not installed")

SCRIPT = """
import sys
from tokendial.desktop import pywebview
{before}
pywebview.load()
import webview, webview.http
print("bottle" in sys.modules, hasattr(webview.http.bottle, "Bottle"), webview.create_window.__module__)
"""


def ran(before: str, child_env: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", SCRIPT.format(before=before)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=child_env).stdout.split()


def test_the_web_server_that_nobody_starts_is_not_loaded(child_env: dict[str, str]) -> None:
    assert ran("", child_env) == ["False", "False", "webview"]


def test_a_pywebview_that_wants_more_of_bottle_gets_it(child_env: dict[str, str]) -> None:
    assert ran("pywebview._ASKED.clear()", child_env) == ["True", "True", "webview"]


@pytest.mark.parametrize("first", ["bottle", "webview"])
def test_what_is_loaded_already_stays(child_env: dict[str, str], first: str) -> None:
    assert ran(f"import {first}", child_env) == ["True", "True", "webview"]
