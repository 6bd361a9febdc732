"""One routine for SQL/PSM: its head, its statements, its calls."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Dynamic,
    Fetch,
    Nothing,
    Print,
    Program,
    Ready,
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
from .psm_bodies import fragments, routines_of
from .psm_dynamic import PsmDynamics
from .psm_names import parts
from .psm_trigger import CHANGED

if TYPE_CHECKING:
    pass

_DRAWN: Final = re.compile(
    r'(?i)\s*(?:SELECT\s+)?((?:"?[\w$#]+"?\.)?"?[\w$#]+"?)\.NEXTVAL(?:\s+FROM\s+(?:SYS\.)?DUAL)?\s*'
)
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_CALLED: Final = re.compile(r"([A-Za-z][\w$#]*)\s*\(")
_TRUNCATE: Final = re.compile(r"(?i)\s*'\s*TRUNCATE\s+TABLE\s+([\w$#.]+)\s*'\s*")
_UPDATE: Final = re.compile(r"(?i)\s*UPDATE\b")
_MESSAGE: Final = "error_text"


class PsmCoder(PsmDynamics):
    """One routine, in the shape that :class:`Shaper` gives it."""

    def program(self, program: Program) -> Program:
        firing = program.firing
        if firing is not None:
            event = firing.events[0]
            for word in ("INSERTING", "UPDATING", "DELETING"):
                self.texts = {**self.texts, word: "TRUE" if word.lower().startswith(event[:5]) else "FALSE"}
            for fragment in fragments(program.body):
                for m in CHANGED.finditer(fragment.text):
                    own = self.ctx.profile.quoted(self.names.column_text(m[1], True))
                    self.texts = {**self.texts, f"CHANGED_{m[1]}": f"NOT (NEW.{own} <=> OLD.{own})"}
                    self.variables[f"%CHANGED_{m[1]}"] = Known(Type("boolean"), True)
        self.limits(program)
        self.compared = self.compared_in(program)
        self.returns = program.returns.type if program.returns is not None else None
        done = super().program(program)
        body = done.body
        updates = {n.at for n in parts(program) if isinstance(n, Sql) and _UPDATE.match(n.statement.text)}
        counted = updates & self.counted
        if counted:
            self.ctx.say("SC5075", min(counted))
        if self.message:
            text = Variable(Name(_MESSAGE), Typed(Type("varchar", 128), raw="varchar(128)"), at=self.found.at)
            body = replace(body, declarations=(*body.declarations, text))
        access = self.access(program) if program.returns is not None else ""
        if program.returns is not None or firing is not None:
            self.once("SC5080", "function")
        returns = self.collated(done.returns) if done.returns is not None else None
        return replace(done, body=body, access=access, returns=returns)

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
        for fragment in fragments(found.program):
            words |= {m[1].upper() for m in _CALLED.finditer(_QUOTED.sub("''", fragment.text))}
        for node in parts(found.program):
            if isinstance(node, Call):
                words |= {n.text for n in node.name}
        return words

    def bare(self) -> bool:
        """Whether a function without parameters names itself."""
        own = re.compile(rf"(?i)(?<![\w$.]){re.escape(self.found.name.name.text)}(?![\w$(])")
        return any(own.search(_QUOTED.sub("''", f.text)) for f in fragments(self.found.program))

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
        words = set().union(*(self.ctx.run.words(t.text) for t in fragments(program)), set())
        words |= {n.text for c in parts(program) if isinstance(c, Call) for n in c.name}
        for word in words - seen:
            for other in routines_of(self.ctx.run, word):
                if other.program is not None and other is not self.found:
                    inner = self.access(other.program, seen | {word, self.found.name.name.text})
                    if inner == "MODIFIES SQL DATA":
                        return inner
                    reads = reads or inner == "READS SQL DATA"
        return "READS SQL DATA" if reads else "NO SQL"

    def steps(self, body: Body) -> Body:
        made: list[Step] = []
        for step in super().steps(body):
            made += step.body if isinstance(step, Several) else (step,)
        return tuple(made)

    def step(self, step: Step) -> Step:
        match step:
            case Assign() if (drawn := _DRAWN.fullmatch(step.value.text)) is not None:
                return self.drawn(step, step.target, drawn[1])
            case Transaction():
                if self.found.what != "procedure" or self.silent():
                    self.refuse("SC5029", step.at, clause=step.verb)
                return step
            case Assign():
                self.settable(step.target)
                key = self.package_variable(step.target)
                known = self.ctx.run.lookup.of(key) if key is not None else self.named(step.target.text)
                step = replace(step, value=self.as_text(step.value, known.type if known is not None else None))
            case Return() if step.value is not None and self.returns is not None:
                step = replace(step, value=self.as_text(step.value, self.returns))
            case _:
                pass
        return super().step(step)

    def with_count(self, step: Step, found: Body) -> Body:
        """FORALL counts the rows of all its statements."""
        if step.at not in self.summed:
            return super().with_count(step, found)
        more = Ready(step.at, text="SET sql_rowcount = sql_rowcount + ROW_COUNT()")
        return *found[:1], more, *found[1:]

    def several(self, step: Step) -> Body:
        match step:
            case SelectInto() if len(step.into) == 1 and (drawn := _DRAWN.fullmatch(step.query.text)) is not None:
                return self.with_count(step, (self.drawn(step, step.into[0], drawn[1]),))
            case SelectInto() | Fetch() if not step.bulk:
                for target in step.into:
                    self.settable(target)
            case _:
                pass
        return super().several(step)

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
        taken = Assign(step.at, target=self.text(target), value=replace(here, target="LAST_INSERT_ID()"))
        return Several(step.at, body=(first, taken))

    def select_into(self, step: SelectInto) -> Body:
        found = super().select_into(step)
        done = found[0]
        if not isinstance(done, SelectInto) or not any(t.output.upper().startswith("NEW.") for t in done.into):
            return found
        declared, into, after = [], [], []
        for target, source in zip(done.into, step.into, strict=True):
            text = target.output
            if not text.upper().startswith("NEW."):
                into.append(target)
                continue
            column = source.text.strip().rpartition(".")[2].upper()
            assert self.found.table is not None
            own = Name("new_" + text[4:].strip("`"))
            home = (self.found.table.schema,) if self.found.table.schema else ()
            like = Typed(like=(*home, self.found.table.name, Name(column)), raw=source.text)
            declared.append(Variable(own, replace(like, raw=self.anchored(like, step.at)), at=step.at))
            into.append(replace(target, target=self.names.plain(own)))
            after.append(Assign(step.at, target=target, value=into[-1]))
        first = replace(done, into=tuple(into))
        return (Block(step.at, step.notes, declarations=tuple(declared), body=(first, *after)),)

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
        """Whether a function or a trigger may call this procedure: then it can return no rows, and not commit."""
        seen = {self.found.name.name.text}
        todo = list(seen)
        callers = self.callers()
        while todo:
            for what, name in callers.get(todo.pop(), ()):
                if what != "procedure":
                    return True
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
        return False

    def callers(self) -> dict[str, set[tuple[str, str]]]:
        """Kind and name of the routines that speak of a name."""
        known = self.ctx.run.callers
        if not known:
            known[""] = set()
            for other in self.ctx.run.catalog.objects:
                if isinstance(other, Routine) and other.program is not None:
                    for name in self.calls(other):
                        known.setdefault(name, set()).add((other.what, other.name.name.text))
        return known

    def meant(self, step: Call, found: list[tuple[int, Routine]]) -> list[tuple[int, Routine]]:
        """The one routine that a call means: a name has one."""
        given = tuple((n.text if n is not None else "", self.kind_of(a)) for n, a in step.arguments)
        return self.ctx.run.lookup.meant(found, given) if len(found) > 1 else found

    def completed(self, done: Call, step: Call) -> Step:
        """A call with all its arguments in order: names and defaults are the caller's to know there."""
        meant = self.meant(step, self.ctx.run.lookup.routines(tuple(n.text for n in step.name)))
        own = meant[0][1] if meant else None
        if own is None or own.program is None:
            return done
        given: dict[str, Fragment] = {}
        parameters = self.ctx.run.packages.with_defaults(own, own.program).parameters
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
