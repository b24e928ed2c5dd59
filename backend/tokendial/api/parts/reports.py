"""Reports as one printable file."""

from __future__ import annotations

from tokendial.api.dialogs import FileKind
from tokendial.api.parts.files import FilesPart
from tokendial.services.contract.jobs import JobAnswer, JobResult
from tokendial.services.contract.reports import ReportRequest
from tokendial.services.jobs import Job
from tokendial.services.textfile import written

REPORT = FileKind("Web page", ".html")


class ReportsPart(FilesPart):
    """Writes what the page looks at as a report."""

    def html_report(self, request: ReportRequest, /) -> JobAnswer:
        """Begin to write a report; null for a closed dialog."""
        from tokendial.services import printed  # noqa: PLC0415 - the start needs no report

        self.jobs.refuse_second()
        ledger = self.ledger
        with self.view(request) as view:
            name = printed.file_name(view.range(request), view.zone)
        target = self.target(name, REPORT)
        if target is None:
            return JobAnswer(None)
        private = request.private or self.own.settings.current.privacy
        facts = self._facts(request, private=private)

        def work(job: Job) -> JobResult:
            job.say("Writing the report")
            with (
                ledger.view(request.provider, request.home, self.own.settings.zone) as view,
                written(target.path) as file,
            ):
                period = view.range(request)
                page = printed.page(view, period, provider=request.provider, private=private, facts=facts)
                file.write(page)
            return self.written(target, f"Report written: {len(page.encode()):,} bytes, one file, ready to print.")

        return JobAnswer(self.jobs.start("report", work))

    def _facts(self, request: ReportRequest, *, private: bool) -> list[tuple[str, str]]:
        """What else is to be said: that the figures are invented, and which home they are of."""
        facts = [("Sample data", "every figure is invented")] if self.sample is not None else []
        home = next((home for home in self.ledger.homes() if home.id == request.home), None)
        if home is not None:
            facts.append(("Home", "one of several" if private else home.label or home.path))
        return facts
