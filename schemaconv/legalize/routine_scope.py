"""What the names of a routine mean, and its fragments in the target's SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from .. import codes, rulefiles
from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Frame, Known, Translated
from ..ir.names import Name, QName
from ..ir.routine import CursorVariable, Declaration, RecordType, Step, Typed, Variable
from ..ir.types import Type
from ..severity import Severity
from ..source import Span
from .gaps import GAP

if TYPE_CHECKING:
    from .context import Context
    from .routine_collection import Collection

_STATE: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|(?<![\w$#.])(?:(\w+)\s*%\s*(FOUND|NOTFOUND|ROWCOUNT|ISOPEN)
    |(SQLERRM|SQLCODE|INSERTING|UPDATING|DELETING))(?![\w$#(])""",
    re.I | re.X,
)
_POWER: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|((?:[A-Za-z][\w$.#]*)?\((?:[^()']|\([^()']*\))*\)|[\w$.#]+)\s*\*\*\s*
    (-?\s*(?:(?:[A-Za-z][\w$.#]*)?\((?:[^()']|\([^()']*\))*\)|[\w$.#]+))(?!\s*[(*])""",
    re.X,
)
_ROWS: Final = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|(?<![\w$.])(new|old)\.""")
_MARKED: Final = re.compile(r'"%(\w+)"|`%(\w+)`')
_FLAG, _WHOLE, _TEXT = Known(Type("boolean"), True), Known(Type("integer"), True), Known(Type("varchar"))
_KINDS: Final = {"text": _TEXT, "number": _WHOLE, "boolean": _FLAG}


def _powers(text: str) -> str:
    """``a ** b`` as a function, where its operands are plain."""
    before = ""
    while before != text:
        before, text = text, _POWER.sub(lambda m: f"POWER({m[1]}, {m[2]})" if m[1] is not None else m[0], text)
    return text


@lru_cache(maxsize=4)
def _rules(source: str) -> dict[str, dict[str, object]]:
    try:
        return rulefiles.load(f"routines/{source}.toml")
    except FileNotFoundError:
        return {}


def is_marked(ctx: Context) -> bool:
    """Whether the source's language marks its variables (``@x``), and its routines answer with rows."""
    language = _rules(ctx.run.catalog.engine).get("language", {})
    return isinstance(language, Mapping) and language.get("variables") == "marked"


@lru_cache(maxsize=8)
def _calls(source: str, family: str) -> dict[str, dict[str, str]]:
    """Procedures of supplied packages by name."""
    rows: list[dict[str, str]] = _rules(source).get("calls", {}).get(family, [])  # type: ignore[assignment]
    return {row["name"]: row for row in rows}


@lru_cache(maxsize=8)
def _statements(source: str, family: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Forms of statements that are run as texts, and the target's."""
    rows: list[dict[str, str]] = _rules(source).get("statements", {}).get(family, [])  # type: ignore[assignment]
    name = r'(?:"?[\w$#]+"?\.)?"?[\w$#]+"?'
    return tuple((re.compile(row["form"].replace("{name}", name), re.I), row.get("text", "")) for row in rows)


class Scope:
    """One routine. Names of outer blocks stay known inside."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        self.found = found
        self.ctx = ctx
        self.stub = ""
        self.names = ctx.run.names
        self.rules = rules = _rules(ctx.run.catalog.engine)
        family = ctx.profile.engine.family
        self.conditions: Mapping[str, list[str]] = rules.get("conditions", {}).get(family, {})  # type: ignore[assignment]
        self.numbers: Mapping[str, str] = rules.get("numbers", {}).get(family, {})  # type: ignore[assignment]
        self.states: Mapping[str, str] = rules.get("states", {}).get(family, {})  # type: ignore[assignment]
        self.texts: Mapping[str, str] = rules.get("state_text", {}).get(family, {})  # type: ignore[assignment]
        state = {f"%{n}": _KINDS[str(k)] for n, k in rules.get("state", {}).items()}
        self.variables: dict[str, Known] = state | {"%FOUND": _FLAG, "%ROWCOUNT": _WHOLE}
        self.records: dict[str, Mapping[str, Known] | None] = {}
        self.cursors: dict[str, CursorVariable] = {}
        self.declared: dict[str, int | None] = {}  # exceptions
        self.refcursors: set[str] = set()
        self.record_types: dict[str, tuple[str, Mapping[str, Known]]] = {}  # their names on the target, their fields
        self.defaults: dict[str, list[Variable]] = {}  # of record types: fields that start with a value
        self.made: list[RecordType] = []  # record types to make before the routine
        self.renamed: dict[str, Typed] = {}  # subtypes
        self.cursor_types: set[str] = set()
        self.counted: frozenset[Span] = frozenset()  # statements whose number of rows is asked for
        self.loops: list[Name] = []  # records of loops over queries, which PL/pgSQL wants declared
        self.loops_over: list[Variable] = []  # and variables of loops over arrays
        self.read_later: frozenset[Span] = frozenset()  # FETCH statements whose variables must keep their values
        self.guarded = 0  # blocks with handlers around
        self.conflict = False
        self.used: frozenset[str] = frozenset()  # names that the author declares
        self.number = 0  # of pieces
        self.pieces: dict[str, str] = {}  # what stands in a fragment under a name of ours, as the target has it
        self.temporary: list[str] = []  # their names, while the fragment is translated
        self.helpers: dict[str, Variable] = {}  # variables that the author has no need of
        self.array_methods: Mapping[str, str] = rules.get("array", {}).get(family, {})  # type: ignore[assignment]
        self.map_methods: Mapping[str, str] = rules.get("map", {}).get(family, {})  # type: ignore[assignment]
        self.collection_types: dict[str, Collection] = {}
        self.objects: set[str] = set()  # variables of an object type
        self.object_names: set[str] = set()  # object types that the routine names
        self.object_types: dict[str, int] = {}  # those with a constructor of their attributes, and how many they are
        self.schema_types: dict[str, Collection] = {}  # collection types of the schema
        self.collections: dict[str, Collection] = {}  # variables
        self.empty_first: set[str] = set()  # types whose variables are empty and not NULL at first
        self.sparse: frozenset[str] = frozenset()  # types whose variables may have gaps
        self.level = 0  # of elements inside of subscripts
        self.catching = 0  # blocks around that handle what a missing element raises
        self.supplied_calls = _calls(ctx.run.catalog.engine, family)
        self.advice: Mapping[str, str] = rules.get("advice", {}).get(family, {})  # type: ignore[assignment]
        self.statements = _statements(ctx.run.catalog.engine, family)
        self.texts_of_statements: frozenset[str] = frozenset()  # variables that hold nothing but statements
        self.binds: dict[str, int] = {}  # how many values those take
        self.piped: Known | None = None  # what the rows are that a pipelined function gives
        self.traced = False  # the place of an error is asked for in the handler that is being converted
        self.labels: set[str] = {found.name.name.text}  # of blocks, and the routine's name, which is one
        self.shapeless: set[str] = set()  # records that have no fields before a row is in them
        self.puts = False  # parts of lines are printed
        self.proven: set[tuple[str, str]] = set()  # collections, and variables under which an element is there
        self.asked: set[tuple[str, str]] = set()  # cursors, and the states of theirs that are asked for
        self.whole_rows: list[str] = []  # records that are inserted as they are
        self.bases: dict[str, str] = {}  # types of variables on the target, without lengths
        self.pending: list[Step] = []  # what must follow the statement at hand
        self.ahead: list[Step] = []  # and what must come first
        self.scratch: dict[str, Variable] = {}  # variables that take what is meant for a package's
        self.shared: list[Declaration] = []  # declarations of packages that the routine has of its own
        self.own_types: set[tuple[QName, str]] = set()
        self.own_cursors: dict[tuple[QName, str], Name] = {}
        self.immutable = True  # whether the expression that was translated last is
        self.last = ""  # the cursor that FOUND still speaks of: nothing has run since that sets it

    def words_of_rules(self, part: str) -> Mapping[str, object]:
        """A part of the rules of the source's language; empty where it has none."""
        found = self.rules.get(part, {})
        return found if isinstance(found, Mapping) else {}

    # -- what is said --------------------------------------------------------------------------------------------------

    def refuse(self, code: str, at: Span, **params: object) -> None:
        self.ctx.say(code, at, **params)
        self.stub = self.stub or code

    def text(self, fragment: Fragment, wanted: Known | None = None, target: bool = False) -> Fragment:
        """An expression with its target's text; ``target``: it is assigned to."""
        base = len(self.temporary)
        marked = self.marked(fragment, target)
        type_ = wanted.type if wanted is not None and wanted.type.kind in ("timestamp", "date", "boolean") else None
        types = {name: known.type for name, known in self.variables.items()}
        sure = {name for name, known in self.variables.items() if known.not_null}
        done, translated = self.ctx.expression(marked, types, type_, sure)
        self.forget(base)
        self.immutable = translated.immutable
        return self.kept(fragment, done, translated.findings)

    def query(self, fragment: Fragment) -> Fragment:
        return self.answered(fragment)[0]

    def answered(self, fragment: Fragment) -> tuple[Fragment, Mapping[str, Known] | None]:
        """A query, and its columns where they are known."""
        self.clash(fragment)
        base = len(self.temporary)
        marked = self.marked(fragment)
        if len(self.temporary) > base:
            self.frame()
        done, translated = self.ctx.query(marked, None, stored=False)
        self.forget(base)
        self.name_strange(fragment, translated)
        columns = dict(translated.columns) if translated.columns is not None else None
        return self.kept(fragment, done, translated.findings), columns

    def statement(self, fragment: Fragment) -> Fragment:
        self.clash(fragment)
        base = len(self.temporary)
        marked = self.marked(fragment)
        if len(self.temporary) > base:
            self.frame()
        done, translated = self.ctx.statement(marked)
        self.forget(base)
        self.name_strange(fragment, translated)
        return self.kept(fragment, done, translated.findings)

    def name_strange(self, fragment: Fragment, translated: Translated) -> None:
        """Say which columns of a statement no table of it has."""
        for name in dict.fromkeys(n for n, _ in translated.strange if n[:1] != "%" and not GAP.fullmatch(n)):
            self.ctx.say("SC5222", fragment.at, column=name)

    def piece(self, text: str, known: Known) -> str:
        """A name under which ``text`` stands in a fragment until that is translated."""
        self.number += 1
        name = f"%P{self.number}"
        self.pieces[name[1:]] = text
        self.variables[name] = known
        self.temporary.append(name)
        return name

    def helper(self, name: str, spelled: str, default: str = "") -> Name:
        """A variable of the routine that the author has none for."""
        value = Fragment("", self.found.at, target=default) if default else None
        if name not in self.helpers and name.upper() in self.used:
            self.refuse("SC5021", self.found.at, title="a variable of a name that the output needs", clause=name)
        self.helpers.setdefault(name, Variable(Name(name), Typed(raw=spelled), value, at=self.found.at))
        return Name(name)

    def forget(self, base: int) -> None:
        while len(self.temporary) > base:
            self.variables.pop(self.temporary.pop(), None)

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        if done is None:
            found = [f.code for f in findings if codes.page(f.code).severity is Severity.MANUAL]  # type: ignore[attr-defined]
            self.stub = self.stub or (found[0] if found else "SC4200")
            return fragment
        text = _MARKED.sub(lambda m: self.spoken((m[1] or m[2]).upper(), m[0]), done.output)
        if self.found.what == "trigger":  # the rows of a trigger in capitals, as the manual has them
            text = _ROWS.sub(lambda m: m[0] if m[1] is None else m[1].upper() + ".", text)
        return replace(fragment, target=text)

    def cursor_state(self, cursor: str, what: str, fragment: Fragment) -> str:
        raise NotImplementedError

    def spoken(self, name: str, otherwise: str) -> str:
        if name[0] == "W" and name[1:].isdigit():
            return self.whole_rows[int(name[1:]) - 1]
        return self.pieces.get(name) or self.texts.get(name, otherwise)

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        """States that are no variables of the author's, as names that the translator takes for such."""
        text = fragment.text

        def said(m: re.Match[str]) -> str:
            if m[2] is None and m[3] is None:
                return m[0]
            what, cursor = (m[2] or m[3]).upper(), (m[1] or "").upper()
            match what:
                case "ROWCOUNT" if cursor == "SQL":
                    return '"%ROWCOUNT"'
                case "NOTFOUND" if cursor == "SQL":
                    return '("%ROWCOUNT" = 0)'
                case "FOUND" if cursor == "SQL":
                    return '("%ROWCOUNT" > 0)'
                case "NOTFOUND" if cursor == self.last:
                    return '(NOT "%FOUND")'
                case "FOUND" if cursor == self.last:
                    return '"%FOUND"'
                case "ISOPEN" if cursor == "SQL":
                    return "(1 = 0)"
                case "FOUND" | "NOTFOUND" | "ISOPEN" | "ROWCOUNT":
                    return f'"{self.cursor_state(cursor, what, fragment)}"'
                case "SQLERRM" | "SQLCODE":
                    self.ctx.say("SC5036", fragment.at, clause=what)
                case _:
                    pass
            return f'"%{what}"'

        made = _STATE.sub(said, _powers(text) if "**" in text else text)
        return fragment if made == text else replace(fragment, text=made)

    def clash(self, fragment: Fragment) -> None:
        if not self.conflict and not self.variables.keys().isdisjoint(self.ctx.run.columns_in(fragment.text)):
            self.conflict = True

    def own(self, name: Name) -> Name:
        return Name(self.names.column_text(name.text, name.folded))

    def spelling(self, name: str) -> str:
        """A variable, a cursor or a field as the target spells it."""
        return self.ctx.profile.quoted(self.names.plain(Name(name, True)))

    def frame(self) -> None:
        records = dict(self.records)
        if self.found.package is None or self.ctx.run.packages.as_schemas:  # a routine's name may stand before its own
            records.setdefault(self.found.name.name.text, dict(self.variables))
        self.ctx.run.translator.frame = Frame(dict(self.variables), records)

    def named(self, text: str) -> Known | None:
        """What is known of the variable or the field of that name."""
        record, _, field = text.strip().upper().rpartition(".")
        if not record:
            return self.variables.get(field)
        fields = self.records.get(record)
        return fields.get(field) if fields else None
