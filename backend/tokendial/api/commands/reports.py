"""Reports."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.jobs import JobAnswer
from tokendial.services.contract.reports import ReportRequest


@registry.command("reports.html")
def html_report(app: Application, request: ReportRequest) -> JobAnswer:
    """Begin to write a printable report."""
    return app.html_report(request)
