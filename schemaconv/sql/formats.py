"""Format models: ``'DD-MON-YYYY HH24:MI'`` and ``'FM999G990D00'``, translated element by element.

The elements of a source and what a target writes for each are rows; here stand only the rules by which a model is cut
into elements and put together again. Oracle SQL Language Reference, "Format Models".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


class UnknownElement(Exception):
    """An element that the target cannot write; its text is the element."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: ``name`` as the rows know it (empty for plain text), ``text`` as written, ``bare`` under FM."""

    name: str
    text: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of what a model prints: an ``expression`` over ``:d``, a ``model`` or a plain ``text``, then
    brought to ``case``."""

    kind: str
    text: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A target's model; ``case`` says that the whole result must be brought to ``upper`` or ``lower`` case. ``parts``
    are there instead of a text where one model cannot say it all. ``codes`` are to be said."""

    text: str
    case: str = ""
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    codes: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def _cutter(elements: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(e) for e in sorted(elements, key=len, reverse=True)) or "(?!)"
    return re.compile(rf'"(?P<quoted>[^"]*)"|(?P<fm>FM)|(?P<fx>FX)|(?P<element>{words})|(?P<text>[^A-Za-z"])', re.I)


def cut(model: str, elements: tuple[str, ...]) -> list[Element]:
    """The elements of a date model, in order. Raises :class:`UnknownElement` for letters that are none."""
    pattern = _cutter(elements)
    made: list[Element] = []
    at, bare = 0, False
    while at < len(model):
        match = pattern.match(model, at)
        if match is None:
            raise UnknownElement(re.match(r"\w+|.", model[at:], re.S).group())  # type: ignore[union-attr]
        at = match.end()
        if match["fm"]:
            bare = not bare  # FM switches padding off and on again
        elif match["fx"]:
            continue
        elif match["element"]:
            made.append(Element(match["element"].upper(), match["element"], bare))
        else:
            made.append(Element("", match["text"] if match["text"] is not None else match["quoted"], bare))
    return made


def date_out(model: str, elements: tuple[str, ...], rows: Mapping[str, Any], stretched: bool = True) -> Model:
    """The target's model that prints what ``model`` prints. Raises :class:`UnknownElement`.

    Not ``stretched``: models that stand for other models are not taken apart again.
    """
    made: list[Part] = []
    names: list[str] = []
    codes: list[str] = []
    for element in cut(model, elements):
        if not element.name:
            made.append(Part("text", element.text))
            continue
        names.append(element.name)
        row = _out_row(element, rows)
        if isinstance(row, Mapping) and "model" in row and stretched:  # an element that stands for a whole model
            inner = date_out(_under(element, str(row["model"])), elements, rows, False)
            names += inner.names
            made += inner.parts or [Part("model", inner.text, inner.case)]
            codes += [*inner.codes, *([str(row["code"])] if "code" in row else [])]
            continue
        made.append(_out_part(element, row, str(rows.get("bare_prefix", ""))))
    return _together(model, made, tuple(names), tuple(codes), rows)


def _under(element: Element, model: str) -> str:
    return f"FM{model}" if element.bare and not model.startswith("FM") else model


def _out_row(element: Element, rows: Mapping[str, Any]) -> Any:
    row = rows.get(f"FM {element.name}") if element.bare else None
    if row is None and (not element.bare or rows.get("bare_prefix") or element.name not in PADDED):
        row = rows.get(element.name)
    if row is None:
        raise UnknownElement(f"FM{element.text}" if element.bare else element.text)
    return row


def _out_part(element: Element, row: Any, prefix: str) -> Part:
    """An element as its row writes it; ``case`` is what a word must be brought to, or ``kept``."""
    case = ""
    if isinstance(row, Mapping) and "case" in row:  # a word that the target prints in one case only
        wanted = _case(element.text)
        case = "kept" if wanted == row["case"] else wanted
        if case == "title":
            raise UnknownElement(element.text)
    if isinstance(row, Mapping):
        if "expression" in row:
            return Part("expression", str(row["expression"]), "" if case == "kept" else case)
        if "sql" not in row:
            raise UnknownElement(element.text)
        row = row["sql"]
    text = element.text if row == "=" else str(row)
    return Part("model", f"{prefix}{text}" if element.bare else text, case)


