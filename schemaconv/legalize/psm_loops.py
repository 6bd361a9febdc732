"""Loops and cursors of a routine where there are LOOP, WHILE, labels, and a handler for the end of the rows."""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Close,
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
    Raise,
    Ready,
    Return,
    SelectInto,
    Sql,
    Step,
    Variable,
)  # fmt: skip
from .psm_bodies import routines_of
from .psm_names import parts
from .psm_records import FLAG, INT, NOT_FOUND, Jump, Records, moved, set_to, set_true, texts_of


class Loops(Records):
    """Adds loops, what leaves them, and cursors; statements are the subclass's."""

    def steps(self, body: Body) -> Body:
        raise NotImplementedError

    def inside(self, jump: Jump, body: Body) -> Body:
        jump.depth = self.depth
        self.jumps.append(jump)
        made = self.steps(body)
        self.jumps.pop()
        return made

    def label(self, jump: Jump) -> Name:
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

    def jump(self, step: Leave, jump: Jump) -> list[Step]:
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

    out: Jump | None = None  # the handler around

    last = False  # whether it is one of the whole routine

    def returned(self, step: Return) -> list[Step]:
        if self.returns:
            return [replace(step, value=self.text(step.value) if step.value is not None else None)]
        own = self.last and self.depth == 1
        return self.jump(Leave(step.at, step.notes, label=None if own else self.label(self.whole)), self.whole)

    def for_range(self, step: ForRange) -> Step:
        jump = Jump(step.label, f"{step.variable.text}_LOOP")
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
            made.append(Variable(Name(end.text), INT, last, at=step.at))
        start = first if not again else replace(first, text=moved(first.text, back))
        made.append(Variable(i, INT, start, at=step.at))
        beyond = (">" if step.reverse else "<") + ("" if again else "=")
        move = Assign(step.at, target=Fragment(i.text, step.at), value=Fragment(f"{i.text} {sign} 1", step.at))
        condition = Fragment(f"{i.text} {beyond} {end.text.strip()}", step.at)
        loop = Loop(step.at, label=jump.label, condition=condition, body=(move, *body) if again else (*body, move))
        ahead: tuple[Step, ...] = ()
        if step.bulk and step.body[0].at in self.counted:
            self.summed.add(step.body[0].at)
            ahead = (Ready(step.at, text="SET sql_rowcount = 0"),)
        return Block(step.at, step.notes, declarations=tuple(made), body=(*ahead, loop))

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
        row = Variable(step.variable, INT, at=step.at)
        record = self.record(step.variable, [(n, t, None) for n, t in columns], row)
        done = Name(self.names.fresh(f"{step.variable.text}_DONE"))
        jump = Jump(step.label, f"{step.variable.text}_LOOP")
        label = self.label(jump)
        body = self.inside(jump, step.body)
        into = self.targets((Fragment(step.variable.text, step.at),))
        fetch: Step = Fetch(step.at, cursor=Fragment(name.text, step.at), into=into)
        self.names.records, self.fields = before
        over = Handler((Name(NOT_FOUND),), (set_true(done, step.at),), step.at, resume=True)
        handlers: tuple[Handler, ...] = ()
        if self.finds(body):
            fetch = Block(step.at, body=(fetch,), handlers=(over,))
        else:
            handlers = (over,)
        end = Leave(step.at, label=label, when=Fragment(done.text, step.at))
        rows = self.names.states.get((name.text, "ROWS")) if step.cursor is not None else None
        counted = (set_to(rows, f"{rows} + 1", step.at),) if rows is not None else ()
        loop = Loop(step.at, label=label, body=(fetch, end, *counted, *body))
        flag = Variable(done, FLAG, Fragment("FALSE", step.at, "FALSE"), at=step.at)
        closing = Close(step.at, cursor=Fragment(name.text, step.at))
        self.names.used = used
        return Block(
            step.at, step.notes, declarations=(flag, *record, *own),
            body=(*self.open_steps(opened, False), loop, *self.close(closing)), handlers=handlers,
        )  # fmt: skip

    def finds(self, body: Body) -> bool:
        """Whether a statement of ``body`` may say NOT FOUND itself."""
        for node in parts(body):
            match node:
                case SelectInto() | Call() | Fetch() | Raise() | Dynamic():
                    return True
                case Fragment():
                    pass
                case Assign() | Sql() | Return() | If() | Case() | Leave():
                    words = set().union(*(self.ctx.run.words(f.text) for f in texts_of(node)))
                    if any(routines_of(self.ctx.run, w) for w in words):
                        return True
                case _:
                    pass
        return False

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
        defaults = [p.default for p in self.cursors[own].parameters] if own in self.cursors else []
        values = [*step.arguments, *(d for d in defaults[len(step.arguments) :] if d is not None)]
        if len(given) != len(values):
            self.refuse("SC5022", step.at, clause=f"OPEN {own}")
        for name, value in zip(given, values, strict=False):
            made.append(Assign(step.at, target=Fragment(name.text, step.at), value=self.text(value)))
        made.append(replace(step, arguments=()))
        if made and step.notes.before:
            made[0] = replace(made[0], notes=step.notes)
            made[-1] = replace(made[-1], notes=step.notes) if len(made) == 1 else made[-1]
        for what, value_ in (("DONE", "NULL"), ("OPEN", "TRUE"), ("ROWS", "0")):
            name_ = self.names.states.get((own, what))
            if name_ is not None and (what != "DONE" or (fetched and own in self.reopened)):
                made.append(set_to(name_, value_, step.at))
        return made

    def fetch(self, step: Fetch) -> list[Step]:
        own = step.cursor.text.strip().upper()
        if own not in self.cursors:
            return [step]
        if step.bulk:
            return self.bulk_fetch(step, own)
        done = Name(self.names.kept(own, "DONE"))
        rows = self.names.states.get((own, "ROWS"))
        body: list[Step] = [set_to(done.text, "FALSE", step.at), replace(step, into=self.targets(step.into))]
        if rows is not None:
            more = set_to(rows, f"{rows} + 1", step.at)
            body.append(If(step.at, branches=((Fragment(f"NOT {done.text}", step.at), (more,)),)))
        over = Handler((Name(NOT_FOUND),), (set_true(done, step.at),), step.at, resume=True)
        return [Block(step.at, step.notes, body=tuple(body), handlers=(over,))]

    def bulk_fetch(self, step: Fetch, own: str) -> list[Step]:
        """What is known of a cursor of which several rows were taken."""
        step = replace(step, into=self.targets(step.into), limit=self.text(step.limit) if step.limit else None)
        first = step.into[0].text.strip()
        made: list[Step] = [step]
        if (done := self.names.states.get((own, "DONE"))) is not None:
            full = f"({first}.COUNT < {step.limit.text})" if step.limit is not None else "TRUE"
            made.append(set_to(done, full, step.at))
        if (rows := self.names.states.get((own, "ROWS"))) is not None:
            made.append(set_to(rows, f"{rows} + {first}.COUNT", step.at))
        return made

    def close(self, step: Close) -> list[Step]:
        own = step.cursor.text.strip().upper()
        flag = self.names.states.get((own, "OPEN"))
        return [step, *([set_to(flag, "FALSE", step.at)] if flag is not None else [])]
