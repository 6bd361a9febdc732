"""What BTEQ, the load utilities and the shell around them do on the client's side: variables and included scripts.

Sources: "Basic Teradata Query Reference": RUN, COMPILE; "MultiLoad Reference": SET; POSIX Shell Command Language,
"Parameter Expansion".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ..source import SourceFile
from ..sql.script_secrets import is_secret, redacted
from .bteq import statements
from .bteq_lines import INCLUDE, kind
from .bteq_shell import assignments, plain
from .piece import Piece
from .variables import Splice, asked, candidates, inside, secret

__all__ = [
    "SAYS", "VARIABLE_IN_LITERAL", "VARIABLE_WITHOUT_VALUE", "Client", "included", "kind",
    "title",
]  # fmt: skip

#: The codes that variables earn, and the client's lines by their kind.
VARIABLE_WITHOUT_VALUE: Final = "SC1040"
VARIABLE_IN_LITERAL: Final = "SC1041"
SAYS: Final = {"flow": "SC1044", "load": "SC1045", "files": "SC1046"}

#: ``${x}``, ``${x:-default}``, ``$x``; ``?x`` of a query tool; ``&x`` of a load utility, which the first of two dots
#: ends.
_VARIABLE: Final = re.compile(
    r"\$\{(\w+)(?::?[-=]([^{}\n]*)|[^\w{}\n][^{}\n]*)?\}|\$(\d|[^\W\d]\w*)|\?([^\W\d]\w*)|&&?([^\W\d]\w*)(?:\.(?=\.))?"
)
_SET: Final = re.compile(
    r"\.[ \t]*SET[ \t]+(\w+)[ \t]+TO[ \t]+(?:'((?:[^']|'')*)'|\"([^\"]*)\"|([^\s;]+))", re.IGNORECASE
)


def title(line: str) -> str:
    """A client's line as the name of an object: its first line, up to 60 characters."""
    return line.strip().split("\n", 1)[0].rstrip()[:60]


class Client:
    """The variables while scripts run. Values from outside (``define``) win over those of a script."""

    active = True
    mark = ""  # there are several: every statement is looked at

    def __init__(self, define: tuple[tuple[str, str], ...]) -> None:
        self.fixed = {name.upper(): value for name, value in define}
        self.values: dict[str, str] = {}
        self._maybe: set[str] = set()  # names that some branch has set
        self._secret: frozenset[str] = frozenset()  # names of passwords, as their use tells

    def beware(self, text: str) -> None:
        """Give no value to the variables that stand in ``text`` where a password does."""
        self._secret |= secret(text, _VARIABLE, _name)
        self.values = {name: value for name, value in self.values.items() if name not in self._secret}

    def safe(self, line: str) -> str:
        """The line without credentials."""
        return redacted(line, self._secret)

    def line(self, text: str) -> None:
        """Take note of the assignments in a client's line or in a shell's text.

        A secret gets no value, so that none can come to stand in a statement. Neither does a variable that branches of
        the script set to different values, or that holds what a command prints.
        """
        if found := _SET.match(text):
            self._assign(found[1], next(g for g in found.groups()[1:] if g is not None).replace("''", "'"))
        elif text[:1] != "." and ("=" in text or "unset" in text or "setenv" in text):
            for name, value, adds, maybe in assignments(text):
                known = self.values.get(name)
                new = self._evaluated(name, value)
                if adds:
                    new = known + new if known is not None and new is not None else None
                if maybe and name in self._maybe and known != new:
                    new = None
                if maybe:
                    self._maybe.add(name)
                self._assign(name, new)

    def _evaluated(self, name: str, value: str | None) -> str | None:
        bare = plain(value) if value is not None else None
        if bare is None:
            return None
        bare = self.replace(bare)
        return None if re.search(r"\$[\w{]", bare) else bare

    def _assign(self, name: str, value: str | None) -> None:
        if value is None or name in self._secret or is_secret(name) or redacted(f"x={value}") != f"x={value}":
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def _value(self, found: re.Match[str], shell: str = "open") -> str | None:
        name = _name(found)
        value = self.fixed.get(name.upper())
        if value is not None or (shell == "closed" and found[0][0] == "$"):
            return value
        value = self.values.get(name)
        return value if value is not None else found[2]

    def replace(self, text: str) -> str:
        """``text`` with the variables that have a value."""
        return _VARIABLE.sub(lambda m: m[0] if (v := self._value(m)) is None else v, text)

    def asked(self, piece: Piece) -> list[tuple[str, int]]:
        """Variables without a value inside strings, each with its offset.

        ``${x}`` is one for certain, ``$x`` where a shell reads the text: in a here-document without quotes.
        """
        groups = (1, 3) if piece.shell == "open" else (1,)
        return asked(piece, _VARIABLE, lambda found: self._value(found, piece.shell), groups)

    def expand(self, piece: Piece) -> tuple[Piece, list[tuple[str, int]]]:
        """``piece`` with its variables replaced, and the ones that have no value, each with its offset.

        One without a value stands for its own name outside of strings, so that ``${DB}.emp`` reads as ``DB.emp``. If a
        value holds statements of its own, the piece stays as it is and the variable counts as one without a value.
        """
        missing: list[tuple[str, int]] = []
        valued: list[tuple[str, int]] = []
        splice = Splice(piece)
        buffer = piece.buffer
        for found in _VARIABLE.finditer(buffer, piece.start, piece.end):
            start = found.start()
            name = _name(found)
            if found[3] and name.isdigit() and piece.shell != "open":
                continue  # no parameter of a script
            value = self._value(found, piece.shell)
            if value is None:
                if found[3] and piece.shell == "closed":
                    if name in self.values and not inside(piece, start):
                        missing.append((name, start))  # a name for the database, and hardly meant so
                    continue
                letter = found[3] and piece.shell != "open" and start > piece.start and _is_word(buffer[start - 1])
                if letter or inside(piece, start):  # in a word, a dollar sign is a letter
                    continue
                value = name if not name.isdigit() else found[0]
                missing.append((name, start))
            else:
                valued.append((name, start))
            splice.put(*found.span(), value)
        if not splice.out:
            return piece, missing
        pieces = statements(splice.text())
        again = next(pieces, None)
        if again is None or again.form == "client" or next(pieces, None) is not None:
            return piece, valued + missing
        fresh = Piece(
            again.form, piece.start, piece.end, again.buffer, again.texts, again.starts, again.ends, again.comments,
            piece.lead, piece.unterminated, origin=splice.origin, shell=piece.shell,
        )  # fmt: skip
        return fresh, missing


def _name(found: re.Match[str]) -> str:
    return found[1] or found[3] or found[4] or found[5]


def _is_word(ch: str) -> bool:
    return ch.isalnum() or ch in "_$#"


def included(line: str, file: SourceFile, first: SourceFile) -> tuple[str, list[Path]] | None:
    """The script that a RUN or COMPILE line names and where to look for it; ``None`` for other lines.

    BTEQ looks in the folder that it was started in: that of the first script, or of this one.
    """
    found = INCLUDE.match(line)
    if found is None:
        return None
    name = (found[1] or found[2] or found[3]).replace("\\", "/")
    return name, candidates(Path(name), (first, file))
