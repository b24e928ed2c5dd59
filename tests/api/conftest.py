"""A real server on a real port for the tests of the transports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication

from tokendial.api.server import Server


@pytest.fixture
def application() -> FakeApplication:
    return FakeApplication()


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>page</title>")
    (folder / "assets" / "app.js").write_text("'use strict'")
    (folder / "assets" / "app.css").write_text("body{}")
    (folder / "notes.secret").write_text("no known type")
    (tmp_path / "outside.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    return folder


@pytest.fixture
def server(application: FakeApplication, static: Path) -> Iterator[Server]:
    with Server(application, static=static, native_secret="native", keep_alive=0.1) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Client:
    return Client(server)
