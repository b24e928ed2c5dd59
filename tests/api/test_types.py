from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tokendial.api.commands import registry
from tokendial.api.events import PAYLOADS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "gen_types.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_the_front_end_s_types_are_up_to_date() -> None:
    result = run("--check")
    assert result.returncode == 0, result.stderr


def test_the_file_names_every_command_and_event_and_knows_no_any() -> None:
    text = (ROOT / "frontend" / "src" / "api" / "types.ts").read_text(encoding="utf-8")
    for command in registry:
        assert (
            f'"{command.name}": {{ request: {command.request.__name__}; response: {command.response.__name__} }};'
            in text
        )
    for name, payload in PAYLOADS.items():
        assert re.search(rf'"?{name}"?: {payload.__name__};', text)
    assert not re.search(
        r"\b(any|unknown)\b(?!where)", re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL).replace('"unknown"', "")
    )


def test_defaults_are_optional_in_requests_and_present_in_answers() -> None:
    text = (ROOT / "frontend" / "src" / "api" / "types.ts").read_text(encoding="utf-8")
    block = dict(re.findall(r"export interface (\w+)[^{]*\{\n(.*?)\n\}", text, re.DOTALL))
    assert "range?: RangeName;" in block["Filter"]
    assert "theme: Theme;" in block["Settings"]
    assert "tiers: Record<string, string>;" in block["PriceRuleInput"]
    assert "id: number;" in block["HomeUpdateRequest"]
    assert "label?: string | null;" in block["HomeUpdateRequest"]
