"""The use cases behind the commands, an area a file; `api/program.py` puts them together."""
