"""A Transact-SQL routine without what its target does by itself: transactions, checks of @@ERROR.

Source: Transact-SQL reference, "@@ERROR", "BEGIN TRANSACTION", "TRY...CATCH". An error that the source would only
report ends a routine of PostgreSQL and undoes what it did, so that a check behind each statement never finds one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Dynamic,
    Fetch,
    If,
    Loop,
    Nothing,
    Opaque,
    Passed,
    Raise,
    Return,
    ReturnQuery,
    SelectInto,
    Sql,
    Step,
    Taken,
    Temporary,
    Transaction,
)  # fmt: skip
from ..source import Span
from .routine_walk import mapped

_FAILED: Final = re.compile(r"\s*\(*\s*(?:@@ERROR\s*(?:<>|!=|>)\s*0|0\s*(?:<>|!=|<)\s*@@ERROR)\s*\)*\s*", re.I)
_FINE: Final = re.compile(r"\s*\(*\s*(?:@@ERROR\s*=\s*0|0\s*=\s*@@ERROR)\s*\)*\s*", re.I)
_SIGNED: Final = re.compile(r"\s*\(*\s*(@\w+)\s*(<>|!=|=|>)\s*0\s*\)*\s*")
_OPEN: Final = re.compile(r"\s*\(*\s*(?:@@TRANCOUNT\s*(?:>|<>|!=|>=)\s*[01]|XACT_STATE\(\)\s*(?:<>|!=)\s*0"
                          r"|XACT_STATE\(\)\s*=\s*-?1|@@TRANCOUNT\s*=\s*1)\s*\)*\s*", re.I)  # fmt: skip

Said = Callable[[str, Span], None]


def never_set(body: Body) -> frozenset[str]:
    """Variables, in capitals, that only take @@ERROR outside of CATCH: they are always 0."""
    found: dict[str, bool] = {}
    for step in every(body):
        match step:
            case Assign():
                name = step.target.text.strip().upper()
                value = step.value.text.strip(" ()").upper()
                found[name] = found.get(name, True) and value in ("@@ERROR", "0")
            case SelectInto() | Fetch():
                found |= {t.text.strip().upper(): False for t in step.into}
            case Call():
                given = [a for _, a in step.arguments] + ([step.returned] if step.returned is not None else [])
                found |= {a.text.strip().upper(): False for a in given}
            case Block() if step.handlers:
                inside = [s for h in step.handlers for s in every(h.body) if isinstance(s, Assign)]
                found |= {s.target.text.strip().upper(): False for s in inside}
            case _:
                pass
    return frozenset(name for name, holds in found.items() if holds)


def _test(step: If, zero: frozenset[str]) -> str:
    """Whether an IF asks for an error (``failed``) or for none (``fine``)."""
    if len(step.branches) != 1:
        return ""
    text = step.branches[0][0].text
    signed = _SIGNED.fullmatch(text)
    if signed is not None and signed[1].upper() in zero:
        return "fine" if signed[2] == "=" else "failed"
    return "failed" if _FAILED.fullmatch(text) else "fine" if _FINE.fullmatch(text) else ""


def without_checks(body: Body, say: Said, zero: frozenset[str] = frozenset()) -> Body:
    """``body`` without the branches that only an error would take, outside of CATCH; ``zero`` are variables that
    never hold one."""
    made: list[Step] = []
    for step in body:
        match step:
            case If() if _test(step, zero) == "failed":
                say("SC5088", step.at)
                rest = without_checks(step.otherwise or (), say, zero)
                made += _noted(step, rest)
            case If() if _test(step, zero) == "fine":
                say("SC5088", step.at)
                made += _noted(step, without_checks(step.branches[0][1], say, zero))
            case If() if len(step.branches) == 1 and step.otherwise is None and _only_ends(step):
                made += _noted(step, step.branches[0][1])
            case If() if len(step.branches) == 1 and step.otherwise is None and _only_drops(step.branches[0][1]):
                made += _noted(step, step.branches[0][1])
            case If():
                branches = tuple((c, without_checks(b, say, zero)) for c, b in step.branches)
                otherwise = without_checks(step.otherwise, say, zero) if step.otherwise is not None else None
                made.append(replace(step, branches=branches, otherwise=otherwise))
            case Loop():
                made.append(replace(step, body=without_checks(step.body, say, zero)))
            case Block():
                handlers = tuple(replace(h, body=without_checks(h.body, say)) for h in step.handlers)
                made.append(replace(step, body=without_checks(step.body, say, zero), handlers=handlers))
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
        self.safe: set[str] = set()  # savepoints behind which nothing was changed yet

    def body(self, body: Body, handler: bool = False, loop: bool = False) -> Body:
        made: list[Step] = []
        raises = any(isinstance(s, Raise) for s in body)
        for step in body:
            match step:
                case Transaction() if step.verb.startswith("SAVE "):
                    self.safe.add(step.verb.removeprefix("SAVE "))
                    self.taken.append(step)
                case Transaction() if step.verb.startswith("ROLLBACK TO ") and handler:
                    if step.verb.removeprefix("ROLLBACK TO ") not in self.safe:
                        self.refused.append(step)
                    made.append(replace(step, verb="ROLLBACK"))
                case Transaction() if step.verb.startswith("ROLLBACK TO"):
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
                    before = self.safe | _first_saved(step.body)
                    inner = self.body(step.body, handler, loop)
                    self.safe = before
                    handlers = tuple(replace(h, body=self.body(h.body, True, loop)) for h in step.handlers)
                    self.safe = set()
                    made.append(replace(step, body=inner, handlers=handlers))
                case _:
                    if isinstance(step, (Sql, Call, Dynamic)):
                        self.safe = set()
                    made.append(step)
        return tuple(made)


def _first_saved(body: Body) -> set[str]:
    """Savepoints that a block makes before it changes anything."""
    found: set[str] = set()
    for step in every(body):
        if isinstance(step, (Sql, Call, Dynamic)):
            break
        if isinstance(step, Transaction) and step.verb.startswith("SAVE "):
            found.add(step.verb.removeprefix("SAVE "))
    return found


def named_whole(body: Body) -> Body:
    """``body`` with ROLLBACK for those that name a transaction and no savepoint."""
    saved = {s.verb.removeprefix("SAVE ") for s in every(body)
             if isinstance(s, Transaction) and s.verb.startswith("SAVE ")}  # fmt: skip

    def whole(step: Step) -> Body:
        if isinstance(step, Transaction) and step.verb.startswith("ROLLBACK TO "):
            if step.verb.removeprefix("ROLLBACK TO ") not in saved:
                return (replace(step, verb="ROLLBACK"),)
        return (step,)

    return mapped(body, whole)


_LIMIT: Final = re.compile(r"(?is)\s*SET\s+ROWCOUNT\s+(\d+|@\w+)\s*;?\s*")
_SELECT: Final = re.compile(r"(?is)(\s*SELECT\s+(?:ALL\s+|DISTINCT\s+)?)(?!TOP\b)")


#: The order of a whole union: nothing but names or numbers of columns stands behind it.
_ORDERED: Final = re.compile(
    r"(?i)\bORDER\s+BY\s+[\w\[\].]+(?:\s+(?:ASC|DESC))?(?:\s*,\s*[\w\[\].]+(?:\s+(?:ASC|DESC))?)*\s*;?\s*\Z"
)


def limited(body: Body) -> tuple[Body, bool]:
    """``body`` with TOP in its queries for SET ROWCOUNT, as far as that goes; whether it went all the way."""
    made: list[Step] = []
    limit, fits = "", True
    for step in body:
        setting = _LIMIT.fullmatch(step.text.text) if isinstance(step, Opaque) else None
        if setting is not None:
            limit = "" if setting[1] == "0" else setting[1]
            limit = f"NULLIF({limit}, 0)" if limit[:1] == "@" else limit  # 0 is no limit
            if step.notes.before:
                made.append(Nothing(step.at, replace(step.notes, after="")))
            continue
        if not limit:
            made.append(step)
            continue
        changed = mapped((step,), partial(_topped, limit=limit))[0]
        fits = fits and all(_within(s, limit) for s in every((changed,)))
        made.append(changed)
    return tuple(made), fits


def _topped(step: Step, limit: str) -> Body:
    if not isinstance(step, ReturnQuery):
        return (step,)
    if re.search(r"(?i)\b(?:UNION|EXCEPT|INTERSECT)\b", step.query.text):
        if not _ORDERED.search(step.query.text):
            return (step,)
        fetched = f"{step.query.text.rstrip().rstrip(';')} {_fetch(limit)}"
        return (replace(step, query=replace(step.query, text=fetched)),)
    text = _SELECT.sub(rf"\1TOP ({limit}) ", step.query.text, count=1)
    return (replace(step, query=replace(step.query, text=text)),)


def _fetch(limit: str) -> str:
    return f"OFFSET 0 ROWS FETCH NEXT {limit} ROWS ONLY"


def _within(step: Step, limit: str) -> bool:
    """Whether the limit holds for a statement, or is nothing to it."""
    if isinstance(step, ReturnQuery):
        return f"TOP ({limit})" in step.query.text or step.query.text.endswith(_fetch(limit))
    return not isinstance(step, (Sql, SelectInto, Temporary, Dynamic, Call, Taken))


# -- result sets -------------------------------------------------------------------------------------------------------

Ways = frozenset[tuple[int, bool]]
_START: Final[Ways] = frozenset({(0, False)})


def ways(body: Body, gives: Callable[[Step], int], most: int = 2) -> Ways:
    """How many result sets the paths through ``body`` give (``most`` stands for more), and whether they end the
    routine."""
    found: set[tuple[int, bool]] = set(_START)
    for step in body:
        found = {
            end for way in found for end in ([way] if way[1] else _then(way[0], _ways(step, gives, most), most))
        }
    return frozenset(found)


def _then(before: int, step: Ways, most: int) -> list[tuple[int, bool]]:
    return [(min(most, before + n), ends) for n, ends in step]


def _ways(step: Step, gives: Callable[[Step], int], most: int) -> Ways:
    match step:
        case Return():
            return frozenset({(0, True)})
        case Raise():  # RAISERROR of a low severity goes on
            return frozenset({(0, step.name is None or step.name.text != "RAISERROR")})
        case If():
            parts = [ways(b, gives, most) for _, b in step.branches]
            parts.append(ways(step.otherwise, gives, most) if step.otherwise is not None else _START)
            return frozenset().union(*parts)
        case Loop():
            inside = ways(step.body, gives, most)
            return frozenset({(most if n else 0, False) for n, _ in inside} | inside | _START)
        case Block():
            inside = ways(step.body, gives, most)
            for handler in step.handlers:
                inside = inside | ways(handler.body, gives, most)
            return inside
        case _:
            return frozenset({(gives(step), False)})


def numbered(body: Body, gives: Callable[[Step], int]) -> dict[Span, int]:
    """The number that the (first) result of each statement gets: behind all that any path may give before it. What a
    handler gives takes the places of what its block gave, which is undone."""
    found: dict[Span, int] = {}

    def walk(steps: Body, before: int) -> int:
        for step in steps:
            match step:
                case If():
                    ends = [walk(b, before) for _, b in step.branches]
                    before = max([*ends, walk(step.otherwise or (), before)])
                case Block():
                    ends = [walk(step.body, before), *(walk(h.body, before) for h in step.handlers)]
                    before = max(ends)
                case Loop():
                    before = walk(step.body, before)
                case _ if (count := gives(step)) > 0:
                    found[step.at] = before + 1
                    before += count
                case _:
                    pass
        return before

    walk(body, 0)
    return found


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


