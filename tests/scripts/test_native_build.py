"""Compiling the C sources: only where there is a compiler, only what changed, and never half."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CODEX, CLAUDE = (f"backend/tokendial/providers/{name}/scan.c" for name in ("codex", "claude"))
NAME = CODEX


@pytest.fixture
def native() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "build" / "native_build.py"))


@pytest.fixture
def checkout(native: dict[str, Any], tmp_path: Path) -> Path:
    """Only the source of Codex and what it includes."""
    for source in (ROOT / NAME, *native["headers"](ROOT / NAME)):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
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


def test_a_header_that_changed_is_compiled_too(native: dict[str, Any], checkout: Path) -> None:
    needs_compiler(native)
    native["build"](checkout)
    assert native["stale"](checkout) == []
    shared = [path for path in native["headers"](checkout / NAME) if path.parent.name == "native"]
    os.utime(shared[0], ns=(1 << 62, 1 << 62))
    assert native["stale"](checkout) == [checkout / NAME]


def test_the_package_looks_for_what_is_built(native: dict[str, Any]) -> None:
    from tokendial.providers import compiled as shared
    from tokendial.providers.claude import scan
    from tokendial.providers.codex import compiled

    assert native["library"](ROOT / CODEX) == Path(compiled.__file__).with_name(shared.library_name())
    assert native["library"](ROOT / CLAUDE) == Path(scan.__file__).with_name(shared.library_name())
    assert native["SOURCES"] == (CODEX, CLAUDE)


@pytest.mark.parametrize("name", [CODEX, CLAUDE])
def test_sources_compile_without_warnings(name: str, native: dict[str, Any], tmp_path: Path) -> None:
    needs_compiler(native)
    flags = ["-std=c99", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Wno-unused-function", "-Werror"]
    command = [native["compiler"](), *flags, "-o", str(tmp_path / "out.so"), str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


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
