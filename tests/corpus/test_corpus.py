"""Real files, masked: every one gives exactly its numbers, however its bytes, lines and neighbours arrive."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import zstandard
from tests.conftest import CORPUS
from tests.support.ledgers import assert_sound, content, ledger_of, rows
from tests.support.masked import Expected, by_thread, classes, per_file
from tests.support.parsing import Found, Spent, now_ms, parse
from tests.support.rollout import dumps

from tokendial.domain.records import UsageRecord
from tokendial.ingest.reader import Known, read_file
from tokendial.providers.codex import CODEX

pytestmark = pytest.mark.corpus
SETS = [f"set-{number:02}" for number in range(1, 11)]
FAMILIES = ["set-01", "set-03", "set-09"]


@cache
def expected() -> Expected:
    return Expected(CORPUS / "expected-codex.json")


def source(name: str) -> Path:
    return CORPUS / "codex" / name


def logs(home: Path) -> list[Path]:
    return sorted(Path(found.path) for found in CODEX.logs.find_files(home))


def all_logs() -> Iterator[Path]:
    for name in SETS:
        yield from logs(source(name))


def facts(found: Found) -> tuple[object, ...]:
    """What may not depend on how the file was cut or spelled. Offsets are left out."""
    events = [(*event[:2], label, *event[3:10]) for event, label in zip(found.events, found.labels, strict=True)]
    audit = {kind: (tally.records, tally.tokens) for kind, tally in found.parsed.audit.items()}
    prompts = [prompt.time_ms for prompt in found.parsed.prompts]
    return events, audit, found.refused, found.parsed.session, prompts, found.parsed.readings


@pytest.fixture
def copy(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A home of our own with the files of a set."""
    home = tmp_path / str(request.param)
    shutil.copytree(source(str(request.param)), home, copy_function=shutil.copyfile)
    for folder in (home, *(path for path in home.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    return home


def test_there_are_as_many_files_as_expectations() -> None:
    assert expected().homes() == SETS
    assert len(list(all_logs())) == 115


@pytest.mark.parametrize("name", SETS)
def test_every_file_gives_exactly_its_numbers(name: str, tmp_path: Path) -> None:
    home = source(name)
    with ledger_of(tmp_path, home) as ledger:
        ledger.scan()
        assert per_file(ledger, home) == expected().files(name)
        assert_sound(ledger)
        assert ledger.scan().events_added == 0
        assert per_file(ledger, home) == expected().files(name)


@pytest.mark.parametrize("name", SETS)
def test_every_usage_line_is_classed_as_expected(name: str, tmp_path: Path) -> None:
    home = source(name)
    for path in logs(home):
        audit = parse(path.read_bytes(), path.name).audit
        wanted = expected().classes(name, str(path.relative_to(home)))
        assert classes(audit, wanted) == wanted, path
        assert "gap" not in audit


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SETS)
def test_the_order_of_files_does_not_matter(name: str, seed: int, tmp_path: Path) -> None:
    home = source(name)
    paths = logs(home)
    random.Random(seed).shuffle(paths)
    with ledger_of(tmp_path, home) as ledger:
        for at in range(0, len(paths), 4):
            ledger.scan(only={str(path) for path in paths[at : at + 4]})
        assert per_file(ledger, home) == expected().files(name)
        assert_sound(ledger)


@pytest.mark.parametrize("name", FAMILIES)
def test_files_that_grow_together_give_the_same(name: str, tmp_path: Path) -> None:
    """All files of a home are appended at random places, with a scan after each round."""
    chance, home = random.Random(11), tmp_path / name
    data = {path.relative_to(source(name)): path.read_bytes() for path in logs(source(name))}
    done = dict.fromkeys(data, 0)
    with ledger_of(tmp_path / "data", _with_folders(home)) as ledger:
        for round_ in range(6):
            for path, whole in data.items():
                end = len(whole) if round_ == 5 else chance.randint(done[path], len(whole))
                if round_ == 0 and chance.random() < 0.5:
                    continue
                (home / path).parent.mkdir(parents=True, exist_ok=True)
                with (home / path).open("ab") as file:
                    file.write(whole[done[path] : end])
                done[path] = end
            ledger.scan()
            assert_sound(ledger)
        assert per_file(ledger, home) == expected().files(name)


def _with_folders(home: Path) -> Path:
    (home / "sessions").mkdir(parents=True)
    return home


def test_every_file_appended_at_random_cuts_equals_one_parse() -> None:
    chance = random.Random(5)
    for path in all_logs():
        data = path.read_bytes()
        cuts = sorted(chance.randrange(len(data)) for _ in range(4))
        assert _grown(path.name, data, cuts) == _summary(parse(data, path.name)), path


def _grown(name: str, data: bytes, cuts: list[int]) -> tuple[object, ...]:
    state, start, events, labels = None, 0, list[UsageRecord](), list[object]()
    for cut in [*cuts, len(data)]:
        stop = max(start, data.rfind(b"\n", 0, cut) + 1)
        parser = CODEX.logs.parser(name, now_ms(), state)
        parser.feed(data[start:stop], 0, stop - start, start)
        parsed = parser.finish()
        found = Found(parsed, [UsageRecord(*event) for event in parsed.events])
        events += found.events
        labels += found.labels
        state, start = parsed.state, stop
    whole = Found(parsed, [])
    return (
        [(*event[:2], label, *event[3:]) for event, label in zip(events, labels, strict=True)],
        whole.audit,
        whole.refused,
    )


def _summary(found: Found) -> tuple[object, ...]:
    events = [(*event[:2], label, *event[3:]) for event, label in zip(found.events, found.labels, strict=True)]
    return events, found.audit, found.refused


def test_a_small_file_byte_by_byte(tmp_path: Path) -> None:
    whole = min((path for path in all_logs() if parse(path.read_bytes(), path.name).events), key=_size)
    path, known, found = tmp_path / whole.name, None, list[tuple[int, ...]]()
    data = whole.read_bytes()[:60_000]
    with path.open("wb", buffering=0) as file:
        for byte in data:
            file.write(bytes([byte]))
            if byte in b"\n}":
                known = _poll(path, known, found)
    assert found == [tuple(event) for event in parse(data[: data.rfind(b"\n") + 1], whole.name).events]


def _poll(path: Path, known: Known | None, found: list[tuple[int, ...]]) -> Known:
    result = read_file(CODEX, str(path), known, now_ms())
    if result.replaces:
        found.clear()
    # Labels are numbered per pass; these files have one set only.
    found += [tuple(event) for event in result.parsed.events]
    return result.known


def _size(path: Path) -> int:
    return path.stat().st_size


def test_keys_in_any_order_and_blanks_change_nothing() -> None:
    chance = random.Random(3)
    for path in all_logs():
        data = path.read_bytes()
        assert facts(parse(_respelled(data, chance), path.name))[:3] == facts(parse(data, path.name))[:3], path


def _respelled(data: bytes, chance: random.Random) -> bytes:
    """Every line that matters with its keys shuffled and blanks put in; what is no JSON stays as it is."""
    return b"\n".join(_respell(line, chance) for line in data.split(b"\n"))


def _respell(line: bytes, chance: random.Random) -> bytes:
    if b'"response_item"' in line[:80] and chance.random() < 0.9:
        return line  # conversation: a sample is enough
    try:
        value = json.loads(line)
    except ValueError:
        return line
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " :  ")])
    return json.dumps(_shuffled(value, chance), separators=separators).encode()


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("copy", SETS, indirect=True)
def test_archiving_compressing_and_twins_count_nothing_twice(copy: Path, tmp_path: Path) -> None:
    name = copy.name
    wanted = by_thread(expected().files(name))
    archive = copy / "archived_sessions"
    archive.mkdir()
    with ledger_of(tmp_path / "data", copy) as ledger:
        ledger.scan()
        before = content(ledger)

        for path in logs(copy):  # twins: active and archived at once
            shutil.copyfile(path, archive / path.name)
        ledger.scan()
        assert content(ledger) == before

        for path in logs(copy):  # archived
            if path.parent != archive:
                path.unlink()
        ledger.scan()
        assert content(ledger).events == before.events

        for path in logs(copy):  # archived and compressed
            path.with_name(path.name + ".zst").write_bytes(zstandard.compress(path.read_bytes(), 1))
            path.unlink()
        ledger.scan()
        assert content(ledger).events == before.events
        assert_sound(ledger)
        found: dict[str, dict[str, Spent]] = {}
        for file, models in per_file(ledger, copy).items():
            found[Path(file).name.removesuffix(".zst")] = models
        assert found == wanted
        assert set(rows(ledger, "SELECT status FROM source_file")) <= {("present",), ("gone",)}


@pytest.mark.parametrize("copy", ["set-03", "set-09"], indirect=True)
def test_compressed_from_the_start(copy: Path, tmp_path: Path) -> None:
    for path in logs(copy):
        path.with_name(path.name + ".zst").write_bytes(zstandard.compress(path.read_bytes(), 1))
        path.unlink()
    with ledger_of(tmp_path / "data", copy) as ledger:
        ledger.scan()
        assert by_thread(per_file(ledger, copy)) == by_thread(expected().files(copy.name))


def test_the_spelling_helper_really_changes_lines() -> None:
    line = dumps({"a": {"b": 1, "c": [{"d": 2, "e": 3}]}}).encode()
    assert {_respell(line, random.Random(seed)) for seed in range(20)} != {line}
    assert all(json.loads(_respell(line, random.Random(seed))) == json.loads(line) for seed in range(20))
