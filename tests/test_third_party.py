"""The About tab names every package of the running program, with the license that the package itself declares."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENTRY = re.compile(r'name: "([^"]+)", license: "([^"]+)"')
LISTED = ENTRY.findall((ROOT / "frontend/src/views/settings/thirdparty.ts").read_text(encoding="utf-8"))
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
PYTHON = [re.split(r"[<>=;! \[]", line, maxsplit=1)[0] for line in DECLARED]


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def test_every_declared_package_is_listed_and_no_other() -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    declared = [*PYTHON, *package["dependencies"]]
    assert len(declared) > 15
    assert sorted(plain(name) for name, _ in LISTED) == sorted(map(plain, declared))


@pytest.mark.parametrize("name", PYTHON)
def test_the_license_is_the_one_the_package_declares(name: str) -> None:
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not for this system")
    told = " ".join(
        [facts.get("License-Expression") or "", facts.get("License") or "", *facts.get_all("Classifier", [])]
    )
    listed = next(terms for listed, terms in LISTED if plain(listed) == plain(name))
    if not told.strip() or ("License" not in told and not facts.get("License-Expression") and not facts.get("License")):
        pytest.skip(f"{name} declares no license")
    family = listed.split("-")[0]
    assert family in told, f"{name} says {told[:200]}"
