"""Use cases: what the shells ask the ledger for."""
