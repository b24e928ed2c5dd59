"""One folder per coding agent: where its logs are and what a line means."""
