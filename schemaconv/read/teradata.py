"""Teradata scripts to a catalog: runs the splitter's pieces through the readers, in script order."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Log
from ..options import Options
from ..source import SourceFile, Span
from .cursor import Cursor
from .reader import Reader
from .piece import Piece
from .split import split
from .sqlplus import Client


class SourceReader(Reader):
    """Reads what BTEQ and its kin run."""

    source = "teradata"

    def __init__(self, files: tuple[SourceFile, ...], options: Options, log: Log) -> None:
        super().__init__(files, options, log)
        self.client = Client(options.define)

    def split(self, text: str) -> Iterator[Piece]:
        return split(text)

    def client_line(self, piece: Piece, number: int) -> None:
        self.note_script(Span(number, piece.start, piece.end), piece, number)

    def dispatch(self, c: Cursor, piece: Piece, at: Span) -> None:
        self.other(c, at, "unknown_statement", "other")
