"""Claude Code and Gemini CLI through the real ledger: exactly the expected numbers, however the files arrive."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import CORPUS, ROOT
from tests.support.gemini_logs import Used, expected_per_model
from tests.support.ledgers import assert_sound, rows
from tests.support.transcript import Total, expected

from tokendial.providers import provider
from tokendial.services.ledger import Ledger

FIXTURES = ROOT / "tests" / "fixtures"
CLAUDE_KEPT = ("mirrored", "proxy", "resumed", "streamed", "workflow")
CLAUDE_SETS = tuple(f"set-{number:02}" for number in range(1, 8))
GEMINI_SETS = ("set-01", "set-02", "set-03")
_SUMS = (
    "SELECT l.model, sum(e.input), sum(e.cache_read), sum(e.cache_write), sum(e.cache_write_1h), sum(e.output), "
    "sum(e.reasoning), count(*) FROM usage_event e JOIN label_set l ON l.id = e.label_id WHERE e.status = 0 "
    "GROUP BY l.model"
)


class Home(NamedTuple):
    """A home with logs, and the file that says what they hold."""

    provider: str
    folder: Path
    stated: Path

    def expected(self) -> dict[str, Total]:
        """The sums by model, in the form in which the ledger is read here; models that used nothing are left out."""
        if self.provider == "claude":
            return expected(self.stated)[self.folder.name]
        sums: dict[str, Used] = {}
        for name, entry in json.loads(self.stated.read_text(encoding="utf-8")).items():
            if name.startswith(f"{self.folder.name}/"):
                for model, used in expected_per_model(entry).items():
                    sums[model] = sums.get(model, Used()).plus(used)
        return {
            model: Total(used.input - used.cached, used.cached, output=used.output + used.thoughts)
            for model, used in sums.items()
        }

    def files(self) -> list[Path]:
        return [Path(found.path) for found in provider(self.provider).logs.find_files(self.folder)]

    @contextmanager
    def ledger(self, data: Path, *homes: Path) -> Iterator[Ledger]:
        opened = Ledger(data, [(self.provider, home) for home in homes])
        try:
            yield opened
        finally:
            opened.close()

    def found(self, ledger: Ledger) -> dict[str, Total]:
        """The sums by model of what counts."""
        assert_sound(ledger)
        sums = {model: (Total(*counts[:5], counts[6]), counts[5]) for model, *counts in rows(ledger, _SUMS)}
        if self.provider == "claude":
            return {model: total for model, (total, _) in sums.items()}
        return {model.removesuffix("?"): total._replace(requests=0) for model, (total, _) in sums.items()}


def kept() -> list[Home]:
    claude = [Home("claude", FIXTURES / "claude" / name, FIXTURES / "claude" / "expected.json") for name in CLAUDE_KEPT]
    gemini = FIXTURES / "gemini"
    names = sorted(path.name for path in gemini.iterdir() if path.is_dir())
    return claude + [Home("gemini", gemini / name, gemini / "expected.json") for name in names]


def shared() -> list[Home]:
    claude = [Home("claude", CORPUS / "claude" / name, CORPUS / "expected-claude.json") for name in CLAUDE_SETS]
    gemini = [Home("gemini", CORPUS / "gemini" / name, CORPUS / "expected-gemini.json") for name in GEMINI_SETS]
    return claude + gemini


def named(homes: list[Home], *, corpus: bool) -> list[object]:
    marks = [pytest.mark.corpus] if corpus else []
    return [pytest.param(home, marks=marks, id=f"{home.provider}-{home.folder.name}") for home in homes]


HOMES = named(kept(), corpus=False) + named(shared(), corpus=True)


@pytest.mark.parametrize("home", HOMES)
def test_a_home_gives_exactly_its_numbers_also_twice_and_when_its_files_are_gone(home: Home, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home.folder, copy)
    with home.ledger(tmp_path / "data", copy) as ledger:
        ledger.scan()
        assert home.found(ledger) == home.expected()
        assert ledger.scan().files_read == 0
        assert home.found(ledger) == home.expected()
        for found in list(provider(home.provider).logs.find_files(copy)):
            Path(found.path).unlink()
        ledger.scan()
        assert home.found(ledger) == home.expected()


@pytest.mark.parametrize("home", HOMES)
def test_a_home_under_two_paths_counts_once(home: Home, tmp_path: Path) -> None:
    """A link is the same home; a synced copy is another home with the same responses (A-15)."""
    copy, link = tmp_path / "copy", tmp_path / "link"
    shutil.copytree(home.folder, copy)
    link.symlink_to(copy)
    with home.ledger(tmp_path / "data", home.folder, link, copy) as ledger:
        ledger.scan()
        assert home.found(ledger) == home.expected()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("home", HOMES)
def test_files_may_come_in_any_order_with_scans_between(home: Home, seed: int, tmp_path: Path) -> None:
    copy, files = tmp_path / "copy", home.files()
    copy.mkdir()
    random.Random(seed).shuffle(files)
    size = max(1, len(files) // 8)
    with home.ledger(tmp_path / "data", copy) as ledger:
        for at in range(0, len(files), size):
            for file in files[at : at + size]:
                target = copy / file.relative_to(home.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy_marks(file, target, home.folder, copy)
                shutil.copy(file, target)
            ledger.scan()
        assert home.found(ledger) == home.expected()


@pytest.mark.parametrize("home", HOMES)
def test_files_may_move_and_have_twins(home: Home, tmp_path: Path) -> None:
    """A project's folder gets another name, is copied beside itself, and the first one goes."""
    copy = tmp_path / "copy"
    shutil.copytree(home.folder, copy)
    (folder,) = provider(home.provider).logs.watch_roots(copy)[:1]
    with home.ledger(tmp_path / "data", copy) as ledger:
        ledger.scan()
        for project in sorted(folder.iterdir()):
            project.rename(project.with_name(f"{project.name}-moved"))
        ledger.scan()
        assert home.found(ledger) == home.expected()
        for project in sorted(folder.iterdir()):
            shutil.copytree(project, project.with_name(f"{project.name}-twin"))
        ledger.scan()
        assert home.found(ledger) == home.expected()
        for project in sorted(folder.glob("*-moved")):
            shutil.rmtree(project)
        ledger.scan()
        assert home.found(ledger) == home.expected()


