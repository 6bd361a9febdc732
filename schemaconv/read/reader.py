"""A run over a set of scripts: cuts them into statements, hands each to its engine's readers, keeps the account.

Whatever a statement does to its reader, it ends as an object with a place; no character is left out of the count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from ..diagnostics import Log
from ..ir.catalog import Catalog, Notes, Table
from ..options import Options
from ..source import SourceError, SourceFile, Span, read_file
from ..sql.lexis import lexis
from ..sql.secrets import in_comment, shown
from . import clauses
from .base import CREDENTIAL, Builder, statement_other
from .cursor import Cursor, ReadError, comment_text
from .piece import Piece, is_blank

MAX_INCLUDES: Final = 20


class Client(Protocol):
    """The client program's state while scripts run: its variables."""

    @property
    def active(self) -> bool:
        """Whether variables are replaced at all."""
        ...

    @property
    def mark(self) -> str:
        """What every variable begins with."""
        ...

    def beware(self, text: str) -> None:
        """Give no value to the variables that stand in ``text`` where a password does."""
        ...

    def safe(self, line: str) -> str:
        """The line without credentials."""
        ...

    def asked(self, piece: Piece) -> list[tuple[str, int]]:
        """Variables inside literals that have no value, with their offsets: the client would ask for them."""
        ...

    def expand(self, piece: Piece) -> tuple[Piece, list[tuple[str, int]]]:
        """``piece`` with its variables replaced, and those that have no value, with their offsets."""
        ...


