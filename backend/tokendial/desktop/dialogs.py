"""The dialogs of the operating system, through the window of pywebview."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tokendial.api.dialogs import FileKind
from tokendial.errors import Unavailable

if TYPE_CHECKING:
    import webview

Answer = Sequence[str] | str | None


class WindowDialogs:
    """Implements `api.dialogs.Dialogs` on a window that is open."""

    def __init__(self, window: webview.Window) -> None:
        """The dialogs belong to this window and keep it from being used while they are open."""
        self._window = window
        # The toolkits hand the answer back in one place: two dialogs at once would mix them up.
        self._one = threading.Lock()

    def pick_folder(self, start: str | None = None) -> str | None:
        """A folder that exists, or None."""
        from webview import FileDialog  # noqa: PLC0415 - heavy, and only this shell needs it

        folder = start if start and Path(start).is_dir() else str(Path.home())
        return self._ask(lambda: self._window.create_file_dialog(FileDialog.FOLDER, folder))

    def pick_save(self, name: str, kind: FileKind) -> str | None:
        """Where to write a file, or None."""
        from webview import FileDialog  # noqa: PLC0415 - see above

        home, filters = str(Path.home()), _filters(kind)
        return self._ask(
            lambda: self._window.create_file_dialog(FileDialog.SAVE, home, save_filename=name, file_types=filters)
        )

    def pick_open(self, kind: FileKind) -> str | None:
        """A file that exists, or None."""
        from webview import FileDialog  # noqa: PLC0415 - see above

        home, filters = str(Path.home()), _filters(kind)
        return self._ask(lambda: self._window.create_file_dialog(FileDialog.OPEN, home, file_types=filters))

    def _ask(self, show: Callable[[], Answer]) -> str | None:
        """Show a dialog and read its answer, which is a tuple or, for saving on macOS, a string."""
        with self._alone():
            answer = _on_form_thread(self._window.native, show)
        chosen = answer if isinstance(answer, str) else next(iter(answer or ()), "")
        return str(Path(chosen).absolute()) if chosen else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._one.acquire(blocking=False):
            raise Unavailable("Another dialog is open. Close it first.")
        try:
            yield
        finally:
            self._one.release()


def _filters(kind: FileKind) -> tuple[str, str]:
    return f"{kind.label} (*{kind.suffix})", "All files (*.*)"


def _on_form_thread(native: object, show: Callable[[], Answer]) -> Answer:
    """Qt, GTK and Cocoa go to their own thread by themselves; a Windows form has to be asked, or it may hang."""
    invoke = getattr(native, "Invoke", None)
    if invoke is None:
        return show()
    from System import Func, Type  # noqa: PLC0415 - only there with pythonnet

    answers: list[Answer] = []

    def run() -> None:
        answers.append(show())

    invoke(Func[Type](run))
    return answers[0]
