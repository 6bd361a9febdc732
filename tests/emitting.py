"""Hand-made legal items for the printers, and a schema for each family that uses all they can print."""

from __future__ import annotations

from typing import Any

from schemaconv import engines
from schemaconv.emit import emit
from schemaconv.emit.layout import layout
from schemaconv.emit.piece import Piece
from schemaconv.engines import Profile
from schemaconv.ir.catalog import (
    Clause,
    Column,
    Comment,
    Constraint,
    Data,
    Grant,
    Identity,
    Index,
    IndexPart,
    Item,
    Notes,
    Object,
    Partition,
    Partitioning,
    Role,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    UserType,
    View,
)
from schemaconv.ir.fragment import Fragment
from schemaconv.ir.names import Name, QName, qname
from schemaconv.ir.types import Type
from schemaconv.options import Options
from schemaconv.source import NOWHERE


def sql(text: str) -> Fragment:
    return Fragment("-- the author's text is not printed", NOWHERE, text)


def spelled(text: str) -> Type:
    return Type("unknown", spelling=text)


def names(text: str) -> tuple[Name, ...]:
    return tuple(Name(n) for n in text.split())


def column(name: str, spelling: str = "integer", **more: Any) -> Column:
    for key in ("default", "generated"):
        if key in more:
            more[key] = sql(more[key])
    return Column(Name(name), spelled(spelling), **more)


def table(name: str, *columns: Column, schema: str = "", **more: Any) -> Table:
    return Table(qname(name, schema), NOWHERE, columns=columns, **more)


def key(columns: str, name: str = "", kind: Any = "primary_key", **more: Any) -> Constraint:
    return Constraint(kind, Name(name) if name else None, names(columns), **more)


def check(condition: str, name: str = "", column: str = "", **more: Any) -> Constraint:
    return key(column, name, "check", check=sql(condition), **more)


def foreign_key(columns: str, target: str, name: str = "", to: str = "id", **more: Any) -> Constraint:
    return key(columns, name, "foreign_key", references=qname(target), references_columns=names(to), **more)


def index(name: str, on: str, *parts: IndexPart | str, **more: Any) -> Index:
    found = tuple(IndexPart(column=Name(p)) if isinstance(p, str) else p for p in parts)
    return Index(qname(name), NOWHERE, table=qname(on), parts=found, **more)


def expression(text: str, **more: Any) -> IndexPart:
    return IndexPart(expression=sql(text), **more)


def view(name: str, query: str, **more: Any) -> View:
    return View(qname(name), NOWHERE, query=sql(query), **more)


def sequence(name: str, **options: Any) -> Sequence:
    return Sequence(qname(name), NOWHERE, options=SequenceOptions(**options))


def data(text: str, **more: Any) -> Data:
    return Data(qname(""), NOWHERE, verb=text.split(maxsplit=1)[0], statement=sql(text), **more)


def grant(privileges: str, on: str, to: str, **more: Any) -> Grant:
    """``privileges`` are words with commas between, each with its columns behind a colon."""
    pairs = [p.strip().partition(":") for p in privileges.split(",")]
    return Grant(
        qname(""),
        NOWHERE,
        privileges=tuple((verb, names(columns)) for verb, _, columns in pairs),
        on=qname(on) if on else None,
        to=names(to),
        **more,
    )


def partition(name: str, *values: str, **more: Any) -> Partition:
    more["lower"] = tuple(sql(v) for v in more.get("lower", ()))
    return Partition(Name(name), tuple(sql(v) for v in values), **more)


def partitions(method: str, columns: str, *found: Partition, **more: Any) -> Partitioning:
    return Partitioning(method, names(columns), found, **more)


def profile(target: str) -> Profile:
    return engines.profile(engines.find(target, "target"))


def pieces(target: str, *objects: Object, **options: Any) -> tuple[Piece, ...]:
    items = tuple(Item(i, found) for i, found in enumerate(objects))
    return emit(items, profile(target), Options(**options))


def printed(target: str, *objects: Object, **options: Any) -> str:
    """The script for ``objects``, without its last line feed."""
    chosen = Options(**options)
    files, _ = layout(pieces(target, *objects, **options), chosen, profile(target))
    return files[0].text[:-1]


NOTES = Notes(("a quote ' and a -- dash", "-----", "two lines:\n/* -- */ ' \"", "a\nblock"), "after; all")

