"""Price rules as a file, to keep or to hand on.

The file is JSON: `format` is "tokendial-prices", `version` is 1, `exported_at` and `program` say where it came from,
and `rules` is a list of rules as `PriceRuleInput` has them without `id`: dollars per million tokens as exact decimal
text, days as UTC days, the last one not included. What is left out is null. A field more makes a new version. A file is
checked as a whole before anything changes; what is wrong is said by the place of the rule and the name of the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from tokendial import __version__
from tokendial.domain.pricing import PriceRule
from tokendial.errors import InvalidFile
from tokendial.services.contract.prices import PriceProblem, PriceRuleInput
from tokendial.services.price_rules import check_rules, from_rule, to_rules

FORMAT = "tokendial-prices"
VERSION = 1
MAX_BYTES = 512 * 1024
_SHOWN_PROBLEMS = 5


class _Envelope(msgspec.Struct):
    """What every version of the format has."""

    format: str
    version: int


class _Rule(PriceRuleInput, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule in a file; one field more may change what it means, so it is not passed over."""


class _File(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    format: str
    version: int
    exported_at: str = ""
    program: str = ""
    rules: list[_Rule]


def write(rules: Sequence[PriceRule], now_ms: int) -> str:
    """The text of a file with these rules."""
    at = datetime.fromtimestamp(now_ms // 1000, UTC)
    plain = [msgspec.structs.replace(from_rule(rule), id=None) for rule in rules]
    file = _File(
        format=FORMAT,
        version=VERSION,
        exported_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        program=f"Tokendial {__version__}",
        rules=[_Rule(**msgspec.structs.asdict(rule)) for rule in plain],
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def file_name(now_ms: int) -> str:
    """What an exported file is called."""
    return f"tokendial-prices-{datetime.fromtimestamp(now_ms // 1000, UTC):%Y-%m-%d}.json"


def read(text: str) -> list[PriceRule]:
    """The rules of a file. Raises InvalidFile saying what is wrong with it."""
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise InvalidFile(f"The file is larger than {MAX_BYTES // 1024} KB; a price file never is.")
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise InvalidFile("The file is empty.")
    inputs = _decoded(_plain(text))
    if not inputs:
        raise InvalidFile("The file is a price file, but holds no rules.")
    problems = check_rules(inputs)
    if problems:
        raise _refusal(inputs, problems)
    return to_rules(inputs)


def _plain(text: str) -> object:
    """The file as builtins, once its format and its version are known to be ours."""
    try:
        plain: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidFile(f"The file is damaged or no JSON: {_reason(error)}.") from error
    foreign = InvalidFile("This is no price file of Tokendial. Choose one that was exported here.")
    try:
        envelope = msgspec.convert(plain, _Envelope)
    except msgspec.ValidationError as error:
        if isinstance(plain, dict) and plain.get("format") == FORMAT:
            raise InvalidFile("The file is damaged: its version is missing or no number.") from error
        raise foreign from error
    if envelope.format != FORMAT:
        raise foreign
    if envelope.version > VERSION:
        raise InvalidFile(
            f"The file was written by a newer Tokendial (version {envelope.version} of the format; this one reads "
            f"{VERSION}). Update Tokendial to import it."
        )
    if envelope.version < VERSION:
        raise InvalidFile(f"The file is damaged: there is no version {envelope.version} of the format.")
    return plain


def _decoded(plain: object) -> list[PriceRuleInput]:
    try:
        file = msgspec.convert(plain, _File)
    except msgspec.ValidationError as error:
        raise InvalidFile(f"The file is damaged: {_reason(error)}.") from error
    return [PriceRuleInput(**(msgspec.structs.asdict(rule) | {"id": None})) for rule in file.rules]


def _refusal(inputs: Sequence[PriceRuleInput], problems: Sequence[PriceProblem]) -> InvalidFile:
    lines = [
        f"Rule {problem.index + 1} ({_clip(inputs[problem.index].pattern)}), {problem.field}: {problem.message}"
        if problem.index < len(inputs)
        else problem.message
        for problem in problems
    ]
    more = len(lines) - 1
    rest = "" if more == 0 else f" There {'is one more problem' if more == 1 else f'are {more} more problems'}."
    return InvalidFile(f"Nothing was imported. {lines[0]}{rest}", problems=lines[:_SHOWN_PROBLEMS])


def _reason(error: Exception) -> str:
    """A decoder's words without the path of the whole document: `$.rules[2].input` is "rule 3, input"."""
    text, _, path = str(error).partition(" - at `$")
    place = path.rstrip("`").removeprefix(".")
    if place.startswith("rules["):
        number, _, field = place.removeprefix("rules[").partition("]")
        place = f"rule {int(number) + 1}{', ' + field.lstrip('.') if field else ''}" if number.isdigit() else place
    return f"{text} ({place})" if place else text


def _clip(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
