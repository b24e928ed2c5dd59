"""Processes without root's right to pass over the modes of files, so that a file of mode 000 is one for root too."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable

import pytest

_DROP_FROM_BOUNDING_SET = 24  # prctl(2): PR_CAPBSET_DROP
_PASSES_OVER_MODES = (1, 2)  # capabilities(7): CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH

_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
needs_modes = pytest.mark.skipif(
    os.name != "posix" or (_ROOT and sys.platform != "linux"), reason="nothing on this system is denied to this user"
)


def drop() -> Callable[[], None] | None:
    """The `preexec_fn` of a process that shall be refused like anybody; None for a user who is refused already.

    The user stays the same: the interpreter may lie in a folder that nobody else may enter.
    """
    if not _ROOT:
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def step_down() -> None:
        if any(prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0) for capability in _PASSES_OVER_MODES):
            raise OSError(ctypes.get_errno(), "the right to read everything cannot be given up")

    return step_down
