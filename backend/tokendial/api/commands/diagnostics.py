"""Diagnostics."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.diagnostics import Diagnostics, RefusedLines, RefusedLinesRequest
from tokendial.services.contract.jobs import JobAnswer


@registry.command("diagnostics.get")
def diagnostics(app: Application, request: Empty) -> Diagnostics:
    """Facts for a bug report."""
    return app.diagnostics(request)


@registry.command("diagnostics.lines")
def refused_lines(app: Application, request: RefusedLinesRequest) -> RefusedLines:
    """The line numbers of refused lines."""
    return app.refused_lines(request)


@registry.command("diagnostics.check")
def check_ledger(app: Application, request: Empty) -> JobAnswer:
    """Begin to check the whole ledger."""
    return app.check_ledger(request)
