"""FETCH that finds no row: variables keep their values in the source, and become NULL on the target.

PL/SQL Language Reference 19c, "FETCH Statement"; PostgreSQL, "Using Cursors" of PL/pgSQL. That matters where a variable
is read behind the loop that the missing row ends, or behind a FETCH that no EXIT follows.
"""

from __future__ import annotations

import re

from ..ir.routine import Block, Body, Fetch, ForQuery, ForRange, Leave, Loop, Step
from ..source import Span
from .psm_bodies import fragments
from .routine_walk import bodies


def read_behind(block: Block) -> frozenset[Span]:
    """The places of FETCH statements whose variables are read where their values count."""
    found: set[Span] = set()
    _visit((block,), (), found)
    return frozenset(found)


def _visit(body: Body, behind: tuple[Step, ...], found: set[Span]) -> None:
    for i, step in enumerate(body):
        rest = body[i + 1 :]
        if isinstance(step, Fetch):
            if not step.bulk and _mentions(step, (*(() if _leaves(rest) else rest), *behind)):
                found.add(step.at)
            continue
        loop = isinstance(step, (Loop, ForRange, ForQuery))
        for inner in bodies(step):
            again = inner if loop and not _left_behind_fetch(inner) else ()
            _visit(inner, (*again, *rest, *behind), found)


def _leaves(rest: Body) -> bool:
    """Whether what follows leaves the loop where no row was found."""
    first = rest[0] if rest else None
    return isinstance(first, Leave) and not first.again and first.when is not None and \
        re.search(r"(?i)%\s*NOTFOUND\b", first.when.text) is not None  # fmt: skip


def _left_behind_fetch(body: Body) -> bool:
    return all(_leaves(body[i + 1 :]) for i, s in enumerate(body) if isinstance(s, Fetch))


def _mentions(step: Fetch, behind: tuple[Step, ...]) -> bool:
    names = {re.split(r"[.(]", t.text.strip(), maxsplit=1)[0].strip().strip('"') for t in step.into}
    pattern = re.compile(rf"(?i)(?<![\w$#.])(?:{'|'.join(re.escape(n) for n in names)})(?![\w$#])")
    return any(pattern.search(f.text) for f in fragments(behind))
