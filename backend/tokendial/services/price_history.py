"""What the last change of the price rules was, so that it can be taken back: one level, kept in the ledger."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from tokendial.domain.pricing import PriceRule
from tokendial.errors import NotFound
from tokendial.services.contract.prices import PriceUndo

_LONGEST_NAME = 60


class Kept(msgspec.Struct):
    """The rules before a change in their order, when it was made, and its name; `redo`: it was an undo."""

    at_ms: int
    what: str
    redo: bool
    rules: list[PriceRule]


def keep(before: Sequence[PriceRule], what: str, *, redo: bool = False) -> str:
    """What to keep of the rules before a change."""
    return msgspec.json.encode(Kept(int(time.time() * 1000), what, redo, list(before))).decode()


def undoable(text: str | None) -> PriceUndo | None:
    """What is kept, without the rules; None where nothing is, or nothing that this version can read."""
    kept = _read(text)
    return None if kept is None else PriceUndo(kept.at_ms, kept.what, kept.redo)


def turned(text: str | None, present: Sequence[PriceRule]) -> tuple[list[PriceRule], str]:
    """The rules to go back to, and what to keep for going forward again. Raises NotFound where nothing is kept."""
    kept = _read(text)
    if kept is None:
        raise NotFound("There is no change of prices to undo.")
    return kept.rules, keep(present, kept.what, redo=not kept.redo)


def same(before: Sequence[PriceRule], after: Sequence[PriceRule]) -> bool:
    """Whether the rules, in order of precedence, are the same, whatever their numbers."""
    return [_plain(rule) for rule in before] == [_plain(rule) for rule in after]


def describe(before: Sequence[PriceRule], after: Sequence[PriceRule]) -> str:
    """A change in a few words."""
    old, new = [_plain(rule) for rule in before], [_plain(rule) for rule in after]
    added = [rule for rule in new if rule not in old]
    removed = [rule for rule in old if rule not in new]
    if len(added) == 1 and len(removed) <= 1:
        return f"{'Changed' if removed else 'Added'} the rule for {_name(added[0])}"
    if len(removed) == 1 and not added:
        return f"Deleted the rule for {_name(removed[0])}"
    if not new:
        return "Reset to the catalogue"
    return f"Changed the rules: {len(added)} new, {len(removed)} gone"


def _read(text: str | None) -> Kept | None:
    try:
        return None if text is None else msgspec.json.decode(text, type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _plain(rule: PriceRule) -> PriceRule:
    return msgspec.structs.replace(rule, id=None)


def _name(rule: PriceRule) -> str:
    return rule.pattern if len(rule.pattern) <= _LONGEST_NAME else f"{rule.pattern[:_LONGEST_NAME]}…"
