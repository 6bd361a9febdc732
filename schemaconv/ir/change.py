"""Changes of tables that the script does not define."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Span
from .catalog import Kind, Object
from .fragment import Fragment
from .names import Name
from .types import UNKNOWN, Type


@dataclass(frozen=True, slots=True)
class Action:
    """``verb`` is drop_column, drop_constraint, drop_default, set_default or retype; ``name`` is a column's, or a
    constraint's. ``called`` is the name that the source gives a default; ``lenient`` forgives that a thing is not
    there."""

    verb: str
    name: Name
    at: Span
    type: Type = UNKNOWN
    not_null: bool = False
    default: Fragment | None = None
    called: Name | None = None
    lenient: bool = False
    cast: bool = False  # set by legalization: the target must be told how an old value becomes one of the new type


@dataclass(frozen=True, slots=True)
class Change(Object):
    """An ALTER TABLE that cannot be folded into a table of the script."""

    actions: tuple[Action, ...] = ()

    @property
    def kind(self) -> Kind:
        return "table"
