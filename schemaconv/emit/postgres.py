"""PostgreSQL and Aurora PostgreSQL: https://www.postgresql.org/docs/current/sql-commands.html"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import (
    Column,
    Constraint,
    Counter,
    Grant,
    Identity,
    Index,
    Partition,
    Partitioning,
    Role,
    Table,
    UserType,
)  # fmt: skip
from ..ir.change import Action
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.version import RowVersion
from .ddl import Ddl
from .plpgsql import PlPgSql
from .printer import INDENT, WIDTH

#: Table options that are printed by :meth:`Postgres.table_tail` and :meth:`Postgres.create`.
OPTIONS: Final = frozenset(("temporary", "unlogged", "with", "tablespace", "using"))

_ON_COMMIT: Final = {
    "delete": " ON COMMIT DELETE ROWS",
    "preserve": " ON COMMIT PRESERVE ROWS",
    "preserve definition": " ON COMMIT PRESERVE ROWS",
    "drop definition": " ON COMMIT DROP",
}

_GRANT_KINDS: Final = {
    "sequence": "SEQUENCE ", "schema": "SCHEMA ", "type": "TYPE ", "database": "DATABASE ",
    "routine": "ROUTINE ", "procedure": "PROCEDURE ", "function": "FUNCTION ",
}  # fmt: skip

_CALL: Final = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)*\(")
#: Words that take a parenthesis and yet call nothing.
_NO_CALL: Final = frozenset(("not(", "row(", "array(", "exists(", "case(", "interval("))


class Postgres(PlPgSql, Ddl):
    # -- tables ----------------------------------------------------------------------------------------------

    def column(self, table: Table, column: Column, constraints: str) -> str:
        text = f"{self.name(column.name)} {column.type.spelling or self.type(column.type, column.name)}"
        if column.collation:
            text += f" COLLATE {column.collation}"
        if column.identity is not None and self.has("identity_column"):
            return f"{text} {self.identity(column.identity)}{constraints}"
        if column.generated is not None and self.has("stored_column" if column.stored else "virtual_column"):
            text += self.generated(column.generated, column.stored)
        elif column.default is not None:
            text += f" DEFAULT {self.sql(column.default)}"
        return f"{text} NOT NULL{constraints}" if column.not_null else text + constraints

    def identity(self, identity: Identity) -> str:
        """An identity column, which is NOT NULL without saying so."""
        when = "ALWAYS" if identity.always else "BY DEFAULT"
        o = identity.options
        if o.increment in (None, 1):  # what holds anyway, though the source's dumps say it
            o = replace(o, increment=None, minimum=None if o.minimum == 1 else o.minimum)
        words = self.sequence_words(o)
        return f"GENERATED {when} AS IDENTITY" + (f" ({' '.join(words)})" if words else "")

    def table_tail(self, table: Table) -> str:
        spec = self.split(table)
        tail = self.partition_by(spec) if spec else ""
        if table.temporary == "private" and table.on_commit:
            return tail + _ON_COMMIT[table.on_commit]
        if not table.options:
            return tail
        given = dict(table.options)
        if not OPTIONS.issuperset(given):
            raise self.wrong(f"{table.name} has options that are not this target's: {', '.join(given)}")
        if "using" in given:
            tail += f" USING {given['using']}"
        settings = [value for word, value in table.options if word == "with"]
        if settings:
            tail += f" WITH ({', '.join(settings)})"
        if "temporary" in given and table.on_commit:
            tail += _ON_COMMIT[table.on_commit]
        if "tablespace" in given:
            tail += f" TABLESPACE {given['tablespace']}"
        return tail

    def after_table(self, subject: int, table: Table) -> None:
        spec = self.split(table)
        if spec is not None:
            out: list[str] = []
            children = self.with_default(spec, table.name.name.text)
            self.partitions(out, self.create(table), table.name, spec, children)
            if out:
                self.put(subject, "tables", ";\n".join(out), attached=True)
        self.comments(subject, self.table_comments(table))
        if table.query is not None and table.columns:
            self.altered_columns(subject, table)

    def altered_columns(self, subject: int, table: Table) -> None:
        """What ``CREATE TABLE ... AS`` cannot say of its columns."""
        changes = []
        for k in table.columns:
            name = self.name(k.name)
            if k.identity is not None or k.generated is not None:
                raise self.wrong(f"{table.name} AS a query cannot compute column {k.name}")
            if k.default is not None:
                changes.append(f"{INDENT}ALTER COLUMN {name} SET DEFAULT {self.sql(k.default)}")
            if k.not_null:
                changes.append(f"{INDENT}ALTER COLUMN {name} SET NOT NULL")
        if changes:
            text = f"ALTER TABLE {self.qname(table.name)}\n" + ",\n".join(changes)
            self.put(subject, self.phase("constraints", table.name), text)

    # -- constraints -----------------------------------------------------------------------------------------

    def state(self, c: Constraint) -> str:
        text = ""
        if c.deferrable and self.has("deferrable_constraint"):
            if c.kind == "check":
                raise self.wrong(f"check {c.name or ''} is deferrable")
            text = " DEFERRABLE INITIALLY DEFERRED" if c.initially_deferred else " DEFERRABLE"
        if not c.enabled:
            self.must("disabled_constraint", c.name or c.kind)
            if c.kind not in ("check", "foreign_key"):
                raise self.wrong(f"{c.name or c.kind} is disabled")
            text += " NOT ENFORCED"
        return text

    def alter_state(self, c: Constraint) -> str:
        """A new table has no old rows, so only ``ALTER TABLE`` can leave them unchecked."""
        return " NOT VALID" if not c.validated and c.enabled and c.kind in ("check", "foreign_key") else ""

    # -- partitions ------------------------------------------------------------------------------------------

    def partition_by(self, spec: Partitioning) -> str:
        return f" PARTITION BY {spec.method.upper()} ({', '.join(self.names(spec.columns))})"

    def partitions(
        self, out: list[str], create: str, parent: QName, spec: Partitioning, children: tuple[Partition, ...]
    ) -> None:
        """Add ``CREATE TABLE ... PARTITION OF`` for each partition, subpartitions behind theirs."""
        count = len(children)
        for i, child in enumerate(children):
            if child.name is None:
                raise self.wrong(f"a partition of {parent} has no name")
            name = QName(parent.schema, child.name)
            bound = self.bound(spec, child, count, i)
            sub = spec.sub if child.subpartitions else None
            tail = self.partition_by(sub) if sub else ""
            line = f"{create} {self.qname(name)} PARTITION OF {self.qname(parent)}"
            line += f" (CHECK ({self.sql(child.check)}))" if child.check is not None else ""
            fits = len(line) + len(bound) + len(tail) + 2 <= WIDTH
            out.append(f"{line} {bound}{tail}" if fits else f"{line}\n{INDENT}{bound}{tail}")
            if sub is not None:
                self.partitions(out, create, name, sub, child.subpartitions)

    def bound(self, spec: Partitioning, child: Partition, count: int, index: int) -> str:
        if child.default:
            return "DEFAULT"
        match spec.method:
            case "range":
                upper = self.values(child.values, child.name)
                if child.lower:
                    lower = self.values(child.lower, child.name)
                else:
                    lower = f"({', '.join(['MINVALUE'] * len(child.values))})"
                return f"FOR VALUES FROM {lower} TO {upper}"
            case "list":
                return f"FOR VALUES IN {self.values(child.values, child.name)}"
            case "hash":
                return f"FOR VALUES WITH (MODULUS {count}, REMAINDER {index})"
            case method:
                raise self.wrong(f"partitions by {method}")

    # -- the rest --------------------------------------------------------------------------------------------

    def key(self, c: Constraint) -> str:
        return "UNIQUE NULLS NOT DISTINCT" if c.nulls_equal else super().key(c)

    def index_tail(self, index: Index) -> str:
        tail = f" INCLUDE ({', '.join(self.names(index.include))})" if index.include else ""
        return f"{tail} NULLS NOT DISTINCT" if index.nulls_equal else tail

    def key_expression(self, expression: Fragment) -> str:
        """Any expression but a function call needs parentheses of its own."""
        text = self.bare(expression)
        call = _CALL.match(text)
        if call is None or text[-1] != ")" or call.group().lower() in _NO_CALL:
            return f"({text})"
        return text if self.closes(text, call.end() - 1) == len(text) - 1 else f"({text})"

    def user_type(self, found: UserType) -> str:
        """A composite type (form ``object``), or a domain over the type ``of`` (form ``domain``)."""
        name = self.qname(found.name)
        match found.form:
            case "object":
                self.must("user_type_object", found.name)
                lines = [(self.attribute(a), a.notes) for a in found.attributes]
                return (
                    f"CREATE TYPE {name} AS (\n{self.joined(lines)}\n)"
                    if lines
                    else f"CREATE TYPE {name} AS ()"
                )
            case "domain":
                self.must("user_type_collection", found.name)
                size = f" CHECK (cardinality(VALUE) <= {found.size})" if found.size else ""
                return f"CREATE DOMAIN {name} AS {self.type(found.of, found.name)}{size}"
            case form:
                raise self.wrong(f"type {found.name} is still {form}")

    def attribute(self, attribute: Column) -> str:
        text = f"{self.name(attribute.name)} {self.type(attribute.type, attribute.name)}"
        return f"{text} COLLATE {attribute.collation}" if attribute.collation else text

    def counter(self, found: Counter) -> str:
        """``setval`` with the greatest value; of a table without rows it is NULL, and nothing happens."""
        table, column = self.qname(found.table), self.name(found.column)
        if found.next is not None:
            return f"ALTER TABLE {table} ALTER COLUMN {column} RESTART WITH {found.next}"
        sequence = f"pg_get_serial_sequence({self.literal(table)}, {self.literal(found.column.text)})"
        last = "min" if found.descending else "max"
        return f"SELECT setval({sequence}, (SELECT {last}({column}) FROM {table}))"

    def role(self, role: Role) -> str:
        """Roles belong to the whole server, so the statement must do no harm where the role is there already."""
        create = f"CREATE ROLE {self.name(role.name.name)}" + (" LOGIN" if role.login else "")
        return f"DO $$ BEGIN {create}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"

    def row_version(self, found: RowVersion) -> str:
        """A function that fills the column, and the trigger that calls it."""
        name, table = self.qname(found.name), self.qname(found.table)
        opened = f"GRANT USAGE ON SEQUENCE {self.qname(found.opened)} TO PUBLIC;\n\n" if found.opened else ""
        return (
            f"{opened}CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
            f"{INDENT}NEW.{self.name(found.column)} := {found.value};\n{INDENT}RETURN NEW;\nEND\n$$;\n\n"
            f"CREATE TRIGGER {self.name(found.name.name)} BEFORE UPDATE ON {table}\n"
            f"{INDENT}FOR EACH ROW EXECUTE FUNCTION {name}()"
        )

    def retyped(self, one: Action) -> str:
        column, type_ = self.name(one.name), self.type(one.type, one.name)
        using = f" USING CAST({column} AS {type_})" if one.cast else ""
        verb = "SET" if one.not_null else "DROP"
        return f"ALTER COLUMN {column} TYPE {type_}{using},\n{INDENT}ALTER COLUMN {column} {verb} NOT NULL"

    def grant(self, grant: Grant) -> str:
        text = super().grant(grant)
        if grant.on_kind.startswith("later ") and grant.on is not None:
            return f"ALTER DEFAULT PRIVILEGES IN SCHEMA {self.name(grant.on.name)} {text}"
        return text

    def grant_object(self, grant: Grant) -> str:
        if grant.on_kind.startswith("later "):
            return grant.on_kind.removeprefix("later ").upper()
        if grant.on_kind in ("tables", "sequences", "routines") and grant.on is not None:
            return f"ALL {grant.on_kind.upper()} IN SCHEMA {self.name(grant.on.name)}"
        return _GRANT_KINDS.get(grant.on_kind, "") + super().grant_object(grant)
