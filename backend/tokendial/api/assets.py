"""The files of the built front end: a closed list made once, so that no request can name any other file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# Fixed here because the system's own table can be wrong (on Windows any program may change it).
MIME_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
INDEX = "index.html"
NOT_BUILT = "The front end is not built. In the folder frontend run: npm ci && npm run build\n"


def static_folder() -> Path:
    """Where the package keeps the built front end."""
    return Path(__file__).parents[1] / "static"


class Assets:
    """The front end's files by their path below the folder."""

    def __init__(self, folder: Path) -> None:
        """List the folder's files; a folder that is not there has none."""
        self._files = dict(_walk(folder, "")) if folder.is_dir() else {}

    @property
    def built(self) -> bool:
        """Whether there is a page to show."""
        return INDEX in self._files

    @property
    def names(self) -> list[str]:
        """The paths that are served."""
        return sorted(self._files)

    def read(self, name: str) -> tuple[bytes, str] | None:
        """A file's bytes and MIME type; None for whatever is not on the list."""
        file = self._files.get(name)
        return None if file is None else (file.read_bytes(), MIME_TYPES[PurePosixPath(name).suffix])


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for entry in folder.iterdir():
        if entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif PurePosixPath(entry.name).suffix in MIME_TYPES:
            yield f"{prefix}{entry.name}", entry
