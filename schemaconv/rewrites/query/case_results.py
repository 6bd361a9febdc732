"""CASE: its tests in the type of its operand, its results in the type of the strongest of them.

Transact-SQL reference, "CASE": returns the highest precedence type from the set of types in the results.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.convert import alike
from ...sql.flags import matched
from ...sql.kinds import family
from ...sql.tree import Node, exp

REMOVES = "implicit_conversion_of_case"
TRAIT = "ranked_types"

NODES = (exp.Case,)


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Case)
    known = ctx.infer(node)
    branches: list[Node] = list(node.args["ifs"])
    if node.this is not None:
        operand, *tests = matched([node.this, *(b.this for b in branches)], ctx)
        node.set("this", operand)
        for branch, test in zip(branches, tests, strict=True):
            branch.set("this", test)
    default = node.args.get("default")
    results: list[Node] = [b.args["true"] for b in branches] + ([default] if default is not None else [])
    if family(known.type) != "unknown" and len({ctx.typer.family(r) for r in results} - {"null"}) > 1:
        results = alike(results, ctx, known.type)
    for branch, result in zip(branches, results, strict=False):
        branch.set("true", result)
    if default is not None:
        node.set("default", results[-1])
    node.meta["known"] = known
    return node
