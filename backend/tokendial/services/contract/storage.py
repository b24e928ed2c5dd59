"""Storage: where the program keeps what, how large it is, and what may be done with it."""

from __future__ import annotations

import msgspec

from tokendial.services.contract.settings import Settings


class StoragePath(msgspec.Struct):
    """A place that the program uses; `bytes` is the size of a file, null for a folder or where nothing is."""

    id: str
    label: str
    path: str
    exists: bool
    bytes: int | None


class TableCount(msgspec.Struct):
    """How many of something the database holds, in words."""

    table: str
    label: str
    rows: int


class KeptCopy(msgspec.Struct):
    """A whole database as it was before a restore, or before details were removed."""

    name: str
    bytes: int
    at_ms: int


class Retention(msgspec.Struct):
    """For how many months details of responses are kept, null for ever; before `removed_before_ms` there are none."""

    months: int | None
    removed_before_ms: int | None


class RetentionRequest(msgspec.Struct):
    """Keep details of responses for 3, 6, 12 or 24 months, or null: for ever. Sums stay in any case."""

    months: int | None


class RetentionPreview(msgspec.Struct):
    """What a choice removes: details of at most `responses` of all `counted`, those before `before_ms`."""

    before_ms: int | None
    responses: int
    counted: int


class Storage(msgspec.Struct):
    """Paths, sizes in bytes (`unused_bytes` lie inside of the file and hold nothing), rows, and kept copies."""

    paths: list[StoragePath]
    database_bytes: int
    log_bytes: int
    unused_bytes: int
    disk_free_bytes: int
    tables: list[TableCount]
    kept: list[KeptCopy]
    retention: Retention


class RevealRequest(msgspec.Struct):
    """Show one of the paths of `storage.get` in the file manager, by its id."""

    id: str


class UploadRequest(msgspec.Struct):
    """A browser wants to hand a backup over: its name and size in bytes."""

    name: str
    size: int


class Upload(msgspec.Struct):
    """The address to post the bytes to, once, as `application/octet-stream`; and the ticket to restore them with."""

    ticket: str
    address: str


class RestoreRequest(msgspec.Struct, kw_only=True):
    """Restore an uploaded file, or a kept copy by its name; with neither the window asks for a file."""

    upload: str | None = None
    kept: str | None = None


class KeptRequest(msgspec.Struct):
    """A kept copy by its name."""

    name: str


class EraseRequest(msgspec.Struct):
    """Delete everything that the program keeps; `confirmation` is the word that was typed, `delete`."""

    confirmation: str


class SavedFile(msgspec.Struct):
    """Where a file was written, or the address that gives it once; both null where the dialog was closed."""

    path: str | None = None
    download: str | None = None


class SettingsImportRequest(msgspec.Struct, kw_only=True):
    """The text of a file with settings; null lets the window ask for the file."""

    text: str | None = None


class SettingsImport(msgspec.Struct):
    """The settings that hold now, those of before, and the names of what changed; null where the dialog was closed."""

    settings: Settings | None = None
    before: Settings | None = None
    changed: list[str] = []
