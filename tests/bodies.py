"""The bodies of PL/pgSQL that a conversion has made, statement by statement against the schema that it has loaded.

``CREATE FUNCTION`` takes a body whose tables and columns are not there; the extension plpgsql_check
(https://github.com/okbob/plpgsql_check, a package of Debian) reads it as a call would. Not counted are bodies whose
findings say that something they name is missing, and bodies over temporary tables that are made from a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemaconv.report.model import Conversion

EXTENSION = "plpgsql_check"
#: Findings that say beforehand what a body stumbles over.
SAID = frozenset({"SC5221", "SC5222", "SC5121"})
_TEMPORARY = re.compile(r"(?is)\bCREATE TEMPORARY TABLE ([\w\"]+) \((.*?)\n\s*\) ON COMMIT DROP")
_MADE = re.compile(r"(?i)\bCREATE TEMPORARY TABLE ([\w\"]+) (?:ON COMMIT DROP )?AS\b")
#: What comes of a first error, or of a record whose query is put together at run time.
_AFTER = ("is not assigned yet", "cached plan", "query does not return data", "there are no plan")
_FUNCTIONS = """
    SELECT p.oid, p.proname, n.nspname, p.prosrc, p.prorettype::regtype::text, COALESCE(t.tgrelid, 0), t.tgoldtable,
        t.tgnewtable
    FROM pg_proc AS p
    JOIN pg_language AS l ON l.oid = p.prolang
    JOIN pg_namespace AS n ON n.oid = p.pronamespace
    LEFT JOIN pg_trigger AS t ON t.tgfoid = p.oid
    WHERE l.lanname = 'plpgsql' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
        AND (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL) AND p.prorettype <> 'event_trigger'::regtype
    ORDER BY n.nspname, p.proname, p.oid"""
_CHECK = f"""
    SELECT lineno, message, COALESCE(query, '')
    FROM {EXTENSION}_function_tb(%s::oid, relid => %s::oid::regclass, fatal_errors => FALSE, oldtable => %s,
        newtable => %s)
    WHERE level = 'error'"""


@dataclass
class Checked:
    """How many bodies were read, how many were passed over, and what is wrong with those that were read."""

    read: int = 0
    passed: int = 0
    wrong: list[str] = field(default_factory=list)


def is_there(connection: Any) -> bool:
    """Whether the server has the extension."""
    asked = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = %s)"
    return bool(connection.execute(asked, (EXTENSION,)).fetchone()[0])


def check(done: Conversion, connection: Any) -> Checked:
    """Check the bodies of a database into which ``done`` was loaded; ``connection`` commits each statement."""
    found = Checked()
    said = set(_said(done))
    connection.execute(f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")
    for oid, name, schema, body, result, table, old, new in connection.execute(_FUNCTIONS).fetchall():
        if name in said or _MADE.search(body):
            found.passed += 1
            continue
        found.read += 1
        made = list(_TEMPORARY.finditer(body))
        for m in made:
            connection.execute(f"DROP TABLE IF EXISTS pg_temp.{m[1]}")
            connection.execute(m[0].replace(" ON COMMIT DROP", ""))
        relation = table if result == "trigger" else 0
        for line, message, query in connection.execute(_CHECK, (oid, relation, old, new)).fetchall():
            if not any(word in message for word in _AFTER):
                found.wrong.append(f"{schema}.{name}:{line}: {message} <- {' '.join(query.split())[:120]}")
        for m in made:
            connection.execute(f"DROP TABLE IF EXISTS pg_temp.{m[1]}")
    return found


def _said(done: Conversion) -> Iterator[str]:
    """The names on the target of the routines whose findings say that something is missing."""
    for o in done.objects:
        if any(d.code in SAID for d in o.diagnostics):
            yield o.target_name.rpartition(".")[2].strip('"')
