"""Which statements of a BTEQ script run on one path only: .IF, .GOTO, .LABEL, .ELSE, .ENDIF, .QUIT.

Source: "Basic Teradata Query Reference": GOTO skips to a LABEL further down; IF...THEN runs one command or statement,
or the lines up to ELSEIF, ELSE or ENDIF. A test whether something failed (``ERRORCODE <> 0``) does not part the paths
of a script that runs well: only what it leads to is a path of its own, and one that a new database does not take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple


class Turn(NamedTuple):
    """One decision on the way to a statement: the line that decides, which way it went, and whether that way is only
    taken after something failed."""

    number: int
    holds: bool
    fails: bool
    line: str


Way = tuple[Turn, ...]
#: The way that every run takes.
SURE: Final[frozenset[Way]] = frozenset({()})
_NOWHERE: Final[frozenset[Way]] = frozenset()
#: So many ways are no longer told apart.
_MOST: Final = 32

_LABEL: Final = re.compile(r"^[ \t]*\.?[ \t]*LABEL[ \t]+(\w+)", re.IGNORECASE | re.MULTILINE)
_END_IF: Final = re.compile(r"^[ \t]*\.[ \t]*END[ \t]?IF\b", re.IGNORECASE | re.MULTILINE)
_IF: Final = re.compile(
    r"\.?[ \t]*(IF|ELSEIF)[ \t]+(.*?)[ \t\r\n]+THEN\b[ \t]*(.*?)[ \t;]*\Z", re.IGNORECASE | re.DOTALL
)
_GOTO: Final = re.compile(r"\.?[ \t]*GOTO[ \t]+(\w+)", re.IGNORECASE)
_QUIT: Final = re.compile(r"\.?[ \t]*(?:QUIT|EXIT)\b", re.IGNORECASE)
_REPEAT: Final = re.compile(r"(?:\.?[ \t]*REPEAT\b|=[ \t]*\d)", re.IGNORECASE)
_ERROR: Final = re.compile(
    r"\(?\s*(?:ERRORCODE|ERRORLEVEL)\s*(<>|!=|\^=|~=|>=?|<=?|=|NE|GT|GE|LT|LE|EQ)\s*(\d+)\s*\)?", re.IGNORECASE
)
_ABOVE: Final = frozenset({">", ">=", "GT", "GE"})
_OTHER: Final = frozenset({"<>", "!=", "^=", "~=", "NE"})


@dataclass
class _Block:
    """An IF over several lines: the ways that reach what follows it, and those that no branch has taken yet."""

    ends: frozenset[Way]
    rest: frozenset[Way]


class Flow:
    """Walks through a script's client lines; ``path`` says on which way the statement at hand runs."""

    def __init__(self, text: str = "", base: frozenset[Way] = SURE) -> None:
        self._text = text
        self._labels: dict[str, list[int]] = {}
        for found in _LABEL.finditer(text):
            self._labels.setdefault(found[1].upper(), []).append(found.start())
        self._last_end = max((found.start() for found in _END_IF.finditer(text)), default=-1)
        self._base = base
        self._count = 0
        self.reset()

    def reset(self) -> None:
        """Another run of the client begins."""
        self.now = self._base
        self._waiting: dict[str, frozenset[Way]] = {}
        self._blocks: list[_Block] = []
        self._inline: frozenset[Way] | None = None
        self._skipped = ""  # the line that jumps over what stands here
        self._assumed: set[tuple[int, bool]] = set()
        self._busy: set[int] = set()

    def path(self) -> Turn | None:
        """The decision on which the statement at hand hangs, ``None`` where it always runs. Asked once a statement."""
        ways = self.now if self._inline is None else self._inline
        self._inline = None
        if not ways and self._skipped:
            return Turn(0, False, True, self._skipped)
        if not ways or () in ways:
            return None
        self._busy |= {turn.number for way in ways for turn in way}
        last = min(ways, key=len)[-1]
        return last._replace(fails=all(any(turn.fails for turn in way) for way in ways))

    def line(self, text: str, start: int, end: int) -> bool:
        """Follow the client's line from ``start`` to ``end``; whether it is understood."""
        self._inline = None
        if found := _IF.match(text):
            return self._condition(found, start, end)
        if found := _LABEL.match(text):
            self.now = self._plain(self.now | self._waiting.pop(found[1].upper(), _NOWHERE))
            self._skipped = ""
            return True
        word = re.match(r"\.?[ \t]*(\w*)", text)
        match word[1].upper() if word is not None else "":
            case "GOTO":
                return self._jump(text, start)
            case "QUIT" | "EXIT":
                self._stop()
            case "ELSE" if self._blocks:
                block = self._blocks[-1]
                block.ends |= self.now
                self.now, block.rest = block.rest, _NOWHERE
            case "ENDIF" if self._blocks:
                block = self._blocks.pop()
                self.now = self._plain(block.ends | self.now | block.rest)
            case _:
                return _REPEAT.match(text) is None
        return True

    # -- conditions ------------------------------------------------------------------------------------------------

    def _condition(self, found: re.Match[str], start: int, end: int) -> bool:
        then, other = self._parted(self.now, found[2], " ".join(found[0].split()))
        action = found[3]
        if found[1].upper() == "ELSEIF":
            if not self._blocks:
                return False
            block = self._blocks[-1]
            block.ends |= self.now
            self.now, block.rest = self._parted(block.rest, found[2], " ".join(found[0].split()))
            return True
        if goto := _GOTO.match(action):
            return self._conditional_jump(goto[1].upper(), then, other, start)
        if _QUIT.match(action):
            self.now = other
            self._assume(then, False)
            self.now = self._plain(self.now)
            return True
        if action:
            self._inline = then
            return True
        line_end = self._text.find("\n", end)
        beside = self._text[end : line_end if line_end >= 0 else len(self._text)].strip()
        if beside or self._last_end < end:
            self._inline = then
        else:
            self._blocks.append(_Block(_NOWHERE, other))
            self.now = then
        return True

    def _parted(self, ways: frozenset[Way], test: str, line: str) -> tuple[frozenset[Way], frozenset[Way]]:
        """The ways on which ``test`` holds, and those on which it does not."""
        self._count += 1
        number = self._count

        def turned(holds: bool, fails: bool) -> frozenset[Way]:
            return frozenset((*way, Turn(number, holds, fails, line)) for way in ways)

        error = _ERROR.fullmatch(test.strip())
        if error is None:
            return turned(True, False), turned(False, False)
        sign, none = error[1].upper(), int(error[2]) == 0
        if sign in _ABOVE or (sign in _OTHER and none) or (sign in ("=", "EQ") and not none):
            return turned(True, True), ways
        if (sign in ("=", "EQ") and none) or sign in ("<", "<=", "LT", "LE"):
            return ways, turned(False, True)
        return turned(True, False), turned(False, False)

    # -- jumps and ends ----------------------------------------------------------------------------------------------

    def _further(self, label: str, start: int) -> bool:
        return any(at > start for at in self._labels.get(label, ()))

    def _conditional_jump(self, label: str, then: frozenset[Way], other: frozenset[Way], start: int) -> bool:
        if self._further(label, start):
            known = self._waiting.get(label, _NOWHERE)
            failed = {way[:-1] for way in known if way and way[-1].fails}
            self._waiting[label] = known | {k for k in then if not (k and k[-1].fails and k[:-1] in failed)}
            self.now = self._plain(other)
            if not self.now and not self._skipped:
                self._skipped = f".GOTO {label}"
            return len(self._waiting[label]) <= _MOST
        if label in self._labels:  # back up: a loop, which ends some time
            return all(turn.fails for way in then for turn in way[-1:])
        self.now = other
        self._assume(then, False)
        self.now = self._plain(self.now)
        return True

    def _jump(self, text: str, start: int) -> bool:
        found = _GOTO.match(text)
        label = found[1].upper() if found is not None else ""
        if self._further(label, start):
            self._waiting[label] = self._plain(self._waiting.get(label, _NOWHERE) | self.now)
            self.now = _NOWHERE
            self._skipped = " ".join(text.split()).rstrip(" ;")
            return True
        if label in self._labels:
            return False
        self._stop()
        return True

    def _stop(self) -> None:
        """The script ends here: whatever follows runs on the other ways."""
        self._assume(self.now, True)
        self.now = _NOWHERE
        self._skipped = ""
        self._waiting = {label: self._plain(ways) for label, ways in self._waiting.items()}

    def _assume(self, ways: Iterable[Way], checked: bool) -> None:
        """Take for granted what keeps a script from ending on ``ways``, unless it has done something there before."""
        for way in ways:
            if way and not way[-1].fails and not (checked and way[-1].number in self._busy):
                self._assumed.add((way[-1].number, not way[-1].holds))

    def _plain(self, ways: frozenset[Way]) -> frozenset[Way]:
        """``ways`` without decisions that make no difference."""
        left = {tuple(t for t in way if (t.number, t.holds) not in self._assumed) for way in ways}
        if len(left) > _MOST:
            return frozenset({min(left, key=len)})
        again = True
        while again:
            again = False
            for way in sorted(left, key=len, reverse=True):
                if way and any(
                    len(k) == len(way) and k[:-1] == way[:-1] and k[-1].number == way[-1].number
                    and k[-1].holds != way[-1].holds for k in left
                ):  # fmt: skip
                    left = {k for k in left if k[: len(way) - 1] != way[:-1]} | {way[:-1]}
                    again = True
                    break
        return frozenset(k for k in left if not any(o != k and o == k[: len(o)] for o in left))
