"""A Transact-SQL routine without what its target does by itself: transactions, checks of @@ERROR.

Source: Transact-SQL reference, "@@ERROR", "BEGIN TRANSACTION", "TRY...CATCH". An error that the source would only
report ends a routine of PostgreSQL and undoes what it did, so that a check behind each statement never finds one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ..ir.routine import Block, Body, If, Loop, Nothing, Passed, Raise, Return, Step, Transaction
from ..source import Span

_FAILED: Final = re.compile(r"\s*\(*\s*(?:@@ERROR\s*(?:<>|!=|>)\s*0|0\s*(?:<>|!=|<)\s*@@ERROR)\s*\)*\s*", re.I)
_FINE: Final = re.compile(r"\s*\(*\s*(?:@@ERROR\s*=\s*0|0\s*=\s*@@ERROR)\s*\)*\s*", re.I)
_OPEN: Final = re.compile(r"\s*\(*\s*(?:@@TRANCOUNT\s*(?:>|<>|!=|>=)\s*[01]|XACT_STATE\(\)\s*(?:<>|!=)\s*0"
                          r"|XACT_STATE\(\)\s*=\s*-?1|@@TRANCOUNT\s*=\s*1)\s*\)*\s*", re.I)  # fmt: skip

Said = Callable[[str, Span], None]


def without_checks(body: Body, say: Said) -> Body:
    """``body`` without the branches that only an error would take, outside of CATCH."""
    made: list[Step] = []
    for step in body:
        match step:
            case If() if len(step.branches) == 1 and _FAILED.fullmatch(step.branches[0][0].text):
                say("SC5088", step.at)
                rest = without_checks(step.otherwise or (), say)
                made += _noted(step, rest)
            case If() if len(step.branches) == 1 and _FINE.fullmatch(step.branches[0][0].text):
                say("SC5088", step.at)
                made += _noted(step, without_checks(step.branches[0][1], say))
            case If() if len(step.branches) == 1 and step.otherwise is None and _only_ends(step):
                made += _noted(step, step.branches[0][1])
            case If() if len(step.branches) == 1 and step.otherwise is None and _only_drops(step.branches[0][1]):
                made += _noted(step, step.branches[0][1])
            case If():
                branches = tuple((c, without_checks(b, say)) for c, b in step.branches)
                otherwise = without_checks(step.otherwise, say) if step.otherwise is not None else None
                made.append(replace(step, branches=branches, otherwise=otherwise))
            case Loop():
                made.append(replace(step, body=without_checks(step.body, say)))
            case Block():
                handlers = tuple(replace(h, body=without_checks(h.body, say)) for h in step.handlers)
                made.append(replace(step, body=without_checks(step.body, say), handlers=handlers))
            case _:
                made.append(step)
    return tuple(made)


def _only_ends(step: If) -> bool:
    """``IF @@TRANCOUNT > 0 ROLLBACK``."""
    condition, body = step.branches[0]
    return _OPEN.fullmatch(condition.text) is not None and all(isinstance(s, Transaction) for s in body)


def _only_drops(body: Body) -> bool:
    """``IF OBJECT_ID('tempdb..#t') IS NOT NULL DROP TABLE #t``: a table of this call alone is made anew anyway."""
    return bool(body) and all(isinstance(s, Passed) and s.construct == "temporary_drop" for s in body)


def _noted(step: Step, body: Body) -> Body:
    """``body`` with the comments of the statement around it."""
    if not step.notes.before:
        return body
    return (Nothing(step.at, replace(step.notes, after="")), *body) if body else ()


class Transactions:
    """Takes BEGIN TRANSACTION, COMMIT and ROLLBACK out where the call is one transaction anyway."""

    def __init__(self) -> None:
        self.refused: list[Transaction] = []
        self.taken: list[Transaction] = []

    def body(self, body: Body, handler: bool = False, loop: bool = False) -> Body:
        made: list[Step] = []
        raises = any(isinstance(s, Raise) for s in body)
        for step in body:
            match step:
                case Transaction() if step.verb.startswith("ROLLBACK TO"):
                    self.refused.append(step)
                case Transaction() if loop and not handler and step.verb != "ROLLBACK":
                    self.refused.append(step)
                case Transaction() if step.verb == "ROLLBACK" and not handler and not raises:
                    self.refused.append(step)
                case Transaction():
                    self.taken.append(step)
                    if handler and step.verb == "ROLLBACK":
                        made.append(step)  # it says that the block's work is meant to go
                        continue
                    if step.notes.before:
                        made.append(Nothing(step.at, replace(step.notes, after="")))
                case If():
                    branches = tuple((c, self.body(b, handler, loop)) for c, b in step.branches)
                    otherwise = self.body(step.otherwise, handler, loop) if step.otherwise is not None else None
                    made.append(replace(step, branches=branches, otherwise=otherwise))
                case Loop():
                    made.append(replace(step, body=self.body(step.body, handler, True)))
                case Block():
                    handlers = tuple(replace(h, body=self.body(h.body, True, loop)) for h in step.handlers)
                    made.append(replace(step, body=self.body(step.body, handler, loop), handlers=handlers))
                case _:
                    made.append(step)
        return tuple(made)


# -- result sets -------------------------------------------------------------------------------------------------------

Ways = frozenset[tuple[int, bool]]
_START: Final[Ways] = frozenset({(0, False)})


def ways(body: Body, gives: Callable[[Step], int]) -> Ways:
    """How many result sets the paths through ``body`` give (two stand for more), and whether they end the routine."""
    found: set[tuple[int, bool]] = set(_START)
    for step in body:
        found = {end for way in found for end in ([way] if way[1] else _then(way[0], _ways(step, gives)))}
    return frozenset(found)


def _then(before: int, step: Ways) -> list[tuple[int, bool]]:
    return [(min(2, before + n), ends) for n, ends in step]


def _ways(step: Step, gives: Callable[[Step], int]) -> Ways:
    match step:
        case Return():
            return frozenset({(0, True)})
        case Raise():  # RAISERROR of a low severity goes on
            return frozenset({(0, step.name is None or step.name.text != "RAISERROR")})
        case If():
            parts = [ways(b, gives) for _, b in step.branches]
            parts.append(ways(step.otherwise, gives) if step.otherwise is not None else _START)
            return frozenset().union(*parts)
        case Loop():
            inside = ways(step.body, gives)
            return frozenset({(2 if n else 0, False) for n, _ in inside} | inside | _START)
        case Block():
            inside = ways(step.body, gives)
            for handler in step.handlers:
                inside = inside | ways(handler.body, gives)
            return inside
        case _:
            return frozenset({(gives(step), False)})


def every(body: Body) -> list[Step]:
    """All statements, those inside of others included."""
    found: list[Step] = []
    for step in body:
        found.append(step)
        match step:
            case If():
                for _, inner in step.branches:
                    found += every(inner)
                found += every(step.otherwise or ())
            case Loop():
                found += every(step.body)
            case Block():
                found += every(step.body)
                for handler in step.handlers:
                    found += every(handler.body)
            case _:
                pass
    return found


