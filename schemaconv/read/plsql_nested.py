"""Subprograms inside of PL/SQL routines as routines of their own, with what they use of the outer one as parameters.

PL/SQL Language Reference 19c, "Nested Subprograms": they see the variables of the routine around them. A routine of its
own takes those as further parameters, IN OUT where it changes them. Where that cannot be told, the subprogram stays
where it is, and is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from ..ir.catalog import Clause, Routine
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Block,
    Call,
    Condition,
    CursorVariable,
    Declaration,
    ForQuery,
    ForRange,
    OtherDeclaration,
    Parameter,
    Program,
    Typed,
    Variable,
)  # fmt: skip
from ..source import Span

_WORD: Final = re.compile(r"""'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|"([^"]*)"|([A-Za-z][\w$#]*)""", re.S)
_SIMPLE: Final = re.compile(r"\s*[\w$#]+\s*")
_LONGEST: Final = 63


@dataclass
class _Inner:
    """A subprogram: what it uses of the outer routine, and what of that it changes."""

    found: OtherDeclaration
    program: Program
    name: Name
    used: dict[str, None]
    changed: set[str]
    calls: set[str]
    copied: tuple[Declaration, ...] = ()


def lifted(found: Routine) -> tuple[Routine, ...]:
    """The routine, behind the subprograms that were inside of it; itself alone where they cannot leave it."""
    program = found.program
    if program is None or found.what not in ("procedure", "function") or found.kind == "script":
        return (found,)
    inside = [d for d in program.body.declarations if isinstance(d, OtherDeclaration)
              and d.construct == "nested_subprogram"]  # fmt: skip
    bodies = [d for d in inside if d.program is not None and d.name is not None]
    if not bodies or len({d.name for d in bodies}) != len(bodies):
        return (found,)
    inner = _analysed(found, program, bodies)
    return _made(found, program, inner, {id(d) for d in inside}) if inner is not None else (found,)


def words_in(text: str) -> set[str]:
    return {(m[1] or (m[2] or "").upper()) for m in _WORD.finditer(text)} - {""}


def names_declared(block: Block) -> set[str]:
    """What blocks and loops inside declare."""
    found: set[str] = set()
    for node in _nodes(block):
        match node:
            case Block():
                found |= {d.name.text for d in node.declarations if d.name is not None}
            case ForRange() | ForQuery():
                found.add(node.variable.text)
            case _:
                pass
    return found


def _nodes(node: Any) -> list[Any]:
    waiting, found = [node], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, (Name, QName, Span, Fragment, OtherDeclaration)):
            continue
        if isinstance(one, tuple):
            waiting.extend(one)
        elif is_dataclass(one):
            found.append(one)
            waiting.extend(getattr(one, f.name) for f in fields(one))
    return found


def _analysed(found: Routine, program: Program, bodies: list[OtherDeclaration]) -> dict[str, _Inner] | None:
    types: dict[str, Typed] = {p.name.text: p.type for p in program.parameters}
    cursors: dict[str, CursorVariable] = {}
    others: set[str] = set()
    fixed = {p.name.text for p in program.parameters if p.mode == "in"}
    for d in program.body.declarations:
        match d:
            case Variable():
                types[d.name.text] = d.type
                fixed |= {d.name.text} if d.constant else set()
            case CursorVariable():
                cursors[d.name.text] = d
            case Condition() if d.number is not None:
                pass
            case OtherDeclaration():
                pass
            case _ if d.name is not None:
                others.add(d.name.text)
            case _:
                pass
    numbered = {d.name.text: d for d in program.body.declarations if isinstance(d, Condition) and d.number is not None}
    names = {d.name.text for d in bodies if d.name is not None}
    inner: dict[str, _Inner] = {}
    for d in bodies:
        assert d.name is not None and d.program is not None
        own = {p.name.text for p in d.program.parameters} | names_declared(d.program.body)
        words = words_in(d.text.text) - own
        if words & others or any(isinstance(k, OtherDeclaration) for k in d.program.body.declarations):
            return None
        used_cursors = words & cursors.keys()
        for cursor in used_cursors:
            words |= words_in(cursors[cursor].query.text)
        used = [n for n in types if n in words]
        changed = {n for n in used if n not in fixed and _changes(d.program, n)}
        name = Name(f"{found.name.name.text}_{d.name.text}", found.name.name.folded)
        if len(name.text) > _LONGEST or (used_cursors and _opened(d, used_cursors)):
            return None
        copied: tuple[Declaration, ...] = (
            *(cursors[n] for n in sorted(used_cursors)), *(numbered[n] for n in sorted(words & numbered.keys()))
        )  # fmt: skip
        inner[d.name.text] = _Inner(d, d.program, name, dict.fromkeys(used), changed, words & names, copied)
    _closed(inner)
    if not all(_may_leave(one, inner, program, types, others) for one in inner.values()):
        return None
    for one in inner.values():
        at = one.found.text.at
        given = tuple(
            Parameter(Name(n, True), _plain(types[n], types), "inout" if n in one.changed else "in", None, at)
            for n in one.used
        )
        one.program = replace(one.program, parameters=(*one.program.parameters, *given))
    return inner


