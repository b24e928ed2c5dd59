"""Settings: each field, what is refused, and what is left of a damaged value."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import msgspec
import pytest
import tzlocal

from tokendial.errors import BadRequest
from tokendial.services.contract.alerts import AlertSettings
from tokendial.services.contract.settings import Settings
from tokendial.services.ledger import Ledger
from tokendial.store import settings as stored

GOOD: dict[str, list[object]] = {
    "theme": ["light", "dark", "system"],
    "range": ["today", "last24h", "last14days", "last30days", "thismonth", "alltime", "custom"],
    "custom_start": ["2025-03-01", None],
    "custom_end": ["2025-03-31", None],
    "provider": ["codex", None],
    "home": [3, None],
    "bucket": ["hour", "day", "week", "month", None],
    "stack": ["effort", "project", "provider", "originator", "model"],
    "breakdown": ["effort", "project", "provider", "originator", "model"],
    "trend_metric": ["tokens", "cost"],
    "calendar_metric": ["tokens", "cost"],
    "auto_refresh_seconds": [0, 15, 60, 300, 900, 1800],
    "active_minutes": [1, 45, 10_080],
    "timezone": ["Asia/Tokyo", None],
    "first_weekday": [6, 0],
    "page": ["sessions"],
    "exact_numbers": [True, False],
    "disabled_providers": [["codex"], []],
    "breakdown_open": [["gpt-5.5", "a key"], []],
    "events_model": ["gpt-5.5", None],
    "sessions_sort": ["cost", "started", "tokens", "events", "last_seen"],
    "sessions_descending": [False, True],
    "currency_sign": ["€", "CHF", "zł", "₹", "$"],
    "currency_rate": ["1", "1.0", "1.00000000"],
    "privacy": [True, False],
    "show_prompts": [True, False],
    "limit_warn_percent": [1, 60, 89],
    "limit_bad_percent": [76, 100],
    "start_page": ["overview", "last"],
    "settings_tab": ["about", "homes"],
    "remember_window": [False, True],
    "projects_sort": ["name", "cost", "last"],
    "projects_descending": [False, True],
    "live_sources": [["codex"], ["antigravity", "claude"], []],
    "live_every_seconds": [0, 30, 900],
    "status_line_format": ["{model}", "{cost_today} | {five_hour} of 5 h", "plain", Settings().status_line_format],
    "widget_screen": ["recent", "limits"],
    "close_to_tray": [True, False],
    "alerts": [AlertSettings(steps=[50], quiet_start="22:00", quiet_end="07:00"), AlertSettings()],
}
BAD: list[tuple[str, object]] = [
    ("theme", "pink"), ("theme", None), ("range", "fortnight"), ("custom_start", "20250301"),
    ("custom_start", "2025-W01-1"), ("custom_end", "2025-02-29"), ("custom_end", "9999-01-01"), ("custom_end", ""),
    ("provider", "nobody"), ("home", "first"), ("bucket", "minute"), ("stack", "colour"), ("breakdown", None),
    ("trend_metric", "joules"), ("calendar_metric", 1), ("auto_refresh_seconds", 7), ("auto_refresh_seconds", -1),
    ("active_minutes", 0), ("active_minutes", 10_081), ("active_minutes", "45"), ("active_minutes", 4.5),
    ("active_minutes", True), ("timezone", "Mars/Olympus"), ("timezone", "../../etc/passwd"), ("first_weekday", 7),
    ("first_weekday", -1), ("page", 5), ("exact_numbers", "yes"), ("disabled_providers", ["nobody"]),
    ("disabled_providers", "codex"), ("disabled_providers", None), ("disabled_providers", [1]),
    ("first_weekday", -1), ("page", 5), ("page", "x" * 401), ("exact_numbers", "yes"),
    ("breakdown_open", [1]), ("breakdown_open", "gpt-5.5"),
    ("breakdown_open", ["x"] * 201), ("breakdown_open", ["x" * 1001]), ("events_model", 5), ("events_model", "x" * 401),
    ("sessions_sort", "colour"), ("sessions_descending", None), ("currency_sign", ""), ("currency_sign", "euros"),
    ("currency_sign", "1"), ("currency_sign", "-"), ("currency_sign", "="), ("currency_sign", "€ "),
    ("currency_sign", "\u202e"), ("currency_sign", "\u200b"), ("currency_sign", None), ("currency_rate", "0.92"),
    ("currency_rate", "0"), ("currency_rate", "0.0"), ("currency_rate", "-1"), ("currency_rate", "1,2"),
    ("currency_rate", "1e3"), ("currency_rate", ".5"), ("currency_rate", "5."), ("currency_rate", ""),
    ("currency_rate", "1234567"), ("currency_rate", "1.123456789"), ("currency_rate", "NaN"), ("currency_rate", 1),
    ("currency_rate", "\u0661"), ("privacy", "on"), ("show_prompts", 1), ("limit_warn_percent", 0),
    ("limit_warn_percent", 100),
    ("limit_bad_percent", 75), ("limit_bad_percent", 101), ("limit_bad_percent", 90.5), ("start_page", "sessions"),
    ("settings_tab", "x" * 41), ("settings_tab", None), ("remember_window", 1),
    ("projects_sort", "colour"), ("projects_descending", None), ("live_sources", ["nobody"]), ("live_sources", "codex"),
    ("live_every_seconds", 7), ("live_every_seconds", -1), ("live_every_seconds", "60"),
    ("status_line_format", ""), ("status_line_format", " "), ("status_line_format", "{modle}"),
    ("status_line_format", "{model"), ("status_line_format", "model}"), ("status_line_format", "{{model}}"),
    ("status_line_format", "{model!r}"), ("status_line_format", "{}"), ("status_line_format", "a\nb"),
    ("status_line_format", "\x1b[31m{model}"), ("status_line_format", "x" * 201), ("status_line_format", None),
    ("settings_tab", "x" * 41), ("settings_tab", None), ("remember_window", 1), ("widget_screen", "prompts"),
    ("close_to_tray", "yes"),
    ("alerts", None), ("alerts", {"steps": [0]}), ("alerts", {"budgets": [{"id": "a"}]}), ("alerts", [1]),
]  # fmt: skip


@pytest.fixture
def ledger(data: Path) -> Iterator[Ledger]:
    opened = Ledger(data)
    yield opened
    opened.close()


def reopened(ledger: Ledger) -> Settings:
    again = Ledger(ledger.data_dir)
    again.close()
    return again.settings.current


def test_the_tables_name_every_setting() -> None:
    assert set(GOOD) == set(Settings.__struct_fields__) == {name for name, _ in BAD}


@pytest.mark.parametrize("name", GOOD)
def test_each_setting_is_kept_over_a_restart(ledger: Ledger, name: str) -> None:
    for value in GOOD[name]:
        assert getattr(ledger.settings.change({name: value}), name) == value  # type: ignore[dict-item]  # any JSON value
        assert getattr(reopened(ledger), name) == value


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_value_that_cannot_be_is_refused_by_name_and_changes_nothing(
    ledger: Ledger, name: str, value: object
) -> None:
    ledger.settings.change({"active_minutes": 33})
    with pytest.raises(BadRequest) as refused:
        ledger.settings.change({"theme": "dark", name: value})  # type: ignore[dict-item]  # any JSON value
    assert str(refused.value.details["field"]).partition(".")[0] == name
    assert ledger.settings.current == reopened(ledger) == Settings(active_minutes=33)


def test_another_currency_takes_its_sign_and_rate_together(ledger: Ledger) -> None:
    ledger.settings.change({"currency_sign": "€", "currency_rate": "0.92"})
    assert (reopened(ledger).currency_sign, reopened(ledger).currency_rate) == ("€", "0.92")
    with pytest.raises(BadRequest, match="US dollars") as refused:
        ledger.settings.change({"currency_sign": "$"})
    assert refused.value.details["field"] == "currency_rate"
    ledger.settings.change({"currency_sign": "$", "currency_rate": "1"})


def test_the_steps_of_the_meters_stay_in_order(ledger: Ledger) -> None:
    ledger.settings.change({"limit_warn_percent": 92, "limit_bad_percent": 97})
    assert (reopened(ledger).limit_warn_percent, reopened(ledger).limit_bad_percent) == (92, 97)
    with pytest.raises(BadRequest) as refused:
        ledger.settings.change({"limit_bad_percent": 92})
    assert refused.value.details["field"] == "limit_bad_percent"


def test_values_that_fit_only_together_are_kept_beside_a_damaged_one(ledger: Ledger) -> None:
    kept = {"limit_warn_percent": 92, "limit_bad_percent": 97, "theme": "pink", "currency_rate": "0.92"}
    stored.write(ledger.database, "settings", json.dumps({**kept, "currency_sign": "€"}))
    found = reopened(ledger)
    assert (found.limit_warn_percent, found.limit_bad_percent, found.theme) == (92, 97, "system")
    assert (found.currency_sign, found.currency_rate) == ("€", "0.92")


def test_an_unknown_setting_is_refused_by_name(ledger: Ledger) -> None:
    with pytest.raises(BadRequest) as refused:
        ledger.settings.change({"theme": "dark", "activeMinutes": 5})
    assert refused.value.details["field"] == "activeMinutes"
    assert ledger.settings.current == Settings()


@pytest.mark.parametrize(("name", "value"), BAD)
def test_one_damaged_value_does_not_cost_the_others(ledger: Ledger, name: str, value: object) -> None:
    kept = {"exact_numbers": True, "active_minutes": 33, "theme": "dark", "of_a_newer_version": 1, name: value}
    stored.write(ledger.database, "settings", json.dumps(kept))
    found, expected = reopened(ledger), Settings(exact_numbers=True, active_minutes=33, theme="dark")
    assert getattr(found, name) == getattr(Settings(), name)
    for other in Settings.__struct_fields__:
        if other != name:
            assert getattr(found, other) == getattr(expected, other)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"theme": {}}', "\x00"])
def test_settings_that_cannot_be_read_at_all_are_the_defaults(ledger: Ledger, text: str) -> None:
    stored.write(ledger.database, "settings", text)
    assert reopened(ledger) == Settings()


@pytest.fixture
def _zone_read_anew() -> Iterator[None]:
    """The library reads the system's zone once for a process."""
    tzlocal.reload_localzone()
    yield
    os.environ["TZ"] = "UTC"
    tzlocal.reload_localzone()


