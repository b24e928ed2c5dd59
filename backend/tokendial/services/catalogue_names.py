"""Which model of a price list a name in a log means: exact or not at all, never a substring (peers 5.4.8)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
    MatchLogic,
    ModelInfo,
)

from tokendial.services.catalogue_table import DATE

_DECORATION = re.compile(r"(?:\[1m\]|-v\d+(?::\d+)?)$")
_REGION_AND_VENDOR = re.compile(r"^(?:[a-z]{2,6}\.)?[a-z]+\.(?=[a-z]+-)")
_SUFFIX = re.compile(r"-latest|-\d{3}|-\d{2}-(?:\d{2}|\d{4})|[-:]thinking|-(?:preview|exp)(?:-\d{2}-\d{2,4})?")
_EXACT = 1_000


def spellings(name: str) -> list[str]:
    """The names to look for, in order: as it stands, without its date, then both without the vendor in front."""
    whole = name.strip().lower()
    tail = _DECORATION.sub("", whole.rpartition("/")[2])
    bare = _REGION_AND_VENDOR.sub("", tail)
    found = [whole, DATE.sub("", whole), tail, DATE.sub("", tail), bare, DATE.sub("", bare)]
    return [spelling for spelling in dict.fromkeys(found) if spelling]


def find_model(models: Iterable[ModelInfo], name: str) -> ModelInfo | None:
    """The model that fits the name best, the earlier one where two fit alike; None where none does."""
    best, best_fit = None, 0
    for model in models:
        fit = _fit(model.match, name)
        if fit > best_fit:
            best, best_fit = model, fit
    return best


def _fit(clause: MatchLogic, name: str) -> int:
    """How well a clause fits: 0 not at all, 1,000 exactly, between them the length of the beginning it names.

    Clauses that ask for a beginning, an end or a part fit only the whole name, a suffix that says no more than the
    edition (`-latest`, `-preview-05-06`, `-001`) aside: `claude-opus-4-1` is no beginning of `claude-opus-4-15`.
    """
    match clause:
        case ClauseOr(or_=parts):
            return max((_fit(part, name) for part in parts), default=0)
        case ClauseAnd(and_=parts):
            named = [_fit(part, name) for part in parts if not isinstance(part, ClauseRegex)]
            return max(named, default=0) if all(part.is_match(name) for part in parts) else 0
        case ClauseEquals(equals=wanted):
            return _EXACT if name == wanted.lower() else 0
        case ClauseRegex(regex=pattern):
            return _EXACT - 1 if pattern.startswith("^") and re.search(pattern, name) else 0
        case ClauseStartsWith(starts_with=wanted) | ClauseContains(contains=wanted) | ClauseEndsWith(ends_with=wanted):
            return _edition_of(wanted.lower(), name)


def _edition_of(wanted: str, name: str) -> int:
    rest = name.removeprefix(wanted)
    if name == wanted:
        return _EXACT
    return len(wanted) if rest != name and _SUFFIX.fullmatch(rest) else 0
