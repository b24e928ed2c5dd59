"""Watches the log folders. What it tells is a hint: the truth is a full scan now and then (reliability 1.4 f)."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from tokendial.ingest.hints import ANYTHING, Debounce

_CREATED = 0x100  # inotify(7): IN_CREATE
# Never opened or read: reading the logs ourselves must not wake us.
_REACTED_TO = (FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent)


class _Handler(FileSystemEventHandler):
    def __init__(self, add: Callable[[str], None]) -> None:
        self._add = add

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not isinstance(event, _REACTED_TO):
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._add(path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path)


class _Losses(logging.Handler):
    """Hears watchdog say that events were lost, which it tells nobody in another way (7.1)."""

    def __init__(self, add: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._add = add

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._add(ANYTHING)


def _no_watch_is_left(folder: str) -> bool:
    """Whether the system refuses another watch. watchdog then passes over folders that appear, without a word."""
    if sys.platform != "linux":
        return False
    system = ctypes.CDLL(None, use_errno=True)
    instance = system.inotify_init1(os.O_CLOEXEC)
    if instance < 0:
        return False
    try:
        watch = system.inotify_add_watch(instance, os.fsencode(folder), _CREATED)
        return bool(watch < 0 and ctypes.get_errno() == errno.ENOSPC)
    finally:
        os.close(instance)


class Watcher:
    """Watches folders that exist; the caller asks again before each scan for those that appeared since."""

    def __init__(self, fire: Callable[[set[str]], None]) -> None:
        """`fire` gets the paths that changed, debounced, with ANYTHING among them where some were lost."""
        self._debounce = Debounce(fire)
        self._losses = _Losses(self._debounce.add)
        self._observer: BaseObserver | None = None
        self._watched: set[str] = set()
        self.working = False

    def start(self) -> None:
        """Begin. Where the system gives no watch, `working` stays False and only scans find what is new."""
        # A folder that appears while its parent is walked is watched twice, harmlessly; watchdog says so on stderr,
        # and where warnings are errors its thread dies of it.
        warnings.filterwarnings("ignore", message="Callback with id", category=RuntimeWarning)
        logging.getLogger("watchdog").addHandler(self._losses)
        try:
            self._observer = Observer()
            self._observer.start()
            self.working = True
        except OSError:  # the system has no more watchers, or none at all
            self.working = False

    def watch(self, roots: Iterable[Path]) -> None:
        """Watch these folders, and no others."""
        wanted = {str(root) for root in roots if root.is_dir()}
        if wanted == self._watched or self._observer is None or not self.working:
            return
        self._observer.unschedule_all()
        self._watched = set()
        for root in sorted(wanted):
            try:
                self._observer.schedule(_Handler(self._debounce.add), root, recursive=True)
                self._watched.add(root)
            except OSError:
                self.working = False  # the watch limit is reached: poll
        self.is_blind()

    def is_blind(self) -> bool:
        """Whether the watches have just run out: then `working` is False from now on."""
        if not self.working or not self._watched or not _no_watch_is_left(min(self._watched)):
            return False
        self.working = False
        return True

    def stop(self) -> None:
        """End all threads."""
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
            self._observer.join(timeout=5)
        logging.getLogger("watchdog").removeHandler(self._losses)
        self._debounce.stop()
