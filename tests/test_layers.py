"""A folder is a layer: imports only point down, and each outside library has one home.

The rules are in tables, the checker is a function of one source text, and it is itself shown to fail.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "backend" / "tokendial"
PAGE = ROOT / "frontend" / "src"

ALLOWED_LAYERS: dict[str, set[str]] = {
    "domain": set(),
    "store": {"domain"},
    "providers": {"domain"},
    "ingest": {"providers", "store", "domain"},
    "live": {"providers", "store", "domain"},
    "services": {"ingest", "live", "providers", "store", "domain"},
    "api": {"services", "ingest", "live", "providers", "store", "domain"},
    "desktop": {"api", "services", "ingest", "live", "providers", "store", "domain"},
    # The command line opens the window; the window knows nothing of the command line.
    "cli": {"desktop", "api", "services", "ingest", "live", "providers", "store", "domain"},
    "__main__": {"cli"},
    "__init__": set(),
    "errors": set(),
    "paths": set(),
}
# The two modules at the package root that a layer may use, except the domain, which has no files.
EVERYWHERE = {"errors", "paths"}

HOME_OF: dict[str, set[str]] = {
    "peewee": {"store"},
    "playhouse": {"store"},
    "sqlite3": {"store"},
    "flask": {"api"},
    "werkzeug": {"api"},
    "webview": {"desktop"},
    "qtpy": {"desktop"},
    "PySide6": {"desktop"},
    "gi": {"desktop"},
    "pystray": {"desktop"},
    "PIL": {"desktop"},
    "AppKit": {"desktop"},
    "desktop_notifier": {"desktop"},
    "dbus_fast": {"desktop"},
    "watchdog": {"ingest"},
    "genai_prices": {"services"},
    "urllib.request": {"live"},
    "http.client": {"live"},
    "requests": {"live"},
    "httpx": {"live"},
    "httpx2": {"live"},
    "urllib3": {"live"},
    "aiohttp": {"live"},
}

IMPURE = {"asyncio", "glob", "http", "io", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "socket"}
IMPURE |= {"subprocess", "tempfile", "threading", "time", "urllib", "uuid"}
CLOCK_CALLS = {"now", "today", "utcnow"}

NAMES = {"codex", "claude", "gemini", "openai", "anthropic"}
OWN_NAMES = {"codex": {"codex", "openai"}, "claude": {"claude", "anthropic"}, "gemini": {"gemini"}}
# Files whose subject are model names, which carry their maker's name.
NAME_ALLOWED = {"services/catalogue_table.py"}
PAGE_NAME_ALLOWED = {"lib/colors.ts"}
PAGE_GENERATED = {"api/types.ts"}
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


def violations(relative: str, source: str) -> list[str]:
    """What is wrong with the module at this path below the package."""
    tree = ast.parse(source, relative)
    parts = relative.removesuffix(".py").split("/")
    layer = parts[0]
    found = [problem for name, line in imports(tree, parts) for problem in import_problems(layer, name, line)]
    if layer == "domain":
        found += impure_calls(tree)
    return found + name_problems(relative, parts, tree)


def imports(tree: ast.Module, parts: list[str]) -> Iterator[tuple[str, int]]:
    """Every imported module with its line; for `from a import b` both `a` and `a.b`, because b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ["tokendial", *parts[: len(parts) - node.level]] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base, node.lineno
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def import_problems(layer: str, name: str, line: int) -> Iterator[str]:
    """The rules that one import breaks."""
    top, _, rest = name.partition(".")
    if top == "tokendial":
        target = rest.partition(".")[0]
        may = ALLOWED_LAYERS[layer] | {layer} | (EVERYWHERE - ({"paths"} if layer == "domain" else set()))
        if target in ALLOWED_LAYERS and target not in may:
            yield f"line {line}: {layer} imports {target}"
        return
    for library, homes in HOME_OF.items():
        if (name == library or name.startswith(f"{library}.")) and layer not in homes:
            yield f"line {line}: {library} belongs to {', '.join(homes)}"
    if layer == "domain" and (top in IMPURE or (top not in sys.stdlib_module_names and top != "msgspec")):
        yield f"line {line}: the domain imports {top}"


def impure_calls(tree: ast.Module) -> list[str]:
    """Calls that read a clock or a file."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CLOCK_CALLS | {"open"}:
                found.append(f"line {node.lineno}: the domain calls {called}()")
    return found


def name_problems(relative: str, parts: list[str], tree: ast.Module) -> list[str]:
    """A provider's name in a string outside its own folder; docstrings do not count."""
    if relative in NAME_ALLOWED:
        return []
    own = OWN_NAMES.get(parts[1], set()) if parts[0] == "providers" and len(parts) > 2 else set()
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            found += [
                f"line {node.lineno}: the name {name} in a string"
                for name in sorted(NAMES - own)
                if name in node.value.lower()
            ]
    return found


