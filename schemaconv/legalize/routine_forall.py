"""FORALL: one statement for each element of a collection, perhaps with its errors saved."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Condition,
    Count,
    ForRange,
    Handler,
    If,
    Nothing,
    Print,
    Program,
    Raise,
    Ready,
    Step,
)  # fmt: skip
from ..ir.types import Type
from .psm_bodies import fragments
from .routine_bulk import Bulk
from .routine_walk import every, mapped

_BOUND: Final = re.compile(r"\s*(\w[\w$#]*)\s*\.\s*(FIRST|LAST|COUNT)\s*(?:\(\s*\))?\s*", re.I)
_SAVED: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*
    |SQLERRM\s*\(\s*-\s*(?P<group>\(\s*)?SQL\s*%\s*BULK_EXCEPTIONS\s*\(\s*(?P<message>\w+)\s*\)
        \s*\.\s*ERROR_CODE\s*(?(group)\)\s*)\)
    |SQL\s*%\s*BULK_EXCEPTIONS\s*\(\s*(?P<index>\w+)\s*\)\s*\.\s*ERROR_INDEX\b
    |SQL\s*%\s*BULK_EXCEPTIONS\s*\.\s*(?P<count>COUNT)\b(?:\s*\(\s*\))?""",
    re.I | re.X,
)
_ERRORS: Final = "-24381"


def caught(program: Program) -> Program:
    """Handlers of what FORALL ... SAVE EXCEPTIONS raises at the end of their block become statements behind it: as
    handlers they would undo the rows for which all went well."""
    blocks = [s for s in every((program.body,)) if isinstance(s, Block)]
    errors = {d.name.text for b in blocks for d in b.declarations
              if isinstance(d, Condition) and d.number == int(_ERRORS)}  # fmt: skip

    def changed(step: Step) -> Body:
        if not isinstance(step, Block) or len(step.handlers) != 1 or not step.body:
            return (step,)
        loop, handler = step.body[-1], step.handlers[0]
        if not isinstance(loop, ForRange) or not loop.saves or not handler.body or _asks(handler.body):
            return (step,)
        names = {n.text for n in handler.conditions}
        alone = all(isinstance(s, (Assign, Nothing, Print)) for s in step.body[:-1])
        if not (names <= errors if names else alone):
            return (step,)
        return (replace(step, body=(*step.body[:-1], replace(loop, caught=handler.body)), handlers=()),)

    (body,) = mapped((program.body,), changed) if any(isinstance(s, ForRange) and s.saves for s in every(
        (program.body,))) else (program.body,)  # fmt: skip
    assert isinstance(body, Block)
    return replace(program, body=body) if body is not program.body else program


def _asks(body: Body) -> bool:
    """Whether statements speak of the error that is handled, other than by RAISE at their end."""
    steps = list(every(body))
    if any(isinstance(s, Raise) and s.name is None for s in steps if s is not body[-1]):
        return True
    texts = [_SAVED.sub("", f.text) for s in steps for f in fragments(s)]
    return any(re.search(r"(?i)\bSQL(ERRM|CODE)\b|FORMAT_ERROR", text) for text in texts)


