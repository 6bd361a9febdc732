"""What the rewrites of computed columns share."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Column, Table
from ..source import Span


def plain(found: Table, at: Span) -> Table:
    """``found`` with the computed column at ``at`` as an ordinary one."""
    return replace(found, columns=tuple(unfilled(k) if k.at == at else k for k in found.columns))


def unfilled(column: Column) -> Column:
    """A computed column without its expression. Nothing fills it now, so that it must take NULL."""
    return replace(column, generated=None, stored=False, not_null=False)
