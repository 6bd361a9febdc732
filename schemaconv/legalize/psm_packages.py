"""What a package becomes where there are no schemas of routines: its subprograms have its name in front of theirs, its
variables are variables of the session, and what runs when it is first used is a procedure.

A variable ``n`` of the package ``p`` is ``@p_n``. The function ``p_n()`` reads it with its type, the procedure
``p_set_n(value)`` keeps a value of its type in it ("User-Defined Variables": such a variable has no type of its own).
``p_initialize()`` gives the first values; what names the package from outside calls it first, once in a session, which
``@p_initialized`` tells.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Item, Notes, Object, Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Condition,
    CursorVariable,
    Declaration,
    If,
    NamedType,
    Nothing,
    OtherDeclaration,
    Parameter,
    Program,
    Raise,
    RecordType,
    Sql,
    Step,
    Typed,
    Variable,
)  # fmt: skip
from ..source import NOWHERE
from ..sql.kinds import family
from .packages import Key
from .psm_coder import PsmCoder
from .psm_shape import Shaper

if TYPE_CHECKING:
    from .context import Context, Run

_LITERAL: Final = re.compile(r"\s*(?:'(?:[^'\\]|'')*'|\d+(?:\.\d+)?)\s*")


def finish(found: Routine, ctx: Context) -> Object:
    """The package's object; what its declarations become is kept for those that use them."""
    run, module = ctx.run, found.module
    assert module is not None
    key = run.packages.canonical(found.name)
    coder = _Parts(found, ctx, key)
    try:
        first = [step for d in module.declarations for step in coder.part(d)]
    finally:
        run.translator.frame = None
    for head in module.heads:
        if (key, head.name.text) not in run.packages.members:
            ctx.say("SC5040", head.at, clause=f"{head.what} {head.name}")
    own = [(n, s[0]) for (p, n), s in run.packages.members.items() if p == key]
    hidden = [n for n, s in own if isinstance(o := run.catalog.objects[s], Routine) and not run.packages.is_public(o)]
    if module.body and hidden:
        ctx.say("SC5042", None, clause=", ".join(hidden))
    _keep_first(found, key, first, ctx)
    return found if ctx.stub else replace(found, name=QName(None, Name(run.packages.home(key))))


def _keep_first(found: Routine, key: QName, first: list[Assign], ctx: Context) -> None:
    """Keeps the statements that a specification or body starts with."""
    assert found.module is not None
    block = found.module.initial
    if not first and (block is None or all(isinstance(s, Nothing) for s in block.body)):
        return
    body: Body = (*first,)
    if block is not None and (block.handlers or block.declarations):
        body = (*first, block)
    elif block is not None:
        body = (*first, *block.body)
    program = Program(body=Block(found.at, body=body))
    own = replace(found, what="procedure", module=None, program=program)
    shaper = Shaper(own, program, ctx)
    shaped = shaper.program(program)
    coder = PsmCoder(own, ctx)
    coder.stub = shaper.stub
    coder.left_over(own)
    try:
        done = coder.program(shaped)
    finally:
        ctx.run.translator.frame = None
    if coder.stub:
        ctx.stub = coder.stub
        return
    made = replace(own, program=done)
    ctx.run.packages.made.setdefault(ctx.subject, []).append(((key, ""), "first", Item(ctx.subject, made)))


