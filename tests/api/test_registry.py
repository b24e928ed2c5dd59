from __future__ import annotations

import json
import logging

import msgspec
import pytest
from tests.api.support import METHODS, FakeApplication, sample

from tokendial.api.application import Application
from tokendial.api.commands import registry
from tokendial.api.registry import Registry, error_info
from tokendial.errors import BadRequest, InvalidPriceRule, NotFound
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.contract.homes import HomeRequest


def test_every_method_of_the_application_has_exactly_one_command() -> None:
    app = FakeApplication()
    for command in registry:
        registry.invoke(app, command.name, msgspec.to_builtins(sample(command.request)))
    called = [name for name, _ in app.calls]
    assert sorted(called) == sorted(set(METHODS) - {"close"})


def test_the_request_is_decoded_to_its_type() -> None:
    app = FakeApplication()
    registry.invoke(app, "dashboard.get", {"range": "today", "bucket": "hour"})
    assert app.calls == [("dashboard", DashboardRequest(range="today", bucket="hour"))]


@pytest.mark.parametrize("args", [None, {}])
def test_nothing_stands_for_an_empty_request(args: object) -> None:
    assert registry.invoke(FakeApplication(), "homes.list", args) == {"homes": []}


def test_an_empty_body_stands_for_an_empty_request() -> None:
    assert json.loads(registry.invoke_json(FakeApplication(), "homes.list", b"")) == {"homes": []}


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("dashboard.get", {"range": "yesterday"}, "range"),
        ("dashboard.get", {"home": "1"}, "home"),
        ("dashboard.get", {"rnage": "today"}, "rnage"),
        ("dashboard.get", [], "object"),
        ("dashboard.get", "x", "object"),
        ("dashboard.get", {"stack": None}, "stack"),
        ("homes.remove", {}, "id"),
        ("homes.remove", {"id": 1.5}, "id"),
        ("homes.remove", {"id": True}, "id"),
        ("app.state", {"x": 1}, "x"),
    ],
)
def test_a_request_that_does_not_fit_is_a_bad_request_on_both_paths(name: str, body: object, words: str) -> None:
    app = FakeApplication()
    with pytest.raises(BadRequest, match=words):
        registry.invoke(app, name, body)
    with pytest.raises(BadRequest, match=words):
        registry.invoke_json(app, name, json.dumps(body).encode())
    assert app.calls == []


@pytest.mark.parametrize("body", [b"{", b"\xff", b"{} {}", b"NaN", b"{'a': 1}"])
def test_a_body_that_is_not_json_is_a_bad_request(body: object) -> None:
    with pytest.raises(BadRequest, match="not JSON"):
        registry.invoke_json(FakeApplication(), "app.state", body)


@pytest.mark.parametrize("name", ["", "app", "app.state ", "__class__", "APP.STATE", "events"])
def test_an_unknown_command_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        registry.invoke(FakeApplication(), name, {})


def test_a_command_needs_structs_and_a_name_of_its_own() -> None:
    mine = Registry()

    @mine.command("one")
    def one(app: Application, request: HomeRequest) -> Empty:
        return Empty()

    with pytest.raises(TypeError):
        mine.command("one")(one)
    with pytest.raises(TypeError):

        @mine.command("two")
        def two(app: Application, request: dict) -> Empty:
            return Empty()

    assert [(command.name, command.request, command.response) for command in mine] == [("one", HomeRequest, Empty)]


def test_the_program_s_own_errors_speak_for_themselves() -> None:
    answer = error_info(InvalidPriceRule("No such rate.", field="input", index=2), "pricing.save")
    assert msgspec.to_builtins(answer) == {
        "error": {"code": "invalid_price_rule", "message": "No such rate.", "details": {"field": "input", "index": 2}}
    }


def test_any_other_error_is_logged_and_its_text_kept_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    answer = msgspec.to_builtins(error_info(ValueError("/home/me/secret"), "dashboard.get"))
    assert answer["error"]["code"] == "internal"
    assert "dashboard.get" in answer["error"]["message"]
    assert "secret" not in json.dumps(answer)
    assert "/home/me/secret" in caplog.text
