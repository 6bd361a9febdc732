"""Whole sets of rows that go into collections: BULK COLLECT, and FETCH with a limit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Fetch,
    Handler,
    If,
    Loop,
    SelectInto,
    Sql,
    Step,
    Typed,
    Variable,
)  # fmt: skip
from ..source import Span
from .psm_collections import JsonRow, PsmCollections
from .psm_json import is_binary, item_name
from .psm_records import FLAG, NOT_FOUND
from .routine_collection import Collection

_ALL: Final = "LIMIT 18446744073709551615"  # keeps the order of a query that is inside of another


class PsmBulk(PsmCollections):
    """Adds sets of rows to collections."""

    def bulk_select(self, step: SelectInto) -> Body:
        taken = self.bulk_targets(step, step.into)
        query = self.query(step.query)
        if taken is None:
            return (step,)
        text = query.output
        if re.search(r"(?i)\bORDER\s+BY\b", text) and not re.search(r"(?i)\bLIMIT\b[^()]*$", text):
            text = f"{text} {_ALL}"
        columns: list[str] = []
        given = []
        for _, own in taken:
            assert isinstance(own, JsonRow)
            fields = own.parts()
            own_columns = [f"c{len(columns) + i}" for i in range(1, len(fields) + 1)]
            columns += own_columns
            values = [f"HEX(found.{c})" if is_binary(raw) else f"found.{c}"
                      for c, (_, raw) in zip(own_columns, fields, strict=True)]  # fmt: skip
            value = values[0]
            if own.record:
                names = [self.spelling(n).strip("`") for n, _ in fields]
                value = f"JSON_OBJECT({', '.join(f'{n!r}, {v}' for n, v in zip(names, values, strict=True))})"
            given.append(f"COALESCE(JSON_ARRAYAGG({value}), JSON_ARRAY())")
        into = ", ".join([variable for variable, _ in taken])
        made = (f"SELECT {', '.join(given)} INTO {into}\n"
                f"FROM ({text}) AS found ({', '.join(columns)})")  # fmt: skip
        return Sql(step.at, step.notes, replace(query, target=made)), *self.bulk_counted(step, taken)

    def bulk_counted(self, step: Step, taken: list[tuple[str, Collection]]) -> Body:
        if step.at not in self.counted:
            return ()
        text = f"SET sql_rowcount = JSON_LENGTH({taken[0][0]})"
        return (Sql(step.at, statement=Fragment("", step.at, target=text)),)

    def bulk_fetch(self, step: Fetch) -> Body:
        """Row after row, until there are as many as wanted or no more."""
        taken = self.bulk_targets(step, step.into)
        if taken is None:
            return (step,)
        at, number = step.at, len(self.labels) + 1
        limit = self.text(step.limit).output if step.limit is not None else ""
        label, more = Name(f"fetch_rows_{number}"), Name("more_rows")
        self.labels.add(label.text)
        declared: list[Variable] = []
        into: list[Fragment] = []
        added: list[Step] = []
        for variable, own in taken:
            assert isinstance(own, JsonRow)
            fields = own.parts()
            parts = []
            for field, raw in fields:
                name = Name(item_name(variable, self.spelling(field) if field else ""))
                quoted = self.ctx.profile.quoted(name.text)
                declared.append(Variable(name, Typed(raw=raw), at=at))
                into.append(Fragment("", at, target=quoted))
                shown = self.spelling(field).strip("`") if field else ""
                parts.append((shown, f"HEX({quoted})" if is_binary(raw) else quoted))
            value = parts[0][1] if not own.record else f"JSON_OBJECT({', '.join(f'{n!r}, {v}' for n, v in parts)})"
            added.append(_set(f"{variable} = JSON_ARRAY_APPEND({variable}, '$', {value})", at))
        true, false = Fragment("TRUE", at, "TRUE"), Fragment("FALSE", at, "FALSE")
        flag = Fragment(more.text, at, target=more.text)
        bound = f" AND JSON_LENGTH({taken[0][0]}) < {limit}" if limit else ""
        body: Body = (
            Fetch(at, cursor=self.cursor(step.cursor), into=tuple(into)),
            If(at, branches=((flag, tuple(added)),)),
        )
        over = Handler((Name(NOT_FOUND),), (Assign(at, target=flag, value=false),), at, resume=True)
        loop = Loop(at, label=label, condition=replace(flag, target=more.text + bound), body=body)
        block = Block(
            at, declarations=(Variable(more, FLAG, true, at=at), *declared), body=(loop,), handlers=(over,)
        )
        empty = _set(", ".join(f"{variable} = JSON_ARRAY()" for variable, _ in taken), at)
        return replace(empty, notes=step.notes), block


def _set(text: str, at: Span) -> Sql:
    return Sql(at, statement=Fragment("", at, target=f"SET {text}"))
