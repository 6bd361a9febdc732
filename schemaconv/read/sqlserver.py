"""SQL Server scripts to a catalog: runs the splitter's pieces through the readers, in script order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from ..diagnostics import Log
from ..ir.catalog import Catalog, Clause, Notes, Object, Routine, Schema, Sequence, Table, View
from ..ir.fragment import Session
from ..ir.names import Name, QName
from ..options import Options
from ..source import SourceFile, Span
from . import sqlserver_blocks as blocks
from . import sqlserver_calls as calls
from . import sqlserver_history, sqlserver_index
from . import sqlserver_identity as identity
from . import sqlserver_objects as objects
from . import sqlserver_procedures as procedures
from . import sqlserver_rights as rights
from . import sqlserver_session as settings
from . import sqlserver_statements as statements
from .base import CREDENTIAL, statement_other
from .cursor import Cursor
from .piece import Guard, Piece
from .reader import Reader
from .sqlcmd import (
    BATCH_REPEATED,
    BATCH_WRITTEN_OUT,
    VARIABLE_IN_LITERAL,
    VARIABLE_WITHOUT_VALUE,
    Client,
    ends,
    included,
    is_go,
    repeats,
)  # fmt: skip
from .sqlserver_batch import Batch
from .sqlserver_bindings import Bindings
from .sqlserver_collation import Collations
from .sqlserver_cursor import SYSTEM, Databases, TsqlCursor, note_spellings
from .sqlserver_data import data, select
from .sqlserver_drop import drop
from .sqlserver_filters import simplify
from .sqlserver_guards import Judge
from .sqlserver_partition import Partitions
from .sqlserver_passing import Passing
from .sqlserver_variables import Variables, wanted
from .tsql_guards import GUARD_GONE, GUARD_UNDECIDED
from .tsql_split import lex, split

T = TypeVar("T", bound=Object)


class SourceReader(Reader):
    """Reads what sqlcmd and Management Studio run."""

    source = "sqlserver"
    unset_code = VARIABLE_WITHOUT_VALUE
    asked_code = VARIABLE_IN_LITERAL

    def __init__(self, files: tuple[SourceFile, ...], options: Options, log: Log) -> None:
        super().__init__(files, options, log)
        self.client: Client = Client(options.define)
        self.databases = Databases()
        self.session = Session()
        self.batch = Batch()
        self.most_repeats = options.max_repeats
        self.bindings = Bindings(self.builder)
        self.judge = Judge(self.builder, self.databases, self.client_values)
        self.partitions = Partitions(self.builder)
        self.values: calls.Values = {}
        self.changed: dict[QName, int] = {}  # tables outside the script -> their last change
        self.filled: dict[QName, Span] = {}  # tables whose identity column gets values, and where the script says so
        self.ended = False  # sqlcmd has left the script
        self.variables = Variables()
        self.passing = Passing(self.builder)
        self.collations = Collations(self.builder, self.databases)
        self.carried: list[tuple[int, int]] = []  # comments of guards, for the statement that follows
        self.said: set[tuple[int, int]] = set()  # guards that have been named
        self.spelled: dict[str, str] | None = {} if options.names == "keep" else None

    def client_values(self, text: str) -> str:
        """``text`` with the client's variables that have a value."""
        return self.client.replace(text)

    def split(self, text: str) -> Iterator[Piece]:
        return split(text)

    def cursor(self, piece: Piece, number: int, outer: Span | None) -> Cursor:
        if self.spelled is not None:
            note_spellings(piece, self.spelled)
        return TsqlCursor(piece, number, outer, self.lexis, self.databases, self.session)

    def script(self, number: int) -> None:
        """Read one file: in a session of its own, unless another script includes it."""
        if not self.depth:
            self.session, self.ended = Session(), False
        super().script(number)

    def read(self) -> Catalog:
        for number in range(len(self.files)):
            self.script(number)
        self.bindings.resolve(self.files)
        rights.withhold(self.builder)
        self.passing.resolve()
        for name, at in list(self.filled.items()):
            identity.moved(self.builder, name, at)
        self.partitions.resolve(self.log)
        simplify(self.builder, self.lexis)
        compares = self.collations.resolve()
        sqlserver_index.without_columns(self.builder)
        sqlserver_history.resolve(self.builder, lambda said: self.cursor(lex(said.text, "sql"), said.at.file, said.at))
        catalog = replace(self.builder.finish(tuple(self.files)), engine=self.source, compares=compares)
        if self.spelled is not None:
            catalog = replace(catalog, spellings=self.spelled)
        return catalog

    # -- the client's own lines, and the text around statements --------------------------------------------------------

    def client_line(self, piece: Piece, number: int) -> None:
        file = self.files[number]
        line = file.text[piece.start : piece.end].strip()
        at = Span(number, piece.start, piece.end)
        if is_go(line):
            self.variables.clear()
            self.carried += piece.lead
            self._repeated(repeats(line), line, at)
            return
        self.client.line(line)
        target = included(self.client.replace(line), file, self.files[0])
        if target is not None:
            name, candidates = target
            safe = self.client.safe(f":r {name}")
            other = statement_other("sqlcmd_command", "script", safe, at, self.client.safe(line))
            subject = self.builder.add(replace(other, notes=self.lead(piece, number)))
            self.include(name, candidates, at, subject)
            return
        self.ended = self.ended or ends(line)
        notes = self.lead(piece, number)
        safe = self.client.shown(line)
        title = safe.split("\n", 1)[0][:60]
        subject = self.builder.add(replace(statement_other("sqlcmd_command", "script", title, at, safe), notes=notes))
        if self.client.safe(line) != line:
            self.log.say(CREDENTIAL, at, subject)

    def _repeated(self, count: int, line: str, at: Span) -> None:
        """GO ends the batch; with a count it runs it again."""
        batch, self.batch = self.batch, Batch(len(self.builder.objects))
        if count == 1:
            self.builder.statements -= 1
            return
        done = batch.repeat(self.builder, count, self.most_repeats)
        self.batch = Batch(len(self.builder.objects) + 1)
        subject = self.builder.add(statement_other("sqlcmd_command", "script", line, at, line))
        if batch.changes:
            self.log.say(BATCH_WRITTEN_OUT if done else BATCH_REPEATED, at, subject, count=count)

    def piece(self, piece: Piece, number: int, outer: Span | None = None) -> None:
        if piece.form == "guard" or not piece.texts:
            self.builder.statements -= 1
            self.carried += piece.lead + [(start, end) for _, start, end in piece.comments]
            return
        if self.carried and outer is None:
            piece.lead = self.carried + piece.lead
            self.carried = []
        if outer is None:
            if wanted(piece.texts):
                piece = self.variables.filled(piece)
            self.variables.note(piece)
        super().piece(piece, number, outer)

    def lead(self, piece: Piece, number: int) -> Notes:
        """The author's comments, without the banners that Management Studio puts over each object."""
        found = super().lead(piece, number)
        if not found.before:
            return found
        return Notes(tuple(t for t in found.before if not _BANNER.fullmatch(t)))

    # -- statements ----------------------------------------------------------------------------------------------------

    def dispatch(self, c: Cursor, piece: Piece, at: Span) -> None:
        if self.ended:
            self.other(c, at, "behind_exit", "script", " ".join(c.texts[: min(c.count, 3)]))
            return
        self.batch.words.append(c.word())
        if not piece.guards:
            self._runs(c, piece, at)
            return
        barred, undecided = self.judge.barring(piece.guards, at.file, c.outer)
        held = undecided is not None and not (undecided.when_missing and blocks.makes(c))
        if c.word() == "DROP":
            if not drop(self, c, at, barred is None and not held):
                self._barred(c, at, barred)
        elif barred is not None or held:
            self._barred(c, at, barred)
        else:
            self._runs(c, piece, at)
            if self.builder.touched >= 0:
                self._guarded(piece, at, undecided)

    def _runs(self, c: Cursor, piece: Piece, at: Span) -> None:
        self.statement(c, piece, at)
        self.values = calls.after(c.texts[: c.count], self.values)

    def _barred(self, c: Cursor, at: Span, guard: Guard | None) -> None:
        """A statement that does not run on a database that holds only what the script has made; without ``guard``, one
        of which that cannot be told."""
        words = " ".join(c.texts[: min(c.count, 3)])
        if guard is None:
            self.other(c, at, "undecided_statement", "script", words)
            return
        self.other(c, at, "else_branch" if guard.otherwise else "guarded_statement", "script", words)
        self.said.add((at.file, guard.start))

    def _guarded(self, piece: Piece, at: Span, undecided: Guard | None) -> None:
        for guard in piece.guards:
            code = GUARD_UNDECIDED if guard is undecided else GUARD_GONE
            if (at.file, guard.start) not in self.said or guard is undecided:
                self.said.add((at.file, guard.start))
                place = Span(at.file, guard.start, guard.end) if piece.origin is None else at
                self.log.say(code, place, self.builder.touched)

    def statement(self, c: Cursor, piece: Piece, at: Span) -> None:
        """Read one statement, whatever guards it."""
        word = c.word()
        if word in ("CREATE", "ALTER"):
            self._define(c, at)
            return
        if piece.form == "block":
            self._block(c, at)
            return
        if c.count > 1 and c.texts[1] == ":" and c.count == 2:
            self.other(c, at, "script_control", "script")
            return
        handler = _HANDLERS.get(word)
        if handler is not None:
            handler(self, c, at)
            return
        found = statements.find(statements.VERBS, c, 0)
        if word == "DBCC" and identity.reseeded(self.builder, c, at):
            return
        if found is not None:
            self.plain(c, at, *found)
        elif c.is_name() and at.file >= 0:
            self._call(c, at)  # a batch may begin with the name of a procedure
        else:
            self.other(c, at, "unknown_statement", "other")

    def plain(self, c: Cursor, at: Span, construct: str, kind: str, size: int, base: int = 0) -> None:
        """A statement that is named and no more; ``size`` words from ``base`` on are its head."""
        name = statements.shown_name(c, base + size)
        if construct in statements.SECRET:
            text = " ".join([*c.texts[: base + size], name]).rstrip()
            c.at = c.count
            self.builder.add(statement_other(construct, kind, name or text, at, text))
            return
        self.other(c, at, construct, kind, "" if construct == "transaction_control" else name)

    # -- CREATE and ALTER ----------------------------------------------------------------------------------------------

    def _define(self, c: Cursor, at: Span) -> None:
        altering = c.take() == "ALTER"
        either = not altering and c.accept("OR", "ALTER")
        what = c.word()
        reader = _ALTERED.get(what) if altering else None
        if reader is not None:
            reader(self, c, at)
            return
        self.builder.replacing = altering or either
        try:
            made = self._made(c, at)
        finally:
            self.builder.replacing = False
        if made:
            return
        found = statements.find(statements.CLASSES, c, c.at)
        if found is None:
            self.other(c, at, "unknown_statement", "other")
            return
        construct, kind, size = found
        if construct == "database":
            self._database(c, at, altering)
            return
        self.plain(c, at, construct, kind, size, c.at)

    def _made(self, c: Cursor, at: Span) -> bool:
        """Read what CREATE makes (or ALTER makes anew) if it is an object of ours; whether it is."""
        what, second = c.word(), c.ahead()
        builder = self.builder
        match what:
            case "TABLE":
                from . import sqlserver_table

                c.at += 1
                table, indexes = sqlserver_table.read(c, self.rows, at)
                self.collations.made(builder.add(table), table)
                for index in indexes:
                    builder.add(index)
            case "EXTERNAL" if second == "TABLE":
                c.at += 2
                self.other(c, at, "external_table", "table", str(c.qname()))
            case "VIEW" | "MATERIALIZED":
                c.accept("MATERIALIZED")
                c.expect("VIEW")
                self._view(c, at)
            case "PROC" | "PROCEDURE" | "FUNCTION" | "TRIGGER":
                c.at += 1
                kind = "procedure" if what == "PROC" else what.lower()
                self._routine(objects.routine(c, kind, at), at)
            case _ if what in _MADE:
                c.at += 1
                self._add(c, _MADE[what](c), at)
            case "DEFAULT" | "RULE":
                c.at += 1
                self.bindings.define(c, what == "RULE", at)
            case "SCHEMA":
                c.at += 1
                self._schema(c, at)
            case "FULLTEXT" if second != "INDEX":
                return False
            case "XML" if second == "SCHEMA":
                return False
            case "UNIQUE" | "CLUSTERED" | "NONCLUSTERED" | "COLUMNSTORE" | "INDEX" | "PRIMARY" | "XML" | "SPATIAL" | (
                "FULLTEXT" | "SELECTIVE" | "HASH" | "JSON" | "VECTOR"
            ):
                for index in sqlserver_index.read(c, self.rows, at, self.partitions):
                    builder.add(_at_home(index, index.table, at))
            case "PARTITION":
                c.at += 1
                self.partitions.create(c, at)
            case _:
                return False
        return True

    def _add(self, c: Cursor, found: Object, at: Span) -> None:
        found = replace(found, clauses=found.clauses + c.rest())
        if found.name.link:
            found = replace(found, clauses=(*found.clauses, Clause("remote_object", found.name.link, at)))
        self.builder.add(replace(found, at=at))

    def _routine(self, found: Routine, at: Span) -> None:
        """A routine; ALTER, or CREATE OR ALTER, takes the place of an earlier one."""
        builder = self.builder
        numbered = any(k.construct == "numbered_procedure" for k in found.clauses)
        for subject in list(builder.called(found.name.name.text)):
            old = builder.objects[subject]
            if not isinstance(old, Routine) or numbered or old.name.schema != found.name.schema:
                continue
            clause = Clause("replaced_later", str(old.name), old.at)
            if builder.replacing:
                builder.objects[subject] = replace(old, clauses=(*old.clauses, clause))
            else:
                found = replace(found, clauses=(*found.clauses, Clause("already_defined", str(found.name), at)))
            break
        builder.add(found)

    def _schema(self, c: Cursor, at: Span) -> None:
        """CREATE SCHEMA name [AUTHORIZATION owner], perhaps with statements for what lives in it."""
        name = c.name() if c.word() != "AUTHORIZATION" else None
        extra: tuple[Clause, ...] = ()
        start = c.at
        if c.accept("AUTHORIZATION"):
            owner = c.name()
            name = name or owner
            extra = (c.clause("owner", start),)
        assert name is not None
        self.databases.schemas.add(name.text)
        end = c.at
        if name.text in rights.FIXED:
            self.other(c, at, "fixed_schema", "schema", str(name))
            return
        self.builder.add(Schema(QName(None, name), at, clauses=extra))
        begins = [
            i for i in range(end, c.count)
            if c.texts[i] in ("GRANT", "DENY", "REVOKE")
            or c.texts[i : i + 2] in (["CREATE", "TABLE"], ["CREATE", "VIEW"])
        ]  # fmt: skip
        if (begins and begins[0] > end) or (not begins and end < c.count):
            stop = begins[0] if begins else c.count
            c.at = stop
            extra = (*extra, c.clause("unknown_clause", end))
            subject = len(self.builder.objects) - 1
            self.builder.objects[subject] = replace(self.builder.objects[subject], clauses=extra)
        first = len(self.builder.objects)
        for i, begin in enumerate(begins):
            stop = begins[i + 1] if i + 1 < len(begins) else c.count
            offset = c.starts[begin]
            for piece in split(c.buffer[offset : c.ends[stop - 1]]):
                self.builder.statements += 1
                self._inner(piece, c, offset, at)
        for subject in range(first, len(self.builder.objects)):  # what names no schema is made in this one
            found = self.builder.objects[subject]
            if isinstance(found, (Table, View)) and found.name.schema is None:
                self.builder.objects[subject] = replace(found, name=QName(name, found.name.name))

    def _database(self, c: Cursor, at: Span, altering: bool) -> None:
        """CREATE DATABASE makes the script's own home; ALTER DATABASE sets it up."""
        c.at += 1
        name = c.name() if c.is_name() and c.word() not in ("CURRENT", "SET") else None
        if name is not None and not altering:
            self.databases.use(name.text)
        self.collations.said(c, name.text if name is not None else "")
        self.other(c, at, "database_setting" if altering else "database", "script", str(name or "CURRENT"))

    def _alter_table(self, c: Cursor, at: Span) -> None:
        from . import sqlserver_alter, sqlserver_change

        c.at += 1
        builder = self.builder
        name = c.qname()
        if name.link:
            self.other(c, at, "remote_object", "table", str(name))
            return
        subject = builder.find(name, Table)
        if subject is None or builder.get(subject, Table).partial:
            if (change := sqlserver_change.read(c, name, at, builder)) is not None:
                self._add(c, change, at)
                self.changed[name] = builder.touched
                return
        if subject is None or subject < self.changed.get(name, -1):  # what is added later stands behind the change
            found = sqlserver_alter.read(c, self.rows, Table(name, at, partial=True), builder, -1)
            builder.add(replace(found, name=name))
            return
        found = sqlserver_alter.read(c, self.rows, builder.get(subject, Table), builder, subject)
        builder.change(subject, self.with_notes(c, found), at)

    def _alter_sequence(self, c: Cursor, at: Span) -> None:
        c.at += 1
        name = c.qname()
        subject = self.builder.find(name, Sequence)
        if subject is None:
            self.other(c, at, "alter_unknown_object", "sequence", str(name))
            return
        changed = objects.altered_sequence(c, self.builder.get(subject, Sequence))
        self.builder.change(subject, changed, at)

    def _alter_view(self, c: Cursor, at: Span) -> None:
        c.at += 1
        self.builder.replacing = True
        self._view(c, at)
        self.builder.replacing = False

    def _view(self, c: Cursor, at: Span) -> None:
        start = c.at
        found = objects.view(c)
        assert isinstance(c, TsqlCursor)
        self._add(c, replace(found, clauses=found.clauses + c.remote(start, c.count)), at)

    def _alter_index(self, c: Cursor, at: Span) -> None:
        c.at += 1
        if not sqlserver_index.alter(c, self.builder, at):
            self.plain(c, at, "table_maintenance", "index", 1, 1)

    def _alter_fulltext(self, c: Cursor, at: Span) -> None:
        if c.ahead() != "INDEX":
            found = statements.find(statements.CLASSES, c, c.at)
            self.plain(c, at, *(found or ("unknown_statement", "other", 1)), c.at)
            return
        c.at += 2
        table = sqlserver_index.alter_fulltext(c, self.builder, at)
        if table:
            self.other(c, at, "alter_unknown_object", "index", table)

    def _alter_partition(self, c: Cursor, at: Span) -> None:
        c.at += 1
        self.partitions.alter(c, at)

    def _alter_role(self, c: Cursor, at: Span) -> None:
        c.at += 1
        name = c.name()
        verb = c.accept_any("ADD", "DROP", "WITH")
        if verb in ("ADD", "DROP"):
            c.expect("MEMBER")
            self.builder.add(replace(rights.membership(c, name, c.name(), verb == "DROP"), at=at))
            return
        self._principal(c, at, "ROLE", str(name))

    def _alter_user(self, c: Cursor, at: Span) -> None:
        c.at += 1
        self._principal(c, at, "USER", str(c.name()))

    def _principal(self, c: Cursor, at: Span, what: str, name: str) -> None:
        c.at = c.count  # a password may follow
        self.builder.add(statement_other("alter_principal", "role", name, at, f"ALTER {what} {name}"))

    def _alter_schema(self, c: Cursor, at: Span) -> None:
        """ALTER SCHEMA s TRANSFER [class::] object: the object moves."""
        c.at += 1
        schema = c.name()
        if not c.accept("TRANSFER"):
            self.plain(c, at, "owner_change", "script", 2)
            return
        if c.ahead() == "::":
            c.at += 2
        elif "::" in c.texts[c.at : c.at + 5]:
            c.at = c.texts.index("::", c.at) + 1
        name = c.qname()
        home = None if schema.text == self.lexis.default_schema else schema
        for subject in self.builder.called(name.name.text):
            found = self.builder.objects[subject]
            if found.name.schema == name.schema:
                self.builder.rename(subject, QName(home, found.name.name), at)
                return
        self.other(c, at, "alter_unknown_object", "script", str(name))

    def _state(self, c: Cursor, at: Span) -> None:
        """ENABLE or DISABLE TRIGGER."""
        c.expect(c.word(), "TRIGGER")
        name = "ALL" if c.word() == "ALL" else str(c.qname())
        self.other(c, at, "trigger_state", "trigger", name)

    # -- rights, data, settings ----------------------------------------------------------------------------------------

    def _rights(self, c: Cursor, at: Span) -> None:
        found = rights.grant(c)
        if found.on is not None and not found.on_kind:
            code = any(isinstance(self.builder.objects[s], Routine) for s in self.builder.called(found.on.name.text))
            found = rights.spelled_out(found, code)
        self.builder.add(replace(_at_home(found, found.on, at), at=at))

    def _use(self, c: Cursor, at: Span) -> None:
        c.at += 1
        name = c.name() if c.is_name() else Name("?")
        known = list(self.databases.used)
        self.databases.use(name.text)
        self.databases.current = name.text
        another = bool(known) and name.text not in known and name.text not in SYSTEM and self._has_tables()
        self.other(c, at, "several_databases" if another else "session_setting", "script", f"USE {name}")

    def _has_tables(self) -> bool:
        return any(isinstance(o, (Table, View)) for o in self.builder.objects)

    def _set(self, c: Cursor, at: Span) -> None:
        if c.texts[1] == "IDENTITY_INSERT":
            c.at = 2
            name = c.qname()
            if c.accept("ON"):
                self.filled[name] = at
            else:
                self.filled.pop(name, None)
                if identity.moved(self.builder, name, at):
                    c.at = c.count
                    return
            self.other(c, at, "identity_insert", "script", f"IDENTITY_INSERT {name}")
            return
        self.databases.set_null(c.texts[1 : c.count])
        self.session = settings.after(c.texts[: c.count], self.session)
        construct = "script_control" if c.texts[1] in ("NOEXEC", "PARSEONLY", "FMTONLY") else "session_setting"
        self.other(c, at, construct, "script")

    def _drop(self, c: Cursor, at: Span) -> None:
        drop(self, c, at, True)

    def _data(self, c: Cursor, at: Span) -> None:
        if statements.find(statements.VERBS, c, 0) == ("statistics", "script", 2):
            self.plain(c, at, "statistics", "script", 2)
        else:
            data(self, c, at)

    def _select(self, c: Cursor, at: Span) -> None:
        select(self, c, at)

    def _execute(self, c: Cursor, at: Span) -> None:
        if c.ahead() == "AS" and c.count > 2:
            self.other(c, at, "session_setting", "script", "EXECUTE AS")
            return
        self._call(c, at)

    def _call(self, c: Cursor, at: Span) -> None:
        inner = blocks.constant_text(c)
        if inner is not None:
            self._open(c, at, *inner)
            return
        if c.word() in ("EXEC", "EXECUTE") and c.ahead() == "(":
            self.other(c, at, "dynamic_sql", "script", "EXECUTE of a text")
            return
        call = calls.read(c, self.values)
        if call is None:
            self.other(c, at, "execute_call", "script", "EXECUTE")
            return
        if call.name == "SP_EXECUTESQL":
            self.other(c, at, "dynamic_sql", "script", "sp_executesql")
            return
        if procedures.run(self, call, c, at):
            return
        construct, kind = calls.construct(call.name)
        if construct == "job" and procedures.more_of_job(self.builder, at):
            return
        name = call.argument(0, "OBJNAME", "NAME", "JOB_NAME", "LOGINAME", "ROLENAME", "SERVER", "TABNAME") or ""
        if construct in statements.SECRET:
            self.builder.add(statement_other(construct, kind, name or call.shown, at, f"EXEC {call.shown} {name}"))
            c.at = c.count
            return
        if construct in ("execute_call", "system_procedure") or not name:
            name = call.shown
        elif construct not in ("job", "trigger_order"):
            name = f"{call.shown} {name}"
        self.other(c, at, construct, kind, name)

    # -- blocks --------------------------------------------------------------------------------------------------------

    def _block(self, c: Cursor, at: Span) -> None:
        if c.word() in ("EXEC", "EXECUTE"):
            self._call(c, at)
        elif (parts := blocks.opened(c)) is not None:
            self._unwrap(c, at, *parts)
        elif blocks.steers(c):
            self.session = settings.disturbed(c.texts[: c.count], self.session)
            self.other(c, at, "script_control", "script", c.texts[0])
        elif (found := blocks.seed(c)) is not None:
            data(self, c, at, found)
        else:
            self.session = settings.disturbed(c.texts[: c.count], self.session)
            called = {calls.construct(t)[0] for t in c.texts[: c.count] if t.startswith("SP_ADD_JOB")}
            if called == {"job"}:
                self.other(c, at, "job", "job", procedures.job_name(c))
            else:
                self.other(c, at, "anonymous_block", "script", "anonymous block")

    def _inner(self, piece: Piece, c: Cursor, offset: int, at: Span) -> None:
        """Read a statement that was cut from the text of another, where that begins at ``offset``."""
        home = c.place(offset, offset).start
        piece.origin = [(0, home)]
        piece.start += home
        piece.end += home
        piece.lead = [(start + home, end + home) for start, end in piece.lead]
        self.piece(piece, at.file, c.outer)

    def _unwrap(self, c: Cursor, at: Span, start: int, end: int) -> None:
        """Read the statements of a block that does nothing but run them in order."""
        builder = self.builder
        first = len(builder.objects)
        offset = c.starts[start]
        text = c.buffer[offset : c.ends[end - 1]]
        c.at = c.count
        for piece in split(text):
            if piece.form == "client":
                continue
            builder.statements += 1
            self._inner(piece, c, offset, at)
        builder.statements -= 1
        if len(builder.objects) > first:
            self.log.say("SC1039", at, first)
        elif builder.touched >= 0:
            self.log.say("SC1039", at, builder.touched)

    def _open(self, c: Cursor, at: Span, text: str, place: Span) -> None:
        """Read what a constant text runs as if it stood in the script."""
        c.at = c.count
        builder = self.builder
        before, session = builder.touched, self.session
        for piece in split(text):
            if piece.form == "client":
                continue
            builder.statements += 1
            self.piece(piece, at.file, place)
        builder.statements -= 1
        self.session = session  # what a text sets is undone at its end
        if builder.touched != before or builder.touched >= 0:
            self.log.say("SC1011", place, builder.touched)


