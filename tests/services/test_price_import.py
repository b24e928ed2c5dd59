"""Price files: what is written comes back, and what is no such file changes nothing and says why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parity.logs import Log
from tests.services.support import ledger_of, pricing_of, rule

from tokendial.domain.pricing import PriceRule
from tokendial.errors import CannotWrite, InvalidFile
from tokendial.services.contract.prices import ImportMode, PriceImportRequest, PriceRuleInput
from tokendial.services.ledger import Ledger
from tokendial.services.price_disk import read_text, write_text
from tokendial.services.price_file import MAX_BYTES, file_name, read, write
from tokendial.services.price_import import import_rules, merge, preview_import
from tokendial.services.price_rules import to_rules

GOOD = {"pattern": "a", "input": "1", "output": "1"}
NOV_25 = 1_795_564_800_000
FULL = rule(
    "gpt-5*", "1.250001", "10", provider="codex", effective_from="2025-01-10", effective_to="2025-02-01",
    cache_read="0", cache_write="1.5", cache_write_1h="2.4", long_threshold=272_000, long_input="2.5",
    long_cache_read="0.25", long_cache_write="3", long_cache_write_1h="5", long_output="15",
    tiers={"priority": "2", "flex": "0.5"}, flat_tiers=["flex"],
)  # fmt: skip


def plain(rules: list[PriceRule]) -> list[PriceRule]:
    return [msgspec.structs.replace(one, id=None) for one in rules]


def file_of(*rules: dict[str, object], **more: object) -> str:
    return json.dumps({"format": "tokendial-prices", "version": 1, "rules": list(rules), **more})


def test_what_is_exported_is_imported_as_the_same_rules() -> None:
    rules = to_rules([FULL, rule("*", "0.000001", "100000")])
    text = write(rules, NOV_25)
    assert read(text) == rules
    assert read("\ufeff" + text.replace("\n", "\r\n")) == rules, "as an editor of another system leaves it"
    found = json.loads(text)
    assert list(found) == ["format", "version", "exported_at", "program", "rules"]
    assert (found["format"], found["version"], found["exported_at"]) == ("tokendial-prices", 1, "2026-11-25T00:00:00Z")
    assert (found["rules"][0]["input"], found["rules"][0]["flat_tiers"]) == ("1.250001", ["flex"])
    assert "id" not in found["rules"][0]
    assert file_name(NOV_25) == "tokendial-prices-2026-11-25.json"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\ufeff", "empty"),
        ("{", "damaged"),
        (write(to_rules([FULL]), 0)[:-40], "damaged"),
        ("\x00\x01PNG", "damaged"),
        ("[" * 200_000, "damaged"),
        ("[]", "no price file of Tokendial"),
        ("null", "no price file of Tokendial"),
        ("{}", "no price file of Tokendial"),
        ('[{"model_pattern": "gpt-5.2", "input_per_1m": 1.75}]', "no price file of Tokendial"),
        ('{"format": "other", "version": 1, "rules": []}', "no price file of Tokendial"),
        ('{"format": "tokendial-prices"}', "version is missing"),
        ('{"format": "tokendial-prices", "version": "1"}', "version is missing or no number"),
        (file_of(version=2), "newer Tokendial (version 2"),
        (file_of(version=0), "no version 0"),
        (file_of(), "holds no rules"),
        ('{"format": "tokendial-prices", "version": 1}', "rules"),
        (file_of(GOOD, more=1), "unknown field `more`"),
        (file_of({"pattern": "a", "input": "1"}), "missing required field `output` (rule 1)"),
        (file_of(GOOD, GOOD | {"input": 1}), "(rule 2, input)"),
        (file_of(GOOD | {"cache_raed": "0"}), "unknown field `cache_raed` (rule 1)"),
        (file_of(GOOD | {"input": "-1"}), "Rule 1 (a), input: The number cannot be negative."),
        (file_of(GOOD | {"input": "", "output": ""}), "There is one more problem."),
        (file_of(*[GOOD] * 3), "are 5 more problems"),
        (file_of(GOOD | {"effective_from": "2025-02-30"}), "effective_from"),
        (file_of(*(GOOD | {"pattern": f"a{n}"} for n in range(1001))), "at most 1,000 rules"),
        (file_of(GOOD | {"pattern": "a" * (MAX_BYTES + 1)}), "larger than 512 KB"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_one_changes_nothing_and_says_why(home: Path, data: Path, text: str, words: str) -> None:
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("kept", "1", "1")])
        before = pricing_of(ledger)
        for mode in ("merge", "replace"):
            with pytest.raises(InvalidFile, match=re.escape(words)):
                import_rules(ledger.prices, request(text, mode))
            with pytest.raises(InvalidFile), ledger.view() as view:
                preview_import(view, ledger.prices, request(text, mode))
        assert pricing_of(ledger) == before


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidFile) as refused:
        read(text)
    assert refused.value.message.endswith(".")


def request(text: str, mode: str) -> PriceImportRequest:
    return PriceImportRequest(text, msgspec.convert(mode, ImportMode))


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z")
    log.respond("2025-03-01T10:01:00Z", 1_000_000, 0, 0).save()
    with ledger_of(data, home) as opened:
        opened.prices.save(
            [
                rule("gpt-5.5", "1", "1", effective_to="2025-03-02"),
                rule("gpt-5.5", "2", "2", effective_from="2025-03-02"),
                rule("same", "1", "1"),
                rule("mine", "1", "1"),
            ]
        )
        yield opened


COMING = [
    rule("GPT-5.5", "7", "7", effective_from="2025-02-01", effective_to="2025-03-02"),
    rule("same", "1", "1"),
    rule("new", "1", "1"),
]


@pytest.mark.parametrize(
    ("mode", "counts", "left"),
    [
        ("merge", (1, 1, 0, 1), ["GPT-5.5", "gpt-5.5", "same", "mine", "new"]),
        ("replace", (1, 1, 2, 1), ["GPT-5.5", "same", "new"]),
    ],
)
def test_an_import_is_told_beforehand_and_then_done(
    ledger: Ledger, mode: str, counts: tuple[int, ...], left: list[str]
) -> None:
    wanted = request(write(to_rules(COMING), 0), mode)
    before = pricing_of(ledger).rules
    with ledger.view() as view:
        told = preview_import(view, ledger.prices, wanted)
    assert pricing_of(ledger).rules == before
    assert (told.in_file, told.added, told.replaced, told.removed, told.unchanged) == (3, *counts)
    assert (told.effect.change_usd, [one.month for one in told.effect.months]) == ("6.000000000000", ["2025-03"])
    import_rules(ledger.prices, wanted)
    assert sorted(one.pattern for one in pricing_of(ledger).rules) == sorted(left)
    with ledger.view() as view:
        assert view.total_between(None, None).usd == "7.000000000000"
        assert preview_import(view, ledger.prices, wanted).unchanged == 3, "once more changes nothing"


def some_rules() -> st.SearchStrategy[list[PriceRuleInput]]:
    """Rules of a few subjects in periods that touch."""
    one = st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.integers(1, 3))
    return st.lists(one, max_size=4, unique_by=lambda item: item[:2]).map(
        lambda items: [
            rule(pattern, str(price), effective_from=f"2025-01-0{day}", effective_to=f"2025-01-0{day + 1}")
            for pattern, day, price in items
        ]
    )


@given(mine=some_rules(), coming=some_rules(), mode=st.sampled_from(("merge", "replace")))
def test_after_an_import_every_rule_of_the_file_holds_and_none_conflicts(
    mine: list[PriceRuleInput], coming: list[PriceRuleInput], mode: str
) -> None:
    present, given_rules = to_rules(mine), to_rules(coming)
    merged = merge(present, given_rules, msgspec.convert(mode, ImportMode))
    assert all(rule in merged.rules for rule in given_rules)
    assert len(merged.rules) == len(set(map(repr, merged.rules)))
    spans = [(one.pattern, one.effective_from_ms) for one in merged.rules]
    assert len(spans) == len(set(spans)), "no two of one subject share a day"
    if mode == "replace":
        assert plain(merged.rules) == given_rules
    assert merged.added + merged.replaced + merged.unchanged == len(given_rules)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    write_text(path, "ä\n")
    assert (path.read_bytes(), read_text(path)) == ("ä\n".encode(), "ä\n")
    with pytest.raises(CannotWrite, match=r"x\.json"):
        write_text(tmp_path / "nowhere" / "x.json", "x")
    path.unlink()
    path.mkdir()
    with pytest.raises(CannotWrite):
        write_text(path, "x")
    assert [each.name for each in tmp_path.iterdir()] == ["prices.json"], "nothing is left lying about"
    with pytest.raises(InvalidFile, match=r"prices\.json cannot be read"):
        read_text(path)


def test_bytes_that_are_no_text_and_files_too_large_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(InvalidFile, match="UTF-8"):
        read_text(path)
    path.write_bytes("ä".encode() * MAX_BYTES)
    with pytest.raises(InvalidFile, match="larger"):
        read(read_text(path))
