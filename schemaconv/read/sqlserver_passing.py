"""Tables that the script makes, fills and drops again. One that other statements read must be there until they have:
it is made, and dropped at its place among the data. Of any other nothing is left, its rows included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ..ir.catalog import Clause, Data, Object, Table
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..source import Span
from .base import Builder

#: What a statement needs to read from a table.
_READS: Final = re.compile(r"\b(?:FROM|JOIN|USING)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\[((?:[^\]]|\]\])+)\]|\"([^\"]+)\"|#*[^\W\d][\w$#@]*")
_DROPPED: Final = "drop_after_create"


@dataclass(slots=True)
class Passing:
    """Which statements read which names, and the tables that were dropped behind some that read them."""

    builder: Builder
    readers: dict[str, list[int]] = field(default_factory=dict)
    seen: int = 0
    dropped: list[tuple[int, int]] = field(default_factory=list)  # tables, and the DROP that may be printed

    def drop(self, subject: int, at: Span) -> None:
        """The script drops a table that it has made."""
        found = self.builder.get(subject, Table)
        if self._reading(subject):
            statement = Fragment(f"DROP TABLE {found.name}", at)
            place = self.builder.add(Data(found.name, at, verb="DROP", statement=statement))
            self.dropped.append((subject, place))
            self.builder.touched = subject
        else:
            self._forget(subject, found, at)

    def resolve(self) -> None:
        """Keep the tables that a statement reads whose own rows stay."""
        builder = self.builder
        homes: dict[QName, list[int]] = {}
        for subject, _ in self.dropped:
            homes.setdefault(builder.objects[subject].name, []).append(subject)
        kept: set[int] = set()

        def stays(reader: int) -> bool:
            found = builder.objects[reader]
            if isinstance(found, Table):
                return reader in kept or builder.is_there(reader)
            return builder.is_there(reader) and (found.name not in homes or bool(kept.intersection(homes[found.name])))

        grown = True
        while grown:
            grown = False
            for subject, _ in self.dropped:
                if subject in kept or not self._alone(subject):
                    continue
                if any(stays(r) for r in self._reading(subject)):
                    kept.add(subject)
                    grown = True
        for subject, place in self.dropped:
            found = builder.get(subject, Table)
            if subject in kept:
                clauses = tuple(k for k in found.clauses if k.construct != _DROPPED)
                builder.objects[subject] = replace(found, clauses=clauses)
            else:
                self._forget(subject, found, builder.objects[place].at)

    def _alone(self, subject: int) -> bool:
        """Whether no other table of the script bears the name."""
        name = self.builder.objects[subject].name
        return not any(
            isinstance(o, Table) and o.name == name for s, o in enumerate(self.builder.objects) if s != subject
        )

    def _forget(self, subject: int, found: Table, at: Span) -> None:
        """The rows go with their table."""
        for other in list(self.builder.called(found.name.name.text)):
            data = self.builder.objects[other]
            if isinstance(data, Data) and other > subject and data.name == found.name and _before(data.at, at):
                clause = Clause(_DROPPED, f"DROP TABLE {found.name}", at)
                self.builder.objects[other] = replace(data, clauses=(*data.clauses, clause))

    def _reading(self, subject: int) -> list[int]:
        """The statements behind the table that read it."""
        builder = self.builder
        for place in range(self.seen, len(builder.objects)):
            for word in _named(builder.objects[place]):
                self.readers.setdefault(word, []).append(place)
        self.seen = len(builder.objects)
        name = builder.objects[subject].name
        found = self.readers.get(name.name.text, ())
        return [r for r in found if r > subject and r < len(builder.objects) and builder.objects[r].name != name]


def _before(a: Span, b: Span) -> bool:
    return (a.file, a.start) <= (b.file, b.start)


def _named(found: Object) -> set[str]:
    """The names in a statement that reads from tables."""
    text = ""
    if isinstance(found, Data):
        text = found.statement.text
    elif isinstance(found, Table) and found.query is not None:
        text = found.query.text
    if not text or _READS.search(text) is None:
        return set()
    return {(m[1] or m[2] or m[0]).upper() for m in _WORD.finditer(text)}
