"""The first module of the packaged program."""

from __future__ import annotations

import multiprocessing

if __name__ == "__main__":
    multiprocessing.freeze_support()  # the processes that read logs start here too, and go no further
    from tokendial.cli.packaged import main

    main()
