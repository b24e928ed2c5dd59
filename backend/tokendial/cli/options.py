"""The options that every command has, before or after its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click
import msgspec

from tokendial.paths import default_data_dir
from tokendial.providers import PROVIDERS

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Options(msgspec.Struct, kw_only=True):
    """Where to keep the ledger, which homes to read, and whether to scan first."""

    named_dir: Path | None
    homes: list[tuple[str, Path]]
    scan: bool

    @property
    def data_dir(self) -> Path:
        """The folder that was named, or else the user's."""
        return self.named_dir or default_data_dir()


def common(command: Callable[Concatenate[Options, _P], _R]) -> Callable[_P, _R]:
    """Give a command the common options; what is given before the command's name holds after it as well."""

    @wraps(command)
    def with_options(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        given: dict[str, object] = dict(kwargs)
        options = _options(given)
        context = click.get_current_context()
        outer = context.parent.obj if context.parent is not None else None
        if isinstance(outer, Options):
            options = _merged(outer, options)
        for name in ("data_dir", "no_scan", "debug", *(_home_name(p.descriptor.id) for p in PROVIDERS)):
            kwargs.pop(name, None)
        if args:
            return command(args[0], options, *args[1:], **kwargs)  # type: ignore[arg-type]  # click passes the context first
        return command(options, *args, **kwargs)

    decorated: Callable[_P, _R] = with_options
    for provider in reversed(PROVIDERS):
        decorated = click.option(
            f"--{provider.descriptor.id}-home",
            _home_name(provider.descriptor.id),
            multiple=True,
            callback=_named,
            metavar="DIR",
            help=f"Read this {provider.descriptor.name} home instead of the configured ones (repeatable).",
        )(decorated)
    decorated = click.option(
        "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to keep the ledger."
    )(decorated)
    decorated = click.option("--no-scan", is_flag=True, help="Do not look for new log lines first.")(decorated)
    return click.option("--debug", is_flag=True, help="Show tracebacks.")(decorated)


def _named(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """An empty name, as of a shell variable that is not set, would mean the current folder."""
    if any(not value.strip() for value in values):
        raise click.BadParameter("the folder has no name")
    return values


def _home_name(provider_id: str) -> str:
    return f"{provider_id}_home"


def _options(given: dict[str, object]) -> Options:
    homes: list[tuple[str, Path]] = []
    for provider in PROVIDERS:
        provider_id = provider.descriptor.id
        values = given.get(_home_name(provider_id))
        homes.extend((provider_id, Path(str(value))) for value in (values if isinstance(values, tuple) else ()))
    data_dir = given.get("data_dir")
    return Options(
        named_dir=data_dir if isinstance(data_dir, Path) else None,
        homes=homes,
        scan=not given.get("no_scan"),
    )


def _merged(outer: Options, inner: Options) -> Options:
    return Options(
        named_dir=inner.named_dir or outer.named_dir,
        homes=[*outer.homes, *inner.homes],
        scan=outer.scan and inner.scan,
    )
