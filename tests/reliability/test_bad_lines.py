"""Lines that are damaged in every way, among good ones, through the ledger of every provider (R7, R8)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.agents import AgentLog, every_agent, home_of, session_of
from tests.support.ledgers import assert_sound, content, counted, ledger_of, rows
from tests.support.proofs import Proved, Size

from tokendial.services.audit import REASONS

Damage = Callable[[bytes, random.Random], bytes]
DEEP = b"[" * 20_000 + b"]" * 20_000


def torn(line: bytes, chance: random.Random) -> bytes:
    return line[: chance.randrange(len(line) // 2, len(line) - 1)]


def control_byte(line: bytes, chance: random.Random) -> bytes:
    return bytes([chance.choice([1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 31])]) + line


def nul_inside(line: bytes, chance: random.Random) -> bytes:
    """Behind the name of its kind: a line of a kind that says nothing is passed over unread, whatever is in it."""
    at = chance.randrange(len(line) // 2, len(line) - 1)
    return line[:at] + b"\0" * chance.randrange(1, 9) + line[at:]


def nothing_but_nul(_line: bytes, chance: random.Random) -> bytes:
    return b"\0" * chance.randrange(1, 4_000)


def no_comma(line: bytes, _chance: random.Random) -> bytes:
    return line.replace(b",", b" ", 1)


def single_quotes(line: bytes, _chance: random.Random) -> bytes:
    return line.replace(b'"', b"'")


def twice_closed(line: bytes, _chance: random.Random) -> bytes:
    return line + b"}}"


def too_deep(line: bytes, _chance: random.Random) -> bytes:
    return line[:-1] + b',"deep":' + DEEP + b"}"


def bad_escape(line: bytes, _chance: random.Random) -> bytes:
    return line.replace(b':"', b':"\\x', 1)


def bad_number(line: bytes, chance: random.Random) -> bytes:
    value = chance.choice(["-1", "1.5", "1e400", "NaN", "Infinity", "-Infinity", '"7"', "9" * 400, "9007199254740993"])
    return with_count(line, chance.choice(list(counts_of(line))), value)


def bad_time(line: bytes, chance: random.Random) -> bytes:
    value = chance.choice(["", "soon", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2026-02-30T00:00:00Z"])
    return line.replace(b'"timestamp":"' + stamp(line), b'"timestamp":"' + value.encode(), 1)


def garbage(_line: bytes, chance: random.Random) -> bytes:
    return (
        b"{" + chance.randbytes(chance.randrange(1, 200)).replace(b"\n", b"?").replace(b"}", b"?") + b'"usage" "tokens"'
    )


SURELY_BAD: list[Damage] = [
    torn, control_byte, nul_inside, nothing_but_nul, no_comma, single_quotes, twice_closed, too_deep, bad_escape,
    bad_number, bad_time, garbage,
]  # fmt: skip


def bom(line: bytes, _chance: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + line


def carriage_return(line: bytes, _chance: random.Random) -> bytes:
    return line + b"\r"


def blanks(line: bytes, _chance: random.Random) -> bytes:
    return b" \t " + line + b"  "


def line_separators(line: bytes, _chance: random.Random) -> bytes:
    return line[:-1] + ',"odd":"a\u2028\u2029\u0085\x7fb"}'.encode()


def invalid_utf8(line: bytes, _chance: random.Random) -> bytes:
    return line[:-1] + b',"odd":"\xff\xfe\xc0\x80\xf5"}'


def half_a_pair(line: bytes, _chance: random.Random) -> bytes:
    return line[:-1] + b',"odd":"\\ud83d \\udc9b"}'


def surrogate_bytes(line: bytes, _chance: random.Random) -> bytes:
    return line[:-1] + b',"odd":"\xed\xa0\x80"}'


def large_float_beside(line: bytes, _chance: random.Random) -> bytes:
    return line[:-1] + b',"odd":1e300}'


ODD_BUT_GOOD: list[Damage] = [
    bom, carriage_return, blanks, line_separators, invalid_utf8, half_a_pair, surrogate_bytes, large_float_beside,
]  # fmt: skip


def stamp(line: bytes) -> bytes:
    start = line.index(b'"timestamp":"') + 13
    return line[start : line.index(b'"', start)]


# -- counts ----------------------------------------------------------------------------------------------------------

FIELDS = {
    "codex": [
        f"{part}.{field}"
        for part in ("total_token_usage", "last_token_usage")
        for field in (
            "input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens",
            "reasoning_output_tokens", "total_tokens",
        )
    ],
    "claude": [
        "usage.input_tokens", "usage.cache_creation_input_tokens", "usage.cache_read_input_tokens",
        "usage.output_tokens", "cache_creation.ephemeral_5m_input_tokens", "cache_creation.ephemeral_1h_input_tokens",
    ],
    "gemini": ["tokens.input", "tokens.output", "tokens.cached", "tokens.thoughts", "tokens.tool"],
}  # fmt: skip
VALUES = [
    "-1", "-9007199254740993", "1.5", "1e400", "1e30", "9007199254740993", "9" * 400, "NaN", "Infinity", "-Infinity",
    '"12"', "true", "[]", "{}",
]  # fmt: skip


def objects(value: object, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield name, value
        for key, held in value.items():
            yield from objects(held, key)


def counts_of(line: bytes) -> Iterator[str]:
    """The counts of a response's line, each as `object.field`."""
    names = {field for fields in FIELDS.values() for field in fields}
    for name, held in objects(json.loads(line)):
        yield from (f"{name}.{field}" for field in held if f"{name}.{field}" in names)


