"""Run scripts on a MySQL server, in a scratch database that is dropped again, as are those they make."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from . import split
from .result import Outcome, VerifyResult, VerifyUnavailable

_WORD = r"(?:`(?:[^`]|``)+`|'[^']*'|\"[^\"]*\"|[\w$]+)"
_ACCOUNT = rf"{_WORD}(?:\s*@\s*{_WORD})?"
_LIST = rf"{_ACCOUNT}(?:\s*,\s*{_ACCOUNT})*"
_GRANTEES = (
    re.compile(rf"\s*GRANT\b.*\bTO\s+({_LIST})(?:\s+(?:WITH|AS)\b.*)?\s*\Z", re.I | re.S),
    re.compile(rf"\s*REVOKE\b.*\bFROM\s+({_LIST})\s*\Z", re.I | re.S),
    re.compile(rf"\s*(?:GRANT|REVOKE)\s+({_LIST})\s+(?:TO|FROM)\b", re.I),
)
_MADE = re.compile(rf"\s*CREATE\s+(?:ROLE|USER)\s+(?:IF\s+NOT\s+EXISTS\s+)?({_ACCOUNT})", re.I)
_DATABASE = re.compile(rf"\s*CREATE\s+(?:DATABASE|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+)?({_WORD})", re.I)
_OWN = {"information_schema", "mysql", "performance_schema", "sys"}
#: Databases and accounts belong to the whole server: scripts that make or name any take turns.
_SHARED = re.compile(r"\s*(?:CREATE\s+(?:DATABASE|SCHEMA|ROLE|USER)|GRANT|REVOKE|DROP|USE)\b", re.I)
_LOCK = "schemaconv verify"


def accounts(statements: Sequence[split.Statement]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The accounts that a script names without making them, and those that it makes (``'user'@'host'``)."""
    made = [_account(found[1]) for s in statements if (found := _MADE.match(s.text))]
    named: list[str] = []
    for statement in statements:
        for pattern in _GRANTEES:
            if found := pattern.match(statement.text):
                named += (_account(a) for a in re.findall(_ACCOUNT, found[1]))
    return tuple(dict.fromkeys(n for n in named if n not in made)), tuple(dict.fromkeys(made))


def databases(statements: Sequence[split.Statement]) -> tuple[str, ...]:
    """The databases that a script makes."""
    return tuple(dict.fromkeys(_bare(found[1]) for s in statements if (found := _DATABASE.match(s.text))))


def _bare(word: str) -> str:
    return word[1:-1].replace("``", "`") if word[0] in "`'\"" else word


def _account(text: str) -> str:
    user, host = [*re.findall(_WORD, text), "%"][:2]
    return "'{}'@'{}'".format(_bare(user).replace("'", "''"), _bare(host).replace("'", "''"))


