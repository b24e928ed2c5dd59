"""The seam every provider fills: where its logs are, and what their lines mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tokendial.domain.records import ParsedFile, ReadingRecord
from tokendial.providers.folders import Closed, FoundFile
from tokendial.providers.samples import SampleWriter

if TYPE_CHECKING:
    from tokendial.providers.live import LiveSource


class Descriptor(NamedTuple):
    """Who the provider is. `price_vendors` are the vendors its models are sought at first; `reads`: what is read.

    `limits` says where its limits come from, `no_limits` why none is known; `block_minutes` is the length of the blocks
    that stand in for its session window where no reading of it is known (None: it has none).
    """

    id: str
    name: str
    color: str
    color_dark: str
    price_vendors: tuple[str, ...]
    docs_url: str
    reads: str
    limits: str
    no_limits: str
    block_minutes: int | None = None


class PromptText(NamedTuple):
    """What a person asked, as it stands in the log, and what was handed over with it ("image", "plan.pdf")."""

    text: str
    attachments: tuple[str, ...] = ()


class NeedsFullParse(Exception):
    """Appended lines changed the meaning of earlier ones: parse the file from its start."""


class Unusual(Exception):
    """A file holds what its quick parser does not read: it is for the parser."""


class LogParser(Protocol):
    """Reads one file, in any chunking. The same lines give the same records however they were cut."""

    def feed(self, block: bytes, start: int, end: int, base: int) -> None:
        """Take the whole lines in `block[start:end]`, each with its newline; the block begins at byte `base`."""

    def refuse(self, reason: str, offset: int) -> None:
        """Count a line that the reader itself had to pass over."""

    def finish(self) -> ParsedFile:
        """What was found since the start or since the resumed state. Raises NeedsFullParse."""


class LogSource(Protocol):
    """The logs of a provider."""

    def default_homes(self, environment: Mapping[str, str], user_home: Path) -> list[Path]:
        """The folders the provider uses on this machine, most likely first; they may not exist."""

    def home_for(self, folder: Path) -> Path | None:
        """The home that is meant by a folder around it or inside it; None where it is one itself, or none is near."""

    def session_day(self, path: str) -> str | None:
        """The local day (YYYY-MM-DD) on which the session of a log file began, where its name tells."""

    def watch_roots(self, home: Path) -> list[Path]:
        """The folders below a home in which logs appear."""

    def find_files(self, home: Path, closed: Closed | None = None) -> Iterator[FoundFile]:
        """Every log file of a home. Links are not followed.

        A folder that cannot be read is told to `closed`, with its name, and passed over; without it, OSError is raised.
        """

    def find_file(self, home: Path, path: str) -> FoundFile | None:
        """The log file of a home at this path; None where it is none, or is not there."""

    def is_document(self, path: str) -> bool:
        """Whether a file is one document that is rewritten as a whole: then a parser gets all of it at each change.

        Its parser is also given the state of the reading before, and its result replaces that reading's.
        """

    def is_whole_record(self, rest: bytes) -> bool:
        """Whether what stands behind a file's last newline is a record already, and is read without waiting for one.

        Then a parser gets it with a newline, and passes over the newline that may come later.
        """

    def file_stem(self, path: str) -> str:
        """A name that stays when a file is moved or compressed."""

    def parser(self, path: str, now_ms: int, state: bytes | None) -> LogParser:
        """A parser for a file, at its start or resumed. Raises ValueError for a state it cannot read."""

    def titles(self, home: Path) -> dict[str, str]:
        """Session titles that the provider keeps beside its logs, by session id."""

    def prompt_of(self, record: bytes, time_ms: int) -> PromptText | None:
        """The prompt of a record (a line, or a message of a document), by the rules that the parser finds prompts by.

        None where the record is none, or not one of this time: the log was rewritten since it was read.
        """

    def resume_command(self, session_id: str) -> str | None:
        """What a user types to go on with a session."""


class StatusReport(NamedTuple):
    """What an agent tells its status line. Percents are 0 to 100, `cost` are dollars as text; None is not told.

    `home` is the home that the session belongs to. `readings` are those of windows that still run.
    """

    home: Path
    model: str | None
    context_percent: float | None
    cost: str | None
    readings: list[ReadingRecord]


class StatusLine(Protocol):
    """A command that the agent calls to show a line, and what it tells it then."""

    settings_file: str
    """Where the user writes that the command is called, as text to read."""

    def report(
        self, payload: bytes, now_ms: int, environment: Mapping[str, str], user_home: Path
    ) -> StatusReport | None:
        """What the agent said; None for what is not its payload. Never raises; no prompt or reply is in the answer."""

    def setting(self, command: str) -> str:
        """What the user writes into the settings file to have a command (quoted for the system's shell) called."""


class Provider(NamedTuple):
    """A provider as the rest of the program sees it.

    Not every agent has a status line; one that can write samples is shown in the sample data. `live_sources` makes what
    can be asked live, each once: a function, so that only who asks loads it. `quick_parser` makes a parser of a file of
    the usual kind (by its path and the time now), from its start: much faster than `logs.parser`, with the same records
    but no state. It, making it included, raises Unusual for any other file.
    """

    descriptor: Descriptor
    logs: LogSource
    live_sources: Callable[[], tuple[LiveSource, ...]] = tuple
    status_line: StatusLine | None = None
    write_sample: SampleWriter | None = None
    quick_parser: Callable[[str, int], LogParser] | None = None
