"""A day of use in a process of its own: the clock goes in steps, agents renew their sign-ins, live sources are asked.

The only argument is a file with the plan, as JSON. What the page is answered goes to `answers.txt` beside it, and with
the command line of this process; the files of homes that were opened go to `opened.txt`, and what is logged to stderr.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import NoReturn

import msgspec

SKIPPED = [0.0]
_real = time.time
time.time = lambda: _real() + SKIPPED[0]  # before anything is imported that binds it

from tests.api.support import Client  # noqa: E402

from tokendial.api.program import Program  # noqa: E402
from tokendial.api.server import Server  # noqa: E402
from tokendial.providers import PROVIDERS  # noqa: E402
from tokendial.providers.claude import live as claude  # noqa: E402
from tokendial.services.contract.live import LiveSwitch  # noqa: E402
from tokendial.services.contract.system import RefreshRequest  # noqa: E402
from tokendial.services.ledger import Ledger  # noqa: E402

READS = (
    "app.state", "dashboard.get", "live.get", "live.refresh", "providers.list", "homes.list", "storage.get",
    "diagnostics.get", "pricing.get", "jobs.get",
)  # fmt: skip
WAIT_SECONDS = 30.0


class Put(msgspec.Struct):
    """A file that an agent writes anew; null takes it away."""

    path: str
    text: str | None
    mode: int = 0o600


class Plan(msgspec.Struct):
    """`stage` is asked instead of the real addresses where it is given; `puts` are those of each step, in turn.

    `urls` are addresses that the page asks for besides; with `crash` the last answers meet a fault of ours.
    """

    data: str
    homes: list[tuple[str, str]]
    live: list[str]
    steps: int
    step_seconds: int
    stage: str | None = None
    puts: list[list[Put]] = []
    urls: list[str] = []
    crash: bool = False


def put(files: list[Put]) -> None:
    for file in files:
        path = Path(file.path)
        if file.text is None:
            path.unlink(missing_ok=True)
            continue
        path.write_text(file.text, encoding="utf-8")
        path.chmod(file.mode)


def wait_until_asked(program: Program, since_ms: float, live: list[str]) -> None:
    """Every source that is on was asked after this moment."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        listed = program.live.listed().sources
        late = [
            one.id for one in listed if one.id in live and any((home.tried_ms or 0) < since_ms for home in one.homes)
        ]
        if not late:
            return
        if time.monotonic() > deadline:
            sys.exit(f"not asked in time: {late}")
        time.sleep(0.01)


def look(client: Client, plan: Plan, answers: list[bytes]) -> None:
    """What a page asks for, and addresses that nobody should have written."""
    for name in READS:
        reply = client.post(f"/api/{name}", b'{"range":"alltime"}' if name == "dashboard.get" else b"{}")
        assert reply.status == 200, (name, reply.body[:300])
        answers += [reply.body, repr(reply.raw_headers).encode()]
    for address in plan.urls:
        reply = client.get(address)
        answers += [reply.body, repr(reply.raw_headers).encode()]


def note_opened(homes: list[str], opened: set[str]) -> None:
    """Remember each file below the homes that is opened from now on, and whether it was to be written."""

    def heard(event: str, given: tuple[object, ...]) -> None:
        if event == "open" and isinstance(given[0], str) and given[0].startswith(tuple(homes)):
            flags = given[2] if isinstance(given[2], int) else 0
            opened.add(f"{'written' if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) else 'read'} {given[0]}")

    sys.addaudithook(heard)


def broken(path: Path, _decoder: object) -> NoReturn:
    """A fault of ours, met while a sign-in is held."""
    held = path.read_text(encoding="utf-8")
    raise RuntimeError(f"a fault with {len(held)} characters in hand")


def main(plan: Plan, folder: Path) -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    for source in (one for provider in PROVIDERS for one in provider.live_sources() if plan.stage):
        if hasattr(source, "_base"):
            source._base = plan.stage
    answers = [Path("/proc/self/cmdline").read_bytes()] if Path("/proc/self/cmdline").exists() else []
    put(plan.puts[0] if plan.puts else [])
    opened: set[str] = set()
    if not plan.puts:
        note_opened([home for _, home in plan.homes], opened)
    program = Program(Ledger(Path(plan.data), [(name, Path(home)) for name, home in plan.homes], workers=0), "browser")
    static = folder / "static"
    static.mkdir(exist_ok=True)
    (static / "index.html").write_text("<!doctype html>")
    try:
        with Server(program, static=static) as server:
            client = Client(server)
            for source in plan.live:
                program.switch_live(LiveSwitch(id=source, on=True))
            for step in range(plan.steps):
                put(plan.puts[step % len(plan.puts)] if plan.puts else [])
                if plan.crash and step == plan.steps - 1:
                    claude.read_credential = broken  # type: ignore[assignment]  # it never returns
                now_ms = int((time.time() + plan.step_seconds) * 1000)  # it may be asked at once
                SKIPPED[0] += plan.step_seconds
                program.refresh(RefreshRequest(wait=True))
                program.live.refresh()
                wait_until_asked(program, now_ms, plan.live)
                look(client, plan, answers)
    finally:
        program.close()
    (folder / "answers.txt").write_bytes(b"\n".join(answers))
    (folder / "opened.txt").write_text("".join(f"{one}\n" for one in sorted(opened)), encoding="utf-8")


if __name__ == "__main__":
    os.environ["PATH"] = str(Path(sys.argv[1]).parent / "bin")
    main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan), Path(sys.argv[1]).parent)
