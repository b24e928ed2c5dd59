"""Where Codex keeps its logs (log-formats 1.1 and 1.2)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tokendial.providers.base import LogParser, PromptText
from tokendial.providers.folders import Closed, FoundFile, found_file, listed, listed_file, read_beside, real_place
from tokendial.providers.mending import mend

LOG_FOLDERS = ("sessions", "archived_sessions")
_MAX_DEPTH = 8
_MAX_INDEX_BYTES = 64 << 20
_BELOW = (".codex", "codex")
_NAME_DAY = re.compile(r"rollout-(\d{4}-\d{2}-\d{2})T", re.ASCII)


class _Title(msgspec.Struct):
    id: str = ""
    thread_name: str | None = None


class CodexLogs:
    """The rollout files of a Codex home: active, archived, plain and compressed."""

    def default_homes(self, environment: Mapping[str, str], user_home: Path) -> list[Path]:
        """`CODEX_HOME` (a comma list is accepted), else `~/.codex`."""
        named = [part.strip() for part in environment.get("CODEX_HOME", "").split(",")]
        return [Path(part) for part in named if part] or [user_home / ".codex"]

    def home_for(self, folder: Path) -> Path | None:
        """What holds log folders: above `sessions` and the days in it, or right below the folder."""
        if _holds_logs(folder):
            return None
        above = [each for each in (folder, *folder.parents) if each.name in LOG_FOLDERS]
        if above:
            return above[-1].parent
        return next((below for below in (folder / name for name in _BELOW) if _holds_logs(below)), None)

    def session_day(self, path: str) -> str | None:
        """The date in a rollout's name."""
        found = _NAME_DAY.match(os.path.basename(path))  # noqa: PTH119 - called for every file of a home
        return None if found is None else found[1]

    def watch_roots(self, home: Path) -> list[Path]:
        """Both log folders."""
        return [home / name for name in LOG_FOLDERS]

    def find_files(self, home: Path, closed: Closed | None = None) -> Iterator[FoundFile]:
        """Every `rollout-*.jsonl` and `rollout-*.jsonl.zst`; a home without log folders has none."""
        for name in LOG_FOLDERS:
            root = home / name
            if root.is_dir():
                yield from _walk(str(root), 0, closed)

    def find_file(self, home: Path, path: str) -> FoundFile | None:
        """The rollout at this path, if it lies in one of the log folders."""
        file = real_place(path)
        if not _is_rollout(file.name) or not any(file.is_relative_to(root) for root in self.watch_roots(home)):
            return None
        return found_file(file)

    def is_document(self, path: str) -> bool:
        """Never: rollouts only grow."""
        del path
        return False

    def is_whole_record(self, rest: bytes) -> bool:
        """Never: a line is whole when its newline is there."""
        del rest
        return False

    def file_stem(self, path: str) -> str:
        """The file's name without `.zst`: it holds the thread id."""
        return os.path.basename(path).removesuffix(".zst")  # noqa: PTH119 - called for every file of a scan

    def parser(self, path: str, now_ms: int, state: bytes | None) -> LogParser:
        """A parser for one rollout."""
        from tokendial.providers.codex.parser import CodexParser  # noqa: PLC0415 - a status line reads no log
        from tokendial.providers.codex.state import CodexState  # noqa: PLC0415

        stem = self.file_stem(path).removesuffix(".jsonl")
        return CodexParser(CodexState.fresh(stem) if state is None else CodexState.load(state), now_ms)

    def titles(self, home: Path) -> dict[str, str]:
        """The thread names of `session_index.jsonl`; the last line of an id wins."""
        decoder = msgspec.json.Decoder(_Title)
        titles: dict[str, str] = {}
        for line in read_beside(home / "session_index.jsonl", _MAX_INDEX_BYTES).split(b"\n"):
            try:
                entry = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
            if entry.id and entry.thread_name:
                titles[entry.id] = entry.thread_name
        return titles

    def prompt_of(self, record: bytes, time_ms: int) -> PromptText | None:
        """A message of a user; a byte order mark, invalid UTF-8 and blanks around it do not matter."""
        from tokendial.providers.codex.prompts import prompt_of  # noqa: PLC0415 - as above

        return prompt_of(record.strip(), time_ms) or prompt_of(mend(record).strip(), time_ms)

    def resume_command(self, session_id: str) -> str | None:
        """`codex resume ID`."""
        return f"codex resume {session_id}"


def _holds_logs(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in LOG_FOLDERS)


def _is_rollout(name: str) -> bool:
    return name.startswith("rollout-") and name.endswith((".jsonl", ".jsonl.zst"))


def _walk(folder: str, depth: int, closed: Closed | None) -> Iterator[FoundFile]:
    folders: list[str] = []
    for entry in listed(folder, closed):
        name = entry.name
        if _is_rollout(name):
            if (found := listed_file(entry)) is not None:
                yield found
        elif depth < _MAX_DEPTH and entry.is_dir(follow_symlinks=False):
            folders.append(entry.path)
    for path in folders:
        yield from _walk(path, depth + 1, closed)
