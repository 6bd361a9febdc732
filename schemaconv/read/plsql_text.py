"""Expressions, lists and statements of SQL inside PL/SQL, as the author's text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Step
from .cursor import Cursor


def expression(c: Cursor, stops: Collection[str]) -> Fragment:
    """An expression up to one of ``stops`` outside of parentheses and of CASE ... END."""
    start = c.skip_expression(stops)
    return text_of(c, start, c.at)


def text_of(c: Cursor, start: int, end: int) -> Fragment:
    """The author's text of some tokens; ``:new`` loses its colon, which leaves a blank."""
    found = c.fragment(start, end)
    if ":" not in c.texts[start:end]:
        return found
    text, base = list(found.text), c.starts[start]
    for i in range(start, end):
        if c.texts[i] == ":" and i + 1 < end:
            text[c.starts[i] - base] = " "
    return Fragment("".join(text), found.at)


def to_semicolon(c: Cursor) -> None:
    """To the semicolon that ends a statement of SQL."""
    while not c.done() and c.word() != ";":
        c.at += 1


def blank(text: str) -> str:
    return "".join(ch if ch == "\n" else " " for ch in text)


def targets(c: Cursor, stops: Collection[str]) -> tuple[Fragment, ...]:
    found = []
    while True:
        found.append(expression(c, (",", *stops)))
        if not c.accept(","):
            return tuple(found)


def arguments(c: Cursor) -> tuple[tuple[Name | None, Fragment], ...]:
    """``(a, name => b)``."""
    c.expect("(")
    found: list[tuple[Name | None, Fragment]] = []
    while not c.accept(")"):
        name = None
        if c.ahead() == "=>":
            name = c.name()
            c.expect("=>")
        found.append((name, expression(c, (",", ")"))))
        if c.word() != ")":
            c.expect(",")
    return tuple(found)


def values(c: Cursor) -> tuple[Fragment, ...]:
    return tuple(value for _, value in arguments(c))


def named(c: Cursor) -> tuple[tuple[Fragment, ...], tuple[Name | None, ...]]:
    """The values of a list, and the names that they are given by; no names where none has one."""
    given = arguments(c)
    names = tuple(name for name, _ in given)
    return tuple(value for _, value in given), names if any(names) else ()


def done(c: Cursor, made: Step) -> Step:
    """Take the semicolon, and the comment that stands behind it on its line."""
    c.expect(";")
    notes = c.trailing(c.at - 1, made.notes)
    return replace(made, notes=notes) if notes is not made.notes else made
