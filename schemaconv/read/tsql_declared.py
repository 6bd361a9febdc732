"""What the statements of a Transact-SQL routine declare: its scope is the whole routine, wherever DECLARE stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ir.names import Name
from ..ir.routine import CursorVariable, Variable


@dataclass
class Declared:
    variables: list[Variable] = field(default_factory=list)
    cursors: list[CursorVariable] = field(default_factory=list)
    tables: list[Name] = field(default_factory=list)

    def variable(self, found: Variable) -> None:
        if all(v.name != found.name for v in self.variables):
            self.variables.append(found)
