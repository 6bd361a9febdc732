"""Functions with OUT parameters as procedures whose last parameter takes the value.

PL/SQL Language Reference 19c, "Function Declaration and Definition": such a function cannot be called in SQL, so that
its callers are assignments, RETURN and conditions of PL/SQL. Those become calls of the procedure where it is plain
which function is meant and when it is called; others keep their words, which are said later: they name no function any
more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from ..ir.catalog import Catalog, Clause, Object, Routine
from ..ir.clause import NO_NOTES, gone
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Head,
    If,
    OtherDeclaration,
    Parameter,
    Program,
    Raise,
    Return,
    Step,
    Typed,
    Variable,
)  # fmt: skip
from ..source import Span
from .plsql_nested import closing, names_declared, parts, words_in

_CALL: Final = re.compile(r"\s*([A-Za-z][\w$#]*(?:\s*\.\s*[A-Za-z][\w$#]*){0,2})\s*\(")
_GIVEN: Final = re.compile(r"\s*([A-Za-z][\w$#]*)\s*=>(.*)", re.S)
_NOT: Final = re.compile(r"(?i)\s*NOT\b")
#: What may stand behind a call in a condition: nothing that the call could change.
_COMPARED: Final = re.compile(
    r"(?i)\s*(?:(?:=|<>|!=|<=?|>=?)\s*(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|TRUE|FALSE)|IS\s+(?:NOT\s+)?NULL)?\s*"
)
_SIMPLE: Final = re.compile(r"\s*[A-Za-z][\w$#]*\s*")
_FIELD: Final = re.compile(r"\s*[A-Za-z][\w$#]*(?:\s*\.\s*[A-Za-z][\w$#]*)*\s*")
_RESULT: Final = "RESULT"


@dataclass(frozen=True)
class _Asked:
    """A call that is read: which function, its arguments, and where the text behind it begins."""

    found: Routine
    names: tuple[Name, ...]
    given: tuple[tuple[Name | None, str], ...]
    end: int


def as_procedures(catalog: Catalog) -> Catalog:
    """The catalog with a procedure in place of each function with OUT parameters, and with their callers' calls."""
    wanted = {s: o for s, o in enumerate(catalog.objects) if isinstance(o, Routine) and _is_wanted(o)}
    if not wanted:
        return catalog
    routines: dict[str, list[Routine]] = {}
    for one in catalog.objects:
        if isinstance(one, Routine) and one.what in ("function", "procedure") and one.program and not gone(one.clauses):
            routines.setdefault(one.name.name.text, []).append(one)
    words = {o.name.name.text for o in wanted.values()}
    results = {_key(o): _free(_RESULT, o.text.text) for o in wanted.values()}

    def changed(subject: int, found: Object) -> Object:
        if not isinstance(found, Routine):
            return found
        if found.module is not None:
            heads = tuple(_head(h, results) for h in found.module.heads)
            found = replace(found, module=replace(found.module, heads=heads))
        if found.program is not None and words & words_in(found.text.text):
            found = replace(found, program=_Caller(found, found.program, routines, results).program())
        return _procedure(found, results[_key(wanted[subject])]) if subject in wanted else found

    return replace(catalog, objects=tuple(changed(s, o) for s, o in enumerate(catalog.objects)))


def _is_wanted(found: Routine) -> bool:
    program = found.program
    if program is None or found.what != "function" or program.returns is None or program.pipelined:
        return False
    return any(p.mode != "in" for p in program.parameters) and _gives(program.body)


def _gives(block: Block) -> bool:
    """Whether a value is given on all ways: a procedure ends without one, and a function fails there (ORA-06503)."""
    return _leaves(block.body) and all(_leaves(h.body) for h in block.handlers)


def _leaves(body: Body) -> bool:
    match body[-1] if body else None:
        case Return() | Raise():
            return True
        case Call() as call:
            return call.name[-1].text == "RAISE_APPLICATION_ERROR"
        case Block() as block:
            return _gives(block)
        case If() | Case() as chosen:
            otherwise = chosen.otherwise
            if otherwise is None:  # a CASE without ELSE raises CASE_NOT_FOUND
                return isinstance(chosen, Case) and all(_leaves(b) for _, b in chosen.branches)
            return _leaves(otherwise) and all(_leaves(b) for _, b in chosen.branches)
        case _:
            return False


