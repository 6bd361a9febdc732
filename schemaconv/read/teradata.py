"""Teradata scripts to a catalog: runs the splitter's pieces through the readers, in script order.

Source: Teradata Vantage SQL Data Definition Language Syntax and Examples, and SQL Data Control Language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..diagnostics import Log
from ..ir.catalog import (
    Catalog,
    Clause,
    Column,
    Data,
    Index,
    Object,
    Other,
    Role,
    Routine,
    Schema,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..options import Options
from ..source import SourceFile, Span
from ..sql.prose_secrets import in_prose
from . import (
    teradata_alter,
    teradata_column,
    teradata_data,
    teradata_index,
    teradata_objects,
    teradata_rights,
    teradata_table,
    teradata_upsert,
)  # fmt: skip
from .base import CREDENTIAL, dropped, statement_other
from .bteq import split
from .bteq_client import (
    SAYS,
    VARIABLE_IN_LITERAL,
    VARIABLE_WITHOUT_VALUE,
    Client,
    included,
    kind,
    title,
)
from .bteq_flow import SURE, Flow, Turn
from .bteq_shell import is_script, runs
from .cursor import Cursor, ReadError
from .piece import Piece
from .reader import Reader, first_words
from .teradata_names import at_home, spellings
from .variables import candidates

#: What is said of a statement that runs on one path of a script, and is kept.
ON_ONE_PATH: Final = "SC1047"

#: The session mode, which BTEQ sets in front of a LOGON ("Basic Teradata Query Reference", SESSION TRANSACTION).
_MODE: Final = re.compile(r"\.?[ \t]*SET[ \t]+SESSION[ \t]+TRANSACTION[ \t]+(\w+)", re.IGNORECASE)


class SourceReader(Reader):
    """Reads what BTEQ and its kin run. ``home`` is the database of bare names, as DATABASE set it."""

    source = "teradata"
    unset_code = VARIABLE_WITHOUT_VALUE
    asked_code = VARIABLE_IN_LITERAL

    def __init__(self, files: tuple[SourceFile, ...], options: Options, log: Log) -> None:
        super().__init__(files, options, log)
        self.client: Client = Client(options.define)
        self.flow = Flow()
        self.in_shell = False  # the file at hand is a script of the shell
        self.home: Name | None = None
        self.options = options
        self.ansi = False

    def split(self, text: str) -> Iterator[Piece]:
        return split(text)

    def script(self, number: int) -> None:
        if self.depth == 0:  # another run of the client
            self.home = None
            self.ansi = False
        outer, self.flow = self.flow, Flow(self.files[number].text, self.flow.now if self.depth else SURE)
        inside, self.in_shell = self.in_shell, is_script(self.files[number].text)
        super().script(number)
        self.flow, self.in_shell = outer, inside

    @property
    def multiset(self) -> bool:
        """Whether a table that is neither SET nor MULTISET takes rows twice."""
        return self.ansi or self.options.table_kind == "multiset"

    def compared(self, found: Table, before: tuple[Column, ...] = ()) -> Table:
        """``found``, whose columns but those of ``before`` compare as the session has it where they do not say."""
        if not self.ansi and self.options.case_specific == "no":
            return found
        columns = tuple(k if k in before else teradata_column.specific(k) for k in found.columns)
        return replace(found, columns=columns)

    def read(self) -> Catalog:
        found = super().read()
        return replace(found, spellings=spellings(found))

    def client_line(self, piece: Piece, number: int) -> None:
        """A command of BTEQ or a load utility, or the shell's text around a here-document. What is kept of it bears
        no credential."""
        file = self.files[number]
        text = file.text[piece.start : piece.end].strip()
        at = Span(number, piece.start, piece.end)
        self.client.line(text)
        if mode := _MODE.match(text):
            self.ansi = mode[1].upper() == "ANSI"
        filled = text if piece.shell == "closed" else self.client.replace(text)
        what = kind(text)
        if self.in_shell and not piece.shell:
            self._shell_text(text, at, file, piece, number)
            return
        followed = self.flow.line(text, piece.start, piece.end)
        target = included(filled, file, self.files[0])
        if target is not None:
            self.script_object = -1
            name, candidates = target
            command = "COMPILE" if "COMPILE" in text[: text.find(name)].upper() else "RUN"
            other = statement_other("bteq_command", "script", self.client.safe(f".{command} {name}"), at, "")
            subject = self.builder.add(replace(other, notes=self.lead(piece, number)))
            if self.client.safe(text) != text:
                self.log.say(CREDENTIAL, at, subject)
            self.include(name, candidates, at, subject)
            return
        code = "" if what == "flow" and followed else SAYS.get(what, "")
        construct = "load_command" if what == "load" else "bteq_command"
        safe = self.client.safe(text)
        self.client_text(construct, title(safe), safe, at, piece, number, code)
        if code and what != "load":
            self.log.say(code, at, self.script_object, line=title(safe))
        if safe != text:
            self.log.say(CREDENTIAL, at, self.script_object)

    def _shell_text(self, text: str, at: Span, file: SourceFile, piece: Piece, number: int) -> None:
        """The shell's own text: another run of the client follows it, or a program here runs a file."""
        self.flow.reset()
        self.home, self.ansi = None, False
        safe = self.client.safe(text)
        self.client_text("bteq_command", title(safe), safe, at, piece, number)
        if safe != text:
            self.log.say(CREDENTIAL, at, self.script_object)
        for name in runs(self.client.replace(text)):
            self.script_object = -1
            subject = self.builder.add(statement_other("bteq_command", "script", f"bteq < {name}", at, ""))
            self.include(name, candidates(Path(name.replace("\\", "/")), (file,)), at, subject)
            self.home, self.ansi = None, False
            self.flow.reset()

    # -- statements ------------------------------------------------------------------------------------------------

    def dispatch(self, c: Cursor, piece: Piece, at: Span) -> None:
        if c.count == 0 and not piece.lead and not c.buffer[piece.start : piece.end].strip("; \t\r\n"):
            self.builder.statements -= 1
            return
        if c.count == 0:
            self.builder.add(statement_other("unknown_statement", "other", "", at, ""))
            return
        before = len(self.builder.objects)
        turn = self.flow.path()
        if turn is not None:
            self._on_one_path(c, at, turn)
        else:
            self._statement(c, at)
        if self.home is not None:
            objects = self.builder.objects
            objects[before:] = [at_home(k, self.home) for k in objects[before:]]

    def _statement(self, c: Cursor, at: Span) -> None:
        handler = _HANDLERS.get(c.word())
        if handler is None:
            self.other(c, at, "unknown_statement", "other")
        else:
            handler(self, c, at)

    def _on_one_path(self, c: Cursor, at: Span, turn: Turn) -> None:
        """A statement that runs on one path of the script only. What makes something is kept; what takes something
        away, or sets right what failed, is not."""
        builder = self.builder
        before = len(builder.objects)
        makes = c.word() in ("CREATE", "REPLACE", "CT")
        if turn.fails and not makes and c.word() not in _HARMLESS:
            self._left_out(c, at, turn)
            return
        builder.keeping = True
        try:
            self._statement(c, at)
        finally:
            builder.keeping = False
        if len(builder.objects) == before and c.word() == "" and c.texts[0] in ("DROP", "DELETE", "DEL"):
            self._left_out(c, at, turn)
        elif len(builder.objects) == before or builder.objects[before].kind != "script":
            subject = before if len(builder.objects) > before else builder.touched
            if subject >= 0 and dropped(builder.objects[subject]):
                return  # the script has it already
            self.log.say(ON_ONE_PATH, at, subject, line=title(self.client.safe(turn.line)))

    def _left_out(self, c: Cursor, at: Span, turn: Turn) -> None:
        words = first_words([t for t in c.texts[: min(3, c.count)] if t[0].isalpha() or t[0] == '"'])
        c.at = c.count
        self.builder.add(statement_other("branch_statement", "script", words, at, title(self.client.safe(turn.line))))

    def failed(self, error: ReadError, c: Cursor, piece: Piece, at: Span, before: int) -> None:
        """Of a statement that may hold a password, nothing is shown but its first words."""
        if _secret(c):
            end = min(c.count, 3)
            at = c.span(0, end) if c.count else at
            hidden = {"found": "***"} if "found" in error.params else {}
            error = ReadError(error.code, 0, **(error.params | hidden))
        super().failed(error, c, piece, at, before)

    def other(self, c: Cursor, at: Span, construct: str, kind: str, name: str = "") -> None:
        if not _secret(c):
            super().other(c, at, construct, kind, name)
            return
        shown = name or " ".join(c.texts[: min(2, c.count)])
        self.builder.add(statement_other(construct, kind, shown, c.span(0, 2), f"{c.texts[0]} {c.texts[1]} {name}"))
        c.at = c.count

    def finished(self, c: Cursor, found: Object, at: Span) -> None:
        """Add an object with what is left of its statement."""
        self.builder.add(replace(found, clauses=found.clauses + c.rest(), at=at))

    # -- CREATE ----------------------------------------------------------------------------------------------------

    def _create(self, c: Cursor, at: Span) -> None:
        self.builder.replacing = c.take() == "REPLACE"
        try:
            self._created(c, at)
        finally:
            self.builder.replacing = False

    def _created(self, c: Cursor, at: Span) -> None:
        if c.accept("OR", "REPLACE"):
            self.builder.replacing = True
        kinds: set[str] = set()
        while c.word() in teradata_table.KINDS and c.ahead() not in ("", ".", "("):
            kinds.add(c.take())
        what = c.take()
        match what:
            case "TABLE":
                self._table(c, at, frozenset(kinds))
            case "INDEX" | "UNIQUE":
                c.at -= 1
                self._indexes(c, at)
            case "HASH" if c.accept("INDEX"):
                self.finished(c, teradata_index.hash_index(c, self.rows), at)
            case "JOIN" if c.accept("INDEX"):
                self.finished(c, teradata_index.join_index(c, self.rows, self.home), at)
            case "VIEW":
                self.finished(c, teradata_objects.view(c, self.home, False), at)
            case "RECURSIVE" if c.accept("VIEW"):
                self.finished(c, teradata_objects.view(c, self.home, True), at)
            case "TEMP" | "TEMPORARY" if c.accept("VIEW"):
                self.finished(c, teradata_objects.view(c, self.home, False), at)
            case "MACRO" | "PROCEDURE" | "TRIGGER" | "FUNCTION":
                self.builder.add(teradata_objects.routine(c, what, at, self.home))
            case "TYPE":
                self.finished(c, teradata_objects.user_type(c), at)
            case "DATABASE" | "SCHEMA" | "USER":
                if what == "SCHEMA":
                    c.accept("IF", "NOT", "EXISTS")
                for found in teradata_rights.owner(c, what == "USER"):
                    self.builder.add(found)
            case "ROLE":
                self.builder.add(teradata_rights.role(c))
            case "EXTERNAL" if c.accept("ROLE"):  # whose members a directory knows
                made = teradata_rights.role(c)
                self.builder.add(replace(made, clauses=(Clause("user_settings", c.raw(0, c.count), at),)))
            case _:
                construct, kind = _CREATE_OTHER.get(what, ("unknown_statement", "other"))
                if what == "FOREIGN":
                    c.accept("SERVER")
                elif what == "GLOP":
                    c.accept("SET")
                name = str(c.qname()) if c.is_name() else what
                self.other(c, at, construct, kind, name)

    def _ct(self, c: Cursor, at: Span) -> None:
        c.at += 1
        self._table(c, at, frozenset())

    def _table(self, c: Cursor, at: Span, kinds: frozenset[str]) -> None:
        if "ERROR" in kinds:
            self.named(c, at, "error_table", "table")
            return
        if "FOREIGN" in kinds:
            name = c.qname()
            self.finished_foreign(c, name, at)
            return
        made = teradata_table.read(c, self.rows, kinds, self.home, self.multiset)
        table = self.compared(made.table)
        copy: Data | None = None
        indexes = list(made.indexes)
        if made.copied is not None:
            table, copy, more = self._copied(made, at)
            indexes += more
        table, keys = teradata_table.keys_apart(table)
        indexes += keys
        subject = len(self.builder.objects)
        self.finished(c, table, at)
        if dropped(self.builder.objects[subject]):  # a table of that name is there already
            return
        for index in indexes:
            self.builder.add(index)
        if copy is not None:
            self.builder.add(copy)

    def finished_foreign(self, c: Cursor, name: QName, at: Span) -> None:
        """A foreign table reads files of an object store; its keys and secrets are not looked at."""
        c.at = c.count
        clause = Clause("external_table", f"FOREIGN TABLE {name}", at)
        self.builder.add(Table(teradata_table.within(name, self.home), at, organization="external", clauses=(clause,)))

    def _copied(self, made: teradata_table.Read, at: Span) -> tuple[Table, Data | None, list[Index]]:
        """``CREATE TABLE x AS y``: the columns of ``y`` where the script defines it, else a query of it."""
        assert made.copied is not None
        subject = self.builder.find(made.copied, Table)
        known = self.builder.get(subject, Table) if subject is not None else None
        name = _quoted(made.copied)
        if known is None or known.query is not None or not known.columns:
            text = f"SELECT * FROM {name}" + ("" if made.with_rows else " WHERE 1 = 0")
            return replace(made.table, query=Fragment(text, at)), None, []
        own = made.table.placement is not None or bool(made.indexes)  # then it takes over no index at all
        table = teradata_table.copy_of(made.table, known, own)
        indexes: list[Index] = []
        if not own:
            indexes = [
                replace(k, table=table.name, name=_copied_name(k, table), at=at, also=(), clauses=())
                for k in (self.builder.get(i, Index) for i in self.builder.indexes_of(known.name))
            ]
        copy = None
        if made.with_rows:
            text = f"INSERT INTO {_quoted(table.name)} SELECT * FROM {name}"
            copy = Data(table.name, at, verb="INSERT", statement=Fragment(text, at))
        return table, copy, indexes

    def _indexes(self, c: Cursor, at: Span) -> None:
        for index in teradata_index.statement(c):
            table = self.known(index.table)
            there = self.builder.index_on(table, index.name)
            columns = tuple(p.column for p in index.parts if p.column is not None)
            if there is not None and index.unique and index.name.name == teradata_index.unnamed(table, columns):
                primary = self.builder.get(there, Index)
                if primary.method == "primary":  # one name for two: the unique index is another
                    index = replace(index, name=QName(None, teradata_index.unnamed(table, columns, "uidx")))
            self.finished(c, replace(index, table=table), at)

    def known(self, name: QName) -> QName:
        """``name`` in the database that it means: that of the table of the script, else the one at hand."""
        return teradata_table.within(name, self.home)

    # -- changes ---------------------------------------------------------------------------------------------------

    def _alter(self, c: Cursor, at: Span) -> None:
        c.at += 1
        what = c.take()
        if what == "TABLE":
            self._alter_table(c, at)
            return
        construct, kind = _ALTER_OTHER.get(what, ("unknown_statement", "other"))
        name = str(c.qname()) if c.is_name() else what
        self.other(c, at, construct, kind, name)

    def _alter_table(self, c: Cursor, at: Span) -> None:
        builder = self.builder
        name = self.known(c.qname())
        if c.word() == "TO" and c.ahead() in ("CURRENT",):
            self.other(c, at, "table_maintenance", "table", str(name))
            return
        subject = builder.find(name, Table)
        if subject is None:
            found, _ = teradata_alter.read(c, self.rows, Table(name, at, partial=True), builder)
            builder.add(replace(self.compared(found), name=name, at=at))
            return
        old = builder.get(subject, Table)
        found, indexes = teradata_alter.read(c, self.rows, old, builder)
        found = self.compared(found, old.columns)
        builder.change(subject, self.with_notes(c, found), at)
        for index in indexes:
            builder.add(index)

    def _modify(self, c: Cursor, at: Span) -> None:
        """MODIFY DATABASE, USER or PROFILE: space, journals and passwords, which are nobody's business."""
        what = c.texts[1] if c.count > 1 else ""
        c.at = min(2, c.count)
        name = str(c.qname()) if c.is_name() else ""
        construct = "database_options" if what == "DATABASE" else "alter_principal"
        shown = f"MODIFY {what} {name}"
        end = min(3, c.count)
        kind = "schema" if what == "DATABASE" else "role"
        self.builder.add(statement_other(construct, kind, name, c.span(0, end), shown))
        c.at = c.count

    def _rename(self, c: Cursor, at: Span) -> None:
        """``RENAME TABLE a TO b`` (or AS)."""
        c.at += 1
        what = c.take()
        wanted: type[Object] | None = {"TABLE": Table, "VIEW": View}.get(what)
        old = self.known(c.qname())
        if not c.accept_any("TO", "AS"):
            raise c.error("TO expected")
        new = self.known(c.qname())
        subject = self.builder.find(old, wanted) if wanted is not None else None
        if subject is None:
            self.other(c, at, "alter_unknown_object", what.lower() if what in ("TABLE", "VIEW") else "other", str(old))
            return
        self.builder.rename(subject, new, at)

    def _drop(self, c: Cursor, at: Span) -> None:
        text = c.raw(0, c.count)
        c.at += 1
        words = [c.take()]
        while c.word() in ("INDEX", "FUNCTION", "SET", "TABLE", "STATISTICS", "STATS", "SERVER") and c.ahead() != ".":
            words.append(c.take())
        what = words[-1] if words[0] != "STATISTICS" else words[0]
        if words[0] in ("STATISTICS", "STATS", "STAT"):
            self.other(c, at, "statistics", "script")
            return
        c.accept("IF", "EXISTS")
        if words == ["INDEX"]:
            self._drop_index(c, at, text)
            return
        name = c.qname() if c.is_name() else QName(None, Name(what))
        if what in _OWNERS and words == [what]:
            c.at = c.count
            self._drop_owner(what, name, at, text)
            return
        wanted: type[Object] | None = {
            "TABLE": Table, "VIEW": View, "TYPE": UserType, "INDEX": View,
        }.get(what)  # fmt: skip
        c.at = c.count
        if words == ["HASH", "INDEX"]:
            wanted = Index
        subject = None
        if what in ("MACRO", "PROCEDURE", "FUNCTION", "TRIGGER"):
            subject = self._routine(self.known(name))
        elif wanted is not None:
            subject = self.builder.find(self.known(name) if wanted is not UserType else name, wanted)
        if subject is None:
            shown = f"DROP {' '.join(words)} {name}"
            self.builder.add(statement_other("drop_before_create", "script", shown, at, text))
            return
        if isinstance(self.builder.objects[subject], Table):
            self.builder.drop_table(subject, at, text)
        else:
            self.builder.drop(subject, at, text)

    def _drop_owner(self, what: str, name: QName, at: Span, text: str) -> None:
        """A role, or a database, which a user is as well; it holds nothing any more when it is dropped."""
        hit = False
        for subject in list(self.builder.defined(name.name.text)):
            found = self.builder.objects[subject]
            fits = isinstance(found, Role) and found.login != (what == "ROLE")
            if found.name == name and (fits or (isinstance(found, Schema) and what != "ROLE")):
                self.builder.drop(subject, at, text)
                hit = True
        if not hit:
            self.builder.add(statement_other("drop_before_create", "script", f"DROP {what} {name}", at, text))

    def _routine(self, name: QName) -> int | None:
        for subject in self.builder.defined(name.name.text):
            found = self.builder.objects[subject]
            if isinstance(found, Routine) and found.name == name:
                return subject
        return None

    def _drop_index(self, c: Cursor, at: Span, text: str) -> None:
        """``DROP INDEX name ON t`` or ``DROP INDEX (columns) ON t``."""
        name: Name | None = None
        columns: tuple[Name, ...] = ()
        if c.word() == "(":
            columns = c.names()
        else:
            name = c.name()
        while not c.done() and not c.accept("ON"):
            c.at += 1
        c.accept("TEMPORARY")
        table = self.known(c.qname()) if c.is_name() else None
        c.at = c.count
        if table is not None:
            for i in self.builder.indexes_of(table):
                found = self.builder.get(i, Index)
                if found.name.name == name or (columns and tuple(p.column for p in found.parts) == columns):
                    self.builder.drop(i, at, text)
                    return
        self.builder.add(statement_other("drop_before_create", "script", text[:60], at, text))

    # -- the rest --------------------------------------------------------------------------------------------------

    def _database(self, c: Cursor, at: Span) -> None:
        c.at += 1
        if c.is_name():
            self.home = c.name()
        self.other(c, at, "session_setting", "script", f"DATABASE {self.home or ''}")

    def _set(self, c: Cursor, at: Span) -> None:
        texts = c.texts
        if texts[1:3] == ["SESSION", "DATABASE"] or (texts[0] == "SS" and texts[1] == "DATABASE"):
            c.at = 3 if texts[0] == "SET" else 2
            self.home = c.name()
        elif texts[1:3] == ["SESSION", "TRANSACTION"]:  # BTEQ's, without its dot
            self.ansi = texts[3] == "ANSI"
        self.other(c, at, "session_setting", "script")

    def _comment(self, c: Cursor, at: Span) -> None:
        text = c.raw(0, c.count)
        found = teradata_objects.comment(c, self.home, self._is_relation, self._owner)
        if isinstance(found, Other):
            subject = self.builder.add(replace(found, at=at))
            if in_prose(text) != text:
                self.log.say(CREDENTIAL, at, subject)
        else:
            self.finished(c, found, at)

    def _owner(self, on: str, name: Name) -> str:
        """Whether the script makes a database, user or role: ``schema``, ``role`` or the empty text."""
        there = [o for o in (self.builder.objects[s] for s in self.builder.defined(name.text)) if o.name.name == name]
        if on == "database":
            return "schema" if any(isinstance(o, Schema) for o in there) or self.builder.holds(name) else ""
        return "role" if any(isinstance(o, Role) and o.login == (on == "user") for o in there) else ""

    def _is_relation(self, name: str) -> bool:
        found = (self.builder.objects[s] for s in self.builder.defined(name))
        return any(isinstance(o, (Table, View)) and o.name.name.text == name for o in found)

    def _grant(self, c: Cursor, at: Span) -> None:
        found = teradata_rights.grant(c, self._is_database)
        if found.on is None:
            known = all(self._owner("role", Name(word)) for word, _ in found.privileges)
            admin = found.admin and all(" " not in word for word, _ in found.privileges)
            found = replace(found, roles=known or admin)
        elif not found.on_kind:
            found = replace(found, on=self.known(found.on), name=self.known(found.on))
        self.finished(c, found, at)

    def _is_database(self, name: QName) -> bool:
        """Whether a bare name means a database: it is one of the script's, and no table or view bears it."""
        if name.schema is not None:
            return False
        builder = self.builder
        called = [builder.objects[s] for s in builder.defined(name.name.text)]
        if any(isinstance(o, (Table, View, Routine)) and o.name.name == name.name for o in called):
            return False
        if any(isinstance(o, Schema) and o.name.name == name.name for o in called):
            return True
        return builder.holds(name.name) or self.home is None

    def _data(self, c: Cursor, at: Span) -> None:
        if c.word() in ("DELETE", "DEL") and c.ahead() in ("DATABASE", "USER"):
            self._delete_database(c, at)
            return
        both = teradata_upsert.read(c, at, self.home)
        for found in both or (teradata_data.read(c, at, self.home, self.builder),):
            self.builder.add(found)

    def _delete_database(self, c: Cursor, at: Span) -> None:
        """``DELETE DATABASE d`` drops all that lives in it."""
        text = c.raw(0, c.count)
        c.at = 2
        name = c.name()
        hit = False
        for subject in self.builder.in_schema(name):
            found = self.builder.objects[subject]
            if isinstance(found, Table):
                self.builder.drop_table(subject, at, text)
            elif isinstance(found, (View, Routine)):
                self.builder.drop(subject, at, text)
            hit = hit or isinstance(found, (Table, View, Routine))
        c.at = c.count
        if not hit:
            self.builder.add(statement_other("drop_before_create", "script", text[:60], at, text))

    def _locking(self, c: Cursor, at: Span) -> None:
        """A request modifier in front of a query or of a data statement."""
        teradata_objects.locking(c)
        if c.word() in _DATA and not c.done():
            start = c.at
            found = teradata_data.read(c, at, self.home, self.builder)
            clause = Clause("locking_modifier", c.raw(0, start), c.span(0, start))
            self.builder.add(replace(found, clauses=(clause,)))
        else:
            self.other(c, at, "query_statement", "script")

    def _modifier(self, c: Cursor, at: Span) -> None:
        """USING, or a temporal qualifier, in front of a statement: data of the client, or of another time."""
        words = [w for w in c.texts[: c.count] if w in _DATA or w in ("SELECT", "SEL")]
        query = not words or words[0] in ("SELECT", "SEL")
        self.other(c, at, "query_statement" if query else "dml_other", "script")

    def _query(self, c: Cursor, at: Span) -> None:
        self.other(c, at, "query_statement", "script")

    def _script(self, c: Cursor, at: Span) -> None:
        self.other(c, at, _SCRIPT[c.word()], "script")


