"""Which associative arrays of a routine are filled from one upwards without gaps, so that they can be arrays.

The answer is proved from the statements that write elements; where it cannot be, the collection becomes a map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Fetch,
    ForRange,
    If,
    Leave,
    NamedType,
    SelectInto,
    Step,
    Variable,
)
from ..source import Span
from .routine_walk import bodies, every

_ELEMENT: Final = re.compile(r"\s*(?:[\w$#]+\s*\.\s*)?(\w[\w$#]*)\s*\((.*)\)\s*(?:\.\s*\w+\s*)?", re.S)


def sparse(block: Block) -> frozenset[str]:
    """Names of the types of associative arrays that may have gaps."""
    blocks = [block, *(s for s in every(block.body) if isinstance(s, Block))]
    types = {d.name.text for b in blocks for d in b.declarations if isinstance(d, NamedType) and d.form == "index"}
    if not types:
        return frozenset()
    of: dict[str, str] = {}
    for one in blocks:
        for d in one.declarations:
            if isinstance(d, Variable):
                user = d.type.type.user
                if user is not None and user.name.text in types:
                    of[d.name.text] = user.name.text
    return sparse_among(block, of)


def sparse_among(block: Block, of: dict[str, str]) -> frozenset[str]:
    """Those of the collections ``of``, variables with what they are known by, that may have gaps."""
    blocks = [block, *(s for s in every(block.body) if isinstance(s, Block))]
    starts: dict[str, str] = {}
    for one in blocks:
        for d in one.declarations:
            if isinstance(d, Variable) and d.name.text not in of and d.default is not None:
                starts[d.name.text] = d.default.text.strip()
    finder = _Finder(of, starts)
    finder.body((block,), None, False)
    finder.counted((block,))
    for step in every((block,)):
        if isinstance(step, Call) and step.name[-1].text == "DELETE" and step.arguments:
            finder.bad.add(step.name[-2].text)
    return frozenset(of[name] for name in finder.result() if name in of)


class _Finder:
    def __init__(self, of: dict[str, str], starts: dict[str, str]) -> None:
        self.of = of
        self.starts = starts
        self.bad: set[str] = set()
        self.constants: dict[str, list[int]] = {}
        self.steps: dict[tuple[str, str], set[Span]] = {}  # collection and counter -> steps beside a write

    def result(self) -> Iterator[str]:
        for name, numbers in self.constants.items():
            if sorted(set(numbers)) != list(range(1, len(set(numbers)) + 1)) or numbers != sorted(numbers):
                self.bad.add(name)
        yield from self.bad

    def body(self, body: Body, loop: ForRange | None, doubtful: bool) -> None:
        for i, step in enumerate(body):
            for target in _written(step):
                if (m := _ELEMENT.fullmatch(target)) is not None and m[1].upper() in self.of:
                    self.write(m[1].upper(), re.sub(r"\s", "", m[2]).upper(), body, i, loop, doubtful)
            for inner in bodies(step):
                if isinstance(step, ForRange):
                    skips = any(isinstance(s, Leave) and s.again for s in every(inner))
                    self.body(inner, None if skips else step, True)
                else:
                    inside = doubtful or not isinstance(step, Block)
                    self.body(inner, None if isinstance(step, If) else loop, inside)

    def write(self, name: str, at: str, body: Body, i: int, loop: ForRange | None, doubtful: bool) -> None:
        if at in (f"{name}.COUNT+1", f"{name}.COUNT()+1", f"NVL({name}.LAST,0)+1"):
            return
        if at.isdigit() and not doubtful:
            self.constants.setdefault(name, []).append(int(at))
            return
        if loop is not None and at == loop.variable.text and _from_one(loop):
            return
        step = _increment(body[:i][::-1], at) if self.starts.get(at) == "0" else None
        if step is None and self.starts.get(at) == "1":
            step = _increment(body[i + 1 :], at)
        if step is None:
            self.bad.add(name)
        else:
            self.steps.setdefault((name, at), set()).add(step.at)

    def counted(self, whole: Body) -> None:
        """A counter proves its collection where every step of it goes with an element, and nothing else moves it."""
        for (name, counter), places in self.steps.items():
            start = self.starts[counter]
            for step in every(whole):
                if _counts(step, counter):
                    fine = step.at in places
                elif isinstance(step, Assign) and step.target.text.strip().upper() == counter:
                    fine = step.value.text.strip() == start
                elif isinstance(step, Call):
                    fine = all(value.text.strip().upper() != counter for _, value in step.arguments)
                else:
                    fine = all(target.strip().upper() != counter for target in _written(step))
                if not fine:
                    self.bad.add(name)
                    break


def _from_one(loop: ForRange) -> bool:
    low = re.sub(r"\s", "", loop.low.text).upper()
    return low == "1" or low.endswith(".FIRST")


def _written(step: Step) -> list[str]:
    match step:
        case Assign():
            return [step.target.text]
        case SelectInto() | Fetch():
            return [f.text for f in step.into]
        case _:
            return []


def _counts(step: Step, name: str) -> bool:
    return (
        isinstance(step, Assign)
        and step.target.text.strip().upper() == name
        and re.sub(r"\s", "", step.value.text).upper() == f"{name}+1"
    )


def _increment(body: Body, name: str) -> Step | None:
    """The step of a counter next to a write, with nothing but assignments between."""
    for step in body:
        if _counts(step, name):
            return step
        if not isinstance(step, Assign):
            return None
    return None
