"""What the rewrites of rights on a whole database share."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Grant, Item
from ..ir.names import QName
from .api import Context, Use

#: The built-in roles of a target that has them (construct ``data_role``), by the rights that they stand for.
_DATA_ROLES = (
    ("pg_read_all_data", frozenset({"SELECT"})),
    ("pg_write_all_data", frozenset({"INSERT", "UPDATE", "DELETE"})),
)


def on_database(found: Grant, ctx: Context, use: Use) -> Grant | None:
    """A right on all objects of the database as membership in a built-in role that stands for it, or as a right on
    every schema of the script; ``None`` where the target has neither."""
    words = frozenset(word for word, _ in found.privileges)
    clauses = tuple(k for k in found.clauses if k.construct != "fixed_role")
    if ctx.legal("data_role") and not found.admin and all(n.text != "PUBLIC" for n in found.to):
        for role, stands_for in _DATA_ROLES:
            if words == stands_for:
                ctx.say("SC6081", use.at, clause=use.text, role=role)
                return replace(found, privileges=((role, ()),), on_kind="", roles=True, clauses=clauses)
    if any(n.text == "PUBLIC" for n in found.to) and not ctx.legal("grant_schema_public"):
        return None
    if found.revoke or not words & ctx.rights("schema"):  # what is granted on a schema itself would go with it
        return None
    ctx.say("SC6082", use.at, clause=use.text)
    *others, last = (
        replace(found, on=QName(None, schema), on_kind="schema", clauses=clauses) for schema in ctx.schemas()
    )
    ctx.extra += [Item(ctx.subject, other) for other in others]
    return last
