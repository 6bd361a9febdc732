"""INSTEAD OF triggers of Transact-SQL: on the target one that fires for each row.

Source: Transact-SQL reference, "CREATE TRIGGER" (INSTEAD OF); PostgreSQL, "Overview of Trigger Behavior": one of a view
fires INSTEAD OF for each row, one of a table is a BEFORE trigger that returns NULL, so that the statement does nothing
to the row by itself. inserted and deleted are that row.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Notes, Table, View
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.routine import Body, Firing, Ready, Return, Sql, Step
from .routine_walk import mapped

_READ: Final = re.compile(
    r"(?P<skip>'(?:[^']|'')*'|\"[^\"]*\")|(?P<before>\b(?:FROM|JOIN|USING)\s+|,\s*)(?P<name>inserted|deleted)\b"
    r"(?!\s*\.)(?P<alias>\s+AS\s+(?:\w+|\"[^\"]*\"))?"
)
_ROWS: Final = {"inserted": "NEW", "deleted": "OLD"}
_OWN: Final = re.compile(
    r"(?is)\s*DELETE\s+FROM\s+(?P<table>[\w.\[\]]+)\s+WHERE\s+(?P<column>[\w.\[\]]+)\s+IN\s*"
    r"\(\s*SELECT\s+(?:DELETED\.)?(?P<same>[\w\[\]]+)\s+FROM\s+DELETED\s*\)\s*;?\s*"
)


def instead(found: Table | View, firing: Firing) -> Firing:
    """The firing of an INSTEAD OF trigger on that table or view."""
    timing = "before" if isinstance(found, Table) else "instead of"
    return replace(firing, timing=timing, rows=True, transitions=())


def read_rows(text: str) -> str:
    """The target's text with the row that fires in the place of inserted and deleted."""

    def row(m: re.Match[str]) -> str:
        if m["skip"]:
            return m[0]
        alias = m["alias"] or f" AS {m['name']}"
        return f"{m['before']}(SELECT {_ROWS[m['name']]}.*){alias}"

    return _READ.sub(row, text)


def deletes_row(step: Step, table: Table) -> bool:
    """Whether a statement does to the table's row what the statement that fires was to do."""
    m = _OWN.fullmatch(step.statement.text) if isinstance(step, Sql) else None
    if m is None:
        return False
    parts = [p.strip("[]").upper() for p in m["table"].split(".")]
    column, same = m["column"].split(".")[-1].strip("[]").upper(), m["same"].strip("[]").upper()
    keys = [k.columns for k in table.constraints if k.kind == "primary_key"]
    key = [n.text for n in keys[0]] if keys else []
    return parts[-1] == table.name.name.text and column == same and key == [same]


def around_own(body: Body, own: re.Pattern[str], setting: str, passes: bool) -> Body:
    """``body`` with its changes of the trigger's own table between two settings that keep it from firing again, and
    with the end of a row trigger: nothing more is done to the row, unless it ``passes``."""
    nothing = Fragment("NULL", body[-1].at, "NULL")

    def done(step: Step) -> Body:
        if isinstance(step, Return):
            return (replace(step, value=nothing),)
        if not isinstance(step, Sql) or not changes(step.statement.text, own):
            return (step,)
        return (
            Ready(step.at, step.notes, f"PERFORM set_config('{setting}', 'on', true)"),
            replace(step, notes=Notes(after=step.notes.after)),
            Ready(step.at, text=f"PERFORM set_config('{setting}', '', true)"),
        )

    made = mapped(body, done)
    return made if passes or isinstance(made[-1], Return) else (*made, Return(body[-1].at, value=nothing))


def of_table(table: QName) -> re.Pattern[str]:
    """The name of the trigger's own table."""
    return re.compile(rf"(?i)(?:\[?\w+\]?\s*\.\s*)*\[?{re.escape(table.name.text)}\]?(?![\w$])")


def changes(text: str, own: re.Pattern[str]) -> bool:
    """Whether a data statement changes the table that the pattern finds."""
    verb = next((m for m in _VERB.finditer(text) if _outside(text[: m.start()])), None)
    target = _TARGET.match(text, verb.end()) if verb is not None else None
    if target is None:
        return False
    if own.fullmatch(target[1].strip()):
        return True
    return re.search(rf"(?i){own.pattern[4:]}\s+(?:AS\s+)?{re.escape(target[1].strip())}\b", text) is not None


_VERB: Final = re.compile(r"(?i)\b(?:INSERT|UPDATE|DELETE|MERGE)\b")
_TARGET: Final = re.compile(
    r"(?i)\s+(?:(?:INTO|FROM)\s+|TOP\s*\([^)]*\)\s*)*((?:\[[^\]]+\]|[\w@#$]+)(?:\s*\.\s*(?:\[[^\]]+\]|[\w@#$]+))*)"
)


def _outside(before: str) -> bool:
    """Whether what stands behind ``before`` is in no parentheses."""
    return before.count("(") == before.count(")")
