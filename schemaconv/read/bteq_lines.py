"""Lines of a Teradata script that a client program keeps for itself: which they are and where they end.

Sources: "Basic Teradata Query Reference" (BTEQ: "Command Syntax", "IF...THEN...", "OS"): a command begins with a dot
and ends at a semicolon or with its line, a hyphen at the end of the line continues it. "FastLoad Reference", "MultiLoad
Reference", "FastExport Reference", "Parallel Transporter Reference": commands run over lines, to their semicolon.
"""

from __future__ import annotations

import re
from typing import Final

from ..sql.tokens import OPERATOR, TERADATA, WORD
from .piece import line_end, skip_blank, starts_line, trimmed

#: Commands of BTEQ. In the middle of a statement only these show that it has ended.
_BTEQ: Final = frozenset(
    """
    ABORT AUTOKEYRETRIEVE CMS COMPILE DECIMALDIGITS DEFAULTS ECHOREQ ELSE ELSEIF ENDIF EQUALS ERRORLEVEL ERROROUT EXIT
    EXITONDELAY EXPORT EXPORTEJECT FOLDLINE FOOTING FORMAT FORMCHAR FULLYEAR GOTO HANG HEADING HELP IF IMPORT INDICDATA
    INDICREADMODE KEEPEDRETRY LABEL LARGEDATAMODE LOGDATA LOGMECH LOGOFF LOGON LOGONPROMPT MAXERROR MESSAGEOUT
    MULTIPLEXRETRY NOTIFY NULL OMIT OS PACK PAGEBREAK PAGELENGTH QUIET QUIT RECORDMODE REMARK REPEAT REPEATSTOP RESET
    RETCANCEL RETLIMIT RETRY RTITLE RUN SEPARATOR SESSION SESSIONS SET SHOW SIDETITLES SKIPDOUBLE SKIPLINE SUPPRESS TDP
    TITLEDASHES TSO UNDERLINE WIDTH
    """.split()
)
#: Commands of the load utilities; they end at their semicolon only.
LOAD: Final = frozenset(
    """
    BEGIN END LAYOUT FIELD FILLER TABLE DML LOGTABLE ACCEPT DISPLAY ROUTE PAUSE PARTITION NAME AXSMOD DATEFORM SYSTEM
    DEFINE
    """.split()
)
#: Those that may as well be the second part of a name.
_NAMES: Final = frozenset(
    "NULL FORMAT HEADING FOOTING EQUALS PACK RESET SESSION TABLE NAME FIELD DEFINE PARTITION".split()
)
#: BEGIN and END of a load utility.
_TASK: Final = re.compile(r"\s+(?:IMPORT|EXPORT|DELETE|LOADING|LOAD|MLOAD)\b", re.IGNORECASE)
_DOT: Final = re.compile(r"\.[ \t]*([A-Za-z]+)(?![\w$#])")
#: Settings that BTEQ takes behind SET; any other SET is a statement.
_SETTINGS: Final = (
    r"DEFAULTS|ECHOREQ|ERRORLEVEL|ERROROUT|EXITONDELAY|FOLDLINE|FOOTING|FORMAT|FORMCHAR|FULLYEAR|HEADING|INDICDATA"
    r"|LARGEDATAMODE|MAXERROR|OMIT|PAGEBREAK|PAGELENGTH|QUIET|RECORDMODE|RETCANCEL|RETLIMIT|RETRY|RTITLE|SEPARATOR"
    r"|SESSIONS|SIDETITLES|SKIPDOUBLE|SKIPLINE|SUPPRESS|TITLEDASHES|UNDERLINE|WIDTH"
)
#: Commands of BTEQ that are understood without their dot, at the start of a line.
_BARE: Final = re.compile(
    rf"(?:LOGON|LOGOFF|LOGDATA|LOGMECH|QUIT|EXIT|HANG)(?![\w$#.])|GOTO[ \t]+\w+|LABEL[ \t]+\w+[ \t]*;?[ \t\r]*(?=\n|\Z)"
    rf"|(?:RUN|COMPILE)[ \t]+(?:FILE|DDNAME)\b|REMARK[ \t]*['\"]|REPEAT[ \t]+(?:\d+|\*)|SHOW[ \t]+CONTROLS?\b"
    rf"|(?:EXPORT|IMPORT)[ \t]+(?:DATA|REPORT|INDICDATA|DIF|RESET|VARTEXT|FILE)\b|SET[ \t]+(?:{_SETTINGS})\b"
    rf"|IF[ \t]+(?:ERRORCODE|ERRORLEVEL|ACTIVITYCOUNT)\b|=[ \t]*\d+[ \t]*;?[ \t\r]*(?=\n|\Z)",
    re.IGNORECASE,
)
#: Commands of FastLoad and of Parallel Transporter, which have no dot.
_BARE_LOAD: Final = re.compile(
    r"(?:BEGIN|END)\s+LOADING\b|SET\s+RECORD\b|RECORD\s+\d|SESSIONS\s+\d|ERRLIMIT\s+\d|TENACITY\s+\d|SLEEP\s+\d"
    r"|AXSMOD\s|DATEFORM\s+(?:INTEGERDATE|ANSIDATE)|(?:USING\s+CHAR(?:ACTER)?\s+SET\s+\S+\s+)?DEFINE(?![\w$#.])",
    re.IGNORECASE,
)
#: What BTEQ prints around the text of an object: messages, rules, prompts.
NOISE: Final = re.compile(r"\*\*\*[ \t]+\S[^\n]*|\+-{3,}[-+]*[ \t\r]*(?=\n|\Z)|BTEQ -- Enter your[^\n]*")
_RULE: Final = re.compile(r"(?:Request Text[ \t\r]*\n[ \t]*)?-{10,}[ \t\r]*(?=\n|\Z)", re.IGNORECASE)
#: A line that is nothing but text from the shell: a variable or what a command prints.
_SHELL: Final = re.compile(r"(?:\$\{?\w+\}?|`[^`\n]*`|\$\([^()\n]*\))[ \t]*;?[ \t\r]*(?=\n|\Z)")
_THEN: Final = re.compile(r"\bTHEN\b[ \t]*", re.IGNORECASE)
#: What a conditional command may run besides commands.
_STATEMENT: Final = re.compile(
    r"(?:SEL(?:ECT)?|INS(?:ERT)?|UPD(?:ATE)?|DEL(?:ETE)?|CREATE|REPLACE|DROP|ALTER|MERGE|CALL|EXEC(?:UTE)?|GRANT|REVOKE"
    r"|COLLECT|COMMENT|DATABASE|LOCK(?:ING)?|BT|ET|CT|CV|CM|RENAME|MODIFY|GIVE|ABORT|ROLLBACK|COMMIT|WITH)\b",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"'(?:[^'\n]|'')*'|\"[^\"\n]*\"|/\*|;|\n")
