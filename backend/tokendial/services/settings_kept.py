"""The settings as the ledger keeps them, read leniently."""

from __future__ import annotations

import msgspec

from tokendial.errors import BadRequest
from tokendial.services.contract.settings import Settings
from tokendial.services.settings_rules import check

KEY = "settings"


def salvage(text: str | None) -> Settings:
    """What can still be read of kept settings; one bad value does not cost the others."""
    try:
        kept = msgspec.json.decode(text or "{}", type=dict[str, object])
    except msgspec.DecodeError:
        return Settings()
    known = {name: value for name, value in kept.items() if name in Settings.__struct_fields__}
    settings = _with(Settings(), known)
    if settings is not None:
        return settings
    settings = Settings()
    # Twice, because two values may only fit together, such as the two steps of the meters.
    for name, value in [*known.items(), *known.items()]:
        settings = _with(settings, {name: value}) or settings
    return settings


def _with(settings: Settings, values: dict[str, object]) -> Settings | None:
    """The settings with other values; None where they cannot be."""
    try:
        changed = msgspec.convert(msgspec.to_builtins(settings) | values, Settings)
        check(changed)
    except (msgspec.ValidationError, BadRequest):
        return None
    return changed
