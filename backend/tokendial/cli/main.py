"""The `tokendial` command. Every subcommand scans first, unless it is told not to."""

from __future__ import annotations

import gc
import logging
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import click

from tokendial import __version__
from tokendial.cli.faults import show_fault, show_log
from tokendial.cli.options import Options, common
from tokendial.cli.render import safe
from tokendial.errors import BadRequest, TokendialError

Format = Literal["table", "json", "csv", "html"]


def _look_at_ledger(options: Options) -> None:
    from tokendial.cli.early import look_at_ledger  # noqa: PLC0415 - not for a list of options

    look_at_ledger(options)


def _looking_and_reading(options: Options) -> AbstractContextManager[None]:
    from tokendial.cli.early import looking_and_reading  # noqa: PLC0415 - as above

    return looking_and_reading(options)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tokendial")
@click.option("--page", metavar="PAGE", help="Open the window on this page, as sessions.")
@click.option("--hidden", is_flag=True, hidden=True, help="Start in the tray, as at login.")
@common
@click.pass_context
def cli(context: click.Context, options: Options, page: str | None, hidden: bool) -> None:
    """What your coding agents cost, where it goes, and when you will hit a limit. Without a command: the window."""
    context.obj = options
    if context.invoked_subcommand is None:
        _look_at_ledger(options)
        from tokendial.cli.shells import window  # noqa: PLC0415 - the reports need no window

        window(options, page=page, hidden=hidden)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen on this port; 0 takes a free one.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@common
def serve(options: Options, port: int, no_open: bool) -> None:
    """Serve the dashboard to this machine's browser."""
    _look_at_ledger(options)
    from tokendial.cli.shells import browser  # noqa: PLC0415 - the reports need no server

    browser(options, port=port, open_browser=not no_open, why=None)


@cli.command()
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "hour", "model", "effort", "project", "session", "provider"]),
    default="day",
    show_default=True,
)
@click.option("--since", metavar="DATE", help="First day, as 2026-11-16.")
@click.option("--until", metavar="DATE", help="Last day, included.")
@click.option("--tz", metavar="ZONE", help="Time zone of the days, as Europe/Berlin. Default: the system's.")
@click.option("--provider", metavar="ID", help="Only this provider.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv", "html"]),
    help="How it is written. html is one file to print or keep, with charts and every table.  [default: table]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--csv", "as_csv", is_flag=True, help="The same as --format csv.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--force", is_flag=True, help="Let -o replace a file that exists.")
@click.option("--private", is_flag=True, help="html only: without titles, paths and projects.")
@common
def report(
    options: Options,
    by: str,
    since: str | None,
    until: str | None,
    tz: str | None,
    provider: str | None,
    style: Format | None,
    as_json: bool,
    as_csv: bool,
    output: Path | None,
    force: bool,
    private: bool,
) -> None:
    """Tokens and cost by day, model, project and more."""
    if as_json and as_csv:
        raise BadRequest("Choose --json or --csv, not both.")
    flag: Format | None = "json" if as_json else "csv" if as_csv else None
    if flag and style and flag != style:
        raise BadRequest(f"Choose --{flag} or --format {style}, not both.")
    shape = style or flag or "table"
    if private and shape != "html":
        raise BadRequest("--private is for --format html.")
    if force and output is None:
        raise BadRequest("--force is for -o FILE.")
    with _looking_and_reading(options):
        from tokendial.cli.report import Wanted, print_report  # noqa: PLC0415

        wanted = Wanted(by=by, since=since, until=until, tz=tz, provider=provider, style=shape, private=private)
        print_report(options, wanted, output, replace=force)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@common
def limits(options: Options, as_json: bool) -> None:
    """Usage limits: percent used, reset, and where it will stand then."""
    with _looking_and_reading(options):
        from tokendial.cli.limits import print_limits  # noqa: PLC0415

        print_limits(options, as_json)


@cli.command()
@click.argument("session")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@common
def audit(options: Options, session: str, as_json: bool) -> None:
    """How the figures of SESSION (its id, or the beginning of it) came about, file by file."""
    from tokendial.cli.audit import print_audit  # noqa: PLC0415

    print_audit(options, session, as_json)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@common
def doctor(options: Options, as_json: bool) -> None:
    """Check the installation and the ledger."""
    from tokendial.cli.doctor import print_doctor  # noqa: PLC0415

    print_doctor(options, as_json)


@cli.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def erase(options: Options, yes: bool) -> None:
    """Delete everything that Tokendial keeps: usage, prices, homes, settings and kept copies; no log of an agent."""
    from tokendial.cli.erase import erase_everything  # noqa: PLC0415

    erase_everything(options, asked=yes)


@cli.command()
@common
def compact(options: Options) -> None:
    """Give the room that deleted data left in the ledger back to the disk."""
    from tokendial.cli.compact import print_compact  # noqa: PLC0415

    print_compact(options)


@cli.command()
@common
def statusline(options: Options) -> None:
    """The status line of an agent that calls this with JSON on standard input; Settings, Providers says how."""
    from tokendial.cli.statusline import print_status_line  # noqa: PLC0415

    print_status_line(options)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit: 0 fine, 1 it failed, 2 wrong usage. Errors are one sentence on stderr."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.excepthook = show_fault
    gc.freeze()
    try:
        _run(given)
    finally:
        # What is left lives until the process ends; a last search of it for cycles takes as long as a small report.
        gc.freeze()


def _run(given: list[str]) -> None:
    debug = "--debug" in given
    show_log(logging.DEBUG if debug else logging.ERROR)
    if not debug:
        logging.disable(logging.CRITICAL)
    try:
        cli.main(args=given, prog_name="tokendial", standalone_mode=False)
    except click.ClickException as error:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "tokendial"
        click.echo(f"tokendial: {safe(error.format_message().rstrip('.'))} (see `{command} --help`).", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except TokendialError as error:
        if debug:
            raise
        click.echo(f"tokendial: {_option_of(error, given)}{safe(error.message)}", err=True)
        sys.exit(2 if isinstance(error, BadRequest) else 1)
    except OSError as error:
        if debug:
            raise
        where = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
        click.echo(f"tokendial: {safe(f'{error.strerror or error}{where}')}.", err=True)
        sys.exit(1)


def _option_of(error: TokendialError, given: list[str]) -> str:
    """The option that an error is about, where it was given."""
    option = f"--{error.details.get('field')}"
    return f"{option}: " if any(part.partition("=")[0] == option for part in given) else ""
