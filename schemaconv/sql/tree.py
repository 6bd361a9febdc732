"""The one door to sqlglot: what the rest of the package may know of its tokens and trees.

Importing this module imports sqlglot (about 130 ms), so only functions that really need a tree import it. Nothing of
sqlglot is subclassed or patched, so that both of its builds work.

A call of an ordinary function is always :class:`exp.Anonymous`, in source and target alike: names and arguments then
mean what our own rows say and never what a dialect of the parser believes. :mod:`schemaconv.sql.prepare` sees to it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from ..ir.fragment import Known

__all__ = [
    "MARK",
    "TIGHT",
    "Dialect",
    "Node",
    "SqlglotError",
    "Token",
    "TokenType",
    "call",
    "call_name",
    "cast_to",
    "children",
    "conjunction",
    "conjuncts",
    "copied",
    "exp",
    "fitting",
    "identifier",
    "integer",
    "is_call",
    "is_null",
    "known",
    "literal_text",
    "nodes",
    "number",
    "offset",
    "parens",
    "put",
    "rank",
    "source_function",
    "string",
    "type_of_cast",
    "unnamed",
    "unused",
    "whole",
]  # fmt: skip

Node = exp.Expr

#: First character of a word that stands for a function name or a type while sqlglot parses it.
MARK: Final = "\x01"


#: Nodes that hold no others.
_LEAVES: Final = frozenset({exp.Identifier, exp.Literal, exp.Var, exp.Null, exp.Boolean})


def nodes(root: Node) -> list[Node]:
    """``root`` and every node below it, outer ones first: what sqlglot's walk yields, several times as fast."""
    found = [root]
    add = found.append
    for node in found:
        if node.__class__ in _LEAVES:
            continue
        for value in node.args.values():
            if value:
                if value.__class__ is list:
                    for one in value:
                        if isinstance(one, Node):
                            add(one)
                elif isinstance(value, Node):
                    add(value)
    return found


def unnamed(root: Node) -> list[Node]:
    """:func:`nodes` without the identifiers, which are more than a third of all."""
    found = [root]
    add = found.append
    for node in found:
        if node.__class__ in _LEAVES:
            continue
        for value in node.args.values():
            if value:
                kind = value.__class__
                if kind is list:
                    for one in value:
                        if isinstance(one, Node) and one.__class__ is not exp.Identifier:
                            add(one)
                elif kind is not exp.Identifier and isinstance(value, Node):
                    add(value)
    return found


def call(name: str, *arguments: Node) -> exp.Anonymous:
    """A call of the target's function ``name``, printed exactly so."""
    made = exp.Anonymous(this=name, expressions=list(arguments))
    made.meta["done"] = True
    return made


def source_function(name: str, *arguments: Node) -> exp.Anonymous:
    """A call of the source's function ``name``, still to be translated."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def is_call(node: object, *names: str) -> bool:
    """Whether ``node`` is a call, of one of ``names`` if any are given."""
    if not isinstance(node, exp.Anonymous):
        return False
    return not names or node.args["this"] in names


def call_name(node: exp.Anonymous) -> str:
    this = node.args["this"]
    return this if isinstance(this, str) else str(this.name)


def string(text: str) -> exp.Literal:
    return exp.Literal(this=text, is_string=True)


def number(text: str | int) -> exp.Literal:
    """A number literal without a sign."""
    return exp.Literal(this=str(text), is_string=False)


def identifier(name: str) -> exp.Identifier:
    """A name that a rewrite makes, in the source's canonical case; every target may fold it."""
    made = exp.Identifier(this=name, quoted=False)
    made.meta["folded"] = True
    return made


def unused(name: str, taken: set[str]) -> str:
    """``name``, with the first number behind it that makes it none of ``taken``; it is taken then."""
    stem, count = name.rstrip("0123456789"), 1
    while name in taken:
        count += 1
        name = f"{stem}{count}"
    taken.add(name)
    return name


def is_null(node: object) -> bool:
    return isinstance(node, exp.Null)


def literal_text(node: object) -> str | None:
    """The characters of a string literal, else ``None``."""
    return node.this if isinstance(node, exp.Literal) and node.is_string else None


def integer(node: object) -> int | None:
    """The value of a whole-number literal, with its sign, else ``None``."""
    if isinstance(node, exp.Paren):
        return integer(node.this)
    if isinstance(node, exp.Neg):
        inner = integer(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string and node.this.isdigit():
        return int(node.this)
    return None


def whole(node: object) -> int | None:
    """The value of an expression of whole-number literals whose quotients are cut, else ``None``."""
    match node:
        case exp.Paren():
            return whole(node.this)
        case exp.Neg():
            inner = whole(node.this)
            return None if inner is None else -inner
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Div() | exp.IntDiv():
            left, right = whole(node.this), whole(node.expression)
            if left is None or right is None:
                return None
            match node:
                case exp.Add():
                    return left + right
                case exp.Sub():
                    return left - right
                case exp.Mul():
                    return left * right
                case _:
                    return int(left / right) if right else None
        case _:
            return integer(node)


def decimal_text(node: object) -> str | None:
    """The digits of a number that is known: of an expression of whole numbers, or of one literal with its sign."""
    value = whole(node)
    if value is not None:
        return str(value)
    match node:
        case exp.Paren():
            return decimal_text(node.this)
        case exp.Neg():
            inner = decimal_text(node.this)
            return f"-{inner}" if inner is not None and inner[0] != "-" else None
        case exp.Literal() if not node.is_string:
            return str(node.this)
        case _:
            return None


_RANKS: Final[dict[type, int]] = {
    exp.Or: 1, exp.And: 2, exp.Not: 3,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like), 4),
    **dict.fromkeys((exp.Escape, exp.NullSafeEQ, exp.NullSafeNEQ, exp.RegexpLike), 4),
    exp.DPipe: 5, exp.JSONBExtractScalar: 5, exp.Add: 6, exp.Sub: 6, exp.Mul: 7, exp.Div: 7, exp.Mod: 7, exp.Neg: 8,
    exp.AtTimeZone: 9, exp.Collate: 9,
}  # fmt: skip
#: What binds like a name or a call.
TIGHT: Final = 10


