"""The views of SQL Server's catalog, with rows for what the script has made so far.

A view answers with all rows that have the values in its ``hints`` (values of columns), and perhaps with others: who
asks looks again. Source: Transact-SQL reference, "System catalog views", "System compatibility views", "System
information schema views", "sys.fn_listextendedproperty".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ..ir.catalog import Column, Comment, Constraint, Index, Role, Routine, Schema, Table, UserType, View
from ..ir.types import Type
from .sqlserver_cursor import SYSTEM
from .sqlserver_dictionary import (
    FIXED_PRINCIPALS,
    NULL,
    PERHAPS,
    SOME,
    UNSURE,
    Dictionary,
    Ref,
    Row,
    Value,
    constraint_ref,
    vague,
)  # fmt: skip
from .tsql_condition import Source

Rows = Iterator[Row]
_View = Callable[[Dictionary, Row], Rows]

#: The ids of the system's types (sys.types); the bytes that a value takes, where the name tells it.
TYPE_IDS: Final = {
    "IMAGE": 34, "TEXT": 35, "UNIQUEIDENTIFIER": 36, "DATE": 40, "TIME": 41, "DATETIME2": 42, "DATETIMEOFFSET": 43,
    "TINYINT": 48, "SMALLINT": 52, "INT": 56, "SMALLDATETIME": 58, "REAL": 59, "MONEY": 60, "DATETIME": 61, "FLOAT": 62,
    "SQL_VARIANT": 98, "NTEXT": 99, "BIT": 104, "DECIMAL": 106, "NUMERIC": 108, "SMALLMONEY": 122, "BIGINT": 127,
    "HIERARCHYID": 128, "GEOMETRY": 129, "GEOGRAPHY": 130, "VARBINARY": 165, "VARCHAR": 167, "BINARY": 173, "CHAR": 175,
    "TIMESTAMP": 189, "NVARCHAR": 231, "NCHAR": 239, "XML": 241, "SYSNAME": 256,
}  # fmt: skip
_OTHER_NAMES: Final = {"INTEGER": "INT", "DEC": "DECIMAL", "ROWVERSION": "TIMESTAMP"}
_BYTES: Final = {
    "UNIQUEIDENTIFIER": 16, "DATE": 3, "TINYINT": 1, "SMALLINT": 2, "INT": 4, "SMALLDATETIME": 4, "REAL": 4, "MONEY": 8,
    "DATETIME": 8, "BIT": 1, "SMALLMONEY": 4, "BIGINT": 8, "TIMESTAMP": 8, "XML": -1, "SYSNAME": 256, "IMAGE": 16,
    "TEXT": 16, "NTEXT": 16,
}  # fmt: skip
_SIZED: Final = {"VARCHAR": 1, "CHAR": 1, "VARBINARY": 1, "BINARY": 1, "NVARCHAR": 2, "NCHAR": 2}
_CONSTRAINTS: Final = {
    "primary_key": "PRIMARY KEY", "unique": "UNIQUE", "foreign_key": "FOREIGN KEY", "check": "CHECK",
}  # fmt: skip


def view(source: Source) -> _View | None:
    """The view that a FROM names; ``None`` for one whose rows the script does not tell."""
    if source.view == "FN_LISTEXTENDEDPROPERTY":
        return None
    if source.schema == "INFORMATION_SCHEMA":
        return _INFORMATION.get(source.view)
    found = _VIEWS.get(source.view)
    if found is None and source.view in _STATEMENTS:
        constructs = _STATEMENTS[source.view]
        return lambda d, hints: _statements(d, hints, constructs)
    return found


# -- objects -----------------------------------------------------------------------------------------------------------


def _objects(kinds: str = "") -> _View:
    wanted = frozenset(kinds.split())

    def rows(d: Dictionary, hints: Row) -> Rows:
        for row in d.objects(hints):
            if not wanted or row["TYPE"] in wanted or (row["TYPE"] is UNSURE and "P" in wanted):
                yield row

    return rows


def _old_objects(d: Dictionary, hints: Row) -> Rows:
    for row in d.objects(hints):
        yield row | {"TYPE": row["OLD_TYPE"]}


def _triggers(d: Dictionary, hints: Row) -> Rows:
    for row in d.objects(hints):
        if row["TYPE"] == "TR":
            found = d.object(row["OBJECT_ID"])
            home = d.builder.find(found.table, Table) if isinstance(found, Routine) and found.table else None
            yield row | {"PARENT_ID": Ref("object", home) if home is not None else UNSURE, "IS_DISABLED": UNSURE}


def _modules(d: Dictionary, hints: Row) -> Rows:
    for row in d.objects(hints):
        if row["TYPE"] in ("V", "P", "FN", "IF", "TF", "TR", UNSURE):
            yield {"OBJECT_ID": row["OBJECT_ID"], "ID": row["ID"], "*": UNSURE}


# -- columns -----------------------------------------------------------------------------------------------------------


def type_name(type_: Type) -> str:
    """The name of a column's type in capitals, without its lengths and brackets."""
    if type_.user is not None and type_.kind == "user":
        return type_.user.name.text
    word = type_.raw.partition("(")[0].rpartition(".")[2].strip().strip('[]"').upper()
    return _OTHER_NAMES.get(word, word)


