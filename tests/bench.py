"""How fast a large script is converted, and in how much memory, beside ``sqlglot.transpile`` of the same
file.

    python tests/bench.py [--source ENGINE] [--megabytes N] [--runs N] [--also PYTHON]... [--keep FILE]
    python tests/bench.py --views 2000        a script of views instead, each of a few kilobytes

Each measurement runs in a process of its own, one after the other; the best of ``--runs`` is shown.
``--also`` names the interpreter of another environment, such as one with the compiled build of sqlglot.
Start-up and imports are not part of the seconds. Statements that sqlglot cannot read it copies or drops:
``error_level=IGNORE`` keeps it going. Where it cannot write what it read, the table says so and shows the time of
reading alone.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bench_sqlserver
import bench_teradata
import bench_views

ROOT = Path(__file__).resolve().parent.parent
TARGET = "postgres"
#: Sources and the word that sqlglot has for each.
DIALECTS = {"oracle": "oracle", "sqlserver": "tsql", "teradata": "teradata"}

_WORDS = (
    "account", "order", "item", "batch", "ledger", "parcel", "region", "branch", "claim", "policy",
    "invoice", "payment", "contract", "shipment", "stock", "audit", "session", "ticket", "member",
    "vendor", "asset", "rate", "plan", "quota", "route", "unit", "event", "note", "label", "zone",
    "grade", "step", "stage",
)  # fmt: skip
_TYPES = (
    "NUMBER(9)", "NUMBER(18)", "NUMBER(10,2)", "NUMBER", "VARCHAR2(30 CHAR)", "VARCHAR2(255)",
    "VARCHAR2(4000 BYTE)",
    "CHAR(1)", "NVARCHAR2(100)", "DATE", "TIMESTAMP(6)", "TIMESTAMP WITH TIME ZONE", "CLOB", "BLOB",
    "RAW(16)",
    "FLOAT(126)", "BINARY_DOUBLE", "INTEGER",
)  # fmt: skip
_DEFAULTS = {
    "NUMBER(9)": ("0", "1"), "NUMBER(10,2)": ("0.00",), "DATE": ("SYSDATE",), "CHAR(1)": ("'N'", "'Y'"),
    "VARCHAR2(30 CHAR)": ("'NEW'", "USER"), "TIMESTAMP(6)": ("SYSTIMESTAMP",), "INTEGER": ("-1",),
}  # fmt: skip
_EXTENTS = (
    "STORAGE(INITIAL 65536 NEXT 1048576 MINEXTENTS 1 MAXEXTENTS 2147483645\n"
    "  PCTINCREASE 0 FREELISTS 1 FREELIST GROUPS 1 BUFFER_POOL DEFAULT FLASH_CACHE DEFAULT)\n  TABLESPACE "
)
_DUMPED = (
    "\nSEGMENT CREATION IMMEDIATE\n  PCTFREE 10 PCTUSED 40 INITRANS 1 MAXTRANS 255 NOCOMPRESS LOGGING\n"
    f'  {_EXTENTS}"USERS"'
)
_STORAGE = (_DUMPED, "\nPCTFREE 5 INITRANS 2 TABLESPACE APP_DATA NOLOGGING", " TABLESPACE APP_DATA")
_KEY_STORAGE = (
    f'\n  PCTFREE 10 INITRANS 2 MAXTRANS 255 COMPUTE STATISTICS\n  {_EXTENTS}"APP_INDEX"',
    " TABLESPACE APP_INDEX",
)  # fmt: skip


def script(megabytes: float, source: str = "oracle") -> tuple[str, int]:
    """A script of about ``megabytes`` and the number of its statements; always the same one."""
    chance = random.Random(20)
    _PARENTS.clear()
    parts: list[str] = []
    size = 0
    tables = 0
    wanted = int(megabytes * 1_000_000)
    while size < wanted:
        tables += 1
        for statement in _statements(source, tables, chance):
            parts.append(statement)
            size += len(statement) + 2
    return "\n\n".join(parts) + "\n", len(parts)


def _statements(source: str, number: int, chance: random.Random) -> Iterator[str]:
    """The statements of one table, each with what ends it."""
    match source:
        case "sqlserver":
            return map(bench_sqlserver.ended, bench_sqlserver.table(number, _WORDS, chance))
        case "teradata":
            return map(bench_teradata.ended, bench_teradata.table(number, _WORDS, chance))
        case _:
            return _table(number, chance)


def _table(number: int, chance: random.Random) -> Iterator[str]:
    """The statements that belong to one table."""
    name = f"{chance.choice(_WORDS)}_{chance.choice(_WORDS)}_{number}".upper()
    key = f"{name[:20]}_ID"
    lines = [f"  {key} NUMBER(18) NOT NULL"]
    columns: list[tuple[str, str]] = []
    for position in range(chance.randint(7, 10)):
        column, kind = f"{chance.choice(_WORDS)}_{position}".upper(), chance.choice(_TYPES)
        lines.append(f"  {column} {kind}{_default(kind, chance)}{_constraint(column, kind, chance)}")
        columns.append((column, kind))
    lines.append("  PARENT_ID NUMBER(18)")
    table = f"APP.{name}"
    yield f"CREATE TABLE {table}\n(\n" + ",\n".join(lines) + f"\n){chance.choice(_STORAGE)};"
    place = chance.choice(_KEY_STORAGE)
    yield f"ALTER TABLE {table} ADD CONSTRAINT PK_{number} PRIMARY KEY ({key})\n  USING INDEX{place} ENABLE;"
    _PARENTS.append((table, key))
    if number > 1 and chance.random() < 0.8:
        parent, parent_key = _PARENTS[chance.randrange(len(_PARENTS))]
        action = chance.choice(("", "", " ON DELETE CASCADE", " ON DELETE SET NULL"))
        yield (
            f"ALTER TABLE {table} ADD CONSTRAINT FK_{number} FOREIGN KEY (PARENT_ID)\n"
            f"  REFERENCES {parent} ({parent_key}){action} ENABLE;"
        )
    plain = [c for c, kind in columns if "LOB" not in kind]
    for position in range(min(chance.randint(0, 2), len(plain) // 2)):
        some, unique = ", ".join(chance.sample(plain, 2)), "UNIQUE " if chance.random() < 0.1 else ""
        place = chance.choice(_KEY_STORAGE)
        yield f"CREATE {unique}INDEX APP.IX_{number}_{position} ON {table} ({some}){place};"
    word, other = chance.choice(_WORDS), columns[0][0]
    yield f"COMMENT ON TABLE {table} IS 'Rows of {name.lower()}: what the user''s {word} keeps for later';"
    if chance.random() < 0.6:
        yield (
            f"COMMENT ON COLUMN {table}.{other} IS 'The {other.lower()} of a row, as the {word} had it"
            f" when it was last changed; see {word}s';"
        )
    if chance.random() < 0.5:
        yield (
            f"CREATE SEQUENCE APP.SEQ_{number} MINVALUE 1 MAXVALUE 999999999999999999 INCREMENT BY 1"
            f" START WITH {number} CACHE 20 NOORDER NOCYCLE;"
        )
    if chance.random() < 0.2:
        yield f"ALTER TABLE {table} ADD (EXTRA_{number} VARCHAR2(20) DEFAULT 'none' NOT NULL);"
    if chance.random() < 0.35:
        shown = ", ".join(f"t.{c}" for c, _ in columns[:4])
        yield (
            f"CREATE OR REPLACE VIEW APP.V_{number} AS\n  SELECT t.{key}, {shown}\n  FROM {table} t\n"
            f"  WHERE t.{key} > 0 AND NVL(t.PARENT_ID, 0) <> 1;"
        )


def _default(kind: str, chance: random.Random) -> str:
    return f" DEFAULT {chance.choice(_DEFAULTS[kind])}" if kind in _DEFAULTS and chance.random() < 0.4 else ""


def _constraint(column: str, kind: str, chance: random.Random) -> str:
    check = f" CHECK ({column} IN ('N', 'Y'))" if kind == "CHAR(1)" and chance.random() < 0.3 else ""
    return (" NOT NULL" if chance.random() < 0.4 else "") + check


#: Tables that a foreign key may point to, with their keys.
_PARENTS: list[tuple[str, str]] = []


def child(what: str, source: str, path: Path) -> None:
    """Convert ``path`` once and print what it took as JSON."""
    import time

    if what == "schemaconv":
        sys.path.insert(0, str(ROOT))
        from schemaconv.api import convert

        started = time.perf_counter()
        done = convert(path, source=source, target=TARGET)
        seconds = time.perf_counter() - started
        peak = _peak()
        made, note = len(done.sql), f"{len(done.objects)} objects"
    else:
        seconds, peak, made, note = _with_sqlglot(path.read_text("utf-8"), DIALECTS[source])
    print(json.dumps({"seconds": seconds, "megabytes": peak, "made": made, "note": note}))


def _peak() -> float:
    """The most memory that this process or one that it started had, in MB."""
    import resource

    peak = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def _with_sqlglot(text: str, dialect: str) -> tuple[float, float, int, str]:
    """Seconds, memory, characters made and a note. Batches are cut for it: at ``GO`` it would stop."""
    import time

    import sqlglot

    ignore = sqlglot.ErrorLevel.IGNORE
    batches = text.split("\nGO\n") if dialect == "tsql" else [text]
    failed: dict[str, int] = {}
    out: list[str] = []
    started = time.perf_counter()
    for batch in batches:
        try:
            out += sqlglot.transpile(batch, read=dialect, write=TARGET, error_level=ignore)
        except Exception as error:  # of any kind: it also fails with those of Python
            failed[type(error).__name__] = failed.get(type(error).__name__, 0) + 1
    seconds, peak, note = time.perf_counter() - started, _peak(), f"{len(out)} statements"
    if failed:
        note += f", {', '.join(f'{n} times {word}' for word, n in failed.items())}, seconds of reading only"
        started = time.perf_counter()
    trees = [t for batch in batches for t in _read(batch, dialect)]
    if failed:
        seconds = time.perf_counter() - started
    unread = sum(isinstance(t, sqlglot.exp.Command) for t in trees)
    return seconds, peak, sum(map(len, out)), f"{note}, {unread} of them copied unread"


def _read(text: str, dialect: str) -> list[object]:
    import sqlglot

    try:
        return list(sqlglot.parse(text, read=dialect, error_level=sqlglot.ErrorLevel.IGNORE))
    except Exception:  # it cannot read the batch at all
        return []


def measure(python: str, what: str, source: str, path: Path, runs: int) -> dict[str, float | str] | None:
    """The best of ``runs`` runs in processes of their own; ``None`` when it fails."""
    best: dict[str, float | str] | None = None
    for _ in range(runs):
        command = [python, str(Path(__file__).resolve()), "--child", what, source, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{what}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}", file=sys.stderr)
            return None
        now = json.loads(done.stdout.splitlines()[-1])
        best = now if best is None or now["seconds"] < best["seconds"] else best
    return best


def build_of(python: str) -> str:
    """Which build of sqlglot an interpreter has."""
    code = "import sqlglot.parser as p; print('pure' if p.__file__.endswith('.py') else 'compiled')"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "?"


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--source", default="oracle", choices=[*DIALECTS])
    parser.add_argument("--megabytes", type=float, default=5.0)
    parser.add_argument("--views", type=int, default=0, metavar="N", help="N views and the tables under them")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--also", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--keep", metavar="FILE", help="write the script there")
    parser.add_argument("--child", nargs=3, metavar=("WHAT", "SOURCE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], options.child[1], Path(options.child[2]))
        return 0
    if options.views:
        text, statements = bench_views.script(options.megabytes, options.views, options.source)
    else:
        text, statements = script(options.megabytes, options.source)
    size = len(text) / 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(options.keep or Path(folder) / "bench.sql")
        path.write_text(text, "utf-8")
        print(f"{size:.1f} MB, {statements} statements, {options.source} to {TARGET}, best of {options.runs}\n")
        print(f"{'':34}{'seconds':>10}{'MB/s':>8}{'peak MB':>10}")
        slower = False
        for python in dict.fromkeys([sys.executable, *options.also]):
            build = build_of(python)
            took = {}
            for what in ("schemaconv", "sqlglot"):
                found = measure(python, what, options.source, path, options.runs)
                title = (
                    f"{what} (sqlglot {build})" if what == "schemaconv" else f"sqlglot.transpile ({build})"
                )
                if found is None:
                    print(f"{title:34}{'failed':>10}")
                    continue
                took[what] = float(found["seconds"])
                rate, peak = size / took[what], float(found["megabytes"])
                print(f"{title:34}{took[what]:10.2f}{rate:8.2f}{peak:10.0f}   {found['note']}")
            slower |= len(took) < 2 or took["schemaconv"] > took["sqlglot"]
    return int(slower)


if __name__ == "__main__":
    sys.exit(main())
