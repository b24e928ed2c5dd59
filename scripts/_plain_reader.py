"""The least that a reader in Python can do: every line looked at, and decoded with json where it may hold usage.

What other machines are compared with where ccusage cannot be had. It knows no forks, no copies and no price.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARKS = {"codex": b'"token_count"', "claude": b'"usage"'}


def usages(provider: str, folder: Path) -> Iterator[dict[str, Any]]:
    """The usage of every line that has one, repeated ones as well."""
    mark = MARKS[provider]
    for path in folder.rglob("*.jsonl"):
        with path.open("rb") as file:
            for line in file:
                if mark in line:
                    record = json.loads(line)
                    info = (record.get("payload") or {}).get("info") or {}
                    yield info.get("last_token_usage") or (record.get("message") or {}).get("usage") or {}


def main() -> int:
    """Prints the sum of the output tokens."""
    _, provider, folder = sys.argv
    print(sum(usage.get("output_tokens", 0) for usage in usages(provider, Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
