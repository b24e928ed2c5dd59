"""How long the packaged program takes until its window is on the screen: `python3 scripts/start_time.py [PROGRAM]`.

The first start fills the caches of the machine, the others count. Needs xdotool, and a screen or Xvfb. The exit code is
1 when even the fastest warm start is over the budget, unless the machine has so much else to do that it says nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import package

BUDGET_SECONDS = 2.0
GIVE_UP_SECONDS = 60.0
BUSY = 2.0
SEARCH = ("xdotool", "search", "--onlyvisible", "--name", "^Tokendial$")


def main() -> int:
    """Starts the program several times and prints the figures."""
    parser = argparse.ArgumentParser(description="Measure how fast the window of the packaged program appears.")
    parser.add_argument("program", nargs="?", type=Path, default=package.program())
    parser.add_argument("--runs", type=int, default=5, help="warm starts (default 5)")
    options = parser.parse_args()
    if shutil.which("xdotool") is None:
        sys.exit("start_time: needs xdotool")
    with screen() as display, tempfile.TemporaryDirectory(prefix="tokendial-start-") as home:
        environment = {**os.environ, "DISPLAY": display, "HOME": home, "XDG_DATA_HOME": f"{home}/data"}
        first, *warm = [started(options.program, environment) for _ in range(options.runs + 1)]
    times = " ".join(f"{seconds:.2f}" for seconds in warm)
    middle, fastest = statistics.median(warm), min(warm)
    print(f"first start {first:.2f} s; warm starts {times} s: median {middle:.2f} s, budget {BUDGET_SECONDS} s")
    if fastest > BUDGET_SECONDS and busy():
        print("the machine is too busy for a judgement")
        return 0
    return int(fastest > BUDGET_SECONDS)


def busy() -> bool:
    """Whether several programs want each processor, as of the last minute."""
    return os.getloadavg()[0] / (os.cpu_count() or 1) > BUSY


@contextmanager
def screen() -> Iterator[str]:
    """The name of a screen: that of this session, or one of an Xvfb."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        try:
            with os.fdopen(reader) as pipe:
                yield f":{pipe.readline().strip()}"
        finally:
            server.terminate()


def started(program: Path, environment: dict[str, str]) -> float:
    """Seconds until the window is visible; the program is ended afterwards."""
    quiet = subprocess.DEVNULL
    began = time.perf_counter()
    seconds = 0.0
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen([str(program)], env=environment, stdout=quiet, stderr=errors) as process,
    ):
        while process.poll() is None and time.perf_counter() - began < GIVE_UP_SECONDS:
            if subprocess.run(SEARCH, env=environment, stdout=quiet, stderr=quiet, check=False).returncode == 0:
                seconds = time.perf_counter() - began
                break
            time.sleep(0.01)
        time.sleep(1)  # the page is there as well, so that the next start finds everything closed in order
        process.terminate()
        if process.wait(GIVE_UP_SECONDS) or not seconds:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            sys.exit(f"{said}\nstart_time: the program ended with {process.returncode}, window: {bool(seconds)}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
