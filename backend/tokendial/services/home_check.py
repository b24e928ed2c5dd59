"""What is in a folder before it becomes a home: one place is one home, however it is spelled (W33, W37)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tokendial.errors import NotFound
from tokendial.providers import PROVIDERS, provider
from tokendial.providers.base import Provider
from tokendial.providers.folders import FoundFile
from tokendial.services.contract.homes import HomeCheck

if TYPE_CHECKING:
    from tokendial.store.homes import HomeRow

MAX_PATH = 1000


def resolve(text: str) -> Path:
    """A path as typed: `~` and environment variables filled in, made absolute, links followed (W37)."""
    expanded = os.path.expandvars(os.path.expanduser(text.strip()))  # noqa: PTH111 - before it is a path
    return Path(os.path.realpath(expanded))


def resolve_named(homes: Iterable[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """Homes that were named for a run, by their provider and folder, each once."""
    return list(dict.fromkeys((provider_id, resolve(str(path))) for provider_id, path in homes))


def default_homes() -> list[tuple[str, Path]]:
    """The homes this machine's environment names, by provider, whether they are there or not."""
    return [
        (known.descriptor.id, resolve(str(path)))
        for known in PROVIDERS
        for path in known.logs.default_homes(os.environ, Path.home())
    ]


def check(provider_id: str, text: str, known: Sequence[HomeRow], *, counted: bool = True) -> HomeCheck:
    """What is in a folder, and whether it can be added; unless `counted`, only whether.

    Raises NotFound for a provider that is not known.
    """
    source = known_provider(provider_id)
    if not text.strip():
        return HomeCheck(path="", exists=False, problem="Type a folder.")
    try:
        path = resolve(text)
        path.lstat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError):  # too long, a file in the middle, a NUL
        return HomeCheck(path=text[:MAX_PATH], exists=False, problem="This folder cannot be reached.")
    twin = twin_of(path, (home for home in known if home.provider == provider_id))
    answer = HomeCheck(path=str(path), exists=path.exists(), duplicate_of=twin)
    if not answer.exists:
        answer.problem = "This folder does not exist."
    elif not path.is_dir():
        answer.problem = "This is a file, not a folder."
    else:
        _look_inside(source, path, answer, None if counted else 1)
    if twin is not None:
        answer.problem = "This folder is a home already."
    return answer


def twin_of(path: Path, homes: Iterable[HomeRow]) -> int | None:
    """The home that is this very folder; where case does not count, or through a mount, two names are one place."""
    return next((home.id for home in homes if Path(home.path) == path or _same_place(path, home.path)), None)


def known_provider(provider_id: str) -> Provider:
    """The provider of an id. Raises NotFound."""
    try:
        return provider(provider_id)
    except KeyError:
        raise NotFound(f"There is no provider {provider_id!r}.", provider=provider_id[:40]) from None


def _look_inside(source: Provider, path: Path, answer: HomeCheck, most: int | None) -> None:
    """Fill in what is found in `most` files.

    A folder that cannot be listed is a problem in words, unless others below can be.
    """
    closed: list[OSError] = []
    try:
        os.scandir(path).close()
        files = list(islice(source.logs.find_files(path, closed.append), most))
        if closed and not files:
            raise closed[0]
        meant = source.logs.home_for(path)
    except OSError as error:
        answer.problem = f"This folder cannot be read: {error.strerror or error}."
        return
    answer.files, answer.bytes = len(files), sum(file.size for file in files)
    answer.first_day, answer.last_day = _days(source, files)
    answer.meant = None if meant is None else str(meant)


def _days(source: Provider, files: Sequence[FoundFile]) -> tuple[str | None, str | None]:
    days = [day for file in files if (day := source.logs.session_day(file.path)) is not None]
    return min(days, default=None), max(days, default=None)


def _same_place(path: Path, other: str) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False
