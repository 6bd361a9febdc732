"""What Redshift's manual rules out when statements are read one behind the other: keys, references, views.

A small catalog grows with the script, so that what a statement names must be there already. All pages are of the Amazon
Redshift Database Developer Guide: "CREATE TABLE" (attributes of columns and tables, limits), "Compression encodings",
"ALTER TABLE", "CREATE VIEW", "CREATE MATERIALIZED VIEW", "COMMENT", "Unsupported PostgreSQL features".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_SORT, MAX_INTERLEAVED = 400, 8
SYSTEM_COLUMNS = {"oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}
_SYNONYMS = {
    "int2": "smallint", "int": "integer", "int4": "integer", "int8": "bigint", "numeric": "decimal",
    "float4": "real", "float8": "double precision", "float": "double precision", "bool": "boolean",
    "character": "char", "nchar": "char", "bpchar": "char", "character varying": "varchar", "nvarchar": "varchar",
    "text": "varchar", "varbinary": "varbyte", "binary varying": "varbyte",
}  # fmt: skip
#: Types that DISTKEY and SORTKEY take.
KEY_TYPES = {
    "boolean", "real", "double precision", "smallint", "integer", "bigint", "decimal", "date", "time", "timetz",
    "timestamp", "timestamptz", "char", "varchar",
}  # fmt: skip
_NUMBERS, _TIMES, _TEXTS = {"smallint", "integer", "bigint", "decimal"}, {"date", "timestamp", "timestamptz"}, {
    "char", "varchar"}  # fmt: skip
_ANY = KEY_TYPES | {"varbyte", "super", "geometry", "geography", "hllsketch"}
#: Encodings and the types that they take; TIME and TIMETZ as CREATE TABLE assigns them.
ENCODINGS = {
    "raw": _ANY,
    "az64": _NUMBERS | _TIMES | {"time", "timetz"},
    "bytedict": _NUMBERS | _TIMES | _TEXTS | {"real", "double precision"},
    "delta": {"smallint", "integer", "bigint", "date", "timestamp", "decimal"},
    "delta32k": {"integer", "bigint", "date", "timestamp", "decimal"},
    "lzo": _NUMBERS | _TIMES | _TEXTS | {"super", "varbyte", "time", "timetz"},
    "mostly8": {"smallint", "integer", "bigint", "decimal"},
    "mostly16": {"integer", "bigint", "decimal"},
    "mostly32": {"bigint", "decimal"},
    "runlength": KEY_TYPES,
    "text255": {"varchar"}, "text32k": {"varchar"},
    "zstd": _ANY - {"hllsketch"},
}  # fmt: skip

_WORD = r'(?:"(?:[^"]|"")+"|[A-Za-z_#][\w$]*)'
QNAME = rf"{_WORD}(?:\s*\.\s*{_WORD})?"
#: A column up to its type.
COLUMN = re.compile(
    r"(?P<name>\"(?:[^\"]|\"\")+\"|[\w$]+)\s+"
    r"(?P<type>[a-z]\w*(?:\s+(?:precision|varying|(?:year|month|day|hour|minute|second)(?:\s+to\s+\w+)?"
    r"|with(?:out)?\s+time\s+zone))?)\s*(?P<args>\([^)]*\))?(?P<zone>\s+with(?:out)?\s+time\s+zone)?",
    re.I,
)
_TOKEN = re.compile(rf"{_WORD}|''|\d*\.?\d+(?:[eE][+-]?\d+)?|[(),.]|[^\s\w]")
_CREATE = re.compile(
    rf"CREATE\s+(?P<temp>(?:LOCAL\s+)?TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>{QNAME})", re.I
)
_VIEW = re.compile(
    rf"CREATE\s+(?:OR\s+REPLACE\s+)?(?P<stored>MATERIALIZED\s+)?VIEW\s+(?P<name>{QNAME})\s*(?P<columns>\([^()]*\))?"
    r"(?P<options>.*?)\bAS\b(?P<query>.*)",
    re.I | re.S,
)
_ALTER = re.compile(rf"ALTER\s+TABLE\s+(?P<name>{QNAME})\s+(?P<rest>.*)", re.I | re.S)
_SCHEMA = re.compile(rf"CREATE\s+SCHEMA\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>{_WORD})", re.I)
_COMMENT = re.compile(rf"COMMENT\s+ON\s+(?P<kind>\w+)\s+(?P<name>{_WORD}(?:\s*\.\s*{_WORD}){{0,2}})", re.I)
_DROP = re.compile(rf"DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?P<name>{QNAME})", re.I)
_UNBOUND = re.compile(r"\bWITH\s+NO\s+SCHEMA\s+BINDING\s*$", re.I)
_FROM = re.compile(rf"\b(?:FROM|JOIN)\s+(?:ONLY\s+)?(?P<name>{QNAME})(?P<call>\s*\()?", re.I)
_CTE = re.compile(rf"(?P<name>{_WORD})\s*(?:\([^()]*\)\s*)?AS\s*\(", re.I)
_CLOCKS = re.compile(r"\b(?:SYSDATE|GETDATE|CURRENT_DATE|CURRENT_TIMESTAMP|CURRENT_USER|SESSION_USER|RANDOM)\b", re.I)
#: Words of a default that are no columns.
_DEFAULT_WORDS = re.compile(
    r"(?:NULL|TRUE|FALSE|SYSDATE|CURRENT_DATE|CURRENT_USER|SESSION_USER|USER|CURRENT_TIMESTAMP|CAST|AS|INTERVAL|DATE"
    r"|TIMESTAMP|TIMESTAMPTZ|TIME|FROM|EXTRACT|YEAR|MONTH|DAY|HOUR|MINUTE|SECOND|DOUBLE|PRECISION|DECIMAL|INTEGER"
    r"|BIGINT|SMALLINT|VARCHAR|CHAR|BOOLEAN|REAL|NOT|AND|OR|CASE|WHEN|THEN|ELSE|END|IS|AT|ZONE)\Z",
    re.I,
)
_VOLATILE = re.compile(r"\b(?:RANDOM|TIMEOFDAY|NEXTVAL|SETSEED|CURRENT_TIMESTAMP|NOW|CLOCK_TIMESTAMP)\b", re.I)


@dataclass
class Table:
    """Columns with their types, and the keys that foreign keys may point to."""

    columns: dict[str, str]
    keys: list[frozenset[str]] = field(default_factory=list)
    primary: bool = False
    open_: bool = False  # made from a query whose columns are not known


@dataclass
class Catalog:
    """What the script has made so far."""

    tables: dict[str, Table] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)  # "", "stored" or "unbound"
    schemas: set[str] = field(default_factory=lambda: {"public"})
    inline: list[tuple[str, str]] = field(default_factory=list)  # keys said behind the columns of the table at hand

    references: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)  # of columns, likewise

    def read(self, statement: str, elements: list[str] | None) -> Iterator[str]:
        """What is wrong with the next statement, whose literals are empty; ``elements`` are a table's."""
        if found := _SCHEMA.match(statement):
            self.schemas.add(plain(found["name"]))
        elif found := _CREATE.match(statement):
            yield from self._create(found, statement, elements)
        elif found := _VIEW.match(statement):
            yield from self._view(found, statement)
        elif found := _ALTER.match(statement):
            yield from self._alter(found)
        elif found := _DROP.match(statement):
            self.tables.pop(plain(found["name"]), None)
        elif found := _COMMENT.match(statement):
            yield from self._comment(found)

    def _home(self, name: str) -> Iterator[str]:
        schema, dot, _ = name.partition(".")
        if dot and schema not in self.schemas:
            yield f"{name}: the schema is not there"

    # -- tables --------------------------------------------------------------------------------------------------------

    def _create(self, found: re.Match[str], statement: str, elements: list[str] | None) -> Iterator[str]:
        name = plain(found["name"])
        yield from self._home(name)
        if found["temp"] and "." in name:
            yield f"{name}: a temporary table has no schema"
        if name in self.tables or name in self.views:
            yield f"{name} is there already"
        rest = statement[found.end() :]
        table = Table({})
        tail = rest
        if elements is not None:
            tail = rest[_closing(rest, rest.index("(")) + 1 :]
            yield from self._elements(name, table, elements)
        else:
            table.open_ = True
            if rest.lstrip().startswith("("):
                at = rest.index("(")
                end = _closing(rest, at)
                table = Table({plain(w): "" for w in rest[at + 1 : end].split(",")})
                tail = rest[end + 1 :]
            tail = re.split(r"\bAS\b", tail, maxsplit=1, flags=re.I)[0]
        self.tables[name] = table
        yield from _attributes(name, table, tail, self.inline)
        self.inline = []

    def _elements(self, name: str, table: Table, elements: list[str]) -> Iterator[str]:
        self.inline, self.references = [], []
        constraints = []
        for element in elements:
            if re.match(r"(?:CONSTRAINT|PRIMARY|UNIQUE|FOREIGN)\b", element, re.I):
                constraints.append(element)
                continue
            yield from self._column(name, table, element)
        for element in sorted(constraints, key=lambda e: "FOREIGN" in e.upper()):  # keys may come behind
            yield from self.constraint(name, table, element)
        for column, parent, theirs in self.references:
            yield from self._reference(name, table, (column,), parent, theirs)

    def _column(self, name: str, table: Table, element: str) -> Iterator[str]:
        found = COLUMN.match(element)
        if not found:
            return  # said elsewhere
        column = plain(found["name"])
        kind = " ".join((found["type"] + (found["zone"] or "")).lower().split())
        kind = {"timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
                "time without time zone": "time", "time with time zone": "timetz"}.get(kind, kind)  # fmt: skip
        kind = _SYNONYMS.get(kind, kind)
        if column in table.columns:
            yield f"{name}.{column} is there twice"
        if column in SYSTEM_COLUMNS:
            yield f"{name}.{column} has the name of a system column"
        table.columns[column] = kind
        yield from self._rest_of_column(name, table, column, kind, _TOKEN.findall(element[found.end() :]))

    def _rest_of_column(self, name: str, table: Table, column: str, kind: str, tokens: list[str]) -> Iterator[str]:
        words = _Words(tokens)
        seen: set[str] = set()
        while not words.done():
            start = words.peek().upper()
            if start in seen:
                yield f"{column}: {start} is said twice"
            seen.add(start)
            if words.take("DEFAULT"):
                yield from _default(column, words.expression())
            elif words.take("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY") or words.take("IDENTITY"):
                seen.add("IDENTITY")
                words.parenthesised()
                if kind not in ("integer", "bigint"):
                    yield f"{column}: an identity column is integer or bigint, not {kind}"
            elif words.take("ENCODE"):
                encoding = words.next().lower()
                if kind not in ENCODINGS.get(encoding, set()):
                    yield f"{column}: {kind} has no encoding {encoding}"
            elif words.take("DISTKEY") or words.take("SORTKEY"):
                self.inline.append((start, column))
            elif words.take("COLLATE"):
                if words.next().upper() not in ("CASE_SENSITIVE", "CASE_INSENSITIVE"):
                    yield f"{column}: a collation is CASE_SENSITIVE or CASE_INSENSITIVE"
            elif words.take("NOT", "NULL") or words.take("NULL"):
                pass
            elif words.take("PRIMARY", "KEY") or words.take("UNIQUE"):
                yield from self._key(name, table, (column,), start == "PRIMARY")
            elif words.take("REFERENCES"):
                parent, columns = words.qname(), words.names()
                self.references.append((column, parent, columns))
            else:
                yield f"{column}: {words.next()!r} is no attribute of a column"
                return
        if {"DEFAULT", "IDENTITY"} <= seen:
            yield f"{column}: an identity column has no default"

    def constraint(self, name: str, table: Table | None, text: str) -> Iterator[str]:
        """A table constraint, in the table or behind ALTER TABLE ADD."""
        words = _Words(_TOKEN.findall(text))
        if words.take("CONSTRAINT"):
            words.next()
        if words.take("PRIMARY", "KEY") or words.take("UNIQUE"):
            primary = words.taken == "PRIMARY KEY"
            columns = words.names()
            if table is not None:
                yield from _known(name, table, columns)
                yield from self._key(name, table, columns, primary)
        elif words.take("FOREIGN", "KEY"):
            columns = words.names()
            if table is not None:
                yield from _known(name, table, columns)
            if not words.take("REFERENCES"):
                yield f"{name}: a foreign key without REFERENCES"
                return
            parent = words.qname()
            yield from self._reference(name, table, columns, parent, words.names())
        if not words.done():
            yield f"{name}: {words.next()!r} behind a constraint"

    def _key(self, name: str, table: Table, columns: tuple[str, ...], primary: bool) -> Iterator[str]:
        if primary and table.primary:
            yield f"{name}: two primary keys"
        if frozenset(columns) in table.keys:
            yield f"{name}: two keys of the same columns {', '.join(columns)}"
        if not columns or len(set(columns)) < len(columns):
            yield f"{name}: a key without columns, or with one twice"
        table.primary |= primary
        table.keys.append(frozenset(columns))

    def _reference(
        self, name: str, table: Table | None, columns: tuple[str, ...], parent: str, theirs: tuple[str, ...]
    ) -> Iterator[str]:
        found = table if parent == name else self.tables.get(parent)
        if found is None:
            yield f"{name}: {parent}, which a foreign key points to, is not there yet"
            return
        if theirs and len(theirs) != len(columns):
            yield f"{name}: {len(columns)} columns point to {len(theirs)} of {parent}"
        if found.open_:
            return
        if not theirs and not found.primary:
            yield f"{name}: {parent} has no primary key"
        if theirs:
            yield from _known(parent, found, theirs)
            if frozenset(theirs) not in found.keys:
                yield f"{name}: ({', '.join(theirs)}) is no key of {parent}"

    def _alter(self, found: re.Match[str]) -> Iterator[str]:
        name, rest = plain(found["name"]), found["rest"]
        table = self.tables.get(name)
        if re.match(r"ADD\s+(?:CONSTRAINT|PRIMARY|UNIQUE|FOREIGN)\b", rest, re.I):
            yield from self.constraint(name, table, rest[3:].strip())
        elif re.match(r"ADD\s+(?:COLUMN\s+)?", rest, re.I):
            if re.search(r"\bIDENTITY\b", rest, re.I):
                yield f"{name}: an identity column cannot be added"
            if re.search(r",\s*ADD\b", rest, re.I):
                yield f"{name}: one column a statement"

    def _comment(self, found: re.Match[str]) -> Iterator[str]:
        kind, name = found["kind"].upper(), plain(found["name"])
        if kind not in ("TABLE", "VIEW", "COLUMN", "CONSTRAINT", "DATABASE"):
            yield f"no comment on {kind}"
        owner, _, column = name.rpartition(".")
        if kind == "COLUMN" and owner in self.tables and not self.tables[owner].open_:
            yield from _known(owner, self.tables[owner], (column,))
        if kind == "COLUMN" and self.views.get(owner) in ("unbound", "stored"):
            yield f"{owner}: no comments on the columns of such a view"

    # -- views ---------------------------------------------------------------------------------------------------------

    def _view(self, found: re.Match[str], statement: str) -> Iterator[str]:
        name, query = plain(found["name"]), found["query"]
        yield from self._home(name)
        if name in self.tables or name in self.views:
            yield f"{name} is there already"
        stored, unbound = bool(found["stored"]), bool(_UNBOUND.search(statement))
        options = " ".join(found["options"].upper().split())
        if options and not (stored and options in ("AUTO REFRESH YES", "AUTO REFRESH NO", "BACKUP NO")):
            yield f"{name}: {options!r} in front of AS"
        if stored and (unbound or found["columns"]):
            yield f"{name}: a materialized view is bound and takes its columns from its query"
        names = self._relations(query)
        for relation in names:
            yield from self._reads(name, relation, stored, unbound)
        if stored:
            yield from self._stored(name, query, options, names)
        self.views[name] = "stored" if stored else "unbound" if unbound else ""

    def _reads(self, name: str, relation: str, stored: bool, unbound: bool) -> Iterator[str]:
        if unbound:
            if "." not in relation:
                yield f"{name}: {relation} is written without a schema in a late-binding view"
            yield from self._home(relation)
            return
        if relation in self.tables:
            return
        kind = self.views.get(relation)
        if kind is None:
            yield f"{name}: {relation} is not there"
        elif kind == "unbound":
            yield f"{name}: {relation} is a late-binding view, to which nothing can be bound"
        elif stored and kind == "":
            yield f"{name}: a materialized view of the view {relation}"

    def _stored(self, name: str, query: str, options: str, relations: list[str]) -> Iterator[str]:
        outside = _outermost(query)
        if found := re.search(r"\b(?:ORDER\s+BY|LIMIT|OFFSET)\b", outside, re.I):
            yield f"{name}: {found[0]} in a materialized view"
        if options == "AUTO REFRESH YES":
            if _CLOCKS.search(query):
                yield f"{name}: AUTO REFRESH of a query that asks the clock or the session"
            if any(self.views.get(r) == "stored" for r in relations):
                yield f"{name}: AUTO REFRESH of a materialized view of another"

    def _relations(self, query: str) -> list[str]:
        """What a query reads, without its own WITH and without the FROM of EXTRACT, TRIM and the like."""
        own = {plain(m["name"]) for m in _CTE.finditer(query)}
        bare = re.sub(r"\b(?:EXTRACT|TRIM|SUBSTRING|OVERLAY|POSITION)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)", "x", query,
                      flags=re.I)  # fmt: skip
        found = []
        for m in _FROM.finditer(bare):
            name = plain(m["name"])
            if not m["call"] and name not in own and name not in ("lateral", "select", "values"):
                found.append(name)
        return found