def size(type_: Type) -> Value:
    """The bytes that a value of the type may take: -1 for no limit."""
    name = type_name(type_)
    if name in _BYTES:
        return _BYTES[name]
    if name not in _SIZED:
        return SOME if name in TYPE_IDS else UNSURE
    if "MAX" in type_.raw.upper().partition("(")[2]:
        return -1
    return _SIZED[name] * (type_.length or 1)


def columns(d: Dictionary, hints: Row) -> Rows:
    """sys.columns, sys.syscolumns and INFORMATION_SCHEMA.COLUMNS in one."""
    for subject in d.tables(hints, ("OBJECT_ID", "ID"), ("TABLE_NAME",), ("NAME", "COLUMN_NAME")):
        found = d.builder.objects[subject]
        assert isinstance(found, (Table, View))
        home = _home(d, subject)
        if isinstance(found, View):
            for place, name in enumerate(found.columns):
                yield home | {"NAME": name.text, "COLUMN_NAME": name.text, "COLUMN_ID": place + 1, "*": UNSURE}
        elif not vague(found):
            keyed = {n for k in found.constraints if k.kind == "primary_key" for n in k.columns}
            for place in _wanted(d, subject, found, hints):
                column = found.columns[place]
                yield home | _column(subject, column, place + 1, column.not_null or column.name in keyed)
        if vague(found):
            yield home | {"NAME": UNSURE, "COLUMN_NAME": UNSURE, "*": UNSURE}


def _wanted(d: Dictionary, subject: int, table: Table, hints: Row) -> Iterator[int]:
    """The places of the columns that may be meant: one, where its name is given."""
    name = hints.get("NAME", hints.get("COLUMN_NAME"))
    if not isinstance(name, str):
        yield from range(len(table.columns))
    elif (place := d.builder.places.of(subject, table).get(name.strip().upper())) is not None:
        yield place


