"""What a splitter hands to a reader: one statement with its tokens, and the test that guarded it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

BLANK: Final = re.compile(r"[\s\x00\x1a\ufeff]*")


def is_blank(text: str) -> bool:
    """Whether ``text`` is nothing but what the lexer passes over."""
    return BLANK.fullmatch(text) is not None


def skip_blank(text: str, at: int) -> int:
    """The offset of the first character from ``at`` on that the lexer does not pass over."""
    return BLANK.match(text, at).end()  # type: ignore[union-attr]


def trimmed(text: str, at: int, end: int) -> int:
    """``end`` without the blanks in front of it, but behind ``at``."""
    while end > at + 1 and text[end - 1] in " \t\r\n\f\v\ufeff\x00\x1a":
        end -= 1
    return end


def line_end(text: str, at: int, stop: int | None = None) -> int:
    """Where the line of ``at`` ends, at ``stop`` at the latest."""
    stop = len(text) if stop is None else stop
    end = text.find("\n", at, stop)
    return stop if end < 0 else end


def starts_line(text: str, at: int, start: int = 0) -> bool:
    """Whether only blanks stand before ``at`` in its line; ``start`` is where the part of the text begins."""
    while at > start and text[at - 1] in " \t\r\ufeff\x00\x1a":
        at -= 1
    return at <= start or text[at - 1] == "\n"


def folded(word: str) -> str:
    """``word`` in capitals, letter by letter: a sharp s has none of its own and stays."""
    upper = word.upper()
    return upper if len(upper) == len(word) else "".join(c.upper() if len(c.upper()) == 1 else c for c in word)


@dataclass(frozen=True, slots=True)
class Guard:
    """A test whether something exists, in front of a statement: ``IF NOT EXISTS (SELECT ... FROM sys.tables ...)``.

    ``start`` to ``end`` is the range of the whole ``IF <condition>`` in the text that was split, ``text`` what stands
    there. ``negated``: the statement runs when the thing is missing (NOT EXISTS, IS NULL); of a mixed condition that
    wants one thing and misses another it is true. ``otherwise``: the statement stands in the ELSE branch, and runs
    when the condition does not hold.
    """

    start: int
    end: int
    text: str
    negated: bool
    otherwise: bool = False

    @property
    def when_missing(self) -> bool:
        """Whether the guarded statement runs on a database that does not have the thing yet."""
        return self.negated != self.otherwise


@dataclass(slots=True)
class Piece:
    """One statement with its tokens.

    ``form`` is ``sql``, ``block`` (a procedural unit), ``client`` (a line of the client program; no tokens), ``guard``
    (an existence test, or the BEGIN, END or ELSE around what it guards) or ``broken`` (a quote or comment that never
    ends). ``texts`` are the tokens: words upper-cased, everything else as written, so that the first character tells a
    string (``'``) and a quoted name (``"`` or ``[``) from a word; ``starts`` and ``ends`` are their offsets in
    ``buffer``. ``comments`` are ``(index of the token that follows, start, end)``; ``lead`` the comments in front,
    ``(start, end)``. ``start`` to ``end`` is the statement's range in the file, terminator included. ``guards`` are
    the existence tests around it, the innermost last. ``shell``: the statement stands in a here-document of a shell,
    which fills variables in (``open``) or leaves them alone (``closed``).
    """

    form: str
    start: int
    end: int
    buffer: str
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    comments: list[tuple[int, int, int]] = field(default_factory=list)
    lead: list[tuple[int, int]] = field(default_factory=list)
    unterminated: bool = False
    fault: int = -1  # of a broken piece: where the quote or comment opens that never ends
    origin: list[tuple[int, int]] | None = None  # buffer offset -> file offset, where the buffer is not the file
    guards: tuple[Guard, ...] = ()
    shell: str = ""
