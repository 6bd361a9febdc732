"""Rewrites of query trees, one construct per file, found in this folder.

A module says ``REMOVES``, the construct that it takes out, and ``ADDS``, constructs that may stand there instead: a
rewrite that removes one of those runs later. It has one or both of

* ``rewrite(root, ctx) -> root``: changes the shape of the whole tree; with ``LAST = True`` it runs at the end;
* ``NODES`` and ``node(node, ctx) -> node``: changes single nodes, inner ones before outer ones.

``TRAIT`` names the trait of the source that makes the rewrite needed: it is left out for sources without it.
``UNLESS`` names one that makes it wrong.

``NEEDS`` (node classes) and ``WORDS`` (names of calls, tables and columns; ``(+)``, ``(hint)`` and ``a.b.c``, which
stand for an outer join, a hint and a name of three parts) say when ``rewrite`` has anything to do: it is called only
for a tree that holds one of them. All may raise :class:`~schemaconv.sql.pieces.Refused`. The
modules are imported when the first tree is rewritten.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from graphlib import TopologicalSorter
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from ...sql.context import Context
from ...sql.rows import Source
from ...sql.tree import Node, exp, nodes, put, unnamed


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """Every rewrite in an order that holds: by what they add and remove, then by name."""
    found = {m.name: import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)}
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, module in sorted(found.items()):
        order.add(name, *sorted(n for n, m in found.items() if n != name and module.REMOVES in getattr(m, "ADDS", ())))
    return tuple(found[name] for name in order.static_order())


class _Whole(NamedTuple):
    """A rewrite of whole trees, and what a tree must hold to be its work; of any tree where it names nothing."""

    rewrite: Callable[[Node, Context], Node]
    needs: frozenset[type]
    words: frozenset[str]
    adds: bool


class _Plan(NamedTuple):
    """The rewrites that a source calls for: those of whole trees before and after those of single nodes."""

    first: tuple[_Whole, ...]
    last: tuple[_Whole, ...]
    nodes: Mapping[type, tuple[Callable[[Node, Context], Node], ...]]


@lru_cache(maxsize=4)
def _plan(source: Source) -> _Plan:
    wanted = [m for m in modules() if _wanted(m, source)]
    whole: dict[bool, list[_Whole]] = {False: [], True: []}
    single: dict[type, list[Callable[[Node, Context], Node]]] = {}
    for module in wanted:
        if hasattr(module, "rewrite"):
            needs = frozenset(getattr(module, "NEEDS", ()))
            words = frozenset(getattr(module, "WORDS", ()))
            last = bool(getattr(module, "LAST", False))
            whole[last].append(_Whole(module.rewrite, needs, words, hasattr(module, "ADDS")))
        for kind in getattr(module, "NODES", ()):
            single.setdefault(kind, []).append(module.node)
    return _Plan(tuple(whole[False]), tuple(whole[True]), {kind: tuple(found) for kind, found in single.items()})


def apply(root: Node, ctx: Context) -> Node:
    """``root`` rewritten for the target of ``ctx``."""
    plan = _plan(ctx.source)
    root = _applied(plan.first, root, ctx)
    for node in reversed(unnamed(root)):
        for rewrite in plan.nodes.get(node.__class__, ()):
            made = rewrite(node, ctx)
            if made is not node:
                root = put(node, made, root)
                break
    return _applied(plan.last, root, ctx)


def _applied(rewrites: Iterable[_Whole], root: Node, ctx: Context) -> Node:
    """Apply the rewrites of whole trees that the tree has work for."""
    kinds, words = _holds(root)
    for rewrite, needs, wants, adds in rewrites:
        if (needs or wants) and kinds.isdisjoint(needs) and words.isdisjoint(wants):
            continue
        root = rewrite(root, ctx)
        if adds:
            kinds, words = _holds(root)
    return root


def _wanted(module: ModuleType, source: Source) -> bool:
    """Whether ``source`` means what the rewrite is for."""
    trait, unless = getattr(module, "TRAIT", ""), getattr(module, "UNLESS", "")
    traits = source.traits
    return (not trait or bool(traits.get(trait))) and not (unless and traits.get(unless))


def _holds(root: Node) -> tuple[set[type], set[str]]:
    """The classes of the nodes in ``root``, and the words and marks (see above) in it."""
    kinds: set[type] = set()
    words: set[str] = set()
    for node in unnamed(root):
        kind = node.__class__
        kinds.add(kind)
        if kind is exp.Column:
            args = node.args
            words.add(node.name)
            if args.get("join_mark"):
                words.add("(+)")
            if args.get("db"):
                words.add("a.b.c")
        elif kind is exp.Table:
            words.add(node.name)
            if node.args.get("hints"):
                words.add("(hint)")
        elif kind is exp.Anonymous:
            words.add(str(node.name).upper())
        elif kind is exp.Select and node.args.get("options"):
            words.add("(hint)")
    return kinds, words


def every(root: Node, *kinds: type[Node]) -> list[Node]:
    """All nodes of ``kinds`` in ``root``, inner ones first."""
    return [n for n in reversed(nodes(root) if exp.Identifier in kinds else unnamed(root)) if isinstance(n, kinds)]


def selects(root: Node) -> list[exp.Select]:
    """All query blocks of ``root``, inner ones first."""
    return [n for n in reversed(unnamed(root)) if isinstance(n, exp.Select)]


def blocks(query: Node) -> list[exp.Select]:
    """The query blocks whose rows ``query`` gives: itself, or the branches of a set operation, from left to right."""
    found: list[exp.Select] = []
    stack = [query]
    while stack:
        part = stack.pop()
        match part:
            case exp.Select():
                found.append(part)
            case exp.SetOperation():
                stack += [part.expression, part.this]
            case exp.Subquery():
                stack.append(part.this)
    return found


def put_in(old: Node, new: Node, root: Node) -> Node:
    """``new`` in the place of ``old``, and the root that then holds; types of the nodes around it are forgotten."""
    root = put(old, new, root)
    above = new.parent
    while above is not None:
        above.meta.pop("known", None)
        above = above.parent
    return root
