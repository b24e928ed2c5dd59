"""The list of everything that is in the packaged program, as CycloneDX (https://cyclonedx.org/docs/1.6/json/).

`tokendial.spec` calls `document`. Components have a name, an exact version, a package URL and a licence. What came from
the system that it was built on (the libraries whose names begin with lib) is not in it.
"""

from __future__ import annotations

import json
import platform
import re
import sqlite3
import ssl
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

SPEC_VERSION = "1.6"


class Component(NamedTuple):
    """A part of the program: `purl` names it everywhere, `license` is an SPDX expression or nothing."""

    name: str
    version: str
    purl: str
    license: str


def document(program_version: str, distributions: Iterable[str], lock: Path, licenses: Path) -> dict[str, object]:
    """The list as JSON values. The same inputs give the same list: it has no time and no number of its own.

    `distributions` are names of installed Python packages, `lock` is npm's lock file, `licenses` our list of licences.
    """
    known = license_list(licenses)
    program = Component("tokendial", program_version, f"pkg:pypi/tokendial@{program_version}", "MIT")
    parts = [*_python(distributions, known), *_npm(lock, known), *_base()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "version": 1,
        "metadata": {"component": {"type": "application", **_entry(program)}},
        "components": [{"type": "library", **_entry(part)} for part in sorted(set(parts))],
        "dependencies": [{"ref": program.purl, "dependsOn": sorted({part.purl for part in parts})}],
    }


def license_list(path: Path) -> Mapping[str, str]:
    """Licences by package, from the lines `name  licence` of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    split = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {name: terms.strip() for name, _, terms in split}


def plain(name: str) -> str:
    """A Python package's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def npm_packages(lock: Path) -> Iterator[tuple[str, str]]:
    """Name and version of what is built into the page: the packages of a lock file that not only developers need."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for path, package in packages.items():
        if path and not package.get("dev"):
            yield path.rpartition("node_modules/")[2], package["version"]


def _python(names: Iterable[str], licenses: Mapping[str, str]) -> Iterator[Component]:
    for name in names:
        plainly, exact = plain(name), version(name)
        yield Component(plainly, exact, f"pkg:pypi/{plainly}@{quote(exact)}", licenses.get(plainly, ""))


def _npm(lock: Path, licenses: Mapping[str, str]) -> Iterator[Component]:
    for name, exact in npm_packages(lock):
        yield Component(name, exact, f"pkg:npm/{quote(name, safe='/')}@{exact}", licenses.get(name, ""))


def _base() -> Iterator[Component]:
    """The interpreter and what is built into it."""
    python = platform.python_version()
    yield Component("python", python, f"pkg:generic/python@{python}", "PSF-2.0")
    yield Component("sqlite", sqlite3.sqlite_version, f"pkg:generic/sqlite@{sqlite3.sqlite_version}", "blessing")
    openssl = ssl.OPENSSL_VERSION.split()[1]
    yield Component("openssl", openssl, f"pkg:generic/openssl@{openssl}", "Apache-2.0")


def _entry(component: Component) -> dict[str, object]:
    named: dict[str, object] = {
        "bom-ref": component.purl,
        "name": component.name,
        "version": component.version,
        "purl": component.purl,
    }
    if component.license:
        named["licenses"] = [{"expression": component.license}]
    return named
