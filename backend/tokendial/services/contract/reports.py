"""Reports for people: one printable file."""

from __future__ import annotations

from tokendial.services.contract.common import Filter


class ReportRequest(Filter, kw_only=True):
    """The range and filter of a report. `private` leaves out titles, paths and projects; privacy mode does so too."""

    private: bool = False