class Reader:
    """What the readers of all engines share. A subclass gives ``source``, ``split``, ``client``, ``client_line`` and
    ``dispatch``."""

    source: str
    client: Client
    unset_code = "SC1002"  # a variable of the client without a value
    asked_code = "SC1012"  # such a one inside a literal

    def __init__(self, files: tuple[SourceFile, ...], options: Options, log: Log) -> None:
        self.files = list(files)
        self.log = log
        self.lexis = lexis(self.source)
        self.builder = Builder(log, self.lexis.index_of_table, self.lexis.types_apart)
        self.rows = clauses.rows(self.source)
        self.comments = options.comments == "keep"
        self.depth = 0
        self.done: set[int] = set()
        self.paths = {real(f.path): n for n, f in enumerate(files)}
        self.script_object = -1  # the script object that takes consecutive client lines
        self.script_code = ""  # and what is said of them

    def split(self, text: str) -> Iterator[Piece]:
        """The statements of a text, in order."""
        raise NotImplementedError

    def client_line(self, piece: Piece, number: int) -> None:
        """Read a line that is the client program's; ``number`` is that of its file."""
        raise NotImplementedError

    def dispatch(self, c: Cursor, piece: Piece, at: Span) -> None:
        """Read one statement into the builder."""
        raise NotImplementedError

    def uses_variables(self, piece: Piece) -> bool:
        """Whether the piece may hold a variable of the client: a quick look."""
        return self.client.active and self.client.mark in piece.buffer[piece.start : piece.end]

    def cursor(self, piece: Piece, number: int, outer: Span | None) -> Cursor:
        """A cursor over a statement; ``outer`` is the place of the literal that holds it, if one does."""
        return Cursor(piece, number, outer, self.lexis)

    def read(self) -> Catalog:
        """The catalog of all files, in the order given."""
        for number in range(len(self.files)):
            self.script(number)
        return replace(self.builder.finish(tuple(self.files)), engine=self.source)

    def script(self, number: int) -> None:
        """Read one file, unless an inclusion has read it already."""
        if number in self.done:
            return
        if not self.done:
            for given in self.files:
                self.client.beware(given.text)
        self.done.add(number)
        file = self.files[number]
        text = file.text
        builder = self.builder
        builder.total += len(text)
        last = 0
        tail: tuple[str, ...] = ()
        for piece in self.split(text):
            builder.claimed += blank_or_comment(text, last, piece)
            builder.claimed += piece.end - piece.start
            last = piece.end
            if piece.end == piece.start:
                tail = tuple(comment_text(text[s:e]) for s, e in piece.lead)
                self._credentials(piece, number)
                continue
            builder.statements += 1
            if piece.form == "client":
                self.client_line(piece, number)
            else:
                self.piece(piece, number)
            if piece.lead or piece.comments:
                self._credentials(piece, number)
        rest = text[last:]
        builder.claimed += len(rest) if tail or is_blank(rest) else 0
        if self.comments and tail:
            builder.tail += tail

    def _credentials(self, piece: Piece, number: int) -> None:
        """Say of every comment in and before ``piece`` that holds a password that this was taken out."""
        text = self.files[number].text
        for start, end in [*piece.lead, *((s, e) for _, s, e in piece.comments)]:
            comment = text[start:end]
            if in_comment(comment) != comment:
                self.log.say(CREDENTIAL, Span(number, start, end), len(self.builder.objects) - 1)

    def include(self, name: str, candidates: list[Path], at: Span, subject: int) -> None:
        number = next((self.paths[k] for k in map(real, map(str, candidates)) if k in self.paths), None)
        if number is None:
            found = next((p for p in candidates if is_file(p)), None) if self.on_disk() else None
            if found is None:
                self.log.say("SC1003", at, subject, name=self.client.safe(name))
                return
            try:
                self.files.append(read_file(found))
            except SourceError as error:
                self.log.say("SC1003", at, subject, name=self.client.safe(f"{name} ({error})"))
                return
            number = len(self.files) - 1
            self.client.beware(self.files[number].text)
            self.paths[real(str(found))] = number
        if self.depth >= MAX_INCLUDES:
            self.log.say("SC1105", at, subject, name=self.client.safe(name), limit=MAX_INCLUDES)
            return
        self.depth += 1
        self.script(number)
        self.depth -= 1

    def on_disk(self) -> bool:
        return is_file(Path(self.files[0].path))

    def client_text(
        self, construct: str, shown: str, text: str, at: Span, piece: Piece, number: int, code: str = ""
    ) -> None:
        """Keep what the client does: lines in a row are one script object, while the same ``code`` is said of them.

        ``shown`` is the object's name, ``text`` what is kept of the line; neither may hold a password.
        """
        objects = self.builder.objects
        last = self.script_object
        if last >= 0 and last == len(objects) - 1 and code == self.script_code:
            objects[last] = replace(objects[last], also=(*objects[last].also, at))
            return
        self.script_code = code
        other = statement_other(construct, "script", shown, at, text)
        self.script_object = self.builder.add(replace(other, notes=self.lead(piece, number)))

    def piece(self, piece: Piece, number: int, outer: Span | None = None) -> None:
        """Read one statement; whatever happens, it ends as an object with a place."""
        missing: list[tuple[str, int]] = []
        asked: list[tuple[str, int]] = []
        if self.uses_variables(piece):
            asked = self.client.asked(piece) if outer is None else []
            piece, missing = self.client.expand(piece)
        at = outer or Span(number, piece.start, piece.end)
        before = len(self.builder.objects)
        cursor = self.cursor(piece, number, outer)
        try:
            if piece.form == "broken":
                raise ReadError("SC1102", max(0, cursor.count - 1))
            self.dispatch(cursor, piece, at)
        except ReadError as error:
            self.failed(error, cursor, piece, at, before)
        except RecursionError:
            self.failed(ReadError("SC1101", 0, reason="it is nested too deeply", found="("), cursor, piece, at, before)
        except (ValueError, LookupError, AssertionError):  # a number, a name or a clause where none can stand
            found = cursor.word() or "the end"
            self.failed(
                ReadError("SC1101", cursor.at, reason="it has no known form", found=found), cursor, piece, at, before
            )
        builder = self.builder
        subject = before if len(builder.objects) > before else builder.touched
        if subject >= before:
            lead = self.lead(piece, number)
            rest = cursor.remaining_notes() if self.comments else ()
            if lead.before or rest:
                first = builder.objects[before]
                notes = replace(first.notes, before=lead.before + first.notes.before + rest)
                builder.objects[before] = replace(first, notes=notes)
        for name, offset in missing:
            self.log.say(self.unset_code, Span(number, offset, offset + len(name) + 1), subject, name=name)
        for name, offset in asked:
            self.log.say(self.asked_code, Span(number, offset, offset + len(name) + 1), subject, name=name)
        if piece.unterminated and subject >= 0:
            self.log.say("SC1106", Span(number, piece.end - 1, piece.end), subject)

    def lead(self, piece: Piece, number: int) -> Notes:
        if not piece.lead or not self.comments:
            return Notes()
        text = self.files[number].text
        return Notes(tuple(comment_text(text[s:e]) for s, e in piece.lead))

    def with_notes(self, c: Cursor, found: Table) -> Table:
        """``found`` with the comments inside the statement that changes it."""
        notes = c.remaining_notes() if self.comments else ()
        return replace(found, notes=replace(found.notes, before=found.notes.before + notes)) if notes else found

    def failed(self, error: ReadError, c: Cursor, piece: Piece, at: Span, before: int) -> None:
        builder = self.builder
        del builder.objects[before:]
        kind, name = guess(piece.texts)
        text = self.files[at.file].text[at.start : at.end] if at.file >= 0 else ""
        subject = builder.add(statement_other("unreadable_statement", kind, name, at, text))
        place = c.span(error.index, error.index + 1) if c.count else at
        if piece.fault >= 0 and c.outer is None:
            place = Span(at.file, piece.fault, piece.fault + 1)
        params = {key: shown(value, text) for key, value in error.params.items()}
        self.log.say(error.code, place, subject, **params)

    def other(self, c: Cursor, at: Span, construct: str, kind: str, name: str = "") -> None:
        c.at = c.count
        text = c.raw(0)
        self.builder.add(statement_other(construct, kind, name or first_words(c.texts[: min(2, c.count)]), at, text))

    def named(self, c: Cursor, at: Span, construct: str, kind: str) -> None:
        name = ""
        while not c.done() and (not c.is_name() or (c.word() in _LEADING and c.ahead() not in ("", "ON", "AS"))):
            c.at += 1
        if c.is_name():
            name = str(c.qname())
        self.other(c, at, construct, kind, name)


