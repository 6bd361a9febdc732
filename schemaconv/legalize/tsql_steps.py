"""Statements of Transact-SQL that mean something else than those of PL/pgSQL.

Source: Transact-SQL reference, "SET @local_variable", "SELECT @local_variable", "RAISERROR", "THROW", "EXECUTE".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Notes, Routine
from ..ir.fragment import Fragment, Known, Output
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Close,
    Count,
    Dynamic,
    Fetch,
    ForQuery,
    If,
    Leave,
    Loop,
    Nothing,
    Opaque,
    Open,
    Parameter,
    Passed,
    Print,
    Raise,
    Return,
    ReturnQuery,
    SelectInto,
    Sql,
    Step,
    Temporary,
    Transaction,
    Typed,
)  # fmt: skip
from ..ir.types import UNKNOWN, Type
from ..source import Span
from ..sql.kinds import MOMENTS, family, is_integer
from .routine_steps import Steps
from .tsql_marks import Marks, tokens
from .tsql_plain import every
from .tsql_states import fetched
from .types import speller

_AGGREGATE: Final = re.compile(r"(?i)^\s*SELECT\s+(?:COUNT|SUM|MIN|MAX|AVG|COUNT_BIG)\s*\(")
_ONE_ROW: Final = re.compile(r"(?i)^\s*SELECT\s+TOP\s*\(?\s*1\s*\)?\s")
_SIZED: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})
_PLACEHOLDER: Final = re.compile(r"%(?:[-+0 #]*)(?:\d+|\*)?(?:\.\d+)?(?:[hl]|I64)?([disuoxX%])")


class TsqlSteps(Steps):
    """Adds statements; heads are the subclass's."""

    marks: Marks
    rows: tuple[Parameter, ...] | None = None
    identity = False
    looped = False
    result: Typed | None = None
    code = False
    handling = 0
    aliased: frozenset[str] = frozenset()  # columns of alias types, which are domains on the target

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.tables: dict[str, Temporary] = {}
        self.assigned: set[str] = set()  # variables that may have a value by now
        self.transitions: set[str] = set()

    # -- fragments -----------------------------------------------------------------------------------------------------

    def marked(self, fragment: Fragment) -> Fragment:
        text = fragment.text
        if "@@FETCH_STATUS" in text.upper():
            if self.last:
                text = fetched(text)
        made = tokens().sub(lambda m: self.mark_of(m, fragment), text)
        return fragment if made == fragment.text else replace(fragment, text=made)

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        made = super().kept(fragment, done, findings)
        if made.target is None or "FOUND = " not in made.target:
            return made
        return replace(made, target=made.target.replace("FOUND = TRUE", "FOUND").replace("FOUND = FALSE", "NOT FOUND"))

    def mark_of(self, m: re.Match[str], fragment: Fragment) -> str:
        if m["skip"]:
            return m[0]
        if m["state"]:
            return self.state(m[0].upper()[2:], m[0], fragment)
        if m["name"]:
            mark = self.marks.of(m[0])
            if mark:
                return f"[%{mark}]"
            self.refuse("SC5021", fragment.at, title="a variable or table that is not declared", clause=m[0])
            return m[0]
        name = m["call"].upper()
        if m["close"]:
            known = self.words_of_rules("functions").get(name)
            if known is not None:
                return self.asked(str(known), name, fragment)
            if name in ("XACT_STATE",):
                self.refuse("SC5021", fragment.at, title="the state of the transaction", clause=m[0])
        return m[0]

    def state(self, name: str, text: str, fragment: Fragment) -> str:
        match name:
            case "ROWCOUNT" | "ROWCOUNT_BIG":
                return '"%ROWCOUNT"'
            case "ERROR" if not self.handling:
                self.ctx.say("SC5088", fragment.at, clause="@@ERROR is 0")
                return "0"
            case "ERROR":
                return self.asked("ERROR_NUMBER", "@@ERROR", fragment)
            case "IDENTITY":
                return self.asked("IDENTITY", text, fragment)
            case "FETCH_STATUS":
                self.refuse("SC5022", fragment.at, clause=text)
            case "TRANCOUNT" | "PROCID" | "NESTLEVEL" | "CURSOR_ROWS" | "SPID":
                self.refuse("SC5021", fragment.at, title="a state of the session", clause=text)
            case _:
                pass
        return text

    def asked(self, state: str, clause: str, fragment: Fragment) -> str:
        if state != "IDENTITY" and not self.handling:
            self.refuse("SC5021", fragment.at, title="the error of a CATCH block of the caller", clause=clause)
        elif state == "SQLERRM":
            self.ctx.say("SC5036", fragment.at, clause="ERROR_MESSAGE()")
        elif state != "IDENTITY":
            self.ctx.say("SC5098", fragment.at, clause=clause)
        elif self.unsure:
            self.refuse("SC5090", fragment.at, clause=clause)
        return f'"%{state}"'

    unsure = False  # whether an INSERT came before whose identity value is not known

    def type_of(self, fragment: Fragment) -> Type:
        types = {name: known.type for name, known in self.variables.items()}
        return self.ctx.run.translator.type_of(self.quietly(fragment), types)

    def quietly(self, fragment: Fragment) -> str:
        """The marked text, where what there is to say has been said."""
        return tokens().sub(
            lambda m: f"[%{self.marks.of(m[0])}]" if m["name"] and self.marks.of(m[0]) else m[0], fragment.text
        )

    def named(self, text: str) -> Known | None:
        return self.variables.get(f"%{self.marks.of(text.strip())}")

    # -- bodies --------------------------------------------------------------------------------------------------------

    def steps(self, body: Body) -> Body:
        made: list[Step] = []
        above: tuple[str, ...] = ()  # comments of statements that are not there any more
        for i, step in enumerate(body):
            if isinstance(step, Raise) and not self.guarded and _goes_on(step):
                self.behind_error(body[i + 1 :])
            done = [] if isinstance(step, Nothing) else self.several(step)
            above += step.notes.before
            if done:
                done[0] = replace(done[0], notes=replace(done[0].notes, before=above))
                above = ()
            made += done
            if step.at in self.counted and isinstance(step, (Sql, ReturnQuery, Temporary)):
                made.append(Count(step.at, variable=Name("sql_rowcount")))
            if isinstance(step, Fetch):
                self.last = step.cursor.text.strip().upper()
            elif not isinstance(step, (Assign, Leave, Nothing, Print)):
                self.last = ""
        if above:
            made.append(Nothing(body[-1].at, Notes(above)))
        return tuple(made)

    def behind_error(self, behind: Body) -> None:
        if any(not isinstance(s, (Return, Transaction, Nothing, Raise)) for s in behind):
            self.ctx.say("SC5089", behind[0].at)

    def several(self, step: Step) -> list[Step]:
        """What a statement becomes: none, one or more."""
        match step:
            case Passed():
                self.ctx.say_construct(step.construct, step.at, step.text.text)
                return []
            case Transaction():
                return []
            case Temporary():
                return self.temporary(step)
            case SelectInto():
                return self.chosen(step)
            case Return():
                return self.return_(step)
            case Sql():
                return [self.sql(step)]
            case _:
                return [self.step(step)]

    def step(self, step: Step) -> Step:
        match step:
            case Assign():
                return self.assign(step)
            case ReturnQuery():
                return self.return_query(step)
            case Raise():
                return self.error(step)
            case If() if self.found.what == "function":
                return super().step(step)
            case Loop():
                for inner in every(step.body):  # what the body assigns may have a value when it begins again
                    self.note(inner)
                return super().step(step)
            case Open() | Fetch() | Close():
                return self.cursor_step(step)
            case Block() if step.handlers:
                return super().step(step)
            case Call():
                return self.call(step)
            case Opaque():
                self.ctx.say_construct(step.construct, step.at, step.text.text or step.why)
                self.stub = self.stub or "SC5021"
                return step
            case _:
                return super().step(step)

    def note(self, step: Step) -> None:
        match step:
            case Assign():
                self.assigned.add(step.target.text.strip().upper())
            case SelectInto() | Fetch():
                self.assigned.update(t.text.strip().upper() for t in step.into)
            case Call():
                self.assigned.update(a.text.strip().upper() for _, a in step.arguments)
            case _:
                pass

    def cursor_step(self, step: Open | Fetch | Close) -> Step:
        self.note(step)
        name = Name(step.cursor.text.strip().upper().strip("[]"))
        mark = self.marks.of(name.text)
        if not mark:
            self.refuse("SC5022", step.at, clause=step.cursor.text)
            return step
        cursor = replace(step.cursor, target=self.texts[mark])
        if not isinstance(step, Fetch):
            return replace(step, cursor=cursor)
        return replace(step, cursor=cursor, into=tuple(self.text(t) for t in step.into))

    # -- assignments ---------------------------------------------------------------------------------------------------

    def assign(self, step: Assign) -> Step:
        self.note(step)
        wanted = self.named(step.target.text)
        if wanted is None:
            self.refuse("SC5021", step.at, title="a variable that is not declared", clause=step.target.text)
            return step
        return replace(step, target=self.text(step.target), value=self.fitted(step.value, wanted))

    def fitted(self, value: Fragment, wanted: Known) -> Fragment:
        """A value as an assignment to a variable of that type takes it: a text that is too long is cut, and what is
        behind the point of a number goes for an integer."""
        done = self.text(value, wanted)
        if done.target is None:
            return done
        given, want = self.type_of(value), wanted.type
        if want.kind in _SIZED and want.length is not None:
            if family(given) in MOMENTS:
                self.refuse("SC4207", value.at, what="a date used as text")
            fits = (given.kind in _SIZED and given.length is not None and given.length <= want.length) or (
                want.length >= 40 and family(given) == "number"
            ) or given.kind == "null" or _short(value.text, want.length)  # fmt: skip
            if want.kind in ("char", "nchar") and not (fits and given.kind == want.kind):
                return replace(done, target=f"({done.target})::char({want.length})")
            if not fits:
                return replace(done, target=f"left({_as_text(done.target, given)}, {want.length})")
        if is_integer(want) and family(given) == "number" and not is_integer(given):
            return replace(done, target=f"trunc({done.target})")
        return done

    def chosen(self, step: SelectInto) -> list[Step]:
        """``SELECT @a = x FROM ...``: without a row the variables keep their values, of several rows the last counts."""
        names = [t.text.strip().upper() for t in step.into]
        wanted = [self.named(t.text) for t in step.into]
        if None in wanted:
            self.refuse("SC5021", step.at, title="a variable that is not declared", clause=", ".join(names))
            return [step]
        fresh = not self.assigned.intersection(names) and not self.incoming.intersection(names)
        text = step.query.text
        self.note(step)
        own = re.findall(r"@[\w$#@]+", text.upper().split(" FROM ")[0])
        if set(own) & set(names):
            self.refuse("SC5021", step.at, title="a variable that takes a value from every row", clause=names[0])
            return [step]
        self.clash(step.query)
        done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
        query = self.kept(step.query, done, translated.findings)
        outputs = translated.outputs
        into = tuple(self.text(t) for t in step.into)
        if done is None:
            return [step]
        single = _AGGREGATE.match(text) and not re.search(r"(?i)\bGROUP\s+BY\b|\bHAVING\b", text)
        if outputs is None or len(outputs) != len(into):
            outputs = tuple(Output("", Known(UNKNOWN), False) for _ in into)
        counted = step.at in self.counted
        cut = [self.cast(o, w) for o, w in zip(outputs, wanted, strict=True)]
        if (fresh or single) and not counted and not any(cut) and (single or _ONE_ROW.match(text) or "ORDER BY" not in
                                                                   text.upper()):  # fmt: skip
            return [replace(step, query=query, into=into)]
        self.looped = True
        listed = ", ".join(f"c{i + 1}" for i in range(len(into)))
        over = replace(query, target=f"SELECT * FROM ({query.output}) AS sql_query ({listed})")
        inner: list[Step] = []
        for i, target in enumerate(into):
            value = cut[i] or f"sql_row.c{i + 1}"
            value = value.replace("\0", f"sql_row.c{i + 1}")
            inner.append(Assign(step.at, target=target, value=Fragment("", step.at, value)))
        first: list[Step] = []
        if counted:
            here = Fragment("", step.at, "sql_rowcount")
            first.append(Assign(step.at, target=here, value=Fragment("", step.at, "0")))
            inner.append(Assign(step.at, target=here, value=Fragment("", step.at, "sql_rowcount + 1")))
        loop = ForQuery(step.at, step.notes, variable=Name("sql_row"), query=over, body=tuple(inner))
        return [*first, loop]

    @property
    def incoming(self) -> set[str]:
        program = self.found.program
        assert program is not None
        return {p.name.text.upper() for p in program.parameters}

    def cast(self, output: Output, wanted: Known | None) -> str:
        """What fits a column's value to a variable (``\\0`` stands for it), if it does not fit as it is."""
        assert wanted is not None
        have, want = output.known.type, wanted.type
        if want.kind in _SIZED and want.length is not None:
            fits = have.kind in _SIZED and have.length is not None and have.length <= want.length
            if not fits and have.kind not in ("integer", "uuid", "boolean"):
                return f"left({_as_text(chr(0), have)}, {want.length})"
        if is_integer(want) and family(have) == "number" and not is_integer(have):
            return "trunc(\0)"
        return ""

    # -- SQL -----------------------------------------------------------------------------------------------------------

    def sql(self, step: Sql) -> Step:
        text = step.statement.text
        done = self.statement(step.statement)
        if step.output:
            return self.with_rows(step, done)
        if self.identity and text.lstrip()[:6].upper() == "INSERT":
            done = self.with_identity(step, done)
        return replace(step, statement=done)

    def with_rows(self, step: Sql, done: Fragment) -> Step:
        """``... RETURNING`` for OUTPUT: as the answer of the routine, or into a table."""
        verb = step.statement.text.split(None, 1)[0].upper()
        table = self.changed_table(step.statement.text)
        columns = self.ctx.run.lookup.columns_of(table.schema.text if table.schema else "", table.name.text)
        other = "deleted" if verb in ("INSERT", "UPDATE") else "inserted"
        told = re.search(r"(?i)\bFROM\b", step.statement.text) if verb == "UPDATE" else None
        if columns is None or told or any(row == other for row, _, _ in step.output) or " RETURNING " in done.output:
            self.refuse("SC4225", step.at, what="OUTPUT")
            return step
        if any(n.text not in columns for _, n, _ in step.output):
            self.refuse("SC5093", step.at, clause="OUTPUT")
            return step
        quoted = self.ctx.profile.quoted
        outputs = tuple(Output(a.text, columns[n.text], True) for _, n, a in step.output)
        listed = [quoted(self.names.column(table, n).text) for _, n, _ in step.output]
        made = f"{done.output} RETURNING {', '.join(listed)}"
        if step.into is None:
            shaped = self.shaped(replace(done, target=made), outputs, step.at)
            if "FROM (" in shaped.output:
                self.refuse("SC5091", step.at, clause="results of several shapes")
            return ReturnQuery(step.at, step.notes, shaped)
        mark = self.marks.of(step.into[0].text)
        if not mark:
            self.refuse("SC4225", step.at, what="OUTPUT")
            return step
        names = f" ({', '.join(quoted(self.names.plain(n)) for n in step.into[1])})" if step.into[1] else ""
        text = f"WITH sql_output AS (\n{made}\n)\nINSERT INTO {self.texts[mark]}{names} SELECT * FROM sql_output"
        return replace(step, statement=replace(done, target=text))

    def changed_table(self, text: str) -> QName:
        """The table that a data statement changes, by its source name."""
        m = re.match(
            r"(?is)\s*(?:INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+|TOP\s*\([^)]*\)\s*)*"
            r"((?:\[[^\]]+\]|[\w@#$]+)(?:\s*\.\s*(?:\[[^\]]+\]|[\w@#$]+))*)", text
        )  # fmt: skip
        parts = [p.strip().strip('[]"').upper() for p in m[1].split(".")] if m else [""]
        mark = self.marks.of(parts[-1])
        if mark:
            return QName(None, Name(f"%{mark}"))
        schema = parts[-2] if len(parts) > 1 else ""
        return QName(Name(schema) if schema and schema != self.names.own else None, Name(parts[-1]))

    def with_identity(self, step: Sql, done: Fragment) -> Fragment:
        """``INSERT ... RETURNING id INTO sql_identity``, where the table has such a column."""
        named = self.changed_table(step.statement.text)
        if named.name.text[:1] == "%":
            table = self.tables.get(named.name.text)
            column = self.names.plain(table.identity) if table is not None and table.identity is not None else ""
        else:
            found = self.ctx.run.table(named)
            if found is None:
                self.unsure = True
                return done
            own = next((k for k in found[1].columns if k.identity is not None), None)
            column = self.names.column(found[1].name, own.name).text if own is not None else ""
        if not column:
            return done
        output = done.output
        if not re.search(r"(?i)\bVALUES\s*\(", step.statement.text) or " RETURNING " in output or ";" in output:
            self.unsure = True
            return done
        self.unsure = False
        return replace(done, target=f"{output} RETURNING {self.ctx.profile.quoted(column)} INTO sql_identity")

    def temporary(self, step: Temporary) -> list[Step]:
        mark = self.marks.of(step.name.text)
        name = self.texts[mark]
        drop = Sql(step.at, statement=Fragment("", step.at, f"DROP TABLE IF EXISTS pg_temp.{name}"))
        if step.query is not None:
            self.clash(step.query)
            done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
            query = self.kept(step.query, done, translated.findings)
            if translated.outputs is None or any(not o.name for o in translated.outputs):
                self.refuse("SC5093", step.at, clause=step.name.text)
            else:
                self.ctx.run.lookup.local[f"%{mark}"] = {o.name: o.known for o in translated.outputs}
            made = f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS\n{query.output}"
            return [drop, Sql(step.at, step.notes, Fragment("", step.at, made))]
        parts: list[str] = []
        quoted = self.ctx.profile.quoted
        for k in step.columns:
            text = f"{quoted(self.names.plain(k.name))} {self.typed(k.type, k.at).raw}"
            if step.identity == k.name:
                text += " GENERATED BY DEFAULT AS IDENTITY"
            elif k.default is not None:
                text += f" DEFAULT {self.text(k.default, self.known(k.type)).output}"
            if k.not_null and step.identity != k.name:
                text += " NOT NULL"
            parts.append(text)
        for kind, columns in step.keys:
            parts.append(f"{kind} ({', '.join(quoted(self.names.plain(n)) for n in columns)})")
        made = f"CREATE TEMPORARY TABLE {name} (\n    " + ",\n    ".join(parts) + "\n) ON COMMIT DROP"
        return [drop, Sql(step.at, step.notes, Fragment("", step.at, made))]

    # -- results -------------------------------------------------------------------------------------------------------

    def gives(self, step: Step) -> int:
        """How many results a statement gives."""
        if isinstance(step, ReturnQuery) or (isinstance(step, Sql) and step.output and step.into is None):
            return 1
        if isinstance(step, Call):
            name = QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1])
            called = self.ctx.find(name)
            if isinstance(called, Routine) and called.program is not None and called is not self.found:
                return int(any(_answers(s) for s in every(called.program.body.body)))
        return 0

    def return_query(self, step: ReturnQuery) -> Step:
        self.clash(step.query)
        done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
        query = self.kept(step.query, done, translated.findings)
        if done is None:
            return step
        if translated.outputs is None:
            self.refuse("SC5093", step.at, clause="a table or a column is not known")
            return step
        return replace(step, query=self.shaped(query, translated.outputs, step.at))

    def shaped(self, query: Fragment, outputs: tuple[Output, ...], at: Span) -> Fragment:
        """The query with the types of the routine's columns, which the first query gives."""
        types: list[str] = []
        kept: list[Output] = []
        for o in outputs:
            type_ = o.known.type
            if is_integer(type_) and type_.kind == "decimal" and not o.plain:
                type_ = Type("bigint")
            if type_.kind == "null":
                type_ = Type("integer")
            if type_.kind in ("unknown", "user", "any"):
                self.refuse("SC5093", at, clause=o.name or "a column without a name")
                return query
            spelled = speller(self.ctx.profile.engine, self.ctx.options).spell(type_).text
            if o.plain and o.name in self.aliased:
                o = replace(o, plain=False)
            kept.append(o)
            types.append(spelled if spelled != "smallint" or o.plain else "integer")
        outputs = tuple(kept)
        names = self.output_names(outputs)
        cast = [not o.plain or _odd(o) for o in outputs]
        if self.rows is None:
            self.rows = tuple(
                Parameter(Name(n), Typed(o.known.type, raw=t), at=at)
                for n, t, o in zip(names, types, outputs, strict=True)
            )
        elif len(self.rows) != len(outputs):
            self.refuse("SC5091", at, clause="results of several shapes")
            return query
        else:
            for i, (row, given) in enumerate(zip(self.rows, types, strict=True)):
                if _base(row.type.raw) != _base(given):
                    if family(row.type.type) != family(outputs[i].known.type):
                        self.refuse("SC5091", at, clause="results of several shapes")
                        return query
                    cast[i] = True
        if not any(cast):
            return query
        listed = ", ".join(f"c{i + 1}" for i in range(len(outputs)))
        shown = ", ".join(
            f"q.c{i + 1}::{_base(r.type.raw)}" if cast[i] else f"q.c{i + 1}" for i, r in enumerate(self.rows)
        )
        return replace(query, target=f"SELECT {shown} FROM (\n{query.output}\n) AS q ({listed})")

    def output_names(self, outputs: tuple[Output, ...]) -> list[str]:
        seen: dict[str, int] = {}
        names: list[str] = []
        for i, o in enumerate(outputs):
            name = self.names.plain(Name(o.name, True)) if o.name and o.name[:1] != "%" else f"column{i + 1}"
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
        return names

    def return_(self, step: Return) -> list[Step]:
        program = self.found.program
        assert program is not None
        if program.firing is not None:
            return [replace(step, value=None)]
        if self.result is not None:
            if step.value is None:
                return [step]
            return [replace(step, value=self.fitted(step.value, self.known(self.result)))]
        if program.rows is not None:  # the rows of the table are the answer
            names = [s for s in program.body.body if isinstance(s, Temporary)]
            if names and names[0].columns:
                answer = ReturnQuery(step.at, step.notes, Fragment(f"SELECT * FROM {names[0].name}", step.at))
                return [self.return_query(answer), Return(step.at)]
            return [replace(step, value=None)]
        if step.value is None or re.fullmatch(r"\s*\(?\s*0\s*\)?\s*", step.value.text):
            return [replace(step, value=None)]
        if max((self.gives(s) for s in every(program.body.body)), default=0):
            self.ctx.say("SC5087", step.at, clause=f"RETURN {step.value.text} is left out")
            return [replace(step, value=None)]
        if not self.code:
            self.ctx.say("SC5087", step.at, clause="it is the parameter return_code")
        self.code = True
        value = self.fitted(step.value, Known(Type("integer")))
        given = Assign(step.at, step.notes, Fragment("", step.at, "return_code"), value)
        return [given, Return(step.at)]

    # -- errors --------------------------------------------------------------------------------------------------------

    def error(self, step: Raise) -> Step:
        if step.name is None or step.message is None:
            return step
        own = step.name.text
        number = Fragment("", step.at, "'UE000'")
        if own == "THROW":
            return replace(step, name=None, number=number, message=self.text(step.message))
        severity = step.number.text.strip() if step.number is not None else "16"
        if severity.isdecimal() and int(severity) <= 10:
            return Print(step.at, step.notes, self.formatted(step))
        return replace(step, name=None, number=number, message=self.formatted(step), arguments=())

    def formatted(self, step: Raise) -> Fragment:
        """The message of RAISERROR with its arguments in place."""
        message = step.message
        assert message is not None
        literal = re.fullmatch(r"(?is)\s*N?'((?:[^']|'')*)'\s*", message.text)
        if message.text.strip().isdecimal():
            self.refuse("SC5013", step.at, clause=message.text)
            return message
        if literal is None:
            if step.arguments:
                self.refuse("SC5021", step.at, title="a message that is put together", clause=message.text)
            return self.text(message)
        parts: list[str] = []
        rest = list(step.arguments)
        last = 0
        for m in _PLACEHOLDER.finditer(literal[1]):
            if m[1] == "%":
                parts.append(literal[1][last : m.start()] + "%%")
            else:
                if not rest or (m[0] not in ("%s", "%d", "%i", "%u", "%I64d", "%ld")):
                    self.refuse("SC5021", step.at, title="a placeholder of a message", clause=m[0])
                    return message
                rest.pop(0)
                parts.append(literal[1][last : m.start()] + "%s")
            last = m.end()
        text = "".join(parts) + literal[1][last:]
        if not step.arguments:
            return replace(message, target="'" + text.replace("%%", "%") + "'")
        given = ", ".join(f"coalesce(({self.text(a).output})::text, '(null)')" for a in step.arguments)
        return replace(message, target=f"format('{text}', {given})")

    # -- calls ---------------------------------------------------------------------------------------------------------

    def call(self, step: Call) -> Step:
        self.note(step)
        words = ".".join(n.text for n in step.name)
        name = QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1])
        own = self.found if self.found.name.name == name.name else self.ctx.find(name)
        if not isinstance(own, Routine) or own.what != "procedure" or own.program is None or not (
            own is self.found or self.ctx.exists(name)
        ):  # fmt: skip
            self.refuse("SC5031", step.at, clause=words)
            return step
        arguments = []
        names = self.parameter_names(own)
        for n, a in step.arguments:
            if a.text.strip().upper() == "DEFAULT":
                self.refuse("SC5021", step.at, title="DEFAULT as an argument", clause=words)
                return step
            if n is not None and n.text.upper() not in names:
                self.refuse("SC5031", step.at, clause=f"{words} {n}")
                return step
            arguments.append((Name(names[n.text.upper()]) if n is not None else None, self.text(a)))
        target = self.ctx.run.qualified(self.names.relation(name))
        answers = any(_answers(s) for s in every(own.program.body.body))
        if answers:
            self.refuse("SC5091", step.at, clause=f"the result of {words}")
            return step
        gives_code = any(
            isinstance(s, Return) and s.value is not None and s.value.text.strip(" ()") != "0"
            for s in every(own.program.body.body)
        )
        if step.returned is not None:
            self.assigned.add(step.returned.text.upper())
            if gives_code:
                arguments.append((Name("return_code"), self.text(step.returned)))
            else:
                self.refuse("SC5021", step.at, title="a return code that is always 0", clause=words)
        outs = [p for p in own.program.parameters if p.mode != "in"]
        if outs and len(step.arguments) < len(own.program.parameters):
            given = {n.text.upper() for n, _ in step.arguments if n is not None}
            place = len([1 for n, _ in step.arguments if n is None])
            for i, p in enumerate(own.program.parameters):
                if p.mode != "in" and i >= place and p.name.text.upper() not in given:
                    self.refuse("SC5021", step.at, title="an OUTPUT parameter without an argument", clause=words)
        return replace(step, name=(Name(target),), arguments=tuple(arguments))

    def parameter_names(self, own: Routine) -> dict[str, str]:
        """The names that a procedure's parameters have on the target."""
        from .tsql import Batch

        assert own.program is not None
        if own is self.found:
            return {p.name.text.upper(): self.own(p.name).text for p in own.program.parameters}
        other = Batch(own, self.ctx)
        return {p.name.text.upper(): other.marks.spelled[other.mark(p.name, "p_")] for p in own.program.parameters}

    def dynamic(self, step: Dynamic) -> Step:
        self.refuse("SC5033", step.at, clause="EXECUTE of a text")
        return step


