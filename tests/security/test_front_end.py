"""C2: the front end has no way from a text to HTML or to code, no address but its own, and no `any`.

Judged on syntax trees (frontend/test/findings.mjs): those of our sources, and those of the built scripts, where only
what Preact brings may be, because its property `dangerouslySetInnerHTML` is used nowhere.
"""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.proofs import Proved

ROOT = Path(__file__).resolve().parent.parent.parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "backend" / "tokendial" / "static"
NAMESPACES = {"2000/svg", "1999/xhtml", "1998/Math/MathML", "1999/xlink"}
# The kind of what is found, what it is called, and a piece of source that has it.
SINKS = [
    ("html", "innerHTML=", "node.innerHTML = text;"),
    ("html", "innerHTML=", "node['innerHTML'] = text;"),
    ("html", "outerHTML=", "node.outerHTML += text;"),
    ("html", "insertAdjacentHTML", "node.insertAdjacentHTML('beforeend', text);"),
    ("html", "dangerouslySetInnerHTML", "const a = <p dangerouslySetInnerHTML={given} />;"),
    ("html", "dangerouslySetInnerHTML", "const a = { dangerouslySetInnerHTML: given };"),
    ("html", "srcdoc", "const a = <iframe srcdoc={text} />;"),
    ("html", "setHTMLUnsafe", "node.setHTMLUnsafe(text);"),
    ("html", "createContextualFragment", "range.createContextualFragment(text);"),
    ("html", "DOMParser", "new DOMParser();"),
    ("html", "document.write", "document.write(text);"),
    ("html", '"insertHTML"', "document.execCommand('insertHTML', false, text);"),
    ("code", "eval", "eval(text);"),
    ("code", "eval", "(0, eval)(text);"),
    ("code", "eval", "window.eval(text);"),
    ("code", "Function", "new Function(text);"),
    ("code", "Function", "globalThis.Function(text);"),
    ("code", "setTimeout of a text", "setTimeout('run()', 1);"),
    ("code", "setTimeout of a text", "window.setTimeout(`run(${text})`, 1);"),
    ("code", "constructor of a text", "given.constructor('return this')();"),
    ("code", "import()", "import(text);"),
    ("network", "WebSocket", "new WebSocket(text);"),
    ("network", "sendBeacon", "navigator.sendBeacon(text);"),
    ("address", "https://example.org/x", "fetch('https://example.org/x');"),
    ("address", "//example.org", "const a = <img src='//example.org' />;"),
    ("address", "wss://", "const a = `wss://${text}`;"),
    ("address", "javascript:", "const a = <a href={`javascript:${text}`}>x</a>;"),
    ("any", "any", "const a: any = given;"),
    ("any", "any", "const a = (given as any).b;"),
    ("any", "any", "const a = new Map<string, any>();"),
    ("any", "any", "function a(...b: any[]): void { b.pop(); }"),
    ("any", "@ts-ignore", "// @ts-ignore"),
]  # fmt: skip


class Finding(NamedTuple):
    """Where what stands."""

    kind: str
    what: str
    place: str


@cache
def node() -> str:
    """The Node.js that builds the front end."""
    build = runpy.run_path(str(ROOT / "build" / "frontend_build.py"))
    try:
        path = build["npm_command"]()[1].get("PATH")
    except build["FrontendError"] as error:
        pytest.skip(f"no Node.js: {error}")
    return shutil.which("node", path=path) or pytest.skip("no Node.js")


def look(files: list[Path]) -> list[Finding]:
    command = [node(), str(FRONTEND / "test" / "findings.mjs"), *map(str, files)]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [Finding(one["kind"], one["what"], f"{Path(one['file']).name}:{one['line']}") for one in found]


def test_c2_every_way_is_found_where_there_is_one(tmp_path: Path, proved: Proved) -> None:
    files = []
    for number, (_, _, source) in enumerate(SINKS):
        files.append(tmp_path / f"{number}.tsx")
        files[-1].write_text(source)
    (harmless := tmp_path / "harmless.tsx").write_text(
        'export const a = (n: Node): JSX.Element => { n.textContent = "any // of it"; document.execCommand("copy");'
        " setTimeout(() => n, 1); return <p data-eval={1}>any Function: a/b</p>; };"
    )
    found = {(one.place.partition(":")[0], one.kind, one.what) for one in look([*files, harmless])}
    wanted = {(f"{number}.tsx", kind, what) for number, (kind, what, _) in enumerate(SINKS)}
    assert wanted - found == set()
    assert [one for one in found if one[0] == harmless.name] == []
    proved("C2", "ways to HTML, code, addresses and `any` that are found where they are", len(SINKS))


def test_c2_our_sources_have_none(proved: Proved) -> None:
    files = [
        path for end in ("ts", "tsx", "mts") for top in ("src", "test") for path in (FRONTEND / top).rglob(f"*.{end}")
    ]
    shown = [path for path in files if ".test." not in path.name and FRONTEND / "src" in path.parents]
    assert len(shown) > 150
    assert look(shown) == []
    assert [one for one in look(files) if one.kind == "any"] == [], "nor in their tests"
    proved("C2", "source files", len(files))


def test_c2_the_built_scripts_have_only_what_preact_brings(proved: Proved) -> None:
    scripts = sorted(STATIC.rglob("*.js"))
    built, brought = look(scripts), look([FRONTEND / "node_modules" / "preact" / "dist" / "preact.mjs"])
    assert scripts
    assert any(one.what == "innerHTML=" for one in built), "it would be seen"
    assert Counter(one[:2] for one in built) - Counter(one[:2] for one in brought) == Counter()
    addresses = {one.what for one in built if one.kind == "address"}
    assert addresses <= {f"http://www.w3.org/{name}" for name in NAMESPACES}, "names of XML that nobody asks for"
    assert {one.kind for one in built} == {"html", "address"}, "no code out of text, no other way to a network"
    proved("C2", "built files", len(scripts))


class Page(HTMLParser):
    """Collects what a page refers to, and what in it would run."""

    def __init__(self) -> None:
        super().__init__()
        self.refers: list[str] = []
        self.runs: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        self.refers += [value or "" for name, value in attrs if name in {"src", "href", "action", "data", "srcset"}]
        self.runs += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.runs += [tag] if tag in {"style", "base", "iframe", "object", "embed", "foreignobject"} else []

    def handle_data(self, data: str) -> None:
        self.runs += [data] if self._script and data.strip() else []

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def test_c2_page_pictures_and_styles_refer_to_their_own_files_only(proved: Proved) -> None:
    pages, styles = [STATIC / "index.html", *STATIC.rglob("*.svg")], sorted(STATIC.rglob("*.css"))
    for path in pages:
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        assert page.runs == [], path.name
        for name in page.refers:
            assert name.startswith("/"), name
            assert (STATIC / name.removeprefix("/")).is_file(), name
    for path in styles:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"url\(|@import|image-set\(|//\w", text) == [], path.name
    other = {path.suffix for path in STATIC.rglob("*") if path.is_file()} - {".html", ".svg", ".css", ".js"}
    assert other == set(), "every kind of file was looked at"
    proved("C2", "built files", len(pages) + len(styles))