@pytest.mark.zone("Asia/Kolkata")
@pytest.mark.usefixtures("_zone_read_anew")
def test_the_zone_is_the_systems_unless_one_is_chosen(ledger: Ledger) -> None:
    assert ledger.settings.zone.key == "Asia/Kolkata"
    ledger.settings.change({"timezone": "America/New_York"})
    assert ledger.settings.zone.key == "America/New_York"
    ledger.settings.change({"timezone": None})
    assert ledger.settings.zone.key == "Asia/Kolkata"


def test_a_change_keeps_what_was_put_there_meanwhile(ledger: Ledger) -> None:
    """A restore puts other settings into the database while the page still saves one of its own."""
    ledger.settings.change({"theme": "dark", "active_minutes": 33})
    restored = msgspec.json.encode(Settings(theme="light", first_weekday=6)).decode()
    stored.write(ledger.database, "settings", restored)
    changed = ledger.settings.change({"settings_tab": "storage"})
    assert (changed.theme, changed.first_weekday, changed.active_minutes) == ("light", 6, 60)
    assert ledger.settings.current == changed


def test_a_page_that_opens_sees_a_change_that_waits_to_be_written(ledger: Ledger) -> None:
    with ThreadPoolExecutor() as pool:
        with ledger.database.writing():
            changed = pool.submit(ledger.settings.change, {"range": "alltime"})
            for _ in range(40):
                asked = pool.submit(ledger.settings.settled)
                if wait([asked], timeout=0.2).not_done:
                    break
                time.sleep(0.02)  # the change has not begun to wait
        assert asked.result().range == "alltime"
        assert changed.result().range == "alltime"


def test_a_change_that_waits_long_does_not_keep_a_page_from_opening(ledger: Ledger) -> None:
    with ThreadPoolExecutor() as pool, ledger.database.writing():
        pool.submit(ledger.settings.change, {"range": "alltime"})
        assert pool.submit(ledger.settings.settled).result(timeout=10).range == "last7days"