def plain(name: str) -> str:
    """A name in the canonical case, without its quotes."""
    return re.sub(r"\s*\.\s*", ".", name.strip()).replace('"', "").lower()


def _known(name: str, table: Table, columns: tuple[str, ...]) -> Iterator[str]:
    for column in columns:
        if column not in table.columns and not table.open_:
            yield f"{name} has no column {column}"


def _default(column: str, tokens: list[str]) -> Iterator[str]:
    """A default has no variables, no subquery and nothing volatile."""
    text = " ".join(tokens)
    if not tokens:
        yield f"{column}: an empty default"
    if re.search(r"\bSELECT\b", text, re.I):
        yield f"{column}: a subquery in a default"
    if found := _VOLATILE.search(text):
        yield f"{column}: {found[0]} in a default"
    for i, token in enumerate(tokens):
        word = re.match(r'[A-Za-z_"]', token)
        called = i + 1 < len(tokens) and tokens[i + 1] == "("
        if word and not called and not _DEFAULT_WORDS.match(token):
            yield f"{column}: {token} in a default is a variable"


def _attributes(name: str, table: Table, tail: str, inline: list[tuple[str, str]]) -> Iterator[str]:
    """What stands behind the columns of a table."""
    words = _Words(_TOKEN.findall(tail))
    keys = [column for word, column in inline if word == "DISTKEY"]
    sort = [column for word, column in inline if word == "SORTKEY"]
    style = ""
    while not words.done():
        if words.take("DISTSTYLE"):
            if style:
                yield f"{name}: two styles"
            style = words.next().upper()
            if style not in ("AUTO", "EVEN", "KEY", "ALL"):
                yield f"{name}: no style {style}"
        elif words.take("DISTKEY"):
            keys += words.names()
        elif words.take("SORTKEY", "AUTO") or words.take("ENCODE", "AUTO"):
            pass
        elif words.take("COMPOUND", "SORTKEY") or words.take("INTERLEAVED", "SORTKEY") or words.take("SORTKEY"):
            limit = MAX_INTERLEAVED if words.taken.startswith("INTER") else MAX_SORT
            if sort:
                yield f"{name}: two sort keys"
            sort = list(words.names())
            if not 1 <= len(sort) <= limit:
                yield f"{name}: a sort key of {len(sort)} columns"
        elif words.take("BACKUP"):
            words.next()
        else:
            yield f"{name}: {words.next()!r} is no attribute of a table"
            return
    if len(keys) > 1:
        yield f"{name}: {len(keys)} distribution keys"
    if keys and style not in ("", "KEY"):
        yield f"{name}: a distribution key and DISTSTYLE {style}"
    if style == "KEY" and not keys:
        yield f"{name}: DISTSTYLE KEY without a distribution key"
    if len(set(sort)) < len(sort):
        yield f"{name}: a column twice in the sort key"
    yield from _known(name, table, (*keys, *sort))
    for column in dict.fromkeys((*keys, *sort)):
        kind = table.columns.get(column, "")
        if kind and kind not in KEY_TYPES:
            yield f"{name}: {column} is {kind}, which is no key"


