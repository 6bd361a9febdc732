"""Pieces to files: one script, or numbered files by load phase."""

from __future__ import annotations

from typing import Final

from ..engines import Profile
from ..options import Options
from ..report.model import OutputFile, Place
from . import PRINTERS
from .piece import PHASES, Piece
from .printer import comment

SINGLE: Final = "schema.sql"
MANUAL: Final = "manual.sql"
#: The line above the stubs of a single script.
BY_HAND: Final = "-- To be done by hand"
#: The numbers of the files by phase.
_NUMBERS: Final = (1, *range(1, len(PHASES)))
#: Phases whose statements of one line stand together, without a blank line between.
_TOGETHER: Final = frozenset(("data", "comments", "grants", "indexes", "sequences"))


def layout(
    pieces: tuple[Piece, ...],
    options: Options,
    profile: Profile,
    tail: tuple[str, ...] = (),
    header: str = "",
) -> tuple[tuple[OutputFile, ...], dict[int, Place]]:
    """Files in load order, and where each subject landed: its first statement, else its first stub.

    ``tail`` are the comments behind the last statement of the source, ``header`` is a comment for the top of
    each file. A single script is named ``schema.sql`` and is empty if there is nothing to say; split files
    are ``01_schemas.sql`` and so on, numbered by phase, and ``manual.sql`` for stubs. A negative subject has
    no place.
    """
    dashes = PRINTERS[profile.engine.family].dashes
    head = comment(header, "", dashes).rstrip("\n") if header else ""
    rest = "".join([comment(t, "", dashes) for t in tail]).rstrip("\n") if options.comments == "keep" else ""
    split = options.layout == "split" and bool(pieces)
    sections = _by_phase(pieces) if split else [(SINGLE, _in_order(pieces))]
    last = max((i for i, (name, _) in enumerate(sections) if name != MANUAL), default=0)
    files = [_File(name, head) for name, _ in sections]
    for i, (_, found) in enumerate(sections):
        files[i].write(found, rest if i == last else "")
    stubs = {subject: place for file in files for subject, place in file.stubs.items()}
    places: dict[int, Place] = {}
    for file in files:
        for subject, place in file.places.items():
            places.setdefault(subject, place)
    return tuple([OutputFile(f.name, f.text) for f in files]), stubs | places


def _in_order(pieces: tuple[Piece, ...]) -> list[Piece]:
    """By phase, but attached pieces behind the one that they belong to."""
    phases: dict[str, list[Piece]] = {phase: [] for phase in PHASES}
    current = phases[PHASES[0]]
    for piece in pieces:
        if not piece.attached:
            current = phases[piece.phase]
        current.append(piece)
    return [piece for found in phases.values() for piece in found]


def _by_phase(pieces: tuple[Piece, ...]) -> list[tuple[str, list[Piece]]]:
    """A file for each phase that has pieces; the numbers are those of the phases, so names stay the same.

    Support functions, which most scripts have not, share the number of the schemas and are sorted behind them.
    """
    phases: dict[str, list[Piece]] = {phase: [] for phase in PHASES}
    for piece in pieces:
        phases[piece.phase].append(piece)
    return [
        (MANUAL if phase == "manual" else f"{number:02}_{phase}.sql", found)
        for number, (phase, found) in zip(_NUMBERS, phases.items(), strict=True)
        if found
    ]


class _File:
    """A file as it grows: its text, and the lines of each subject's first statement and first stub in it."""

    __slots__ = ("line", "name", "parts", "places", "stubs")

    def __init__(self, name: str, head: str) -> None:
        self.name = name
        self.parts: list[str] = [head] if head else []
        self.line = 1 + head.count("\n")
        self.places: dict[int, Place] = {}
        self.stubs: dict[int, Place] = {}

    def write(self, pieces: list[Piece], rest: str) -> None:
        """All pieces, and the comments that close the file."""
        previous: Piece | None = None
        for piece in pieces:
            if piece.stub and self.name == SINGLE and not (previous and previous.stub):
                self.add(BY_HAND)
            start, end = self.add(piece.text, close=previous is not None and _together(previous, piece))
            found = self.stubs if piece.stub else self.places
            if piece.subject >= 0 and piece.subject not in found:
                found[piece.subject] = Place(self.name, start, end)
            previous = piece
        if rest:
            self.add(rest)

    def add(self, text: str, close: bool = False) -> tuple[int, int]:
        """Add lines, after a blank one unless they are ``close``; returns their first and last number."""
        if self.parts:
            gap = "\n" if close else "\n\n"
            self.parts.append(gap)
            self.line += len(gap)
        start = self.line
        self.parts.append(text)
        self.line += text.count("\n")
        return start, self.line

    @property
    def text(self) -> str:
        return "".join([*self.parts, "\n"]) if self.parts else ""


def _together(above: Piece, below: Piece) -> bool:
    """Whether two statements stand on lines that follow each other."""
    if above.phase != below.phase or below.phase not in _TOGETHER:
        return False
    if below.phase in ("comments", "grants"):  # several lines are then several statements
        return not below.text.startswith(("--", "/*"))
    return "\n" not in below.text and ("\n" not in above.text or above.text.startswith(("--", "/*")))
