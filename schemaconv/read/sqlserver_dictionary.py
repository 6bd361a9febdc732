"""What the script has made so far, as the catalog of SQL Server would name it: ids of objects, rows of objects.

Source: Transact-SQL reference, "sys.objects", "sys.sysobjects", "sys.foreign_keys", "sys.default_constraints",
"OBJECT_ID", "SCHEMA_ID", "TYPE_ID".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ..ir.catalog import (
    Column,
    Constraint,
    Index,
    Object,
    Other,
    Role,
    Routine,
    Schema,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)
from ..ir.names import QName
from ..sql.lexis import unquoted
from .base import Builder
from .sqlserver_cursor import SYSTEM, Databases
from .sqlserver_rights import FIXED

_PART: Final = re.compile(r'\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.\[\]"]+)|(?<=\.)(?=\.)')


def parted(text: str) -> list[str]:
    """The parts of a name that stands in a text: ``[dbo].[a.b]`` is dbo and a.b; an empty one is left out."""
    return [p for p in parts_of(text) if p]


def parts_of(text: str) -> list[str]:
    """The parts of a name in a text; that between two dots in a row is empty."""
    found = [unquoted(m[0]) if m[0][:1] in ("[", '"') else m[0].strip() for m in _PART.finditer(text.strip())]
    return found if any(found) else []


class Special(Enum):
    """``NULL``, and a value that the script does not tell."""

    NULL = "null"
    UNSURE = "unsure"


NULL: Final = Special.NULL
UNSURE: Final = Special.UNSURE


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of something: above 0, and equal to itself alone. ``some`` is a number above 0 that nobody knows.

    ``key`` is the place of an object among those of the script or a name; ``part`` names a constraint (``C:name``) or a
    default (``D:column``) of the table ``key``.
    """

    kind: str  # object, schema, type, principal, database, index, some
    key: str | int = ""
    part: str = ""


SOME: Final = Ref("some")
Value = str | int | Ref | Special
#: A row of a catalog view, by the names of its columns in capitals; ``*`` stands for columns that are not known.
Row = dict[str, Value]
#: A row that a view may have or not.
PERHAPS: Final[Row] = {"*": UNSURE, "?": UNSURE}

#: The types of sys.objects, with the spelling of sys.sysobjects where that differs.
DESCRIPTIONS: Final = {
    "U": "USER_TABLE", "V": "VIEW", "P": "SQL_STORED_PROCEDURE", "FN": "SQL_SCALAR_FUNCTION",
    "IF": "SQL_INLINE_TABLE_VALUED_FUNCTION", "TF": "SQL_TABLE_VALUED_FUNCTION", "TR": "SQL_TRIGGER",
    "PK": "PRIMARY_KEY_CONSTRAINT", "UQ": "UNIQUE_CONSTRAINT", "F": "FOREIGN_KEY_CONSTRAINT",
    "C": "CHECK_CONSTRAINT", "D": "DEFAULT_CONSTRAINT", "R": "RULE", "SN": "SYNONYM", "SO": "SEQUENCE_OBJECT",
}  # fmt: skip
_KINDS: Final = {"primary_key": "PK", "unique": "UQ", "foreign_key": "F", "check": "C"}
#: The lowest four bits of sys.sysobjects.sysstat.
_STATES: Final = {"V": 2, "U": 3, "P": 4, "D": 6, "R": 7, "TR": 8}
_ACTIONS: Final = {"": (0, "NO_ACTION"), "CASCADE": (1, "CASCADE"), "SET NULL": (2, "SET_NULL"),
                   "SET DEFAULT": (3, "SET_DEFAULT")}  # fmt: skip
_SYSTEM_SCHEMAS: Final = frozenset({"DBO", "SYS", "GUEST", "INFORMATION_SCHEMA"})
FIXED_PRINCIPALS: Final = frozenset({"DBO", "GUEST", "PUBLIC", "SYS", "INFORMATION_SCHEMA"})


class TooMuch(Exception):
    """Tests have looked at too many rows; what they ask for is not told any more."""