def page_problems(relative: str, source: str) -> list[str]:
    """A provider's name in a source of the page, where a string or a text would treat it as special."""
    if relative in PAGE_NAME_ALLOWED | PAGE_GENERATED:
        return []
    spoken = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), source)
    return [
        f"line {number}: the name {name}"
        for number, line in enumerate(spoken.splitlines(), 1)
        for name in sorted(NAMES)
        if name in line.lower()
    ]


PAGES = sorted(
    path.relative_to(PAGE).as_posix()
    for path in PAGE.rglob("*")
    if path.suffix in (".ts", ".tsx", ".css") and ".test." not in path.name and "test" not in path.parts
)
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("relative", MODULES)
def test_module_keeps_the_rules(relative: str) -> None:
    assert violations(relative, (PACKAGE / relative).read_text(encoding="utf-8")) == []


def test_every_folder_is_a_known_layer() -> None:
    assert {module.split("/")[0].removesuffix(".py") for module in MODULES} <= set(ALLOWED_LAYERS)


def test_allow_list_has_no_dead_entry() -> None:
    assert set(MODULES) >= NAME_ALLOWED
    assert set(PAGES) >= PAGE_NAME_ALLOWED | PAGE_GENERATED


@pytest.mark.parametrize("relative", PAGES)
def test_the_page_knows_no_provider(relative: str) -> None:
    """What it shows of one comes with the answers: name, colours, folders, words."""
    assert page_problems(relative, (PAGE / relative).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ('const a = "codex";', 1),
        ("if (id === 'claude') {}\nconst b = `--${x}-gemini`;", 2),
        ("<p>Codex writes one.</p>", 1),
        (".td-claude { color: red }", 1),
        ("/** As Codex does.\n * Claude too. */\nconst a = 1; // and Gemini", 0),
        ('const url = "https://claude.example"; // fine', 1),
    ],
)
def test_the_checker_of_the_page_finds(source: str, problems: int) -> None:
    assert len(page_problems("views/a.tsx", source)) == problems


@pytest.mark.parametrize(
    ("relative", "source", "problem"),
    [
        ("domain/a.py", "import tokendial.store", "domain imports store"),
        ("domain/a.py", "from tokendial import paths", "domain imports paths"),
        ("domain/a.py", "import time", "domain imports time"),
        ("domain/a.py", "import peewee", "domain imports peewee"),
        ("domain/a.py", "from datetime import datetime\nx = datetime.now()", "domain calls now()"),
        ("domain/a.py", "x = open('f')", "domain calls open()"),
        ("store/a.py", "from tokendial.providers import PROVIDERS", "store imports providers"),
        ("providers/codex/a.py", "from tokendial.store import ledger", "providers imports store"),
        ("providers/a.py", "from ..store import ledger", "providers imports store"),
        ("ingest/a.py", "from tokendial import services", "ingest imports services"),
        ("ingest/a.py", "def f():\n    from tokendial.live import poll", "ingest imports live"),
        ("services/a.py", "from tokendial.api.server import Server", "services imports api"),
        ("api/a.py", "from tokendial.cli import main", "api imports cli"),
        ("desktop/a.py", "import tokendial.cli.main", "desktop imports cli"),
        ("services/a.py", "import sqlite3", "sqlite3 belongs to store"),
        ("desktop/a.py", "from werkzeug.serving import make_server", "werkzeug belongs to api"),
        ("api/a.py", "import webview", "webview belongs to desktop"),
        ("cli/a.py", "from watchdog.events import FileSystemEvent", "watchdog belongs to ingest"),
        ("services/a.py", "from urllib import request", "urllib.request belongs to live"),
        ("services/a.py", "import http.client", "http.client belongs to live"),
        ("live/a.py", "import genai_prices", "genai_prices belongs to services"),
        ("services/a.py", "x = 'codex'", "the name codex in a string"),
        ("cli/a.py", "x = f'{y} --claude-home'", "the name claude in a string"),
        ("providers/codex/a.py", "x = 'anthropic'", "the name anthropic in a string"),
        ("providers/__init__.py", "x = 'gemini'", "the name gemini in a string"),
    ],
)
def test_the_checker_finds(relative: str, source: str, problem: str) -> None:
    assert any(problem in found for found in violations(relative, source))


@pytest.mark.parametrize(
    ("relative", "source"),
    [
        ("domain/a.py", "import math\nimport msgspec\nfrom tokendial.errors import BadRequest"),
        ("ingest/a.py", "from tokendial.store import ledger\nimport watchdog.observers\nfrom tokendial import paths"),
        ("live/a.py", "import urllib.request\nimport http.client"),
        ("services/a.py", "from urllib.parse import quote\nfrom http import HTTPStatus"),
        ("providers/codex/a.py", "x = 'codex'\ny = 'openai'"),
        ("services/a.py", '"""Words about Codex."""\n\ndef f():\n    """And Claude."""'),
        ("cli/a.py", "from tokendial.desktop import window"),
    ],
)
def test_the_checker_allows(relative: str, source: str) -> None:
    assert violations(relative, source) == []
