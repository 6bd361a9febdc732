"""What PL/SQL has and MySQL's stored programs have not: it is refused, or left as the translation finds it."""

from __future__ import annotations

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.routine import Body, Call, Fetch, ForRange, NamedType, Nothing, Open, Print, SelectInto, Sql, Step
from ..source import Span
from .psm_names import parts
from .routine_scope import Scope
from .routines import Coder


class PsmLimits(Coder):
    """One routine, without what other targets have words for."""

    def left_over(self, found: Routine) -> None:
        """Refuses what has no counterpart, as the author wrote it."""
        for node in parts(found.program):
            match node:
                case NamedType():
                    self.without("unread_declaration", node.at, f"TYPE {node.name}")
                case ForRange() if node.bulk:
                    self.without("forall_statement", node.at, "FORALL")
                case SelectInto() | Fetch() if node.bulk:
                    self.refuse("SC5023", node.at, clause="BULK COLLECT")
                case Sql() if node.into or node.current is not None:
                    given = ", ".join([t.text.strip() for t in node.into])
                    self.refuse("SC5021", node.at, title="RETURNING" if node.into else "CURRENT OF",
                                clause=f"INTO {given}" if node.into else str(node.current))
                case Open() if node.text is not None:
                    self.refuse("SC5033", node.at, clause="OPEN FOR")
                case _:
                    pass

    def without(self, construct: str, at: Span, text: str) -> None:
        self.ctx.say_construct(construct, at, text)
        self.stub = self.stub or "SC5021"

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        return Scope.marked(self, fragment, target)

    def cursor_state(self, cursor: str, what: str, fragment: Fragment) -> str:
        self.refuse("SC5022", fragment.at, clause=f"{cursor}%{what}")
        return ""

    def place_of(self, target: Fragment) -> Fragment:
        return self.text(target)

    def named_type(self, found: NamedType) -> None:
        """Refused already."""

    def several(self, step: Step) -> Body:
        match step:
            case ForRange() | SelectInto() | Fetch() if step.bulk:
                return (step,)
            case Sql() if step.into or step.current is not None:
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