def rank(node: Node) -> int:
    """How tightly the operator of ``node`` binds."""
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
        return 0
    if isinstance(node, exp.Binary) and not isinstance(node, exp.Dot):
        return _RANKS.get(type(node), 1)
    return _RANKS.get(type(node), TIGHT)


def parens(node: Node, least: int = TIGHT) -> Node:
    """``node``, in parentheses if its operator binds less tightly than ``least``."""
    if rank(node) >= least:
        return node
    made = exp.Paren(this=node)
    found = node.meta.get("known")
    if found is not None:
        made.meta["known"] = found
    return made


def fitting(node: Node, place: Node) -> Node:
    """``node`` in parentheses where it needs them to stand in the place of ``place``."""
    parent = place.parent
    if parent is None or isinstance(parent, (exp.Paren, exp.Query)):
        return node
    least = rank(parent)
    if isinstance(parent, (exp.Interval, exp.Ordered)):
        return parens(node) if isinstance(parent, exp.Interval) else node
    if least == TIGHT or isinstance(parent, exp.Alias):
        return node
    if isinstance(parent, exp.In) and place.arg_key == "expressions":
        return node
    left = place.arg_key == "this" and least > _RANKS[exp.EQ]  # left-associative; comparisons do not chain
    return parens(node, least if left or isinstance(parent, (exp.And, exp.Or)) else least + 1)


def cast_to(node: Node, spelling: str) -> exp.Cast:
    """``CAST(node AS spelling)``, the type printed exactly so."""
    return exp.Cast(this=node, to=exp.DataType(this=exp.DType.USERDEFINED, kind=spelling))


def type_of_cast(node: exp.Cast) -> str:
    """The type of a cast as it was written (in a source tree) or is to be printed."""
    return str(node.args["to"].args.get("kind") or "")


def put(old: Node, new: Node, root: Node) -> Node:
    """``new`` in the place of ``old``, in parentheses where an operand needs them; the root that then holds."""
    if old is root:
        if new.parent is not None:
            new.pop()
        return new
    new = fitting(new, old)
    old.replace(new)
    return root


def conjuncts(node: Node | None) -> list[Node]:
    """The parts of a chain of ANDs, from left to right; parentheses around a whole chain are opened."""
    parts: list[Node] = []
    stack = [node] if node is not None else []
    while stack:
        part = stack.pop()
        if isinstance(part, exp.And):
            stack += [part.expression, part.this]
        elif isinstance(part, exp.Paren) and isinstance(part.this, exp.And):
            stack.append(part.this)
        else:
            parts.append(part)
    return parts


def conjunction(parts: list[Node]) -> Node | None:
    """``parts`` joined by AND; an OR gets parentheses."""
    made: Node | None = None
    for part in parts:
        if isinstance(part, exp.Or):
            part = exp.Paren(this=part)
        made = part if made is None else exp.And(this=made, expression=part)
    return made


def children(node: Node) -> list[Node]:
    """The direct sub-expressions of ``node``."""
    found: list[Node] = []
    for value in node.args.values():
        if value:
            if value.__class__ is list:
                found += [one for one in value if isinstance(one, Node)]
            elif isinstance(value, Node):
                found.append(value)
    return found


def copied(node: Node) -> Node:
    """A copy of ``node`` and everything below it, with what is said of each part."""
    args = {}
    for key, value in node.args.items():
        if isinstance(value, Node):
            value = copied(value)
        elif value.__class__ is list:
            value = [copied(one) if isinstance(one, Node) else one for one in value]
        args[key] = value
    made = node.__class__(**args)
    made._meta = dict(node._meta) if node._meta else None
    made.comments = list(node.comments) if node.comments else None
    return made


def offset(node: Node) -> int:
    """The smallest position that ``node`` or anything in it came from; 0 when nothing is known."""
    best = -1
    for part in nodes(node):
        meta: dict[str, Any] | None = part._meta
        if meta:
            start = meta.get("start")
            if isinstance(start, int) and (best < 0 or start < best):
                best = start
    return max(best, 0)


def known(node: Node) -> Known | None:
    """What a rewrite or the scope said of ``node``."""
    meta: dict[str, Any] | None = node._meta
    found = meta.get("known") if meta else None
    return found if isinstance(found, Known) else None
