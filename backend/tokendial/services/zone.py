"""The system's time zone, by name: its history is needed, not only today's offset."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import tzlocal


def system_zone() -> ZoneInfo:
    """The zone of this machine; UTC where the system does not name one."""
    try:
        return ZoneInfo(tzlocal.get_localzone_name())
    except (LookupError, ValueError, OSError, TypeError):
        return ZoneInfo("UTC")
