"""Statements whose text is made at run time.

The text is taken apart into constants and what stands between them. The constants are translated with names of ours in
the gaps; that is right where each gap keeps its neighbours, so that it is still the same part of the statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import Assign, Block, Call, Dynamic, Fetch, Nothing, Open, Ready, SelectInto, Sql, Step
from ..ir.types import UNKNOWN
from .gaps import BIND, GAP, literal, same_places, with_gaps, woven
from .routine_calls import Supplied
from .routine_walk import every

_PARTS: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\|\||[()]")
_QUOTED: Final = re.compile(r'"([A-Z][A-Z0-9_$#]*)"')
_FIRST: Final = re.compile(r"\s*'\s*(\w+)\b")
#: What a statement begins with.
_VERBS: Final = frozenset(
    "SELECT WITH INSERT UPDATE DELETE MERGE CREATE ALTER DROP TRUNCATE GRANT REVOKE BEGIN DECLARE CALL COMMENT LOCK SET"
    " ANALYZE RENAME COMMIT ROLLBACK EXPLAIN PURGE FLASHBACK AUDIT".split()
)
_DML: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
_QUERIED: Final = _DML | {"SELECT", "WITH"}


class Dynamics(Supplied):
    """Adds EXECUTE IMMEDIATE and OPEN ... FOR a text."""

    def dynamic(self, step: Dynamic) -> Step:
        text = self.run_time_text(step.text, step, bool(step.into), len(step.using))
        if text is None:
            return step
        if text == "":
            self.ctx.say("SC5053", step.at, clause=step.text.text.strip())
            return Nothing(step.at, step.notes)
        if not text.startswith(("'", "concat(")) and not self.is_variable(step.text):
            return Sql(step.at, step.notes, replace(step.text, target=text))
        using = [self.text(u).output for u in step.using]
        into, more = self.slots(step.into)
        if more or step.bulk:
            self.refuse("SC5033", step.at, clause="EXECUTE IMMEDIATE")
        tail = f" INTO STRICT {', '.join([f.output for f in into])}" if into else ""
        tail += f" USING {', '.join(using)}" if using else ""
        return Ready(step.at, step.notes, f"EXECUTE {text}{tail}")

    def opened_text(self, step: Open) -> Step:
        assert step.text is not None
        text = self.run_time_text(step.text, step, True, len(step.using))
        if text is None:
            return step
        using = [self.text(u).output for u in step.using]
        tail = f" USING {', '.join(using)}" if using else ""
        if not text.startswith(("'", "concat(")) and not self.is_variable(step.text):
            text = literal(text)
        return Ready(step.at, step.notes, f"OPEN {self.text(step.cursor).output} FOR EXECUTE {text}{tail}")

    def is_variable(self, text: Fragment) -> bool:
        return text.text.strip().upper() in self.texts_of_statements

    # -- texts ---------------------------------------------------------------------------------------------------------

    def run_time_text(self, text: Fragment, step: Step, asks: bool, binds: int) -> str | None:
        """The expression whose value runs; without quotes: a statement that needs no EXECUTE. ``None``: refused."""
        if self.is_variable(text):
            return self.text(text).output
        made = self.template(text, binds, whole=not asks)
        if made is None:
            self.refuse("SC5033", step.at, clause="EXECUTE IMMEDIATE" if isinstance(step, Dynamic) else "OPEN FOR")
        return made

    def template(self, text: Fragment, binds: int, whole: bool) -> str | None:
        """A text of constants and other parts; with ``whole``, a constant one is handed back as the statement."""
        parts = split(text.text)
        constants = [p for p in parts if p[:1] == "'"]
        if not constants or parts[0][:1] != "'":
            return None
        source, others = with_gaps(parts)
        source = source.strip().rstrip(";").strip()
        if GAP.search("".join(constants)) is not None:
            return None
        done = self.constant_text(source, text, binds)
        if done is None or not done:
            return done
        if not others:
            return done if whole and not binds and source.split(None, 1)[0].upper() in _DML else literal(done)
        queried = source.split(None, 1)[0].upper() in _QUERIED
        if not (self.in_place(source, done, len(others)) if queried else len(GAP.findall(done)) == len(others)):
            return None
        self.ctx.say("SC5052", text.at)
        return self.joined(done, others, text)

    def in_place(self, source: str, made: str, count: int) -> bool:
        """Whether the gaps of a query are the same parts of it on both sides."""
        return same_places(source, made, count)

    def constant_text(self, source: str, text: Fragment, binds: int) -> str | None:
        """The target's text of a statement with gaps; empty where the target has no use for it."""
        word = source.split(None, 1)[0].upper() if source else ""
        inside = replace(text, text=source)
        if word in _QUERIED:
            before, base = self.stub, len(self.temporary)
            marked, names = self.bound(inside, binds)
            self.frame()
            done = self.statement(marked) if word in _DML else self.query(marked)
            self.forget(base)
            return None if names is None or (self.stub and not before) else done.output
        if self.found.kind == "script" and word in ("DROP", "ALTER") and source.split()[1:2] != ["SESSION"]:
            return None  # the output makes and changes tables in an order of its own
        if self.names.plain(Name("A")) != "a":
            return None  # names in these texts are not quoted
        for pattern, made in self.statements:
            m = pattern.fullmatch(" ".join(source.split()))
            if m is not None:
                return _QUOTED.sub(lambda k: self.spelling(k[1]), m.expand(made).strip())
        return None

    def bound(self, text: Fragment, binds: int) -> tuple[Fragment, int | None]:
        """The text with its ``:1`` as names that become places of values."""
        count = 0

        def name(m: re.Match[str]) -> str:
            nonlocal count
            if m[1] is None:
                return m[0]
            count += 1
            return f'"{self.piece(self.place_of_value(count), Known(UNKNOWN))}"'

        made = BIND.sub(name, text.text)
        return replace(text, text=made), count if count == binds else None

    def place_of_value(self, number: int) -> str:
        """Where a statement that is run takes its value of that number."""
        return f"${number}"

    def joined(self, text: str, others: list[str], whole: Fragment) -> str:
        """``concat('DELETE FROM ', v_table)``: NULL is no text there, as in the source."""

        def fill(m: re.Match[str]) -> str:
            value = self.text(replace(whole, text=others[int(m[1]) - 1])).output
            quoted = text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 1] == '""'
            return f"lower({value})" if quoted else value

        return f"concat({', '.join(woven(text, fill, literal))})"

    # -- variables that hold statements --------------------------------------------------------------------------------

    def statement_variables(self, block: Block) -> frozenset[str]:
        """Variables that are run, and that get nothing but whole texts of statements."""
        run = {s.text.text.strip().upper() for s in every((block,)) if isinstance(s, Dynamic)}
        run |= {s.text.text.strip().upper() for s in every((block,)) if isinstance(s, Open) and s.text is not None}
        run = {name for name in run if re.fullmatch(r"[A-Z]\w*", name)}
        filled: set[str] = set()
        for step in every((block,)) if run else ():
            match step:
                case Assign():
                    name = step.target.text.strip().upper()
                    if name in run:
                        parts = split(step.value.text)
                        own = any(re.search(rf"\b{name}\b", p, re.I) for p in parts if p[:1] != "'")
                        filled.add(name)
                        if own or parts[0][:1] != "'":
                            run.discard(name)
                case SelectInto() | Fetch() | Sql():
                    run -= {t.text.strip().upper() for t in step.into}
                case Dynamic():
                    run -= {t.text.strip().upper() for t in step.into}
                case Call():
                    run -= {v.text.strip().upper() for _, v in step.arguments if step.name[0].text != "DBMS_OUTPUT"}
        given = {p.name.text for p in self.found.program.parameters} if self.found.program is not None else set()
        starts = {d.name.text for b in every((block,)) if isinstance(b, Block) for d in b.declarations
                  if d.name is not None and getattr(d, "default", None) is not None}  # fmt: skip
        return frozenset((run & filled) - given - starts)

    def statement_assigned(self, step: Assign, binds: Mapping[str, int]) -> Step | None:
        name = step.target.text.strip().upper()
        if name not in self.texts_of_statements:
            return None
        count = binds.get(name, 0)
        first = _FIRST.match(step.value.text)
        if first is not None and first[1].upper() not in _VERBS:
            return None  # a text for people, in the same variable
        made = self.template(step.value, count, whole=False)
        if made is None:
            self.refuse("SC5033", step.at, clause="EXECUTE IMMEDIATE")
            return step
        return replace(step, target=self.text(step.target), value=replace(step.value, target=made or "''"))

    def binds_of(self, block: Block) -> dict[str, int]:
        """How many values each variable's statement is bound to."""
        found: dict[str, int] = {}
        for step in every((block,)):
            if isinstance(step, (Dynamic, Open)) and step.text is not None:
                name = step.text.text.strip().upper()
                if found.setdefault(name, len(step.using)) != len(step.using):
                    found[name] = -1
        return found


def split(text: str) -> list[str]:
    """The parts of a text between its ``||``; literals that stand side by side stay apart."""
    parts, depth, start = [], 0, 0
    for m in _PARTS.finditer(text):
        depth += (m[0] == "(") - (m[0] == ")")
        if m[0] == "||" and depth == 0:
            parts.append(text[start : m.start()].strip())
            start = m.end()
    parts.append(text[start:].strip())
    return parts
