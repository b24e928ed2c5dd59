"""What a command begins before it loads the rest of itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tokendial.cli.options import Options
from tokendial.paths import ledger_path
from tokendial.services.home_check import default_homes, resolve_named
from tokendial.store import early_check


def look_at_ledger(options: Options) -> None:
    """Look whether the pages of the ledger are sound, while the command is loaded that opens it."""
    early_check.begin(ledger_path(options.data_dir, resolve_named(options.homes)))


@contextmanager
def looking_and_reading(options: Options) -> Iterator[None]:
    """The same; and where there is no ledger yet, and the command scans, begin to read the first home.

    The end of `with` ends a reading that nobody took over.
    """
    named = resolve_named(options.homes)
    ledger = ledger_path(options.data_dir, named)
    early_check.begin(ledger)
    if not options.scan or ledger.exists():
        yield
        return
    from tokendial.ingest import head_start  # noqa: PLC0415 - once in the life of a ledger

    try:
        for provider_id, path in named or default_homes():
            if path.is_dir():
                head_start.begin(provider_id, path)
                break
        yield
    finally:
        head_start.give_up()
