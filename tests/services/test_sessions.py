"""The list of sessions, and one session with its family, files and audit."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from tests.parity.logs import HOUR, MINUTE, Log, ms
from tests.services.support import UTC, ledger_of, rule, session_of, sessions_of

from tokendial.errors import BadRequest, HomeUnavailable, NotFound
from tokendial.services import session_list as service
from tokendial.services.contract.sessions import FileRequest, SessionsPage, SessionsRequest
from tokendial.services.ledger import Ledger
from tokendial.services.sessions import folder_of
from tokendial.store.sessions import prompts_within

START = ms("2025-03-01T10:00:00Z")


def page(ledger: Ledger, **request: object) -> SessionsPage:
    with ledger.view(zone=UTC) as view:
        return service.page(view, SessionsRequest(**{"range": "alltime", **request}))


def three(home: Path) -> list[str]:
    """Three sessions whose order differs by every column."""
    logs = []
    for number, (model, given, count, late) in enumerate(
        [("gpt-5.5", 1000, 3, 1), ("gpt-5.4", 9000, 1, 3), ("house-model", 2000, 2, 2)]
    ):
        born = START + number * MINUTE
        log = Log(home, born, number, cwd=f"/work/place-{number}").turn(born, model)
        for step in range(count):
            log.respond(START + late * HOUR + step, given)
        logs.append(log.save().id)
    return logs


def test_sorting_by_every_column(home: Path, data: Path) -> None:
    a, b, c = three(home)
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("gpt-5.5", "100", "1"), rule("gpt-5.4", "1", "1")])
        orders = {
            sort: [row.id for row in page(ledger, sort=sort, descending=False).rows]
            for sort in ("last_seen", "started", "tokens", "cost", "events", "duration", "model", "project")
        }
        assert orders == {
            "last_seen": [a, c, b], "started": [a, b, c], "tokens": [a, c, b], "cost": [c, b, a], "events": [b, c, a],
            "duration": [a, c, b], "model": [b, a, c], "project": [a, b, c],
        }  # fmt: skip
        for sort, order in orders.items():
            assert [row.id for row in page(ledger, sort=sort).rows] == order[::-1]


def test_what_a_session_does_not_have_is_last_whatever_the_direction(home: Path, data: Path) -> None:
    ids = three(home)
    for number, parent in enumerate((ids[0], ids[1], "0195aaaa-0000-7000-8000-00000000000f"), start=10):
        born = START + 5 * HOUR + number
        Log(home, born, number, forked_from_id=parent).turn(born).respond(born + 1, 5000 + number).save()
    named = {ids[0]: "zebra", ids[1]: "Apple"}
    lines = (f'{{"id":"{one}","thread_name":"{name}"}}\n' for one, name in named.items())
    (home / "session_index.jsonl").write_text("".join(lines))
    with ledger_of(data, home) as ledger:
        for descending in (False, True):
            titles = [row.title for row in page(ledger, sort="title", descending=descending).rows]
            assert titles == [*(["zebra", "Apple"] if descending else ["Apple", "zebra"]), None, None, None, None]
            rows = page(ledger, sort="parent", descending=descending).rows
            parents = [(row.parent and row.parent.title) or row.parent_id for row in rows]
            order = ["0195aaaa-0000-7000-8000-00000000000f", "Apple", "zebra"]
            assert parents == [*(order[::-1] if descending else order), None, None, None]


@pytest.mark.parametrize(
    ("words", "found"),
    [("place-1", [1]), ("PLACE", [0, 1, 2]), ("gpt", [0, 1]), ("house", [2]), ("parser", [0]), ("gpt place-0", [0]),
     ("gpt place-2", []), ("%", []), ("_", []), ("  ", [0, 1, 2])],
)  # fmt: skip
def test_search_looks_in_title_id_project_and_model(home: Path, data: Path, words: str, found: list[int]) -> None:
    ids = three(home)
    (home / "session_index.jsonl").write_text(f'{{"id":"{ids[0]}","thread_name":"Parser rewrite"}}\n')
    with ledger_of(data, home) as ledger:
        answer = page(ledger, search=words, sort="started", descending=False)
        assert [row.id for row in answer.rows] == [ids[place] for place in found]
        assert answer.total == len(found)
        assert [row.id for row in page(ledger, search=ids[2][-9:]).rows] == [ids[2]]
        assert next(row.title for row in page(ledger).rows if row.id == ids[0]) == "Parser rewrite"


def test_paging_shows_every_session_once(home: Path, data: Path) -> None:
    for number in range(7):
        Log(home, START, number).turn(START).respond(START + HOUR, 100 + number).save()
    with ledger_of(data, home) as ledger:
        pages = [page(ledger, limit=3)]
        while pages[-1].next is not None:
            pages.append(page(ledger, limit=3, at=pages[-1].next))
        assert [(len(one.rows), one.offset, one.total) for one in pages] == [(3, 0, 7), (3, 3, 7), (1, 6, 7)]
        assert len({row.id for one in pages for row in one.rows}) == 7
        back = [page(ledger, limit=3, at=pages[0].last)]
        while back[-1].previous is not None:
            back.append(page(ledger, limit=3, at=back[-1].previous))
        assert back == pages[::-1]
        for wrong in ({"at": "3"}, {"at": '["after","a title","id",1]'}, {"limit": 0}, {"limit": 501}):
            with pytest.raises(BadRequest):
                page(ledger, **wrong)


def test_a_range_shows_the_sessions_with_a_response_in_it_and_only_its_part(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T23:00:00Z").turn("2025-03-01T23:00:00Z").respond("2025-03-01T23:30:00Z", 900)
    log.respond("2025-03-03T00:30:00Z", 1900).save()
    with ledger_of(data, home) as ledger:
        for day, tokens in (("2025-03-01", [1000]), ("2025-03-02", []), ("2025-03-03", [2000])):
            rows = page(ledger, range="custom", start=day, end=day).rows
            assert [row.usage.tokens.total_tokens for row in rows] == tokens
            assert all(row.started_at_ms == log.born for row in rows)


def test_the_audit_adds_up_to_every_record(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START).respond(START + 1, 900).respond(START + 2, 1900)
    log.count(START + 3, log.total, [1900, 0, 0, 100, 0, 2000])
    log.count(START + 4, log.total, [0, 0, 0, 0, 0, 500]).limits(START + 5)
    log.count(START + 6, [50_000, 0, 0, 500, 0, 50_500], [800, 0, 0, 100, 0, 900]).save()
    with ledger_of(data, home) as ledger:
        detail = session_of(ledger, log.id)
    audit = {line.kind: (line.records, line.tokens) for line in detail.audit}
    assert audit["counted"] == (3, 1000 + 2000 + 900)
    assert audit["gap"] == (1, 900), "said about a record that is counted"
    records = sum(count for kind, (count, _) in audit.items() if kind not in ("gap", "clamped"))
    assert records == sum(b'"token_count"' in line for line in log.saved) == 6
    assert detail.session.usage.tokens.total_tokens == audit["counted"][1]
    assert detail.files[0].audit == detail.audit
    assert (detail.files[0].state, detail.files[0].read_to) == ("present", log.path.stat().st_size)
    assert all(line.label != line.kind for line in detail.audit), "every class has words"


def test_a_family_shows_parent_and_children_and_who_owns_what(home: Path, data: Path) -> None:
    parent = Log(home, START, 1, git={"branch": "main"}).turn(START).prompt(START).respond(START + 1, 900)
    parent.respond(START + 2, 900).save()
    fork = Log(home, START + HOUR, 2, forked_from_id=parent.id).turn(START + HOUR)
    fork.total = [0] * 6
    fork.respond(START + 1 + HOUR, 900).respond(START + 2 + HOUR, 900).respond(START + 3 + HOUR, 400).save()
    source = {"subagent": {"thread_spawn": {"parent_thread_id": parent.id, "agent_nickname": "Ada"}}}
    agent = Log(home, START + 2 * HOUR, 3, source=source).turn(START + 2 * HOUR).respond(START + 3 * HOUR, 70).save()
    with ledger_of(data, home) as ledger:
        detail = session_of(ledger, parent.id)
        members = [(one.session.id, one.depth, one.session.agent) for one in detail.family]
        assert members == [(parent.id, 0, None), (fork.id, 1, None), (agent.id, 1, "Ada")]
        assert (detail.branch, detail.prompts, detail.family_cut) == ("main", 1, False)
        assert [one.session.usage.tokens.total_tokens for one in detail.family] == [2000, 500, 170]
        child = session_of(ledger, fork.id)
        assert child.family == detail.family, "the whole family, whoever is looked at"
        audit = {line.kind: (line.records, line.tokens) for line in child.audit}
        assert audit == {"counted": (1, 500), "copied_from_parent": (2, 2000)}
        assert {row.id: row.parent_id for row in sessions_of(ledger)}[fork.id] == parent.id


def test_refused_lines_are_in_the_audit_with_their_reason(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START).respond(START + 1, 900)
    log.raw(b'{"timestamp":"2025-03-01T10:00:02.000Z","type":"event_msg","payload":{"type":"token_count"').save()
    other = Log(home, START, 2).turn(START).raw(b'{"type":"event_msg","payload":{"type":"token_count",}}').save()
    with ledger_of(data, home) as ledger:
        for one, counted in ((log, [("counted", 1)]), (other, [])):
            detail = session_of(ledger, one.id)
            found = [(line.kind, line.records) for line in detail.audit]
            assert found == [*counted, ("refused", 1)]
            assert detail.audit[-1].label == "Refused: not a whole JSON line"
            assert detail.files[0].audit == detail.audit


def test_a_log_is_shown_in_its_folder_and_nothing_else_is(home: Path, data: Path) -> None:
    log, other = (Log(home, START, number).turn(START).respond(START + 1, 900 + number).save() for number in (1, 2))
    with ledger_of(data, home) as ledger, ledger.view(zone=UTC) as view:
        (own,), (foreign,) = (session_of(ledger, one.id).files for one in (log, other))
        assert folder_of(view, FileRequest(log.id, own.id)) == log.path.parent
        for session, file in ((log.id, foreign.id), ("nobody", own.id), (log.id, 99), (log.id, -1)):
            with pytest.raises(NotFound):
                folder_of(view, FileRequest(session, file))
        shutil.rmtree(log.path.parent)
        with pytest.raises(HomeUnavailable):
            folder_of(view, FileRequest(log.id, own.id))


def test_a_resume_command_is_only_made_of_an_id_that_is_one_word(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START).respond(START + 1).save()
    odd = home / "sessions" / "rollout-odd.jsonl"
    lines = log.path.read_bytes().replace(log.id.encode(), b"x; rm -rf ~", 1)
    odd.write_bytes(lines.replace(b'"input_tokens":1000', b'"input_tokens":1001'))
    with ledger_of(data, home) as ledger:
        found = {row.id: session_of(ledger, row.id).resume_command for row in sessions_of(ledger)}
    assert found == {log.id: f"codex resume {log.id}", "x; rm -rf ~": None}


def test_nobody_goes_on_with_a_sub_agent(home: Path, data: Path) -> None:
    source = {"subagent": {"thread_spawn": {"parent_thread_id": "0195aaaa-0000-7000-8000-00000000000f"}}}
    agent = Log(home, START, source=source).turn(START).respond(START + 1).save()
    fork = Log(home, START, 2, forked_from_id=agent.id).turn(START).respond(START + 1, 70).save()
    with ledger_of(data, home) as ledger:
        assert session_of(ledger, agent.id).resume_command is None
        assert session_of(ledger, fork.id).resume_command == f"codex resume {fork.id}"


def test_a_prompt_that_two_files_of_a_session_hold_is_one(tmp_path: Path, data: Path) -> None:
    """A Gemini document beside the lines that it was migrated to, and a synced copy of both."""
    started = "2026-07-11T02:00:00.000Z"
    messages = [
        {"id": f"m{number}", "timestamp": f"2026-07-11T02:00:0{number}.000Z", "type": "user", "content": "words"}
        for number in range(3)
    ]
    answer = {"id": "a", "timestamp": started, "type": "gemini", "model": "gemini-2.5-pro", "tokens": {"input": 7}}
    first = {"sessionId": "7d2657ef-983e-48bf-a82b-7c7f71d7d210", "startTime": started}
    homes = [tmp_path / name / ".gemini" for name in ("one", "copy")]
    for home in homes:
        chats = home / "tmp" / "project" / "chats"
        chats.mkdir(parents=True)
        document, lines = {**first, "messages": [*messages, answer]}, [first, *messages, answer]
        (chats / "session-2026-07-11T02-00-7d2657ef.json").write_text(json.dumps(document))
        (chats / "session-2026-07-11T02-00-7d2657ef.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    ledger = Ledger(data, [("gemini", home) for home in homes])
    with closing(ledger):
        ledger.scan()
        assert session_of(ledger, first["sessionId"]).prompts == 3
        with ledger.view(zone=UTC) as view:
            assert view.connection.execute("SELECT count(*) FROM prompt").fetchone() == (12,)
            assert prompts_within(view.connection, [(0, 1 << 62)], view.shown) == [3]


def test_prompts_of_several_windows_are_counted_each_for_itself(tmp_path: Path, data: Path) -> None:
    home = tmp_path / ".codex"
    log = Log(home, START)
    for at in (START, START + 5, START + 9, START + 20):
        log.turn(at).prompt(at).respond(at + 1, 10)
    log.save()
    ends = [(20, 30), (9, 20), (0, 9), (0, 30), (5, 6), (1, 5), (40, 50), (7, 7)]
    windows = [(START + start, START + end) for start, end in ends]
    with ledger_of(data, home) as ledger, ledger.view(zone=UTC) as view:
        assert prompts_within(view.connection, windows, view.shown) == [1, 1, 2, 4, 1, 0, 0, 0]
        assert prompts_within(view.connection, windows, []) == [0] * 8
        assert prompts_within(view.connection, [], view.shown) == []


def test_a_deleted_log_is_gone_but_counted(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START).respond(START + 1, 900).save()
    with ledger_of(data, home) as ledger:
        log.path.unlink()
        ledger.scan()
        detail = session_of(ledger, log.id)
        assert (detail.files[0].state, detail.session.usage.tokens.total_tokens) == ("gone", 1000)


def test_an_unknown_session_is_told(home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger, pytest.raises(NotFound):
        session_of(ledger, "nobody")