def with_count(line: bytes, field: str, value: str) -> bytes:
    """The line with one of its counts written like this."""
    found = json.loads(line)
    name, key = field.split(".")
    for holder, held in objects(found):
        if holder == name and key in held:
            held[key] = "@"
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    assert '"@"' in text, field
    return text.replace('"@"', value).encode()


@every_agent
def test_r8_a_count_that_cannot_be_is_refused_wherever_it_stands(
    agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    home, log = home_of(agent, tmp_path), session_of(agent, 1)
    cases = [(field, value) for field in FIELDS[agent.provider] for value in VALUES]
    for number, (field, value) in enumerate(cases):
        log.lines[-1] = with_count(log.respond(1_000 + number), field, value) + b"\n"
    log.respond(7)
    log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        refused = dict(rows(ledger, "SELECT reason, sum(lines) FROM refused_line GROUP BY reason"))
        assert sum(refused.values()) == len(cases), refused
        assert set(refused) <= {"bad_count", "not_json", "bad_shape"}
        assert_counts(agent, [0, 7], rows(ledger, _PARTS))
        assert_sound(ledger)
        (total,) = content(ledger).providers
        assert total["total_tokens"] == sum(sum(agent.parts(number)[:5]) for number in (0, 7))
    proved("R8", "fields x values", len(cases))


_PARTS = "SELECT input, cache_read, cache_write, cache_write_1h, output, reasoning FROM usage_event WHERE status = 0"


def assert_counts(agent: type[AgentLog], numbers: list[int], found: list[tuple[Any, ...]]) -> None:
    assert sorted(found) == sorted(agent.parts(number) for number in numbers)


@every_agent
def test_r7_thousands_of_bad_lines_among_good_ones(
    agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path
) -> None:
    """Each bad line is counted once with a reason; each good one counts, also where it is oddly written."""
    seed = random.randrange(1 << 32)
    chance, home, bad, good, per_file = random.Random(seed), home_of(agent, tmp_path), 0, 0, 2_000
    wanted = size(6_700, 334_000)
    kinds = dict.fromkeys((damage.__name__ for damage in SURELY_BAD), 0)
    while bad < wanted:
        log = agent(good)
        for _ in range(per_file):
            good += 1
            line = log.respond(good)
            if chance.random() < 0.2:
                log.lines[-1] = chance.choice(ODD_BUT_GOOD)(line[:-1], chance) + b"\n"
            damage = chance.choice(SURELY_BAD)
            log.lines.append(damage(line[:-1], chance) + b"\n")
            kinds[damage.__name__] += 1
            bad += 1
        log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        refused = dict(rows(ledger, "SELECT reason, sum(lines) FROM refused_line GROUP BY reason"))
        assert set(refused) <= set(REASONS), seed
        assert (counted(ledger), sum(refused.values())) == (good, bad), (seed, kinds, refused)
        assert_counts(agent, list(range(1, good + 1)), rows(ledger, _PARTS))
        assert_sound(ledger)
    proved("R7", "bad lines", bad)
    proved("R7", "good lines among them", good)


@every_agent
def test_r7_any_bytes_at_all(agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path) -> None:
    """Whether such a line counts nobody can say; it stops nothing, and the others are exact."""
    seed = random.randrange(1 << 32)
    chance, home, log, lines = random.Random(seed), home_of(agent, tmp_path), agent(), size(1_500, 50_000)
    for number in range(lines):
        line = log.respond(number)
        changed = bytearray(line[:-1])
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(changed))
            how = chance.randrange(4)
            if how == 0:
                changed[at] ^= 1 << chance.randrange(8)
            elif how == 1:
                changed[at:at] = chance.randbytes(chance.randrange(1, 9))
            elif how == 2:
                del changed[at : at + chance.randrange(1, 30)]
            else:
                changed[at:at] = changed[max(0, at - 40) : at]
            changed = changed or bytearray(b"x")
        log.lines.insert(-1, bytes(changed).replace(b"\n", b"?") + b"\n")
    log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        refused = dict(rows(ledger, "SELECT reason, sum(lines) FROM refused_line GROUP BY reason"))
        assert set(refused) <= set(REASONS), seed
        assert sum(refused.values()) <= lines, seed
        assert_sound(ledger)
    proved("R7", "lines of any bytes", lines)
