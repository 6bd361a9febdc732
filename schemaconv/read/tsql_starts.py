"""Where a Transact-SQL statement begins: the words that open one, told from the same words inside another.

Source: Transact-SQL reference, the syntax of each statement. No semicolon has to stand between two statements, so it
is the keyword that cuts, and what stands before and behind it decides: SELECT behind UNION, UPDATE behind ON, SET in an
UPDATE open nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

#: Always the first word of a statement, wherever none of the words in ``_JOINS`` stands before it.
_PLAIN: Final = frozenset(
    """
    EXEC EXECUTE USE DECLARE PRINT TRUNCATE RAISERROR GOTO RETURN WHILE BREAK CONTINUE WAITFOR OPEN CLOSE DEALLOCATE
    BACKUP RESTORE DBCC CHECKPOINT KILL SHUTDOWN COMMIT ROLLBACK REVERT BULK READTEXT WRITETEXT UPDATETEXT SETUSER
    """.split()
)
#: The first word of a statement only with the right words around it.
_CHECKED: Final = frozenset(
    """
    CREATE ALTER DROP INSERT UPDATE DELETE MERGE SELECT WITH GRANT DENY REVOKE SET IF BEGIN FETCH RECONFIGURE SAVE
    ENABLE DISABLE ADD SEND RECEIVE MOVE GET THROW RENAME COPY
    """.split()
)
STARTS: Final = _PLAIN | _CHECKED
#: Words and signs that wait for something: what follows one of them belongs to the same statement.
_JOINS: Final = frozenset(
    """
    , . ( = + - * / % < > <> <= >= != !< !> += -= *= /= %= &= |= ^= & | ^ ~ :: ||
    AS THEN ELSE WHEN FROM INTO JOIN BY AND OR NOT WHERE HAVING LIKE IN IS BETWEEN FOR AFTER BEFORE OF INSTEAD WITH TO
    UNION EXCEPT INTERSECT NO BULK USING GRANT DENY REVOKE CREATE SELECT DISTINCT
    """.split()
)
#: Signs that join expressions, but nothing to a CREATE: a template's ``PASSWORD = <fill in>`` may end with one.
_SIGNS: Final = frozenset("= + - * / % < > <> <= >= != & | ^ ~ ||".split())
_DDL: Final = frozenset({"CREATE", "ALTER", "DROP"})
#: What SET may switch for the session: "SET Statements (Transact-SQL)".
_SETTINGS: Final = frozenset(
    """
    ANSI_DEFAULTS ANSI_NULL_DFLT_OFF ANSI_NULL_DFLT_ON ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ARITHABORT ARITHIGNORE
    CONCAT_NULL_YIELDS_NULL CONTEXT_INFO CURSOR_CLOSE_ON_COMMIT DATEFIRST DATEFORMAT DEADLOCK_PRIORITY ERRLVL
    DISABLE_DEF_CNST_CHK FIPS_FLAGGER FMTONLY FORCEPLAN IDENTITY_INSERT IMPLICIT_TRANSACTIONS LANGUAGE LOCK_TIMEOUT
    NOCOUNT NOEXEC NUMERIC_ROUNDABORT OFFSETS PARSEONLY QUERY_GOVERNOR_COST_LIMIT QUOTED_IDENTIFIER RECOMMENDATIONS
    REMOTE_PROC_TRANSACTIONS RESULT_SET_CACHING ROWCOUNT SHOWPLAN_ALL SHOWPLAN_TEXT SHOWPLAN_XML STATISTICS TEXTSIZE
    TRANSACTION XACT_ABORT
    """.split()
)
_MODULES: Final = frozenset({"PROCEDURE", "PROC", "FUNCTION", "TRIGGER"})
#: What DROP and CREATE may make or remove, by its first word.
_KINDS: Final = frozenset(
    """
    TABLE VIEW INDEX PROC PROCEDURE FUNCTION TRIGGER SCHEMA SEQUENCE SYNONYM TYPE USER LOGIN ROLE SERVER APPLICATION
    DATABASE DEFAULT RULE STATISTICS FULLTEXT PARTITION XML ASSEMBLY AGGREGATE CERTIFICATE SYMMETRIC ASYMMETRIC MASTER
    CREDENTIAL SECURITY EVENT QUEUE SERVICE CONTRACT MESSAGE ROUTE REMOTE BROKER ENDPOINT AVAILABILITY RESOURCE
    WORKLOAD EXTERNAL SENSITIVITY SIGNATURE COUNTER SEARCH CRYPTOGRAPHIC COLUMN UNIQUE CLUSTERED NONCLUSTERED
    COLUMNSTORE SPATIAL PRIMARY MATERIALIZED SELECTIVE JSON VECTOR
    """.split()
)
_PREDICATE_ACTIONS: Final = frozenset({"CASCADE", "NO", "SET", "RESTRICT"})
_TRANSACTION: Final = frozenset({"TRAN", "TRANSACTION"})
_DML: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"})
#: Words that are not reserved and open a statement only with another behind them.
_FOLLOWED: Final = {
    "ENABLE": frozenset({"TRIGGER"}), "DISABLE": frozenset({"TRIGGER"}), "SAVE": _TRANSACTION,
    "SEND": frozenset({"ON"}),
    "MOVE": frozenset({"CONVERSATION"}), "GET": frozenset({"CONVERSATION"}), "COPY": frozenset({"INTO"}),
    "RENAME": frozenset({"OBJECT", "DATABASE"}),
}  # fmt: skip

#: Gives the ``n`` tokens that follow the word in question, words in capitals.
Peek = Callable[[int], list[str]]


class Statement:
    """What is known of the statement that is being read.

    ``texts`` are the tokens read so far, from ``base`` on those of this statement. ``head`` is its verb: of a WITH
    the one behind the common table expressions, once it is seen; it is empty until the first question. ``depth``
    counts parentheses and ``cases`` the CASE outside of them that are open.
    """

    __slots__ = ("base", "cases", "depth", "done", "head", "inner", "seen", "texts", "verb", "waits")

    def __init__(self, texts: list[str], base: int) -> None:
        self.texts = texts
        self.base = base
        self.depth = 0
        self.cases = 0
        self.verb = base  # index of the verb
        self.head = ""
        self.waits = False  # an INSERT for its source, an UPDATE for its SET
        self.done = False  # GRANT has named whom, ALTER DATABASE has its SET
        self.seen = base
        self.inner = False  # a WITH inside, as in CREATE VIEW ... AS WITH, still waits for its query

    def branch(self, token: str) -> bool:
        """Whether ``token``, a CASE, END or ELSE outside of parentheses, belongs to what is around the statement."""
        match token:
            case "CASE":
                self.cases += 1
                return False
            case "END":
                self.cases -= 1
                return self.cases < 0
            case _:
                return self.cases == 0

    def begins(self, token: str, peek: Peek, opens_line: bool) -> bool:
        """Whether ``token``, one of :data:`STARTS` outside of parentheses, opens the next statement.

        ``opens_line`` says that nothing stands before it on its line. A token that belongs to this statement may
        change what the statement waits for.
        """
        previous = self.texts[-1]
        if not self.head:
            self.head = self.texts[self.base]
            self.waits = self.head in ("INSERT", "UPDATE")
        if previous in _JOINS and not self._star_ends(previous) and not (token in _DDL and previous in _SIGNS):
            if token in ("SELECT", "EXEC", "EXECUTE"):
                self.waits = self.waits and self.head != "INSERT"
            elif token == "WITH":
                self.inner = previous in ("AS", "FOR") and _opens_cte(peek)
            return False
        if self.head in ("GRANT", "DENY", "REVOKE") and not self._granted():
            return False
        if token in _DML and self.head == "WITH":
            self.head = token
            self.verb = len(self.texts)
            self.waits = token in ("INSERT", "UPDATE")
            return False
        if token == "SELECT" and self.inner:
            self.inner = False
            return False
        if token in _PLAIN:
            return self._plain(token)
        return self._checked(token, previous, peek, opens_line)

    def _star_ends(self, previous: str) -> bool:
        """A star that is no product: ``OUTPUT inserted.*`` may end a list of columns."""
        return previous == "*" and self.texts[-2:-1] == ["."]

    def _granted(self) -> bool:
        if not self.done:
            words = self.texts[self.seen :]
            self.seen = len(self.texts)
            self.done = "TO" in words or "FROM" in words
        return self.done

    def _plain(self, token: str) -> bool:
        if token in ("EXEC", "EXECUTE") and self._takes_source():
            return False
        return not (token == "BULK" and self.head == "INSERT" and len(self.texts) == self.base + 1)

    def _takes_source(self) -> bool:
        """Whether an INSERT still waits for its rows; the word at hand gives them."""
        if self.head != "INSERT" or not self.waits:
            return False
        self.waits = False
        words = self.texts[self.verb :]
        if "VALUES" in words:
            return False
        return not any(a == "(" and b == "SELECT" for a, b in pairwise(words))

    def _checked(self, token: str, previous: str, peek: Peek, opens_line: bool) -> bool:
        match token:
            case "SELECT":
                return not (previous == "ALL" and self.texts[-2:-1] == ["UNION"]) and not self._takes_source()
            case "INSERT":
                return True
            case "UPDATE" | "DELETE":
                if previous == "ON" and peek(1)[0] in _PREDICATE_ACTIONS:
                    return False
                return token == "DELETE" or peek(1)[0] not in ("(", "POPULATION")
            case "MERGE":
                hint = previous in ("INNER", "LEFT", "RIGHT", "FULL") or peek(1)[0] in ("JOIN", "UNION")
                return not hint and peek(1)[0] != "RANGE"
            case "WITH":
                if self.head in ("BACKUP", "RESTORE") or not _opens_cte(peek):
                    return False
                self.inner = self._takes_source()
                return not self.inner
            case "CREATE" | "ALTER" | "DROP" | "GRANT" | "DENY" | "REVOKE":
                return self._definition(token, peek(2))
            case "SET":
                return self._set(previous, peek, opens_line)
            case "IF":
                ahead = peek(3)
                if ahead[0] == "EXISTS":
                    return ahead[1] == "("  # else DROP ... IF EXISTS name
                return ahead[:2] != ["NOT", "EXISTS"] or ahead[2] == "("
            case "FETCH":
                return previous not in ("ROW", "ROWS")
            case "RECONFIGURE":
                return not self._is("ALTER", "RESOURCE")
            case "THROW":
                number = peek(1)[0]
                if number[:1] and number[0] in "@0123456789":
                    return True
                return number in ("", ";", "END", "ELSE", "GO") and (opens_line or self.head in ("IF", "WHILE"))
            case "RECEIVE":
                return opens_line
            case "BEGIN":
                return True
            case "ADD":
                ahead = peek(2)
                return ahead in (["SENSITIVITY", "CLASSIFICATION"], ["SIGNATURE", "TO"], ["COUNTER", "SIGNATURE"])
            case _:
                return peek(1)[0] in _FOLLOWED[token] and not self._first_action()

    def _definition(self, token: str, ahead: list[str]) -> bool:
        """CREATE, ALTER and DROP within ALTER, permissions within CREATE SCHEMA: parts of what is being read."""
        match token:
            case "CREATE":
                return not (self._is("CREATE", "SCHEMA") and ahead[0] in ("TABLE", "VIEW"))
            case "ALTER":
                return not self._first_action() and (ahead[0] != "COLUMN" or ahead[1] == "ENCRYPTION")
            case "DROP":
                if ahead[0] == "EVENT" and ahead[1] not in ("SESSION", "NOTIFICATION"):
                    return False
                if ahead[0] == "CREDENTIAL" and self._is("ALTER", "LOGIN"):
                    return False
                known = ahead[0] in _KINDS and (ahead[0] != "COLUMN" or ahead[1] in ("MASTER", "ENCRYPTION"))
                return known and not self._first_action()
            case _:
                return not self._is("CREATE", "SCHEMA") and not self._is("ALTER", "AVAILABILITY")

    def _set(self, previous: str, peek: Peek, opens_line: bool) -> bool:
        if self.head == "UPDATE" and self.waits:
            self.waits = False
            return "STATISTICS" in self.texts[self.base + 1 : self.base + 2]
        if previous in ("UPDATE", "DELETE"):
            return False  # MERGE ... UPDATE SET, ON DELETE SET NULL
        if self._is("ALTER", "DATABASE") and not self.done:
            self.done = True
            changed = {"ADD", "MODIFY", "REMOVE", "COLLATE", "CLEAR"} & set(self.texts[self.base + 3 : self.base + 5])
            return bool(changed)
        ahead = peek(2)
        if ahead[0][:1] == "@" or ahead[0] in _SETTINGS:
            return True
        return opens_line and ahead[1] in ("ON", "OFF") and self.head != "ALTER"

    def _is(self, *words: str) -> bool:
        return self.texts[self.base : self.base + len(words)] == list(words)

    def _first_action(self) -> bool:
        """Whether the name in ALTER TABLE has just ended: what follows is what to do with it."""
        if not self._is("ALTER", "TABLE"):
            return False
        texts = self.texts
        at = self.base + 3
        while at < len(texts) and texts[at] == ".":
            at += 2 if texts[at + 1 : at + 2] != ["."] else 1
        return at >= len(texts)


def _opens_cte(peek: Peek) -> bool:
    """``WITH name AS (``, ``WITH name (columns) AS (``, ``WITH XMLNAMESPACES (``; no table hint and no option."""
    first, second, third = peek(3)
    if not first or first == "VALUES" or not (first[0].isalpha() or first[0] in '_#["'):
        return False
    return second == "(" or (second == "AS" and third == "(")


def is_module(first: str, ahead: list[str]) -> bool:
    """Whether ``first`` and the words behind it make or change a procedure, function or trigger."""
    match first, ahead[:3]:
        case "CREATE", ["OR", "ALTER", kind]:
            return kind in _MODULES
        case "CREATE" | "ALTER", [kind, *_]:
            return kind in _MODULES
        case _:
            return False


def opens_batch(first: str, ahead: list[str]) -> bool:
    """Whether the statement can only stand alone in its batch, and so in no procedure's body."""
    return is_module(first, ahead) or ahead[0] == "VIEW" or (first == "CREATE" and ahead[:3] == ["OR", "ALTER", "VIEW"])


def makes_object(ahead: list[str]) -> bool:
    """Whether CREATE, ALTER or DROP with the words ``ahead`` opens a statement even if a parenthesis is still open."""
    return ahead[0] in _KINDS - {"COLUMN", "INDEX", "DEFAULT", "PRIMARY"} or ahead[:2] == ["OR", "ALTER"]


_PROCEDURAL: Final = frozenset(
    """
    DECLARE IF WHILE PRINT RAISERROR THROW GOTO RETURN BREAK CONTINUE WAITFOR OPEN CLOSE FETCH DEALLOCATE END ELSE
    """.split()
)


def form_of(texts: list[str]) -> str:
    """``block`` for what steers a script or runs text as a statement, ``sql`` for everything else."""
    first = texts[0] if texts else ""
    second = texts[1] if len(texts) > 1 else ""
    if first in _PROCEDURAL:
        return "sql" if (first, second) == ("END", "CONVERSATION") else "block"
    if first == "SET":
        return "block" if second[:1] == "@" else "sql"
    if first in ("EXEC", "EXECUTE"):
        called = any(t.upper().strip('[]"') == "SP_EXECUTESQL" for t in texts[1:6])
        return "block" if called or second == "(" or second[:1] == "@" else "sql"
    return "block" if second == ":" and len(texts) == 2 else "sql"
