"""The facts as text that may be shown to anybody: nothing in it names a person, a project, a prompt or a secret.

It is put together from counts, versions and fixed words. The only texts of this machine in it are the data folder, why
there is no window, and the system's name; each has the home folder and the user's name taken out.
"""

from __future__ import annotations

import getpass
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tokendial.services.contract.diagnostics import Diagnostics
from tokendial.store import files
from tokendial.store.homes import HomeRow

_SHORTEST_NAME = 3


def report_text(facts: Diagnostics, homes: Sequence[HomeRow]) -> str:
    """The report, ready to paste."""
    scan = facts.last_scan
    providers = Counter(home.provider for home in homes)
    speed = scan.bytes_done / scan.seconds / 1e6 if scan.seconds > 0 and scan.bytes_done else None
    lines = [
        f"Tokendial: {facts.version}",
        f"Python: {facts.python}",
        f"SQLite: {facts.sqlite}" + (f" ({facts.sqlite_warning})" if facts.sqlite_warning else ""),
        f"System: {masked(facts.platform)}",
        f"Window: {masked(facts.window)}",
        f"Data folder: {masked(facts.data_dir)}",
        f"Database: {facts.database_bytes:,} bytes, {facts.events:,} responses, {facts.sessions:,} sessions",
        f"Homes: {', '.join(f'{count} {name}' for name, count in sorted(providers.items())) or 'none'}",
        f"Log files: {facts.files:,}, and {facts.files_gone:,} deleted since",
        f"Last scan: {scan.files_read:,} of {scan.files_total:,} files, {scan.bytes_done:,} bytes "
        f"in {scan.seconds:.3f} s{f' ({speed:,.0f} MB/s)' if speed else ''}, +{scan.events_added:,} responses; "
        f"{scan.watching}",
        *_checks(facts),
        f"Refused lines: {facts.refused_total:,}",
        *_refused(facts),
    ]
    return "\n".join(lines) + "\n"


def _checks(facts: Diagnostics) -> list[str]:
    if facts.checked_at_ms is None:
        return ["Database check: not asked for"]
    sound, equal = ("sound" if facts.integrity_ok else "DAMAGED"), ("yes" if facts.rollup_ok else "NO")
    return [f"Database check: {sound}", f"Sums equal responses: {equal}"]


def _refused(facts: Diagnostics) -> list[str]:
    """By reason only: the names of files and folders can name projects and people."""
    counts: Counter[str] = Counter()
    in_files: Counter[str] = Counter()
    for row in facts.refused:
        label = files.UNREADABLE if row.reason.startswith(files.UNREADABLE) else row.label
        counts[label] += row.count
        in_files[label] += 1
    return [f"  {label}: {count:,} in {in_files[label]:,} files" for label, count in counts.most_common()]


def masked(text: str) -> str:
    """Text of this machine with the home folder as `~` and the user's name taken out."""
    home = str(Path.home())
    text = re.sub(rf"{re.escape(home)}(?=$|[^\w.-])", "~", text) if len(home) > 1 else text
    for name in sorted({_user(), Path(home).name}, key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "user", text, flags=re.IGNORECASE)
    return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return ""
