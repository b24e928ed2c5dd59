"""Compiles the C sources of the package where a C compiler is found; needs only the standard library.

They make reading faster and change no figure, so a machine without a compiler goes on without them. Two callers: the
build hook and the scripts of a checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCES = ("backend/tokendial/providers/codex/scan.c", "backend/tokendial/providers/claude/scan.c")
COMPILERS = ("cc", "clang", "gcc")


def library(source: Path) -> Path:
    """What a source is compiled to; the package looks for the same name."""
    return source.with_name(f"_{source.stem}.{'dll' if sys.platform == 'win32' else 'so'}")


def headers(source: Path) -> list[Path]:
    """What a source includes: the headers beside it, and those that all share."""
    return sorted((*source.parent.glob("*.h"), *source.parent.parent.glob("native/*.h")))


def stale(root: Path) -> list[Path]:
    """The sources that are newer than what they were compiled to; without a compiler there are none."""
    sources = [root / name for name in SOURCES]
    return [source for source in sources if source.is_file() and compiler() and not _is_fresh(source)]


def compiler() -> str | None:
    """The C compiler: $CC, or the first that is found."""
    named = os.environ.get("CC")
    return shutil.which(named) if named else next((path for name in COMPILERS if (path := shutil.which(name))), None)


def build(root: Path) -> list[Path]:
    """Compiles what is stale and returns what could not be compiled; each result is put in place in one move."""
    failed = []
    for source in stale(root):
        target = library(source)
        fresh = target.with_name(f".{target.name}.new")
        command = [str(compiler()), "-O2", "-std=c99", "-shared", "-o", str(fresh), str(source)]
        if sys.platform != "win32":
            command[1:1] = ["-fPIC", "-fvisibility=hidden"]
        done = subprocess.run(command, stdout=2, check=False)
        if done.returncode:
            failed.append(source)
        else:
            fresh.replace(target)
    return failed


def _is_fresh(source: Path) -> bool:
    target = library(source)
    sources = (source, *headers(source))
    return target.is_file() and target.stat().st_mtime_ns >= max(one.stat().st_mtime_ns for one in sources)