def _shape(name: Name, parameters: tuple[Parameter, ...]) -> tuple[str, ...]:
    return (name.text, *(f"{p.name.text} {p.mode}" for p in parameters))


def _free(word: str, text: str) -> str:
    taken, number, made = words_in(text), 2, word
    while made in taken:
        made, number = f"{word}_{number}", number + 1
    return made


def _key(found: Routine) -> tuple[str, ...]:
    assert found.program is not None
    return _shape(found.name.name, found.program.parameters)


def _filled(parameters: tuple[Parameter, ...], returns: Typed, name: str, at: Span) -> tuple[Parameter, ...]:
    return (*parameters, Parameter(Name(name, True), returns, "out", None, at))


def _head(head: Head, results: dict[tuple[str, ...], str]) -> Head:
    """A declaration of such a function in a package's specification."""
    if head.what != "function" or head.returns is None or all(p.mode == "in" for p in head.parameters):
        return head
    name = results.get(_shape(head.name, head.parameters), _RESULT)
    return replace(
        head, what="procedure", returns=None, parameters=_filled(head.parameters, head.returns, name, head.at)
    )


def _procedure(found: Routine, name: str) -> Routine:
    program = found.program
    assert program is not None and program.returns is not None

    def change(step: Step) -> Body:
        if not isinstance(step, Return) or step.value is None:
            return (step,)
        value = Assign(step.at, step.notes, target=Fragment(name, step.at), value=step.value)
        return value, Return(step.at)

    body = _mapped(program.body, change)
    handlers = tuple(replace(h, body=_open_ended(h.body)) for h in body.handlers)
    body = replace(body, body=_open_ended(body.body), handlers=handlers)
    parameters = _filled(program.parameters, program.returns, name, found.at)
    made = replace(program, parameters=parameters, returns=None, deterministic=False, body=body)
    clause = Clause("function_with_outputs", name.lower(), found.at)
    return replace(found, what="procedure", program=made, clauses=(*found.clauses, clause))


def _open_ended(body: Body) -> Body:
    """Statements without the RETURN at their end, where the procedure ends by itself."""
    return body[:-1] if len(body) > 1 and isinstance(body[-1], Return) else body


