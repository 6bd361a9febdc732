"""Oracle scripts to a catalog: runs the splitter's pieces through the readers, in script order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from ..diagnostics import Log
from ..ir.catalog import (
    Catalog,
    Clause,
    Data,
    Index,
    Object,
    Role,
    Routine,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import Call
from ..options import Options
from ..source import SourceFile, Span
from . import dynamic, oracle_alter, oracle_objects, oracle_table, packages, plsql_outputs, plsql_routine
from .base import CREDENTIAL, statement_other
from .cursor import Cursor, ReadError
from .piece import Piece
from .reader import Reader
from .split import split
from .sqlplus import Client, included


class SourceReader(Reader):
    """Reads what SQL*Plus runs."""

    source = "oracle"

    def __init__(self, files: tuple[SourceFile, ...], options: Options, log: Log) -> None:
        super().__init__(files, options, log)
        self.client: Client = Client(options.define)

    def split(self, text: str) -> Iterator[Piece]:
        return split(text)

    def read(self) -> Catalog:
        return plsql_outputs.as_procedures(super().read())

    # -- the client's own lines --------------------------------------------------------------------------------------

    def client_line(self, piece: Piece, number: int) -> None:
        file = self.files[number]
        line = file.text[piece.start : piece.end].strip()
        at = Span(number, piece.start, piece.end)
        if line == "/":
            if piece.lead or not self.builder.objects:
                self._client_line(line, at, piece, number)
            else:  # it ends the statement before it
                self.builder.statements -= 1
            return
        self.client.line(line)
        word = line.split(None, 1)[0].upper() if line else ""
        if word in ("EXEC", "EXECUTE"):
            self._call(line, at, piece, number)
            return
        target = (
            included(self.client.replace(line), file, self.files[0])
            if word[:1] == "@" or word in ("START", "STA")
            else None
        )
        if target is None:
            self._client_line(line, at, piece, number)
            return
        self.script_object = -1
        name, candidates = target
        safe = self.client.safe(f"@{name}")
        other = statement_other("client_command", "script", safe, at, self.client.safe(line))
        subject = self.builder.add(replace(other, notes=self.lead(piece, number)))
        self.include(name, candidates, at, subject)

    def _client_line(self, line: str, at: Span, piece: Piece, number: int) -> None:
        safe = self.client.shown(line)
        self.client_text("client_command", safe.split("\n", 1)[0][:60], safe, at, piece, number)
        if self.client.safe(line) != line:
            self.log.say(CREDENTIAL, at, self.script_object)

    def _call(self, line: str, at: Span, piece: Piece, number: int) -> None:
        body = line.split(None, 1)[1] if " " in line or "\t" in line else ""
        construct, kind = dynamic.call_construct(body)
        name = body.split("(", 1)[0].strip().rstrip(";").strip()
        if construct == "execute_call":
            before = len(self.builder.objects)
            for one in split(f"BEGIN {body.rstrip().rstrip(';')}; END;"):
                program = plsql_routine.anonymous(self.cursor(one, number, at))
                if program is not None and len(program.body.body) == 1 and isinstance(program.body.body[0], Call):
                    own = QName(None, Name(name.upper(), False))
                    found = Routine(own, at, what="call", text=Fragment(line, at), program=program)
                    self.builder.add(replace(found, notes=self.lead(piece, number)))
            if len(self.builder.objects) > before:
                return
        other = statement_other(construct, kind, name.upper() or "EXEC", at, line)
        self.builder.add(replace(other, notes=self.lead(piece, number)))

    # -- statements ------------------------------------------------------------------------------------------------

    def dispatch(self, c: Cursor, piece: Piece, at: Span) -> None:
        if c.count == 0 and not c.buffer[piece.start : piece.end].strip("; \t\r\n") and not piece.lead:
            self.builder.statements -= 1
            return
        if c.count == 0:
            self.builder.add(statement_other("unknown_statement", "other", "", at, ""))
            return
        word = c.word()
        handler = _HANDLERS.get(word)
        if piece.form == "block" and word != "CREATE":
            self._block(c, at)
        elif handler is None:
            self.other(c, at, "unknown_statement", "other")
        else:
            handler(self, c, at)

    def _block(self, c: Cursor, at: Span) -> None:
        """An anonymous block: the statements of one that only runs constant DDL, else a block for a person."""
        inner = dynamic.constant_statements(c)
        if inner is None:
            construct, kind = dynamic.block_construct(c)
            whole = Fragment(c.raw(0, c.count), at)
            program = plsql_routine.anonymous(c) if construct == "anonymous_block" else None
            if program is not None:
                name = QName(None, Name("anonymous block", False))
                self.builder.add(Routine(name, at, what="block", text=whole, program=program))
                return
            self.other(c, at, construct, kind, dynamic.block_name(c, construct))
            return
        before = len(self.builder.objects)
        self.other(c, at, "dynamic_block", "script", "anonymous block")
        for text, place in inner:
            for piece in split(text):
                if piece.form != "client":
                    self.piece(piece, at.file, place)
        if len(self.builder.objects) == before + 2:
            # one statement in a block: the block is nothing of its own
            found = self.builder.objects.pop()
            block = self.builder.objects[before]
            self.builder.objects[before] = replace(found, notes=block.notes)
            self.log.moved({**{n: n for n in range(before + 1)}, before + 1: before})
            self.builder.moved(before + 1, before)
            self.log.say("SC1011", at, before)

    # -- CREATE ----------------------------------------------------------------------------------------------------

    def _create(self, c: Cursor, at: Span) -> None:
        c.at += 1
        words: list[tuple[str, int]] = []
        while c.word() in _BEFORE:
            words.append((c.take(), c.at - 1))
        flags = {w for w, _ in words}
        what = c.take()
        builder = self.builder
        rows = self.rows
        match what:
            case "TABLE":
                found: Object = oracle_table.read(c, rows, [w for w in words if w[0] in oracle_table.FORMS])
            case "INDEX" if "MULTIVALUE" in flags:
                self.named(c, at, "domain_index", "index")
                return
            case "INDEX":
                found = oracle_objects.index(c, rows, "UNIQUE" in flags, "BITMAP" in flags)
            case "SEQUENCE":
                found = oracle_objects.sequence(c)
            case "VIEW":
                found = oracle_objects.view(c, rows, words)
            case "SNAPSHOT":
                found = oracle_objects.materialized_view(c, rows)
            case "MATERIALIZED":
                if c.accept("ZONEMAP"):
                    self.named(c, at, "attribute_clustering", "other")
                    return
                c.expect("VIEW")
                if c.accept("LOG"):
                    c.accept("ON")
                    self.named(c, at, "mview_log", "other")
                    return
                found = oracle_objects.materialized_view(c, rows)
            case "SYNONYM":
                found = oracle_objects.synonym(c, "PUBLIC" in flags)
            case "TYPE" if c.word() != "BODY":
                found = oracle_objects.user_type(c, rows)
            case "PACKAGE":
                packages.create(c, builder, at, "REPLACE" in flags)
                return
            case "PROCEDURE" | "FUNCTION" | "TRIGGER" | "TYPE":
                found = packages.once(builder, _routine(c, what, at), "REPLACE" in flags)
            case "ROLE":
                found = oracle_objects.role(c, False)
            case "USER":
                found = oracle_objects.role(c, True)
            case "DATABASE" if c.word() == "LINK":
                c.at += 1
                self.named(c, at, "database_link", "database_link")
                return
            case "SCHEMA":
                self._schema(c, at)
                return
            case _:
                construct = _CREATE_OTHER.get(what, "unknown_statement")
                self.named(c, at, construct, "index" if construct == "domain_index" else "other")
                return
        found = replace(found, clauses=found.clauses + c.rest())
        builder.replacing = "REPLACE" in flags
        if isinstance(found, Routine):
            packages.add(builder, replace(found, at=at))
        else:
            builder.add(replace(found, at=at))
        builder.replacing = False

    def _schema(self, c: Cursor, at: Span) -> None:
        """CREATE SCHEMA AUTHORIZATION x CREATE TABLE ...: a transaction of several statements."""
        start = c.at
        while not c.done() and c.word() not in ("CREATE", "GRANT"):
            c.at += 1
        name = c.texts[start + 1] if c.count > start + 1 else ""
        self.builder.add(statement_other("session_setting", "schema", name, at, c.raw(0)))
        text = c.buffer
        begins = [
            i for i in range(c.at, c.count) if c.texts[i] in ("CREATE", "GRANT") and _at_line_start(text, c.starts[i])
        ]
        for i, begin in enumerate(begins):
            end = c.ends[begins[i + 1] - 1] if i + 1 < len(begins) else c.ends[c.count - 1]
            offset = c.starts[begin]
            for piece in split(text[offset:end]):
                piece.origin = [(0, offset)]
                self.piece(piece, at.file)

    # -- the rest --------------------------------------------------------------------------------------------------

    def _alter(self, c: Cursor, at: Span) -> None:
        c.at += 1
        what = c.take()
        builder = self.builder
        match what:
            case "TABLE":
                name = c.qname()
                subject = builder.find(name, Table)
                if subject is None:
                    empty = Table(name, at, partial=True)
                    found = oracle_alter.read(c, self.rows, empty, builder, -1)
                    builder.add(replace(found, name=name))
                    return
                old = builder.get(subject, Table)
                found = oracle_alter.read(c, self.rows, old, builder, subject)
                found = self.with_notes(c, found)
                if found.name != old.name:
                    builder.objects[subject] = replace(found, name=old.name)
                    builder.rename(subject, found.name, at)
                else:
                    builder.change(subject, found, at)
            case "SEQUENCE":
                name = c.qname()
                subject = builder.find(name, Sequence)
                if subject is None:
                    self.other(c, at, "alter_unknown_object", "sequence", str(name))
                    return
                builder.change(subject, oracle_objects.altered_sequence(c, builder.get(subject, Sequence)), at)
            case "INDEX":
                name = c.qname()
                subject = builder.find(name, Index)
                if subject is not None and c.accept("RENAME", "TO"):
                    builder.rename(subject, QName(name.schema, c.name()), at)
                    return
                self.other(c, at, "table_maintenance", "index", str(name))
            case "VIEW" | "MATERIALIZED":
                c.accept("VIEW")
                self.named(c, at, "compile", "other")
            case "TYPE" if not {"COMPILE", "EDITIONABLE", "NONEDITIONABLE"} & set(c.texts[: c.count]):
                self.named(c, at, "alter_unknown_object", "type")
            case "PROCEDURE" | "FUNCTION" | "PACKAGE" | "TYPE":
                self.named(c, at, "compile", "other")
            case "TRIGGER":
                self.named(c, at, "trigger_state", "trigger")
            case "DATABASE" | "PUBLIC" | "SHARED" if "LINK" in (c.word(), c.ahead()):
                while c.accept_any("DATABASE", "LINK"):
                    pass
                name = c.qname()
                text = f"ALTER DATABASE LINK {name}"
                builder.add(statement_other("database_link", "database_link", str(name), at, text))
            case "SESSION" | "SYSTEM" | "DATABASE" | "PLUGGABLE":
                self.other(c, at, "session_setting", "script")
            case "USER" | "ROLE":  # what follows the name may be a password
                name = c.qname()
                builder.add(statement_other("alter_principal", "role", str(name), at, f"ALTER {what} {name}"))
            case _:
                self.named(c, at, _CREATE_OTHER.get(what, "unknown_statement"), "other")

    def _rename(self, c: Cursor, at: Span) -> None:
        c.at += 1
        old = c.qname()
        c.accept("RENAME")  # not Oracle's syntax, but it stands in published scripts
        c.expect("TO")
        new = QName(old.schema, c.name())
        for wanted in (Table, View, Sequence):
            subject = self.builder.find(old, wanted)
            if subject is not None:
                self.builder.rename(subject, new, at)
                return
        self.other(c, at, "alter_unknown_object", "table", str(old))

    def _drop(self, c: Cursor, at: Span) -> None:
        text = c.raw(0, c.count)
        c.at += 1
        words = []
        while c.word() in ("PUBLIC", "MATERIALIZED", "FORCE", "DATABASE"):
            words.append(c.take())
        what = c.take()
        while c.word() in ("BODY", "LOG", "ON"):
            what += f" {c.take()}"
        c.accept("IF", "EXISTS")
        name = c.qname() if c.is_name() else QName(None, Name(what))
        cascade = c.accept("CASCADE", "CONSTRAINTS")
        wanted: type[Object] | None = {
            "TABLE": Table, "VIEW": View, "SEQUENCE": Sequence, "INDEX": Index,
            "SYNONYM": Synonym, "TYPE": UserType,
        }.get(what)  # fmt: skip
        subject = self.builder.find(name, wanted) if wanted else None
        c.at = c.count
        if what in packages.DROPPED and packages.drop(self.builder, name, what, at, text):
            return
        kind = "script"
        if subject is None:
            self.builder.add(statement_other("drop_before_create", kind, f"DROP {what} {name}", at, text))
            return
        found = self.builder.objects[subject]
        if isinstance(found, Table):
            for i in self.builder.indexes_of(found.name):
                self.builder.drop(i, at, text)
            for i, other in enumerate(self.builder.objects) if cascade else ():
                if isinstance(other, Table) and i != subject:
                    kept = tuple(k for k in other.constraints if k.references != found.name)
                    if len(kept) < len(other.constraints):
                        self.builder.change(i, replace(other, constraints=kept), at)
        self.builder.drop(subject, at, text)

    def _data(self, c: Cursor, at: Span) -> None:
        verb = c.word()
        extra: tuple[Clause, ...] = ()
        if verb == "TRUNCATE" and c.accept("TRUNCATE", "TABLE"):
            name = c.qname()
            end = c.at
            c.at = c.count
            extra = (c.clause("storage_clause", end),) if end < c.count else ()
            self.builder.add(Data(name, at, verb=verb, statement=c.fragment(0, end), clauses=extra))
            return
        c.at = c.count
        name = _data_name(c)
        columns: tuple[Name, ...] = ()
        list_at = 0
        behind = next((i for i in range(2, min(c.count, 8)) if c.texts[i] in ("VALUES", "SELECT", "WITH", "(")), 0)
        if (
            verb == "INSERT"
            and c.texts[1] == "INTO"
            and behind
            and (c.texts[behind] != "(" or c.texts[behind + 1] == "SELECT")
        ):
            subject = self.builder.find(name, Table)
            if subject is not None:
                columns = tuple(k.name for k in self.builder.get(subject, Table).columns if not k.invisible)
                list_at = c.ends[behind - 1] - c.starts[0]
        self.builder.add(Data(name, at, verb=verb, columns=columns, list_at=list_at, statement=c.fragment(0)))

    def _query(self, c: Cursor, at: Span) -> None:
        self.other(c, at, "query_statement", "script")

    def _comment(self, c: Cursor, at: Span) -> None:
        c.at += 1
        self.builder.add(replace(oracle_objects.comment(c), at=at))

    def _grant(self, c: Cursor, at: Span) -> None:
        revoke = c.take() == "REVOKE"
        found = oracle_objects.grant(c, revoke)
        if found.on is None:
            roles = {o.name.name.text for o in self.builder.objects if isinstance(o, Role) and not o.login}
            found = replace(found, roles=all(word in roles for word, _ in found.privileges))
        self.builder.add(replace(found, at=at))

    def _script(self, c: Cursor, at: Span) -> None:
        construct = "transaction_control" if c.word() in ("COMMIT", "ROLLBACK", "SAVEPOINT") else "session_setting"
        if c.word() in ("ANALYZE", "PURGE", "FLASHBACK"):
            construct = "statistics" if c.word() == "ANALYZE" else "table_maintenance"
        if c.word() in ("AUDIT", "NOAUDIT"):
            construct = "audit"
        if c.word() == "CALL":
            construct = "execute_call"
        if c.word() in ("EXPLAIN", "LOCK"):
            construct = "explain_plan"
        self.other(c, at, construct, "script")


_BEFORE: Final = frozenset(
    """
    OR REPLACE GLOBAL PRIVATE TEMPORARY SHARDED DUPLICATED IMMUTABLE BLOCKCHAIN UNIQUE BITMAP MULTIVALUE PUBLIC
    SHARED FORCE NO NOFORCE EDITIONING EDITIONABLE NONEDITIONABLE JSON COLLECTION AND RESOLVE COMPILE IF
    """.split()
)
_CREATE_OTHER: Final = {
    "DIRECTORY": "directory", "CONTEXT": "context", "CLUSTER": "cluster", "DIMENSION": "dimension",
    "OPERATOR": "operator", "INDEXTYPE": "operator", "LIBRARY": "library", "JAVA": "library", "PROFILE": "profile",
    "TABLESPACE": "tablespace_definition", "UNDO": "tablespace_definition", "BIGFILE": "tablespace_definition",
    "SMALLFILE": "tablespace_definition", "EDITION": "outline", "OUTLINE": "outline", "FLASHBACK": "outline",
    "RESTORE": "outline", "AUDIT": "audit", "ANALYTIC": "analytic_view", "ATTRIBUTE": "analytic_view",
    "HIERARCHY": "analytic_view", "PROPERTY": "property_graph", "RELATIONAL": "json_duality_view",
    "DUALITY": "json_duality_view", "ROLLBACK": "tablespace_definition", "SPFILE": "session_setting",
    "PFILE": "session_setting", "DATABASE": "session_setting", "CONTROLFILE": "session_setting",
    "DISKGROUP": "tablespace_definition", "LOCKDOWN": "profile", "DOMAIN": "column_domain", "SCHEMA": "schema",
    "MLE": "library", "VECTOR": "domain_index", "SEARCH": "domain_index", "HYBRID": "domain_index",
}  # fmt: skip

Handler = Callable[[SourceReader, Cursor, Span], None]
_HANDLERS: Final[dict[str, Handler]] = {
    "CREATE": SourceReader._create, "ALTER": SourceReader._alter, "DROP": SourceReader._drop,
    "COMMENT": SourceReader._comment, "RENAME": SourceReader._rename,
    **dict.fromkeys(("GRANT", "REVOKE"), SourceReader._grant),
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE"), SourceReader._data),
    **dict.fromkeys(("SELECT", "WITH", "("), SourceReader._query),
    **dict.fromkeys(
        """COMMIT ROLLBACK SAVEPOINT SET ANALYZE PURGE AUDIT NOAUDIT CALL EXPLAIN LOCK FLASHBACK""".split(),
        SourceReader._script,
    ),
}  # fmt: skip


def _routine(c: Cursor, what: str, at: Span) -> Routine:
    if what == "TYPE" and c.accept("BODY"):
        what += " BODY"
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    table, behind = None, c.at
    if what == "TRIGGER":
        on = next((i for i in range(c.at, c.count) if c.texts[i] == "ON"), None)
        if on is not None and c.texts[on + 1] not in ("DATABASE", "SCHEMA", "NESTED"):
            c.at = on + 1
            table = c.qname() if c.is_name() else None
    c.at = c.count
    wrapped = "WRAPPED" in c.texts[:12]
    text = Fragment(c.raw(0), at)
    if wrapped:
        hidden = (Clause("wrapped_code", "WRAPPED", at),)
        return Routine(name, at, what=what.lower(), text=text, table=table, clauses=hidden)
    if what not in ("PROCEDURE", "FUNCTION", "TRIGGER"):
        return Routine(name, at, what=what.lower(), text=text, table=table)
    c.at = behind
    program, extra = plsql_routine.program(c, what, at)
    c.at = c.count
    return Routine(name, at, what=what.lower(), text=text, table=table, program=program, clauses=extra)


def _data_name(c: Cursor) -> QName:
    """The table a DML statement works on, as far as its first words tell."""
    at = 1
    while c.texts[at] in ("INTO", "FROM", "TABLE", "ALL", "FIRST", "ONLY", "(") and at < c.count:
        at += 1
    if c.texts[at] == "WHEN":  # of INSERT ALL: the table behind the condition
        at = next((i + 1 for i in range(at, c.count) if c.texts[i] == "INTO"), at)
    here, c.at = c.at, at
    if c.texts[at] == "SELECT" and "FROM" in c.texts[at:]:  # an inline view
        c.at += c.texts[at:].index("FROM") + 1
    elif c.texts[at] == "WHEN" and "INTO" in c.texts[at:]:  # INSERT ALL WHEN ... THEN INTO t
        c.at += c.texts[at:].index("INTO") + 1
    try:
        return c.qname()
    except ReadError:
        return QName(None, Name(c.texts[0]))
    finally:
        c.at = here


def _at_line_start(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()
