"""Settings as a file: everything of `Settings` but the chosen home, whose number means nothing elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tokendial import __version__
from tokendial.errors import BadRequest, InvalidFile
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.contract.storage import SettingsImport
from tokendial.services.settings import SettingsDesk
from tokendial.services.textfile import written

FORMAT = "tokendial-settings"
VERSION = 1
MAX_BYTES = 512 * 1024
_LOCAL = frozenset({"home"})
_NOTHING = "Nothing was changed."


class SettingsFile(msgspec.Struct, kw_only=True):
    """The file; `version` changes only when an older program would misread it."""

    format: str
    version: int
    settings: dict[str, object]
    exported_at: str = ""
    program: str = ""


def file_name() -> str:
    """What the file is called unless its owner says otherwise."""
    return f"tokendial-settings-{datetime.now(UTC).strftime('%Y-%m-%d')}.json"


def export(desk: SettingsDesk) -> str:
    """The settings that hold now, as JSON to be read by people too."""
    kept = {name: value for name, value in msgspec.to_builtins(desk.current).items() if name not in _LOCAL}
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    file = SettingsFile(format=FORMAT, version=VERSION, program=__version__, exported_at=at, settings=kept)
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def write(desk: SettingsDesk, target: Path) -> None:
    """Write the settings that hold now to a file. Raises CannotWrite."""
    with written(target) as file:
        file.write(export(desk))


def read(desk: SettingsDesk, path: Path) -> SettingsImport:
    """`take` from a file. Raises InvalidFile."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidFile(f"{path.name} cannot be read: {error.strerror or error}. {_NOTHING}") from error
    return take(desk, data)


def take(desk: SettingsDesk, data: bytes) -> SettingsImport:
    """Change the settings to those of a file, all or nothing. Raises InvalidFile with what is wrong with it."""
    values = _patch(data).values
    before = desk.current
    try:
        after = desk.change(values)
    except BadRequest as error:
        raise InvalidFile(f"{error.message.rstrip('.')}. {_NOTHING}", field=str(error.details.get("field"))) from error
    changed = [name for name in Settings.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    return SettingsImport(after, before, changed)


def _patch(data: bytes) -> SettingsPatch:
    if len(data) > MAX_BYTES:
        raise InvalidFile(f"The file is too large to hold settings. {_NOTHING}")
    if not data.strip():
        raise InvalidFile(f"The file is empty. {_NOTHING}")
    try:
        raw: object = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidFile(f"The file is damaged or no JSON: {error}. {_NOTHING}") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise InvalidFile(f"This is no file with settings of Tokendial. {_NOTHING}")
    version = raw.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise InvalidFile(f"The file was written by a newer Tokendial. Update Tokendial first. {_NOTHING}")
    try:
        file = msgspec.convert(raw, SettingsFile)
    except msgspec.ValidationError as error:
        raise InvalidFile(f"The file is damaged: {error}. {_NOTHING}") from error
    if file.version != VERSION or not file.settings:
        raise InvalidFile(f"The file is damaged: it has no settings. {_NOTHING}")
    unknown = sorted(set(file.settings) - set(Settings.__struct_fields__))
    if unknown:
        raise InvalidFile(
            f"This version has no setting called {unknown[0][:60]!r}; the file may be of a newer Tokendial. {_NOTHING}",
            field=unknown[0][:60],
        )
    values = {name: value for name, value in file.settings.items() if name not in _LOCAL}
    for name, value in values.items():
        try:
            msgspec.convert({"values": {name: value}}, SettingsPatch)
        except msgspec.ValidationError as error:
            raise InvalidFile(f"The file is damaged: {name} cannot be {str(value)[:60]!r}. {_NOTHING}") from error
    return msgspec.convert({"values": values}, SettingsPatch)
