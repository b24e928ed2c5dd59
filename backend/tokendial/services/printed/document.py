"""The whole page of a report."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from tokendial import __version__
from tokendial.domain.periods import Range
from tokendial.services.panels.dimensions import label_of
from tokendial.services.printed import sections, words
from tokendial.services.printed.markup import Html, joined, tag
from tokendial.services.printed.names import Names
from tokendial.services.printed.style import STYLE
from tokendial.services.view import View

TITLE = "Token usage report"
_ORIGIN = (
    f"Made by Tokendial {__version__} on this computer, from the logs of the agents on it. "
    "Costs are in US dollars, from the price that held at each moment."
)


def page(
    view: View,
    period: Range,
    *,
    provider: str | None = None,
    private: bool = False,
    facts: Sequence[tuple[str, str]] = (),
) -> str:
    """The report of a range as one HTML file; `provider` names the filter of the view; `facts` (name, words)
    are said of it beside range and zone.

    A private report has no titles, ids, paths and names of projects. It shows dollars, exact in every `data` element.
    """
    total = view.total(view.sums(period.start_ms, period.end_ms))
    names = Names(private=private)
    span = words.range_words(period, view.zone)
    body = [
        tag("h1", TITLE),
        _facts(view, span, provider, facts, private=private),
        sections.cards(view, period, total),
        sections.unpriced(total),
        sections.charts(view, period),
        tag("h2", "Tables"),
        sections.by_time_and_kind(view, period, names),
        sections.top_sessions(view, period, names),
        sections.limits(view),
        tag("footer", _ORIGIN),
    ]  # fmt: skip
    return f'<!DOCTYPE html>\n<html lang="en">\n{_head(span)}\n{tag("body", tag("main", joined(body)))}\n</html>\n'


def _head(span: str) -> Html:
    """The policy lets nothing in but the style of this very file."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        joined(
            [
                Html('<meta charset="utf-8">'),
                Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
                Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
                tag("title", f"{TITLE}, {span}"),
                tag("style", Html(STYLE)),
            ]
        ),
    )


def _facts(view: View, span: str, provider: str | None, more: Sequence[tuple[str, str]], *, private: bool) -> Html:
    facts = [
        ("Range", span),
        ("Time zone", view.zone.key),
        ("Made", words.moment(view.now_ms, view.zone)),
        *([("Provider", label_of("provider", provider))] if provider else []),
        *more,
        *([("Private", "without titles, paths and projects")] if private else []),
    ]
    return tag("ul", joined(tag("li", joined([f"{name} ", tag("b", fact)])) for name, fact in facts), class_="facts")
