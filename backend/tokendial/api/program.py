"""The program behind both shells: every command, over one ledger (or the sample data), and a scan in the background."""

from __future__ import annotations

import threading

from tokendial.api.parts.alerts import AlertsPart
from tokendial.api.parts.diagnostics import DiagnosticsPart
from tokendial.api.parts.homes import HomesPart
from tokendial.api.parts.live import LivePart
from tokendial.api.parts.prices import PricesPart
from tokendial.api.parts.projects import ProjectsPart
from tokendial.api.parts.prompts import PromptsPart
from tokendial.api.parts.providers import ProvidersPart
from tokendial.api.parts.reports import ReportsPart
from tokendial.api.parts.startup import StartupPart
from tokendial.api.parts.storage import StoragePart
from tokendial.api.parts.usage import UsagePart
from tokendial.api.parts.windows import WindowsPart
from tokendial.services import ahead


class Program(
    UsagePart,
    HomesPart,
    PricesPart,
    StoragePart,
    DiagnosticsPart,
    ProvidersPart,
    LivePart,
    ProjectsPart,
    PromptsPart,
    ReportsPart,
    WindowsPart,
    StartupPart,
    AlertsPart,
):
    """Implements `api.application.Application`. Any thread may call any command."""

    def keep_days(self) -> None:
        """Keep what the next start reads ahead, on another thread; not where the program was closed."""
        with self._closing:
            if not self._is_closed:
                self._keeping = threading.Thread(
                    target=ahead.keep_days, args=(self.own,), name="keep-days", daemon=True
                )
                self._keeping.start()

    def close(self) -> None:
        """Stop the threads, a running task among them, and close the ledger."""
        with self._closing:
            self._is_closed = True
        if self._keeping is not None:
            self._keeping.join(timeout=30)
        self.jobs.close()
        self.live.stop()
        self.ingest.stop()
        self.watch.stop()
        for ledger in (self.sample, self.own):
            if ledger is not None:
                ledger.close()
        self.transfers.close()
