"""INSERT without a list of columns, where the table numbers its rows: the source leaves such columns out, the targets
count all of them.

Source: Transact-SQL reference, "INSERT", column_list.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from ..ir.catalog import Table
from ..ir.fragment import Fragment
from ..ir.names import Name

_NAME: Final = r"(?:\[(?:[^\]]|\]\])+\]|\"[^\"]+\"|[\w@#$]+)"
_INSERT: Final = re.compile(
    rf"(?is)\s*INSERT\s+(?:TOP\s*\([^)]*\)\s*)?(?:INTO\s+)?{_NAME}(?:\s*\.\s*{_NAME})*(?:\s+WITH\s*\([^)]*\))?"
    r"(?=\s*(?:VALUES\b|SELECT\b|WITH\b|\(\s*SELECT\b|DEFAULT\b))"
)
_DEFAULTS: Final = re.compile(r"(?i)\s*DEFAULT\s+VALUES\b")


def numbered(table: Table) -> tuple[Name, ...]:
    """The columns that take values, where the table has others; nothing where it has none."""
    taken = tuple(k.name for k in table.columns if k.identity is None and k.generated is None)
    return taken if len(taken) < len(table.columns) else ()


def listed(statement: Fragment, columns: Collection[Name]) -> Fragment:
    """The statement with ``columns`` behind its table, where it names none."""
    m = _INSERT.match(statement.text)
    if m is None or not columns or _DEFAULTS.match(statement.text, m.end()):
        return statement
    names = ", ".join(f"[{n.text}]" for n in columns)
    return replace(statement, text=f"{statement.text[: m.end()]} ({names}){statement.text[m.end() :]}")
