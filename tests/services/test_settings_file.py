"""Settings as a file: what is written is taken back; what is no such file is named, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.services.support import ledger_of

from tokendial.errors import InvalidFile
from tokendial.services import settings_file
from tokendial.services.contract.settings import Settings
from tokendial.services.settings import SettingsDesk

CHANGED = {"theme": "dark", "range": "alltime", "active_minutes": 90, "timezone": "Asia/Tokyo", "exact_numbers": True}


@pytest.fixture
def desk(home: Path, data: Path) -> Iterator[SettingsDesk]:
    with ledger_of(data, home) as ledger:
        yield ledger.settings


@pytest.fixture
def good(desk: SettingsDesk) -> dict[str, Any]:
    """A file with settings that differ from the present ones."""
    desk.change(CHANGED)
    file = json.loads(settings_file.export(desk))
    desk.change(msgspec.to_builtins(Settings()))
    return file


def test_what_is_written_is_taken_back_and_undone(desk: SettingsDesk, good: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(good))
    answer = settings_file.read(desk, path)
    assert answer.settings == desk.current
    assert {name: getattr(desk.current, name) for name in CHANGED} == CHANGED
    assert set(answer.changed) == set(CHANGED)
    assert answer.before == Settings()
    desk.change({name: getattr(answer.before, name) for name in answer.changed})
    assert desk.current == Settings()


def test_every_setting_is_in_the_file_but_the_number_of_a_home(desk: SettingsDesk, tmp_path: Path) -> None:
    desk.change({"home": 7})
    settings_file.write(desk, tmp_path / "s.json")
    file = json.loads((tmp_path / "s.json").read_text())
    assert set(file["settings"]) == set(Settings.__struct_fields__) - {"home"}
    assert (file["format"], file["version"]) == ("tokendial-settings", 1)
    settings_file.take(desk, json.dumps({**file, "settings": {**file["settings"], "home": 9}}).encode())
    assert desk.current.home == 7


def test_a_file_of_an_older_program_leaves_the_rest_as_it_is(desk: SettingsDesk) -> None:
    desk.change({"theme": "light"})
    old = {"format": "tokendial-settings", "version": 1, "settings": {"active_minutes": 15}}
    assert settings_file.take(desk, json.dumps(old).encode()).changed == ["active_minutes"]
    assert (desk.current.theme, desk.current.active_minutes) == ("light", 15)


def changed(**more: object) -> Callable[[dict[str, Any]], bytes]:
    return lambda file: json.dumps({**file, **more}).encode()


def with_setting(**more: object) -> Callable[[dict[str, Any]], bytes]:
    return lambda file: json.dumps({**file, "settings": {**file["settings"], **more}}).encode()


BAD: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "empty": (lambda _file: b"", "empty"),
    "blank": (lambda _file: b" \n", "empty"),
    "cut": (lambda file: json.dumps(file).encode()[:-30], "damaged"),
    "bytes": (lambda _file: bytes(range(256)), "damaged"),
    "not UTF-8": (lambda file: json.dumps(file).encode().replace(b"dark", b"\xff\xfe"), "damaged"),
    "deep": (lambda _file: b"[" * 100_000, "damaged"),
    "huge": (lambda _file: b" " * 600_000, "too large"),
    "list": (lambda _file: b"[1]", "no file with settings"),
    "foreign": (lambda _file: b'{"theme":"dark"}', "no file with settings"),
    "prices": (changed(format="tokendial-prices"), "no file with settings"),
    "newer": (changed(version=2), "newer Tokendial"),
    "version is text": (changed(version="1"), "damaged"),
    "version is old": (changed(version=0), "damaged"),
    "version is true": (changed(version=True), "damaged"),
    "no settings": (changed(settings={}), "no settings"),
    "settings are text": (changed(settings="x"), "damaged"),
    "unknown setting": (with_setting(hologram=True), "'hologram'"),
    "wrong type": (with_setting(active_minutes="many"), "active_minutes"),
    "out of range": (with_setting(active_minutes=0), "minutes"),
    "no such zone": (with_setting(timezone="Mars/Olympus"), "zone"),
    "no such theme": (with_setting(theme="neon"), "theme"),
    "nested": (with_setting(theme={"a": 1}), "theme"),
    "huge number": (with_setting(active_minutes=10**40), "minutes"),
}


@pytest.mark.parametrize(("spoil", "words"), BAD.values(), ids=BAD.keys())
def test_what_is_no_such_file_is_named_and_changes_nothing(
    spoil: Callable[[dict[str, Any]], bytes], words: str, desk: SettingsDesk, good: dict[str, Any]
) -> None:
    before = desk.current
    with pytest.raises(InvalidFile) as error:
        settings_file.take(desk, spoil(good))
    assert words in error.value.message
    assert error.value.message.endswith("Nothing was changed.")
    assert desk.current == before
    assert SettingsDesk(desk._database).current == before


def test_a_file_that_cannot_be_read_is_named(desk: SettingsDesk, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(InvalidFile) as error:
            settings_file.read(desk, path)
        assert path.name in error.value.message


def test_a_mark_of_byte_order_does_no_harm(desk: SettingsDesk, good: dict[str, Any]) -> None:
    assert settings_file.take(desk, b"\xef\xbb\xbf" + json.dumps(good).encode()).changed
