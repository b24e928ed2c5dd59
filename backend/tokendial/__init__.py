"""Tokendial: a local ledger of what coding agents cost, in a desktop window."""

__version__ = "0.1.0"
