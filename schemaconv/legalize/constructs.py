"""Which constructs an object uses, and where: the left side of every legality question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..ir.catalog import (
    Clause,
    Column,
    Comment,
    Constraint,
    Counter,
    Data,
    DefaultChange,
    Grant,
    Index,
    Object,
    Other,
    Partitioning,
    Role,
    Routine,
    Schema,
    Sequence,
    SequenceOptions,
    Synonym,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.change import Change
from ..ir.clause import gone as gone_by
from ..ir.names import Name
from ..ir.version import RowVersion
from ..source import Span

if TYPE_CHECKING:
    from ..engines import Profile


class Use(NamedTuple):
    """A construct in use: its name, its place, and the author's text where it is a clause."""

    construct: str
    at: Span
    text: str = ""


def gone(found: Object) -> Clause | None:
    """The clause that takes the object out, if there is one."""
    return gone_by(found.clauses)


#: What a change of a table outside the script does to a column, where targets differ.
_CHANGES = {"retype": "change_column_type", "set_default": "change_column_default",
            "drop_default": "change_column_default"}
#: Kinds of which nothing more is said where the target has none.
_ALL_SAID = frozenset(
    ("index", "columnstore_index", "sequence", "user_type_object", "user_type_collection", "wrapped_code")
)


def needed(found: Object, profile: Profile) -> Iterator[Use]:
    """The constructs of an object that matter on a target: its kind alone, where that is missing there."""
    for use in of(found):
        yield use
        if use.construct in _ALL_SAID and not profile.legal(use.construct):
            return


def of(found: Object) -> Iterator[Use]:
    """Every construct of an object, in the order of its text; the object's own kind comes first."""
    match found:
        case Table():
            yield from _table(found)
        case Index():
            yield from _index(found)
        case Sequence():
            yield Use("sequence", found.at)
            yield from _sequence(found.options, found.at)
        case View():
            yield from _view(found)
        case Synonym():
            yield Use("public_synonym" if found.public else "synonym", found.at, f"{found.name} FOR {found.target}")
        case UserType():
            yield from _type(found)
        case Routine():
            yield from (Use(k.construct, k.at, k.text) for k in found.clauses if k.construct == "wrapped_code")
            if found.module is not None:
                yield Use("stored_package", found.at)
            else:
                yield Use(_ROUTINE[found.what] if found.program is None else f"stored_{found.what}", found.at)
        case Grant():
            yield from _grant(found)
        case Role():
            yield Use("user" if found.login else "role", found.at)
            if found.login:
                yield Use("user_settings", found.at, f"CREATE USER {found.name}")
            yield from (Use(k.construct, k.at, k.text) for k in found.clauses if k.construct == "user_settings")
            return  # its clauses say the same
        case Comment() if found.on in ("schema", "role"):
            yield Use(f"comment_on_{found.on}", found.at, str(found.name))
        case Comment():
            yield Use("comment", found.at)
            yield Use("comment_unknown_object", found.at, str(found.name))
        case Data():
            yield Use(_VERBS.get(found.verb, "dml_other"), found.at)
        case RowVersion():
            pass
        case Change():
            for one in found.actions:
                if one.verb in _CHANGES:
                    yield Use(_CHANGES[one.verb], one.at, f"ALTER COLUMN {one.name}")
        case Counter():
            moved = "identity_counter" if found.next is None else "identity_restart"
            yield Use(moved, found.at, f"{found.table}.{found.column}")
        case DefaultChange():
            text = found.default.text if found.default is not None else f"{found.table}.{found.column}"
            yield Use("default_change", found.at, text)
        case Schema():
            yield Use("schema", found.at)
        case Other():
            yield Use(found.construct, found.at, found.text.text)
        case _:
            raise AssertionError(type(found))
    for clause in found.clauses:
        yield Use(clause.construct, clause.at, clause.text)


