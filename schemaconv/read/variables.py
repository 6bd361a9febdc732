"""Variables of client programs in a statement: where one stands, and what the statement reads with their values."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from ..source import SourceFile
from ..sql.secrets import in_comment
from .piece import Piece


def inside(piece: Piece, offset: int) -> str:
    """``string`` or ``comment`` if the offset lies in one, else the empty text."""
    at = bisect_right(piece.starts, offset) - 1
    if at >= 0 and offset < piece.ends[at]:
        return "string" if piece.texts[at][:1] == "'" else ""
    at = bisect_right(piece.comments, offset, key=lambda c: c[1]) - 1
    return "comment" if at >= 0 and offset < piece.comments[at][2] else ""


class Splice:
    """The text of a statement with parts replaced, from left to right.

    ``out`` is empty as long as nothing was replaced. ``origin`` are pairs of an offset in the new text and the one in
    the old text from which it comes.
    """

    __slots__ = ("last", "origin", "out", "piece", "size")

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.out: list[str] = []
        self.origin: list[tuple[int, int]] = [(0, piece.start)]
        self.size = 0
        self.last = piece.start

    def put(self, start: int, end: int, value: str) -> None:
        """Let ``value`` stand for the characters from ``start`` to ``end``."""
        self.out += (self.piece.buffer[self.last : start], value)
        self.size += start - self.last
        self.origin.append((self.size, start))
        self.size += len(value)
        self.origin.append((self.size, end))
        self.last = end

    def text(self) -> str:
        """The new text."""
        return "".join(self.out) + self.piece.buffer[self.last : self.piece.end]


Value = Callable[[re.Match[str]], str | None]


def asked(
    piece: Piece, pattern: re.Pattern[str], value: Value, groups: tuple[int, ...] = (1,)
) -> list[tuple[str, int]]:
    """Names (one of ``groups``) of variables inside strings for which there is no value, each with its offset."""
    if piece.origin is not None:
        return []
    return [
        (name, m.start())
        for m in pattern.finditer(piece.buffer, piece.start, piece.end)
        if (name := next((m[g] for g in groups if m[g]), ""))
        and value(m) is None and inside(piece, m.start()) == "string"
    ]


def replaced(piece: Piece, pattern: re.Pattern[str], value: Value) -> tuple[Splice, list[tuple[str, int]]]:
    """The statement with values for its variables, and the variables without one, each with its offset.

    Those stand for their own names (group 1) outside of strings and comments, and stay as they are inside.
    """
    missing: list[tuple[str, int]] = []
    splice = Splice(piece)
    for found in pattern.finditer(piece.buffer, piece.start, piece.end):
        known = value(found)
        if known is None:
            if inside(piece, found.start()):
                continue
            known = found[1]
            missing.append((known, found.start()))
        splice.put(*found.span(), known)
    return splice, missing


#: Lines on which a password may stand, each with the one below.
_HINT: Final = re.compile(
    r"^[^\n]*(?:LOGON|LOGDATA|CONN|PASSW|PWD|SECRET|IDENTIFIED|_KEY|[-/]P|SQL)[^\n]*(?:\n[^\n]*)?", re.I | re.M
)
_WHOLE: Final = re.compile(r"(\bLOGON[ \t]+[\"']?)(\x01\d+\x01)", re.IGNORECASE)


def secret(text: str, pattern: re.Pattern[str], name: Callable[[re.Match[str]], str]) -> set[str]:
    """The variables of ``text`` that stand where a password, a key or a whole logon string does; ``pattern`` finds
    variables, ``name`` tells theirs."""
    found: set[str] = set()
    if pattern.search(text) is None:
        return found
    for line in _HINT.finditer(text):
        names: list[str] = []

        def marked(variable: re.Match[str], names: list[str] = names) -> str:
            names.append(name(variable))
            return f"\x01{len(names)}\x01"

        shown = pattern.sub(marked, line[0])
        if names:
            shown = in_comment(_WHOLE.sub(r"\1", shown))
            found.update(n for i, n in enumerate(names, 1) if f"\x01{i}\x01" not in shown)
    return found


def candidates(wanted: Path, files: Iterable[SourceFile]) -> list[Path]:
    """Where an included script may lie: beside each of ``files``, unless its path says all."""
    if wanted.is_absolute():
        return [wanted]
    return [folder / wanted for folder in dict.fromkeys(Path(f.path).parent for f in files)]
