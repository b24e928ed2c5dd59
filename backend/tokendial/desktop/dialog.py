"""A message for a person who started the program without a terminal, as from a menu or the dock."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tokendial.desktop import preflight

VARIABLE = "TOKENDIAL_DIALOGS"  # set to 1 by what starts the program without a terminal
TITLE = "Tokendial"
_MESSAGE_ERROR = 0x10
_MESSAGE_FOREGROUND = 0x10000
_ALERT = ("on run argv", "display alert (item 1 of argv) message (item 2 of argv) as critical", "end run")


def wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether nobody would see what is written to the terminal."""
    return environ.get(VARIABLE) == "1"


def show(message: str) -> None:
    """Show a failure until it is confirmed. Nothing happens where nothing can be shown."""
    if sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, message, TITLE, _MESSAGE_ERROR | _MESSAGE_FOREGROUND)
    elif sys.platform == "darwin":
        script = [part for line in _ALERT for part in ("-e", line)]
        subprocess.run(["/usr/bin/osascript", *script, TITLE, message], check=False, capture_output=True)
    else:
        _show_with_qt(message)


def _show_with_qt(message: str) -> None:
    choice = preflight.choose()
    if choice.gui != "qt":
        return
    from qtpy.QtCore import Qt  # noqa: PLC0415 - only where it can be loaded
    from qtpy.QtGui import QIcon  # noqa: PLC0415 - see above
    from qtpy.QtWidgets import QApplication, QMessageBox  # noqa: PLC0415 - see above

    application = QApplication.instance() or QApplication(sys.argv[:1])
    box = QMessageBox(QMessageBox.Icon.Critical, TITLE, message)
    box.setWindowIcon(QIcon(str(Path(__file__).with_name("icon.png"))))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
    del box, application
