from __future__ import annotations

import pytest

from tokendial.domain.folders import folder_key, is_within, longest_ancestor


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/work/shop/", "/work/shop"),
        ("/work//shop", "/work/shop"),
        ("/Work/Shop", "/Work/Shop"),
        ("/", "/"),
        ("C:\\Work\\Shop\\", "c:/work/shop"),
        ("c:/work/shop", "c:/work/shop"),
        ("\\\\Server\\Share\\x", "//server/share/x"),
    ],
)
def test_one_folder_has_one_key(path: str, key: str) -> None:
    assert folder_key(path) == key


def test_a_folder_lies_in_another_by_whole_names() -> None:
    assert is_within("/work/shop/web", "/work/shop")
    assert not is_within("/work/shopping", "/work/shop")
    assert is_within("/work", "/")


def test_the_nearest_root_is_taken() -> None:
    roots = ["/work", "/work/shop", "/other"]
    assert longest_ancestor("/work/shop/web", roots) == "/work/shop"
    assert longest_ancestor("/elsewhere", roots) is None
