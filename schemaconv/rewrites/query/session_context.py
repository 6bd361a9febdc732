"""``SESSION_CONTEXT(N'key')``: a value that the application gave the session.

Transact-SQL reference, "SESSION_CONTEXT": NULL where the key was not set. PostgreSQL keeps such values as settings with
a prefix; one that was set once and reset reads as an empty text.
"""

from __future__ import annotations

import re

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import TEXT
from ...sql.tree import Node, exp, is_call, literal_text, string
from . import every, put_in

REMOVES = "session_context"
ADDS = ("function",)
WORDS = frozenset({"SESSION_CONTEXT"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "SESSION_CONTEXT") or not isinstance(node, exp.Anonymous) or len(node.expressions) != 1:
            continue
        key = literal_text(node.expressions[0]) or ""
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) or ctx.family.way("application_setting") is None:
            continue  # named by the row of the function
        setting = f"session_context.{key.lower()}"
        ctx.consume(key, "SESSION_CONTEXT")
        ctx.say("SC4392", node, key=key, setting=setting)
        root = put_in(node, ctx.op("application_setting", node, Known(TEXT), s=string(setting)), root)
    return root
