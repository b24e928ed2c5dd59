"""Usage by model, effort, project, provider or originator."""

from __future__ import annotations

from collections.abc import Mapping

from tokendial.services.contract.common import Dimension
from tokendial.services.contract.dashboard import Breakdown, BreakdownRow
from tokendial.services.panels.dimensions import label_of
from tokendial.services.panels.slices import Slices
from tokendial.services.totals import Totals


def breakdown(slices: Slices, by: Dimension) -> Breakdown:
    """Rows by tokens, most first; models open to their efforts. The total equals the cards."""
    whole, found = slices.total.tokens.total, slices.gathered
    rows = []
    for key, totals in ranked(found.groups):
        children = _efforts(found.children[key], whole) if by == "model" else []
        names = found.providers[key]
        only = next(iter(names)) if len(names) == 1 else None
        rows.append(row_of(key, label_of(by, key), only, totals, whole, children))
    return Breakdown(by=by, rows=rows, total=row_of("total", "Total", None, slices.total, whole, []))


def _efforts(efforts: Mapping[str, Totals], whole: int) -> list[BreakdownRow]:
    return [row_of(key, label_of("effort", key), None, totals, whole, []) for key, totals in ranked(efforts)]


def ranked(groups: Mapping[str, Totals]) -> list[tuple[str, Totals]]:
    """The groups, most tokens first."""
    return sorted(groups.items(), key=lambda item: (-item[1].tokens.total, item[0]))


def row_of(
    key: str, label: str, provider: str | None, totals: Totals, whole: int, children: list[BreakdownRow]
) -> BreakdownRow:
    """A row; `whole` are the tokens that its share is of."""
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
