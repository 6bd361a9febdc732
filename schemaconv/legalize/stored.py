"""What keeps a query from being stored as a materialized view.

Amazon Redshift Database Developer Guide, "CREATE MATERIALIZED VIEW", Limitations: standard views, ORDER BY, LIMIT and
OFFSET are among what the query must not have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..ir.fragment import Fragment

if TYPE_CHECKING:
    from .context import Context

_MARKS: Final = re.compile(
    r"""'[^']*'|"[^"]*"|--[^\n]*|/\*.*?\*/|[()]|\b(?:ORDER\s+BY|FETCH\s+(?:FIRST|NEXT)|OFFSET|LIMIT|ROWNUM)\b""",
    re.I | re.S,
)


def not_stored(query: Fragment, context: Context) -> str:
    """The first thing in the query that rules it out; empty where there is none."""
    if read := context.views_in(query, materialized=False):
        return f"it reads the view {read[0]}"
    depth = 0
    for mark in _MARKS.finditer(query.text):
        text = mark[0]
        if text in "()":
            depth += 1 if text == "(" else -1
        elif depth == 0 and text[0] not in "'\"-/":
            return f"it has {' '.join(text.upper().split())}"
    return ""
