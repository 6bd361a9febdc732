"""Row versions that the target has to be told to count: made by legalization."""

from __future__ import annotations

from dataclasses import dataclass

from .catalog import Kind, Object
from .names import Name, QName


@dataclass(frozen=True, slots=True)
class RowVersion(Object):
    """A trigger that gives ``column`` of ``table`` the next ``value``, the target's text, whenever a row changes.

    ``opened`` is the sequence that everybody must be able to draw from who may change the table.
    """

    table: QName = QName(None, Name(""))
    column: Name = Name("")
    value: str = ""
    opened: QName | None = None

    @property
    def kind(self) -> Kind:
        return "trigger"
