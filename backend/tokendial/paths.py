"""Where Tokendial is, and where it keeps its own files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from tokendial.errors import LedgerReadOnly

LEDGER_NAME = "ledger.sqlite3"
PROGRAM_DIR = Path(__file__).resolve().parent


def default_data_dir() -> Path:
    """The user's data folder of this program, by the rules of the operating system."""
    import platformdirs  # noqa: PLC0415 - who is told another folder does without

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


@contextmanager
def writing_to(data_dir: Path) -> Iterator[None]:
    """Make a data folder and write into it. Raises LedgerReadOnly for whatever the system refuses."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # only its owner may look into it
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise LedgerReadOnly(
            f"The data folder {data_dir} cannot be written ({why}). Check its permissions, or use --data-dir.",
            path=str(data_dir),
        ) from error
