"""Storage, exports, and the long tasks that they are."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.exports import ExportRequest
from tokendial.services.contract.jobs import JobAnswer
from tokendial.services.contract.storage import (
    EraseRequest,
    KeptRequest,
    RestoreRequest,
    RetentionPreview,
    RetentionRequest,
    RevealRequest,
    SavedFile,
    SettingsImport,
    SettingsImportRequest,
    Storage,
    Upload,
    UploadRequest,
)
from tokendial.services.contract.system import OpenedLogs


@registry.command("storage.get")
def storage(app: Application, request: Empty) -> Storage:
    """Paths, sizes and rows."""
    return app.storage(request)


@registry.command("storage.reveal")
def reveal(app: Application, request: RevealRequest) -> OpenedLogs:
    """Show a path in the file manager."""
    return app.reveal(request)


@registry.command("storage.backup")
def back_up(app: Application, request: Empty) -> JobAnswer:
    """Begin a backup."""
    return app.back_up(request)


@registry.command("storage.upload")
def expect_upload(app: Application, request: UploadRequest) -> Upload:
    """Where a browser hands a backup over."""
    return app.expect_upload(request)


@registry.command("storage.restore")
def restore(app: Application, request: RestoreRequest) -> JobAnswer:
    """Begin to restore a backup."""
    return app.restore(request)


@registry.command("storage.drop_kept")
def drop_kept(app: Application, request: KeptRequest) -> Storage:
    """Delete a copy that a restore kept."""
    return app.drop_kept(request)


@registry.command("storage.compact")
def compact(app: Application, request: Empty) -> JobAnswer:
    """Begin to compact the database."""
    return app.compact(request)


@registry.command("storage.retention_preview")
def preview_retention(app: Application, request: RetentionRequest) -> RetentionPreview:
    """What would be removed if details were kept for so long."""
    return app.preview_retention(request)


@registry.command("storage.retention")
def change_retention(app: Application, request: RetentionRequest) -> JobAnswer:
    """Begin to keep details for so long, and to remove older ones."""
    return app.change_retention(request)


@registry.command("storage.erase")
def erase(app: Application, request: EraseRequest) -> JobAnswer:
    """Begin to delete everything that the program keeps."""
    return app.erase(request)


@registry.command("export.start")
def export(app: Application, request: ExportRequest) -> JobAnswer:
    """Begin an export."""
    return app.export(request)


@registry.command("settings.export")
def export_settings(app: Application, request: Empty) -> SavedFile:
    """Write the settings to a file."""
    return app.export_settings(request)


@registry.command("settings.import")
def import_settings(app: Application, request: SettingsImportRequest) -> SettingsImport:
    """Take the settings of a file."""
    return app.import_settings(request)


@registry.command("jobs.get")
def job(app: Application, request: Empty) -> JobAnswer:
    """The running or the last long task."""
    return app.job(request)


@registry.command("jobs.cancel")
def cancel_job(app: Application, request: Empty) -> JobAnswer:
    """Stop the running task."""
    return app.cancel_job(request)
