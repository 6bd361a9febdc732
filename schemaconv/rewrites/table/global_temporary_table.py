"""A table whose definition stays and whose rows are a session's own.

The targets have either tables that stay, with rows for all, or tables that go with the session. The option
``global_temporary`` chooses; a table that stays is the default, because other objects may depend on it.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use
from ..temporary import say_rows_stay

REMOVES = "global_temporary_table"
ADDS = ("temporary_partitions",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at)
    if ctx.options.global_temporary == "temporary":
        commit = found.on_commit or "delete"
        kept = commit if ctx.trait("on_commit") else ""
        say_rows_stay(commit, ctx)
        return replace(found, on_commit=kept, options=(*found.options, ("temporary", "")))
    options = (*found.options, ("unlogged", "")) if ctx.trait("unlogged_tables") else found.options
    return replace(found, temporary="", on_commit="", options=options)
