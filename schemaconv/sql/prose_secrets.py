"""Passwords and keys in what people write: comments, remarks, descriptions, messages.

A text that merely speaks of passwords stays as it is. What is taken out stands behind a name that tells a secret and an
equals sign, a colon or "is", or in the place where a command that somebody has commented out takes it: a logon string
of BTEQ, ``CONNECT name/password``, ``sqlcmd -P``. The words are in ``rules/secrets.toml``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from .. import rulefiles

HIDDEN: Final = "***"
_QUOTED: Final = r"[nN]?'(?!\s)[^'\n]*+(?:'|(?=\n)|\Z)|\"(?!\s)[^\"\n]*+(?:\"|(?=\n)|\Z)"
_VALUE: Final = rf"(?:{_QUOTED}|[^\s;,)'\"][^\s;,'\"]*+)"
_ONE: Final = re.compile(_VALUE)
_HINT: Final = re.compile(
    r"PASS|PW|PSW|SECRET|CRED|KEY|TOKEN|AUTH|SIG|IDENTIFIED|LOGON|LOGDATA|CONN|://|@|/[\w.$@-]+,|[ \t][-/]P"
    r"|SQLPLUS|SQLLDR|EXP|IMP|RMAN|[?&]sig=|(?:USER|ACCOUNT|SCHEMA|LOGIN)[ \t]+[\w$#]+/",
    re.IGNORECASE,
)
#: A name and what gives it a value. ``name::type`` and ``http://`` are none.
_NAMED: Final = re.compile(
    r"(?<![\w@])([A-Za-z_][\w-]*+)(?:[\"'\]]?[ \t]{0,40}(:=|==|=>|=|:(?![:/]))(?:(?<==)\s{0,40}|[ \t]{0,40})"
    r"|[ \t]+((?:is|was)(?:[ \t]+set)?[ \t]+(?:to[ \t]+)?)|[ \t]*(\()[ \t]*(?=[\"']))",
    re.IGNORECASE,
)
#: ``password hunter2``: a word with letters and digits or other signs right behind.
_BEHIND: Final = re.compile(
    rf"(\b(?:password|passwd|passphrase|pwd)[ \t]+)"
    rf"({_QUOTED}|(?=[^\s;,()]*\d)(?=[^\s;,()]*[A-Za-z])[^\s;,()'\"]{{5,}})",
    re.IGNORECASE,
)
_IDENTIFIED: Final = re.compile(
    rf"((?:^|[\n;*-]|\b(?:USER|ROLE|TO|LINK)\s+[\w$#\".]+|\bAS)\s*IDENTIFIED\s+BY\s+(?:VALUES\s+)?)({_VALUE})"
    rf"|(\bIDENTIFIED\s+BY\s+(?:VALUES\s+)?)({_QUOTED})",
    re.IGNORECASE,
)
_LOGON: Final = re.compile(
    r"((?:\.[ \t]*LOGON[ \t]*=?|\bLOGON\b)[ \t]*[\"']?"
    r"(?:[\w.$@\"-]+/[\w.$@\"-]+(?:[ \t]*,\s*|[ \t]+(?=\S+[ \t]*;?\s*\Z))"
    r"|(?<=LOGON )[\w.$@\"-]+,))([^\s;,][^\n;]*)",
    re.IGNORECASE,
)
_LOGDATA: Final = re.compile(r"(\.[ \t]*LOGDATA[ \t]+|\bLOGDATA[ \t]+(?=\S*@@))([^\n;]+)", re.IGNORECASE)
#: A comment that is nothing but a logon string of Teradata.
_TRIPLE: Final = re.compile(r"(\A\W*[\w.-]{1,100}/[\w.$@-]{1,100},)([^\s;,]+)(?=\W*\Z)")
_URL: Final = re.compile(r"(\b[a-z][\w+.-]{0,30}://[^\s/:@\"']{0,200}:|\b[\w.-]{1,60}:)([^\s/:@\"']+)(?=@[\w\[])", re.I)
#: ``name/password@host``, ``name/password AS SYSDBA``.
_SLASH: Final = re.compile(
    rf"((?<![\w/.])[\w$#\".-]{{1,130}}/)({_QUOTED}|[^\s/@'\";,]+)(?=@[\w/\[\"(]|[ \t]+AS[ \t]+SYS\w+)", re.IGNORECASE
)
#: ``user scott/scott``: the user's name for a password.
_TWICE: Final = re.compile(r"(\b(?:user|login|account|schema)[ \t]+([\w$#]{1,60})/)(\2)(?![\w/])", re.IGNORECASE)
_QUERY: Final = re.compile(r"([?&;](?:sig|signature|token|password|pwd|access_?key|secret\w*)=)([^\s&;\"')]+)", re.I)
_BEARER: Final = re.compile(r"(\bAuthorization:[ \t]*(?:Bearer|Basic)[ \t]+)([^\s\"']+)", re.IGNORECASE)
#: What stands for a secret without being one.
_NAME: Final = re.compile(
    r"[\"']?(?:\\?\$tdwallet\b.*|\\?\$(?:\w+|\{\w+\}|\(\w+\))|[@:&%]{1,2}[A-Za-z_]+%?|&{1,2}\w+\.{0,2}|\{+\w+\}+|<[^>]*>?|\[\w+\]|\?+|[.*#_-]+"
    r"|(?i:NULL|NONE)|[xX*]{3,}|\.{2,}.*)[\"']?\.?\Z"
)
#: The name of a thing of a cloud holds no secret, though it may hold the word.
_RESOURCE: Final = re.compile(r"\barn:[\w:-]*\Z")
#: Several settings in parentheses.
_RULES: Final = re.compile(r"\(\s*\w+\s*=")
_CALL: Final = re.compile(r"[A-Za-z_][\w.]*\(.*\)?\Z")
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_RANDOM: Final = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/=]{16,}\Z")


def in_prose(text: str) -> str:
    """``text`` with every password and key in it as ``***``; doing so twice changes nothing."""
    if _HINT.search(text) is None:
        return text
    for pattern in (_URL, _QUERY, _BEARER, _LOGON, _LOGDATA, _TRIPLE, _SLASH, *_commands(), _IDENTIFIED, _BEHIND):
        text = pattern.sub(_pair, text)
    text = _TWICE.sub(rf"\1{HIDDEN}", text)
    out: list[str] = []
    at = last = 0
    while found := _NAMED.search(text, at):
        at = found.end()
        plain = tells(found[1])
        if not plain and (found[4] or not _may_tell(found[1])):
            continue
        value = _ONE.match(text, at)
        if value is not None and _is_secret(text, found, value, plain):
            out += (text[last:at], _stars(value[0]))
            at = last = value.end()
    return "".join(out) + text[last:]


def tells(name: str) -> bool:
    """Whether the name says plainly that its value is a secret, and no rule for secrets."""
    words = _words()
    upper = name.upper().replace("-", "_")
    parts = {part.upper() for part in _PARTS.findall(name)} | set(upper.split("_"))
    if parts & words["rules"]:
        return False
    if any(word in upper for word in words["tells"]) or parts & words["words"]:
        return True
    return len(parts) > 1 and "PASS" in parts and parts.isdisjoint({"BY", "NO"})


def _may_tell(name: str) -> bool:
    return not _words()["weak"].isdisjoint(part.upper() for part in _PARTS.findall(name))


def _is_secret(text: str, found: re.Match[str], given: re.Match[str], plain: bool) -> bool:
    """Whether ``given`` is a secret: what stands behind the name and sign of ``found``, a name that says so plainly or
    one that only may."""
    sign, value = found[2] or "", given[0]
    bare = value.strip("'\"")
    if not bare or _NAME.match(value) or _RULES.match(text, given.start()):
        return False
    if sign == ":" and _RESOURCE.search(text, max(0, found.start() - 100), found.start()):
        return False
    if not plain:
        return bool(sign) and _RANDOM.match(bare) is not None
    if value[0] in "'\"":
        return True
    if _CALL.match(value) or (("." in bare) and tells(bare.rpartition(".")[2])):  # f(x), t.password
        return False
    if "=" in sign:
        return True
    word = bare.rstrip(".!?:").lower()
    if word in _words()["prose"]:
        return False
    lower = word.isalpha() and bare[1:].islower()
    follows = text[given.end() : given.end() + 80].partition("\n")[0].strip(" \t.")
    goes_on = bool(sign) and bool(re.match(r"[A-Za-z]", follows))
    return not (lower and (goes_on or word.endswith(_ADJECTIVES)))


_ADJECTIVES: Final = ("ed", "ing", "able", "ible", "ly", "ent", "ant", "ive", "ful", "less", "al", "que", "ten")


@cache
def _words() -> dict[str, frozenset[str]]:
    rows: dict[str, Any] = rulefiles.load("secrets.toml")
    return {name: frozenset(value.split()) for name, value in rows.items()}


@cache
def _commands() -> tuple[re.Pattern[str], ...]:
    """Programs with a password among their arguments: behind an option, or behind the name and a slash."""
    words = _words()
    programs, logons = ("|".join(sorted(words[k], key=str.lower)) for k in ("programs", "logons"))
    given = rf"([\w$#\".-]{{1,130}}/)({_QUOTED}|[^\s/@;,]+)"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(\b(?i:{programs})(?:\.exe)?\b[^\n;|]{{0,200}}?[ \t](?:[-/]P|-p)[ \t:]*)({_VALUE})",
            rf"(?i)(\b(?:{logons})\b(?:[ \t]+-\S+(?:[ \t]+[\d.]+)?)*[ \t]+(?:userid=|target[ \t]+|catalog[ \t]+)?"
            + given[1:],
            rf"(?i)(\b(?:exp|imp)[ \t]+{given[1:]}(?=[ \t]+(?:full|owner|file|tables|log|rows|parfile|fromuser)=)",
            rf"(?i)(:connect\b[^\n]{{0,200}}?[ \t][-/]P[ \t]*)({_VALUE})",
            rf"(?i)(\buserid[ \t]*=[ \t]*[\"']?{given[1:]}",
            rf"(\bCONN(?:ECT)?[ \t]+{given[1:]}",
            rf"(?i)((?:^|\n)\W*(?:SQL>\s*)?conn(?:ect)?[ \t]+{given[1:]}(?![^\n]*[ \t](?!as[ \t])[a-z]+)",
            rf"(?i)(\bconn(?:ect)?[ \t]+{given[1:]}(?=[ \t]*;?[ \t\r]*(?:\n|\Z))",
        )
    )


def _pair(found: re.Match[str]) -> str:
    head, value, *_ = (g for g in found.groups() if g is not None)
    return found[0] if _NAME.match(value) else head + _stars(value)


def _stars(value: str) -> str:
    """Stars in the value's quotes, so that the text reads as before."""
    value = value.lstrip("nN") if value[1:2] == "'" else value
    quote = value[0] if value[0] in "\"'" else ""
    return f"{quote}{HIDDEN}{quote if quote and value.endswith(quote) and len(value) > 1 else ''}"
