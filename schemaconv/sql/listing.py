"""The output columns of a bound query, also those whose names come more than once."""

from __future__ import annotations

from ..ir.fragment import Known, Output
from ..ir.types import UNKNOWN, Type
from .kinds import NULL, family
from .tree import Node, exp
from .written import form


def listed(root: Node) -> tuple[Output, ...] | None:
    """The output columns of a bound query; of several joined by UNION the type of all of them. FOR JSON and FOR XML
    make one document of all."""
    said = form(root) if isinstance(root, exp.Query) else None
    if said is not None:
        return (Output(f"{said.kind}_TEXT", Known(Type("ntext" if said.kind == "JSON" else "xml")), False),)
    match root:
        case exp.Select():
            found = root.meta.get("outputs")
            return tuple(Output(*one) for one in found) if found is not None else None
        case exp.Subquery():
            return listed(root.this)
        case exp.SetOperation():
            left, right = listed(root.this), listed(root.expression)
            if left is None or right is None or len(left) != len(right):
                return None
            return tuple(_either(a, b) for a, b in zip(left, right, strict=True))
        case _:
            return None


def _either(one: Output, other: Output) -> Output:
    a, b = one.known.type, other.known.type
    same = a.kind == b.kind
    if a == NULL:
        return Output(one.name, other.known, False)
    both_text = family(a) == family(b) == "text"
    return Output(one.name, one.known if same or both_text or b == NULL else Known(UNKNOWN), False)
