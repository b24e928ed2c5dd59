"""The activity page in a real browser: prompts of three agents, read from their logs, and nothing of them kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.driver import Running, Visitor, eventually, open_settings, overflow
from tests.e2e.worlds import HOUR, SHOP, now_ms, used
from tests.support.gemini_logs import Talk, Used
from tests.support.rollout import Rollout
from tests.support.transcript import Transcript

pytestmark = pytest.mark.browser

TOKEN = f"gh{'p'}_" + "A1b2C3d4E5" * 4
MARKUP = "<img src=x onerror=\"document.title='owned'\"> <b>bold</b> \u202egpj.exe"
LONG = "Look at this list.\n" + "\n".join(f"{number}. a line of it" for number in range(400)) + "\nthe very last line"
KEPT = (
    """() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state])"""
)


class World(NamedTuple):
    """A server over logs of three agents."""

    folder: Path
    log: Path
    codex: Rollout
    running: Running


def write(folder: Path) -> World:
    start = now_ms() - 3 * HOUR
    codex = Rollout(start, 1).meta(cwd=SHOP).turn("gpt-5.5", "medium", cwd=SHOP)
    codex.prompt("the oldest of all").count(used(1)).count(used(2))
    codex.prompt(f"deploy with {TOKEN} please").count(used(3))
    codex.prompt(MARKUP).count(used(4))
    codex.prompt(LONG).count(used(5))
    log = codex.write(folder / "codex")
    transcript = Transcript()
    transcript.now_ms = start + HOUR
    transcript.prompt("asked of the second agent").response(1)
    path = folder / "claude" / "projects" / "-home-u-project" / transcript.name
    path.parent.mkdir(parents=True)
    path.write_bytes(transcript.bytes())
    talk = Talk(start_ms=start + 2 * HOUR - 300_000).first()
    talk.asks("a", "asked of the third agent").responds("b", Used(1000, 50))
    chat = folder / "gemini" / talk.path()
    chat.parent.mkdir(parents=True)
    chat.write_bytes(talk.bytes())
    arguments = ["serve", "--no-open", "--data-dir", str(folder / "data"), "--codex-home", str(folder / "codex")]
    arguments += ["--claude-home", str(folder / "claude"), "--gemini-home", str(folder / "gemini" / "home")]
    return World(folder, log, codex, Running(folder, arguments))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = write(tmp_path)
    yield made
    assert made.running.end() == 0
    assert made.running.errors == ""


def opened(world: World, visit: Visitor, **settings: object) -> Page:
    return visit(world.running, "/#/activity", settings={"range": "last7days", **settings})


def item(page: Page, text: str) -> Locator:
    return page.locator(".tv-prompt").filter(has_text=text)


def order(page: Page) -> list[str]:
    return [text[:20] for text in page.locator(".tv-prompt__text").all_inner_texts()]


def test_prompts_of_all_agents_newest_first_with_their_turns(world: World, visit: Visitor) -> None:
    page = opened(world, visit, exact_numbers=True)
    expect(page.locator(".tv-prompt")).to_have_count(6)
    assert order(page)[0] == "asked of the third a"
    assert order(page)[-1] == "the oldest of all"
    assert item(page, "the oldest of all").locator(".tv-prompt__turn").inner_text().split()[1] == (
        f"{used(1).total + used(2).total:,}"
    )
    page = opened(world, visit, provider="claude")
    expect(page.locator(".tv-prompt")).to_have_count(1)
    expect(page.locator(".tv-prompt__text")).to_have_text("asked of the second agent")


def test_text_is_text_and_secrets_are_masked(world: World, visit: Visitor) -> None:
    page = opened(world, visit)
    expect(item(page, "deploy with [GitHub token] please")).to_be_visible()
    expect(item(page, "1 secret masked")).to_be_visible()
    expect(item(page, "<b>bold</b> [U+202E]gpj.exe")).to_be_visible()
    assert page.locator(".tv-prompt img, .tv-prompt b").count() == 0
    assert TOKEN not in page.content()
    assert "owned" not in page.title()


def test_a_long_prompt_unfolds_and_stays_where_it_is_when_a_new_one_comes(world: World, visit: Visitor) -> None:
    page = opened(world, visit)
    long = item(page, "Look at this list.")
    expect(long).not_to_contain_text("the very last line")
    long.get_by_role("button", name="Show all").click()
    expect(long).to_contain_text("the very last line")
    with world.log.open("ab") as file:
        world.codex.now_ms = now_ms() - 1000
        lines = len(world.codex.lines)
        world.codex.prompt("and something new").count(used(9))
        file.write(b"".join(world.codex.lines[lines:]))
    expect(page.locator(".tv-prompt").first).to_contain_text("and something new", timeout=20_000)
    expect(long).to_contain_text("the very last line")
    expect(long.get_by_role("button", name="Show less")).to_be_visible()


def test_the_switch_of_the_settings_stops_reading(world: World, visit: Visitor) -> None:
    page = opened(world, visit, show_prompts=False)
    expect(page.get_by_text("Prompts are not shown")).to_be_visible()
    assert "asked of the" not in page.content()
    page.get_by_role("button", name="Show prompts").click()
    expect(page.locator(".tv-prompt")).to_have_count(6)
    open_settings(page, "Display").get_by_role("switch", name="Show prompts").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Prompts are not shown")).to_be_visible()
    assert "asked of the" not in page.content()


def test_privacy_mode_hides_everything_at_once(world: World, visit: Visitor) -> None:
    page = opened(world, visit)
    expect(page.locator(".tv-prompt")).to_have_count(6)
    page.keyboard.press("Control+Shift+p")
    expect(page.locator(".tv-prompt").get_by_text("Hidden", exact=True)).to_have_count(6)
    for word in ("asked of the", "deploy", "shop-web", "project-1", "very last"):
        assert word not in page.content()


def test_a_log_that_is_gone_says_so_and_the_others_stay(world: World, visit: Visitor) -> None:
    page = opened(world, visit)
    expect(page.locator(".tv-prompt")).to_have_count(6)
    world.log.unlink()
    page.reload()
    expect(page.get_by_text("The log is gone.")).to_have_count(4)
    expect(item(page, "asked of the third agent")).to_be_visible()


def test_a_session_s_page_has_its_prompts(world: World, visit: Visitor) -> None:
    page = opened(world, visit)
    item(page, "the oldest of all").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Prompts", exact=True)).to_be_visible()
    expect(page.locator(".tv-prompt")).to_have_count(4)
    expect(page.locator(".tv-prompt__session")).to_have_count(0)


def test_nothing_of_a_prompt_is_kept(world: World, visit: Visitor) -> None:
    """Neither by the page nor by the ledger, its WAL or any other file of the program (architecture 3.4)."""
    page = opened(world, visit)
    long = item(page, "Look at this list.")
    long.get_by_role("button", name="Show all").click()
    expect(long).to_contain_text("the very last line")
    kept = str(page.evaluate(KEPT))
    texts = ("asked of the third agent", "the very last line", "deploy with", "the oldest of all", TOKEN)
    assert [text for text in texts if text in kept] == []
    page.close()
    eventually(lambda: world.running.process.poll() is None, True)
    held = [path for path in (world.folder / "data").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" or "ledger" in path.name for path in held)
    for path in held:
        content = path.read_bytes()
        assert [text for text in texts if text.encode() in content] == [], path.name


@pytest.mark.parametrize("size", [(1280, 860), (900, 640), (420, 640)])
def test_nothing_sticks_out(world: World, visit: Visitor, size: tuple[int, int]) -> None:
    page = visit(world.running, "/#/activity", settings={"range": "last7days"}, size=size)
    expect(page.locator(".tv-prompt")).to_have_count(6)
    assert overflow(page) <= 0
