"""What run.py and test.py share: a `.venv` with the project installed in it, and a front end that is up to date.

Only the standard library. A stamp in `.venv` makes every later start immediate and independent of the network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "tokendial-setup.json"
CONSTRAINTS = "build/constraints.txt"  # the exact versions of everything that is installed
HASHED = ("pyproject.toml", CONSTRAINTS, "build/hatch_build.py", "build/frontend_build.py", "build/native_build.py")
SOURCE_TOOLS = ("setuptools>=70.1",)  # proxy-tools, which pywebview needs, comes as source only


def say(text: str) -> None:
    """One line of progress, in order with the output of child processes; on stderr, so that reports stay clean."""
    print(f"tokendial: {text}", file=sys.stderr, flush=True)


def fail(text: str) -> None:
    """Ends the program with a message."""
    sys.exit(f"tokendial: {text}")


def venv_python(venv: Path | None = None) -> Path:
    """The interpreter of a virtual environment, by default of the checkout's."""
    return (venv or VENV) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages() -> Path:
    """Where `.venv` keeps its packages."""
    if os.name == "nt":
        return VENV / "Lib" / "site-packages"
    return next(iter(sorted((VENV / "lib").glob("python3*/site-packages"))), VENV / "lib")


def venv_version() -> str:
    """The Python version that `.venv` was made with, or nothing."""
    config = VENV / "pyvenv.cfg"
    if not (config.is_file() and venv_python().exists()):
        return ""
    lines = (line.partition("=") for line in config.read_text(encoding="utf-8").splitlines())
    values = {key.strip(): value.strip() for key, _, value in lines}
    return values.get("version") or values.get("version_info", "")


def fingerprint() -> str:
    """Changes when the environment has to be made anew: metadata, build hook, Python, or the place of the checkout."""
    digest = hashlib.sha256(f"{venv_version()}\n{ROOT}\n".encode())
    for name in HASHED:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed() -> list[str] | None:
    """The extras that `.venv` has with this version of the project; None where it has another one, or none at all."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp.get("extras", []) if stamp.get("fingerprint") == fingerprint() else None


def is_ready(extra: str) -> bool:
    """Whether `.venv` has this version of the project with that extra."""
    extras = installed()
    return extras is not None and (not extra or extra in extras)


def ensure_environment(extra: str = "") -> Path:
    """Makes `.venv` and installs the project into it, unless that was done; returns its interpreter."""
    if not is_ready(extra):
        make_venv()
        install(extra)
        extras = sorted({*(installed() or []), *([extra] if extra else [])})
        STAMP.write_text(json.dumps({"fingerprint": fingerprint(), "extras": extras}), encoding="utf-8")
    return venv_python()


def make_venv() -> None:
    """Creates `.venv`, or keeps one that works with a Python that the project supports."""
    version = tuple(int(part) for part in venv_version().split(".")[:2] if part.isdigit())
    if version >= (3, 11) and run([venv_python(), "-m", "pip", "--version"], quiet=True) == 0:
        return
    if importlib.util.find_spec("ensurepip") is None:
        fail(
            "this Python cannot make virtual environments; on Debian: "
            + shlex.join(["apt-get", "install", venv_package()])
        )
    say(f"making {VENV}")
    if VENV.exists():
        shutil.rmtree(VENV)
    if run([sys.executable, "-m", "venv", VENV]):
        fail("the virtual environment could not be made")


def venv_package() -> str:
    """Debian's package with ensurepip for this Python."""
    return f"python3.{sys.version_info.minor}-venv"


def install(extra: str) -> None:
    """The build tools (Node.js among them), then `pip install -e .`, all in the versions of the constraints file.

    What is there already in these versions is not asked for again.
    """
    say("installing the project and what it needs (the first time takes a minute)")
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools = tomllib.load(file)["build-system"]["requires"]
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    # The front end is built by ensure_frontend(), where its errors can be read.
    environment = {**os.environ, "TOKENDIAL_SKIP_FRONTEND": "1"}
    options: list[str | Path] = ["--quiet", "--disable-pip-version-check", "-c", ROOT / CONSTRAINTS]
    for what in ([*tools, *SOURCE_TOOLS], ["--no-build-isolation", "-e", target]):
        if run([venv_python(), "-m", "pip", "install", *options, *what], env=environment, stdout=2):
            fail("the installation failed; the lines above say why")


def frontend() -> dict[str, Any]:
    """The functions of build/frontend_build.py, the ones that the build hook calls."""
    return runpy.run_path(str(ROOT / "build" / "frontend_build.py"))


def ensure_frontend() -> None:
    """Builds the front end again if a source changed since."""
    functions = frontend()
    if functions["is_stale"](ROOT):
        say("building the front end")
        try:
            functions["build"](ROOT, site_packages())
        except functions["FrontendError"] as error:
            fail(str(error))


def ensure_native() -> None:
    """Compiles the C sources again if one changed since; without a compiler the program reads slower."""
    native = runpy.run_path(str(ROOT / "build" / "native_build.py"))
    for source in native["build"](ROOT):
        say(f"{source.name} could not be compiled; the program works without it, but reads slower")


def run(
    command: Sequence[str | Path], *, stdout: int | None = None, env: dict[str, str] | None = None, quiet: bool = False
) -> int:
    """Runs a program in the checkout and returns its exit code."""
    errors = subprocess.DEVNULL if quiet else None
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=ROOT, stdout=errors or stdout, stderr=errors, env=env, check=False).returncode