def _short(text: str, length: int) -> bool:
    literal = re.fullmatch(r"\s*N?'((?:[^']|'')*)'\s*", text)
    return literal is not None and len(literal[1].replace("''", "'")) <= length


def _as_text(text: str, given: Type) -> str:
    return text if family(given) == "text" else f"({text})::text"


def _goes_on(step: Raise) -> bool:
    """Whether the source goes on behind the error, where the target does not."""
    severity = step.number.text.strip() if step.number is not None else "16"
    return step.name is not None and step.name.text == "RAISERROR" and not (severity.isdecimal() and int(severity) <= 10)


def _answers(step: Step) -> bool:
    return isinstance(step, ReturnQuery) or (isinstance(step, Sql) and bool(step.output) and step.into is None)


def _odd(output: Output) -> bool:
    """Whether a variable may have another type on the target than a column of its type."""
    mark = output.name[:1] == "%" and re.fullmatch(r"%(?:V\d+|IDENTITY|ROWCOUNT)", output.name) is None
    return mark or (output.name[:1] == "%" and output.known.type.kind in ("smallint", "tinyint", "utinyint"))


def _base(spelled: str) -> str:
    """A type without its length or precision, as a function's columns have it."""
    return re.sub(r"\([^)]*\)", "", spelled).strip()
