"""What a printer hands to the layout."""

from __future__ import annotations

from dataclasses import dataclass

#: Load phases, in order: tables load before data, foreign keys and indexes after.
PHASES = (
    "schemas", "support", "types", "sequences", "tables", "data", "constraints", "indexes", "routines", "views",
    "triggers", "comments", "grants", "manual",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One printed statement (or a commented stub), without trailing line feed, for one source object.

    ``attached`` pieces (the partitions of a table, its COMMENT ON lines) stand behind the piece printed
    before them when everything goes into one file; a split layout puts them into the file of their own phase.
    """

    subject: int
    phase: str
    text: str
    stub: bool = False
    attached: bool = False