def _column(subject: int, k: Column, place: int, not_null: bool) -> Row:
    name = type_name(k.type)
    type_id: Value = TYPE_IDS.get(name, Ref("type", name)) if k.generated is None else UNSURE
    length = size(k.type) if k.generated is None else UNSURE
    nullable = UNSURE if k.generated is not None else int(not not_null)
    default: Value = Ref("object", subject, f"D:{k.name.text}") if k.default is not None else 0
    letters: Value = NULL if name not in _SIZED else k.type.length or 1
    return {
        "NAME": k.name.text, "COLUMN_NAME": k.name.text, "COLUMN_ID": place, "COLID": place, "ORDINAL_POSITION": place,
        "IS_NULLABLE": nullable, "ISNULLABLE": nullable, "NULLABLE": _yes(not not_null), "MAX_LENGTH": length,
        "LENGTH": length, "IS_IDENTITY": int(k.identity is not None), "IS_COMPUTED": int(k.generated is not None),
        "ISCOMPUTED": int(k.generated is not None), "USER_TYPE_ID": type_id, "XUSERTYPE": type_id,
        "SYSTEM_TYPE_ID": UNSURE if isinstance(type_id, Ref) else type_id,
        "XTYPE": UNSURE if isinstance(type_id, Ref) else type_id,
        "DATA_TYPE": UNSURE if isinstance(type_id, Ref) else name, "DEFAULT_OBJECT_ID": default, "CDEFAULT": default,
        "COLUMN_DEFAULT": UNSURE if k.default is not None else NULL,
        "CHARACTER_MAXIMUM_LENGTH": -1 if length == -1 else letters, "COLLATION_NAME": UNSURE, "DEFINITION": UNSURE,
        "PRECISION": _given(k.type.precision), "SCALE": _given(k.type.scale),
        "NUMERIC_PRECISION": _given(k.type.precision), "NUMERIC_SCALE": _given(k.type.scale),
        "IS_ROWGUIDCOL": int(any(c.construct == "rowguidcol" for c in k.clauses)),
        "IS_SPARSE": int(any(c.construct == "sparse_column" for c in k.clauses)), "IS_PERSISTED": int(k.stored),
    }  # fmt: skip


def _given(number: int | None) -> Value:
    return UNSURE if number is None else number


def _yes(holds: bool) -> str:
    return "YES" if holds else "NO"


def _some_columns(flag: str) -> _View:
    return lambda d, hints: (r for r in columns(d, hints) if r.get(flag, UNSURE) in (1, UNSURE))


def _information_columns(d: Dictionary, hints: Row) -> Rows:
    for row in columns(d, hints):
        yield row | {"IS_NULLABLE": row.get("NULLABLE", UNSURE)}


# -- indexes -----------------------------------------------------------------------------------------------------------


def indexes(d: Dictionary, hints: Row) -> Rows:
    """sys.indexes and sys.sysindexes: indexes, and those behind keys."""
    builder = d.builder
    name = hints.get("NAME")
    if isinstance(name, str):
        text = name.strip().upper()
        subjects = list(builder.called(text))
        homes = builder.holders(text)
        wanted = next((v for k in ("OBJECT_ID", "ID") if isinstance(v := hints.get(k), Ref)), None)
        if wanted is not None:  # many tables may have an index of one name
            homes = [wanted.key] if isinstance(wanted.key, int) else []
    else:
        subjects = list(d.subjects())
        homes = subjects
    for subject in subjects:
        found = builder.objects[subject]
        if isinstance(found, Index) and (row := _index(d, found)) is not None:
            yield row
    for subject in homes:
        table = builder.objects[subject]
        for place, k in enumerate(table.constraints if isinstance(table, Table) else ()):
            named = not isinstance(name, str) or (k.name is not None and k.name.text == name.strip().upper())
            if named and k.kind in ("primary_key", "unique"):
                yield _key(subject, place, k)


