"""The price catalogue: the rules of one model, with their dates, from installed data only.

Most come from the `genai-prices` package; what it lacks comes from `catalogue_table`. Nothing is ever asked for over
the network. Loading the package takes a good part of a second, so it is loaded when the first model is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import msgspec

from tokendial.domain.pricing import PriceRule
from tokendial.services.catalogue_seed import seeded
from tokendial.services.catalogue_table import ALIASES, FACTORS, LONG_CONTEXT, STAND_INS, TABLE_VERSION


@cache
def catalogue_version() -> str:
    """What the rules were resolved with; they are to be resolved again when it changes."""
    return f"genai-prices {_package_version()}, table {TABLE_VERSION}"


def _package_version() -> str:
    """The version of the installed package, from the folder of its metadata where that is beside it.

    Importing `importlib.metadata` takes 6 ms of every report: it reads the metadata as a mail.
    """
    spec = find_spec("genai_prices")
    if spec is not None and spec.origin is not None:
        beside = list(Path(spec.origin).parent.parent.glob("genai_prices-*.dist-info"))
        if len(beside) == 1:
            return beside[0].stem.removeprefix("genai_prices-")
    from importlib.metadata import version  # noqa: PLC0415 - see above

    return version("genai-prices")


def resolve(model: str, vendors: Sequence[str] = (), provider: str | None = None) -> list[PriceRule]:
    """The catalogue's rules for a model as a log names it, oldest first; none where the model is not listed.

    `vendors` are the price lists to look in first, `provider` is put into the rules. Each rule's pattern is `model`.
    In order (peers 5.4.8): the exact id, the id without its date, an alias, the same without the vendor in front, and
    for a few models without a price of their own another one's, flagged as estimated. A model of an unknown name is
    unpriced and never guessed.
    """
    found = seeded(catalogue_version(), vendors, model)
    if found is None:
        found = work_out(model, vendors)
    return [msgspec.structs.replace(rule, pattern=model, provider=provider) for rule in found]


def work_out(model: str, vendors: Sequence[str]) -> list[PriceRule]:
    """As `resolve`, without looking at what was worked out beforehand."""
    return list(_rules(model, vendors))


def _rules(model: str, vendors: Sequence[str]) -> Iterator[PriceRule]:
    name = model.strip().lower()
    bare = name.rpartition("/")[2]
    stages = STAND_INS.get(name) or STAND_INS.get(bare)
    if stages is None:
        yield from _listed(ALIASES.get(name) or ALIASES.get(bare) or model, vendors)
        return
    for (start, stand_in), (end, _) in pairwise([*stages, (None, "")]):
        for rule in _listed(stand_in, vendors):
            yield from _within(rule, start, end)


def _listed(model: str, vendors: Sequence[str]) -> list[PriceRule]:
    from tokendial.services.catalogue_package import package_rules  # noqa: PLC0415 - half a second to import

    found = package_rules(model, vendors)
    if found is None:
        return []
    listed_id, rules = found
    extra, long = FACTORS.get(listed_id, {}), LONG_CONTEXT.get(listed_id)
    return [msgspec.structs.replace(rule, tiers=extra | rule.tiers, long=rule.long or long) for rule in rules]


def _within(rule: PriceRule, start: date | None, end: date | None) -> Iterator[PriceRule]:
    """The part of a rule that lies within [start, end), as an estimate; nothing where there is none."""
    starts = [at for at in (rule.effective_from_ms, _utc_ms(start)) if at is not None]
    ends = [at for at in (rule.effective_to_ms, _utc_ms(end)) if at is not None]
    first, last = max(starts, default=None), min(ends, default=None)
    if first is None or last is None or first < last:
        yield msgspec.structs.replace(rule, effective_from_ms=first, effective_to_ms=last, estimated=True)


def _utc_ms(day: date | None) -> int | None:
    return None if day is None else (day - date(1970, 1, 1)) // timedelta(milliseconds=1)