def _opened(found: OtherDeclaration, cursors: set[str]) -> bool:
    """Whether a cursor of the outer routine is read by more than one loop of the subprogram's own."""
    return any(re.search(rf"(?i)\b(?:OPEN|FETCH|CLOSE)\s+{re.escape(n)}\b", found.text.text) for n in cursors)


def _closed(inner: dict[str, _Inner]) -> None:
    """What a subprogram calls uses and changes is used and changed by it, too."""
    again = True
    while again:
        again = False
        for one in inner.values():
            for name in one.calls:
                other = inner[name]
                if not (other.used.keys() <= one.used.keys() and other.changed <= one.changed):
                    one.used |= other.used
                    one.changed |= other.changed
                    again = True


def _may_leave(
    one: _Inner, inner: dict[str, _Inner], outer: Program, types: dict[str, Typed], others: set[str]
) -> bool:
    """Whether a subprogram keeps its meaning outside: a function changes nothing, no name is hidden on the way."""
    if one.program.returns is not None and one.changed:
        return False
    taken = {p.name.text for p in one.program.parameters} | names_declared(one.program.body)
    hidden = names_declared(Block(outer.body.at, body=outer.body.body, handlers=outer.body.handlers))
    if one.used.keys() & (taken | hidden):
        return False
    for n in one.used:
        found = _plain(types[n], types)
        user = found.type.user
        if (user is not None and user.name.text in others) or (len(found.like) == 1 and not found.row):
            return False
    return all(not (set(inner[c].used) & taken) for c in one.calls)


def _plain(found: Typed, types: dict[str, Typed]) -> Typed:
    """The type behind ``v%TYPE``, where ``v`` is a variable of the outer routine."""
    for _ in range(len(types)):
        if len(found.like) != 1 or found.row or found.like[0].text not in types:
            break
        found = types[found.like[0].text]
    return found


def _changes(program: Program, name: str) -> bool:
    """Whether statements may give a variable another value: by assignment, INTO, or as an argument of a call."""
    for node in _nodes(program.body):
        for field in ("target", "into", "returned"):
            value = getattr(node, field, None)
            listed = value if isinstance(value, tuple) else (value,)
            for place in listed:
                if isinstance(place, Fragment) and name in words_in(re.split(r"[(.]", place.text, maxsplit=1)[0]):
                    return True
        if isinstance(node, Call) and any(name in words_in(v.text) for _, v in node.arguments):
            return True
        if isinstance(node, Call) and node.name[0].text == name:
            return True
    return False


# -- the routines ------------------------------------------------------------------------------------------------------


