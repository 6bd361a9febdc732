"""ALTER TABLE of SQL Server, folded into the table it changes (Transact-SQL reference, "ALTER TABLE")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ..ir.catalog import Clause, Column, Constraint, DefaultChange, Index, Table
from ..ir.names import Name
from . import sqlserver_column as column
from . import sqlserver_history
from . import sqlserver_table as table
from .base import Builder
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once, unknown_column
from .sqlserver_column import Members
from .sqlserver_cursor import TsqlCursor
from .sqlserver_edge import connected
from .sqlserver_objects import data_type
from .sqlserver_options import items, say, to_comma, with_options

#: What ALTER COLUMN adds to or takes off a column, with the clause it stands for.
_PROPERTIES: Final = {
    "ROWGUIDCOL": "rowguidcol", "SPARSE": "sparse_column", "MASKED": "masked_column", "NOT": "not_for_replication",
    "PERSISTED": "", "HIDDEN": "",
}  # fmt: skip


def read(c: Cursor, rows: Rows, found: Table, builder: Builder, subject: int) -> Table:
    """Apply the statement to ``found``, the cursor standing behind the table's name.

    ``subject`` is the table's place in ``builder``, or -1 for one that the script does not define. Indexes that the
    statement adds go to ``builder``, those of dropped columns are marked there.
    """
    extra: list[Clause] = []
    start = c.at
    nocheck = False
    if c.word() == "WITH" and c.ahead() in ("CHECK", "NOCHECK"):
        nocheck = c.ahead() == "NOCHECK"
        c.at += 2
        checked: bool | None = not nocheck
    else:
        checked = None
    word = c.word()
    if found.partial and _unfounded(c, found):
        c.at = c.count
        extra.append(c.clause("alter_unknown_table", start))
        return replace(found, clauses=found.clauses + tuple(extra))
    match word:
        case "ADD":
            c.at += 1
            found = _add(c, rows, found, builder, subject, extra, nocheck)
        case "ALTER" if c.ahead() == "COLUMN":
            c.at += 2
            found = _alter_column(c, rows, found, extra, builder)
        case "DROP":
            c.at += 1
            found = _drop(c, found, builder, subject, extra)
        case "CHECK" | "NOCHECK" if c.ahead() == "CONSTRAINT":
            c.at += 2
            found = _switch(c, found, word == "CHECK", checked, extra)
        case "ENABLE" | "DISABLE" if c.ahead() == "TRIGGER":
            c.at = c.count
            extra.append(c.clause("table_trigger_state", start))
        case "ENABLE" | "DISABLE" if c.ahead() == "CHANGE_TRACKING":
            c.at = c.count
            extra.append(c.clause("change_tracking", start))
        case "SET":
            c.at += 1
            found = _set(c, rows, found, builder, extra)
        case "SWITCH" | "SPLIT" | "MERGE":
            c.at = c.count
            extra.append(c.clause("partition_maintenance", start))
        case "REBUILD":
            c.at = c.count
            extra.append(c.clause("table_maintenance", start))
        case "ALTER" if c.ahead() == "INDEX":
            c.at = c.count
            extra.append(c.clause("table_maintenance", start))
        case _:
            raise c.error("ADD, ALTER COLUMN, DROP, CHECK or SET expected")
    extra += c.rest()
    return replace(found, clauses=found.clauses + tuple(extra)) if extra else found


def _unfounded(c: Cursor, found: Table) -> bool:
    """Whether the statement changes what the script has not made: ``found`` is known from ALTER TABLE alone."""
    word = c.word()
    if word in ("CHECK", "NOCHECK", "DROP"):
        known = {k.name for k in found.constraints}
        names = [i for i in range(c.at + 1, c.count) if c.texts[i] not in _AROUND]
        here = c.at
        for i in names:
            c.at = i
            if not c.is_name() or c.name() not in known:
                c.at = here
                return True
        c.at = here
        return False
    return word in ("ALTER", "SWITCH")


_AROUND: Final = frozenset({"CONSTRAINT", ",", "IF", "EXISTS"})


# -- ADD ---------------------------------------------------------------------------------------------------------------


def _add(
    c: Cursor, rows: Rows, found: Table, builder: Builder, subject: int, extra: list[Clause], nocheck: bool
) -> Table:
    into = Members(found.name, columns=list(found.columns), clauses=extra)
    before = len(found.columns)
    grouped = c.word() == "(" and c.ahead() != ")"  # not Transact-SQL, but it stands in published scripts
    if grouped:
        c.at += 1
    while not c.done():
        c.accept("COLUMN") if c.word() == "COLUMN" and c.ahead(2) not in (",", "") else None
        table.member(c, rows, into) if not _default_outside(c, found, extra) else None
        if not c.accept(","):
            break
    if grouped:
        c.expect(")")
    for place in into.defaulted:
        if place < before and builder.rows_lack(subject, into.columns[place].name):
            into.columns[place] = _changing(c, found, found.columns[place], into.columns[place], builder)
    if found.query is not None and len(into.columns) > before:  # its own columns come from the query
        extra.append(c.clause("query_table_columns", 0))
        into.columns[before:] = []
    old = tuple(into.columns[:before])
    new: list[Column] = []
    there = builder.places.of(subject, found) if subject >= 0 else {}
    for k in into.columns[before:]:
        if k.name.text in there or any(k.name == o.name for o in new):
            extra.append(Clause("column_already_there", c.raw(0), k.at))
            continue
        if k.default is not None and not k.not_null and k.name.text not in into.filled:
            if found.partial:
                k = replace(k, clauses=(*k.clauses, Clause("default_fills_rows", str(k.name), k.at)))
            elif builder.rows_lack(subject, k.name) or found.query is not None:
                k = _changing(c, found, None, k, builder)
        new.append(k)
    added = tuple(replace(k, added=True, inline=False if k.columns else k.inline) for k in into.constraints)
    if nocheck:
        added = tuple(replace(k, validated=False) if k.kind in ("check", "foreign_key") else k for k in added)
    for index in into.indexes:
        builder.add(index)
    if into.schemes:
        found = replace(found, partitioning=into.schemes[-1])
    found = replace(
        found, columns=(*old, *new), constraints=keys_once(found.constraints, added, extra),
    )  # fmt: skip
    return connected(found, [replace(k, added=True) for k in into.edges])


def _changing(c: Cursor, found: Table, old: Column | None, new: Column, builder: Builder) -> Column:
    """A column whose default changes behind rows that it does not reach: the change is an object of its own, at its
    place among the data ("ALTER TABLE": "WITH VALUES", "DEFAULT")."""
    first = None
    if old is not None:
        first = old.default_first if old.default_changes else old.default
    if new.draws is not None:
        return replace(new, clauses=(*new.clauses, Clause("default_fills_rows", str(new.name), c.span(0, c.count))))
    at = new.default.at if new.default is not None else c.span(0, c.count)
    builder.add(DefaultChange(found.name, at, table=found.name, column=new.name, default=new.default))
    return replace(new, default_changes=True, default_first=first)


def _default_outside(c: Cursor, found: Table, extra: list[Clause]) -> bool:
    """``ADD [CONSTRAINT n] DEFAULT v FOR c`` of a table that the script does not define."""
    if not found.partial or not (c.word() == "DEFAULT" or (c.word() == "CONSTRAINT" and c.ahead(2) == "DEFAULT")):
        return False
    start = c.at
    to_comma(c)
    extra.append(c.clause("alter_unknown_table", start))
    return True


# -- ALTER COLUMN ------------------------------------------------------------------------------------------------------


def _alter_column(c: Cursor, rows: Rows, found: Table, extra: list[Clause], builder: Builder) -> Table:
    start = c.at - 2
    name = c.name()
    old = next((k for k in found.columns if k.name == name), None)
    if old is None:
        c.at = c.count
        extra.append(c.clause("unknown_clause", start))
        return found
    verb = c.accept_any("ADD", "DROP") if c.ahead() in _PROPERTIES else ""
    if verb:
        new = _property(c, old, verb == "ADD")
    else:
        new = _retyped(c, rows, old, extra)
        if new.type != old.type:
            found = replace(found, former=(*found.former, (name, c.span(start))))
    return replace(found, columns=tuple(new if k is old else k for k in found.columns))


def _property(c: Cursor, old: Column, add: bool) -> Column:
    start = c.at
    word = c.take()
    if word == "NOT":
        c.expect("FOR", "REPLICATION")
    if word == "MASKED" and c.accept("WITH") and c.word() == "(":
        c.skip_group()
    if word == "PERSISTED":
        return replace(old, stored=add)
    if word == "HIDDEN":
        return replace(old, invisible=add)
    construct = _PROPERTIES[word]
    kept = tuple(k for k in old.clauses if k.construct != construct)
    return replace(old, clauses=(*kept, c.clause(construct, start)) if add else kept)


def _retyped(c: Cursor, rows: Rows, old: Column, extra: list[Clause]) -> Column:
    """A new type: what is not said again of NULL and of the collation is what it would be in a new column."""
    changes: dict[str, Any] = {
        "type": data_type(c), "not_null": old.identity is not None, "collation": "", "compares": "",
    }  # fmt: skip
    clauses = tuple(k for k in old.clauses if k.construct in ("default_name", "rowguidcol", "period_column"))
    while not c.done():
        start = c.at
        if c.accept("COLLATE"):
            changes |= column.collation(str(c.name()))
        elif c.accept("NOT", "NULL"):
            changes["not_null"] = True
        elif c.accept("NULL"):
            changes["not_null"] = False
        elif c.accept("SPARSE"):
            clauses = (*clauses, c.clause("sparse_column", start))
        elif c.word() == "WITH" and c.ahead() == "(":
            c.at += 1
            with_options(c, rows, extra)
        elif c.word() in ("ENCRYPTED", "MASKED"):
            word = c.take()
            c.accept("WITH")
            c.skip_group()
            construct = "column_encryption" if word == "ENCRYPTED" else "masked_column"
            clauses = (*clauses, c.clause(construct, start))
        else:
            break
    return replace(old, **changes, clauses=clauses)


# -- DROP --------------------------------------------------------------------------------------------------------------


def _drop(c: Cursor, found: Table, builder: Builder, subject: int, extra: list[Clause]) -> Table:
    """``[CONSTRAINT] [IF EXISTS] a, b, COLUMN [IF EXISTS] c, ...``; a word holds on until another comes."""
    what = "CONSTRAINT"
    while not c.done():
        start = c.at
        if c.accept("PERIOD", "FOR"):
            c.name()
            found = _without_period(found)
        else:
            what = _dropped(c) or what
            lenient = c.accept("IF", "EXISTS")
            name = c.name()
            match what:
                case "COLUMN":
                    found = _without_column(c, found, name, builder, extra, start, lenient)
                case "INDEX":
                    found = _without_index(c, found, name, builder, extra, start)
                case _:
                    found = _without_constraint(c, found, name, builder, subject, extra, start, lenient)
            if c.word() == "WITH" and c.ahead() == "(":
                c.at += 1
                c.skip_group()
        if not c.accept(","):
            break
    return found


def _dropped(c: Cursor) -> str:
    """CONSTRAINT, COLUMN or INDEX, unless it is the name itself."""
    return c.accept_any("CONSTRAINT", "COLUMN", "INDEX") if c.ahead() not in (",", "") else ""


def _without_constraint(
    c: Cursor, found: Table, name: Name, builder: Builder, subject: int, extra: list[Clause], start: int, lenient: bool
) -> Table:
    kept = tuple(k for k in found.constraints if k.name != name)
    if len(kept) < len(found.constraints):
        return replace(found, constraints=kept)
    for k in found.columns:
        if any(x.construct == "default_name" and x.text.upper() == name.text for x in k.clauses):
            rest = tuple(x for x in k.clauses if x.construct != "default_name")
            plain = replace(k, default=None, draws=None, clauses=rest)
            if builder.rows_lack(subject, k.name) and k.default is not None and k.draws is None:
                plain = _changing(c, found, k, plain, builder)
            return replace(found, columns=tuple(plain if o is k else o for o in found.columns))
    if not lenient:
        extra.append(c.clause("constraint_drop_unknown", start))
    return found


def _without_column(
    c: Cursor, found: Table, name: Name, builder: Builder, extra: list[Clause], start: int, lenient: bool
) -> Table:
    if not any(k.name == name for k in found.columns):
        if not lenient:
            extra.append(c.clause(unknown_column(found), start))
        return found
    at = c.span(start)

    def touches(k: Constraint) -> bool:
        return name in k.columns or (k.check is not None and name.text in c.lexis.words(k.check.text))

    for subject, other in enumerate(builder.objects):
        if isinstance(other, Index) and other.table == found.name and builder.is_there(subject):
            if any(p.column == name for p in other.parts) or name in other.include:
                builder.drop(subject, at, c.raw(start))
    return replace(
        found,
        columns=tuple(k for k in found.columns if k.name != name),
        constraints=tuple(k for k in found.constraints if not touches(k)),
        former=(*found.former, (name, at)),
    )


def _without_index(
    c: Cursor, found: Table, name: Name, builder: Builder, extra: list[Clause], start: int
) -> Table:
    subject = builder.index_on(found.name, replace_name(found, name))
    if subject is None:
        extra.append(c.clause("constraint_drop_unknown", start))
    else:
        builder.drop(subject, c.span(start), c.raw(start))
    return found


def replace_name(found: Table, name: Name) -> Any:
    """``name`` in the schema of ``found``."""
    return found.name._replace(name=name)


def _without_period(found: Table) -> Table:
    return replace(found, clauses=tuple(k for k in found.clauses if k.construct != "period"))


# -- CHECK and NOCHECK CONSTRAINT --------------------------------------------------------------------------------------


def _switch(c: Cursor, found: Table, enable: bool, checked: bool | None, extra: list[Clause]) -> Table:
    """``{CHECK | NOCHECK} CONSTRAINT {ALL | name, ...}``: only WITH CHECK looks at the old rows.

    Only foreign keys and checks can be switched.
    """
    start = c.at
    wanted: Callable[[Constraint], bool]
    if c.accept("ALL"):
        def wanted(k: Constraint) -> bool:
            return True
    else:
        names = {c.name()}
        while c.accept(","):
            names.add(c.name())
        if not any(k.name in names for k in found.constraints):
            extra.append(c.clause("constraint_drop_unknown", start))
            return found

        def wanted(k: Constraint) -> bool:
            return k.name in names

    def switched(k: Constraint) -> Constraint:
        if k.kind not in ("check", "foreign_key") or not wanted(k):
            return k
        if not enable:
            return replace(k, enabled=False, validated=False)
        validated = True if checked else k.validated and k.enabled
        return replace(k, enabled=True, validated=validated)

    return replace(found, constraints=tuple(switched(k) for k in found.constraints))


# -- SET ---------------------------------------------------------------------------------------------------------------


def _set(c: Cursor, rows: Rows, found: Table, builder: Builder, extra: list[Clause]) -> Table:
    """``SET (option = value, ...)``."""
    start = c.at
    ordinary = False
    for one in list(items(c)):
        if one.word == "SYSTEM_VERSIONING":
            kept = tuple(k for k in found.clauses if k.construct != "system_versioning")
            if one.value == "OFF":
                if isinstance(c, TsqlCursor):
                    sqlserver_history.left(c, found, builder)
            found = replace(found, clauses=kept)
            if one.value == "OFF":
                continue
        ordinary = say(c, one, rows, extra) or ordinary
    if ordinary:
        extra.append(c.clause("storage_clause", start))
    return found