@pytest.mark.parametrize("home", named([home for home in shared() if home.provider == "claude"], corpus=True))
def test_the_sums_of_a_set_are_the_stated_ones(home: Home, tmp_path: Path) -> None:
    """Also without regard to models, as `dedup_max` has them; both kinds of cache writes are apart in `expected`."""
    stated = json.loads(home.stated.read_text(encoding="utf-8"))[home.folder.name]["dedup_max"]
    with home.ledger(tmp_path, home.folder) as ledger:
        ledger.scan()
        totals = list(home.found(ledger).values())
        assert {
            "input_tokens": sum(total.input for total in totals),
            "cache_read_input_tokens": sum(total.read for total in totals),
            "cache_creation_input_tokens": sum(total.short + total.hour for total in totals),
            "output_tokens": sum(total.output for total in totals),
        } == stated


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("home", HOMES)
def test_files_may_grow_at_random_cuts_with_scans_between(home: Home, seed: int, tmp_path: Path) -> None:
    chance, copy = random.Random(seed), tmp_path / "copy"
    shutil.copytree(home.folder, copy)
    texts = {Path(found.path): Path(found.path).read_bytes() for found in provider(home.provider).logs.find_files(copy)}
    cuts = {path: sorted(chance.randint(0, len(text)) for _ in range(4)) for path, text in texts.items()}
    with home.ledger(tmp_path / "data", copy) as ledger:
        for step in range(5):
            for path, text in chance.sample(sorted(texts.items()), len(texts)):
                path.write_bytes(text[: [*cuts[path], len(text)][step]])
            ledger.scan()
        assert home.found(ledger) == home.expected()


def _copy_marks(file: Path, target: Path, home: Path, copy: Path) -> None:
    """What the program writes into a project's folder before its first log."""
    del target
    for folder in file.relative_to(home).parents:
        for mark in (home / folder).glob(".project_root"):
            (copy / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(mark, copy / folder / mark.name)


@pytest.mark.corpus
def test_all_sets_of_a_provider_in_one_ledger_add_up(tmp_path: Path) -> None:
    """What the sets share counts once: the sum of the sets is an upper limit, and the models are all there."""
    homes = [home for home in shared() if home.provider == "claude"]
    with homes[0].ledger(tmp_path, *(home.folder for home in homes)) as ledger:
        ledger.scan()
        found = homes[0].found(ledger)
        assert found.keys() == {model for home in homes for model in home.expected()}
        separately = sum(total.output for home in homes for total in home.expected().values())
        assert sum(total.output for total in found.values()) <= separately
