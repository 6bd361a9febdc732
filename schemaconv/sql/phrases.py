"""Phrases of a source's expressions that no parser reads as they stand: tokens that it does read instead."""

from __future__ import annotations

from typing import Final, Protocol

from . import tokens as lex
from .grammar import OPERANDS, SIBLINGS
from .pieces import GRAMMAR, Piece, Refused
from .tree import MARK, Token, TokenType


class Maker(Protocol):
    """What writes tokens: see :mod:`schemaconv.sql.prepare`."""

    found: list[Piece]
    out: list[Token]
    consumed: set[int]
    table: dict[str, TokenType]
    at: int

    def text(self, ahead: int) -> str: ...
    def emit(self, kind: TokenType, text: str, piece: Piece) -> None: ...


def collation(maker: Maker, piece: Piece, name: Piece) -> bool:
    """``COLLATE name`` behind an operand; whether it is that."""
    behind = bool(maker.out) and maker.out[-1].token_type in OPERANDS
    if not behind or name.kind not in (lex.WORD, lex.QUOTED) or name.upper in GRAMMAR or maker.text(2) in (".", "("):
        return False
    maker.consumed.update((piece.start, name.start))
    maker.emit(TokenType.COLLATE, "COLLATE", piece)
    maker.emit(TokenType.VAR, name.text, name)
    maker.at += 1
    return True


#: Operators of hierarchical queries, which bind as tightly as a sign. SQL Language Reference, "Hierarchical Query
#: Operators".
ANCESTORS: Final = frozenset({"PRIOR", "CONNECT_BY_ROOT"})


def hierarchical(maker: Maker, piece: Piece) -> bool:
    """``PRIOR x`` and ``CONNECT_BY_ROOT x`` as calls, ``ORDER SIBLINGS BY`` as one token; whether it was one."""
    if SIBLINGS not in maker.table:
        return False
    if piece.upper == "ORDER" and (maker.text(1), maker.text(2)) == ("SIBLINGS", "BY"):
        maker.consumed.update(p.start for p in maker.found[maker.at : maker.at + 3])
        maker.emit(maker.table[SIBLINGS], SIBLINGS, piece)
        maker.at += 2
        return True
    if (piece.upper, maker.text(1), maker.text(2)) == ("START", "WITH", "CONNECT"):
        raise Refused("SC4200", piece.start, reason="START WITH without a condition")
    if piece.upper not in ANCESTORS:
        return False
    maker.consumed.add(piece.start)
    maker.emit(TokenType.VAR, MARK + piece.upper, piece)
    if maker.text(1) == "(":
        return True
    end = _operand_end(maker.found, maker.at + 1)
    opening = Piece(lex.OPERATOR, "(", "(", piece.start, piece.start)
    maker.found[maker.at + 1 : end] = [opening, *maker.found[maker.at + 1 : end], opening._replace(text=")", upper=")")]
    return True


def _operand_end(found: list[Piece], at: int) -> int:
    """Where the operand ends that begins at ``at``: a literal, a name with its qualifiers, a call."""
    end = at
    while end < len(found) and found[end].kind == lex.OPERATOR and found[end].text in "+-":
        end += 1
    end += 1
    while end + 1 < len(found) and found[end].text == ".":
        end += 2
    if end < len(found) and found[end].text == "(" and found[end].kind == lex.OPERATOR:
        depth = 0
        while end < len(found):
            if found[end].kind == lex.OPERATOR:
                depth += (found[end].text == "(") - (found[end].text == ")")
            end += 1
            if depth == 0:
                break
    return min(end, len(found))


def drawn(maker: Maker) -> None:
    """``NEXT VALUE FOR s`` as ``s.NEXTVAL``."""
    start = maker.found[maker.at]
    maker.consumed.update(p.start for p in maker.found[maker.at : maker.at + 3])
    maker.at += 3
    while maker.at < len(maker.found) and maker.found[maker.at].kind in (lex.WORD, lex.QUOTED):
        piece = maker.found[maker.at]
        maker.emit(TokenType.IDENTIFIER if piece.kind == lex.QUOTED else TokenType.VAR, piece.text, piece)
        maker.emit(TokenType.DOT, ".", piece)
        if maker.text(1) != ".":
            break
        maker.at += 2
    if maker.text(1) == "OVER":
        raise Refused("SC4204", start.start, function="NEXT VALUE FOR ... OVER")
    maker.emit(TokenType.VAR, "NEXTVAL", start)


def written_as(maker: Maker) -> None:
    """``FOR XML PATH('row'), ROOT('all'), TYPE`` and ``FOR JSON ...``: options, none of which calls a function."""
    depth = 0
    kinds = {"FOR": TokenType.FOR, "XML": TokenType.XML, "JSON": TokenType.JSON, "(": TokenType.L_PAREN,
             ")": TokenType.R_PAREN, ",": TokenType.COMMA}  # fmt: skip
    while maker.at < len(maker.found):
        piece = maker.found[maker.at]
        depth += (piece.text == "(") - (piece.text == ")")
        known = piece.text in ("(", ")", ",") if piece.kind == lex.OPERATOR else piece.kind in (lex.WORD, lex.STRING)
        if depth < 0 or not known:
            break
        if piece.kind == lex.STRING:
            maker.emit(TokenType.STRING, piece.text, piece)
        else:
            maker.consumed.add(piece.start)
            maker.emit(kinds.get(piece.upper, TokenType.VAR), piece.upper, piece)
        maker.at += 1
    maker.at -= 1


def names_columns(maker: Maker) -> bool:
    """Whether the parenthesis behind the word at hand lists columns: of an INSERT's table, of a WITH name, of the alias
    of a derived table."""
    i = len(maker.out) - 1
    while i >= 1 and maker.out[i].token_type == TokenType.DOT:
        i -= 2
    before = maker.out[i] if i >= 0 else None
    if before is None:
        return False
    if before.token_type == TokenType.INTO:
        return True
    if before.token_type in (TokenType.ALIAS, TokenType.R_PAREN) and i == len(maker.out) - 1:
        return _lists_names(maker)
    if before.token_type not in (TokenType.WITH, TokenType.COMMA) and before.text.upper() != "RECURSIVE":
        return False
    if not maker.out or (maker.out[0].token_type != TokenType.WITH and before.token_type != TokenType.WITH):
        return False
    return _closing_is_followed_by_as(maker)


def _lists_names(maker: Maker) -> bool:
    """Whether nothing but names and commas stands between the parentheses behind the word at hand."""
    for i in range(maker.at + 2, len(maker.found)):
        piece = maker.found[i]
        if piece.text == ")" and piece.kind == lex.OPERATOR:
            return i > maker.at + 2
        if piece.text != "," and (piece.kind not in (lex.WORD, lex.QUOTED) or piece.upper in GRAMMAR):
            return False
    return False


def _closing_is_followed_by_as(maker: Maker) -> bool:
    depth = 0
    for i in range(maker.at + 1, len(maker.found)):
        text = maker.found[i].text
        depth += (text == "(") - (text == ")")
        if depth == 0:
            rest = maker.found[i + 1 : i + 3]
            return len(rest) == 2 and rest[0].upper == "AS" and rest[1].text == "("
    return False
