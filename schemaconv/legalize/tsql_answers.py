"""Results of Transact-SQL procedures: as rows of a function, or through cursors where one function cannot give them.

Source: Transact-SQL reference, "Return Data from a Stored Procedure", "INSERT" (EXECUTE); PostgreSQL, "Returning
Cursors": a procedure opens cursors whose names its INOUT parameters give back, and the caller fetches from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..diagnostics import Log
from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known, Output
from ..ir.names import Name, QName
from ..ir.routine import Call, Open, Parameter, Program, ReturnQuery, Several, Sql, Step, Taken, Typed
from ..ir.types import Type
from ..source import Span
from ..sql.kinds import family
from .tsql_plain import numbered, ways
from .tsql_results import answers
from .tsql_steps import TsqlSteps

if TYPE_CHECKING:
    from .context import Context, Run

#: More results than any procedure has.
_MANY = 40
#: What a function of one result cannot do, and a procedure with cursors can.
SHAPES = frozenset({"SC5091", "SC5093"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a routine gives: rows with these columns, or so many cursors."""

    rows: tuple[Parameter, ...] | None = None
    cursors: int = 0


class TsqlAnswers(TsqlSteps):
    """Adds results of calls, and cursors for results."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.by_cursors = False
        self.results: dict[Span, int] = {}  # the place of a statement -> the number of its result
        self.cursors_given = 0
        self.reasons: set[str] = set()  # codes of what was refused

    def refuse(self, code: str, at: Span, **params: object) -> None:
        self.reasons.add(code)
        super().refuse(code, at, **params)

    # -- how many ------------------------------------------------------------------------------------------------------

    def gives(self, step: Step) -> int:
        if isinstance(step, Call):
            called = self.routine_called(step)
            if called is None or not answers_of(called, self.ctx):
                return 0
            answer = answer_of(called, self.ctx)
            return 1 if answer is None else max(answer.cursors, int(answer.rows is not None))
        return super().gives(step)

    def routine_called(self, step: Call) -> Routine | None:
        name = QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1])
        called = self.ctx.find(name)
        own = isinstance(called, Routine) and called.program is not None and called is not self.found
        return called if own and isinstance(called, Routine) else None

    def number_results(self, program: Program) -> None:
        """Cursors for all results of the procedure."""
        self.by_cursors = True
        most = max(n for n, _ in ways(program.body.body, self.gives, _MANY))
        if most >= _MANY:
            self.refuse("SC5091", self.found.at, clause="a result in each round of a loop")
            return
        self.results = numbered(program.body.body, self.gives)
        self.cursors_given = most
        self.ctx.say("SC5162", self.found.at, clause=str(self.names.relation(self.found.name)), count=most)

    def result_parameters(self) -> tuple[Parameter, ...]:
        """``INOUT result_1 refcursor DEFAULT NULL`` and so on."""
        nothing = Fragment("NULL", self.found.at, "NULL")
        cursor = Typed(raw="refcursor")
        names = [Name(self.result_name(i + 1)) for i in range(self.cursors_given)]
        return tuple(Parameter(n, cursor, "inout", nothing) for n in names)

    def result_name(self, number: int) -> str:
        return f"result_{number}"

    # -- statements ----------------------------------------------------------------------------------------------------

    def step(self, step: Step) -> Step:
        return self.rows_taken(step) if isinstance(step, Taken) else super().step(step)

    def return_query(self, step: ReturnQuery) -> Step:
        if not self.by_cursors:
            return super().return_query(step)
        self.clash(step.query)
        done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
        return self.opened_result(step, self.kept(step.query, done, translated.findings))

    def opened_result(self, step: Step, query: Fragment) -> Step:
        number = self.results.get(step.at, 1)
        if step.at in self.counted:
            self.refuse("SC5021", step.at, title="the number of rows of a result", clause="@@ROWCOUNT")
        return Open(step.at, step.notes, Fragment("", step.at, self.result_name(number)), query=query)

    def shaped(self, query: Fragment, outputs: tuple[Output, ...], at: Span) -> Fragment:
        return query if self.by_cursors else super().shaped(query, outputs, at)

    def sql(self, step: Sql) -> Step:
        done = super().sql(step)
        if not self.by_cursors or not isinstance(done, ReturnQuery):
            return done
        number = self.results.get(step.at, 1)
        name = f"sql_output_{number}"  # a cursor would change the rows only when somebody fetches from it
        made = f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS\nWITH changed AS (\n{done.query.output}\n)"
        shown = Fragment("", step.at, f"SELECT * FROM {name}")
        drop = Sql(step.at, step.notes, Fragment("", step.at, f"DROP TABLE IF EXISTS pg_temp.{name}"))
        keep = Sql(step.at, statement=Fragment("", step.at, f"{made}\nSELECT * FROM changed"))
        opened = self.opened_result(step, shown)
        return Several(step.at, body=(drop, keep, replace(opened, notes=type(step.notes)())))

    def call(self, step: Call) -> Step:
        called = self.routine_called(step)
        if called is None or not answers_of(called, self.ctx):
            return super().call(step)
        answer = answer_of(called, self.ctx)
        if answer is None or (answer.rows is None and not answer.cursors):
            return super().call(step)
        if step.returned is not None and answer.rows is not None:
            self.refuse("SC5021", step.at, title="a return code beside a result", clause=step.text.text)
        done = self.plain_call(step)
        if not isinstance(done, Call):
            return done
        if answer.rows is None:
            if not self.by_cursors:
                self.refuse("SC5091", step.at, clause=f"the results of {step.name[-1]}")
            first = self.results.get(step.at, 1)
            more = tuple((Name(self.result_name(i + 1)), Fragment("", step.at, self.result_name(first + i)))
                         for i in range(answer.cursors))  # fmt: skip
            return replace(done, arguments=(*done.arguments, *more))
        query = Fragment("", step.at, f"SELECT * FROM {_shown(done)}")
        if self.by_cursors:
            return self.opened_result(step, query)
        outputs = tuple(Output(p.name.text.upper(), Known(p.type.type), True) for p in answer.rows)
        return ReturnQuery(step.at, step.notes, self.shaped(query, outputs, step.at))

    def plain_call(self, step: Call) -> Step:
        """A call whose result is taken care of."""
        self.rows_wanted = True
        done = super().call(step)
        self.rows_wanted = False
        return done

    def rows_taken(self, step: Taken) -> Step:
        """``INSERT ... EXEC procedure``: from the rows of a function."""
        call = step.source
        if not isinstance(call, Call):
            return self.taken_text(step)
        called = self.routine_called(call)
        answer = answer_of(called, self.ctx) if called is not None else None
        if answer is None or answer.rows is None or call.returned is not None:
            self.refuse("SC5021", step.at, title="INSERT of what a procedure gives", clause=call.text.text)
            return step
        done = self.plain_call(call)
        into = self.target_of(step, [p.type.type for p in answer.rows])
        if not into or not isinstance(done, Call):
            return step
        listed = ", ".join(f"c{i + 1}" for i in range(len(answer.rows)))
        text = f"INSERT INTO {into[0]} SELECT {into[1]} FROM {_shown(done)} AS q ({listed})"
        return Sql(step.at, step.notes, Fragment("", step.at, text))

    def taken_text(self, step: Taken) -> Step:
        self.refuse("SC5033", step.at, clause="INSERT of what a text gives")
        return step

    def target_of(self, step: Taken, types: list[Type], loose: bool = False) -> tuple[str, str] | None:
        """The table with its columns, and what is put into them."""
        mark = self.marks.of(step.table.name.text)
        quoted = self.ctx.profile.quoted
        if mark:
            table = self.tables.get(f"%{mark}")
            known = self.ctx.run.lookup.local.get(f"%{mark}")
            own = table.identity if table is not None else None
            names = [Name(n) for n in known or () if own is None or n != own.text]
            spelled = [quoted(self.names.plain(n)) for n in step.columns or names]
            home = self.texts[mark]
        else:
            found = self.ctx.run.table(step.table)
            if found is None:
                self.refuse("SC5093", step.at, clause=str(step.table))
                return None
            known = self.ctx.run.lookup.columns_of(*[n.text if n else "" for n in (step.table.schema, step.table.name)])
            names = [k.name for k in found[1].columns if k.identity is None and k.generated is None]
            spelled = [quoted(self.names.column(found[1].name, n).text) for n in step.columns or names]
            home = self.ctx.run.qualified(self.names.relation(found[1].name))
        columns = step.columns or tuple(names)
        if known is None or len(columns) != len(types) or any(n.text not in known for n in columns):
            self.refuse("SC5093", step.at, clause=str(step.table))
            return None
        values = []
        for i, n in enumerate(columns):
            want = known[n.text].type
            fits = loose or family(want) == family(types[i])
            values.append(f"c{i + 1}" if fits else f"c{i + 1}::{self.ctx.run.lookup.spelled(want)}")
        return f"{home} ({', '.join(spelled)})", ", ".join(values)


def _shown(call: Call) -> str:
    given = [(f"{n.text} => " if n is not None else "") + a.output for n, a in call.arguments]
    return f"{call.name[0].text}({', '.join(given)})"


def answers_of(found: Routine, ctx: Context) -> bool:
    """Whether a routine gives rows, itself or through what it calls."""
    from .tsql_plain import every

    assert found.program is not None
    seen = {id(found)}
    waiting = [found]
    while waiting:
        own = waiting.pop()
        for step in every(own.program.body.body if own.program is not None else ()):
            if answers(step):
                return True
            if isinstance(step, Call):
                other = ctx.find(QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1]))
                if isinstance(other, Routine) and other.program is not None and id(other) not in seen:
                    seen.add(id(other))
                    waiting.append(other)
    return False


def answer_of(found: Routine, ctx: Context) -> Answer | None:
    """What a routine of the script gives on the target; ``None`` where it does not come through, or calls back."""
    from . import tsql_triggers
    from .marked import attempts

    run = ctx.run
    subjects = run.relations().get(found.name.name.text, ())
    subject = next((s for s in subjects if run.catalog.objects[s] is found), None)
    if subject is None:
        return None
    if subject not in run.answers:
        run.answers[subject] = None
        with _quiet(run):
            from .context import Context as Own

            trial = Own(run, subject, found.at, str(found.name))
            made = attempts(found, tsql_triggers.split(found), trial)
        run.answers[subject] = made[1] if made is not None else None
    found_ = run.answers[subject]
    assert found_ is None or isinstance(found_, Answer)
    return found_


@contextmanager
def _quiet(run: Run) -> Iterator[None]:
    """Whatever is tried inside says nothing and leaves nothing behind."""
    log, frame, local = run.log, run.translator.frame, run.lookup.local
    renamed = len(run.names.renamed)
    support = {name: set(users) for name, users in run.support.items()}
    run.log = Log()
    try:
        yield
    finally:
        run.log, run.translator.frame, run.lookup.local = log, frame, local
        del run.names.renamed[renamed:]
        run.support.clear()
        run.support.update(support)

