"""Statements whose text is made at run time, where PREPARE takes a text from a variable of the session.

A constant text stands as it is, with what it is bound to in its places. Any other is kept in ``@sql_text`` and prepared
under a name of the routine's own; ``USING`` takes variables of the session, and so does INTO ("PREPARE Statement").
Functions and triggers may prepare nothing, and neither may what they call.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import Assign, Body, Call, Count, Dynamic, Nothing, Print, Ready, SelectInto, Sql, Step
from ..ir.types import Type
from .gaps import BIND, same_places, woven
from .psm_bulk import PsmBulk
from .routine_dynamic import split

_LITERAL: Final = re.compile(r"\s*'((?:[^']|'')*)'\s*")
_DML: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
_QUERIED: Final = _DML | {"SELECT", "WITH"}
_QUOTED_GAP: Final = re.compile(r'"(zz\d+q)"')
#: Words behind which a name of a table stands; what follows a point belongs to one.
_PLACE: Final = re.compile(r"(?i)(?:\b(?:FROM|JOIN|INTO|UPDATE|TABLE|VIEW|ON)\s+|\.)`?$")
_PARTITION: Final = re.compile(r"(?i)(\bFROM\s+[\w$#.]+)\s+(PARTITION)\s*\(\s*([\w$#]+)\s*\)")
_OF_NUMBER: Final = re.compile(r"(?is)\s*TO_CHAR\s*\(\s*([\w$#.]+)\s*\)\s*")
_NUMBERS: Final = frozenset({"number", "decimal", "integer"})
_TEXT: Final = Type("varchar")


class PsmDynamics(PsmBulk):
    """Adds EXECUTE IMMEDIATE, and what supplied packages do."""

    plain_gaps: set[str] = set()  # parts of a text that are numbers

    def several(self, step: Step) -> Body:
        return self.executed(step) if isinstance(step, Dynamic) else super().several(step)

    def executed(self, step: Dynamic) -> Body:
        literal = _LITERAL.fullmatch(step.text.text)
        if literal is not None:
            done = self.constant(step, literal[1].replace("''", "'").strip().rstrip(";").strip())
            if done is not None:
                return done
        if not self.prepares(step):
            return (step,)
        text = self.run_time_text(step.text, step, bool(step.into), len(step.using))
        if text is None:
            return (step,)
        if text == "":
            self.ctx.say("SC5053", step.at, clause=step.text.text.strip())
            return (Nothing(step.at, step.notes),)
        return self.prepared(step, text)

    def prepares(self, step: Step) -> bool:
        """Whether the routine may prepare a statement; said where it may not."""
        if self.found.what == "procedure" and not self.silent():
            return True
        called = "procedure that a function or a trigger calls"
        self.refuse("SC5140", step.at, clause=called if self.found.what == "procedure" else self.found.what)
        return False

    def silent(self) -> bool:
        raise NotImplementedError

    # -- constant texts ------------------------------------------------------------------------------------------------

    def constant(self, step: Dynamic, source: str) -> Body | None:
        """A constant statement in its place; ``None`` where only PREPARE can tell its names from variables."""
        word = source.split(None, 1)[0].upper() if source else ""
        inside = replace(step.text, text=source)
        if word not in _QUERIED:
            done = self.constant_text(source, step.text, len(step.using))
            if done == "":
                self.ctx.say("SC5053", step.at, clause=source)
                return (Nothing(step.at, step.notes),)
            if not done or step.using or step.into or not self.prepares(step):
                return None
            return self.with_count(step, (self.plain_sql(step, done),))
        named = set(self.ctx.run.words(source)) & self.variables.keys()
        given = [self.text(u) for u in step.using]
        bound = self.placed(inside, given)
        self.frame()
        returning = re.search(r"(?i)\bRETURN(?:ING)?\b", source)
        if named or bound is None or returning or (word in _DML) == bool(step.into):
            return None
        if step.into:
            return self.several(SelectInto(step.at, step.notes, bound, step.into, bulk=step.bulk))
        return self.several(Sql(step.at, step.notes, bound))

    def placed(self, text: Fragment, given: list[Fragment]) -> Fragment | None:
        """The text with what it is bound to in place of its ``:1``."""
        left = list(given)

        def value(m: re.Match[str]) -> str:
            if m[1] is None or not left:
                return m[0]
            one = left.pop(0)
            return f'"{self.lasting(one.output, Known(self.kind_of(one)))}"'

        count = sum(m[1] is not None for m in BIND.finditer(text.text))
        made = BIND.sub(value, text.text)
        return replace(text, text=made) if count == len(given) else None

    def lasting(self, text: str, known: Known) -> str:
        """A name for a piece that is known as long as the routine is read."""
        name = self.piece(text, known)
        self.temporary.remove(name)
        return name

    def plain_sql(self, step: Step, text: str) -> Sql:
        return Sql(step.at, step.notes, Fragment("", step.at, target=text))

    # -- texts that are put together -----------------------------------------------------------------------------------

    def prepared(self, step: Dynamic, text: str) -> Body:
        name = self.ctx.profile.quoted(f"run_{self.names.plain(self.found.name.name)}"[:64])
        at = step.at
        given = [f"@sql_{i} = {self.text(u).output}" for i, u in enumerate(step.using, 1)]
        slots = [f"@sql_into_{i}" for i in range(1, len(step.into) + 1)]
        if slots:
            text = self.with_into(text, slots)
        keep = [f"@sql_text = {text}", *given, *(f"{s} = NULL" for s in slots)]
        using = f" USING {', '.join([g.partition(' = ')[0] for g in given])}" if given else ""
        first: Body = (
            self.plain_sql(step, f"SET {', '.join(keep)}"),
            Sql(at, statement=Fragment("", at, target=f"PREPARE {name} FROM @sql_text")),
            Sql(at, statement=Fragment("", at, target=f"EXECUTE {name}{using}"), into=step.into),
        )
        count: Body = (Count(at, variable=Name("sql_rowcount")),) if at in self.counted else ()
        last: Body = (Sql(at, statement=Fragment("", at, target=f"DEALLOCATE PREPARE {name}")),)
        if count and not step.into:
            self.ctx.say("SC5075", at)
        if step.bulk:
            self.refuse("SC5033", at, clause="EXECUTE IMMEDIATE")
        into, more = self.slots(step.into)
        taken = tuple(
            Assign(at, target=t, value=Fragment("", at, target=s)) for t, s in zip(into, slots, strict=False)
        )
        return *first, *count, *last, *taken, *more

    def with_into(self, text: str, slots: list[str]) -> str:
        tail = f" INTO {', '.join(slots)}"
        if text.endswith("')"):
            return f"{text[:-2]}{tail}')"
        if text.startswith("'") and text.endswith("'") and not text.startswith("''"):
            return f"{text[:-1]}{tail}'"
        return f"CONCAT({text}, '{tail}')" if not text.startswith("CONCAT_WS") else f"{text[:-1]}, '{tail}')"

    def place_of_value(self, number: int) -> str:
        return "?"

    def template(self, text: Fragment, binds: int, whole: bool) -> str | None:
        """As elsewhere; ``FROM t PARTITION (p)`` is said by PREPARE, whose text keeps it."""
        parts = split(text.text)
        others = [p for p in parts if p[:1] != "'"]
        if not parts or parts[0][:1] != "'" or not others:
            done = super().template(text, binds, whole)
            return done if done is None or done[:1] != "'" else done.replace("\\", "\\\\")
        before, self.plain_gaps = self.variables, set()
        for number, part in enumerate(others, 1):
            inner = _OF_NUMBER.fullmatch(part)
            if self.kind_of(replace(text, text=inner[1] if inner is not None else part)).kind in _NUMBERS:
                self.plain_gaps.add(f"zz{number}q")
                self.variables = self.variables | {f"ZZ{number}Q": Known(Type("number"))}
        self.frame()
        try:
            return super().template(text, binds, whole)
        finally:
            self.variables = before
            self.frame()

    def in_place(self, source: str, made: str, count: int) -> bool:
        """A number may stand anywhere as such."""
        number = re.compile("|".join(self.plain_gaps) or "$^")
        return same_places(number.sub("0", source), number.sub("0", made), count - len(self.plain_gaps))

    def constant_text(self, source: str, text: Fragment, binds: int) -> str | None:
        parted = _PARTITION.search(source)
        if parted is None:
            made = super().constant_text(source, text, binds)
            return _QUOTED_GAP.sub(r"`\1`", made) if made is not None else None
        made = super().constant_text(source[: parted.end(1)] + source[parted.end() :], text, binds)
        if made is None or len(re.findall(r"(?i)\bFROM\b", made)) != 1:
            return None
        return re.sub(r"(?i)(\bFROM\s+[\w$`.]+)", rf"\1 PARTITION ({parted[3]})", made, count=1)

    def joined(self, text: str, others: list[str], whole: Fragment) -> str:
        """``CONCAT_WS('', 'DELETE FROM ', v_table)``: NULL is no text there, as in the source. Names of tables are in
        small letters on the target, whose server may tell them apart by that."""
        small = self.names.plain(Name("A")) == "a"

        def fill(m: re.Match[str]) -> str:
            value = self.text(self.as_text(replace(whole, text=others[int(m[1]) - 1]), _TEXT)).output
            return f"LOWER({value})" if small and _PLACE.search(text[: m.start()]) is not None else value

        return ", ".join(["CONCAT_WS(''", *woven(text, fill, _literal)]) + ")"

    # -- supplied packages ---------------------------------------------------------------------------------------------

    def supplied(self, step: Call) -> Body | None:
        parts = [n.text for n in step.name]
        parts = parts[1:] if len(parts) > 2 and parts[0] in ("SYS", "PUBLIC") else parts
        words = ".".join(parts)
        first = step.arguments[0][1] if step.arguments else None
        if words == "DBMS_UTILITY.EXEC_DDL_STATEMENT" and first is not None:
            return self.executed(Dynamic(step.at, step.notes, first))
        if self.puts and words in ("DBMS_OUTPUT.PUT", "DBMS_OUTPUT.PUT_LINE", "DBMS_OUTPUT.NEW_LINE"):
            return self.put(step, words, first)
        row = self.supplied_calls.get(words)
        if row is not None:
            return tuple(
                self.plain_sql(s, s.text) if isinstance(s, Ready) else s for s in self.worded(step, words, row)
            )
        advice = self.advice.get(parts[0]) if len(parts) == 2 else None
        if advice is not None and not self.ctx.run.lookup.routines(tuple(parts)):
            self.refuse("SC5054", step.at, clause=words, advice=advice)
            return (step,)
        return None

    def put(self, step: Call, words: str, text: Fragment | None) -> Body | None:
        """Parts of a line, which are kept until its end."""
        if self.found.what != "procedure" or self.silent():
            self.ctx.say("SC5074", step.at, clause="is left out")
            return (Nothing(step.at, step.notes),)
        line = self.ctx.profile.quoted(self.helper("output_line", "text").text)
        value = f", {self.text(text).output}" if text is not None else ""
        whole = f"CONCAT_WS('', {line}{value})"
        if words.endswith(".PUT"):
            return (self.plain_sql(step, f"SET {line} = {whole}"),)
        self.ctx.say("SC5074", step.at, clause="is a result set")
        here = Fragment("", step.at, target=whole)
        return Print(step.at, step.notes, here), Sql(step.at, statement=replace(here, target=f"SET {line} = NULL"))


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
