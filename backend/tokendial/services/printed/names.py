"""What things are called in a report; in a private one nothing tells who works on what."""

from __future__ import annotations

from tokendial.services.panels.dimensions import project_name
from tokendial.store.sessions import SessionRow

_UNKNOWN = "unknown"


class Names:
    """Gives each project and session its name, or in a private report a number: the same thing the same one."""

    def __init__(self, *, private: bool) -> None:
        """Nothing is named yet."""
        self.private = private
        self._projects: dict[str, str] = {}
        self._sessions = 0

    def project(self, path: str | None) -> str:
        """The last folder of a project's path."""
        if not path or path == _UNKNOWN:
            return _UNKNOWN
        if not self.private:
            return project_name(path)
        return self._projects.setdefault(path, f"Project {len(self._projects) + 1}")

    def session(self, row: SessionRow) -> str:
        """Its title, else its id."""
        if not self.private:
            return row.title or row.id
        self._sessions += 1
        return f"Session {self._sessions}"
