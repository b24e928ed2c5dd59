"""Every command of the page: its name and the use case it calls. Importing this package fills the registry."""

from __future__ import annotations

from tokendial.api.commands import (
    diagnostics,
    homes,
    live,
    pricing,
    projects,
    prompts,
    providers,
    storage,
    system,
    usage,
)
from tokendial.api.registry import registry

__all__ = [
    "diagnostics",
    "homes",
    "live",
    "pricing",
    "projects",
    "prompts",
    "providers",
    "registry",
    "storage",
    "system",
    "usage",
]
from tokendial.api.commands import reports, windows

__all__ = [
    "diagnostics", "homes", "pricing", "providers", "registry", "reports", "storage", "system", "usage", "windows",
]  # fmt: skip
from tokendial.api.commands import startup

__all__ = ["diagnostics", "homes", "pricing", "providers", "registry", "startup", "storage", "system", "usage"]
from tokendial.api.commands import alerts

__all__ = ["alerts", "diagnostics", "homes", "pricing", "providers", "registry", "storage", "system", "usage"]
