"""Texts that a terminal would obey instead of show, and how they look when they are shown."""

from __future__ import annotations

import json
import re

SEQUENCES = (
    "\x1b[31mred", "\x1b[2J\x1b[H", "\x1b[1A\x1b[2K", "\x1b[?1049h", "\x1b[8mhidden\x1b[0m", "\x1b[6n", "\x1b[c",
    "\x1b[20t", "\x1b]0;title\x07", "\x1b]2;title\x1b\\", "\x1b]4;1;red\x07", "\x1b]7;file://h/p\x07",
    "\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\", "\x1b]8;;file:///etc/passwd\x07x\x1b]8;;\x07",
    "\x1b]9;4;1\x07", "\x1b]11;?\x07", "\x1b]52;c;cHduZWQ=\x07", "\x1b]52;c;?\x1b\\", "\x1b]777;notify;a;b\x07",
    "\x1b]1337;File=:eA==\x07",
    "\x1bP+q544e\x1b\\", "\x1b_Gf=24;eA==\x1b\\", "\x1b^private\x1b\\", "\x1bXstring\x1b\\", "\x1bc", "\x1b(0lqk",
    "\x1b#8", "\x1b7\x1b8", "\x1bM\x1bD\x1bE",
)  # fmt: skip
CONTROLS = (
    "over\rwritten", "two\nlines", "three\r\nlines", "bell\x07", "back\x08\x08\x08space", "tab\tstop",
    "feed\x0c\x0bdown",
    "shift\x0eout\x0fin", "start\x01\x02\x03\x04\x05", "flow\x11\x13\x1a", "nul\x00l", "delete\x7f", "csi\x9b31m",
    "osc\x9d0;x\x9c", "dcs\x90q\x9c", "next\x85line", "index\x84\x8d",
)  # fmt: skip
UNSEEN = (
    "safe\u202egnp.exe", "\u202aembed\u202b\u202c\u202dover", "\u2066one\u2067two\u2068three\u2069",
    "mark\u200e\u200f\u061c",
    "zero\u200b\u200c\u200dwidth", "join\u2060\u2064er", "bom\ufeff", "soft\u00adhyphen", "line\u2028para\u2029graph",
    "deprecated\u206a\u206f", "anchor\ufff9\ufffa\ufffb", "tags\U000e0001\U000e0041\U000e007f", "vowel\u180eseparator",
)  # fmt: skip
ESCAPES = (*SEQUENCES, *CONTROLS, *UNSEEN)
OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """The text with an escape of JSON for each character that a terminal would obey."""
    return OBEYED.sub(
        lambda found: json.dumps(found[0])[1:-1] if found[0] > "\uffff" else f"\\u{ord(found[0]):04x}", text
    )


def obeyed(printed: str) -> list[str]:
    """What of a text a terminal would obey, but the ends of its lines."""
    return [found for found in OBEYED.findall(printed) if found != "\n"]
