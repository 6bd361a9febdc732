"""Rewrites of query trees, one construct per file, found in this folder.

A module says ``REMOVES``, the construct that it takes out, and ``ADDS``, constructs that may stand there instead: a
rewrite that removes one of those runs later. It has one or both of

* ``rewrite(root, ctx) -> root``: changes the shape of the whole tree; with ``LAST = True`` it runs at the end;
* ``NODES`` and ``node(node, ctx) -> node``: changes single nodes, inner ones before outer ones.

Both may raise :class:`~schemaconv.sql.prepare.Refused`. They are imported when the first tree is rewritten.
"""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from graphlib import TopologicalSorter
from importlib import import_module
from types import ModuleType

from ...sql.context import Context
from ...sql.tree import Node, exp, put


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
    whole = [m for m in modules() if hasattr(m, "rewrite")]
    for module in whole:
        if not getattr(module, "LAST", False):
            root = module.rewrite(root, ctx)
    handlers = _by_class()
    for node in reversed(list(root.walk())):
        for module in handlers.get(node.__class__, ()):
            made = module.node(node, ctx)
            if made is not node:
                root = put(node, made, root)
                break
    for module in whole:
        if getattr(module, "LAST", False):
            root = module.rewrite(root, ctx)
    return root


def every(root: Node, *kinds: type[Node]) -> list[Node]:
    """All nodes of ``kinds`` in ``root``, inner ones first."""
    return [n for n in reversed(list(root.walk())) if isinstance(n, kinds)]


def selects(root: Node) -> list[exp.Select]:
    """All query blocks of ``root``, inner ones first."""
    return [n for n in reversed(list(root.walk())) if isinstance(n, exp.Select)]
