"""Names of a routine where the target takes a variable for a column of that name, and has neither records nor cursors'
attributes: the author's texts with other names, before they are translated.

In Oracle a name in a statement of SQL is a column if a table there has one, else a variable; MySQL looks the other way
round (Reference Manual, "Local Variable Scope and Resolution"). So a variable that is named like a column of a table
that the routine speaks of gets another name, and is renamed where it means the variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar, cast

from ..ir.catalog import Routine, Table, View
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    CursorVariable,
    Dynamic,
    ForQuery,
    ForRange,
    Open,
    Parameter,
    Program,
    SelectInto,
    Sql,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span

if TYPE_CHECKING:
    from .context import Context

_TOKEN: Final = re.compile(
    r"""[nN]?[qQ]'(?:\[.*?\]|\{.*?\}|\(.*?\)|<.*?>|([^\s\[{(<]).*?\1)'|'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/
    |(?<![\w$\#.])([^\W\d][\w$\#]*)
     (?:(\s*\.\s*)([^\W\d][\w$\#]*))?
     (?:\s*%\s*(FOUND|NOTFOUND|ISOPEN|ROWCOUNT)\b)?
     (\s*(?:=>|\())?""",
    re.X | re.S | re.I,
)
T = TypeVar("T")
_ATTRIBUTE: Final = re.compile(r"(?i)([A-Za-z][\w$#]*)\s*%\s*(FOUND|NOTFOUND|ISOPEN|ROWCOUNT)\b")
_SOURCE: Final = re.compile(r"""(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+((?:"?[\w$#]+"?\.)?"?[\w$#]+"?)(?!\s*\()""")
_WITH: Final = re.compile(r"(?i)\b([A-Z][\w$#]*)\s+AS\s*\(")
_ALIAS: Final = re.compile(r"(?i)\bAS\s+([A-Z][\w$#]*)|[\w$#)']\s+([A-Z][\w$#]*)\s*(?=,|\)|\bFROM\b)")
_VALUES: Final = re.compile(r"(?i)^\s*INSERT\s+INTO\s+[^()]*?(\([^()]*\))?\s*VALUES\b")
#: Words behind which ``(`` says nothing about the word.
_BEFORE_GROUP: Final = frozenset(("IN", "AND", "OR", "NOT", "VALUES", "FROM", "WHERE", "ON"))


def parts(node: object) -> Iterator[object]:
    """Every node of a routine, outer ones first."""
    stack = [node]
    while stack:
        found = stack.pop()
        if isinstance(found, (Name, QName, Fragment, Span)):
            continue
        yield found
        if isinstance(found, tuple):
            stack.extend(reversed(found))
        elif is_dataclass(found):
            stack.extend(getattr(found, f.name) for f in reversed(fields(found)))


def mapped(node: T, change: Callable[[Fragment], Fragment]) -> T:
    """A routine with other texts."""
    match node:
        case Fragment():
            return cast(T, change(node))
        case Name() | QName() | Span():
            return node
        case tuple():
            return cast(T, tuple(mapped(one, change) for one in node))
        case _ if is_dataclass(node) and not isinstance(node, (type, Type)):
            old = {f.name: getattr(node, f.name) for f in fields(node)}
            new = {name: made for name, value in old.items() if (made := mapped(value, change)) is not value}
            return replace(node, **new) if new else node
        case _:
            return node


def queries(program: Program) -> Iterator[Fragment]:
    """The statements of SQL in a routine."""
    for node in parts(program):
        match node:
            case Sql():
                yield node.statement
            case SelectInto():
                yield node.query
            case ForQuery() | Open() if node.query is not None:
                yield node.query
            case CursorVariable():
                yield node.query
            case Dynamic():
                yield node.text
            case _:
                pass


class Naming:
    """What the names of one routine become."""

    def __init__(self, found: Routine, program: Program, ctx: Context) -> None:
        self.ctx = ctx
        self.own = found.name.name.text
        self.columns: dict[str, frozenset[str]] = {}
        for fragment in queries(program):
            self.columns[fragment.text] = self.columns_of(fragment.text)
        self.taken: set[str] = set().union(*self.columns.values()) if self.columns else set()
        if found.table is not None and (table := ctx.table(found.table)) is not None:
            self.taken |= {k.name.text for k in table.columns} if not program.firing else set()
        self.used = set(self.taken)
        declared: list[tuple[Name, Parameter | Variable | ForRange]] = []
        for node in parts(program):
            match node:
                case Variable() | Parameter():
                    declared.append((node.name, node))
                case ForRange():
                    declared.append((node.variable, node))
                case _:
                    pass
        self.used |= {name.text for name, _ in declared}
        self.names: dict[str, str] = {}
        self.states: dict[tuple[str, str], str] = {}  # cursor and attribute -> the variable that keeps it
        for name, d in declared:
            if name.text in self.taken and name.text not in self.names:
                made = self.fresh(("P_" if isinstance(d, Parameter) else "V_") + name.text)
                self.names[name.text] = made
                ctx.say("SC5070", d.at, clause=name.text, new=made.lower())
        self.records: dict[str, Mapping[str, str] | None] = {}
        self.cursors: set[str] = set()
        self.asked: dict[str, set[str]] = {}  # attributes that the routine asks for, by cursor
        text = found.text.text or ctx.run.catalog.files[found.at.file].text[found.at.start : found.at.end]
        for m in _ATTRIBUTE.finditer(text):
            self.asked.setdefault(m[1].upper(), set()).add(m[2].upper())
        self.whole: list[Fragment] = []  # where a record is named without a field
        self.old, self.new = ("", "") if program.firing is None else (program.firing.old.text, program.firing.new.text)

    def columns_of(self, text: str) -> frozenset[str]:
        """The columns of all tables and views that a statement names, and the names that it gives itself."""
        run = self.ctx.run
        found = {(m[1] or m[2]).upper() for m in _ALIAS.finditer(text)}
        for word in run.words(text):
            for subject in run.relations().get(word, ()):
                made = run.catalog.objects[subject]
                if isinstance(made, View) and made.columns:
                    found |= {k.text for k in made.columns}
                elif isinstance(made, View) and made.query is not None:
                    found |= {name for name, _ in run.translator.query(made.query.text).columns or ()}
            for subject in run.tables.get(word, ()):
                table = run.catalog.objects[subject]
                assert isinstance(table, Table)
                found |= {k.name.text for k in table.columns}
        return frozenset(found)

    def fresh(self, wanted: str) -> str:
        """A name that nothing has, like ``wanted``."""
        made, n = wanted, 2
        while made in self.used or made in self.states.values():
            made, n = f"{wanted}_{n}", n + 1
        self.used.add(made)
        return made

    def name(self, name: Name) -> Name:
        made = self.names.get(name.text)
        return name if made is None else Name(made)

    # -- texts ---------------------------------------------------------------------------------------------------------

    def expression(self, fragment: Fragment) -> Fragment:
        return self.renamed(fragment, frozenset(), False)

    def query(self, fragment: Fragment) -> Fragment:
        columns = self.columns.get(fragment.text)
        return self.renamed(fragment, self.columns_of(fragment.text) if columns is None else columns)

    def strange(self, text: str) -> bool:
        """Whether a statement speaks of a table that the script does not make: it may have a column of any name."""
        known = self.ctx.run.relations()
        with_ = {m[1].upper() for m in _WITH.finditer(text)}
        found = {m[1].rpartition(".")[2].strip('"').upper() for m in _SOURCE.finditer(text)}
        return any(name not in known and name not in with_ and name != "DUAL" for name in found)

    def renamed(self, fragment: Fragment, columns: frozenset[str], sql: bool = True) -> Fragment:
        text = fragment.text
        values = _VALUES.match(text) if columns else None
        plain = values is not None and re.search(r"(?i)\bSELECT\b", text) is None
        behind = values.end() if values is not None else 0
        strange = sql and self.strange(text)

        def said(m: re.Match[str]) -> str:
            if m[2] is None:
                return m[0]
            word, follows = m[2].upper(), (m[6] or "").strip()
            if m[5]:
                return self.state(word, m[5].upper()) or m[0]
            if m[4] is not None:
                return self.field(m, word, columns)
            if follows == "=>" or (follows == "(" and word not in _BEFORE_GROUP and word not in self.names):
                return m[0]
            if word in self.records and self.records[word] is not None and word not in columns:
                self.whole.append(fragment)
                return m[0]
            if not follows and word not in self.used and self.alone(word):
                return f"{m[2]}()"
            if word in self.names and strange and not (plain and m.start() >= behind):
                return m[0]
            if word not in self.names or (word in columns and not (plain and m.start() >= behind)):
                return m[0]
            return self.names[word] + (m[6] or "")

        made = _TOKEN.sub(said, text)
        return fragment if made == text else replace(fragment, text=made)

    def alone(self, word: str) -> bool:
        """Whether a word is the call of a function without parameters."""
        for subject in self.ctx.run.relations().get(word, ()):
            found = self.ctx.run.catalog.objects[subject]
            if isinstance(found, Routine) and found.what == "function" and found.program is not None:
                return not found.program.parameters
        return False

    def field(self, m: re.Match[str], word: str, columns: frozenset[str]) -> str:
        own, rest = m[4].upper(), m[6] or ""
        known = self.records.get(word)
        if known is not None and own in known:
            return known[own] + rest
        if word == self.own and (own in self.names or own not in columns):
            return self.names.get(own, m[4]) + rest
        if word == self.new and self.new != "NEW":
            return f"NEW.{m[4]}{rest}"
        if word == self.old and self.old != "OLD":
            return f"OLD.{m[4]}{rest}"
        return m[0]

    def state(self, cursor: str, what: str) -> str:
        """A cursor's attribute, as a condition on the variable that keeps it."""
        if cursor not in self.cursors:
            return ""
        match what:
            case "NOTFOUND" | "FOUND":
                done = self.kept(cursor, "DONE")
                return done if what == "NOTFOUND" else f"(NOT {done})"
            case "ISOPEN":
                return self.kept(cursor, "OPEN")
            case _:
                return self.kept(cursor, "ROWS")

    def kept(self, cursor: str, what: str) -> str:
        made = self.states.get((cursor, what))
        if made is None:
            made = self.states[(cursor, what)] = self.fresh(f"{cursor}_{what}")
        return made
