"""Homes: which folders are read."""

from __future__ import annotations

from pathlib import Path

from tokendial.api.parts.core import Core
from tokendial.errors import HomeUnavailable, NotFound
from tokendial.services import homes as home_service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.homes import (
    ChosenFolder,
    HomeAddRequest,
    HomeBrowseRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
)
from tokendial.services.contract.system import OpenedLogs, OpenLogsRequest
from tokendial.services.opener import open_folder
from tokendial.store import homes as stored_homes


class HomesPart(Core):
    """Adds, changes and removes homes."""

    def homes(self, _request: Empty, /) -> Homes:
        """Every home."""
        return Homes(home_service.listed(self.own.homes()))

    def browse_home(self, request: HomeBrowseRequest, /) -> ChosenFolder:
        """Let the user choose a folder."""
        return ChosenFolder(self.system_dialogs().pick_folder(request.start))

    def check_home(self, request: HomeCheckRequest, /) -> HomeCheck:
        """What is in a folder."""
        return home_service.check(request.provider, request.path, self.own.homes())

    def add_home(self, request: HomeAddRequest, /) -> Homes:
        """Add a folder and scan it."""
        home_service.add(self.own.database, request.provider, request.path, request.label)
        self.ingest.request(wait=False)
        return self.homes(Empty())

    def update_home(self, request: HomeUpdateRequest, /) -> Homes:
        """Rename a home or switch it on or off."""
        label = None if request.label is None else request.label.strip()[: home_service.MAX_LABEL]
        if not stored_homes.update(self.own.database, request.id, label=label, active=request.active):
            raise NotFound("There is no such home.", id=request.id)
        self.hub.publish("usage-updated")
        self.ingest.request(wait=False)
        return self.homes(Empty())

    def remove_home(self, request: HomeRequest, /) -> Homes:
        """Forget a home and what came from it."""
        if all(home.id != request.id for home in self.own.homes()):
            raise NotFound("There is no such home.", id=request.id)
        self.own.remove_home(request.id)
        self.hub.publish("usage-updated")
        return self.homes(Empty())

    def open_logs(self, request: OpenLogsRequest, /) -> OpenedLogs:
        """Open a home in the system's file manager."""
        homes = self.own.homes()
        if request.home is not None:
            homes = [home for home in homes if home.id == request.home]
        chosen = next((home for home in homes if home.active), None) or next(iter(homes), None)
        if chosen is None:
            raise NotFound("No home has been added yet.")
        if not Path(chosen.path).is_dir():
            raise HomeUnavailable("The folder of this home is not there.", path=chosen.path)
        return OpenedLogs(chosen.path, open_folder(Path(chosen.path)))
