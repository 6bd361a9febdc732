"""Conditions that only ask whether something exists: ``IF NOT EXISTS (SELECT ... FROM sys.tables ...)``.

Scripts put such tests around their statements so that they may run twice. The answer hangs on the catalog of the
database and on nothing else: no data, no variable, no property of the server. Source: Transact-SQL reference,
"Metadata functions", "System catalog views", "System compatibility views", "System information schema views".
"""

from __future__ import annotations

from typing import Final

from .piece import Guard

#: What has to be said of a statement that was taken out of existence tests.
GUARD_GONE: Final = "SC1020"
ELSE_LEFT_OUT: Final = "SC1021"
GUARD_UNDECIDED: Final = "SC1029"
#: Functions that answer NULL for what does not exist, or 0 and 1 for a property of what does.
_FUNCTIONS: Final = frozenset(
    """
    OBJECT_ID COL_LENGTH TYPE_ID SCHEMA_ID DB_ID USER_ID SUSER_ID SUSER_SID DATABASE_PRINCIPAL_ID FILEGROUP_ID FILE_ID
    FILE_IDEX INDEX_COL INDEXPROPERTY COLUMNPROPERTY OBJECTPROPERTY OBJECTPROPERTYEX TYPEPROPERTY
    FULLTEXTCATALOGPROPERTY FILEGROUPPROPERTY ASSEMBLYPROPERTY DATABASEPROPERTY DATABASEPROPERTYEX CERT_ID ASYMKEY_ID
    KEY_ID KEY_GUID XML_SCHEMA_NAMESPACE COL_NAME OBJECT_NAME SCHEMA_NAME TYPE_NAME DB_NAME
    """.split()
)
#: Compatibility views: the system tables of SQL Server 2000.
_OLD_VIEWS: Final = frozenset(
    """
    SYSOBJECTS SYSINDEXES SYSINDEXKEYS SYSCOLUMNS SYSTYPES SYSUSERS SYSDATABASES SYSCONSTRAINTS SYSREFERENCES
    SYSFOREIGNKEYS SYSCOMMENTS SYSDEPENDS SYSMEMBERS SYSPROPERTIES SYSLOGINS SYSXLOGINS SYSFILES SYSFILEGROUPS
    SYSFULLTEXTCATALOGS SYSSERVERS SYSPERMISSIONS SYSPROTECTS SYSMESSAGES SYSCONFIGURES
    """.split()
)
_JOBS: Final = frozenset(
    {"SYSJOBS", "SYSJOBS_VIEW", "SYSCATEGORIES", "SYSOPERATORS", "SYSALERTS", "SYSSCHEDULES", "SYSJOBSCHEDULES"}
)
_COMPARE: Final = frozenset({"=", "<>", "!=", ">", "<", ">=", "<=", "!>", "!<"})
_MIRROR: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "!>": "!<", "!<": "!>"}
#: Comparisons of a count, an id or a property with a number that hold when there is nothing.
_NOTHING: Final = frozenset({("=", "0"), ("<", "1"), ("<=", "0"), ("!>", "0"), ("<>", "1"), ("!=", "1")})
_SOMETHING: Final = frozenset({("=", "1"), (">", "0"), (">=", "1"), ("<>", "0"), ("!=", "0"), ("!<", "1")})
#: How deep parentheses in a condition are followed.
_DEEPEST: Final = 40


def for_old_database(guards: tuple[Guard, ...]) -> bool:
    """Whether a statement stands where only a database from before comes by: behind the ELSE of a test for something
    missing. The target is new, so the first branch is its own."""
    return any(g.negated and g.otherwise for g in guards)


def guard_code(guards: tuple[Guard, ...]) -> str | None:
    """The code of a statement's guards; ``None`` if it has none."""
    if not guards:
        return None
    return ELSE_LEFT_OUT if for_old_database(guards) else GUARD_GONE


def existence(texts: list[str]) -> bool | None:
    """What the condition ``texts`` (tokens, words in capitals, without IF) asks for.

    ``True``: something is missing; ``False``: everything it names is there; ``None``: it asks for more than whether
    something exists.
    """
    if not texts or any(t[0] == "@" for t in texts):
        return None
    return _condition(texts, 0)


def _condition(texts: list[str], deep: int) -> bool | None:
    """A condition of terms joined by AND and OR: it asks for something missing if any of them does."""
    if deep > _DEEPEST:
        return None
    found = False
    for term in _terms(texts):
        missing = _term(term, deep)
        if missing is None:
            return None
        found = found or missing
    return found


def _terms(texts: list[str]) -> list[list[str]]:
    """``texts`` cut at AND and OR outside of parentheses."""
    out: list[list[str]] = [[]]
    depth = 0
    for text in texts:
        depth += (text == "(") - (text == ")")
        if depth == 0 and text in ("AND", "OR"):
            out.append([])
        else:
            out[-1].append(text)
    return out


def _term(texts: list[str], deep: int) -> bool | None:
    turned = False
    while texts[:1] == ["NOT"]:
        turned = not turned
        texts = texts[1:]
    missing = _plain(texts, deep)
    return None if missing is None else missing != turned


