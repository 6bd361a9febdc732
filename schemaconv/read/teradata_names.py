"""Names of Teradata scripts: the database that a bare one means, and how each was first written."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Catalog, Data, Object, Other, Table, View
from ..ir.names import Name


def at_home(found: Object, home: Name) -> Object:
    """``found``, whose query means names of ``home`` where it names no database."""
    match found:
        case View() | Table() if found.query is not None:
            return replace(found, query=replace(found.query, home=home))
        case Data():
            return replace(found, statement=replace(found.statement, home=home))
        case _:
            return found


def spellings(found: Catalog) -> dict[str, str]:
    """Names as first written: case tells nothing, but people like their own."""
    spelled: dict[str, str] = {}

    def keep(name: Name | None) -> None:
        if name is not None and name.text not in spelled:
            spelled[name.text] = str(name)

    for k in found.objects:
        if isinstance(k, Other):
            continue
        keep(k.name.schema)
        keep(k.name.name)
        if isinstance(k, Table):
            for column in k.columns:
                keep(column.name)
            for constraint in k.constraints:
                keep(constraint.name)
        elif isinstance(k, View):
            for name in k.columns:
                keep(name)
    return spelled
