"""Diagnostics: facts, and checks that take a while."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.services import diagnostics as service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.diagnostics import Diagnostics, RefusedLines, RefusedLinesRequest
from tokendial.services.contract.jobs import JobAnswer, JobResult
from tokendial.services.jobs import Job


class DiagnosticsPart(Core):
    """Says how things are."""

    def diagnostics(self, _request: Empty, /) -> Diagnostics:
        """Facts for a bug report."""
        window = "window" if self.mode == "window" else f"browser ({self.why_browser or 'asked for'})"
        return service.diagnose(self.ledger, self.scan_status(Empty()), window, self.checks)

    def refused_lines(self, request: RefusedLinesRequest, /) -> RefusedLines:
        """The line numbers of refused lines."""
        return service.refused_lines(self.ledger, request.path)

    def check_ledger(self, _request: Empty, /) -> JobAnswer:
        """Check the whole ledger."""
        ledger = self.ledger

        def work(job: Job) -> JobResult:
            job.say("Looking at every response and every page")
            self.checks = found = service.check(ledger, lambda: job.progress(None))
            if found.rollup_ok and found.integrity_ok:
                return JobResult(message="The database is sound, and all sums equal the responses.")
            return JobResult(message="The ledger needs a look: see the facts.")

        return JobAnswer(self.jobs.start("check", work))
