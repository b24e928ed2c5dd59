"""Sample data for a first look: a ledger of invented sessions in a folder of its own, always the same for one day."""

from __future__ import annotations

import math
import random
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from tokendial.domain.pricing import prompt_band
from tokendial.domain.records import Labels, ParsedFile, PromptRecord, ReadingRecord, SessionFacts, Tally, UsageRecord
from tokendial.providers import PROVIDERS
from tokendial.services.ledger import Ledger
from tokendial.store import homes
from tokendial.store.writer import FileOutcome, LedgerWriter

DAY_MS = 86_400_000
_DAYS = 120
_WINDOW = 258_400
_PROJECTS = ("/demo/shop-web", "/demo/tokendial", "/demo/infra", "/demo/ml-notebooks")
_TITLES = ("Parser rewrite", "Fix flaky e2e", "Review #412", "Upgrade the database", "Search page", "Tidy the tests")
_MODELS = (("gpt-5.6-sol", 6), ("gpt-5.5", 3), ("gpt-5.6-terra", 2), ("local-proxy-7b", 1))
_EFFORTS = (("medium", 5), ("high", 3), ("low", 2))
_ORIGINATORS = (("terminal", 5), ("ide", 4), ("exec", 1))


class _Sample(NamedTuple):
    """One invented session."""

    number: int
    start_ms: int
    responses: int


class _SampleLedger(Ledger):
    """Leaves nothing behind."""

    def close(self) -> None:
        """Close the database and remove its folder."""
        super().close()
        shutil.rmtree(self.data_dir, ignore_errors=True)


def demo_ledger(now_ms: int) -> Ledger:
    """A ledger full of sample data, whose folder goes when it is closed. Raises LedgerError."""
    folder = Path(tempfile.mkdtemp(prefix="tokendial-demo-"))
    ledger = _SampleLedger(folder, [(PROVIDERS[0].descriptor.id, folder)])
    writer = LedgerWriter(ledger.database)
    with ledger.database.reading() as connection:
        home = homes.all_homes(connection)[0]
    rng = random.Random(20261116)  # noqa: S311 - invented figures
    outcomes = [_outcome(home.id, sample, rng, now_ms) for sample in _samples(rng, now_ms)]
    writer.commit(home.provider, outcomes)
    homes.seen(ledger.database, home.id, now_ms)
    return ledger


def _samples(rng: random.Random, now_ms: int) -> list[_Sample]:
    samples: list[_Sample] = []
    for day in range(_DAYS):
        weekend = day % 7 in (0, 6)
        for _ in range(rng.randint(0, 1) if weekend else rng.randint(1, 5)):
            start = now_ms - day * DAY_MS - rng.randint(2, 9) * 3_600_000
            samples.append(_Sample(len(samples), start, rng.randint(8, 60)))
    samples.append(_Sample(len(samples), now_ms - 40 * 60_000, 30))
    samples.append(_Sample(len(samples), now_ms - 25 * 60_000, 12))
    return samples


def _pick(rng: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def _outcome(home_id: int, sample: _Sample, rng: random.Random, now_ms: int) -> FileOutcome:
    session = f"01990000-0000-7000-8000-{sample.number:012x}"
    model, effort, originator = _pick(rng, _MODELS), _pick(rng, _EFFORTS), _pick(rng, _ORIGINATORS)
    project = rng.choice(_PROJECTS)
    events: list[UsageRecord] = []
    labels, context, time_ms = dict[Labels, int](), 12_000, sample.start_ms
    for number in range(sample.responses):
        time_ms = min(now_ms - 30_000, time_ms + rng.randint(15, 150) * 1000)
        context = min(_WINDOW - 9_000, context + rng.randint(500, 9_000))
        cached = int(context * rng.uniform(0.82, 0.97))
        output = rng.randint(80, 2_400)
        label = Labels(model, effort, None, project, originator, prompt_band(context), _WINDOW)
        place = labels.setdefault(label, len(labels))
        key = sample.number * 1000 + number
        reasoning = int(output * rng.uniform(0.2, 0.6))
        events.append(UsageRecord(key, time_ms, place, context - cached, cached, 0, 0, output, reasoning, 0, number))
    facts = SessionFacts(
        id=session,
        title=rng.choice(_TITLES),
        cwd=project,
        branch="main",
        originator=originator,
        model=model,
        effort=effort,
        started_ms=sample.start_ms,
        last_seen_ms=time_ms,
        context_used=context,
        context_window=_WINDOW,
    )
    total = sum(event.input + event.cache_read + event.output for event in events)
    parsed = ParsedFile(
        session=facts,
        labels=list(labels),
        events=[*events],
        prompts=[PromptRecord(event.time_ms, event.offset, 0) for event in events[::6]],
        readings=_readings(sample.start_ms, time_ms),
        audit={"counted": Tally(len(events), total)},
        refused={},
        state=b"",
    )
    name = f"sample-{sample.number}"
    return FileOutcome(home_id=home_id, path=name, stem=name, size=0, mtime_ns=0, inode=0, parsed=parsed)


def _readings(start_ms: int, end_ms: int) -> list[ReadingRecord]:
    """Both windows as they might stand: each grows over its length and begins anew."""
    found = []
    for minutes, most in ((300, 78.0), (10_080, 61.0)):
        length = minutes * 60_000
        for at in (start_ms, end_ms):
            reset = (at // length + 1) * length
            share = (at % length) / length
            used = round(most * math.sqrt(share), 1)
            found.append(ReadingRecord("demo", None, minutes, used, reset, "plus", None, at, at))
    return found
