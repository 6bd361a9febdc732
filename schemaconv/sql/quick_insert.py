"""INSERTs of constants, which seed data is made of, without a parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..ir.fragment import Known, Names
from ..ir.types import Type
from . import tokens as lex
from .kinds import family
from .pieces import Piece, Refused
from .quick import Quick
from .wanted import Writer

Lookup = Callable[[str, str], Mapping[str, Known] | None]


class Rows(NamedTuple):
    """An INSERT of constants: its text up to VALUES, its rows, and for each row the statements that come first."""

    head: str
    rows: list[str]
    before: list[list[str]]


def insert(found: Sequence[Piece], names: Names, writer: Writer, lookup: Lookup) -> Rows | None:
    """``INSERT INTO t (...) VALUES (constants), ...``. Raises :class:`Refused`."""
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
    columns = list(known)
    types: list[Type | None] = [k.type for k in known.values()]
    if found[at].text == "(":
        listed: list[str] = []
        types, columns = [], []
        at += 1
        while at < len(found) and found[at].kind in (lex.WORD, lex.QUOTED):
            column, plain = writer.folded(found[at])
            listed.append(writer.quoted(names.column_text(column, plain)))
            types.append(known[column].type if column in known else None)
            columns.append(column)
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
    if any(k in known and known[k].counted for k in columns):
        return None  # the source does not look at every value of such a column
    quick = Quick((), names, writer, None)
    rows: list[str] = []
    before: list[list[str]] = []
    at += 1
    while True:
        values, at = _row(found, at)
        if values is None or (types and len(types) != len(values)):
            return None
        row = _written(values, types, [(schema, name, k) for k in columns], quick, rows != [] or at < len(found))
        if row is None:
            return None
        rows.append(row)
        before.append(writer.before)
        writer.before = []
        if at == len(found):
            return Rows(head, rows, before)
        if found[at].text != "," or at + 1 == len(found) or found[at + 1].text != "(":
            return None
        at += 1


def _written(
    values: list[list[Piece]],
    types: list[Type | None],
    into: list[tuple[str, str, str]],
    quick: Quick,
    several: bool,
) -> str | None:
    """One row for the target, or ``None`` where a value is not plain.

    The type of a value is that of its whole column where there are ``several`` rows (Transact-SQL reference, "Table
    Value Constructor"): a number for a column of text may not look as it does here.
    """
    texts: list[str] = []
    for i, value in enumerate(values):
        wanted = types[i] if types else None
        if several and wanted is not None and value[-1:] and value[-1].kind == lex.NUMBER and family(wanted) == "text":
            return None
        quick.into = into[i] if i < len(into) else None
        text = quick.single(value, wanted)
        if text is None:
            return None
        texts.append(text)
    return f"({', '.join(drawn_once(texts, quick.writer))})"


def drawn_once(texts: list[str], writer: Writer) -> list[str]:
    """The values of one row, in which a sequence is drawn from once: all its places have the same value."""
    following, current = writer.family.way("sequence_next"), writer.family.way("sequence_current")
    if following is None or current is None or ":sequence" not in following.sql or len(set(texts)) == len(texts):
        return texts
    before, after = following.sql.split(":sequence")
    made: list[str] = []
    for text in texts:
        if text in made and text.startswith(before) and text.endswith(after):
            text = current.sql.replace(":sequence", text[len(before) : len(text) - len(after)])
        made.append(text)
    return made


def _row(found: Sequence[Piece], at: int) -> tuple[list[list[Piece]] | None, int]:
    """The values of the row whose parenthesis stands at ``at``, and the index behind it; ``None`` without an end."""
    parts: list[list[Piece]] = [[]]
    depth = 0
    for i in range(at + 1, len(found)):
        piece = found[i]
        if piece.kind == lex.OPERATOR:
            text = piece.text
            if text == "(":
                depth += 1
            elif text == ")":
                depth -= 1
                if depth < 0:
                    return parts, i + 1
            elif text == "," and depth == 0:
                parts.append([])
                continue
        parts[-1].append(piece)
    return None, len(found)


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
            raise Refused("SC4263", piece.start, reason="it has conditions")
    query = [p.upper for p in found[tail:]] if tail > 0 else []
    if found[1].upper != "ALL" or len(query) != 4 or query[2:] != ["FROM", "DUAL"] or not starts:
        raise Refused("SC4263", 0, reason="it reads a query")
    ends = [*starts[1:], tail]
    made = []
    for start, end in zip(starts, ends, strict=True):
        if not any(p.upper == "VALUES" for p in found[start:end]):
            raise Refused("SC4263", found[start].start, reason="it has no VALUES")
        made.append("INSERT " + text[found[start].start : found[end - 1].end])
    return made