def _plain(texts: list[str], deep: int) -> bool | None:
    """A term without NOT in front."""
    if len(texts) < 3:
        return None
    if texts[0] == "EXISTS" and _group_end(texts, 1) == len(texts):
        return False if _asks_catalog(texts[2:-1]) else None
    if texts[0] == "(" and _group_end(texts, 0) == len(texts):
        return _condition(texts[1:-1], deep + 1)
    if texts[0][0] == "'":
        return _member(texts)
    if texts[-2] in _COMPARE:
        return _compared(texts[:-2], texts[-2], texts[-1])
    if texts[1] in _COMPARE:
        return _compared(texts[2:], _MIRROR.get(texts[1], texts[1]), texts[0])
    for tail, missing in ((["IS", "NULL"], True), (["IS", "NOT", "NULL"], False)):
        if texts[-len(tail) :] == tail:
            return missing if _metadata(texts[: -len(tail)]) else None
    return None


def _member(texts: list[str]) -> bool | None:
    """``'x' [NOT] IN (SELECT name FROM sys.tables)``."""
    missing = texts[1] == "NOT"
    at = 2 if missing else 1
    if texts[at] != "IN" or _group_end(texts, at + 1) != len(texts):
        return None
    return missing if _asks_catalog(texts[at + 2 : -1]) else None


def _compared(texts: list[str], sign: str, number: str) -> bool | None:
    if not _metadata(texts) and not (_group_end(texts, 0) == len(texts) and _counts_catalog(texts[1:-1])):
        return None
    if (sign, number) in _NOTHING:
        return True
    return False if (sign, number) in _SOMETHING else None


def _metadata(texts: list[str]) -> bool:
    """Whether ``texts`` are one call of a metadata function, or a query of one value from the catalog."""
    while texts[:1] == ["("] and _group_end(texts, 0) == len(texts):
        texts = texts[1:-1]
    if texts[:1] == ["SELECT"]:
        return _asks_catalog(texts) if "FROM" in texts else _metadata(texts[1:])
    if texts[:1] == ["ISNULL"] and texts[-3:] == [",", "0", ")"]:
        texts = texts[2:-3]
    return texts[:1] != [] and texts[0] in _FUNCTIONS and _group_end(texts, 1) == len(texts)


def _counts_catalog(texts: list[str]) -> bool:
    return texts[:3] == ["SELECT", "COUNT", "("] and _asks_catalog(texts)


def _group_end(texts: list[str], at: int) -> int:
    """The index behind the group that opens at ``at``; -1 if none does or it never ends."""
    if texts[at : at + 1] != ["("]:
        return -1
    depth = 0
    for i in range(at, len(texts)):
        depth += (texts[i] == "(") - (texts[i] == ")")
        if depth == 0:
            return i + 1
    return -1


def _asks_catalog(texts: list[str]) -> bool:
    """Whether the query reads from the catalog and from nothing else."""
    if texts[:1] != ["SELECT"]:
        return False
    read = 0
    in_from = [False]  # by depth of parentheses
    for at, text in enumerate(texts):
        if text == "(":
            in_from.append(False)
        elif text == ")":
            if len(in_from) > 1:
                in_from.pop()
        elif text in _BEHIND_FROM:
            in_from[-1] = False
        elif text in ("FROM", "JOIN", "APPLY") or (text == "," and in_from[-1]):
            in_from[-1] = True
            if texts[at + 1 : at + 2] == ["("]:
                continue  # its own FROM follows
            if not _is_catalog(texts, at + 1):
                return False
            read += 1
    return read > 0


_BEHIND_FROM: Final = frozenset({"WHERE", "GROUP", "HAVING", "ORDER", "UNION", "SELECT"})
#: Views of schema ``sys`` that tell what the server does, not what the database holds.
_STATE: Final = frozenset({"CONFIGURATIONS", "SYSPROCESSES", "PARTITIONS"})


def _is_catalog(texts: list[str], at: int) -> bool:
    """Whether the name at ``at`` is that of a catalog view."""
    if texts[at : at + 1] == ["::"]:
        at += 1
    parts = [_bare(texts[at])] if at < len(texts) else []
    at += 1
    while texts[at : at + 1] == ["."]:
        at += 1
        if texts[at : at + 1] == ["."]:
            parts.append("DBO")
        elif at < len(texts):
            parts.append(_bare(texts[at]))
            at += 1
    if len(parts) > 1 and parts[-2] in ("SYS", "INFORMATION_SCHEMA"):
        return parts[-1] not in _STATE and not parts[-1].startswith("DM_")
    last = parts[-1] if parts else ""
    if last == "FN_LISTEXTENDEDPROPERTY":
        return True
    return (last in _OLD_VIEWS or (last in _JOBS and len(parts) > 1)) and (len(parts) == 1 or parts[-2] == "DBO")


def _bare(text: str) -> str:
    return text[1:-1].upper() if text[0] in '["' else text
