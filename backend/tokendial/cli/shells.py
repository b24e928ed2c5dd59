"""`tokendial` and `tokendial serve`: the window, or the browser where no window is possible."""

from __future__ import annotations

import gc

import click

from tokendial.api.program import Program
from tokendial.cli.options import Options
from tokendial.cli.render import safe
from tokendial.desktop import browser as browser_shell
from tokendial.desktop import instance, preflight
from tokendial.desktop.start import Beside, Start
from tokendial.desktop.tray.shell import TraySource
from tokendial.errors import Unavailable
from tokendial.services import startup
from tokendial.services.ahead import read_ahead, read_overview
from tokendial.services.ledger import Ledger


def window(options: Options, *, page: str | None = None, hidden: bool = False) -> None:
    """Open the window, on a page or hidden in the tray; the browser mode where that cannot be, saying why."""
    choice = preflight.choose()
    if choice.gui is None:
        browser(options, port=0, open_browser=not hidden, why=choice.reason, page=page)
        return
    mine = instance.claim(options.data_dir)
    if mine is None:
        _leave_it(options, page, hidden=hidden)
        return
    gc.disable()  # what a start makes stays; looking for cycles in it takes as long as a page's answer
    ledger = Ledger(options.data_dir, options.homes)
    read_ahead(ledger)
    from tokendial.desktop import window as window_shell  # noqa: PLC0415 - only with a toolkit, and slow to load

    program = Program(ledger, "window")

    def opened() -> None:
        if not read_overview(ledger):
            program.begin()  # there is nothing to see yet but how far the reading is

    def settled() -> None:
        gc.freeze()
        gc.enable()
        program.begin()
        startup.repair(ledger)
        program.keep_days()

    window_shell.run(
        program,
        choice,
        instance=mine,
        memory=ledger.window,
        widget_memory=ledger.widget_window,
        tray=TraySource(program.tray_face, ledger.settings),
        start=Start(hidden, page),
        beside=Beside(opened, settled),
    )


def browser(options: Options, *, port: int, open_browser: bool, why: str | None, page: str | None = None) -> None:
    """Serve to the browser until told to stop."""
    mine = instance.claim(options.data_dir)
    if mine is None:
        _leave_it(options, page, hidden=False)
        return
    # A window does without Flask; here the page's first command would wait for it, beside the reading that begins now.
    from tokendial.api import routes  # noqa: F401, PLC0415

    ledger = Ledger(options.data_dir, options.homes)
    if ledger.notice:
        click.echo(safe(ledger.notice))
    browser_shell.run(Program(ledger, "browser", why), port, open_browser, why, instance=mine, page=page)


def _leave_it(options: Options, page: str | None, *, hidden: bool) -> None:
    """Leave it to the program that runs already. Raises Unavailable when that one does not answer."""
    if hidden:
        click.echo(instance.RUNNING)
        return
    said = instance.show_running(options.data_dir, page=page)
    if said == instance.SILENT:
        raise Unavailable(said)
    click.echo(said)
