"""What a command begins before it loads the rest of itself."""

from __future__ import annotations

from tokendial.cli.options import Options
from tokendial.paths import ledger_path
from tokendial.services.home_check import resolve_named
from tokendial.store import early_check


def look_at_ledger(options: Options) -> None:
    """Look whether the pages of the ledger are sound, while the command is loaded that opens it."""
    early_check.begin(ledger_path(options.data_dir, resolve_named(options.homes)))
