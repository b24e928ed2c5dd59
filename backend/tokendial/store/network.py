"""Whether a folder lies on another machine, where SQLite's locks and its shared memory cannot be relied on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tokendial.errors import LedgerError

MOUNTS = Path("/proc/self/mountinfo")
_REMOTE_DRIVE = 4  # GetDriveTypeW: DRIVE_REMOTE
_NETWORK = {
    "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.curlftpfs", "fuse.davfs2",
    "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs",
    "nfs", "nfs4", "orangefs", "smb3", "smbfs",
}  # fmt: skip


def refuse_network(folder: Path) -> None:
    """Raises LedgerError for a folder on a network drive, as far as the system says (not on macOS)."""
    kind = _windows(folder) if sys.platform == "win32" else _mounted(folder)
    if kind is not None:
        raise LedgerError(
            f"The data folder {folder} is on a network drive ({kind}), where a database can be damaged. "
            "Choose a folder of this computer with --data-dir.",
            path=str(folder),
        )


def _mounted(folder: Path) -> str | None:
    """The network file system of a folder, by the number of its device (proc(5), mountinfo)."""
    try:
        device = folder.stat().st_dev
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:  # a system without this list
        return None
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        mount, _, source = line.partition(" - ")
        if mount.split(" ")[2:3] == [number] and (kind := source.split(" ")[0]) in _NETWORK:
            return kind
    return None


def _windows(folder: Path) -> str | None:
    drive = f"{folder.resolve().drive}\\"
    if drive.startswith("\\\\") and not drive.startswith("\\\\?\\"):
        return drive.rstrip("\\")
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - the other systems do without

        if ctypes.windll.kernel32.GetDriveTypeW(drive) == _REMOTE_DRIVE:
            return drive
    return None
