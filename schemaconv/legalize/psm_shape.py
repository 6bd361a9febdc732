"""The shape of a routine where there are variables, WHILE, cursors and handlers, and nothing else: no records, no FOR,
no attributes of cursors, no RETURN in a procedure. The author's texts stay in the source's language.

Source: MySQL 8.0 Reference Manual, "Compound Statement Syntax".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Close,
    Condition,
    CursorVariable,
    Declaration,
    Dynamic,
    Fetch,
    ForQuery,
    ForRange,
    Handler,
    If,
    Leave,
    Loop,
    Open,
    OtherDeclaration,
    Parameter,
    Print,
    Program,
    Raise,
    RecordType,
    Return,
    SelectInto,
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
_INT: Final = Typed(Type("integer"), raw="int")
_FLAG: Final = Typed(Type("boolean"), raw="boolean")


@dataclass
class _Jump:
    """A loop, or the whole routine, that something may leave; ``label`` once something does."""

    author: Name | None
    wanted: str
    label: Name | None = None
    depth: int = 0  # handlers around


class Shaper:
    """One routine."""

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
        self.jumps: list[_Jump] = []
        self.depth = 0  # handlers around
        self.pending: list[tuple[Name, _Jump | None, bool]] = []  # jumps out of the handler that is being read
        self.labels: set[str] = {n.label.text for n in parts(program) if isinstance(n, (Block, Loop)) and n.label}
        self.whole = _Jump(None, found.name.name.text)
        self.returns = program.returns is not None

    def refuse(self, code: str, at: Span, **params: object) -> None:
        self.ctx.say(code, at, **params)
        self.stub = self.stub or code

    def program(self, program: Program) -> Program:
        opened = {n.cursor.text.strip().upper() for n in parts(program.body) if isinstance(n, Open) and n.query}
        for p in program.parameters:
            if p.mode != "in" and p.name.text in opened and program.returns is None and program.firing is None:
                self.results.add(p.name.text)
                self.ctx.say("SC5083", p.at, clause=str(p.name))
        parameters = tuple(self.parameter(p) for p in program.parameters if p.name.text not in self.results)
        self.jumps.append(self.whole)
        body = self.block(program.body, True)
        if self.whole.label is not None:
            body = replace(body, label=self.whole.label)
        if self.names.whole:
            at = self.names.whole[0]
            self.refuse("SC5071", at.at, clause=at.text.strip())
        firing = program.firing
        firing = replace(firing, old=Name("OLD"), new=Name("NEW")) if firing is not None else None
        return replace(program, parameters=parameters, body=body, firing=firing)

    def parameter(self, p: Parameter) -> Parameter:
        if p.type.row or self.record_type(p.type) is not None:
            self.refuse("SC5071", p.at, clause=str(p.name))
        default = self.names.expression(p.default) if p.default is not None else None
        return replace(p, name=self.names.name(p.name), default=default)

    # -- declarations --------------------------------------------------------------------------------------------------

    def block(self, block: Block, whole: bool = False) -> Block:
        before = dict(self.names.records), dict(self.fields), dict(self.cursors)
        declared: list[Declaration] = []
        for d in block.declarations:
            declared += self.declaration(d)
        body = self.steps(block.body)
        handlers, jumps = [], []
        for h in block.handlers:
            made, found = self.handler(h, whole)
            handlers.append(made)
            jumps += found
        for (cursor, what), name in self.names.states.items():
            if cursor in self.cursors and cursor not in before[2]:
                start = Fragment("0", block.at) if what == "ROWS" else None
                start = Fragment("FALSE", block.at, "FALSE") if what == "OPEN" else start
                declared.append(Variable(Name(name), _INT if what == "ROWS" else _FLAG, start, at=block.at))
        self.names.states = {k: v for k, v in self.names.states.items() if k[0] in before[2]}
        self.names.records, self.fields, self.cursors = before
        self.names.cursors = set(self.cursors)
        done = replace(block, declarations=tuple(declared), body=body, handlers=tuple(handlers))
        return self.with_jumps(done, jumps)

    def declaration(self, d: Declaration) -> list[Declaration]:
        match d:
            case Variable():
                return self.variable(d)
            case CursorVariable():
                return self.cursor(d)
            case RecordType():
                self.types[d.name.text] = d
                return []
            case Condition() | OtherDeclaration():
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
            made.append(Variable(Name(own), typed, default, at=d.at, notes=d.notes if not made else replace(d.notes, before=(), after="")))
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
        for what in self.names.asked.get(d.name.text, ()):
            self.names.state(d.name.text, what)
        return [*made, replace(d, query=query, parameters=())]

    def given_names(self) -> set[str]:
        return {n.text for names in self.given.values() for n in names}

    # -- statements ----------------------------------------------------------------------------------------------------

    def steps(self, body: Body) -> Body:
        return tuple(made for step in body for made in self.step(step))

    def text(self, fragment: Fragment) -> Fragment:
        return self.names.expression(fragment)

    def step(self, step: Step) -> list[Step]:
        match step:
            case Block():
                return [self.block(step)]
            case Assign():
                return self.assign(step)
            case If():
                branches = tuple((self.text(c), self.steps(b)) for c, b in step.branches)
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                return [replace(step, branches=branches, otherwise=otherwise)]
            case Case():
                branches = tuple((self.text(c), self.steps(b)) for c, b in step.branches)
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                operand = self.text(step.operand) if step.operand is not None else None
                return [replace(step, operand=operand, branches=branches, otherwise=otherwise)]
            case Loop():
                jump = _Jump(step.label, "LOOP_1")
                body = self.inside(jump, step.body)
                condition = self.text(step.condition) if step.condition is not None else None
                return [replace(step, label=jump.label, condition=condition, body=body)]
            case ForRange():
                return [self.for_range(step)]
            case ForQuery():
                return [self.for_query(step)]
            case Leave():
                return self.leave(step)
            case Return():
                return self.returned(step)
            case Call():
                arguments = tuple((n, self.text(a)) for n, a in step.arguments)
                return [replace(step, arguments=arguments, text=self.text(step.text))]
            case Sql():
                return [replace(step, statement=self.names.query(step.statement))]
            case SelectInto():
                return [replace(step, query=self.names.query(step.query), into=self.targets(step.into))]
            case Open():
                return self.open(step)
            case Fetch():
                return self.fetch(step)
            case Close():
                return self.close(step)
            case Dynamic():
                return [replace(step, text=self.text(step.text), into=self.targets(step.into))]
            case Raise():
                return [replace(step, message=self.text(step.message) if step.message is not None else None)]
            case Print():
                return [replace(step, text=self.text(step.text))]
            case _:
                return [step]

    def assign(self, step: Assign) -> list[Step]:
        target, value = step.target.text.strip().upper(), step.value.text.strip().upper()
        if target in self.fields and value in self.fields and len(self.fields[target]) == len(self.fields[value]):
            pairs = zip(self.fields[target], self.fields[value], strict=True)
            return [
                Assign(step.at, target=Fragment(a.text, step.at), value=Fragment(b.text, step.at)) for a, b in pairs
            ]
        return [replace(step, target=self.text(step.target), value=self.text(step.value))]

    def targets(self, into: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
        made: list[Fragment] = []
        for fragment in into:
            record = self.fields.get(fragment.text.strip().upper())
            if record is not None:
                made += [Fragment(n.text, fragment.at) for n in record]
            else:
                made.append(self.text(fragment))
        return tuple(made)

    # -- loops ---------------------------------------------------------------------------------------------------------

    def inside(self, jump: _Jump, body: Body) -> Body:
        jump.depth = self.depth
        self.jumps.append(jump)
        made = self.steps(body)
        self.jumps.pop()
        return made

    def label(self, jump: _Jump) -> Name:
        if jump.label is None:
            wanted, n = jump.author.text if jump.author is not None else jump.wanted, 2
            made = wanted
            while jump.author is None and made in self.labels:
                made, n = f"{wanted.removesuffix('_1')}_{n}", n + 1
            self.labels.add(made)
            jump.label = Name(made)
        return jump.label

    def leave(self, step: Leave) -> list[Step]:
        loops = [j for j in self.jumps if j is not self.whole]
        if step.label is not None:
            loops = [j for j in loops if j.author is not None and j.author.text == step.label.text]
        when = self.text(step.when) if step.when is not None else None
        if not loops:
            self.refuse("SC5022", step.at, clause="EXIT")
            return []
        jump = loops[-1]
        return self.jump(replace(step, when=when, label=self.label(jump)), jump)

    def jump(self, step: Leave, jump: _Jump) -> list[Step]:
        """Out of a handler no label can be seen: the block says where to go and is followed by what goes there."""
        if jump.depth == self.depth:
            return [step]
        if self.last and jump is self.whole and self.depth == 1:  # behind the handler nothing is left to do
            assert self.out is not None
            return [replace(step, label=self.label(self.out))]
        flag = Name(self.names.fresh("LEAVES"))
        self.pending.append((flag, jump, step.again))
        assert self.out is not None
        own = Leave(step.at, label=self.label(self.out))
        mark = Assign(step.at, target=Fragment(flag.text, step.at), value=Fragment("TRUE", step.at, "TRUE"))
        if step.when is None:
            return [replace(mark, notes=step.notes), own]
        return [If(step.at, step.notes, branches=((step.when, (mark, own)),))]

    out: _Jump | None = None  # the handler around
    last = False  # whether it is one of the whole routine

    def returned(self, step: Return) -> list[Step]:
        if self.returns:
            return [replace(step, value=self.text(step.value) if step.value is not None else None)]
        own = self.last and self.depth == 1
        return self.jump(Leave(step.at, step.notes, label=None if own else self.label(self.whole)), self.whole)

    def for_range(self, step: ForRange) -> Step:
        jump = _Jump(step.label, f"{step.variable.text}_LOOP")
        i = self.names.name(step.variable)
        body = self.inside(jump, step.body)
        low, high = self.text(step.low), self.text(step.high)
        first, last = (high, low) if step.reverse else (low, high)
        sign, back = ("-", "+") if step.reverse else ("+", "-")
        again = any(isinstance(n, Leave) and n.again and n.label == jump.label for n in parts(body))
        made: list[Declaration] = []
        end = last
        if re.fullmatch(r"\s*\d+\s*", last.text) is None:
            end = Fragment(self.names.fresh(f"{i.text}_LAST"), last.at)
            made.append(Variable(Name(end.text), _INT, last, at=step.at))
        start = first if not again else replace(first, text=_moved(first.text, back))
        made.append(Variable(i, _INT, start, at=step.at))
        beyond = (">" if step.reverse else "<") + ("" if again else "=")
        move = Assign(step.at, target=Fragment(i.text, step.at), value=Fragment(f"{i.text} {sign} 1", step.at))
        condition = Fragment(f"{i.text} {beyond} {end.text.strip()}", step.at)
        loop = Loop(step.at, label=jump.label, condition=condition, body=(move, *body) if again else (*body, move))
        return Block(step.at, step.notes, declarations=tuple(made), body=(loop,))

    def for_query(self, step: ForQuery) -> Step:
        """A cursor of its own, or the author's, and a loop that ends with its rows."""
        used = set(self.names.used)
        own: list[Declaration] = []
        opened: Step
        if step.query is not None:
            query, name = self.names.query(step.query), Name(self.names.fresh(f"{step.variable.text}_CURSOR"))
            own.append(CursorVariable(name, query, at=step.query.at))
            opened = Open(step.at, cursor=Fragment(name.text, step.at))
        elif step.cursor is None or step.cursor.text not in self.cursors:
            self.refuse("SC5022", step.at, clause=str(step.cursor))
            return step
        else:
            name, query = step.cursor, self.cursors[step.cursor.text].query
            opened = Open(step.at, cursor=Fragment(name.text, step.at), arguments=step.arguments)
        columns = self.columns(query)
        if columns is None or any(t.type.kind == "unknown" for _, t in columns):
            self.refuse("SC5073", step.at, clause=str(step.variable))
            columns = columns or []
        before = dict(self.names.records), dict(self.fields)
        record = self.record(step.variable, [(n, t, None) for n, t in columns], Variable(step.variable, _INT, at=step.at))
        done = Name(self.names.fresh(f"{step.variable.text}_DONE"))
        jump = _Jump(step.label, f"{step.variable.text}_LOOP")
        label = self.label(jump)
        body = self.inside(jump, step.body)
        fetch: Step = Fetch(step.at, cursor=Fragment(name.text, step.at), into=self.targets((Fragment(step.variable.text, step.at),)))
        self.names.records, self.fields = before
        over = Handler((Name(NOT_FOUND),), (_true(done, step.at),), step.at, resume=True)
        handlers: tuple[Handler, ...] = ()
        if self.finds(body):
            fetch = Block(step.at, body=(fetch,), handlers=(over,))
        else:
            handlers = (over,)
        end = Leave(step.at, label=label, when=Fragment(done.text, step.at))
        rows = self.names.states.get((name.text, "ROWS")) if step.cursor is not None else None
        counted = (_set(rows, f"{rows} + 1", step.at),) if rows is not None else ()
        loop = Loop(step.at, label=label, body=(fetch, end, *counted, *body))
        flag = Variable(done, _FLAG, Fragment("FALSE", step.at, "FALSE"), at=step.at)
        closing = Close(step.at, cursor=Fragment(name.text, step.at))
        self.names.used = used
        return Block(
            step.at, step.notes, declarations=(flag, *record, *own),
            body=(*self.open_steps(opened, False), loop, *self.close(closing)), handlers=handlers,
        )  # fmt: skip

    def finds(self, body: Body) -> bool:
        """Whether a statement of ``body`` may say NOT FOUND itself."""
        known = self.ctx.run.relations()
        for node in parts(body):
            match node:
                case SelectInto() | Call() | Fetch() | Raise() | Dynamic():
                    return True
                case Fragment():
                    pass
                case Assign() | Sql() | Return() | If() | Case() | Leave():
                    words = set().union(*(self.ctx.run.words(f.text) for f in _texts(node)))
                    objects = (self.ctx.run.catalog.objects[s] for w in words for s in known.get(w, ()))
                    if any(isinstance(o, Routine) for o in objects):
                        return True
                case _:
                    pass
        return False

    # -- cursors -------------------------------------------------------------------------------------------------------

    def open(self, step: Open) -> list[Step]:
        if step.query is not None and step.cursor.text.strip().upper() in self.results:
            return [Sql(step.at, step.notes, self.names.query(step.query))]
        if step.query is not None:
            self.refuse("SC5072", step.at, clause=f"OPEN {step.cursor.text.strip()} FOR")
            return []
        return self.open_steps(step)

    def open_steps(self, step: Step, fetched: bool = True) -> list[Step]:
        assert isinstance(step, Open)
        own = step.cursor.text.strip().upper()
        made: list[Step] = []
        given = self.given.get(own, ())
        if len(given) < len(step.arguments) or (own in self.cursors and len(self.cursors[own].parameters) != len(step.arguments)):
            self.refuse("SC5022", step.at, clause=f"OPEN {own}")
        for name, value in zip(given, step.arguments, strict=False):
            made.append(Assign(step.at, target=Fragment(name.text, step.at), value=self.text(value)))
        made.append(replace(step, arguments=()))
        if made and step.notes.before:
            made[0] = replace(made[0], notes=step.notes)
            made[-1] = replace(made[-1], notes=step.notes) if len(made) == 1 else made[-1]
        for what, value_ in (("DONE", "NULL"), ("OPEN", "TRUE"), ("ROWS", "0")):
            name_ = self.names.states.get((own, what))
            if name_ is not None and (what != "DONE" or (fetched and own in self.reopened)):
                made.append(_set(name_, value_, step.at))
        return made

    def fetch(self, step: Fetch) -> list[Step]:
        own = step.cursor.text.strip().upper()
        if step.bulk or own not in self.cursors:
            return [step]
        done = Name(self.names.kept(own, "DONE"))
        rows = self.names.states.get((own, "ROWS"))
        body: list[Step] = [_set(done.text, "FALSE", step.at), replace(step, into=self.targets(step.into))]
        if rows is not None:
            body.append(If(step.at, branches=((Fragment(f"NOT {done.text}", step.at), (_set(rows, f"{rows} + 1", step.at),)),)))
        over = Handler((Name(NOT_FOUND),), (_true(done, step.at),), step.at, resume=True)
        return [Block(step.at, step.notes, body=tuple(body), handlers=(over,))]

    def close(self, step: Close) -> list[Step]:
        own = step.cursor.text.strip().upper()
        flag = self.names.states.get((own, "OPEN"))
        return [step, *([_set(flag, "FALSE", step.at)] if flag is not None else [])]

    # -- handlers ------------------------------------------------------------------------------------------------------

    def handler(self, found: Handler, whole: bool) -> tuple[Handler, list[tuple[Name, _Jump | None, bool]]]:
        outer, self.pending = self.pending, []
        before, self.out = self.out, _Jump(None, "HANDLED", depth=self.depth + 1)
        self.depth += 1
        self.last = whole and self.depth == 1
        body = self.steps(found.body)
        self.last = False
        self.depth -= 1
        out, self.out = self.out, before
        jumps, self.pending = self.pending, outer
        if body and isinstance(body[-1], Leave) and body[-1].label == out.label and out.label is not None:
            body = body[:-1]
            if not any(isinstance(n, Leave) and n.label == out.label for n in parts(body)):
                out.label = None
        if out.label is not None:
            body = (Block(found.at, label=out.label, body=body),)
        return replace(found, body=body), jumps

    def with_jumps(self, block: Block, jumps: list[tuple[Name, _Jump | None, bool]]) -> Block:
        """A block, and behind it the jumps that its handlers ask for."""
        if not jumps:
            return block
        flags = tuple(
            Variable(flag, _FLAG, Fragment("FALSE", block.at, "FALSE"), at=block.at) for flag, _, _ in jumps
        )
        behind: list[Step] = []
        for flag, jump, again in jumps:
            assert jump is not None
            leave = Leave(block.at, label=self.label(jump), again=again, when=Fragment(flag.text, block.at))
            behind += self.jump(leave, jump)
        inner = replace(block, label=None if block.label is None else block.label)
        return Block(block.at, block.notes, declarations=flags, body=(replace(inner, notes=type(block.notes)()), *behind))


def _texts(step: Step) -> list[Fragment]:
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


def _set(name: str, value: str, at: Span) -> Assign:
    constant = value in ("TRUE", "FALSE", "NULL")
    return Assign(at, target=Fragment(name, at), value=Fragment(value, at, value if constant else None))


def _true(name: Name, at: Span) -> Assign:
    return _set(name.text, "TRUE", at)


def _moved(text: str, sign: str) -> str:
    plain = text.strip()
    if re.fullmatch(r"\d+", plain):
        return str(int(plain) + (1 if sign == "+" else -1))
    return f"({plain}) {sign} 1"
