"""Run the rewrites until every construct of an object is legal on the target, or said by code.

A rewrite is a module under ``schemaconv/rewrites/table`` with ``REMOVES`` (a construct), ``ADDS`` (constructs that it
may leave instead) and ``rewrite(found, context, use)``, which returns the changed object, or ``None`` to leave the
construct to its code. Rewrites run in the order of a graph from what is removed to what is added; it must have no
circle, so that the loop ends.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .. import codes
from ..engines import constructs
from ..ir.catalog import Object
from ..rewrites import table as folder
from ..rewrites.api import DROPPED
from ..severity import Severity
from .constructs import Use, needed
from .context import Context
from .surroundings import around

#: Steps for one object: each takes out or says one construct, of which a wide table may have many.
LIMIT: Final = 5000

Rewriter = Callable[[Object, Context, Use], Object | None]


@dataclass(frozen=True, slots=True)
class Rewrite:
    name: str
    removes: str
    adds: tuple[str, ...]
    run: Rewriter


class RewriteCycle(Exception):
    """Two rewrites undo each other's work: a defect of the rewrites, found when they are loaded."""


@lru_cache(maxsize=1)
def rewrites() -> tuple[Rewrite, ...]:
    """Every rewrite, in an order in which none comes before one that may add what it removes."""
    found: dict[str, Rewrite] = {}
    for module_info in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{folder.__name__}.{module_info.name}")
        rewrite = Rewrite(module_info.name, module.REMOVES, tuple(module.ADDS), module.rewrite)
        if rewrite.removes in found:
            raise RewriteCycle(f"{rewrite.name} and {found[rewrite.removes].name} both remove {rewrite.removes}")
        found[rewrite.removes] = rewrite
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(found)
    graph.add_edges_from((r.removes, added) for r in found.values() for added in r.adds)
    try:
        order = list(nx.lexicographical_topological_sort(graph))
    except nx.NetworkXUnfeasible:
        circle = " -> ".join(a for a, _ in nx.find_cycle(graph))
        raise RewriteCycle(f"rewrites run in a circle: {circle}") from None
    return tuple(found[name] for name in order if name in found)


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    return {r.removes: n for n, r in enumerate(rewrites())}


def legalize(found: Object, context: Context) -> Object:
    """``found`` with its illegal constructs rewritten; the rest is said. ``context.stub``: nothing may be printed."""
    profile = context.profile
    said: set[Use] = set()
    for _ in range(LIMIT):
        illegal = [
            u
            for u in (*needed(found, profile), *around(found, context))
            if u not in said and profile.treatment(u.construct) != "yes"
        ]
        if not illegal:
            return found
        order = _order()
        illegal.sort(key=lambda u: order.get(u.construct, 1 << 30))
        use = illegal[0]
        treatment = profile.treatment(use.construct)
        rewrite = rewrites()[order[use.construct]] if use.construct in order and treatment != "informational" else None
        changed = rewrite.run(found, context, use) if rewrite is not None else None
        if changed is not None:
            found = changed
            if context.stub:
                return found
            continue
        for use in illegal if rewrite is None else illegal[:1]:
            said.add(use)
            _say(use, profile.treatment(use.construct), context)
    return found


def _say(use: Use, treatment: str, context: Context) -> None:
    """Name a construct that stays illegal; an object is not printed when the construct is what it is."""
    if treatment == "informational":
        return
    if use.construct == "unreadable_statement":
        context.stub = context.run.log.of(context.subject)[0].code  # the reader has said why
        return
    code = context.say_construct(use.construct, use.at, use.text)
    if constructs()[use.construct].get("whole"):
        manual = codes.page(code).severity in (Severity.MANUAL, Severity.ERROR)
        context.stub = context.stub or (code if manual else DROPPED)
