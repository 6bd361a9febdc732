"""Anonymous blocks that only run constant DDL, and calls of the supplied packages.

``BEGIN EXECUTE IMMEDIATE 'DROP TABLE t'; EXCEPTION WHEN OTHERS THEN ... END;`` is how Oracle scripts write DROP IF
EXISTS: such a block is read as the statements inside its strings.
"""

from __future__ import annotations

from typing import Final

from ..source import Span
from .cursor import Cursor, string_value

#: Words that may stand around the dynamic statements of a guard, without doing anything of their own.
_GUARD: Final = frozenset(
    """
    BEGIN END EXCEPTION WHEN OTHERS THEN NULL IF ELSE ELSIF SQLCODE SQLERRM RAISE DECLARE PRAGMA EXCEPTION_INIT
    NUMBER INTEGER PLS_INTEGER INT SELECT COUNT INTO FROM WHERE AND OR NOT UPPER LOWER NO_DATA_FOUND USER_TABLES
    ALL_TABLES DBA_TABLES USER_SEQUENCES ALL_SEQUENCES USER_OBJECTS ALL_OBJECTS DBA_OBJECTS USER_INDEXES ALL_INDEXES
    USER_TAB_COLUMNS ALL_TAB_COLUMNS USER_TAB_COLS USER_CONSTRAINTS ALL_CONSTRAINTS USER_VIEWS ALL_VIEWS
    USER_TRIGGERS USER_SYNONYMS DBA_USERS ALL_USERS DUAL USER BOOLEAN VARCHAR2 IS AS IN EXECUTE IMMEDIATE COMMIT
    """.split()
)


def constant_statements(c: Cursor) -> list[tuple[str, Span]] | None:
    """The statements that the block runs, each with its place; ``None`` if the block does anything else."""
    texts = c.texts
    found: list[tuple[str, Span]] = []
    at = 0
    names: set[str] = set()
    while at < c.count:
        text = texts[at]
        if text == "EXECUTE" and texts[at + 1] == "IMMEDIATE":
            if texts[at + 2][:1] == "'" and texts[at + 3] == ";":
                found.append((string_value(texts[at + 2]), c.span(at + 2, at + 3)))
                at += 4
                continue
            return None
        if text == "DBMS_OUTPUT":
            while at < c.count and texts[at] != ";":
                at += 1
            continue
        first = text[0]
        if first.isalpha() and text not in _GUARD and text not in names:
            if texts[at + 1] in ("NUMBER", "INTEGER", "PLS_INTEGER", "INT", "EXCEPTION", "VARCHAR2", "BOOLEAN"):
                names.add(text)
            elif not (texts[at - 1] in ("AND", "WHERE", "(") or texts[at + 1] in ("=", ")")):
                return None
        at += 1
    return found or None


_PACKAGES: Final = {
    "DBMS_SCHEDULER": ("job", "job"), "DBMS_JOB": ("job", "job"), "DBMS_ISCHED": ("job", "job"),
    "DBMS_STATS": ("statistics", "script"), "DBMS_UTILITY": ("statistics", "script"),
    "DBMS_RLS": ("policy", "other"), "DBMS_REDACT": ("policy", "other"), "DBMS_FGA": ("audit", "other"),
    "DBMS_AQADM": ("queue", "other"), "CTX_DDL": ("text_preference", "other"),
    "DBMS_MVIEW": ("mview_refresh", "script"), "DBMS_REFRESH": ("mview_refresh", "script"),
    "DBMS_SNAPSHOT": ("mview_refresh", "script"), "DBMS_OUTPUT": ("client_command", "script"),
    "DBMS_ERRLOG": ("table_maintenance", "other"), "DBMS_ADVISOR": ("statistics", "script"),
}  # fmt: skip


def call_construct(body: str) -> tuple[str, str]:
    """Construct and kind of a call such as ``dbms_stats.gather_schema_stats('HR')``."""
    name = body.lstrip().split("(", 1)[0].split(";", 1)[0].upper()
    for part in name.split("."):
        if part.strip() in _PACKAGES:
            return _PACKAGES[part.strip()]
    return "execute_call", "script"


def block_construct(c: Cursor) -> tuple[str, str]:
    """Construct and kind of an anonymous block: what it calls, if it calls one supplied package alone."""
    called = [_PACKAGES[t] for t in c.texts[: c.count] if t in _PACKAGES and t != "DBMS_OUTPUT"]
    if called and all(k == called[0] for k in called):
        return called[0]
    return "anonymous_block", "script"


def block_name(c: Cursor, construct: str) -> str:
    """A name to show: that of the job, else nothing better than what it is."""
    if construct == "job":
        for text in c.texts[: c.count]:
            if text[:1] == "'":
                return string_value(text)
    return "anonymous block"
