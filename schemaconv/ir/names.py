"""Identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..source import Span


class Name(NamedTuple):
    """One identifier in its engine's canonical case.

    ``text`` is folded already: an unquoted Oracle ``emp`` is ``EMP``, a quoted ``"Emp"`` stays ``Emp``. Engines that
    ignore case give capitals for every spelling. ``folded`` says that the engine's own folding would give the same
    text again, so that nobody meant its case: only then may a target fold it its own way. ``written`` is the author's
    spelling where ``text`` is another; it is shown and never compared. After legalization ``text`` is the target's
    exact spelling.
    """

    text: str
    folded: bool = True
    written: str = ""

    def __str__(self) -> str:
        return self.written or self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self[0] == other[0] and self[1] == other[1]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[0])


class QName(NamedTuple):
    """An identifier with its schema, where the script gave one. ``link`` is the database link behind ``@``."""

    schema: Name | None
    name: Name
    link: str = ""

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else str(self.name)

    @property
    def key(self) -> tuple[str, str]:
        """What tells two objects of one name space apart: schema (empty if none) and name."""
        return (self.schema.text if self.schema else "", self.name.text)


def qname(name: str, schema: str = "") -> QName:
    """A folded qualified name: for tests and for generated objects."""
    return QName(Name(schema) if schema else None, Name(name))


@dataclass(frozen=True, slots=True)
class Renaming:
    """A table or view called ``old`` got the name ``new`` by the statement ``at``."""

    old: QName
    new: QName
    at: Span

    def concerns(self, name: QName, at: Span) -> bool:
        """Whether this comes behind ``at`` and is about what is called ``name`` there."""
        behind = (at.file, at.start) < (self.at.file, self.at.start)
        return behind and (self.old.schema == name.schema or None in (self.old.schema, name.schema))


def now(name: QName, at: Span, renamings: Mapping[str, tuple[Renaming, ...]]) -> QName:
    """The last name of what the statement ``at`` calls ``name``; ``renamings`` by old name, in their order."""
    known = renamings.get(name.name.text, ())
    while (later := next((r for r in known if r.concerns(name, at)), None)) is not None:
        name, at = later.new, later.at
        known = renamings.get(name.name.text, ())
    return name