#: ``LOGON host/user,``: no statement holds these, so that one which does was not ended in front of them.
LOGON_STRING: Final = re.compile(
    r"\.?[ \t]*LOGON[ \t]+(?:[\w.$@\"{}-]+/[\w.$@\"{}-]+[ \t]*,|(?<=\n)[\w.$@\"{}-]+,[^\s,]+[ \t]*;)", re.IGNORECASE
)
_PASSWORD_LINE: Final = re.compile(r"\.?[ \t]*LOGON[ \t]+[^\s,;]+[ \t]*;?[ \t\r]*\Z", re.IGNORECASE)
_LONE: Final = re.compile(r"[ \t]*(?!\.|--|/\*|\*)([^\s;]+)[ \t]*;?[ \t\r]*(?=\n|\Z)")
_NO_PASSWORD: Final = re.compile(
    r"(?:BT|ET|SEL|SELECT|CREATE|REPLACE|INSERT|UPDATE|DELETE|DROP|ALTER|DATABASE|COMMIT|ROLLBACK|BEGIN|LOCKING|WITH"
    r"|CALL|EXEC|GRANT|MERGE|COLLECT|COMMENT|ABORT|LOGOFF|QUIT|EXIT)\b",
    re.IGNORECASE,
)


def is_command(text: str, at: int) -> bool:
    """Whether the dot at ``at`` begins a command that no name can be taken for."""
    found = _DOT.match(text, at)
    word = found[1].upper() if found is not None else ""
    return (word in _BTEQ or word in LOAD) and word not in _NAMES


