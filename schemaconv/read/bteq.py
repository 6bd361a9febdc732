"""Cut Teradata scripts into statements: SQL, stored code, and lines of BTEQ, the load utilities and the shell.

Sources: "Basic Teradata Query Reference" (a request ends at a semicolon, which may stand on the line below), "SQL
Stored Procedures and Embedded SQL" (what opens and closes in a body), "SQL Data Definition Language" (CREATE MACRO,
CREATE TRIGGER). Every character of the text lands in exactly one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..sql.formatted import decoded
from ..sql.tokens import COMMENT, OPERATOR, QUOTED, STRING, TERADATA, WORD
from . import bteq_shell
from .bteq_lines import LOGON_STRING, NOISE, command, is_command
from .piece import Piece, folded, line_end, skip_blank, starts_line, trimmed

_CODE: Final = frozenset({"PROCEDURE", "MACRO", "TRIGGER", "FUNCTION"})
#: Words between CREATE or REPLACE and the kind of object.
_BEFORE: Final = frozenset({"CREATE", "REPLACE", "OR", "SPECIFIC"})
#: A new statement at the start of a line shows that the one before was not terminated.
_RESTART: Final = re.compile(
    r"(?:(?:(?:CREATE|REPLACE)\s+(?:MULTISET|SET|TABLE|VOLATILE|GLOBAL|RECURSIVE|VIEW|MACRO|PROCEDURE|DATABASE|USER"
    r"|TRIGGER|FUNCTION|UNIQUE|INDEX|JOIN|HASH|ROLE|PROFILE|TYPE|ERROR|FOREIGN|SCHEMA|AUTHORIZATION)"
    r"|DROP\s+(?:TABLE|VIEW|MACRO|PROCEDURE|FUNCTION|TRIGGER|INDEX|JOIN|HASH|DATABASE|USER|ROLE|PROFILE|STAT\w*|TYPE)"
    r"|ALTER\s+(?:TABLE|TRIGGER|PROCEDURE|FUNCTION)|COLLECT\s+(?:STAT\w*|SUMMARY)|COMMENT\s+ON"
    r"|GRANT\s+(?!OPTION)\w+|REVOKE\s+\w+|RENAME\s+(?:TABLE|VIEW|MACRO|PROCEDURE)|MODIFY\s+(?:USER|DATABASE|PROFILE)"
    r"|(?:SHOW|HELP)\s+(?:TABLE|VIEW|MACRO|PROCEDURE)|DEL(?:ETE)?\s+FROM)\b"
    r"|INS(?:ERT)?\s+(?!(?:ON|VALUES)\b)[\w$#\"]|UPD(?:ATE)?\s+[\w$#\".{}]+\s+(?:SET|FROM)\b"
    r"|(?:EXEC(?:UTE)?|CALL)\s+[\w$#\".{}]+\s*[(;]|DATABASE\s+[\w$#\"{}]+\s*;|(?:BT|ET)\s*;)",
    re.IGNORECASE,
)
_RESTART_WORDS: Final = frozenset(
    """
    CREATE REPLACE DROP ALTER INSERT INS UPDATE UPD DELETE DEL COLLECT COMMENT GRANT REVOKE RENAME MODIFY SHOW HELP EXEC
    EXECUTE CALL DATABASE BT ET
    """.split()
)
#: Words before which no statement begins: what follows belongs to them. The last row ends LOCKING ... FOR ACCESS.
_JOINS: Final = frozenset(
    """
    AS ON THEN , FOR ELSE INTO TO BEFORE AFTER OR ATOMIC EXPLAIN FROM OF WITH GRANT REVOKE
    ACCESS READ WRITE EXCLUSIVE SHARE CHECKSUM NOWAIT OVERRIDE COMMITTED
    """.split()
)
#: Modifiers in front of a statement, and the words that begin the statement proper.
_MODIFIERS: Final = frozenset(
    "USING LOCKING LOCK EXPLAIN NONTEMPORAL CURRENT SEQUENCED NONSEQUENCED VALIDTIME TRANSACTIONTIME".split()
)
_VERBS: Final = _RESTART_WORDS | {"SELECT", "SEL", "MERGE", "WITH"}
#: A unit of code inside another: where it begins, the one before was never closed.
_UNIT: Final = re.compile(r"(?:CREATE|REPLACE)\s+(?:PROCEDURE|FUNCTION|MACRO|TRIGGER)\b", re.IGNORECASE)
_UNIT_IN_PROCEDURE: Final = re.compile(r"(?:CREATE|REPLACE)\s+(?:PROCEDURE|FUNCTION)\b", re.IGNORECASE)
#: BEGIN and one of these is a statement, not a block.
_BEGIN_SQL: Final = re.compile(
    r"BEGIN\s*(?:;|\Z|(?:TRANSACTION|ISOLATED|CONCURRENT|QUERY|LOGGING|LOADING|REQUEST|MLOAD|IMPORT|EXPORT|DELETE|LOAD)\b)",
    re.IGNORECASE,
)
#: What plainly begins something new, at the start of a line.
_PLAIN: Final = (
    rf"(?={_RESTART.pattern}|\.[ \t]*(?:LOGON|LOGOFF|QUIT|EXIT|IF|LABEL|GOTO|SET|EXPORT|RUN|OS)\b)"
)
#: Where reading may go on behind a quote or comment without a partner.
_AGAIN: Final = re.compile(rf"\n[ \t]*{_PLAIN}", re.IGNORECASE)
_AGAIN_BEHIND_END: Final = re.compile(rf";[ \t\r]*\n(?:\s|--[^\n]*\n)*{_PLAIN}", re.IGNORECASE)
_MORE_ENDS: Final = re.compile(r"(?:[ \t]*;)+")
#: After so many quotes and comments without a partner, every text that runs across statements is taken for one.
_PATIENCE: Final = 8


def split(text: str) -> Iterator[Piece]:
    """All pieces of ``text`` in order. The last may be a ``client`` piece with no text that carries comments."""
    if not bteq_shell.is_script(text):
        yield from statements(text)
        return
    lead: list[tuple[int, int]] = []
    for kind, start, end in bteq_shell.regions(text):
        if kind:
            for piece in _Splitter(text).pieces(start, end):
                piece.shell = kind
                if piece.end > piece.start:
                    yield piece
                else:
                    lead = piece.lead
            continue
        first = skip_blank(text, start)
        if first < end:
            yield Piece("client", first, trimmed(text, first, end), text, lead=lead)
            lead = []
    if lead:
        yield Piece("client", len(text), len(text), text, lead=lead)


def statements(text: str) -> Iterator[Piece]:
    """As :func:`split`, of a text that is no shell script."""
    yield from _Splitter(text).pieces(0, len(text))


class _Splitter:
    """Cuts one part of a text. ``breaks`` counts the quotes and comments so far that never end."""

    __slots__ = ("breaks", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = 0

    def pieces(self, at: int, stop: int) -> Iterator[Piece]:
        text = self.text
        first = at
        lead: list[tuple[int, int]] = []
        while True:
            at = skip_blank(text, at)
            if at >= stop:
                break
            if end := _comment(text, at, stop, first):
                lead.append((at, end))
                at = end
                continue
            end = command(text, at, stop)
            piece = Piece("client", at, end, text) if end > 0 else self.statement(at, stop)
            piece.lead, lead = lead, []
            if piece.form in ("sql", "block") and not piece.unterminated:
                if more := _MORE_ENDS.match(text, piece.end, stop):
                    piece.end = more.end()
            yield piece
            at = piece.end
        if lead:
            yield Piece("client", stop, stop, text, lead=lead)

    def statement(self, at: int, stop: int) -> Piece:
        form = _form(self.text, at, stop)
        return self.sql(at, stop) if form == "sql" else self.block(at, stop, _Unit(form))

    def sql(self, at: int, stop: int) -> Piece:
        """SQL ends at a semicolon, or where the next statement begins though nothing ended this one."""
        text = self.text
        piece = Piece("sql", at, at, text)
        texts = piece.texts
        depth = 0
        headed = False  # whether the statement proper has begun, behind its modifiers
        for found in TERADATA.finditer(text, at, stop):
            kind = found.lastindex
            if kind is None:
                break
            start, end = found.span(kind)
            if kind == COMMENT:
                piece.comments.append((len(texts), start, end))
                continue
            if kind == WORD:
                token = folded(found[WORD])
                if not headed:
                    headed = token not in _MODIFIERS if not texts else token in _VERBS
                elif token in _RESTART_WORDS and depth <= 0 and len(texts) > 1 and _restarts(piece, start):
                    return _unterminated(piece)
                if token == "LOGON" and texts and LOGON_STRING.match(text, start, stop):
                    return _unterminated(piece)
            elif kind == OPERATOR:
                token = found[OPERATOR]
                if token in _MARKS:
                    if token == ";":
                        piece.end = end
                        return piece
                    depth += (token == "(") - (token == ")")
                    if self._ends(piece, token, start, stop):
                        return piece
            else:
                if (again := self._runs_across(start, end)) >= 0:
                    return self._broken(piece, start, again)
                token = _literal(found[kind], kind)
                if kind == STRING and texts[-1:] == ["UESCAPE"] and _escaped(piece, token, end):
                    continue
            texts.append(token)
            piece.starts.append(start)
            piece.ends.append(end)
        return _at_end(piece, at)

    def block(self, at: int, stop: int, unit: _Unit) -> Piece:
        """Stored code ends at the semicolon behind its own END, or where something new begins behind it."""
        text = self.text
        piece = Piece("block", at, at, text)
        texts = piece.texts
        for found in TERADATA.finditer(text, at, stop):
            kind = found.lastindex
            if kind is None:
                break
            start, end = found.span(kind)
            if kind == COMMENT:
                piece.comments.append((len(texts), start, end))
                continue
            if kind == WORD:
                token = folded(found[WORD])
                if token in _RESTART_WORDS and len(texts) > 2 and starts_line(text, start):
                    if unit.gives_way(texts, text, start):
                        return _unterminated(piece)
                unit.word(token, texts)
            elif kind == OPERATOR:
                token = found[OPERATOR]
                if token in _MARKS:
                    unit.mark(token, texts)
                    if token == ";" and unit.closed:
                        piece.end = end
                        return piece
                    if self._ends(piece, token, start, stop):
                        return piece
            else:
                if (again := self._runs_across(start, end)) >= 0:
                    return self._broken(piece, start, again)
                token = _literal(found[kind], kind)
                if kind == STRING and texts[-1:] == ["UESCAPE"] and _escaped(piece, token, end):
                    continue
            texts.append(token)
            piece.starts.append(start)
            piece.ends.append(end)
        return _at_end(piece, at)

    def _ends(self, piece: Piece, token: str, start: int, stop: int) -> bool:
        """End the piece at a command of the client, or as broken at a quote or comment that never ends."""
        text = self.text
        if token == "." and piece.texts and is_command(text, start):
            if starts_line(text, start) or LOGON_STRING.match(text, start, stop):
                _unterminated(piece)
                return True
        if token == "**" and piece.texts and NOISE.match(text, start) and starts_line(text, start):
            _unterminated(piece)
            return True
        if token in "'\"" or (token == "/" and text.startswith("/*", start)):
            fault, again = start, -1
            for literal, begin, end in zip(piece.texts, piece.starts, piece.ends, strict=True):
                if literal[0] in "'\"" and (found := _AGAIN_BEHIND_END.search(text, begin, end)):
                    fault, again = begin, found.end()  # the quote without a partner stands further up
                    break
            if again < 0:
                patient = self.breaks < _PATIENCE or token != "/"
                found = _AGAIN.search(text, fault, stop) if patient else None
                again = found.end() if found is not None else stop
            self._broken(piece, fault, again)
            return True
        return False

    def _runs_across(self, start: int, end: int) -> int:
        """Where a new statement begins inside the text from ``start`` to ``end``, if its quotes are no pair; else -1.

        They are none where a word stands close to one of them and the text holds the end of a line of SQL and the
        beginning of a statement.
        """
        text = self.text
        if end - start < 8 or "\n" not in text[start:end]:
            return -1
        found = _AGAIN_BEHIND_END.search(text, start, end)
        if found is None:
            return -1
        bare = _word_at(text, start - 1) and _PREFIX.search(text, max(0, start - 12), start) is None
        close = _word_at(text, end) or bare
        return found.end() if close or self.breaks >= _PATIENCE else -1

    def _broken(self, piece: Piece, fault: int, again: int) -> Piece:
        """``piece`` up to ``again``, with the tokens in front of its fault."""
        self.breaks += 1
        piece.form = "broken"
        piece.fault = fault
        piece.end = trimmed(self.text, fault, again)
        while piece.starts and piece.starts[-1] >= fault:
            for column in (piece.texts, piece.starts, piece.ends):
                column.pop()
        piece.comments = [c for c in piece.comments if c[2] <= fault]
        return piece


#: Operators that may open or close something, or end a statement.
_MARKS: Final = frozenset("();./'\"") | {"**"}
#: Words that may stand close in front of a quote.
_PREFIX: Final = re.compile(r"(?:DATE|TIME|TIMESTAMP|INTERVAL|XB|XC|[NXUE&])\Z|_\w+\Z", re.IGNORECASE)


def _word_at(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _comment(text: str, at: int, stop: int, first: int) -> int:
    """The end of a comment at ``at``, else 0. A line that begins with a star is BTEQ's own form."""
    if text[at] in "-/":
        found = TERADATA.match(text, at, stop)
        return found.end() if found is not None and found.lastindex == COMMENT else 0
    if text[at] == "*" and starts_line(text, at, first) and not NOISE.match(text, at, stop):
        end = line_end(text, at, stop)
        return at + len(text[at:end].rstrip())
    return 0


