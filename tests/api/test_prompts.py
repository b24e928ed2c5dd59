"""Prompts through the whole program: the switch that stops reading, the sample data, and what comes over the wire."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from tests.services.support import program_of
from tests.support.rollout import Rollout, usage

from tokendial.api.commands import registry
from tokendial.api.program import Program
from tokendial.errors import BadRequest, NotFound
from tokendial.services import prompt_text
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.contract.system import DemoRequest

MARKED = "a text that nobody may keep"
TOKEN = f"gh{'p'}_" + "A1b2C3d4E5" * 4


def listed(program: Program, **request: object) -> dict[str, object]:
    body = json.dumps({"range": "alltime", **request}).encode()
    answer: dict[str, object] = json.loads(registry.invoke_json(program, "prompts.list", body))
    return answer


def texts(answer: dict[str, object]) -> list[object]:
    rows = answer["rows"]
    assert isinstance(rows, list)
    return [row["excerpt"] for row in rows]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    rollout = Rollout().meta().turn().prompt(f"{MARKED} {TOKEN}").count(usage(1))
    rollout.prompt("half \ud83d of a pair \0 <b>".encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    rollout.count(usage(2)).write(tmp_path / "home")
    return tmp_path / "home"


def test_both_commands_answer_json_without_secrets(home: Path, tmp_path: Path) -> None:
    with program_of(tmp_path / "data", home) as program:
        answer = listed(program)
        assert texts(answer) == ["half \ufffd of a pair \0 <b>", f"{MARKED} [GitHub token]"]
        row = answer["rows"][1]  # type: ignore[index]  # JSON
        whole = json.loads(registry.invoke_json(program, "prompts.get", json.dumps({"id": row["id"]}).encode()))
        assert whole["prompt_text"] == f"{MARKED} [GitHub token]"
        assert TOKEN not in json.dumps([answer, whole])


def test_off_means_that_nothing_is_read(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with program_of(tmp_path / "data", home) as program:
        identity = listed(program)["rows"][0]["id"]  # type: ignore[index]  # JSON

        def never(*_: object) -> dict[object, bytes]:
            raise AssertionError("a log was read")

        monkeypatch.setattr(prompt_text, "read_records", never)
        program.change_settings(SettingsPatch(values={"show_prompts": False}))
        assert listed(program) == {"on": False, "rows": [], "next": None}
        whole = registry.invoke(program, "prompts.get", {"id": identity})
        assert whole == {
            "on": False, "state": "gone", "prompt_text": None, "cut": False, "secrets": 0, "attachments": [],
        }  # fmt: skip
        with pytest.raises(AssertionError):
            program.change_settings(SettingsPatch(values={"show_prompts": True}))
            listed(program)


def test_the_sample_data_have_prompts_of_their_own(home: Path, tmp_path: Path) -> None:
    with program_of(tmp_path / "data", home) as program:
        program.demo(DemoRequest(on=True))
        answer = listed(program)
        found = texts(answer)
        assert len(found) == 50
        assert all(found)
        assert MARKED not in json.dumps(answer)
        whole = registry.invoke(program, "prompts.get", {"id": answer["rows"][0]["id"]})  # type: ignore[index]  # JSON
        assert isinstance(whole, dict)
        assert whole["prompt_text"] == found[0]


@pytest.mark.parametrize(
    ("request_", "error"),
    [({"limit": 1000}, BadRequest), ({"after": "?"}, BadRequest), ({"provider": "x"}, BadRequest),
     ({"nope": 1}, BadRequest)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    home: Path, tmp_path: Path, request_: dict[str, object], error: type[Exception]
) -> None:
    with program_of(tmp_path / "data", home) as program:
        with pytest.raises(error):
            listed(program, **request_)
        with pytest.raises(NotFound):
            registry.invoke(program, "prompts.get", {"id": "../../etc/passwd"})


def test_nothing_of_a_prompt_is_in_any_file_of_the_program(home: Path, tmp_path: Path) -> None:
    with program_of(tmp_path / "data", home) as program:
        assert MARKED in json.dumps(listed(program))
        assert msgspec.json.encode(program.ledger.settings.current).find(MARKED.encode()) < 0
        for path in (tmp_path / "data").rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert MARKED.encode() not in content, path.name
                assert TOKEN.encode() not in content, path.name
