"""The tray: one small interface, an icon for each toolkit behind it, and what keeps it up to date."""
