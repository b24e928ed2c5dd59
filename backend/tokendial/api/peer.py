"""Which user of this machine is at the other end of a connection, where the system says it (Linux)."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ROOT = 0
_LOCAL, _REMOTE, _USER = 1, 2, 7  # columns of the tables


def is_other_user(peer_port: int, own_port: int) -> bool:
    """Whether the connection from 127.0.0.1:`peer_port` to `own_port` is known to be another user's.

    False where the system does not tell. The administrator is nobody else: it may read our files anyway, and WSL lets
    Windows' browsers in under its name.
    """
    owner = owner_of(peer_port, own_port)
    return owner is not None and owner not in (_ROOT, os.getuid())


def owner_of(peer_port: int, own_port: int) -> int | None:
    """The user id at the other end, or None."""
    ends = {(b"%s:%04X" % (address, peer_port), b"%s:%04X" % (address, own_port)) for address in _loopback()}
    for table in _TABLES:
        try:
            # Line by line: the system makes the table as it is read, out of all its connections.
            with table.open("rb") as rows:
                for row in rows:
                    columns = row.split()
                    if (columns[_LOCAL], columns[_REMOTE]) in ends:
                        return int(columns[_USER])
        except OSError:
            continue
    return None


def _loopback() -> tuple[bytes, bytes]:
    """127.0.0.1 as the tables write it, and within IPv6: words in the machine's own byte order."""
    packed = socket.inet_aton("127.0.0.1")
    four = f"{struct.unpack('=I', packed)[0]:08X}"
    mapped = "".join(f"{word:08X}" for word in struct.unpack("=4I", b"\0" * 10 + b"\xff\xff" + packed))
    return four.encode(), mapped.encode()