def _index(d: Dictionary, found: Index) -> Row | None:
    home = d.builder.find(found.table, Table)
    if home is None:
        home = d.builder.find(found.table, View)
    said = {k.construct for k in found.clauses}
    clustered = "clustered_index" in said
    heading = "CLUSTERED" if clustered else "NONCLUSTERED"
    kind = {"": heading, "columnstore": "UNSURE", "xml": "XML", "spatial": "SPATIAL"}.get(found.method, "UNSURE")
    if found.method == "fulltext":
        return None
    return {
        "NAME": found.name.name.text, "TYPE_DESC": UNSURE if kind == "UNSURE" else kind,
        "TYPE": UNSURE if found.method else 1 if clustered else 2, "IS_UNIQUE": int(found.unique), "IS_PRIMARY_KEY": 0,
        "IS_UNIQUE_CONSTRAINT": 0, "IS_DISABLED": int("disabled_index" in said),
        "HAS_FILTER": int(found.where is not None), "OBJECT_ID": Ref("object", home) if home is not None else UNSURE,
        "ID": Ref("object", home) if home is not None else UNSURE, "STATUS": UNSURE,
        **_place(1 if clustered else Ref("index", str(found.table), found.name.name.text)),
    }  # fmt: skip


def _place(index_id: Value) -> Row:
    return {"INDEX_ID": index_id, "INDID": index_id}


def _key(subject: int, place: int, k: Constraint) -> Row:
    said = {c.construct for c in k.clauses}
    primary = k.kind == "primary_key"
    heap = {"nonclustered_primary_key", "hash_index"} & said
    clustered = "clustered_key" in said or (primary and not heap)
    ref = Ref("object", subject)
    number = Ref("index", subject, constraint_ref(subject, place, k).part)
    return {
        "NAME": k.name.text if k.name is not None else UNSURE,
        "TYPE_DESC": "CLUSTERED" if clustered else "NONCLUSTERED", "TYPE": 1 if clustered else 2, "IS_UNIQUE": 1,
        "IS_PRIMARY_KEY": int(primary),
        "IS_UNIQUE_CONSTRAINT": int(not primary), "IS_DISABLED": int(not k.enabled), "HAS_FILTER": 0, "OBJECT_ID": ref,
        "ID": ref, "STATUS": UNSURE, **_place(1 if clustered else number),
    }  # fmt: skip


def _fulltext(d: Dictionary, hints: Row) -> Rows:
    for subject in d.subjects():
        found = d.builder.objects[subject]
        if isinstance(found, Index) and found.method == "fulltext":
            home = d.builder.find(found.table, Table)
            yield {"OBJECT_ID": Ref("object", home) if home is not None else UNSURE, "*": UNSURE}


# -- schemas, types, principals, databases -----------------------------------------------------------------------------


def _schemas(d: Dictionary, hints: Row) -> Rows:
    name = hints.get("NAME", hints.get("SCHEMA_NAME"))
    if isinstance(name, str):
        found = [name.strip().upper()] if d.schema_id(name) is not NULL else []
    else:
        found = [o.name.name.text for s in d.subjects() if isinstance(o := d.builder.objects[s], Schema)]
        found += ["DBO", "SYS", "GUEST", "INFORMATION_SCHEMA"]
    for text in found:
        yield {"NAME": text, "SCHEMA_NAME": text, "SCHEMA_ID": Ref("schema", text), "*": UNSURE}


def _types(d: Dictionary, hints: Row) -> Rows:
    name = hints.get("NAME", hints.get("DOMAIN_NAME"))
    for text, number in TYPE_IDS.items():
        yield {"NAME": text, "USER_TYPE_ID": number, "XUSERTYPE": number, "SYSTEM_TYPE_ID": number, "XTYPE": number,
               "SCHEMA_ID": Ref("schema", "SYS"), "IS_USER_DEFINED": 0, "IS_TABLE_TYPE": 0, "*": UNSURE}  # fmt: skip
    subjects = d.builder.called(name.strip().upper()) if isinstance(name, str) else d.subjects()
    for subject in subjects:
        found = d.builder.objects[subject]
        if isinstance(found, UserType):
            text = found.name.name.text
            schema = found.name.schema.text if found.name.schema is not None else "DBO"
            ref = Ref("type", text)
            yield {"NAME": text, "DOMAIN_NAME": text, "DOMAIN_SCHEMA": schema, "USER_TYPE_ID": ref, "XUSERTYPE": ref,
                   "SCHEMA_ID": Ref("schema", schema), "UID": Ref("principal", schema), "IS_USER_DEFINED": 1,
                   "IS_TABLE_TYPE": int(found.form == "table_type"), "*": UNSURE}  # fmt: skip


