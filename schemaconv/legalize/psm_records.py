"""Variables of a routine where there are no records: each field is one; and small statements about variables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from ..ir.catalog import Routine
from ..ir.clause import NO_NOTES
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Case,
    Condition,
    CursorVariable,
    Declaration,
    ForQuery,
    ForRange,
    If,
    Leave,
    Loop,
    NamedType,
    Open,
    OtherDeclaration,
    Parameter,
    Program,
    RecordType,
    Return,
    Sql,
    Step,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span
from .context import Context
from .psm_names import Naming, parts

#: The condition of a statement that finds no row; also the state of NO_DATA_FOUND.
NOT_FOUND: Final = "NOT FOUND"
INT: Final = Typed(Type("integer"), raw="int")
FLAG: Final = Typed(Type("boolean"), raw="boolean")


@dataclass
class Jump:
    """A loop, or the whole routine, that something may leave; ``label`` once something does."""

    author: Name | None
    wanted: str
    label: Name | None = None
    depth: int = 0  # handlers around


class Records:
    """Variables, records and cursors of one routine."""

    def __init__(self, found: Routine, program: Program, ctx: Context) -> None:
        self.found = found
        self.ctx = ctx
        self.names = Naming(found, program, ctx)
        self.stub = ""
        self.results: set[str] = set()  # parameters that hand a cursor out: a SELECT does that
        opens = [n.cursor.text.strip().upper() for n in parts(program) if isinstance(n, Open)]
        opens += [n.cursor.text for n in parts(program) if isinstance(n, ForQuery) and n.cursor is not None]
        loops = [n for n in parts(program) if isinstance(n, (Loop, ForRange, ForQuery))]
        inside = {o.cursor.text.strip().upper() for n in loops for o in parts(n.body) if isinstance(o, Open)}
        self.reopened = inside | {c for c in opens if opens.count(c) > 1}  # whose state must begin anew
        self.cursors: dict[str, CursorVariable] = {}
        self.given: dict[str, tuple[Name, ...]] = {}  # cursor -> variables that stand for its parameters
        self.types: dict[str, RecordType] = {}
        self.fields: dict[str, tuple[Name, ...]] = {}  # record -> its variables in order
        self.jumps: list[Jump] = []
        self.depth = 0  # handlers around
        self.pending: list[tuple[Name, Jump | None, bool]] = []  # jumps out of the handler that is being read
        self.labels: set[str] = {n.label.text for n in parts(program) if isinstance(n, (Block, Loop)) and n.label}
        self.whole = Jump(None, found.name.name.text)
        self.returns = program.returns is not None
        self.counted: frozenset[Span] = frozenset()  # statements whose number of rows is asked for
        self.summed: set[Span] = set()  # those of FORALL among them

    def refuse(self, code: str, at: Span, **params: object) -> None:
        self.ctx.say(code, at, **params)
        self.stub = self.stub or code

    def parameter(self, p: Parameter) -> Parameter:
        if p.type.row or self.record_type(p.type) is not None:
            self.refuse("SC5071", p.at, clause=str(p.name))
        default = self.names.expression(p.default) if p.default is not None else None
        return replace(p, name=self.names.name(p.name), default=default)

    def declaration(self, d: Declaration) -> list[Declaration]:
        match d:
            case Variable():
                return self.variable(d)
            case CursorVariable():
                return self.cursor(d)
            case RecordType():
                self.types[d.name.text] = d
                return [d]
            case Condition() | OtherDeclaration() | NamedType():
                return [d]

    def variable(self, d: Variable) -> list[Declaration]:
        default = self.names.expression(d.default) if d.default is not None else None
        if d.type.form == "refcursor":
            self.refuse("SC5072", d.at, clause=d.type.raw or "SYS_REFCURSOR")
            return []
        record = self.record_type(d.type)
        if record is not None:
            made = [(f.name, f.type, f.default) for f in record.fields]
            return self.record(d.name, made, d)
        if d.type.row:
            columns = self.row(d.type)
            if columns is None:
                self.refuse("SC5024", d.at, clause=d.type.raw or "%ROWTYPE")
                return []
            return self.record(d.name, [(n, t, None) for n, t in columns], d)
        return [replace(d, name=self.names.name(d.name), default=default)]

    def record_type(self, typed: Typed) -> RecordType | None:
        user = typed.type.user
        return self.types.get(user.name.text) if user is not None and not typed.like else None

    def record(self, name: Name, fields: list[tuple[Name, Typed, Fragment | None]], d: Variable) -> list[Declaration]:
        if d.default is not None:
            self.refuse("SC5071", d.at, clause=str(name))
        made: list[Declaration] = []
        known: dict[str, str] = {}
        for field, typed, default in fields:
            own = self.names.fresh(f"{name.text}_{field.text}")
            known[field.text] = own
            notes = d.notes if not made else NO_NOTES
            made.append(Variable(Name(own), typed, default, at=d.at, notes=notes))
        self.names.records[name.text] = known
        self.fields[name.text] = tuple(Name(n) for n in known.values())
        return made

    def row(self, typed: Typed) -> list[tuple[Name, Typed]] | None:
        """The columns of a %ROWTYPE with their types."""
        last = typed.like[-1]
        if last.text in self.cursors:
            return self.columns(self.cursors[last.text].query)
        table = self.ctx.run.table(QName(typed.like[0] if len(typed.like) > 1 else None, last))
        if table is None:
            return None
        return [(k.name, Typed(like=(*typed.like, k.name), raw=f"{last}.{k.name}%TYPE")) for k in table[1].columns]

    def columns(self, query: Fragment) -> list[tuple[Name, Typed]] | None:
        """The columns of a query with their types; none where they are not known."""
        done = self.ctx.run.translator.query(query.text, None, query.session, False)
        if done.columns is None:
            return None
        return [(Name(n.strip() or f"C{i}"), self.of_known(k)) for i, (n, k) in enumerate(done.columns, 1)]

    def of_known(self, known: Known) -> Typed:
        return Typed(known.type, raw=known.type.raw)

    def cursor(self, d: CursorVariable) -> list[Declaration]:
        self.cursors[d.name.text] = d
        self.names.cursors.add(d.name.text)
        made: list[Declaration] = []
        before = dict(self.names.names)
        given = []
        for p in d.parameters:
            own = p.name.text
            taken = own in self.names.taken or p.name.text in {n for n in self.names.used if n in self.given_names()}
            own = self.names.names.get(own, own) if not taken else self.names.fresh(f"{d.name.text}_{own}")
            self.names.names[p.name.text] = own
            given.append(Name(own))
            made.append(Variable(Name(own), p.type, None, at=p.at))
        query = self.names.query(d.query)
        self.names.names = before
        self.given[d.name.text] = tuple(given)
        for what in sorted(self.names.asked.get(d.name.text, ())):
            self.names.state(d.name.text, what)
        return [*made, replace(d, query=query, parameters=())]

    def given_names(self) -> set[str]:
        return {n.text for names in self.given.values() for n in names}

    def text(self, fragment: Fragment) -> Fragment:
        return self.names.expression(fragment)

    def targets(self, into: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
        made: list[Fragment] = []
        for fragment in into:
            record = self.fields.get(fragment.text.strip().upper())
            if record is not None:
                made += [Fragment(n.text, fragment.at) for n in record]
            else:
                made.append(self.text(fragment))
        return tuple(made)


def texts_of(step: Step) -> list[Fragment]:
    match step:
        case Assign():
            return [step.target, step.value]
        case Sql():
            return [step.statement]
        case Return():
            return [step.value] if step.value is not None else []
        case If():
            return [c for c, _ in step.branches]
        case Case():
            return [c for c, _ in step.branches] + ([step.operand] if step.operand is not None else [])
        case Leave():
            return [step.when] if step.when is not None else []
        case _:
            return []


def set_to(name: str, value: str, at: Span) -> Assign:
    constant = value in ("TRUE", "FALSE", "NULL")
    return Assign(at, target=Fragment(name, at), value=Fragment(value, at, value if constant else None))


def set_true(name: Name, at: Span) -> Assign:
    return set_to(name.text, "TRUE", at)


def moved(text: str, sign: str) -> str:
    plain = text.strip()
    if re.fullmatch(r"\d+", plain):
        return str(int(plain) + (1 if sign == "+" else -1))
    return f"({plain}) {sign} 1"
