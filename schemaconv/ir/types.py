"""Canonical data types: what a column can hold, with its source spelling beside it."""

from __future__ import annotations

from dataclasses import dataclass

from .names import QName

#: Every canonical type. ``rules/types/read`` maps spellings to these, ``rules/types/write`` spells each of them.
CANONICAL: frozenset[str] = frozenset(
    """
    boolean bit tinyint utinyint smallint integer bigint decimal number real double float money
    char varchar nchar nvarchar text ntext binary varbinary blob bfile rowversion
    date time timetz timestamp timestamptz timestampltz interval_ym interval_ds period
    uuid json xml dataset rowid urowid hierarchyid geometry geography vector
    any ref array bitstring enum cursor user unknown
    """.split()
)


@dataclass(frozen=True, slots=True)
class Type:
    """A canonical type with its parameters.

    ``length`` is in characters or in bytes as ``unit`` says; of intervals, the digits of the leading field; of
    vectors, the dimensions. ``precision`` and ``scale`` are decimal digits, except for ``float``, ``real`` and
    ``double`` (binary digits; none given: the type also has NaN and infinity) and for the types of time (digits of a
    second). ``number`` is a decimal that floats: no precision and no scale given. ``bit`` is a number that is 0 or 1,
    ``tinyint`` has a sign, ``utinyint`` none.

    ``unit`` says what a type's parameters count, or what it is made of:

    * of text: ``"char"``; ``"byte"``; ``"codepage"``, units that are one byte in the source's code page and up to
      three in UTF-8; ``""`` when the source left it to a session setting;
    * of decimals: ``"digit"`` where the engine has integer types beside, so that nobody took a decimal for want of one;
    * of timestamps: ``"minute"`` where seconds are rounded away;
    * of intervals: the fields (``"day to hour"``), or ``""`` for all that the kind can have;
    * of periods: the kind of the bounds (``"date"``, ``"timestamptz"``); of datasets: their format (``"csv"``).

    ``user`` is the type's name where it is somebody's own; of ``xml``, the collection of schemas that it obeys.
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
