"""Triggers of Transact-SQL, which fire once for a statement and read its rows from two tables.

Source: Transact-SQL reference, "CREATE TRIGGER", "Use the inserted and deleted tables"; PostgreSQL, "CREATE TRIGGER".
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from types import NoneType
from typing import Final

from ..ir.catalog import Routine, Table, View
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import Block, Firing, Nothing, Program, Return, Sql
from ..ir.types import Type
from .tsql_dynamic import TsqlDynamic
from .tsql_instead import around_own, changes, deletes_row, instead, of_table, read_rows
from .tsql_marks import bare_words
from .tsql_plain import every


class Triggers(TsqlDynamic):
    """Adds the heads of triggers."""

    def firing(self, firing: Firing) -> Firing:
        table = self.found.table
        assert table is not None and self.found.program is not None
        home = self.ctx.find(table)
        after = firing.timing == "after"
        if not isinstance(home, (Table, NoneType) if after else (Table, View)):
            self.refuse("SC5096", self.found.at, clause=f"a trigger {firing.timing} on {table}")
            return firing
        if not self.ctx.exists(table):
            self.ctx.say("SC3142", None, needed=str(table))
            self.ctx.held = "SC3142"
        columns = self.ctx.run.lookup.columns_of(table.schema.text if table.schema else "", table.name.text)
        self.ctx.run.lookup.local |= {"INSERTED": columns, "DELETED": columns}
        words = self.marks.words
        read = {w.lower() for w in ("INSERTED", "DELETED") if w in words}
        if "UPDATE" in words and re.search(r"(?i)\bUPDATE\s*\(", self.found.text.text) and "update" in firing.events:
            read |= {"inserted", "deleted"}
        self.transitions |= read
        self.absent = {_MISSING[e] for e in firing.events if e in _MISSING}
        self.transitions -= {t.lower() for t in self.absent}
        if isinstance(home, (Table, View)) and not after:
            return self.instead_of(home, firing)
        whole = self.ctx.run.catalog.objects[self.ctx.subject]  # the trigger may have been split by events
        events = whole.program.firing.events if isinstance(whole, Routine) and whole.program and whole.program.firing \
            else firing.events
        verbs = (*events, "merge")
        changes = [
            s.statement.text for s in every(self.found.program.body.body)
            if isinstance(s, Sql) and s.statement.text.split(None, 1)[0].lower() in verbs
        ]  # fmt: skip
        own = any(table.name.text in self.ctx.run.words(text.split("FROM")[0]) for text in changes)
        condition = firing.condition
        if own:
            self.ctx.say("SC5097", self.found.at)
            condition = Fragment("", self.found.at, "pg_trigger_depth() = 0")
        return replace(firing, condition=condition, transitions=tuple(sorted(self.transitions)))

    def instead_of(self, home: Table | View, firing: Firing) -> Firing:
        """A trigger that fires in place of its statement."""
        assert self.found.program is not None and self.found.table is not None
        self.ctx.say("SC5160", self.found.at)
        self.by_row = True
        self.transitions.clear()
        firing = instead(home, firing)
        own = of_table(self.found.table)
        steps = every(self.found.program.body.body)
        if self.passes or not any(isinstance(s, Sql) and changes(s.statement.text, own) for s in steps):
            return firing
        if isinstance(home, View):
            self.refuse("SC5096", self.found.at, clause=f"a trigger that changes its own view {self.found.table}")
            return firing
        setting = f"coalesce(current_setting('{self.setting}', true), '') = ''"
        return replace(firing, condition=Fragment("", self.found.at, setting))

    by_row = False

    @property
    def setting(self) -> str:
        """What keeps the trigger from firing for what it does itself."""
        return "firing." + re.sub(r"\W", "_", self.found.name.name.text.lower())

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        made = super().kept(fragment, done, findings)
        return replace(made, target=read_rows(made.target)) if self.by_row and made.target is not None else made

    def without_own_row(self, program: Program) -> Program:
        """A trigger in place of DELETE whose last statement does just that to the row: it lets the row go on."""
        home = self.ctx.find(self.found.table) if self.found.table is not None else None
        firing, body = program.firing, program.body.body
        if firing is None or firing.timing != "instead of" or firing.events != ("delete",) or not body:
            return program
        own = of_table(self.found.table) if self.found.table is not None else None
        others = [s for s in every(body[:-1]) if isinstance(s, Return) or (isinstance(s, Sql) and own is not None
                  and changes(s.statement.text, own))]  # fmt: skip
        if not isinstance(home, Table) or others or not deletes_row(body[-1], home):
            return program
        self.passes = True
        return replace(program, body=replace(program.body, body=body[:-1] or (Nothing(body[-1].at),)))

    passes = False

    def row_ended(self, block: Block, firing: Firing) -> Block:
        """The body of a trigger for each row of a table, which keeps the statement from doing anything."""
        if not self.by_row or firing.timing != "before" or not block.body:
            return block
        own = of_table(self.found.table) if self.found.table is not None else re.compile("(?!)")
        return replace(block, body=around_own(block.body, own, self.setting, self.passes))

    absent: set[str] = set()  # of inserted and deleted the one that this event has no rows for

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        if self.found.what != "trigger":
            return super().marked(fragment)
        text = _UPDATED.sub(lambda m: self.column_changed(m, fragment), fragment.text)
        for name in self.absent:
            text = read_from(name).sub(self.no_rows, text)
        return super().marked(fragment if text == fragment.text else replace(fragment, text=text))

    def no_rows(self, m: re.Match[str]) -> str:
        table = self.found.table
        assert table is not None
        home = f"[{table.schema}]." if table.schema is not None else ""
        alias = "" if m["alias"] else f" {m['name']}"
        return f"{m['before']}(SELECT * FROM {home}[{table.name}] WHERE 1 = 0){alias}{m['alias'] or ''}"

    def column_changed(self, m: re.Match[str], fragment: Fragment) -> str:
        """``UPDATE(column)``: for INSERT always true, else whether a row has another value there."""
        if m["column"] is None:
            return m[0]
        program, of = self.found.program, self.found.table
        assert program is not None and program.firing is not None and of is not None
        column = m["column"].strip("[]").upper()
        table = self.ctx.run.table(of)
        keys = [n for k in table[1].constraints if k.kind == "primary_key" for n in k.columns] if table else []
        own = next((k.name for k in table[1].columns if k.name.text == column), None) if table else None
        if table is None or not keys or own is None:
            self.refuse("SC5096", fragment.at, clause=f"UPDATE({column}) of a table without a key")
            return m[0]
        quoted = self.ctx.profile.quoted
        listed = ", ".join(quoted(self.names.column(table[1].name, n).text) for n in (*keys, own))
        mark = f"UPDATED_{column}"
        if program.firing.events == ("insert",):
            self.texts = {**self.texts, mark: "1"}
        elif program.firing.events == ("update",):
            self.ctx.say("SC5095", fragment.at, clause=f"UPDATE({column})")
            changed = f"SELECT {listed} FROM inserted EXCEPT SELECT {listed} FROM deleted"
            self.texts = {**self.texts, mark: f"(SELECT count(*) FROM ({changed}) AS changed)"}
        else:
            self.texts = {**self.texts, mark: "0"}
        self.variables[f"%{mark}"] = Known(Type("integer"), True)
        return f"([%{mark}] > 0)"


_MISSING: Final = {"insert": "DELETED", "delete": "INSERTED"}
_UPDATED: Final = re.compile(r"'(?:[^']|'')*'|\bUPDATE\s*\(\s*(?P<column>\[[^\]]+\]|\w+)\s*\)", re.I)


@lru_cache(maxsize=2)
def read_from(name: str) -> re.Pattern[str]:
    """Where a query reads from the table of that name, with the alias that it gives."""
    return re.compile(
        rf"""(?P<before>\b(?:FROM|JOIN)\s+|,\s*)(?P<name>\[?{name}\]?)(?![\w.])
        (?P<alias>\s+AS\s+\w+|\s+(?!(?:WHERE|ON|INNER|LEFT|RIGHT|FULL|CROSS|OUTER|JOIN|GROUP|ORDER|UNION|EXCEPT
        |INTERSECT|SET|HAVING|AS|OPTION)\b)[A-Za-z_]\w*)?""",
        re.I | re.X,
    )


def split(found: Routine) -> list[Routine]:
    """A trigger for each event, if it reads rows that not each of its events has: no transition table may be
    missing (PostgreSQL, "CREATE TRIGGER", REFERENCING)."""
    program = found.program
    if program is None or program.firing is None or len(program.firing.events) < 2 or found.table is None:
        return [found]
    words = bare_words(found.text.text)
    firing = program.firing
    asked = any(m["column"] for m in _UPDATED.finditer(found.text.text))
    if not {"INSERTED", "DELETED"} & words and not asked:
        return [found]
    made = []
    for event in firing.events:
        name = Name(f"{found.name.name.text}_{event.upper()}", found.name.name.folded)
        own = replace(program, firing=replace(firing, events=(event,)))
        made.append(replace(found, name=QName(found.name.schema, name), program=own))
    return made
