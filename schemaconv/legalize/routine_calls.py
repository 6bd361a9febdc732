"""Calls of the packages that come with the source: the target's words for them, or what to use instead."""

from __future__ import annotations

from dataclasses import replace

from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.routine import Body, Call, Dynamic, Nothing, Print, Ready, Step
from .routine_forall import Forall

_OWNERS = ("SYS", "PUBLIC")


class Supplied(Forall):
    """Adds the procedures of supplied packages."""

    def supplied(self, step: Call) -> Body | None:
        """What becomes of a call; ``None`` where it is none of a supplied package."""
        parts = [n.text for n in step.name]
        if len(parts) > 2 and parts[0] in _OWNERS:
            parts = parts[1:]
        words = ".".join(parts)
        first = step.arguments[0][1] if step.arguments else None
        if len(parts) != 2 or (parts[0] in self.records or parts[0] in self.collections):
            return None
        match words:
            case "DBMS_OUTPUT.PUT_LINE" if first is not None:
                return self.printed(step, first)
            case "DBMS_OUTPUT.PUT" if first is not None:
                self.helper("output_line", "text")
                return (Ready(step.at, step.notes, f"output_line := concat(output_line, {self.text(first).output})"),)
            case "DBMS_OUTPUT.NEW_LINE":
                return self.printed(step, None)
            case "DBMS_UTILITY.EXEC_DDL_STATEMENT" if first is not None:
                return (self.dynamic(Dynamic(step.at, step.notes, first)),)
        row = self.supplied_calls.get(words)
        if row is not None:
            return self.worded(step, words, row)
        advice = self.advice.get(parts[0])
        if advice is not None and self.ctx.find(QName(step.name[-2], step.name[-1])) is None:
            self.refuse("SC5054", step.at, clause=words, advice=advice)
            return (step,)
        return None

    def worded(self, step: Call, words: str, row: dict[str, str]) -> Body:
        text = row.get("text")
        if text is None:
            self.ctx.say("SC5053", step.at, clause=words)
            return (Nothing(step.at, step.notes),) if step.notes.before else ()
        names = row.get("parameters", "").split()
        given: dict[str, str] = {}
        for i, (name, value) in enumerate(step.arguments):
            key = name.text if name is not None else names[i] if i < len(names) else ""
            given[key] = self.text(value).output
        for i, name_ in enumerate(names, 1):
            text = text.replace(f"{{{i}}}", given.get(name_, "NULL"))
        return (Ready(step.at, step.notes, text),)

    def printed(self, step: Call, text: Fragment | None) -> Body:
        """A line, with what PUT has left in front of it."""
        done = self.text(text) if text is not None else None
        if not self.puts:
            empty = Fragment("''", step.at, target="''")
            return (Print(step.at, step.notes, done or empty),)
        self.helper("output_line", "text")
        line = f"concat(output_line, {done.output})" if done is not None else "concat(output_line)"
        return (
            Print(step.at, step.notes, replace(done or step.text, target=line)),
            Ready(step.at, text="output_line := NULL"),
        )

    def dynamic(self, step: Dynamic) -> Step:
        raise NotImplementedError
