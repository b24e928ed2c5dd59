"""Prompts of every provider, read from real logs: the right text or none, one row for each, its turn exact."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard
from tests.conftest import ROOT
from tests.parity.logs import MINUTE, Log, ms
from tests.services.support import UTC, events_of, of_usage
from tests.support.gemini_logs import Talk
from tests.support.gemini_logs import Used as GeminiUsed
from tests.support.rollout import Rollout, usage
from tests.support.transcript import Transcript

from tokendial.errors import BadRequest, NotFound
from tokendial.ingest.records import Budget
from tokendial.services import prompts as service
from tokendial.services.contract.prompts import Prompt, PromptRequest, PromptRow, PromptsPage, PromptsRequest
from tokendial.services.ledger import Ledger
from tokendial.services.prompt_text import PromptReader
from tokendial.store.prompts import PromptRow as StoredPrompt

FIXTURES = ROOT / "tests" / "fixtures"
START = ms("2026-07-11T10:00:00Z")
HOMES = [
    pytest.param(name, folder, id=f"{name}-{folder.name}")
    for name in ("codex", "claude", "gemini")
    for folder in sorted((FIXTURES / name).iterdir())
    if folder.is_dir()
]


@contextmanager
def opened(data: Path, *homes: tuple[str, Path]) -> Iterator[Ledger]:
    ledger = Ledger(data, homes, workers=0)
    try:
        ledger.scan()
        yield ledger
    finally:
        ledger.close()


def page(ledger: Ledger, **request: object) -> PromptsPage:
    wanted = PromptsRequest(**{"range": "alltime", "limit": 200, **request})
    with ledger.view(wanted.provider, wanted.home, UTC) as view:
        found = service.find(view, wanted)
    return service.page(found)


def shown(ledger: Ledger, **request: object) -> list[PromptRow]:
    return page(ledger, **request).rows


def full(ledger: Ledger, identity: str) -> Prompt:
    with ledger.view(zone=UTC) as view:
        row = service.find_one(view, PromptRequest(identity))
    return service.full(row)


def texts(ledger: Ledger, **request: object) -> list[str | None]:
    return [row.excerpt for row in shown(ledger, **request)]


def codex(home: Path, *prompts: str, number: int = 0, **meta: object) -> Rollout:
    """A session in which each prompt is answered once."""
    rollout = Rollout(START + number * 100 * MINUTE, number).meta(**meta).turn()
    for place, prompt in enumerate(prompts):
        rollout.prompt(prompt).count(usage(number * 50 + place))
    rollout.write(home)
    return rollout


@pytest.mark.parametrize(("name", "home"), HOMES)
def test_real_logs_show_every_prompt_that_the_ledger_knows(name: str, home: Path, tmp_path: Path) -> None:
    with opened(tmp_path, (name, home)) as ledger:
        rows = shown(ledger)
        assert {row.state for row in rows} <= {"shown"}
        with ledger.database.reading() as connection:
            known = connection.execute(
                "SELECT count(DISTINCT p.session_num || ' ' || p.time_ms) FROM prompt p "
                "JOIN session s ON s.num = p.session_num WHERE s.kind IN ('main', 'fork')"
            ).fetchone()[0]
        assert len(rows) <= known
        assert rows or not known
        assert [row.time_ms for row in rows] == sorted((row.time_ms for row in rows), reverse=True)
        assert all(row.excerpt or row.attachments for row in rows)
        for row in rows:
            assert full(ledger, row.id).prompt_text is not None
            assert not (row.excerpt or "").startswith(("<environment_context", "<local-command", "<session_context"))


def test_a_turn_is_the_responses_until_the_next_prompt(tmp_path: Path) -> None:
    log = Log(tmp_path / "home", START).turn(START)
    log.at(START + 1000).prompt("the first")
    log.respond(START + 2000, 1000).respond(START + 3000, 2000)
    log.turn(START + 3500, "gpt-5.4").respond(START + 4000, 9000)
    log.at(START + 5000).prompt("the second")
    log.respond(START + 5000, 300)
    log.save()
    with opened(tmp_path / "data", ("codex", tmp_path / "home")) as ledger:
        second, first = shown(ledger)
        assert (first.excerpt, second.excerpt) == ("the first", "the second")
        assert (first.models, second.models) == (["gpt-5.4", "gpt-5.5"], ["gpt-5.4"])
        assert (first.usage.events, second.usage.events) == (3, 1)
        assert first.project == "/work/shop"
        every = events_of(ledger)
        assert first.usage.tokens.total_tokens == sum(e.tokens.total_tokens for e in every if e.time_ms < START + 5000)
        summed = [sum(column) for column in zip(of_usage(first.usage), of_usage(second.usage), strict=True)]
        assert summed[-2] == len(every)
        assert summed[-3] == sum(event.tokens.total_tokens for event in every)


def test_pages_join_without_a_gap_or_a_repeat(tmp_path: Path) -> None:
    for number in range(3):
        codex(tmp_path / "home", *(f"{number} {place}" for place in range(7)), number=number)
    for number in (10, 11):  # at the same time in two sessions
        Log(tmp_path / "home", START, number).turn(START).prompt(START + 999).respond(START + 999).save()
    with opened(tmp_path / "data", ("codex", tmp_path / "home")) as ledger:
        every = [row.id for row in shown(ledger)]
        assert len(set(every)) == len(every) == 23
        for size in (1, 4, 23):
            joined, after = [], None
            while True:
                answer = page(ledger, limit=size, after=after)
                joined += [row.id for row in answer.rows]
                after = answer.next
                if after is None:
                    break
            assert joined == every


@pytest.mark.parametrize(
    "request_", [{"limit": 0}, {"limit": 201}, {"after": "x"}, {"after": "[1]"}, {"after": '[-1,"a","b"]'},
                 {"after": "[99999999999999999999,\"a\",\"b\"]"}],
)  # fmt: skip
def test_a_page_that_makes_no_sense_is_refused(tmp_path: Path, request_: dict[str, object]) -> None:
    with opened(tmp_path / "data", ("codex", tmp_path)) as ledger, pytest.raises(BadRequest):
        page(ledger, **request_)


@pytest.mark.parametrize("identity", ["", "x", "1-2", "1-0-0", "999999999999999999-0-0", "1-0-0; DROP", "٣-1-1"])
def test_only_what_the_ledger_knows_is_read(tmp_path: Path, identity: str) -> None:
    codex(tmp_path / "home", "one")
    with opened(tmp_path / "data", ("codex", tmp_path / "home")) as ledger, pytest.raises(NotFound):
        full(ledger, identity)


def test_filters(tmp_path: Path) -> None:
    first = codex(tmp_path / "a", "in the shop", cwd="/work/shop")
    codex(tmp_path / "a", "in its web", number=1, cwd="/work/shop/web")
    codex(tmp_path / "a", "in another", number=2, cwd="/work/shopping")
    codex(tmp_path / "b", "in the other home", number=3, cwd="/elsewhere")
    for path in (tmp_path / "a").rglob("*.jsonl"):  # a turn says its own folder
        lines = path.read_text().splitlines()
        cwd = json.loads(lines[0])["payload"]["cwd"]
        path.write_text("\n".join(lines).replace('"cwd":"/home/u/project"', f'"cwd":"{cwd}"') + "\n")
    talk = Talk().first()
    talk.asks("m1", "of the third kind").responds("m2", GeminiUsed(10, 5))
    (tmp_path / "g" / talk.path(folder="p")).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "g" / talk.path(folder="p")).write_bytes(talk.bytes())
    homes = (("codex", tmp_path / "a"), ("codex", tmp_path / "b"), ("gemini", tmp_path / "g" / "home"))
    with opened(tmp_path / "data", *homes) as ledger:
        other = next(home.id for home in ledger.homes() if home.path == str(tmp_path / "b"))
        assert set(texts(ledger, project="/work/shop")) == {"in the shop", "in its web"}
        assert texts(ledger, project="/work/shop/web/") == ["in its web"]
        assert texts(ledger, session=first.thread) == ["in the shop"]
        assert texts(ledger, home=other) == ["in the other home"]
        assert texts(ledger, provider="gemini") == ["of the third kind"]
        assert texts(ledger, range="today") == []
        ledger.switch_home(other, active=False)
        gone = [row.id for row in shown(ledger)]
        assert len(gone) == 4


def test_a_prompt_in_two_files_is_one_row_and_read_from_the_one_that_is_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    rollout = codex(home, "asked once")
    path = rollout.path(home)
    copy = tmp_path / "second" / path.relative_to(home)
    copy.parent.mkdir(parents=True)
    shutil.copy(path, copy)
    with opened(tmp_path / "data", ("codex", home), ("codex", tmp_path / "second")) as ledger:
        assert texts(ledger) == ["asked once"]
        path.unlink()
        assert texts(ledger) == ["asked once"]
        copy.unlink()
        assert [(row.state, row.excerpt) for row in shown(ledger)] == [("gone", None)]


def test_a_resumed_transcript_and_a_document_beside_its_lines_are_asked_once(tmp_path: Path) -> None:
    folder = tmp_path / "claude" / "projects" / "-p"
    folder.mkdir(parents=True)
    transcript = Transcript().prompt("only once").response(1)
    (folder / "a.jsonl").write_bytes(transcript.bytes())
    (folder / "b.jsonl").write_bytes(
        transcript.bytes() + Transcript().response(1).response(2).prompt("and again").bytes()
    )
    talk = Talk().first()
    asked = talk.prompt("m1", [{"text": "in both"}, {"inlineData": {"mimeType": "image/png", "data": "A" * 50}}])
    talk.line(asked)
    for suffix, content in ((".jsonl", talk.bytes()), (".json", talk.document(asked))):
        path = tmp_path / "gemini" / talk.path(suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with opened(tmp_path / "data", ("claude", tmp_path / "claude"), ("gemini", tmp_path / "gemini" / "home")) as ledger:
        found = texts(ledger)
        assert (found.count("only once"), found.count("and again")) == (1, 1)
        assert found.count("in both") == 1
        row = next(row for row in shown(ledger) if row.excerpt == "in both")
        assert row.attachments == ["image"]


def test_a_log_that_was_rewritten_never_shows_another_text(tmp_path: Path) -> None:
    home = tmp_path / "home"
    rollout = codex(home, "the first", "the other")
    path = rollout.path(home)
    whole = path.read_bytes()
    with opened(tmp_path / "data", ("codex", home)) as ledger:
        for changed in (
            whole.replace(b"the first", b"something longer").replace(b"the other", b"12345"),
            whole[: len(whole) // 3],
            b"",
            b"\0" * len(whole),
            whole.replace(b"user_message", b"other_message"),
            whole.replace(b"T10:", b"T11:"),
        ):
            path.write_bytes(changed)
            states = [(row.state, row.excerpt) for row in shown(ledger)]
            assert ("shown", "the other") not in states
            assert {state for state, _ in states} <= {"rewritten", "shown"}
            assert states[0] == ("rewritten", None)
        path.write_bytes(whole)
        assert texts(ledger) == ["the other", "the first"]


@pytest.mark.skipif(os.name == "nt", reason="no pipes and links of this kind")
def test_what_took_the_place_of_a_log_is_not_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = codex(home, "one").path(home)
    whole = path.read_bytes()
    (tmp_path / "elsewhere").write_bytes(whole)
    with opened(tmp_path / "data", ("codex", home)) as ledger:
        path.unlink()
        os.mkfifo(path)  # opening it would wait for ever
        assert [row.state for row in shown(ledger)] == ["unreadable"]
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
        assert [row.state for row in shown(ledger)] == ["unreadable"]
        path.unlink()
        path.mkdir()
        assert [row.state for row in shown(ledger)] == ["unreadable"]


def test_archives_are_read_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = codex(home, "before it was packed", "and after").path(home)
    packed = path.with_name(path.name + ".zst")
    packed.write_bytes(zstandard.ZstdCompressor().compress(path.read_bytes()))
    path.unlink()
    with opened(tmp_path / "data", ("codex", home)) as ledger:
        assert texts(ledger) == ["and after", "before it was packed"]
        packed.write_bytes(packed.read_bytes()[:40])
        assert {row.state for row in shown(ledger)} == {"unreadable"}


HOSTILE = "<img src=x onerror=alert(1)> \u202etxt.exe\u202c \0 \x1b[31m &amp; </script>"


def test_hostile_text_comes_as_it_is_and_lone_surrogates_do_no_harm(tmp_path: Path) -> None:
    home = tmp_path / "codex"
    Rollout(START).meta().turn().prompt(HOSTILE).count(usage(1)).write(home)
    folder = tmp_path / "claude" / "projects" / "-p"
    folder.mkdir(parents=True)
    lines = Transcript().prompt(HOSTILE).response(1).prompt("SURROGATE").bytes()
    (folder / "a.jsonl").write_bytes(lines.replace(b"SURROGATE", b"half \\ud83d pair"))
    with opened(tmp_path / "data", ("codex", home), ("claude", tmp_path / "claude")) as ledger:
        assert texts(ledger, provider="codex") == [HOSTILE]
        assert sorted(text or "" for text in texts(ledger, provider="claude")) == [HOSTILE, "half \ufffd pair"]


def test_a_prompt_of_five_megabytes_is_cut_and_one_of_twenty_is_read_only_when_asked_for(tmp_path: Path) -> None:
    home = tmp_path / "home"
    codex(home, "a" * (5 << 20), "b" * (20 << 20))
    with opened(tmp_path / "data", ("codex", home)) as ledger:
        large, long = shown(ledger)
        assert (large.state, large.excerpt) == ("large", None)
        assert (long.state, long.cut, long.excerpt) == ("shown", True, "a" * service.EXCERPT_LENGTH)
        for row, letter in ((large, "b"), (long, "a")):
            answer = full(ledger, row.id)
            assert (answer.prompt_text, answer.cut) == (letter * service.FULL_LENGTH, True)


def test_only_the_bytes_of_the_prompts_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-25: a page never reads whole files."""
    home = tmp_path / "home"
    rollout = Rollout(START).meta().turn()
    for number in range(20):
        rollout.prompt(f"ask {number}").event("agent_message", message="x" * 100_000).count(usage(number))
    rollout.write(home)
    with opened(tmp_path / "data", ("codex", home)) as ledger:
        taken: list[int] = []
        take = Budget.take
        monkeypatch.setattr(Budget, "take", lambda self, count: (taken.append(count), take(self, count))[1])
        assert len(texts(ledger)) == 20
        assert len(taken) == 20
        assert sum(taken) < 4000


