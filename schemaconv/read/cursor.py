"""A cursor over the tokens of one statement."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ..ir.catalog import NO_NOTES, Clause, Notes
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..source import Span
from ..sql.lexis import Lexis, lexis
from ..sql.pieces import unquote
from ..sql.secrets import in_comment
from .piece import Piece


class ReadError(Exception):
    """A statement that cannot be read: a code, the token it stopped at, and parameters of the message."""

    def __init__(self, code: str, index: int, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.index = index
        self.params = params


_END: Final = ""


class Cursor:
    """Reads forward through ``texts``; ``at`` is the index of the next token, ``count`` the number of tokens.

    Two empty sentinels stand behind the last token, so that looking one ahead needs no check.
    """

    __slots__ = (
        "at", "buffer", "comments", "count", "ends", "file", "lexis", "origin", "outer", "starts", "texts", "used",
    )  # fmt: skip

    def __init__(self, piece: Piece, file: int, outer: Span | None = None, words: Lexis | None = None) -> None:
        self.texts = piece.texts
        self.count = len(piece.texts)
        self.texts += (_END, _END, _END)
        self.starts = piece.starts
        self.ends = piece.ends
        self.buffer = piece.buffer
        self.comments = piece.comments
        self.used = 0  # comments that are attached already
        self.origin = piece.origin
        self.file = file
        self.outer = outer  # of a statement inside a string literal: the literal's place
        self.lexis = words or lexis("oracle")
        self.at = 0

    # -- tokens ----------------------------------------------------------------------------------------------------

    def word(self) -> str:
        return self.texts[self.at]

    def ahead(self, n: int = 1) -> str:
        i = self.at + n
        return self.texts[i] if i < self.count else _END

    def take(self) -> str:
        text = self.texts[self.at]
        if self.at < self.count:
            self.at += 1
        return text

    def done(self) -> bool:
        return self.at >= self.count

    def accept(self, *words: str) -> bool:
        """Step over ``words`` if exactly they come next."""
        at = self.at
        texts = self.texts
        for word in words:
            if texts[at] != word:
                return False
            at += 1
        self.at = at
        return True

    def accept_any(self, *words: str) -> str:
        """Step over the next token if it is one of ``words``; returns it, or the empty text."""
        text = self.texts[self.at]
        if text in words and text:
            self.at += 1
            return text
        return ""

    def expect(self, *words: str) -> None:
        for word in words:
            if self.texts[self.at] != word:
                raise self.error(f"{word} expected")
            self.at += 1

    def error(self, why: str) -> ReadError:
        found = self.texts[self.at] if self.at < self.count else "the end of the statement"
        found = found.replace("'\0", "").replace("\0", "")  # marks of the splitter
        return ReadError("SC1101", min(self.at, max(self.count - 1, 0)), reason=why, found=found)

    # -- names -----------------------------------------------------------------------------------------------------

    def is_name(self) -> bool:
        text = self.texts[self.at]
        return bool(text) and (text[0] in '"[' or text[0].isalpha() or text[0] in "&$_@#")

    def name(self) -> Name:
        text = self.texts[self.at]
        if not text:
            raise self.error("a name expected")
        first = text[0]
        if first.isalpha() or first in "&$_@#":
            made = self.lexis.name(text, self.buffer[self.starts[self.at] : self.ends[self.at]])
        elif first in '"[' and len(text) > 2:
            made = self.lexis.name(text, text)
        else:
            raise self.error("a name expected")
        self.at += 1
        return made

    def qname(self) -> QName:
        """``[schema.]name[@link]``; of ``catalog.schema.name`` the first part is dropped into the schema's place."""
        first = self.name()
        schema: Name | None = None
        while self.texts[self.at] == "." and self.at + 1 < self.count:
            self.at += 1
            if self.texts[self.at] == ".":  # db..name: the schema is left out
                continue
            schema, first = first, self.name()
        if schema is not None and schema.text == self.lexis.default_schema:
            schema = None
        if self.texts[self.at] == "@":
            self.at += 1
            start = self.at
            self.name()
            while self.accept("."):
                self.name()
            return QName(schema, first, self.raw(start))
        return QName(schema, first)

    def names(self) -> tuple[Name, ...]:
        """``(a, b, c)``."""
        self.expect("(")
        found = [self.name()]
        while self.accept(","):
            found.append(self.name())
        self.expect(")")
        return tuple(found)

    # -- text and places -------------------------------------------------------------------------------------------

    def raw(self, start: int, end: int | None = None) -> str:
        """The author's text of tokens ``start`` to ``end`` (exclusive; default: the token before the cursor)."""
        stop = self.at if end is None else end
        if stop <= start:
            return ""
        return self.buffer[self.starts[start] : self.ends[stop - 1]]

    def span(self, start: int, end: int | None = None) -> Span:
        stop = self.at if end is None else end
        if self.count == 0:
            return self.outer or Span(self.file, 0, 0)
        start = min(start, self.count - 1)
        stop = min(max(stop, start + 1), self.count)
        return self.place(self.starts[start], self.ends[stop - 1])

    def place(self, start: int, end: int) -> Span:
        """The place in the file of a range of the buffer."""
        if self.outer is not None:
            return self.outer
        if self.origin is not None:
            return Span(self.file, _map(self.origin, start), _map(self.origin, end))
        return Span(self.file, start, end)

    def fragment(self, start: int, end: int | None = None) -> Fragment:
        return Fragment(self.raw(start, end), self.span(start, end))

    def clause(self, construct: str, start: int) -> Clause:
        return Clause(construct, self.raw(start), self.span(start))

    def rest(self) -> tuple[Clause, ...]:
        """What is left of the statement, as one clause that nobody knows; nothing at its end."""
        start = self.at
        self.at = self.count
        return (self.clause("unknown_clause", start),) if start < self.count else ()

    def skip_to(self, stops: Collection[str]) -> None:
        """Step over tokens and parenthesised groups up to one of ``stops`` on this level, or to the end."""
        while self.at < self.count and self.texts[self.at] not in stops:
            if self.texts[self.at] == "(":
                self.skip_group()
            else:
                self.at += 1

    def skip_expression(self, stops: Collection[str], end: int | None = None) -> int:
        """Step over an expression up to a semicolon, to ``end`` or to one of ``stops`` outside of parentheses and of
        CASE ... END; the index of its first token. Raises :class:`ReadError` where there is none."""
        start = self.at
        end = self.count if end is None else end
        cases = 0
        while self.at < end and (word := self.texts[self.at]) != ";":
            if cases == 0 and word in stops:
                break
            if word == "(":
                self.skip_group()
                continue
            cases += 1 if word == "CASE" else -1 if word == "END" and cases else 0
            self.at += 1
        if self.at == start:
            raise self.error("an expression expected")
        return start

    def skip_group(self) -> None:
        """Step over a parenthesised group, the cursor standing on its opening parenthesis."""
        texts = self.texts
        at = self.at
        depth = 0
        while at < self.count:
            text = texts[at]
            if text == "(":
                depth += 1
            elif text == ")":
                depth -= 1
                if depth == 0:
                    self.at = at + 1
                    return
            at += 1
        raise ReadError("SC1104", max(self.at, 0), reason="a parenthesis is never closed", found="the end")

    def group(self) -> Fragment:
        """The inside of a parenthesised group."""
        start = self.at + 1
        self.skip_group()
        return self.fragment(start, self.at - 1)

    # -- the author's comments ---------------------------------------------------------------------------------------

    def notes(self, token: int) -> Notes:
        """Comments in front of ``token`` that nobody took yet."""
        comments = self.comments
        used = self.used
        if used >= len(comments) or comments[used][0] > token:
            return NO_NOTES
        before = []
        while used < len(comments) and comments[used][0] <= token:
            before.append(comment_text(self.buffer[comments[used][1] : comments[used][2]]))
            used += 1
        self.used = used
        return Notes(tuple(before))

    def trailing(self, token: int, notes: Notes) -> Notes:
        """``notes`` with the comment that stands behind ``token`` on the same line, if any."""
        comments = self.comments
        used = self.used
        if used >= len(comments) or token >= self.count or comments[used][0] > token + 1:
            return notes
        index, start, end = comments[used]
        if index != token + 1 or "\n" in self.buffer[self.ends[token] : start]:
            return notes
        following = self.buffer.find("\n", end)
        rest = self.buffer[end : following if following >= 0 else len(self.buffer)]
        if self.buffer.startswith("/*", start) and rest.strip() and not rest.lstrip().startswith(("--", ",", ")")):
            return notes
        text = comment_text(self.buffer[start:end])
        if "\n" in text:
            return notes
        self.used += 1
        return Notes(notes.before, f"{notes.after} {text}" if notes.after else text)

    def remaining_notes(self) -> tuple[str, ...]:
        """Comments that stand where no element could take them."""
        rest = self.comments[self.used :]
        self.used = len(self.comments)
        texts = [self.buffer[s:e] for _, s, e in rest]
        return tuple(comment_text(t) for t in texts if t[2:3] != "+")  # a hint is no comment


def _map(origin: list[tuple[int, int]], offset: int) -> int:
    from bisect import bisect_right

    at = bisect_right(origin, (offset, 1 << 60)) - 1
    here, there = origin[at]
    limit = origin[at + 1][1] if at + 1 < len(origin) else 1 << 60
    return min(there + offset - here, limit)


def comment_text(raw: str) -> str:
    """A comment without its marks, and without a password that it may hold; a block comment keeps its lines, without
    the column of stars."""
    raw = in_comment(raw)
    if raw.startswith("--"):
        return raw[2:].rstrip() if not raw[2:].startswith(" ") else raw[3:].rstrip()
    if not raw.startswith("/*"):
        return raw.partition(" ")[2].strip() if " " in raw else ""  # REM text
    inner = raw[2:-2]
    if "\n" not in inner:
        return inner.strip()
    lines = [line.strip() for line in inner.strip("\n").splitlines()]
    lines = [line[1:].lstrip() if line.startswith("* ") or line == "*" else line for line in lines]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def string_value(token: str) -> str:
    """The value of a string token; the lexer puts ``'`` and a zero in front of one with a prefix or a form behind."""
    return unquote(token[2:] if token.startswith("'\0") else token)
