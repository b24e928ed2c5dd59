"""Every check of the project: `python3 scripts/test.py [--fast] [--long] [-- arguments of pytest]`.

Makes `.venv` and installs what the tests need on the first run; a later one needs no network. All steps run, even when
one fails; the exit code is not zero when any did. On Linux the packaged program is built and tested too, unless it was
made from the same sources already; `--fast` leaves it out.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for the older ones
    sys.exit("Tokendial needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import _packages
import _setup
import package

KEEP = ("--no-archive", "--if-changed")
# Three at once, also on two cores: much of a browser test is waiting. A file stays with one of them, because its tests
# may share a server.
WORKERS = ("-n", "3", "--dist", "loadfile")
LONG = ("--long", "--proofs=SECURITY.md")  # in one word: by itself the file would look like a place of tests
FAST = "not browser and not window and not client and not package"


@dataclass(frozen=True)
class Step:
    """A check with its heading; `action` returns an exit code."""

    name: str
    action: Callable[[], int]


def main() -> int:
    """Runs the steps and says how each went."""
    options = arguments()
    _packages.prepare_venv_support()
    _setup.ensure_environment("dev")
    _setup.ensure_native()
    environment = {**os.environ, **({} if options.fast else _packages.prepare())}
    results = [perform(step) for step in steps(options, environment)]
    print("\nsummary")
    for name, code, seconds in results:
        print(f"  {'ok    ' if code == 0 else 'FAILED'}  {name:<28} {seconds:6.1f} s")
    return int(any(code for _, code, _ in results))


def arguments() -> argparse.Namespace:
    """The command line; what follows `--` belongs to pytest."""
    parser = argparse.ArgumentParser(description="Run every check of the project.")
    parser.add_argument("--fast", action="store_true", help="without a browser, a window and the agents' own programs")
    parser.add_argument(
        "--long", action="store_true", help="the long size of the reliability and security suite: hours"
    )
    parser.add_argument("pytest", nargs="*", help="arguments of pytest, after --")
    return parser.parse_args()


def steps(options: argparse.Namespace, environment: dict[str, str]) -> list[Step]:
    """The checks in order; pytest is last, so that its closing line stays in sight."""
    marks = [*(("-m", FAST) if options.fast else ()), *(LONG if options.long else ())]
    packaging = [] if options.fast or not sys.platform.startswith("linux") else packaged(environment)
    return [
        Step("ruff check", tool("ruff", "check", ".")),
        Step("ruff format --check", tool("ruff", "format", "--check", ".")),
        Step("mypy", tool("mypy")),
        Step("generated types", lambda: _setup.run([_setup.venv_python(), "scripts/gen_types.py", "--check"])),
        Step("front end: build", build_frontend),
        Step("front end: tests", test_frontend),
        *packaging,
        Step("pytest", tool("pytest", *WORKERS, *marks, *options.pytest, environment=environment)),
    ]


def packaged(environment: dict[str, str]) -> list[Step]:
    """The packaged program, for the tests that need it; on Linux, where its window can be tested."""
    environment["TOKENDIAL_PACKAGED"] = str(package.program())
    python = _setup.venv_python()
    steps = [Step("packaged program: build", lambda: _setup.run([python, "scripts/package.py", *KEEP]))]
    if "TOKENDIAL_SKIP_WINDOW" not in environment:
        steps.append(Step("packaged program: start", lambda: _setup.run([python, "scripts/start_time.py"])))
    return steps


def perform(step: Step) -> tuple[str, int, float]:
    """One step under its heading, with its time."""
    print(f"\n== {step.name} ".ljust(79, "="), flush=True)
    began = time.perf_counter()
    code = step.action()
    return step.name, code, time.perf_counter() - began


def tool(module: str, *rest: str, environment: dict[str, str] | None = None) -> Callable[[], int]:
    """A Python tool of `.venv`."""
    return lambda: _setup.run([_setup.venv_python(), "-m", module, *rest], env=environment)


def build_frontend() -> int:
    """`npm ci` where needed and `npm run build`, even when nothing changed: it checks the types too."""
    return frontend_step("build")


def test_frontend() -> int:
    """`npm test`."""
    return frontend_step("npm", "test")


def frontend_step(function: str, *rest: str) -> int:
    """Calls a function of the build hook; its error is a failed step, not the end of the run."""
    functions = _setup.frontend()
    try:
        functions[function](_setup.ROOT, *rest, site=_setup.site_packages())
    except functions["FrontendError"] as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
