"""``HASHBYTES('algorithm', value)`` and ``CHECKSUM(NEWID())``.

Transact-SQL reference, "HASHBYTES": the hash of the value's bytes, which are those of UTF-16 for nvarchar (the low byte
first) and those of the collation's code page for varchar. CHECKSUM of a new GUID is how scripts draw a number of four
bytes for each row; so do those who fetch the GUID from a view, since a function may not call NEWID.
"""

from __future__ import annotations

from typing import Final

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.tree import Node, call_name, children, exp, is_call, literal_text
from . import every, put_in

REMOVES = "hash_bytes"
ADDS = ("function", "convert_call")
WORDS = frozenset({"HASHBYTES", "CHECKSUM", "BINARY_CHECKSUM"})

_OPERATIONS: Final = {"MD5": "hash_md5", "SHA": "hash_sha1", "SHA1": "hash_sha1", "SHA2_256": "hash_sha256",
                     "SHA2_512": "hash_sha512"}  # fmt: skip
_WIDE: Final = frozenset({"nvarchar", "ntext"})
_NARROW: Final = frozenset({"varchar", "text"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or node.meta.get("done"):
            continue
        if is_call(node, "HASHBYTES") and len(node.expressions) == 3:
            root = put_in(node, _hashed(node, ctx), root)
        elif is_call(node, "CHECKSUM", "BINARY_CHECKSUM") and [is_call(a, "NEWID") for a in node.expressions] == [True]:
            ctx.consume("NEWID", "CHECKSUM")
            root = put_in(node, ctx.op("random_int", node, Known(INTEGER, True)), root)
        elif is_call(node, "CHECKSUM", "BINARY_CHECKSUM") and [_guid(a, ctx) for a in node.expressions] == [True]:
            known = Known(INTEGER, ctx.typer.not_null(node.expressions[0]))
            root = put_in(node, ctx.op("hash_of_guid", node, known, g=node.expressions[0].copy()), root)
    return root


def _guid(node: Node, ctx: Context) -> bool:
    return ctx.infer(node).type.kind == "uuid"


def _hashed(node: exp.Anonymous, ctx: Context) -> Node:
    algorithm, value, flag = node.expressions
    name = literal_text(algorithm) or ""
    op = _OPERATIONS.get(name.upper())
    if op is None:
        row = ctx.source.named["HASHBYTES"]
        raise ctx.refuse(row["code"], node, function="HASHBYTES", what=row["note"])
    ctx.consume(name, "HASHBYTES", literal_text(flag) or "")
    taken: Node = value.copy()
    if ctx.typer.family(value) != "binary":
        kinds = _kinds(value, ctx) | ({"nvarchar"} if literal_text(flag) else set())
        if ctx.typer.family(value) != "text" or not kinds <= _WIDE | _NARROW:
            raise ctx.refuse("SC4204", node, function="HASHBYTES")  # CHAR has blanks at its end, a number no bytes
        taken = ctx.op("wide_bytes" if kinds & _WIDE else "narrow_bytes", node, Known(Type("varbinary")), s=taken)
    made = ctx.op(op, node, Known(Type("varbinary"), ctx.typer.not_null(value)), s=taken)
    made.meta["was"] = "HASHBYTES"
    return made


def _kinds(node: Node, ctx: Context) -> set[str]:
    """The types of the texts that ``node`` is put together from."""
    if isinstance(node, exp.Literal):
        return set()
    known = ctx.infer(node).type
    named = isinstance(node, (exp.Column, exp.Cast, exp.Placeholder, exp.Parameter))
    if named or (isinstance(node, exp.Anonymous) and call_name(node).upper() in ctx.source.type_first):
        return {known.kind or "unknown"} if ctx.typer.family(node) != "number" else set()
    return set().union(*(_kinds(part, ctx) for part in children(node)))
