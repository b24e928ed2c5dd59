"""Every command of the page: its name and the use case it calls. Importing this package fills the registry."""

from __future__ import annotations

from tokendial.api.commands import (
    alerts,
    diagnostics,
    homes,
    live,
    pricing,
    projects,
    prompts,
    providers,
    reports,
    startup,
    storage,
    system,
    usage,
    windows,
)
from tokendial.api.registry import registry

__all__ = [
    "alerts",
    "diagnostics",
    "homes",
    "live",
    "pricing",
    "projects",
    "prompts",
    "providers",
    "registry",
    "reports",
    "startup",
    "storage",
    "system",
    "usage",
    "windows",
]
