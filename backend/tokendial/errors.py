"""The one error tree of the program.

TokendialError
 +-- BadRequest          the caller sent something that makes no sense    (CLI exit code 2)
 |    +-- InvalidPriceRule
 +-- NotFound            the named thing does not exist
 +-- HomeUnavailable     a home that is missing, unreadable or not a folder
 +-- LedgerError         the database cannot be used
 |    +-- LedgerTooNew   written by a newer Tokendial; left untouched
 |    +-- LedgerDamaged  moved aside and rebuilt from the logs
 |    +-- LedgerReadOnly the data folder cannot be written
 |    +-- LedgerBusy     another instance is writing
 +-- InvalidFile         a chosen file that is not what it should be: damaged, foreign, newer or empty
 +-- CannotWrite         a file that cannot be written where it was asked for
 +-- JobRunning          another long task has not ended yet
 +-- Unavailable         this machine cannot do it (no display, missing library, port in use)

Every error has a stable `code` (snake case), a message for people, and `details` (JSON-safe, no secrets, no traces).
"""

from __future__ import annotations


class TokendialError(Exception):
    """Root of every error that is shown to a person."""

    code = "error"
    http_status = 500

    def __init__(self, message: str, **details: str | int | float | bool | list[str] | None) -> None:
        """`message` is one sentence for people, `details` are JSON-safe facts."""
        super().__init__(message)
        self.message = message
        self.details = details


class BadRequest(TokendialError):
    """The caller sent something that makes no sense; `details["field"]` names it where there is one."""

    code = "bad_request"
    http_status = 400


class InvalidPriceRule(BadRequest):
    """A price rule that cannot hold; `details["field"]` names the field."""

    code = "invalid_price_rule"


class NotFound(TokendialError):
    """The named thing does not exist."""

    code = "not_found"
    http_status = 404


class HomeUnavailable(TokendialError):
    """A home that is missing, unreadable or not a folder."""

    code = "home_unavailable"
    http_status = 409


class LedgerError(TokendialError):
    """The database cannot be used."""

    code = "ledger_error"


class LedgerTooNew(LedgerError):
    """The database was written by a newer Tokendial; it is left untouched."""

    code = "ledger_too_new"


class LedgerDamaged(LedgerError):
    """The database is damaged."""

    code = "ledger_damaged"


class LedgerReadOnly(LedgerError):
    """The data folder or the database cannot be written."""

    code = "ledger_read_only"


class LedgerBusy(LedgerError):
    """Another instance holds the ledger."""

    code = "ledger_busy"


class InvalidFile(TokendialError):
    """A chosen file that is not what it should be: damaged, foreign, newer or empty. Nothing was changed."""

    code = "invalid_file"
    http_status = 400


class CannotWrite(TokendialError):
    """A file that cannot be written where it was asked for: no permission, no room, no folder."""

    code = "cannot_write"
    http_status = 409


class JobRunning(TokendialError):
    """Another long task has not ended yet."""

    code = "job_running"
    http_status = 409


class Unavailable(TokendialError):
    """This machine cannot do it: no display, a missing library, a port in use."""

    code = "unavailable"
    http_status = 503
