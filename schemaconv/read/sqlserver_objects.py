"""SQL Server objects apart from tables: sequences, views, synonyms, alias types, routines.

Source: Transact-SQL reference, "CREATE SEQUENCE", "CREATE VIEW", "CREATE SYNONYM", "CREATE TYPE", "CREATE PROCEDURE",
"CREATE FUNCTION", "CREATE TRIGGER".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import (
    Clause,
    Column,
    Identity,
    Routine,
    Sequence,
    SequenceOptions,
    Synonym,
    UserType,
    View,
)  # fmt: skip
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.types import Type
from ..source import Span
from .cursor import Cursor, ReadError
from .typenames import names, read_type

# -- sequences -------------------------------------------------------------------------------------------------------

#: The least and the greatest value of each type that a sequence may have.
_RANGES: Final = {
    "tinyint": (0, 255), "smallint": (-(1 << 15), (1 << 15) - 1), "integer": (-(1 << 31), (1 << 31) - 1),
    "bigint": (-(1 << 63), (1 << 63) - 1),
}  # fmt: skip
#: Types that a sequence of the target may have too, with the same greatest value.
_KEPT: Final = frozenset({"tinyint", "smallint", "integer"})


def data_type(c: Cursor) -> Type:
    """The data type at the cursor, in brackets or not."""
    start = c.at
    if not c.is_name():
        raise c.error("a data type expected")
    found, end = read_type(c.texts, c.at, names(c.lexis.source))
    for i in range(start, end):
        if c.texts[i] in ("(", ",") and c.texts[i + 1] in (",", ")"):
            c.at = i + 1
            raise c.error("a number expected")
    if found.kind == "user":
        return replace(Type("user", user=c.qname()), raw=c.raw(start))
    c.at = end
    return replace(found, raw=c.raw(start))


def sequence(c: Cursor) -> Sequence:
    """The cursor stands behind SEQUENCE."""
    name = c.qname()
    extra: list[Clause] = []
    words, type_ = _sequence_words(c, extra)
    options = _options(words, type_)
    kept = type_ if type_ is not None and type_.kind in _KEPT else None
    return Sequence(name, c.span(0), clauses=tuple(extra), options=options, type=kept)


def altered_sequence(c: Cursor, found: Sequence) -> Sequence:
    """ALTER SEQUENCE, the cursor behind the name: only what is named changes."""
    extra: list[Clause] = []
    words, _ = _sequence_words(c, extra)
    if "restart" in words:
        words["start"] = words.pop("restart")
        if words["start"] is None:
            del words["start"]
    old = found.options
    before: dict[str, int | None] = {
        "start": old.start, "increment": old.increment, "minimum": old.minimum, "maximum": old.maximum,
        "cycle": int(old.cycle), "cache": old.cache,
    }  # fmt: skip
    return replace(found, options=_options(before | words, found.type), clauses=found.clauses + tuple(extra))


def _sequence_words(c: Cursor, extra: list[Clause]) -> tuple[dict[str, int | None], Type | None]:
    """What a sequence says of itself; a value of ``None`` means that it asks for the default."""
    words: dict[str, int | None] = {}
    type_: Type | None = None
    while not c.done():
        start = c.at
        if c.accept("AS"):
            at = c.at
            type_ = data_type(c)
            if type_.kind == "user":
                extra.append(c.clause("unknown_clause", at))
                type_ = None
        elif c.accept("START", "WITH"):
            words["start"] = whole_number(c)
        elif c.accept("RESTART"):
            words["restart"] = whole_number(c) if c.accept("WITH") else None
        elif c.accept("INCREMENT", "BY"):
            words["increment"] = whole_number(c)
        elif c.accept("MINVALUE"):
            words["minimum"] = whole_number(c)
        elif c.accept("MAXVALUE"):
            words["maximum"] = whole_number(c)
        elif c.accept("NO", "MINVALUE"):
            words["minimum"] = None
        elif c.accept("NO", "MAXVALUE"):
            words["maximum"] = None
        elif c.accept("NO", "CYCLE"):
            words["cycle"] = 0
        elif c.accept("CYCLE"):
            words["cycle"] = 1
        elif c.accept("NO", "CACHE"):
            words["cache"] = 0
        elif c.accept("CACHE"):
            words["cache"] = whole_number(c) if c.word()[:1].isdigit() else None
        else:
            c.at = c.count
            extra.append(c.clause("unknown_clause", start))
    return words, type_


def whole_number(c: Cursor) -> int:
    """A whole number with its sign, if it has one."""
    sign = -1 if c.accept_any("-", "+") == "-" else 1
    text = c.take()
    if not text.isdecimal():
        c.at -= 1
        raise c.error("a whole number expected")
    return sign * int(text)


def _options(words: dict[str, int | None], type_: Type | None) -> SequenceOptions:
    """The options with the type's bounds written out where leaving them out would mean something else.

    An ascending sequence of SQL Server begins at the type's least value unless it says where, and starts over there.
    """
    kind = type_.kind if type_ is not None else "bigint"
    kind = "tinyint" if type_ is not None and type_.raw.strip('[]"').lower() == "tinyint" else kind
    if kind in ("decimal", "number"):
        most = 10 ** ((type_.precision if type_ is not None else None) or 18) - 1
        least = -most
    else:
        least, most = _RANGES.get(kind, _RANGES["bigint"])
    increment = words.get("increment") or 1
    minimum = words.get("minimum") if words.get("minimum") is not None else least
    maximum = words.get("maximum") if words.get("maximum") is not None else most
    assert minimum is not None and maximum is not None
    start = words.get("start")
    up = increment > 0
    if start is None:
        start = minimum if up else maximum
    cycle = bool(words.get("cycle"))
    natural = kind in ("smallint", "integer", "bigint")  # the target's type has the same bounds
    # bounds that can never be met, because the sequence moves away from them and does not start over, are left out
    low: int | None = minimum
    high: int | None = maximum
    if (up and not cycle and start >= 1 and minimum == least) or (not up and natural and minimum == least):
        low = None
    if (up and natural and maximum == most) or (not up and not cycle and start <= -1 and maximum == most):
        high = None
    return SequenceOptions(
        start, words.get("increment"), low, high, cycle, words.get("cache")
    )


# -- views -----------------------------------------------------------------------------------------------------------


def view(c: Cursor) -> View:
    """The cursor stands behind VIEW."""
    extra: list[Clause] = []
    found = View(c.qname(), c.span(0))
    if c.word() == "(":
        found = replace(found, columns=c.names())
    if c.accept("WITH"):
        while True:
            start = c.at
            word = c.take()
            extra.append(c.clause("wrapped_view" if word == "ENCRYPTION" else "view_attribute", start))
            if not c.accept(","):
                break
    c.expect("AS")
    start, end = c.at, c.count
    if c.texts[max(start, end - 3) : end] == ["WITH", "CHECK", "OPTION"]:
        found = replace(found, check_option=True)
        end -= 3
    if end <= start:
        raise c.error("a query expected")
    query = c.fragment(start, end)
    c.at = c.count
    return replace(found, query=query, clauses=tuple(extra), at=c.span(0))


# -- synonyms and types ----------------------------------------------------------------------------------------------


def synonym(c: Cursor) -> Synonym:
    """The cursor stands behind SYNONYM."""
    name = c.qname()
    c.expect("FOR")
    start = c.at
    target = c.qname()
    extra = (Clause("remote_object", c.raw(start), c.span(start)),) if target.link else ()
    return Synonym(name, c.span(0), target=target, clauses=extra)


def user_type(c: Cursor) -> UserType:
    """The cursor stands behind TYPE. ``form`` is alias, table_type or external."""
    found = UserType(c.qname(), c.span(0))
    if c.accept("FROM"):
        found = replace(found, form="alias", of=data_type(c))
        if c.accept("NOT", "NULL"):
            found = replace(found, not_null=True)
        else:
            c.accept("NULL")
        return replace(found, at=c.span(0))
    form = "external"
    columns: tuple[Column, ...] = ()
    if c.accept("AS", "TABLE"):
        form = "table_type"
        columns = _columns_of_type(c)
    elif not c.accept("EXTERNAL", "NAME"):
        raise c.error("FROM, AS TABLE or EXTERNAL NAME expected")
    c.at = c.count
    return replace(found, form=form, attributes=columns, at=c.span(0))


def _columns_of_type(c: Cursor) -> tuple[Column, ...]:
    """The columns of a table type; none where they are not read."""
    from . import tsql_types

    try:
        made = tsql_types.columns(c)
    except ReadError:
        return ()
    return tuple(
        Column(k.name, k.type.type, k.at, k.not_null, k.default, notes=k.notes,
               identity=Identity() if k.name == made.identity else None)
        for k in made.columns
    )  # fmt: skip


# -- stored code -----------------------------------------------------------------------------------------------------

def routine(c: Cursor, what: str, at: Span) -> Routine:
    """The cursor stands behind PROCEDURE, FUNCTION or TRIGGER, which is ``what``."""
    name = c.qname()
    extra: list[Clause] = []
    table: QName | None = None
    texts = c.texts
    if what == "trigger" and c.accept("ON"):
        start = c.at
        if c.accept("ALL", "SERVER") or (c.word() == "DATABASE" and c.ahead() in ("FOR", "AFTER", "WITH")):
            extra.append(Clause("ddl_trigger", c.raw(start, start + 1), c.span(start, start + 1)))
        else:
            table = c.qname()
    head = c.at
    if what == "procedure" and c.word() == ";" and c.ahead().isdecimal():
        c.at += 2
        extra.append(c.clause("numbered_procedure", head))
    body = next((i for i in range(head, c.count) if texts[i] == "AS" and texts[i + 1] != "("), c.count)
    for i in range(head, body):
        if texts[i] == "ENCRYPTION" and texts[i - 1] in ("WITH", ","):
            extra.append(Clause("hidden_code", c.raw(i, i + 1), c.span(i, i + 1)))
        elif texts[i] == "NATIVE_COMPILATION":
            extra.append(Clause("native_code", c.raw(i, i + 1), c.span(i, i + 1)))
    program = None
    if texts[body + 1 : body + 3] == ["EXTERNAL", "NAME"]:
        extra.append(Clause("clr_routine", c.raw(body + 1, c.count), c.span(body + 1, c.count)))
    elif not any(k.construct in _UNREAD for k in extra) and not name.link:
        from . import tsql_routine  # only scripts with stored code need it

        program, more = tsql_routine.program(c, what, at)
        extra += more
    c.at = c.count
    text = Fragment(c.raw(0), at)
    return Routine(name, at, what=what, text=text, table=table, program=program, clauses=tuple(extra))


#: Routines that are named and no more.
_UNREAD: Final = frozenset({"ddl_trigger", "numbered_procedure"})
