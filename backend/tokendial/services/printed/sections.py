"""The parts of a report; every figure of them is one that `tokendial report` would give."""

from __future__ import annotations

from tokendial.domain.money import usd_string
from tokendial.domain.periods import Range
from tokendial.services import sessions as session_service
from tokendial.services.panels import limits as limit_panel
from tokendial.services.panels import slices, trends
from tokendial.services.panels.dimensions import label_of
from tokendial.services.printed import words
from tokendial.services.printed.charts import Layer, bars
from tokendial.services.printed.markup import Column, Html, joined, table, tag, text
from tokendial.services.printed.names import Names
from tokendial.services.report import By, rows_of
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store import sessions

MOST_SESSIONS = 20
_FIGURES = ("Tokens", "Input", "Cached", "Written", "Output", "Reasoning", "Responses", "Cost")
_PAID_FOR = ("in", "cached", "written", "out")


def cards(view: View, period: Range, total: Totals) -> Html:
    """The headline figures with their exact values."""
    counts, cost = total.tokens, total.cost
    count = sum(view.session_counts(period.start_ms, period.end_ms).values())
    written = counts.cache_write + counts.cache_write_1h
    paid = zip((cost.input, cost.cache_read, cost.cache_write, cost.output), _PAID_FOR, strict=True)
    parts = ", ".join(f"{words.dollars(pico)} {what}" for pico, what in paid)
    sent = f"{counts.input:,} input, {counts.cache_read:,} cached, {written:,} written"
    exactly = Html(f"exactly {tag('data', f'${usd_string(cost.total)}', value=usd_string(cost.total), id='cost')}")
    return tag(
        "section",
        joined(
            [
                _card(
                    "Total tokens", tag("span", words.tokens(counts.total)),
                    Html(f"{tag('data', f'{counts.total:,}', value=str(counts.total), id='tokens')} in all"),
                    f"{sent}, {counts.output:,} output",
                ),
                _card("Cost", words.cost(total), exactly, parts),
                _card(
                    "Cached share", words.percent(total.cached_share), "of what was sent came from a cache",
                    f"saved {words.dollars(total.saved)}" if total.priced_events else "",
                ),
                _card(
                    "Output", words.tokens(counts.output), f"{counts.output:,} tokens",
                    f"{counts.reasoning:,} of them reasoning",
                ),
                _card("Sessions", f"{count:,}", Html(f"{words.exact(total.events)} responses"), ""),
            ]
        ),
        class_="cards",
    )  # fmt: skip


def _card(name: str, large: str | Html, *small: str | Html) -> Html:
    lines = [tag("small", line) for line in small if line]
    return tag("div", joined([tag("h3", name), tag("span", large, class_="large"), *lines]), class_="card")


def unpriced(total: Totals) -> Html:
    """Names the models that have no price: they are in the tokens, and in no cost."""
    if not total.unpriced_models:
        return Html()
    names = joined([text(", ".join(sorted(total.unpriced_models))), Html(".")])
    lead = tag("b", "Without a price:")
    rest = f" Their {total.unpriced_tokens:,} tokens are counted; amounts with a + leave them out."
    return tag("p", joined([lead, Html(" "), names, rest]), class_="note")


def charts(view: View, period: Range) -> Html:
    """Cost and tokens over time, stacked by model."""
    found = trends.trends(view, slices.cut(view, period, None), "model")
    if not found.series:
        return Html()
    labels = [bucket.label for bucket in found.buckets]
    by = f"by {found.bucket}"
    costs = [Layer(one.label, one.cost, slot) for slot, one in enumerate(found.series) if not one.unpriced]
    tokens = [Layer(one.label, [float(count) for count in one.tokens], slot) for slot, one in enumerate(found.series)]
    return joined(
        [
            tag("h2", "Over time"),
            bars(f"Cost {by}", labels, costs, lambda usd: words.dollars(round(usd * 1e12))) if costs else Html(),
            bars(f"Tokens {by}", labels, tokens, lambda count: words.tokens(round(count))),
        ]
    )


def by_time_and_kind(view: View, period: Range, names: Names) -> Html:
    """A table by day, model, project and provider each; the last row of each is the same total."""
    titles: tuple[tuple[By, str], ...] = (
        ("model", "By model"), ("provider", "By provider"), ("project", "By project"), ("day", "By day"),
    )  # fmt: skip
    return joined(_usage_table(view, period, by, title, names) for by, title in titles)


def _usage_table(view: View, period: Range, by: By, title: str, names: Names) -> Html:
    rows, total = rows_of(view, period, by)
    columns = [Column(by.capitalize(), is_figure=False), *map(Column, _FIGURES)]
    cells = [[_name(by, key, names), *_figures(one)] for key, one in rows if one.events]
    return table(title, columns, cells, ["Total", *_figures(total)])


def _name(by: By, key: str, names: Names) -> str:
    if by == "project":
        return names.project(key)
    return label_of("provider", key) if by == "provider" else key


def _figures(one: Totals) -> list[Html]:
    counts = one.tokens
    whole = (
        counts.total, counts.input, counts.cache_read, counts.cache_write + counts.cache_write_1h, counts.output,
        counts.reasoning, one.events,
    )  # fmt: skip
    return [*map(words.exact, whole), words.cost(one)]


def top_sessions(view: View, period: Range, names: Names) -> Html:
    """The sessions that used most, by cost and then by tokens."""
    found = sessions.with_usage(view.connection, period.start_ms, period.end_ms, view.home_ids)
    used = session_service.usage(view, found, period.start_ms, period.end_ms)
    ranked = sorted(found, key=lambda row: (-used[row.num].cost.total, -used[row.num].tokens.total, row.id))
    columns = [
        Column("Session", is_figure=False), Column("Project", is_figure=False), Column("Model", is_figure=False),
        Column("Tokens"), Column("Responses"), Column("Cost"),
    ]  # fmt: skip
    rows = [
        [
            names.session(row), names.project(row.cwd), row.model or "unknown", words.exact(used[row.num].tokens.total),
            words.exact(used[row.num].events), words.cost(used[row.num]),
        ]
        for row in ranked[:MOST_SESSIONS]
    ]  # fmt: skip
    if not rows:
        return Html()
    shown = "" if len(ranked) <= MOST_SESSIONS else f", {MOST_SESSIONS} of {len(ranked):,}"
    return table(f"Sessions that cost most{shown}", columns, rows, [])


def limits(view: View) -> Html:
    """What each limit stands at when the report is made; unknown is said, and never 0 %."""
    columns = [
        Column("Limit", is_figure=False), Column("Window", is_figure=False), Column("Used"),
        Column("Resets", is_figure=False), Column("Read", is_figure=False),
    ]  # fmt: skip
    rows: list[list[str | Html]] = []
    for limit in limit_panel.limits(view):
        other = limit.limit_name or (None if limit.limit_id == limit.provider else limit.limit_id)
        name = ", ".join(part for part in (limit.provider_name, other, limit.plan) if part)
        for window in limit.windows:
            stale = " (old)" if window.state == "stale" else ""
            read = "never" if window.observed_at_ms is None else words.moment(window.observed_at_ms, view.zone) + stale
            reset = "unknown" if window.resets_at_ms is None else words.moment(window.resets_at_ms, view.zone)
            rows.append([name, window.label, words.percent(window.used_percent), reset, read])
    return table("Limits when this report was made", columns, rows, []) if rows else Html()
