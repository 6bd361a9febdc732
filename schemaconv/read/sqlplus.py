"""What SQL*Plus does on the client's side: substitution variables and included scripts.

Source: SQL*Plus User's Guide and Reference 23ai, "Using Substitution Variables", "START", "@@ (double at sign)".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ..source import SourceFile
from ..sql.prose_secrets import tells
from ..sql.script_secrets import redacted
from .piece import Piece
from .split import split
from .variables import asked, candidates, replaced, secret

_DEFINE: Final = re.compile(
    r"DEF(?:INE)?\s+(\w+)\s*=\s*(?:'((?:[^']|'')*)'|\"([^\"]*)\"|(\S.*?))\s*;?\s*\Z", re.I | re.S
)
_UNDEFINE: Final = re.compile(r"UNDEF(?:INE)?\s+(.+?)\s*;?\s*\Z", re.I | re.S)
_SWITCH: Final = re.compile(r"SET\s+(?:.*\s)?(?:DEF(?:INE)?|SCAN)\s+(\S+)", re.I)
_MARK: Final = re.compile(r"['\"]?([^\w\s'\"])['\"]?\Z")
_INCLUDE: Final = re.compile(r"(@@?|STA(?:RT)?\s)\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s;]+))", re.I)


#: Behind these a password may follow.
_ASKS: Final = frozenset({"CONNECT", "CONN", "PASSWORD", "PASSW", "ACCEPT"})


def _variable(mark: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(mark)}{{1,2}}(\w+)(\.?)")


class Client:
    """The client's state while scripts run: variables, and whether ``&`` means anything."""

    def __init__(self, define: tuple[tuple[str, str], ...]) -> None:
        self.values = {name.upper(): value for name, value in define}
        self.fixed = frozenset(self.values)
        self._secret: frozenset[str] = frozenset()  # names of passwords, as their use tells
        self.active = True
        self.mark = "&"
        self._variable = _variable("&")

    def beware(self, text: str) -> None:
        """Give no value to the variables that stand in ``text`` where a password does."""
        self._secret |= secret(text, self._variable, lambda m: m[1].upper()) - self.fixed
        for name in self._secret:
            self.values.pop(name, None)

    def shown(self, line: str) -> str:
        """What may be printed of a line; of one that takes a password only its word."""
        word = line.split(None, 1)[0] if line else ""
        return word if word.upper() in _ASKS else self.safe(line)

    def safe(self, line: str) -> str:
        """The line without credentials."""
        return redacted(line, self._secret)

    def line(self, text: str) -> None:
        """Take note of a DEFINE, UNDEFINE or SET line. A password gets no value."""
        if found := _DEFINE.match(text):
            name = found[1].upper()
            if name not in self.fixed and name not in self._secret and not tells(name):
                value = next((g for g in found.groups()[1:] if g is not None), "")
                self.values[name] = self.replace(value)
        elif found := _UNDEFINE.match(text):
            for name in found[1].upper().split():
                if name not in self.fixed:
                    self.values.pop(name, None)
        elif found := _SWITCH.match(text):
            word = found[1].upper().rstrip(";")
            self.active = word not in ("OFF",)
            if mark := _MARK.match(word):
                self.mark = mark[1]
                self._variable = _variable(mark[1])

    def replace(self, text: str) -> str:
        return self._variable.sub(lambda m: self.values.get(m[1].upper(), m[0]), text)

    def _value(self, found: re.Match[str]) -> str | None:
        return self.values.get(found[1].upper())

    def asked(self, piece: Piece) -> list[tuple[str, int]]:
        """Names behind the mark inside literals that have no value: the client would ask for it."""
        return asked(piece, self._variable, self._value)

    def expand(self, piece: Piece) -> tuple[Piece, list[tuple[str, int]]]:
        """``piece`` with its variables replaced, and the ones that have no value, each with its offset.

        A variable without a value stands for its own name outside of literals, so that ``&owner..emp`` reads as
        ``owner.emp``; inside a literal it stays as it is.
        """
        splice, missing = replaced(piece, self._variable, self._value)
        if not splice.out:
            return piece, missing
        again = next(split(splice.text()), None)
        if again is None:
            return piece, missing
        again.lead = []
        fresh = Piece(
            again.form, piece.start, piece.end, again.buffer, again.texts, again.starts, again.ends, again.comments,
            piece.lead, piece.unterminated, origin=splice.origin,
        )  # fmt: skip
        return fresh, missing


def included(line: str, file: SourceFile, first: SourceFile) -> tuple[str, list[Path]] | None:
    """The script that an ``@``, ``@@`` or START line names and where to look for it; ``None`` for other lines.

    ``@@`` looks beside the script it stands in; ``@`` where the first script lies, then beside this one.
    """
    found = _INCLUDE.match(line)
    if found is None:
        return None
    name = (found[2] or found[3] or found[4]).replace("\\", "/")
    name = re.sub(r"^\?/", "", name)
    wanted = Path(name if Path(name).suffix else f"{name}.sql")
    return name, candidates(wanted, (file,) if found[1] == "@@" else (first, file))
