"""Options of the suite, and the live servers: one of each kind for a session or an xdist worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import casefile
import pytest

from schemaconv import engines, verify


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases", nargs="?", const="*", default=None, metavar="PATTERN",
        help="rewrite the target and report blocks of the pages under tests/cases that match, then test",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    pattern = config.getoption("--update-cases")
    if pattern and not hasattr(config, "workerinput"):  # once, before any worker reads the pages
        for page in casefile.update(pattern):
            print(f"rewritten: tests/cases/{page}")
        casefile.converted.cache_clear()


class Servers:
    """Starts a server when first asked for, keeps it for the session, and skips where there is none."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._open: dict[tuple[str, tuple[int, ...]], verify.Server | str] = {}

    def get(self, target: str) -> verify.Server:
        """A server for ``target`` (``postgres``, ``postgres:17``, ``aurora-mysql``)."""
        engine = engines.find(target, "target")
        url = os.environ.get(
            "SCHEMACONV_TEST_PG_URL" if engine.family == "postgres" else "SCHEMACONV_TEST_MYSQL_URL"
        )
        # PostgreSQL 15 output must run on 15 and later, so one server does for the default and one for newer.
        version = engine.version[:1] if engine.family == "postgres" and not url else ()
        key = (engine.family, version)
        if key not in self._open:
            try:
                wanted = engines.Engine(engine.family, engine.family, version)
                self._open[key] = self._stack.enter_context(verify.server(wanted, url or None))
            except verify.VerifyUnavailable as reason:
                self._open[key] = str(reason)
        found = self._open[key]
        if isinstance(found, str):
            pytest.skip(found)
        if engine.family == "postgres" and engine.version and found.version < engine.version:
            pytest.skip(f"{found.label} is older than {target}")
        return found


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


@pytest.fixture(scope="session")
def pg(servers: Servers) -> verify.Server:
    """A live PostgreSQL of the default version or newer; skips where there is none."""
    return servers.get("postgres")


@pytest.fixture(scope="session")
def mysql(servers: Servers) -> verify.Server:
    """A live MySQL; skips where there is none."""
    return servers.get("mysql")
