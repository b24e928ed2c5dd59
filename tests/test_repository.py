"""What holds for every file of the repository: sizes, docstrings, and nothing that must not be committed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("backend", "frontend", "build", "scripts", "tests", ".ci", ".github")
MADE = {"node_modules", "dist", "static", "__pycache__"}
TEXT = {".py", ".ts", ".tsx", ".css", ".html", ".json", ".md", ".toml", ".yml", ".spec", ".desktop", ".sh"}
CODE = {".py", ".ts", ".tsx", ".css"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
IGNORE = re.compile(r"#\s*type:\s*ignore(?P<code>\[[\w,-]+\])?(?P<reason>\s+#\s*\S+)?")
# A home folder of a real person; these are the invented ones.
INVENTED = r"(?!(?:user|u|me|ada|mia|alice|bob|runner)\b)\w"
MACHINE = re.compile(rf"(?<![\w.])(?:/home/{INVENTED}|/Users/{INVENTED}|[A-Z]:\\\\?Users\\\\?{INVENTED})")


def files(*tops: str, kinds: set[str]) -> list[Path]:
    """The files of these kinds that a person wrote."""
    found = [path for top in tops for path in (ROOT / top).rglob("*") if path.suffix in kinds and path.is_file()]
    return sorted(path for path in found if not MADE.intersection(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


BACKEND = files("backend", kinds={".py"})
PYTHON = files("backend", "build", "scripts", kinds={".py"})


def long_functions(source: str) -> Iterator[str]:
    """Functions above the limit, with their length."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name}: {length} lines"


def bare_ignores(source: str) -> list[str]:
    """`type: ignore` without a code or without a reason after it."""
    return [found.group() for found in IGNORE.finditer(source) if not (found["code"] and found["reason"])]


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_python_file(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE
    assert list(long_functions(source)) == []
    assert ast.get_docstring(ast.parse(source)), "a module says what it is for"
    assert bare_ignores(source) == []


@pytest.mark.parametrize("path", files(*OURS, kinds=CODE), ids=name)
def test_nothing_is_unfinished(path: Path) -> None:
    assert UNFINISHED.findall(path.read_text(encoding="utf-8")) == []


def test_no_path_of_a_machine() -> None:
    texts = [path for path in files(*OURS, kinds=TEXT) if "fixtures" not in path.parts] + sorted(ROOT.glob("*.md"))
    found = {name(path): MACHINE.findall(path.read_text(encoding="utf-8", errors="replace")) for path in texts}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_lock_file_names_no_registry() -> None:
    lock = ROOT / "frontend" / "package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for path, package in packages.items() if path)


def test_build_folder_is_no_package() -> None:
    assert not (ROOT / "build" / "__init__.py").exists()


def test_limits_can_fail() -> None:
    assert list(long_functions("def f():\n" + "    x = 1\n" * LONGEST_FUNCTION)) == [f"f: {LONGEST_FUNCTION + 1} lines"]
    assert bare_ignores("x = 1  # type: ignore") != []
    assert bare_ignores("x = 1  # type: ignore[arg-type]") != []
    assert bare_ignores("x = 1  # type: ignore[arg-type]  # the stub lacks None") == []
    assert UNFINISHED.findall("# TO" + "DO: later") != []
    assert MACHINE.findall("/home" + "/somebody/x") != []
    assert MACHINE.findall("/home/user/x") == []
