"""`tokendial statusline`: called by an agent with JSON on standard input, it prints the agent's status line."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from msgspec import MsgspecError

from tokendial.cli.options import Options
from tokendial.domain.statusline import NOTHING_KNOWN
from tokendial.errors import BadRequest, TokendialError
from tokendial.paths import ledger_path
from tokendial.services.home_check import resolve
from tokendial.services.statusline import line

_MOST_BYTES = 4 << 20
_FAULTS = (TokendialError, MsgspecError, OSError, ValueError, ArithmeticError, LookupError, TypeError, RuntimeError)
_log = logging.getLogger(__name__)


def print_status_line(options: Options) -> None:
    """Print one line, whatever comes in: an agent shows nothing at all for a command that fails.

    Raises BadRequest at a terminal, where nobody sends anything.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        raise BadRequest("An agent calls this command, with JSON on standard input. Settings, Providers says how.")
    payload = sys.stdin.buffer.read(_MOST_BYTES) if sys.stdin is not None else b""
    try:
        text = line(payload, options.data_dir, _ledger(options), int(time.time() * 1000))
    except _FAULTS:
        # A fault of ours must not cost the agent its line; `--debug` shows it.
        _log.exception("status line")
        text = NOTHING_KNOWN
    # In UTF-8, whatever the console's code page is.
    sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))
    sys.stdout.flush()


def _ledger(options: Options) -> Path:
    return ledger_path(options.data_dir, [(provider, resolve(str(path))) for provider, path in options.homes])
