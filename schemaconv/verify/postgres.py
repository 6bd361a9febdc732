"""Run scripts on a PostgreSQL server, in a scratch database that is dropped afterwards."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import split
from .result import Outcome, VerifyResult, VerifyUnavailable

if TYPE_CHECKING:
    import psycopg

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_LIST = rf"(?:GROUP\s+)?{_NAME}(?:\s*,\s*(?:GROUP\s+)?{_NAME})*"
#: Where a statement names roles that must exist: what follows is a list of names.
_ROLES = (
    re.compile(rf"\s*GRANT\b.*\bTO\s+({_LIST})(?:\s+(?:WITH|GRANTED)\b.*)?\s*\Z", re.I | re.S),
    re.compile(rf"\s*REVOKE\b.*\bFROM\s+({_LIST})(?:\s+(?:CASCADE|RESTRICT))?\s*\Z", re.I | re.S),
    re.compile(rf"\s*(?:GRANT|REVOKE)\s+({_LIST})\s+(?:TO|FROM)\b", re.I),
    re.compile(rf"\s*ALTER\b.*\bOWNER\s+TO\s+({_NAME})\s*\Z", re.I | re.S),
    re.compile(rf"\s*CREATE\s+SCHEMA\b.*\bAUTHORIZATION\s+({_NAME})", re.I | re.S),
    re.compile(rf"\s*ALTER\s+DEFAULT\s+PRIVILEGES\s+FOR\s+(?:ROLE|USER)\s+({_LIST})", re.I),
    re.compile(rf"\s*CREATE\s+POLICY\b.*\bTO\s+({_LIST})", re.I | re.S),
)
#: Also inside a block that goes on where the role is there already.
_MADE = re.compile(rf"\s*(?:DO\s+\$\$\s*BEGIN\s+)?CREATE\s+(?:ROLE|USER|GROUP)\s+({_NAME})", re.I)
_BUILT_IN = {"public", "current_user", "session_user", "current_role"}


def roles(statements: Sequence[split.Statement]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that a script names without making them, and those that it makes; as they are stored."""
    made = [_stored(found[1]) for s in statements if (found := _MADE.match(s.text))]
    named: list[str] = []
    for statement in statements:
        for pattern in _ROLES:
            if found := pattern.match(statement.text):
                names = re.findall(_NAME, re.sub(r"\bGROUP\s+", "", found[1], flags=re.I))
                named += (_stored(n) for n in names if n.lower() not in _BUILT_IN)
    return tuple(dict.fromkeys(n for n in named if n not in made)), tuple(dict.fromkeys(made))


def _stored(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class Server:
    """An open PostgreSQL server. ``check`` may be called repeatedly; each call has its own database."""

    def __init__(self, url: str, shown: str, throw_away: bool = False) -> None:
        """Connect to ``url``; ``shown`` says in a label where that is. Raises :class:`VerifyUnavailable`."""
        self._psycopg = _driver()
        self._url = url
        try:
            self._admin = self._psycopg.connect(url, autocommit=True, connect_timeout=10)
        except self._psycopg.Error as error:
            raise VerifyUnavailable(f"{shown}: {sentence(error)}; check the --url") from None
        version = self._admin.info.server_version
        self.version = (version // 10000, version % 10000)
        self.label = f"PostgreSQL {self.version[0]}.{self.version[1]} ({shown})"
        # Copying files is three times faster but forces a checkpoint: nothing for a server with other users.
        self._strategy = " STRATEGY file_copy" if throw_away and self.version >= (15,) else ""

    def close(self) -> None:
        self._admin.close()

    def check(self, scripts: Sequence[tuple[str, str]]) -> VerifyResult:
        """Run ``(file, text)`` scripts in order in a new database, statement by statement; then drop it."""
        with self.loaded(scripts) as (result, _):
            return result

    @contextmanager
    def loaded(self, scripts: Sequence[tuple[str, str]]) -> Iterator[tuple[VerifyResult, str]]:
        """:meth:`check`, with the database still there: its URL comes with the result."""
        cut = [(file, s) for file, text in scripts for s in split.postgres(text)]
        with self._with_roles(*roles([s for _, s in cut])) as created, self.scratch() as url:
            connection = self._psycopg.connect(url, autocommit=True)
            outcomes = []
            for file, statement in cut:
                error = self._refusal(connection, statement.text)
                about = split.subject(statement.text)
                outcomes.append(Outcome(statement.line, statement.text, not error, error, about, file))
                if connection.closed:
                    connection = self._psycopg.connect(url, autocommit=True)
            connection.close()
            yield VerifyResult(self.label, tuple(outcomes), created), url

    def _refusal(self, connection: psycopg.Connection[Any], statement: str) -> str:
        """The server's sentence about ``statement``, empty when it accepts."""
        try:
            connection.execute(statement.encode())
        except (self._psycopg.Error, ValueError) as error:  # a NUL character is refused by the driver already
            return sentence(error)
        return ""

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """The URL of a new, empty database, which is dropped afterwards."""
        name = f"schemaconv_{uuid.uuid4().hex[:12]}"
        make = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'{self._strategy}"
        if error := self._refusal(self._admin, make):
            raise VerifyUnavailable(f"no scratch database ({error}); name a user who may create databases")
        try:
            yield self._psycopg.conninfo.make_conninfo(self._url, dbname=name)
        finally:
            self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    @contextmanager
    def _with_roles(self, named: Sequence[str], made: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Make the roles that are missing; afterwards drop them and those that the script made.

        Roles belong to the whole server, so this must enclose the scratch database: only when that is gone
        does nothing depend on them any more.
        """
        before = {row[0] for row in self._admin.execute("SELECT rolname FROM pg_roles")}
        created = tuple(name for name in named if name not in before)
        for name in created:
            if error := self._refusal(self._admin, f"CREATE ROLE {_quoted(name)} NOLOGIN"):
                raise VerifyUnavailable(f"no role {name} ({error}); name a user who may create roles")
        try:
            yield created
        finally:
            for name in (*created, *(n for n in made if n not in before)):
                self._refusal(self._admin, f"DROP ROLE IF EXISTS {_quoted(name)}")


def sentence(error: Exception) -> str:
    """One line for an error of the driver: the server's message, its detail and its SQLSTATE."""
    told = getattr(error, "diag", None)
    if told is None or not told.message_primary:
        return " ".join(str(error).split())
    parts = [told.message_primary, *([told.message_detail] if told.message_detail else [])]
    return " ".join(" ".join(parts).split()) + f" [{told.sqlstate}]"


def shown(url: str) -> str:
    """Where a URL points to, without user and password."""
    parts = urlsplit(url)
    return parts.hostname or "local socket"


def _driver() -> Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError:
        cure = "pip install 'schemaconv[postgres]'"
        raise VerifyUnavailable(f"the PostgreSQL driver is missing; {cure}") from None
    return psycopg