def user_types(d: Dictionary, hints: Row) -> Rows:
    return (row for row in _types(d, hints) if row["IS_USER_DEFINED"] == 1)


def _table_types(d: Dictionary, hints: Row) -> Rows:
    return (row for row in user_types(d, hints) if row["IS_TABLE_TYPE"] == 1)


def _principals(d: Dictionary, hints: Row) -> Rows:
    name = hints.get("NAME")
    if isinstance(name, str):
        text = name.strip().upper()
        known = [text] if d.principal_id(text) is not NULL else []
    else:
        known = [o.name.name.text for s in d.subjects() if isinstance(o := d.builder.objects[s], Role)]
        known += sorted(FIXED_PRINCIPALS)
    for text in known:
        logins = [o.login for s in d.builder.called(text) if isinstance(o := d.builder.objects[s], Role)]
        user: Value = UNSURE if not logins else int(logins[0])
        kind: Value = UNSURE if user is UNSURE or user == 1 else "R"
        yield {"NAME": text, "PRINCIPAL_ID": Ref("principal", text), "UID": Ref("principal", text), "ISSQLROLE":
               UNSURE if user is UNSURE else 1 - int(user == 1), "TYPE": kind, "TYPE_DESC":
               "DATABASE_ROLE" if kind == "R" else UNSURE, "*": UNSURE}  # fmt: skip


def _databases(d: Dictionary, hints: Row) -> Rows:
    for text in (*d.databases.used, *sorted(SYSTEM)):
        ref = Ref("database", text)
        yield {"NAME": text, "DATABASE_ID": ref, "DBID": ref, "*": UNSURE}


#: Catalog views of what is a statement and no more here, with the constructs of those statements.
_STATEMENTS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("PARTITION_FUNCTIONS", "PARTITION_SCHEMES"), ("partition_function",)),
    **dict.fromkeys(
        ("FULLTEXT_CATALOGS", "FULLTEXT_STOPLISTS", "SYSFULLTEXTCATALOGS", "REGISTERED_SEARCH_PROPERTY_LISTS"),
        ("fulltext_catalog",),
    ),
    **dict.fromkeys(("SERVER_PRINCIPALS", "SYSLOGINS", "SYSXLOGINS", "SQL_LOGINS"), ("login", "server_principal")),
    **dict.fromkeys(
        ("CERTIFICATES", "SYMMETRIC_KEYS", "ASYMMETRIC_KEYS", "COLUMN_MASTER_KEYS", "COLUMN_ENCRYPTION_KEYS",
         "CREDENTIALS", "DATABASE_SCOPED_CREDENTIALS"), ("security_key",)
    ),
    **dict.fromkeys(("EXTERNAL_DATA_SOURCES", "EXTERNAL_FILE_FORMATS"), ("external_source",)),
    **dict.fromkeys(
        ("SYSJOBS", "SYSJOBS_VIEW", "SYSCATEGORIES", "SYSOPERATORS", "SYSALERTS", "SYSSCHEDULES"), ("job",)
    ),
    **dict.fromkeys(("DATABASE_EVENT_SESSIONS", "SERVER_EVENT_SESSIONS", "ENDPOINTS"), ("server_setting",)),
    **dict.fromkeys(("SERVICE_QUEUES", "SERVICES", "SERVICE_CONTRACTS", "SERVICE_MESSAGE_TYPES"), ("service_broker",)),
    "XML_SCHEMA_COLLECTIONS": ("xml_schema_collection",), "ASSEMBLIES": ("library",),
    "SECURITY_POLICIES": ("policy",), "SERVERS": ("database_link",), "SYSSERVERS": ("database_link",),
    "STATS": ("statistics",), "EXTERNAL_TABLES": ("external_table",),
}  # fmt: skip


