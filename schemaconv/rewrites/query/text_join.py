"""``||`` and CONCAT. In Oracle NULL counts as an empty text (SQL Language Reference, "Concatenation Operator"); else it
makes the whole NULL, but for arguments that :mod:`~schemaconv.rewrites.query.concat_call` has filled."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.convert import to_text
from ...sql.kinds import TEXT
from ...sql.tree import Node, exp, is_call, is_null, number, string
from . import every

REMOVES = "null_concat"
WORDS = frozenset({"CONCAT"})

NODES = (exp.DPipe,)
#: Where a text is read, or stored, as it is: one of nothing but NULLs must be NULL there.
_READ = (exp.Select, exp.Alias, exp.Tuple, exp.Group, exp.Ordered)


def rewrite(root: Node, ctx: Context) -> Node:
    """CONCAT(a, b) is a || b."""
    if not ctx.source.traits.get("null_joins_as_empty"):
        return root
    for node in every(root, exp.Anonymous):
        if is_call(node, "CONCAT") and len(node.expressions) > 1 and not node.meta.get("done"):
            made: Node = node.expressions[0]
            for part in list(node.expressions[1:]):
                made = exp.DPipe(this=made, expression=part)
            if node is root:
                made.pop()
                root = made
            else:
                node.replace(made)
    return root


def node(node: Node, ctx: Context) -> Node:
    outer = node.parent
    while isinstance(outer, exp.Paren):
        outer = outer.parent
    if isinstance(outer, exp.DPipe):
        return node  # the outermost one takes the whole chain
    if node.meta.get("documents"):
        return node
    parts: list[Node] = []
    for part in _flat(node):
        ctx.empties.pop(id(part), None)
        if is_null(part):
            continue
        parts.append(_texted(part, ctx))
    if not parts:
        return exp.Null()
    if not ctx.source.traits.get("null_joins_as_empty"):
        return _strict(node, parts, ctx)
    sure = [ctx.typer.not_null(p) for p in parts]
    known = Known(TEXT, any(sure))
    if len(parts) == 1:
        made = parts[0]
    elif all(sure):
        made = _joined(node, parts, ctx)
    else:
        way = ctx.family.way("concat_nulls")
        if way is None or (way.stable and ctx.standalone):
            made = _joined(node, [p if s else _filled(p, ctx) for p, s in zip(parts, sure, strict=True)], ctx)
        else:
            made = ctx.op("concat_nulls", node, None, args=parts)
    made.meta["known"] = known
    if not any(sure) and (len(parts) > 1 or parts[0].meta.get("empty")):
        if isinstance(outer, _READ) and not ctx.standalone:
            return ctx.op("null_if_empty", node, Known(TEXT), s=made)
        made.meta["empty"] = True
        ctx.empties[id(made)] = made
    return made


def _strict(node: Node, parts: list[Node], ctx: Context) -> Node:
    """Texts joined so that one NULL makes the whole NULL."""
    if len(parts) < len(_flat(node)):
        ctx.consume_tree(node)
        return exp.Null()
    made = _joined(node, parts, ctx)
    made.meta["known"] = Known(TEXT, all(ctx.typer.not_null(p) for p in parts))
    return made


def _filled(part: Node, ctx: Context) -> Node:
    return ctx.op("blank_for_null", part, Known(TEXT, True), s=part)


def _flat(node: Node) -> list[Node]:
    """The operands of a chain, in order; parentheses inside it mean nothing."""
    found: list[Node] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, exp.DPipe):
            stack += [part.expression, part.this]
        elif isinstance(part, exp.Paren) and isinstance(part.this, exp.DPipe):
            stack.append(part.this)
        else:
            found.append(part)
    return found


def _texted(part: Node, ctx: Context) -> Node:
    if ctx.typer.family(part) == "unknown" and ctx.has("strict_types") and not isinstance(part, exp.Literal):
        ctx.say("SC4241", part, what=part.sql()[:60] if isinstance(part, exp.Column) else "an operand")
        return part
    known = ctx.infer(part)
    if known.type.kind in ("char", "nchar") and known.type.length and ctx.source.traits.get("char_padding_joins"):
        pad = {"n": number(known.type.length), "pad": string(" ")}  # a CHAR is as long as it says, and read without
        return ctx.op("rpad", part, Known(TEXT, known.not_null), s=part, **pad)
    if width := _width(part, ctx):
        return ctx.op("lpad", part, Known(TEXT, known.not_null), s=to_text(part, ctx), n=number(width), pad=string(" "))
    return to_text(part, ctx)


def _width(part: Node, ctx: Context) -> int:
    """Characters that a number takes beside ``||`` where the source fills its text up in front; else 0."""
    found = ctx.infer(part).type
    if not ctx.source.traits.get("number_text_is_wide") or ctx.typer.family(part) != "number":
        return 0
    if found.kind == "decimal" and found.precision is not None:
        return found.precision + 2
    if isinstance(part, exp.Literal) and found.kind == "integer":
        return 4 if int(part.this) < 128 else 6 if int(part.this) < 32768 else 11
    return {"tinyint": 4, "smallint": 6, "integer": 11, "bigint": 20}.get(found.kind, 0)


def _joined(node: Node, parts: list[Node], ctx: Context) -> Node:
    way = ctx.family.way("concat")
    assert way is not None
    if ":args" in way.sql:
        return ctx.op("concat", node, None, args=parts)
    made = parts[0]
    for part in parts[1:]:
        made = ctx.op("concat", node, None, a=made, b=part)
        if isinstance(made.this, exp.Paren) and isinstance(made.this.this, exp.DPipe):
            made.set("this", made.this.this)
    return made
