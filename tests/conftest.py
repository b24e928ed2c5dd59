"""What holds for every test: no real home is touched, the zone is UTC, and what a machine lacks is skipped aloud."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.proofs"]

ROOT = Path(__file__).resolve().parents[1]
CORPUS = (ROOT.parent / "shared" / "corpus").resolve()
_REASONS = {"browser": "TOKENDIAL_SKIP_BROWSER", "window": "TOKENDIAL_SKIP_WINDOW"}
_FOLDERS = {"XDG_DATA_HOME": ".local/share", "XDG_CONFIG_HOME": ".config", "XDG_STATE_HOME": ".local/state"}

# A slow machine is not a failure.
settings.register_profile("tokendial", deadline=None, max_examples=100)
settings.load_profile("tokendial")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "zone(name): runs in this time zone instead of UTC")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, variable in _REASONS.items():
            reason = os.environ.get(variable)
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
        if item.get_closest_marker("package") and not os.environ.get("TOKENDIAL_PACKAGED"):
            item.add_marker(pytest.mark.skip(reason="TOKENDIAL_PACKAGED does not name a program of scripts/package.py"))
        if item.get_closest_marker("corpus") and not CORPUS.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"the shared corpus is not at {CORPUS}"))


@pytest.fixture(scope="session", autouse=True)
def _browsers_stay_where_they_are() -> Iterator[None]:
    """Browsers are installed below the real home, which tests do not see."""
    with pytest.MonkeyPatch.context() as patch:
        if "PLAYWRIGHT_BROWSERS_PATH" not in os.environ:
            cache = Path.home() / ".cache" / "ms-playwright"
            if cache.is_dir():
                patch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(cache))
        yield


@pytest.fixture(autouse=True)
def clean_environment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An empty home for this test, and UTC unless the test asks for a zone."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for variable, folder in _FOLDERS.items():
        monkeypatch.setenv(variable, str(home / folder))
    monkeypatch.delenv("CODEX_HOME", raising=False)
    monkeypatch.delenv("CODEX_SQLITE_HOME", raising=False)
    before = os.environ.get("TZ")
    marker = request.node.get_closest_marker("zone")
    _set_zone(marker.args[0] if marker else "UTC")
    yield home
    _set_zone(before)


def _set_zone(name: str | None) -> None:
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def corpus() -> Path:
    """The shared corpus of masked logs; tests that use it carry the marker `corpus`."""
    return CORPUS
