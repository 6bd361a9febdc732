"""``CONTAINS(column, 'wine AND chee*')``: words of a text.

Transact-SQL reference, "CONTAINS": words are compared as they are, without their other forms, in any case; Oracle Text
Reference, "CONTAINS Query Operators". The dictionary ``simple`` of PostgreSQL does the same, and keeps stop words.
"""

from __future__ import annotations

import re

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import BOOLEAN
from ...sql.tree import Node, exp, integer, is_call, literal_text, string
from . import every, put_in

REMOVES = "full_text"
ADDS = ("function",)
WORDS = frozenset({"CONTAINS"})

_TOKEN = re.compile(r'\s*(?:(?P<phrase>"[^"]*")|(?P<word>\w+[*%]?)|(?P<sign>[()&|])|(?P<odd>\S))')
_SIGNS = {"AND": "&", "OR": "|", "&": "&", "|": "|"}
#: Words that are operators of one of the query languages, and more than words.
_OPERATORS = frozenset("NEAR FORMSOF ISABOUT NOT ACCUM MINUS WITHIN ABOUT FUZZY EQUIV".split())


def rewrite(root: Node, ctx: Context) -> Node:
    scored = bool(ctx.source.traits.get("contains_gives_score"))
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or not is_call(node, "CONTAINS"):
            continue
        arguments, place = node.expressions, _place(node, scored)
        text = literal_text(arguments[1]) if len(arguments) == 2 else None
        query = _query(text or "")
        if place is None or query is None or text is None or ctx.family.way("full_text") is None:
            raise ctx.refuse("SC4229", node, what="CONTAINS")
        if not isinstance(arguments[0], exp.Column) or arguments[0].is_star:
            raise ctx.refuse("SC4229", node, what="CONTAINS over several columns")
        ctx.consume("CONTAINS", text, *(["0"] if scored else []))
        made = ctx.op("full_text", node, Known(BOOLEAN), x=arguments[0].copy(), q=string(query))
        root = put_in(place, made, root)
    return root


def _place(node: Node, scored: bool) -> Node | None:
    """The condition: the call itself, or ``CONTAINS(...) > 0`` where it gives a score."""
    if not scored:
        return node
    parent = node.parent
    return parent if isinstance(parent, exp.GT) and parent.this is node and integer(parent.expression) == 0 else None


def _query(text: str) -> str | None:
    """The query as PostgreSQL writes it: words and phrases with AND and OR between them; ``None`` for anything else."""
    made: list[str] = []
    wants = True  # a word comes next
    depth = 0
    for match in _TOKEN.finditer(text.strip()):
        token = match[0].strip()
        if match["odd"] or token.upper() in _OPERATORS:
            return None
        sign = _SIGNS.get(token.upper())
        if token in ("(", ")"):
            depth += 1 if token == "(" else -1
            if wants is (token == ")") or depth < 0:
                return None
            made.append(token)
        elif sign is not None:
            if wants:
                return None
            made.append(f" {sign} ")
            wants = True
        else:
            term = _term(match["phrase"] or token)
            if not wants or term is None:
                return None
            made.append(term)
            wants = False
    return "".join(made) if not wants and depth == 0 else None


def _term(text: str) -> str | None:
    words = text.strip('"').split()
    if not words or any(not re.fullmatch(r"\w+[*%]?", w) for w in words) or any(w[-1] in "*%" for w in words[:-1]):
        return None
    shown = [f"{w[:-1]}:*" if w[-1] in "*%" else w for w in words]
    return shown[0] if len(shown) == 1 else f"({' <-> '.join(shown)})"
