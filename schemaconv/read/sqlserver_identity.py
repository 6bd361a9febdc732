"""Counters of identity columns: behind given values, and where the script sets them (Transact-SQL reference, "SET
IDENTITY_INSERT", "DBCC CHECKIDENT")."""

from __future__ import annotations

from ..ir.catalog import Counter, Data, Table
from ..ir.names import Name, QName
from ..source import Span
from .base import Builder
from .cursor import Cursor, string_value
from .sqlserver_dictionary import parted
from .sqlserver_procedures import qname_of


def moved(builder: Builder, name: QName, at: Span) -> bool:
    """Move the counter of an identity column that the script has just given values to; whether there is one."""
    counted = _counted(builder, name)
    if counted is None:
        return False
    table, column, step = counted
    builder.add(Counter(table, at, table=table, column=column, descending=step < 0))
    return True


def reseeded(builder: Builder, c: Cursor, at: Span) -> bool:
    """``DBCC CHECKIDENT (t, RESEED, n)``: n is the last value of a table with rows, and the next of one without."""
    texts = c.texts
    if texts[1:3] != ["CHECKIDENT", "("] or "RESEED" not in texts:
        return False
    parts = parted(string_value(texts[3])) if texts[3][0] == "'" else []
    c.at = 3
    name = qname_of(parts) if parts else c.qname() if c.is_name() else None
    place = texts.index("RESEED")
    sign = -1 if texts[place + 2] == "-" else 1
    number = texts[place + 3] if sign < 0 else texts[place + 2]
    counted = _counted(builder, name) if name is not None and not name.link else None
    if counted is None or texts[place + 1] != "," or not number.isdecimal():
        return False
    table, column, step = counted
    earlier = (builder.objects[s] for s in builder.called(table.name.text))
    verbs = [o.verb for o in earlier if isinstance(o, Data) and o.name == table]  # the last one first
    following = sign * int(number) + (step if "INSERT" in verbs and verbs[0] != "TRUNCATE" else 0)
    if following < 1:
        return False  # below the least value that the target's counter takes
    builder.add(Counter(table, at, table=table, column=column, next=following))
    c.at = c.count
    return True


def _counted(builder: Builder, name: QName) -> tuple[QName, Name, int] | None:
    """The table of the script that ``name`` means, its identity column, and the step of that."""
    subject = builder.find(name, Table)
    table = builder.get(subject, Table) if subject is not None else None
    for column in table.columns if table is not None else ():
        if table is not None and column.identity is not None:
            return table.name, column.name, column.identity.options.increment or 1
    return None