def _literal(raw: str, kind: int) -> str:
    """A string keeps its prefix or its form behind a mark, so that its first character tells what it is; so does a name
    with escapes that cannot be read, which no reader takes for a name."""
    if raw[0] in "uU" and (plain := _plain(raw, "\\")):
        return plain
    if kind == STRING and (raw[0] != "'" or raw[-1] != "'"):
        return "'\0" + raw
    if kind == QUOTED and raw[0] != '"':
        return "\0" + raw
    return raw


def _plain(raw: str, escape: str) -> str:
    """``U&"x"`` or ``U&'x'`` without its escapes; nothing where they are none."""
    quote = raw[2]
    text = decoded(raw[3:-1].replace(quote * 2, quote), escape)
    return quote + text.replace(quote, quote * 2) + quote if text else ""


def _escaped(piece: Piece, token: str, end: int) -> bool:
    """Whether ``UESCAPE 'x'`` belongs to what stands before it, which then reads as it is meant."""
    raw = piece.buffer[piece.starts[-2] : piece.ends[-2]] if len(piece.texts) > 1 else ""
    if raw[:2].upper() != "U&" or len(token) != 3:
        return False
    piece.texts[-2] = _plain(raw, token[1]) or piece.texts[-2]
    piece.ends[-2] = end
    for column in (piece.texts, piece.starts, piece.ends):
        column.pop()
    return True


