"""Types of a routine's variables where each is spelled out, with the collation of its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .. import rulefiles
from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import QName
from ..ir.routine import (
    Case,
    Parameter,
    Program,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span
from . import collation
from .psm_bodies import fragments
from .psm_limits import PsmLimits
from .psm_names import parts

if TYPE_CHECKING:
    from .context import Context

_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_COMPARES: Final = re.compile(
    r"(?i)[=<>]|\b(?:LIKE|IN|BETWEEN|DECODE|CASE|GREATEST|LEAST|INSTR|REPLACE|TRANSLATE|NULLIF|REGEXP_\w+|MIN|MAX"
    r"|DISTINCT|ORDER|GROUP|UNION|TRIM|LTRIM|RTRIM)\b"
)


class PsmTypes(PsmLimits):
    """Types, and values that become them."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        rules = rulefiles.load(f"routines/{ctx.run.catalog.engine}.toml")
        family = ctx.profile.engine.family
        self.raised_as: Mapping[str, list[object]] = rules.get("raised", {}).get(family, {})
        self.silent_packages = frozenset(rules.get("left_out", {}).get("packages", ()))
        self.summed: frozenset[Span] = frozenset()  # statements of FORALL whose rows are asked for
        self.texts = {**self.texts, "LAST_ID": "LAST_INSERT_ID()"}
        self.variables["%LAST_ID"] = Known(Type("integer"), True)
        self.asks_error = False
        self.message = False  # whether a message is put together first
        self.depth = 0
        self.covered = 0  # blocks around that handle NOT FOUND
        self.compared: frozenset[str] = frozenset()
        self.returns: Type | None = None

    def compared_in(self, program: Program) -> frozenset[str]:
        """The names that a routine compares or searches: text does that by its collation."""
        words: set[str] = set()
        texts = [f for f in fragments(program) if _COMPARES.search(_QUOTED.sub("''", f.text))]
        for node in parts(program):
            if isinstance(node, Case):
                texts += [f for f in (node.operand, *(c for c, _ in node.branches)) if f is not None]
        for fragment in texts:
            words |= self.ctx.run.words(_QUOTED.sub("''", fragment.text))
        return frozenset(words)

    def collated(self, typed: Typed, name: str = "") -> Typed:
        """A type whose text compares as in the source, where it is compared at all."""
        return typed if name and name not in self.compared else collation.compared(typed, self.ctx)

    def parameter(self, p: Parameter) -> Parameter:
        done = super().parameter(p)
        return replace(done, type=self.collated(done.type, p.name.text))

    def variable(self, found: Variable) -> Variable:
        done = super().variable(found)
        return replace(done, type=self.collated(done.type, found.name.text))

    def once(self, code: str, key: str) -> None:
        """Said of the first routine only."""
        if (code, key) not in self.ctx.run.once:
            self.ctx.run.once.add((code, key))
            self.ctx.say(code, self.found.at)

    def defaults_first(self, program: Program, given: tuple[Parameter, ...]) -> tuple[Program, tuple[Parameter, ...]]:
        """There are no defaults: calls give every argument."""
        if any(p.default is not None for p in given):
            self.ctx.say("SC5076", self.found.at)
        return program, tuple(replace(p, default=None) for p in given)

    def anchored(self, typed: Typed, at: Span) -> str:
        """The type of what %TYPE names, in its own words."""
        if len(typed.like) == 1 and self.package_type(typed) is None:
            known = self.variables.get(typed.like[0].text)
            if known is None or known.type.kind in ("unknown", "user"):
                self.refuse("SC5024", at, clause=typed.raw)
                return typed.raw
            return self.typed(Typed(known.type, raw=typed.raw), at).raw
        if (key := self.package_type(typed)) is not None:
            if key not in self.ctx.run.packages.types:
                self.refuse("SC5043", at, clause=typed.raw)
            return self.ctx.run.packages.types.get(key, "")
        name = QName(typed.like[-3] if len(typed.like) > 2 else None, typed.like[-2])
        table = self.ctx.run.table(name)
        if table is None or not self.ctx.exists(name):
            self.refuse("SC5024", at, clause=typed.raw)
            return typed.raw
        own = self.names.column(table[1].name, typed.like[-1]).text
        spelled = self.ctx.run.spelled.get(table[0], {}).get(own)
        if spelled is not None:
            return spelled
        column = next((k for k in table[1].columns if k.name == typed.like[-1]), None)
        if column is None:
            self.refuse("SC5024", at, clause=typed.raw)
            return typed.raw
        return self.typed(Typed(column.type, raw=typed.raw), at).raw

    def typed(self, typed: Typed, at: Span) -> Typed:
        if typed.form == "refcursor":
            self.refuse("SC5072", at, clause=typed.raw or "SYS_REFCURSOR")
            return typed
        if typed.raw and typed.type.kind in ("integer", "boolean") and typed.raw in ("int", "boolean"):
            return typed
        return super().typed(typed, at)

    def fits(self, value: Fragment, wanted: Known) -> bool:
        """A parameter takes what can be assigned to it."""
        return True

    def types_of_package(self) -> None:
        """The types of its package are the routine's own."""

    def base(self, typed: Typed, given: bool = False) -> str:
        """What an OUT parameter gives is converted to the type of the variable."""
        return ""

    def given(self, typed: Typed, at: Span) -> Typed:
        return self.typed(typed, at)

    def as_text(self, value: Fragment, wanted: Type | None) -> Fragment:
        """A number that becomes a text without a word: one of NUMBER would come with all its zeros."""
        if wanted is None or wanted.kind not in ("varchar", "nvarchar", "clob", "text"):
            return value
        types = {name: known.type for name, known in self.variables.items()}
        given = self.ctx.run.translator.type_of(value.text, types)
        if given.kind not in ("number", "decimal") or re.fullmatch(r"\s*[\d.]+\s*", value.text):
            return value
        return replace(value, text=f"TO_CHAR({value.text})")

    def settable(self, target: Fragment) -> None:
        """A variable of a package or of a type that is not there could not be set."""
        name = target.text.strip().upper().strip('"')
        if self.package_variable(target) is not None:
            return
        if name not in self.variables and not name.startswith("NEW."):
            self.refuse("SC5024", target.at, clause=target.text.strip())
