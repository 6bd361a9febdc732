"""Constraints: on their column's line, in their table, or behind ALTER TABLE."""

from __future__ import annotations

from typing import Final

from ..ir.catalog import Constraint
from .printer import INDENT, WIDTH, Printer

_KEYS: Final = {"primary_key": "PRIMARY KEY", "unique": "UNIQUE"}


class Constraints(Printer):
    """Prints constraints; a family overrides what it says of their state, and which may stand inline."""

    def may_inline(self, constraint: Constraint) -> bool:
        """Whether an inline constraint may be printed on its column's line."""
        return True

    def inline_constraint(self, c: Constraint) -> str:
        head = f"CONSTRAINT {self.name(c.name)} " if c.name else ""
        match c.kind:
            case "check":
                return f"{head}{self.check(c)}{self.state(c)}"
            case "foreign_key":
                return f"{head}{self.target(c, INDENT * 2)}{self.state(c)}"
            case _:
                return f"{head}{self.key(c)}{self.state(c)}"

    def constraint(self, c: Constraint, pad: str, state: str = "") -> str:
        """A table constraint that begins behind ``pad``; ``state`` is printed at its end."""
        head = f"CONSTRAINT {self.name(c.name)} " if c.name else ""
        state = self.state(c) + state
        match c.kind:
            case "check":
                first, second = head.rstrip(), f"{self.check(c)}{state}"
            case "foreign_key":
                first = self.listed(f"{head}FOREIGN KEY ", self.names(c.columns), "", pad)
                second = f"{self.target(c, pad + INDENT)}{state}"
            case _:
                return self.listed(f"{head}{self.key(c)} ", self.key_columns(c), state, pad)
        if not first:
            return second
        fits = len(pad) + len(first) + len(second) + 2 <= WIDTH and "\n" not in first
        return f"{first} {second}" if fits else f"{first}\n{pad}{INDENT}{second}"

    def key(self, c: Constraint) -> str:
        """``PRIMARY KEY`` or ``UNIQUE``."""
        if c.nulls_equal:
            raise self.wrong(f"{c.name or c.kind} takes one NULL")
        return _KEYS[c.kind]

    def key_columns(self, c: Constraint) -> list[str]:
        """The columns of a key; with prefix lengths where legalization had to shorten it."""
        names = self.names(c.columns)
        if not c.prefixes:
            return names
        return [n if p is None else f"{n}({p})" for n, p in zip(names, c.prefixes, strict=True)]

    def check(self, c: Constraint) -> str:
        self.must("check_constraint", c.name or "a check")
        if c.check is None:
            raise self.wrong(f"check {c.name or ''} has no condition")
        return f"CHECK ({self.bare(c.check)})"

    def target(self, c: Constraint, pad: str) -> str:
        """``REFERENCES`` with its actions."""
        if c.references is None:
            raise self.wrong(f"foreign key {c.name or ''} references nothing")
        text = f"REFERENCES {self.qname(c.references)}"
        if c.references_columns:
            text = self.listed(text + " ", self.names(c.references_columns), "", pad)
        if c.on_delete:
            text += f" ON DELETE {c.on_delete}"
        return f"{text} ON UPDATE {c.on_update}" if c.on_update else text

    def state(self, c: Constraint) -> str:
        """Deferrable, enforced, ...: empty, or text with a leading blank."""
        if not c.enabled:
            raise self.wrong(f"{c.name or c.kind} is disabled")
        if c.deferrable and self.has("deferrable_constraint"):
            raise self.wrong(f"{c.name or c.kind} is deferrable")
        return ""

    def alter_state(self, c: Constraint) -> str:
        """What only ``ALTER TABLE ... ADD`` can say of a constraint's state."""
        return ""
