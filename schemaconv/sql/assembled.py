"""What one template cannot say: texts of dates and numbers that are put together from stretches, and calls whose
literals are worked out on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from . import number_models
from .context import Context
from .formats import Part, UnknownElement
from .kinds import is_integer
from .number_models import NumberModel
from .rows import Row
from .tree import Node, exp, integer, literal_text, number, parens, string

Holes = dict[str, Node | list[Node]]


def assembled(op: str, row: Row, node: Node, holes: Holes, ctx: Context) -> Node | None:
    """The whole call for operations that stand here; ``None`` for the others, which are templates."""
    if op == "to_char_date" and "parts" in _one(holes, "format").meta:
        return _stretches(node, holes, ctx)
    maker = _MADE.get(op)
    return None if maker is None else maker(row, node, holes, ctx)


def _one(holes: Holes, name: str) -> Node:
    found = holes[name]
    assert not isinstance(found, list)
    return found


def joined(parts: list[Node], at: Node, ctx: Context) -> Node:
    """Texts behind one another; NULL when one of them is."""
    way = ctx.family.way("concat")
    if way is not None and ":args" in way.sql:
        return ctx.op("concat", at, None, args=parts)
    made = parts[0]
    for part in parts[1:]:
        made = ctx.op("concat", at, None, a=parens(made), b=parens(part))
    return made


def _stretches(node: Node, holes: Holes, ctx: Context) -> Node:
    date, model = _one(holes, "d"), _one(holes, "format")
    parts: tuple[Part, ...] = model.meta["parts"]
    made: list[Node] = []
    for part in parts:
        match part.kind:
            case "text":
                piece: Node = string(part.text)
            case "expression":
                piece = ctx.templates.fill(part.text, {"d": date.copy()})
            case _:
                piece = ctx.op("to_char_date", node, None, d=date.copy(), format=string(part.text))
        if part.case:
            piece = ctx.op(part.case, node, None, s=piece)
        made.append(piece)
    if all(p.kind == "text" for p in parts):
        made.append(ctx.op("to_char_date", node, None, d=date.copy(), format=string("")))
    return joined(made, node, ctx) if len(made) > 1 or parts[0].kind == "expression" else made[0]


# -- numbers as text ---------------------------------------------------------------------------------------------------


def _number(row: Row, node: Node, holes: Holes, ctx: Context) -> Node:
    """A number by a model that the target does not have as a whole."""
    value = _one(holes, "n")
    text = literal_text(_one(holes, "format")) or ""
    ctx.consume(text)
    holes["format"] = exp.Null()  # the model is gone
    if text.upper() in ("TM", "TM9"):
        whole = is_integer(ctx.infer(value).type)
        return ctx.op("to_text" if whole else "fraction_to_text", node, None, n=value)
    try:
        if (hexed := number_models.hexadecimal(text)) is not None:
            return _hexadecimal(*hexed, node, value, ctx)
        model = number_models.number_model(text)
        if not model.grouped:
            raise UnknownElement(text)
        return _scientific(model, node, value, ctx) if model.power else _plain_number(model, node, value, ctx)
    except UnknownElement as error:
        raise ctx.refuse("SC4206", node, element=str(error), what="number model") from None


def _scientific(model: NumberModel, node: Node, value: Node, ctx: Context) -> Node:
    if ctx.family.way("number_scientific") is None or model.sign or model.dollar or model.blank:
        raise UnknownElement("EEEE")
    made = ctx.op("number_scientific", node, None, n=value, core=string(f"{model.core}EEEE"))
    if model.bare:
        return made
    width = number(len(model.core) + 6)
    return ctx.op("number_padded", node, None, s=made, width=width)


def _plain_number(model: NumberModel, node: Node, value: Node, ctx: Context) -> Node:
    body = _body(model, node, value, ctx)
    dollar: list[Node] = [string("$")] if model.dollar else []
    match model.sign:
        case "S":
            parts = [ctx.op("number_sign_always", node, None, n=value.copy()), *dollar, body]
        case "-S":
            parts = [*dollar, body, ctx.op("number_sign_always", node, None, n=value.copy())]
        case "MI":
            sign = "number_sign" if model.bare else "number_sign_or_blank"
            parts = [*dollar, body, ctx.op(sign, node, None, n=value.copy())]
        case "PR":
            signs = ["number_angle_left", "number_angle_right"]
            if not model.bare:
                signs[1] = "number_angle_or_blank"
            left, right = (ctx.op(s, node, None, n=value.copy()) for s in signs)
            parts = [left, *dollar, body, right]
        case _:
            parts = [ctx.op("number_sign", node, None, n=value.copy()), *dollar, body]
    made = joined(parts, node, ctx)
    bound, decimals, width = number(10 ** len(model.digits)), number(len(model.decimals)), number(model.width)
    op = "number_in_bounds" if model.bare else "number_in_width"
    made = ctx.op(op, node, None, n=value.copy(), bound=bound, decimals=decimals, width=width, body=made)
    if model.blank:
        if model.bare:
            raise UnknownElement("B")
        blanks = number(model.width)
        made = ctx.op("number_not_zero", node, None, n=value.copy(), decimals=decimals.copy(), width=blanks, body=made)
    return made


def _body(model: NumberModel, node: Node, value: Node, ctx: Context) -> Node:
    """The digits of the number without its sign."""
    if ctx.family.way("number_body") is not None:
        core = f"FM{model.core}" if model.bare else model.core
        return ctx.op("number_body", node, None, n=value.copy(), core=string(core))
    decimals = number(len(model.decimals))
    if model.zeros > 1 and "," in model.whole:
        if model.zeros != len(model.digits):
            raise UnknownElement(model.core)
        bound = number(10 ** len(model.digits))
        size = number(len(model.core))
        return ctx.op("number_all_zeros", node, None, n=value.copy(), bound=bound, decimals=decimals, size=size)
    op = "number_digits_grouped" if "," in model.whole else "number_digits"
    made = ctx.op(op, node, None, n=value.copy(), decimals=decimals)
    if model.zeros > 1:
        size = number(len(model.core) - len(model.digits) + model.zeros)
        made = ctx.op("number_zero_filled", node, None, s=made, n=size)
    elif not model.zeros and model.decimals:
        made = ctx.op("number_no_zero", node, None, s=made)
    if model.bare and "9" in model.decimals:
        if "0" in model.decimals or not model.zeros:
            raise UnknownElement(model.core)
        made = ctx.op("number_no_last_zeros", node, None, s=made)
    return made


def _hexadecimal(digits: int, zeros: int, bare: bool, small: bool, node: Node, value: Node, ctx: Context) -> Node:
    made = ctx.op("number_hexadecimal", node, None, n=value.copy())
    if small:
        made = ctx.op("lower", node, None, s=made)
    if zeros:
        made = ctx.op("lpad", node, None, s=made, n=number(zeros), pad=string("0"))
    if not bare:
        made = ctx.op("lpad", node, None, s=made, n=number(digits + 1), pad=string(" "))
    bound, width = number(16**digits), number(digits + 1)
    return ctx.op("number_if_hexadecimal", node, None, n=value.copy(), bound=bound, width=width, body=made)


# -- literals that are worked out --------------------------------------------------------------------------------------

_YEAR_MONTH = re.compile(r"\s*(?P<sign>[+-]?)(?P<years>\d{1,9})-(?P<months>\d{1,2})\s*")
_ISO_YEAR_MONTH = re.compile(r"\s*(?P<sign>-?)P(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?!$)?\s*")
_DAY_SECOND = re.compile(
    r"\s*(?P<sign>[+-]?)(?P<days>\d{1,9})\s+(?P<hours>\d{1,2}):(?P<minutes>\d{1,2}):(?P<seconds>\d{1,2}(?:\.\d+)?)\s*"
)
_ISO_DAY_SECOND = re.compile(
    r"\s*(?P<sign>-?)P(?:(?P<days>\d{1,9})D)?(?:T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d+)?)S)?)?\s*"
)


def _interval(row: Row, node: Node, holes: Holes, ctx: Context) -> Node:
    """TO_YMINTERVAL and TO_DSINTERVAL of a literal."""
    text = literal_text(_one(holes, "s")) or ""
    months = row.gives == "months"
    forms = (_YEAR_MONTH, _ISO_YEAR_MONTH) if months else (_DAY_SECOND, _ISO_DAY_SECOND)
    match = next((m for form in forms if (m := form.fullmatch(text)) is not None), None)
    if match is None or not any(v for k, v in match.groupdict().items() if k != "sign"):
        raise ctx.refuse("SC4204", node, function=row.name)
    weights = {"years": 12, "months": 1} if months else {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
    total = sum(Decimal(match[name] or 0) * weight for name, weight in weights.items())
    value: Node = number(f"{total:f}".rstrip("0").rstrip(".") if "." in f"{total:f}" else f"{total:f}")
    if match["sign"] == "-":
        value = exp.Neg(this=value)
    ctx.consume(text)
    return ctx.op("months_interval" if months else "seconds_interval", node, None, n=value)


#: Minutes east of Greenwich. SQL Language Reference, "NEW_TIME".
ZONES: Final = {
    "AST": -240, "ADT": -180, "BST": -660, "BDT": -600, "CST": -360, "CDT": -300, "EST": -300, "EDT": -240, "GMT": 0,
    "HST": -600, "HDT": -540, "MST": -420, "MDT": -360, "NST": -210, "PST": -480, "PDT": -420, "YST": -540, "YDT": -480,
}  # fmt: skip


def _new_time(row: Row, node: Node, holes: Holes, ctx: Context) -> Node:
    names = [(literal_text(_one(holes, h)) or "").strip().upper() for h in ("a", "b")]
    if any(n not in ZONES for n in names):
        raise ctx.refuse("SC4204", node, function=row.name)
    for hole in ("a", "b"):
        ctx.consume(literal_text(_one(holes, hole)) or "")
    minutes = ZONES[names[1]] - ZONES[names[0]]
    shift: Node = number(abs(minutes))
    return ctx.op("plus_minutes", node, None, d=_one(holes, "d"), n=shift if minutes >= 0 else exp.Neg(this=shift))


def _bits(row: Row, node: Node, holes: Holes, ctx: Context) -> Node:
    """BIN_TO_NUM: the first argument is the highest bit."""
    bits = holes["bits"]
    assert isinstance(bits, list)
    values = [integer(b) for b in bits]
    if all(v in (0, 1) for v in values):
        return number(int("".join(map(str, values)), 2))
    made = bits[0]
    for bit in bits[1:]:
        made = exp.Add(this=exp.Mul(this=parens(made), expression=number(2)), expression=parens(bit))
    return made


def _translated(row: Row, node: Node, holes: Holes, ctx: Context) -> Node | None:
    """TRANSLATE of literals as one replacement after another, in an order in which none meets the result of another."""
    if ctx.family.way("translate") is not None:
        return None
    old, new = literal_text(_one(holes, "from")) or "", literal_text(_one(holes, "to")) or ""
    pairs: dict[str, str] = {}
    for i, character in enumerate(old):
        pairs.setdefault(character, new[i : i + 1])
    pairs = {a: b for a, b in pairs.items() if a != b}
    order: list[str] = []
    while pairs:
        # what one makes must not be replaced by a later one
        free = next((a for a in pairs if pairs[a] not in pairs), None)
        if free is None or len(order) > 40:
            raise ctx.refuse("SC4203", node, function=row.name)
        order.append(free)
        value = pairs.pop(free)
        holes[f"to{len(order)}"] = string(value)
    made = _one(holes, "s")
    for i, character in enumerate(order, 1):
        made = ctx.op("replace", node, None, s=made, old=string(character), new=_one(holes, f"to{i}"))
    for name in ("from", "to"):
        ctx.consume(literal_text(_one(holes, name)) or "")
    return made


def _zoned(row: Row, node: Node, holes: Holes, ctx: Context) -> Node:
    """FROM_TZ: an offset is no name of a zone, and counts the other way round where it is taken for one."""
    zone = _one(holes, "zone")
    text = literal_text(zone)
    if text is None:
        raise ctx.refuse("SC4204", node, function=row.name)
    op = "from_tz_offset" if re.fullmatch(r"\s*[+-]?\d{1,2}:\d\d\s*", text) else "from_tz"
    return ctx.op(op, node, None, t=_one(holes, "t"), zone=zone)


def _character(row: Row, node: Node, holes: Holes, ctx: Context) -> Node | None:
    """CHR counts bytes of the database's character set, which are characters of ASCII only up to 127."""
    if (integer(_one(holes, "n")) or 0) > 127:
        raise ctx.refuse("SC4302", node, function=row.name)
    return None


_MADE: Final[dict[str, Callable[[Row, Node, Holes, Context], Node | None]]] = {
    "number_assembled": _number,
    "interval_of_text": _interval,
    "new_time": _new_time,
    "bits_to_number": _bits,
    "translate": _translated,
    "from_tz": _zoned,
    "chr": _character,
}
