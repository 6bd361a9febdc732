"""Calls of the packages that come with the source: the target's words for them, or what to use instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.routine import Assign, Body, Call, Dynamic, Nothing, Print, Ready, Step
from ..sql.kinds import family
from .routine_forall import Forall

_OWNERS = ("SYS", "PUBLIC")
_DOTTED: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/
    |(?<![\w$\#.])(?:(?P<owner>SYS|PUBLIC)\s*\.\s*)?(?P<package>[A-Z][A-Z0-9]*_\w+|HTP|HTF)\s*\.\s*(?P<name>[A-Z]\w*)
    (?P<call>\s*\()?""",
    re.I | re.X | re.S,
)
_HOLE: Final = re.compile(r"\{(\d+)(?::(\w+))?\}")
_ATOM: Final = re.compile(r"""[\w.$"]+|'(?:[^']|'')*'|[\w.]+\([^()]*\)""")
#: What a parameter that a call fills must be: a variable, or a field of one.
_PLACE: Final = re.compile(r'\s*(?:"[^"]+"|[A-Za-z][\w$#]*)(?:\s*\.\s*(?:"[^"]+"|[A-Za-z][\w$#]*))*\s*')


@lru_cache(maxsize=4)
def _constants(rows: tuple[tuple[str, object], ...]) -> Mapping[str, str]:
    """Constants of supplied packages by name, as the source would write their values."""
    return {name: f"'{value}'" if isinstance(value, str) else str(value) for name, value in rows}


def _worded(line: str, holes: Mapping[str, str], fitting: Collection[tuple[str, str]]) -> str:
    """``line`` with its holes filled, in parentheses where an operator stands beside one. ``{1:integer}`` is cast
    unless it is among the ``fitting``."""

    def filled(m: re.Match[str]) -> str:
        text = holes[m[1]]
        if m[2] is not None and not text.isdigit() and (m[1], m[2]) not in fitting:
            return f"({text})::{m[2]}"
        alone = line[: m.start()].rstrip()[-1:] in ("(", ",") and line[m.end() :].lstrip()[:1] in (")", ",")
        return text if alone or _ATOM.fullmatch(text) or line.startswith(f"{{{m[1]}}} :=", m.start()) else f"({text})"

    return _HOLE.sub(filled, line)


class Supplied(Forall):
    """Adds the procedures and constants of supplied packages."""

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        """Constants of supplied packages as their values, and their functions without their owner."""
        found = _constants(tuple(self.words_of_rules("constants").items()))

        def said(m: re.Match[str]) -> str:
            if m["name"] is None:
                return m[0]
            name = f"{m['package']}.{m['name']}".upper()
            if name in found and m["call"] is None:
                return found[name]
            known = self.ctx.run.translator.source
            package = m["package"].upper()
            if m["call"] is None and package in known.named and name not in known.niladic and name not in known.rows:
                if self.ctx.run.packages.resolve((package, m["name"].upper()), self.ctx.run.lookup.package) is None:
                    row = known.named[package]
                    self.refuse(row["code"], fragment.at, function=name, what=row["note"])
                    return "NULL"
            return m[0] if m["owner"] is None else m[0][m.start("package") - m.start() :]

        made = _DOTTED.sub(said, fragment.text)
        return super().marked(fragment if made == fragment.text else replace(fragment, text=made), target)

    def supplied(self, step: Call) -> Body | None:
        """What becomes of a call; ``None`` where it is none of a supplied package."""
        parts = [n.text for n in step.name]
        if len(parts) > 2 and parts[0] in _OWNERS:
            parts = parts[1:]
        words = ".".join(parts)
        first = step.arguments[0][1] if step.arguments else None
        if len(parts) != 2 or (parts[0] in self.records or parts[0] in self.collections):
            return None
        match words:
            case "DBMS_OUTPUT.PUT_LINE" if first is not None:
                return self.printed(step, first)
            case "DBMS_OUTPUT.PUT" if first is not None:
                self.helper("output_line", "text")
                return (Ready(step.at, step.notes, f"output_line := concat(output_line, {self.text(first).output})"),)
            case "DBMS_OUTPUT.NEW_LINE":
                return self.printed(step, None)
            case "DBMS_UTILITY.EXEC_DDL_STATEMENT" if first is not None:
                return (self.dynamic(Dynamic(step.at, step.notes, first)),)
        row = self.supplied_calls.get(words)
        if row is not None:
            return self.worded(step, words, row)
        advice = self.advice.get(parts[0])
        if advice is not None and self.ctx.find(QName(step.name[-2], step.name[-1])) is None:
            self.refuse("SC5054", step.at, clause=words, advice=advice)
            return (step,)
        return None

    def worded(self, step: Call, words: str, row: dict[str, str]) -> Body:
        text = row.get("text")
        if text is None:
            self.ctx.say("SC5053", step.at, clause=words)
            return (Nothing(step.at, step.notes),) if step.notes.before else ()
        names = row.get("parameters", "").split()
        filled = row.get("fills", "").split()
        given: dict[str, str] = {}
        first = ""
        fitting: set[tuple[str, str]] = set()
        for i, (name, value) in enumerate(step.arguments):
            key = name.text if name is not None else names[i] if i < len(names) else ""
            if key not in names:
                self.refuse("SC5054", step.at, clause=f"{words} with these arguments", advice=self.advice_for(words))
                return (step,)
            kind = self.kind_of(value)
            if key == names[0]:
                first = family(kind)
            fitting.add((str(names.index(key) + 1), self.ctx.run.lookup.spelled(kind)))
            given[key] = self.place_filled(value, words) if key in filled else self.text(value).output
        if any(key not in given for key in filled) or self.stub:
            return (step,)
        if "code" in row:
            self.ctx.say(row["code"], step.at, clause=words)
        if first == "binary":
            text = row.get("binary", text)
        defaults = dict(part.split("=", 1) for part in row.get("defaults", "").split())
        holes = {str(i): given.get(n, defaults.get(n, "NULL")) for i, n in enumerate(names, 1)}
        made = [_worded(line, holes, fitting) for line in text.split(";\n")]
        return Ready(step.at, step.notes, made[0]), *(Ready(step.at, text=line) for line in made[1:])

    def place_filled(self, value: Fragment, words: str) -> str:
        """What a call fills, and may read first: a variable of a package goes through one of the routine."""
        if _PLACE.fullmatch(value.text) is None:
            self.refuse("SC5054", value.at, clause=f"{words} into {value.text.strip()}", advice=self.advice_for(words))
            return ""
        key = self.package_variable(value)
        before = self.text(value) if key is not None else None
        place = self.filled(value)
        if before is not None:
            self.ahead.append(Assign(value.at, target=place, value=before))
        return place.output

    def advice_for(self, words: str) -> str:
        return self.advice.get(words.partition(".")[0], "write it for the variable's own type")

    def printed(self, step: Call, text: Fragment | None) -> Body:
        """A line, with what PUT has left in front of it."""
        done = self.text(text) if text is not None else None
        if not self.puts:
            empty = Fragment("''", step.at, target="''")
            return (Print(step.at, step.notes, done or empty),)
        self.helper("output_line", "text")
        line = f"concat(output_line, {done.output})" if done is not None else "concat(output_line)"
        return (
            Print(step.at, step.notes, replace(done or step.text, target=line)),
            Ready(step.at, text="output_line := NULL"),
        )

    def dynamic(self, step: Dynamic) -> Step:
        raise NotImplementedError