_CREATE_OTHER: Final = {
    "PROFILE": ("profile", "other"), "AUTHORIZATION": ("security_key", "other"), "MAP": ("hash_map", "other"),
    "GLOP": ("glop_set", "other"), "CAST": ("operator", "other"), "ORDERING": ("operator", "other"),
    "TRANSFORM": ("operator", "other"), "CONSTRAINT": ("policy", "other"), "ZONE": ("hash_map", "other"),
    "SERVER": ("database_link", "database_link"), "FOREIGN": ("database_link", "database_link"),
    "SEQUENCE": ("unknown_statement", "sequence"), "ALIAS": ("unknown_statement", "other"),
    "METHOD": ("library", "function"), "GROUP": ("hash_map", "other"),
}  # fmt: skip
_ALTER_OTHER: Final = {
    **dict.fromkeys(("PROCEDURE", "FUNCTION", "METHOD", "MACRO", "TRIGGER"), ("compile", "other")),
    "TYPE": ("alter_unknown_object", "type"), "ROLE": ("alter_principal", "role"), "USER": ("alter_principal", "role"),
    "HASH": ("table_maintenance", "index"), "JOIN": ("table_maintenance", "index"),
    "AUTHORIZATION": ("security_key", "other"), "FOREIGN": ("database_link", "database_link"),
    "CONSTRAINT": ("policy", "other"), "ZONE": ("hash_map", "other"), "REPLICATION": ("hash_map", "other"),
}  # fmt: skip
_OWNERS: Final = frozenset({"DATABASE", "SCHEMA", "USER", "ROLE"})
_SCRIPT: Final = {
    **dict.fromkeys(("COMMIT", "ROLLBACK", "BT", "ET", "BEGIN", "END", "ABORT", "CHECKPOINT"), "transaction_control"),
    **dict.fromkeys(("HELP", "SHOW", "DIAGNOSTIC", "DUMP"), "help_statement"),
    **dict.fromkeys(("EXPLAIN", "STATIC"), "explain_plan"),
    **dict.fromkeys(("COLLECT",), "statistics"),
    **dict.fromkeys(("EXEC", "EXECUTE", "CALL"), "execute_call"),
    **dict.fromkeys(("GIVE",), "database_owner"),
    **dict.fromkeys(("LOGGING",), "audit"),
    **dict.fromkeys("INITIATE RESTART INCREMENTAL COPY UNLOAD RESTORE ARCHIVE".split(), "table_maintenance"),
}  # fmt: skip
_DATA: Final = frozenset({"INSERT", "INS", "UPDATE", "UPD", "DELETE", "DEL", "MERGE"})

