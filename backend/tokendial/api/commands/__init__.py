"""Every command of the page: its name and the use case it calls. Importing this package fills the registry."""

from __future__ import annotations

from tokendial.api.commands import diagnostics, homes, pricing, providers, startup, storage, system, usage
from tokendial.api.registry import registry

__all__ = ["diagnostics", "homes", "pricing", "providers", "registry", "startup", "storage", "system", "usage"]
