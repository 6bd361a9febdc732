"""Stored code for SQL/PSM as MySQL has it: https://dev.mysql.com/doc/refman/8.0/en/stored-programs-defining.html"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .. import rulefiles
from ..ir.catalog import Object, Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Condition,
    Count,
    Declaration,
    Diagnose,
    Dynamic,
    Fetch,
    Handler,
    Nothing,
    Parameter,
    Print,
    Program,
    Raise,
    Return,
    SelectInto,
    Several,
    Sql,
    Step,
    Transaction,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span
from . import collation
from .psm_names import parts
from .psm_shape import NOT_FOUND, Shaper
from .psm_trigger import CHANGED, events
from .routines import Coder

if TYPE_CHECKING:
    from .context import Context

_DRAWN: Final = re.compile(r'(?i)\s*(?:SELECT\s+)?((?:"?[\w$#]+"?\.)?"?[\w$#]+"?)\.NEXTVAL(?:\s+FROM\s+(?:SYS\.)?DUAL)?\s*')
_LITERAL: Final = re.compile(r"'(?:[^'\\]|''){0,128}'")
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_CALLED: Final = re.compile(r"([A-Za-z][\w$#]*)\s*\(")
_COMPARES: Final = re.compile(
    r"(?i)[=<>]|\b(?:LIKE|IN|BETWEEN|DECODE|CASE|GREATEST|LEAST|INSTR|REPLACE|TRANSLATE|NULLIF|REGEXP_\w+|MIN|MAX|DISTINCT|ORDER"
    r"|GROUP|UNION|TRIM|LTRIM|RTRIM)\b"
)
_TEXT: Final = re.compile(r"(?i)(?:var)?char\b|n(?:var)?char\b|(?:tiny|medium|long)?text\b")
_UPDATE: Final = re.compile(r"(?i)\s*UPDATE\b")
_MESSAGE: Final = "error_text"


def finish(found: Routine, ctx: Context) -> Object:
    """A routine with target text in every fragment; ``ctx.stub`` where that cannot be."""
    assert found.program is not None
    made = [_one(found, program, ctx) for program in events(found, found.program, ctx)]
    if ctx.stub:
        return found
    table = ctx.run.names.relation(found.table) if found.table is not None else None
    name = ctx.run.names.relation(found.name)
    first = made[0]
    if found.what == "trigger":
        ctx.run.once.add(("routine", "trigger"))
        live = [p for p in made if p.body.body or p.body.handlers] or made[:1]
        each = tuple((_name_of(name.name, p, len(live)), p) for p in live)
        first = replace(first, each=each)
    return replace(found, name=name, table=table, program=first)


def _name_of(name: Name, program: Program, count: int) -> Name:
    """A trigger for each event, named after it where there are several."""
    assert program.firing is not None
    return name if count == 1 else Name(f"{name.text[:57]}_{program.firing.events[0]}")


def _one(found: Routine, program: Program, ctx: Context) -> Program:
    shaper = Shaper(found, program, ctx)
    shaped = shaper.program(program)
    coder = PsmCoder(found, ctx)
    coder.stub = shaper.stub
    try:
        done = coder.program(shaped)
    finally:
        ctx.run.translator.frame = None
    ctx.stub = ctx.stub or coder.stub
    return done


class PsmCoder(Coder):
    """One routine, in the shape that :class:`Shaper` gives it."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        rules = rulefiles.load(f"routines/{ctx.run.catalog.engine}.toml")
        family = ctx.profile.engine.family
        self.raised_as: Mapping[str, list[object]] = rules.get("raised", {}).get(family, {})
        self.silent_packages = frozenset(rules.get("left_out", {}).get("packages", ()))
        self.asks_error = False
        self.message = False  # whether a message is put together first
        self.depth = 0
        self.covered = 0  # blocks around that handle NOT FOUND
        self.compared: frozenset[str] = frozenset()
        self.returns: Type | None = None

    # -- heads ---------------------------------------------------------------------------------------------------------

    def program(self, program: Program) -> Program:
        firing = program.firing
        if firing is not None:
            event = firing.events[0]
            for word in ("INSERTING", "UPDATING", "DELETING"):
                self.texts = {**self.texts, word: "TRUE" if word.lower().startswith(event[:5]) else "FALSE"}
            for fragment in _fragments(program.body):
                for m in CHANGED.finditer(fragment.text):
                    own = self.ctx.profile.quoted(self.names.column_text(m[1], True))
                    self.texts = {**self.texts, f"CHANGED_{m[1]}": f"NOT (NEW.{own} <=> OLD.{own})"}
                    self.variables[f"%CHANGED_{m[1]}"] = Known(Type("boolean"), True)
        self.limits(program)
        self.compared = self.compared_in(program)
        self.returns = program.returns.type if program.returns is not None else None
        done = super().program(program)
        body = done.body
        counted = {n.at for n in parts(program) if isinstance(n, Sql) and _UPDATE.match(n.statement.text)} & self.counted
        if counted:
            self.ctx.say("SC5075", min(counted))
        if self.message:
            text = Variable(Name(_MESSAGE), Typed(Type("varchar", 128), raw="varchar(128)"), at=self.found.at)
            body = replace(body, declarations=(*body.declarations, text))
        access = self.access(program) if program.returns is not None else ""
        if program.returns is not None:
            self.once("SC5080", "function")
        elif firing is not None:
            self.once("SC5080", "function")
        returns = self.collated(done.returns) if done.returns is not None else None
        return replace(done, body=body, access=access, returns=returns)

    def compared_in(self, program: Program) -> frozenset[str]:
        """The names that a routine compares or searches: text does that by its collation."""
        words: set[str] = set()
        texts = [f for f in _fragments(program) if _COMPARES.search(_QUOTED.sub("''", f.text))]
        for node in parts(program):
            if isinstance(node, Case):
                texts += [f for f in (node.operand, *(c for c, _ in node.branches)) if f is not None]
        for fragment in texts:
            words |= self.ctx.run.words(_QUOTED.sub("''", fragment.text))
        return frozenset(words)

    def collated(self, typed: Typed, name: str = "") -> Typed:
        """A type whose text compares as in the source, where it is compared at all."""
        if not _TEXT.match(typed.raw) or (name and name not in self.compared):
            return typed
        wanted = collation.of_variable(self.ctx)
        return replace(typed, raw=f"{typed.raw} CHARACTER SET {wanted.split('_')[0]} COLLATE {wanted}") if wanted else typed

    def parameter(self, p: Parameter) -> Parameter:
        done = super().parameter(p)
        return replace(done, type=self.collated(done.type, p.name.text))

    def variable(self, found: Variable) -> Variable:
        done = super().variable(found)
        return replace(done, type=self.collated(done.type, found.name.text))

    def once(self, code: str, key: str) -> None:
        """Said of the first routine only."""
        if (code, key) not in self.ctx.run.once:
            self.ctx.run.once.add((code, key))
            self.ctx.say(code, self.found.at)

    def limits(self, program: Program) -> None:
        own = self.found.name.name.text
        words = self.calls(self.found)
        if program.returns is not None and (own in words or (not program.parameters and self.bare())):
            self.refuse("SC5078", self.found.at)
        elif own in words and self.found.what == "procedure":
            self.ctx.say("SC5079", self.found.at)

    def calls(self, found: Routine) -> set[str]:
        """The words of a routine's statements that may be calls."""
        words: set[str] = set()
        for fragment in _fragments(found.program):
            words |= {m[1].upper() for m in _CALLED.finditer(_QUOTED.sub("''", fragment.text))}
        for node in parts(found.program):
            if isinstance(node, Call):
                words |= {n.text for n in node.name}
        return words

    def bare(self) -> bool:
        """Whether a function without parameters names itself."""
        own = re.compile(rf"(?i)(?<![\w$.]){re.escape(self.found.name.name.text)}(?![\w$(])")
        return any(own.search(_QUOTED.sub("''", f.text)) for f in _fragments(self.found.program))

    def access(self, program: Program, seen: frozenset[str] = frozenset()) -> str:
        """What a function does to tables: MySQL wants to hear it."""
        reads = False
        for node in parts(program):
            match node:
                case Sql() | Dynamic():
                    return "MODIFIES SQL DATA"
                case SelectInto():
                    reads = True
                case _:
                    reads = reads or type(node).__name__ in ("CursorVariable", "ForQuery", "Open")
        words = set().union(*(self.ctx.run.words(t.text) for t in _fragments(program)), set())
        words |= {n.text for c in parts(program) if isinstance(c, Call) for n in c.name}
        for word in words - seen:
            for subject in self.ctx.run.relations().get(word, ()):
                other = self.ctx.run.catalog.objects[subject]
                if isinstance(other, Routine) and other.program is not None and other is not self.found:
                    inner = self.access(other.program, seen | {word, self.found.name.name.text})
                    if inner == "MODIFIES SQL DATA":
                        return inner
                    reads = reads or inner == "READS SQL DATA"
        return "READS SQL DATA" if reads else "NO SQL"

    def defaults_first(self, program: Program, given: tuple[Parameter, ...]) -> tuple[Program, tuple[Parameter, ...]]:
        """There are no defaults: calls give every argument."""
        if any(p.default is not None for p in given):
            self.ctx.say("SC5076", self.found.at)
        return program, tuple(replace(p, default=None) for p in given)

    # -- types ---------------------------------------------------------------------------------------------------------

    def anchored(self, typed: Typed, at: Span) -> str:
        """The type of what %TYPE names, in its own words."""
        if len(typed.like) == 1:
            known = self.variables.get(typed.like[0].text)
            if known is None or known.type.kind in ("unknown", "user"):
                self.refuse("SC5024", at, clause=typed.raw)
                return typed.raw
            return self.typed(Typed(known.type, raw=typed.raw), at).raw
        name = QName(typed.like[-3] if len(typed.like) > 2 else None, typed.like[-2])
        table = self.ctx.run.table(name)
        if table is None or not self.ctx.exists(name):
            self.refuse("SC5024", at, clause=typed.raw)
            return typed.raw
        own = self.names.column(table[1].name, typed.like[-1]).text
        spelled = self.ctx.run.spelled.get(table[0], {}).get(own)
        if spelled is not None:
            return spelled
        column = next((k for k in table[1].columns if k.name == typed.like[-1]), None)
        if column is None:
            self.refuse("SC5024", at, clause=typed.raw)
            return typed.raw
        return self.typed(Typed(column.type, raw=typed.raw), at).raw

    def typed(self, typed: Typed, at: Span) -> Typed:
        if typed.form == "refcursor":
            self.refuse("SC5072", at, clause=typed.raw or "SYS_REFCURSOR")
            return typed
        if typed.raw and typed.type.kind in ("integer", "boolean") and typed.raw in ("int", "boolean"):
            return typed
        return super().typed(typed, at)

    def given(self, typed: Typed, at: Span) -> Typed:
        return self.typed(typed, at)

    # -- blocks --------------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> Block:
        outer = (dict(self.variables), dict(self.records), dict(self.cursors), dict(self.declared))
        whole, self.depth = self.depth == 0, self.depth + 1
        declarations = tuple(d for k in block.declarations if (d := self.declaration(k)) is not None)
        self.frame()
        body = self.steps(block.body)
        handlers = tuple(self.handler(h, body, block.handlers) for h in block.handlers)
        handles = any(NOT_FOUND in {n.text for n in h.conditions} for h in handlers)
        own = _finds(body)
        if own and handles and any(_again(h) for h in handlers):
            body = (Block(block.at, body=body, handlers=(_no_row(block.at),)),)
        elif own and whole and not handles:
            handlers = (*handlers, _no_row(block.at))
        self.depth -= 1
        self.variables, self.records, self.cursors, self.declared = outer
        self.frame()
        label = self.own(block.label) if block.label is not None else None
        return replace(block, label=label, declarations=declarations, body=body, handlers=handlers)

    def declaration(self, found: Declaration) -> Declaration | None:
        if isinstance(found, Condition):
            self.declared[found.name.text] = found.number
            if found.number is not None:
                return None
            return replace(found, name=self.own(found.name), state=_own_state(self.found, found.name))
        return super().declaration(found)

    def handler(self, found: Handler, body: Body = (), beside: tuple[Handler, ...] = ()) -> Handler:  # type: ignore[override]
        names: list[str] = []
        for name in found.conditions:
            names += [NOT_FOUND] if name.text == NOT_FOUND else self.condition(name, found.at)
        if not found.conditions:
            named = {n.text for h in beside for n in h.conditions}
            nothing = {"NO_DATA_FOUND"} & named or any(self.declared.get(n) == -1403 for n in named)
            names = ["SQLEXCEPTION"] if nothing or not self.may_miss(body) else ["SQLEXCEPTION", NOT_FOUND]
        before, self.asks_error = self.asks_error, False
        steps = self.steps(found.body)
        if self.asks_error:
            number, message = Name("sql_code"), Name("sql_errm")
            declared = (
                Variable(number, Typed(raw="int"), at=found.at), Variable(message, Typed(raw="text"), at=found.at)
            )  # fmt: skip
            asked = Diagnose(found.at, message=message, number=number)
            steps = (Block(found.at, declarations=declared, body=(asked, *steps)),)
        self.asks_error = before
        return replace(found, conditions=tuple(Name(n) for n in dict.fromkeys(names)), body=steps)

    def may_miss(self, body: Body) -> bool:
        """Whether NOT FOUND can come out of a body: from a query of its own, or from a routine that it calls."""
        if _finds(body) or any(isinstance(n, (Call, Raise)) for n in parts(body)):
            return True
        words = set().union(*(self.ctx.run.words(f.text) for f in _fragments(body)), set())
        known = self.ctx.run.relations()
        objects = (self.ctx.run.catalog.objects[s] for w in words for s in known.get(w, ()))
        return any(isinstance(o, Routine) for o in objects)

    def marked(self, fragment: Fragment) -> Fragment:
        done = super().marked(fragment)
        if re.search(r'"%SQL(?:ERRM|CODE)"', done.text):
            self.asks_error = True
        return done

    def condition(self, name: Name, at: Span) -> list[str]:
        if name.text in self.declared:
            number = self.declared[name.text]
            if number is None:
                return [self.names.plain(self.own(name))]
            if -20999 <= number <= -20000:
                return [f"SQLSTATE '45{-20000 - number:03}'"]
            known: object = self.numbers.get(str(number))
        else:
            known = self.conditions.get(name.text)
        if isinstance(known, str):
            return [known]
        if name.text == "ZERO_DIVIDE" and any("/" in f.text or "MOD" in f.text.upper() for f in _fragments(self.found.program)):
            known = None  # a division by zero gives NULL there
        return list(known) if isinstance(known, list) else self.unknown(name, at)

    # -- statements ----------------------------------------------------------------------------------------------------

    def steps(self, body: Body) -> Body:
        made: list[Step] = []
        for step in super().steps(body):
            made += step.body if isinstance(step, Several) else (step,)
        return tuple(made)

    def step(self, step: Step) -> Step:
        match step:
            case Assign() if (drawn := _DRAWN.fullmatch(step.value.text)) is not None:
                return self.drawn(step, step.target, drawn[1])
            case SelectInto() if len(step.into) == 1 and (drawn := _DRAWN.fullmatch(step.query.text)) is not None:
                return self.drawn(step, step.into[0], drawn[1])
            case Transaction():
                if self.found.what != "procedure":
                    self.refuse("SC5029", step.at, clause=step.verb)
                return step
            case Assign():
                self.settable(step.target)
                known = self.named(step.target.text)
                step = replace(step, value=self.as_text(step.value, known.type if known is not None else None))
            case Return() if step.value is not None and self.returns is not None:
                step = replace(step, value=self.as_text(step.value, self.returns))
            case SelectInto() | Fetch() if not step.bulk:
                for target in step.into:
                    self.settable(target)
            case _:
                pass
        return super().step(step)

    def as_text(self, value: Fragment, wanted: Type | None) -> Fragment:
        """A number that becomes a text without a word: one of NUMBER would come with all its zeros."""
        if wanted is None or wanted.kind not in ("varchar", "nvarchar", "clob", "text"):
            return value
        types = {name: known.type for name, known in self.variables.items()}
        given = self.ctx.run.translator.type_of(value.text, types)
        if given.kind not in ("number", "decimal") or re.fullmatch(r"\s*[\d.]+\s*", value.text):
            return value
        return replace(value, text=f"TO_CHAR({value.text})")

    def settable(self, target: Fragment) -> None:
        """A variable of a package or of a type that is not there could not be set."""
        name = target.text.strip().upper().strip('"')
        if name not in self.variables and not name.startswith("NEW."):
            self.refuse("SC5024", target.at, clause=target.text.strip())

    def drawn(self, step: Step, target: Fragment, sequence: str) -> Step:
        """The next number of a sequence that is kept in a table."""
        schema, _, name = sequence.upper().replace('"', "").rpartition(".")
        by = self.ctx.run.lookup.drawn_from(schema, name, None)
        words = self.ctx.run.translator.family.words.get("sequence_step")
        if by is None or words is None:
            self.refuse("SC5084", step.at, clause=sequence)
            return step
        table = self.ctx.run.qualified(self.names.relation(QName(Name(schema) if schema else None, Name(name))))
        moved = words.replace("{sequence}", table).replace("{step}", str(by))
        here = Fragment("", step.at)
        first = Sql(step.at, step.notes, replace(here, target=moved))
        return Several(step.at, body=(first, Assign(step.at, target=self.text(target), value=replace(here, target="LAST_INSERT_ID()"))))

    def select_into(self, step: SelectInto) -> Step:
        done = super().select_into(step)
        if not isinstance(done, SelectInto) or not any(t.output.upper().startswith("NEW.") for t in done.into):
            return done
        declared, into, after = [], [], []
        for target, source in zip(done.into, step.into, strict=True):
            text = target.output
            if not text.upper().startswith("NEW."):
                into.append(target)
                continue
            column = source.text.strip().rpartition(".")[2].upper()
            assert self.found.table is not None
            own = Name("new_" + text[4:].strip("`"))
            like = Typed(like=(*([self.found.table.schema] if self.found.table.schema else []), self.found.table.name, Name(column)), raw=source.text)
            declared.append(Variable(own, replace(like, raw=self.anchored(like, step.at)), at=step.at))
            into.append(replace(target, target=self.names.plain(own)))
            after.append(Assign(step.at, target=target, value=into[-1]))
        return Block(step.at, step.notes, declarations=tuple(declared), body=(replace(done, into=tuple(into)), *after))

    def call(self, step: Call) -> Step:
        if step.name[0].text in self.silent_packages:
            self.ctx.say("SC5034", step.at, clause=".".join(n.text for n in step.name))
            return Nothing(step.at, step.notes)
        done = super().call(step)
        match done:
            case Print():
                if self.found.what != "procedure" or self.silent():
                    self.ctx.say("SC5074", step.at, clause="is left out")
                    return Nothing(step.at, step.notes)
                self.ctx.say("SC5074", step.at, clause="is a result set")
                return done
            case Call():
                return self.completed(done, step)
            case _:
                return done

    def silent(self) -> bool:
        """Whether a function or a trigger may call this procedure: then it can return no rows."""
        own = self.found.name.name.text
        seen: set[str] = set()
        todo = [own]
        while todo:
            name = todo.pop()
            for other in self.ctx.run.catalog.objects:
                if not isinstance(other, Routine) or other.program is None or other.name.name.text in seen:
                    continue
                if name in self.calls(other):
                    if other.what != "procedure":
                        return True
                    seen.add(other.name.name.text)
                    todo.append(other.name.name.text)
        return False

    def completed(self, done: Call, step: Call) -> Step:
        """A call with all its arguments in order: names and defaults are the caller's to know there."""
        name = QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1])
        own = self.found if name.name == self.found.name.name else self.ctx.find(name)
        if not isinstance(own, Routine) or own.program is None:
            return done
        given: dict[str, Fragment] = {}
        parameters = own.program.parameters
        for i, ((who, _), (_, value)) in enumerate(zip(step.arguments, done.arguments, strict=True)):
            if who is None and i >= len(parameters):
                break
            given[who.text if who is not None else parameters[i].name.text] = value
        arguments: list[tuple[Name | None, Fragment]] = []
        for p in parameters:
            value_ = given.get(p.name.text)
            if value_ is None and p.default is not None:
                value_ = self.text(p.default)
            if value_ is None:
                self.refuse("SC5031", step.at, clause=str(own.name))
                return done
            arguments.append((None, value_))
        return replace(done, arguments=tuple(arguments))

    # -- errors --------------------------------------------------------------------------------------------------------

    def application_error(self, step: Call) -> Step:
        number = step.arguments[0][1].text.replace(" ", "")
        message = self.text(step.arguments[1][1])
        if not re.fullmatch(r"-20\d{3}", number):
            self.refuse("SC5032", step.at, clause=step.arguments[0][1].text)
            return step
        return self.signal(step, f"SQLSTATE '45{number[3:]}'", int(number[1:]), message)

    def raised(self, step: Raise) -> Step:
        if step.name is None:
            return step
        here = Fragment("", step.at)
        if step.name.text in self.declared:
            number = self.declared[step.name.text]
            text = replace(here, target=f"'{self.own(step.name).text}'")
            if number is None:
                return self.signal(step, self.names.plain(self.own(step.name)), 0, text)
            if -20999 <= number <= -20000:
                return self.signal(step, f"SQLSTATE '45{-20000 - number:03}'", -number, text)
            self.refuse("SC5028", step.at, clause=str(step.name))
            return step
        known = self.raised_as.get(step.name.text)
        if known is None:
            self.refuse("SC5028", step.at, clause=str(step.name))
            return step
        state, errno, words = known
        return self.signal(step, f"SQLSTATE '{state}'", int(str(errno)), replace(here, target=f"'{words}'"))

    def signal(self, step: Step, state: str, number: int, message: Fragment) -> Step:
        """SIGNAL takes constants and variables only."""
        text = message.output
        errno = f", MYSQL_ERRNO = {number}" if number else ""
        here = Fragment("", step.at)
        if _LITERAL.fullmatch(text):
            return Raise(step.at, step.notes, None, replace(here, target=state), replace(here, target=f"MESSAGE_TEXT = {text}{errno}"))
        self.message = True
        kept = Assign(step.at, step.notes, replace(here, target=_MESSAGE), replace(here, target=f"LEFT(COALESCE({text}, ''), 128)"))
        given = Raise(step.at, number=replace(here, target=state), message=replace(here, target=f"MESSAGE_TEXT = {_MESSAGE}{errno}"))
        return Several(step.at, body=(kept, given))


