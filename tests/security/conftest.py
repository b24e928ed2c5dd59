"""The same real server as the tests of the transports use."""

from tests.api.conftest import application, client, server, static

__all__ = ["application", "client", "server", "static"]
