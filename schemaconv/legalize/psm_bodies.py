"""What stands in the statements of a routine."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Block,
    Body,
    Handler,
    Program,
    Raise,
    Return,
    SelectInto,
    Sql,
)  # fmt: skip
from ..source import Span
from .psm_names import parts
from .psm_records import NOT_FOUND

if TYPE_CHECKING:
    from .context import Run


def routines_of(run: Run, word: str) -> list[Routine]:
    """The routines of the script, subprograms of packages among them, that have a name."""
    found = [run.catalog.objects[s] for s in run.relations().get(word, ())]
    return [o for o in found if isinstance(o, Routine)] + run.packages.called_by(word)


def fragments(node: object) -> list[Fragment]:
    """Every text of a routine."""
    found: list[Fragment] = []
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, Fragment):
            found.append(one)
        elif isinstance(one, (Name, QName, Span)):
            continue
        elif isinstance(one, tuple):
            stack.extend(one)
        elif is_dataclass(one):
            stack.extend(getattr(one, f.name) for f in fields(one))
    return found


def finds(body: Body) -> bool:
    """Whether a query of ``body`` may find no row, and nothing inside handles that."""
    stack: list[object] = list(body)
    while stack:
        node = stack.pop()
        match node:
            case SelectInto():
                if not one_row(node.query.output):
                    return True
            case Sql() if node.into:  # a prepared query
                return True
            case Block():
                if not any(NOT_FOUND in {n.text for n in h.conditions} for h in node.handlers):
                    stack.extend(node.body)
                stack.extend(s for h in node.handlers for s in h.body)
            case _:
                for name in ("body", "branches", "otherwise"):
                    inner = getattr(node, name, None)
                    if isinstance(inner, tuple):
                        for one in inner:
                            branch = isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], tuple)
                            stack.extend(one[1] if branch else [one])
    return False


def one_row(query: str) -> bool:
    """Whether a query always gives a row: one of sums over all that there is."""
    head = re.split(r"(?i)\bFROM\b", query, maxsplit=1)[0]
    if re.search(r"(?i)\b(GROUP|HAVING|UNION|WITH|LIMIT|OVER)\b", query) or head.upper().count("SELECT") != 1:
        return False
    return re.search(r"(?i)\b(COUNT|SUM|MIN|MAX|AVG)\(", head) is not None


def again(handler: Handler) -> bool:
    """Whether a handler hands the error on."""
    return any(isinstance(n, Raise) and n.number is None and n.name is None for n in parts(handler.body))


def no_row(at: Span) -> Handler:
    """A query without a row is an error, and no warning as MySQL has it."""
    here = Fragment("", at)
    text = replace(here, target="MESSAGE_TEXT = 'no data found', MYSQL_ERRNO = 1329")
    return Handler((Name(NOT_FOUND),), (Raise(at, number=replace(here, target="SQLSTATE '02000'"), message=text),), at)


def without_return(program: Program) -> Program:
    """A routine without a RETURN at its end, which says nothing in a procedure."""
    body = program.body
    last = body.body[-1] if body.body else None
    if program.returns is not None or not isinstance(last, Return):
        return program
    kept = replace(body, body=body.body[:-1], closing=(*last.notes.before, *body.closing))
    return replace(program, body=kept)
