"""What a transcript says about its session: identity, family, place, title (A-10)."""

from __future__ import annotations

import re

from tokendial.domain.records import SUBAGENT, SessionFacts
from tokendial.providers.claude.identity import AGENT_PREFIX
from tokendial.providers.claude.lines import Line
from tokendial.providers.claude.state import ClaudeState, Seen
from tokendial.providers.claude.usage import window_of
from tokendial.providers.titles import MAX_MARKS, beginning_mark, repeats

_SUMMARY, _GENERATED, _CUSTOM = 1, 2, 3
_MAX_SUMMARIES = 64
_CLOCK_MS = 100  # own lines are dated after the prompt was queued; copies before the program was started
_SESSION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class Facts:
    """Collects what the lines say, by the session that they name: a file may hold several."""

    def __init__(self, state: ClaudeState, stem: str) -> None:
        """Go on from a state; `stem` is the file's name without its suffix."""
        self._state = state
        self._stem = stem
        self.agent = stem.removeprefix(AGENT_PREFIX) if stem.startswith(AGENT_PREFIX) else None
        self._names_session = _SESSION.fullmatch(stem) is not None

    def take_birth(self, time_ms: int | None) -> None:
        """A prompt was queued: before any other line it tells when the file was begun."""
        if self._state.born_ms is None and not self._state.sessions:
            self._state.born_ms = time_ms

    def is_foreign(self, line: Line, time_ms: int | None) -> bool:
        """Whether the file is named after another session than this line's, or the line is a copy.

        Without a time only the former.
        """
        if time_ms is not None and self._is_older(line, time_ms):
            return True
        if self.agent is not None:
            return line.agent_id not in (None, self.agent)
        return line.session_id != self._stem

    def is_copied(self, line: Line, time_ms: int) -> bool:
        """Whether the line is surely history of another session, which has its own file."""
        other = self._names_session and line.session_id not in (None, self._stem)
        return other or self._is_older(line, time_ms)

    @property
    def copied_before_ms(self) -> int | None:
        """Lines of earlier times are older than the file; None where it is not known when it was begun."""
        born_ms = self._state.born_ms
        return None if born_ms is None else born_ms - _CLOCK_MS

    def take_line(self, line: Line, time_ms: int) -> Seen:
        """A line of the session's own conversation, or of a sub-agent inside it."""
        return self.take_lines(line, 1, time_ms, time_ms)

    def take_lines(self, line: Line, count: int, first_ms: int, last_ms: int) -> Seen:
        """Several that say what this one says, from the first time to the last; all are copies, or none is."""
        seen = self._seen(line.session_id)
        seen.lines += count
        if self._is_older(line, last_ms):
            seen.copied = True
        else:
            seen.started_ms = first_ms if seen.started_ms is None else min(seen.started_ms, first_ms)
            seen.last_ms = last_ms if seen.last_ms is None else max(seen.last_ms, last_ms)
        seen.cwd = seen.cwd or line.cwd
        seen.branch = line.git_branch or seen.branch
        seen.originator = line.entrypoint or seen.originator
        seen.version = line.version or seen.version
        seen.agent = line.attribution_agent or seen.agent
        if line.forked_from is not None and line.forked_from.session_id:
            seen.forked_from = line.forked_from.session_id
        self._match_summary(line, seen)
        return seen

    def take_response(self, line: Line, seen: Seen, model: str, prompt: int) -> None:
        """A response that was counted; one of a sub-agent says nothing about the session around it."""
        if line.is_sidechain and self.agent is None:
            return
        seen.model, seen.effort = model, line.effort
        seen.context_used = prompt or seen.context_used

    def take_prompt(self, seen: Seen, text: str) -> None:
        """What a person asked: a title that was made of it is none."""
        mark = beginning_mark(text)
        if mark is not None and len(seen.begun) < MAX_MARKS and mark not in seen.begun:
            seen.begun.append(mark)
            if seen.title is not None and seen.title_rank != _CUSTOM and repeats(seen.title, (mark,)):
                seen.title, seen.title_rank = None, 0

    def take_compaction(self, line: Line) -> None:
        """The history was replaced by a summary."""
        if not line.is_sidechain or self.agent is not None:
            self._seen(line.session_id).compactions += 1

    def take_title(self, line: Line) -> None:
        """A title: one that a person gave goes before one that was made up, the last of a kind holds."""
        for rank, title in ((_CUSTOM, line.custom_title), (_GENERATED, line.ai_title)):
            if title and title.strip():
                _entitle(self._seen(line.session_id), rank, title)
        if line.type == "summary" and line.summary and line.leaf_uuid:
            if line.leaf_uuid == self._state.last_uuid and self._state.last_session is not None:
                _entitle(self._seen(self._state.last_session), _SUMMARY, line.summary)
            elif len(self._state.summaries) < _MAX_SUMMARIES:
                self._state.summaries[line.leaf_uuid] = line.summary  # it may be of a session in another file

    def session(self) -> SessionFacts:
        """The session of the file: the one it is named after, else the most frequent; of an agent's file the agent."""
        sessions = self._state.sessions
        name = max(sessions, key=lambda one: (one == self._stem, sessions[one].lines), default=None)
        seen = sessions[name] if name is not None else Seen()
        found = SessionFacts(
            id=name or self._stem,
            title=seen.title,
            agent=seen.agent,
            cwd=seen.cwd,
            branch=seen.branch,
            originator=seen.originator,
            client_version=seen.version,
            model=seen.model,
            effort=seen.effort,
            started_ms=seen.started_ms,
            last_seen_ms=seen.last_ms,
            context_used=seen.context_used,
            compactions=seen.compactions,
        )
        if seen.model is not None and seen.context_used is not None:
            found.context_window = window_of(seen.model, seen.context_used) or None
        if self.agent is not None:
            found.id, found.kind = self._stem, SUBAGENT
            found.parent = found.root = name
        else:
            found.parent = self._parent(found.id, seen)
            found.kind = "fork" if seen.copied or found.parent is not None else "main"
        return found

    def _parent(self, name: str, seen: Seen) -> str | None:
        """Where the history was copied from: the lines say so, or the file begins with lines of another session."""
        if seen.forked_from not in (None, name):
            return seen.forked_from
        first = next(iter(self._state.sessions), name)
        return first if first != name and self._state.sessions[first].lines else None

    def _is_older(self, line: Line, time_ms: int) -> bool:
        """A fork begins with copies: newer ones say so, others are older than the file."""
        begun_ms = self.copied_before_ms
        return line.forked_from is not None or (begun_ms is not None and time_ms < begun_ms)

    def _seen(self, session: str | None) -> Seen:
        return self._state.sessions.setdefault(session or self._stem, Seen())

    def _match_summary(self, line: Line, seen: Seen) -> None:
        state = self._state
        if line.uuid is not None:
            state.last_uuid, state.last_session = line.uuid, line.session_id
            if state.summaries and (summary := state.summaries.pop(line.uuid, None)) is not None:
                _entitle(seen, _SUMMARY, summary)


def _entitle(seen: Seen, rank: int, title: str) -> None:
    if rank == seen.title_rank and title == seen.title:
        return  # the last title is written again and again
    if rank >= seen.title_rank and (rank == _CUSTOM or not repeats(title, seen.begun)):
        seen.title, seen.title_rank = title.strip(), rank
