"""The printed report in the real window: written where the system's own dialog says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.desktop.test_dialogs import Keyboard
from tests.e2e.driver import figure, open_settings
from tests.e2e.test_real_window import Desktop, desktop, guarded, page  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool"),
]


def test_a_report_is_written_where_the_dialog_says_and_a_closed_dialog_writes_none(
    page: Page,  # noqa: F811 - the fixture
    desktop: Desktop,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    keyboard, target = Keyboard(desktop.display), tmp_path / "my report.html"
    tokens = re.sub(r"\D", "", figure(page, "Total tokens").get_attribute("title") or "")
    dialog = open_settings(page, "Storage")
    button = dialog.get_by_role("button", name="Printable report…")
    button.click()
    keyboard.into("Save file", str(target), "Return")
    expect(dialog.get_by_role("status")).to_contain_text("Report written")
    expect(dialog.get_by_role("status")).to_contain_text(str(target))
    text = target.read_text()
    assert text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n")
    assert f'<data value="{tokens}" id="tokens">' in text
    dialog.get_by_role("button", name="Dismiss").click()
    target.unlink()
    button.click()
    keyboard.into("Save file", None, "Escape")
    expect(button).to_be_enabled()
    assert list(tmp_path.iterdir()) == []
