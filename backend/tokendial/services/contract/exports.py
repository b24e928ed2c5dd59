"""Exports: responses, sessions and daily totals as files."""

from __future__ import annotations

from typing import Literal

from tokendial.services.contract.common import Filter

ExportKind = Literal["events", "sessions", "days"]
ExportFormat = Literal["csv", "json"]


class ExportRequest(Filter, kw_only=True):
    """What to write, for the range and filter that a panel would show."""

    what: ExportKind
    format: ExportFormat
