"""Rewrites of query trees, one construct per file, found in this folder.

A module says ``REMOVES``, the construct that it takes out, and ``ADDS``, constructs that may stand there instead: a
rewrite that removes one of those runs later. It has one or both of

* ``rewrite(root, ctx) -> root``: changes the shape of the whole tree; with ``LAST = True`` it runs at the end;
* ``NODES`` and ``node(node, ctx) -> node``: changes single nodes, inner ones before outer ones.

``TRAIT`` names the trait of the source that makes the rewrite needed: it is left out for sources without it.
``UNLESS`` names one that makes it wrong.

``NEEDS`` (node classes) and ``WORDS`` (names of calls, tables and columns, ``(+)``) say when ``rewrite`` has anything
to do: it is called only for a tree that holds one of them. All may raise :class:`~schemaconv.sql.pieces.Refused`. The
modules are imported when the first tree is rewritten.
"""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from graphlib import TopologicalSorter
from importlib import import_module
from types import ModuleType

from ...sql.context import Context
from ...sql.tree import Node, exp, nodes, put


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """Every rewrite in an order that holds: by what they add and remove, then by name."""
    found = {m.name: import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)}
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, module in sorted(found.items()):
        order.add(name, *sorted(n for n, m in found.items() if n != name and module.REMOVES in getattr(m, "ADDS", ())))
    return tuple(found[name] for name in order.static_order())


@lru_cache(maxsize=1)
def _by_class() -> dict[type, list[ModuleType]]:
    table: dict[type, list[ModuleType]] = {}
    for module in modules():
        for kind in getattr(module, "NODES", ()):
            table.setdefault(kind, []).append(module)
    return table


def apply(root: Node, ctx: Context) -> Node:
    """``root`` rewritten for the target of ``ctx``."""
    root = _whole(root, ctx, last=False)
    handlers = _by_class()
    for node in reversed(nodes(root)):
        for module in handlers.get(node.__class__, ()):
            if not _wanted(module, ctx):
                continue
            made = module.node(node, ctx)
            if made is not node:
                root = put(node, made, root)
                break
    return _whole(root, ctx, last=True)


def _whole(root: Node, ctx: Context, last: bool) -> Node:
    """Apply the rewrites of whole trees that the tree has work for."""
    kinds, words = _holds(root)
    for module in modules():
        if not hasattr(module, "rewrite") or getattr(module, "LAST", False) is not last or not _wanted(module, ctx):
            continue
        needs: tuple[type, ...] = getattr(module, "NEEDS", ())
        wants: frozenset[str] = getattr(module, "WORDS", frozenset())
        if (needs or wants) and kinds.isdisjoint(needs) and words.isdisjoint(wants):
            continue
        root = module.rewrite(root, ctx)
        if not last and hasattr(module, "ADDS"):
            kinds, words = _holds(root)
    return root


def _wanted(module: ModuleType, ctx: Context) -> bool:
    """Whether the source of ``ctx`` means what the rewrite is for."""
    trait, unless = getattr(module, "TRAIT", ""), getattr(module, "UNLESS", "")
    traits = ctx.source.traits
    return (not trait or bool(traits.get(trait))) and not (unless and traits.get(unless))


def _holds(root: Node) -> tuple[set[type], set[str]]:
    """The classes of the nodes in ``root``, and the names of its calls, tables and columns."""
    kinds: set[type] = set()
    words: set[str] = set()
    for node in nodes(root):
        kinds.add(node.__class__)
        if isinstance(node, exp.Anonymous):
            words.add(str(node.name).upper())
        elif isinstance(node, (exp.Column, exp.Table)):
            words.add(node.name)
            if node.args.get("join_mark"):
                words.add("(+)")
    return kinds, words


def every(root: Node, *kinds: type[Node]) -> list[Node]:
    """All nodes of ``kinds`` in ``root``, inner ones first."""
    return [n for n in reversed(nodes(root)) if isinstance(n, kinds)]


def selects(root: Node) -> list[exp.Select]:
    """All query blocks of ``root``, inner ones first."""
    return [n for n in reversed(nodes(root)) if isinstance(n, exp.Select)]


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
