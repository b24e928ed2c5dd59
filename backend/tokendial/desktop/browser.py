"""The browser shell: the same page in the user's browser, served until the program is told to stop."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from tokendial.api.application import Application
from tokendial.api.server import Server
from tokendial.desktop.instance import Instance
from tokendial.services.opener import restore_library_path


def run(
    application: Application,
    port: int = 0,
    open_browser: bool = True,
    why: str | None = None,
    *,
    instance: Instance | None = None,
    page: str | None = None,
    static: Path | None = None,
) -> None:
    """Serve until Ctrl+C or SIGTERM, then close the application and release the instance.

    `why` says why there is no window; `page` is opened in place of the last one. Raises Unavailable when the port
    cannot be used; the application is closed then too.
    """
    try:
        secret = instance.secret if instance else None
        server = Server(
            application, port=port, static=static, native_secret=secret, on_show=lambda page: _open(server, page)
        )
        with server, _until_told() as told:
            if instance:
                instance.announce(server.port)
            _greet(server, why)
            if open_browser:
                _open(server, page)
            while not told.wait(0.5):
                pass
            click.echo("Tokendial stopped.")
    finally:
        application.close()
        if instance:
            instance.release()


def _greet(server: Server, why: str | None) -> None:
    if why:
        click.echo(f"Tokendial runs in the browser: {why}.")
    click.echo(f"Tokendial listens on {server.url} for this computer only. This link opens it, once:")
    click.echo(f"  {server.open_url()}")
    click.echo("Press Ctrl+C to stop.")


def _open(server: Server, page: str | None) -> None:
    """Open the user's browser, except where only a terminal browser could be opened, into our own terminal."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    restore_library_path(os.environ)
    threading.Thread(target=webbrowser.open, args=(server.open_url(page),), name="open-browser", daemon=True).start()


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the handlers before are put back afterwards."""
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
