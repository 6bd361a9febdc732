"""MySQL and Aurora MySQL: https://dev.mysql.com/doc/refman/8.0/en/sql-data-definition-statements.html"""

from __future__ import annotations

import re
from typing import Final

from ..ir.catalog import (
    Column,
    Comment,
    Constraint,
    Counter,
    DefaultChange,
    Grant,
    Index,
    IndexPart,
    Partition,
    Partitioning,
    Role,
    Schema,
    Table,
    View,
)  # fmt: skip
from ..ir.change import Action
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.version import RowVersion
from .ddl import Ddl
from .mysql_psm import MySqlPsm
from .printer import INDENT

#: Table options with their spelling, in the order in which SHOW CREATE TABLE prints them.
_OPTIONS: Final = {
    "tablespace": "TABLESPACE", "engine": "ENGINE", "auto_increment": "AUTO_INCREMENT",
    "charset": "DEFAULT CHARSET", "collate": "COLLATE", "stats_persistent": "STATS_PERSISTENT",
    "row_format": "ROW_FORMAT", "key_block_size": "KEY_BLOCK_SIZE", "compression": "COMPRESSION",
    "encryption": "ENCRYPTION",
}  # fmt: skip

#: Defaults that need no parentheses: literals, and CURRENT_TIMESTAMP with its synonyms
#: (Reference Manual, "Data Type Default Values").
_PLAIN_DEFAULT: Final = re.compile(
    r"""[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)? | [+-]?\.\d+(?:e[+-]?\d+)? | null | true | false
    | [nxb]?'(?:[^'\\]|''|\\.)*' | 0x[0-9a-f]+ | 0b[01]+
    | (?:current_timestamp|localtimestamp|localtime|now) (?:\(\d?\))?
      (?:\ on\ update\ current_timestamp(?:\(\d?\))?)?
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
#: Types whose default must be an expression, be it a literal in parentheses.
_EXPRESSION_ONLY: Final = re.compile(
    r"(?:tiny|medium|long)?(?:text|blob)\b|json\b|geometry\b|point\b|linestring\b|polygon\b|multi|vector\b",
    re.IGNORECASE,
)
#: What ALTER COLUMN ... SET DEFAULT takes in parentheses only (Reference Manual, "ALTER TABLE Statement").
_CLOCK: Final = re.compile(r"(?:current_timestamp|localtimestamp|localtime|now)\b", re.IGNORECASE)
_LITERAL: Final = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?|'([^'\\]|''|\\.)*'|X'[0-9A-F]*'|NULL|TRUE|FALSE", re.I)
_INDEX_KINDS: Final = {"fulltext": "FULLTEXT ", "spatial": "SPATIAL "}
_PARTITION_BY: Final = {"range": "RANGE COLUMNS", "list": "LIST COLUMNS", "hash": "HASH", "key": "KEY"}
_GRANT_KINDS: Final = {"procedure": "PROCEDURE ", "function": "FUNCTION "}


class MySql(MySqlPsm, Ddl):
    """Comments stand inside their table; a schema is a database; there are no sequences."""

    backslash = True
    dashes = False

    # -- tables ----------------------------------------------------------------------------------------------

    def column(self, table: Table, column: Column, constraints: str) -> str:
        text = f"{self.name(column.name)} {column.type.spelling or self.type(column.type, column.name)}"
        if column.collation:
            text += f" COLLATE {column.collation}"
        if column.generated is not None and self.has("stored_column" if column.stored else "virtual_column"):
            text += self.generated(column.generated, column.stored)
        if column.not_null:
            text += " NOT NULL"
        if column.default is not None and column.generated is None:
            text += f" DEFAULT {self.default(column, column.default)}"
        if column.invisible and self.has("invisible_column"):
            text += " INVISIBLE"
        if column.identity is not None and self.has("identity_column"):
            text += " AUTO_INCREMENT"
        if column.comment:
            text += f" COMMENT {self.literal(column.comment)}"
        return text + constraints

    def default(self, column: Column, default: Fragment) -> str:
        """A literal as it is, any other expression in parentheses."""
        text = self.bare(default)
        if _PLAIN_DEFAULT.fullmatch(text):
            if not _EXPRESSION_ONLY.match(column.type.spelling) or text.lower() == "null":
                return text
        else:
            self.must("default_expression", column.name)
        return f"({text})"

    def table_tail(self, table: Table) -> str:
        given = dict(table.options)
        given.pop("temporary", None)
        if not _OPTIONS.keys() >= given.keys():
            raise self.wrong(f"{table.name} has options that are not this target's: {', '.join(given)}")
        if "auto_increment" not in given:
            starts = [k.identity.options.start for k in table.columns if k.identity is not None]
            if starts and (starts[0] or 1) > 1:
                given["auto_increment"] = str(starts[0])
        tail = [f"{text}={given[word]}" for word, text in _OPTIONS.items() if word in given]
        if table.comment:
            tail.append(f"COMMENT={self.literal(table.comment)}")
        text = "".join([f" {t}" for t in tail])
        spec = self.split(table)
        return text + self.partition_by(spec) if spec else text

    def query_columns(self, subject: int, table: Table) -> str:
        """``CREATE TABLE ... AS`` takes whole definitions here; keys follow by ALTER TABLE."""
        if not table.columns:
            return ""
        return f" (\n{self.joined([(self.column(table, k, ''), k.notes) for k in table.columns])}\n)"

    def rows_of(self, table: Table, query: str) -> str:
        """The columns of the list meet those of the query by their names here: the query must have the same."""
        if not table.columns:
            return query
        return self.listed(f"SELECT * FROM (\n{query}\n) AS q ", self.names(k.name for k in table.columns), "", "")

    def table_comments(self, table: Table) -> list[str]:
        """None: they stand inside the table."""
        return []

    def literal(self, text: str) -> str:
        return super().literal(text).replace("\r", "\\r").replace("\n", "\\n")

    # -- constraints -----------------------------------------------------------------------------------------

    def may_inline(self, constraint: Constraint) -> bool:
        """REFERENCES of a column is read and ignored, and the keys of a column take no name."""
        match constraint.kind:
            case "check":
                return True
            case "foreign_key":
                return False
            case _:
                return constraint.name is None

    def target(self, c: Constraint, pad: str) -> str:
        if not c.references_columns:
            raise self.wrong(f"foreign key {c.name or ''} names no columns of {c.references}")
        return super().target(c, pad)

    def state(self, c: Constraint) -> str:
        if not c.enabled and c.kind == "check":
            self.must("disabled_constraint", c.name or c.kind)
            return " NOT ENFORCED"
        return super().state(c)

    # -- partitions ------------------------------------------------------------------------------------------

    def partition_by(self, spec: Partitioning) -> str:
        """``PARTITION BY`` and its partitions. Method ``key`` is hash for columns that are no integers."""
        text = f"\nPARTITION BY {self.method(spec)}"
        sub = spec.sub
        if sub is not None:
            text += f"\nSUBPARTITION BY {self.method(sub)}"
            if sub.count and not any(p.subpartitions for p in spec.partitions):
                text += f" SUBPARTITIONS {sub.count}"
        if spec.method in ("hash", "key") and not any(p.name for p in spec.partitions):
            return f"{text} PARTITIONS {spec.count or len(spec.partitions) or 1}"
        lines = [self.partition(spec, p) for p in self.with_default(spec, "p")]
        inner = ",\n".join([f"{INDENT}{line}" for line in lines])
        return f"{text} (\n{inner}\n)"

    def method(self, spec: Partitioning) -> str:
        word = _PARTITION_BY.get(spec.method)
        if word is None:
            raise self.wrong(f"partitions by {spec.method}")
        if word == "HASH" and len(spec.columns) != 1:
            raise self.wrong("hash partitions over several columns: legalization chooses key")
        return f"{word} ({', '.join(self.names(spec.columns))})"

    def partition(self, spec: Partitioning, p: Partition) -> str:
        if p.name is None:
            raise self.wrong("a partition has no name")
        text = f"PARTITION {self.name(p.name)}"
        match spec.method:
            case "range":
                highest = f"({', '.join(['MAXVALUE'] * len(spec.columns))})"
                text += f" VALUES LESS THAN {highest if p.default else self.values(p.values, p.name)}"
            case "list":
                if p.default:
                    raise self.wrong(f"list partition {p.name} is the default")
                text += f" VALUES IN {self.values(p.values, p.name)}"
            case _:
                pass
        if not p.subpartitions:
            return text
        names = [self.name(s.name) for s in p.subpartitions if s.name is not None]
        return self.listed(f"{text} ", [f"SUBPARTITION {n}" for n in names], "", INDENT)

    # -- the rest --------------------------------------------------------------------------------------------

    def index(self, index: Index) -> str:
        kind = _INDEX_KINDS.get(index.method)
        if index.where is not None:
            raise self.wrong(f"index {index.name} is partial")
        if kind is None:
            return super().index(index)
        head = f"CREATE {kind}INDEX {self.name(index.name.name)} ON {self.qname(index.table)} "
        return self.listed(head, [self.part(index, p) for p in index.parts], self.index_tail(index), "")

    def index_tail(self, index: Index) -> str:
        text = super().index_tail(index)
        return f"{text} COMMENT {self.literal(index.comment)}" if index.comment else text

    def constraint(self, c: Constraint, pad: str, state: str = "") -> str:
        if c.index_comment and c.kind in ("primary_key", "unique"):
            state += f" COMMENT {self.literal(c.index_comment)}"
        return super().constraint(c, pad, state)

    def constraint_comments(self, table: QName, c: Constraint) -> list[str]:
        """None: that of a key's index stands in its definition."""
        return []

    def index_comments(self, text: str, name: Name, table: QName) -> list[str]:
        return []

    def part(self, index: Index, part: IndexPart) -> str:
        if part.nulls:
            raise self.wrong(f"index {index.name} places NULLs")
        if part.column is not None and part.prefix is not None:
            text = f"{self.name(part.column)}({part.prefix})"
            return f"{text} DESC" if part.descending else text
        return super().part(index, part)

    def has_comments(self, view: View) -> bool:
        return False

    def comment(self, found: Comment) -> str:
        """Only tables can be commented alone: a column's comment is part of its definition."""
        if found.on != "table":
            raise self.wrong(f"a comment on {found.on} {found.name}")
        return f"ALTER TABLE {self.qname(found.name)} COMMENT = {self.literal(found.text)}"

    def schema(self, schema: Schema) -> str:
        return f"CREATE DATABASE IF NOT EXISTS {self.name(schema.name.name)}"

    def counter(self, found: Counter) -> str:
        return f"ALTER TABLE {self.qname(found.table)} AUTO_INCREMENT = {found.next}"

    def default_change(self, found: DefaultChange) -> str:
        """SET DEFAULT takes a literal, or an expression in parentheses: also where a definition of the column needs
        none. It does not take that of a long text. Without a default, not even NULL, an INSERT must name the column."""
        table, column = self.qname(found.table), found.definition
        if column is None:
            raise self.wrong(f"column {found.column} of {found.table} has no definition")
        if _EXPRESSION_ONLY.match(column.type.spelling):
            return f"ALTER TABLE {table} MODIFY COLUMN {self.column(Table(found.table, found.at), column, '')}"
        if found.default is None:
            change = "DROP DEFAULT" if column.not_null else "SET DEFAULT NULL"
        else:
            text = self.default(column, found.default)
            change = f"SET DEFAULT ({text})" if _CLOCK.match(text) else f"SET DEFAULT {text}"
        return f"ALTER TABLE {table} ALTER COLUMN {self.name(found.column)} {change}"

    def role(self, role: Role) -> str:
        name = self.name(role.name.name)
        return (
            f"CREATE USER IF NOT EXISTS {name} ACCOUNT LOCK"
            if role.login
            else f"CREATE ROLE IF NOT EXISTS {name}"
        )

    def whole(self, text: str) -> str:
        """The client cuts at semicolons, until it is told otherwise (MySQL, "mysql Client Commands")."""
        return f"DELIMITER //\n{text}//\nDELIMITER " if ";" in text else text

    def row_version(self, found: RowVersion) -> str:
        return (
            f"CREATE TRIGGER {self.qname(found.name)} BEFORE UPDATE ON {self.qname(found.table)}\n"
            f"{INDENT}FOR EACH ROW SET NEW.{self.name(found.column)} = {found.value}"
        )

    def new_default(self, value: Fragment) -> str:
        """Only a literal stands without parentheses there."""
        text = self.sql(value)
        return text if _LITERAL.fullmatch(text) else f"({text})"

    def retyped(self, one: Action) -> str:
        text = f"MODIFY COLUMN {self.name(one.name)} {self.type(one.type, one.name)}"
        return f"{text} NOT NULL" if one.not_null else text

    def grant_object(self, grant: Grant) -> str:
        if grant.on_kind == "everything":
            assert grant.on is not None
            return f"{self.name(grant.on.name)}.*" if grant.on.name.text else "*"
        return _GRANT_KINDS.get(grant.on_kind, "") + super().grant_object(grant)
