"""Load a target script into a real server, statement by statement, and say what it refused.

Nothing is left behind: the work is done in a scratch database, on a throw-away server when no URL is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from .. import engines
from ..engines import Engine
from . import embedded, mysql, postgres
from .result import Outcome, VerifyResult, VerifyUnavailable

__all__ = [
    "Outcome", "Server", "VerifyResult", "VerifyUnavailable", "server", "verify_scripts", "verify_text",
]  # fmt: skip


class Server(Protocol):
    """A server that scripts can be tried on."""

    label: str
    version: tuple[int, int]

    def check(self, scripts: Sequence[tuple[str, str]]) -> VerifyResult: ...

    def close(self) -> None: ...


def verify_text(sql: str, engine: str | Engine, url: str | None = None) -> VerifyResult:
    """Try one script on a server of ``engine``; see :func:`server` for ``url``.

    Raises :class:`VerifyUnavailable` and :class:`~schemaconv.engines.UnknownEngine`; a refused statement
    is an outcome, never an exception.
    """
    return verify_scripts([("", sql)], engine, url)


def verify_scripts(scripts: Sequence[tuple[str, str]], engine: str | Engine, url: str | None = None) -> VerifyResult:
    """:func:`verify_text` for several ``(file, text)`` scripts, loaded in order into one database."""
    with server(engine, url) as place:
        return place.check(scripts)


@contextmanager
def server(engine: str | Engine, url: str | None = None) -> Iterator[Server]:
    """A server to try several scripts on.

    ``url`` is ``postgresql://user:password@host:port/database`` or ``mysql://user:password@host:port/``;
    without one a throw-away server is started. Raises :class:`VerifyUnavailable` when there is none.
    """
    wanted = engines.find(engine, "target") if isinstance(engine, str) else engine
    scheme = (url or "").partition(":")[0]
    match wanted.family:
        case "postgres" if url is None:
            with embedded.postgres(wanted.version) as own:
                yield from _open(postgres.Server(own, "embedded", throw_away=True))
        case "postgres" if scheme in ("postgresql", "postgres"):
            yield from _open(postgres.Server(url or "", postgres.shown(url or "")))
        case "mysql" if url is None:
            with embedded.mysql() as own:
                yield from _open(mysql.Server(own, "embedded"))
        case "mysql" if scheme == "mysql":
            yield from _open(mysql.Server(url or "", mysql.shown(url or "")))
        case "postgres" | "mysql":
            word = "postgresql" if wanted.family == "postgres" else "mysql"
            cure = f"write {word}://user:password@host/"
            raise VerifyUnavailable(f"{scheme}: is no address of a {wanted.name} server; {cure}")
        case _:
            raise VerifyUnavailable(
                f"no {wanted.name} server can be started here; rely on the limits that the conversion checks"
            )


def _open(place: Server) -> Iterator[Server]:
    try:
        yield place
    finally:
        place.close()
