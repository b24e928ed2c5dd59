"""A child process of the tests: runs one of the shells with the stand-in application, and reports on stdout.

Arguments: `window`, `browser` or `hold` (the lock only), and the data folder; for a window also how many seconds it
waits for the first figures, and then it says what it does beside the page.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tests.api.support import FakeApplication

from tokendial.api.dialogs import Dialogs, FileKind
from tokendial.api.events import Alert
from tokendial.desktop import browser, instance, preflight, start, window
from tokendial.services.contract.homes import ChosenFolder, HomeBrowseRequest

PAGE = Path(__file__).resolve().parent / "page"


class Application(FakeApplication):
    """Refreshing publishes an alert, the diagnostics fail, opening the logs never ends; says when it is closed.

    Browsing opens the dialog for a folder, or for a file to write or to read when `start` is `save` or `open`.
    """

    dialogs: Dialogs | None = None

    def __init__(self) -> None:
        super().__init__({"diagnostics": RuntimeError("/home/me/secret")})

    def refresh(self, request: object) -> object:
        self.hub.publish("alert", Alert("Tïtle", "'); alert(1); ('\u2028"))
        return super().refresh(request)

    def open_logs(self, request: object) -> object:
        say("stuck")
        threading.Event().wait()
        return None

    def browse_home(self, request: object) -> object:
        assert isinstance(request, HomeBrowseRequest) and self.dialogs is not None
        if request.start == "save":
            return ChosenFolder(self.dialogs.pick_save("prices.json", FileKind("Price rules", ".json")))
        if request.start == "open":
            return ChosenFolder(self.dialogs.pick_open(FileKind("Price rules", ".json")))
        return ChosenFolder(self.dialogs.pick_folder(request.start))

    def close(self) -> None:
        say("closed")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(kind: str, folder: Path, figures_seconds: float | None = None) -> int:
    """Be the one instance of the folder, or have it shown."""
    mine = instance.claim(folder)
    if mine is None:
        sys.stdout.write(instance.show_running(folder) + "\n")
        return 0
    if kind == "hold":
        mine.announce(1)
        say("held")
        threading.Event().wait()
    if kind == "window":
        beside = None
        if figures_seconds is not None:
            start.FIGURES_SECONDS = figures_seconds
            beside = start.Beside(lambda: say("opened"), lambda: say("settled"))
        window.run(Application(), preflight.choose(), instance=mine, static=PAGE, beside=beside)
    else:
        browser.run(Application(), open_browser=False, why="because of a test", instance=mine, static=PAGE)
    say("returned")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2]), *map(float, sys.argv[3:])))
