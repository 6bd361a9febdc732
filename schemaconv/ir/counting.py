"""How sequences and identity columns count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SequenceOptions:
    """Options of a sequence or of an identity column; ``None`` means that the script did not say."""

    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cycle: bool = False
    cache: int | None = None  # values kept in memory; 0 stands for NOCACHE
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity column. ``always`` forbids given values; ``on_null`` also fills given NULLs."""

    always: bool = False
    on_null: bool = False
    options: SequenceOptions = SequenceOptions()
