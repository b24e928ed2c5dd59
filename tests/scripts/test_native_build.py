"""Compiling the C sources: only where there is a compiler, only what changed, and never half."""

from __future__ import annotations

import os
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "backend/tokendial/providers/codex/scan.c"


@pytest.fixture
def native() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "build" / "native_build.py"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / NAME).parent.mkdir(parents=True)
    for source in (ROOT / NAME, *(ROOT / NAME).parent.glob("*.h")):
        shutil.copyfile(source, (tmp_path / NAME).with_name(source.name))
    return tmp_path


def needs_compiler(native: dict[str, Any]) -> None:
    if native["compiler"]() is None:
        pytest.skip("no C compiler")


def test_what_changed_is_compiled_once(native: dict[str, Any], checkout: Path) -> None:
    needs_compiler(native)
    assert native["build"](checkout) == []
    built = native["library"](checkout / NAME)
    first = built.stat().st_mtime_ns
    assert native["build"](checkout) == []
    assert built.stat().st_mtime_ns == first
    os.utime(checkout / NAME, ns=(first + 1, first + 1))
    assert native["stale"](checkout) == [checkout / NAME]


def test_the_package_looks_for_what_is_built(native: dict[str, Any]) -> None:
    from tokendial.providers.codex import compiled

    assert native["library"](ROOT / NAME) == Path(compiled.__file__).with_name(compiled.library_name())


def test_a_source_that_does_not_compile_leaves_what_was_there(native: dict[str, Any], checkout: Path) -> None:
    needs_compiler(native)
    native["build"](checkout)
    built = native["library"](checkout / NAME)
    before = built.read_bytes()
    (checkout / NAME).write_text("no C at all")
    os.utime(checkout / NAME, ns=(1 << 62, 1 << 62))
    assert native["build"](checkout) == [checkout / NAME]
    assert built.read_bytes() == before
    assert [path.name for path in built.parent.iterdir() if path.name.endswith(".new")] == []


def test_without_a_compiler_nothing_is_stale(
    native: dict[str, Any], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(checkout / "nothing"))
    monkeypatch.delenv("CC", raising=False)
    assert native["stale"](checkout) == []
    monkeypatch.setenv("CC", "no-such-compiler")
    assert native["build"](checkout) == []
