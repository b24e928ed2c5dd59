"""What alerts can be about: the windows that were read, and the models and projects that were used."""

from __future__ import annotations

from collections import Counter

from tokendial.domain.limits import round_minutes, window_label
from tokendial.services.alert_words import provider_name
from tokendial.services.contract.alerts import WatchedWindow
from tokendial.services.panels.limits import grouped
from tokendial.services.view import View

MOST_NAMES = 300


def windows_of(view: View) -> list[WatchedWindow]:
    """Every window of every limit, also one that has reset since."""
    found = []
    for (provider, limit_id), rows in sorted(grouped(view).items()):
        newest = max(rows, key=lambda row: row.last_ms)
        for minutes in sorted({round_minutes(row.window_minutes) for row in rows}):
            found.append(
                WatchedWindow(
                    provider=provider,
                    provider_name=provider_name(provider),
                    limit_id=limit_id,
                    limit_name=newest.limit_name,
                    window_minutes=minutes,
                    window_label=window_label(minutes),
                )
            )
    return found


def models_of(view: View) -> list[str]:
    """The models of the homes that are on, by name."""
    return sorted({view.labels[number].model for number in view.allowed})[:MOST_NAMES]


def projects_of(view: View) -> list[str]:
    """The projects of the homes that are on, those with the most kinds of use first."""
    known = Counter(project for number in view.allowed if (project := view.labels[number].project))
    return [project for project, _ in known.most_common(MOST_NAMES)]