def _fragments(node: object) -> list[Fragment]:
    """Every text of a routine."""
    from dataclasses import fields, is_dataclass

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


def _finds(body: Body) -> bool:
    """Whether a query of ``body`` may find no row, and nothing inside handles that."""
    stack: list[object] = list(body)
    while stack:
        node = stack.pop()
        match node:
            case SelectInto():
                if not _one_row(node.query.output):
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
                            stack.extend(one[1] if isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], tuple) else [one])
    return False


def _one_row(query: str) -> bool:
    """Whether a query always gives a row: one of sums over all that there is."""
    head = re.split(r"(?i)\bFROM\b", query, maxsplit=1)[0]
    if re.search(r"(?i)\b(GROUP|HAVING|UNION|WITH|LIMIT|OVER)\b", query) or head.upper().count("SELECT") != 1:
        return False
    return re.search(r"(?i)\b(COUNT|SUM|MIN|MAX|AVG)\(", head) is not None


def _again(handler: Handler) -> bool:
    """Whether a handler hands the error on."""
    return any(isinstance(n, Raise) and n.number is None and n.name is None for n in parts(handler.body))


def _no_row(at: Span) -> Handler:
    """A query without a row is an error, and no warning as MySQL has it."""
    here = Fragment("", at)
    text = replace(here, target="MESSAGE_TEXT = 'no data found', MYSQL_ERRNO = 1329")
    return Handler((Name(NOT_FOUND),), (Raise(at, number=replace(here, target="SQLSTATE '02000'"), message=text),), at)


def _own_state(found: Routine, name: Name) -> str:
    """The state of an exception without a number: of a class that no server uses, the same in every run, and hardly
    that of another routine's exception."""
    import zlib

    digits, value = "", zlib.crc32(f"{found.name}.{name.text}".encode()) % 46656
    for _ in range(3):
        value, digit = divmod(value, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return "UE" + digits
