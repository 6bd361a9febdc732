"""What a verification says, statement by statement."""

from __future__ import annotations

from dataclasses import dataclass


class VerifyUnavailable(Exception):
    """No server can be asked: one line that says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the server made of one statement.

    ``line`` (from 1) is where the statement's first word stands in ``file``; ``error`` is the server's own
    sentence, empty when it accepted; ``object`` is what the statement is about (``table hr.emp``), or empty.
    """

    line: int
    statement: str
    ok: bool
    error: str = ""
    object: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """A script against one server.

    ``engine_label`` names server and version. ``roles`` are those that the script grants to but does not
    create: they were made for the run and dropped after it.
    """

    engine_label: str
    outcomes: tuple[Outcome, ...]
    roles: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """The statements that the server did not accept."""
        return tuple(o for o in self.outcomes if not o.ok)
