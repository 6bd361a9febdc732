"""Values of Transact-SQL: names and states in fragments, and what an assignment does to a value.

Source: Transact-SQL reference, "SET @local_variable", "SELECT @local_variable", "Data type conversion".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known, Output
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    ForQuery,
    Parameter,
    SelectInto,
    Step,
    Temporary,
    Typed,
)  # fmt: skip
from ..ir.types import UNKNOWN, Type
from ..sql.kinds import MOMENTS, NULL, family, is_integer
from . import tsql_gathered
from .routine_steps import Steps
from .tsql_marks import Marks, tokens
from .tsql_states import fetched

_AGGREGATE: Final = re.compile(r"(?i)^\s*SELECT\s+(?:COUNT|SUM|MIN|MAX|AVG|COUNT_BIG)\s*\(")
_ONE_ROW: Final = re.compile(r"(?i)^\s*SELECT\s+TOP\s*\(?\s*1\s*\)?\s")
_MONEY: Final = re.compile(r"'(?:[^']|'')*'|\[[^\]]*\]|(?<![\w@$])\$(\d+(?:\.\d*)?)")
_SIZED: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})


class TsqlValues(Steps):
    """Adds the fragments of Transact-SQL."""

    marks: Marks
    rows: tuple[Parameter, ...] | None = None
    identity = False
    looped = False
    result: Typed | None = None
    code = False
    handling = 0
    aliased: frozenset[str] = frozenset()  # columns whose type is not that of their name: of alias types, of queries

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.tables: dict[str, Temporary] = {}
        self.assigned: set[str] = set()  # variables that may have a value by now
        self.transitions: set[str] = set()


    def note(self, step: Step) -> None:
        """Remember what a statement gives a value to."""
        raise NotImplementedError

    # -- fragments -----------------------------------------------------------------------------------------------------

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        text = fragment.text
        if "@@FETCH_STATUS" in text.upper():
            if self.last:
                text = fetched(text)
        made = tokens().sub(lambda m: self.mark_of(m, fragment), text)
        made = _MONEY.sub(lambda m: m[0] if m[1] is None else f"CAST({m[1]} AS money)", made)
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
                return self.state_asked(str(known), name, fragment)
            if name == "XACT_STATE":
                return self.transaction_asked(m[0], fragment)
            if name == "ROWCOUNT_BIG":
                return '"%ROWCOUNT"'
        return m[0]

    def state(self, name: str, text: str, fragment: Fragment) -> str:
        match name:
            case "ROWCOUNT" | "ROWCOUNT_BIG":
                return '"%ROWCOUNT"'
            case "ERROR" if not self.handling:
                self.ctx.say("SC5088", fragment.at, clause="@@ERROR is 0")
                return "0"
            case "ERROR":
                return self.state_asked("ERROR_NUMBER", "@@ERROR", fragment)
            case "IDENTITY":
                return self.state_asked("IDENTITY", text, fragment)
            case "FETCH_STATUS":
                self.refuse("SC5022", fragment.at, clause=text)
            case "TRANCOUNT":
                return self.transaction_asked(text, fragment)
            case "PROCID" | "NESTLEVEL" | "CURSOR_ROWS" | "SPID":
                self.refuse("SC5021", fragment.at, title="a state of the session", clause=text)
            case _:
                pass
        return text

    def transaction_asked(self, clause: str, fragment: Fragment) -> str:
        """The call is always inside of one transaction, which an error that was caught has not spoiled."""
        self.ctx.say("SC5161", fragment.at, clause=clause)
        return "1"

    def state_asked(self, state: str, clause: str, fragment: Fragment) -> str:
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
            ) or given == NULL or is_short(value.text, want.length)  # fmt: skip
            if want.kind in ("char", "nchar") and not (fits and given.kind == want.kind):
                return replace(done, target=f"({done.target})::char({want.length})")
            if not fits:
                return replace(done, target=f"left({_as_text(done.target, given)}, {want.length})")
        if is_integer(want) and family(given) == "number" and not is_integer(given):
            return replace(done, target=f"trunc({done.target})")
        return done

    def chosen(self, step: SelectInto) -> list[Step]:
        """``SELECT @a = x FROM ...``: without a row the variables keep their values, of several the last row counts."""
        names = [t.text.strip().upper() for t in step.into]
        wanted = [self.named(t.text) for t in step.into]
        if None in wanted:
            self.refuse("SC5021", step.at, title="a variable that is not declared", clause=", ".join(names))
            return [step]
        fresh = not self.assigned.intersection(names) and not self.incoming.intersection(names)
        text = step.query.text
        self.note(step)
        gathered = tsql_gathered.split(text, names)
        if gathered is None:
            self.refuse("SC5021", step.at, title="a variable that takes a value from every row", clause=names[0])
            return [step]
        step = replace(step, query=replace(step.query, text=gathered.query))
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
        plain = (fresh or single) and not counted and not any(cut) and not gathered.prefixes
        if plain and (single or _ONE_ROW.match(text) or "ORDER BY" not in text.upper()):
            return [replace(step, query=query, into=into)]
        self.looped = True
        listed = ", ".join(f"c{i + 1}" for i in range(len(into)))
        over = replace(query, target=f"SELECT * FROM ({query.output}) AS sql_query ({listed})")
        inner: list[Step] = []
        for i, target in enumerate(into):
            if i in gathered.prefixes:
                mark = f"ROW{i + 1}"
                self.texts = {**self.texts, mark: f"sql_row.c{i + 1}"}
                self.variables[f"%{mark}"] = Known(outputs[i].known.type)
                whole = replace(step.query, text=f"{gathered.prefixes[i]} [%{mark}]", target=None)
                known = wanted[i]
                assert known is not None
                inner.append(Assign(step.at, target=target, value=self.fitted(whole, known)))
                continue
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
                return self.cut_to(want.length, have)
        if is_integer(want) and family(have) == "number" and not is_integer(have):
            return self.cut_whole
        return ""

    cut_whole = "trunc(\0)"

    def cut_to(self, length: int, have: Type) -> str:
        return f"left({_as_text(chr(0), have)}, {length})"


def is_short(text: str, length: int) -> bool:
    """Whether a source text is a literal of no more characters than that."""
    literal = re.fullmatch(r"\s*N?'((?:[^']|'')*)'\s*", text)
    return literal is not None and len(literal[1].replace("''", "'")) <= length


def _as_text(text: str, given: Type) -> str:
    return text if family(given) == "text" else f"({text})::text"