Handler = Callable[[SourceReader, Cursor, Span], None]
_HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("CREATE", "REPLACE"), SourceReader._create),
    "CT": SourceReader._ct,
    "ALTER": SourceReader._alter, "MODIFY": SourceReader._modify, "RENAME": SourceReader._rename,
    "DROP": SourceReader._drop, "COMMENT": SourceReader._comment, "DATABASE": SourceReader._database,
    **dict.fromkeys(("SET", "SS", "RESET"), SourceReader._set),
    **dict.fromkeys(("GRANT", "REVOKE"), SourceReader._grant),
    **dict.fromkeys(sorted(_DATA), SourceReader._data),
    **dict.fromkeys(("LOCKING", "LOCK"), SourceReader._locking),
    **dict.fromkeys(
        ("USING", "VALIDTIME", "TRANSACTIONTIME", "CURRENT", "SEQUENCED", "NONSEQUENCED", "NONTEMPORAL"),
        SourceReader._modifier,
    ),
    **dict.fromkeys(("SELECT", "SEL", "WITH", "("), SourceReader._query),
    **dict.fromkeys(sorted(_SCRIPT), SourceReader._script),
}  # fmt: skip

#: What changes nothing, on whichever path it stands.
_HARMLESS: Final = frozenset(_SCRIPT) | {"SELECT", "SEL", "WITH", "LOCKING", "LOCK", "DATABASE", "SET", "SS", "("}

_SECRETS: Final = frozenset({"PASSWORD", "LOGON", ".LOGON", "LOGDATA", "AUTHORIZATION", "IDENTIFIED"})


def _secret(c: Cursor) -> bool:
    """Whether the statement may hold a password or a key."""
    if c.texts[0] in ("SELECT", "SEL", "COMMENT", "GRANT", "REVOKE"):
        return False
    return not _SECRETS.isdisjoint(c.texts[: c.count])


def _quoted(name: QName) -> str:
    """A name as source text that reads the same under every rule."""
    own = f'"{name.name}"'
    return f'"{name.schema}".{own}' if name.schema else own


def _copied_name(index: Index, copy: Table) -> QName:
    """The name of a copied index: elsewhere two tables may not have indexes of one name."""
    return QName(None, teradata_index.unnamed(copy.name, tuple(p.column for p in index.parts if p.column is not None)))