def _made(found: Routine, program: Program, inner: dict[str, _Inner], gone: set[int]) -> tuple[Routine, ...]:
    declarations = tuple(d for d in program.body.declarations if id(d) not in gone)
    outer = replace(program, body=replace(program.body, declarations=declarations))
    made = []
    for one in inner.values():
        body = one.program.body
        whole = replace(one.program, body=replace(body, declarations=(*one.copied, *body.declarations)))
        construct = "lifted_changes" if one.changed else "lifted_subprogram"
        clause = Clause(construct, str(one.found.name), one.found.text.at)
        made.append(Routine(
            QName(found.name.schema, one.name), one.found.text.at, notes=one.found.notes, what=one.found.what,
            text=one.found.text, package=found.package, program=_called(whole, inner), clauses=(clause,),
        ))  # fmt: skip
    return (*made, replace(found, program=_called(outer, inner)))


def _called(program: Program, inner: dict[str, _Inner]) -> Program:
    """The program with calls of the subprograms under their new names, with what they take besides."""
    functions = {n: one for n, one in inner.items() if one.program.returns is not None}
    pattern = re.compile(
        r"""'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|"[^"]*"|(?<![\w$#.:])(""" + "|".join(map(re.escape, functions)) +
        r""")\b(?!\s*(?:\.|=>|:=))(\s*\()?""", re.S | re.I
    ) if functions else None  # fmt: skip

    def fragment(found: Fragment) -> Fragment:
        if pattern is None:
            return found
        text = found.text
        for m in reversed([m for m in pattern.finditer(text) if m[1] is not None]):
            one = functions[m[1].upper()]
            end = closing(text, m.end() - 1) if m[2] else m.end()
            inside = text[m.end() : end] if m[2] else ""
            given = ", ".join([*([inside] if inside.strip() else []), *_more(one, inside)])
            text = f"{text[: m.start()]}{one.name.text}({given}){text[end + 1 if m[2] else end :]}"
        return found if text == found.text else replace(found, text=text)

    def call(step: Call) -> Call:
        one = inner.get(step.name[0].text) if len(step.name) == 1 else None
        if one is None:
            return step
        known = len(one.program.parameters) - len(one.used)
        named = len(step.arguments) < known or any(n is not None for n, _ in step.arguments)
        more = tuple((Name(n, True) if named else None, Fragment(n, step.at)) for n in one.used)
        return replace(step, name=(one.name,), arguments=(*step.arguments, *more))

    made = _mapped(program, fragment, call)
    assert isinstance(made, Program)
    return made


def _more(one: _Inner, given: str) -> list[str]:
    """What a call of a function takes besides; by name where it leaves defaults."""
    count = len(one.program.parameters) - len(one.used)
    listed = parts(given)
    named = len(listed) < count or "=>" in given
    return [f"{n} => {n}" if named else n for n in one.used]


def parts(text: str) -> list[str]:
    depth, found, start = 0, [], 0
    for m in re.finditer(r"'(?:[^']|'')*'|[(),]", text):
        depth += (m[0] == "(") - (m[0] == ")")
        if m[0] == "," and depth == 0:
            found.append(text[start : m.start()])
            start = m.end()
    return [*found, text[start:]] if text.strip() else []


def closing(text: str, at: int) -> int:
    """Where the parenthesis that opens at ``at`` closes."""
    depth = 0
    for m in re.finditer(r"'(?:[^']|'')*'|[()]", text[at:]):
        depth += (m[0] == "(") - (m[0] == ")")
        if depth == 0:
            return at + m.start()
    return len(text)


def _mapped(node: Any, fragment: Callable[[Fragment], Fragment], call: Callable[[Call], Call]) -> Any:
    if isinstance(node, Fragment):
        return fragment(node)
    if isinstance(node, (Name, QName, Span, OtherDeclaration)) or node is None:
        return node
    if isinstance(node, tuple):
        return tuple(_mapped(k, fragment, call) for k in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes = {}
    for f in fields(node):
        before = getattr(node, f.name)
        after = _mapped(before, fragment, call)
        if after is not before:
            changes[f.name] = after
    made = replace(node, **changes) if changes else node
    return call(made) if isinstance(made, Call) else made
