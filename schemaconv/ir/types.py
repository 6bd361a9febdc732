"""Canonical data types: what a column can hold, with its source spelling beside it."""

from __future__ import annotations

from dataclasses import dataclass

from .names import QName

#: Every canonical type. ``rules/types/read`` maps spellings to these, ``rules/types/write`` spells each of them.
CANONICAL: frozenset[str] = frozenset(
    """
    boolean tinyint smallint integer bigint decimal number real double float money char varchar nchar nvarchar text
    ntext binary varbinary blob bfile date time timetz timestamp timestamptz timestampltz interval_ym interval_ds
    uuid json xml rowid urowid geometry vector any ref array bitstring enum user unknown
    """.split()
)


@dataclass(frozen=True, slots=True)
class Type:
    """A canonical type with its parameters.

    ``length`` is in characters or in bytes as ``unit`` says (``"char"``, ``"byte"`` or ``""`` when the source left
    it to a session setting). ``precision`` and ``scale`` are decimal digits, except for ``float`` (binary digits)
    and the time types (fractional seconds). ``number`` is a decimal that floats: no precision and no scale given.
    ``raw`` is the type as the author wrote it; ``spelling`` is the target's spelling, set by legalization.
    """

    kind: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    unit: str = ""
    user: QName | None = None
    raw: str = ""
    spelling: str = ""


UNKNOWN = Type("unknown")
