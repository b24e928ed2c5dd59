"""Usage by model, effort, project, provider or originator."""

from __future__ import annotations

from collections.abc import Sequence

from tokendial.services.contract.common import Dimension
from tokendial.services.contract.dashboard import Breakdown, BreakdownRow
from tokendial.services.panels.dimensions import key_of, label_of
from tokendial.services.panels.slices import Slices, group
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store.usage import UsageSum


def breakdown(view: View, slices: Slices, by: Dimension) -> Breakdown:
    """Rows by tokens, most first; models open to their efforts. The total equals the cards."""
    whole = slices.total.tokens.total
    by_key: dict[str, list[UsageSum]] = {}
    key = key_of(by)
    for row in slices.rows:
        by_key.setdefault(key(view.labels[row.label_id]), []).append(row)
    rows = []
    for name, totals in group(view, slices.rows, key).items():
        children = _efforts(view, by_key[name], whole) if by == "model" else []
        providers = {view.labels[row.label_id].provider for row in by_key[name]}
        only = providers.pop() if len(providers) == 1 else None
        rows.append(_row(name, label_of(by, name), only, totals, whole, children))
    return Breakdown(by=by, rows=rows, total=_row("total", "Total", None, slices.total, whole, []))


def _efforts(view: View, rows: Sequence[UsageSum], whole: int) -> list[BreakdownRow]:
    found = group(view, rows, key_of("effort"))
    return [_row(key, label_of("effort", key), None, totals, whole, []) for key, totals in found.items()]


def _row(
    key: str, label: str, provider: str | None, totals: Totals, whole: int, children: list[BreakdownRow]
) -> BreakdownRow:
    return BreakdownRow(
        key=key,
        label=label,
        provider=provider,
        usage=totals.usage(),
        cost_per_million_usd=totals.per_million(),
        share=100 * totals.tokens.total / whole if whole else 0.0,
        unpriced=totals.usd is None,
        children=children,
    )
