"""Launch at login: the one entry that the operating system keeps for it, looked at anew each time."""
