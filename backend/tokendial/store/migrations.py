"""The schema, as numbered steps. Each runs in one transaction together with the record that it ran."""

from __future__ import annotations

from typing import NamedTuple


class Migration(NamedTuple):
    """A step: its name, recorded in the ledger, and its statements."""

    name: str
    statements: tuple[str, ...]


# A null in a unique index is never equal to a null, so label sets and homes keep '' for "not said".
m001_initial = Migration(
    "m001_initial",
    (
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE home (
            id INTEGER PRIMARY KEY, provider TEXT NOT NULL, path TEXT NOT NULL, label TEXT NOT NULL DEFAULT '',
            active INTEGER NOT NULL DEFAULT 1, added_ms INTEGER NOT NULL, last_seen_ms INTEGER,
            UNIQUE (provider, path))""",
        """CREATE TABLE source_file (
            id INTEGER PRIMARY KEY, home_id INTEGER NOT NULL REFERENCES home (id), path TEXT NOT NULL,
            stem TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
            session_num INTEGER, status TEXT NOT NULL DEFAULT 'present', problem TEXT,
            cursor INTEGER NOT NULL DEFAULT 0, head_length INTEGER NOT NULL DEFAULT 0,
            head BLOB NOT NULL DEFAULT x'', tail BLOB NOT NULL DEFAULT x'', UNIQUE (home_id, path))""",
        "CREATE INDEX source_file_session ON source_file (session_num)",
        "CREATE TABLE file_state (file_id INTEGER PRIMARY KEY, state BLOB NOT NULL)",
        """CREATE TABLE session (
            num INTEGER PRIMARY KEY, provider TEXT NOT NULL, id TEXT NOT NULL, home_id INTEGER NOT NULL,
            parent TEXT, root TEXT, kind TEXT NOT NULL DEFAULT 'main', title TEXT, agent TEXT, cwd TEXT, branch TEXT,
            originator TEXT, client_version TEXT, model TEXT, effort TEXT, started_ms INTEGER, last_seen_ms INTEGER,
            context_used INTEGER, context_window INTEGER, compactions INTEGER NOT NULL DEFAULT 0,
            first_event_ms INTEGER, last_event_ms INTEGER, UNIQUE (provider, id))""",
        "CREATE INDEX session_last_seen ON session (last_seen_ms)",
        "CREATE INDEX session_parent ON session (parent) WHERE parent IS NOT NULL",
        """CREATE TABLE thread_family (
            provider TEXT NOT NULL, thread TEXT NOT NULL, family TEXT NOT NULL,
            PRIMARY KEY (provider, thread)) WITHOUT ROWID""",
        "CREATE INDEX thread_family_family ON thread_family (provider, family)",
        """CREATE TABLE label_set (
            id INTEGER PRIMARY KEY, home_id INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
            effort TEXT NOT NULL, tier TEXT NOT NULL, project TEXT NOT NULL, originator TEXT NOT NULL,
            band INTEGER NOT NULL, context_window INTEGER NOT NULL,
            UNIQUE (home_id, provider, model, effort, tier, project, originator, band, context_window))""",
        """CREATE TABLE usage_event (
            id INTEGER PRIMARY KEY, key INTEGER NOT NULL, session_num INTEGER NOT NULL, file_id INTEGER NOT NULL,
            time_ms INTEGER NOT NULL, label_id INTEGER NOT NULL, input INTEGER NOT NULL, cache_read INTEGER NOT NULL,
            cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL, output INTEGER NOT NULL,
            reasoning INTEGER NOT NULL, flags INTEGER NOT NULL, offset INTEGER NOT NULL,
            status INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX usage_event_key ON usage_event (key)",
        "CREATE INDEX usage_event_time ON usage_event (time_ms)",
        "CREATE INDEX usage_event_session ON usage_event (session_num, time_ms)",
        """CREATE TABLE usage_rollup (
            bucket INTEGER NOT NULL, label_id INTEGER NOT NULL, input INTEGER NOT NULL, cache_read INTEGER NOT NULL,
            cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL, output INTEGER NOT NULL,
            reasoning INTEGER NOT NULL, events INTEGER NOT NULL, PRIMARY KEY (bucket, label_id)) WITHOUT ROWID""",
        """CREATE TABLE limit_series (
            id INTEGER PRIMARY KEY, home_id INTEGER NOT NULL, provider TEXT NOT NULL, limit_id TEXT NOT NULL,
            limit_name TEXT NOT NULL, window_minutes INTEGER NOT NULL, plan TEXT NOT NULL, credits TEXT NOT NULL,
            source TEXT NOT NULL,
            UNIQUE (home_id, provider, limit_id, limit_name, window_minutes, plan, credits, source))""",
        """CREATE TABLE limit_reading (
            file_id INTEGER NOT NULL, series_id INTEGER NOT NULL, time_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
            used_percent REAL NOT NULL, resets_at_ms INTEGER,
            PRIMARY KEY (file_id, series_id, time_ms)) WITHOUT ROWID""",
        "CREATE INDEX limit_reading_latest ON limit_reading (series_id, last_ms)",
        """CREATE TABLE prompt (
            file_id INTEGER NOT NULL, offset INTEGER NOT NULL, session_num INTEGER NOT NULL, time_ms INTEGER NOT NULL,
            length INTEGER NOT NULL, PRIMARY KEY (file_id, offset)) WITHOUT ROWID""",
        "CREATE INDEX prompt_time ON prompt (time_ms)",
        """CREATE TABLE audit (
            file_id INTEGER NOT NULL, kind TEXT NOT NULL, records INTEGER NOT NULL, tokens INTEGER NOT NULL,
            PRIMARY KEY (file_id, kind)) WITHOUT ROWID""",
        """CREATE TABLE refused_line (
            file_id INTEGER NOT NULL, reason TEXT NOT NULL, lines INTEGER NOT NULL, first_offset INTEGER NOT NULL,
            PRIMARY KEY (file_id, reason)) WITHOUT ROWID""",
        "CREATE TABLE ledger_change (seq INTEGER PRIMARY KEY, low_ms INTEGER NOT NULL)",
        """CREATE TABLE price_rule (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, provider TEXT NOT NULL DEFAULT '', pattern TEXT NOT NULL,
            catalogue TEXT NOT NULL DEFAULT '', body BLOB NOT NULL)""",
        "CREATE INDEX price_rule_pattern ON price_rule (source, provider, pattern)",
    ),
)

# A cleared home is not read again before it is asked for (W35).
m002_cleared_homes = Migration("m002_cleared_homes", ("ALTER TABLE home ADD COLUMN cleared_ms INTEGER",))

# A turn ends at the next prompt of its session.
m003_prompt_session = Migration(
    "m003_prompt_session", ("CREATE INDEX prompt_session ON prompt (session_num, time_ms)",)
)

# What a session used by UTC day, of the counted events: prices change at UTC midnights, so it prices them exactly too.
m004_session_usage = Migration(
    "m004_session_usage",
    (
        """CREATE TABLE session_usage (
            session_num INTEGER NOT NULL, day INTEGER NOT NULL, label_id INTEGER NOT NULL, input INTEGER NOT NULL,
            cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL,
            output INTEGER NOT NULL, reasoning INTEGER NOT NULL, events INTEGER NOT NULL,
            PRIMARY KEY (session_num, day, label_id)) WITHOUT ROWID""",
        """INSERT INTO session_usage SELECT session_num, time_ms / 86400000, label_id, sum(input), sum(cache_read),
            sum(cache_write), sum(cache_write_1h), sum(output), sum(reasoning), count(*)
            FROM usage_event WHERE status = 0 GROUP BY 1, 2, 3""",
        "CREATE INDEX session_id ON session (id)",
        "CREATE INDEX session_times ON session (last_event_ms, first_event_ms)",
        "CREATE INDEX source_file_home ON source_file (home_id, status, size)",
        # Few sessions go on at the same time, so responses of a time are found by session: 20 bytes less of each.
        "DROP INDEX usage_event_time",
    ),
)

# What stays of responses whose details were removed: their sums per session, file and quarter of an hour, and which
# they were, so that none counts again. `facts` are in past.py.
m005_past = Migration(
    "m005_past",
    (
        """CREATE TABLE past_usage (
            session_num INTEGER NOT NULL, bucket INTEGER NOT NULL, label_id INTEGER NOT NULL, file_id INTEGER NOT NULL,
            status INTEGER NOT NULL, input INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL,
            cache_write_1h INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL,
            events INTEGER NOT NULL, PRIMARY KEY (session_num, bucket, label_id, file_id, status)) WITHOUT ROWID""",
        """CREATE TABLE past_key (
            key INTEGER NOT NULL, session_num INTEGER NOT NULL, file_id INTEGER NOT NULL, facts INTEGER NOT NULL,
            PRIMARY KEY (key, session_num)) WITHOUT ROWID""",
    ),
)

# A response that no other file can hold is not looked for by its key: that saves 15 bytes of most, and their places in
# an index that has none of them in order. What an earlier version wrote stays in the index.
m006_alone = Migration(
    "m006_alone",
    (
        "DROP INDEX usage_event_key",
        "CREATE INDEX usage_event_key ON usage_event (key) WHERE flags & 256 = 0",
    ),
)

# One row: sums of local days that are over, as kept_days.py packs them.
m007_kept_days = Migration(
    "m007_kept_days",
    (
        """CREATE TABLE kept_days (
            zone TEXT PRIMARY KEY, days INTEGER NOT NULL, end_ms INTEGER NOT NULL, starts INTEGER NOT NULL,
            sums BLOB NOT NULL)""",
    ),
)

# The name that stays when a file is moved is read from its path, which holds it already: 70 bytes of a Codex file.
m008_no_stem = Migration("m008_no_stem", ("ALTER TABLE source_file DROP COLUMN stem",))

MIGRATIONS: tuple[Migration, ...] = (
    m001_initial,
    m002_cleared_homes,
    m003_prompt_session,
    m004_session_usage,
    m005_past,
    m006_alone,
    m007_kept_days,
    m008_no_stem,
)
SCHEMA_VERSION = len(MIGRATIONS)
