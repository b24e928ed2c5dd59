"""The folders of the parity tests."""

from tests.parity.conftest import data, home

__all__ = ["data", "home"]
