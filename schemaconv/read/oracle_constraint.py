"""Oracle constraints and their states (SQL Language Reference 23ai, "constraint")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Constraint
from ..ir.names import Name, QName
from . import clauses
from .clauses import Rows
from .cursor import Cursor
from .members import referential_action

BEGINS: Final = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "REFERENCES", "NOT", "NULL"})


class State:
    """The state words behind a constraint, as they are met."""

    __slots__ = ("clauses", "deferrable", "deferred", "enabled", "index", "rely", "validated")

    def __init__(self) -> None:
        self.deferrable = self.deferred = self.rely = False
        self.enabled = self.validated = True
        self.index: QName | None = None
        self.clauses: list[Clause] = []

    def read(self, c: Cursor, table: Rows) -> bool:
        """Read every state word that stands here; says whether there was one."""
        began = c.at
        while not c.done():
            start = c.at
            match c.word():
                case "NOT" if c.ahead() == "DEFERRABLE":
                    c.at += 2
                case "DEFERRABLE":
                    c.at += 1
                    self.deferrable = True
                case "INITIALLY":
                    c.at += 1
                    self.deferred = c.take() == "DEFERRED"
                    self.deferrable = self.deferrable or self.deferred
                case "RELY":
                    c.at += 1
                    self.rely = True
                    self.clauses.append(c.clause("rely_constraint", start))
                case "NORELY" | "PRECHECK" | "NOPRECHECK":
                    c.at += 1
                    if c.texts[start] == "PRECHECK":
                        self.clauses.append(c.clause("constraint_precheck", start))
                case "ENABLE" if c.ahead() not in ("ROW", "ALL", "TABLE", "STORAGE", "CONSTRAINT", "PRIMARY", "UNIQUE"):
                    c.at += 1
                    self.enabled = True
                case "DISABLE" if c.ahead() not in (
                    "ROW",
                    "ALL",
                    "TABLE",
                    "STORAGE",
                    "CONSTRAINT",
                    "PRIMARY",
                    "UNIQUE",
                ):
                    c.at += 1
                    self.enabled = False
                    self.validated = False
                case "VALIDATE":
                    c.at += 1
                    self.validated = True
                case "NOVALIDATE":
                    c.at += 1
                    self.validated = False
                case "USING" if c.ahead() == "INDEX":
                    c.at += 2
                    self._using_index(c, table, start)
                case "EXCEPTIONS":
                    c.at += 1
                    if c.accept("INTO"):
                        c.qname()
                    self.clauses.append(c.clause("exceptions_into", start))
                case _:
                    break
        return c.at > began

    def _using_index(self, c: Cursor, table: Rows, start: int) -> None:
        if c.word() == "(":
            inner = c.at + 1
            c.skip_group()
            self.index = _index_name(c, inner)
            self.clauses.append(c.clause("using_index", start))
        elif c.is_name() and c.word() not in table and c.word() not in _STATE_WORDS:
            self.index = c.qname()
        while True:
            at = c.at
            if c.accept_any("LOCAL", "GLOBAL", "REVERSE", "UNIQUE", "INVISIBLE", "UNUSABLE"):
                if c.word() == "(":
                    c.skip_group()
                self.clauses.append(c.clause("using_index", at))
                continue
            clause = clauses.accept(c, table) if c.word() not in ("READ", "ENABLE", "DISABLE") else None
            if clause is None:
                return
            self.clauses.append(clause)

    def on(self, constraint: Constraint) -> Constraint:
        return replace(
            constraint,
            deferrable=self.deferrable,
            initially_deferred=self.deferred,
            enabled=self.enabled,
            validated=self.validated,
            rely=self.rely,
            using_index=self.index,
            clauses=constraint.clauses + tuple(self.clauses),
        )


_STATE_WORDS: Final = frozenset(
    """
    NOT DEFERRABLE INITIALLY RELY NORELY ENABLE DISABLE VALIDATE NOVALIDATE EXCEPTIONS LOCAL GLOBAL REVERSE UNIQUE
    PRECHECK NOPRECHECK INVISIBLE UNUSABLE
    """.split()
)


def _index_name(c: Cursor, at: int) -> QName | None:
    """The name in ``(CREATE [UNIQUE] INDEX name ON ...)``."""
    here = c.at
    c.at = at
    found = None
    if c.accept("CREATE"):
        c.accept_any("UNIQUE", "BITMAP")
        if c.accept("INDEX") and c.is_name():
            found = c.qname()
    c.at = here
    return found


def read(c: Cursor, table: Rows, column: Name | None = None) -> Constraint | None:
    """One constraint; ``column`` is that of an inline one. ``None`` (nothing consumed) where none stands.

    NOT NULL and NULL come back as a check without text: :func:`is_not_null` tells them.
    """
    start = c.at
    name: Name | None = None
    if c.accept("CONSTRAINT"):
        name = c.name()
    inline = column is not None
    own = (column,) if column is not None else ()
    match c.word():
        case "PRIMARY":
            c.at += 1
            c.expect("KEY")
            found = Constraint("primary_key", name, own if inline else c.names(), inline=inline)
        case "UNIQUE":
            c.at += 1
            found = Constraint("unique", name, own if inline else c.names(), inline=inline)
        case "CHECK":
            c.at += 1
            found = Constraint("check", name, own, inline=inline, check=c.group())
        case "REFERENCES":
            found = _references(c, name, own, inline)
        case "FOREIGN":
            c.at += 1
            c.expect("KEY")
            found = _references(c, name, c.names(), False)
        case "NOT" if inline and c.ahead() == "NULL":
            c.at += 2
            found = Constraint("check", name, own, inline=True)
        case "NULL" if inline:
            c.at += 1
            State().read(c, table)
            return Constraint("unique", name, (), inline=True)  # NULL: nothing to keep
        case "NOT" if c.ahead() == "NULL":
            raise c.error("a column before NOT NULL expected")
        case _:
            if name is not None:
                raise c.error("a constraint expected")
            c.at = start
            return None
    state = State()
    state.read(c, table)
    return replace(state.on(found), at=c.span(start))


def is_not_null(constraint: Constraint) -> bool:
    return constraint.kind == "check" and constraint.check is None


def is_null(constraint: Constraint) -> bool:
    return constraint.kind == "unique" and not constraint.columns


def _references(c: Cursor, name: Name | None, columns: tuple[Name, ...], inline: bool) -> Constraint:
    c.expect("REFERENCES")
    table = c.qname()
    target = c.names() if c.word() == "(" else ()
    on_delete = on_update = ""
    while c.word() == "ON":
        c.at += 1
        which = c.take()
        action = referential_action(c)
        if which == "DELETE":
            on_delete = action
        else:
            on_update = action
    return Constraint(
        "foreign_key", name, columns, inline=inline, references=table, references_columns=target,
        on_delete=on_delete, on_update=on_update,
    )  # fmt: skip
