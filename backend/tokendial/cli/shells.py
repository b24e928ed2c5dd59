"""`tokendial` and `tokendial serve`: the window, or the browser where no window is possible."""

from __future__ import annotations

import click

from tokendial.api.program import Program
from tokendial.cli.options import Options
from tokendial.desktop import browser as browser_shell
from tokendial.desktop import instance, preflight
from tokendial.errors import Unavailable
from tokendial.services.ledger import Ledger


def window(options: Options) -> None:
    """Open the window; the browser mode where that cannot be, saying why."""
    choice = preflight.choose()
    if choice.gui is None:
        browser(options, port=0, open_browser=True, why=choice.reason)
        return
    from tokendial.desktop import window as window_shell  # noqa: PLC0415 - only with a toolkit

    mine = instance.claim(options.data_dir)
    if mine is None:
        _show_running(options)
        return
    ledger = Ledger(options.data_dir, options.homes)
    window_shell.run(
        Program(ledger, "window"), choice, instance=mine, memory=ledger.window, widget_memory=ledger.widget_window
    )


def browser(options: Options, *, port: int, open_browser: bool, why: str | None) -> None:
    """Serve to the browser until told to stop."""
    mine = instance.claim(options.data_dir)
    if mine is None:
        _show_running(options)
        return
    ledger = Ledger(options.data_dir, options.homes)
    if ledger.notice:
        click.echo(ledger.notice)
    browser_shell.run(Program(ledger, "browser", why), port, open_browser, why, instance=mine)


def _show_running(options: Options) -> None:
    """Leave it to the program that runs already. Raises Unavailable when that one does not answer."""
    said = instance.show_running(options.data_dir)
    if said == instance.SILENT:
        raise Unavailable(said)
    click.echo(said)
