"""Fragments so plain that no parser is needed: most defaults, most checks, and the INSERTs of seed data.

A master table has thousands of them. Everything here either understands a fragment wholly or leaves it (``None``) to
the long way; it never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..ir.fragment import Found, Known, Names, Sequences
from ..ir.types import Type
from . import constants
from . import tokens as lex
from .constants import plain_number, read_constant
from .kinds import family
from .pieces import Piece, Refused
from .wanted import FALSE, TRUE, Writer

COMPARISONS: Final = {s: s for s in ("=", "<>", "<", "<=", ">", ">=")} | {
    "!=": "<>", "^=": "<>", "~=": "<>", "!<": ">=", "!>": "<=",
}  # fmt: skip
#: Words that are no column here, whatever a grammar allows.
NOT_NAMES: Final = frozenset(
    """
        AND OR NOT IN IS NULL BETWEEN LIKE CASE WHEN SELECT FROM EXISTS ANY ALL SOME PRIOR LEVEL ROWNUM
        ROWID USER UID SYSDATE SYSTIMESTAMP CURRENT_DATE CURRENT_TIMESTAMP LOCALTIMESTAMP SESSIONTIMEZONE
        DBTIMEZONE ORA_ROWSCN DATE TIME TIMESTAMP INTERVAL TRUE FALSE DEFAULT UNIQUE DISTINCT VALUES WITH SET
        MAXVALUE CONNECT_BY_ISLEAF CONNECT_BY_ISCYCLE
    """.split()
)


#: Parentheses inside parentheses that are still plain.
DEEP: Final = 50


class _Long(Exception):
    pass


class Quick:
    """Reads the pieces of one fragment."""

    def __init__(
        self, found: Sequence[Piece], names: Names, writer: Writer, columns: Mapping[str, Known] | None
    ) -> None:
        self.found = found
        self.names = names
        self.writer = writer
        self.columns = columns or {}
        self.at = 0
        self.depth = 0
        self.into: tuple[str, str, str] | None = None  # the column that takes the value: schema, table, name

    # -- what is asked -----------------------------------------------------------------------------------------------

    def value(self, wanted: Type | None) -> str | None:
        """A constant, a clock or the like on its own. Raises :class:`Refused`."""
        found = list(self.found)
        while len(found) > 2 and found[0].text == "(" and found[-1].text == ")" and found[0].kind == lex.OPERATOR:
            if _closes_early(found):
                return None
            found = found[1:-1]
        return self.single(found, wanted)

    def condition(self) -> str | None:
        """Comparisons of columns with literals, and AND and OR of them."""
        try:
            text = self.either()
        except _Long:
            return None
        return text if self.at == len(self.found) else None

    def single(self, found: list[Piece], wanted: Type | None) -> str | None:
        """The value that ``found`` is as a whole. Raises :class:`Refused`."""
        if not found:
            return None
        first = found[0]
        if len(found) == 1 and (plain := self.plain(first, wanted)) is not None:
            return plain
        if first.upper == "CAST" and (inner := self.cast(found)) is not None:
            return self.single(inner, wanted)
        constant = read_constant(
            found, self.writer.source.date_elements, self.writer.source.lexis.empty_is_null
        )
        if constant is not None:
            if constant.kind in ("maxvalue", "minvalue"):
                return None
            if len(found) > 4 and not constants.has_century(found[4].text, self.writer.source.date_elements):
                self.writer.found.append(Found("SC4256", first.start, (("what", found[2].text),)))
            return self.writer.constant(constant, wanted, first.start)
        if first.kind != lex.WORD:
            return None
        shape = [p.text for p in found[1:]]
        source = self.writer.source
        called = not shape or shape == ["(", ")"]
        if first.upper in source.clocks and (called or (len(shape) == 3 and shape[0] == "(" and shape[1].isdecimal())):
            digits = int(found[2].text) if len(shape) == 3 else None
            return self.writer.clock(first.upper, digits, wanted, first.start)
        if first.upper == "TRUNC" and len(shape) == 3 and found[2].upper in ("SYSDATE", "CURRENT_DATE"):
            return self.writer.today(f"TRUNC({found[2].upper})", wanted, first.start)
        if first.upper in source.users and called:
            return self.writer.operation("default_user", first.upper, first.start)
        if first.upper in source.roles and called:
            return self.writer.operation("default_role", first.upper, first.start)
        if first.upper in source.guids and called:
            if first.upper in source.ordered_guids and wanted is not None and wanted.kind == "uuid":
                self.writer.volatile = True
                return self.writer.operation("guid_ordered", first.upper, first.start)
            return self.writer.guid(first.upper, wanted, first.start)
        if found[-1].upper == "NEXTVAL" and len(found) in (3, 5) and found[-2].text == ".":
            return self.sequence(found[:-2])
        if [p.upper for p in found[:3]] == ["NEXT", "VALUE", "FOR"] and len(found) in (4, 6, 8):
            return self.sequence(found[3:])
        return None

    def cast(self, found: list[Piece]) -> list[Piece] | None:
        """The constant in ``CAST(constant AS type)``, as tools script rows, where its column takes it as it is."""
        at = next((i for i, p in enumerate(found) if p.upper == "AS"), 0)
        value, words = found[2:at], found[at + 1 : -1]
        if not value or not words or found[1].text != "(" or found[-1].text != ")":
            return None
        kind = words[0].text.upper()
        sizes = [int(p.text) for p in words[1:] if p.kind == lex.NUMBER and p.text.isdigit()]
        if value[0].kind == lex.STRING and len(value) == 1 and kind in self.writer.source.date_types:
            return value
        number = value[-1]
        canonical = self.writer.source.types.get(kind, "").partition(" ")[0]
        if number.kind != lex.NUMBER or len(value) > 2 or canonical not in ("decimal", "money"):
            return None
        scale = 4 if canonical == "money" else sizes[1] if len(sizes) > 1 else 0
        return value if len(number.text.partition(".")[2]) <= scale else None

    def plain(self, piece: Piece, wanted: Type | None) -> str | None:
        """A number or a text that its column takes as it is: nearly every value of seed data."""
        kind = "unknown" if wanted is None else family(wanted)
        if piece.kind == lex.NUMBER and piece.text[:2] not in ("0x", "0X"):
            if wanted is not None and "." in piece.text and self.writer.cuts(wanted):
                return None
            return plain_number(piece.text) if kind in ("number", "unknown") else None
        if piece.kind == lex.STRING and self.writer.valued(piece.text) and kind in ("text", "unknown"):
            return self.writer.literal(piece.text)
        return "NULL" if piece.upper == "NULL" else None

    def sequence(self, found: list[Piece]) -> str | None:
        parts = [p for p in found if p.text != "."]
        if any(p.kind not in (lex.WORD, lex.QUOTED) for p in parts):
            return None
        schema = self.writer.folded(parts[-2])[0] if len(parts) > 1 else ""
        name, folded = self.writer.folded(parts[-1])
        place, text = self.names.table_text(schema, name, folded)
        quoted = self.writer.quoted(text)
        if place:
            quoted = f"{self.writer.quoted(place)}.{quoted}"
        way = self.writer.family.way("sequence_next")
        if (way is None or not way.sql) and isinstance(self.names, Sequences):
            drawn = self.drawn(quoted, self.names.drawn_from(schema, name, self.into), found[0].start)
            if drawn is not None:
                return drawn
        sql = self.writer.operation("sequence_next", f"{name}.NEXTVAL", found[0].start)
        return sql.replace(":sequence", self.writer.literal(quoted))

    def drawn(self, quoted: str, how: int | None, at: int) -> str | None:
        """The next value where the target has no sequences: of a column that counts by itself, or of a table."""
        if how is None:
            return None
        if how == 0:
            return "DEFAULT"
        template = self.writer.family.words.get("sequence_step")
        if template is None:
            return None
        step = template.replace("{sequence}", quoted).replace("{step}", str(how))
        if self.writer.before and self.writer.before != [step]:
            raise Refused("SC4238", at, what="a statement that draws from two sequences")
        self.writer.before = [step]
        return self.writer.operation("sequence_drawn", "NEXTVAL", at)

    # -- conditions ----------------------------------------------------------------------------------------------------

    def peek(self) -> Piece:
        if self.at >= len(self.found):
            raise _Long
        return self.found[self.at]

    def following(self, ahead: int = 1) -> str:
        at = self.at + ahead
        return self.found[at].text if at < len(self.found) else ""

    def take(self, *words: str) -> bool:
        for i, word in enumerate(words):
            if self.at + i >= len(self.found) or self.found[self.at + i].upper != word:
                return False
        self.at += len(words)
        return True

    def either(self) -> str:
        parts = [self.both()]
        while self.take("OR"):
            parts.append(self.both())
        return " OR ".join(parts)

    def both(self) -> str:
        parts = [self.test()]
        while self.take("AND"):
            parts.append(self.test())
        return " AND ".join(parts)

    def test(self) -> str:
        if self.peek().text == "(" and self.peek().kind == lex.OPERATOR:
            self.at += 1
            self.depth += 1
            if self.depth > DEEP:
                raise _Long
            inner = self.either()
            self.depth -= 1
            if not self.take(")"):
                raise _Long
            return f"({inner})"
        left, kind = self.column()
        if self.take("IS", "NOT", "NULL"):
            return f"{left} IS NOT NULL"
        if self.take("IS", "NULL"):
            return f"{left} IS NULL"
        no = "NOT " if self.take("NOT") else ""
        if self.take("IN"):
            if not self.take("("):
                raise _Long
            values = [self.literal(kind)]
            while self.take(","):
                values.append(self.literal(kind))
            if not self.take(")"):
                raise _Long
            return f"{left} {no}IN ({', '.join(values)})"
        if self.take("BETWEEN"):
            low = self.literal(kind)
            if not self.take("AND"):
                raise _Long
            return f"{left} {no}BETWEEN {low} AND {self.literal(kind)}"
        sign = COMPARISONS.get(self.peek().text)
        if sign is None or no:
            raise _Long
        self.at += 1
        return f"{left} {sign} {self.operand(kind)}"

    def column(self) -> tuple[str, str]:
        """A column's target spelling and the family of its type."""
        piece = self.peek()
        if piece.kind not in (lex.WORD, lex.QUOTED) or (piece.kind == lex.WORD and piece.upper in NOT_NAMES):
            raise _Long
        if piece.text[:1] in "&$" or self.following() in (".", "(", "+", "-", "*", "/", "||"):
            raise _Long
        self.at += 1
        name, folded = self.writer.folded(piece)
        known = self.columns.get(name)
        return self.writer.quoted(self.names.column_text(name, folded)), family(known.type) if known else "unknown"

    def operand(self, kind: str) -> str:
        piece = self.peek()
        if piece.kind in (lex.WORD, lex.QUOTED):
            text, other = self.column()
            if other != kind and "unknown" not in (other, kind):
                raise _Long
            return text
        return self.literal(kind)

    def literal(self, kind: str) -> str:
        """A number or a text that fits a column of that family."""
        piece = self.peek()
        if piece.text == "(" and piece.kind == lex.OPERATOR:  # as servers print their stored expressions
            self.at += 1
            inner = self.literal(kind)
            if not self.take(")"):
                raise _Long
            return inner
        sign = ""
        if piece.text in ("-", "+") and piece.kind == lex.OPERATOR:
            self.at += 1
            sign = piece.text.replace("+", "")
            piece = self.peek()
        self.at += 1
        if self.following(0) in ("+", "-", "*", "/", "||", "."):
            raise _Long
        if kind == "boolean" and not sign and piece.kind in (lex.NUMBER, lex.STRING):
            word = piece.text.upper()
            if word in TRUE or word in FALSE:
                return str(self.writer.family.words["true" if word in TRUE else "false"])
        if piece.kind == lex.NUMBER and kind in ("number", "unknown") and piece.text[:2] not in ("0x", "0X"):
            return sign + plain_number(piece.text)
        if piece.kind == lex.STRING and not sign and self.writer.valued(piece.text) and kind in ("text", "unknown"):
            return self.writer.literal(piece.text)
        raise _Long


def _closes_early(found: Sequence[Piece]) -> bool:
    depth = 0
    for i, piece in enumerate(found):
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
            if depth == 0 and i < len(found) - 1:
                return True
    return False