def command(text: str, at: int, stop: int) -> int:
    """The end of the client's line that begins at ``at``, or -1 where a statement begins."""
    if text[at] == ".":
        dot = _DOT.match(text, at, stop)
        return -1 if dot is None else _command(text, at, dot.end(), stop, dot[1].upper())
    if LOGON_STRING.match(text, at, stop):
        return _command(text, at, at + 5, stop, "LOGON")
    if not starts_line(text, at):
        return -1
    if NOISE.match(text, at, stop):
        return _noise(text, at, stop)
    if found := _SHELL.match(text, at, stop):
        return trimmed(text, at, found.end())
    if found := _BARE_LOAD.match(text, at, stop):
        return _load(text, at, stop)
    if found := _BARE.match(text, at, stop):
        word = re.match(r"[A-Za-z]*", found[0])
        return _command(text, at, found.start() + 1, stop, word[0].upper() if word else "")
    return -1


def _command(text: str, at: int, begin: int, stop: int, word: str) -> int:
    match word:
        case "OS" | "TSO" | "CMS":  # semicolons are the operating system's
            return trimmed(text, at, line_end(text, begin, stop))
        case "IF" | "ELSEIF":
            return _conditional(text, at, begin, stop)
        case "LOGON":
            return _logon(text, at, _end(text, at, begin, stop), stop)
        case "IMPORT" | "EXPORT" if re.compile(r"\s+(?:INFILE|OUTFILE|MODE|AXSMOD)\b", re.I).match(text, begin):
            return _load(text, at, stop)
        case "BEGIN" | "END" if not _TASK.match(text, begin):
            return _end(text, at, begin, stop)
    return _load(text, at, stop) if word in LOAD else _end(text, at, begin, stop)


def _end(text: str, at: int, begin: int, stop: int) -> int:
    """Behind the first semicolon, or at the end of the line and those that a hyphen adds to it."""
    look = begin
    while found := _MARK.search(text, look, stop):
        look = found.end()
        match found[0]:
            case ";":
                return look
            case "\n" if not _continued(text, at, found.start()):
                return trimmed(text, at, found.start())
            case "/*" if text[found.start() - 1] in " \t":
                close = text.find("*/", look, line_end(text, look, stop))
                if close < 0:
                    return trimmed(text, at, found.start())
                look = close + 2
    return trimmed(text, at, stop)


def _continued(text: str, at: int, end: int) -> bool:
    end = trimmed(text, at, end)
    return text[end - 1] == "-" and text[end - 2 : end] != "--"


def _conditional(text: str, at: int, begin: int, stop: int) -> int:
    """A statement behind THEN is a statement of its own."""
    end = _end(text, at, begin, stop)
    then = _THEN.search(text, begin, end)
    if then is not None and _STATEMENT.match(text, then.end(), stop):
        return trimmed(text, at, then.end())
    return end


def _logon(text: str, at: int, end: int, stop: int) -> int:
    """A password may stand on the line below: behind a comma, or where BTEQ would ask for it."""
    while end < stop and text[end - 1] == "," and (below := skip_blank(text, end)) < stop and text[below] != ".":
        end = _end(text, at, below, stop)
    if not _PASSWORD_LINE.match(text, at, end) or end >= stop:
        return end
    start = line_end(text, end, stop) + 1
    lone = _LONE.match(text, start, stop)
    if lone is None or _NO_PASSWORD.match(lone[1]) or text[end:start].strip():
        return end
    return trimmed(text, at, lone.end())


def _noise(text: str, at: int, stop: int) -> int:
    """Messages in a row, with the rule below them."""
    end = at
    while at < stop and (found := NOISE.match(text, at, stop)):
        end = found.end()
        at = skip_blank(text, end)
    if at < stop and (found := _RULE.match(text, at, stop)):
        end = found.end()
    return trimmed(text, 0, end)


