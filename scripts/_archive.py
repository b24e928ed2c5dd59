"""Archives with the links and the modes of the files, and their checksums."""

from __future__ import annotations

import hashlib
import stat
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

_UNIX = 3


def tar_gz(folder: Path, stem: Path) -> Path:
    """`stem`.tar.gz with the folder in it. The files belong to nobody in particular."""
    target = stem.with_name(stem.name + ".tar.gz")
    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        archive.add(folder, folder.name, filter=_without_owner)
    return target


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def zipped(folder: Path, stem: Path) -> Path:
    """`stem`.zip with the folder in it; links stay links, which an application of macOS depends on."""
    target = stem.with_name(stem.name + ".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder.parent).as_posix()
            if path.is_symlink():
                link = zipfile.ZipInfo(name)
                link.create_system = _UNIX
                link.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(link, path.readlink().as_posix())
            else:
                archive.write(path, name)
    return target


def write_sums(files: Iterable[Path], target: Path) -> Path:
    """A file for `sha256sum --check`."""
    lines = []
    for path in files:
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target
