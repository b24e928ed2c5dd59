"""The styles arrive whole: no rule of a source is left open, none is missing in what is built, every page has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.conftest import ROOT
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, open_settings, ready, table

SOURCES = sorted((ROOT / "frontend" / "src").rglob("*.css"))
_NO_RULES = re.compile(r"/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'", re.DOTALL)
_CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
# What stands on each page: a selector, one of its properties, and the token that the property must have.
FRAME = ((".tv-rail", "borderRightColor", "--line"), (".tv-top__title", "fontSize", "--size-h1"))
PAGES = {
    "overview": (
        (".td-kpi", "backgroundColor", "--panel"),
        (".td-kpi__sub", "color", "--ink-3"),
        (".tv-pcard", "borderTopColor", "--line"),
        (".tv-pcard__facts", "fontSize", "--size-s"),
        (".tv-limit .tv-sub, .tv-limit__source", "color", "--ink-3"),
        (".td-table th", "fontSize", "--size-xs"),
        (".td-table td", "borderBottomColor", "--line-soft"),
    ),
    "provider/codex": (
        (".td-card", "borderTopColor", "--line"),
        (".tv-history__figure strong", "fontSize", "--size-h1"),
    ),
    "sessions": ((".td-table th", "color", "--ink-3"), (".tv-session__under", "color", "--ink-3")),
    "session": ((".tv-resume__command", "backgroundColor", "--hover"), (".td-card", "backgroundColor", "--panel")),
    "projects": ((".tv-pcard", "backgroundColor", "--panel"), (".tv-project__path", "fontSize", "--size-xs")),
    "project": ((".td-kpi__label", "fontSize", "--size-s"), (".td-card", "backgroundColor", "--panel")),
    "activity": ((".tv-prompt", "borderBottomColor", "--line-soft"), (".tv-prompts__heading", "fontSize", "--size-s")),
}
DIALOG = (
    (".td-dialog", "backgroundColor", "--panel"),
    (".tv-settings__tab[aria-selected=true]", "backgroundColor", "--chosen"),
)
TABS = {
    "Homes": ((".tv-settings__tabs", "borderRightColor", "--line"),),
    "Pricing": ((".tv-part__text", "color", "--ink-2"), (".td-table th", "fontSize", "--size-xs")),
    "Providers": ((".tv-provider", "borderBottomColor", "--line-soft"), (".tv-provider__status", "color", "--ink-2")),
    "Display": ((".tv-line__name", "color", "--ink-2"), (".tv-lines + .tv-lines", "borderTopColor", "--line")),
    "Storage": ((".tv-part + .tv-part", "borderTopColor", "--line"),),
    "Diagnostics": ((".tv-list dt", "color", "--ink-3"),),
    "About": ((".tv-about__facts", "color", "--ink-2"),),
}
# What a property is computed to, and what it is on an element that has the token itself.
_MEASURE = """([selector, property, token]) => {
  const element = document.querySelector(selector);
  const probe = document.body.appendChild(document.createElement('div'));
  probe.style[property] = `var(${token})`;
  const wanted = getComputedStyle(probe)[property];
  probe.remove();
  return [element && getComputedStyle(element)[property], wanted];
}"""
_RULES = """() => {
  const found = [];
  const read = (rules) => {
    for (const rule of rules) {
      if (rule.selectorText) found.push(rule.selectorText);
      if (rule.cssRules) read(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) read(sheet.cssRules);
  return found;
}"""


def faults(source: str) -> list[str]:
    """What is wrong with the braces of a stylesheet: a rule within a rule is one that was left open before it."""
    blank = _NO_RULES.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    wrong, open_rules, begin = [], [], 0
    for at, sign in enumerate(blank):
        if sign == "{":
            rule, line = blank[begin:at].strip(), blank.count("\n", 0, at) + 1
            if open_rules and not open_rules[-1].startswith("@"):
                wrong.append(f"line {line}: {rule!r} inside {open_rules[-1]!r}")
            open_rules.append(rule)
        elif sign == "}":
            if not open_rules:
                return [*wrong, f"line {blank.count(chr(10), 0, at) + 1}: a brace too many"]
            open_rules.pop()
        if sign in "{};":
            begin = at + 1
    return [*wrong, *(f"{rule!r} is left open" for rule in open_rules)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_rule_of_a_source_is_left_open(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "broken",
    [
        ".a { color: red; .b { color: blue; }",
        ".a { color: red;\n.b { color: blue; } }",
        ".a { } }",
        "@media x { .a { }",
    ],
)
def test_a_rule_that_is_left_open_is_noticed(broken: str) -> None:
    assert faults(broken)


def assert_styled(page: Page, wanted: tuple[tuple[str, str, str], ...]) -> None:
    page.mouse.move(0, 0)
    for selector, style, token in wanted:
        expect(page.locator(selector).first).to_be_attached()
        found, expected = page.evaluate(_MEASURE, [selector, style, token])
        if found != expected:  # colours may still be on their way from a hover
            page.wait_for_timeout(400)
            found, expected = page.evaluate(_MEASURE, [selector, style, token])
        assert found == expected, f"{selector} at {page.url}: {style} is not {token}"


@pytest.mark.browser
def test_every_class_of_the_sources_is_in_the_built_sheet(start: Serve, visit: Visitor) -> None:
    page = visit(start())
    expect(page.locator(".tv-rail")).to_be_visible()
    built = set(_CLASS.findall(" ".join(page.evaluate(_RULES))))
    rules = (_NO_RULES.sub(" ", path.read_text(encoding="utf-8")) for path in SOURCES)
    written = {name for text in rules for rule in re.findall(r"([^{};]*)\{", text) for name in _CLASS.findall(rule)}
    assert len(written) > 300
    assert written - built == set()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_has_its_styles(start: Serve, visit: Visitor, scheme: str) -> None:
    page = visit(start(), color_scheme=scheme)
    page.get_by_role("button", name="Explore with sample data").click()
    ready(page)
    address = page.url.partition("#")[0]
    for name, wanted in PAGES.items():
        if name == "session":
            table(page, "Sessions").locator("tbody tr").first.click()
        elif name == "project":
            table(page, "Projects").locator("tbody tr").first.click()
        else:
            page.goto(f"{address}#/{name}")
        assert_styled(page, (*FRAME, *wanted))
    dialog = open_settings(page, "Homes")
    for tab, wanted in TABS.items():
        dialog.get_by_role("tab", name=tab, exact=True).click()
        assert_styled(page, (*DIALOG, *wanted))
