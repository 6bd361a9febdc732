"""Cut SQL Server scripts into statements: SQL, procedural blocks, existence guards and lines of the client.

Follows sqlcmd ("sqlcmd utility", "Use the sqlcmd utility"; "SQL Server utilities statements - GO"): GO on a line of its
own ends a batch. Inside a batch no statement needs a semicolon, so it is the words that open a statement which cut.
Every character of the text lands in exactly one piece, in a comment in front of one, or is blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..sql.tokens import COMMENT, OPERATOR, QUOTED, SQLSERVER, SQLSERVER_SOUND, STRING, WORD
from .piece import Guard, Piece, folded, skip_blank
from .tsql_guards import existence
from .tsql_starts import STARTS, Statement, form_of, is_module, makes_object, opens_batch

#: GO on its line, perhaps with a count; what may follow it is a comment.
GO: Final = re.compile(r"[gG][oO](?:[ \t]+(\d+))?[ \t]*;*(?=[ \t\r\x1a]*(?:\n|\Z|--|/\*))")
_GO_LINE: Final = re.compile(r"^[ \t\ufeff]*+[gG][oO](?:[ \t]+\d+)?[ \t]*;*[ \t\r\x1a]*(?:--[^\n]*)?$", re.MULTILINE)
#: Commands of sqlcmd: with a colon, the old ones without, and the lone slash of other clients.
_COMMAND: Final = re.compile(
    r"""(?: :(?:r|setvar|on|connect|error|out|perftrace|listvar|list|help|reset|quit|exit|ed|serverlist|xml)\b[^\n]*
        | :?!![^\n]* | (?:exit|quit|reset|ed)(?=[ \t]*;?[ \t\r]*(?:\n|\Z)) | /(?=[ \t\r]*(?:\n|\Z)) )""",
    re.IGNORECASE | re.VERBOSE,
)
#: Where reading may go on behind a quote that never ends, in a script without GO.
_RESTART: Final = re.compile(
    r";[ \t\r]*\n\s*(?=(?:CREATE|ALTER|DROP|INSERT|GRANT|EXEC|UPDATE|DELETE)\b)", re.IGNORECASE
)
_MORE_ENDS: Final = re.compile(r"(?:\s*;)+")
#: How often reading starts again behind a quote that never ends; beyond it the rest of the text is given up.
_MOST_FAULTS: Final = 40

_WIDEST_INDENT: Final = 400
#: BEGIN and END before one of these are statements of their own, and open or close no block.
_NO_BLOCK: Final = frozenset({"TRAN", "TRANSACTION", "DISTRIBUTED", "DIALOG", "CONVERSATION"})
#: What begins in GENERATED ALWAYS AS ROW START and ends in ROW END.
_PERIODS: Final = frozenset({"ROW", "TRANSACTION_ID", "SEQUENCE_NUMBER"})
_WATCHED: Final = STARTS | {"CASE", "END", "ELSE", "GO"}
_MARKS: Final = frozenset("();:!/'\"[")


def split(text: str) -> Iterator[Piece]:
    """All pieces of ``text`` in order. The last may be a ``client`` piece with no text that carries comments.

    ``sql`` is one statement; ``block`` a procedure, function or trigger, which runs to the end of its batch, or a
    statement that steers the script (DECLARE, WHILE, IF on data with everything under it, BEGIN ... END, EXEC of a
    text); ``guard`` the text of an existence test around statements, which are pieces of their own and carry it in
    ``guards``; ``client`` a line for sqlcmd, GO among them.
    """
    return _Splitter(text).pieces()


def lex(text: str, form: str) -> Piece:
    """The whole of ``text`` as one piece of ``form``, without a look at what it says; ``broken`` if a quote or comment
    in it never ends. A terminator at the end is no token."""
    piece = Piece(form, 0, len(text), text)
    for found in SQLSERVER.finditer(text):
        kind = found.lastindex
        if kind is None:
            break
        if kind == COMMENT:
            piece.comments.append((len(piece.texts), *found.span(COMMENT)))
        elif kind == OPERATOR and _opens_fault(text, found.start(OPERATOR)):
            piece.form, piece.fault = "broken", found.start(OPERATOR)
            break
        else:
            _add(piece, found, kind)
    while piece.texts and piece.texts[-1] == ";":
        for tokens in (piece.texts, piece.starts, piece.ends):
            tokens.pop()
    return piece


def _add(piece: Piece, found: re.Match[str], kind: int) -> None:
    token = found[kind]
    if kind == WORD:
        token = folded(token)
    elif kind == STRING and token[0] != "'":
        token = "'\0" + token
    start, end = found.span(kind)
    piece.texts.append(token)
    piece.starts.append(start)
    piece.ends.append(end)


def _opens_fault(text: str, at: int) -> bool:
    """Whether the operator at ``at`` is a quote, bracket or comment without its end."""
    return text[at] in "'\"[" or text.startswith("/*", at)


def _starts_line(text: str, at: int) -> bool:
    floor = max(0, at - _WIDEST_INDENT)
    before = text.rfind("\n", floor, at) + 1
    return (before > 0 or floor == 0) and not text[before:at].strip(" \t\r\ufeff\x00\x1a")


class _Frame:
    """Something open: IF or ELSE (until its statement ends), WHILE, or BEGIN (until its END)."""

    __slots__ = ("guards", "kind")

    def __init__(self, kind: str, guards: tuple[Guard, ...]) -> None:
        self.kind = kind  # IF, ELSE, WHILE, BEGIN, TRY
        self.guards = guards  # of what stands inside


class _Splitter:
    """One run over a text. ``at`` is the offset behind what has been read."""

    __slots__ = ("at", "block", "faults", "floor", "lead", "sound", "stack", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lead: list[tuple[int, int]] = []
        self.stack: list[_Frame] = []
        self.block: Piece | None = None  # the block that is open, if one is
        self.floor = 0  # height of the stack below it
        self.sound = False  # whether all quotes up to the end of the text are known to have their partners
        self.faults = 0

    def pieces(self) -> Iterator[Piece]:
        text = self.text
        size = len(text)
        while True:
            self._pass_comments()
            if self.at >= size:
                break
            line = self._client()
            if line is not None:
                if self.block is not None:
                    yield self._leave()
                line.lead, self.lead = self.lead, []
                if GO.match(text, line.start):
                    self.stack.clear()
                else:
                    line.guards = self._guards()
                    if text.startswith(":", line.start):
                        self._served()
                yield line
                continue
            piece = self._step()
            if piece is not None:
                yield piece
        if self.block is not None:
            yield self._leave()
        if self.lead:
            yield Piece("client", size, size, text, lead=self.lead)

    def _pass_comments(self) -> None:
        """Step over blanks and comments; they go to the open block, else in front of the next piece."""
        text = self.text
        while True:
            self.at = skip_blank(text, self.at)
            if not text.startswith(("--", "/*"), self.at):
                return
            found = SQLSERVER.match(text, self.at)
            if found is None or found.lastindex != COMMENT:
                return
            if self.block is None:
                self.lead.append(found.span(COMMENT))
            else:
                self.block.comments.append((len(self.block.texts), *found.span(COMMENT)))
            self.at = found.end()

    def _client(self) -> Piece | None:
        """The line for the client at ``at``, if one stands there at the start of its line."""
        text, at = self.text, self.at
        if text[at] not in ":!/gGeEqQrR":
            return None
        found = GO.match(text, at)  # behind a semicolon it may end a line, for nothing else is called GO
        if found is None:
            found = _COMMAND.match(text, at)
            if found is None or not _starts_line(text, at):
                return None
        end = at + len(found[0].rstrip())
        self.at = end
        return Piece("client", at, end, text)

    # -- one step: a statement, or the text around some ----------------------------------------------------------------

    def _step(self) -> Piece | None:
        """Read what comes next; the piece that it completes, if it completes one."""
        text, at = self.text, self.at
        if text[at] == ";":
            return self._semicolon()
        first, second = self._peek(at, 2)
        match first:
            case "IF" | "WHILE":
                return self._test(first)
            case "BEGIN" if second not in _NO_BLOCK:
                return self._begin(second)
            case "END" if second != "CONVERSATION" and self.stack and self.stack[-1].kind in ("BEGIN", "TRY"):
                return self._end(second)
            case "ELSE" if self.stack and self.stack[-1].kind == "IF":
                return self._else()
            case "CREATE" | "ALTER" if is_module(first, self._peek(at, 4)[1:]):
                return self._module()
            case _:
                return self._simple()

    def _semicolon(self) -> Piece | None:
        """A terminator with nothing before it: part of the block, else a piece without tokens."""
        if self.block is not None:
            self._token(self.block)
            return None
        end = _MORE_ENDS.match(self.text, self.at).end()  # type: ignore[union-attr]
        piece = self._open("sql")
        self.at = piece.end = end
        return piece

    def _test(self, word: str) -> Piece | None:
        """IF or WHILE with its condition. An existence test is a piece of its own, anything else opens a block."""
        piece = self._open("guard")
        base = len(piece.texts)
        self._token(piece)
        if not self._read(piece, base):
            return self._broken(piece)
        texts = piece.texts[base + 1 :]
        if self.block is not None:
            self.stack.append(_Frame(word, ()))
            return None
        negated = existence(texts) if word == "IF" else None
        if negated is None:
            piece.form = "block"
            self._enter(piece)
            self.stack.append(_Frame(word, ()))
            return None
        end = piece.ends[-1]
        guard = Guard(piece.start, end, self.text[piece.start : end], negated)
        self.stack.append(_Frame("IF", (*piece.guards, guard)))
        return piece

    def _begin(self, second: str) -> Piece | None:
        guarded = bool(self.stack) and self.block is None and second not in ("TRY", "CATCH", "ATOMIC")
        piece = self._open("guard" if guarded else "block")
        guards = self._guards()
        self._token(piece)
        if not guarded and self.block is None:
            self._enter(piece)
        kind = "BEGIN"
        if second in ("TRY", "CATCH"):
            self._pass_to(piece)
            self._token(piece)
            kind = "TRY" if second == "TRY" else "BEGIN"
        self.stack.append(_Frame(kind, guards if guarded else ()))
        if not guarded:
            return None
        piece.end = self.at
        return piece

    def _end(self, second: str) -> Piece | None:
        frame = self.stack.pop()
        piece = self._open("guard")
        self._token(piece)
        if second in ("TRY", "CATCH"):
            self._pass_to(piece)
            self._token(piece)
        piece.end = self.at
        if frame.kind == "TRY" and self._catches():
            return None
        return self._completed(piece)

    def _catches(self) -> bool:
        """Whether BEGIN CATCH follows: it belongs to the TRY that has just ended."""
        ahead = self._peek(self.at, 3)
        return ahead[:2] == ["BEGIN", "CATCH"] or ahead == [";", "BEGIN", "CATCH"]

    def _else(self) -> Piece | None:
        frame = self.stack[-1]
        frame.kind = "ELSE"
        if frame.guards:
            frame.guards = (*frame.guards[:-1], replace(frame.guards[-1], otherwise=True))
        piece = self._open("guard")
        self._token(piece)
        piece.end = self.at
        return None if self.block is not None else piece

    def _module(self) -> Piece | None:
        """A procedure, function or trigger: to the end of the batch, or where another object begins that no body may
        create."""
        piece = self._open("block")
        if self.block is not None:
            self.block = None
            self.stack.clear()
        return self._completed(piece) if self._read_module(piece) else self._broken(piece)

    def _simple(self) -> Piece | None:
        piece = self._open("sql")
        base = len(piece.texts)
        if not self._read(piece, base):
            return self._broken(piece)
        if self.block is None:
            piece.form = form_of(piece.texts)
        return self._completed(piece)

    # -- pieces and what is open --------------------------------------------------------------------------------------

    def _guards(self) -> tuple[Guard, ...]:
        return self.stack[-1].guards if self.stack else ()

    def _open(self, form: str) -> Piece:
        """The open block, or a new piece at ``at`` with the comments in front of it."""
        if self.block is not None:
            return self.block
        piece = Piece(form, self.at, self.at, self.text, lead=self.lead, guards=self._guards())
        self.lead = []
        return piece

    def _enter(self, piece: Piece) -> None:
        self.block = piece
        self.floor = len(self.stack)

    def _leave(self) -> Piece:
        """Hand out the open block though something in it has not ended."""
        piece = self.block
        assert piece is not None
        self.block = None
        del self.stack[self.floor :]
        self._served()
        piece.end = max(piece.end, piece.ends[-1], piece.comments[-1][2] if piece.comments else 0)
        return piece

    def _served(self) -> None:
        """What waited for just one statement has had it."""
        while self.stack and self.stack[-1].kind in ("IF", "ELSE"):
            self.stack.pop()

    def _completed(self, piece: Piece) -> Piece | None:
        """A statement has ended, and with it whatever waited for just one; the piece, if that is complete too."""
        stack = self.stack
        if stack and stack[-1].kind != "BEGIN":
            ahead = self._peek(self.at, 2)
            otherwise = ahead[0] == "ELSE" or ahead == [";", "ELSE"]
            while stack and stack[-1].kind not in ("BEGIN", "TRY"):
                if self.block is not None and len(stack) <= self.floor:
                    break
                if stack[-1].kind == "IF" and otherwise:
                    break
                stack.pop()
        if self.block is None:
            if piece.form != "broken" and (more := _MORE_ENDS.match(self.text, self.at)):
                piece.end = self.at = more.end()
            return piece
        if len(stack) > self.floor:
            return None
        self.block = None
        piece.end = self.at
        return self._completed(piece)

    def _broken(self, piece: Piece) -> Piece:
        """Give up the piece: to the next line with GO, where the batch ends, or to the end of the text."""
        text = self.text
        self.block = None
        self.stack.clear()
        self.faults += 1
        piece.form = "broken"
        end = len(text)
        if self.faults < _MOST_FAULTS:
            if found := _GO_LINE.search(text, piece.fault + 1):
                end = found.start()
            elif text[piece.fault] != "/" and (found := _RESTART.search(text, piece.fault)):
                end = found.end()
        piece.end = self.at = max(piece.fault + 1, len(text[:end].rstrip()) if end < len(text) else end)
        return piece

    # -- tokens --------------------------------------------------------------------------------------------------------

    def _peek(self, at: int, count: int) -> list[str]:
        """The ``count`` tokens from ``at`` on, words in capitals, past comments; empty texts behind the end."""
        out: list[str] = []
        for found in SQLSERVER.finditer(self.text, at):
            kind = found.lastindex
            if kind is None:
                break
            if kind == COMMENT:
                continue
            token = found[kind]
            out.append(folded(token) if kind == WORD else token)
            if len(out) == count:
                return out
        return out + [""] * (count - len(out))

    def _token(self, piece: Piece) -> None:
        """Add the token at ``at``."""
        found = SQLSERVER.match(self.text, self.at)
        assert found is not None and found.lastindex is not None
        _add(piece, found, found.lastindex)
        self.at = found.end()

    def _pass_to(self, piece: Piece) -> None:
        """Step over comments between two words of a piece."""
        while (found := SQLSERVER.match(self.text, self.at)) is not None and found.lastindex == COMMENT:
            piece.comments.append((len(piece.texts), *found.span(COMMENT)))
            self.at = found.end()

    def _read(self, piece: Piece, base: int) -> bool:
        """Add the tokens of one statement, from ``at`` to its end; ``False`` if something opens in it that never ends.

        The statement's tokens begin at index ``base``. Of IF and WHILE it is the condition that is read.
        """
        text, texts = self.text, piece.texts
        add_text, add_start, add_end = texts.append, piece.starts.append, piece.ends.append
        state = Statement(texts, base)
        for found in SQLSERVER.finditer(text, self.at):
            kind = found.lastindex
            if kind == WORD:
                token = folded(found[WORD])
                if token in _WATCHED and len(texts) > base and self._ends_before(state, token, found):
                    return self._cut(piece)
            elif kind == OPERATOR:
                token = found[OPERATOR]
                if token in _MARKS and (done := self._mark(piece, state, token, found)) is not None:
                    return done
            elif kind is None:
                break
            elif kind == COMMENT:
                piece.comments.append((len(texts), *found.span(COMMENT)))
                continue
            else:
                token = found[kind]
                if self._is_stray(found, kind):
                    piece.fault = found.start(kind)
                    return False
                if kind == STRING and token[0] != "'":
                    token = "'\0" + token
            add_text(token)
            start, end = found.span(kind)
            add_start(start)
            add_end(end)
        return self._cut(piece)

    def _ends_before(self, state: Statement, token: str, found: re.Match[str]) -> bool:
        """Whether the word stands behind the end of the statement."""
        text = self.text
        start, end = found.span(WORD)
        if token == "GO":
            return GO.match(text, start) is not None and _starts_line(text, start)
        if state.depth:  # a parenthesis that was never closed ends where no parenthesis can go on
            opens = token in ("CREATE", "ALTER", "DROP") and _starts_line(text, start)
            return opens and makes_object(self._peek(end, 2))
        match token:
            case "END" if state.texts[-1:] and state.texts[-1] in _PERIODS:
                return False
            case "CASE" | "END" | "ELSE":
                return state.branch(token)
            case _:
                return state.begins(token, lambda n: self._peek(end, n), _starts_line(text, start))

    def _mark(self, piece: Piece, state: Statement, token: str, found: re.Match[str]) -> bool | None:
        """Deal with a sign that may open, close or end something: ``True`` behind the end of the statement, ``False``
        where something opens that never ends, ``None`` if the sign is a token like any other."""
        text = self.text
        start, end = found.span(OPERATOR)
        match token:
            case "(":
                state.depth += 1
            case ")":
                state.depth -= state.depth > 0
            case ";":
                if state.depth and piece.texts[-1][0] == "'" and self._peek(end, 1)[0][:1] == "'":
                    return None  # OPENROWSET('provider', 'server'; 'user'; 'password', ...)
                self.at = start
                if self.block is not None:
                    self._token(piece)
                else:
                    self.at = piece.end = end
                return True
            case _ if _opens_fault(text, start):
                piece.fault = start
                return False
            case ":" | "!" if _COMMAND.match(text, start) and _starts_line(text, start):
                return self._cut(piece)
            case ":" if state.depth == 0 and self._labels(piece, state.base):
                return self._cut(piece)
        return None

    def _labels(self, piece: Piece, base: int) -> bool:
        """Whether the word before a colon is a label; one that ends the statement is given back."""
        texts = piece.texts
        if len(texts) < base + 2 or not texts[-1][:1].isalpha() or not _starts_line(self.text, piece.starts[-1]):
            return False
        for tokens in (texts, piece.starts, piece.ends):
            tokens.pop()
        return True

    def _cut(self, piece: Piece) -> bool:
        """End the statement behind its last token, and behind a comment that follows on the same line; always true."""
        comments = piece.comments
        last = len(piece.texts)
        self.at = piece.ends[-1] if piece.ends else self.at
        keep = len(comments)
        while keep and comments[keep - 1][1] >= self.at:
            keep -= 1
        if keep < len(comments) and self.text.find("\n", self.at, comments[keep][1]) < 0 and comments[keep][0] == last:
            self.at = comments[keep][2]
            keep += 1
        del comments[keep:]
        piece.end = self.at
        return True

    def _read_module(self, piece: Piece) -> bool:
        """Add the tokens of a procedure, function or trigger; ``False`` if something opens in it that never ends."""
        text, texts = self.text, piece.texts
        base = len(texts)
        for found in SQLSERVER.finditer(text, self.at):
            kind = found.lastindex
            if kind is None:
                break
            if kind == COMMENT:
                piece.comments.append((len(texts), *found.span(COMMENT)))
                continue
            start = found.start(kind)
            if kind == WORD:
                token = folded(found[WORD])
                if token == "GO" and GO.match(text, start) and _starts_line(text, start):
                    break
                opens = token in ("CREATE", "ALTER") and len(texts) > base + 4 and _starts_line(text, start)
                if opens and opens_batch(token, self._peek(found.end(), 3)):
                    return self._cut(piece)
            elif kind == OPERATOR:
                if text[start] in ":!" and _COMMAND.match(text, start) and _starts_line(text, start):
                    break
            if (kind == OPERATOR and _opens_fault(text, start)) or self._is_stray(found, kind):
                piece.fault = start
                return False
            _add(piece, found, kind)
        end = piece.ends[-1]
        if piece.comments:
            end = max(end, piece.comments[-1][2])
        piece.end = self.at = end
        return True

    def _is_stray(self, found: re.Match[str], kind: int) -> bool:
        """Whether a text that runs over a line with GO does so only because a quote lacks its partner.

        It does if the quotes behind it do not come out even.
        """
        if self.sound or kind not in (STRING, QUOTED) or "\n" not in found[kind]:
            return False
        start, end = found.span(kind)
        spans = _GO_LINE.search(self.text, start, end) is not None
        if not spans and (not _RESTART.search(self.text, start, end) or _GO_LINE.search(self.text, end)):
            return False
        self.sound = SQLSERVER_SOUND.match(self.text, start).end() == len(self.text)  # type: ignore[union-attr]
        return not self.sound
