"""The command registry: every command once, with its types, for both transports and the front end's types."""

from __future__ import annotations

import logging
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

import msgspec

from tokendial.api.application import Application
from tokendial.errors import BadRequest, NotFound, TokendialError
from tokendial.services.contract.common import ErrorInfo

log = logging.getLogger(__name__)

Request = TypeVar("Request", bound=msgspec.Struct)
Response = TypeVar("Response", bound=msgspec.Struct)
Handler = Callable[[Application, Request], Response]


class ErrorAnswer(msgspec.Struct):
    """What both transports answer when a command failed."""

    error: ErrorInfo


@dataclass(frozen=True)
class Command:
    """A command's name, the Structs it takes and answers, and the function behind it."""

    name: str
    request: type[msgspec.Struct]
    response: type[msgspec.Struct]
    handler: Callable[..., msgspec.Struct]


class Registry:
    """Commands by name."""

    def __init__(self) -> None:
        """Start empty."""
        self._commands: dict[str, Command] = {}

    def __iter__(self) -> Iterator[Command]:
        """Every command, by name."""
        return iter(sorted(self._commands.values(), key=lambda command: command.name))

    def command(self, name: str) -> Callable[[Handler[Request, Response]], Handler[Request, Response]]:
        """Register `def f(app: Application, request: SomeStruct) -> SomeStruct` under a name.

        The types are read from the annotations. A name used twice, or a function without Structs, is a TypeError.
        """

        def register(function: Handler[Request, Response]) -> Handler[Request, Response]:
            hints = typing.get_type_hints(function)
            request, response = hints.get("request"), hints.get("return")
            if not (_is_struct(request) and _is_struct(response)) or name in self._commands:
                raise TypeError(f"{name} is registered twice, or does not take and return a Struct")
            self._commands[name] = Command(name, request, response, function)
            return function

        return register

    def get(self, name: str) -> Command:
        """The command of that name; NotFound if there is none."""
        command = self._commands.get(name)
        if command is None:
            raise NotFound("There is no such command.")
        return command

    def invoke_json(self, app: Application, name: str, body: bytes) -> bytes:
        """Run a command on a JSON body (empty stands for `{}`) and return its answer as JSON.

        NotFound for an unknown command, BadRequest for a body that does not fit; else whatever the command raises.
        """
        command = self.get(name)
        try:
            raw: object = msgspec.json.decode(body) if body.strip() else {}
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadRequest(f"The request is not JSON: {error}") from error
        return msgspec.json.encode(command.handler(app, _request(command, raw)))

    def invoke(self, app: Application, name: str, args: object) -> object:
        """Run a command on builtins (None stands for `{}`) and return builtins; raises as `invoke_json` does."""
        command = self.get(name)
        answer = command.handler(app, _request(command, {} if args is None else args))
        # Through JSON, so that the window gets exactly what HTTP gives (a NaN becomes null on both).
        return msgspec.json.decode(msgspec.json.encode(answer))


registry = Registry()


def error_info(error: BaseException, command: str) -> ErrorAnswer:
    """The one error shape. A TokendialError speaks for itself; any other error is logged and its text kept back."""
    if isinstance(error, TokendialError):
        return ErrorAnswer(ErrorInfo(error.code, error.message, error.details))
    log.error("%s failed", command, exc_info=error)
    return ErrorAnswer(ErrorInfo("internal", f"{command} failed: a fault in Tokendial. Its log has the details."))


def _is_struct(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _request(command: Command, raw: object) -> msgspec.Struct:
    """Decode strictly: wrong types, missing and unknown fields are BadRequest."""
    try:
        request = msgspec.convert(raw, command.request)
    except msgspec.ValidationError as error:
        raise BadRequest(str(error)) from error
    known = command.request.__struct_fields__
    unknown = sorted(str(key) for key in raw if key not in known) if isinstance(raw, dict) else []
    if unknown:
        raise BadRequest(f"{command.name} takes no {', '.join(unknown)}.", field=unknown[0])
    return request
