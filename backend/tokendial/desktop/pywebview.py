"""pywebview without the web server that it brings along: our own, guarded one serves the page.

Its module for that server wants bottle at once, which takes a fiftieth of the program's start to load.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from types import ModuleType

_PACKAGE, _SERVER = "webview", "bottle"
log = logging.getLogger(__name__)


class _ServerAdapter:
    """What pywebview's servers are made of. Nobody starts one."""


_ASKED = {"ServerAdapter": _ServerAdapter}


def load() -> None:
    """Import pywebview. Where it wants more of bottle than to build on, it gets bottle itself."""
    if _PACKAGE in sys.modules or _SERVER in sys.modules:
        return
    stand_in = sys.modules[_SERVER] = ModuleType(_SERVER)
    stand_in.__dict__.update(_ASKED)
    try:
        import_module(_PACKAGE)
    except (ImportError, AttributeError):
        log.debug("pywebview gets bottle", exc_info=True)
        for name in [name for name in sys.modules if name.split(".")[0] == _PACKAGE]:
            del sys.modules[name]
    finally:
        sys.modules.pop(_SERVER, None)
