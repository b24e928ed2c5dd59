"""Where Claude Code keeps its transcripts (log-formats 2.1)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import msgspec

from tokendial.providers.base import LogParser, PromptText
from tokendial.providers.folders import Closed, FoundFile, found_file, listed, listed_file, real_place

PROJECTS = "projects"
LOG_FOLDERS = (PROJECTS, "transcripts")
DESKTOP_FOLDERS = ("local-agent-mode-sessions", "claude-code-sessions")
_CONFIG_FOLDER = ".claude"
_HOME_NAMES = frozenset((_CONFIG_FOLDER, "claude"))
_BELOW = (_CONFIG_FOLDER, ".config/claude", "claude")
_SUFFIX = ".jsonl"
_NO_TRANSCRIPT = frozenset(("journal.jsonl",))  # a workflow's list of its agents
_NO_LOGS = frozenset(("tool-results", "memory", "node_modules", ".git"))
_SLUG = re.compile(r"-[A-Za-z0-9-]+$|[A-Za-z]--", re.ASCII)  # /home/u and C:\\u as folders of projects
_MAX_DEPTH = 12
_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class ClaudeLogs:
    """The transcripts of a Claude home: sessions, sub-agents, workflows; and of the desktop app's agents."""

    def default_homes(self, environment: Mapping[str, str], user_home: Path) -> list[Path]:
        """`CLAUDE_CONFIG_DIR` (a comma list is accepted), else `~/.claude` and `~/.config/claude`.

        The desktop app keeps homes of its own, which are added where the app is.
        """
        named = [part.strip() for part in environment.get("CLAUDE_CONFIG_DIR", "").split(",")]
        homes = [Path(part) for part in named if part]
        if not homes:
            homes = [user_home / _CONFIG_FOLDER, user_home / ".config" / "claude"]
        return homes + [folder for folder in _desktop_homes(environment, user_home) if folder.is_dir()]

    def home_for(self, folder: Path) -> Path | None:
        """What holds log folders: right below the folder, or above a project's folder.

        What lies below is looked at first, because many users have a folder `projects` of their own.
        """
        below = next((each for each in (folder / name for name in _BELOW) if _holds_logs(each)), None)
        if below is not None or _is_desktop(folder):
            return below
        above = next((each for each in (folder, *folder.parents) if _is_log_folder(each)), None)
        return None if above is None else above.parent

    def session_day(self, path: str) -> str | None:
        """None: a transcript's name is a random id."""
        del path
        return None

    def is_document(self, path: str) -> bool:
        """Never: transcripts only grow."""
        del path
        return False

    def watch_roots(self, home: Path) -> list[Path]:
        """The log folders; of a desktop folder all of it, because its homes come and go."""
        if _is_desktop(home) or home.name == PROJECTS:
            return [home]
        return [home / name for name in LOG_FOLDERS]

    def find_files(self, home: Path, closed: Closed | None = None) -> Iterator[FoundFile]:
        """Every transcript below the log folders; a home without log folders has none."""
        for root in self.watch_roots(home):
            if root.is_dir():
                yield from _walk(str(root), 0, closed, inside=not _is_desktop(home))

    def find_file(self, home: Path, path: str) -> FoundFile | None:
        """The transcript at this path, if it lies in one of the log folders."""
        file = real_place(path)
        if not _is_transcript(file.name) or not self._holds(home, file):
            return None
        return found_file(file)

    def is_whole_record(self, rest: bytes) -> bool:
        """Whether it is one whole object: the last line of a killed session lacks its newline (A-12)."""
        try:
            _decode_object(rest)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError):
            return False
        return True

    def file_stem(self, path: str) -> str:
        """The file's name: it holds the id of the session or of the sub-agent."""
        return os.path.basename(path)  # noqa: PTH119 - called for every file of a scan

    def parser(self, path: str, now_ms: int, state: bytes | None) -> LogParser:
        """A parser for one transcript."""
        return self._parser(path, now_ms, state, resumable=True)

    def stateless_parser(self, path: str, now_ms: int) -> LogParser:
        """A parser for one transcript from its start, that hands out no state."""
        return self._parser(path, now_ms, None, resumable=False)

    def _parser(self, path: str, now_ms: int, state: bytes | None, *, resumable: bool) -> LogParser:
        from tokendial.providers.claude.parser import ClaudeParser  # noqa: PLC0415 - a status line reads no log
        from tokendial.providers.claude.state import ClaudeState  # noqa: PLC0415

        known = ClaudeState() if state is None else ClaudeState.load(state)
        return ClaudeParser(known, self.file_stem(path).removesuffix(_SUFFIX), now_ms, resumable=resumable)

    def titles(self, home: Path) -> dict[str, str]:
        """None beside the transcripts: titles are lines of them."""
        del home
        return {}

    def prompt_of(self, record: bytes, time_ms: int) -> PromptText | None:
        """A message of a person."""
        from tokendial.providers.claude.prompts import prompt_of  # noqa: PLC0415 - as above

        return prompt_of(record, time_ms)

    def resume_command(self, session_id: str) -> str | None:
        """`claude --resume ID`; a sub-agent cannot be resumed."""
        return None if session_id.startswith("agent-") else f"claude --resume {session_id}"

    def _holds(self, home: Path, file: Path) -> bool:
        for root in self.watch_roots(home):
            if file.is_relative_to(root):
                folders = file.relative_to(root).parts[:-1]
                inside = not _is_desktop(home) or (_CONFIG_FOLDER, PROJECTS) in pairwise(folders)
                return inside and _NO_LOGS.isdisjoint(folders)
        return False


def _desktop_homes(environment: Mapping[str, str], user_home: Path) -> list[Path]:
    """Where the desktop app keeps the homes of its agents, on macOS and on Windows."""
    roots = [user_home / "Library" / "Application Support"]
    if environment.get("APPDATA"):
        roots.append(Path(environment["APPDATA"]))
    return [root / "Claude" / name for root in roots for name in DESKTOP_FOLDERS]


def _is_desktop(home: Path) -> bool:
    return home.name in DESKTOP_FOLDERS


def _holds_logs(home: Path) -> bool:
    return any((home / name).is_dir() for name in LOG_FOLDERS)


def _is_log_folder(folder: Path) -> bool:
    """Whether a folder is one of a home's log folders, and no user's folder that has the same name."""
    if folder.name not in LOG_FOLDERS or not folder.is_dir():
        return False
    return folder.parent.name in _HOME_NAMES or any(_SLUG.match(entry.name) for entry in folder.iterdir())


def _is_transcript(name: str) -> bool:
    return name.endswith(_SUFFIX) and name not in _NO_TRANSCRIPT


def _walk(folder: str, depth: int, closed: Closed | None, *, inside: bool) -> Iterator[FoundFile]:
    """The transcripts below a folder; outside a log folder it is sought first (`.claude` is a dot folder: no glob)."""
    folders: list[tuple[str, bool]] = []
    for entry in listed(folder, closed):
        name = entry.name
        if inside and _is_transcript(name):
            if (found := listed_file(entry)) is not None:
                yield found
        elif depth < _MAX_DEPTH and name not in _NO_LOGS and entry.is_dir(follow_symlinks=False):
            here = inside or (name == PROJECTS and os.path.basename(folder) == _CONFIG_FOLDER)  # noqa: PTH119
            folders.append((entry.path, here))
    for path, here in folders:
        yield from _walk(path, depth + 1, closed, inside=here)
