"""Types of expressions, as the source engine sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..ir.fragment import Known
from ..ir.types import UNKNOWN, Type
from . import arithmetic, kinds
from .kinds import BOOLEAN, DATE, DAYS, INTEGER, NULL, NUMBER, TEXT, TIMESTAMP, family, is_integer
from .rows import Argument, Row, Source
from .tree import Node, call_name, exp, integer, known, literal_text, type_of_cast

NOTHING = Known(UNKNOWN)

#: Functions that never give a negative number.
COUNTING = frozenset(
    "INSTR LENGTH LEN CHARINDEX ABS COUNT ASCII REGEXP_INSTR REGEXP_COUNT DBMS_LOB.GETLENGTH".split()
)


#: A moment that a text or a number of days stands for.
COUNTED = Type("timestamp", precision=3, raw="datetime")
ZONE = re.compile(r"[+\-/A-Za-z]")
DOUBLE = Type("double")
#: What targets keep in binary digits; Oracle's FLOAT too, though it is a decimal number there.
BINARY_DIGITS = frozenset({"double", "real", "float"})
_ENDS = ("date", "timestamp", "timestamptz")
WHOLE = Type("decimal", precision=38, scale=0)


def _wide(type_: Type) -> Type:
    """The type of a sum of values of ``type_``."""
    if family(type_) != "number" or type_.kind in BINARY_DIGITS:
        return type_
    return WHOLE if is_integer(type_) else NUMBER


def _both(left: Type, right: Type) -> Type:
    """The type of a sum or product of two numbers."""
    if {left.kind, right.kind} & BINARY_DIGITS:
        return DOUBLE
    return WHOLE if is_integer(left) and is_integer(right) else NUMBER


def source_call(node: Node) -> str:
    """The source function that ``node`` calls, or called before it was translated; empty if none."""
    if isinstance(node, exp.Anonymous) and "was" not in node.meta:
        return call_name(node).upper()
    return str(node.meta.get("was", ""))


class Typer:
    """Answers what type an expression has and whether it can be NULL; columns must have been bound before."""

    def __init__(self, source: Source, called: Callable[[str], Known | None] | None = None) -> None:
        self.source = source
        self.called = called  # the result of a function of the script, by its name as written

    def infer(self, node: Node) -> Known:
        """What is known of ``node``; an unknown type where nothing is."""
        found = known(node)
        if found is None:
            found = self._infer(node)
            node.meta["known"] = found
        return found

    def family(self, node: Node) -> str:
        return family(self.infer(node).type)

    def not_null(self, node: Node) -> bool:
        return self.infer(node).not_null

    def argument(self, node: Node) -> Argument:
        whole = integer(node)
        least = whole if whole is not None else self.least(node)
        star = isinstance(node, exp.Star)
        return Argument(self.infer(node), literal_text(node), whole, star, least, source_call(node))

    def least(self, node: Node) -> int | None:
        """A number that ``node`` is surely not below (or it is NULL), if one is plain to see."""
        match node:
            case exp.Paren():
                return self.least(node.this)
            case exp.Literal():
                return integer(node)
            case exp.Add():
                left, right = self.least(node.this), self.least(node.expression)
                return None if left is None or right is None else left + right
            case _:
                return 0 if source_call(node) in COUNTING else None

    def choose(self, node: exp.Anonymous) -> tuple[Row | None, str]:
        """The row that a call means; see :meth:`Source.choose`."""
        return self.source.choose(call_name(node).upper(), [self.argument(a) for a in node.expressions])

    def _infer(self, node: Node) -> Known:
        match node:
            case exp.Literal():
                return self._literal(node)
            case exp.Null():
                return Known(NULL)
            case exp.Boolean():
                return Known(BOOLEAN, True)
            case (
                exp.Paren() | exp.Alias() | exp.Window() | exp.WithinGroup() | exp.IgnoreNulls() | exp.Ordered()
                | exp.Collate()
            ):
                return self.infer(node.this)
            case exp.Order():
                return self.infer(node.this) if node.this else NOTHING
            case exp.Neg():
                inner = self.infer(node.this)
                return inner if family(inner.type) in ("number", "days", "months") else Known(NUMBER, inner.not_null)
            case exp.Distinct():
                return self.infer(node.expressions[0]) if node.expressions else NOTHING
            case exp.Add() | exp.Sub():
                return self._sum(node)
            case exp.Mul() | exp.Div() | exp.Mod():
                return self._product(node)
            case exp.BitwiseAnd() | exp.BitwiseOr() | exp.BitwiseXor():
                left, right = self.infer(node.this), self.infer(node.expression)
                whole = self._number(node, left.type, right.type)
                return Known(whole or UNKNOWN, left.not_null and right.not_null)
            case exp.BitwiseNot():
                return self.infer(node.this)
            case exp.DPipe():
                a, b = self.not_null(node.this), self.not_null(node.expression)
                return Known(TEXT, a or b if self.source.traits.get("null_joins_as_empty") else a and b)
            case exp.Case():
                return self._case(node)
            case exp.AtTimeZone() if self.source.zones:
                return Known(kinds.ZONED, self.not_null(node.this))
            case exp.Cast():
                return self._cast(node)
            case exp.Anonymous():
                return self._call(node)
            case exp.Subquery() if isinstance(node.this, exp.Select) and len(node.this.expressions) == 1:
                return Known(self.infer(node.this.expressions[0]).type)
            case exp.Predicate() | exp.Connector() | exp.Not():
                return Known(BOOLEAN)
            case _:
                return NOTHING

    def _literal(self, node: exp.Literal) -> Known:
        if not node.is_string:
            if self.source.traits.get("typed_arithmetic"):
                return Known(arithmetic.literal(node.this), True)
            return Known(INTEGER if node.this.isdigit() and len(node.this) < 10 else NUMBER, True)
        return Known(TEXT, True) if node.this or not self.source.lexis.empty_is_null else Known(NULL)

    def _sum(self, node: exp.Add | exp.Sub) -> Known:
        left, right = self.infer(node.this), self.infer(node.expression)
        sure = left.not_null and right.not_null
        a, b = family(left.type), family(right.type)
        moments = ("date", "timestamp", "zoned")
        bare = self.source.traits.get("date_sum_is_date")  # a date has no time, and days are counted
        if a in moments and b in moments and isinstance(node, exp.Sub):
            return Known((INTEGER if bare else NUMBER) if a == b == "date" else DAYS, sure)
        for moment, other, type_, added in ((a, b, left.type, right.type), (b, a, right.type, left.type)):
            if moment not in moments:
                continue
            if other == "number" or (bare and other == "unknown" and type_.kind == "date"):
                return Known(type_ if bare or (type_.kind == "date" and is_integer(added)) else DATE, sure)
            return Known(type_ if other in ("days", "months") else UNKNOWN, sure)
        if {a, b} <= {"number", "boolean"} and (a == b == "number" or self.source.traits.get("typed_arithmetic")):
            return Known(self._number(node, left.type, right.type) or _both(left.type, right.type), sure)
        if a in ("days", "months") and a == b:
            return Known(left.type, sure)
        if a == b == "text" and self.source.traits.get("plus_joins_text"):
            return Known(TEXT, sure)
        if {a, b} <= {"number", "text", "null"}:
            return Known(NUMBER, sure)  # texts are converted; a date would have to stand as such
        return Known(UNKNOWN, sure)

    def _product(self, node: exp.Mul | exp.Div | exp.Mod) -> Known:
        left, right = self.infer(node.this), self.infer(node.expression)
        sure = left.not_null and right.not_null
        for side in (left, right):
            if family(side.type) in ("days", "months"):
                return Known(side.type, sure)
        if (exact := self._number(node, left.type, right.type)) is not None:
            return Known(exact, sure)
        both = _both(left.type, right.type)
        if self.source.traits.get("integer_division") and is_integer(left.type) and is_integer(right.type):
            return Known(both, sure)
        return Known(both if isinstance(node, exp.Mul) or both == DOUBLE else NUMBER, sure)

    def _number(self, node: Node, left: Type, right: Type) -> Type | None:
        """The type of ``node`` over two numbers, in a source whose rules for it are exact."""
        traits = self.source.traits
        if not traits.get("typed_arithmetic"):
            return None
        return arithmetic.result(node, left, right, traits.get("quotient_scale") == "rounded")

    def _case(self, node: exp.Case) -> Known:
        results = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        sure = default is not None and all(self.not_null(r) for r in [*results, default])
        return Known(self.chosen_type([*results, *([default] if default is not None else [])]), sure)

    def first_type(self, nodes: list[Node]) -> Type:
        """The type of the first of ``nodes`` that is not just NULL."""
        for node in nodes:
            found = self.infer(node).type
            if found is not NULL:
                return found
        return NULL if nodes else UNKNOWN

    def chosen_type(self, nodes: list[Node]) -> Type:
        """The type of a value that is one of ``nodes``: of the strongest, in sources that rank their types; of numbers
        one that has room for all."""
        types = [found for n in nodes if (found := self.infer(n).type) is not NULL]
        if self.source.traits.get("ranked_types"):
            return arithmetic.strongest([self.infer(n).type for n in nodes])
        if len(types) < 2 or any(family(t) != "number" for t in types):
            first = self.first_type(nodes)
            one = len({t.kind for t in types}) < 2 and len({t.length for t in types}) < 2
            return first if one or first.kind not in ("char", "nchar") else TEXT
        return self._roomy(types)

    def either(self, left: Known, right: Known) -> Known:
        """What is known of a column that comes from two branches of a query."""
        sure = left.not_null and right.not_null
        types = [t for t in (left.type, right.type) if t is not NULL]
        if len(types) < 2:
            return Known(types[0] if types else NULL, sure)
        if self.source.traits.get("ranked_types"):
            return Known(arithmetic.strongest(types), sure)
        return Known(self._roomy(types) if all(family(t) == "number" for t in types) else types[0], sure)

    def _roomy(self, types: list[Type]) -> Type:
        """A type of numbers that has room for those of ``types``."""
        if self.source.traits.get("typed_arithmetic"):
            return arithmetic.strongest(types)
        if any(t.kind in BINARY_DIGITS for t in types):
            return DOUBLE
        if not all(map(is_integer, types)):
            return NUMBER
        return next((t for t in types if not kinds.fits_int4(t)), types[0])

    def _cast(self, node: exp.Cast) -> Known:
        found = kinds.read_type(type_of_cast(node), self.source.types)
        return Known(found or UNKNOWN, self.not_null(node.this))

    def _call(self, node: exp.Anonymous) -> Known:
        name = call_name(node)
        if name == "DATE LITERAL":
            return Known(DATE if self.source.traits.get("date_has_time", True) else kinds.DAY, True)
        if name == "TIME LITERAL":
            return Known(kinds.TIME, True)
        if name == "TIMESTAMP LITERAL":
            text = literal_text(node.expressions[0]) or ""
            return Known(kinds.ZONED if ZONE.search(text, 10) else TIMESTAMP, True)
        if name == "INTERVAL LITERAL":
            unit = literal_text(node.expressions[1]) or ""
            return Known(kinds.MONTHS if unit.split()[0] in ("YEAR", "MONTH") else DAYS, True)
        if name in ("PERIOD_BEGIN", "PERIOD_END") and node.expressions:
            whole = self.infer(node.expressions[0])
            return Known(Type(whole.type.unit), whole.not_null) if whole.type.kind == "period" else NOTHING
        if name == "PERIOD" and node.expressions:
            ends = self.infer(node.expressions[0]).type.kind
            sure = all(self.not_null(e) for e in node.expressions)
            return Known(Type("period", unit=ends), sure) if ends in _ENDS else NOTHING
        if name in self.source.type_last and len(node.expressions) == 2:
            spelled = kinds.read_type(literal_text(node.expressions[1]) or "", self.source.types)
            return Known(spelled or UNKNOWN, self.not_null(node.expressions[0]))
        if name in self.source.type_first and len(node.expressions) > 1:
            spelled = kinds.read_type(literal_text(node.expressions[0]) or "", self.source.types)
            return Known(spelled or UNKNOWN, self.not_null(node.expressions[1]))
        if name.upper() == "CONCAT" and self.source.traits.get("plus_joins_text"):
            return Known(TEXT, True)
        row, _ = self.choose(node)
        if row is None:
            return (self.called(name) if self.called is not None else None) or NOTHING
        return self.result(row, node.expressions)

    def _widened(self, type_: Type) -> Type:
        """The type of a sum of values of ``type_``."""
        if self.source.traits.get("typed_arithmetic"):
            if type_.kind == "decimal" and type_.precision is not None:
                return replace(type_, precision=38)
            if is_integer(type_):
                return kinds.GIVEN["bigint"]  # as wide as the target's
        return _wide(type_)

    def result(self, row: Row, arguments: list[Node]) -> Known:
        """What a call of ``row`` with ``arguments`` gives."""
        match row.gives:
            case "first":
                type_ = self.first_type(arguments)
                if type_.kind == "boolean" and row.parameters[0].kind == "number":
                    type_ = INTEGER
            case "second":
                type_ = self.chosen_type(arguments[1:])
            case "strongest":
                type_ = self.chosen_type(arguments)
            case "whole":
                type_ = self.first_type(arguments)
                type_ = replace(type_, scale=0) if type_.kind == "decimal" else type_
            case "widened":
                type_ = self._widened(self.first_type(arguments))
            case "averaged":
                type_ = _both(NUMBER, self.first_type(arguments))
            case "bound":
                type_ = Type(self.infer(arguments[0]).type.unit) if arguments else UNKNOWN
            case "last":
                type_ = self.infer(arguments[-1]).type if arguments else UNKNOWN
                dated = bool(row.parameters) and row.parameters[-1].kind in ("date", "stamp")
                type_ = COUNTED if dated and family(type_) in ("number", "text") else type_
            case given:
                type_ = kinds.GIVEN[given]
        match row.nulls:
            case "never":
                sure = True
            case "any":
                sure = any(self.not_null(a) for a in arguments)
            case "args":
                sure = not row.empty and all(self.not_null(a) for a in arguments)
            case _:
                sure = False
        return Known(type_, sure)
