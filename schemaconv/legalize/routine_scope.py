"""What the names of a routine mean, and its fragments in the target's SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from .. import codes, rulefiles
from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Frame, Known
from ..ir.names import Name, QName
from ..ir.routine import CursorVariable, Declaration, RecordType, Step, Variable
from ..ir.types import Type
from ..severity import Severity
from ..source import Span

if TYPE_CHECKING:
    from .context import Context

_STATE: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|(?<![\w$#.])(?:(\w+)\s*%\s*(FOUND|NOTFOUND|ROWCOUNT|ISOPEN)
    |(SQLERRM|SQLCODE|INSERTING|UPDATING|DELETING))(?![\w$#(])""",
    re.I | re.X,
)
_ROWS: Final = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|(?<![\w$.])(new|old)\.""")
_MARKED: Final = re.compile(r'"%(\w+)"|`%(\w+)`')
_FLAG, _WHOLE, _TEXT = Known(Type("boolean"), True), Known(Type("integer"), True), Known(Type("varchar"))
_KINDS: Final = {"text": _TEXT, "number": _WHOLE, "boolean": _FLAG}


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
        self.texts: Mapping[str, str] = rules.get("state_text", {}).get(family, {})  # type: ignore[assignment]
        state = {f"%{n}": _KINDS[str(k)] for n, k in rules.get("state", {}).items()}
        self.variables: dict[str, Known] = state | {"%FOUND": _FLAG, "%ROWCOUNT": _WHOLE}
        self.records: dict[str, Mapping[str, Known] | None] = {}
        self.cursors: dict[str, CursorVariable] = {}
        self.declared: dict[str, int | None] = {}  # exceptions
        self.refcursors: set[str] = set()
        self.record_types: dict[str, RecordType] = {}
        self.counted: frozenset[Span] = frozenset()  # statements whose number of rows is asked for
        self.loops: list[Name] = []  # records of loops over queries, which PL/pgSQL wants declared
        self.guarded = 0  # blocks with handlers around
        self.conflict = False
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

    def text(self, fragment: Fragment, wanted: Known | None = None) -> Fragment:
        """An expression with its target's text."""
        marked = self.marked(fragment)
        type_ = wanted.type if wanted is not None and wanted.type.kind in ("timestamp", "date", "boolean") else None
        types = {name: known.type for name, known in self.variables.items()}
        sure = {name for name, known in self.variables.items() if known.not_null}
        done, translated = self.ctx.expression(marked, types, type_, sure)
        self.immutable = translated.immutable
        return self.kept(fragment, done, translated.findings)

    def query(self, fragment: Fragment) -> Fragment:
        self.clash(fragment)
        done, translated = self.ctx.query(self.marked(fragment), None, stored=False)
        return self.kept(fragment, done, translated.findings)

    def statement(self, fragment: Fragment) -> Fragment:
        self.clash(fragment)
        done, translated = self.ctx.statement(self.marked(fragment))
        return self.kept(fragment, done, translated.findings)

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        if done is None:
            found = [f.code for f in findings if codes.page(f.code).severity is Severity.MANUAL]  # type: ignore[attr-defined]
            self.stub = self.stub or (found[0] if found else "SC4200")
            return fragment
        text = _MARKED.sub(lambda m: self.texts.get((m[1] or m[2]).upper(), m[0]), done.output)
        if self.found.what == "trigger":  # the rows of a trigger in capitals, as the manual has them
            text = _ROWS.sub(lambda m: m[0] if m[1] is None else m[1].upper() + ".", text)
        return replace(fragment, target=text)

    def marked(self, fragment: Fragment) -> Fragment:
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
                case "FOUND" | "NOTFOUND" | "ISOPEN" | "ROWCOUNT":
                    self.refuse("SC5022", fragment.at, clause=m[0])
                    return m[0]
                case "SQLERRM" | "SQLCODE":
                    self.ctx.say("SC5036", fragment.at, clause=what)
                case _:
                    pass
            return f'"%{what}"'

        made = _STATE.sub(said, text)
        return fragment if made == text else replace(fragment, text=made)

    def clash(self, fragment: Fragment) -> None:
        if not self.conflict and not self.variables.keys().isdisjoint(self.ctx.run.columns_in(fragment.text)):
            self.conflict = True

    def own(self, name: Name) -> Name:
        return Name(self.names.column_text(name.text, name.folded))

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
