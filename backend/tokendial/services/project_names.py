"""The names that a user gives to projects: kept in the ledger by the project's folder."""

from __future__ import annotations

import unicodedata

import msgspec

from tokendial.domain.folders import folder_key
from tokendial.errors import BadRequest
from tokendial.store import settings as stored
from tokendial.store.database import Connection, Database

LONGEST = 80
_KEY = "project_names"
_decode = msgspec.json.Decoder(dict[str, str]).decode


def read(connection: Connection) -> dict[str, str]:
    """Names by `folder_key`; a damaged value counts as none."""
    try:
        return _decode((stored.read(connection, _KEY) or "{}").encode())
    except msgspec.DecodeError:
        return {}


def rename(database: Database, folder: str, name: str | None) -> None:
    """Give a folder a name, or take it away. Raises BadRequest naming the field."""
    wanted = None if name is None else checked(name)
    with database.writing() as connection:
        names = read(connection)
        names.pop(folder_key(folder), None)
        if wanted is not None:
            names[folder_key(folder)] = wanted
        stored.put(connection, _KEY, msgspec.json.encode(names).decode())


def checked(name: str) -> str:
    """A name as it is kept. Raises BadRequest for an empty, too long or invisible one."""
    found = " ".join(name.split())
    if not found:
        raise BadRequest("Write a name, or take it away to show the folder's.", field="name")
    if len(found) > LONGEST:
        raise BadRequest(f"A name has at most {LONGEST} characters.", field="name")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in found):
        raise BadRequest("A name is made of characters that can be seen.", field="name")
    return found