def _load(text: str, at: int, stop: int) -> int:
    """To the semicolon outside of quotes; not beyond a line with another command. A job of Parallel Transporter holds
    commands in parentheses."""
    jobs = depth = 0
    first = end = -1
    previous = ""
    for found in TERADATA.finditer(text, at, stop):
        kind = found.lastindex
        if kind is None:
            break
        start = found.start(kind)
        token = found[kind]
        if kind == OPERATOR:
            if token in "'\"":
                return line_end(text, start, stop) if first < 0 else first
            depth += (token == "(") - (token == ")")
            if token == ";":
                if depth <= 0 or not jobs:
                    return found.end()
                first = found.end() if first < 0 else first
            elif token == "." and start > at and depth <= 0 and starts_line(text, start) and is_command(text, start):
                return end
        elif kind == WORD:
            jobs += previous == "DEFINE" and token.upper() == "JOB"
            if jobs > 1:  # they do not nest: a parenthesis is missing
                break
            previous = token.upper()
        end = found.end(kind)
    return first if first >= 0 else max(end, at + 1)


# -- what a line is ----------------------------------------------------------------------------------------------------

INCLUDE: Final = re.compile(
    r"(?:\.?[ \t]*IF\b[^;'\"]*?\bTHEN[ \t]+)?\.?[ \t]*(?:RUN|COMPILE)[ \t]+(?:FILE|DDNAME)?[ \t]*=?[ \t]*"
    r"(?:'([^'\n]+)'|\"([^\"\n]+)\"|([^\s;,='\"]+))",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"\.?[ \t]*([A-Za-z]+)[ \t]*([A-Za-z]*)")
_FLOW: Final = frozenset("IF ELSE ELSEIF GOTO REPEAT".split())
#: A condition that only stops the script when a statement fails.
_STOPS: Final = re.compile(
    r"\.?[ \t]*IF[ \t]+(?:ERRORCODE|ERRORLEVEL)[ \t]*(?:<>|!=|\^=|~=|>=?|NE|GT|GE)[ \t]*\d+[ \t]+THEN"
    r"[ \t]+\.?[ \t]*(?:QUIT|EXIT|LOGOFF|GOTO)(?!\w)",
    re.IGNORECASE,
)
_ROWS: Final = frozenset("DATA REPORT INDICDATA DIF VARTEXT FILE DDNAME RECORD TEXT".split())


def kind(line: str) -> str:
    """What a client's line is.

    ``include`` (runs another script), ``flow`` (a condition or a jump, but for the one that stops at an error),
    ``load`` (a load utility's command), ``files`` (rows go to a file or come from one), ``logon``, ``shell`` (text of
    the shell, or a command for the operating system) or ``command``: what else concerns the client alone.
    """
    if INCLUDE.match(line):
        return "include"
    if _STOPS.match(line):
        return "command"
    found = _WORDS.match(line)
    first, second = (found[1].upper(), found[2].upper()) if found is not None else ("", "")
    if line[:1] != ".":
        return _bare_kind(line, first)
    match first:
        case "LOGON" | "LOGDATA":
            return "logon"
        case "OS" | "TSO" | "CMS" | "SYSTEM":
            return "shell"
        case "IMPORT" | "EXPORT":
            load = second in ("INFILE", "OUTFILE", "MODE", "AXSMOD")
            return "load" if load else "files" if second in _ROWS else "command"
        case "END" | "BEGIN" if not _TASK.match(line, found.end(1) if found is not None else 0):
            return "command"
    return "load" if first in LOAD else "flow" if first in _FLOW else "command"


def _bare_kind(line: str, first: str) -> str:
    if _BARE_LOAD.match(line):
        return "load"
    if NOISE.match(line):
        return "command"
    if not _BARE.match(line) or ("\n" in line.rstrip() and first not in ("LOGON", "LOGDATA")):
        return "shell"
    if first in ("LOGON", "LOGDATA"):
        return "logon"
    if first in ("IMPORT", "EXPORT"):
        return "command" if re.match(r"\w+[ \t]+RESET\b", line, re.IGNORECASE) else "files"
    return "flow" if first in _FLOW or line[:1] == "=" else "command"
