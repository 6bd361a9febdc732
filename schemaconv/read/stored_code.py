"""What the readers of stored code of all sources do alike."""

from __future__ import annotations

from collections.abc import Callable

from ..ir.catalog import Clause
from ..ir.routine import Program
from ..source import Span
from .cursor import Cursor, ReadError

#: A routine, and clauses of its head that its body does not depend on.
Routine = tuple[Program | None, tuple[Clause, ...]]


def attempt(c: Cursor, at: Span, read: Callable[[], Routine]) -> Routine:
    """What ``read`` gives; of a routine that it cannot read, the clause that says why, at its place or at ``at``."""
    try:
        return read()
    except ReadError as error:
        place = min(error.index, c.count - 1)
        return None, (Clause("unread_routine", error.params.get("reason", c.texts[place]), c.span(place)),)
    except RecursionError:
        return None, (Clause("unread_routine", "it is nested too deeply", at),)
