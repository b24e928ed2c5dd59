"""`tokendial limits`."""

from __future__ import annotations

import click
import msgspec

from tokendial.cli.opening import open_ledger
from tokendial.cli.options import Options
from tokendial.cli.render import safe, table
from tokendial.domain.zones import local_time
from tokendial.services.contract.dashboard import Limit, LimitWindow
from tokendial.services.panels.limits import limits
from tokendial.services.view import View


class LimitsAnswer(msgspec.Struct, kw_only=True):
    """What `limits --json` prints; times are UTC milliseconds, an unknown percentage is null."""

    schema: int = 1
    generated_at_ms: int
    limits: list[Limit]


def print_limits(options: Options, as_json: bool) -> None:
    """Print every limit that the logs told of."""
    with open_ledger(options) as (ledger, _scan), ledger.view() as view:
        answer = LimitsAnswer(generated_at_ms=view.now_ms, limits=limits(view))
        if as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())
        elif not answer.limits:
            click.echo("The logs tell of no limit yet.")
        else:
            click.echo("\n\n".join(_text(view, limit) for limit in answer.limits))


def _text(view: View, limit: Limit) -> str:
    plan = f", plan {safe(limit.plan)}" if limit.plan else ""
    blocked = f" - blocked by {limit.blocked_by}" if limit.blocked_by else ""
    rows = [_row(view, window) for window in limit.windows]
    heads = ["Window", "Used", "Left", "Resets", "At reset", "State"]
    return f"{limit.provider_name} / {safe(limit.limit_id)}{plan}{blocked}\n{table(heads, rows)}"


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
