"""OUTPUT where data statements give no rows: a query behind an INSERT of one row, or in front of a DELETE.

Source: Transact-SQL reference, "OUTPUT clause"; MySQL 8.0 Reference Manual, "INSERT Statement", "DELETE Statement".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Table
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Assign, Body, Count, ReturnQuery, Several, Sql, Step
from .psm_tsql_data import PsmTsqlData

_DELETED: Final = re.compile(r"(?is)DELETE\s+FROM\s+([\w.`]+)(\s+WHERE\b.*)?")
_MORE: Final = re.compile(r"(?i)\b(?:LIMIT|USING)\b")


class PsmTsqlOutput(PsmTsqlData):
    """Adds OUTPUT."""

    def with_rows(self, step: Sql, done: Fragment) -> Step:
        verb = step.statement.text.split(None, 1)[0].upper()
        found = self.ctx.run.table(self.changed_table(step.statement.text))
        of = {"INSERT": "inserted", "DELETE": "deleted"}.get(verb)
        columns = self.columns_given(step, found[1], of) if found is not None and of is not None else ()
        made: tuple[Step, ...] = ()
        if found is not None and columns:
            change = replace(step, statement=done, output=(), output_into=None)
            if verb == "INSERT" and self.single_row(step.statement.text):
                query = self.behind_insert(found[1], columns)
                answer = self.answer_with(step, query) if query else ()
                made = (change, *answer) if answer else ()
            elif verb == "DELETE" and (m := _DELETED.fullmatch(done.output)) and not _MORE.search(done.output):
                self.ctx.say("SC5199", step.at)
                listed = ", ".join([text for _, text in columns])
                answer = self.answer_with(step, f"SELECT {listed} FROM {m[1]}{m[2] or ''}")
                made = (*answer, change) if answer else ()
        if not made:
            self.refuse("SC4225", step.at, what="OUTPUT")
            return step
        return Several(step.at, step.notes, body=made)

    def columns_given(self, step: Sql, table: Table, of: str | None) -> tuple[tuple[Name, str], ...]:
        """The columns that OUTPUT names, with what they are called in the answer; none where one is not known."""
        known = {k.name.text: k.name for k in table.columns}
        made: list[tuple[Name, str]] = []
        for row, name, alias in step.output:
            if row != of or (name.text != "*" and name.text not in known):
                return ()
            for own in table.columns if name.text == "*" else [known[name.text]]:
                column = own if isinstance(own, Name) else own.name
                text = self.ctx.profile.quoted(self.names.column(table.name, column).text)
                shown = self.ctx.profile.quoted(self.names.plain(alias)) if name.text != "*" else text
                made.append((column, text if shown == text else f"{text} AS {shown}"))
        return tuple(made)

    def behind_insert(self, table: Table, columns: tuple[tuple[Name, str], ...]) -> str:
        """The query of the row that an INSERT has made, which its number tells."""
        own = next((k for k in table.columns if k.identity is not None), None)
        if own is None:
            return ""
        key = self.ctx.profile.quoted(self.names.column(table.name, own.name).text)
        if len(columns) == 1 and columns[0][0] == own.name:
            return f"SELECT LAST_INSERT_ID() AS {columns[0][1].rpartition(' AS ')[2]}"
        home = self.ctx.run.qualified(self.names.relation(table.name))
        return f"SELECT {', '.join([text for _, text in columns])} FROM {home} WHERE {key} = LAST_INSERT_ID()"

    def answer_with(self, step: Sql, query: str) -> tuple[Step, ...]:
        """The query as an answer, or its rows in a table variable."""
        if step.output_into is None:
            if self.found.what != "procedure":
                self.refuse("SC5192", step.at, clause=f"OUTPUT of a {self.found.what}")
            return (ReturnQuery(step.at, query=Fragment("", step.at, query)),)
        mark = self.marks.of(step.output_into[0].name.text)
        table = self.tables.get(f"%{mark}")
        if table is None or (table.identity is not None and not step.output_into[1]):
            return ()
        given = [self.ctx.profile.quoted(self.names.plain(n)) for n in step.output_into[1]]
        listed = f" ({', '.join(given)})" if given else ""
        return (Sql(step.at, statement=Fragment("", step.at, f"INSERT INTO {self.texts[mark]}{listed} {query}")),)

    def counts(self, step: Step) -> Body:
        if step.at in self.counted and isinstance(step, Sql) and step.output:
            if step.statement.text.split(None, 1)[0].upper() != "INSERT":
                return (Count(step.at, variable=Name("sql_rowcount")),)
            here = Fragment("", step.at, "sql_rowcount")
            return (Assign(step.at, target=here, value=Fragment("", step.at, "1")),)
        return super().counts(step)
