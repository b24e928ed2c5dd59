"""A stage on which answers are played, and homes with credentials that say nothing real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live.played import Stage, stage

TOKEN = "token-that-must-not-be-seen"


@pytest.fixture
def server() -> Iterator[Stage]:
    """A server that plays answers."""
    with stage() as played:
        yield played


@pytest.fixture
def signed_in(tmp_path: Path) -> Path:
    """A folder that has the credential files of every agent."""
    files = {
        ".credentials.json": {
            "claudeAiOauth": {
                "accessToken": TOKEN,
                "refreshToken": f"{TOKEN}-refresh",
                "expiresAt": 1,
                "subscriptionType": "max",
            }
        },
        "auth.json": {"auth_mode": "chatgpt", "tokens": {"access_token": TOKEN, "account_id": "account-7"}},
        "oauth_creds.json": {"access_token": TOKEN, "refresh_token": f"{TOKEN}-refresh", "expiry_date": 1},
    }
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
        (tmp_path / name).chmod(0o600)
    return tmp_path
