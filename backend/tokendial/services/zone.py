"""The system's time zone, by name: its history is needed, not only today's offset."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

LOCALTIME = Path("/etc/localtime")
_ZONES = "/zoneinfo/"


def system_zone() -> ZoneInfo:
    """The zone of this machine; UTC where the system does not name one."""
    try:
        return ZoneInfo(_linked(LOCALTIME) or _found())
    except (LookupError, ValueError, OSError, TypeError):
        return ZoneInfo("UTC")


def _linked(localtime: Path) -> str | None:
    """The name that most systems give by a link, unless the environment has another: the library takes long for it."""
    if os.environ.get("TZ") or not localtime.is_symlink():
        return None
    _, _, name = localtime.readlink().as_posix().rpartition(_ZONES)
    return name if name and not name.startswith(("posix/", "right/")) and localtime.exists() else None


def _found() -> str:
    """The name that the library finds in the many other places."""
    import tzlocal  # noqa: PLC0415 - slow to load, and seldom needed

    return tzlocal.get_localzone_name()
