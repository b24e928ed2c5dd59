"""Where Tokendial is, and where it keeps its own files."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import platformdirs

LEDGER_NAME = "ledger.sqlite3"
PROGRAM_DIR = Path(__file__).resolve().parent


def default_data_dir() -> Path:
    """The user's data folder of this program, by the rules of the operating system."""
    return Path(platformdirs.user_data_dir("tokendial", appauthor=False))


def ledger_path(data_dir: Path, homes: list[tuple[str, Path]]) -> Path:
    """The ledger of a data folder.

    A run that names its homes gets a ledger of its own: what the configured homes own must not be missing in it,
    and nothing of it may stay in theirs.
    """
    if not homes:
        return data_dir / LEDGER_NAME
    named = "\n".join(sorted(f"{provider}:{path}" for provider, path in homes))
    return data_dir / f"ledger-{blake2b(named.encode(), digest_size=6).hexdigest()}.sqlite3"
