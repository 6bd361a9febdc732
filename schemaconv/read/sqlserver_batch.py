"""Batches that the client runs several times ("SQL Server utilities statements - GO": GO count)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ..ir.catalog import Data, Notes, Other
from .base import Builder

#: Statements that may do something else when they run again.
_CHANGING: Final = frozenset(
    "INSERT UPDATE DELETE MERGE WITH EXEC EXECUTE DECLARE WHILE IF BEGIN FETCH".split()
)  # fmt: skip
#: Statements of a batch that can be written out again: they change rows, or nothing that stays.
_PLAIN: Final = frozenset("INSERT UPDATE DELETE MERGE WITH TRUNCATE SELECT PRINT RAISERROR WAITFOR SET USE".split())


@dataclass
class Batch:
    """The statements since the last GO: their first ``words``, and the index ``first`` of the first object."""

    first: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether a second run of the batch may do something."""
        return not _CHANGING.isdisjoint(self.words)

    def repeat(self, builder: Builder, count: int, most: int) -> bool:
        """Have the data statements of the batch run ``count`` times, in turn; whether that is all that the batch does,
        and no more than ``most`` statements."""
        found = builder.objects[self.first :]
        data = [(self.first + i, o) for i, o in enumerate(found) if isinstance(o, Data)]
        plain = _PLAIN.issuperset(self.words) and all(isinstance(o, (Data, Other)) for o in found)
        if count < 1 or not data or not plain or len(data) * count > most:
            return False
        if len(data) == 1:
            subject, only = data[0]
            builder.objects[subject] = replace(only, times=count)
            return True
        for _ in range(count - 1):
            for _, one in data:
                builder.add(replace(one, notes=Notes()))
        return True
