"""How long the text of an expression can get: what a column without a type of its own must hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.types import Type
from .infer import Typer
from .kinds import family
from .tree import Node, call_name, exp

#: What VARCHAR2 holds at most, unless MAX_STRING_SIZE is EXTENDED.
LONGEST: Final = 4000
#: Functions that never give more characters than their arguments have together.
SHORTENING: Final = frozenset(
    """
    UPPER LOWER INITCAP TRIM LTRIM RTRIM SUBSTR SUBSTRB NVL NVL2 COALESCE DECODE CONCAT GREATEST LEAST TRANSLATE
    REVERSE
    """.split()
)
#: The characters that a number or a moment takes as text.
OTHERS: Final = 40


def with_length(root: Node, typer: Typer) -> Type:
    """The type of ``root``; of a text with the most characters it can have, at most :data:`LONGEST`."""
    found = typer.infer(root).type
    if found.kind != "varchar" or found.length is not None:
        return found
    total = 0
    for node in root.walk():
        if isinstance(node, exp.Anonymous) and call_name(node).upper() not in SHORTENING:
            return replace(found, length=LONGEST)
        if isinstance(node, exp.Literal):
            total += len(node.this)
        elif isinstance(node, exp.Column):
            kind = typer.infer(node).type
            total += (kind.length or LONGEST) if family(kind) == "text" else OTHERS
    return replace(found, length=max(1, min(total, LONGEST)), unit="char")