class _Parts(PsmCoder):
    """The declarations of one package."""

    def __init__(self, found: Routine, ctx: Context, key: QName) -> None:
        super().__init__(found, ctx)
        self.key = key

    def part(self, d: Declaration) -> list[Assign]:
        """Keeps a declaration; returns the assignment that gives a variable its first value."""
        match d:
            case Variable():
                return self.variable_part(d)
            case OtherDeclaration() if d.construct != "pragma":
                self.ctx.say_construct(d.construct, d.text.at, d.text.text)
            case OtherDeclaration() if "SERIALLY_REUSABLE" in d.text.text.upper():
                self.ctx.say("SC5046", d.text.at, clause=d.text.text)
            case Condition() | CursorVariable() | OtherDeclaration() | RecordType() | NamedType():
                pass  # declared in the routines that use them
        return []

    def variable_part(self, d: Variable) -> list[Assign]:
        packages = self.ctx.run.packages
        key = (self.key, d.name.text)
        known = self.ctx.run.lookup.of(key)
        raw = self.spelled(d, known)
        default, immutable = None, False
        if d.default is not None and raw and d.constant:
            self.frame()
            default = self.text(self.as_text(d.default, known.type), known)
            immutable = self.immutable
        if self.stub:
            self.stub = ""
            packages.lost.add(key)
            return []
        name = packages.target(self.key, self.own(d.name).text)
        packages.types[key] = raw
        packages.getters[key] = self.ctx.run.qualified(name)
        returns = self.collated(Typed(known.type, raw=raw))
        if d.constant and immutable and default is not None:
            packages.immutable.add(key)
            if self.plain(d, default):
                packages.values[key] = default.output.strip()
            program = Program(returns=returns, deterministic=True, access="NO SQL", expression=default)
            self.keep(key, "constant", name, program, d)
            return []
        own = Fragment("", d.at, self.session(d.name))
        program = Program(returns=returns, access="NO SQL", expression=own)
        self.keep(key, "read", name, program, d)
        setter = packages.target(self.key, packages.free(self.key, f"set_{self.own(d.name).text}"))
        self.keep(key, "written", setter, self.setter_of(key, d, raw), replace(d, notes=Notes()))
        if d.default is None:
            return []
        return [Assign(d.at, target=Fragment(d.name.text if d.name.folded else f'"{d.name.text}"', d.at),
                       value=d.default)]  # fmt: skip

    def session(self, name: Name) -> str:
        """The variable of the session that keeps one of the package."""
        return _session(self.ctx.run, self.key, self.own(name).text)

    def plain(self, d: Variable, default: Fragment) -> bool:
        """Whether a constant is its literal: nothing is cut off or rounded by its type."""
        text = default.output.strip()
        if _LITERAL.fullmatch(text) is None or d.type.like:
            return False
        of = d.type.type
        if text[0] == "'":
            return of.kind in ("varchar", "nvarchar") and (of.length is None or len(text) - 2 <= of.length)
        return family(of) == "number" and (of.precision is None or (of.scale == 0 and "." not in text))

    def spelled(self, d: Variable, known: Known) -> str:
        """The type in the target's words."""
        type_ = self.resolved(d.type)
        if type_.row or type_.form or self.of_named_type(type_):
            self.refuse("SC5023", d.at, clause=d.type.raw)
            return ""
        if type_.like and known.type.kind in ("unknown", "user"):
            self.refuse("SC5024", d.at, clause=d.type.raw)
            return ""
        if len(type_.like) > 1 and self.package_type(type_) is None:
            return self.anchored(type_, d.at)
        return self.typed(Typed(known.type, raw=d.type.raw) if type_.like else type_, d.at).raw

    def of_named_type(self, typed: Typed) -> bool:
        return typed.type.kind == "user" and not typed.like

    def keep(self, key: Key, use: str, name: QName, program: Program, d: Variable) -> None:
        what = "function" if program.returns is not None else "procedure"
        notes = Notes((*d.notes.before, d.notes.after)) if d.notes.after else d.notes
        made = Routine(name, d.at, notes=notes, what=what, program=program)
        self.ctx.run.packages.made.setdefault(self.ctx.subject, []).append((key, use, Item(self.ctx.subject, made)))

    def setter_of(self, key: Key, d: Variable, raw: str) -> Program:
        known = self.ctx.run.lookup.of(key)
        value = self.ctx.profile.quoted("value")
        empty = family(known.type) == "text" and self.ctx.run.trait_of_source("empty_string_is_null")
        given = f"NULLIF({value}, '')" if empty else value
        body: Body = (Sql(d.at, statement=Fragment("", d.at, f"SET {self.session(d.name)} = {given}")),)
        if d.not_null:
            body = (_null_refused(d, given), *body)
        typed = self.collated(Typed(known.type, raw=raw))
        return Program((Parameter(Name("value"), typed),), body=Block(d.at, body=body))


def _null_refused(d: Variable, given: str) -> Step:
    """A variable that is NOT NULL takes no NULL: VALUE_ERROR."""
    here = Fragment("", d.at)
    told = replace(here, target=f"MESSAGE_TEXT = '{d.name.text} is not null', MYSQL_ERRNO = 1406")
    raised = Raise(d.at, number=replace(here, target="SQLSTATE '22000'"), message=told)
    return If(d.at, branches=((replace(here, target=f"{given} IS NULL"), (raised,)),))


def _session(run: Run, key: QName, name: str) -> str:
    """``@p_n``; with the schema in front, as names of the session have none."""
    words = [run.names.plain(key.schema)] if key.schema is not None else []
    text = "_".join([*words, run.packages.home(key), name])
    return f"@{text}" if re.fullmatch(r"[\w$.]+", text) else f"@`{text}`"


# -- routines that use packages ----------------------------------------------------------------------------------------


