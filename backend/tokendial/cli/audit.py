"""`tokendial audit`."""

from __future__ import annotations

import click

from tokendial.cli.opening import open_ledger
from tokendial.cli.options import Options
from tokendial.cli.render import json_text, money, safe, table
from tokendial.services import sessions
from tokendial.services.contract.sessions import AuditLine, SessionDetail, SessionRequest


def print_audit(options: Options, session: str, as_json: bool) -> None:
    """Print how a session's figures came about. Raises NotFound, or BadRequest where several ids begin like this."""
    with open_ledger(options) as (ledger, _scan), ledger.view() as view:
        detail = sessions.detail(view, SessionRequest(sessions.find(view, session).id))
    if as_json:
        click.echo(json_text(detail))
    else:
        click.echo(_text(detail))


def _text(detail: SessionDetail) -> str:
    row = detail.session
    tokens = row.usage.tokens
    cost = money(row.usage.cost.usd) if row.usage.cost.usd is not None else "unpriced"
    lines = [
        f"Session {safe(row.id)}" + (f" ({safe(row.title)})" if row.title else ""),
        f"{tokens.total_tokens:,} tokens, {row.usage.events:,} responses, {cost}",
    ]
    if row.parent_id:
        lines.append(f"Parent {safe(row.parent_id)}")
    lines.append("")
    lines.append(_lines(detail.audit))
    for file in detail.files:
        lines += ["", f"{safe(file.path)} ({file.state}, {file.size:,} bytes)", _lines(file.audit)]
    return "\n".join(lines)


def _lines(audit: list[AuditLine]) -> str:
    rows = [[line.label, f"{line.records:,}", f"{line.tokens:,}"] for line in audit]
    return table(["Class", "Records", "Tokens"], rows)
