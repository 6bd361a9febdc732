"""What the rewrites of sequences share."""

from __future__ import annotations

from typing import Final

from ..ir.fragment import Fragment
from ..ir.names import Name, QName

#: The largest number of a 64-bit counter.
LIMIT: Final = 9223372036854775807


def draws(default: Fragment) -> bool:
    """A default that draws from a sequence: ``seq.NEXTVAL``."""
    return default.text.rstrip().rstrip('"').upper().endswith(".NEXTVAL")


def name_of(text: str) -> QName:
    """The sequence in ``[schema.]name.NEXTVAL``."""
    parts = [p.strip() for p in text.strip().split(".")[:-1]]
    names = [Name(p.strip('"'), p == p.upper()) if p.startswith('"') else Name(p.upper()) for p in parts]
    return QName(names[-2] if len(names) > 1 else None, names[-1])
