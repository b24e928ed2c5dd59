"""`tokendial statusline`: called by an agent with JSON on standard input, it prints the agent's status line."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tokendial.cli.options import Options
from tokendial.errors import BadRequest
from tokendial.paths import ledger_path
from tokendial.services.home_check import resolve
from tokendial.services.statusline import line

_MOST_BYTES = 4 << 20


def print_status_line(options: Options) -> None:
    """Print one line, whatever comes in: an agent shows nothing at all for a command that fails.

    Raises BadRequest at a terminal, where nobody sends anything.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        raise BadRequest("An agent calls this command, with JSON on standard input. Settings, Providers says how.")
    payload = sys.stdin.buffer.read(_MOST_BYTES) if sys.stdin is not None else b""
    text = line(payload, options.data_dir, _ledger(options), int(time.time() * 1000))
    sys.stdout.buffer.write(f"{text}\n".encode())  # in UTF-8, whatever the console's code page is
    sys.stdout.flush()


def _ledger(options: Options) -> Path:
    return ledger_path(options.data_dir, [(provider, resolve(str(path))) for provider, path in options.homes])
