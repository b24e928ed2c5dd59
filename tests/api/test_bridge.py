from __future__ import annotations

import inspect
import json
import threading
import time
from collections.abc import Callable

import pytest
from tests.api.support import Client, FakeApplication

from tokendial.api.bridge import EventPump, invoke_function, push_script
from tokendial.api.events import Alert, Event, EventHub
from tokendial.errors import NotFound


def test_each_answer_is_told_once_it_is_made_whatever_it_is() -> None:
    application, told = FakeApplication({"dashboard": RuntimeError("broken")}), list[tuple[str, int]]()
    invoke = invoke_function(application, lambda name: told.append((name, len(application.calls))))
    invoke("app.state", {})
    invoke("dashboard.get", {})
    invoke("no.such.command", {})
    assert told == [("app.state", 1), ("dashboard.get", 2), ("no.such.command", 2)]


def test_the_answer_is_the_one_of_http(client: Client, application: FakeApplication) -> None:
    invoke = invoke_function(application)
    for name in ("app.state", "dashboard.get", "diagnostics.get"):
        assert invoke(name, {}) == {"ok": client.post(f"/api/{name}").json}


@pytest.mark.parametrize(
    ("name", "args"),
    [("nothing", {}), ("homes.remove", {}), ("homes.remove", [1]), ("dashboard.get", {}), ("session.get", {"id": "x"})],
)
def test_errors_are_the_ones_of_http_and_never_raised(
    client: Client, application: FakeApplication, name: str, args: object
) -> None:
    application.answers = {"dashboard": RuntimeError("/home/me"), "session": NotFound("No such session.", id="x")}
    answer = invoke_function(application)(name, args)
    assert answer == client.post(f"/api/{name}", json.dumps(args).encode()).json
    assert set(answer) == {"error"}


@pytest.mark.parametrize("name", [None, 5, [], {}, ["app.state"]])
def test_a_name_that_is_none_is_answered_too(name: str) -> None:
    assert set(invoke_function(FakeApplication())(name, None)) == {"error"}


def test_the_page_sees_one_plain_function() -> None:
    invoke = invoke_function(FakeApplication())
    assert inspect.isfunction(invoke)
    assert inspect.getfullargspec(invoke).args == ["name", "args"]
    assert invoke.__name__ == "invoke"


def test_nan_is_null_on_both() -> None:
    app = FakeApplication()
    answer = app.dashboard(None)
    answer.generated_at_ms = float("nan")
    assert invoke_function(app)("dashboard.get", {})["ok"]["generated_at_ms"] is None


@pytest.mark.parametrize("text", ["é", "\u2028", "</script>", "');alert(1);('", "\\", "\n", "${x}", "😀"])
def test_a_payload_stays_data(text: str) -> None:
    script = push_script(Event("alert", Alert(text, text)))
    assert script.isascii()
    assert "\n" not in script
    head = 'window.tokendialEvent && window.tokendialEvent("alert", '
    assert script.startswith(head)
    assert json.loads(script[len(head) : -1]) == {
        "title": text,
        "message": text,
        "plain_title": "",
        "plain_message": "",
    }


class Page:
    """A window's page that remembers its scripts; the first push may fail or hang as a closing window does."""

    def __init__(self, first: Callable[[], object] = lambda: None) -> None:
        self.scripts: list[str] = []
        self.first = first

    def run_js(self, script: str) -> None:
        self.scripts.append(script)
        if len(self.scripts) == 1:
            self.first()


def fail() -> None:
    raise RuntimeError("the window has gone")


@pytest.mark.parametrize("first", [lambda: None, fail])
def test_the_pump_pushes_until_stopped(first: Callable[[], object]) -> None:
    hub, page = EventHub(), Page(first)
    pump = EventPump(hub, page)
    pump.start()
    hub.publish("usage-updated")
    hub.publish("limits-updated")
    wait_for(lambda: len(page.scripts) == 2)
    pump.stop()
    assert hub.subscribers == 0
    hub.publish("usage-updated")
    assert len(page.scripts) == 2


def test_stopping_does_not_wait_for_a_push_that_hangs() -> None:
    hub, release = EventHub(), threading.Event()
    pump = EventPump(hub, Page(release.wait))
    pump.start()
    hub.publish("usage-updated")
    started = time.monotonic()
    pump.stop()
    assert time.monotonic() - started < 1
    release.set()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