class _Caller:
    """A routine whose calls of such functions become statements."""

    def __init__(
        self, found: Routine, own: Program, routines: dict[str, list[Routine]], results: dict[tuple[str, ...], str]
    ) -> None:
        self.found = found
        self.own = own
        self.routines = routines
        self.results = results
        self.declared = {p.name.text for p in own.parameters} | names_declared(own.body)
        self.helpers: dict[str, Variable] = {}

    def program(self) -> Program:
        body = _mapped(self.own.body, self.step)
        if self.helpers:
            body = replace(body, declarations=(*body.declarations, *self.helpers.values()))
        return replace(self.own, body=body)

    def step(self, step: Step) -> Body:
        made: Body | None = None
        match step:
            case Assign():
                made = self.assigned(step)
            case Return() if step.value is not None:
                made = self.returned(step, step.value)
            case If():
                made = self.asked(step)
            case _:
                pass
        return made if made is not None else (step,)

    def assigned(self, step: Assign) -> Body | None:
        asked = self.read(step.value, 0)
        if asked is None or step.value.text[asked.end :].strip():
            return None
        simple = _SIMPLE.fullmatch(step.target.text) is not None
        shared = any(words_in(step.target.text) & words_in(v) for _, v in asked.given)
        if shared and _FIELD.fullmatch(step.target.text) is None:  # an element: that before the call or that behind it?
            return None
        if simple and not shared:
            return (self.call(asked, step, step.value, step.target.text.strip()),)
        helper = self.helper(asked)
        if helper is None:
            return None
        value = replace(step, notes=NO_NOTES, value=replace(step.value, text=helper))
        return self.call(asked, step, step.value, helper), value

    def returned(self, step: Return, value: Fragment) -> Body | None:
        asked = self.read(value, 0)
        helper = self.helper(asked) if asked is not None and not value.text[asked.end :].strip() else None
        if asked is None or helper is None:
            return None
        return self.call(asked, step, value, helper), Return(step.at, value=replace(value, text=helper))

    def asked(self, step: If) -> Body | None:
        """A call that its first condition begins with: what else stands there is not changed by it."""
        condition, body = step.branches[0]
        before = m.end() if (m := _NOT.match(condition.text)) else 0
        asked = self.read(condition, before)
        if asked is None or _COMPARED.fullmatch(condition.text, asked.end) is None:
            return None
        helper = self.helper(asked)
        if helper is None:
            return None
        text = f"{condition.text[:before]} {helper}{condition.text[asked.end :]}".strip()
        branches = ((replace(condition, text=text), body), *step.branches[1:])
        return self.call(asked, step, condition, helper), replace(step, notes=NO_NOTES, branches=branches)

    def call(self, asked: _Asked, step: Step, whole: Fragment, into: str) -> Call:
        given = [(n, replace(whole, text=v)) for n, v in asked.given]
        program = asked.found.program
        assert program is not None
        named = len(given) < len(program.parameters) or any(n is not None for n, _ in given)
        last = Name(self.results[_key(asked.found)], True) if named else None
        arguments = (*given, (last, replace(whole, text=into)))
        return Call(step.at, step.notes, name=asked.names, arguments=arguments, text=whole)

    def helper(self, asked: _Asked) -> str | None:
        """A variable for the value, if its type means the same here."""
        program = asked.found.program
        assert program is not None and program.returns is not None
        returns = program.returns
        if (returns.type.user is not None or len(returns.like) == 1) and asked.found.package != self.found.package:
            return None
        name = _free(f"{asked.found.name.name.text}_{_RESULT}", self.found.text.text)
        self.helpers.setdefault(name, Variable(Name(name, True), returns, at=self.found.at))
        return name

    def read(self, whole: Fragment, start: int) -> _Asked | None:
        """The call of a function with OUT parameters that begins at ``start``."""
        text = whole.text
        m = _CALL.match(text, start)
        if m is None:
            return None
        names = tuple(n.strip().upper() for n in m[1].split("."))
        end = closing(text, m.end() - 1)
        if end >= len(text) or names[0] in self.declared:
            return None
        given: list[tuple[Name | None, str]] = []
        for part in parts(text[m.end() : end]):
            by_name = _GIVEN.fullmatch(part)
            given.append((Name(by_name[1].upper(), True), by_name[2].strip()) if by_name else (None, part.strip()))
        fits = [o for o in self.meant(names) if _takes(o, given)]
        if len(fits) != 1 or not _is_wanted(fits[0]):
            return None
        return _Asked(fits[0], tuple(Name(n, True) for n in names), tuple(given), end + 1)

    def meant(self, names: tuple[str, ...]) -> list[Routine]:
        """The routines that a name may mean here: those of the own package first."""
        found = self.routines.get(names[-1], [])
        home = self.found.package
        match names:
            case (_,):
                own = [o for o in found if home is not None and o.package is not None and o.package.name == home.name]
                return own or [o for o in found if o.package is None]
            case (of, _):
                inside = [o for o in found if o.package is not None and o.package.name.text == of]
                return inside or [o for o in found if o.package is None and o.name.schema and o.name.schema.text == of]
            case _:
                return [o for o in found if o.package is not None and o.package.name.text == names[-2]]


def _takes(found: Routine, given: list[tuple[Name | None, str]]) -> bool:
    program = found.program
    assert program is not None
    left = {p.name.text: p for p in program.parameters}
    for place, (name, _) in enumerate(given):
        if name is None and place >= len(program.parameters):
            return False
        if left.pop(name.text if name is not None else program.parameters[place].name.text, None) is None:
            return False
    return all(p.default is not None for p in left.values())


def _mapped(node: Any, change: Callable[[Step], Body]) -> Any:
    """``node`` with what ``change`` makes of each statement, whose inner statements are changed already."""
    if node is None or isinstance(node, (Fragment, Name, QName, Span, OtherDeclaration)):
        return node
    if isinstance(node, tuple):
        if node and all(isinstance(k, Step) for k in node):
            made = tuple(one for k in node for one in change(_mapped(k, change)))
        else:
            made = tuple(_mapped(k, change) for k in node)
        return node if len(made) == len(node) and all(a is b for a, b in zip(made, node, strict=True)) else made
    if not is_dataclass(node) or isinstance(node, type):
        return node
    before = {f.name: getattr(node, f.name) for f in fields(node)}
    changes = {n: made for n, v in before.items() if (made := _mapped(v, change)) is not v}
    return replace(node, **changes) if changes else node
