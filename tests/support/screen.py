"""The screen of the tests as its own programs see it: a window manager, and what X programs answer about it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

ANSWER_SECONDS = 30
TRIES = 40


def ask(display: str, *command: str, check: bool = True) -> str:
    """An X program's answer; a failure is an error, unless `check` is False.

    A search that comes upon a window that has just ended fails with an error of X and knows nothing of any other
    window: it is asked again.
    """
    env = {**os.environ, "DISPLAY": display}
    for _ in range(TRIES):
        answer = subprocess.run(command, env=env, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False)
        if "search" not in command or "BadWindow" not in answer.stderr:
            break
        time.sleep(0.05)
    if check:
        answer.check_returncode()
    return answer.stdout


def windows(display: str, name: str) -> list[str]:
    """The windows in sight with this title (a regular expression), the upper ones last."""
    return ask(display, "xdotool", "search", "--onlyvisible", "--name", name, check=False).split()


@contextmanager
def window_manager(display: str) -> Iterator[None]:
    """A window manager on a screen that has none."""
    env = {**os.environ, "DISPLAY": display}
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(["openbox", "--sm-disable"], env=env, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        running.terminate()
        running.wait(10)
