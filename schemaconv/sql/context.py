"""What every rewrite is handed: the target's rows, the types, the findings made so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..ir.fragment import Found, Known, Names
from .date_texts import Reading
from .infer import Typer
from .pieces import Refused
from .rows import Family, Source
from .template import Templates
from .tree import Node, call_name, exp, offset, parens


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that fragments obey. ``integers``: whole numbers become integers on the target; ``bare_dates``: a
    date with time became a bare day; ``quoted`` writes an identifier, in quotes where it must be; ``dates`` says how
    texts are read as dates; ``collations`` are those of the target by what they tell apart; ``case_insensitive_text``:
    columns ignore case as the source's do; ``support`` says what support functions are called."""

    quoted: Callable[..., str]
    integers: bool = True
    bare_dates: bool = False
    dates: Reading = Reading()
    collations: Mapping[str, str] = field(default_factory=dict)
    case_insensitive_text: bool = False
    in_routine: bool = False
    support: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Context:
    """One fragment on its way. Rewrites read the target from ``family`` and answer through the methods."""

    source: Source
    family: Family
    templates: Templates
    names: Names
    settings: Settings
    typer: Typer
    standalone: bool = False  # an expression of a table (default, check, index), not a query
    found: list[Found] = field(default_factory=list)
    consumed: list[str] = field(default_factory=list)
    spelled: dict[str, set[str]] = field(default_factory=dict)
    before: list[Node] = field(default_factory=list)  # statements that have to run first
    empties: dict[int, Node] = field(default_factory=dict)  # results that may be '' where the source gives NULL
    aliases: set[str] = field(default_factory=set)  # names that the fragment itself gives
    functions: dict[str, None] = field(default_factory=dict)  # support functions that the text calls
    immutable: bool = True
    volatile: bool = False

    def say(self, code: str, at: Node | int, **params: str) -> None:
        """Record a finding that leaves the text usable."""
        finding = Found(code, at if isinstance(at, int) else offset(at), tuple(params.items()))
        if finding not in self.found:
            self.found.append(finding)

    def refuse(self, code: str, at: Node | int, **params: str) -> Refused:
        """The exception to raise when the fragment cannot be translated."""
        return Refused(code, at if isinstance(at, int) else offset(at), **params)

    def has(self, construct: str) -> bool:
        return self.family.has(construct)

    def infer(self, node: Node) -> Known:
        return self.typer.infer(node)

    def consume(self, *texts: str) -> None:
        """Names or values of the source that the target's text does without, on purpose."""
        self.consumed.extend(texts)

    def consume_tree(self, node: Node) -> None:
        """:meth:`consume` for every name and value in ``node``."""
        for part in node.walk():
            if isinstance(part, (exp.Identifier, exp.Literal)):
                self.consumed.append(str(part.this))

    def op(self, name: str, at: Node, known: Known | None = None, /, **holes: Node | list[Node]) -> Node:
        """Operation ``name`` in the target's SQL, its holes filled.

        Raises :class:`Refused` when the target cannot say it.
        """
        way = self.family.way(name)
        called = at.this if isinstance(at, exp.WithinGroup) else at
        shown = call_name(called) if isinstance(called, exp.Anonymous) else name.replace("_", " ")
        if way is None or not way.sql:
            code = way.code if way is not None and way.code else "SC4203"
            note = way.note if way is not None and way.note else shown
            raise self.refuse(code, at, function=shown, what=note)
        if way.code:
            self.say(way.code, at, function=shown, what=way.note or shown)
        if way.stable or way.volatile:
            self.immutable = False
        if way.volatile:
            self.volatile = True
        made = self.templates.fill(way.sql, holes)
        if way.needs:
            made = self._supported(made, way.needs, at, shown)
        if way.double:
            made.meta["double"] = True
        if way.strict:
            made = self._strict(made, holes)
        if known is not None:
            made.meta["known"] = known
        return made

    def _supported(self, made: Node, name: str, at: Node, shown: str) -> Node:
        """``made`` with the support function ``name`` called by its full name."""
        called = self.settings.support.get(name)
        if called is None:
            raise self.refuse("SC4203", at, function=shown, what=shown)
        if self.standalone and not self.family.has("own_function_in_table"):
            raise self.refuse("SC4366", at, function=shown, support=called)
        for call in made.find_all(exp.Anonymous):
            if call.this == name:
                call.set("this", called)
        self.functions[name] = None
        self.say("SC4365", at, function=shown, support=called)
        return made

    def _strict(self, made: Node, holes: dict[str, Node | list[Node]]) -> Node:
        """NULL as soon as an argument is NULL, where the target would skip it."""
        arguments = [a for h in holes.values() for a in (h if isinstance(h, list) else [h])]
        tests = [_is_not_null(a.copy()) for a in arguments if not self.typer.not_null(a)]
        if not tests:
            return made
        condition = tests[0]
        for test in tests[1:]:
            condition = exp.And(this=condition, expression=test)
        return exp.Case(ifs=[exp.If(this=condition, true=made)])


def _is_not_null(node: Node) -> Node:
    return exp.Not(this=exp.Is(this=parens(node), expression=exp.Null()))
