"""Calls of functions of the source with ``name => value``: their arguments in the order of the parameters."""

from __future__ import annotations

from .rows import Source
from .tree import Node, call_name, exp, nodes


def ordered(root: Node, source: Source) -> list[str]:
    """Put the arguments of such calls into their order, where the rows of ``source`` know it and leave no gap; returns
    the names that have gone."""
    gone: list[str] = []
    for call in nodes(root) if source.argument_names else ():
        if not isinstance(call, exp.Anonymous):
            continue
        names = source.argument_names.get(call_name(call).upper())
        given = list(call.expressions)
        if names is None or not any(isinstance(a, (exp.Kwarg, exp.PropertyEQ)) for a in given):
            continue
        made: dict[int, Node] = {}
        said: list[str] = []
        for place, argument in enumerate(given):
            if isinstance(argument, (exp.Kwarg, exp.PropertyEQ)):
                name = argument.this.name.upper()
                said.append(argument.this.name)
                place, argument = names.index(name) if name in names else -1, argument.expression
            made[place] = argument
        if len(made) == len(given) and sorted(made) == list(range(len(given))):
            call.set("expressions", [made[i] for i in range(len(given))])
            gone += said
    return gone
