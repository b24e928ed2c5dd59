"""Where Gemini CLI keeps its logs (log-formats 3.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tokendial.providers.base import LogParser, PromptText
from tokendial.providers.folders import Closed, FoundFile, found_file, listed, listed_file, real_place
from tokendial.providers.gemini.identity import CHATS, is_whole_id, started_by_name
from tokendial.providers.gemini.projects import project_of

HOME_NAME = ".gemini"
LOG_FOLDER = "tmp"
_LINES, _DOCUMENT = ".jsonl", ".json"
_ASIDE = (".unreadable-", ".tmp-")
_MAX_DEPTH = 3


class GeminiLogs:
    """The conversations of a Gemini home: whole documents (to 2026-04), and files of lines."""

    def default_homes(self, environment: Mapping[str, str], user_home: Path) -> list[Path]:
        """`.gemini` below `GEMINI_CLI_HOME`, else below the user's home."""
        named = environment.get("GEMINI_CLI_HOME", "").strip()
        return [(Path(named) if named else user_home) / HOME_NAME]

    def home_for(self, folder: Path) -> Path | None:
        """What holds conversations: right below the folder, or above `tmp` and the projects in it."""
        if _holds_chats(folder):
            return None
        if _holds_chats(folder / HOME_NAME):
            return folder / HOME_NAME
        return next((each.parent for each in (folder, *folder.parents) if _is_log_folder(each)), None)

    def session_day(self, path: str) -> str | None:
        """The local day of the time in a conversation's name, which is UTC."""
        began = started_by_name(path)
        return None if began is None else began.astimezone().strftime("%Y-%m-%d")

    def watch_roots(self, home: Path) -> list[Path]:
        """The folder of all projects."""
        return [home / LOG_FOLDER]

    def find_files(self, home: Path, closed: Closed | None = None) -> Iterator[FoundFile]:
        """Every conversation below `tmp/PROJECT/chats`; those of sub-agents lie one folder deeper."""
        root = home / LOG_FOLDER
        if not root.is_dir():
            return
        for project in _folders(str(root), closed):
            chats = os.path.join(project, CHATS)  # noqa: PTH118 - once for every project of a scan
            if os.path.isdir(chats) and not os.path.islink(chats):  # noqa: PTH112, PTH114
                yield from _walk(chats, 0, closed)

    def find_file(self, home: Path, path: str) -> FoundFile | None:
        """The conversation at this path, if it is one of the home's."""
        file = real_place(path)
        try:
            inside = file.relative_to(home / LOG_FOLDER).parts
        except ValueError:
            return None
        if len(inside) < 3 or inside[1] != CHATS or len(inside) > 3 + _MAX_DEPTH or not _is_log(file.name):
            return None
        return found_file(file)

    def is_document(self, path: str) -> bool:
        """Whether the file is one JSON document, rewritten as a whole whenever it changes (G7)."""
        return path.endswith(_DOCUMENT)

    def is_whole_record(self, rest: bytes) -> bool:
        """Never: a line is whole when its newline is there."""
        del rest
        return False

    def file_stem(self, path: str) -> str:
        """The file's name: a document and the lines it was migrated to are two files."""
        return os.path.basename(path)  # noqa: PTH119 - called for every file of a scan

    def parser(self, path: str, now_ms: int, state: bytes | None) -> LogParser:
        """A parser for one conversation."""
        from tokendial.providers.gemini.parser import DocumentParser, LinesParser  # noqa: PLC0415 - a status line reads no log
        from tokendial.providers.gemini.state import GeminiState  # noqa: PLC0415

        project = project_of(path)
        fresh = GeminiState.fresh(path, project.name, project.folder)
        known = None if state is None else GeminiState.load(state)
        if self.is_document(path):
            return DocumentParser(fresh, known, now_ms)
        return LinesParser(fresh, known, now_ms)

    def titles(self, home: Path) -> dict[str, str]:
        """None: a session's title stands in its log."""
        del home
        return {}

    def prompt_of(self, record: bytes, time_ms: int) -> PromptText | None:
        """A message with words of a person."""
        from tokendial.providers.gemini.prompts import prompt_of  # noqa: PLC0415 - as above

        return prompt_of(record, time_ms)

    def resume_command(self, session_id: str) -> str | None:
        """`gemini --resume ID`, typed in the project's folder; sub-agents cannot be resumed."""
        return f"gemini --resume {session_id}" if is_whole_id(session_id) else None


def _holds_chats(home: Path) -> bool:
    return (home.name == HOME_NAME and (home / LOG_FOLDER).is_dir()) or any(home.glob(f"{LOG_FOLDER}/*/{CHATS}"))


def _is_log_folder(folder: Path) -> bool:
    return folder.name == LOG_FOLDER and _holds_chats(folder.parent)


def _is_log(name: str) -> bool:
    return name.endswith((_LINES, _DOCUMENT)) and not any(mark in name for mark in _ASIDE)


def _folders(folder: str, closed: Closed | None) -> list[str]:
    return sorted(entry.path for entry in listed(folder, closed) if entry.is_dir(follow_symlinks=False))


def _walk(folder: str, depth: int, closed: Closed | None) -> Iterator[FoundFile]:
    """The logs of a folder and of those below it; whatever is deleted meanwhile is not there."""
    folders: list[str] = []
    for entry in listed(folder, closed):
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.path)
        elif _is_log(entry.name) and (found := listed_file(entry)) is not None:
            yield found
    if depth < _MAX_DEPTH:
        for path in folders:
            yield from _walk(path, depth + 1, closed)
