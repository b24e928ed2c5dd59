"""Opens CSV files in LibreOffice and says what stands in each cell: a text, a number, or a formula."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_MADE_HARMLESS = re.compile(r"""(^|[;\t\r\n])'(?=["']*[=+\-@＝＋－＠])|^'(?=[\t\r\n\0])""")
# Texts that are, or become, formulas where nothing is done about them.
TRIGGERS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠x", "==1",
    "=-1", "+=1", "-=1",
    "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", '=HYPERLINK("http://evil.test","x")',
    '=WEBSERVICE("http://evil.test")', "=DDE(1;2;3)", '=IMPORTXML("http://evil.test";"//a")', "=$A$1", "+A1", "-A1",
    '="a"&"b"', "=1,2", "=1;2", "=\"", "='x'!A1",
)  # fmt: skip
# Formulas where cells are separated by something else, or end within a text.
LATER = (
    "x;=1+1", "x;+1", "x;-1", "x;@SUM(A1)", "x\t=1+1", "x\n=1+1", "x\r=1+1", "x\r\n=1+1", 'x;"=1+1', "x;'=1",
    'x;""=1+1',
    'x";=1+1', 'x";"=1+1', "x;\t=1", "x;;=1", ";=1+1", '";=1', "a;＝1", "x\n\n+1", "x;=cmd|' /C calc'!A0",
)  # fmt: skip


class Cell(NamedTuple):
    """What a spreadsheet shows in a cell; `kind` is string or float, '' where the cell is empty."""

    text: str
    kind: str
    formula: str | None


def meant(cell: str) -> str:
    """The text that a cell of a CSV file stands for."""
    return _MADE_HARMLESS.sub(r"\1", cell)


def office() -> str:
    """The program; the test is skipped where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or pytest.skip("LibreOffice is not installed")


def opened(files: Sequence[Path], folder: Path, separators: str) -> dict[str, list[list[Cell]]]:
    """The cells of each file, by its name, when it is opened with these characters as separators."""
    codes = "/".join(str(ord(one)) for one in separators)
    target = folder / f"opened-{codes.replace('/', '-')}"
    command = [
        office(), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        f"--infilter=CSV:{codes},34,76,1", "--convert-to", "fods", "--outdir", str(target), *map(str, files),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(folder)}
    subprocess.run(command, check=True, capture_output=True, timeout=180, env=environment)
    return {path.name: list(_rows(target / f"{path.stem}.fods")) for path in files}


def _rows(path: Path) -> Iterator[list[Cell]]:
    for row in ET.parse(path).getroot().iter(f"{_TABLE}table-row"):
        cells: list[Cell] = []
        for node in row.iter(f"{_TABLE}table-cell"):
            text = "\n".join(_text_of(line) for line in node.findall(f"{_TEXT}p"))
            cell = Cell(text, node.get(f"{_OFFICE}value-type", ""), node.get(f"{_TABLE}formula"))
            cells += [cell] * int(node.get(f"{_TABLE}number-columns-repeated", "1"))
        while cells and cells[-1] == Cell("", "", None):
            cells.pop()
        if cells:
            yield cells


def _text_of(node: ET.Element) -> str:
    """The text of a paragraph: blanks, tabs and line ends in it are elements."""
    made = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
    found = node.text or ""
    for part in node:
        blanks = " " * int(part.get(f"{_TEXT}c", "1")) if part.tag == f"{_TEXT}s" else ""
        found += made.get(part.tag, blanks or _text_of(part)) + (part.tail or "")
    return found
