"""Identifiers."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """One identifier in its engine's canonical case.

    ``text`` is folded already: an unquoted Oracle ``emp`` is ``EMP``, a quoted ``"Emp"`` stays ``Emp``. ``folded``
    says that the engine's own folding would give the same text again, so that nobody meant its case: only then may
    a target fold it its own way. After legalization ``text`` is the target's exact spelling.
    """

    text: str
    folded: bool = True

    def __str__(self) -> str:
        return self.text


class QName(NamedTuple):
    """An identifier with its schema, where the script gave one. ``link`` is the database link behind ``@``."""

    schema: Name | None
    name: Name
    link: str = ""

    def __str__(self) -> str:
        return f"{self.schema.text}.{self.name.text}" if self.schema else self.name.text

    @property
    def key(self) -> tuple[str, str]:
        """What tells two objects of one name space apart: schema (empty if none) and name."""
        return (self.schema.text if self.schema else "", self.name.text)


def qname(name: str, schema: str = "") -> QName:
    """A folded qualified name: for tests and for generated objects."""
    return QName(Name(schema) if schema else None, Name(name))
