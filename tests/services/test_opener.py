"""What other programs get from the packaged one's environment."""

from __future__ import annotations

import sys

import pytest

from tokendial.services.opener import restore_library_path


@pytest.mark.parametrize(
    ("frozen", "before", "after"),
    [
        (True, {"LD_LIBRARY_PATH": "/opt/tokendial/_internal"}, {}),
        (
            True,
            {"LD_LIBRARY_PATH": "/opt/tokendial/_internal", "LD_LIBRARY_PATH_ORIG": "/mine"},
            {"LD_LIBRARY_PATH": "/mine"},
        ),
        (True, {}, {}),
        (False, {"LD_LIBRARY_PATH": "/mine"}, {"LD_LIBRARY_PATH": "/mine"}),
    ],
)
def test_the_library_path_is_the_users(
    frozen: bool, before: dict[str, str], after: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    environment = {"HOME": "/home/u", **before}
    restore_library_path(environment)
    assert environment == {"HOME": "/home/u", **after}
