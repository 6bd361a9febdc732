"""Filtered unique indexes whose condition says no more than that the key is not NULL.

Rows without a value are the only ones that SQL Server's unique key treats otherwise than the targets' (which never
take two NULLs for the same). An index that leaves such rows out is the targets' plain unique index.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Index, Table
from ..ir.names import Name
from ..sql.lexis import Lexis
from .base import Builder

_NOT_NULL: Final = re.compile(
    r'\(*\s*(\[(?:[^\]]|\]\])+\]|"[^"]+"|[^\W\d][\w@#$]*)\s+IS\s+NOT\s+NULL\s*\)*', re.IGNORECASE
)
_AND: Final = re.compile(r"\s+AND\s+", re.IGNORECASE)


def simplify(builder: Builder, lexis: Lexis) -> None:
    """Take such conditions off the indexes of ``builder``."""
    for subject, found in enumerate(builder.objects):
        if isinstance(found, Index) and found.unique and found.where is not None and not found.method:
            builder.objects[subject] = _plain(found, builder, lexis)


def _plain(index: Index, builder: Builder, lexis: Lexis) -> Index:
    assert index.where is not None
    said = set()
    for part in _AND.split(index.where.text.strip()):
        match = _NOT_NULL.fullmatch(part.strip())
        if match is None:
            return index
        word = match[1]
        said.add(lexis.name(word if word[0] in '["' else word.upper(), word))
    key = {p.column for p in index.parts}
    subject = builder.find(index.table, Table)
    if not said <= key or subject is None or not (key & _nullable(builder.get(subject, Table))) <= said:
        return index
    return replace(index, where=None, nulls_equal=False)


def _nullable(table: Table) -> set[Name | None]:
    primary = {n for k in table.constraints if k.kind == "primary_key" for n in k.columns}
    return {k.name for k in table.columns if not k.not_null and k.name not in primary}
