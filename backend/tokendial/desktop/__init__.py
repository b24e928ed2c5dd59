"""The pywebview window."""
