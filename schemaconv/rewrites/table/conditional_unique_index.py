"""A unique index on ``CASE WHEN c IS NULL THEN NULL ELSE x END``, c among the columns.

Oracle leaves a row out of an index only if its whole key is NULL; the CASE makes it so wherever c is. The targets
never compare a key with a NULL in it, so that a unique index on the plain columns does the same.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.catalog import Index, IndexPart
from ...ir.names import Name
from ..api import Context, Use

REMOVES = "conditional_unique_index"
ADDS = ()
_PART = re.compile(r"CASE\s+WHEN\s+(\S+)\s+IS\s+NULL\s+THEN\s+NULL\s+ELSE\s+(\S+)\s+END", re.I)


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    matches = [_PART.fullmatch(p.expression.text.strip()) for p in found.parts if p.expression is not None]
    conditions = {m[1].upper() for m in matches if m is not None}
    columns = [m[2] for m in matches if m is not None]
    if len(columns) != len(found.parts) or not conditions <= {c.upper() for c in columns} or len(conditions) != 1:
        return None
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, parts=tuple(IndexPart(_name(c)) for c in columns))


def _name(text: str) -> Name:
    return Name(text[1:-1], text == text.upper()) if text.startswith('"') else Name(text.upper())
