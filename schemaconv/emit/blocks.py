"""What the printers of stored code share: the layout of statements and branches, and statements that look alike."""

from __future__ import annotations

import re
from typing import Final

from ..ir.catalog import Notes
from ..ir.fragment import Fragment
from ..ir.routine import Block, Body, Case, Close, Fetch, If, Step, Transaction
from .printer import INDENT, Printer

_FROM: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|\b(?:FROM|UNION|WHERE|INTERSECT|EXCEPT)\b")
MODES: Final = {"in": "", "out": "OUT ", "inout": "INOUT "}


class Blocks(Printer):
    """Prints bodies; a language says how its other statements are spelled, and what an empty branch is."""

    elsif = "ELSIF"

    def block(self, block: Block, pad: str, end: str) -> list[str]:
        raise NotImplementedError

    def step(self, step: Step, pad: str) -> list[str]:
        raise NotImplementedError

    def inside(self, body: Body, pad: str) -> list[str]:
        """The statements of a branch, which must not be empty."""
        raise NotImplementedError

    def steps(self, body: Body, pad: str) -> list[str]:
        lines: list[str] = []
        for step in body:
            lines += self.above(step.notes.before, pad)
            lines += self.step(step, pad)
        return lines

    def plain(self, step: Step) -> str:
        """A statement that all languages spell alike; an error for any other."""
        match step:
            case Fetch():
                return f"FETCH {self.sql(step.cursor)} INTO {self.targets(step.into)}"
            case Close():
                return f"CLOSE {self.sql(step.cursor)}"
            case Transaction():
                return step.verb
            case _:
                raise self.wrong(f"a statement of kind {type(step).__name__}")

    def targets(self, into: tuple[Fragment, ...]) -> str:
        return ", ".join([self.sql(t) for t in into])

    def if_(self, step: If, pad: str) -> list[str]:
        lines = []
        for i, (condition, body) in enumerate(step.branches):
            lines += self.indented(f"{self.elsif if i else 'IF'} {self.bare(condition)} THEN", pad, Notes())
            lines += self.inside(body, pad + INDENT)
        if step.otherwise is not None:
            lines += [f"{pad}ELSE", *self.inside(step.otherwise, pad + INDENT)]
        return [*lines, *self.indented("END IF;", pad, step.notes)]

    def case(self, step: Case, pad: str) -> list[str]:
        operand = f" {self.sql(step.operand)}" if step.operand is not None else ""
        lines = [f"{pad}CASE{operand}"]
        inner = pad + INDENT
        for value, body in step.branches:
            lines += [f"{inner}WHEN {self.sql(value)} THEN", *self.inside(body, inner + INDENT)]
        if step.otherwise is not None:
            lines += [f"{inner}ELSE", *self.inside(step.otherwise, inner + INDENT)]
        return [*lines, f"{pad}END CASE;"]

    # -- lines ---------------------------------------------------------------------------------------------------------

    def above(self, texts: tuple[str, ...], pad: str) -> list[str]:
        return self.before(texts, pad).rstrip("\n").split("\n") if texts and self.keep_comments else []

    def indented(self, text: str, pad: str, notes: Notes) -> list[str]:
        """A statement behind ``pad``; a text literal that runs over lines keeps them as they are."""
        out = []
        inside = False
        for line in text.split("\n"):
            out.append(line if inside else f"{pad}{line}")
            inside ^= line.count("'") % 2 == 1
        out[-1] += self.after(notes.after)
        return out


def into_list(query: str, given: str) -> str:
    """A query with its INTO behind the select list, where the manuals have it."""
    depth = 0
    for found in _FROM.finditer(query):
        text = found[0]
        depth += text == "("
        depth -= text == ")"
        if depth == 0 and text[0] not in "()'\"":
            at = found.start()
            gap = "\n" if "\n" in query[:at].rstrip(" ")[-1:] else " "
            return f"{query[:at].rstrip()}{gap}{given}{gap}{query[at:]}"
    return f"{query} {given}"
