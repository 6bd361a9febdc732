"""Data statements of Transact-SQL routines: new keys, OUTPUT, temporary tables.

Source: Transact-SQL reference, "OUTPUT clause", "SCOPE_IDENTITY", "CREATE TABLE".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known, Output
from ..ir.names import Name, QName
from ..ir.routine import (
    Ready,
    ReturnQuery,
    Several,
    Sql,
    Step,
    Temporary,
)  # fmt: skip
from ..source import Span
from ..sql.lexis import lexis
from .tsql_changed import behind_with
from .tsql_values import TsqlValues

#: The table that a data statement changes.
_CHANGED: Final = re.compile(
    r"(?is)\s*(?:INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+|TOP\s*\([^)]*\)\s*)*"
    r"((?:\[[^\]]+\]|[\w@#$]+)(?:\s*\.\s*(?:\[[^\]]+\]|[\w@#$]+))*)"
)
#: What stands behind it where no columns are listed.
_ROWS: Final = re.compile(r"(?i)(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:VALUES|SELECT|\(\s*SELECT|WITH\s+\w+\s+AS)\b", re.S)
#: The table that an UPDATE or a DELETE of the target changes, and its alias.
_TARGET: Final = re.compile(r'(?is)(?:UPDATE|DELETE\s+FROM)\s+([\w."]+)(?:\s+AS\s+([\w"]+))?(?=\s|$)')


_TRUNCATE: Final = re.compile(r"(?is)\s*TRUNCATE\s+TABLE\s+([^;()]+?)\s*;?\s*")


class TsqlData(TsqlValues):
    """Adds data statements."""

    def shaped(self, query: Fragment, outputs: tuple[Output, ...], at: Span) -> Fragment:
        """A query with the types of the routine's columns."""
        raise NotImplementedError

    def sql(self, step: Sql) -> Step:
        text = step.statement.text
        emptied = _TRUNCATE.fullmatch(text)
        if emptied is not None:
            return replace(step, statement=replace(step.statement, target=self.truncated(emptied[1])))
        done = self.statement(self.listed(step.statement))
        if step.output:
            return self.with_rows(step, done)
        if self.identity and text.lstrip()[:6].upper() == "INSERT":
            done = self.with_identity(step, done)
        made = replace(step, statement=done)
        if not self.behind:
            return made
        text, self.behind = self.behind, ""
        return Several(step.at, body=(made, Ready(step.at, text=text)))

    def truncated(self, name: str) -> str:
        """TRUNCATE TABLE, which starts identity columns again."""
        named = self.changed_table(f"DELETE FROM {name}")
        if named.name.text[:1] == "%":
            return f"TRUNCATE TABLE {self.texts[named.name.text[1:]]} RESTART IDENTITY"
        return f"TRUNCATE TABLE {self.ctx.run.qualified(self.names.relation(named))} RESTART IDENTITY"

    def with_rows(self, step: Sql, done: Fragment) -> Step:
        """``... RETURNING`` for OUTPUT: as the answer of the routine, or into a table."""
        changed = behind_with(step.statement.text)
        if changed is None:
            self.refuse("SC4225", step.at, what="OUTPUT")
            return step
        verb = changed.verb
        table = self.changed_table(f"{verb} {changed.table}")
        columns = self.ctx.run.lookup.columns_of(table.schema.text if table.schema else "", table.name.text)
        other = "deleted" if verb in ("INSERT", "UPDATE") else "inserted"
        behind = behind_with(done.output)
        of = "" if verb == "INSERT" else _TARGET.match(done.output, behind.at if behind is not None else 0)
        if columns is None or of is None or any(row == other for row, _, _ in step.output) or (
            " RETURNING " in done.output
        ):  # fmt: skip
            self.refuse("SC4225", step.at, what="OUTPUT")
            return step
        output = tuple(
            (row, own, own if n.text == "*" else a) for row, n, a in step.output
            for own in ([Name(k) for k in columns] if n.text == "*" else [n])
        )  # fmt: skip
        if any(n.text not in columns for row, n, _ in output if row[:1] != "="):
            self.refuse("SC5093", step.at, clause="OUTPUT")
            return step
        quoted = self.ctx.profile.quoted
        given = {row: self.text(replace(step.statement, text=row[1:])) for row, _, _ in output if row[:1] == "="}
        outputs = tuple(
            Output(a.text, Known(self.type_of(replace(step.statement, text=row[1:]))), False) if row in given
            else Output(a.text, columns[n.text], True) for row, n, a in output
        )  # fmt: skip
        shared = isinstance(of, re.Match) and re.search(r"(?i)\b(?:FROM|USING)\b", done.output[of.end() :]) is not None
        home = f"{of[2] or of[1].rpartition('.')[2]}." if of and shared else ""  # other tables may have such columns
        listed = [
            given[row].output if row in given else home + quoted(self.names.column(table, n).text)
            for row, n, _ in output
        ]
        made = f"{done.output} RETURNING {', '.join(listed)}"
        if step.output_into is None:
            shaped = self.shaped(replace(done, target=made), outputs, step.at).output
            head, inner, names = shaped.partition(f" FROM (\n{made}\n) AS q ")
            if inner:  # no query reads from a data statement, but behind WITH
                shaped = f"WITH q {names} AS (\n{made}\n)\n{head} FROM q"
            return ReturnQuery(step.at, step.notes, replace(done, target=shaped))
        wanted = step.output_into[0]
        mark = self.marks.of(wanted.name.text)
        schema = wanted.schema if wanted.schema is not None and wanted.schema.text != self.names.own else None
        own = self.ctx.run.table(QName(schema, wanted.name)) if not mark else None
        if not mark and own is None:
            self.refuse("SC4225", step.at, what="OUTPUT")
            return step
        into = self.texts[mark] if own is None else self.ctx.run.qualified(self.names.relation(own[1].name))
        names_ = step.output_into[1]
        shown = ", ".join(quoted(self.names.plain(n)) for n in names_)
        shown = f" ({shown})" if names_ else ""
        if len({item.rpartition(".")[2] for item in listed}) < len(listed):  # a WITH query has no name twice
            shown_as = ", ".join(f"c{i + 1}" for i in range(len(listed)))
            text = f"WITH sql_output ({shown_as}) AS (\n{made}\n)"
        else:
            text = f"WITH sql_output AS (\n{made}\n)"
        text = f"{text}\nINSERT INTO {into}{shown} SELECT * FROM sql_output"
        return replace(step, statement=replace(done, target=text))

    def listed(self, statement: Fragment) -> Fragment:
        """An INSERT without a list of columns into a table that counts: the source passes over the column that does
        ("INSERT", Arguments, column_list), and computed ones."""
        m = _CHANGED.match(statement.text)
        if m is None or statement.text.lstrip()[:6].upper() != "INSERT" or not _ROWS.match(statement.text, m.end()):
            return statement
        named = self.changed_table(statement.text)
        if named.name.text[:1] == "%":
            table = self.tables.get(named.name.text)
            if table is None or table.identity is None:
                return statement
            names = [k.name for k in table.columns if k.name != table.identity]
        else:
            found = self.ctx.run.table(named)
            if found is None:
                return statement
            given = [k for k in found[1].columns if k.identity is None and k.generated is None and not k.invisible]
            if len(given) == len(found[1].columns):
                return statement
            names = [k.name for k in given]
        own = lexis(self.ctx.run.catalog.engine)
        columns = ", ".join(own.quoted(n) for n in names)
        return replace(statement, text=f"{statement.text[: m.end()]} ({columns}){statement.text[m.end() :]}")

    def changed_table(self, text: str) -> QName:
        """The table that a data statement changes, by its source name."""
        m = _CHANGED.match(text)
        parts = [p.strip().strip('[]"').upper() for p in m[1].split(".")] if m else [""]
        mark = self.marks.of(parts[-1])
        if mark:
            return QName(None, Name(f"%{mark}"))
        schema = parts[-2] if len(parts) > 1 else ""
        return QName(Name(schema) if schema and schema != self.names.own else None, Name(parts[-1]))

    def with_identity(self, step: Sql, done: Fragment) -> Fragment:
        """``INSERT ... RETURNING id INTO sql_identity``, where the table has such a column."""
        named = self.changed_table(step.statement.text)
        if named.name.text[:1] == "%":
            table = self.tables.get(named.name.text)
            column = self.names.plain(table.identity) if table is not None and table.identity is not None else ""
        else:
            found = self.ctx.run.table(named)
            if found is None:
                self.ctx.say("SC5164", step.at, clause=str(named))
                self.unsure = False
                self.behind = "sql_identity := lastval()"
                return done
            own = next((k for k in found[1].columns if k.identity is not None), None)
            column = self.names.column(found[1].name, own.name).text if own is not None else ""
        if not column:
            return done
        output = done.output
        self.unsure = False
        quoted = self.ctx.profile.quoted(column)
        if re.search(r"(?i)\bVALUES\s*\(", step.statement.text) and " RETURNING " not in output and ";" not in output:
            if not re.search(r"\)\s*,\s*\(", output[output.upper().rfind("VALUES") :]):
                return replace(done, target=f"{output} RETURNING {quoted} INTO sql_identity")
        home = self.texts[named.name.text[1:]] if named.name.text[:1] == "%" else self.ctx.run.qualified(
            self.names.relation(named)
        )  # fmt: skip
        last = f"currval(pg_get_serial_sequence('{home}', '{column}'))"
        self.behind = f"sql_identity := CASE WHEN FOUND THEN {last} ELSE sql_identity END"
        return done

    behind = ""  # what has to follow the statement at hand

    def temporary_table(self, step: Temporary) -> list[Step]:
        mark = self.marks.of(step.name.text)
        name = self.texts[mark]
        drop = Sql(step.at, statement=Fragment("", step.at, f"DROP TABLE IF EXISTS pg_temp.{name}"))
        if step.query is not None:
            self.clash(step.query)
            done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
            query = self.kept(step.query, done, translated.findings)
            if translated.outputs is None or any(not o.name for o in translated.outputs):
                self.refuse("SC5093", step.at, clause=step.name.text)
            else:
                self.aliased |= {o.name for o in translated.outputs if not o.plain}
                self.ctx.run.lookup.local[f"%{mark}"] = {o.name: o.known for o in translated.outputs}
            made = f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS\n{query.output}"
            return [drop, Sql(step.at, step.notes, Fragment("", step.at, made))]
        parts: list[str] = []
        quoted = self.ctx.profile.quoted
        for k in step.columns:
            text = f"{quoted(self.names.plain(k.name))} {self.typed(k.type, k.at).raw}"
            if step.identity == k.name:
                start, step_ = step.counts
                counts = f" (START WITH {start} INCREMENT BY {step_}{' MINVALUE ' + str(start) if start < 1 else ''})"
                text += " GENERATED BY DEFAULT AS IDENTITY" + (counts if step.counts != (1, 1) else "")
            elif k.default is not None:
                text += f" DEFAULT {self.text(k.default, self.known(k.type)).output}"
            if k.not_null and step.identity != k.name:
                text += " NOT NULL"
            parts.append(text)
        for kind, columns in step.keys:
            parts.append(f"{kind} ({', '.join(quoted(self.names.plain(n)) for n in columns)})")
        made = f"CREATE TEMPORARY TABLE {name} (\n    " + ",\n    ".join(parts) + "\n) ON COMMIT DROP"
        return [drop, Sql(step.at, step.notes, Fragment("", step.at, made))]