POSTGRES: tuple[Object, ...] = (
    Schema(qname("hr"), NOWHERE, notes=NOTES),
    UserType(qname("address"), NOWHERE, attributes=(column("street", "text", notes=NOTES), column("zip"))),
    UserType(qname("phones"), NOWHERE, form="domain", of=spelled("varchar(20)[]")),
    sequence("ids", start=7, increment=2, minimum=1, maximum=9000, cache=20, cycle=True),
    table(
        "departments",
        column("id", identity=Identity(True, options=SequenceOptions(start=10, increment=10)), notes=NOTES),
        column("name", "varchar(30)", not_null=True, collation='"C"', comment="it's\\its\nname"),
        column("Upper Case", "numeric(10, 2)", default="0.5", notes=Notes(after="mixed")),
        column("select", generated="(id * 2)", stored=True, comment="reserved"),
        column("phones", "phones"),
        constraints=(
            key("id", "departments_pk", inline=True),
            key("name", "departments_uk", "unique", deferrable=True, initially_deferred=True, notes=NOTES),
            check("(id > 0) AND (id < 5000)", "departments_ck", notes=NOTES),
            check("name <> '' -- never empty", "not_empty", column="name", inline=True),
        ),
        comment="all of them",
        options=(("with", "fillfactor=80"),),
        notes=NOTES,
    ),
    table(
        "employees",
        column("id", "bigint", identity=Identity()),
        column("name", "text", default="'nobody'::text"),
        column("department_id", not_null=True),
        column("home", "address"),
        constraints=(
            key("id", inline=True),
            foreign_key("department_id", "departments", "employees_fk", inline=True, on_delete="CASCADE"),
            foreign_key("department_id", "departments", "later", detached=True, validated=False, notes=NOTES),
            check("length(name) < 99", "short", detached=True, validated=False),
        ),
    ),
    table("scratch", column("id"), options=(("unlogged", ""),)),
    table("session_rows", column("id"), options=(("temporary", ""),), on_commit="delete"),
    table("nothing"),
    table(
        "sales",
        column("day", "date", not_null=True),
        column("region", "text"),
        partitioning=partitions(
            "range",
            "day",
            partition("sales_old", "'2020-01-01'"),
            partition(
                "sales_2020",
                "'2021-01-01'",
                lower=("'2020-01-01'",),
                subpartitions=(partition("sales_ab", "'a'", "'b'"), partition("sales_other", default=True)),
            ),
            partition("sales_new", "MAXVALUE", lower=("'2021-01-01'",)),
            sub=partitions("list", "region"),
            default=True,
        ),
        comment="by day",
    ),
    table(
        "buckets",
        column("id"),
        partitioning=partitions("hash", "id", partition("bucket_0"), partition("bucket_1")),
    ),
    data("INSERT INTO departments (name) VALUES ('it''s');"),
    data("INSERT INTO departments (name) VALUES ('b') -- why", notes=NOTES),
    table("copied", query=sql("SELECT id, name FROM departments")),
    table(
        "copied_too",
        column("a", "", not_null=True, comment="first"),
        column("b", "", default="'x'"),
        query=sql("SELECT id, name FROM departments"),
        constraints=(key("a", "copied_pk"),),
    ),
    index("employees_name", "employees", "name", IndexPart(Name("id"), descending=True, nulls="last")),
    index("employees_upper", "employees", expression("upper(name)"), expression("(id + 1)"), unique=True),
    index("employees_few", "employees", "name", method="btree", where=sql("department_id > 3")),
    view("names", "SELECT id, name\nFROM employees", columns=names("id full_name"), comment="who"),
    view("checked", "SELECT * FROM employees WHERE id > 7", check_option=True),
    view(
        "totals",
        "SELECT count(*) AS n FROM employees",
        materialized=True,
        column_comments=((Name("n"), "#"),),
    ),
    index("totals_n", "totals", "n"),
    grant("SELECT, UPDATE: name id", "employees", "clerk PUBLIC"),
    grant("ALL", "ids", "clerk", on_kind="sequence", admin=True),
    grant("clerk", "", "boss", roles=True, admin=True),
    grant("SELECT", "employees", "clerk", revoke=True),
    Role(qname("clerk"), NOWHERE),
    Role(qname("boss"), NOWHERE, login=True, notes=NOTES),
    Comment(qname("ids"), NOWHERE, on="sequence", text="numbers"),
    Comment(qname("employees"), NOWHERE, on="column", column=Name("name"), text="who", notes=NOTES),
)

