"""Oracle scripts to a catalog: runs the splitter's pieces through the readers, in script order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..diagnostics import Log
from ..ir.catalog import (
    Catalog,
    Clause,
    Data,
    Index,
    Notes,
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
from ..options import Options
from ..source import SourceError, SourceFile, Span, read_file
from . import clauses, dynamic, oracle_alter, oracle_objects, oracle_table
from .base import Builder, statement_other
from .cursor import Cursor, ReadError, comment_text
from .piece import Piece, is_blank
from .split import split
from .sqlplus import Client, included

MAX_INCLUDES: Final = 20


def read_scripts(files: tuple[SourceFile, ...], options: Options, log: Log) -> Catalog:
    """The catalog of all files, in the order given."""
    reader = Reader(files, options, log)
    for number in range(len(files)):
        reader.script(number)
    return reader.builder.finish(tuple(reader.files))


class Reader:
    """One run over a set of scripts."""

    def __init__(self, files: tuple[SourceFile, ...], options: Options, log: Log) -> None:
        self.files = list(files)
        self.log = log
        self.builder = Builder(log)
        self.client = Client(options.define)
        self.rows = clauses.rows("oracle")
        self.comments = options.comments == "keep"
        self.depth = 0
        self.done: set[int] = set()
        self.paths = {_real(f.path): n for n, f in enumerate(files)}
        self.script_object = -1  # the script object that takes consecutive client lines

    def script(self, number: int) -> None:
        """Read one file, unless an inclusion has read it already."""
        if number in self.done:
            return
        self.done.add(number)
        file = self.files[number]
        text = file.text
        builder = self.builder
        builder.total += len(text)
        last = 0
        tail: tuple[str, ...] = ()
        for piece in split(text):
            builder.claimed += _blank_or_comment(text, last, piece)
            builder.claimed += piece.end - piece.start
            last = piece.end
            if piece.end == piece.start:
                tail = tuple(comment_text(text[s:e]) for s, e in piece.lead)
                continue
            builder.statements += 1
            if piece.form == "client":
                self._client(piece, number)
            else:
                self.piece(piece, number)
        rest = text[last:]
        builder.claimed += len(rest) if tail or is_blank(rest) else 0
        if self.comments and tail:
            builder.tail += tail

    # -- the client's own lines --------------------------------------------------------------------------------------

    def _client(self, piece: Piece, number: int) -> None:
        file = self.files[number]
        line = file.text[piece.start : piece.end].strip()
        at = Span(number, piece.start, piece.end)
        if line == "/":
            if piece.lead or not self.builder.objects:
                self._note_script(at, piece, number)
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
            self._note_script(at, piece, number)
            return
        self.script_object = -1
        name, candidates = target
        subject = self.builder.add(statement_other("client_command", "script", f"@{name}", at, line))
        self._include(name, candidates, at, subject)

    def _include(self, name: str, candidates: list[Path], at: Span, subject: int) -> None:
        number = next((self.paths[k] for k in map(_real, map(str, candidates)) if k in self.paths), None)
        if number is None:
            found = next((p for p in candidates if p.is_file()), None) if self._on_disk() else None
            if found is None:
                self.log.say("SC1003", at, subject, name=name)
                return
            try:
                self.files.append(read_file(found))
            except SourceError as error:
                self.log.say("SC1003", at, subject, name=f"{name} ({error})")
                return
            number = len(self.files) - 1
            self.paths[_real(str(found))] = number
        if self.depth >= MAX_INCLUDES:
            self.log.say("SC1105", at, subject, name=name, limit=MAX_INCLUDES)
            return
        self.depth += 1
        self.script(number)
        self.depth -= 1

    def _on_disk(self) -> bool:
        return Path(self.files[0].path).is_file()

    def _note_script(self, at: Span, piece: Piece, number: int) -> None:
        """Client lines in a row are one script object; so are lone slashes, which join what is before them."""
        builder = self.builder
        if self.script_object == len(builder.objects) - 1 and self.script_object >= 0:
            found = builder.objects[self.script_object]
            builder.objects[self.script_object] = replace(found, also=(*found.also, at))
            return
        line = self.files[number].text[piece.start : piece.end].strip()
        if line.split(None, 1)[0].upper() in ("CONNECT", "CONN", "PASSWORD", "PASSW", "ACCEPT"):
            line = line.split(None, 1)[0]  # a password may follow
        self.script_object = builder.add(
            replace(
                statement_other("client_command", "script", line.split("\n", 1)[0][:60], at, line),
                notes=self._lead(piece, number),
            )
        )

    def _call(self, line: str, at: Span, piece: Piece, number: int) -> None:
        body = line.split(None, 1)[1] if " " in line or "\t" in line else ""
        construct, kind = dynamic.call_construct(body)
        name = body.split("(", 1)[0].strip().rstrip(";").strip()
        other = statement_other(construct, kind, name.upper() or "EXEC", at, line)
        self.builder.add(replace(other, notes=self._lead(piece, number)))

    # -- statements ------------------------------------------------------------------------------------------------

    def piece(self, piece: Piece, number: int, outer: Span | None = None) -> None:
        """Read one statement; whatever happens, it ends as an object with a place."""
        missing: list[tuple[str, int]] = []
        asked: list[tuple[str, int]] = []
        if self.client.active and self.client.mark in piece.buffer[piece.start : piece.end]:
            asked = self.client.asked(piece) if outer is None else []
            piece, missing = self.client.expand(piece)
        at = outer or Span(number, piece.start, piece.end)
        before = len(self.builder.objects)
        cursor = Cursor(piece, number, outer)
        try:
            if piece.form == "broken":
                raise ReadError("SC1102", max(0, cursor.count - 1))
            self._dispatch(cursor, piece, at)
        except ReadError as error:
            self._failed(error, cursor, piece, at, before)
        except RecursionError:
            self._failed(ReadError("SC1101", 0, reason="it is nested too deeply", found="("), cursor, piece, at, before)
        except (ValueError, LookupError, AssertionError):  # a number, a name or a clause where none can stand
            found = cursor.word() or "the end"
            self._failed(
                ReadError("SC1101", cursor.at, reason="it has no known form", found=found), cursor, piece, at, before
            )
        builder = self.builder
        subject = len(builder.objects) - 1
        if subject >= before:
            lead = self._lead(piece, number)
            rest = cursor.remaining_notes() if self.comments else ()
            if lead.before or rest:
                first = builder.objects[before]
                notes = replace(first.notes, before=lead.before + first.notes.before + rest)
                builder.objects[before] = replace(first, notes=notes)
        for name, offset in missing:
            self.log.say("SC1002", Span(number, offset, offset + len(name) + 1), subject, name=name)
        for name, offset in asked:
            self.log.say("SC1012", Span(number, offset, offset + len(name) + 1), subject, name=name)
        if piece.unterminated and subject >= 0:
            self.log.say("SC1106", Span(number, piece.end - 1, piece.end), subject)

    def _lead(self, piece: Piece, number: int) -> Notes:
        if not piece.lead or not self.comments:
            return Notes()
        text = self.files[number].text
        return Notes(tuple(comment_text(text[s:e]) for s, e in piece.lead))

    def _failed(self, error: ReadError, c: Cursor, piece: Piece, at: Span, before: int) -> None:
        builder = self.builder
        del builder.objects[before:]
        kind, name = guess(piece.texts)
        text = self.files[at.file].text[at.start : at.end] if at.file >= 0 else ""
        subject = builder.add(statement_other("unreadable_statement", kind, name, at, text))
        place = c.span(error.index, error.index + 1) if c.count else at
        if piece.fault >= 0 and c.outer is None:
            place = Span(at.file, piece.fault, piece.fault + 1)
        self.log.say(error.code, place, subject, **error.params)

    def _dispatch(self, c: Cursor, piece: Piece, at: Span) -> None:
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
            self._other(c, at, "unknown_statement", "other")
        else:
            handler(self, c, at)

    def _other(self, c: Cursor, at: Span, construct: str, kind: str, name: str = "") -> None:
        c.at = c.count
        text = c.raw(0)
        shown = name or " ".join(c.texts[: min(2, c.count)])
        self.builder.add(statement_other(construct, kind, shown, at, text))

    def _block(self, c: Cursor, at: Span) -> None:
        """An anonymous block: the statements of one that only runs constant DDL, else a block for a person."""
        inner = dynamic.constant_statements(c)
        if inner is None:
            construct, kind = dynamic.block_construct(c)
            self._other(c, at, construct, kind, dynamic.block_name(c, construct))
            return
        before = len(self.builder.objects)
        self._other(c, at, "dynamic_block", "script", "anonymous block")
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
                self._named(c, at, "domain_index", "index")
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
                    self._named(c, at, "attribute_clustering", "other")
                    return
                c.expect("VIEW")
                if c.accept("LOG"):
                    c.accept("ON")
                    self._named(c, at, "mview_log", "other")
                    return
                found = oracle_objects.materialized_view(c, rows)
            case "SYNONYM":
                found = oracle_objects.synonym(c, "PUBLIC" in flags)
            case "TYPE" if c.word() != "BODY":
                found = oracle_objects.user_type(c, rows)
            case "PROCEDURE" | "FUNCTION" | "PACKAGE" | "TRIGGER" | "TYPE":
                found = _routine(c, what, at)
            case "ROLE":
                found = oracle_objects.role(c, False)
            case "USER":
                found = oracle_objects.role(c, True)
            case "DATABASE" if c.word() == "LINK":
                c.at += 1
                self._named(c, at, "database_link", "database_link")
                return
            case "SCHEMA":
                self._schema(c, at)
                return
            case _:
                construct = _CREATE_OTHER.get(what, "unknown_statement")
                self._named(c, at, construct, "index" if construct == "domain_index" else "other")
                return
        if not c.done():
            start = c.at
            c.at = c.count
            found = replace(found, clauses=(*found.clauses, c.clause("unknown_clause", start)))
        builder.replacing = "REPLACE" in flags
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

    def _named(self, c: Cursor, at: Span, construct: str, kind: str) -> None:
        name = ""
        while not c.done() and (not c.is_name() or (c.word() in _LEADING and c.ahead() not in ("", "ON", "AS"))):
            c.at += 1
        if c.is_name():
            name = str(c.qname())
        self._other(c, at, construct, kind, name)

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
                notes = c.remaining_notes() if self.comments else ()
                if notes:
                    found = replace(found, notes=replace(found.notes, before=found.notes.before + notes))
                if found.name != old.name:
                    self._follow(old.name, found.name)
                    builder.objects[subject] = found
                    builder.rename(subject, found.name, at)
                else:
                    builder.change(subject, found, at)
            case "SEQUENCE":
                name = c.qname()
                subject = builder.find(name, Sequence)
                if subject is None:
                    self._other(c, at, "alter_unknown_object", "sequence", str(name))
                    return
                builder.change(subject, oracle_objects.altered_sequence(c, builder.get(subject, Sequence)), at)
            case "INDEX":
                name = c.qname()
                subject = builder.find(name, Index)
                if subject is not None and c.accept("RENAME", "TO"):
                    builder.rename(subject, QName(name.schema, c.name()), at)
                    return
                self._other(c, at, "table_maintenance", "index", str(name))
            case "VIEW" | "MATERIALIZED":
                c.accept("VIEW")
                self._named(c, at, "compile", "other")
            case "TYPE" if not {"COMPILE", "EDITIONABLE", "NONEDITIONABLE"} & set(c.texts[: c.count]):
                self._named(c, at, "alter_unknown_object", "type")
            case "PROCEDURE" | "FUNCTION" | "PACKAGE" | "TYPE":
                self._named(c, at, "compile", "other")
            case "TRIGGER":
                self._named(c, at, "trigger_state", "trigger")
            case "DATABASE" | "PUBLIC" | "SHARED" if "LINK" in (c.word(), c.ahead()):
                while c.accept_any("DATABASE", "LINK"):
                    pass
                name = c.qname()
                text = f"ALTER DATABASE LINK {name}"
                builder.add(statement_other("database_link", "database_link", str(name), at, text))
            case "SESSION" | "SYSTEM" | "DATABASE" | "PLUGGABLE":
                self._other(c, at, "session_setting", "script")
            case "USER" | "ROLE":  # what follows the name may be a password
                name = c.qname()
                builder.add(statement_other("alter_principal", "role", str(name), at, f"ALTER {what} {name}"))
            case _:
                self._named(c, at, _CREATE_OTHER.get(what, "unknown_statement"), "other")

    def _follow(self, old: QName, new: QName) -> None:
        """A renamed table is renamed wherever it is referred to."""
        for subject, found in enumerate(self.builder.objects):
            if isinstance(found, Table) and any(k.references == old for k in found.constraints):
                self.builder.objects[subject] = replace(
                    found, constraints=tuple(oracle_alter.references(old, new, k) for k in found.constraints)
                )
            elif isinstance(found, Index) and found.table == old:
                self.builder.objects[subject] = replace(found, table=new)

    def _rename(self, c: Cursor, at: Span) -> None:
        c.at += 1
        old = c.qname()
        c.accept("RENAME")  # not Oracle's syntax, but it stands in published scripts
        c.expect("TO")
        new = QName(old.schema, c.name())
        for wanted in (Table, View, Sequence):
            subject = self.builder.find(old, wanted)
            if subject is not None:
                if wanted is Table:
                    self._follow(self.builder.objects[subject].name, new)
                self.builder.rename(subject, new, at)
                return
        self._other(c, at, "alter_unknown_object", "table", str(old))

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
        kind = "script"
        if subject is None:
            self.builder.add(statement_other("drop_before_create", kind, f"DROP {what} {name}", at, text))
            return
        found = self.builder.objects[subject]
        if isinstance(found, Table):
            for i, other in enumerate(self.builder.objects):
                if isinstance(other, Index) and other.table == found.name:
                    self.builder.drop(i, at, text)
                elif cascade and isinstance(other, Table) and i != subject:
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
        self._other(c, at, "query_statement", "script")

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
        self._other(c, at, construct, "script")


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

#: Words between CREATE and the name of what is made.
_LEADING: Final = frozenset(
    ["INDEX", "TABLESPACE", "POLICY", "POINT", "ARCHIVE", "SEGMENT", "SOURCE", "CLASS", "NAMED", "UNDO", "TEMPORARY"]
)

Handler = Callable[[Reader, Cursor, Span], None]
_HANDLERS: Final[dict[str, Handler]] = {
    "CREATE": Reader._create, "ALTER": Reader._alter, "DROP": Reader._drop, "COMMENT": Reader._comment,
    "GRANT": Reader._grant, "REVOKE": Reader._grant, "RENAME": Reader._rename,
    "INSERT": Reader._data, "UPDATE": Reader._data, "DELETE": Reader._data, "MERGE": Reader._data,
    "TRUNCATE": Reader._data, "SELECT": Reader._query, "WITH": Reader._query, "(": Reader._query,
    "COMMIT": Reader._script, "ROLLBACK": Reader._script, "SAVEPOINT": Reader._script, "SET": Reader._script,
    "ANALYZE": Reader._script, "PURGE": Reader._script, "AUDIT": Reader._script, "NOAUDIT": Reader._script,
    "CALL": Reader._script, "EXPLAIN": Reader._script, "LOCK": Reader._script, "FLASHBACK": Reader._script,
}  # fmt: skip


def _routine(c: Cursor, what: str, at: Span) -> Routine:
    if what in ("PACKAGE", "TYPE") and c.accept("BODY"):
        what += " BODY"
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    table = None
    if what == "TRIGGER":
        on = next((i for i in range(c.at, c.count) if c.texts[i] == "ON"), None)
        if on is not None and c.texts[on + 1] not in ("DATABASE", "SCHEMA", "NESTED"):
            c.at = on + 1
            table = c.qname() if c.is_name() else None
    c.at = c.count
    wrapped = "WRAPPED" in c.texts[:12]
    extra = (Clause("wrapped_code", "WRAPPED", at),) if wrapped else ()
    return Routine(name, at, what=what.lower(), text=Fragment(c.raw(0), at), table=table, clauses=extra)


def _data_name(c: Cursor) -> QName:
    """The table a DML statement works on, as far as its first words tell."""
    at = 1
    while c.texts[at] in ("INTO", "FROM", "TABLE", "ALL", "FIRST", "ONLY", "(") and at < c.count:
        at += 1
    here, c.at = c.at, at
    try:
        return c.qname()
    except ReadError:
        return QName(None, Name(c.texts[0]))
    finally:
        c.at = here


_KINDS: Final = {
    "TABLE": "table", "INDEX": "index", "VIEW": "view", "SEQUENCE": "sequence", "SYNONYM": "synonym", "TYPE": "type",
    "PROCEDURE": "procedure", "FUNCTION": "function", "PACKAGE": "package", "TRIGGER": "trigger", "ROLE": "role",
    "USER": "role",
}  # fmt: skip


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
    return "other", " ".join(texts[:2])[:60]


def _blank_or_comment(text: str, last: int, piece: Piece) -> int:
    """Characters between two pieces that are blanks or comments; anything else is not counted."""
    gap = piece.start - last
    covered = sum(end - start for start, end in piece.lead)
    at, blanks = last, 0
    for start, end in piece.lead:
        blanks += sum(1 for ch in text[at:start] if ch.isspace() or ch in "\x00\x1a\ufeff")
        at = end
    blanks += sum(1 for ch in text[at : piece.start] if ch.isspace() or ch in "\x00\x1a\ufeff")
    return min(gap, covered + blanks)


def _at_line_start(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()


def _real(path: str) -> str:
    try:
        return str(Path(path).resolve())
    except OSError:
        return path
