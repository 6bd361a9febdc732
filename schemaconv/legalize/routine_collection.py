"""What is known of a collection of a routine or of a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..ir.fragment import Known


@dataclass(frozen=True, slots=True)
class Collection:
    """``key`` is empty for arrays, else the kind of a map's keys: "number" or "text". ``fields`` are those of elements
    that are records; ``element`` is what others are. ``spelled`` is the type of an element on the target."""

    element: Known
    spelled: str
    fields: Mapping[str, Known] | None = None
    record: bool = False
    key: str = ""
