"""A secret is shown by no way of making text of it."""

from __future__ import annotations

import copy
import json
import pickle

import msgspec
import pytest

from tokendial.domain.secret import Secret

HIDDEN = "sk-something"


def test_no_text_shows_it() -> None:
    secret = Secret(HIDDEN)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>40}",
        f"{secret} {secret!r}",
        repr({"a": [secret]}),
    ]
    assert all(HIDDEN not in text and "***" in text for text in shown)
    assert secret.reveal() == HIDDEN


def test_it_is_not_written_anywhere() -> None:
    secret = Secret(HIDDEN)
    for write in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, msgspec.json.encode):
        with pytest.raises(TypeError):
            write(secret)
    assert not hasattr(secret, "__dict__")
