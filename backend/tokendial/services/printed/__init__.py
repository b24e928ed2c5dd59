"""A report that can be printed: one HTML file without a script and without anything from elsewhere."""

from __future__ import annotations

from tokendial.services.printed.document import page
from tokendial.services.printed.words import file_name

__all__ = ["file_name", "page"]
