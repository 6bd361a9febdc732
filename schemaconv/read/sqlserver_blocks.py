"""Procedural text between the statements of a script: what runs text as a statement, what only steers, what acts.

Source: Transact-SQL reference, "EXECUTE", "sp_executesql", "IF...ELSE", "Control-of-flow".
"""

from __future__ import annotations

import re
from typing import Final

from ..source import Span
from .cursor import Cursor, string_value

_EXEC: Final = frozenset({"EXEC", "EXECUTE"})


def constant_text(c: Cursor) -> tuple[str, Span] | None:
    """The text that EXEC('...') or EXEC sp_executesql N'...' runs and its place, if it is one constant."""
    at = 1 if c.word() in _EXEC else 0
    texts = c.texts
    if texts[at] == "(":
        return _joined(c, at + 1, ")")
    while texts[at + 1] == ".":
        at += 2
    if _bare(texts[at]) != "SP_EXECUTESQL":
        return None
    at += 1
    if texts[at][:1] == "@" and texts[at + 1] == "=":
        at += 2
    return _joined(c, at, "")


def _bare(text: str) -> str:
    return text[1:-1].upper() if text[:1] in ("[", '"') else text


def _joined(c: Cursor, at: int, close: str) -> tuple[str, Span] | None:
    """Texts joined by ``+`` from token ``at`` to ``close``, or to the end of the statement."""
    texts = c.texts
    start = at
    out = []
    while texts[at][:1] == "'":
        out.append(string_value(texts[at]))
        at += 1
        if texts[at] != "+":
            break
        at += 1
    if not out or texts[at] != close:
        return None
    rest = texts[at + 1 : c.count] if close else []
    return ("".join(out), c.span(start, at)) if not rest else None


#: Statements that leave nothing behind in the database.
_HARMLESS: Final = frozenset(
    """
    DECLARE PRINT RAISERROR THROW GOTO RETURN WAITFOR OPEN CLOSE FETCH DEALLOCATE BREAK CONTINUE IF ELSE BEGIN END WHILE
    SELECT SET TRY CATCH
    """.split()
)
#: Words that change something, wherever in a block they stand.
_ACTING: Final = frozenset(
    """
    CREATE ALTER DROP INSERT UPDATE DELETE MERGE TRUNCATE GRANT DENY REVOKE EXEC EXECUTE INTO BULK BACKUP RESTORE DBCC
    ENABLE DISABLE KILL SEND RECEIVE RECONFIGURE
    """.split()
)


def steers(c: Cursor) -> bool:
    """Whether the block only reads, prints or steers the script: it leaves nothing behind."""
    words = c.texts[: c.count]
    return words[0] in _HARMLESS and not _ACTING.intersection(words) and not any(w.startswith("SP_") for w in words)


#: Words that take something away or change it.
_TAKING: Final = re.compile(r"\b(?:DROP|DELETE|UPDATE|TRUNCATE|MERGE|SP_RENAME|SP_DROP\w*)\b", re.IGNORECASE)


def makes(c: Cursor) -> bool:
    """Whether the statement only adds something: nothing is lost if it runs where it should not."""
    inner = constant_text(c) if c.word() in _EXEC else None
    if inner is not None:
        return inner[0].lstrip()[:6].upper() == "CREATE" or _TAKING.search(inner[0]) is None
    if c.word() in _EXEC or c.word().startswith("SP_"):
        return not any(_TAKING.fullmatch(w) for w in c.texts[:6] if w)
    if c.word() == "CREATE":
        return True
    changes = c.word() == "ALTER" and c.texts[1] == "TABLE" and "ALTER" in c.texts[2 : c.count]
    return not changes and not any(_TAKING.fullmatch(w) for w in c.texts[: c.count])


#: What keeps a block from being read as a row of statements.
_STEERING: Final = frozenset(
    "DECLARE IF WHILE GOTO RETURN BREAK CONTINUE OPEN FETCH DEALLOCATE EXEC EXECUTE WAITFOR CURSOR".split()
)
_MAKING: Final = frozenset("CREATE ALTER DROP INSERT UPDATE DELETE MERGE GRANT DENY REVOKE".split())
_CLEARING: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "GRANT", "TRUNCATE"})


def opened(c: Cursor) -> tuple[int, int] | None:
    """The token range of the statements in BEGIN ... END, or in BEGIN TRY ... END TRY with a CATCH that only cleans up.

    ``None`` if the block has variables, conditions or loops: then it must be read as a program.
    """
    texts = c.texts
    if texts[0] != "BEGIN":
        return None
    start, end = 1, c.count
    while end > start and texts[end - 1] == ";":
        end -= 1
    if texts[1] == "TRY":
        start = 2
        end = next((i for i in range(2, c.count) if texts[i] == "END" and texts[i + 1] == "TRY"), 0)
        if _CLEARING.intersection(texts[end : c.count]):
            return None
    elif texts[end - 1] == "END":
        end -= 1
    else:
        return None
    inside = texts[start:end]
    if not _MAKING.intersection(inside) or _STEERING.intersection(inside) or any(t[0] == "@" for t in inside):
        return None
    return start, end


def seed(c: Cursor) -> tuple[int, int, int, int] | None:
    """``IF NOT EXISTS (SELECT ...) INSERT ...``, alone or in BEGIN ... END.

    Token ranges of the query in the parentheses and of the INSERT; ``None`` if the block is anything else.
    """
    texts = c.texts
    if texts[:4] != ["IF", "NOT", "EXISTS", "("] or texts[4] != "SELECT":
        return None
    here, c.at = c.at, 3
    c.skip_group()
    close, c.at = c.at, here
    at, end = close, c.count
    if texts[at] == "BEGIN":
        if texts[end - 1] != "END":
            return None
        at, end = at + 1, end - 1
    while end > at and texts[end - 1] == ";":
        end -= 1
    if texts[at] != "INSERT" or "SELECT" in texts[at:end] or _ACTING.intersection(texts[at + 1 : end]) - {"INTO"}:
        return None
    if any(t[0] == "@" for t in texts[4:end]) or ";" in texts[at:end]:
        return None
    return 4, close - 1, at, end
