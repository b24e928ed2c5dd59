"""C11: everything that is installed has its exact version and a licence that is allowed; nothing floats."""

from __future__ import annotations

import json
import re
import runpy
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from tests.support.proofs import Proved

ROOT = Path(__file__).resolve().parent.parent
sbom = SimpleNamespace(**runpy.run_path(str(ROOT / "build" / "sbom.py")))
LOCK = ROOT / "frontend" / "package-lock.json"
CONSTRAINTS = (ROOT / "build" / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.!]*)(?: ; (?P<marker>[a-z_]+ [!=<>]=? '\w+'.*))?")
LICENSES = sbom.license_list(ROOT / "build" / "licenses" / "runtime.txt")
# Permissive ones, and copyleft of libraries that lie unchanged as files of their own.
ALLOWED = {
    "Apache-2.0", "Apache-2.0 OR BSD-2-Clause", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0",
    "LGPL-2.1-or-later", "LGPL-3.0-only",
}  # fmt: skip
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
USES = re.compile(r"^\s*(?:-\s*)?uses:\s*(\S+)", re.MULTILINE)
EXACT = re.compile(r"[\w.-]+/[\w./-]+@(?:v\d+\.\d+\.\d+|[0-9a-f]{40})")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
DEVELOPMENT = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]


def pins() -> dict[str, str]:
    """Version by name, of every system."""
    found = [PINNED.fullmatch(line) for line in CONSTRAINTS if line and not line.startswith("#")]
    return {match["name"]: match["version"] for match in found if match}


def closure(wanted: Iterable[Requirement]) -> dict[str, Distribution]:
    """The installed distributions that these need on this system, by name."""
    found: dict[str, Distribution] = {}
    waiting = [(need, "") for need in wanted]
    while waiting:
        need, extra = waiting.pop()
        if need.marker is not None and not need.marker.evaluate({"extra": extra}):
            continue
        name = sbom.plain(need.name)
        if name in found and not need.extras:
            continue
        found[name] = distribution(name)
        needs = [Requirement(line) for line in found[name].requires or []]
        waiting += [(inner, wanted) for inner in needs for wanted in (need.extras or {""})]
    return found


def floating(workflow: str) -> Iterator[str]:
    """Actions that are not pinned to one version or commit."""
    return (used for used in USES.findall(workflow) if not EXACT.fullmatch(used))


def test_c11_every_line_of_the_constraints_is_one_exact_version() -> None:
    wrong = [line for line in CONSTRAINTS if line and not line.startswith("#") and not PINNED.fullmatch(line)]
    assert wrong == []
    assert len(pins()) > 80
    assert "://" not in "".join(CONSTRAINTS)
    assert "--hash" not in "".join(CONSTRAINTS)
    for loose in ("flask>=3", "flask", "flask==3.*", "flask @ https://x.example/y"):
        assert PINNED.fullmatch(loose) is None


def test_c11_what_is_installed_has_the_version_of_the_constraints(proved: Proved) -> None:
    pinned, installed = pins(), closure([*RUNTIME, *DEVELOPMENT])
    assert {"markupsafe", "pluggy"} <= set(installed), "what others need too"
    versions = {name: one.version for name, one in installed.items()}
    assert versions == {name: pinned.get(name) for name in versions}
    declared = {sbom.plain(need.name) for need in (*RUNTIME, *DEVELOPMENT)}
    assert declared <= set(pinned), "those of other systems too"
    proved("C11", "packages at exact versions", len(installed))


def told(one: Distribution) -> str:
    """What a distribution says about its licence."""
    facts = one.metadata
    classifiers = [line for line in facts.get_all("Classifier", []) if line.startswith("License")]
    return " ".join([facts.get("License-Expression") or "", facts.get("License") or "", *classifiers])


def test_c11_every_part_of_the_running_program_has_an_allowed_license(proved: Proved) -> None:
    installed, page = closure(RUNTIME), dict(sbom.npm_packages(LOCK))
    assert set(LICENSES.values()) <= ALLOWED
    assert sorted(set(installed) - set(LICENSES)) == []
    assert sorted(set(page) - set(LICENSES)) == []
    for name, one in installed.items():
        said, family = told(one), LICENSES[name].split("-")[0]
        assert not said.strip() or family in said, f"{name} says {said[:200]}"
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    declared = {name: packages[f"node_modules/{name}"]["license"] for name in page}
    assert declared == {name: LICENSES[name] for name in page}
    proved("C11", "licenses", len(installed) + len(page))


def test_c11_the_list_of_licenses_names_nothing_that_is_not_used() -> None:
    assert set(LICENSES) <= {*pins(), *dict(sbom.npm_packages(LOCK))}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_c11_actions_are_pinned(workflow: Path, proved: Proved) -> None:
    text = workflow.read_text(encoding="utf-8")
    assert list(floating(text)) == []
    proved("C11", "pinned actions", len(USES.findall(text)))


def test_c11_actions_that_float_are_found() -> None:
    for version in ("main", "master", "v4", "v4.2", "latest", "${{ matrix.x }}"):
        assert list(floating(f"steps:\n  - uses: actions/checkout@{version}\n")) != []
    assert list(floating("    - uses: actions/checkout\n")) != []
    assert list(floating(f"- uses: actions/checkout@{'a' * 40}\n      uses: a/b/c@v1.2.3\n")) == []


def test_c11_advisories_are_asked_for_at_every_change_and_every_week() -> None:
    text = (ROOT / ".github" / "workflows" / "audit.yml").read_text(encoding="utf-8")
    assert re.search(r"pip_audit --strict .*-r ", text)
    assert re.search(r"pip-audit==\d+\.\d+\.\d+", text)
    assert "npm audit" in text
    assert "schedule:" in text
    assert "continue-on-error" not in text


def test_c11_installations_of_the_workflows_keep_to_the_constraints() -> None:
    texts = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
    installs = re.findall(r"pip install .*", "\n".join(texts))
    assert len(installs) == 2
    assert [line for line in installs if "-c build/constraints.txt" not in line and "==" not in line] == []


def test_c11_the_list_of_components_names_every_part_with_version_license_and_address(proved: Proved) -> None:
    installed = closure(RUNTIME)
    made = sbom.document("9.9.9", installed, LOCK, ROOT / "build" / "licenses" / "runtime.txt")
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    text = json.dumps(made)
    parts = json.loads(text)["components"]
    listed = {(part["name"], part["version"]) for part in parts}
    assert {(name, one.version) for name, one in installed.items()} <= listed
    assert set(sbom.npm_packages(LOCK)) <= listed
    assert {"python", "sqlite", "openssl"} <= {name for name, _ in listed}
    assert all(part["licenses"][0]["expression"] and part["purl"].startswith("pkg:") for part in parts)
    assert len({part["bom-ref"] for part in parts}) == len(parts)
    assert "pkg:npm/%40preact/signals@" in text
    again = sbom.document("9.9.9", reversed(list(installed)), LOCK, ROOT / "build" / "licenses" / "runtime.txt")
    assert json.dumps(again) == text, "the same parts give the same list"
    proved("C11", "components", len(parts))


def test_c11_a_package_that_is_not_installed_is_no_component() -> None:
    with pytest.raises(PackageNotFoundError):
        sbom.document("1", ["no-such-package"], LOCK, ROOT / "build" / "licenses" / "runtime.txt")
