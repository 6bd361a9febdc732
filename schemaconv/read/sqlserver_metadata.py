"""Functions that answer from SQL Server's catalog, for what the script has made so far.

Source: Transact-SQL reference, "Metadata functions", "String functions", "ISNULL", "COALESCE".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ..ir.catalog import Table
from . import sqlserver_catalog as catalog
from .sqlserver_dictionary import NULL, SOME, UNSURE, Dictionary, Ref, Row, Value, vague

Arguments = Sequence[Value]
_Function = Callable[[Dictionary, Arguments], Value]


def call(name: str, arguments: Arguments, d: Dictionary) -> Value:
    """What the function answers; ``UNSURE`` for one that is not known, and where the script does not tell."""
    found = _FUNCTIONS.get(name)
    return found(d, arguments) if found is not None else UNSURE


def _text(arguments: Arguments, place: int) -> str | None:
    value = arguments[place] if place < len(arguments) else NULL
    return value if isinstance(value, str) else None


def _first(arguments: Arguments) -> Value:
    return arguments[0] if arguments else NULL


def _object_id(d: Dictionary, arguments: Arguments) -> Value:
    name, kind = _text(arguments, 0), _text(arguments, 1)
    if name is None:
        return _first(arguments) if not isinstance(_first(arguments), (int, Ref)) else UNSURE
    if len(arguments) > 1 and kind is None:
        return UNSURE if arguments[1] is UNSURE else d.object_id(name)
    return d.object_id(name, None if kind is None else frozenset({kind.strip().upper()}))


def _by_name(look: Callable[[Dictionary, str], Value], default: Value = NULL) -> _Function:
    """A function that looks an id up by its name; ``default`` is its answer without one."""

    def found(d: Dictionary, arguments: Arguments) -> Value:
        name = _text(arguments, 0)
        if name is not None:
            return look(d, name)
        return default if not arguments else _first(arguments) if _first(arguments) is NULL else UNSURE

    return found


def _type_id(d: Dictionary, name: str) -> Value:
    last = name.rpartition(".")[2].strip().strip('[]"').upper()
    number = catalog.TYPE_IDS.get({"INTEGER": "INT", "ROWVERSION": "TIMESTAMP"}.get(last, last))
    if number is not None:
        return number
    view = catalog.user_types(d, {"NAME": last})
    return next((row["USER_TYPE_ID"] for row in view if row["NAME"] == last), NULL)


def _statement(d: Dictionary, name: str) -> Value:
    """The id of what is no more than a statement here: a login, a key, a catalog."""
    return SOME if any(True for _ in d.builder.others(name.strip().upper())) else NULL


def _column(d: Dictionary, ref: Value, name: str | None) -> tuple[Row | None, Value]:
    """The row of a column, or what to answer where there is none."""
    if ref is NULL or name is None:
        return None, NULL if ref is NULL else UNSURE
    upper = name.strip().strip('[]"').upper()
    for row in catalog.columns(d, {"OBJECT_ID": ref, "NAME": upper}) if isinstance(ref, Ref) else ():
        if row["NAME"] is UNSURE:
            return None, UNSURE
        if row["NAME"] == upper:
            return row, NULL
    return None, NULL if isinstance(ref, Ref) else UNSURE


def _col_length(d: Dictionary, arguments: Arguments) -> Value:
    table, column = _text(arguments, 0), _text(arguments, 1)
    if table is None or column is None:
        return NULL if NULL in arguments else UNSURE
    row, otherwise = _column(d, d.object_id(table), column)
    if row is None:
        return otherwise
    length = row.get("MAX_LENGTH", UNSURE)
    return SOME if length is UNSURE else length


#: Properties of columns and of objects, by the columns of a view that hold them.
_OF_COLUMN: Final = {
    "ALLOWSNULL": "IS_NULLABLE", "ISIDENTITY": "IS_IDENTITY", "ISCOMPUTED": "IS_COMPUTED", "COLUMNID": "COLUMN_ID",
    "ISROWGUIDCOL": "IS_ROWGUIDCOL", "ISSPARSE": "IS_SPARSE", "SCALE": "SCALE",
    "CHARMAXLEN": "CHARACTER_MAXIMUM_LENGTH",
}  # fmt: skip
_OF_OBJECT: Final = {
    "ISTABLE": "U", "ISUSERTABLE": "U", "ISVIEW": "V", "ISPROCEDURE": "P", "ISTRIGGER": "TR", "ISPRIMARYKEY": "PK",
    "ISUNIQUECNST": "UQ", "ISFOREIGNKEY": "F", "ISCHECKCNST": "C", "ISDEFAULTCNST": "D", "ISDEFAULT": "D",
    "ISSCALARFUNCTION": "FN", "ISINLINEFUNCTION": "IF", "ISTABLEFUNCTION": "IF TF", "ISRULE": "R", "ISCONSTRAINT":
    "PK UQ F C D",
}  # fmt: skip


def _column_property(d: Dictionary, arguments: Arguments) -> Value:
    row, otherwise = _column(d, _first(arguments), _text(arguments, 1))
    if row is None:
        return otherwise
    value = row.get(_OF_COLUMN.get((_text(arguments, 2) or "").upper(), ""), UNSURE)
    return SOME if value is UNSURE and _text(arguments, 2) in ("Precision", "PRECISION") else value


def _object_property(d: Dictionary, arguments: Arguments) -> Value:
    ref, word = _first(arguments), (_text(arguments, 1) or "").upper()
    if ref is NULL:
        return NULL
    row = d.row_of(ref) if isinstance(ref, Ref) and isinstance(ref.key, int) else None
    if row is None:
        return UNSURE
    if word == "ISMSSHIPPED":
        return 0
    if word in _OF_OBJECT:
        return UNSURE if row["TYPE"] is UNSURE else int(row["TYPE"] in _OF_OBJECT[word].split())
    if word in ("SCHEMAID", "OWNERID"):
        return row["SCHEMA_ID" if word == "SCHEMAID" else "UID"]
    table = d.table(ref)
    return _table_property(table, word) if table is not None and not vague(table) else UNSURE


def _table_property(table: Table, word: str) -> Value:
    kinds = {k.kind for k in table.constraints}
    match word:
        case "TABLEHASIDENTITY":
            return int(any(k.identity is not None for k in table.columns))
        case "TABLEHASPRIMARYKEY":
            return int("primary_key" in kinds)
        case "TABLEHASFOREIGNKEY":
            return int("foreign_key" in kinds)
        case "TABLEHASUNIQUECNST":
            return int("unique" in kinds)
        case "TABLEHASCHECKCNST":
            return int("check" in kinds)
        case "TABLEHASDEFAULTCNST":
            return int(any(k.default is not None for k in table.columns))
        case _:
            return UNSURE


#: Properties of indexes, by the columns of sys.indexes.
_OF_INDEX: Final = {
    "INDEXID": "INDEX_ID", "ISUNIQUE": "IS_UNIQUE", "ISDISABLED": "IS_DISABLED",
}  # fmt: skip


def _index_property(d: Dictionary, arguments: Arguments) -> Value:
    ref, name, word = _first(arguments), _text(arguments, 1), (_text(arguments, 2) or "").upper()
    if ref is NULL:
        return NULL
    if name is None or not isinstance(ref, Ref):
        return UNSURE
    upper = name.strip().upper()
    for row in catalog.indexes(d, {"NAME": upper, "OBJECT_ID": ref}):
        if row["NAME"] == upper and row["OBJECT_ID"] == ref:
            if word == "ISCLUSTERED":
                return UNSURE if row["TYPE"] is UNSURE else int(row["TYPE"] == 1)
            return row.get(_OF_INDEX.get(word, ""), UNSURE)
    return NULL


def _from_row(field: str) -> _Function:
    """A function that answers with a column of the row of sys.objects."""

    def found(d: Dictionary, arguments: Arguments) -> Value:
        ref = _first(arguments)
        row = d.row_of(ref) if isinstance(ref, Ref) and isinstance(ref.key, int) and ref.kind == "object" else None
        return row[field] if row is not None else NULL if ref is NULL else UNSURE

    return found


def _name_of(kind: str, without: Callable[[Dictionary], Value]) -> _Function:
    """The name behind an id of that kind; ``without`` gives the answer to a call without an argument."""

    def found(d: Dictionary, arguments: Arguments) -> Value:
        if not arguments:
            return without(d)
        ref = arguments[0]
        if isinstance(ref, Ref):
            return str(ref.key) if ref.kind == kind and ref.key else UNSURE
        return NULL if ref is NULL else UNSURE

    return found


def _type_name(d: Dictionary, arguments: Arguments) -> Value:
    ref = _first(arguments)
    if isinstance(ref, int):
        return next((name for name, number in catalog.TYPE_IDS.items() if number == ref), NULL)
    return str(ref.key) if isinstance(ref, Ref) and ref.kind == "type" else NULL if ref is NULL else UNSURE


def _col_name(d: Dictionary, arguments: Arguments) -> Value:
    ref, place = _first(arguments), arguments[1] if len(arguments) > 1 else NULL
    table = d.table(ref)
    if table is None or vague(table) or not isinstance(place, int):
        return NULL if NULL in (ref, place) else UNSURE
    names = [k.name.text for k in table.columns]
    return names[place - 1] if 0 < place <= len(names) else NULL


def _first_given(d: Dictionary, arguments: Arguments) -> Value:
    """ISNULL and COALESCE."""
    return next((v for v in arguments if v is not NULL), NULL)


def _folded(d: Dictionary, arguments: Arguments) -> Value:
    """What changes nothing that a comparison of names would see: case and blanks."""
    value = _first(arguments)
    return value.strip(" ") if isinstance(value, str) else NULL if value is NULL else UNSURE


def _cast(d: Dictionary, arguments: Arguments) -> Value:
    value = _first(arguments)
    return value if isinstance(value, str) or value is NULL else UNSURE


_FUNCTIONS: Final[dict[str, _Function]] = {
    "OBJECT_ID": _object_id, "COL_LENGTH": _col_length, "COLUMNPROPERTY": _column_property,
    "INDEXPROPERTY": _index_property, "OBJECTPROPERTY": _object_property, "OBJECTPROPERTYEX": _object_property,
    "SCHEMA_ID": _by_name(Dictionary.schema_id, Ref("schema", "DBO")), "TYPE_ID": _by_name(_type_id),
    "DB_ID": _by_name(Dictionary.database_id, SOME),
    **dict.fromkeys(("USER_ID", "DATABASE_PRINCIPAL_ID"), _by_name(Dictionary.principal_id, SOME)),
    **dict.fromkeys(
        ("SUSER_ID", "SUSER_SID", "CERT_ID", "ASYMKEY_ID", "KEY_ID", "KEY_GUID", "FULLTEXTCATALOGPROPERTY"),
        _by_name(_statement, SOME),
    ),
    **dict.fromkeys(("FILEGROUP_ID", "FILE_ID", "FILE_IDEX"), _by_name(lambda d, name: NULL)),
    "OBJECT_NAME": _from_row("NAME"), "OBJECT_SCHEMA_NAME": _from_row("SCHEMA_NAME"),
    "SCHEMA_NAME": _name_of("schema", lambda d: "DBO"), "DB_NAME": _name_of("database", Dictionary.database),
    "USER_NAME": _name_of("principal", lambda d: UNSURE), "TYPE_NAME": _type_name, "COL_NAME": _col_name,
    **dict.fromkeys(("ISNULL", "COALESCE"), _first_given),
    **dict.fromkeys(("UPPER", "LOWER", "RTRIM", "LTRIM", "TRIM"), _folded), "CAST": _cast,
}  # fmt: skip
