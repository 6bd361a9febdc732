"""INSERTs of constants, which seed data is made of, without a parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..ir.fragment import Found, Known, Names
from . import tokens as lex
from .pieces import Piece, Refused
from .quick import Quick
from .wanted import Writer

Lookup = Callable[[str, str], Mapping[str, Known] | None]


def insert(found: Sequence[Piece], names: Names, writer: Writer, lookup: Lookup) -> tuple[str, str] | None:
    """``INSERT INTO t (...) VALUES (constants)``: its head up to VALUES, and its row. Raises :class:`Refused`."""
    if len(found) < 6 or found[0].upper not in ("INSERT", "INS") or found[1].upper in ("ALL", "FIRST", "TOP"):
        return None
    at = 2 if found[1].upper == "INTO" else 1  # which some engines leave out
    parts: list[tuple[str, bool]] = []
    while at < len(found) and found[at].kind in (lex.WORD, lex.QUOTED):
        parts.append(writer.folded(found[at]))
        at += 1
        if at < len(found) and found[at].text == ".":
            at += 1
        else:
            break
    if not 1 <= len(parts) <= 2:
        return None
    schema = parts[0][0] if len(parts) == 2 else ""
    name, folded = parts[-1]
    place, text = names.table_text(schema, name, folded)
    head = f"INSERT INTO {writer.quoted(place) + '.' if place else ''}{writer.quoted(text)}"
    known = lookup(schema, name) or {}
    columns: list[Known | None] = list(known.values())
    shown = list(known)
    if found[at].text == "(":
        listed: list[str] = []
        columns, shown = [], []
        at += 1
        while at < len(found) and found[at].kind in (lex.WORD, lex.QUOTED):
            column, plain = writer.folded(found[at])
            listed.append(writer.quoted(names.column_text(column, plain)))
            columns.append(known.get(column))
            shown.append(column)
            at += 1
            if at < len(found) and found[at].text == ",":
                at += 1
            else:
                break
        if at >= len(found) or found[at].text != ")":
            return None
        at += 1
        head += f" ({', '.join(listed)})"
    if at + 1 >= len(found) or found[at].upper != "VALUES" or found[at + 1].text != "(" or found[-1].text != ")":
        return None
    values = _split(found[at + 2 : -1])
    if values is None or (columns and len(columns) != len(values)):
        return None
    quick = Quick((), names, writer, None)
    texts: list[str] = []
    for i, value in enumerate(values):
        column_ = columns[i] if columns else None
        if column_ is not None and column_.counted and value:
            if (counted := _counted(value, column_, shown[i], writer)) is not None:
                texts.append(counted)
                continue
        text_ = quick.single(value, column_.type if column_ is not None else None)
        if text_ is None:
            return None
        texts.append(text_)
    return head, f"({', '.join(texts)})"


def _counted(value: list[Piece], column: Known, name: str, writer: Writer) -> str | None:
    """DEFAULT for a value that the source does not look at, as the column counts; ``None`` for any other."""
    if len(value) == 1 and value[0].upper in ("NULL", "DEFAULT"):
        return "DEFAULT"
    if column.counted != "always":
        return None
    text = " ".join(p.text for p in value)
    writer.found.append(Found("SC4290", value[0].start, (("column", name), ("clause", text))))
    return "DEFAULT"


def _split(found: Sequence[Piece]) -> list[list[Piece]] | None:
    """``found`` cut at its outer commas; ``None`` when a parenthesis closes too early."""
    parts: list[list[Piece]] = [[]]
    depth = 0
    for piece in found:
        if piece.kind == lex.OPERATOR:
            if piece.text == "(":
                depth += 1
            elif piece.text == ")":
                depth -= 1
                if depth < 0:
                    return None
            elif piece.text == "," and depth == 0:
                parts.append([])
                continue
        parts[-1].append(piece)
    return parts


def insert_all(text: str, found: Sequence[Piece]) -> list[str] | None:
    """The single INSERT statements of an ``INSERT ALL`` over one row of DUAL. Raises :class:`Refused` for others.

    ``None`` when the statement is no multi-table INSERT.
    """
    if len(found) < 3 or found[0].upper != "INSERT" or found[1].upper not in ("ALL", "FIRST"):
        return None
    depth = 0
    starts: list[int] = []
    tail = -1
    for i, piece in enumerate(found):
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
        elif depth == 0 and piece.upper == "INTO":
            starts.append(i)
        elif depth == 0 and piece.upper == "SELECT":
            tail = i
            break
        elif depth == 0 and piece.upper == "WHEN":
            raise Refused("SC4263", piece.start)
    query = [p.upper for p in found[tail:]] if tail > 0 else []
    if found[1].upper != "ALL" or len(query) != 4 or query[2:] != ["FROM", "DUAL"] or not starts:
        raise Refused("SC4263", 0)
    ends = [*starts[1:], tail]
    made = []
    for start, end in zip(starts, ends, strict=True):
        if not any(p.upper == "VALUES" for p in found[start:end]):
            raise Refused("SC4263", found[start].start)
        made.append("INSERT " + text[found[start].start : found[end - 1].end])
    return made
