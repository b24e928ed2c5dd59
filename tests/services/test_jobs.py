"""Long tasks: one at a time, told step by step, and cancelled at any of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tokendial.errors import CannotWrite, JobRunning
from tokendial.services.contract.jobs import JobResult, JobStatus
from tokendial.services.jobs import Job, Jobs


class Told:
    """What was published, and the end of a task to wait for."""

    def __init__(self) -> None:
        self.all: list[JobStatus] = []
        self.ended = threading.Event()

    def __call__(self, status: JobStatus) -> None:
        self.all.append(status)
        if status.state != "running":
            self.ended.set()

    def end(self) -> JobStatus:
        assert self.ended.wait(10)
        self.ended.clear()
        return self.all[-1]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def jobs(told: Told) -> Iterator[Jobs]:
    made = Jobs(told)
    yield made
    made.close()


def test_a_task_tells_its_parts_and_its_result(jobs: Jobs, told: Told) -> None:
    def work(job: Job) -> JobResult:
        job.say("First", 0.0)
        job.part(0.5, 1.0)(0.5)
        job.say("Second", 0.75)
        return JobResult(message="Done.", path="/x")

    assert jobs.status is None
    began = jobs.start("backup", work)
    assert (began.id, began.kind) == (1, "backup")
    end = told.end()
    assert (end.state, end.progress, end.error) == ("done", 1.0, None)
    assert end.result == JobResult(message="Done.", path="/x")
    assert [status.text for status in told.all if status.text] == ["First", "Second"]
    assert jobs.start("check", lambda _job: JobResult(message="")).id == 2
    told.end()


def test_progress_is_told_now_and_then_but_its_last_value_is_known(jobs: Jobs, told: Told) -> None:
    def work(job: Job) -> JobResult:
        for number in range(50_000):
            job.progress(number / 50_000)
        return JobResult(message=str(job.status.progress))

    jobs.start("export", work)
    end = told.end()
    assert end.result is not None and end.result.message == str(49_999 / 50_000)
    assert len(told.all) < 1_000


def test_a_second_task_is_refused_until_the_first_has_ended(jobs: Jobs, told: Told) -> None:
    go = threading.Event()

    def work(job: Job) -> JobResult:
        go.wait(10)
        return JobResult(message="")

    jobs.start("backup", work)
    with pytest.raises(JobRunning):
        jobs.start("backup", work)
    with pytest.raises(JobRunning):
        jobs.refuse_second()
    go.set()
    told.end()
    jobs.refuse_second()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [(CannotWrite("No room.", path="/x"), "cannot_write", "No room."), (ValueError("/home/u"), "internal", "fault")],
)
def test_a_task_that_fails_says_why_but_not_with_a_trace(
    error: Exception, code: str, words: str, jobs: Jobs, told: Told
) -> None:
    def work(_job: Job) -> JobResult:
        raise error

    jobs.start("compact", work)
    end = told.end()
    assert end.state == "failed" and end.error is not None
    assert end.error.code == code and words in end.error.message
    assert "/home/u" not in end.error.message
    jobs.refuse_second()


def test_cancelling_ends_a_task_at_its_next_step(jobs: Jobs, told: Told) -> None:
    put_away = threading.Event()

    def work(job: Job) -> JobResult:
        try:
            while True:
                job.progress(None)
        finally:
            put_away.set()

    jobs.start("restore", work)
    jobs.cancel()
    assert told.end().state == "cancelled"
    assert put_away.is_set()


def test_closing_waits_until_a_task_has_put_away_what_it_began(told: Told) -> None:
    jobs, steps = Jobs(told), []

    def work(job: Job) -> JobResult:
        try:
            while True:
                job.check()
        finally:
            steps.append("put away")

    jobs.start("backup", work)
    jobs.close()
    assert steps == ["put away"]
    with pytest.raises(JobRunning):
        jobs.start("backup", work)
    jobs.close()