def _statements(d: Dictionary, hints: Row, constructs: tuple[str, ...]) -> Rows:
    name = hints.get("NAME")
    if not isinstance(name, str):
        yield PERHAPS
        return
    text = name.strip().upper()
    for spelled in (text, f"SP_ADDLINKEDSERVER {text}"):
        if any(o.construct in constructs for o in d.builder.others(spelled)):
            yield {"NAME": text, "*": UNSURE}
    if "statistics" in constructs:
        yield from ({"NAME": r["NAME"], "OBJECT_ID": r["OBJECT_ID"], "*": UNSURE} for r in indexes(d, hints))


def properties(d: Dictionary, arguments: list[Value]) -> Rows:
    """sys.fn_listextendedproperty (name, type, name, type, name, type, name): descriptions that were given."""
    if UNSURE in arguments or len(arguments) != 7:
        yield PERHAPS
        return
    name, schema, relation, part, column = (arguments[i] for i in (0, 2, 4, 5, 6))
    if not isinstance(relation, str) or not isinstance(schema, str) or part not in (NULL, "", "COLUMN", "column"):
        yield PERHAPS
        return
    wanted = column.upper() if isinstance(column, str) and column else None
    home = None if schema.upper() == "DBO" else schema.upper()
    for subject in d.builder.called(relation.upper()):
        found = d.builder.objects[subject]
        if not isinstance(found, Comment) or (found.name.schema.text if found.name.schema else None) != home:
            continue
        if (found.column.text if found.column is not None else None) == wanted:
            yield {"NAME": name if name is not NULL else "MS_DESCRIPTION", "OBJNAME": column, "*": UNSURE}


# -- INFORMATION_SCHEMA ------------------------------------------------------------------------------------------------


def _home(d: Dictionary, subject: int) -> Row:
    """What rows of INFORMATION_SCHEMA and of sys say of the table or view that they belong to."""
    found = d.builder.objects[subject]
    schema = found.name.schema.text if found.name.schema is not None else "DBO"
    database = d.database()
    return {
        "OBJECT_ID": Ref("object", subject), "ID": Ref("object", subject), "TABLE_NAME": found.name.name.text,
        "TABLE_SCHEMA": schema, "TABLE_CATALOG": database, "CONSTRAINT_SCHEMA": schema, "CONSTRAINT_CATALOG": database,
        "TABLE_TYPE": "VIEW" if isinstance(found, View) else "BASE TABLE",
    }  # fmt: skip


def _tables(views: bool) -> _View:
    def rows(d: Dictionary, hints: Row) -> Rows:
        for subject in d.tables(hints, (), ("TABLE_NAME",), ()):
            if not views or isinstance(d.builder.objects[subject], View):
                yield _home(d, subject)

    return rows


def _constraints(kinds: str = "", each: bool = False) -> _View:
    """Constraints of those kinds, one row each, or one for ``each`` of their columns."""
    wanted = frozenset(kinds.split())

    def rows(d: Dictionary, hints: Row) -> Rows:
        for subject in d.tables(hints, (), ("TABLE_NAME",), ("CONSTRAINT_NAME", "COLUMN_NAME")):
            table = d.builder.objects[subject]
            name = hints.get("CONSTRAINT_NAME")
            for k in table.constraints if isinstance(table, Table) else ():
                other = isinstance(name, str) and k.name is not None and k.name.text != name.strip().upper()
                if other or (wanted and k.kind not in wanted):
                    continue
                row = _home(d, subject) | {
                    "CONSTRAINT_NAME": k.name.text if k.name is not None else UNSURE,
                    "CONSTRAINT_TYPE": _CONSTRAINTS[k.kind],
                }
                if not each:
                    yield row
                elif not k.columns:
                    yield row | {"COLUMN_NAME": UNSURE}
                for place, column in enumerate(k.columns if each else ()):
                    yield row | {"COLUMN_NAME": column.text, "ORDINAL_POSITION": place + 1}

    return rows


