"""Triggers of Transact-SQL as triggers for each row: the tables inserted and deleted have one row then.

Source: Transact-SQL reference, "CREATE TRIGGER", "Use the inserted and deleted tables"; MySQL 8.0 Reference Manual,
"Trigger Syntax and Examples", "Restrictions on Stored Programs".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Object, Table
from ..ir.fragment import Fragment, Known
from ..ir.routine import Firing, Program, Sql
from ..ir.types import Type
from .psm_tsql_calls import PsmTsqlCalls
from .tsql_instead import deletes_row
from .tsql_plain import every
from .tsql_triggers import read_from

_FLAG: Final = Type("boolean")
_ROWS: Final = {"INSERTED": ("NEW", "update insert"), "DELETED": ("OLD", "update delete")}
_SETS: Final = re.compile(
    r"(?i)\b(?:COUNT|COUNT_BIG|SUM|AVG|MIN|MAX|STRING_AGG)\s*\(|\bGROUP\s+BY\b|\bDISTINCT\b|\bTOP\b|\bOVER\s*\("
)
_SILENT: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_SPOKEN: Final = re.compile(r"(?i)\b(?:inserted|deleted)\b")
_OF_ROW: Final = re.compile(r"(?i)\b(?:inserted|deleted)\b|@\w")
_KEY_IN: Final = re.compile(
    r"\b(?P<not>NOT\s+)?IN\s*\(\s*SELECT\s+\[?(?P<column>\w+)\]?\s+FROM\s+\[?(?P<name>inserted|deleted)\]?\s*\)", re.I
)
_UPDATED: Final = re.compile(r"'(?:[^']|'')*'|\bUPDATE\s*\(\s*(?P<column>\[[^\]]+\]|\w+)\s*\)", re.I)


class PsmTsqlTriggers(PsmTsqlCalls):
    """Adds triggers."""

    event = ""
    home: Table | None = None

    def firing(self, firing: Firing) -> Firing:
        table = self.found.table
        assert table is not None and self.found.program is not None
        home = self.ctx.find(table)
        if firing.timing == "instead of" or not isinstance(home, Table):
            self.refuse("SC5096", self.found.at, clause=f"a trigger {firing.timing} on {table}")
            return firing
        if not self.ctx.exists(table):
            self.ctx.say("SC3142", None, needed=str(table))
            self.ctx.held = "SC3142"
        self.home, self.event = home, firing.events[0]
        texts = {}
        for i, k in enumerate(home.columns):
            own = self.ctx.profile.quoted(self.names.column(table, k.name).text)
            for row, _ in _ROWS.values():
                texts[f"{row}{i}"] = f"{row}.{own}"
                self.variables[f"%{row}{i}"] = replace(self.known_column(home, i), not_null=k.not_null)
        self.texts = {**self.texts, **texts}
        self.ctx.say("SC5195", self.found.at)
        for step in every(self.found.program.body.body):
            if isinstance(step, Sql) and self.changed_table(step.statement.text).name == table.name:
                self.refuse("SC5082", step.at, clause=str(table))
            if isinstance(step, Sql) and not _OF_ROW.search(_SILENT.sub(" ", step.statement.text)):
                self.refuse("SC5096", step.at, clause="a statement that does not depend on the rows")
        return firing

    def known_column(self, home: Table, place: int) -> Known:
        return Known(self.ctx.run.meaning(home, home.columns[place]))

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        if self.home is None:
            return super().marked(fragment, target)
        text = _UPDATED.sub(lambda m: self.changed(m, fragment), fragment.text)
        plain = _SILENT.sub(" ", text)
        if _SPOKEN.search(plain) and _SETS.search(plain):
            self.refuse("SC5096", fragment.at, clause="a query of all rows that a statement changes")
        text = _KEY_IN.sub(self.value, text)
        for name, (_, events) in _ROWS.items():
            present = self.event in events.split()
            text = read_from(name).sub(self.one_row if present else self.no_rows, text)
        return super().marked(fragment if text == fragment.text else replace(fragment, text=text))

    def column_changed(self, m: re.Match[str], fragment: Fragment) -> str:
        return m[0]  # said already

    def value(self, m: re.Match[str]) -> str:
        """``IN (SELECT id FROM deleted)``: the value of the one row."""
        assert self.home is not None
        row, events = _ROWS[m["name"].upper()]
        own = m["column"].upper()
        place = next((i for i, k in enumerate(self.home.columns) if k.name.text.upper() == own), None)
        if place is None or self.event not in events.split():
            return m[0]
        return f"{'<>' if m['not'] else '='} [%{row}{place}]"

    def one_row(self, m: re.Match[str]) -> str:
        """``inserted`` as a table of the one row that the trigger is fired for."""
        assert self.home is not None
        row = _ROWS[m["name"].strip("[]").upper()][0]
        words = self.ctx.run.words(m.string)
        named = [i for i, k in enumerate(self.home.columns) if k.name.text in words]
        if not named or re.search(r"\*", m.string):
            named = list(range(len(self.home.columns)))
        listed = ", ".join(f"[%{row}{i}] AS [{self.home.columns[i].name.text}]" for i in named)
        return f"{m['before']}(SELECT {listed}){m['alias'] or ' AS ' + m['name']}"

    def changed(self, m: re.Match[str], fragment: Fragment) -> str:
        """``UPDATE(column)``: for INSERT always true, else whether the row has another value there."""
        if m["column"] is None:
            return m[0]
        assert self.home is not None
        column = m["column"].strip("[]").upper()
        place = next((i for i, k in enumerate(self.home.columns) if k.name.text.upper() == column), None)
        if place is None:
            self.refuse("SC5096", fragment.at, clause=f"UPDATE({column})")
            return m[0]
        if self.event == "insert":
            return "(1 = 1)"
        if self.event == "delete":
            return "(1 = 0)"
        self.ctx.say("SC5095", fragment.at, clause=f"UPDATE({column})")
        old, new = self.texts[f"OLD{place}"], self.texts[f"NEW{place}"]
        mark = f"CHANGED{place}"
        self.texts = {**self.texts, mark: f"NOT ({new} <=> {old})"}
        self.variables[f"%{mark}"] = Known(_FLAG, True)
        return f"([%{mark}] = 1)"


def per_event(program: Program) -> list[Program]:
    """A trigger for each event; an INSTEAD OF DELETE that deletes in the end comes before the deletion."""
    assert program.firing is not None
    return [replace(program, firing=replace(program.firing, events=(e,))) for e in program.firing.events]


def deletes_itself(program: Program, home: Object | None) -> Program:
    """INSTEAD OF DELETE whose last statement is the deletion that it stands for: BEFORE DELETE without that."""
    firing, body = program.firing, program.body.body
    assert firing is not None
    only = firing.timing == "instead of" and firing.events == ("delete",)
    if not only or not body or not isinstance(home, Table) or not deletes_row(body[-1], home):
        return program
    return replace(program, firing=replace(firing, timing="before"), body=replace(program.body, body=body[:-1]))
