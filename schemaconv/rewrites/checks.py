"""What the rewrites of checks share."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Table
from .api import Context, Use


def without_check(found: Table, ctx: Context, use: Use, construct: str) -> Table:
    """``found`` without the check at ``use``, under the code of the construct."""
    ctx.say_construct(construct, use.at, use.text)
    return replace(found, constraints=tuple(k for k in found.constraints if k.kind != "check" or k.at != use.at))
