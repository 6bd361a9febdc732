"""Credentials in the scripts of command-line clients: what is shown of a line or a statement never holds one.

Sources: "Basic Teradata Query Reference" (LOGON, LOGDATA), "Security Administration" (Teradata Wallet: ``$tdwallet(x)``
is the name of a secret, not a secret), "SQL Data Definition Language" (CREATE USER, MODIFY USER, CREATE AUTHORIZATION).
"""

from __future__ import annotations

import re
from typing import Final

from .prose_secrets import in_prose

HIDDEN: Final = "***"
#: What tells a secret wherever it stands in a name, and what does so as a word of it or at its end.
_ANYWHERE: Final = (
    "PASSW", "PASSPHRASE", "PSWD", "PWD", "SECRET", "TOKEN", "CREDENTIAL", "APIKEY", "ACCESSKEY", "LOGON", "LOGDATA",
)  # fmt: skip
_WORDS: Final = frozenset("PASS PW PSW PSSWD KEY AUTH SIGNATURE CRED CREDS".split())
_ENDS: Final = ("PASS", "PW", "PSW")
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_QUOTED: Final = r"\\?\"(?:[^\"\\\n]|\\[^\n])*+(?:\"|(?=\n)|\Z)|'(?:[^'\n]|'')*+(?:'|(?=\n)|\Z)"
_COMMAND: Final = r"`[^`\n]*+(?:`|(?=\n)|\Z)|\$\([^()\n]*+\)"
_MORE: Final = r"(?:\"[^\"\s]*+\"|'[^'\s]*+'|[^\s;,)|&'\"{}\]])*+"
_BARE: Final = r"[^\s;,)|&'\"](?:\"[^\"\s]*+\"|'[^'\s]*+'|[^\s;,)|&'\"])*+"
_VALUE: Final = re.compile(
    rf"(?:{_QUOTED}){_MORE}|{_COMMAND}|\\?\$tdwallet\([^()\n]*+\)|{_BARE}", re.IGNORECASE
)
#: What stands for a secret without being one: variables of the shell, and names in the wallet.
_NAME: Final = re.compile(
    r"[\"']?(?:\\?\$tdwallet\([^()\n]*\)|\\?\$(?:\w+|\{\w+\})|\*{3})[\"']?\Z|(?:NULL|NONE)\Z",
    re.IGNORECASE,
)
#: Rules for passwords, as CREATE PROFILE has them.
_RULES: Final = re.compile(r"\(\s*\w+\s*=")
#: A name and what assigns to it: ``PW=``, ``"token": ``, ``--password ``, ``setenv PW ``.
_ASSIGNED: Final = re.compile(
    r"(?<![\w-])(?:--?(?P<option>[A-Za-z][\w-]*+)(?:[ \t]*=|[ \t])[ \t]*"
    r"|(?:setenv|set|setvar)[ \t]+(?P<csh>[A-Za-z_]\w*+)[ \t]+(?:TO[ \t]+)?(?!=)"
    r"|(?P<name>[A-Za-z_][\w.-]{0,200}+)[\"']?\s{0,80}+(?::=|[=:])\s{0,80}+)",
    re.IGNORECASE,
)
#: The words alone: a text behind PASSWORD, anything behind IDENTIFIED BY.
_SPOKEN: Final = re.compile(
    rf"((?<![\w$])(?:\w{{0,60}}?(?:PASSWORD|PASSWD)|SECRET)\s{{1,80}}+)({_QUOTED})"
    rf"|(\bIDENTIFIED\s{{1,80}}+BY\s{{1,80}}+(?:VALUES\s{{1,80}}+)?)({_VALUE.pattern})",
    re.IGNORECASE,
)
_URL: Final = re.compile(r"(\b[a-z][\w+.-]{0,30}://[^\s/:@\"']{0,200}:)([^\s/\"']+)(?=@)", re.IGNORECASE)
#: Short options of programs that are known: ``-p x``, ``-u name:x``.
_SHORT: Final = re.compile(
    r"(\b(?:tdload|tbuild|tdwallet|sshpass|mysql|bteq|arcmain|twbrun)\b[^\n;|]{0,200}?[ \t]-p[ \t]*)"
    rf"({_VALUE.pattern})|(\bcurl\b[^\n;|]{{0,200}}?[ \t]-u[ \t]*[\"']?[^\s:\"']{{1,100}}:)([^\s\"']+)",
    re.IGNORECASE,
)
_BEARER: Final = re.compile(r"(\bAuthorization:[ \t]*\w+[ \t]+)([^\s\"']+)", re.IGNORECASE)
#: The three parts of a logon string that stands anywhere in the text of a shell.
_TRIPLE: Final = re.compile(r"((?<![\w./])[\w.-]{1,100}/[\w.$@-]{1,100},)([^\s;\"'|,]+)")
_LOGON: Final = re.compile(r"(?<![\w$])(LOGON|LOGDATA)(?![\w$])[ \t]*", re.IGNORECASE)
_RIGHT: Final = re.compile(r"\b(?:GRANT|REVOKE)\s+\Z", re.IGNORECASE)
_ARGUMENT: Final = re.compile(r"(?:\"[^\"\n]*\"|'[^'\n]*'|[,-][ \t\r]*\n|[^;\n])*+")
#: ``host/user`` or ``user``, and what parts it from the password.
_USER: Final = re.compile(r"(?:[=:][ \t]*[\"']?)?(?:\"[^\"\n]*\"|[^\s,\"'])*+")
_GAP: Final = re.compile(r"[\s,]*(?:-[ \t\r]*\n[\s,]*)?")
_LONE: Final = re.compile(r"(;?[ \t\r]*\n[ \t]*)([^\s;]+)(?=[ \t]*;?[ \t\r]*\Z)")
_PAIRS: Final = (_SPOKEN, _URL, _SHORT, _BEARER, _TRIPLE)
_HINT: Final = re.compile(
    r"LOGON|LOGDATA|PASS|PW|PSW|SECRET|TOKEN|CRED|KEY|AUTH|SIG|ACCOUNT|ACCESS_ID|IDENTIFIED|://|/[\w.$@-]+,|[ \t]-[pu]",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Whether the name of a variable or an option tells that its value is a secret."""
    upper = name.upper()
    if any(word in upper for word in _ANYWHERE) or upper.endswith(_ENDS):
        return True
    return any(part.upper() in _WORDS or part.upper().endswith(_ENDS) for part in _PARTS.findall(name))


def redacted(line: str, names: frozenset[str] = frozenset()) -> str:
    """``line``, the text of a client's line, of a statement or of a shell script, with every credential as ``***``.

    ``names`` are variables that hold one although their names do not tell so. Names of secrets (``$VAR``,
    ``$tdwallet(x)``) stay. Redacting twice changes nothing.
    """
    if not names and _HINT.search(line) is None:
        return in_prose(line)
    line = _logons(line)
    for pattern in (*_PAIRS, *_WORDS_OF_STATEMENTS):
        line = pattern.sub(_pair, line)
    return in_prose(_assigned(line, names))


def in_statement(text: str) -> str:
    """``text``, that of a statement, without credentials of the client's lines that an error has made part of it, and
    without passwords that stand in no quotes.

    A text that begins as no statement does, or that holds a quote or a comment without its partner, is read as a
    client's line. In a statement, a name that tells a secret may be that of a column.
    """
    if _HINT.search(text) is None:
        return text if _STATEMENT.match(text) else in_prose(text)
    odd = text.count("'") % 2 or text.count('"') % 2 or text.rfind("/*") > text.rfind("*/")
    if odd or not _STATEMENT.match(text):
        return redacted(text)
    text = _URL.sub(_pair, text)
    text = _LOGON_LINE.sub(lambda m: _logons(m[0]), text)
    text = _SHELL_LINE.sub(lambda m: _assigned(m[0]), text)
    for pattern in _WORDS_OF_STATEMENTS:
        text = pattern.sub(_pair, text)
    return _PASSWORD.sub(_pair, text) if _USER_STATEMENT.search(text) else text


#: What stands in statements: a user's password, the account of a session, keys of object stores.
_WORDS_OF_STATEMENTS: Final = (
    _SPOKEN,
    re.compile(rf"(\bACCOUNT\s{{0,80}}+=\s{{0,80}}+)({_QUOTED})", re.IGNORECASE),
    re.compile(rf"(\b(?:ACCESS_ID|ACCESS_KEY|SESSION_TOKEN)\s{{0,80}}+\(\s{{0,80}}+)({_QUOTED})", re.IGNORECASE),
    re.compile(
        rf"([\"']\w*(?:access_?(?:id|key)|secret|token|passw)\w*[\"']\s{{0,80}}+:\s{{0,80}}+)({_QUOTED})", re.IGNORECASE
    ),
    re.compile(r"([?&](?:sig|signature|\w*token|password|pwd|access_?key|secret\w*)=)([^\s&;\"')]+)", re.IGNORECASE),
)
_STATEMENT: Final = re.compile(
    r"(?:\s|--[^\n]*+(?:\n|\Z)|/\*(?:[^*]|\*(?!/))*+\*/|[;(])*+(?:CREATE|ALTER|DROP|REPLACE|SEL(?:ECT)?|INS(?:ERT)?"
    r"|UPD(?:ATE)?|DEL(?:ETE)?|MERGE|WITH|TRUNCATE|GRANT|REVOKE|DENY|EXEC(?:UTE)?|CALL|COMMENT|COLLECT|DECLARE"
    r"|BEGIN(?!\s+(?:LOAD|IMPORT|EXPORT|MLOAD|DELETE))|IF"
    r"|PRINT|LOCK(?:ING)?|USING(?!\s+CHAR)|MODIFY|RENAME|USE|GO|DATABASE|BT|ET|CT|CV|CM|ADD|BACKUP|RESTORE|OPEN|CLOSE|ENABLE"
    r"|DISABLE|CLUSTER|ANALYZE|COMMIT|ROLLBACK|<<|FOREIGN|PRIMARY|UNIQUE|CHECK|CONSTRAINT)(?!\w)",
    re.IGNORECASE,
)
_LOGON_LINE: Final = re.compile(
    r"^[ \t]*(?:\.[ \t]*(?:LOGON|LOGDATA)[ \t]|LOGON[ \t]+[\w.$@\"-]*(?:/[\w.$@\"-]|,))[^\n]*(?:[,-][ \t\r]*\n[^\n]*)?",
    re.IGNORECASE | re.MULTILINE,
)
_SHELL_LINE: Final = re.compile(r"^[ \t]*(?:(?:export|set|typeset)[ \t]+)?[A-Za-z_]\w*+=[^\n]*", re.MULTILINE)
_USER_STATEMENT: Final = re.compile(r"\b(?:CREATE|MODIFY|ALTER)\s+USER\b", re.IGNORECASE)
_PASSWORD: Final = re.compile(rf"(\bPASSWORD\s{{0,80}}+=\s{{0,80}}+)({_VALUE.pattern})", re.IGNORECASE)


def _logons(line: str) -> str:
    """Without what stands behind the user of a LOGON: the password, and the account."""
    out: list[str] = []
    last = 0
    for found in _LOGON.finditer(line):
        at = found.end()
        if found.start() < last or _RIGHT.search(line, max(0, found.start() - 80), found.start()):
            continue
        stop = _ARGUMENT.match(line, at).end()  # type: ignore[union-attr]
        if found[1].upper() == "LOGON":
            user = _USER.match(line, at, stop)
            at = user.end() if user is not None else at
            at = _GAP.match(line, at, stop).end()  # type: ignore[union-attr]
            if at >= stop and (lone := _LONE.match(line, stop)):
                out += (line[last : lone.start(2)], HIDDEN)
                last = lone.end()
                continue
        value = line[at:stop].rstrip("\r\t \"'")
        if not value or _NAME.match(value) or value.lstrip("\"'") == "":
            continue
        out += (line[last:at], HIDDEN)
        last = at + len(value)
    return "".join(out) + line[last:]


def _assigned(line: str, names: frozenset[str] = frozenset()) -> str:
    out: list[str] = []
    at = last = 0
    while found := _ASSIGNED.search(line, at):
        at = found.end()
        name = found["option"] or found["csh"] or found["name"]
        if not (is_secret(name) or name in names or name.upper() in names):
            continue
        value = _VALUE.match(line, at)
        if value is None or _NAME.match(value[0]) or _RULES.match(line, at):
            continue
        if found[0].rstrip().endswith(":") and value[0][1:2].isspace():  # a prompt: 'Password: '
            continue
        out += (line[last:at], _stars(value[0]))
        at = last = value.end()
    return "".join(out) + line[last:]


def _pair(found: re.Match[str]) -> str:
    head, value, *_ = (g for g in found.groups() if g is not None)
    return found[0] if _NAME.match(value) else head + _stars(value)


def _stars(value: str) -> str:
    """Stars in the value's quotes, so that the line reads as before."""
    if value[:2] == '\\"':
        return f'\\"{HIDDEN}\\"'
    quote = value[0] if value[0] in "\"'" else ""
    return f"{quote}{HIDDEN}{quote}"
