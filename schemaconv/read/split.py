"""Cut Oracle scripts into statements: SQL, PL/SQL blocks and client lines.

Follows SQL*Plus (User's Guide and Reference 23ai, "Running SQL Statements", "Running PL/SQL Blocks"): SQL ends at a
semicolon or at a line with a lone slash; a PL/SQL unit ends at the lone slash, and, because many tools write none,
also where its own END closes it and something new begins. Every character of the text lands in exactly one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..sql.tokens import COMMENT, OPERATOR, ORACLE, STRING, WORD
from .piece import Piece, folded, line_end, skip_blank, starts_line

#: SQL*Plus commands and their shortest spellings: a line that begins with one is the client's, not the server's.
CLIENT: Final = frozenset(
    """
    PROMPT PRO SPOOL SPO WHENEVER DEFINE DEF UNDEFINE UNDEF COLUMN COL BREAK BRE BTITLE TTITLE TTI BTI
    COMPUTE COMP ACCEPT ACC PAUSE PAU CONNECT CONN DISCONNECT DISC EXIT QUIT HOST EXEC EXECUTE VARIABLE VAR PRINT
    SHOW SHO DESCRIBE DESC CLEAR CL TIMING TIMI STORE SAVE SAV GET RUN LIST START STA PASSWORD PASSW ARCHIVE RECOVER
    STARTUP SHUTDOWN REPHEADER REPFOOTER OERR EDIT ED XQUERY HISTORY HIST DDL LOAD SSHTUNNEL TNSPING ALIAS BRIDGE
    CTAS INFO LB LIQUIBASE MODELER OCI REST SCRIPT SETERRORL CD HELP
    """.split()
)
#: SET followed by one of these is SQL; any other SET is SQL*Plus'.
_SQL_SET: Final = frozenset({"ROLE", "TRANSACTION", "CONSTRAINT", "CONSTRAINTS"})
_UNIT: Final = frozenset({"PROCEDURE", "FUNCTION", "PACKAGE", "TRIGGER", "LIBRARY"})
_BEFORE_UNIT: Final = frozenset(
    {"OR", "REPLACE", "EDITIONABLE", "NONEDITIONABLE", "NO", "FORCE", "NOFORCE", "IF", "NOT", "EXISTS"}
)
#: What may begin a statement behind a finished PL/SQL unit.
_STARTERS: Final = frozenset(
    """
    CREATE ALTER DROP COMMENT GRANT REVOKE INSERT UPDATE DELETE MERGE SELECT WITH COMMIT ROLLBACK BEGIN DECLARE SET
    TRUNCATE RENAME ANALYZE AUDIT CALL LOCK PURGE EXPLAIN SAVEPOINT ADMINISTER ASSOCIATE FLASHBACK NOAUDIT
    """.split()
)
#: A new statement at the start of a line shows that the one before was not terminated.
_RESTART: Final = re.compile(
    r"(?:CREATE\s+(?:OR\s+REPLACE|TABLE|GLOBAL|UNIQUE|INDEX|BITMAP|SEQUENCE|VIEW|FORCE|PUBLIC|SYNONYM|TRIGGER|PROCEDURE"
    r"|FUNCTION|PACKAGE|TYPE|MATERIALIZED|USER|ROLE)|ALTER\s+(?:TABLE|SESSION|SEQUENCE|INDEX|TRIGGER)"
    r"|DROP\s+(?:TABLE|SEQUENCE|INDEX|VIEW|TRIGGER)|COMMENT\s+ON|INSERT\s+INTO|PROMPT)\b",
    re.IGNORECASE,
)


def split(text: str) -> Iterator[Piece]:
    """All pieces of ``text`` in order. The last may be a ``client`` piece with no text that carries comments."""
    at, size = 0, len(text)
    lead: list[tuple[int, int]] = []
    while True:
        at = skip_blank(text, at)
        if at >= size:
            break
        two = text[at : at + 2]
        if two in ("--", "/*"):
            found = ORACLE.match(text, at)
            if found is not None and found.lastindex == COMMENT:
                lead.append(found.span(COMMENT))
                at = found.end()
                continue
        if _REMARK.match(text, at) and starts_line(text, at):
            lead.append((at, line_end(text, at)))
            at = lead[-1][1]
            continue
        piece = _client(text, at) or _statement(text, at)
        piece.lead, lead = lead, []
        if piece.form in ("sql", "block") and (more := _MORE_ENDS.match(text, piece.end)):
            piece.end = more.end()
        yield piece
        at = piece.end
    if lead:
        yield Piece("client", size, size, text, lead=lead)


#: REMARK is the client's comment, and as much the author's as any other.
_REMARK: Final = re.compile(r"REM(?:ARK)?(?![\w$#])", re.IGNORECASE)
#: Terminators too many: ``END;;``.
_MORE_ENDS: Final = re.compile(r"(?:[ \t]*;)+")
_CLIENT_HEAD: Final = re.compile(r"@@?(?=[\s\w./\\&~$\"'-])|!|#|[A-Za-z]+(?![\w$#])|[/.](?=[ \t]*(?:\r?\n|\Z))")


def _client(text: str, at: int) -> Piece | None:
    """The client line at ``at``, if one stands there at the start of its line."""
    head = _CLIENT_HEAD.match(text, at)
    if head is None or not starts_line(text, at):
        return None
    word = head[0].upper()
    if word == "SET":
        follow = re.compile(r"\s*([A-Za-z]*)").match(text, head.end())
        if follow is None or follow[1].upper() in _SQL_SET:
            return None
    elif word[0] not in "@!/.#" and word not in CLIENT:
        return None
    end = line_end(text, at)
    if word in ("PROMPT", "PRO"):
        return Piece("client", at, end, text)
    while text[at:end].rstrip().endswith("-") and end < len(text):  # a hyphen continues the line
        end = line_end(text, end + 1)
    return Piece("client", at, end, text)


def _alone(text: str, start: int, end: int) -> bool:
    """A slash with nothing else on its line."""
    return starts_line(text, start) and not text[end : line_end(text, end)].strip()


def _statement(text: str, at: int) -> Piece:
    """The statement at ``at``, up to its end and with its tokens."""
    form = _form_at(text, at)
    if form == "sql":
        return _sql(Piece("sql", at, at, text), at)
    return _block(Piece("block", at, at, text), at, _Unit(form))


_FIRST: Final = re.compile(r"[A-Za-z]+|<<")


def _form_at(text: str, at: int) -> str:
    """What kind of PL/SQL unit begins here, or ``sql``; told by the first words."""
    first = _FIRST.match(text, at)
    word = first[0].upper() if first is not None else ""
    if word not in ("CREATE", "BEGIN", "DECLARE", "<<"):
        return "sql"
    if word != "CREATE":
        return "anonymous"
    before: list[str] = []
    for found in ORACLE.finditer(text, at):
        kind = found.lastindex
        if kind == COMMENT:
            continue
        if kind != WORD:
            return "sql"
        token = found[WORD].upper()
        form = _form(before, token)
        if form is not None:
            return form
        before.append(token)
    return "sql"


def _sql(piece: Piece, at: int) -> Piece:
    """SQL ends at a semicolon, at a lone slash, or where the next statement begins though nothing ended this one."""
    text, texts = piece.buffer, piece.texts
    add_text, add_start, add_end = texts.append, piece.starts.append, piece.ends.append
    depth = 0
    for found in ORACLE.finditer(text, at):
        kind = found.lastindex
        if kind == WORD:
            token = folded(found[WORD])
            if token in _RESTART_WORDS and depth == 0 and len(texts) > 2 and _restarts(piece, found.start(WORD)):
                piece.unterminated = True
                piece.end = piece.ends[-1]
                return piece
        elif kind == OPERATOR:
            token = found[OPERATOR]
            if token in _MARKS:
                start, end = found.span(OPERATOR)
                if token == "(":
                    depth += 1
                elif token == ")":
                    depth -= 1
                elif token == ";":
                    piece.end = end
                    return piece
                elif _ends_by_mark(piece, token, start, end):
                    return piece
        elif kind is None:
            break
        elif kind == COMMENT:
            piece.comments.append((len(texts), *found.span(COMMENT)))
            continue
        else:
            token = _literal(found, kind)
        start, end = found.span(kind)
        add_text(token)
        add_start(start)
        add_end(end)
    return _at_end(piece, at)


def _block(piece: Piece, at: int, unit: _Unit) -> Piece:
    """A PL/SQL unit ends at a lone slash, or behind its own END where something new follows."""
    text, texts = piece.buffer, piece.texts
    for found in ORACLE.finditer(text, at):
        kind = found.lastindex
        if kind is None:
            break
        start, end = found.span(kind)
        if kind == COMMENT:
            piece.comments.append((len(texts), start, end))
            continue
        done = False
        if kind == WORD:
            token = folded(found[WORD])
            unit.word(token, texts[-1] if texts else "")
        elif kind == OPERATOR:
            token = found[OPERATOR]
            if token in _MARKS and _ends_by_mark(piece, token, start, end):
                return piece
            done = token == ";" and unit.closes(texts) and _something_new(text, end)
        else:
            token = _literal(found, kind)
        texts.append(token)
        piece.starts.append(start)
        piece.ends.append(end)
        if done:
            piece.end = end
            return piece
    return _at_end(piece, at)


#: Operators that may open or close something, or end a statement.
_MARKS: Final = frozenset("();/'\"")


def _literal(found: re.Match[str], kind: int) -> str:
    token = found[kind]
    if kind == STRING and token[0] != "'":
        return "'\0" + token  # N'..' and q'[..]' keep their prefix behind a mark
    return token


def _restarts(piece: Piece, start: int) -> bool:
    """Whether a statement begins at ``start`` although the one before was never ended."""
    if not _RESTART.match(piece.buffer, start) or piece.texts[-1] in _JOINS:
        return False
    return starts_line(piece.buffer, start)


def _ends_by_mark(piece: Piece, token: str, start: int, end: int) -> bool:
    """End the piece at a lone slash, or as broken at a quote or comment that never ends."""
    text = piece.buffer
    if token == "/" and _alone(text, start, end):
        piece.end = piece.ends[-1] if piece.ends else start
        return True
    if token in "'\"" or (token == "/" and text.startswith("/*", start)):
        piece.form = "broken"
        piece.end = len(text)
        piece.fault = _opening(piece, start)
        return True
    return False


def _at_end(piece: Piece, at: int) -> Piece:
    """The text ends before the statement does."""
    piece.end = piece.ends[-1] if piece.ends else skip_blank(piece.buffer, at)
    if piece.comments:
        piece.end = max(piece.end, piece.comments[-1][2])
    return piece


_NEW_LINE: Final = re.compile(r";\s*\n\s*(?:CREATE|ALTER|INSERT|COMMENT|DROP|GRANT|/)\b", re.IGNORECASE)


def _opening(piece: Piece, last: int) -> int:
    """Where the quote without a partner probably stands: the first text that runs across statements, else ``last``."""
    for text, start, end in zip(piece.texts, piece.starts, piece.ends, strict=True):
        if text[0] in "'\"" and _NEW_LINE.search(piece.buffer, start, end):
            return start
    return last


_RESTART_WORDS: Final = frozenset({"CREATE", "ALTER", "DROP", "COMMENT", "INSERT", "PROMPT"})
#: Words before which a new statement cannot begin: what follows belongs to them.
_JOINS: Final = frozenset(
    {"THEN", "AS", "ON", ",", "AUTHORIZATION", "FOR", "ALL", "FIRST", "ELSE", "INTO", "TO", "OR", "BEFORE", "AFTER"}
)


def _form(before: list[str], token: str) -> str | None:
    """What kind of PL/SQL unit CREATE makes, ``sql`` if none, ``None`` while it cannot be told yet."""
    if not before or token in _BEFORE_UNIT:
        return None
    if token in _UNIT:
        return token.lower()
    if token == "TYPE":
        return None
    if before[-1] == "TYPE":
        return "type body" if token == "BODY" else "sql"
    if token in ("AND", "RESOLVE", "COMPILE", "JAVA"):
        return "java" if token == "JAVA" else None
    return "sql"


class _Unit:
    """Counts what opens and closes in a PL/SQL unit, to know where it ends without a slash."""

    __slots__ = ("body", "form", "header", "open", "pending")

    def __init__(self, form: str) -> None:
        self.form = form
        self.open = 0  # BEGIN and CASE that wait for their END
        self.pending = 0  # subprograms whose body has not closed yet
        self.header = ""  # inside PROCEDURE/FUNCTION name ..., before IS or AS
        self.body = form in ("package", "type body")
        if form in ("package", "type body"):
            self.open = 1
        if form in ("procedure", "function"):
            self.header = "outer"

    def word(self, token: str, previous: str) -> None:
        match token:
            case "BEGIN":
                if previous != "END":
                    self.open += 1
                self.body = True
            case "CASE":
                if previous != "END":
                    self.open += 1
            case "END":
                self.open -= 1
                if self.open == 0 and self.pending and self.form not in ("package", "type body"):
                    self.pending -= 1
            case "IF" | "LOOP":
                if previous == "END":
                    self.open += 1  # END IF and END LOOP close nothing that was counted
                    if self.open == 1 and self.form not in ("package", "type body", "anonymous"):
                        self.pending += 1
            case "PROCEDURE" | "FUNCTION":
                if previous not in ("END", "MEMBER", "STATIC", "CREATE", "REPLACE") and self.open == 0:
                    self.header = "nested"
            case "IS" | "AS":
                if self.header:
                    if self.open == 0:
                        self.pending += 1
                    self.header = ""
                    self.body = True
            case "COMPOUND":
                if self.form == "trigger":
                    self.open += 1
            case "LANGUAGE" | "EXTERNAL":
                if previous in ("IS", "AS") and self.pending:
                    self.pending -= 1
            case _:
                pass

    def closes(self, texts: list[str]) -> bool:
        """Whether the semicolon that follows ``texts`` may end the unit."""
        if self.header == "nested":
            self.header = ""  # a forward declaration
            return False
        if self.open > 0 or self.pending > 0 or self.form in ("java",):
            return False
        last = texts[-1] if texts else ""
        before = texts[-2] if len(texts) > 1 else ""
        ended = last == "END" or before == "END" or (len(texts) > 3 and texts[-4] == "END" and before == ".")
        if self.form in ("procedure", "function", "library"):
            return ended or not self.body or "LANGUAGE" in texts[-12:] or "NAME" in texts[-6:]
        if self.form == "trigger":
            return ended or "CALL" in texts
        return ended


_COMMENTS: Final = re.compile(r"(?:[\s\x00\x1a]|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_NEXT_WORD: Final = re.compile(r"[A-Za-z]+")


def _something_new(text: str, at: int) -> bool:
    """Whether a new statement, a client line or the end of the text follows ``at``."""
    at = _COMMENTS.match(text, at).end()  # type: ignore[union-attr]
    if at >= len(text):
        return True
    if text[at] in "/@!" and starts_line(text, at):
        return True
    if text[at] == ";":
        return True
    word = _NEXT_WORD.match(text, at)
    return word is not None and (word[0].upper() in _STARTERS or (word[0].upper() in CLIENT and starts_line(text, at)))
