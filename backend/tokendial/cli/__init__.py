"""The tokendial command."""