_ROUTINE = {
    "procedure": "procedure", "function": "function", "package": "package", "package body": "package",
    "trigger": "trigger", "type body": "type_body", "macro": "macro",
}  # fmt: skip
_VERBS = {
    "INSERT": "dml_insert", "UPDATE": "dml_update", "DELETE": "dml_delete", "MERGE": "dml_merge",
    "TRUNCATE": "dml_truncate", "DROP": "dml_delete",  # of a table that was needed for a while
}  # fmt: skip


def _table(table: Table) -> Iterator[Use]:
    if (
        not table.columns
        and table.query is None
        and not table.partial
        and table.organization not in ("object", "xmltype", "edge", "file", "external")
    ):
        yield Use("table_without_columns", table.at)
    if table.temporary and not any(word in ("temporary", "unlogged") for word, _ in table.options):
        yield Use(f"{table.temporary}_temporary_table", table.at)
    if table.query is not None:
        yield Use("table_as_query", table.query.at)
    for column in table.columns:
        yield from _column(column)
    for k in table.constraints:
        yield from _constraint(k, table.partitioning is not None)
        if k.kind == "unique" and k.enabled and (len(k.columns) > 1 or k.nulls_equal):
            if takes_null(table, k.columns):
                construct = "unique_one_null" if k.nulls_equal else "unique_null_rows"
                yield Use(construct, k.at, ", ".join(map(str, k.columns)))
    if table.partitioning is not None:
        if table.query is not None:
            yield Use("partitioned_query", table.partitioning.at)
        if any(word == "temporary" for word, _ in table.options):
            yield Use("temporary_partitions", table.partitioning.at)
        yield from _partitioning(table, table.partitioning)


def takes_null(table: Table, columns: Iterable[Name | None]) -> bool:
    """Whether one of ``columns`` may be NULL; of a table outside the script nothing is known."""
    known = {k.name for k in table.columns}
    open_ = nullable(table)
    return any(n in open_ or (table.partial and n not in known) for n in columns)


def nullable(table: Table) -> frozenset[Name]:
    """The columns that may be NULL."""
    primary = {n for p in table.constraints if p.kind == "primary_key" for n in p.columns}
    return frozenset(k.name for k in table.columns if not k.not_null and k.identity is None and k.name not in primary)


def _column(column: Column) -> Iterator[Use]:
    if column.identity is not None:
        yield Use("identity_column", column.at, str(column.name))
        if column.identity.always:
            yield Use("identity_always", column.at, str(column.name))
        if column.identity.on_null:
            yield Use("identity_on_null", column.at, str(column.name))
        o = column.identity.options
        if o.increment not in (None, 1) or o.cycle or o.minimum is not None or o.maximum is not None:
            yield Use("identity_increment", column.at, str(column.name))
        if o.cycle or o.minimum is not None or o.maximum is not None:
            yield Use("identity_range", column.at, str(column.name))
        yield from _sequence(o, column.at, identity=True)
    if column.default_on_null:
        yield Use("default_on_null", column.at, str(column.name))
    if column.default is not None and column.draws is not None:
        yield Use("default_sequence", column.default.at, column.default.text)
    if column.generated is not None:
        yield Use("stored_column" if column.stored else "virtual_column", column.at, str(column.name))
    if column.invisible:
        yield Use("invisible_column", column.at, str(column.name))
    if column.collation and not column.compares:
        yield Use("column_collation", column.at, column.collation)
    if column.type.kind == "user":
        yield Use("user_type_column", column.at, f"{column.name} {column.type.raw}")
    for clause in column.clauses:
        yield Use(clause.construct, clause.at, clause.text)


def shown(k: Constraint) -> str:
    """A constraint's name, or what it is and its columns."""
    if k.name is not None:
        return str(k.name)
    return f"{k.kind.replace('_', ' ')} ({', '.join(map(str, k.columns))})"


