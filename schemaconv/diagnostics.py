"""Diagnostics: everything that is said about an input, each by code, place and object."""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import codes
from .severity import Severity, Verdict
from .source import Span

__all__ = ["Diagnostic", "Log", "Severity", "Verdict"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``subject`` is the index of the object in the source catalog, or -1 for the run itself."""

    code: str
    at: Span
    subject: int = -1
    params: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        return codes.page(self.code).severity

    @property
    def message(self) -> str:
        return _fill(codes.page(self.code).message, self.params)

    @property
    def remedy(self) -> str:
        return _fill(codes.page(self.code).remedy, self.params)


def _fill(template: str, params: tuple[tuple[str, str], ...]) -> str:
    if "{" in template:
        for key, value in params:
            mark = "{" + key + "}"
            if mark in template:
                template = template.replace(mark, " ".join(value.split()))
    return template


class Log:
    """Findings in the order in which they were made; it only grows. The same finding is kept once."""

    __slots__ = ("_by_subject", "_seen", "entries")

    def __init__(self, entries: tuple[Diagnostic, ...] = ()) -> None:
        self.entries: list[Diagnostic] = list(entries)
        self._seen: set[Diagnostic] = set(entries)
        self._by_subject: dict[int, list[Diagnostic]] = {}
        for found in entries:
            self._by_subject.setdefault(found.subject, []).append(found)

    def say(self, code: str, at: Span, subject: int = -1, **params: object) -> None:
        """Record ``code`` at ``at``; ``params`` fill the placeholders of its message."""
        self.add(Diagnostic(code, at, subject, tuple((k, str(v)) for k, v in params.items())))

    def add(self, found: Diagnostic) -> None:
        """Record a finding, unless the same is there already."""
        if found not in self._seen:
            self._seen.add(found)
            self.entries.append(found)
            self._by_subject.setdefault(found.subject, []).append(found)

    def of(self, subject: int) -> list[Diagnostic]:
        """What was said of one object, in the order in which it was said."""
        return self._by_subject.get(subject, [])

    def moved(self, subjects: dict[int, int]) -> None:
        """Objects have taken other places: ``subjects`` maps old indexes to new ones; those left out become -1."""
        again = [replace(d, subject=subjects.get(d.subject, -1)) if d.subject >= 0 else d for d in self.entries]
        self.__init__(tuple(again))  # type: ignore[misc]
