"""Starts Tokendial from a checkout: `python3 scripts/run.py [arguments of tokendial]`.

The first run makes `.venv` and installs everything into it; later ones start at once.
"""

import os
import subprocess
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for the older ones
    sys.exit("Tokendial needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

from _setup import ensure_environment, ensure_frontend, ensure_native


def main() -> int:
    """Prepares what is missing and becomes `tokendial`."""
    python = ensure_environment()
    ensure_frontend()
    ensure_native()
    command = [str(python), "-m", "tokendial", *sys.argv[1:]]
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    os.execv(python, command)


if __name__ == "__main__":
    sys.exit(main())