def test_what_is_not_read_any_more_is_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    codex(home, *(f"prompt {number}" for number in range(5)))
    with opened(tmp_path / "data", ("codex", home)) as ledger:
        with ledger.view(zone=UTC) as view:
            found = service.find(view, PromptsRequest(range="alltime"))
        rows: list[StoredPrompt] = [one.row for one in found.prompts]
        reader = PromptReader(rows, 100, Budget(rows[0].places[0].length * 2 + 10))
        assert sorted(reader.text_of(row).state for row in rows) == ["large"] * 3 + ["shown"] * 2


def test_what_no_person_asked_is_not_shown(tmp_path: Path) -> None:
    rollout = Rollout(START).meta().turn()
    for kind in ("environment_context", "user_instructions"):
        rollout.line("event_msg", {"type": "user_message", "message": "not typed", "kind": kind})
    rollout.prompt("asked").count(usage(1)).write(tmp_path / "codex")
    source = {"subagent": {"thread_spawn": {"parent_thread_id": rollout.thread}}}
    codex(tmp_path / "codex", "told to a helper", number=4, source=source)
    folder = tmp_path / "claude" / "projects" / "-p"
    folder.mkdir(parents=True)
    transcript = (
        Transcript().prompt("typed").response(1).result("of a tool").prompt("meta", isMeta=True)
        .prompt("side", isSidechain=True).prompt("<local-command-stdout>x</local-command-stdout>")
        .prompt("<command-message>fix</command-message>\n<command-name>/fix</command-name>\n<command-args>it</command-args>")
        .prompt([{"type": "text", "text": "look"}, {"type": "image", "source": {"data": "A" * 90}},
                 {"type": "text", "text": "<system-reminder>not typed</system-reminder>"},
                 {"type": "document", "title": "a/plan.pdf"}])
    )  # fmt: skip
    (folder / "a.jsonl").write_bytes(transcript.bytes())
    with opened(tmp_path / "data", ("codex", tmp_path / "codex"), ("claude", tmp_path / "claude")) as ledger:
        assert texts(ledger, provider="codex") == ["asked"]
        assert sorted(text or "" for text in texts(ledger, provider="claude")) == ["/fix it", "look", "typed"]
        looked = next(row for row in shown(ledger) if row.excerpt == "look")
        assert looked.attachments == ["image", "plan.pdf"]


