"""How long the text of an expression can get: what a column without a type of its own must hold."""

from __future__ import annotations

import re
from dataclasses import replace
from math import prod
from typing import Final

from ..ir.types import Type
from .infer import Typer
from .kinds import family, read_type
from .rows import Row
from .tree import Node, call_name, exp, integer, type_of_cast

#: What VARCHAR2 holds at most, unless MAX_STRING_SIZE is EXTENDED.
LONGEST: Final = 4000
#: Functions that never give more characters than their arguments have together.
SHORTENING: Final = frozenset(
    """
    UPPER LOWER INITCAP TRIM LTRIM RTRIM SUBSTR SUBSTRB NVL NVL2 COALESCE DECODE CONCAT GREATEST LEAST TRANSLATE
    REVERSE
    """.split()
)
#: The characters that a moment or a number without a precision takes as text.
OTHERS: Final = 40
SIZED: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})
_NUMBERS: Final = {
    "boolean": 1, "bit": 1, "utinyint": 3, "tinyint": 4, "smallint": 6, "integer": 11, "bigint": 20, "uuid": 36,
}  # fmt: skip


def with_length(root: Node, typer: Typer) -> Type:
    """The type of ``root``; of a text with the most characters it can have, at most :data:`LONGEST`."""
    found = typer.infer(root).type
    if found.kind not in ("varchar", "nvarchar") or found.length is not None:
        return found
    return replace(found, length=max(1, min(width(root, typer), LONGEST)), unit="char")


def width(node: Node, typer: Typer) -> int:
    """The most characters that ``node`` has as text; :data:`LONGEST` where it cannot be told."""
    match node:
        case exp.Null() | exp.Boolean():
            return 1
        case exp.Literal():
            return len(node.this)
        case exp.Paren() | exp.Neg() | exp.Collate():
            return width(node.this, typer) + isinstance(node, exp.Neg)
        case exp.Case():
            results = [b.args["true"] for b in node.args["ifs"]] + [node.args.get("default")]
            return max(width(r, typer) for r in results if r is not None)
        case exp.DPipe() | exp.Add() if typer.family(node) == "text":
            return width(node.this, typer) + width(node.expression, typer)
        case exp.Cast():
            wanted = read_type(type_of_cast(node), typer.source.types)
            if wanted is not None and wanted.length is None and wanted.kind in SIZED:
                return typer.source.cast_length or LONGEST
        case exp.Anonymous():
            return _call(node, typer)
    return _of_type(typer.infer(node).type)


def _of_type(type_: Type) -> int:
    if family(type_) == "text":
        return type_.length or LONGEST
    if type_.kind in ("decimal", "money") and type_.precision is not None:
        return type_.precision + 3  # a sign, a point and a zero before it
    return _NUMBERS.get(type_.kind, OTHERS)


def _call(node: exp.Anonymous, typer: Typer) -> int:
    """By the row of the function, which may say how long its text gets."""
    arguments: list[Node] = list(node.expressions)
    name = call_name(node).upper()
    if name in typer.source.type_first:  # CONVERT(type, value)
        known = typer.infer(node).type
        if known.kind in SIZED:
            known = replace(known, length=known.length or typer.source.cast_length)
        return _of_type(known)
    row, _ = typer.choose(node)
    if row is not None and row.width:
        return _by_row(row, arguments, typer)
    if row is not None and typer.family(node) != "text":
        return _of_type(typer.infer(node).type)
    return sum(width(a, typer) for a in arguments) if name in SHORTENING else LONGEST


def _by_row(row: Row, arguments: list[Node], typer: Typer) -> int:
    """What the row says, as ``rules/functions/read/oracle.toml`` explains it."""
    if row.width == "longest":
        return max(width(a, typer) for a in arguments)
    names = {p.name: a for p, a in zip(row.parameters, arguments, strict=False)}

    def value(word: str) -> int:
        word = word.strip()
        if word not in names:
            return int(word) if word.isdigit() else LONGEST
        kind = next(p.kind for p in row.parameters if p.name == word)
        if kind in ("positive", "count", "whole", "integer"):
            found = integer(names[word])
            return LONGEST if found is None else max(found, 0)
        return width(names[word], typer)

    if row.width == "replaced":
        whole, old, new = value("s"), max(value("old"), 1), value("new")
        return max(whole, whole // old * new + whole % old)
    parts = re.split(r"[*|,]", row.width)
    if "*" in row.width:
        return prod(map(value, parts))
    return max(map(value, parts)) if "|" in row.width else min(map(value, parts))
