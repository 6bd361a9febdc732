"""The target's spelling of a type in CAST."""

from __future__ import annotations

from ..ir.types import Type
from .context import Context


def spelling(wanted: Type, ctx: Context) -> str | None:
    """How the target spells ``wanted`` in CAST; ``None`` where no row does."""
    text = ctx.family.casts.get(wanted.kind)
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
