"""The statements of a routine on their way to a target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Close,
    Count,
    Dynamic,
    Fetch,
    ForQuery,
    ForRange,
    If,
    Leave,
    Loop,
    Nothing,
    Opaque,
    Open,
    Print,
    Raise,
    Ready,
    Return,
    ReturnRow,
    SelectInto,
    Sql,
    Step,
    Transaction,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span
from .routine_bulk import Noted
from .routine_dynamic import Dynamics
from .routine_ends import ends_transaction


class Steps(Dynamics):
    """Adds statements; blocks are the subclass's."""

    def block(self, block: Block) -> Block:
        raise NotImplementedError

    def condition(self, name: Name, at: Span) -> list[str]:
        raise NotImplementedError

    def steps(self, body: Body) -> Body:
        made: list[Step] = []
        for step in body:
            done = self.several(self.localized(step))
            made += [*self.ahead, *done, *self.pending]
            self.ahead, self.pending = [], []
            if isinstance(step, Fetch) and not step.bulk:
                self.last = step.cursor.text.strip().upper()
            elif not isinstance(step, (Assign, Leave, Nothing, Print)):
                self.last = ""
        return tuple(made)

    def several(self, step: Step) -> Body:
        """What becomes of one statement."""
        match step:
            case ForRange() if step.bulk:
                return self.forall(step)
            case SelectInto() if step.bulk:
                return self.bulk_select(step)
            case Fetch() if step.bulk:
                return self.bulk_fetch(step)
            case Fetch() if any(self.package_variable(t) is not None for t in step.into):
                self.refuse("SC5044", step.at, clause=f"FETCH {step.cursor.text}")
                return (step,)
            case Fetch():
                into, more = self.slots(step.into)
                into, kept = self.kept_values(step, into)
                return replace(step, cursor=self.cursor(step.cursor), into=into), *kept, *more, *self.fetched(step)
            case Call() if (supplied := self.supplied(step)) is not None:
                return supplied
            case Open() if step.text is not None:
                return self.opened_text(step), *self.opened(step, step.cursor.text)
            case Open():
                return self.step(step), *self.opened(step, step.cursor.text)
            case Sql() if step.bulk:
                return self.change(step)
            case Sql():
                found = self.change(step)
            case SelectInto():
                found = self.select_into(step)
            case ForQuery() if step.cursor is not None:
                return *self.opened(step, step.cursor.text)[1:], self.step(step)
            case _:
                found = (self.step(step),)
        return self.with_count(step, found)

    def kept_values(self, step: Fetch, into: tuple[Fragment, ...]) -> tuple[tuple[Fragment, ...], Body]:
        """Where a row goes that may be missing: by variables of ours, where the author's must keep their values."""
        if step.at not in self.read_later:
            return into, ()
        outermost = {d.name.text for d in self.found.program.body.declarations if isinstance(d, Variable)} \
            if self.found.program is not None else set()  # fmt: skip
        names = [t.text.strip().upper() for t in step.into]
        plain = all(n in outermost and n in self.variables and n not in self.shapeless for n in names)
        if not plain or any(n in self.collections for n in names):
            self.ctx.say("SC5107", step.at, clause=", ".join(names))
            return into, ()
        taken = []
        moves: list[Step] = []
        for name, place in zip(names, into, strict=True):
            spelled = "record" if name in self.records else f"{place.output}%TYPE"  # rows have no %TYPE
            own = self.helper(f"{self.names.plain(Name(name, True))}_read", spelled).text
            taken.append(replace(place, target=self.ctx.profile.quoted(own)))
            moves.append(Assign(step.at, target=place, value=taken[-1]))
        return tuple(taken), (If(step.at, branches=((Fragment("", step.at, target="FOUND"), tuple(moves)),)),)

    def with_count(self, step: Step, found: Body) -> Body:
        """What became of a statement, and the number of its rows where that is asked for."""
        counts = step.at in self.counted and isinstance(step, (Sql, SelectInto, Dynamic))
        count = (Count(step.at, variable=Name("sql_rowcount")),) if counts else ()
        return *found[:1], *count, *found[1:]

    def step(self, step: Step) -> Step:
        match step:
            case Block():
                return self.block(step)
            case Assign():
                made = self.element_assigned(step) or self.statement_assigned(step, self.binds)
                return made if made is not None else self.assign(step)
            case If():
                branches = []
                for condition, body in step.branches:
                    done = self.text(condition)
                    self.last = ""
                    branches.append((done, self.steps(body)))
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                return replace(step, branches=tuple(branches), otherwise=otherwise)
            case Case():
                operand = self.text(step.operand) if step.operand is not None else None
                cases = tuple((self.text(value), self.steps(body)) for value, body in step.branches)
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                return replace(step, operand=operand, branches=cases, otherwise=otherwise)
            case Loop():
                end = step.body[-1] if step.body else None
                if not isinstance(end, Fetch) or end.cursor.text.strip().upper() != self.last:
                    self.last = ""
                condition_ = self.text(step.condition) if step.condition is not None else None
                return replace(step, label=self.label(step.label), condition=condition_, body=self.steps(step.body))
            case ForRange():
                return self.for_range(step)
            case ForQuery():
                return self.for_query(step)
            case ReturnRow():
                if not self.ctx.run.packages.as_types:
                    self.ctx.say_construct("pipelined_function", step.at, "PIPE ROW")
                    self.stub = self.stub or "SC5021"
                return Ready(step.at, step.notes, f"RETURN NEXT {self.text(step.value, self.piped).output}")
            case Leave():
                when = self.text(step.when) if step.when is not None else None
                return replace(step, label=self.label(step.label), when=when)
            case Return():
                if self.found.program is not None and self.found.program.firing is not None:
                    return step
                return replace(step, value=self.text(step.value) if step.value is not None else None)
            case Call():
                return self.call(step)
            case Open():
                query = self.query(step.query) if step.query is not None else None
                arguments = self.cursor_arguments(step, step.cursor.text.strip().upper())
                return replace(step, cursor=self.cursor(step.cursor), arguments=arguments, query=query)
            case Close():
                return replace(step, cursor=self.cursor(step.cursor))
            case Dynamic():
                return self.dynamic(step)
            case Raise():
                return self.raised(step)
            case Transaction():
                if self.guarded or self.found.what != "procedure":
                    self.refuse("SC5029", step.at, clause=step.verb)
                else:
                    self.ctx.say("SC5030", step.at, clause=step.verb)
                return step
            case Print():
                return replace(step, text=self.text(step.text))
            case Opaque():
                self.ctx.say_construct(step.construct, step.at, step.text.text)
                self.stub = self.stub or "SC5021"
                return step
            case Nothing() | Count() | Ready() | Sql() | SelectInto() | Fetch():
                return step
            case _:
                raise AssertionError(type(step))

    def label(self, name: Name | None) -> Name | None:
        return self.own(name) if name is not None else None

    def for_range(self, step: ForRange) -> ForRange:
        low, high = self.text(step.low), self.text(step.high)
        before, records, proven = dict(self.variables), dict(self.records), self.proven
        self.proven = proven | self.proves(step)
        self.variables[step.variable.text] = Known(Type("integer"), True)
        if step.label is not None:
            self.records[step.label.text] = {step.variable.text: Known(Type("integer"), True)}
        self.frame()
        body = self.steps(step.body)
        self.variables, self.records, self.proven = before, records, proven
        self.frame()
        label, own = self.label(step.label), self.own(step.variable)
        if step.each is not None:
            self.loops_over.append(Variable(own, Typed(raw="integer"), at=step.at))
        return replace(step, label=label, variable=own, low=low, high=high, body=body)

    def for_query(self, step: ForQuery) -> ForQuery:
        query = step.query
        columns: Mapping[str, Known] | None = None
        if query is not None:
            query, columns = self.answered(query)
        elif step.cursor is not None and step.cursor.text not in self.cursors and not self.shared_cursor(step):
            self.refuse("SC5022", step.at, clause=str(step.cursor))
        else:
            assert step.cursor is not None
            declared = self.cursors[step.cursor.text]
            translated = self.ctx.run.translator.query(declared.query.text)
            columns = dict(translated.columns) if translated.columns is not None else None
        arguments = self.cursor_arguments(step, step.cursor.text) if step.cursor is not None else ()
        before, records = dict(self.variables), dict(self.records)
        self.variables.pop(step.variable.text, None)
        self.records[step.variable.text] = columns
        self.frame()
        body = self.steps(step.body)
        if step.cursor is not None:
            name = step.cursor.text
            count = self.state_name(name, "rowcount")
            body = (Noted(step.at, text=f"{count} := {count} + 1", cursor=name, what="rowcount"), *body)
        self.variables, self.records = before, records
        self.frame()
        cursor = self.own(step.cursor) if step.cursor is not None else None
        if step.cursor is not None and (shared := self.package_cursor(step.cursor.text, step.at)) is not None:
            cursor = shared
        own = self.own(step.variable)
        if query is not None:
            self.loops.append(own)
        label = self.label(step.label)
        return replace(
            step, label=label, variable=own, query=query, cursor=cursor, arguments=arguments, body=body
        )

    def cursor_arguments(self, step: Open | ForQuery, cursor: str) -> tuple[Fragment, ...]:
        """What a cursor is given, in order: its parameters have no defaults on the target."""
        found = self.cursors.get(cursor)
        if found is None:
            if any(step.names):
                self.refuse("SC5022", step.at, clause=cursor)
            return tuple(self.text(a) for a in step.arguments)
        given: dict[str, Fragment] = {}
        for i, value in enumerate(step.arguments):
            name = step.names[i] if step.names else None
            place = found.parameters[i].name if i < len(found.parameters) else Name("")
            given[(name or place).text] = value
        made = []
        for p in found.parameters:
            value_ = given.get(p.name.text, p.default)
            if value_ is not None:
                made.append(self.text(value_))
        if len(made) != len(found.parameters):
            self.refuse("SC5022", step.at, clause=cursor)
        return tuple(made)

    def shared_cursor(self, step: ForQuery) -> bool:
        return step.cursor is not None and self.package_cursor(step.cursor.text, step.at) is not None

    def select_into(self, step: SelectInto) -> Body:
        query = self.query(step.query)
        into, more = self.slots(step.into)
        text = query.output
        if len(into) == 1 and text.startswith("SELECT ") and not re.search(r"\b(FROM|WHERE|GROUP|UNION)\b", text):
            return Assign(step.at, step.notes, into[0], replace(query, target=text[7:])), *more
        return replace(step, query=query, into=into), *more

    def call(self, step: Call) -> Step:
        words = ".".join(n.text for n in step.name)
        if words == "RAISE_APPLICATION_ERROR" and len(step.arguments) >= 2:
            return self.application_error(step)
        if (method := self.collection_call(step)) is not None:
            return method
        found = self.ctx.run.lookup.routines(tuple(n.text for n in step.name))
        found = self.meant(step, [(s, o) for s, o in found if o.what == "procedure"])
        absent = self.ctx.run.absent - {self.ctx.subject}
        if not found or any(s in absent or o.program is None for s, o in found):
            self.refuse("SC5031", step.at, clause=words)
            return step
        self.ctx.run.called.setdefault(self.ctx.subject, set()).update(s for s, _ in found)
        if (self.guarded or (self.found.what != "procedure" and self.found.kind != "script")) and any(
            ends_transaction(o, self.ctx.run.lookup.routines) for _, o in found
        ):
            self.refuse("SC5104", step.at, clause=words)
        self.ctx.run.lookup.stateful = True
        arguments = self.arguments(step.arguments, [o for _, o in found])
        target = self.ctx.run.qualified(self.ctx.run.packages.name_of(found[0][1]))
        return replace(step, name=(Name(target),), arguments=arguments)

    def meant(self, step: Call, found: list[tuple[int, Routine]]) -> list[tuple[int, Routine]]:
        """The routines that a call may mean."""
        return found

    def application_error(self, step: Call) -> Step:
        number = step.arguments[0][1]
        text = number.text.replace(" ", "")
        message = self.text(step.arguments[1][1])
        if not re.fullmatch(r"-20\d{3}", text):
            self.refuse("SC5032", step.at, clause=number.text)
            return step
        state = replace(number, target=f"'45{text[3:]}'")
        return Raise(step.at, step.notes, None, state, message)

    def raised(self, step: Raise) -> Step:
        if step.name is None:
            return step
        name = step.name
        found = self.condition(name, step.at)
        if not found:
            return step
        own = name.text in self.declared or self.package_condition(name) is not None
        if own and found[0].startswith("SQLSTATE "):
            bare = Name(name.text.rpartition(".")[2])
            state, message = found[0].removeprefix("SQLSTATE "), f"'{self.own(bare).text}'"
            here = Fragment("", step.at)
            return Raise(step.at, step.notes, None, replace(here, target=state), replace(here, target=message))
        return replace(step, name=Name(found[0]))
