"""What Redshift's manual rules out, checked on the text of a script: no Redshift is needed to run the tests.

Sources, all in the Amazon Redshift Database Developer Guide: "Unsupported PostgreSQL features", "Data types",
"Character types", "Numeric types", "CREATE TABLE" (usage notes, limits), "Names and identifiers".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import redshift_catalog

from schemaconv.verify import split

#: Data types of columns; the Boolean says whether they take parameters.
TYPES = {
    "smallint": False, "int2": False, "integer": False, "int": False, "int4": False, "bigint": False,
    "int8": False,
    "decimal": True, "numeric": True, "real": False, "float4": False, "double precision": False,
    "float8": False,
    "float": True, "boolean": False, "bool": False, "char": True, "character": True, "nchar": True,
    "bpchar": False,
    "varchar": True, "character varying": True, "nvarchar": True, "text": False, "date": False, "time": False,
    "time without time zone": False, "timetz": False, "time with time zone": False, "timestamp": False,
    "timestamp without time zone": False, "timestamptz": False, "timestamp with time zone": False,
    "super": False,
    "geometry": False, "geography": False, "hllsketch": False, "varbyte": True, "varbinary": True,
    "binary varying": True,
    **{f"interval {fields}": fields.endswith("second") for fields in (
        "year", "month", "year to month", "day", "hour", "minute", "second", "day to hour", "day to minute",
        "day to second", "hour to minute", "hour to second", "minute to second",
    )},
}  # fmt: skip
MAX_VARCHAR, MAX_CHAR, MAX_VARBYTE, MAX_PRECISION, MAX_SCALE = 65535, 4096, 16777216, 38, 37
MAX_NAME_BYTES, MAX_COLUMNS = 127, 1600
LIMITS = {
    **dict.fromkeys(("varchar", "character varying", "nvarchar"), MAX_VARCHAR),
    **dict.fromkeys(("char", "character", "nchar"), MAX_CHAR),
    **dict.fromkeys(("varbyte", "varbinary", "binary varying"), MAX_VARBYTE),
    **dict.fromkeys(("decimal", "numeric"), MAX_PRECISION),
}

_FORBIDDEN = (
    (r"CREATE\s+(?:UNIQUE\s+)?INDEX", "indexes do not exist"),
    (r"CREATE\s+SEQUENCE", "sequences do not exist"),
    (r"CREATE\s+(?:CONSTRAINT\s+)?TRIGGER", "triggers do not exist"),
    (r"CREATE\s+(?:TYPE|DOMAIN|RULE|EXTENSION|UNLOGGED)", "not supported"),
    (r"CREATE\s+TABLE.*\bPARTITION\s+(?:BY|OF)\b", "tables have no partitions"),
    (r"(?:CREATE|ALTER)\s+TABLE.*\bCHECK\s*\(", "check constraints do not exist"),
    (r"(?:CREATE|ALTER)\s+TABLE.*\bEXCLUDE\b", "exclusion constraints do not exist"),
    (r"(?:CREATE|ALTER)\s+TABLE.*\bON\s+(?:DELETE|UPDATE)\b", "foreign keys have no actions"),
    (r"(?:CREATE|ALTER)\s+TABLE.*\b(?:NOT\s+)?DEFERR(?:ABLE|ED)\b", "constraints are not deferrable"),
    (r"CREATE\s+TABLE.*\bTABLESPACE\b", "tablespaces do not exist"),
    (r"CREATE\s+TABLE.*\bGENERATED\s+ALWAYS\s+AS\s*\(", "generated columns do not exist"),
    (r"CREATE\s+TABLE.*\b(?:SMALL|BIG)?SERIAL\b", "serial types do not exist"),
)
#: What queries, defaults and data statements must not use: "Unsupported PostgreSQL features" and "... functions".
_UNSUPPORTED = (
    (r"\b(?:STRING_AGG|ARRAY_AGG|EVERY|XMLAGG|CORR|COVAR_POP|COVAR_SAMP|REGR_\w+|CLOCK_TIMESTAMP|JUSTIFY_\w+|PG_SLEEP"
     r"|TRANSACTION_TIMESTAMP|STATEMENT_TIMESTAMP|DIV|SETSEED|WIDTH_BUCKET|GENERATE_SERIES|GENERATE_SUBSCRIPTS"
     r"|BIT_LENGTH|OVERLAY|CONVERT_FROM|CONVERT_TO|ENCODE|FORMAT|QUOTE_NULLABLE|REGEXP_MATCHES|REGEXP_SPLIT_TO_\w+"
     r"|NEXTVAL|CURRVAL|SETVAL|LASTVAL|MAKE_DATE|MAKE_INTERVAL|MAKE_TIMESTAMP|GEN_RANDOM_UUID|TO_JSON|JSONB_\w+"
     r"|UNISTR|NORMALIZE|NUM_NONNULLS|HASHTEXT)\s*\(", "an unsupported function"),
    (r"\bIS\s+(?:NOT\s+)?DISTINCT\s+FROM\b", "IS DISTINCT FROM"),
    (r"\bSELECT\s+DISTINCT\s+ON\b", "DISTINCT ON"),
    (r"\bFETCH\s+(?:FIRST|NEXT)\b", "FETCH FIRST"),
    (r"\bLATERAL\b", "LATERAL"),
    (r"\bFILTER\s*\(\s*WHERE\b", "FILTER"),
    (r"\bRETURNING\b", "RETURNING"),
    (r"\bON\s+CONFLICT\b", "ON CONFLICT"),
    (r"\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b|\bFOR\s+(?:KEY\s+)?SHARE\b", "row locks"),
    (r"\bFROM\s*\(\s*VALUES\b", "VALUES as a table"),
    (r"\bARRAY\s*\[|\bROW\s*\(", "array and row constructors"),
    (r"\bTABLESAMPLE\b", "TABLESAMPLE"),
    (r"::?\s*(?:JSONB?|UUID|BYTEA|XML|MONEY|INET)\b", "an unsupported type"),
    (r"\bAS\s+(?:JSONB?|UUID|BYTEA|XML|MONEY|INET)\s*\)", "an unsupported type"),
    (r"\bINHERITS\s*\(", "inheritance"),
    (r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:RECURSIVE|TEMP(?:ORARY)?)\s+VIEW\b", "recursive and temporary views"),
    (r"\bWITH\s+(?:LOCAL\s+|CASCADED\s+)?CHECK\s+OPTION\b", "WITH CHECK OPTION"),
    (r"\bREFRESH\s+MATERIALIZED\s+VIEW\s+CONCURRENTLY\b", "CONCURRENTLY"),
)  # fmt: skip
_IDENTITY = re.compile(r"\bIDENTITY\b(?!\s*\(\s*-?\d+\s*,\s*-?\d+\s*\))", re.I)
_GENERATED = re.compile(r"\bGENERATED\s+(?!BY\s+DEFAULT\s+AS\s+IDENTITY)", re.I)
_TABLE = re.compile(
    rf"CREATE\s+(?:(?:LOCAL\s+)?TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({redshift_catalog.QNAME})\s*\((.*)",
    re.I | re.S,
)
_NAMES_ONLY = re.compile(
    r"CREATE\s+(?:TEMP(?:ORARY)?\s+)?TABLE\s+[^(]+\([^()]*\)[^;]*?\bAS\s+(?:SELECT|WITH|\(\s*SELECT)\b", re.I
)
_COLUMN = re.compile(
    r"(?P<name>\"(?:[^\"]|\"\")+\"|[\w$]+)\s+"
    r"(?P<type>[a-z]\w*(?:\s+(?:precision|varying|(?:year|month|day|hour|minute|second)(?:\s+to\s+\w+)?"
    r"|with(?:out)?\s+time\s+zone))?)\s*(?P<args>\([^)]*\))?(?P<zone>\s+with(?:out)?\s+time\s+zone)?",
    re.I,
)
_KEYS = re.compile(r"(?:CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|LIKE)\b", re.I)
_NAME = re.compile(r'"((?:[^"]|"")+)"|\b[A-Za-z_][\w$]*')


def problems(script: str, setup: str = "") -> list[str]:
    """What Redshift would refuse: ``line: what`` for each; empty for a good script. ``setup`` has run before."""
    return [f"{line}: {what}" for line, what in _problems(script, setup)]


def _problems(script: str, setup: str) -> Iterator[tuple[int, str]]:
    catalog = redshift_catalog.Catalog()
    for _, statement in split.postgres(setup):
        text = _bare(statement)
        made = _TABLE.match(text)
        list(catalog.read(text, _elements(made[2]) if made else None))
    for line, statement in split.postgres(script):
        text = _bare(statement)
        unquoted = re.sub(r'"(?:[^"]|"")+"', '""', text)
        made = _TABLE.match(text)
        listed = _elements(made[2]) if made and not _NAMES_ONLY.match(text) else None
        yield from ((line, what) for what in catalog.read(text, listed))
        for pattern, what in _UNSUPPORTED:
            if found := re.search(pattern, unquoted, re.I | re.S):
                yield line, f"{what}: {' '.join(found[0].split())}"
        for pattern, what in _FORBIDDEN:
            if re.match(pattern, unquoted, re.I | re.S):
                yield line, what
        for name in _NAME.finditer(text):
            if len((name[1] or name[0]).encode()) > MAX_NAME_BYTES:
                yield line, f"name of more than {MAX_NAME_BYTES} bytes: {name[0]}"
        table = _TABLE.match(text)
        if not table or _NAMES_ONLY.match(text):
            continue
        if _IDENTITY.search(unquoted):
            yield line, "IDENTITY is written with seed and step"
        if _GENERATED.search(unquoted):
            yield line, "GENERATED is only known as BY DEFAULT AS IDENTITY(seed, step)"
        columns = [c for c in _elements(table[2]) if not _KEYS.match(c)]
        if len(columns) > MAX_COLUMNS:
            yield line, f"{len(columns)} columns; the limit is {MAX_COLUMNS}"
        for column in columns:
            yield from ((line, what) for what in _column(column))


def _column(text: str) -> Iterator[str]:
    found = redshift_catalog.COLUMN.match(text)
    if not found:
        yield f"cannot read column {text!r}"
        return
    if "[" in text:
        yield f"{found['name']}: arrays do not exist"
    name, args = found["name"], [int(n) for n in re.findall(r"\d+", found["args"] or "")]
    kind = " ".join((found["type"] + (found["zone"] or "")).lower().split())
    if kind not in TYPES:
        yield f"{name}: no type {kind}"
        return
    if found["args"] and not TYPES[kind]:
        yield f"{name}: {kind} takes no parameters"
    limit = LIMITS.get(kind)
    if limit and args and not 1 <= args[0] <= limit:
        yield f"{name}: {kind}({args[0]}) is beyond {limit}"
    if kind in ("decimal", "numeric") and len(args) == 2 and args[1] > min(args[0], MAX_SCALE):
        yield f"{name}: {kind} with a scale of {args[1]}"


def _bare(statement: str) -> str:
    """The statement without comments, and with empty literals."""
    text = re.sub(
        r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", lambda m: "''" if m[0][0] == "'" else " ", statement, flags=re.S
    )
    return text.strip()


def _elements(body: str) -> list[str]:
    """The comma-separated elements of a column list, up to its closing parenthesis."""
    depth, out, start, quoted = 0, [], 0, False
    for at, char in enumerate(body):
        quoted ^= char == '"'
        if quoted:
            continue
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth < 0:
                return [e for e in (*out, body[start:at].strip()) if e]
        elif char == "," and depth == 0:
            out.append(body[start:at].strip())
            start = at + 1
    return [e for e in (*out, body[start:].strip()) if e]


@lru_cache(maxsize=1)
def _linter() -> Any:
    from sqlfluff.core import FluffConfig, Linter

    return Linter(config=FluffConfig(overrides={"dialect": "redshift", "large_file_skip_byte_limit": 0}))


#: A counter that runs down, which the other parser does not know.
_NEGATIVE_STEP = re.compile(r"\bIDENTITY\(-?\d+, -?\d+\)")
#: "REVOKE", scoped permissions.
_SCOPED_REVOKE = re.compile(r"^(REVOKE [A-Z, ]+) FOR TABLES IN SCHEMA", re.M)
#: What Redshift knows ("Interval data types and literals") and the other parser does not.
_UNKNOWN_TO_PARSER = re.compile(
    r"\binterval\s+(?:year|month|day|hour|minute|second)(?:\s+to\s+\w+)?(?:\s*\(\d\))?", re.I
)


def unparsable(script: str) -> list[str]:
    """What an independent parser of Redshift's dialect cannot read, statement by statement."""
    out = []
    for line, statement in split.postgres(script):
        text = _NEGATIVE_STEP.sub("IDENTITY(1, 1)", _UNKNOWN_TO_PARSER.sub("varchar(30)", statement))
        text = _SCOPED_REVOKE.sub(r"\1 ON ALL TABLES IN SCHEMA", text)
        for problem in _linter().parse_string(text + ";\n").violations:
            out.append(f"{line}: {problem.desc()}")
    return out
