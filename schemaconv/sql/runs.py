"""Runs of pieces, the arguments of a call say: how they are cut, found and made."""

from __future__ import annotations

from . import tokens as lex
from .pieces import Piece

Pieces = list[Piece]


def is_word(piece: Piece | None, word: str) -> bool:
    return piece is not None and piece.kind in (lex.WORD, lex.OPERATOR) and piece.upper == word


def new_word(name: str, like: Piece) -> Piece:
    return Piece(lex.WORD, name, name, like.start, like.end)


def new_sign(text: str, like: Piece) -> Piece:
    return Piece(lex.OPERATOR, text, text, like.start, like.end)


def new_text(text: str, like: Piece) -> Piece:
    return Piece(lex.STRING, text, "", like.start, like.end)


def split(inner: Pieces, words: frozenset[str] = frozenset({","})) -> list[Pieces]:
    """The parts between the commas (or ``words``) that stand in no further parentheses."""
    parts: list[Pieces] = [[]]
    depth = 0
    for piece in inner:
        depth += is_word(piece, "(") - is_word(piece, ")")
        if depth == 0 and piece.kind in (lex.WORD, lex.OPERATOR) and piece.upper in words:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def joined(*arguments: Pieces) -> Pieces:
    """``arguments`` with commas between them."""
    made: Pieces = []
    for argument in arguments:
        if made and argument:
            made.append(new_sign(",", argument[0]))
        made += argument
    return made


def new_call(name: str, like: Piece, *arguments: Pieces) -> Pieces:
    return [new_word(name, like), new_sign("(", like), *joined(*arguments), new_sign(")", like)]


def phrase(words: Pieces) -> str:
    """Words as they are written, one blank between them and none around parentheses."""
    made = ""
    for piece in words:
        shown = piece.upper if piece.kind == lex.WORD else piece.text
        made += shown if not made or shown in "().," or made[-1] in "(." else f" {shown}"
    return made


def find(pieces: Pieces, *words: str) -> int:
    """Where ``words`` stand outside of parentheses; -1 if nowhere."""
    depth = 0
    for i, piece in enumerate(pieces):
        depth += is_word(piece, "(") - is_word(piece, ")")
        run = pieces[i : i + len(words)]
        if depth == 0 and len(run) == len(words) and all(is_word(p, w) for p, w in zip(run, words, strict=True)):
            return i
    return -1