class _Words:
    """The tokens of a piece of a statement, taken from the front."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.taken = tokens, 0, ""

    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def peek(self) -> str:
        return "" if self.done() else self.tokens[self.at]

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        if [t.upper() for t in self.tokens[self.at : self.at + len(words)]] != list(words):
            return False
        self.at += len(words)
        self.taken = " ".join(words)
        return True

    def qname(self) -> str:
        name = self.next()
        if self.peek() == ".":
            self.next()
            name += "." + self.next()
        return plain(name)

    def parenthesised(self) -> list[str]:
        """The tokens between the next parenthesis and its end; none where there is no parenthesis."""
        if self.peek() != "(":
            return []
        depth, out = 0, []
        while not self.done():
            token = self.next()
            depth += (token == "(") - (token == ")")
            if depth == 0:
                break
            out.append(token)
        return out[1:]

    def names(self) -> tuple[str, ...]:
        return tuple(plain(t) for t in self.parenthesised() if t != ",")

    def expression(self) -> list[str]:
        """An expression, up to the next attribute of a column."""
        out: list[str] = []
        depth = 0
        while not self.done():
            word = self.peek().upper()
            if depth == 0 and out and word in ("ENCODE", "NOT", "NULL", "PRIMARY", "UNIQUE", "REFERENCES", "COLLATE",
                                               "DISTKEY", "SORTKEY"):  # fmt: skip
                break
            depth += (word == "(") - (word == ")")
            out.append(self.next())
        return out


def _closing(text: str, start: int) -> int:
    depth, quoted = 0, False
    for at in range(start, len(text)):
        quoted ^= text[at] == '"'
        if quoted:
            continue
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    return len(text)


def _outermost(query: str) -> str:
    """A query without what stands in parentheses."""
    depth, out = 0, []
    for char in query:
        depth += (char == "(") - (char == ")")
        if depth == 0:
            out.append(char)
    return "".join(out)
