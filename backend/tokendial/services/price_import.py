"""Takes rules from a file in, beside or instead of the present ones, and says beforehand what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tokendial.domain.pricing import PriceRule
from tokendial.services import price_file
from tokendial.services.contract.prices import ImportMode, PriceImportPreview, PriceImportRequest
from tokendial.services.price_effect import effect
from tokendial.services.price_periods import overlap, subject
from tokendial.services.prices import PriceDesk
from tokendial.services.view import View


class Merged(NamedTuple):
    """The rules after an import, and how many came, gave way to one that came, went, or are there already."""

    rules: list[PriceRule]
    added: int
    replaced: int
    removed: int
    unchanged: int


def preview_import(view: View, desk: PriceDesk, request: PriceImportRequest) -> PriceImportPreview:
    """What an import would do. Raises InvalidFile."""
    given = price_file.read(request.content)
    merged = merge(desk.user_rules(), given, request.mode)
    return PriceImportPreview(
        in_file=len(given),
        added=merged.added,
        replaced=merged.replaced,
        removed=merged.removed,
        unchanged=merged.unchanged,
        effect=effect(view, desk, merged.rules),
    )


def import_rules(desk: PriceDesk, request: PriceImportRequest) -> None:
    """Import, all or nothing. Raises InvalidFile."""
    given = price_file.read(request.content)
    name = f"Imported {len(given)} rule{'' if len(given) == 1 else 's'}"
    desk.change(lambda present: (merge(present, given, request.mode).rules, name))


def merge(present: Sequence[PriceRule], given: Sequence[PriceRule], mode: ImportMode) -> Merged:
    """A rule that comes takes the place of those of the same pattern and provider whose period it overlaps."""
    mine = [msgspec.structs.replace(rule, id=None) for rule in present]
    unchanged = [rule for rule in mine if rule in given]
    fresh = [rule for rule in given if rule not in mine]
    stale = [
        rule
        for rule in mine
        if rule not in given and any(subject(rule) == subject(other) and overlap(rule, other) for other in fresh)
    ]
    others = [rule for rule in mine if rule not in given and rule not in stale]
    replaced = sum(
        1 for rule in fresh if any(subject(rule) == subject(other) and overlap(rule, other) for other in stale)
    )
    kept = others if mode == "merge" else []
    removed = len(mine) - len(unchanged) - len(kept) - len(stale)
    return Merged([*given, *kept], len(fresh) - replaced, replaced, removed, len(unchanged))
