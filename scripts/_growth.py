"""How times, memory and the ledger grow with the logs, from a tenth of a gigabyte to ten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from _bench import Setup
from _dashboard import dashboard_ms, ledger_bytes
from _figures import Bar, Point, Result, Samples, result
from _measure import median
from _rescan import heavy, scan_ms
from gen_logs import MEGABYTE

SIZES = tuple(gigabytes * 1000 * MEGABYTE // 10 for gigabytes in (1, 10, 30, 100))
LINEAR, TWICE = Bar(1.0), Bar(2.0)


def point(setup: Setup, size: int) -> Point:
    """Everything about one size."""
    home = heavy(setup, size)
    times = [setup.cold(home) * 1000 for _ in range(setup.runs)]
    with setup.ledger(home) as (data, filled):
        scans = [scan_ms(setup, home, data) for _ in range(setup.runs + 1)][1:]
        page = dashboard_ms(setup, home, data)
        events = home.expected["totals"]["events"]
        return Point(
            round(home.megabytes),
            home.expected["files"],
            events,
            round(median(times), 1),
            round(median(scans), 1),
            page.median,
            round((filled.peak_bytes or 0) / MEGABYTE, 1),
            round(ledger_bytes(data) / events, 1),
        )


def rules(curve: Sequence[Point]) -> Iterator[Result]:
    """What the issue of the curve is, from the first size of at least a gigabyte to the last."""
    first, last = next(at for at in curve if at.megabytes >= 1000), curve[-1]
    what = f"{first.megabytes / 1000:.0f} to {last.megabytes / 1000:.0f} GB"
    cold = (last.cold / last.megabytes) / (first.cold / first.megabytes)
    rescan = (last.rescan / last.files) / (first.rescan / first.files)
    note = "1 is linear"
    yield result(f"growth of the first reading by bytes, {what}", "x", Samples.of([cold]), bar=LINEAR, note=note)
    yield result(f"growth of the rescan by files, {what}", "x", Samples.of([rescan]), bar=LINEAR, note=note)
    page = Samples.of([last.dashboard / first.dashboard])
    yield result(f"growth of dashboard.get, {what}", "x", page, bar=TWICE, note="2 is twice the time")
