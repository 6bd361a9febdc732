"""Here-documents of shell scripts that feed BTEQ and the load utilities.

Source: POSIX Shell Command Language, "Here-Document": the lines up to one that is nothing but the delimiter; with
``<<-`` the tabs in front of it do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_HERE: Final = re.compile(
    r"(?<!<)<<(?![<=])(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([A-Za-z_!\[\]%@][\w!\[\]%@.]*))"
)
#: Programs that read Teradata statements; the name may be part of a path or of a variable.
_TOOLS: Final = re.compile(r"bteq|fastload|mload|multiload|fexp|fastexport|tpump|tbuild|tdload", re.IGNORECASE)
_OTHERS: Final = re.compile(r"(?<!\w)(?:sqlplus|psql|mysql|isql|sqlcmd|db2|beeline|hive|mail|mailx|sftp|ftp)(?!\w)")
_REMARK: Final = re.compile(r"[ \t]*(?:#|--|\*|/\*)")
#: How a script begins that another command takes: a BTEQ command, or a statement.
_SCRIPT: Final = re.compile(
    r"(?:\s|--[^\n]*\n)*(?:\.[ \t]*[A-Za-z]|(?:CREATE|REPLACE|DROP|ALTER|INSERT|INS|DELETE|DEL|UPDATE|UPD|SELECT|SEL"
    r"|DATABASE|GRANT|COLLECT|BT|LOCKING|LOCK|CALL|EXEC|COMMENT|SET|LOGON|MERGE|WITH)\b)",
    re.IGNORECASE,
)
#: How much of a command line is looked at on each side of ``<<``.
_NEAR: Final = 400


def is_script(text: str) -> bool:
    """Whether ``text`` is a shell script: by its first line, or because a program here reads a here-document."""
    if text[:200].lstrip("\ufeff \t\r\n").startswith("#!"):
        return True
    if "<<" not in text:
        return False
    lines = (_line(text, found) for found in _HERE.finditer(text))
    return any(not _REMARK.match(line) and _TOOLS.search(line) for line in lines)


def regions(text: str) -> Iterator[tuple[bool, int, int]]:
    """The parts of a shell script in order: ``(is a here-document with statements, start, end)``."""
    at = look = 0
    size = len(text)
    while (found := _HERE.search(text, look)) is not None:
        body = text.find("\n", found.end()) + 1
        line = _line(text, found)
        if not body or _REMARK.match(line):
            look = found.end()
            continue
        close = _close(text, body, found)
        if not _read(line, text, body, close):
            look = max(close, found.end())
            continue
        yield False, at, body
        yield True, body, close
        at = look = close
    yield False, at, size


def _line(text: str, found: re.Match[str]) -> str:
    """The command line around ``<<``, as far as it is of interest."""
    start, end = found.span()
    first = text.rfind("\n", max(0, start - _NEAR), start) + 1 or max(0, start - _NEAR)
    last = text.find("\n", end, end + _NEAR)
    return text[first : last if last >= 0 else end + _NEAR]


def _close(text: str, body: int, found: re.Match[str]) -> int:
    """Where the line with the delimiter begins; the end of the text where there is none."""
    word = re.escape(found[2] or found[3] or found[4])
    for blanks in (r"\t*" if found[1] else "", r"[ \t]*"):  # a delimiter that is indented by mistake is meant
        if end := re.compile(rf"^{blanks}{word}[ \t\r]*$", re.MULTILINE).search(text, body):
            return end.start()
    return len(text)


def _read(line: str, text: str, body: int, close: int) -> bool:
    """Whether a here-document holds statements: told by the command that takes it, else by how it begins."""
    if _TOOLS.search(line):
        return True
    if _OTHERS.search(line):
        return False
    return _SCRIPT.match(text, body, close) is not None and text.find(";", body, close) >= 0
