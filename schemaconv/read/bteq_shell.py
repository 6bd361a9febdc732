"""Here-documents of shell scripts that feed BTEQ and the load utilities.

Source: POSIX Shell Command Language, "Here-Document": the lines up to one that is nothing but the delimiter; with
``<<-`` the tabs in front of it do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

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
#: A here-string: what is fed to a program stands between quotes.
_HERE_STRING: Final = re.compile(r"<<<[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)')", re.DOTALL)
#: How a batch file of Windows begins.
_BATCH: Final = re.compile(r"\s*(?:@?rem\b[^\n]*\n\s*)*@?(?:echo[ \t]+off\b|setlocal\b)", re.IGNORECASE)
#: A program that reads its script from a file: ``bteq < load.btq``.
_RUNS: Final = re.compile(
    r"^[ \t]*(?:[\w$%{}~:+-]*[\\/])*\"?(?:bteq|fastload|mload|fexp|tpump)(?:win|\.exe)?\"?(?=[ \t<])[^\n<>|;&]*"
    r"<[ \t]*(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s<>|&;\"']+))",
    re.IGNORECASE | re.MULTILINE,
)
#: How much of a command line is looked at on each side of ``<<``.
_NEAR: Final = 400


def is_script(text: str) -> bool:
    """Whether ``text`` is a script of a shell: by its first line, or because a program here is fed."""
    if text[:200].lstrip("\ufeff \t\r\n").startswith("#!") or _BATCH.match(text):
        return True
    if "<" not in text:
        return False
    if _RUNS.search(text):
        return True
    lines = (_line(text, found) for pattern in (_HERE, _HERE_STRING) for found in pattern.finditer(text))
    return any(not _REMARK.match(line) and _TOOLS.search(line) for line in lines)


def regions(text: str) -> Iterator[tuple[str, int, int]]:
    """The parts of a shell script in order: ``(kind, start, end)``.

    The kind of a here-document with statements is ``open``, or ``closed`` where its delimiter is quoted, so that the
    shell fills no variables in; that of the shell's own text is empty.
    """
    at = look = 0
    size = len(text)
    feeds = _Feeds(text)
    while (found := feeds.after(look)) is not None:
        if found.re is _HERE_STRING:
            look = found.end()
            if _TOOLS.search(_line(text, found)[: _NEAR]):
                kind, group = ("open", 1) if found[1] is not None else ("closed", 2)
                yield "", at, found.start(group)
                yield kind, found.start(group), found.end(group)
                at = found.end(group)
            continue
        body = text.find("\n", found.end()) + 1
        line = _line(text, found)
        if not body or _REMARK.match(line):
            look = found.end()
            continue
        close = _close(text, body, found)
        if not _read(line, text, body, close):
            look = max(close, found.end())
            continue
        yield "", at, body
        quoted = found[2] or found[3] or "\\" in found[0]
        yield "closed" if quoted else "open", body, close
        at = look = close
    yield "", at, size


class _Feeds:
    """Here-documents and here-strings of a text, in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = [pattern.search(text) for pattern in (_HERE, _HERE_STRING)]

    def after(self, look: int) -> re.Match[str] | None:
        """The first one that begins at ``look`` or behind it."""
        for i, found in enumerate(self._next):
            if found is not None and found.start() < look:
                self._next[i] = found.re.search(self._text, look)
        return min((k for k in self._next if k is not None), key=lambda k: k.start(), default=None)


def runs(text: str) -> list[str]:
    """The files that programs in a shell's text read as their scripts."""
    return [found[1] or found[2] or found[3] for found in _RUNS.finditer(text)]


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


# -- variables of the shell --------------------------------------------------------------------------------------------

_QUOTED: Final = r"\"(?:[^\"\\]|\\.)*+\"|'[^']*+'|`[^`]*+`|\$\([^()\n]*+\)|\$\{[^{}\n]*+\}|\\."
_TOKEN: Final = re.compile(
    rf"(?P<blank>[ \t\r]++|\\\n)|(?P<end>[\n;&|(){{}}])|(?P<comment>\#[^\n]*+)"
    rf"|(?P<name>[A-Za-z_]\w*+)(?P<more>\+?)=(?P<value>(?:{_QUOTED}|[^\s;&|(){{}}\"'`\\$]|\$)*+)"
    rf"|(?P<word>(?:{_QUOTED}|[^\s;&|(){{}}\"'`\\])++)|.",
    re.DOTALL,
)
_OPENS: Final = frozenset("if case while until for select".split())
_CLOSES: Final = frozenset("fi esac done".split())
#: Words in front of a command or of an assignment.
_BEFORE: Final = frozenset("then else elif do ! export typeset declare local readonly env in time".split()) | _OPENS
_DEFAULT: Final = re.compile(r"\$\{(\w+):?=([^{}\n]*)\}")


class Assignment(NamedTuple):
    """``name`` gets ``value``, as it is written; ``None`` if only the run tells. ``adds``: behind the old value.
    ``maybe``: in a branch or a loop."""

    name: str
    value: str | None
    adds: bool = False
    maybe: bool = False


def assignments(text: str) -> Iterator[Assignment]:
    """What a shell's text assigns to variables, in order. One in front of a command holds for that command only."""
    depth = 0
    head = True  # a command may begin here
    verb = ""
    words: list[str] = []
    waiting: list[Assignment] = []
    for found in _TOKEN.finditer(text + "\n"):
        match found.lastgroup:
            case "blank" | "comment":
                continue
            case "end":
                if found[0] == "(" and waiting and waiting[-1].value == "":  # a list
                    waiting[-1] = waiting[-1]._replace(value=None)
                yield from waiting
                yield from _by_command(verb, words, depth > 0)
                head, verb, words, waiting = True, "", [], []
            case "value" if head:
                waiting.append(Assignment(found["name"], found["value"], bool(found["more"]), depth > 0))
            case _:
                word = found[0]
                if head and word in _OPENS:
                    depth += 1
                elif head and word in _CLOSES:
                    depth = max(0, depth - 1)
                if not head:
                    words.append(word)
                elif word not in _BEFORE or word in ("for", "select"):
                    head, verb, waiting = word.startswith("-"), word, []


def _by_command(verb: str, words: list[str], maybe: bool) -> Iterator[Assignment]:
    match verb:
        case "unset" | "read":
            yield from (Assignment(word, None) for word in words if not word.startswith("-"))
        case "for" | "select" if words:
            yield Assignment(words[0], None)
        case "setenv" if len(words) > 1:
            yield Assignment(words[0], words[1], maybe=maybe)
        case ":":
            for found in map(_DEFAULT.search, words):
                if found is not None:
                    yield Assignment(found[1], f"${{{found[1]}:-{found[2]}}}", maybe=maybe)


_SEGMENT: Final = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|([^'\"]+)", re.DOTALL)


def plain(value: str) -> str | None:
    """A value as written, without its quotes; ``None`` if a command's output is part of it. Variables stay."""
    out: list[str] = []
    for found in _SEGMENT.finditer(value):
        part: str = next(g for g in found.groups() if g is not None)
        if "$" in part and found[1] is not None:  # between these quotes it is a dollar sign
            return None
        if found[1] is None and ("`" in part or "\\" in part or re.search(r"\$(?![\w{])", part)):
            return None
        out.append(part)
    return "".join(out)
