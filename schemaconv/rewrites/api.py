"""What a rewrite of ``rewrites/table`` gets and gives.

A module has ``REMOVES`` (the construct that it takes out), ``ADDS`` (constructs that may stand there instead) and
``rewrite(found, ctx, use)``: the changed object, or ``None`` where the construct cannot be taken out, whose own code
is said then.
"""

from __future__ import annotations

from typing import Protocol

from ..ir.catalog import Item, Object, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..options import Options
from ..source import Span


class Use(Protocol):
    """A construct in use: its place and the author's text."""

    @property
    def construct(self) -> str: ...
    @property
    def at(self) -> Span: ...
    @property
    def text(self) -> str: ...


class Context(Protocol):
    """What a rewrite may ask about its run, and how it speaks; everything is said of the object at hand."""

    extra: list[Item]
    stub: str

    @property
    def subject(self) -> int: ...
    @property
    def options(self) -> Options: ...
    def legal(self, construct: str) -> bool: ...
    def trait(self, name: str) -> object: ...
    def limit(self, name: str) -> int: ...
    def table(self, name: QName) -> Table | None:
        """The table of the script that ``name`` means."""
        ...

    def find(self, name: QName) -> Object | None:
        """The table, view, sequence, routine or synonym of the script that ``name`` means."""
        ...

    def parents_of_keys(self, columns: tuple[str, ...]) -> bool:
        """Whether another table's foreign key points to this table."""
        ...

    def steady(self, query: Fragment) -> bool:
        """Whether a query's answer changes with its tables alone."""
        ...

    def views_in(self, query: Fragment, materialized: bool) -> list[str]:
        """The views of the script that a query names."""
        ...

    def drawn_by(self, sequence: QName) -> tuple[Table, ...]:
        """Tables with a default that draws from ``sequence``."""
        ...

    def schemas(self) -> tuple[Name, ...]:
        """The schemas in which the script makes objects, the default one first."""
        ...

    def rights(self, kind: str) -> frozenset[str]:
        """The source's rights that the target has on a kind of thing; ``schema``: on all that is in one."""
        ...

    def say(self, code: str, at: Span | None = None, **params: object) -> None: ...
    def say_construct(self, construct: str, at: Span | None = None, clause: str = "", **params: object) -> str: ...


#: In place of a stub's code: nothing is printed, and nothing is left to do.
DROPPED = "-"
