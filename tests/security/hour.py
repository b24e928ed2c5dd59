"""An hour of use in a process of its own, in which every way out is a trap. Prints what went out, a line each.

Arguments: the data folder, a home, and `on` or `off` for the home's live source.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

WENT_OUT: list[str] = []
KNOWN_PROGRAMS = ("uname",)  # what `platform` asks for the diagnostics
LOCAL = ("127.0.0.1", "::1")
STEP_SECONDS = 120
THREAD = "00000000-0000-7000-8000-000000000000"
SKIPPED = [0.0]
_real = time.time


def trap(event: str, args: tuple[object, ...]) -> None:
    """Note and forbid every address that is not of this machine, every name that is looked up, every program."""
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        address = args[1] if len(args) > 1 else None
        if isinstance(address, tuple) and address[0] not in LOCAL:
            refuse(event, address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.getnameinfo"):
        if args[0] not in (*LOCAL, None):
            refuse(event, args[0])
    elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn") and args[0] not in KNOWN_PROGRAMS:
        refuse(event, args[0])


def refuse(event: str, what: object) -> None:
    """Note it, and let it go no further."""
    WENT_OUT.append(f"{event} {what}")
    raise OSError("the trap")


sys.addaudithook(trap)
time.time = lambda: _real() + SKIPPED[0]  # the coordinator's clock too, which is bound when it is imported

from tokendial.api.commands import registry  # noqa: E402
from tokendial.api.program import Program  # noqa: E402
from tokendial.services.contract.common import Empty  # noqa: E402
from tokendial.services.contract.live import LiveSwitch  # noqa: E402
from tokendial.services.contract.system import DemoRequest, RefreshRequest  # noqa: E402
from tokendial.services.ledger import Ledger  # noqa: E402

READS = (
    "app.state", "dashboard.get", "events.list", "sessions.list", "providers.list", "live.get", "live.refresh",
    "pricing.get", "homes.list", "homes.offers", "diagnostics.get", "storage.get", "jobs.get", "ingest.status",
)  # fmt: skip


def use(program: Program, log: Path) -> None:
    """A step of it: the agent writes, and the page asks for everything it shows."""
    with log.open("a") as file:
        file.write(json.dumps({"timestamp": "2026-01-01T00:00:00Z", "type": "event_msg", "payload": {}}) + "\n")
    program.refresh(RefreshRequest(wait=True))
    for name in READS:
        registry.invoke(program, name, {})


def main(data: Path, home: Path, live: bool) -> None:
    """Sixty minutes in half as many steps; then the sample data are looked at."""
    log = home / "sessions" / "2026" / "01" / "01" / f"rollout-2026-01-01T00-00-00-{THREAD}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    program = Program(Ledger(data, [("codex", home)], workers=0), "browser")
    try:
        if live:
            program.switch_live(LiveSwitch(id="codex", on=True))
        for _ in range(30):
            SKIPPED[0] += STEP_SECONDS
            use(program, log)
            time.sleep(0.02 if not live else 0.1)
        program.demo(DemoRequest(on=True))
        program.app_state(Empty())
    finally:
        program.close()
    sys.stdout.write("".join(f"{line}\n" for line in WENT_OUT))


if __name__ == "__main__":
    os.environ["PATH"] = ""
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "on")
