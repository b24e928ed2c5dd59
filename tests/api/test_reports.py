"""`reports.html`: a task that writes what the page looks at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import MINUTE, Log, ms
from tests.services.support import program_of

from tokendial.api.program import Program
from tokendial.errors import BadRequest
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.contract.reports import ReportRequest
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.contract.system import DemoRequest

START = ms("2025-03-01T10:00:00Z")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Iterator[Program]:
    Log(home, START).turn(START, cwd="/work/secret-shop").respond(START + MINUTE, 900).save()
    with program_of(tmp_path / "data", home) as made:
        yield made


def made(program: Program, request: ReportRequest) -> tuple[JobStatus, str]:
    """The task at its end, and the file that it offers."""
    program.html_report(request)
    deadline = time.monotonic() + 20
    while (status := program.jobs.status) is None or status.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert status.error is None and status.result is not None and status.result.download is not None
    offer = program.transfers.fetch(status.result.download.rpartition("/")[2])
    assert offer.name.startswith("tokendial-report-") and offer.name.endswith(".html")
    return status, offer.path.read_text(encoding="utf-8")


def test_it_is_of_the_range_that_is_asked_for(program: Program) -> None:
    status, whole = made(program, ReportRequest(range="alltime"))
    assert (status.kind, status.state) == ("report", "done")
    assert "secret-shop" in whole and "All time: 2025-03-01 to " in whole
    _, none = made(program, ReportRequest(range="custom", start="2025-02-01", end="2025-02-02"))
    assert 'value="0" id="tokens"' in none and "secret-shop" not in none
    with pytest.raises(BadRequest):
        program.html_report(ReportRequest(range="custom", start="2025-02-03", end="2025-02-02"))
    with pytest.raises(BadRequest):
        program.html_report(ReportRequest(provider="nobody"))


def test_privacy_mode_makes_it_private(program: Program) -> None:
    assert "secret-shop" not in made(program, ReportRequest(range="alltime", private=True))[1]
    program.change_settings(SettingsPatch(values={"privacy": True}))
    assert "secret-shop" not in made(program, ReportRequest(range="alltime"))[1]


def test_it_says_which_home_it_is_of(program: Program, home: Path) -> None:
    wanted = program.own.homes()[0].id
    assert f"Home <b>{home}</b>" in made(program, ReportRequest(range="alltime", home=wanted))[1]
    hidden = made(program, ReportRequest(range="alltime", home=wanted, private=True))[1]
    assert str(home) not in hidden and "Home <b>one of several</b>" in hidden


def test_sample_data_are_marked_as_invented(program: Program) -> None:
    program.demo(DemoRequest(on=True))
    assert "Sample data <b>every figure is invented</b>" in made(program, ReportRequest(range="last30days"))[1]
