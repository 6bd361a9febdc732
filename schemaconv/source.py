"""Source scripts: files, encodings, and positions in them.

Nothing here knows an engine. A :class:`Span` is a half-open range of *characters* (code points) of the decoded
text; lines and columns are 1-based and counted only when somebody asks for them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of characters in the source file with index ``file``."""

    file: int
    start: int
    end: int


NOWHERE = Span(-1, 0, 0)


class SourceError(Exception):
    """An input that cannot be read: its text is one line for a person (what, where, what to do)."""


@dataclass(frozen=True)
class SourceFile:
    """One decoded script. ``bytes`` and ``sha256`` are those of the file as it lay on disk."""

    path: str
    text: str
    encoding: str
    bytes: int
    sha256: str

    @cached_property
    def line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    @property
    def lines(self) -> int:
        """Number of lines; a last line without a line feed counts, an empty file has 0."""
        if not self.text:
            return 0
        return len(self.line_starts) - self.text.endswith("\n")

    def position(self, offset: int) -> tuple[int, int]:
        """``(line, column)``, both from 1, of the character at ``offset``."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


def from_text(text: str, path: str = "<text>") -> SourceFile:
    """A source file for text that never was a file."""
    raw = text.encode("utf-8", "surrogatepass")
    return SourceFile(path, text, "utf-8", len(raw), hashlib.sha256(raw).hexdigest())


def from_bytes(raw: bytes, path: str, encoding: str | None = None) -> SourceFile:
    """Decode a script.

    Tried in order: the encoding asked for; a byte order mark; UTF-16 by its zero bytes; UTF-8; Windows-1252, which
    is what SQL*Plus and SSMS on Windows write by default. Raises :class:`SourceError` for binary content and for
    bytes that the encoding asked for cannot be.
    """
    used, text = _decode(raw, path, encoding)
    return SourceFile(path, text, used, len(raw), hashlib.sha256(raw).hexdigest())


def _decode(raw: bytes, path: str, encoding: str | None) -> tuple[str, str]:
    if encoding:
        try:
            return encoding.lower(), raw.decode(encoding).removeprefix("\ufeff")
        except LookupError:
            raise SourceError(
                f"{path}: unknown encoding {encoding!r}; use a Python codec name such as cp1252"
            ) from None
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{path}: not {encoding} (byte {error.start}: {error.reason}); name the right one with --encoding"
            ) from None
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            try:
                return name, raw.decode(name)
            except UnicodeDecodeError as error:
                raise SourceError(f"{path}: damaged {name} (byte {error.start}); save it again as UTF-8") from None
    head = raw[:4096]
    if head.count(0):
        for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if len(zeros) > 1 and zeros.count(0) > 0.4 * len(zeros):
                try:
                    return name, raw.decode(name)
                except UnicodeDecodeError:
                    break
        raise SourceError(f"{path}: binary file, not a script; give SQL text (exports of schema DDL, not dump files)")
    try:
        return "utf-8", raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = raw.decode("cp1252", "replace")
    strange = sum(1 for c in text[:4096] if ord(c) < 32 and c not in "\t\r\n\f\x1a")
    if strange > 8:
        raise SourceError(f"{path}: binary file, not a script; give SQL text (exports of schema DDL, not dump files)")
    return "cp1252", text


def read_file(path: Path, encoding: str | None = None, shown: str | None = None) -> SourceFile:
    """Read one script from disk. Raises :class:`SourceError` when it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path and its rights") from None
    return from_bytes(raw, shown or str(path), encoding)
