"""Triggers where one is for one event and one row: a program for each event of the author's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.routine import Assign, Block, Body, Case, Firing, ForQuery, ForRange, If, Loop, Program, Sql, Step, Variable
from .psm_names import mapped, parts

if TYPE_CHECKING:
    from .context import Context

_PREDICATE: Final = re.compile(
    r"(?i)'(?:[^']|'')*'|\b(INSERTING|DELETING|UPDATING)\b(?:\s*\(\s*'([^']+)'\s*\))?"
)
CHANGED: Final = re.compile(r'"%CHANGED_(\w+)"')
_LEADING: Final = re.compile(r"(?is)\s*(TRUE|FALSE)\s+AND\s+(.*)")
_CONSTANT: Final = re.compile(r"\s*(?:'(?:[^']|'')*'|[\d.]+|NULL|TRUE|FALSE)\s*", re.I)
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'")
_WORDS: Final = re.compile(r"(?i)[\s()]|\b(?:AND|OR|NOT|TRUE|FALSE)\b")
_CHANGED: Final = re.compile(
    r"""(?i)\s*(?:INSERT\s+(?:INTO\s+)?|UPDATE\s+|DELETE\s+(?:FROM\s+)?|MERGE\s+INTO\s+)((?:"?[\w$#]+"?\.)?"?[\w$#]+"?)"""
)


def events(found: Routine, program: Program, ctx: Context) -> list[Program]:
    """The program itself, or one for each event of a trigger, without the branches that are for others."""
    firing = program.firing
    if firing is None:
        return [program]
    if firing.timing == "instead of" or not firing.rows:
        ctx.say("SC5081", found.at, clause="INSTEAD OF" if firing.rows else "a trigger for each statement")
        ctx.stub = "SC5081"
        return [program]
    own = found.table.name.text if found.table is not None else ""
    for node in parts(program):
        if isinstance(node, Sql) and (m := _CHANGED.match(node.statement.text)) is not None:
            if m[1].rpartition(".")[2].upper().strip('"') == own:
                ctx.say("SC5082", node.at, clause=own)
                ctx.stub = "SC5082"
        elif isinstance(node, Assign) and firing.timing == "after" and _is_new(node.target, firing):
            ctx.say("SC5081", node.at, clause="a change of NEW in an AFTER trigger")
            ctx.stub = "SC5081"
    return [_for(event, program, firing, ctx, found) for event in firing.events]


def _is_new(target: Fragment, firing: Firing) -> bool:
    return target.text.strip().upper().startswith(firing.new.text + ".")


def _for(event: str, program: Program, firing: Firing, ctx: Context, found: Routine) -> Program:
    own = _Event(event, firing)
    block = own.block(program.body)
    at = found.at
    conditions = []
    if event == "update" and firing.of:
        changed = " OR ".join(_differ(n.text) for n in firing.of)
        conditions.append(Fragment(changed, at))
        ctx.say("SC5077", at)
    if firing.condition is not None:
        conditions.append(own.text(firing.condition))
    # conditions around the whole: with the declarations inside, so that nothing is computed in vain
    for condition in reversed(conditions):
        plain = not block.handlers and block.label is None and all(
            isinstance(d, Variable) and (d.default is None or _CONSTANT.fullmatch(d.default.text))
            for d in block.declarations
        )
        inner: Body = block.body if plain else (block,)
        declared = block.declarations if plain else ()
        block = Block(at, declarations=declared, body=(If(at, branches=((condition, inner),)),))
    return replace(program, body=block, firing=replace(firing, events=(event,), of=(), condition=None))


def _null(m: re.Match[str]) -> str:
    return m[0] if m[0].startswith("'") else "NULL"


def _differ(column: str) -> str:
    """That a column has changed, under a name which stands for the condition."""
    return f'"%CHANGED_{column}"'


class _Event:
    """The branches that one event can reach."""

    def __init__(self, event: str, firing: Firing) -> None:
        self.event = event
        self.firing = firing
        rows = {"insert": firing.old.text, "delete": firing.new.text}
        self.missing = re.escape(rows[event]) if event in rows else ""  # a row that is all NULL

    def text(self, fragment: Fragment) -> Fragment:
        def said(m: re.Match[str]) -> str:
            if m[1] is None:
                return m[0]
            mine = m[1][:5].lower() == self.event[:5]
            if mine and m[2]:
                return _differ(m[2].strip().upper())
            return "TRUE" if mine else "FALSE"

        made = _PREDICATE.sub(said, fragment.text)
        if self.missing:
            made = re.sub(rf"(?i)'(?:[^']|'')*'|(?<![\w$.]){self.missing}\s*\.\s*\w+", _null, made)
        return fragment if made == fragment.text else replace(fragment, text=made)

    def block(self, block: Block) -> Block:
        return self.pruned(mapped(block, self.text))

    def pruned(self, block: Block) -> Block:
        handlers = tuple(replace(h, body=self.steps(h.body)) for h in block.handlers)
        return replace(block, body=self.steps(block.body), handlers=handlers)

    def steps(self, body: Body) -> Body:
        return tuple(made for step in body for made in self.step(step))

    def step(self, step: Step) -> Body:
        match step:
            case Block():
                return (self.pruned(step),)
            case If():
                return self.branches(step)
            case Case() if step.operand is None:
                return self.cases(step)
            case Case():
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                branches = tuple((c, self.steps(b)) for c, b in step.branches)
                return (replace(step, branches=branches, otherwise=otherwise),)
            case Loop() | ForRange() | ForQuery():
                return (replace(step, body=self.steps(step.body)),)
            case _:
                return (step,)

    def cases(self, step: Case) -> Body:
        """A searched CASE: as IF, except that one of which no branch is left raises."""
        kept: list[tuple[Fragment, Body]] = []
        for condition, body in step.branches:
            condition = _simpler(condition)
            known = _value(condition.text)
            if known is True and not kept:
                return self.steps(body)
            if known is not False:
                kept.append((condition, self.steps(body)))
        otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
        if not kept and otherwise is not None:
            return otherwise
        if not kept:
            kept = [(c, self.steps(b)) for c, b in step.branches]
        return (replace(step, branches=tuple(kept), otherwise=otherwise),)

    def branches(self, step: If) -> Body:
        """What is left of an IF whose conditions are known in part."""
        kept: list[tuple[Fragment, Body]] = []
        otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
        for condition, body in step.branches:
            condition = _simpler(condition)
            known = _value(condition.text)
            if known is False:
                continue
            if known is True:
                otherwise = self.steps(body)
                break
            kept.append((condition, self.steps(body)))
        if not kept:
            if not otherwise:
                return ()
            first = otherwise[0]
            notes = replace(first.notes, before=step.notes.before + first.notes.before)
            return (replace(first, notes=notes), *otherwise[1:])
        return (replace(step, branches=tuple(kept), otherwise=otherwise),)


def _simpler(condition: Fragment) -> Fragment:
    """A condition without the constants that decide nothing, or the constant that decides it."""
    found = _LEADING.match(condition.text)
    if found is None or re.search(r"(?i)\bOR\b", _QUOTED.sub("''", found[2])):
        return condition
    return replace(condition, text=found[2] if found[1].upper() == "TRUE" else "FALSE")


def _value(text: str) -> bool | None:
    """The value of a condition of nothing but TRUE, FALSE, AND, OR, NOT."""
    if _WORDS.sub("", text):
        return None
    words = re.findall(r"[()]|\w+", text.upper())
    try:
        value, rest = _or(words)
    except (IndexError, ValueError):
        return None
    return value if not rest else None


def _or(words: list[str]) -> tuple[bool, list[str]]:
    value, words = _and(words)
    while words and words[0] == "OR":
        more, words = _and(words[1:])
        value = value or more
    return value, words


def _and(words: list[str]) -> tuple[bool, list[str]]:
    value, words = _not(words)
    while words and words[0] == "AND":
        more, words = _not(words[1:])
        value = value and more
    return value, words


def _not(words: list[str]) -> tuple[bool, list[str]]:
    match words[0]:
        case "NOT":
            value, words = _not(words[1:])
            return not value, words
        case "(":
            value, words = _or(words[1:])
            if words[0] != ")":
                raise ValueError
            return value, words[1:]
        case "TRUE" | "FALSE":
            return words[0] == "TRUE", words[1:]
        case _:
            raise ValueError