class Forall(Bulk):
    """Adds FORALL to the statements over collections."""

    def for_range(self, step: ForRange) -> ForRange:
        raise NotImplementedError

    def forall(self, step: ForRange) -> Body:
        """A loop that runs not at all over an empty collection, and counts the rows of all its statements."""
        inner = step.body[0]
        step = self.over(step) if step.over else self.from_first(step)
        counts = inner.at in self.counted
        self.counted -= {inner.at}
        loop = self.for_range(step)
        before: tuple[Step, ...] = ()
        behind: tuple[Step, ...] = ()
        if counts:
            self.helper("forall_rows", "integer")
            before = (Ready(step.at, text="sql_rowcount := 0"),)
            more: Body = (
                Count(step.at, variable=Name("forall_rows")),
                Ready(step.at, text="sql_rowcount := sql_rowcount + forall_rows"),
            )
            loop = replace(loop, body=(*loop.body, *more))
        if step.saves:
            loop = self.saved(loop)
            empty = ("forall_errors := '{}'", "forall_messages := '{}'")
            before = (*before, *(Ready(step.at, text=text) for text in empty))
            behind = (self.raised_at_end(step),)
        return *before, loop, *behind

    def saved(self, loop: ForRange) -> ForRange:
        """A loop that keeps the place and the message of each error, and goes on."""
        self.helper("forall_errors", "integer[]")
        self.helper("forall_messages", "text[]")
        variable = self.ctx.profile.quoted(loop.variable.text)
        kept = (
            Ready(loop.at, text=f"forall_errors := array_append(forall_errors, {variable})"),
            Ready(loop.at, text="forall_messages := array_append(forall_messages, SQLERRM)"),
        )
        return replace(loop, body=(Block(loop.at, body=loop.body, handlers=(Handler((), kept, loop.at),)),))

    def raised_at_end(self, step: ForRange) -> Step:
        here = Fragment("", step.at)
        state = self.of_number(int(_ERRORS)).removeprefix("SQLSTATE ")
        message = replace(here, target="'error(s) in array DML'")
        error = Raise(step.at, number=replace(here, target=state), message=message)
        condition = replace(here, target="cardinality(forall_errors) > 0")
        if not step.caught:
            return If(step.at, branches=((condition, (error,)),))
        again = isinstance(step.caught[-1], Raise) and step.caught[-1].name is None
        done = self.steps(step.caught[:-1] if again else step.caught)
        return If(step.at, branches=((condition, (*done, error) if again else done),))

    def over(self, step: ForRange) -> ForRange:
        """INDICES OF a collection, or VALUES OF one of numbers."""
        name = step.low.text.strip().upper()
        own = self.collections.get(name)
        if own is None:
            self.refuse("SC5051", step.at, clause=f"FORALL over {step.low.text.strip()}")
            return step
        one = replace(step.low, text="1")
        if step.over == "indices" and not own.key:
            return replace(step, low=one, high=replace(step.low, text=f"{step.low.text.strip()}.COUNT"))
        place = self.spelling(name)
        if step.over == "indices":
            keys = f"jsonb_object_keys({place}) AS keys (each_key) ORDER BY 1"
            text = f"ARRAY(SELECT keys.each_key::integer FROM {keys})"
        elif own.key:
            pairs = f"jsonb_each_text({place}) AS pairs ORDER BY pairs.key::integer"
            text = f"ARRAY(SELECT pairs.value::integer FROM {pairs})"
        else:
            text = place
        return replace(step, low=one, high=one, each=replace(step.low, target=text))

    def from_first(self, step: ForRange) -> ForRange:
        high = _BOUND.fullmatch(step.high.text)
        low = _BOUND.fullmatch(step.low.text)
        if low is not None and high is not None and low[1].upper() == high[1].upper() and low[2].upper() == "FIRST":
            own = self.collections.get(low[1].upper())
            if own is not None and not own.key:
                return replace(step, low=replace(step.low, text="1"),
                               high=replace(step.high, text=f"{low[1]}.COUNT"))  # fmt: skip
        return step

    def proves(self, step: ForRange) -> set[tuple[str, str]]:
        """Collections whose elements are there under the variable of a loop."""
        high = _BOUND.fullmatch(step.high.text)
        low = re.sub(r"\s", "", step.low.text).upper()
        if high is None or not (low == "1" or low == f"{high[1].upper()}.FIRST"):
            return set()
        own = self.collections.get(high[1].upper())
        return {(high[1].upper(), step.variable.text)} if own is not None and not own.key else set()

    # -- errors that were saved ----------------------------------------------------------------------------------------

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        if "BULK_EXCEPTIONS" not in fragment.text.upper():
            return super().marked(fragment, target)

        def said(m: re.Match[str]) -> str:
            if m["count"] is not None:
                return f'"{self.piece("cardinality(forall_errors)", Known(Type("integer"), True))}"'
            index = m["message"] or m["index"]
            if index is None:
                return m[0]
            place = index if index.isdigit() else self.spelling(index.upper())
            known = Known(Type("varchar" if m["message"] else "integer"))
            array = "forall_messages" if m["message"] else "forall_errors"
            return f'"{self.piece(f"{array}[{place}]", known)}"'

        self.helper("forall_errors", "integer[]")
        self.helper("forall_messages", "text[]")
        text = _SAVED.sub(said, fragment.text)
        return super().marked(replace(fragment, text=text), target)

    def of_number(self, number: int) -> str:
        raise NotImplementedError