class Dictionary:
    """Answers from what ``builder`` holds by now. ``databases`` are those that the script works in."""

    def __init__(self, builder: Builder, databases: Databases) -> None:
        self.builder = builder
        self.databases = databases
        self.left = 1_000_000  # rows that may still be looked at where no name narrows the search

    # -- ids ---------------------------------------------------------------------------------------------------------

    def object_id(self, text: str, kinds: frozenset[str] | None = None) -> Value:
        """The id of ``[database.][schema.]name``, if it is of one of the ``kinds`` (types of sys.objects)."""
        parts = [p.upper() for p in parts_of(text)]
        if not parts:
            return NULL
        if len(parts) > 3 or (len(parts) > 2 and parts[-3] and not self.databases.owns(parts[-3])):
            return UNSURE
        schema = parts[-2] if len(parts) > 1 and parts[-2] else "DBO"
        if schema in ("SYS", "INFORMATION_SCHEMA"):
            return UNSURE
        answer: Value = NULL
        for row in self.called(parts[-1]):
            if row["SCHEMA_ID"] != Ref("schema", schema):
                continue
            if kinds is None or row["TYPE"] in kinds:
                return row["OBJECT_ID"]
            if row["TYPE"] is UNSURE:
                answer = UNSURE
        return answer

    def schema_id(self, name: str) -> Value:
        upper = name.strip().upper()
        known = upper in _SYSTEM_SCHEMAS or upper in FIXED
        return Ref("schema", upper) if known or self._named(upper, Schema) else NULL

    def principal_id(self, name: str) -> Value:
        upper = name.strip().upper()
        known = upper in FIXED_PRINCIPALS or upper in FIXED
        return Ref("principal", upper) if known or self._named(upper, Role) else NULL

    def database_id(self, name: str) -> Value:
        upper = name.strip().upper()
        return Ref("database", upper) if upper in SYSTEM or upper in self.databases.used else NULL

    def database(self) -> Value:
        """The name of the database at hand."""
        used = self.databases.used
        return used[-1] if used else Ref("database")

    def _named(self, upper: str, wanted: type[Object]) -> bool:
        return any(isinstance(self.builder.objects[s], wanted) for s in self.builder.called(upper))

    # -- objects -----------------------------------------------------------------------------------------------------

    def table(self, ref: Value) -> Table | None:
        found = self.object(ref)
        return found if isinstance(found, Table) else None

    def object(self, ref: Value) -> Object | None:
        """The object that an id means; ``None`` for a part of one."""
        if not isinstance(ref, Ref) or ref.kind != "object" or ref.part or not isinstance(ref.key, int):
            return None
        return self.builder.objects[ref.key]

    def row_of(self, ref: Ref) -> Row | None:
        """The row of sys.objects with that id."""
        assert isinstance(ref.key, int)
        rows = self._parts(ref.key, ref.part) if ref.part else self._rows(ref.key)
        return next((r for r in rows if r["OBJECT_ID"] == ref), None)

    def called(self, name: str) -> Iterator[Row]:
        """Rows of sys.objects with that name, in capitals."""
        for subject in self.builder.called(name):
            yield from self._rows(subject)
        for subject in self.builder.holders(name):
            yield from self._parts(subject, "", name)

    def objects(self, hints: Row) -> Iterator[Row]:
        """Rows of sys.objects; all that have the values in ``hints``, and perhaps others."""
        name, ref = hints.get("NAME"), hints.get("OBJECT_ID", hints.get("ID"))
        parent = hints.get("PARENT_OBJECT_ID", hints.get("PARENT_OBJ"))
        if isinstance(ref, Ref) and isinstance(ref.key, int):
            row = self.row_of(ref)
            yield from [row] if row is not None else []
        elif isinstance(name, str):
            yield from self.called(name.strip().upper())
        elif isinstance(parent, Ref) and isinstance(parent.key, int):
            yield from self._parts(parent.key)
            yield from (r for r in self._all() if r["TYPE"] == "TR")
        else:
            yield from self._all()

    def subjects(self) -> Iterator[int]:
        """The places of all objects that are there."""
        builder = self.builder
        for subject in range(len(builder.objects)):
            self.left -= 1
            if self.left < 0:
                raise TooMuch
            if builder.is_there(subject):
                yield subject

    def tables(
        self, hints: Row, ids: tuple[str, ...], names: tuple[str, ...], member: tuple[str, ...]
    ) -> Iterator[int]:
        """The places of tables and views: by id, by their own name, by the name of a member, or all of them."""
        builder = self.builder
        places: Iterator[int]
        if any(isinstance(hints.get(k), Ref) for k in ids):
            ref = next(v for k in ids if isinstance(v := hints.get(k), Ref))
            places = iter([ref.key] if isinstance(ref.key, int) else [])
        elif texts := [v for k in names if isinstance(v := hints.get(k), str)]:
            places = builder.called(texts[0].strip().upper())
        elif texts := [v for k in member if isinstance(v := hints.get(k), str)]:
            places = iter([*builder.holders(texts[0].strip().upper()), *self._vague()])
        else:
            places = self.subjects()
        yield from (s for s in places if isinstance(builder.objects[s], (Table, View)))

    def _vague(self) -> Iterator[int]:
        """Tables and views whose columns nobody knows."""
        return (s for s in self.subjects() if vague(self.builder.objects[s]))

    def _all(self) -> Iterator[Row]:
        for subject in self.subjects():
            yield from self._rows(subject)
            yield from self._parts(subject)

    def _rows(self, subject: int) -> Iterator[Row]:
        """The row of an object, if it has one."""
        found = self.builder.objects[subject]
        kind = kind_of(found)
        if kind is not None:
            yield self._row(found.name.name.text, Ref("object", subject), found.name, kind, 0)

    def _parts(self, subject: int, part: str = "", name: str = "") -> Iterator[Row]:
        """The rows of a table's constraints and defaults; just those of that part or name, if one is given."""
        found = self.builder.objects[subject]
        if not isinstance(found, Table):
            return
        own = Ref("object", subject)
        for place, k in enumerate(found.constraints):
            if (not name or (k.name is not None and k.name.text == name)) and (
                not part or part == constraint_ref(subject, place, k).part
            ):
                yield self._constraint(found, own, place, k)
        for place, column in enumerate(found.columns):
            if column.default is None or (part and part != f"D:{column.name.text}"):
                continue
            called = default_name(column)
            if not name or called == name:
                row = self._row(called, Ref("object", subject, f"D:{column.name.text}"), found.name, "D", own)
                yield row | {"PARENT_COLUMN_ID": place + 1, "DEFINITION": UNSURE}

    def _constraint(self, table: Table, own: Ref, place: int, k: Constraint) -> Row:
        name: Value = k.name.text if k.name is not None else UNSURE
        assert isinstance(own.key, int)
        row = self._row(name, constraint_ref(own.key, place, k), table.name, _KINDS[k.kind], own)
        row |= {"IS_DISABLED": int(not k.enabled), "IS_NOT_TRUSTED": int(not k.validated)}
        if k.kind == "foreign_key" and k.references is not None:
            subject = self.builder.find(k.references, Table)
            row["REFERENCED_OBJECT_ID"] = Ref("object", subject) if subject is not None else UNSURE
            row["DELETE_REFERENTIAL_ACTION"], row["DELETE_REFERENTIAL_ACTION_DESC"] = _ACTIONS.get(
                k.on_delete, (UNSURE, UNSURE)
            )
            row["UPDATE_REFERENTIAL_ACTION"], row["UPDATE_REFERENTIAL_ACTION_DESC"] = _ACTIONS.get(
                k.on_update, (UNSURE, UNSURE)
            )
        return row

    def _row(self, name: Value, ref: Ref, home: QName, kind: str, parent: Value) -> Row:
        schema = home.schema.text if home.schema is not None else "DBO"
        old: Value = "K" if kind in ("PK", "UQ") else kind or UNSURE
        return {
            "NAME": name, "OBJECT_ID": ref, "ID": ref, "SCHEMA_ID": Ref("schema", schema),
            "UID": Ref("principal", schema), "SCHEMA_NAME": schema, "PARENT_OBJECT_ID": parent, "PARENT_OBJ": parent,
            "TYPE": kind or UNSURE, "XTYPE": kind or UNSURE, "OLD_TYPE": old,
            "TYPE_DESC": DESCRIPTIONS.get(kind, UNSURE), "IS_MS_SHIPPED": 0, "SYSSTAT": _STATES.get(kind, UNSURE),
        }  # fmt: skip


