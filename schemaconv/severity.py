"""How bad a finding is, and what becomes of an object."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """From harmless to fatal. ``note``: nothing to do; ``review``: runs, meaning may differ; ``manual``: a person
    must write it; ``error``: could not be read."""

    NOTE = "note"
    REVIEW = "review"
    MANUAL = "manual"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {Severity.NOTE: 0, Severity.REVIEW: 1, Severity.MANUAL: 2, Severity.ERROR: 3}


class Verdict(StrEnum):
    CONVERTED = "converted"
    REVIEW = "review"
    MANUAL = "manual"
    IGNORED = "ignored"
    SKIPPED = "skipped"
    FAILED = "failed"
