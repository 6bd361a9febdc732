"""What temporary tables of all kinds have alike."""

from __future__ import annotations

from typing import Final

from .api import Context

#: What a target that knows nothing of it does not do at COMMIT.
_LOST: Final = {"delete": "ON COMMIT DELETE ROWS", "drop definition": "ON COMMIT DROP DEFINITION"}


def say_rows_stay(on_commit: str, ctx: Context) -> None:
    """Say of a temporary table whose rows go at COMMIT that here they stay."""
    if on_commit in _LOST and not ctx.trait("on_commit"):
        ctx.say("SC3180", None, clause=_LOST[on_commit])
