"""Texts that would be more than text to a database whose statements were made of them."""

from __future__ import annotations

MARK = "zqsql"
_ENDS = ("'", '"', "`", "]", "')", "'))", '")', "''", "\\'", "%'", "'\t", "’", "ʼ", "＇", "0", "*/", "\n'")
_STATEMENTS = (
    "OR 1=1 --",
    "OR '1'='1",
    "; DROP TABLE session; --",
    "; DELETE FROM usage_event; /*",
    "UNION SELECT value FROM setting --",
    "AND (SELECT count(*) FROM usage_event) > 0 --",
    "|| (SELECT group_concat(id) FROM session) ||",
    "ORDER BY 99 --",
    "; PRAGMA writable_schema = 1; --",
    "; ATTACH '/tmp/x' AS x; --",
    ") OR EXISTS (SELECT 1 FROM label_set) --",
)
_WILD = ("%", "_", "*", "?", "%%", "[a-z]", "[^z]%", "\\%", "\\_", "a%b", "_____", "^", "$", ".*", "#")
_WORDS = (
    "NULL", "null", "None", "true", "false", "0", "1", "-1", "1.0", "1e3", "0x1F", "x'41'", "'x'", "NaN", "rowid", "id",
    "session", "session.title", "CURRENT_TIMESTAMP", "count(*)", ":name", "@name", "$name", "?1", "--", "/* */", ";",
    "''", '""', "[]", "``", "()", "a=b", "a,b", "a;b", "load_extension('x')", "char(39)", "＇ OR １＝１", "ﬁ", "ß", "İ",
)  # fmt: skip
INJECTIONS = tuple(f"{end} {statement} {MARK}" for end in _ENDS for statement in _STATEMENTS)
NAMES = (*INJECTIONS, *_WILD, *_WORDS)
