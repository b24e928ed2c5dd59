"""The tokendial command."""

from __future__ import annotations

import gc

# A report allocates much and frees little: looking for reference cycles all the time is a tenth of its start.
gc.set_threshold(100_000, 20, 20)
