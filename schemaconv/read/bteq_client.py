"""What BTEQ and the shell around it do on the client's side: variables, included scripts, and secrets that stay there.

Source: "Basic Teradata Query Reference": LOGON, RUN, COMPILE; POSIX Shell Command Language, "Parameter Expansion".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path
from typing import Final

from ..source import SourceFile
from .bteq import split
from .piece import Piece

_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::?-([^{}\n]*))?\}|\$([A-Za-z_]\w*)")
_ASSIGNMENT: Final = re.compile(
    r"^[ \t]*(?:(?:export|set|local|readonly)[ \t]+)?([A-Za-z_]\w*)=(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s;|&]*))",
    re.MULTILINE,
)
_INCLUDE: Final = re.compile(
    r"\.?[ \t]*(?:RUN|COMPILE)[ \t]+(?:FILE|DDNAME)?[ \t]*=?[ \t]*(?:'([^']+)'|\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE
)
_SECRET_NAME: Final = r"\w*(?:PASS|PWD|SECRET|TOKEN|CREDENTIAL|APIKEY|API_KEY|PRIVATE_KEY)\w*"
#: What hides a secret in a line, and what is shown in its place.
_SECRETS: Final = (
    (re.compile(r"(\.?[ \t]*\bLOGON\b[ \t]*)[^;\n]*(?:-[ \t]*\n[^;\n]*)*", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\.?[ \t]*\bLOGDATA\b[ \t]*)[^;\n]*", re.IGNORECASE), r"\1***"),
    (re.compile(rf"(\b{_SECRET_NAME}[ \t]*=[ \t]*)(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;,)]+)", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\bIDENTIFIED[ \t]+BY[ \t]+)(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;,)]+)", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\bPASSWORD[ \t]+)(?!=)(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;,)=]+)", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\w+://[^\s/:@]+:)[^\s@/]+@"), r"\1***@"),
    (re.compile(r"(-p[ \t]+|--password[= \t])\S+"), r"\1***"),
    (re.compile(r"(QUERY_BAND[ \t]*=[ \t]*)'[^']*'", re.IGNORECASE), r"\1'***'"),
)  # fmt: skip


def redacted(line: str) -> str:
    """A client's line with every credential replaced by ``***``: logons, passwords, tokens, URLs with a password."""
    for pattern, shown in _SECRETS:
        line = pattern.sub(shown, line)
    return line


class Client:
    """The shell's variables while scripts run. Values from outside (``define``) win over those of a script."""

    active = True
    mark = "$"

    def __init__(self, define: tuple[tuple[str, str], ...]) -> None:
        self.values = {name.upper(): value for name, value in define}
        self.fixed = frozenset(self.values)

    def line(self, text: str) -> None:
        """Take note of the assignments in a shell's text; those whose name tells a secret are left alone."""
        for found in _ASSIGNMENT.finditer(text):
            name = found[1].upper()
            if name in self.fixed or re.fullmatch(_SECRET_NAME, name):
                continue
            value = next((g for g in found.groups()[1:] if g is not None), "")
            if "`" not in value and "$(" not in value:  # the output of a command
                self.values[name] = self.replace(value)

    def _value(self, found: re.Match[str]) -> str | None:
        value = self.values.get((found[1] or found[3]).upper())
        return value if value is not None else found[2]

    def replace(self, text: str) -> str:
        """``text`` with the variables that have a value."""
        return _VARIABLE.sub(lambda m: m[0] if (v := self._value(m)) is None else v, text)

    def asked(self, piece: Piece) -> list[tuple[str, int]]:
        """Variables without a value inside strings, each with its offset."""
        if piece.origin is not None:
            return []
        return [
            (m[1] or m[3], m.start())
            for m in _VARIABLE.finditer(piece.buffer, piece.start, piece.end)
            if self._value(m) is None and _inside(piece, m.start()) == "string"
        ]

    def expand(self, piece: Piece) -> tuple[Piece, list[tuple[str, int]]]:
        """``piece`` with its variables replaced, and the ones that have no value, each with its offset.

        One without a value stands for its own name outside of strings, so that ``${DB}.emp`` reads as ``DB.emp``.
        """
        missing: list[tuple[str, int]] = []
        out: list[str] = []
        origin: list[tuple[int, int]] = [(0, piece.start)]
        size, last = 0, piece.start
        for found in _VARIABLE.finditer(piece.buffer, piece.start, piece.end):
            start, end = found.span()
            value = self._value(found)
            if value is None:
                if _inside(piece, start):
                    continue
                value = found[1] or found[3]
                missing.append((value, start))
            out += (piece.buffer[last:start], value)
            size += start - last
            origin.append((size, start))
            size += len(value)
            origin.append((size, end))
            last = end
        if not out:
            return piece, missing
        out.append(piece.buffer[last : piece.end])
        again = next(split("".join(out)), None)
        if again is None:
            return piece, missing
        fresh = Piece(
            piece.form, piece.start, piece.end, again.buffer, again.texts, again.starts, again.ends, again.comments,
            piece.lead, piece.unterminated, origin=origin,
        )  # fmt: skip
        return fresh, missing


def _inside(piece: Piece, offset: int) -> str:
    """``string`` or ``comment`` if the offset lies in one, else the empty text."""
    at = bisect_right(piece.starts, offset) - 1
    if at >= 0 and offset < piece.ends[at]:
        return "string" if piece.texts[at][:1] == "'" else ""
    return "comment" if any(start <= offset < end for _, start, end in piece.comments) else ""


def included(line: str, file: SourceFile, first: SourceFile) -> tuple[str, list[Path]] | None:
    """The script that a RUN or COMPILE line names and where to look for it; ``None`` for other lines."""
    found = _INCLUDE.match(line)
    if found is None:
        return None
    name = (found[1] or found[2] or found[3]).replace("\\", "/")
    wanted = Path(name)
    if wanted.is_absolute():
        return name, [wanted]
    folders = dict.fromkeys([Path(first.path).parent, Path(file.path).parent])
    return name, [folder / wanted for folder in folders]
