"""Homes of all providers in which every text field of some session holds a hostile text, and how a page is checked."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page
from tests.e2e.driver import overflow
from tests.e2e.worlds import limits, now_ms, used
from tests.support.gemini_logs import Talk, Used
from tests.support.hostile_texts import EVERY
from tests.support.rollout import Rollout
from tests.support.transcript import Transcript, message

MINUTE = 60_000
UNSEEN = ("\u202e", "\u2066", "\u2067", "\u200b", "\u2028", "\x07", "\x1b")


def write_homes(user: Path) -> int:
    """Write `.codex`, `.claude` and `.gemini` below a user's folder; how many sessions there are."""
    start, titles = now_ms() - 200 * MINUTE, []
    for number, text in enumerate(EVERY):
        at = start + number * MINUTE
        codex(user / ".codex", number, text, at)
        titles.append({"id": Rollout(at, number).thread, "thread_name": text, "updated_at": "2026-01-01T00:00:00Z"})
        claude(user / ".claude", number, text, at)
        gemini(user / ".gemini", number, text, at)
    index = "".join(json.dumps(entry) + "\n" for entry in titles)
    (user / ".codex" / "session_index.jsonl").write_text(index)
    return 3 * len(EVERY)


def codex(home: Path, number: int, text: str, at: int) -> None:
    """A rollout; its limits, credits and sub-agent's names are the text too."""
    names = {"limit_name": text, "limit_id": f"{number} {text}"[:2000], "plan_type": text}
    snapshot = limits(
        (50.0, 3), (20.0, 80), **names, credits={"has_credits": True, "unlimited": False, "balance": text}
    )
    source = {"subagent": {"thread_spawn": {"parent_thread_id": "0" * 8, "agent_nickname": text, "agent_role": text}}}
    rollout = Rollout(at, number).meta(
        cwd=f"/home/u/{text}", originator=text, git={"branch": text, "commit_hash": text, "repository_url": text},
        cli_version=text, **({"source": source} if number % 2 else {}),
    )  # fmt: skip
    rollout.turn(text, text, cwd=f"/home/u/{text}").settings(model=text, service_tier=text, reasoning_effort=text)
    for response in range(2):
        rollout.prompt(f"please {text}").count(used(number * 10 + response), snapshot)
    rollout.write(home)


def claude(home: Path, number: int, text: str, at: int) -> None:
    """A transcript; its title is a person's or made up."""
    session = f"5907a1b2-0000-4000-8000-{number:012x}"
    talk = Transcript(session, cwd=f"/home/u/{text}", entrypoint=text, gitBranch=text, version=text, slug=text)
    talk.now_ms = at
    talk.raw({"type": "custom-title" if number % 2 else "ai-title", "customTitle": text, "aiTitle": text,
              "sessionId": session})  # fmt: skip
    for response in range(2):
        talk.prompt(f"please {text}")
        said = {**message(number * 10 + response, usage={"service_tier": text}), "model": text}
        talk.line("assistant", message=said, requestId=f"req_{number}_{response}", effort=text, attributionAgent=text)
    path = home / "projects" / f"-home-u-{number}" / talk.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(talk.bytes())


def gemini(home: Path, number: int, text: str, at: int) -> None:
    """A conversation; its folder says which project it belongs to."""
    session = f"7d2657ef-983e-48bf-a82b-{number:012x}"
    talk = Talk(session, start_ms=at).first(kind="main").sets(summary=text)
    for response in range(2):
        name = f"{number}-{response}"
        talk.line({**talk.prompt(f"p{name}", f"please {text}"), "timestamp": stamp(at)})
        talk.line({**talk.message(name, Used(1000 + number, 400, 0, 50 + response, 20), text), "timestamp": stamp(at)})
    folder = home / "tmp" / f"project-{number}"
    (folder / "chats").mkdir(parents=True)
    (folder / ".project_root").write_text(f"/home/u/{text}".replace("\n", " ").encode("utf-8", "replace").decode())
    (folder / "chats" / f"session-2026-07-11T02-00-{number:08}.jsonl").write_bytes(talk.bytes())


def stamp(at: int) -> str:
    from tests.support.rollout import iso

    return iso(at)


# What a cell holds may be cut off by it, and must not reach into its neighbours: the visible part of each text, cut at
# every ancestor that clips, lies within the nearest cell, card, entry or button.
_OUTSIDE = """() => {
  const cells = 'td, th, li, button, a, label, option, dd, dt, section, aside, nav, header, dialog';
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent || parent.closest('option, svg, [class*=sr-only], [class*=visually]')) continue;
    const cell = parent.closest(cells);
    if (!cell || !cell.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const cut = range.getBoundingClientRect();
    let left = cut.left, right = cut.right;
    for (let one = parent; one && one !== cell.parentElement; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX === 'visible' && style.overflow === 'visible') continue;
      const box = one.getBoundingClientRect();
      left = Math.max(left, box.left); right = Math.min(right, box.right);
    }
    const box = cell.getBoundingClientRect();
    if (right > left && (right > box.right + 1 || left < box.left - 1)) {
      found.push(`${cell.tagName}.${cell.className} ${Math.round(right - box.right)} ${text.data.slice(0, 40)}`);
    }
  }
  return found;
}"""

_SHOWN = """(unseen) => {
  const found = [], walker = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const held = unseen.filter((character) => data.includes(character));
    if (held.length && parentElement.checkVisibility()) {
      found.push(`${parentElement.tagName}.${parentElement.className} ${JSON.stringify(held)} ${data.slice(0, 40)}`);
    }
  }
  return found;
}"""


def assert_harmless(page: Page) -> None:
    """No script ran, no element was made, nothing turned the page around, everything keeps to its cell."""
    assert page.evaluate("window.pwned") is None
    assert page.locator("#pwned, #app img, #app script, #app iframe, #app form[action], #app object, base").count() == 0
    assert page.locator("head meta[http-equiv], head link:not([rel=icon], [href^='/assets/'])").count() == 0
    assert page.evaluate("document.dir") in ("", "ltr")
    assert page.evaluate("({}).pwned ?? Object.prototype.pwned") is None
    shown = page.evaluate(_SHOWN, list(UNSEEN))
    assert shown == [], shown
    assert overflow(page) <= 0
    outside = page.evaluate(_OUTSIDE)
    assert outside == [], outside
