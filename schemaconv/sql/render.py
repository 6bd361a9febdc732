"""Trees to text. One generator per target is made once and used again; it writes to nobody's tree but its own.

The generator's table of writers is private to sqlglot; it is replaced here on the instance alone, and nowhere else.
Where our own writers stand in, nothing is spelled by a dialect's rules: identifiers, literals and calls are printed as
the rewrites left them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from .marks import BARE_CALL, LITERAL_CALL
from .pieces import Refused
from .tree import MARK, Dialect, Node, SqlglotError, exp, unnamed

logging.getLogger("sqlglot").addHandler(logging.NullHandler())

Writer = Callable[[Any, Any], str]

#: Function classes that our rewrites leave in a tree on purpose; any other one was never translated.
OWN = frozenset({
    "Anonymous", "Cast", "Case", "If", "Extract", "Exists", "And", "Or", "Any", "All", "GroupConcat", "Interval",
    "Rollup", "Cube", "Nullif", "Chr", "Array", "Collate", "RegexpLike", "JSONBExtract", "JSONBExtractScalar", "Trim",
    "ArrayOverlaps", "ArrayContainsAll", "Adjacent", "Overlaps",
    "XMLTable", "MatchAgainst",
})  # fmt: skip


def _literal(backslash: bool) -> Writer:
    def write(generator: Any, node: exp.Literal) -> str:
        text = str(node.this)
        if not node.is_string:
            return text
        if generator.pretty:  # no line of a text is indented
            text = text.replace("\n", generator.SENTINEL_LINE_BREAK)
        if backslash:
            text = text.replace("\\", "\\\\")
        return "'" + text.replace("'", "''") + "'"

    return write


def _identifier(quote: str) -> Writer:
    def write(_: Any, node: exp.Identifier) -> str:
        text = str(node.this)
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if node.args.get("quoted") else text

    return write


def _call(generator: Any, node: exp.Anonymous) -> str:
    name = node.args["this"]
    if not isinstance(name, str):
        name = generator.sql(name)
    if name.endswith(BARE_CALL):
        return str(name[:-1])
    if name.endswith(LITERAL_CALL):
        return f"{name[:-1]} {generator.sql(node.expressions[0])}"
    return str(generator.func(name, *node.expressions, normalize=False))


def _not(generator: Any, node: exp.Not) -> str:
    """``x IS NOT NULL`` and ``x NOT IN (...)`` rather than a leading NOT."""
    inner = node.this
    kinds = {exp.Is: (" IS ", " IS NOT "), exp.In: (" IN ", " NOT IN "), exp.Like: (" LIKE ", " NOT LIKE "),
             exp.Between: (" BETWEEN ", " NOT BETWEEN "), exp.Escape: (" LIKE ", " NOT LIKE ")}  # fmt: skip
    pair = kinds.get(type(inner))
    if pair is not None:
        operand = str(generator.sql(inner.this.this if isinstance(inner, exp.Escape) else inner.this))
        text = str(generator.sql(inner))
        if text.startswith(operand + pair[0]):
            return operand + pair[1] + text[len(operand) + len(pair[0]) :]
    return f"NOT {generator.sql(inner)}"


def _interval(generator: Any, node: exp.Interval) -> str:
    """``INTERVAL 7 DAY``, as MySQL has it."""
    inner = node.this
    value = inner.this if isinstance(inner, exp.Literal) else generator.sql(inner)
    return f"INTERVAL {value} {generator.sql(node, 'unit')}"


def _ordered(generator: Any, node: exp.Ordered) -> str:
    """The rewrites have settled where NULLs stand: the marker is printed when they left one."""
    text = str(generator.sql(node, "this")) + (" DESC" if node.args.get("desc") else "")
    nulls = node.meta.get("nulls")
    return f"{text} NULLS {nulls}" if nulls else text


def _paren(generator: Any, node: exp.Paren) -> str:
    """Parentheses on one line, where what they hold is one."""
    inner = str(generator.sql(node, "this"))
    if "\n" in inner:
        inner = generator.seg(generator.indent(inner), sep="") + generator.seg("", sep="")
    return f"({inner})"


def _update(generator: Any, node: exp.Update) -> str:
    """SET on a line of its own, where the statement takes several."""
    if any(node.args.get(k) for k in ("order", "returning", "hint")):
        return str(generator.update_sql(node))
    with_ = generator.sql(node, "with_")
    parts = [f"{with_}{generator.sep()}" if with_ else "", f"UPDATE {generator.sql(node, 'this')}"]
    assignments = [generator.sql(e) for e in node.expressions]
    if generator.pretty:
        body = generator.indent(",\n".join(assignments))
        parts.append(f"\nSET\n{body}")
    else:
        parts.append(f" SET {', '.join(assignments)}")
    parts += [generator.sql(node, key) for key in ("from_", "where", "limit")]
    return "".join(parts)


def _delete(generator: Any, node: exp.Delete) -> str:
    """FROM and USING beside DELETE, where the statement takes several lines."""
    if any(node.args.get(k) for k in ("cluster", "hint")):
        return str(generator.delete_sql(node))
    with_ = generator.sql(node, "with_")
    tables = ", ".join(generator.sql(t) for t in node.args.get("tables") or [])
    parts = [f"{with_}{generator.sep()}" if with_ else "", f"DELETE {tables} FROM " if tables else "DELETE FROM "]
    parts.append(generator.sql(node, "this"))
    using = ", ".join(generator.sql(u) for u in node.args.get("using") or [])
    parts.append(f"{generator.sep()}USING {using}" if using else "")
    parts += [generator.sql(node, key) for key in ("where", "returning", "order", "limit")]
    return "".join(parts)


def _within_group(generator: Any, node: exp.WithinGroup) -> str:
    keys = ", ".join(generator.sql(key) for key in node.expression.expressions)
    return f"{generator.sql(node, 'this')} WITHIN GROUP (ORDER BY {keys})"


def _division(generator: Any, node: exp.Div) -> str:
    return str(generator.binary(node, "/"))


def depth(text: str) -> int:
    """How deep parentheses stand within parentheses; those of literals are counted too."""
    here = most = 0
    for sign in _SIGNS.findall(text):
        here += 1 if sign == "(" else -1
        most = max(most, here)
    return most


_SIGNS = re.compile(r"[()]")


class Printer:
    """Writes trees of one target."""

    def __init__(self, dialect: str, quote: str, backslash: bool) -> None:
        self.dialect = Dialect.get_or_raise(dialect)
        self.writers: dict[Any, Writer] = {
            exp.Literal: _literal(backslash),
            exp.Identifier: _identifier(quote),
            exp.Anonymous: _call,
            exp.Not: _not,
            exp.Ordered: _ordered,
            exp.Div: _division,
            exp.Paren: _paren,
            exp.WithinGroup: _within_group,
            exp.Update: _update,
            exp.Delete: _delete,
        }
        if dialect == "mysql":
            self.writers[exp.Interval] = _interval
        self.flat = self._generator(False)
        self.pretty = self._generator(True)

    def _generator(self, pretty: bool) -> Any:
        made = self.dialect.generator(
            pretty=pretty, indent=4, pad=4, normalize_functions=False, max_text_width=100, comments=True
        )
        made._dispatch = {**made._dispatch, **self.writers}
        return made

    def text(self, root: Node, pretty: bool) -> str:
        """``root`` as SQL text. Raises :class:`Refused` for what the target's generator cannot write."""
        for node in unnamed(root):
            if isinstance(node, exp.Func) and type(node).__name__ not in OWN:
                raise Refused("SC4201", 0, function=node.sql_name().upper())
        generator = self.pretty if pretty else self.flat
        try:
            text = generator.generate(root, copy=False)
        except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise Refused("SC4200", 0, reason=f"the printer failed ({type(error).__name__})") from None
        if generator.unsupported_messages:
            raise Refused("SC4200", 0, reason=str(generator.unsupported_messages[0]))
        if MARK in text:
            raise Refused("SC4200", 0, reason="a call where a name is wanted")
        return str(text)