def started(program: Program, found: Routine, ctx: Context) -> Program:
    """A routine that starts the packages that it names, or its own, first."""
    run, packages = ctx.run, ctx.run.packages
    own = packages.canonical(found.package) if found.package is not None else None
    used = set(packages.used)
    if own is not None and packages.is_public(found):
        used.add(own)
    elif own is not None:
        used.discard(own)
    steps: list[Step] = []
    for key in sorted(k for k in used if packages.starts(k)):
        run.called.setdefault(ctx.subject, set()).update(packages.modules[key])
        steps.append(_start(run, key, found))
    if not steps:
        return program
    program = replace(program, deterministic=False)
    if program.body.handlers or any(getattr(d, "default", None) is not None for d in program.body.declarations):
        inner = replace(program.body, label=None)
        return replace(program, body=Block(program.body.at, label=program.body.label, body=(*steps, inner)))
    return replace(program, body=replace(program.body, body=(*steps, *program.body.body)))


def _start(run: Run, key: QName, found: Routine) -> Step:
    asked = Fragment("", NOWHERE, f"{_session(run, key, _guard(run, key))} IS NULL")
    call = Call(NOWHERE, name=(Name(run.qualified(_initialize(run, key))),))
    return If(NOWHERE, branches=((asked, (call,)),))


def _guard(run: Run, key: QName) -> str:
    return run.packages.free(key, "initialized")


def _initialize(run: Run, key: QName) -> QName:
    return run.packages.target(key, run.packages.free(key, "initialize"))


# -- once everything is translated -------------------------------------------------------------------------------------


def functions(run: Run, subject: int) -> tuple[Item, ...]:
    """The routines of a package's specification or body, as far as something uses them."""
    found, packages = run.catalog.objects[subject], run.packages
    if not isinstance(found, Routine) or found.module is None or subject in run.absent:
        return ()
    out = []
    for part, use, item in packages.made.get(subject, ()):
        used = {"written": packages.written, "read": packages.read, "constant": packages.read - packages.values.keys()}
        if part in used.get(use, ()) or (use in used and not found.module.body and _open(run, part, use)):
            out.append(item)
    key = packages.canonical(found.name)
    last = max(packages.modules[key], default=subject)
    if packages.starts(key) and subject == last:
        out.append(Item(subject, _first(key, run, found)))
    return tuple(out)


def _open(run: Run, part: Key, use: str) -> bool:
    """Whether any client may use what a specification declares: it reads all, and assigns to what is no constant."""
    found = run.packages.parts[part].found
    return use in ("read", "constant") or (isinstance(found, Variable) and not found.constant)


def _first(key: QName, run: Run, found: Routine) -> Routine:
    """The procedure that starts a package."""
    noted = Fragment("", NOWHERE, f"SET {_session(run, key, _guard(run, key))} = TRUE")
    body: Body = (Sql(NOWHERE, statement=noted),)
    for subject in sorted(run.packages.modules[key], key=lambda s: _is_body(run, s)):
        for _, use, item in run.packages.made.get(subject, ()):
            made = item.object
            if use == "first" and isinstance(made, Routine) and made.program is not None:
                block = made.program.body
                plain = not block.declarations and not block.handlers and block.label is None
                body += block.body if plain else (block,)
    return Routine(_initialize(run, key), found.at, what="procedure", program=Program(body=Block(NOWHERE, body=body)))


def _is_body(run: Run, subject: int) -> bool:
    found = run.catalog.objects[subject]
    return isinstance(found, Routine) and found.module is not None and found.module.body


# -- declarations of packages in their routines ------------------------------------------------------------------------


def with_parts(program: Program, found: Routine, ctx: Context) -> Program:
    """A subprogram with the types, cursors and exceptions of its package that it names: they are its own here."""
    packages, run = ctx.run.packages, ctx.run
    if found.package is None:
        return program
    key = packages.canonical(found.package)
    words = set(run.words(_source(found, run)))
    hidden = {d.name.text for d in program.body.declarations if d.name is not None}
    made: list[Declaration] = []
    for name, part in reversed([(n, p) for (k, n), p in packages.parts.items() if k == key]):
        d = part.found
        if isinstance(d, (Variable, OtherDeclaration)) or name in hidden or name not in words:
            continue
        words |= set(run.words(run.catalog.files[d.at.file].text[d.at.start : d.at.end]))
        if isinstance(d, Condition) and d.number is None:
            d = replace(d, state=packages.states[key, name])
        made.insert(0, replace(d, notes=Notes()))
    if not made:
        return program
    return replace(program, body=replace(program.body, declarations=(*made, *program.body.declarations)))


def _source(found: Routine, run: Run) -> str:
    return found.text.text or run.catalog.files[found.at.file].text[found.at.start : found.at.end]
