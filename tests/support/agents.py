"""Logs of any agent, in the same few words for each: a session, its responses, and what each of them counts.

Every scenario that must hold for every provider is written once with these.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support import gemini_logs, rollout
from tests.support.gemini_logs import Talk
from tests.support.rollout import Rollout
from tests.support.transcript import Transcript

HOUR_MS = 3_600_000


def begun(number: int) -> int:
    """When a session begins, after the first one; none in the future."""
    return number % 1_000 * HOUR_MS


class Parts(NamedTuple):
    """What a response counts, in the ledger's terms."""

    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    reasoning: int


class AgentLog:
    """A session's log in the making: begun, and a response at a time. `number` tells sessions apart."""

    provider: str
    session: str

    def __init__(self, number: int = 0) -> None:
        self.number = number

    @property
    def lines(self) -> list[bytes]:
        raise NotImplementedError

    def respond(self, number: int) -> bytes:
        """Add the response of this number, which no other session has, and return its line."""
        raise NotImplementedError

    def raw(self, line: bytes) -> bytes:
        """Add a line as it is, and return it with its newline."""
        self.lines.append(line + b"\n")
        return self.lines[-1]

    @staticmethod
    def parts(number: int) -> Parts:
        """What that response counts."""
        raise NotImplementedError

    def path(self, home: Path, *, elsewhere: bool = False) -> Path:
        """Where the log lies, or where its archive or its copy in another project does."""
        raise NotImplementedError

    def bytes(self) -> bytes:
        return b"".join(self.lines)

    def write(self, home: Path, *, elsewhere: bool = False) -> Path:
        """Write all of it."""
        path = self.path(home, elsewhere=elsewhere)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.bytes())
        return path


class CodexLog(AgentLog):
    """A rollout."""

    provider = "codex"

    def __init__(self, number: int = 0) -> None:
        super().__init__(number)
        self.rollout = Rollout(rollout.START_MS + begun(number), number).meta().turn()
        self.session = self.rollout.thread

    @property
    def lines(self) -> list[bytes]:
        return self.rollout.lines

    def respond(self, number: int) -> bytes:
        return self.rollout.count(rollout.usage(number)).lines[-1]

    @staticmethod
    def parts(number: int) -> Parts:
        used = rollout.usage(number)
        return Parts(used.input - used.cached, used.cached, 0, 0, used.output, used.reasoning)

    def path(self, home: Path, *, elsewhere: bool = False) -> Path:
        return self.rollout.path(home, archived=elsewhere)


class ClaudeLog(AgentLog):
    """A transcript."""

    provider = "claude"

    def __init__(self, number: int = 0) -> None:
        super().__init__(number)
        self.session = f"{number:08x}-0000-4000-8000-00000000000a"
        self.transcript = Transcript(self.session)
        self.transcript.now_ms += begun(number)
        self.transcript.prompt()

    @property
    def lines(self) -> list[bytes]:
        return self.transcript.lines

    def respond(self, number: int) -> bytes:
        return self.transcript.response(number).lines[-1]

    @staticmethod
    def parts(number: int) -> Parts:
        return Parts(1000 + number, 400, 10 + number, 20, 100, 0)

    def path(self, home: Path, *, elsewhere: bool = False) -> Path:
        return home / "projects" / ("-home-u-other" if elsewhere else "-home-u-project") / self.transcript.name


class GeminiLog(AgentLog):
    """A conversation in lines."""

    provider = "gemini"

    def __init__(self, number: int = 0) -> None:
        super().__init__(number)
        self.session = f"{number:08x}-983e-48bf-a82b-7c7f71d7d210"
        self.talk = Talk(self.session, start_ms=gemini_logs.START_MS + begun(number)).first()

    @property
    def lines(self) -> list[bytes]:
        return self.talk.lines

    def respond(self, number: int) -> bytes:
        return self.talk.responds(f"message {number}", gemini_logs.used(number)).lines[-1]

    @staticmethod
    def parts(number: int) -> Parts:
        used = gemini_logs.used(number)
        return Parts(used.input - used.cached, used.cached, 0, 0, used.output + used.thoughts, used.thoughts)

    def path(self, home: Path, *, elsewhere: bool = False) -> Path:
        return home / self.talk.path(folder="other" if elsewhere else "project").removeprefix("home/")


AGENTS: list[type[AgentLog]] = [CodexLog, ClaudeLog, GeminiLog]
every_agent = pytest.mark.parametrize("agent", AGENTS, ids=[agent.provider for agent in AGENTS])


def session_of(agent: type[AgentLog], responses: int, number: int = 0, first: int = 0) -> AgentLog:
    """A session of some responses, unlike any other with another `first`."""
    log = agent(number)
    for response in range(first, first + responses):
        log.respond(response)
    return log


def home_of(agent: type[AgentLog], folder: Path) -> tuple[str, Path]:
    """An empty home of the agent in this folder."""
    home = folder / {"codex": "codex", "claude": ".claude", "gemini": ".gemini"}[agent.provider]
    agent().path(home).parent.mkdir(parents=True)
    if agent is GeminiLog:  # the program itself writes there which project a folder is of
        for name in ("project", "other"):
            (home / "tmp" / name).mkdir(exist_ok=True)
            (home / "tmp" / name / ".project_root").write_text("/home/u/project")
    return agent.provider, home
