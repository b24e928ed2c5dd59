"""`tokendial erase`."""

from __future__ import annotations

import click

from tokendial.cli.options import Options
from tokendial.cli.render import safe
from tokendial.desktop import instance
from tokendial.errors import BadRequest, LedgerBusy
from tokendial.services.erase import ERASE_WORD, erase_folder


def erase_everything(options: Options, *, asked: bool) -> None:
    """Delete what is in the data folder, after the word for it was typed. Raises LedgerBusy while a window is open."""
    if options.homes:
        raise BadRequest("Everything is deleted, whatever its home; leave the options of homes out.")
    folder = options.data_dir
    if not folder.is_dir():
        click.echo(f"There is nothing in {safe(str(folder))}.")
        return
    if not asked:
        click.echo(f"This deletes usage, prices, homes, settings and kept copies in {safe(str(folder))}.")
        typed = click.prompt(f"What agents have deleted since cannot be read again. Type “{ERASE_WORD}” to go on")
        if str(typed).strip().lower() != ERASE_WORD:
            click.echo("Nothing was deleted.")
            return
    mine = instance.claim(folder)
    if mine is None:
        raise LedgerBusy("Tokendial is running. Close it first, or use its Settings, Storage.")
    try:
        count = erase_folder(folder)
    finally:
        mine.release()
    instance.forget(folder)
    click.echo(f"{count:,} files deleted. No log of an agent was touched: the next start reads them again.")
