"""Does with the program what a user can do, and searches the files that it left."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.security.planted import HOMES, NEEDLES, Json

from tokendial.api.commands import registry
from tokendial.api.program import Program


def ask(program: Program, name: str, /, **given: object) -> Json:
    answer: Json = json.loads(registry.invoke_json(program, name, json.dumps(given).encode()))
    return answer


def use_everything(program: Program, folder: Path) -> None:
    """What a user can do that reads logs or writes files."""
    ask(program, "ingest.refresh", wait=True)
    for provider in (None, *HOMES):
        assert ask(program, "dashboard.get", range="alltime", provider=provider)["errors"] == {}
        ask(program, "events.list", range="alltime", provider=provider)
        for row in ask(program, "sessions.list", range="alltime", provider=provider, limit=20)["rows"]:
            ask(program, "session.get", id=row["id"])
            ask(program, "session.timeline", id=row["id"])
    for name in ("app.state", "providers.list", "pricing.get", "storage.get", "homes.list", "diagnostics.lines"):
        ask(program, name)
    (folder / "diagnostics.txt").write_text(json.dumps(ask(program, "diagnostics.get")), encoding="utf-8")
    for what in ("events", "sessions", "days"):
        for kind in ("csv", "json"):
            keep(program, folder / f"{what}.{kind}", "export.start", range="alltime", what=what, format=kind)
    keep(program, folder / "backup.sqlite3", "storage.backup")
    (folder / "settings.json").write_bytes(download(program, ask(program, "settings.export")["download"]))


def waits(program: Program, name: str, /, **given: object) -> Json:
    """Run a task to its end."""
    ask(program, name, **given)
    end = time.monotonic() + 60
    while (job := ask(program, "jobs.get")["job"])["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.01)
    assert job["state"] == "done", job
    return dict(job)


def keep(program: Program, target: Path, name: str, /, **given: object) -> None:
    """Run a task to its end and take the file that it made."""
    job = waits(program, name, **given)
    target.write_bytes(download(program, job["result"]["download"]))


def download(program: Program, address: str) -> bytes:
    return program.transfers.fetch(address.rpartition("/")[2]).path.read_bytes()


def leaks(folder: Path, needles: Sequence[str] = NEEDLES) -> Iterator[str]:
    """Every needle in the name or the bytes of a file, whatever its encoding of text."""
    for path in (found for found in folder.rglob("*") if found.is_file()):
        data = path.read_bytes()
        for needle in needles:
            for form in (needle.encode(), needle.encode("utf-16-le")):
                at = data.find(form)
                if at >= 0 or needle in path.name:
                    yield f"{path.relative_to(folder)}: {data[max(0, at - 60) : at + 60]!r}"
