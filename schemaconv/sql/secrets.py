"""Passwords and keys in source text: what is shown of a statement never holds one.

Source: Transact-SQL reference, "CREATE LOGIN", "CREATE CREDENTIAL", "OPENROWSET", "sp_addlogin",
"sp_addlinkedsrvlogin".
"""

from __future__ import annotations

import re
from typing import Final

from .prose_secrets import in_prose
from .script_secrets import in_statement

HIDDEN: Final = "'***'"
_TEXT: Final = r"[nN]?'(?:[^']|'')*'?"
_VALUE: Final = rf"(?:{_TEXT}|0[xX]\w+)"
#: A word behind which a secret stands, with or without an equals sign. MUST_CHANGE and the like stay.
_ASSIGNED: Final = re.compile(
    rf"\b(PASSWORD|OLD_PASSWORD|SECRET|PASSPHRASE|KEY_SOURCE|IDENTITY_VALUE|ENCRYPTED_VALUE|PRIVATE_KEY"
    rf"|RMTPASSWORD|PASSWD|PWD|BINARY|AUTHENTICATOR|IDENTIFIED\s+BY)(\s*=>?\s*|\s+)({_VALUE})"
    rf"|\b((?:EN|DE)CRYPTBY(?:PASSPHRASE|KEY|CERT|ASYMKEY)\s*\(\s*)({_VALUE})",
    re.IGNORECASE,
)
#: Inside connection strings: ``Password=x;`` and ``PWD=x``.
_IN_STRING: Final = re.compile(r"\b((?:PASSWORD|PWD|SECRET|ACCESS_?KEY)\s*=\s*)[^;'\"\s,)]+", re.IGNORECASE)
_ARGUMENT: Final = rf"(?:@\w+\s*=\s*)?(?:{_VALUE}|[\w@.\[\]$#]+)"
#: Procedures one of whose arguments is a password, and functions that take one.
_CALLS: Final = re.compile(
    r"\b(sp_addlogin|sp_password|sp_addlinkedsrvlogin|sp_addapprole|sp_setapprole|sp_approlepassword"
    r"|sp_control_dbmasterkey_password|sp_addlinkedserver|sp_adddistributor|sp_adddistpublisher|sp_addsubscriber)\]?"
    rf"(\s+{_ARGUMENT}(?:\s*,\s*{_ARGUMENT})*)"
    rf"|\b(OPENROWSET|OPENDATASOURCE)(\s*\((?:{_TEXT}|[^')])*\))",
    re.IGNORECASE,
)
_ANY: Final = re.compile(_TEXT)
_HINT: Final = re.compile(
    r"PASSW|PWD|SECRET|PASSPHRASE|CRYPT|LOGIN|ROLE|OPENROWSET|OPENDATASOURCE|LINKED|PRIVATE|AUTHENTICATOR|DISTRIBUT"
    r"|SUBSCRIBER|KEY|IDENTIFIED",
    re.IGNORECASE,
)


#: Comments, and what may hold their marks.
_SAID: Final = re.compile(rf"{_TEXT}|\"[^\"]*\"|--[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/")


def redacted(text: str) -> str:
    """``text`` with what may be a password or a key replaced by stars; anything else stays as it is."""
    text = _SAID.sub(_said, in_statement(text))
    if _HINT.search(text) is None:
        return text
    text = _CALLS.sub(_blanked, text)
    text = _ASSIGNED.sub(lambda m: f"{m[1] or m[4]}{m[2] or ''}{HIDDEN}", text)
    return _ANY.sub(lambda m: _IN_STRING.sub(r"\1***", m[0]), text)


def shown(part: str, whole: str) -> str:
    """What may be printed of ``part`` of the statement ``whole``: nothing if it is, or lies in, a secret of that."""
    if part not in whole:
        return redacted(part)
    safe = redacted(whole)
    if part in safe:
        return part
    part = redacted(part)
    return part if part in safe else HIDDEN[1:-1]


def _said(found: re.Match[str]) -> str:
    """A comment, or a text that may speak of a password, without it."""
    text = found[0]
    if text[0] not in "'nN":
        return text if text[0] == '"' else in_comment(text)
    quote = text.index("'") + 1
    return text[:quote] + in_prose(text[quote:]) if len(text) > 4 else text


def in_comment(text: str) -> str:
    """A comment with its marks, without passwords and keys, those of calls in a statement that it holds included."""
    safe = in_prose(text)
    return _CALLS.sub(_blanked, safe) if _HINT.search(safe) is not None else safe


def _blanked(call: re.Match[str]) -> str:
    """A call without its texts, but for the first, which names whom it is about."""
    if call[3]:
        return call[3] + _ANY.sub(HIDDEN, call[4])
    first = _ANY.search(call[2])
    if first is None:
        return call[0]
    return call[1] + call[2][: first.end()] + re.sub(_VALUE, HIDDEN, call[2][first.end() :])
