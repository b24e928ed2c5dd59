"""What holds for every provider, over the logs that are kept here, through the real ledger: in any order and pieces."""

from __future__ import annotations

import gc
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.support.ledgers import assert_sound, rows
from tests.support.parsing import now_ms

from tokendial.ingest.reader import read_file
from tokendial.providers import PROVIDERS, provider
from tokendial.services.ledger import Ledger

FIXTURES = ROOT / "tests" / "fixtures"
CASES = [
    pytest.param(one.descriptor.id, home, id=f"{one.descriptor.id}-{home.name}")
    for one in PROVIDERS
    for home in sorted((FIXTURES / one.descriptor.id).iterdir())
    if home.is_dir()
]
_COUNTED = (
    "SELECT l.model, e.time_ms, e.input, e.cache_read, e.cache_write, e.cache_write_1h, e.output, e.reasoning "
    "FROM usage_event e JOIN label_set l ON l.id = e.label_id WHERE e.status = 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"
)


def counted(ledger: Ledger) -> list[tuple[Any, ...]]:
    assert_sound(ledger)
    return rows(ledger, _COUNTED)


def at_once(name: str, home: Path, data: Path) -> list[tuple[Any, ...]]:
    ledger = Ledger(data, [(name, home)])
    try:
        ledger.scan()
        return counted(ledger)
    finally:
        ledger.close()


def test_every_provider_has_logs_kept_here() -> None:
    assert {case.values[0] for case in CASES} == {one.descriptor.id for one in PROVIDERS}


@pytest.mark.parametrize(("name", "home"), CASES)
def test_the_second_scan_reads_nothing(name: str, home: Path, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, [(name, home)])
    try:
        ledger.scan()
        first = counted(ledger)
        assert first
        assert ledger.scan().files_read == 0
        assert counted(ledger) == first
    finally:
        ledger.close()


@pytest.mark.parametrize(("name", "home"), CASES)
def test_pieces_order_and_restarts_do_not_matter(name: str, home: Path, tmp_path: Path) -> None:
    """Files grow at random places in random order; the ledger is closed after each scan, so the state is its own."""
    chance, copy = random.Random(home.name), tmp_path / "copy"
    shutil.copytree(home, copy)
    texts = {Path(found.path): Path(found.path).read_bytes() for found in provider(name).logs.find_files(copy)}
    cuts = {path: sorted(chance.randint(0, len(text)) for _ in range(3)) for path, text in texts.items()}
    for step in range(4):
        for path in chance.sample(sorted(texts), len(texts)):
            path.write_bytes(texts[path][: [*cuts[path], len(texts[path])][step]])
        ledger = Ledger(tmp_path / "data", [(name, copy)])
        ledger.scan()
        grown = counted(ledger)
        ledger.close()
    assert grown == at_once(name, copy, tmp_path / "fresh")


@pytest.mark.parametrize(("name", "home"), CASES)
def test_a_line_that_cannot_be_read_is_counted_with_its_reason(name: str, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    logs = provider(name).logs
    lines = [Path(found.path) for found in logs.find_files(copy) if not logs.is_document(found.path)]
    if not lines:
        pytest.skip("only whole documents")
    before = at_once(name, copy, tmp_path / "before")
    for path in lines:
        text = path.read_bytes()
        path.write_bytes(text + (b"" if text.endswith(b"\n") else b"\n") + b'{"type":"assistant","usage":{torn\n')
    ledger = Ledger(tmp_path / "data", [(name, copy)])
    try:
        ledger.scan()
        refused = rows(ledger, "SELECT reason, sum(lines) FROM refused_line GROUP BY reason")
        assert dict(refused).get("not_json", 0) >= len(lines)
        assert counted(ledger) == before
    finally:
        ledger.close()


@pytest.mark.parametrize(("name", "home"), CASES)
def test_what_read_a_file_is_gone_with_it(name: str, home: Path) -> None:
    source = provider(name)
    files = [file.path for file in source.logs.find_files(home)]
    for path in files:
        read_file(source, path, None, now_ms())  # what is only made once
    gc.collect()
    gc.disable()
    try:
        for path in files:
            read_file(source, path, None, now_ms())
        assert gc.collect() == 0  # a cycle would keep a parser's memory, and a scan looks for none (M1)
    finally:
        gc.enable()
