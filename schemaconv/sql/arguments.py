"""Arguments as the routines of a script take them: the target casts less by itself than the source.

PostgreSQL, "Function Type Resolution": an argument is only cast where an implicit cast leads to the parameter's type.
"""

from __future__ import annotations

from ..ir.fragment import Routines
from .context import Context
from .fitting import takes_it
from .kinds import family
from .tree import Node, cast_to, exp


def fit(arguments: list[Node], takes: tuple[tuple[str, str], ...], ctx: Context) -> None:
    """Cast arguments where their parameters want it. Raises :class:`~schemaconv.sql.pieces.Refused` where the source
    converts one to another kind of value."""
    if not ctx.has("strict_types"):
        return
    names = dict(takes)
    cuts = not ctx.source.traits.get("date_has_time")
    for place, given in enumerate(arguments):
        if isinstance(given, exp.Kwarg):
            wanted, value = names.get(given.this.name.upper(), ""), given.expression
        else:
            wanted, value = takes[place][1] if place < len(takes) else "", given
        match takes_it(*_seen(value, ctx), wanted, cuts) if wanted else "yes":
            case "cast" if not _whole(value, wanted, ctx):
                made = cast_to(value.copy(), wanted)
                made.meta.update(done=True, known=ctx.infer(value))
                if value.parent is not None:
                    value.replace(made)
                else:
                    arguments[place] = made
            case "no":
                raise ctx.refuse("SC5048", value, clause=value.sql() if isinstance(value, exp.Literal) else "a call")
            case _:
                pass


def _seen(value: Node, ctx: Context) -> tuple[str, str]:
    """The target's type of a value as far as it is known, and its family."""
    assert isinstance(ctx.names, Routines)
    match value:
        case exp.Null():
            return "", ""
        case exp.Literal() if value.is_string:
            return "text", "text"
        case exp.Literal():
            return ("integer" if str(value.this).isdigit() and len(str(value.this)) < 10 else "numeric"), "number"
        case exp.Paren() | exp.Neg():
            return _seen(value.this, ctx)
        case _:
            type_ = ctx.infer(value).type
            return ctx.names.spelled(type_), family(type_)


def _whole(value: Node, wanted: str, ctx: Context) -> bool:
    """Whether a value is put together from whole numbers that the parameter takes, or is NULL."""
    match value:
        case exp.Null():
            return True
        case exp.Paren() | exp.Neg():
            return _whole(value.this, wanted, ctx)
        case exp.Add() | exp.Sub() | exp.Mul():
            return _whole(value.this, wanted, ctx) and _whole(value.expression, wanted, ctx)
        case _:
            return takes_it(*_seen(value, ctx), wanted) == "yes"