def _restarts(piece: Piece, start: int) -> bool:
    """Whether a statement begins at ``start`` although the one before was never ended."""
    texts = piece.texts
    if texts[-1] in _JOINS or not starts_line(piece.buffer, start):
        return False
    return _RESTART.match(piece.buffer, start) is not None


def _unterminated(piece: Piece) -> Piece:
    piece.unterminated = True
    piece.end = piece.ends[-1]
    return piece


def _at_end(piece: Piece, at: int) -> Piece:
    """The text ends before the statement does."""
    piece.end = max(piece.ends[-1] if piece.ends else at, piece.comments[-1][2] if piece.comments else at)
    return piece


def _form(text: str, at: int, stop: int) -> str:
    """What kind of code begins here, or ``sql``; told by the first words."""
    if text[at : at + 5].upper() == "BEGIN":
        return "sql" if _BEGIN_SQL.match(text, at, stop) or _word_at(text, at + 5) else "anonymous"
    if text[at : at + 2].upper() == "CM" and not _word_at(text, at + 2):
        return "macro"
    if text[at] not in "cCrR":
        return "sql"
    seen = False
    for found in TERADATA.finditer(text, at, stop):
        kind = found.lastindex
        if kind == COMMENT:
            continue
        token = found[WORD].upper() if kind == WORD else ""
        if token in _CODE and seen:
            return token.lower()
        if token not in _BEFORE:
            return "sql"
        seen = True
    return "sql"


