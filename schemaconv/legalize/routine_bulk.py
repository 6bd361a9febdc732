"""Rows that go into collections, and statements for each element: BULK COLLECT, FETCH ... LIMIT, RETURNING, FORALL."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import Body, Fetch, ForRange, Loop, Ready, SelectInto, Sql, Step
from ..ir.types import Type
from .routine_collection import Collection
from .routine_shared import SharedVariables

_ELEMENT: Final = re.compile(r"\s*([A-Za-z][\w$#]*)\s*\(.*\)\s*", re.S)
_CHANGED: Final = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE(?:\s+FROM)?)\s+(?:(\w+)\s*\.\s*)?(\w+)", re.I)
_SET_ROW: Final = re.compile(
    r"\s*UPDATE\s+(?:(\w+)\s*\.\s*)?(\w+)(?:\s+\w+)?\s+SET\s+(ROW\s*=\s*([A-Za-z][\w$#]*))", re.I
)


@dataclass(frozen=True, slots=True)
class Noted(Ready):
    """Keeps a state of ``cursor`` in a variable; dropped where nobody asks. ``what`` is "found" or "count"."""

    cursor: str = ""
    what: str = ""


class Bulk(SharedVariables):
    """Adds whole sets of rows to collections."""

    def steps(self, body: Body) -> Body:
        raise NotImplementedError

    # -- into collections ----------------------------------------------------------------------------------------------

    def bulk_targets(self, step: Step, into: tuple[Fragment, ...]) -> list[tuple[str, Collection]] | None:
        """The arrays that rows go into; ``None`` and a finding where something else stands there."""
        found = []
        for target in into:
            name = target.text.strip().upper()
            own = self.collections.get(name)
            if own is None or own.key or (own.record and len(into) > 1):
                self.refuse("SC5051", step.at, clause=f"BULK COLLECT INTO {target.text.strip()}")
                return None
            found.append((self.spelling(name), own))
        return found

    def bulk_select(self, step: SelectInto) -> Body:
        taken = self.bulk_targets(step, step.into)
        query = self.query(step.query)
        if taken is None:
            return (step,)
        text = self.gathered(query.output, taken)
        return Ready(step.at, step.notes, text), *self.bulk_counted(step, taken)

    def gathered(self, query: str, taken: list[tuple[str, Collection]]) -> str:
        """The statement that puts the rows of ``query`` into arrays."""
        first, own = taken[0]
        if len(taken) == 1 and not own.record:
            return f"{first} := ARRAY({query})"
        if len(taken) == 1:
            return f"{first} := ARRAY(SELECT ROW(found.*)::{own.spelled} FROM ({query}) AS found)"
        columns = [f"c{i}" for i in range(1, len(taken) + 1)]
        given = ", ".join([f"COALESCE(array_agg(found.{c}), '{{}}')" for c in columns])
        into = ", ".join([name for name, _ in taken])
        return f"SELECT {given} INTO {into}\nFROM ({query}) AS found ({', '.join(columns)})"

    def bulk_counted(self, step: Step, taken: list[tuple[str, Collection]]) -> Body:
        if step.at not in self.counted:
            return ()
        return (Ready(step.at, text=f"sql_rowcount := cardinality({taken[0][0]})"),)

    def bulk_fetch(self, step: Fetch) -> Body:
        """Row after row: PL/pgSQL has no other way to take a part of a cursor."""
        taken = self.bulk_targets(step, step.into)
        cursor = self.text(step.cursor)
        limit = self.text(step.limit) if step.limit is not None else None
        if taken is None:
            return (step,)
        items = [self.helper(f"{_bare(name)}_item", own.spelled) for name, own in taken]
        plain = tuple(Fragment(i.text, step.at, target=self.ctx.profile.quoted(i.text)) for i in items)
        body: Body = (
            Fetch(step.at, cursor=cursor, into=plain),
            Ready(step.at, text="EXIT WHEN NOT FOUND"),
            *(Ready(step.at, text=f"{n} := array_append({n}, {p.output})")
              for (n, _), p in zip(taken, plain, strict=True)),
        )  # fmt: skip
        empty = tuple(Ready(step.at, step.notes if not i else type(step.notes)(), f"{n} := '{{}}'")
                      for i, (n, _) in enumerate(taken))  # fmt: skip
        one = Fragment("1", step.at, target="1")
        name = step.cursor.text.strip().upper()
        if limit is None:
            loop: Step = Loop(step.at, body=body)
            full = "FALSE"
        else:
            loop = ForRange(step.at, variable=Name("fetched"), low=one, high=limit, body=body)
            full = f"cardinality({taken[0][0]}) = {limit.output}"
        count = self.state_name(name, "rowcount")
        rows = f"{count} := {count} + cardinality({taken[0][0]})"
        return (
            *empty, loop,
            Noted(step.at, text=f"{self.state_name(name, 'found')} := {full}", cursor=name, what="found"),
            Noted(step.at, text=rows, cursor=name, what="rowcount"),
        )  # fmt: skip

    # -- states of cursors ---------------------------------------------------------------------------------------------

    def state_name(self, cursor: str, what: str) -> str:
        return f"{self.names.column_text(cursor, True)}_{what}".replace(".", "_")

    def fetched(self, step: Fetch) -> Body:
        name = step.cursor.text.strip().upper()
        count = self.state_name(name, "rowcount")
        return (
            Noted(step.at, text=f"{self.state_name(name, 'found')} := FOUND", cursor=name, what="found"),
            Noted(step.at, text=f"{count} := {count} + FOUND::integer", cursor=name, what="rowcount"),
        )

    def opened(self, step: Step, cursor: str) -> Body:
        name = cursor.strip().upper()
        return (
            Noted(step.at, text=f"{self.state_name(name, 'found')} := NULL", cursor=name, what="found"),
            Noted(step.at, text=f"{self.state_name(name, 'rowcount')} := 0", cursor=name, what="rowcount"),
        )

    def cursor_state(self, cursor: str, what: str, fragment: Fragment) -> str:
        """A name for the state of a cursor in a fragment."""
        if cursor not in self.cursors and cursor not in self.refcursors:
            self.refuse("SC5022", fragment.at, clause=f"{cursor}%{what}")
            return ""
        variable = self.spelling(cursor)
        flag = Known(Type("boolean"))
        match what:
            case "ISOPEN":
                text = f"EXISTS (SELECT FROM pg_cursors WHERE pg_cursors.name = {variable}::text)"
                return self.piece(text, Known(Type("boolean"), True))
            case "ROWCOUNT":
                self.asked.add((cursor, "rowcount"))
                text = self.helper(self.state_name(cursor, "rowcount"), "integer").text
                return self.piece(text, Known(Type("integer")))
            case _:
                self.asked.add((cursor, "found"))
                text = self.helper(self.state_name(cursor, "found"), "boolean").text
                return self.piece(text if what == "FOUND" else f"(NOT {text})", flag)

    # -- RETURNING, and elements that rows go into ---------------------------------------------------------------------

    def change(self, step: Sql) -> Body:
        statement = self.statement(self.records_in(step.statement))
        if step.current is not None:
            text = f"{statement.output} WHERE CURRENT OF {self.spelling(step.current.text)}"
            statement = replace(statement, target=text)
        if not step.into:
            return (replace(step, statement=statement),)
        given = ", ".join([self.returned(step, f).output for f in step.returning])
        text = f"{statement.output} RETURNING {given}"
        if not step.bulk:
            slots, more = self.slots(step.into)
            return replace(step, statement=replace(statement, target=text), into=slots), *more
        taken = self.bulk_targets(step, step.into)
        if taken is None:
            return (step,)
        columns = [f"c{i}" for i in range(1, len(step.returning) + 1)]
        given = ", ".join([f"COALESCE(array_agg(changed.{c}), '{{}}')" for c in columns])
        if len(taken) == 1 and taken[0][1].record:
            given = f"COALESCE(array_agg(ROW(changed.*)::{taken[0][1].spelled}), '{{}}')"
        into = ", ".join([name for name, _ in taken])
        head = f"WITH changed ({', '.join(columns)}) AS ({text})"
        return Ready(step.at, step.notes, f"{head}\nSELECT {given} INTO {into} FROM changed"), \
            *self.bulk_counted(step, taken)  # fmt: skip

    def returned(self, step: Sql, fragment: Fragment) -> Fragment:
        """What a changed row gives back: an expression over the columns of its table."""
        self.clash(fragment)
        m = _CHANGED.match(step.statement.text)
        columns = self.ctx.run.lookup.columns_of((m[1] or "").upper(), m[2].upper()) if m is not None else None
        before = self.variables
        self.variables = before | dict(columns or {})
        try:
            return self.text(fragment)
        finally:
            self.variables = before

    def slots(self, into: tuple[Fragment, ...]) -> tuple[tuple[Fragment, ...], Body]:
        """Where a row goes; PL/pgSQL fills no elements, so that one goes by a variable."""
        found, more = [], []
        for target in into:
            m = _ELEMENT.fullmatch(target.text)
            own = self.collections.get(m[1].upper()) if m is not None else None
            if m is None or own is None:
                found.append(self.filled(target))
                continue
            name = self.helper(f"{self.names.column_text(m[1].upper(), True)}_item", own.spelled).text
            place = self.text(target, None, True)
            value = f"to_jsonb({name})" if own.key else name
            found.append(replace(target, target=name))
            more.append(Ready(target.at, text=f"{place.output} := {value}"))
        return tuple(found), tuple(more)

    def records_in(self, fragment: Fragment) -> Fragment:
        """``INSERT INTO t VALUES r`` and ``SET ROW = r``, where ``r`` is a record, in columns."""
        text = fragment.text
        m = re.search(r"\bVALUES\s+([A-Za-z][\w$#]*)\s*(\(.*\))?\s*$", text, re.I | re.S)
        if m is not None:
            name = m[1].upper()
            own = self.collections.get(name)
            if m[2] is None and name in self.records:
                place = f"{self.spelling(name)}.*"
            elif m[2] is not None and own is not None and own.record and not own.key:
                place = f"({self.text(replace(fragment, text=m[1] + m[2])).output}).*"
            else:
                return fragment
            self.whole_rows.append(place)
            return replace(fragment, text=f'{text[: m.start()]}VALUES ("%W{len(self.whole_rows)}")')
        m = _SET_ROW.match(text)
        if m is not None and m[4].upper() in self.records:
            columns = self.ctx.run.lookup.columns_of((m[1] or "").upper(), m[2].upper())
            fields = self.records[m[4].upper()]
            if columns and fields and len(columns) == len(fields):
                pairs = [f"{c} = {m[4]}.{f}" for c, f in zip(columns, fields, strict=True)]
                return replace(fragment, text=text[: m.start(3)] + ", ".join(pairs) + text[m.end(3) :])
        return fragment


def _bare(name: str) -> str:
    return name.strip('"')
