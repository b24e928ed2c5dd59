"""Paths of folders as logs write them, on whatever system: compared as text, never looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WINDOWS = re.compile(r"[A-Za-z]:([\\/]|$)|\\\\")
_SLASHES = re.compile(r"/{2,}")


def is_windows(path: str) -> bool:
    """Whether a path has a drive letter or is a share."""
    return _WINDOWS.match(path) is not None


def folder_key(path: str) -> str:
    """The same text for the same folder: no slash at the end, one between names, and no case on Windows."""
    if is_windows(path):
        share = path.startswith("\\\\")
        text = _SLASHES.sub("/", path.replace("\\", "/")).rstrip("/").casefold()
        return f"/{text}" if share else text
    return _SLASHES.sub("/", path).rstrip("/") or path[:1]


def is_within(key: str, ancestor: str) -> bool:
    """Whether a folder is another one or lies below it; both are keys."""
    return key == ancestor or key.startswith(ancestor.rstrip("/") + "/")


def longest_ancestor(key: str, roots: Iterable[str]) -> str | None:
    """The nearest of some roots that a folder lies in; all are keys."""
    return max((root for root in roots if is_within(key, root)), key=len, default=None)