MYSQL: tuple[Object, ...] = (
    table(
        "departments",
        column("id", "int", identity=Identity(options=SequenceOptions(start=50)), notes=NOTES),
        column("name", "varchar(30)", not_null=True, collation="utf8mb4_bin", comment="it's\\its\nname"),
        column("Upper Case", "decimal(10, 2)", default="0.5", notes=Notes(after="mixed")),
        column("select", "int", generated="(`Upper Case` * 2)", stored=True, comment="reserved"),
        column("twice", "int", generated="`Upper Case` * 2"),
        column("created", "datetime(6)", default="CURRENT_TIMESTAMP(6)", not_null=True),
        column("later", "datetime", default="(now() + interval 1 day)"),
        column("note", "text", default="'it\\'s'"),
        column("flag", "varchar(5)", default="'a'", invisible=True),
        constraints=(
            key("id", inline=True),
            key("name", "departments_uk", "unique", notes=NOTES),
            check("(char_length(name) > 0) AND (char_length(name) < 5000)", "departments_ck", notes=NOTES),
            check("name <> '' -- never empty\n", "not_empty", column="name", inline=True, notes=NOTES),
        ),
        comment="all of them; it's \\",
        options=(("engine", "InnoDB"), ("charset", "utf8mb4")),
        notes=NOTES,
    ),
    table(
        "employees",
        column("id", "bigint", not_null=True),
        column("name", "varchar(600)"),
        column("department_id", "int", not_null=True),
        column("document", "longtext"),
        constraints=(
            key("id", "employees_pk", inline=True),
            foreign_key("department_id", "departments", "employees_fk", inline=True, on_delete="CASCADE"),
            foreign_key("department_id", "departments", "later", detached=True, notes=NOTES),
            check("char_length(name) < 99", "short", detached=True),
        ),
    ),
    table("session_rows", column("id", "int"), options=(("temporary", ""),)),
    table(
        "sales",
        column("day", "date", not_null=True),
        column("id", "int", not_null=True),
        constraints=(key("day id"),),
        partitioning=partitions(
            "range",
            "day",
            partition("p2020", "'2021-01-01'", subpartitions=(partition("s1"), partition("s2"))),
            partition("p_other", default=True, subpartitions=(partition("s3"), partition("s4"))),
            sub=partitions("key", "id", count=2),
        ),
        comment="by day",
    ),
    table(
        "regions",
        column("name", "varchar(10)"),
        partitioning=partitions("list", "name", partition("a", "'a'", "'b'"), partition("c", "'c'")),
    ),
    table("buckets", column("id", "int"), partitioning=partitions("hash", "id", count=4)),
    table(
        "pairs",
        column("a", "int"),
        column("b", "int"),
        partitioning=partitions("range", "a b", partition("p1", "1", "2"), default=True),
    ),
    data("INSERT INTO departments (name) VALUES ('it''s');"),
    data("INSERT INTO departments (name) VALUES ('b') -- why", notes=NOTES),
    table("copied", query=sql("SELECT id, name FROM departments")),
    table(
        "copied_too",
        column("id", "int", not_null=True),
        column("title", "varchar(100)"),
        query=sql("SELECT id, name FROM departments"),
        constraints=(key("id"),),
    ),
    index(
        "employees_name",
        "employees",
        IndexPart(Name("name"), prefix=100),
        IndexPart(Name("id"), descending=True),
    ),
    index("employees_upper", "employees", expression("upper(left(`name`, 50))", descending=True)),
    index("employees_words", "employees", "document", method="fulltext"),
    view("names", "SELECT id, name\nFROM employees", columns=names("id full_name")),
    view("checked", "SELECT * FROM employees WHERE id > 7", check_option=True),
    grant("SELECT, UPDATE: name id", "employees", "clerk"),
    grant("clerk", "", "boss", roles=True, admin=True),
    grant("SELECT", "employees", "clerk", revoke=True),
    Role(qname("clerk"), NOWHERE),
    Role(qname("boss"), NOWHERE, login=True, notes=NOTES),
    Comment(qname("employees"), NOWHERE, text="who", notes=NOTES),
)

REDSHIFT: tuple[Object, ...] = (
    Schema(qname("hr"), NOWHERE, notes=NOTES),
    table(
        "departments",
        column("id", identity=Identity(options=SequenceOptions(start=10, increment=10)), notes=NOTES),
        column("name", "varchar(30)", not_null=True, collation="case_insensitive", comment="it's\\its"),
        column("Upper Case", "decimal(10, 2)", default="0.5", notes=Notes(after="mixed")),
        constraints=(key("id", inline=True), key("name", "departments_uk", "unique", notes=NOTES)),
        comment="all of them",
        options=(
            ("diststyle", "KEY"),
            ("distkey", "id"),
            ("compound sortkey", 'name, "Upper Case"'),
            ("encode", "Upper Case az64"),
        ),
        notes=NOTES,
    ),
    table(
        "employees",
        column("id", "bigint"),
        column("department_id", not_null=True),
        constraints=(
            key("id", inline=True),
            foreign_key("department_id", "departments", "employees_fk", inline=True),
            foreign_key("department_id", "departments", "later", detached=True, notes=NOTES),
        ),
        options=(("diststyle", "ALL"), ("sortkey", "auto")),
    ),
    table("session_rows", column("id"), options=(("temporary", ""),)),
    data("INSERT INTO departments (name) VALUES ('it''s');"),
    table("copied", query=sql("SELECT id, name FROM departments"), options=(("diststyle", "EVEN"),)),
    view("names", "SELECT id\nFROM employees", columns=names("number"), comment="who"),
    view("loose", "SELECT id FROM hr.gone", clauses=(Clause("no_schema_binding", "", NOWHERE),)),
    view("totals", "SELECT count(*) AS n FROM employees", materialized=True),
    grant("SELECT", "employees", "clerk PUBLIC"),
    grant("USAGE", "hr", "somebody", on_kind="schema"),
    grant("clerk", "", "boss", roles=True, admin=True),
    Role(qname("clerk"), NOWHERE),
    Role(qname("boss"), NOWHERE, login=True),
    Comment(QName(Name("hr"), Name("gone")), NOWHERE, text="elsewhere"),
)
