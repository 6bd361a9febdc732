"""A made-up Teradata script: what SHOW TABLE prints, with the statistics, comments, views and rows of a BTEQ job."""

from __future__ import annotations

import random
from collections.abc import Iterator

_TYPES = (
    "INTEGER", "BIGINT", "SMALLINT", "BYTEINT", "DECIMAL(18,2)", "FLOAT", "NUMBER(10,2)", "DATE FORMAT 'YY/MM/DD'",
    "TIMESTAMP(6)", "TIMESTAMP(0) WITH TIME ZONE", "TIME(0)", "VARCHAR(100) CHARACTER SET LATIN NOT CASESPECIFIC",
    "VARCHAR(4000) CHARACTER SET UNICODE CASESPECIFIC", "CHAR(10) CHARACTER SET LATIN NOT CASESPECIFIC",
    "CHAR(1) CHARACTER SET LATIN UPPERCASE NOT CASESPECIFIC COMPRESS ('N','Y')", "VARBYTE(64)",
    "INTERVAL DAY(4) TO SECOND(6)", "DECIMAL(10,0) COMPRESS (0. ,1. ,10. )",
)  # fmt: skip
_OPTIONS = (
    "FALLBACK ,\n     NO BEFORE JOURNAL,\n     NO AFTER JOURNAL,\n     CHECKSUM = DEFAULT,\n"
    "     DEFAULT MERGEBLOCKRATIO,\n     MAP = TD_MAP1"
)
_PARTITIONS = (
    "",
    "\nPARTITION BY RANGE_N(LOAD_DT  BETWEEN DATE '2015-01-01' AND DATE '2030-12-31'"
    " EACH INTERVAL '1' MONTH ,\n NO RANGE)",
)


def table(number: int, words: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """The statements that belong to one table."""
    name = f"{chance.choice(words)}_{chance.choice(words)}_{number}".upper()
    full = f"APP_DB.{name}"
    columns = [(f"{chance.choice(words)}_{n}".upper(), chance.choice(_TYPES)) for n in range(chance.randint(7, 10))]
    lines = [f"      {name[:20]}_ID BIGINT NOT NULL"]
    lines += (f"      {c} {kind}{' NOT NULL' if chance.random() < 0.3 else ''}" for c, kind in columns)
    lines.append("      LOAD_DT DATE FORMAT 'YYYY-MM-DD' NOT NULL DEFAULT DATE")
    unique = "UNIQUE " if chance.random() < 0.3 else ""
    partition = "" if unique else chance.choice(_PARTITIONS)
    kind = chance.choice(("MULTISET", "MULTISET", "SET"))
    yield (
        f"CREATE {kind} TABLE {full} ,{_OPTIONS}\n     (\n" + ",\n".join(lines) + ")\n"
        f"{unique}PRIMARY INDEX ( {name[:20]}_ID ){partition};"
    )
    if chance.random() < 0.4:
        yield f"CREATE INDEX IX_{number} ( {columns[0][0]} ) ON {full};"
    yield f"COLLECT STATISTICS COLUMN ( {name[:20]}_ID ) , COLUMN ( {columns[0][0]} ) ON {full};"
    yield f"COMMENT ON TABLE {full} IS 'Rows of {name.lower()}: what the user''s {chance.choice(words)} keeps';"
    if chance.random() < 0.6:
        yield f"COMMENT ON COLUMN {full}.{columns[0][0]} IS 'As the {chance.choice(words)} had it when it was changed';"
    for row in range(chance.randint(2, 4)):
        yield f"INSERT INTO {full} ( {name[:20]}_ID, LOAD_DT ) VALUES ( {row}, DATE '2023-04-05' );"
    if chance.random() < 0.35:
        shown = ", ".join(f"t.{c}" for c, _ in columns[:4])
        yield (
            f"REPLACE VIEW APP_DB.V_{number} AS\nLOCKING ROW FOR ACCESS\nSELECT t.{name[:20]}_ID, {shown}\n"
            f"FROM {full} t\nWHERE t.{name[:20]}_ID > 0\n"
            "  AND COALESCE(t.LOAD_DT, DATE '2000-01-01') <> DATE '2001-01-01';"
        )


def ended(statement: str) -> str:
    """A statement, with what a job asks behind each table."""
    check = "\n.IF ERRORCODE <> 0 THEN .QUIT ERRORCODE" if "PRIMARY INDEX" in statement else ""
    return statement + check
