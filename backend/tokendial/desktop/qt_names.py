"""Qt's classes under the names of qtpy, which pywebview asks, each of them made when it is used first.

qtpy itself takes over every class of a module, and PySide makes a class when it is first touched: hundreds of them for
the dozens that are used, a fifth of the program's start.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from types import ModuleType

# qtpy's module -> where PySide6 has its names: some have moved since Qt 5, whose places qtpy keeps.
SOURCES = {
    "qtpy.QtCore": ("QtCore",),
    "qtpy.QtDBus": ("QtDBus",),
    "qtpy.QtGui": ("QtGui",),
    "qtpy.QtNetwork": ("QtNetwork",),
    "qtpy.QtWebChannel": ("QtWebChannel",),
    "qtpy.QtWebEngineCore": ("QtWebEngineCore",),
    "qtpy.QtWebEngineWidgets": ("QtWebEngineWidgets", "QtWebEngineCore"),
    "qtpy.QtWidgets": ("QtWidgets", "QtGui"),
}
# qtpy loads it for names of Qt 5 alone.
_UNUSED = "qtpy.QtDataVisualization"
_TOOLKIT = "webview.platforms.qt"
log = logging.getLogger(__name__)


class _Names(ModuleType):
    """Stands for a module of qtpy."""

    def __init__(self, name: str, sources: tuple[str, ...]) -> None:
        super().__init__(name)
        self._modules = [import_module(f"PySide6.{source}") for source in sources]

    def __getattr__(self, name: str) -> object:
        for module in self._modules:
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"{self.__name__} has no {name}", name=name, obj=self)


def load_toolkit() -> None:
    """Import pywebview's Qt window. What it misses among these names it gets from qtpy itself."""
    if _TOOLKIT in sys.modules:
        return
    stand_ins: dict[str, ModuleType] = {_UNUSED: _Names(_UNUSED, ())}
    sys.modules.setdefault(_UNUSED, stand_ins[_UNUSED])
    if sys.platform != "win32":
        # PySide's own modules let their functions be found when they are called first: of thousands few are.
        sys.setdlopenflags(os.RTLD_LAZY)
    import qtpy  # noqa: PLC0415 - only where Qt is the toolkit

    try:
        if qtpy.PYSIDE6:
            stand_ins |= {name: _Names(name, sources) for name, sources in SOURCES.items() if name not in sys.modules}
            sys.modules.update(stand_ins)
        import_module(_TOOLKIT)
    except (ImportError, AttributeError):
        log.debug("Qt's names come from qtpy", exc_info=True)
        for name in [_TOOLKIT, *(name for name, module in stand_ins.items() if sys.modules.get(name) is module)]:
            sys.modules.pop(name, None)
