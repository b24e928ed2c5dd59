"""`tokendial limits`."""

from __future__ import annotations

import click
import msgspec

from tokendial.cli.opening import open_ledger
from tokendial.cli.options import Options
from tokendial.cli.render import json_text, money, safe, table
from tokendial.domain.zones import local_time
from tokendial.providers import PROVIDERS
from tokendial.services.contract.dashboard import Limit, LimitWindow
from tokendial.services.panels.limits import limits
from tokendial.services.view import View


class LimitsAnswer(msgspec.Struct, kw_only=True):
    """What `limits --json` prints; times are UTC milliseconds, an unknown percentage is null."""

    schema: int = 1
    generated_at_ms: int
    limits: list[Limit]


_SOURCES = {"logs": "from logs", "statusline": "from the status line", "estimate": "estimate from logs", "live": "live"}
_NO_READING = "Estimate: worked out from the times of the responses. How much of the limit is used is not known."


def print_limits(options: Options, as_json: bool) -> None:
    """Print every limit that is known."""
    with open_ledger(options) as (ledger, _scan), ledger.view() as view:
        answer = LimitsAnswer(generated_at_ms=view.now_ms, limits=limits(view))
        if as_json:
            click.echo(json_text(answer))
        elif not answer.limits:
            click.echo("No limit is known yet.")
            for home in PROVIDERS:
                if home.descriptor.id in view.providers.values():
                    click.echo(f"{home.descriptor.name}: {home.descriptor.no_limits}")
        else:
            click.echo("\n\n".join(_text(view, limit) for limit in answer.limits))


def _text(view: View, limit: Limit) -> str:
    plan = f", plan {safe(limit.plan)}" if limit.plan else ""
    blocked = f" - blocked by {limit.blocked_by}" if limit.blocked_by else ""
    source = _SOURCES.get(limit.source, safe(limit.source))
    rows = [_row(view, window) for window in limit.windows]
    heads = ["Window", "Used", "Left", "Resets", "At reset", "State"]
    text = f"{limit.provider_name} / {safe(limit.limit_id)}{plan} ({source}){blocked}\n{table(heads, rows)}"
    return "\n".join([text, *(_block(view, window) for window in limit.windows if window.state == "estimate")])


def _block(view: View, window: LimitWindow) -> str:
    """What a block is and holds, because it has no percentage to show."""
    inside = window.inside
    if inside is None:
        return _NO_READING
    begin, end = (local_time(at, view.zone).strftime("%H:%M") for at in (inside.start_ms, inside.end_ms))
    cost = inside.usage.cost.usd
    held = [
        f"{inside.usage.tokens.total_tokens:,} tokens",
        "unpriced" if cost is None else money(cost),
        f"{inside.messages:,} {'message' if inside.messages == 1 else 'messages'}",
    ]
    return (
        f"Block {begin}-{end}, {window.elapsed_percent or 0:.0f} % of its time over: {', '.join(held)}.\n{_NO_READING}"
    )


def _row(view: View, window: LimitWindow) -> list[str]:
    used = "unknown" if window.used_percent is None else f"{window.used_percent:g} %"
    left = "unknown" if window.used_percent is None else f"{100 - window.used_percent:g} %"
    resets = "-"
    if window.resets_at_ms is not None:
        resets = local_time(window.resets_at_ms, view.zone).strftime("%Y-%m-%d %H:%M")
    ahead = "-"
    if window.forecast is not None:
        known = window.forecast
        ahead = f"{known.at_reset_percent:.0f} % ({known.low_percent:.0f}-{known.high_percent:.0f})"
    return [window.label, used, left, resets, ahead, window.state]
