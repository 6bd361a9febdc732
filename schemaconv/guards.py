"""The expressions that rule files may hold: ``when = "p <= 18"``, ``spelling = "decimal({p - s}, {s})"``.

Texts are parsed with :mod:`ast` and rebuilt as closures from a short list of allowed nodes; nothing else is
evaluated. Names stand for values of a mapping. A value may be ``None`` (not given): ordering it never holds,
and arithmetic with it gives ``None``.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from .rulefiles import RuleError

Values = Mapping[str, object]
Guard = Callable[[Values], bool]
_Get = Callable[[Values], Any]

_COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: lambda a, b: a is not None and b is not None and a < b,
    ast.LtE: lambda a, b: a is not None and b is not None and a <= b,
    ast.Gt: lambda a, b: a is not None and b is not None and a > b,
    ast.GtE: lambda a, b: a is not None and b is not None and a >= b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
_ARITHMETIC: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


class GuardError(RuleError):
    """A guard or template that is not understood: its text is quoted, and what to write instead."""


def compile_guard(text: str, names: Collection[str] | None = None) -> Guard:
    """The condition ``text`` as a function of a mapping.

    ``names`` lists the names that may occur; ``None`` allows any. Raises :class:`GuardError`, which quotes
    ``text``, when it is no expression of the guard language or names something unknown. The function itself
    raises :class:`GuardError` when the mapping lacks a name.
    """
    get = compile_value(text, names)
    return lambda values: bool(get(values))


def compile_value(text: str, names: Collection[str] | None = None) -> Callable[[Values], Any]:
    """The value of the expression ``text`` as a function of a mapping; errors as in :func:`compile_guard`."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise GuardError(f"{text!r} is not an expression: {error.args[0]}") from None
    return _build(tree, text, names)


def compile_template(text: str, names: Collection[str] | None = None) -> Callable[[Values], str]:
    """``text`` with each ``{expression}`` replaced by its value; errors are those of :func:`compile_guard`.

    A value of ``None`` is an error when the template is filled: the row's guard should have kept it away.
    """
    pieces = re.split(r"\{([^{}]*)\}", text)
    if "{" in "".join(pieces[::2]) or "}" in "".join(pieces[::2]):
        raise GuardError(f"{text!r} has a brace without its partner; write {{name}}")
    if len(pieces) == 1:
        return lambda values: text
    parts: list[str | _Get] = [
        compile_value(piece, names) if index % 2 else piece for index, piece in enumerate(pieces)
    ]

    def fill(values: Values) -> str:
        out = []
        for part in parts:
            value = part if isinstance(part, str) else part(values)
            if value is None:
                raise GuardError(f"{text!r} uses a value that is not given; guard the row with 'when'")
            out.append(str(value))
        return "".join(out)

    return fill


def _build(node: ast.expr, text: str, names: Collection[str] | None) -> _Get:
    match node:
        case ast.Constant(value=value) if value is None or isinstance(value, bool | int | str):
            return lambda values: value
        case ast.Name(id=name):
            return _name(name, text, names)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            parts = [_build(item, text, names) for item in items]
            return lambda values: tuple(part(values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _build(operand, text, names)
            return lambda values: not inner(values)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _build(operand, text, names)
            return lambda values: None if (value := inner(values)) is None else -value
        case ast.BoolOp(op=op, values=operands):
            parts = [_build(operand, text, names) for operand in operands]
            if isinstance(op, ast.And):
                return lambda values: all(part(values) for part in parts)
            return lambda values: any(part(values) for part in parts)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _arithmetic(_ARITHMETIC[type(op)], _build(left, text, names), _build(right, text, names))
        case ast.Compare(left=first, ops=ops, comparators=others):
            chain = [_build(part, text, names) for part in (first, *others)]
            return _compare([_COMPARE[type(op)] for op in ops], chain)
        case _:
            raise GuardError(
                f"{text!r}: {ast.unparse(node)!r} is not allowed; "
                "use names, numbers, texts, comparisons, in, and, or, not, + - *"
            )


def _name(name: str, text: str, names: Collection[str] | None) -> _Get:
    if names is not None and name not in names:
        raise GuardError(f"{text!r}: unknown name {name!r}; known are {', '.join(sorted(names))}")

    def get(values: Values) -> object:
        try:
            return values[name]
        except KeyError:
            raise GuardError(f"{text!r}: nothing is known about {name!r} here") from None

    return get


def _arithmetic(apply: Callable[[Any, Any], Any], left: _Get, right: _Get) -> _Get:
    def get(values: Values) -> Any:
        a, b = left(values), right(values)
        return None if a is None or b is None else apply(a, b)

    return get


def _compare(tests: list[Callable[[Any, Any], bool]], chain: list[_Get]) -> _Get:
    if len(tests) == 1:
        test, left, right = tests[0], chain[0], chain[1]
        return lambda values: test(left(values), right(values))

    def get(values: Values) -> bool:
        found = [part(values) for part in chain]
        return all(test(found[i], found[i + 1]) for i, test in enumerate(tests))

    return get
