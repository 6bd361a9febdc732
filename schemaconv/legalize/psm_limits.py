"""What PL/SQL has and MySQL's stored programs have not: it is refused, or left as the translation finds it."""

from __future__ import annotations

import re
from typing import Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.routine import Body, Call, ForRange, Nothing, Open, Print, Sql, Step
from ..source import Span
from .psm_names import parts
from .routines import Coder

_BULK_COUNT: Final = re.compile(r"(?i)\bSQL\s*%\s*BULK_ROWCOUNT\b")


class PsmLimits(Coder):
    """One routine, without what other targets have words for."""

    def left_over(self, found: Routine) -> None:
        """Refuses what has no counterpart, as the author wrote it."""
        for node in parts(found.program):
            match node:
                case ForRange() if node.bulk and _BULK_COUNT.search(self.source()):
                    self.without("forall_statement", node.at, "FORALL")
                case Sql() if node.current is not None:
                    self.refuse("SC5021", node.at, title="CURRENT OF", clause=str(node.current))
                case Open() if node.text is not None:
                    self.refuse("SC5033", node.at, clause="OPEN FOR")
                case _:
                    pass

    def without(self, construct: str, at: Span, text: str) -> None:
        self.ctx.say_construct(construct, at, text)
        self.stub = self.stub or "SC5021"

    def source(self) -> str:
        """The author's text of the routine."""
        found = self.found
        return found.text.text or self.ctx.run.catalog.files[found.at.file].text[found.at.start : found.at.end]

    def cursor_state(self, cursor: str, what: str, fragment: Fragment) -> str:
        self.refuse("SC5022", fragment.at, clause=f"{cursor}%{what}")
        return ""

    def place_of(self, target: Fragment) -> Fragment:
        return self.text(target)

    def several(self, step: Step) -> Body:
        match step:
            case Sql() if step.current is not None:
                return (step,)
            case Open() if step.text is not None:
                return (step,)
            case _:
                return super().several(step)

    def call(self, step: Call) -> Step:
        words = ".".join(n.text for n in step.name)
        first = step.arguments[0][1] if step.arguments else None
        if words in ("DBMS_OUTPUT.PUT_LINE", "SYS.DBMS_OUTPUT.PUT_LINE") and first is not None:
            return Print(step.at, step.notes, self.text(first))
        if words in ("DBMS_OUTPUT.ENABLE", "DBMS_OUTPUT.DISABLE", "DBMS_OUTPUT.NEW_LINE"):
            return Nothing(step.at, step.notes)
        return super().call(step)
