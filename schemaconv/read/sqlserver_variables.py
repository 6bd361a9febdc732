"""Variables of a batch whose values are constants: ``DECLARE @d date = '20200101'``, ``SET @v = N'text'``.

A variable keeps its value until something else may have given it another: a condition, a loop, a query, a procedure.
Source: Transact-SQL reference, "DECLARE @local_variable", "SET @local_variable", "SELECT @local_variable".
"""

from __future__ import annotations

import re
from typing import Final

from ..ir.types import Type
from ..sql.lexis import lexis
from .cursor import Cursor, ReadError, string_value
from .piece import Piece
from .sqlserver_objects import data_type
from .tsql_split import lex
from .variables import Splice

#: Statements that read variables and give none a value.
_READING: Final = frozenset("INSERT DELETE CREATE ALTER EXEC EXECUTE PRINT RAISERROR DROP GRANT".split())
_NUMBER: Final = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_DAY: Final = re.compile(r"\d{8}|\d{4}-\d\d-\d\d")
_WHOLE: Final = frozenset({"tinyint", "utinyint", "smallint", "integer", "bigint"})
_TEXTS: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})


class Variables:
    """The variables of the batch at hand, by name in capitals, with the text of a constant of the same value."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.types: dict[str, Type] = {}

    def clear(self) -> None:
        """The batch has ended."""
        self.values.clear()
        self.types.clear()

    def note(self, piece: Piece) -> None:
        """Learn from a statement what its variables hold from here on."""
        texts = piece.texts
        first = texts[0]
        if first == "GOTO" or (len(texts) == 2 and texts[1] == ":"):
            self.values.clear()
            return
        if not any(t[0] == "@" for t in texts):
            return
        if first == "DECLARE" and not piece.guards:
            self._declared(Cursor(lex(piece.buffer[piece.start : piece.end], "sql"), 0, None, lexis("sqlserver")))
        elif first == "SET" and texts[2:3] == ["="] and not piece.guards:
            self._assign(texts[1], texts[3:])
        elif piece.guards or first not in _READING or any(t in ("OUTPUT", "OUT") for t in texts) or texts[2:3] == ["="]:
            for token in texts:
                self.values.pop(token, None)

    def _declared(self, c: Cursor) -> None:
        """``DECLARE @name [AS] type [= value], ...``."""
        c.at = 1
        try:
            while c.word()[:1] == "@":
                name = c.take()
                self.values.pop(name, None)
                c.accept("AS")
                if c.word() in ("TABLE", "CURSOR"):
                    return
                self.types[name] = data_type(c)
                if c.accept("="):
                    start = c.at
                    c.skip_to((",",))
                    self._assign(name, c.texts[start : c.at])
                if not c.accept(","):
                    return
        except ReadError:
            return

    def _assign(self, name: str, value: list[str]) -> None:
        self.values.pop(name, None)
        type_ = self.types.get(name)
        if type_ is None:
            return
        sign = "-" if value[:1] == ["-"] else ""
        if len(value) == len(sign) + 1 and _fits(type_, value[-1], bool(sign)):
            token = value[-1]
            self.values[name] = sign + (token[2:] if token.startswith("'\0") else token)

    def filled(self, piece: Piece) -> Piece:
        """The statement with the constants in the place of its variables."""
        if not self.values or piece.origin is not None:
            return piece
        splice = Splice(piece)
        for i, token in enumerate(piece.texts):
            if token in self.values and piece.texts[i + 1 : i + 2] != ["="]:
                splice.put(piece.starts[i], piece.ends[i], self.values[token])
        if not splice.out:
            return piece
        fresh = lex(splice.text(), piece.form)
        fresh.start, fresh.end = piece.start, piece.end
        fresh.lead, fresh.guards, fresh.origin = piece.lead, piece.guards, splice.origin
        return fresh


def wanted(texts: list[str]) -> bool:
    """Whether a statement says more with the values of its variables: a partition function, a system procedure."""
    if texts[:3] in (["CREATE", "PARTITION", "FUNCTION"], ["ALTER", "PARTITION", "FUNCTION"]):
        return True
    return texts[0] in ("EXEC", "EXECUTE") and any(t.upper().strip('[]"').startswith("SP_") for t in texts[1:5])


def _fits(type_: Type, token: str, negative: bool) -> bool:
    """Whether a variable of that type holds the constant as it is written."""
    if token[0] != "'":
        if _NUMBER.fullmatch(token) is None:
            return False
        places = len(token.partition(".")[2])
        return (type_.kind in _WHOLE and "." not in token) or (type_.kind == "decimal" and places <= (type_.scale or 0))
    value = string_value(token)
    if type_.kind in _TEXTS:
        parts = type_.raw.upper().partition("(")
        return "MAX" in parts[2] or parts[0].strip("[] ") == "SYSNAME" or len(value) <= (type_.length or 1)
    if type_.kind == "date":
        return _DAY.fullmatch(value) is not None
    return type_.kind in ("any", "timestamp", "text", "ntext") and not negative
