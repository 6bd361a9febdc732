"""DROP of Transact-SQL: what the script has made before goes, anything else is not there on a new database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..ir.catalog import Index, Object, Other, Role, Routine, Schema, Sequence, Synonym, Table, UserType, View
from ..ir.names import Name, QName
from ..source import Span
from . import sqlserver_statements as statements
from .base import Builder, statement_other
from .cursor import Cursor

if TYPE_CHECKING:
    from .sqlserver import SourceReader

_TYPES: Final[dict[str, type[Object]]] = {
    "TABLE": Table, "VIEW": View, "SEQUENCE": Sequence, "SYNONYM": Synonym, "TYPE": UserType, "PROCEDURE": Routine,
    "PROC": Routine, "FUNCTION": Routine, "TRIGGER": Routine, "SCHEMA": Schema, "ROLE": Role, "USER": Role,
}  # fmt: skip


def drop(reader: SourceReader, c: Cursor, at: Span, runs: bool) -> bool:
    """The cursor stands on DROP. If the statement does not run and would take something away, nothing is done and the
    answer is false."""
    text = c.raw(0, c.count)
    builder = reader.builder
    if c.ahead() == "INDEX" or c.texts[1:3] == ["FULLTEXT", "INDEX"]:
        return _indexes(c, at, text, builder, runs)
    verb = c.texts[1:3]
    if verb[0] in ("SENSITIVITY", "SIGNATURE", "COUNTER"):
        construct = "sensitivity_label" if verb[0] == "SENSITIVITY" else "module_signature"
        reader.other(c, at, construct, "script")
        return True
    c.at = 1
    found = statements.find(statements.CLASSES, c, 1)
    size = found[2] if found is not None else 1
    what = " ".join(c.texts[1 : 1 + size])
    c.at = 1 + size
    c.accept("IF", "EXISTS")
    wanted = _TYPES.get(what, Other)
    missing = []
    there = []
    named = c.is_name()
    while c.is_name():
        name = c.qname()
        subject = _find(builder, name, wanted)
        if subject is None or name.link:
            missing.append(str(name))
        else:
            there.append(subject)
        if not c.accept(","):
            break
    if there and not runs:
        return False
    for subject in there:
        _gone(reader, subject, at, text)
    c.at = c.count
    if missing:
        shown = f"DROP {what} {', '.join(missing)}"
        text = shown if found is not None and found[0] in statements.SECRET else text
        builder.add(statement_other("drop_before_create", "script", shown, at, text))
    elif not named:
        builder.add(statement_other("drop_before_create", "script", f"DROP {what}", at, f"DROP {what}"))
    return True


def _find(builder: Builder, name: QName, wanted: type[Object]) -> int | None:
    loose = None
    for subject in builder.called(name.name.text):
        found = builder.objects[subject]
        if isinstance(found, wanted):
            if found.name.schema == name.schema:
                return subject
            if wanted in (Routine, Role, Schema, Other):
                loose = subject if loose is None else loose
    return loose if wanted in (Role, Schema, Other) else None


def _gone(reader: SourceReader, subject: int, at: Span, text: str) -> None:
    """Drop an object, and with a table its indexes and triggers."""
    builder = reader.builder
    found = builder.objects[subject]
    if isinstance(found, (Table, View)):
        for i, other in enumerate(builder.objects):
            if isinstance(other, (Index, Routine)) and other.table == found.name and builder.is_there(i):
                builder.drop(i, at, text)
    builder.drop(subject, at, text)
    if isinstance(found, Table):
        reader.passing.drop(subject, at)


def _indexes(c: Cursor, at: Span, text: str, builder: Builder, runs: bool) -> bool:
    """``DROP INDEX i ON t, ...``, or ``DROP INDEX t.i, ...`` as it was written once."""
    full = c.texts[1] == "FULLTEXT"
    c.at = 3 if full else 2
    c.accept("IF", "EXISTS")
    missing = []
    there = []
    while c.is_name() or c.word() == "ON":
        if full:
            c.expect("ON")
            table = c.qname()
            name = QName(None, Name(f"{table.name.text} FULLTEXT"))
            subject = next(
                (i for i, o in enumerate(builder.objects)
                 if isinstance(o, Index) and o.table == table and o.method == "fulltext" and builder.is_there(i)), None
            )  # fmt: skip
        else:
            name = c.qname()
            if c.accept("ON"):
                table = c.qname()
            else:  # the part before the last is the table
                table = QName(None, name.schema) if name.schema is not None else name
                name = QName(None, name.name)
            subject = builder.index_on(table, name)
        if subject is not None:
            there.append(subject)
        else:
            missing.append(str(name))
        if c.accept("WITH") and c.word() == "(":
            c.skip_group()
        if not c.accept(","):
            break
    if there and not runs:
        return False
    for subject in there:
        builder.drop(subject, at, text)
    c.at = c.count
    if missing:
        builder.add(statement_other("drop_before_create", "script", f"DROP INDEX {', '.join(missing)}", at, text))
    return True