def _constraint(k: Constraint, partitioned: bool) -> Iterator[Use]:
    text = shown(k)
    if not k.enabled:
        relied = any(c.construct == "rely_constraint" for c in k.clauses)
        yield Use("unchecked_key" if k.rely and not relied else "disabled_constraint", k.at, text)
    else:
        yield Use(_CONSTRAINTS[k.kind], k.at, text)
        if not k.validated:
            # PostgreSQL 15 refuses NOT VALID foreign keys of partitioned tables (ALTER TABLE, "ADD table_constraint")
            rows = k.kind == "check" or (k.kind == "foreign_key" and not partitioned)
            yield Use("novalidate_constraint" if rows else "novalidate_key", k.at, text)
    if k.deferrable:
        yield Use("deferrable_check" if k.kind == "check" else "deferrable_constraint", k.at, text)
    if k.on_delete or k.on_update:
        yield Use("referential_action", k.at, f"{text} ON DELETE {k.on_delete}" if k.on_delete else text)
    if k.on_delete == "SET NULL":
        yield Use("set_null_action", k.at, text)
    if "SET DEFAULT" in (k.on_delete, k.on_update):
        yield Use("set_default_action", k.at, text)
    if k.comment:
        yield Use("comment_on_constraint", k.at, text)
    if k.index_comment:
        yield Use("comment_on_index", k.at, text)
    for clause in k.clauses:
        yield Use(clause.construct, clause.at, clause.text)


_CONSTRAINTS = {
    "primary_key": "primary_key", "unique": "unique_constraint", "foreign_key": "foreign_key",
    "check": "check_constraint",
}  # fmt: skip


def _partitioning(table: Table, part: Partitioning) -> Iterator[Use]:
    yield Use(f"{part.method}_partitions", part.at)
    if part.steps or (part.sub is not None and part.sub.steps):
        yield Use("stepped_partitions", part.at, part.method)
    if part.interval is not None:
        yield Use("interval_partitions", part.interval.at, part.interval.text)
    if part.automatic:
        yield Use("automatic_list_partitions", part.at)
    if part.sub is not None:
        hashed = part.sub.method == "hash" and part.method in ("range", "list")
        yield Use("hash_subpartitions" if hashed and _even(part) else "composite_partitions", part.sub.at)
    if part.method == "list" and (last := next((p for p in part.partitions if p.default), None)) is not None:
        yield Use("default_list_partition", last.at, last.name.text if last.name else "")
    if part.method in ("range", "list") and len(part.columns) > 1:
        yield Use(f"multi_column_{part.method}", part.at)
    if part.method in ("reference", "system", "consistent_hash", "scheme"):
        return
    generated = {c.name for c in table.columns if c.generated is not None}
    if generated & set(part.columns):
        yield Use("partition_on_expression", part.at)
    if part.method == "range" and not part.nulls_first:
        never = {n for k in table.constraints if k.kind == "primary_key" and k.enabled for n in k.columns}
        if nulls := [
            str(k.name) for k in table.columns if k.name in part.columns and not k.not_null and k.name not in never
        ]:
            yield Use("null_range_key", part.at, ", ".join(nulls))
    wanted = keys(part)
    for k in table.constraints:
        if k.kind in ("primary_key", "unique") and k.enabled and not wanted <= set(k.columns):
            yield Use("key_without_partition_key", k.at, shown(k))


#: Methods that are constructs of their own.
METHODS = frozenset(
    ("bitmap", "domain", "cluster", "columnstore", "xml", "spatial", "fulltext", "vector", "json")
)  # fmt: skip

#: A constant among the parts of an index.
_CONSTANT = re.compile(r"-?\d+|'[^']*'")


def _even(part: Partitioning) -> bool:
    """Whether every partition has the same number of subpartitions, as MySQL wants it."""
    return len({len(p.subpartitions) for p in part.partitions}) <= 1


