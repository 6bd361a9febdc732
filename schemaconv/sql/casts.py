"""The target's spelling of a type in CAST."""

from __future__ import annotations

from ..ir.types import Type
from .context import Context


def spelling(wanted: Type, ctx: Context, columns: bool = False) -> str | None:
    """How the target spells ``wanted`` in CAST, or for one of the ``columns`` of a call that gives rows; ``None`` where
    no row does."""
    rows = ctx.family.columns if columns and ctx.family.columns else ctx.family.casts
    text = rows.get(wanted.kind)
    if text is None or (wanted.kind == "decimal" and (wanted.scale or 0) < 0):
        return None
    values = {
        "length": wanted.length, "precision": wanted.precision, "scale": 0 if wanted.scale is None else wanted.scale,
    }  # fmt: skip
    if wanted.kind.startswith("timestamp"):
        values["precision"] = min(wanted.precision or 0, 6)
    for key, value in values.items():
        hole = "({" + key + "})"
        if value is None:
            text = text.replace(hole, "")
        text = text.replace("{" + key + "}", str(value))
    return str(text)