_KINDS: Final = {
    "TABLE": "table", "INDEX": "index", "VIEW": "view", "SEQUENCE": "sequence", "SYNONYM": "synonym", "TYPE": "type",
    "PROCEDURE": "procedure", "FUNCTION": "function", "PACKAGE": "package", "TRIGGER": "trigger", "ROLE": "role",
    "USER": "role",
}  # fmt: skip


#: Words between CREATE and the name of what is made.
_LEADING: Final = frozenset(
    ["INDEX", "TABLESPACE", "POLICY", "POINT", "ARCHIVE", "SEGMENT", "SOURCE", "CLASS", "NAMED", "UNDO", "TEMPORARY"]
)


def guess(texts: list[str]) -> tuple[str, str]:
    """Kind and name of a statement that cannot be read, from its first words."""
    for i, word in enumerate(texts[:10]):
        if word in _KINDS:
            parts = texts[i + 1 : i + 4] if texts[i + 2 : i + 3] == ["."] else texts[i + 1 : i + 2]
            name = "".join(t.strip('"') for t in parts if t[:1].isalnum() or t[:1] in '"._')
            return ("table" if texts[0] == "ALTER" and word == "TABLE" else _KINDS[word]), name
    if texts and texts[0] in ("GRANT", "REVOKE"):
        return "grant", " ".join(texts[1:3])
    if texts and texts[0] == "COMMENT":
        return "comment", ""
    return "other", first_words(texts[:2])


def first_words(texts: list[str]) -> str:
    """What a statement without a name is called; a string in it may be a secret."""
    return " ".join(t for t in texts if t[:1] != "'")[:60]


def blank_or_comment(text: str, last: int, piece: Piece) -> int:
    """Characters between two pieces that are blanks or comments; anything else is not counted."""
    gap = piece.start - last
    covered = sum(end - start for start, end in piece.lead)
    at, blanks = last, 0
    for start, end in piece.lead:
        blanks += sum(1 for ch in text[at:start] if ch.isspace() or ch in "\x00\x1a\ufeff")
        at = end
    blanks += sum(1 for ch in text[at : piece.start] if ch.isspace() or ch in "\x00\x1a\ufeff")
    return min(gap, covered + blanks)


def real(path: str) -> str:
    try:
        return str(Path(path).resolve())
    except (OSError, ValueError):  # no name that a file can have
        return path


def is_file(path: Path) -> bool:
    """Whether there is such a file; a script may name what no file can be called."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
