"""Codex CLI, its IDE extensions and its desktop app."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tokendial.providers.base import Descriptor, LogParser, Provider
from tokendial.providers.codex import sample
from tokendial.providers.codex.files import CodexLogs

if TYPE_CHECKING:
    from tokendial.providers.live import LiveSource


@cache
def _live_sources() -> tuple[LiveSource, ...]:
    from tokendial.providers.codex.live import CodexLive  # noqa: PLC0415 - only who asks loads it

    return (CodexLive(),)


def _quick_parser(path: str, now_ms: int) -> LogParser:
    from tokendial.providers.codex.quick import QuickParser  # noqa: PLC0415 - a status line reads no log

    return QuickParser(CODEX.logs.file_stem(path).removesuffix(".jsonl"), now_ms)


CODEX = Provider(
    descriptor=Descriptor(
        id="codex",
        name="Codex",
        color="#0e8f7e",
        color_dark="#34c3ae",
        price_vendors=("openai",),
        docs_url="https://developers.openai.com/codex",
        reads="The session logs of Codex CLI, its desktop app and its IDE extension.",
        limits="From the same logs: each response tells how far its limits are used.",
        no_limits="The logs that were read carry no limit yet. It shows with the first response that reports one.",
    ),
    logs=CodexLogs(),
    live_sources=_live_sources,
    write_sample=sample.write,
    quick_parser=_quick_parser,
)
