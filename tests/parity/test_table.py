"""The tables of parity: every row of a survey is there once, and each has tests that exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.parity.reference import CODEX_TRACKER, OPENTOKENMONITOR, Survey

ROOT = Path(__file__).resolve().parents[2]

# PENDING: tests of parts that are not merged yet. Empty this set when they are: what exists may not stand here.
PENDING: frozenset[str] = frozenset(
    {
        "api/test_windows.py::test_a_browser_is_told_that_the_widget_is_a_page_there",
        "api/test_windows.py::test_the_places_of_both_windows_are_apart_and_forgotten_together",
        "cli/test_report_html.py::test_its_totals_are_those_of_json_to_the_digit",
        "desktop/test_notices.py::test_an_alert_of_a_log_line_reaches_the_system_and_follows_privacy",
        "desktop/test_tray_mark.py::test_every_colour_is_seen_on_white_and_on_black",
        "desktop/test_tray_mark.py::test_only_all_closes_the_ring_and_nothing_known_is_the_plain_mark",
        "desktop/test_tray_shell.py::test_a_refresh_from_the_tray_is_shown_when_it_is_done",
        "desktop/test_tray_shell.py::test_every_change_of_the_figures_is_shown",
        "desktop/test_tray_shell.py::test_nothing_is_read_between_events_but_once_a_minute",
        "desktop/test_tray_shell.py::test_the_entries_open_pages_and_the_settings",
        "domain/test_alerts.py::test_steps_are_reached_exactly",
        "domain/test_alerts.py::test_whatever_the_order_of_readings_each_step_is_told_once_per_window",
        "e2e/test_real_widget.py::test_a_second_start_brings_the_full_window_back",
        "e2e/test_real_widget.py::test_closing_it_gives_the_full_window_back",
        "e2e/test_real_widget.py::test_it_stands_above_the_others_without_a_frame_and_shows_its_page",
        "e2e/test_real_widget.py::test_its_place_size_and_screen_come_back",
        "e2e/test_real_widget.py::test_the_pointer_moves_and_resizes_it_and_a_click_is_still_a_click",
        "e2e/test_report_page.py::test_the_button_gives_the_same_report",
        "e2e/test_tray.py::test_a_hidden_start_never_shows_a_window",
        "e2e/test_tray.py::test_a_hidden_start_without_a_tray_is_minimised_and_says_so",
        "e2e/test_tray.py::test_closing_ends_where_hiding_was_not_chosen",
        "e2e/test_tray.py::test_closing_hides_where_that_was_chosen_and_a_click_or_a_second_start_shows",
        "e2e/test_tray.py::test_the_icon_says_every_window_and_its_menu_does_what_it_says",
        "e2e/test_tray.py::test_the_login_entry_starts_this_very_program_hidden",
        "e2e/test_tray_picture.py::test_the_icon_is_seen_and_clicked",
        "e2e/test_widget.py::test_every_way_back_leads_to_the_page_that_was_open",
        "e2e/test_widget.py::test_it_fits_and_can_be_read",
        "e2e/test_widget.py::test_its_figures_are_those_of_the_overview",
        "services/test_alerts.py::test_a_provider_that_is_off_is_silent",
        "services/test_alerts.py::test_a_threshold_is_told_once_and_then_the_next",
        "services/test_alerts.py::test_nothing_is_told_again_after_a_restart",
        "services/test_alerts.py::test_running_out_is_told_before_it_happens",
        "services/test_autostart.py::test_a_command_line_of_windows_is_read_back",
        "services/test_autostart.py::test_a_program_that_was_moved_repairs_its_own_entry_only",
        "services/test_autostart.py::test_an_entry_that_the_desktop_switched_off_is_off",
        "services/test_autostart.py::test_the_launch_agent",
        "services/test_autostart.py::test_the_state_is_what_the_system_has",
        "services/test_tray_words.py::test_a_stale_reading_says_its_age",
        "services/test_tray_words.py::test_every_known_window_is_said_with_percent_and_reset_and_the_worst_one_fills_the_icon",
        "services/test_tray_words.py::test_percentages_never_round_to_nothing_or_to_all",
        "services/test_tray_words.py::test_the_level_follows_the_steps_of_the_settings",
        "services/test_tray_words.py::test_unknown_is_unknown_and_neither_0_nor_100_percent",
        "src/views/alerts/Alerts.test.tsx::a limit bears the mark of its own windows only",
        "src/views/alerts/Alerts.test.tsx::shows what holds and what is past, with what can be done",
        "src/views/settings/Startup.test.tsx::is off until it is chosen",
        "src/views/settings/Startup.test.tsx::says what is wrong with the entry",
        "src/views/widget/WidgetPage.test.tsx::asks once for everything, of today and of all providers",
        "src/views/widget/WidgetPage.test.tsx::hides money and names in privacy mode",
        "src/views/widget/WidgetPage.test.tsx::is moved by its header, once per drag and not by a tremble or a button",
        "src/views/widget/WidgetPage.test.tsx::is not remembered as the page that was open last",
        "src/views/widget/WidgetPage.test.tsx::remembers the open screen",
        "src/views/widget/WidgetPage.test.tsx::shows the unknown as unknown, neither 0 nor 100",
        "src/views/widget/WidgetPage.test.tsx::shows today instead where no limit is known",
        "src/views/widget/countdown.test.ts::of %s ms is %s: %s",
        "src/views/widget/countdown.test.ts::ticks by the second when it is near, and falls",
        "src/views/widget/dials.test.ts::%d minutes are %s",
        "src/views/widget/dials.test.ts::have the shortest window outside, the longer one inside, and all others as marks, the fullest first",  # noqa: E501
        "src/views/widget/dials.test.ts::leave out a provider that is off, and one of which there is nothing to show",
        "src/views/widget/dials.test.ts::names what matters most, in words",
    }
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of parity, the survey that it answers, and how many rows begin how."""

    file: str
    survey: Survey
    counts: Mapping[str, int]
    weaknesses: Sequence[str]

    def rows(self) -> list[tuple[str, list[str]]]:
        """The rows with the tests that they name."""
        found = []
        for line in (ROOT / "tests" / self.file).read_text(encoding="utf-8").splitlines():
            if line.startswith("| ") and not line.startswith(("| row |", "| --- |")):
                name, _, tests = (cell.strip() for cell in line.strip("|").split(" | "))
                found.append((name, re.findall(r"`([^`]+)`", tests)))
        return found


