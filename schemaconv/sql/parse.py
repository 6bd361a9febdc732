"""Text to trees. Whatever a parser cannot read, or reads as something opaque, is refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from .grammar import Grammar
from .marks import HOLE, mark_template
from .pieces import Piece, Refused
from .prepare import Prepared, prepare, tokens
from .rows import Source
from .tree import (
    MARK,
    Dialect,
    Node,
    SqlglotError,
    TokenType,
    call_name,
    cast_to,
    exp,
    nodes,
    offset,
    source_function,
    string,
)

What = Literal["expression", "query", "statement"]

#: How deep a fragment may nest: a compiled parser has no limit but the end of its stack, where the process ends.
DEEPEST = 600


@dataclass
class Parsed:
    root: Node
    prepared: Prepared


@lru_cache(maxsize=8)
def _dialect(name: str) -> Dialect:
    return Dialect.get_or_raise(name)


@lru_cache(maxsize=4)
def grammar(source: Source) -> Grammar:
    """What the rows of a source say of its fragments' words."""
    return Grammar(
        source.lexis, source.niladic, source.refusals, source.word_first, source.type_first, source.type_last,
        source.synonyms, source.separators, source.clauses, source.called, source.typed_literals, source.types,
        source.rows, source.libraries, source.documents,
    )  # fmt: skip


def parse(text: str, what: What, grammar: Grammar) -> Parsed:
    """The tree of a source fragment, every call plain (see :mod:`schemaconv.sql.tree`). Raises :class:`Refused`."""
    prepared = prepare(text, grammar, comments=what != "expression")
    root = _tree(grammar.lexis.dialect, prepared.tokens, text, what)
    if what == "query" and not isinstance(root, exp.Query):
        raise Refused("SC4200", 0, reason="the text is no query")
    if prepared.asides:

        def read(pieces: list[Piece]) -> Node:
            return _tree(grammar.lexis.dialect, tokens(pieces, grammar), text, "statement")

        prepared.asides.hang(root, read)
    root = plain(root)
    return Parsed(root, prepared)


def parse_template(text: str, dialect: str) -> Node:
    """A target's template: an expression with ``:holes``. Raises :class:`Refused`."""
    engine = _dialect(dialect)
    try:
        # behind another word no tokenizer takes the first one for the start of a command
        stream = mark_template(list(engine.tokenize(f"SELECT {text}"))[1:])
    except SqlglotError as error:
        raise Refused("SC4200", 0, reason=_first_line(error)) from None
    return plain(_tree(dialect, stream, text, "expression"), source=False)


_OPENED = frozenset({TokenType.L_PAREN, TokenType.CASE})
_CLOSED = frozenset({TokenType.R_PAREN, TokenType.END})
_UNARY = frozenset({TokenType.NOT, TokenType.DASH, TokenType.TILDE})


def _is_too_deep(tokens: list[Any]) -> bool:
    """Whether parentheses and CASEs stand in one another more than :data:`DEEPEST` deep, or as many signs in a row."""
    here = run = 0
    for token in tokens:
        kind = token.token_type
        if kind in _OPENED:
            here += 1
        elif kind in _CLOSED:
            here -= 1
        run = run + 1 if kind in _UNARY else 0
        if here > DEEPEST or run > DEEPEST:
            return True
    return False


def _tree(dialect: str, tokens: list[Any], text: str, what: What) -> Node:
    if _is_too_deep(tokens):
        raise Refused("SC4200", 0, reason="it is nested too deeply")
    parser = _dialect(dialect).parser()
    try:
        if what == "expression":
            trees = parser.parse_into(exp.Condition, tokens, text)
        else:
            trees = parser.parse(tokens, text)
    except SqlglotError as error:
        raise Refused("SC4200", _error_offset(error, text), reason=_first_line(error)) from None
    except RecursionError:
        raise Refused("SC4200", 0, reason="it is nested too deeply") from None
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise Refused("SC4200", 0, reason=f"the parser failed ({type(error).__name__})") from None
    roots = [t for t in trees if t is not None]
    if len(roots) != 1 or len(trees) != 1:
        raise Refused("SC4200", 0, reason="more than one statement" if roots else "nothing to read")
    return roots[0]