#: Words behind which END or BEGIN with a parenthesis is the function of a period.
_VALUE_FOLLOWS: Final = frozenset(
    """
    SELECT SEL WHERE AND OR NOT ON WHEN THEN ELSE CASE BETWEEN BY HAVING QUALIFY SET IN LIKE DISTINCT VALUES RETURN IF
    ELSEIF WHILE UNTIL DEFAULT EQ NE GT GE LT LE , ( = < > <= >= <> ^= ~= != + - * / ** ||
    """.split()
)
#: Words that may end the head of a procedure.
_HEAD: Final = frozenset(") : INVOKER OWNER CREATOR DEFINER DATA SQL".split())
_CONTROL: Final = frozenset({"IF", "WHILE", "LOOP", "FOR", "REPEAT"})
#: Behind these a statement of a body begins.
_BEGINS: Final = frozenset({";", "THEN", "ELSE", "BEGIN", "DO", "LOOP", "REPEAT", ":", "ATOMIC"})


def _heads(previous: str) -> bool:
    return previous in _HEAD or previous.isdigit()


class _Unit:
    """Counts what opens and closes in stored code, to know which semicolon ends it."""

    __slots__ = ("begun", "control", "depth", "form", "inner", "open")

    def __init__(self, form: str) -> None:
        self.form = form
        self.open = 0  # BEGIN and CASE that wait for their END
        self.depth = 0  # parentheses; only those of macros and triggers enclose statements
        self.control = ""  # of a body that is one control statement: its word
        self.inner = 0  # and how many of these are open
        self.begun = False  # whether the body has begun

    def word(self, token: str, texts: list[str]) -> None:
        if self.form == "macro":
            return
        previous = texts[-1] if texts else ""
        match token:
            case "BEGIN" | "CASE":
                if previous != "END":
                    self.open += 1
                self.begun = self.begun or token == "BEGIN"
            case "END":
                self.open -= 1
            case "TRANSACTION" | "QUERY" | "LOGGING" | "ISOLATED":  # BEGIN TRANSACTION opens no block
                self.open += (previous == "END") - (previous == "BEGIN")
            case _ if token in _CONTROL:
                self._control(token, previous)

    def _control(self, token: str, previous: str) -> None:
        if previous == "END":
            self.open += 1  # END IF and its like close nothing that was counted
            self.inner -= token == self.control
        elif self.control:
            self.inner += token == self.control and previous in _BEGINS
        elif self.form == "procedure" and not self.begun and self.open == 0 and _heads(previous):
            self.begun = True
            self.control = token
            self.inner = 1

    def mark(self, token: str, texts: list[str]) -> None:
        if token == "(":
            self.depth += 1
            self.begun = self.begun or (self.form == "macro" and texts[-1:] == ["AS"])
            if texts and texts[-1] in ("BEGIN", "END") and self.form != "macro":
                before = texts[-2] if len(texts) > 1 else ""
                if texts[-1] == "BEGIN":
                    self.open -= before in _VALUE_FOLLOWS
                else:
                    self.open += before in _VALUE_FOLLOWS
        elif token == ")":
            self.depth -= 1

    @property
    def closed(self) -> bool:
        """Whether a semicolon here ends the unit."""
        if self.open > 0 or self.inner > 0:
            return False
        return self.depth <= 0 or self.form not in ("macro", "trigger")

    def gives_way(self, texts: list[str], text: str, start: int) -> bool:
        """Whether the statement that begins at ``start`` is a new one, though no semicolon came to end the unit."""
        if texts[-1] == ";":  # the body was never closed, but no unit stands inside another
            return (_UNIT if self.form == "macro" else _UNIT_IN_PROCEDURE).match(text, start) is not None
        if not self.closed or self.depth > 0 or texts[-1] in _JOINS:
            return False
        if self.begun and (texts[-1] == ")" if self.form == "macro" else "END" in texts[-2:]):
            return _RESTART.match(text, start) is not None
        return _UNIT.match(text, start) is not None
