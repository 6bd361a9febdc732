"""What sqlcmd does on the client's side: scripting variables, included scripts, repeated batches.

Source: "sqlcmd utility", "Use sqlcmd with scripting variables", "SQL Server utilities statements - GO". SSMS in SQLCMD
mode and SSDT's publish scripts follow the same rules.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ..source import SourceFile
from ..sql.prose_secrets import tells
from ..sql.script_secrets import redacted
from .piece import Piece
from .tsql_split import GO, lex
from .variables import asked, candidates, replaced, secret

_SETVAR: Final = re.compile(r":setvar\s+(\w[\w-]*)(?:[ \t]+(?:\"((?:[^\"]|\"\")*)\"|(\S+)))?", re.IGNORECASE)
_INCLUDE: Final = re.compile(r":r[ \t]+(?:\"([^\"]+)\"|([^\r\n]*[^\s;]))", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"\$\((\w[\w-]*)\)")
_TITLE: Final = re.compile(r"(:[a-z]+|:?!!|[a-z]+|/)", re.IGNORECASE)

#: The codes that repeated batches and variables earn.
BATCH_REPEATED: Final = "SC1022"
BATCH_WRITTEN_OUT: Final = "SC1026"
VARIABLE_IN_LITERAL: Final = "SC1023"
VARIABLE_WITHOUT_VALUE: Final = "SC1025"


class Client:
    """The client's state while scripts run: the scripting variables. Their names have no case.

    Values from outside (``define``) win over ``:setvar``. In sqlcmd the script would win; but who converts a script
    gives a value because the one in it does not fit.
    """

    active = True
    mark = "$("

    def __init__(self, define: tuple[tuple[str, str], ...]) -> None:
        self.values = {name.upper(): value for name, value in define}
        self.fixed = frozenset(self.values)
        self._secret: frozenset[str] = frozenset()  # names of passwords, as their use tells

    def beware(self, text: str) -> None:
        """Give no value to the variables that stand in ``text`` where a password does."""
        self._secret |= secret(text, _VARIABLE, lambda m: m[1].upper()) - self.fixed
        for name in self._secret:
            self.values.pop(name, None)

    def shown(self, line: str) -> str:
        """What may be printed of a line; of ``:connect`` and of a shell command only the word, for a password may
        follow."""
        title = _TITLE.match(line)
        word = title[1] if title is not None else ""
        return word if word.lower() in (":connect", "!!", ":!!") else self.safe(line)

    def safe(self, line: str) -> str:
        """The line without credentials."""
        return redacted(line, self._secret)

    def line(self, text: str) -> None:
        """Take note of a ``:setvar`` line; one without a value takes the variable away. A password gets none."""
        found = _SETVAR.match(text)
        if found is None or found[1].upper() in self.fixed:
            return
        name = found[1].upper()
        value = found[2].replace('""', '"') if found[2] is not None else found[3]
        if value is None or name in self._secret or tells(name):
            self.values.pop(name, None)
        else:
            self.values[name] = self.replace(value)

    def replace(self, text: str) -> str:
        """``text`` with the variables that have a value."""
        return _VARIABLE.sub(lambda m: self.values.get(m[1].upper(), m[0]), text)

    def _value(self, found: re.Match[str]) -> str | None:
        return self.values.get(found[1].upper())

    def asked(self, piece: Piece) -> list[tuple[str, int]]:
        """Variables without a value inside strings, each with its offset: sqlcmd would stop, other clients would not.

        It may as well be data, so it is kept as it stands.
        """
        return asked(piece, _VARIABLE, self._value)

    def expand(self, piece: Piece) -> tuple[Piece, list[tuple[str, int]]]:
        """``piece`` with its variables replaced, and the ones that have no value, each with its offset.

        Variables are replaced everywhere, in strings and quoted names too. One without a value stands for its own name
        outside of strings, so that ``[$(Owner)].[t]`` reads as ``[Owner].[t]``; inside a string it stays as it is. The
        form of the piece stays, whatever a value brings.
        """
        splice, missing = replaced(piece, _VARIABLE, self._value)
        if not splice.out:
            return piece, missing
        fresh = lex(splice.text(), piece.form)
        fresh.start, fresh.end = piece.start, piece.end
        fresh.lead, fresh.guards, fresh.origin = piece.lead, piece.guards, splice.origin
        if fresh.fault >= 0:
            fresh.fault = piece.start
        return fresh, missing


def included(line: str, file: SourceFile, first: SourceFile) -> tuple[str, list[Path]] | None:
    """The script that a ``:r`` line names and where to look for it; ``None`` for other lines.

    sqlcmd looks in the folder that it was started in: that of the first script, as a rule; then beside this one.
    """
    found = _INCLUDE.match(line)
    if found is None:
        return None
    name = (found[1] or found[2]).strip().replace("\\", "/").removeprefix("./")
    return name, candidates(Path(name), (first, file))


def repeats(line: str) -> int:
    """How often a GO line runs its batch; 1 for any other line."""
    found = GO.match(line)
    return int(found[1]) if found is not None and found[1] else 1


_EXIT: Final = re.compile(r":?(?:exit|quit)\b", re.IGNORECASE)


def ends(line: str) -> bool:
    """Whether the client stops at this line: what follows is not run."""
    return _EXIT.match(line) is not None


def is_go(line: str) -> bool:
    return GO.match(line) is not None
