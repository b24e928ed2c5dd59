"""What usage is grouped by: the key of a label set in a dimension, and how a person reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PureWindowsPath

from tokendial.providers import PROVIDERS
from tokendial.services.contract.common import Dimension
from tokendial.services.gather import by_effort, by_model, by_provider
from tokendial.store.usage import LabelRow

UNKNOWN = ""
_KEYS: dict[Dimension, Callable[[LabelRow], str]] = {
    "model": by_model,
    "effort": by_effort,
    "project": lambda label: label.project or UNKNOWN,
    "provider": by_provider,
    "originator": lambda label: label.originator or UNKNOWN,
}


def key_of(dimension: Dimension) -> Callable[[LabelRow], str]:
    """The function from a label set to its key."""
    return _KEYS[dimension]


def label_of(dimension: Dimension, key: str) -> str:
    """How a key is shown: a project by its last folder, a provider by its name, nothing as unknown."""
    if key == UNKNOWN:
        return "unknown"
    if dimension == "project":
        return project_name(key)
    if dimension == "provider":
        return next((p.descriptor.name for p in PROVIDERS if p.descriptor.id == key), key)
    return key


def project_name(path: str) -> str:
    """The last folder of a path of either kind."""
    return PureWindowsPath(path).name or path
