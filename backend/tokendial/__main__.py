"""`python -m tokendial`."""

from __future__ import annotations

from tokendial.cli.main import main

if __name__ == "__main__":
    main()