def _at_home(found: T, of: QName | None, at: Span) -> T:
    """``found``, which is about ``of``; named, if that lives in another database."""
    if of is None or not of.link:
        return found
    return replace(found, clauses=(*found.clauses, Clause("remote_object", f"{of.link}: {of}", at)))


#: ``/****** Object:  Table [dbo].[t]    Script Date: 01.02.2024 ******/``
_BANNER: Final = re.compile(r"\**\s*(?:Object:\s.*\sScript Date:\s.*|Statement:\s.*)\**", re.IGNORECASE | re.DOTALL)


#: Objects whose readers need nothing but their statement.
_MADE: Final[dict[str, Callable[[Cursor], Object]]] = {
    "SEQUENCE": objects.sequence, "SYNONYM": objects.synonym, "TYPE": objects.user_type, "ROLE": rights.role,
    "USER": rights.user,
}  # fmt: skip
Handler = Callable[[SourceReader, Cursor, Span], None]
_ALTERED: Final[dict[str, Handler]] = {
    "TABLE": SourceReader._alter_table, "SEQUENCE": SourceReader._alter_sequence, "INDEX": SourceReader._alter_index,
    "VIEW": SourceReader._alter_view, "ROLE": SourceReader._alter_role, "USER": SourceReader._alter_user,
    "SCHEMA": SourceReader._alter_schema, "PARTITION": SourceReader._alter_partition,
    "FULLTEXT": SourceReader._alter_fulltext,
}  # fmt: skip
_HANDLERS: Final[dict[str, Handler]] = {
    "DROP": SourceReader._drop, "USE": SourceReader._use, "SET": SourceReader._set,
    **dict.fromkeys(("GRANT", "DENY", "REVOKE"), SourceReader._rights),
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE"), SourceReader._data),
    **dict.fromkeys(("SELECT", "WITH"), SourceReader._select),
    **dict.fromkeys(("ENABLE", "DISABLE"), SourceReader._state),
    **dict.fromkeys(("EXEC", "EXECUTE"), SourceReader._execute),
}  # fmt: skip
