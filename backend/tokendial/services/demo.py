"""Sample data for a first look: invented logs of every provider, read as real ones into a ledger of their own.

They lie in a folder that goes when the ledger is closed, and are always the same for one moment.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tokendial.providers import PROVIDERS
from tokendial.providers.samples import SampleResponse, SampleSession
from tokendial.services.ledger import Ledger

DAY_MS = 86_400_000
_DAYS = 120
_WINDOW = 258_400
_PROJECTS = ("/demo/shop-web", "/demo/tokendial", "/demo/infra", "/demo/ml-notebooks")
_TITLES = ("Parser rewrite", "Fix flaky e2e", "Review #412", "Upgrade the database", "Search page", "Tidy the tests")


class _SampleLedger(Ledger):
    """Leaves nothing behind."""

    def close(self) -> None:
        """Close the database and remove its folder."""
        super().close()
        shutil.rmtree(self.data_dir, ignore_errors=True)


def demo_ledger(now_ms: int) -> Ledger:
    """A ledger full of sample data, whose folder goes when it is closed. Raises LedgerError."""
    folder = Path(tempfile.mkdtemp(prefix="tokendial-demo-"))
    writers = [(source.descriptor.id, source.write_sample) for source in PROVIDERS if source.write_sample is not None]
    homes = [(identity, folder / identity) for identity, _ in writers]
    for _, home in homes:
        home.mkdir()
    rng = random.Random(20261116)  # noqa: S311 - invented figures
    for session in _sessions(rng, now_ms):
        # Each has one of the latest sessions; of the others those that come first have most.
        place = session.number if session.number < len(writers) else min(session.pick // 45, len(writers) - 1)
        writers[place][1](homes[place][1], session)
    ledger = _SampleLedger(folder, homes, workers=0)
    ledger.scan()
    return ledger


def _sessions(rng: random.Random, now_ms: int) -> Iterator[SampleSession]:
    starts = [now_ms - minutes * 60_000 for minutes in (40, 25, 50)]
    for day in range(_DAYS):
        weekend = day % 7 in (0, 6)
        for _ in range(rng.randint(0, 1) if weekend else rng.randint(1, 5)):
            starts.append(now_ms - day * DAY_MS - rng.randint(2, 9) * 3_600_000)
    for number, start in enumerate(starts):
        responses = list(_responses(rng, start, now_ms))
        yield SampleSession(number, rng.randrange(100), rng.choice(_TITLES), rng.choice(_PROJECTS), responses)


def _responses(rng: random.Random, start_ms: int, now_ms: int) -> Iterator[SampleResponse]:
    time_ms, context = start_ms, 12_000
    for number in range(rng.randint(8, 60)):
        time_ms += rng.randint(15, 150) * 1000
        if time_ms > now_ms - 30_000:
            return
        context = min(_WINDOW - 9_000, context + rng.randint(500, 9_000))
        cached = int(context * rng.uniform(0.82, 0.97))
        output = rng.randint(80, 2_400)
        reasoning = int(output * rng.uniform(0.2, 0.6))
        yield SampleResponse(time_ms, context - cached, cached, output, reasoning, prompt=number % 6 == 0)
