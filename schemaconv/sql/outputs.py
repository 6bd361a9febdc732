"""The columns that a part of a query gives: ``None`` where they are not known."""

from __future__ import annotations

from collections.abc import Mapping

from ..ir.fragment import Known
from ..ir.types import UNKNOWN
from .kinds import TEXT
from .tree import exp

Columns = Mapping[str, Known] | None


def pivoted(columns: Columns, pivot: exp.Pivot) -> Columns:
    """The columns behind UNPIVOT; those behind PIVOT are not typed."""
    field, values = pivot.args["fields"][0], pivot.expressions
    plain = len(values) == 1 and isinstance(values[0], exp.Identifier)
    if columns is None or not pivot.args.get("unpivot") or not plain:
        return None
    gone = [c.name for c in field.find_all(exp.Column)]
    first = columns.get(gone[0]) if gone else None
    kept = {name: known for name, known in columns.items() if name not in gone}
    return kept | {field.this.name: Known(TEXT, True), values[0].name: Known(first.type if first else UNKNOWN, True)}


def nullable(columns: Columns) -> Columns:
    return columns and {name: Known(k.type) for name, k in columns.items()}


def renamed(columns: Columns, names: list[str]) -> Columns:
    if columns is None or not names:
        return columns
    return dict(zip(names, columns.values(), strict=False))
