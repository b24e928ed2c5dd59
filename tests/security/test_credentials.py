"""C6 and C8: the sign-ins of agents are read for one request and stay as they are; no secret is written anywhere."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.live.played import Played, Request, stage
from tests.security.day import Plan, Put
from tests.security.planted import SECRET_NEEDLES, SECRETS
from tests.security.sources import SOURCES, Part, answer, homes_in, run_day, sign_ins
from tests.security.using import leaks
from tests.support.proofs import Proved, Size

KEYS = ("OPENAI", "ANTHROPIC", "GEMINI", "GOOGLE")
PLACES = (
    "credential file of Claude Code", "credential file of Codex CLI", "credential file of Gemini CLI",
    "log of Antigravity", "environment", "answer of a service", "header of an answer", "error of a program",
    "output of a program", "address of a request",
)  # fmt: skip
FOUND_IN = (
    "ledger", "write-ahead log", "other files of the data folder", "what is logged in full", "tracebacks",
    "HTTP answers", "headers of HTTP answers", "process arguments",
)  # fmt: skip
APP = """
import json, os, sys
with open({argv!r}, "a") as file:
    file.write(repr(sys.argv) + chr(10))
print("for people:", {secret!r}, flush=True)
print({secret!r}, file=sys.stderr, flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "initialize":
        print(json.dumps({{"id": message["id"], "result": {{}}}}), flush=True)
    elif "id" in message:
        print(json.dumps({{"id": message["id"], "error": {{"message": "refused: " + {secret!r}}}}}), flush=True)
"""


def echoing() -> Part:
    """Every second answer of each address is a failure that repeats what was sent, in its body and in its headers."""
    asked: Counter[str] = Counter()

    def part(request: Request, _before: int) -> Played:
        asked[request.path] += 1
        return answer(request) if asked[request.path] % 2 else echo(request, asked[request.path] // 2)

    return part


def echo(request: Request, number: int) -> Played:
    sent = " ".join(request.headers.values())
    body = [
        json.dumps({"error": {"message": sent}}),
        f"<!doctype html>{sent}",
        json.dumps({"five_hour": sent, "rate_limit": sent, "buckets": sent, "userStatus": sent, "response": sent}),
        sent,
    ][number % 4]
    status = (401, 500, 200, 403)[number % 4]
    headers = {"X-Echo": sent.encode("latin-1", "replace").decode("latin-1"), "Set-Cookie": f"a={sent}"}
    return Played(status, body.encode(), headers)


def puts(folder: Path, homes: dict[str, Path], port: int) -> Iterator[list[Put]]:
    """A step for each shape with the sign-ins, and one in which Codex' own program is there to be asked."""
    program = folder / "bin" / "codex"
    for secret in SECRETS:
        files = [Put(str(path), text) for path, text in sign_ins(homes, secret, port).items()]
        yield [*files, Put(str(program), None)]
        script = f"#!{sys.executable}\n{APP.format(argv=str(folder / 'argv.txt'), secret=secret)}"
        yield [*files, Put(str(program), script, 0o755)]


def test_c6_secrets_of_twelve_shapes_are_nowhere_but_where_they_were(
    tmp_path: Path, size: Size, proved: Proved
) -> None:
    homes, rounds = homes_in(tmp_path / "agents"), size(1, 20)
    (folder := tmp_path / "files").mkdir()
    (folder / "bin").mkdir()
    urls = [
        form
        for secret in SECRETS
        for form in (f"/?token={quote(secret)}", f"/_open?k={quote(secret)}", f"/api/{quote(secret, safe='')}")
    ]
    with stage() as services:
        services.part = echoing()
        plan = Plan(
            str(folder / "data"), [(name, str(home)) for name, home in homes.items()], list(SOURCES),
            steps=2 * len(SECRETS) * rounds, step_seconds=7_200, stage=services.url, urls=urls, crash=True,
            puts=list(puts(folder, homes, int(services.url.rpartition(":")[2]))),
        )  # fmt: skip
        variables = {f"{name}_API_KEY": SECRETS[at] for at, name in enumerate(KEYS)}
        printed = run_day(folder, plan, **variables, GOOGLE_CLOUD_PROJECT="project-1")
        sent = " ".join(value for request in services.requests for value in request.headers.values())
    shutil.rmtree(folder / "bin")  # the program that held them, and
    (folder / "plan.json").unlink()  # what told where to put them
    assert sum(secret in sent for secret in SECRETS) >= len(SECRETS) - 1, "they were used; one cannot stand in a header"
    assert (folder / "argv.txt").read_text().count("app-server") >= len(SECRETS)
    assert (folder / "answers.txt").stat().st_size > 10_000
    assert list(leaks(folder, SECRET_NEEDLES)) == []
    assert "RuntimeError: a fault" in printed, "a traceback is among what is searched"
    assert [line for line in printed.splitlines() if any(needle in line for needle in SECRET_NEEDLES)] == []
    proved("C6", "shapes of secrets x places they stand in x rounds", len(SECRETS) * len(PLACES) * rounds)
    proved("C6", "kinds of places searched after that", len(FOUND_IN))


def state(paths: list[Path]) -> dict[str, tuple[bytes, int, int, int, int]]:
    """Bytes, mode, owner, and the times of the last change of content and of anything else."""
    found = {}
    for path in paths:
        status = path.stat()
        found[path.name] = (path.read_bytes(), status.st_mode, status.st_uid, status.st_mtime_ns, status.st_ctime_ns)
    return found


def test_c8_credential_files_are_as_they_were_after_a_day_and_nothing_was_renewed(
    tmp_path: Path, size: Size, proved: Proved
) -> None:
    homes, token, hours = homes_in(tmp_path / "agents"), "a-token-of-today", size(24, 24 * 14)
    (folder := tmp_path / "files").mkdir()
    with stage() as services:
        services.part = lambda request, before: Played(401) if before % 5 == 4 else answer(request)
        written = sign_ins(homes, token, int(services.url.rpartition(":")[2]))
        for path, text in written.items():
            path.write_text(text)
            path.chmod(0o600)
        before = state(list(written))
        folders = {path.parent: path.parent.stat().st_mtime_ns for path in written}
        plan = Plan(
            str(folder / "data"), [(name, str(home)) for name, home in homes.items()], list(SOURCES),
            steps=hours * 2, step_seconds=1_800, stage=services.url,
        )  # fmt: skip
        run_day(folder, plan)
        asked = services.requests
    assert state(list(written)) == before
    assert {path.parent: path.parent.stat().st_mtime_ns for path in written} == folders, "nothing was made beside them"
    assert all(f"{token} renew" not in f"{one.path} {one.headers} {one.body!r}" for one in asked)
    paths = {one.path for one in asked}
    assert paths == {
        "/api/oauth/usage", "/backend-api/wham/usage", "/v1internal:loadCodeAssist", "/v1internal:retrieveUserQuota",
        "/exa.language_server_pb.LanguageServerService/GetUserStatus",
        "/exa.language_server_pb.LanguageServerService/GetAvailableModels",
    }, "no end-point that renews a sign-in is among them"  # fmt: skip
    assert len(asked) >= hours * 2 * len(SOURCES)
    proved("C8", "credential files unchanged", len(written))
    proved("C8", "requests without a renewal", len(asked))


def test_c8_a_renewal_would_be_seen(tmp_path: Path) -> None:
    (path := tmp_path / "auth.json").write_text("{}")
    before = state([path])
    path.write_text("{}")
    assert state([path]) != before
    assert answer(Request("POST", "/oauth/token", {}, b"")).status == 404


@pytest.mark.parametrize("needle", SECRET_NEEDLES[:2])
def test_c6_the_search_finds_a_secret_where_it_was_put(tmp_path: Path, needle: str) -> None:
    homes = homes_in(tmp_path / "agents")
    for files in puts(tmp_path, homes, 80):
        (tmp_path / "bin").mkdir(exist_ok=True)
        for file in files:
            if file.text is not None:
                Path(file.path).write_text(file.text)
        assert list(leaks(tmp_path, SECRET_NEEDLES))
    assert any(needle in secret for secret in SECRETS)
