"""Types of sums and products in engines whose numbers have a precision and a scale of their own.

Sources: Transact-SQL reference, "Precision, scale, and length" and "Data type precedence"; Teradata, SQL Functions,
"DECIMAL Result Data Type".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..ir.types import UNKNOWN, Type
from .kinds import NULL, TEXT, family
from .tree import Node, exp

#: Whole numbers from narrow to wide, and the digits of each.
_WHOLE: Final = {"boolean": 1, "bit": 1, "tinyint": 3, "utinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
_APPROXIMATE: Final = frozenset({"real", "double", "float"})
_MOST: Final = 38
_LEAST_SCALE: Final = 6  # which a quotient or product of many digits keeps
_BITWISE: Final = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor)
#: Families from the strongest to the weakest, and the numbers in the same order.
_FAMILIES: Final = ("xml", "zoned", "timestamp", "date", "time", "number", "text", "binary")
_NUMBERS: Final = (
    "double", "float", "real", "number", "decimal", "money", "bigint", "integer", "smallint", "utinyint", "tinyint",
    "bit", "boolean",
)  # fmt: skip
_TEXTS: Final = ("ntext", "text", "nvarchar", "nchar", "varchar", "char")


def result(node: Node, left: Type, right: Type, widest: bool = False) -> Type | None:
    """The type of the sum, difference, product, quotient or remainder ``node``; ``None`` where it is not known.

    ``widest``: a quotient has the larger scale of its operands, and products need no digit more (Teradata).
    """
    kinds = {left.kind, right.kind}
    if kinds & _APPROXIMATE:
        return Type("double")
    if left.kind in _WHOLE and right.kind in _WHOLE:
        wider = max(left.kind, right.kind, key=lambda k: (_WHOLE[k], k))
        if wider in ("boolean", "bit"):
            return Type(wider if isinstance(node, _BITWISE) else "integer")
        return Type(wider)
    if "money" in kinds and kinds <= {"money", *_WHOLE}:
        return left if left.kind == "money" else right
    a, b = _digits(left), _digits(right)
    if a is None or b is None:
        return None
    (p1, s1), (p2, s2) = a, b
    match node:
        case exp.Add() | exp.Sub():
            scale = max(s1, s2)
            return _fitting(scale + max(p1 - s1, p2 - s2) + 1, scale, product=False)
        case exp.Mul():
            if widest:
                return Type("decimal", precision=min(p1 + p2, _MOST), scale=s1 + s2)
            return _fitting(p1 + p2 + 1, s1 + s2, product=True)
        case exp.Div() if widest:
            return Type("decimal", precision=_MOST, scale=max(s1, s2))
        case exp.Div():
            scale = max(_LEAST_SCALE, s1 + p2 + 1)
            return _fitting(p1 - s1 + s2 + scale, scale, product=True)
        case exp.Mod():
            scale = max(s1, s2)
            return _fitting(min(p1 - s1, p2 - s2) + scale, scale, product=False)
        case _:
            return None


def strongest(types: Sequence[Type]) -> Type:
    """The type to which values of ``types`` are brought; unknown as soon as one of them is."""
    known = [t for t in types if t is not NULL]
    if not known:
        return NULL if types else UNKNOWN
    families = ["number" if t.kind == "boolean" else family(t) for t in known]
    if any(f not in _FAMILIES for f in families):
        return known[0] if len(set(families)) == 1 else UNKNOWN
    best = min(families, key=_FAMILIES.index)
    rivals = [t for t, f in zip(known, families, strict=True) if f == best]
    match best:
        case "number":
            return _number(rivals)
        case "text":
            return _text(rivals)
        case "timestamp" | "zoned":
            return max(rivals, key=lambda t: 6 if t.precision is None else t.precision)
        case _:
            return rivals[0]


def _number(types: list[Type]) -> Type:
    """The strongest of some numbers; a decimal has room for all of them."""
    first = min(types, key=lambda t: _NUMBERS.index(t.kind) if t.kind in _NUMBERS else 0)
    digits = [_digits(t) for t in types]
    if first.kind != "decimal" or None in digits:
        return first
    sizes = [d for d in digits if d is not None]
    scale = max(s for _, s in sizes)
    return _fitting(scale + max(p - s for p, s in sizes), scale, product=False)


def _text(types: list[Type]) -> Type:
    """The strongest of some texts; its length is that of the longest, where all are known."""
    first = min(types, key=lambda t: _TEXTS.index(t.kind) if t.kind in _TEXTS else 0)
    if any(t.length is None for t in types):
        return TEXT if first.kind in ("char", "nchar") else replace(first, length=None)
    return replace(first, length=max(t.length or 0 for t in types))


def literal(digits: str) -> Type:
    """The type of a number as it is written: ``12`` is a whole number, ``1.50`` has three digits, two of them behind
    the point, ``1E3`` is a double."""
    if "e" in digits.lower():
        return Type("double")
    whole, point, fraction = digits.partition(".")
    if not point and len(whole.lstrip("0")) < 10:
        return Type("integer")
    whole = whole.lstrip("0")
    return Type("decimal", precision=max(1, len(whole) + len(fraction)), scale=len(fraction))


def _digits(type_: Type) -> tuple[int, int] | None:
    if type_.kind in _WHOLE:
        return _WHOLE[type_.kind], 0
    if type_.kind == "money":
        return type_.precision or 19, 4
    if type_.kind == "decimal" and type_.precision is not None:
        return type_.precision, type_.scale or 0
    return None


def _fitting(precision: int, scale: int, product: bool) -> Type:
    """Within 38 digits: digits behind the point give way, of a product down to six."""
    if precision > _MOST:
        whole = precision - scale
        if product:
            scale = min(scale, max(_MOST - whole, min(scale, _LEAST_SCALE)))
        else:
            scale = max(0, _MOST - whole)
        precision = _MOST
    return Type("decimal", precision=precision, scale=scale)
