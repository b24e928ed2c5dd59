"""Storage: backup, restore, compaction, exports: in the window by the system's dialogs, else by up- and download."""

from __future__ import annotations

import time
from pathlib import Path

from tokendial.api.dialogs import FileKind
from tokendial.api.parts.files import FilesPart
from tokendial.errors import BadRequest, CannotWrite
from tokendial.services import backups, export, retention, retention_change, settings_file
from tokendial.services import erase as eraser
from tokendial.services import storage as service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.exports import ExportRequest
from tokendial.services.contract.jobs import JobAnswer, JobResult
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
from tokendial.services.jobs import Job
from tokendial.services.opener import open_folder
from tokendial.services.view import resolved

BACKUP = FileKind("Tokendial backup", ".sqlite3")
SETTINGS = FileKind("Settings", ".json")
TABLES = {"csv": FileKind("Table", ".csv"), "json": FileKind("JSON", ".json")}
UPLOAD_PATH = "/api/upload/"


def _now_ms() -> int:
    return int(time.time() * 1000)


class StoragePart(FilesPart):
    """Says what is kept, and copies, replaces and exports it."""

    def storage(self, _request: Empty, /) -> Storage:
        """Paths, sizes and rows of the own ledger."""
        return service.overview(self.own)

    def reveal(self, request: RevealRequest, /) -> OpenedLogs:
        """Show a path in the file manager."""
        folder = service.folder_of(self.own, request.id)
        return OpenedLogs(str(folder), open_folder(folder))

    def back_up(self, _request: Empty, /) -> JobAnswer:
        """Write the own ledger to a file."""
        self.jobs.refuse_second()
        target = self.target(backups.file_name(), BACKUP)
        if target is None:
            return JobAnswer(None)

        def work(job: Job) -> JobResult:
            size = backups.back_up(self.own, target.path, job)
            return self.written(target, f"Backup written and checked: {size:,} bytes.")

        return JobAnswer(self.jobs.start("backup", work))

    def expect_upload(self, request: UploadRequest, /) -> Upload:
        """Make ready for a file from a browser."""
        ticket = self.transfers.expect(request.name, request.size)
        return Upload(ticket, f"{UPLOAD_PATH}{ticket}")

    def restore(self, request: RestoreRequest, /) -> JobAnswer:
        """Put a backup in the own ledger's place."""
        self.jobs.refuse_second()
        source = self._source(request)
        if source is None:
            return JobAnswer(None)

        def work(job: Job) -> JobResult:
            job.say("Waiting for the reading of logs to stop")
            try:
                with self.ingest.paused():
                    kept = backups.restore(self.own, source, job)
            finally:
                if request.upload is not None:
                    self.transfers.drop(source)
            self.checks = None
            self.hub.publish("usage-updated")
            return JobResult(message=f"Restored. What was there before is kept in {kept.name}.", kept=kept.name)

        return JobAnswer(self.jobs.start("restore", work))

    def drop_kept(self, request: KeptRequest, /) -> Storage:
        """Delete a kept copy."""
        path = backups.kept_copy(self.own.data_dir, request.name)
        try:
            path.unlink()
        except OSError as error:
            raise CannotWrite(f"{path.name} cannot be deleted: {error.strerror or error}.") from error
        return self.storage(Empty())

    def compact(self, _request: Empty, /) -> JobAnswer:
        """Give unused room back to the disk."""

        def work(job: Job) -> JobResult:
            with self.ingest.paused():
                saved = backups.compact(self.own, job)
            return JobResult(message=f"{saved:,} bytes saved." if saved else "There was nothing to save.")

        return JobAnswer(self.jobs.start("compact", work))

    def preview_retention(self, request: RetentionRequest, /) -> RetentionPreview:
        """What would be removed if details were kept for so long."""
        retention.check(request.months)
        with self.own.database.reading() as connection:
            return retention.preview(connection, request.months, _now_ms(), self.own.settings.zone)

    def change_retention(self, request: RetentionRequest, /) -> JobAnswer:
        """Keep details for so long, and remove older ones; sums stay."""
        retention.check(request.months)

        def work(job: Job) -> JobResult:
            job.say("Waiting for the reading of logs to stop")
            with self.ingest.paused():
                changed = retention_change.change(self.own, request.months, _now_ms(), job)
            self.hub.publish("usage-updated")
            if changed.copy is None:
                return JobResult(message="No details had to be removed.")
            noun = "response" if changed.removed == 1 else "responses"
            message = (
                f"Details of {changed.removed:,} {noun} removed; every total is what it was. The database as it was "
                f"before is kept in {changed.copy.name}. Compact gives the room in the file back to the disk."
            )
            return JobResult(message=message, kept=changed.copy.name)

        return JobAnswer(self.jobs.start("retention", work))

    def erase(self, request: EraseRequest, /) -> JobAnswer:
        """Delete everything that is kept, and begin again with homes that are not read before it is asked for."""
        eraser.confirmed(request.confirmation)
        if self.sample is not None:
            raise BadRequest("Leave the sample data first: what is shown now is invented.")

        def work(job: Job) -> JobResult:
            job.say("Waiting for the reading of logs to stop")
            with self.ingest.paused():
                count = eraser.begin_again(self.own, job)
            self.checks = None
            self.hub.publish("settings-changed", self.own.settings.current)
            self.hub.publish("usage-updated")
            also = f" {count:,} other files were deleted." if count else ""
            return JobResult(message=f"Everything that Tokendial kept is deleted.{also}")

        return JobAnswer(self.jobs.start("erase", work))

    def export(self, request: ExportRequest, /) -> JobAnswer:
        """Write what the page looks at to a file."""
        self.jobs.refuse_second()
        ledger = self.ledger
        with self.view(request) as view:
            name = export.file_name(request, resolved(view.range(request)))
        target = self.target(name, TABLES[request.format])
        if target is None:
            return JobAnswer(None)

        def work(job: Job) -> JobResult:
            with ledger.view(request.provider, request.home, self.own.settings.zone) as view:
                return self.written(target, export.export(view, request, target.path, job))

        return JobAnswer(self.jobs.start("export", work))

    def export_settings(self, _request: Empty, /) -> SavedFile:
        """Write the settings to a file."""
        target = self.target(settings_file.file_name(), SETTINGS)
        if target is None:
            return SavedFile()
        settings_file.write(self.own.settings, target.path)
        done = self.written(target, "")
        return SavedFile(done.path, done.download)

    def import_settings(self, request: SettingsImportRequest, /) -> SettingsImport:
        """Take the settings of a file."""
        if request.text is not None:
            return settings_file.take(self.own.settings, request.text.encode("utf-8", "surrogatepass"))
        chosen = self.system_dialogs().pick_open(SETTINGS)
        return SettingsImport() if chosen is None else settings_file.read(self.own.settings, Path(chosen))

    def job(self, _request: Empty, /) -> JobAnswer:
        """The running or the last long task."""
        return JobAnswer(self.jobs.status)

    def cancel_job(self, _request: Empty, /) -> JobAnswer:
        """Stop the running task."""
        return JobAnswer(self.jobs.cancel())

    def _source(self, request: RestoreRequest) -> Path | None:
        if request.upload is not None and request.kept is not None:
            raise BadRequest("Either an upload or a kept copy.", field="kept")
        if request.upload is not None:
            return self.transfers.uploaded(request.upload)
        if request.kept is not None:
            return backups.kept_copy(self.own.data_dir, request.kept)
        chosen = self.system_dialogs().pick_open(BACKUP)
        return None if chosen is None else Path(chosen)
