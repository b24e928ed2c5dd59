"""From files on disk to the ledger, exactly once."""
