"""One command registry, served over the window's bridge and over HTTP."""
