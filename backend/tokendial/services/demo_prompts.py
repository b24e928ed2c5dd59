"""What is asked in the sample data: invented, always the same for one time."""

from __future__ import annotations

from tokendial.providers.base import PromptText
from tokendial.services.prompt_text import ShownText, shown
from tokendial.store.prompts import PromptRow

_TEXTS = (
    "Rewrite the parser so that it reads the file in pieces. Memory must not grow with the size of the file.",
    "The test of the checkout fails about once in twenty runs. Find out why before you change anything.",
    "Review #412. Look at error handling first, and at whether the migration can run twice.",
    "Upgrade the database driver, then run the whole suite and tell me what broke.",
    "Add a search box above the list.\n\nIt should look at title, id and project, and wait until typing stops.",
    "Why is this slow? It takes four seconds with ten thousand rows.\n\nSELECT * FROM orders WHERE note LIKE '%gift%'",
    "Deploy says: token=sample-0123456789abcdef is not valid. Where is that read?",
    "Continue.",
    "Tidy the tests: one subject a file, no sleeps, names that say what holds.",
    "The chart jumps when the window gets narrow. Make it keep its height.",
)


def text_of(row: PromptRow, most: int) -> ShownText:
    """The text of a prompt of the sample data."""
    return shown(PromptText(_TEXTS[row.key.time_ms // 1000 % len(_TEXTS)]), most)