def _index(index: Index) -> Iterator[Use]:
    yield Use("primary_index" if index.method == "primary" else "index", index.at)
    if index.method in METHODS:
        yield Use(f"{index.method}_index", index.at, index.indextype)
    if index.where is not None:
        yield Use("filtered_index", index.where.at, index.where.text)
    if index.include:
        yield Use("include_columns", index.at, ", ".join(map(str, index.include)))
    if index.comment:
        yield Use("comment_on_index", index.at, str(index.name))
    for part in index.parts:
        if part.expression is not None and _CONSTANT.fullmatch(part.expression.text.strip()) and len(index.parts) > 1:
            yield Use("index_nulls", part.expression.at, part.expression.text)
        elif part.expression is not None:
            yield Use("expression_index", part.expression.at, part.expression.text)
        if part.descending:
            yield Use("descending_index", index.at)


def _sequence(o: SequenceOptions, at: Span, identity: bool = False) -> Iterator[Use]:
    if o.cycle:
        yield Use("sequence_cycle", at)
    if o.ordered:
        yield Use("sequence_order", at)
    limit = 9223372036854775807
    if any(v is not None and not -limit - 1 <= v <= limit for v in (o.start, o.increment, o.minimum, o.maximum)):
        yield Use("sequence_range", at)


def _view(view: View) -> Iterator[Use]:
    yield Use("materialized_view" if view.materialized else "view", view.at)
    if view.materialized and view.columns:
        yield Use("mview_columns", view.at)
    if view.check_option:
        yield Use("view_check_option", view.at)
    for k in view.constraints:
        yield Use("view_constraint", k.at, k.name.text if k.name else "")


def _type(found: UserType) -> Iterator[Use]:
    match found.form:
        case "incomplete":
            yield Use("user_type_incomplete", found.at)
        case "object":
            yield Use("user_type_object", found.at)
        case "alias":
            yield Use("alias_type", found.at)
        case "table_type":
            yield Use("table_type", found.at)
        case "external":
            yield Use("library", found.at)
        case _:
            yield Use("user_type_collection", found.at)
    if found.supertype is not None:
        yield Use("user_type_inheritance", found.at, str(found.supertype))
    for method in found.methods:
        yield Use("user_type_methods", method.at, method.text)


#: A right on a schema, parted by the kinds of objects that targets tell apart.
IN_SCHEMA: Final = frozenset(
    ("everything", *(f"{when}{what}" for when in ("", "later ") for what in ("tables", "sequences", "routines")),
     "scoped tables", "scoped functions", "scoped procedures")
)


def _grant(found: Grant) -> Iterator[Use]:
    for construct in ("deny", "grant_option_for", "fixed_role", "grant_connect"):
        for k in found.clauses:
            if k.construct == construct:
                yield Use(construct, k.at, k.text)
                return
    if found.revoke:
        yield Use("revoke", found.at)
    if found.on is None and found.roles:
        yield Use("grant_role", found.at, ", ".join(p for p, _ in found.privileges))
        return
    if found.on is None:
        wide = "grant_database" if found.on_kind == "database" else "grant_system"
        yield Use(wide, found.at, ", ".join(p for p, _ in found.privileges))
        return
    if found.on_kind in ("schema", "schema_objects"):
        what = f"{', '.join(p for p, _ in found.privileges)} ON {found.on}"
        yield Use(f"grant_{found.on_kind}", found.at, what)
        if any(n.text == "PUBLIC" for n in found.to):
            yield Use("grant_schema_public", found.at, what)
        return
    if found.on_kind in IN_SCHEMA:
        return
    if found.on_kind:
        yield Use("grant_directory", found.at, str(found.on))
        return
    yield Use("grant", found.at)
    if any(columns for _, columns in found.privileges):
        yield Use("grant_columns", found.at)
    if any(n.text == "PUBLIC" for n in found.to):
        yield Use("grant_public", found.at)


def keys(part: Partitioning) -> set[Name]:
    """The columns that rows are put into partitions by."""
    return set(part.columns) | (set(part.sub.columns) if part.sub is not None else set())
