"""Opt-in network sources of limits."""
