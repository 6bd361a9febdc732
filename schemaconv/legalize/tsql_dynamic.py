"""EXECUTE of a text and sp_executesql: the statement is translated with names of ours where the text has gaps.

Source: Transact-SQL reference, "EXECUTE", "sp_executesql"; PostgreSQL, "Executing Dynamic Commands". A text that is
NULL does nothing, as an empty one does there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.routine import Assign, Body, Call, Dynamic, Fetch, Ready, SelectInto, Step, Taken
from ..ir.types import UNKNOWN
from .gaps import GAP, literal, same_places, with_gaps, woven
from .routine_walk import bodies, every
from .tsql_rows import TsqlRows

_PART: Final = re.compile(
    r"N?'(?:[^']|'')*'|\[[^\]]*\]|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|[()+]|@\w+|[\w$#.]+|\s+|\S", re.S
)
_QUOTENAME: Final = re.compile(r"(?is)QUOTENAME\s*\(\s*(@\w+|[\w.]+)\s*\)")
_DECLARED: Final = re.compile(
    r"(@\w+)\s+(?:AS\s+)?([A-Za-z]\w*(?:\s*\(\s*[\w\s,]+\))?)\s*(?:=[^,]*)?(OUTPUT|OUT)?", re.I
)
_GIVEN: Final = re.compile(r"(?is)\s*(?:(@\w+)\s*=\s*)?(.*?)(?:\s+(OUTPUT|OUT))?\s*")
_ASSIGNS: Final = re.compile(r"(?is)\s*(SELECT|SET)\s+(?=@\w+\s*=)")
_TARGET: Final = re.compile(r"(@\w+)\s*=\s*")
_TABLES: Final = re.compile(r"(?is)(DROP\s+TABLE(?:\s+IF\s+EXISTS)?|TRUNCATE\s+TABLE)\s+((?:\w+\s*\.\s*)?\w+)")
_CHANGES: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})


@dataclass(frozen=True, slots=True)
class Made:
    """A statement of the target with its gaps: ``text`` is the expression whose value runs."""

    text: str
    verb: str
    into: tuple[str, ...] = ()
    using: tuple[str, ...] = ()


class TsqlDynamic(TsqlRows):
    """Adds texts that run."""

    def gives(self, step: Step) -> int:
        if isinstance(step, Dynamic):
            source = self.source_of(step)
            text = source[0].lstrip().upper() if source is not None else ""
            return int(text[:7].rstrip() in ("SELECT", "WITH") and _ASSIGNS.match(text) is None)
        return super().gives(step)

    def dynamic(self, step: Dynamic) -> Step:
        made = self.run_text(step)
        if made is None:
            self.refuse("SC5033", step.at, clause="EXECUTE of a text")
            return step
        if made.verb in ("SELECT", "WITH") and not made.into:
            if not self.by_cursors:
                self.refuse("SC5093", step.at, clause="a text that runs")
                return step
            number = self.results.get(step.at, 1)
            using = f" USING {', '.join(made.using)}" if made.using else ""
            return Ready(step.at, step.notes, f"OPEN {self.result_name(number)} FOR EXECUTE {made.text}{using}")
        into = f" INTO {', '.join(made.into)}" if made.into else ""
        using = f" USING {', '.join(made.using)}" if made.using else ""
        if step.at in self.counted and made.into:
            self.refuse("SC5021", step.at, title="the number of rows of a text that runs", clause="@@ROWCOUNT")
        return Ready(step.at, step.notes, f"EXECUTE {made.text}{into}{using}")

    def taken_text(self, step: Taken) -> Step:
        """``INSERT ... EXEC (text)``."""
        source = step.source
        made = self.run_text(source) if isinstance(source, Dynamic) else None
        if made is None or made.verb not in ("SELECT", "WITH") or made.into or not step.columns:
            return super().taken_text(step)
        into = self.target_of(step, [UNKNOWN] * len(step.columns), loose=True)
        if into is None:
            return step
        using = f" USING {', '.join(made.using)}" if made.using else ""
        return Ready(step.at, step.notes, f"EXECUTE 'INSERT INTO {into[0]} ' || {made.text}{using}")

    # -- texts ---------------------------------------------------------------------------------------------------------

    def run_text(self, step: Dynamic) -> Made | None:
        found = self.source_of(step)
        given = self.parameters_of(step)
        if found is None or given is None:
            return None
        source, gaps = found
        source = source.strip().rstrip(";").strip()
        verb = source.split(None, 1)[0].upper() if source else ""
        types, values, outputs = given
        into: tuple[str, ...] = ()
        if (assigns := _ASSIGNS.match(source)) is not None:
            targets = _TARGET.findall(source[: source.upper().find(" FROM ")] if " FROM " in source.upper() else source)
            if any(t.upper() not in outputs for t in targets):
                return None
            into = tuple(outputs[t.upper()] for t in targets)
            source = "SELECT " + _TARGET.sub("", source[assigns.end() :], count=len(targets))
            verb = "SELECT"
        elif outputs:
            return None
        done = self.translated(source, verb, types, step)
        if done is not None:  # the gap may hold more than one column, and its own order
            done = re.sub(r"(zz\d+q) NULLS (?:FIRST|LAST)", r"\1", done)
        if done is None or (gaps and not self.kept_places(source, done, len(gaps), verb)):
            return None
        used = sorted({int(n) for n in re.findall(r"\$(\d+)", done)})
        if gaps:
            self.ctx.say("SC5052", step.at)
        text = self.pieced(done, gaps, step.text)
        return Made(text, verb, into, tuple(values[: used[-1]] if used else ()))

    def kept_places(self, source: str, done: str, count: int, verb: str) -> bool:
        if verb in _CHANGES or verb in ("SELECT", "WITH"):
            return same_places(source, done, count)
        return len(GAP.findall(done)) == count

    def source_of(self, step: Dynamic) -> tuple[str, list[str]] | None:
        """The statement with ``zz1q`` where the text has a gap, and what stands in the gaps."""
        parts = self.pieces_of(step.text.text.strip(), step)
        if parts is None or not any(p[:1] == "'" for p in parts):
            return None
        source, gaps = with_gaps(parts)
        if len(GAP.findall(source)) != len(gaps):
            return None
        source = re.sub(r"(?i)\[?\bdbo\]?\s*\.\s*(?=\[?zz\d+q)", "", source)
        for m in re.finditer(r"\[zz(\d+)q\]", source):
            gaps[int(m[1]) - 1] = f"QUOTENAME({gaps[int(m[1]) - 1]})"
        return re.sub(r"\[(zz\d+q)\]", r"\1", source), gaps

    def pieces_of(self, text: str, step: Dynamic) -> list[str] | None:
        """The operands of the text's ``+``; of a variable those of what it was given in front of the statement."""
        if not re.fullmatch(r"@\w+", text):
            return split(text)
        found = self.around(step)
        program = self.found.program
        assert program is not None
        whole = [s for s in every(program.body.body) if _gives_value(s, text)]
        if found is None or not whole or any(p.name.text.upper() == text.upper() for p in program.parameters):
            return None
        inside, at = found
        before = [(i, s) for i, s in enumerate(inside[:at]) if isinstance(s, Assign) and _gives_value(s, text)]
        if len(before) != len(whole):
            return None
        parts: list[str] = []
        for i, (_, s) in enumerate(before):
            own = split(s.value.text)
            if i and own[0].upper() == text.upper():
                own = [p for part in own[1:] for p in split(_bare(part))]
                parts += own
            elif i:
                return None
            else:
                parts = own
        names = {n.upper() for p in parts if p[:1] != "'" for n in re.findall(r"@\w+", p)}
        between = inside[before[0][0] + 1 : at]
        if text.upper() in names or any(_gives_value(s, n) for s in every(between) for n in names):
            return None
        return parts

    def around(self, step: Dynamic) -> tuple[Body, int] | None:
        """The list of statements that the statement is in, and its place."""
        program = self.found.program
        assert program is not None
        waiting = [program.body.body]
        while waiting:
            body = waiting.pop()
            for i, s in enumerate(body):
                if s.at == step.at and isinstance(s, (Dynamic, Taken)):
                    return body, i
                waiting += bodies(s)
        return None

    def parameters_of(self, step: Dynamic) -> tuple[dict[str, Known], list[str], dict[str, str]] | None:
        """The types of the statement's own variables, the values they get, and where OUTPUT ones go."""
        if not step.using:
            return {}, [], {}
        literal = re.fullmatch(r"(?is)N?'((?:[^']|'')*)'", step.using[0].text.strip())
        if literal is None:
            return None
        declared = [(m[1].upper(), m[2], bool(m[3])) for m in _DECLARED.finditer(literal[1])]
        types: dict[str, Known] = {}
        values: list[str] = []
        outputs: dict[str, str] = {}
        given: dict[str, tuple[str, bool]] = {}
        for i, fragment in enumerate(step.using[1:]):
            m = _GIVEN.fullmatch(fragment.text)
            if m is None or (m[1] is None and i >= len(declared)):
                return None
            given[(m[1] or declared[i][0]).upper()] = (m[2], bool(m[3]))
        for name, _, out in declared:
            if name not in given:
                return None
            fragment = replace(step.using[0], text=given[name][0])
            value = self.text(fragment)
            types[name] = Known(self.type_of(fragment))
            values.append(value.output)
            if out and given[name][1]:
                outputs[name] = value.output
                self.assigned.add(given[name][0].strip().upper())
        return types, values, outputs

    def translated(self, source: str, verb: str, types: dict[str, Known], step: Dynamic) -> str | None:
        """The target's text of the statement; ``None`` where it is not translated."""
        tables = _TABLES.fullmatch(source)
        if tables is not None:
            return f"{' '.join(tables[1].upper().split())} {re.sub(r'(?i)^dbo[.]', '', tables[2]).lower()}"
        if verb not in _CHANGES and verb not in ("SELECT", "WITH"):
            return None
        if re.search(r"(?i)\bINTO\s+#|(?<![@\w])#\w", source):
            return None
        base = len(self.temporary)
        numbers = {name: i + 1 for i, name in enumerate(types)}

        def bound(m: re.Match[str]) -> str:
            if m[0][:1] != "@":
                return m[0]
            name = m[0].upper()
            return f"[{self.piece(f'${numbers[name]}', types[name])}]" if name in numbers else m[0]

        text = _PART.sub(bound, source)
        before, self.stub = self.stub, ""
        fragment = replace(step.text, text=text, target=None)
        done = self.statement(fragment) if verb in _CHANGES else self.query(fragment)
        failed, self.stub = self.stub, before or self.stub
        self.forget(base)
        return None if failed or done.target is None else done.output

    def pieced(self, text: str, gaps: list[str], whole: Fragment) -> str:
        """The expression of the text: literals, and what stands in the gaps."""
        made = woven(text, lambda m: self.gap(gaps[int(m[1]) - 1], whole), literal)
        return made[0] if not gaps else f"coalesce({' || '.join(made)}, '')"

    def gap(self, text: str, whole: Fragment) -> str:
        name = _QUOTENAME.fullmatch(text)
        value = self.text(replace(whole, text=name[1] if name is not None else text, target=None)).output
        if name is not None:
            return f"quote_ident(lower({value}))"
        return f"({value})" if re.search(r"\W(?:OR|AND|\|\|)\W", value) else value


def split(text: str) -> list[str]:
    """The operands of ``+`` outside of parentheses, literals without their ``N``."""
    parts: list[str] = []
    depth, now = 0, ""
    for m in _PART.finditer(text):
        depth += (m[0] == "(") - (m[0] == ")")
        if m[0] == "+" and depth == 0:
            parts.append(now.strip())
            now = ""
        elif not m[0].startswith(("--", "/*")):
            now += m[0]
    parts.append(now.strip())
    return [p[1:] if p[:2].upper() == "N'" else p for p in parts]


def _bare(text: str) -> str:
    """A text without the parentheses around all of it, as ``@s += a + b`` is read."""
    inner = text.strip()
    if inner[:1] == "(" and inner[-1:] == ")" and len(split(inner)) == 1:
        return inner[1:-1]
    return inner


def _gives_value(step: Step, name: str) -> bool:
    """Whether a statement gives a value to the variable of that name."""
    wanted = name.upper()
    match step:
        case Assign():
            return step.target.text.strip().upper() == wanted
        case SelectInto() | Fetch():
            return any(t.text.strip().upper() == wanted for t in step.into)
        case Call():
            return any(step.arguments[i][1].text.strip().upper() == wanted for i in step.outputs)
        case _:
            return False