def _together(
    model: str, made: list[Part], names: tuple[str, ...], codes: tuple[str, ...], rows: Mapping[str, Any]
) -> Model:
    """One model where that says it all, else the stretches."""
    cases = {p.case for p in made if p.case}
    cases |= {"kept" for p in made if p.kind == "text" and re.search("[a-z]" if "upper" in cases else "[A-Z]", p.text)
              and cases & {"upper", "lower"}}
    if len(cases) < 2 and not any(p.kind == "expression" for p in made):
        text = "".join(_text(p.text, rows) if p.kind == "text" else p.text for p in made)
        case = cases.pop() if cases else ""
        return Model(text, "" if case == "kept" else case, names, (), codes)
    if not rows.get("parts"):
        raise UnknownElement(model)
    parts: list[Part] = []
    for part in made:
        case = "" if part.case == "kept" else part.case
        last = parts[-1] if parts else None
        if part.kind == "expression" or case or last is None or last.kind == "expression" or last.case:
            parts.append(Part(part.kind, part.text, case))
        elif part.kind == last.kind == "text":
            parts[-1] = Part("text", last.text + part.text)
        else:
            both = [_text(p.text, rows) if p.kind == "text" else p.text for p in (last, part)]
            parts[-1] = Part("model", "".join(both))
    return Model("", "", names, tuple(parts), codes)


def date_in(model: str, elements: tuple[str, ...], rows: Mapping[str, Any]) -> Model:
    """The target's model that reads what ``model`` reads. Raises :class:`UnknownElement`."""
    parts: list[str] = []
    names: list[str] = []
    for element in cut(model, elements):
        if not element.name:
            parts.append(_text(element.text, rows))
            continue
        names.append(element.name)
        row = rows.get(element.name)
        if row is None:
            raise UnknownElement(element.text)
        parts.append(element.text.upper() if row == "=" else str(row))
    return Model("".join(parts), "", tuple(names))


def _case(word: str) -> str:
    if word.isupper():
        return "upper"
    return "lower" if word.islower() else "title"


def _text(text: str, rows: Mapping[str, Any]) -> str:
    """Plain text between elements, guarded against being read as an element."""
    if rows.get("text") == "percent":
        return text.replace("%", "%%")
    return f'"{text}"' if re.search(r"\w", text) else text


#: Date elements that carry a time of day.
TIME = frozenset("""
    HH HH12 HH24 MI SS SSSSS FF FF1 FF2 FF3 FF4 FF5 FF6 FF7 FF8 FF9 AM PM A.M. P.M.
""".split())
#: Those that are filled up with zeros or blanks, unless FM stands in front of them.
PADDED = frozenset("MM DD DDD HH HH12 HH24 MI SS MONTH DAY".split())
SHORT_YEARS = frozenset({"YY", "RR", "Y", "YYY"})


def number_model(model: str, rows: Mapping[str, Any]) -> str:
    """The target's number model. Raises :class:`UnknownElement`."""
    upper = model.upper()
    allowed: Sequence[str] = sorted(rows.get("elements", ()), key=len, reverse=True)
    at = 0
    while at < len(upper):
        hit = next((e for e in allowed if upper.startswith(e, at)), None)
        if hit is None:
            raise UnknownElement(model[at : at + 1])
        at += len(hit)
    return upper


@dataclass(frozen=True, slots=True)
class NumberShape:
    """A number model that is a plain pattern without padding: digits before and behind the point, and grouping."""

    zeros: int
    decimals: int
    grouped: bool


_SHAPE = re.compile(r"FM(?P<whole>[09,G]+)(?:[.D](?P<decimals>0+))?")


def number_shape(model: str) -> NumberShape:
    """For targets without number models. Raises :class:`UnknownElement` when the model is no plain pattern."""
    match = _SHAPE.fullmatch(model.upper())
    if match is None or "0" not in match["whole"]:
        raise UnknownElement(model)
    whole = match["whole"].replace("G", ",")
    digits = whole.replace(",", "")
    zeros = len(digits) - digits.index("0")
    grouped = "," in whole
    if grouped and (zeros > 1 or [len(g) for g in whole.split(",")[1:]] != [3] * whole.count(",")):
        raise UnknownElement(model)
    return NumberShape(zeros, len(match["decimals"] or ""), grouped)