def _first_line(error: SqlglotError) -> str:
    errors = getattr(error, "errors", None)
    if errors:
        first = errors[0]
        near = str(first.get("highlight") or "").replace(MARK, "")
        what = str(first.get("description") or "syntax error").rstrip(".")
        what = what.partition(" but got <")[0]
        if what.startswith("Required keyword"):
            what = "an operand is missing"
        return f"{what} near {near!r}" if near else what
    return str(error).split("\n")[0].replace(MARK, "")


def _error_offset(error: SqlglotError, text: str) -> int:
    errors = getattr(error, "errors", None)
    start = str(errors[0].get("start_context") or "") if errors else ""
    at = text.find(start) if start else -1
    return at + len(start) if at >= 0 else 0


def plain(root: Node, source: bool = True) -> Node:
    """Take the marks off, turn the two calls with a grammar of their own (TRIM, EXTRACT) into plain calls, and set NOT
    apart from what it denies. Raises :class:`Refused` for what was not read."""
    for node in nodes(root):
        if isinstance(node, exp.Command):
            raise Refused("SC4200", 0, reason="the statement is of a kind that is not read")
        if not source and isinstance(node, exp.Cast):
            node.meta["done"] = True
        if isinstance(node, exp.Anonymous):
            name = node.args["this"]
            if isinstance(name, str) and name.startswith(MARK):
                node.set("this", name[1:])
                if not source:
                    node.meta["done"] = True
                if name[1:] == "CAST" and len(node.expressions) == 2:
                    made = cast_to(node.expressions[0], node.expressions[1].name)
                    made.meta["done"] = not source
                    root = _swap(root, node, made)
        elif isinstance(node, exp.Column) and node.name.startswith(MARK + HOLE):
            root = _swap(root, node, exp.Placeholder(this=node.name[2:]))
        elif isinstance(node, exp.Identifier) and node.this.startswith(MARK + HOLE):
            root = _swap(root, node, exp.Placeholder(this=node.this[2:]))
        elif isinstance(node, exp.Identifier) and node.this.startswith(MARK):
            raise Refused("SC4200", offset(node), reason=f"a call where a name is wanted near {node.this[1:]!r}")
        elif source and node.args.get("negate") and not _keeps_not(node):
            root = _negated(node, root)
        elif source and isinstance(node, exp.Dot) and (called := _of_schema(node)) is not None:
            root = _swap(root, node, called)
        elif source and isinstance(node, exp.Trim):
            root = _swap(root, node, _plain_trim(node))
        elif source and isinstance(node, exp.Extract):
            field = string(node.this.name.upper())
            root = _swap(root, node, source_function("EXTRACT", field, node.expression))
    return root


def _of_schema(node: exp.Dot) -> exp.Anonymous | None:
    """``[s].[f](x)`` as one call, which it is already where its names stand without quotes."""
    call, left = node.expression, node.this
    if not isinstance(call, exp.Anonymous) or not isinstance(left, exp.Identifier):
        return None
    name = call_name(call)
    made = exp.Anonymous(this=f"{left.name}.{name.removeprefix(MARK)}".upper(), expressions=call.expressions)
    return made


def _keeps_not(node: Node) -> bool:
    """Whether NOT belongs to the predicate: ``a NOT LIKE ANY (b, c)`` asks whether it is unlike one of them."""
    return isinstance(node, exp.JSON) or isinstance(node.args.get("expression"), (exp.Any, exp.All))


def _negated(node: Node, root: Node) -> Node:
    """``a NOT LIKE b`` as NOT over ``a LIKE b``: what changes a predicate need not know that it was denied."""
    node.set("negate", None)
    whole = node.parent if isinstance(node.parent, exp.Escape) else node
    made = exp.Not()
    root = _swap(root, whole, made)
    made.set("this", whole)
    return root


def _plain_trim(node: exp.Trim) -> exp.Anonymous:
    side = str(node.args.get("position") or "BOTH").upper()
    characters = node.args.get("expression")
    arguments = [string(side), node.this] + ([characters] if characters is not None else [])
    return source_function("TRIM", *arguments)


def _swap(root: Node, old: Node, new: Node) -> Node:
    new.meta["start"] = offset(old)
    if old is root:
        if new.parent is not None:
            new.pop()
        return new
    old.replace(new)
    return root
