"""What PL/SQL tells a routine of what has happened: the error that is handled, and what a trigger is fired for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import Body, Ready, Variable
from ..ir.routine import Typed as TypedName
from ..ir.types import Type
from .routine_steps import Steps

_TOLD: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|(?<![\w$#.])(?:
    UPDATING\s*\(\s*'(?P<column>[^']+)'\s*\)
    |SQLCODE\s*(?P<operator>=|!=|<>|\^=)\s*(?P<number>[-+]?\s*\d+)(?!\w)
    |SQLCODE\s+(?P<not>NOT\s+)?IN\s*\((?P<numbers>[-+\d\s,]+)\)
    |(?P<same>SQLERRM\s*\(\s*SQLCODE\s*\))
    |(?:SYS\s*\.\s*)?DBMS_UTILITY\s*\.\s*FORMAT_ERROR_(?P<trace>BACKTRACE|STACK)\b(?:\s*\(\s*\))?)""",
    re.I | re.X,
)
_FLAG: Final = Known(Type("boolean"), True)


class States(Steps):
    """Adds states that take a condition of several words to say."""

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        def said(m: re.Match[str]) -> str:
            if m["column"] is not None:
                return f'"{self.updating(m["column"], fragment)}"'
            if m["number"] is not None:
                equal = m["operator"] == "="
                return f'"{self.error_is([m["number"]], equal, fragment)}"'
            if m["numbers"] is not None:
                return f'"{self.error_is(m["numbers"].split(","), m["not"] is None, fragment)}"'
            if m["same"] is not None or (m["trace"] or "").upper() == "STACK":
                return "SQLERRM"
            if m["trace"] is not None:
                self.traced = True
                self.helper("error_context", "text")
                return f'"{self.piece("error_context", Known(Type("varchar")))}"'
            return m[0]

        made = _TOLD.sub(said, fragment.text)
        return super().marked(fragment if made == fragment.text else replace(fragment, text=made), target)

    def updating(self, column: str, fragment: Fragment) -> str:
        table = self.found.table
        rows = self.found.program is not None and self.found.program.firing is not None and \
            self.found.program.firing.rows  # fmt: skip
        if table is None or not rows:
            self.refuse("SC5021", fragment.at, title="UPDATING of a column", clause=column)
            return self.piece("FALSE", _FLAG)
        self.ctx.say("SC5055", fragment.at, clause=column)
        own = self.ctx.profile.quoted(self.names.column(table, Name(column.upper())).text)
        return self.piece(f"(TG_OP = 'UPDATE' AND NEW.{own} IS DISTINCT FROM OLD.{own})", _FLAG)

    def error_is(self, numbers: list[str], equal: bool, fragment: Fragment) -> str:
        """Whether the error that is handled is one of those with ``numbers``."""
        states = []
        for text in numbers:
            number = int(re.sub(r"\s", "", text))
            if -20999 <= number <= -20000:
                states.append(f"'45{-20000 - number:03}'")
                continue
            name = "no_data_found" if number == 100 else self.of_number(number)
            if name.startswith("SQLSTATE "):
                states.append(name.removeprefix("SQLSTATE "))
                continue
            if name not in self.states:
                self.refuse("SC5028", fragment.at, clause=f"SQLCODE {number}")
                return self.piece("FALSE", _FLAG)
            states += [f"'{state}'" for state in self.states[name].split()]
        if len(states) == 1:
            return self.piece(f"(SQLSTATE {'=' if equal else '<>'} {states[0]})", _FLAG)
        return self.piece(f"(SQLSTATE {'IN' if equal else 'NOT IN'} ({', '.join(states)}))", _FLAG)

    def of_number(self, number: int) -> str:
        raise NotImplementedError

    def trace(self, body: Body) -> Body:
        """A handler's statements, behind the one that keeps where the error came from."""
        if not self.traced:
            return body
        self.traced = False
        return Ready(body[0].at, text="GET STACKED DIAGNOSTICS error_context = PG_EXCEPTION_CONTEXT"), *body

    def rows_renamed(self, old: Name, new: Name) -> tuple[Variable, ...]:
        """The rows of a trigger under the names that the author gives them."""
        return tuple(
            Variable(self.own(name), TypedName(raw=f"ALIAS FOR {row}"), at=self.found.at)
            for name, row in ((old, "OLD"), (new, "NEW")) if name.text != row
        )  # fmt: skip
