"""System procedures that change the catalog: names, descriptions, bindings, types, principals.

Source: Transact-SQL reference, "sp_rename", "sp_addextendedproperty", "sp_bindefault", "sp_bindrule", "sp_addtype",
"sp_addrolemember", "sp_grantdbaccess", "sp_adduser".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import (
    Clause,
    Comment,
    Object,
    Other,
    Role,
    Routine,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.names import Name, QName
from ..source import Span
from ..sql.lexis import Lexis
from . import sqlserver_objects, sqlserver_rights
from .base import Builder, renamed_column, statement_other
from .cursor import Cursor, string_value
from .sqlserver_calls import Call
from .sqlserver_dictionary import parted
from .tsql_split import lex

if TYPE_CHECKING:
    from .sqlserver import SourceReader


def name_of(text: str) -> Name:
    """The name that a text spells, without brackets."""
    return Name(text.upper(), True, text if text != text.upper() else "")


def qname_of(parts: list[str]) -> QName:
    """``schema.name`` from the parts of a text; ``dbo`` is no schema."""
    schema = name_of(parts[-2]) if len(parts) > 1 and parts[-2] else None
    return QName(None if schema is not None and schema.text == "DBO" else schema, name_of(parts[-1]))


def run(reader: SourceReader, call: Call, c: Cursor, at: Span) -> bool:
    """Do what the procedure does, if it is one that changes the catalog; whether it was."""
    handler = _HANDLERS.get(call.name)
    if handler is None:
        return False
    c.at = c.count
    handler(reader, call, c, at)
    return True


def _named(reader: SourceReader, c: Cursor, at: Span, construct: str, kind: str, name: str) -> None:
    reader.other(c, at, construct, kind, name)


# -- sp_rename -------------------------------------------------------------------------------------------------------


def _rename(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    old = parted(call.argument(0, "OBJNAME") or "")
    new = call.argument(1, "NEWNAME")
    kind = (call.argument(2, "OBJTYPE") or "OBJECT").upper()
    builder = reader.builder
    if not old or not new:
        _named(reader, c, at, "alter_unknown_object", "script", "sp_rename")
        return
    fresh = name_of(new)
    done = False
    if kind == "COLUMN" and len(old) > 1:
        done = _rename_column(builder, qname_of(old[:-1]), name_of(old[-1]), fresh, at, c.lexis)
    elif kind == "INDEX" and len(old) > 1:
        subject = builder.index_on(qname_of(old[:-1]), QName(None, name_of(old[-1])))
        if subject is not None:
            builder.rename(subject, QName(None, fresh), at)
            done = True
        else:  # the index behind a key bears the constraint's name
            done = _rename_constraint(builder, name_of(old[-1]), fresh, at)
    elif kind in ("OBJECT", "USERDATATYPE"):
        done = _rename_object(builder, qname_of(old), fresh, at) or _rename_constraint(
            builder, name_of(old[-1]), fresh, at
        )
    elif kind == "DATABASE":
        reader.databases.use(new)
    if not done:
        construct = "database_setting" if kind == "DATABASE" else "alter_unknown_object"
        _named(reader, c, at, construct, "script", ".".join(old))


def _rename_object(builder: Builder, old: QName, new: Name, at: Span) -> bool:
    for subject in builder.called(old.name.text):
        found = builder.objects[subject]
        same = old.schema is None or found.name.schema == old.schema
        if isinstance(found, (Table, View, Sequence, Synonym, Routine, UserType)) and same:
            builder.rename(subject, QName(found.name.schema, new), at)
            return True
    return False


def _rename_column(builder: Builder, table: QName, old: Name, new: Name, at: Span, words: Lexis) -> bool:
    subject = builder.find(table, Table)
    if subject is None:
        return False
    found = builder.get(subject, Table)
    if not any(k.name == old for k in found.columns):
        return False
    builder.rename_column(subject, old, new, words)
    builder.change(subject, renamed_column(found, old, new, at, words), at)
    return True


def _rename_constraint(builder: Builder, old: Name, new: Name, at: Span) -> bool:
    for i, found in enumerate(builder.objects):
        if isinstance(found, Table) and any(k.name == old for k in found.constraints):
            constraints = tuple(replace(k, name=new) if k.name == old else k for k in found.constraints)
            builder.change(i, replace(found, constraints=constraints), at)
            return True
    return False


# -- extended properties ---------------------------------------------------------------------------------------------

#: Property names that hold a description.
_DESCRIPTIONS: Final = frozenset({"MS_DESCRIPTION", "DESCRIPTION"})
_COMMENTED: Final = {"TABLE": "table", "VIEW": "view"}
_PARTS: Final = ("", "COLUMN", "CONSTRAINT", "INDEX")


def _property(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    name = call.argument(0, "NAME") or ""
    removed = call.name == "SP_DROPEXTENDEDPROPERTY"
    shift = 1 if removed else 0
    value = "" if removed else call.argument(1, "VALUE")
    levels = [
        ((call.argument(2 + 2 * n - shift, f"LEVEL{n}TYPE") or "").upper(),
         call.argument(3 + 2 * n - shift, f"LEVEL{n}NAME") or "")
        for n in range(3)
    ]  # fmt: skip
    (_, schema), (kind, relation), (part, column) = levels
    if name.upper() in _DESCRIPTIONS and value and levels[0][0] == "SCHEMA" and not kind:
        if schema.upper() != "DBO" and reader.builder.holds(name_of(schema)):  # dbo has the target's own name
            reader.builder.add(Comment(QName(None, name_of(schema)), at, on="schema", text=value))
            return
    describes = name.upper() in _DESCRIPTIONS and kind in _COMMENTED and part in _PARTS and relation
    home = None if schema.upper() in ("DBO", "") else name_of(schema)
    told = part in ("", "COLUMN") or (
        kind == "TABLE" and _has_part(reader.builder, QName(home, name_of(relation)), part, name_of(column))
    )
    if not describes or not told or value is None:
        of = ".".join(text for _, text in levels if text)
        _named(reader, c, at, "property", "comment", f"{name} of {of}" if of else name)
        return
    on = part.lower() or _COMMENTED[kind]
    found = Comment(
        QName(home, name_of(relation)), at, on=on, column=name_of(column) if part else None, text=value or ""
    )
    reader.builder.add(found)


def _has_part(builder: Builder, table: QName, part: str, name: Name) -> bool:
    """Whether the script has made that key, check or index of a table; defaults are constraints that no target has."""
    subject = builder.find(table, Table)
    if subject is not None and any(k.name == name for k in builder.get(subject, Table).constraints):
        return True
    return part == "INDEX" and builder.index_on(table, QName(None, name)) is not None


# -- bindings, types, principals ---------------------------------------------------------------------------------------


def _bind(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    rule = call.name in ("SP_BINDRULE", "SP_UNBINDRULE")
    if call.name.startswith("SP_UN"):
        target, bound = call.argument(0, "OBJNAME") or "", ""
    else:
        bound = call.argument(0, "DEFNAME", "RULENAME") or ""
        target = call.argument(1, "OBJNAME") or ""
    if not reader.bindings.bind(parted(bound), parted(target), rule, at):
        _named(reader, c, at, "alter_unknown_object", "script", " ".join(filter(None, (call.shown, bound, target))))


def _addtype(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    name, of = call.argument(0, "TYPENAME"), call.argument(1, "PHYSTYPE")
    if not name or not of:
        _named(reader, c, at, "system_procedure", "type", call.shown)
        return
    inner = type(c)(lex(of, "sql"), at.file, c.outer or at, c.lexis, reader.databases, reader.session)  # type: ignore[call-arg]
    null = (call.argument(2, "NULLTYPE") or "NULL").upper()
    found = UserType(
        QName(None, name_of(name)), at, form="alias", of=sqlserver_objects.data_type(inner), not_null=null != "NULL"
    )
    reader.builder.add(found)


def _role(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    name = call.argument(0, "ROLENAME", "LOGINAME") or call.shown
    if call.name in ("SP_GRANTDBACCESS", "SP_ADDUSER"):
        own = call.argument(1, "NAME_IN_DB") or name
        reader.builder.add(Role(QName(None, name_of(own)), at, login=True))
        role = call.argument(2, "GRPNAME") if call.name == "SP_ADDUSER" else None
        if role:
            reader.builder.add(replace(sqlserver_rights.membership(c, name_of(role), name_of(own), False), at=at))
        return
    reader.builder.add(Role(QName(None, name_of(name)), at))


def _member(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    role, member = call.argument(0, "ROLENAME"), call.argument(1, "MEMBERNAME")
    if not role or not member:
        _named(reader, c, at, "alter_principal", "role", call.shown)
        return
    gone = call.name == "SP_DROPROLEMEMBER"
    reader.builder.add(replace(sqlserver_rights.membership(c, name_of(role), name_of(member), gone), at=at))


def _dropped(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    """sp_dropuser, sp_droprole, sp_droptype and the like."""
    name = call.argument(0, "ROLENAME", "NAME_IN_DB", "TYPENAME", "NAME") or ""
    wanted: type[Object] = UserType if call.name == "SP_DROPTYPE" else Role
    for subject in reader.builder.called(name.upper()):
        if isinstance(reader.builder.objects[subject], wanted):
            reader.builder.drop(subject, at, c.raw(0, c.count))
            return
    reader.builder.add(statement_other("drop_before_create", "script", f"{call.shown} {name}", at, c.raw(0, c.count)))


def _tableoption(reader: SourceReader, call: Call, c: Cursor, at: Span) -> None:
    """A storage setting of a table."""
    parts = parted(call.argument(0, "TABLENAMEPATTERN", "INDEXNAMEPATTERN") or "")
    subject = reader.builder.find(qname_of(parts), Table) if parts else None
    if subject is None:
        _named(reader, c, at, "table_maintenance", "script", f"{call.shown} {'.'.join(parts)}")
        return
    found = reader.builder.get(subject, Table)
    clause = Clause("storage_clause", c.raw(0, c.count), at)
    reader.builder.change(subject, replace(found, clauses=(*found.clauses, clause)), at)


Handler = Callable[["SourceReader", Call, Cursor, Span], None]
_HANDLERS: Final[dict[str, Handler]] = {
    "SP_RENAME": _rename,
    **dict.fromkeys(("SP_ADDEXTENDEDPROPERTY", "SP_UPDATEEXTENDEDPROPERTY", "SP_DROPEXTENDEDPROPERTY"), _property),
    **dict.fromkeys(("SP_BINDEFAULT", "SP_UNBINDEFAULT", "SP_BINDRULE", "SP_UNBINDRULE"), _bind),
    "SP_ADDTYPE": _addtype,
    **dict.fromkeys(("SP_ADDROLE", "SP_ADDGROUP", "SP_GRANTDBACCESS", "SP_ADDUSER"), _role),
    **dict.fromkeys(("SP_ADDROLEMEMBER", "SP_DROPROLEMEMBER"), _member),
    **dict.fromkeys(
        ("SP_DROPUSER", "SP_DROPROLE", "SP_DROPTYPE", "SP_REVOKEDBACCESS", "SP_DROPALIAS", "SP_DROPGROUP"), _dropped
    ),
    **dict.fromkeys(("SP_TABLEOPTION", "SP_INDEXOPTION"), _tableoption),
}  # fmt: skip


# -- jobs --------------------------------------------------------------------------------------------------------------


def more_of_job(builder: Builder, at: Span) -> bool:
    """A further call about the job that the statement before is about: it is told with that."""
    last = len(builder.objects) - 1
    found = builder.objects[last] if last >= 0 else None
    if isinstance(found, Other) and found.construct == "job":
        builder.change(last, found, at)
        return True
    return False


def job_name(c: Cursor) -> str:
    """The name of the job that a block sets up."""
    for i in range(c.count):
        if c.texts[i] == "@JOB_NAME" and c.texts[i + 1] == "=" and c.texts[i + 2][:1] == "'":
            return string_value(c.texts[i + 2])
    return "job"
