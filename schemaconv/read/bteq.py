"""Cut Teradata scripts into statements: SQL, stored code, and lines of BTEQ, the load utilities and the shell.

Follows "Basic Teradata Query Reference" (BTEQ Commands, "Syntax Rules"): a command begins with a dot at the start of a
line and ends at its semicolon or with its line; SQL ends at a semicolon. The commands of FastLoad, MultiLoad and
FastExport run over several lines to their semicolon. Every character of the text lands in exactly one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..sql.tokens import COMMENT, OPERATOR, QUOTED, STRING, TERADATA, WORD
from . import bteq_shell
from .piece import Piece, folded, skip_blank

#: What BTEQ prints around statements, and numbers of repetitions (``=5``).
_NOISE: Final = re.compile(r"\*\*\*[^\n]*|\+-{3,}[^\n]*|=[ \t]*\d+[ \t]*;?(?=\s|\Z)|BTEQ -- Enter[^\n]*")
_DOT: Final = re.compile(r"\.[ \t]*([A-Za-z]+)")
#: Commands that BTEQ takes without their dot, and those of FastLoad, which never have one.
_BARE: Final = re.compile(
    r"(?:LOGON|LOGOFF|LOGDATA|LOGMECH|QUIT|EXIT|HANG|TDP|ERRLIMIT|TENACITY|SESSIONS|SLEEP|RECORD|AXSMOD|DEFINE"
    r"|BEGIN\s+LOADING|END\s+LOADING|SET\s+RECORD|RUN\s+FILE|(?:EXPORT|IMPORT)\s+(?:DATA|REPORT|INDICDATA|DIF|RESET"
    r"|VARTEXT|FILE))(?![\w$#])(?!\s*[=.(])",
    re.IGNORECASE,
)
#: Commands that may run over several lines.
_LONG: Final = frozenset(
    """
    BEGIN END IMPORT EXPORT LAYOUT FIELD FILLER TABLE DML LOGTABLE ACCEPT DISPLAY ROUTE DEFINE AXSMOD PARTITION NAME
    LOADING
    """.split()
)
_CODE: Final = frozenset({"PROCEDURE", "MACRO", "TRIGGER", "FUNCTION"})
#: Words between CREATE or REPLACE and the kind of object.
_BEFORE: Final = frozenset({"CREATE", "REPLACE", "OR", "SPECIFIC"})
#: A new statement at the start of a line shows that the one before was not terminated.
_RESTART: Final = re.compile(
    r"(?:(?:CREATE|REPLACE)\s+(?:MULTISET|SET|TABLE|VOLATILE|GLOBAL|VIEW|MACRO|PROCEDURE|DATABASE|USER|TRIGGER|FUNCTION"
    r"|UNIQUE|INDEX|JOIN|HASH|ROLE|PROFILE)|DROP\s+(?:TABLE|VIEW|MACRO|INDEX)|INSERT\s+INTO|COLLECT\s+STAT"
    r"|COMMENT\s+ON|GRANT\s+\w+)\b",
    re.IGNORECASE,
)
_RESTART_WORDS: Final = frozenset({"CREATE", "REPLACE", "DROP", "INSERT", "COLLECT", "COMMENT", "GRANT"})
#: Words that the next statement may belong to.
_JOINS: Final = frozenset("AS ON THEN , FOR ELSE INTO TO BEFORE AFTER OR ATOMIC EXPLAIN".split())
#: Where reading may go on behind a quote without a partner.
_AGAIN: Final = re.compile(
    r"(?<=;)[ \t\r]*\n\s*(?=(?:CREATE|REPLACE|DROP|INSERT|INS|GRANT|COLLECT|COMMENT|DATABASE|ALTER|UPDATE|DELETE"
    r"|\.[A-Z])\b|/\*|--)",
    re.IGNORECASE,
)


def split(text: str) -> Iterator[Piece]:
    """All pieces of ``text`` in order. The last may be a ``client`` piece with no text that carries comments."""
    if not bteq_shell.is_script(text):
        yield from _statements(text, 0, len(text))
        return
    for statements, start, end in bteq_shell.regions(text):
        if statements:
            yield from _statements(text, start, end)
            continue
        first = skip_blank(text, start)
        last = len(text[:end].rstrip("\x00\x1a\ufeff \t\r\n\f\v"))
        if first < last:
            yield Piece("client", first, last, text)


def _statements(text: str, at: int, stop: int) -> Iterator[Piece]:
    lead: list[tuple[int, int]] = []
    while True:
        at = skip_blank(text, at)
        if at >= stop:
            break
        if text[at : at + 2] in ("--", "/*"):
            found = TERADATA.match(text, at, stop)
            if found is not None and found.lastindex == COMMENT:
                lead.append(found.span(COMMENT))
                at = found.end()
                continue
        piece = _client(text, at, stop) or _statement(text, at, stop)
        piece.lead, lead = lead, []
        yield piece
        at = piece.end
    if lead:
        yield Piece("client", stop, stop, text, lead=lead)


# -- the client's lines ------------------------------------------------------------------------------------------------


def _client(text: str, at: int, stop: int) -> Piece | None:
    """The command at ``at``, if one stands there at the start of its line."""
    if not _starts_line(text, at):
        return None
    if _NOISE.match(text, at, stop):
        return Piece("client", at, min(stop, _line_end(text, at)), text)
    dot = _DOT.match(text, at, stop)
    if dot is None:
        bare = _BARE.match(text, at, stop)
        return Piece("client", at, _command_end(text, bare.end(), stop, long=True), text) if bare else None
    word = dot[1].upper()
    return Piece("client", at, _command_end(text, dot.end(), stop, long=word in _LONG), text)


def _command_end(text: str, at: int, stop: int, long: bool) -> int:
    """Behind the semicolon of a command or at the end of its line; a long one may have its semicolon on a later line,
    as long as no other command and no blank line comes before it. A hyphen at its end continues any line."""
    while True:
        end = min(stop, _line_end(text, at))
        if (semicolon := _semicolon(text, at, end)) >= 0:
            return semicolon + 1
        if end >= stop:
            return end
        following = skip_blank(text, end)
        gap = text.count("\n", end, following)
        if not text[at:end].rstrip().endswith("-") and (not long or gap > 1 or text[following : following + 1] == "."):
            return at + len(text[at:end].rstrip())
        at = min(end + 1, stop)


def _semicolon(text: str, at: int, end: int) -> int:
    """The first semicolon outside quotes between ``at`` and ``end``, else -1."""
    quote = ""
    for i in range(at, end):
        ch = text[i]
        if quote:
            quote = "" if ch == quote else quote
        elif ch in "'\"":
            quote = ch
        elif ch == ";":
            return i
    return -1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _starts_line(text: str, at: int) -> bool:
    before = text.rfind("\n", 0, at) + 1
    return not text[before:at].strip(" \t\r\ufeff\x00\x1a")


# -- statements --------------------------------------------------------------------------------------------------------


class _Depth:
    """What is open in a statement: parentheses, and in stored code what waits for its END."""

    __slots__ = ("code", "open", "parens")

    def __init__(self) -> None:
        self.parens = 0
        self.open = 0
        self.code = False

    def word(self, token: str, previous: str) -> None:
        if not self.code:
            return
        if token == "END":
            self.open -= 1
        elif token in ("BEGIN", "CASE", "IF", "LOOP", "DO", "REPEAT") and previous != "END":
            self.open += 1

    @property
    def closed(self) -> bool:
        return not self.code or (self.parens <= 0 and self.open <= 0)


def _statement(text: str, at: int, stop: int) -> Piece:
    """The statement at ``at``, up to its semicolon and with its tokens."""
    piece = Piece("sql", at, at, text)
    texts = piece.texts
    depth = _Depth()
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
            if token in _RESTART_WORDS and len(texts) > 2 and not depth.code and _restarts(piece, depth, start):
                return _unterminated(piece)
            depth.word(token, texts[-1] if texts else "")
            if token in _CODE and not depth.code and _BEFORE.issuperset(texts) and texts:
                depth.code = True
                piece.form = "block"
        elif kind == OPERATOR:
            token = found[OPERATOR]
            depth.parens += (token == "(") - (token == ")")
            if token == ";" and depth.closed:
                piece.end = end
                return piece
            if token in "'\"" or (token == "/" and text.startswith("/*", start)):
                return _broken(piece, start, stop)
            if token == "." and texts and not depth.code and _starts_line(text, start) and _DOT.match(text, start):
                return _unterminated(piece)
        else:
            token = _literal(found[kind], kind)
        texts.append(token)
        piece.starts.append(start)
        piece.ends.append(end)
    piece.end = max(piece.ends[-1] if piece.ends else at, piece.comments[-1][2] if piece.comments else at)
    return piece


def _literal(raw: str, kind: int) -> str:
    """A string keeps its prefix or its form behind a mark, so that its first character tells what it is."""
    if kind == STRING and (raw[0] != "'" or raw[-1] != "'"):
        return "'\0" + raw
    if kind == QUOTED and raw[0] != '"':
        return raw[2:]
    return raw


def _restarts(piece: Piece, depth: _Depth, start: int) -> bool:
    """Whether a statement begins at ``start`` although the one before was never ended."""
    if depth.parens > 0 or piece.texts[-1] in _JOINS or not _starts_line(piece.buffer, start):
        return False
    return _RESTART.match(piece.buffer, start) is not None


def _unterminated(piece: Piece) -> Piece:
    piece.unterminated = True
    piece.end = piece.ends[-1]
    return piece


def _broken(piece: Piece, fault: int, stop: int) -> Piece:
    """A quote or comment that never ends: the text up to where a new statement plainly begins."""
    piece.form = "broken"
    piece.fault = fault
    again = _AGAIN.search(piece.buffer, fault, stop)
    piece.end = again.start() if again is not None else stop
    return piece
