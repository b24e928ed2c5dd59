"""One provider by itself: 30 days by day, today, and who used what in the range."""

from __future__ import annotations

from collections.abc import Callable

from tokendial.services.contract.common import Filter
from tokendial.services.contract.dashboard import Breakdown, BreakdownRow
from tokendial.services.contract.providers import ProviderDetail, ProviderModel, ProviderRequest
from tokendial.services.gather import alike
from tokendial.services.panels import slices
from tokendial.services.panels.breakdown import ranked, row_of
from tokendial.services.panels.dimensions import UNKNOWN, key_of, label_of
from tokendial.services.panels.trends import trends
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store.usage import LabelRow

_NO_TIER = "default"


def detail(view: View, request: ProviderRequest) -> ProviderDetail:
    """The provider of a view that is narrowed to it. Raises BadRequest for a range that makes no sense."""
    period = view.range(request)
    history = slices.cut(view, view.range(Filter(range="last30days")), "day", "model", "model")
    today = view.gathered(view.today_ms, None, (), "by model", alike, key_of("model"))
    models = _groups(view, period.start_ms, period.end_ms, "by model", key_of("model"))
    total = Totals()
    for one in models.values():
        total.merge(one)
    whole = total.tokens.total

    def rows(name: str, key: Callable[[LabelRow], str], label: Callable[[str], str]) -> list[BreakdownRow]:
        groups = _groups(view, period.start_ms, period.end_ms, name, key)
        return [row_of(one, label(one), request.provider, totals, whole, []) for one, totals in ranked(groups)]

    # A model that was used today is listed also where the range ends before today.
    named = {**{name: Totals() for name in today.groups}, **models}
    return ProviderDetail(
        history=trends(view, history, "model"),
        today=history.per_bucket[-1].usage(),
        month=history.total.usage(),
        models=[
            ProviderModel(
                row=row_of(name, label_of("model", name), request.provider, totals, whole, []),
                today=today.groups.get(name, Totals()).usage(),
            )
            for name, totals in ranked(named)
        ],
        projects=Breakdown(
            by="project",
            rows=rows("by project", key_of("project"), lambda key: label_of("project", key)),
            total=row_of("total", "Total", request.provider, total, whole, []),
        ),
        tiers=rows("by tier", _tier, lambda key: key or _NO_TIER),
    )


def _tier(label: LabelRow) -> str:
    return label.tier or UNKNOWN


def _groups(
    view: View, start_ms: int | None, end_ms: int | None, name: str, key: Callable[[LabelRow], str]
) -> dict[str, Totals]:
    return view.gathered(start_ms, end_ms, (), name, alike, key).groups
