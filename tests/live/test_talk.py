"""A conversation with a program: answers by id, and every way in which it can fail to answer."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tokendial.live.talk import talk
from tokendial.providers.live import LiveFailure

TALKER = """
import json, os, sys
print("a line for people", flush=True)
for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"method": "event", "params": {}}), flush=True)
    print(json.dumps({"method": "question", "id": message.get("id")}), flush=True)
    if "id" in message:
        print(json.dumps({"id": message["id"], "result": {"home": os.environ["A_HOME"]}}), flush=True)
open(os.environ["A_HOME"], "w").write("ended")
"""


def program(text: str) -> list[str]:
    """A command that runs a program."""
    return [sys.executable, "-u", "-c", text]


def test_answers_come_by_id_and_the_program_ends(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    messages = [b'{"id":0,"method":"a"}', b'{"method":"b"}', b'{"id":1,"method":"c"}']
    answers = talk(program(TALKER), {"A_HOME": str(mark)}, messages, 10)
    assert len(answers) == 2
    assert b'"id": 0' in answers[0]
    assert str(mark).encode() in answers[1]
    assert mark.read_text() == "ended"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("raise SystemExit", "offline"),
        ("import time; time.sleep(60)", "timeout"),
        ("import sys; sys.stdin.readline(); print('{}'); raise SystemExit", "offline"),
        ("print('x' * 3_000_000)", "offline"),
        ("import sys\nwhile True: print('noise')", "offline"),
    ],
)
def test_a_program_that_does_not_answer(text: str, kind: str) -> None:
    began = time.monotonic()
    with pytest.raises(LiveFailure) as caught:
        talk(program(text), {}, [b'{"id":1,"method":"a"}'], 0.7)
    assert caught.value.kind == kind
    assert time.monotonic() - began < 20


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(LiveFailure) as caught:
        talk(["/there/is/no/such/program"], {}, [b'{"id":1}'], 1)
    assert caught.value.kind == "missing"
