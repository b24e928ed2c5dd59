"""Homes: which folders are read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokendial.api.parts.core import Core
from tokendial.errors import BadRequest, HomeUnavailable, NotFound
from tokendial.services import home_check, home_offers
from tokendial.services import homes as home_service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.homes import (
    ChosenFolder,
    HomeAddRequest,
    HomeBrowseRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeClearRequest,
    HomeLoss,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
    OfferedHomes,
)
from tokendial.services.contract.system import OpenedLogs, OpenLogsRequest
from tokendial.services.home_loss import loss
from tokendial.services.opener import open_folder
from tokendial.store import homes as stored_homes
from tokendial.store.homes import HomeRow


class HomesPart(Core):
    """Adds, changes, clears and removes homes; a running scan is broken off meanwhile, and begins again afterwards."""

    def homes(self, _request: Empty, /) -> Homes:
        """Every home."""
        return Homes(home_service.listed(self.own.database))

    def browse_home(self, request: HomeBrowseRequest, /) -> ChosenFolder:
        """Let the user choose a folder."""
        return ChosenFolder(self.system_dialogs().pick_folder(request.start))

    def check_home(self, request: HomeCheckRequest, /) -> HomeCheck:
        """What is in a folder."""
        return home_check.check(request.provider, request.path, self.own.homes())

    def add_home(self, request: HomeAddRequest, /) -> Homes:
        """Add a folder and scan it."""
        with self._changing():
            home_service.add(self.own.database, request.provider, request.path, request.label)
        return self.homes(Empty())

    def update_home(self, request: HomeUpdateRequest, /) -> Homes:
        """Rename a home or switch it on or off."""
        self._refuse_invented()
        home = self._home(request.id)
        if request.label is not None:
            label = request.label.strip()[: home_service.MAX_LABEL]
            stored_homes.update(self.own.database, home.id, label=label, active=None)
        if request.active is not None and request.active != home.active:
            with self._changing():
                self.own.switch_home(home.id, active=request.active)
            self.hub.publish("usage-updated")
        return self.homes(Empty())

    def remove_home(self, request: HomeRequest, /) -> Homes:
        """Forget a home and what came from it."""
        with self._changing():
            self.own.remove_home(request.id)
        self.hub.publish("usage-updated")
        return self.homes(Empty())

    def clear_home(self, request: HomeClearRequest, /) -> Homes:
        """Take out what came from a home; it stays, and is not read before it is asked for (W35)."""
        home_service.confirmed(self._home(request.id), request.confirmation)
        with self._changing():
            self.own.clear_home(request.id, int(time.time() * 1000))
        self.hub.publish("usage-updated")
        return self.homes(Empty())

    def rescan_home(self, request: HomeRequest, /) -> Homes:
        """Read a home from the start of its logs, also one that was cleared."""
        with self._changing():
            self.own.reread_home(request.id)
        return self.homes(Empty())

    def home_loss(self, request: HomeRequest, /) -> HomeLoss:
        """What would be lost with a home."""
        return loss(self.own, self._home(request.id).id)

    def home_offers(self, _request: Empty, /) -> OfferedHomes:
        """Folders that could be added."""
        return OfferedHomes(home_offers.offers(self.own.homes()))

    def open_logs(self, request: OpenLogsRequest, /) -> OpenedLogs:
        """Open a home in the system's file manager: the wanted one, else the first that is read and there."""
        if request.home is not None:
            chosen = self._home(request.home)
        else:
            homes = self.own.read_homes() or self.own.homes()
            there = (home for home in homes if Path(home.path).is_dir())
            first = next(there, None) or next(iter(homes), None)
            if first is None:
                raise NotFound("No home has been added yet.")
            chosen = first
        if not Path(chosen.path).is_dir():
            raise HomeUnavailable("The folder of this home is not there.", path=chosen.path)
        return OpenedLogs(chosen.path, open_folder(Path(chosen.path)))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """The homes may change inside; no scan runs meanwhile. Raises BadRequest with the sample data."""
        self._refuse_invented()
        with self.ingest.paused():
            yield

    def _refuse_invented(self) -> None:
        """With the sample data the page shows a home that is not the user's, whatever its number."""
        if self.sample is not None:
            raise BadRequest("Leave the sample data first: the homes that are shown now are invented.")

    def _home(self, home_id: int) -> HomeRow:
        """The home of this id. Raises NotFound."""
        for home in self.own.homes():
            if home.id == home_id:
                return home
        raise NotFound("There is no such home.", id=home_id)
