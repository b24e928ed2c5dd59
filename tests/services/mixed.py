"""Logs with something of everything: models, efforts, tiers, projects, originators, long prompts, months of days."""

from __future__ import annotations

import random
from pathlib import Path

from tests.parity.logs import DAY, HOUR, MINUTE, Log, ms
from tests.services.support import rule

from tokendial.services.contract.prices import PriceRuleInput

START = ms("2025-02-20T17:00:00Z")
DAYS = 40
MODELS = ("gpt-5.5", "gpt-5.6-sol", "gpt-5.4", "house-model", "other-house-model")
RULES: list[PriceRuleInput] = [
    rule("gpt-5.5", "1.25", "10", cache_read="0.125", effective_to="2025-03-09", tiers={"priority": "2.5"}),
    rule("gpt-5.5", "1.1", "9", cache_read="0.11", effective_from="2025-03-09", tiers={"priority": "1.818182"}),
    rule("gpt-5.6-*", "2", "15", long_threshold=200_000, long_input="4", long_output="22.5"),
    rule("gpt-5.4", "0.000001", "0.000003"),
]


def write_mixed(home: Path, seed: int = 7, sessions: int = 12, first: int = 0) -> None:
    """Write the logs; the same seed gives the same ones."""
    rng = random.Random(seed)
    for number in range(first, first + sessions):
        at = START + rng.randrange(DAYS * DAY)
        origin = rng.choice(("codex_cli_rs", "codex_vscode", "codex_exec"))
        log = Log(home, at, number, originator=origin)
        for _ in range(rng.randint(1, 4)):
            place = rng.choice(("/work/shop", "/work/infra", "C:\\work\\notes"))
            model = rng.choice(MODELS)
            log.turn(at, model, rng.choice(("low", "high", None)), place)
            if rng.random() < 0.3:
                log.tier(at, rng.choice(("priority", "default", "flex")), model)
            for _ in range(rng.randint(1, 6)):
                at += rng.randrange(1000, 5 * HOUR)
                given = rng.choice((rng.randrange(1, 50_000), 200_000, 200_001, 250_000))
                cached = rng.randrange(given)
                written = rng.randrange(given - cached)
                log.respond(at, given, cached, rng.randrange(1, 3_000), written=written, reasoning=1)
            at += MINUTE
        log.save()
