"""What functions of the script answer, for the queries that read from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..ir.fragment import Known

if TYPE_CHECKING:
    from .context import Run
    from .lookup import Lookup


def answered(lookup: Lookup, run: Run, names: tuple[str, ...]) -> Mapping[str, Known] | None:
    """The columns of a function that gives rows, as far as they are known by now."""
    for subject, own in lookup.routines(names):
        if own.what == "function" and own.program is not None and own.program.rows is not None:
            rows = own.program.rows or getattr(run.answers.get(subject), "rows", None)
            return {p.name.text.upper(): Known(p.type.type) for p in rows} if rows else None
    return None
