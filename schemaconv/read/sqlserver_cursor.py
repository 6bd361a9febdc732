"""Names and texts of Transact-SQL: parts that name a database or a server, and those that name the script's own.

Source: Transact-SQL reference, "Transact-SQL syntax conventions", "Multipart names"; "USE".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ..ir.catalog import Clause
from ..ir.fragment import Fragment, Session
from ..ir.names import Name, QName
from ..source import Span
from ..sql.lexis import Lexis, unquoted
from .cursor import Cursor, ReadError
from .piece import Piece

#: Databases of the server itself; no objects of an application live there.
SYSTEM: Final = frozenset({"MASTER", "MODEL", "MSDB", "TEMPDB"})
_NAMES_FOLLOW: Final = frozenset("FROM JOIN USING INTO UPDATE INSERT MERGE APPLY TABLE DELETE".split())
_NO_TABLES: Final = frozenset({"WHERE", "SELECT", "ON", "GROUP", "ORDER", "HAVING", "SET", "VALUES", "UNION", "EXCEPT"})
#: The variable by which project tools name the database that a script is deployed to.
_OWN_VARIABLE: Final = "$(DATABASENAME)"


@dataclass(slots=True)
class Databases:
    """The databases that the script works in, in capitals, in the order in which it first names them; and whether
    columns that say nothing take NULL, which the session says."""

    used: list[str] = field(default_factory=list)
    current: str = ""  # the one that statements run in, as far as the script says
    schemas: set[str] = field(default_factory=set)  # that names of the script begin with
    null_on: bool = True  # ANSI_NULL_DFLT_ON, as the client libraries set it
    null_off: bool = False  # ANSI_NULL_DFLT_OFF

    def set_null(self, words: list[str]) -> None:
        """``SET option, ... ON | OFF``: one of the two options that is set ON sets the other one OFF (Transact-SQL
        reference, "SET ANSI_NULL_DFLT_ON")."""
        on = "ON" in words[-2:]
        if "ANSI_NULL_DFLT_OFF" in words:
            self.null_off = on
            self.null_on = self.null_on and not on
        if "ANSI_NULL_DFLT_ON" in words or "ANSI_DEFAULTS" in words:
            self.null_on = on
            self.null_off = self.null_off and not on

    @property
    def never_null(self) -> bool:
        """Whether a column that says nothing is NOT NULL. With neither option the database says so, by default."""
        return self.null_off or not self.null_on

    def use(self, name: str) -> None:
        upper = name.upper()
        if upper not in self.used and upper not in SYSTEM:
            self.used.append(upper)

    def owns(self, name: str) -> bool:
        """Whether objects of the script live in the database ``name``; temporary ones live in ``tempdb``."""
        upper = name.upper()
        return upper in self.used or upper in (_OWN_VARIABLE, "TEMPDB")


class TsqlCursor(Cursor):
    """A cursor that knows which database a name may leave out."""

    __slots__ = ("databases", "session")

    def __init__(
        self, piece: Piece, file: int, outer: Span | None, words: Lexis, databases: Databases, session: Session
    ) -> None:
        super().__init__(piece, file, outer, words)
        self.databases = databases
        self.session = session

    def qname(self) -> QName:
        """``[[[server.]database.]schema.]name``. ``link`` names a database that is not the script's own."""
        parts: list[Name | None] = [self.name()]
        while self.texts[self.at] == "." and self.at + 1 < self.count:
            self.at += 1
            parts.append(None if self.texts[self.at] == "." else self.name())
        name = parts[-1]
        assert name is not None
        schema = parts[-2] if len(parts) > 1 else None
        if schema is not None:
            self.databases.schemas.add(schema.text)
            if schema.text == self.lexis.default_schema:
                schema = None
        server = parts[-4] if len(parts) > 3 else None
        database = parts[-3] if len(parts) > 2 else None
        if server is not None:
            return QName(schema, name, f"{server}.{database or ''}")
        if database is not None and not self.databases.owns(database.text):
            return QName(schema, name, str(database))
        return QName(schema, name)

    def fragment(self, start: int, end: int | None = None) -> Fragment:
        """Tokens as a fragment. The script's own database in front of names gives way to blanks: places stay."""
        found = replace(super().fragment(start, end), session=self.session)
        stop = self.at if end is None else end
        if not self.databases.used and not any("$(" in t for t in self.texts[start:stop]):
            return found
        first = self.starts[start] if start < self.count else 0
        text = found.text
        for here, until in self._own_parts(start, stop):
            text = text[: here - first] + " " * (until - here) + text[until - first :]
        return found if text == found.text else replace(found, text=text)

    def remote(self, start: int, stop: int) -> tuple[Clause, ...]:
        """The tables of other databases and servers that the tokens name, each once."""
        texts = self.texts
        found: dict[str, Clause] = {}
        tables = [False]  # by depth of parentheses: whether a table may stand behind a comma
        for i in range(start, stop - 2):
            text = texts[i]
            if text == "(":
                tables.append(False)
            elif text == ")":
                if len(tables) > 1:
                    tables.pop()
            elif text in _NAMES_FOLLOW:
                tables[-1] = text in ("FROM", "JOIN", "USING")
            elif text in _NO_TABLES:
                tables[-1] = False
            follows = i == start or texts[i - 1] in _NAMES_FOLLOW or (texts[i - 1] == "," and tables[-1])
            if not follows or texts[i + 1] != ".":
                continue
            end = i + 1
            while texts[end] == "." and end < stop:
                end += 1 if texts[end + 1] == "." else 2
            if end < stop and texts[end] == "(" and texts[end - 1] == "NODES":
                continue  # a method of a column of XML
            whole = self.raw(i, min(end, stop))
            here, self.at = self.at, i
            try:
                if self.is_name() and self.qname().link:
                    found.setdefault(whole.upper(), Clause("remote_object", whole, self.span(i, end)))
            except ReadError:
                pass
            finally:
                self.at = here
        return tuple(found.values())

    def _own_parts(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Ranges of the buffer that name the script's own database in front of a schema or an object."""
        texts = self.texts
        found = []
        for i in range(start, stop - 2):
            if texts[i + 1] != "." or (i > start and texts[i - 1] == "."):
                continue
            word = unquoted(texts[i]).upper() if texts[i][0] in '"[' else texts[i]
            if not self.databases.owns(word) or word == "TEMPDB" or word in self.databases.schemas:
                continue
            if texts[i + 2] == ".":
                found.append((self.starts[i], self.ends[i + 2]))
            elif i + 3 < stop and texts[i + 3] == ".":
                found.append((self.starts[i], self.ends[i + 1]))
        return found


def note_spellings(piece: Piece, spelled: dict[str, str]) -> None:
    """Remember how each name is first written."""
    for token, start, end in zip(piece.texts, piece.starts, piece.ends, strict=False):
        first = token[:1]
        if first in ("[", '"'):
            inner = unquoted(token)
            spelled.setdefault(inner.upper(), inner)
        elif first.isalpha() or first in ("_", "@", "#"):
            spelled.setdefault(token, piece.buffer[start:end])