def constraint_ref(subject: int, place: int, k: Constraint) -> Ref:
    return Ref("object", subject, f"C:{k.name.text}" if k.name is not None else f"C#{place}")


def default_name(column: Column) -> Value:
    """The name of the column's default, in capitals; the server makes one up where the script gives none."""
    return next((k.text.upper() for k in column.clauses if k.construct == "default_name"), UNSURE)


def vague(found: Object) -> bool:
    """Whether a table or view has columns that nobody knows without its query."""
    return isinstance(found, (Table, View)) and not found.columns and found.query is not None


def kind_of(found: Object) -> str | None:
    """The type that sys.objects gives an object; empty if it is not known, ``None`` for what has no row there."""
    match found:
        case Table():
            return "U"
        case View():
            return "V"
        case Sequence():
            return "SO"
        case Synonym():
            return "SN"
        case Routine():
            return _routine(found)
        case Other(construct="default_object"):
            return "D"
        case Other(construct="rule_object"):
            return "R"
        case Index() | UserType() | Role() | Schema() | Other():
            return None
        case _:
            return None


_EXTERNAL: Final = re.compile(r"\bEXTERNAL\s+NAME\b", re.IGNORECASE)
_INLINE: Final = re.compile(r"\bRETURNS\s+TABLE\b", re.IGNORECASE)
_FILLED: Final = re.compile(r"\bRETURNS\s+@\w+\s+TABLE\b", re.IGNORECASE)


def _routine(found: Routine) -> str:
    text = found.text.text
    if _EXTERNAL.search(text):
        return ""
    if found.what == "function":
        return "IF" if _INLINE.search(text) else "TF" if _FILLED.search(text) else "FN"
    return {"procedure": "P", "trigger": "TR"}.get(found.what, "")
