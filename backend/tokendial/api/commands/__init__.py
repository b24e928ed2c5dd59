"""Every command of the page: its name and the use case it calls. Importing this package fills the registry."""

from __future__ import annotations

from tokendial.api.commands import homes, pricing, providers, system, usage
from tokendial.api.registry import registry

__all__ = ["homes", "pricing", "providers", "registry", "system", "usage"]