TABLES = (
    Table(
        "parity_codex_tracker.md",
        CODEX_TRACKER,
        {"1.": 127, "6.": 33, "9.": 15, "W": 66},
        [f"W{number}" for number in range(1, 67)],
    ),
    Table(
        "parity_opentokenmonitor.md",
        OPENTOKENMONITOR,
        {"1.": 100, "9 ": 38, "9 (": 18, "W": 49},
        [f"W-{number:02}" for number in range(1, 50)],
    ),
)
ROWS = {table.file: table.rows() for table in TABLES}
EACH = [(file, name, tests) for file, rows in ROWS.items() for name, tests in rows]
BOTH = pytest.mark.parametrize("table", TABLES, ids=[table.file for table in TABLES])


@cache
def _names(file: Path) -> frozenset[str]:
    """The tests of a file: functions of Python; `it`, `test` and `describe` of TypeScript."""
    if not file.is_file():
        return frozenset()
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return frozenset(node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return frozenset(re.findall(r'\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*"([^"]+)"', text))


def missing(tests: list[str]) -> list[str]:
    """Of the tests of a row, those that do not exist."""
    absent = []
    for test in tests:
        place, _, name = test.partition("::")
        file = ROOT / ("frontend" if place.startswith("src/") else "tests") / place
        if not name or name not in _names(file):
            absent.append(test)
    return absent


@pytest.mark.parametrize(("file", "name", "tests"), EACH, ids=[f"{file[7:-3]}: {name}" for file, name, _ in EACH])
def test_row(file: str, name: str, tests: list[str]) -> None:
    assert tests, f"{name} of {file} is open: no test covers it yet"
    absent = [test for test in missing(tests) if test not in PENDING]
    assert not absent, f"{name} of {file} names tests that do not exist: {', '.join(absent)}"


@BOTH
def test_each_row_is_there_once(table: Table) -> None:
    names = [name for name, _ in ROWS[table.file]]
    assert len(names) == len(set(names))
    assert {start: sum(name.startswith(start) for name in names) for start in table.counts} == table.counts
    assert [name for name in names if name[0] == "W"] == table.weaknesses


@BOTH
def test_the_rows_are_those_of_the_survey(table: Table) -> None:
    if not table.survey.file.is_file():
        pytest.skip(f"the survey is not at {table.survey.file}")
    assert [name for name, _ in ROWS[table.file]] == table.survey.rows()


def test_what_is_pending_is_named_and_does_not_exist() -> None:
    named = {test for _, _, tests in EACH for test in tests}
    assert sorted(PENDING - named) == [], "no row needs these"
    assert sorted(PENDING - set(missing(sorted(PENDING)))) == [], "these exist and are not pending any more"


def test_the_check_can_fail() -> None:
    good = "parity/test_table.py::test_row"
    for wrong in ("parity/test_table.py::test_nobody", "parity/nowhere.py::test_row", "parity/test_table.py", ""):
        assert missing([good, wrong]) == [wrong]
    assert missing(["src/lib/format.test.ts::formatTokens"]) == []
    assert missing(["src/lib/format.test.ts::formatTok"]) != []