class Server:
    """An open MySQL server. ``check`` may be called any number of times; each call has its own database."""

    def __init__(self, url: str, shown: str) -> None:
        """Connect to ``url``; ``shown`` says in a label where that is. Raises :class:`VerifyUnavailable`."""
        self._pymysql = _driver()
        self._url = url
        self._where = connection(url) | {"database": None}
        try:
            self._admin = self._pymysql.connect(**self._where).cursor()
        except self._pymysql.Error as error:
            raise VerifyUnavailable(f"{shown}: {sentence(error)}; check the --url") from None
        text = self._rows("SELECT VERSION()")[0]
        if "mariadb" in text.lower():
            raise VerifyUnavailable(f"{shown} is MariaDB {text}, which accepts other statements; name a MySQL server")
        numbers = re.findall(r"\d+", text)
        self.version = (int(numbers[0]), int(numbers[1]))
        self.label = f"MySQL {'.'.join(numbers[:3])} ({shown})"

    def close(self) -> None:
        self._admin.connection.close()

    def _rows(self, query: str) -> list[str]:
        """The first column of a query's answer."""
        self._admin.execute(query)
        return [str(row[0]) for row in self._admin.fetchall()]

    def check(self, scripts: Sequence[tuple[str, str]]) -> VerifyResult:
        """Run ``(file, text)`` scripts in order in a new database, statement by statement; then drop it.

        Raises :class:`VerifyUnavailable` when a script speaks of a database that the server already has: what
        is in it must not be touched.
        """
        with self.loaded(scripts) as (result, _):
            return result

    @contextmanager
    def loaded(self, scripts: Sequence[tuple[str, str]]) -> Iterator[tuple[VerifyResult, str]]:
        """:meth:`check`, with the database still there: its URL comes with the result."""
        cut = [(file, s) for file, text in scripts for s in split.mysql(text)]
        statements = [s for _, s in cut]
        with self._turn(statements):
            self._guard(statements)
            with (
                self._with_accounts(*accounts(statements)) as created,
                self.scratch(databases(statements)) as name,
            ):
                yield VerifyResult(self.label, self._run(cut, name), created), self._at(name)

    def _at(self, database: str) -> str:
        parts = urlsplit(self._url)
        return parts._replace(path=f"/{database}").geturl()

    def _run(self, cut: Sequence[tuple[str, split.Statement]], database: str) -> tuple[Outcome, ...]:
        cursor = self._pymysql.connect(**self._where | {"database": database}).cursor()
        outcomes = []
        for file, statement in cut:
            error = self._refusal(cursor, statement.text)
            about = split.subject(statement.text)
            outcomes.append(Outcome(statement.line, statement.text, not error, error, about, file))
            if not cursor.connection.open:
                cursor = self._pymysql.connect(**self._where | {"database": database}).cursor()
        cursor.connection.close()
        return tuple(outcomes)

    def _refusal(self, cursor: Any, statement: str) -> str:
        """The server's sentence about ``statement``, empty when it accepts."""
        try:
            cursor.execute(statement)
            while cursor.nextset():
                pass
        except (self._pymysql.Error, ValueError, UnicodeError) as error:
            return sentence(error)
        return ""

    @contextmanager
    def _turn(self, statements: Sequence[split.Statement]) -> Iterator[None]:
        """Wait until no other verification of ours works on what all databases of the server share."""
        if not any(_SHARED.match(s.text) for s in statements):
            yield
            return
        self._rows(f"SELECT GET_LOCK('{_LOCK}', 600)")
        try:
            yield
        finally:
            self._rows(f"SELECT RELEASE_LOCK('{_LOCK}')")

    def _guard(self, statements: Sequence[split.Statement]) -> None:
        there = self._rows("SHOW DATABASES")
        every = "|".join(re.escape(d) for d in {*there, *_OWN})
        users = "|".join(re.escape(d) for d in there if d.lower() not in _OWN) or "(?!)"
        spoken = re.compile(
            r"\A(?:(?:CREATE|ALTER|DROP)\s+(?:DATABASE|SCHEMA)|USE)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
            rf"`?({every})`?(?![\w$])"
            rf"|\b(?:TABLE|INTO|UPDATE|FROM|VIEW|ON)\s+`?({users})`?\s*\.",
            re.I,
        )
        for statement in statements:
            if found := spoken.search(statement.text):
                raise VerifyUnavailable(
                    f"line {statement.line} speaks of database {found[1] or found[2]}, which the server has "
                    "already; verify on a server without it"
                )

    @contextmanager
    def scratch(self, own: Sequence[str] = ()) -> Iterator[str]:
        """The name of a new, empty database; dropped afterwards together with the script's ``own``."""
        name = f"schemaconv_{uuid.uuid4().hex[:12]}"
        if error := self._refusal(self._admin, f"CREATE DATABASE {name}"):
            raise VerifyUnavailable(f"no scratch database ({error}); name a user who may create databases")
        try:
            yield name
        finally:
            self._refusal(self._admin, "SET foreign_key_checks = 0")
            for each in (name, *own):
                self._refusal(self._admin, "DROP DATABASE IF EXISTS `{}`".format(each.replace("`", "``")))

    @contextmanager
    def _with_accounts(self, named: Sequence[str], made: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Make the accounts that are missing; afterwards drop them and those that the script made."""
        before: set[str] = set()
        if named or made:
            before = set(self._rows("SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user"))
        created = tuple(name for name in named if name not in before)
        for name in created:
            if error := self._refusal(self._admin, f"CREATE ROLE {name}"):
                raise VerifyUnavailable(f"no role {name} ({error}); name a user who may create roles")
        try:
            yield created
        finally:
            for name in (*created, *(n for n in made if n not in before)):
                self._refusal(self._admin, f"DROP USER IF EXISTS {name}")


def sentence(error: Exception) -> str:
    """One line for an error of the driver: the server's message and its number."""
    if len(error.args) == 2 and isinstance(error.args[0], int):
        return f"{' '.join(str(error.args[1]).split())} [{error.args[0]}]"
    return " ".join(str(error).split())


def shown(url: str) -> str:
    """Where a URL points to, without user and password."""
    parts = urlsplit(url)
    return parts.hostname or "local socket"


def connection(url: str) -> dict[str, Any]:
    """Keywords of the driver for ``mysql://user:password@host:port/database?unix_socket=PATH``."""
    parts = urlsplit(url)
    try:
        port = parts.port or 3306
    except ValueError:
        cure = "write mysql://user:password@host:3306/"
        raise VerifyUnavailable(f"the port of {shown(url)} is no number; {cure}") from None
    where: dict[str, Any] = {
        "host": parts.hostname or "localhost", "port": port, "user": unquote(parts.username or "root"),
        "password": unquote(parts.password or ""), "charset": "utf8mb4", "autocommit": True,
        "connect_timeout": 10, "database": parts.path.strip("/") or None,
    }  # fmt: skip
    if socket := parse_qs(parts.query).get("unix_socket"):
        where["unix_socket"] = socket[0]
    return where


def _driver() -> Any:
    try:
        import pymysql
    except ImportError:
        raise VerifyUnavailable("the MySQL driver is missing; pip install 'schemaconv[mysql]'") from None
    return pymysql