def _routines(d: Dictionary, hints: Row) -> Rows:
    name = hints.get("ROUTINE_NAME", hints.get("SPECIFIC_NAME"))
    for row in d.objects({"NAME": name} if isinstance(name, str) else {}):
        if row["TYPE"] in ("P", "FN", "IF", "TF", UNSURE):
            kind: Value = "PROCEDURE" if row["TYPE"] == "P" else UNSURE if row["TYPE"] is UNSURE else "FUNCTION"
            yield {"ROUTINE_NAME": row["NAME"], "SPECIFIC_NAME": row["NAME"], "ROUTINE_SCHEMA": row["SCHEMA_NAME"],
                   "SPECIFIC_SCHEMA": row["SCHEMA_NAME"], "ROUTINE_TYPE": kind, "ROUTINE_CATALOG": d.database(),
                   "SPECIFIC_CATALOG": d.database(), "*": UNSURE}  # fmt: skip


def _sequences(d: Dictionary, hints: Row) -> Rows:
    name = hints.get("SEQUENCE_NAME")
    for row in d.objects({"NAME": name} if isinstance(name, str) else {}):
        if row["TYPE"] == "SO":
            yield {"SEQUENCE_NAME": row["NAME"], "SEQUENCE_SCHEMA": row["SCHEMA_NAME"], "*": UNSURE}


_INFORMATION: Final[dict[str, _View]] = {
    "TABLES": _tables(False), "VIEWS": _tables(True), "COLUMNS": _information_columns,
    "TABLE_CONSTRAINTS": _constraints(), "REFERENTIAL_CONSTRAINTS": _constraints("foreign_key"),
    "CHECK_CONSTRAINTS": _constraints("check"), "CONSTRAINT_TABLE_USAGE": _constraints(),
    "CONSTRAINT_COLUMN_USAGE": _constraints("", True), "ROUTINES": _routines, "SEQUENCES": _sequences,
    "KEY_COLUMN_USAGE": _constraints("primary_key unique foreign_key", True), "SCHEMATA": _schemas,
    "DOMAINS": user_types,
}  # fmt: skip
_VIEWS: Final[dict[str, _View]] = {
    **dict.fromkeys(("OBJECTS", "ALL_OBJECTS"), _objects()), "SYSOBJECTS": _old_objects,
    "TABLES": _objects("U"), "VIEWS": _objects("V"), "ALL_VIEWS": _objects("V"), "PROCEDURES": _objects("P"),
    "SEQUENCES": _objects("SO"), "SYNONYMS": _objects("SN"), "KEY_CONSTRAINTS": _objects("PK UQ"),
    "FOREIGN_KEYS": _objects("F"), "CHECK_CONSTRAINTS": _objects("C"), "DEFAULT_CONSTRAINTS": _objects("D"),
    "TRIGGERS": _triggers, **dict.fromkeys(("SQL_MODULES", "ALL_SQL_MODULES", "SYSCOMMENTS"), _modules),
    **dict.fromkeys(("COLUMNS", "ALL_COLUMNS", "SYSCOLUMNS"), columns),
    "IDENTITY_COLUMNS": _some_columns("IS_IDENTITY"),
    "COMPUTED_COLUMNS": _some_columns("IS_COMPUTED"), **dict.fromkeys(("INDEXES", "SYSINDEXES"), indexes),
    "FULLTEXT_INDEXES": _fulltext, "SCHEMAS": _schemas, **dict.fromkeys(("TYPES", "SYSTYPES"), _types),
    "TABLE_TYPES": _table_types, **dict.fromkeys(("DATABASE_PRINCIPALS", "SYSUSERS"), _principals),
    **dict.fromkeys(("DATABASES", "SYSDATABASES"), _databases),
}  # fmt: skip