def test_paginated_histories_and_images(tmp_path: Path) -> None:
    rollout = Rollout(START).meta(history_mode="paginated").turn()
    content = [
        {"type": "text", "text": "first"}, {"type": "local_image", "path": "/home/u/secret-place/shot.png"},
        {"type": "image", "image_url": "data:image/png;base64,AAAA"}, {"type": "text", "text": "second"},
    ]  # fmt: skip
    rollout.event("item_completed", item={"type": "UserMessage", "id": "x", "content": content}).count(usage(1))
    rollout.event("user_message", message="old", images=["data:image/png;base64,AA"], local_images=["C:\\a\\b.jpg"])
    rollout.write(tmp_path / "home")
    with opened(tmp_path / "data", ("codex", tmp_path / "home")) as ledger:
        old, new = shown(ledger)
        assert (new.excerpt, new.attachments) == ("first\nsecond", ["shot.png", "image"])
        assert (old.excerpt, old.attachments) == ("old", ["b.jpg", "image"])


def test_secrets_are_masked_also_where_the_text_is_cut(tmp_path: Path) -> None:
    token = f"gh{'p'}_" + "A1b2C3d4E5" * 4
    codex(tmp_path / "home", f"use {token}", "x" * (service.EXCERPT_LENGTH - 10) + f" {token} end")
    with opened(tmp_path / "data", ("codex", tmp_path / "home")) as ledger:
        long, short = shown(ledger)
        assert (short.excerpt, short.secrets) == ("use [GitHub token]", 1)
        assert (long.excerpt or "").endswith("x [GitHub token]")
        assert (long.cut, long.secrets) == (True, 1)
        assert (full(ledger, long.id).prompt_text or "").endswith("[GitHub token] end")
