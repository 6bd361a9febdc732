"""A disabled constraint does nothing in the source: it is left out and named.

One that is disabled and to be relied upon (RELY) tells the source's planner what the data is like, and nobody checks
it. Where keys are informational that is what every key is.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Constraint, Table
from ..api import Context, Use

REMOVES = "disabled_constraint"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if ctx.trait("keys_informational"):
        trusted = tuple(_kept(k) if k.at == use.at and k.rely else k for k in found.constraints)
        if trusted != found.constraints:
            ctx.say("SC3153", use.at, constraint=use.text)
            return replace(found, constraints=trusted)
    kept = tuple(k for k in found.constraints if k.enabled or k.at != use.at)
    if len(kept) == len(found.constraints):
        return None  # a disabled NOT NULL, which the reader has taken out already
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, constraints=kept)


def _kept(k: Constraint) -> Constraint:
    """A key that is only relied upon, as an informational one; a check stays as it is."""
    if k.enabled or k.kind == "check":
        return k
    left = tuple(c for c in k.clauses if c.construct != "rely_constraint")
    return replace(k, enabled=True, validated=True, clauses=left)
