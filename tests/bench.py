"""How fast a large script is converted, and in how much memory, beside ``sqlglot.transpile`` of the same
file.

    python tests/bench.py [--megabytes N] [--runs N] [--also PYTHON]... [--keep FILE]

Each measurement runs in a process of its own, one after the other; the best of ``--runs`` is shown.
``--also`` names the interpreter of another environment, such as one with the compiled build of sqlglot.
Start-up and imports are not part of the seconds. Statements that sqlglot cannot read it copies or drops:
``error_level=IGNORE`` keeps it going.
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

ROOT = Path(__file__).resolve().parent.parent
TARGET = "postgres"

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


def script(megabytes: float) -> tuple[str, int]:
    """An Oracle script of about ``megabytes`` and the number of its statements; always the same one."""
    chance = random.Random(20)
    _PARENTS.clear()
    parts: list[str] = []
    size = 0
    tables = 0
    wanted = int(megabytes * 1_000_000)
    while size < wanted:
        tables += 1
        for statement in _table(tables, chance):
            parts.append(statement)
            size += len(statement) + 2
    return "\n\n".join(parts) + "\n", len(parts)


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


def child(what: str, path: Path) -> None:
    """Convert ``path`` once and print what it took as JSON."""
    import resource
    import time

    if what == "schemaconv":
        sys.path.insert(0, str(ROOT))
        from schemaconv.api import convert

        started = time.perf_counter()
        done = convert(path, source="oracle", target=TARGET)
        seconds = time.perf_counter() - started
        made, note = len(done.sql), f"{len(done.objects)} objects"
        peak = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    else:
        import sqlglot

        text = path.read_text("utf-8")
        started = time.perf_counter()
        out = sqlglot.transpile(text, read="oracle", write=TARGET, error_level=sqlglot.ErrorLevel.IGNORE)
        seconds = time.perf_counter() - started
        made, note = sum(map(len, out)), f"{len(out)} statements"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        trees = sqlglot.parse(text, read="oracle", error_level=sqlglot.ErrorLevel.IGNORE)
        note += f", {sum(isinstance(t, sqlglot.exp.Command) for t in trees)} of them copied unread"
    megabytes = peak / (1024 if sys.platform != "darwin" else 1024 * 1024)
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "made": made, "note": note}))


def measure(python: str, what: str, path: Path, runs: int) -> dict[str, float | str] | None:
    """The best of ``runs`` runs in processes of their own; ``None`` when it fails."""
    best: dict[str, float | str] | None = None
    for _ in range(runs):
        command = [python, str(Path(__file__).resolve()), "--child", what, str(path)]
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
    parser.add_argument("--megabytes", type=float, default=5.0)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--also", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--keep", metavar="FILE", help="write the script there")
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return 0
    text, statements = script(options.megabytes)
    size = len(text) / 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(options.keep or Path(folder) / "bench.sql")
        path.write_text(text, "utf-8")
        print(f"{size:.1f} MB, {statements} statements, oracle to {TARGET}, best of {options.runs}\n")
        print(f"{'':34}{'seconds':>10}{'MB/s':>8}{'peak MB':>10}")
        slower = False
        for python in dict.fromkeys([sys.executable, *options.also]):
            build = build_of(python)
            took = {}
            for what in ("schemaconv", "sqlglot"):
                found = measure(python, what, path, options.runs)
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
