"""CREATE TABLE of Oracle (SQL Language Reference 23ai, "CREATE TABLE")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import NO_NOTES, Clause, Column, Constraint, Partition, Partitioning, Table
from ..ir.fragment import Fragment
from ..ir.names import Name
from . import clauses, oracle_column, oracle_constraint
from .clauses import Rows
from .cursor import Cursor
from .members import keys_once, once, trailing

#: Words in front of TABLE, and the construct they stand for.
FORMS: Final = {
    "GLOBAL": "", "PRIVATE": "", "TEMPORARY": "", "SHARDED": "sharded_table", "DUPLICATED": "sharded_table",
    "IMMUTABLE": "blockchain_table", "BLOCKCHAIN": "blockchain_table", "JSON": "json_duality_view", "COLLECTION": "",
}  # fmt: skip


def read(c: Cursor, table: Rows, forms: list[tuple[str, int]]) -> Table:
    """The cursor stands behind TABLE; ``forms`` are the words in front of it with their token indexes."""
    extra: list[Clause] = []
    temporary = ""
    for word, at in forms:
        if word in ("GLOBAL", "PRIVATE"):
            temporary = word.lower()
        elif word == "TEMPORARY":
            temporary = temporary or "global"
        elif FORMS[word]:
            extra.append(Clause(FORMS[word], word, c.span(at, at + 1)))
    if c.word() == "IF":
        c.accept("IF", "NOT", "EXISTS")
    found = Table(c.qname(), c.span(0), temporary=temporary)
    if c.word() == "SHARING":
        clause = clauses.accept(c, table)
        extra += [clause] if clause else []
    if c.accept("OF"):
        start = c.at - 1
        type_ = c.qname()
        c.accept("NOT", "SUBSTITUTABLE", "AT", "ALL", "LEVELS")
        c.accept("SUBSTITUTABLE", "AT", "ALL", "LEVELS")
        xml = type_.name.text == "XMLTYPE"
        extra.append(c.clause("xmltype_table" if xml else "object_table", start))
        found = replace(found, organization="xmltype" if xml else "object")
    if c.word() == "(" and c.ahead() not in ("SELECT", "WITH"):
        columns, constraints, more = _members(c, table)
        found = replace(found, columns=once(columns, extra), constraints=keys_once((), constraints, extra))
        extra += more
    elif c.word() not in _BEHIND_NAME and not found.organization:
        raise c.error("( or AS expected")
    found = tail(c, table, found, extra)
    return replace(found, clauses=found.clauses + tuple(extra), at=c.span(0))


#: What may follow the name of a table without a column list.
_BEHIND_NAME: Final = frozenset(
    """AS PARTITION ORGANIZATION TABLESPACE PCTFREE PCTUSED INITRANS STORAGE LOGGING NOLOGGING COMPRESS NOCOMPRESS ON
    PARALLEL NOPARALLEL CLUSTER SEGMENT CACHE NOCACHE ROW COLUMN FOR MEMOPTIMIZE PARENT OBJECT XMLTYPE OID
    (""".split()
)


def _members(c: Cursor, table: Rows) -> tuple[tuple[Column, ...], tuple[Constraint, ...], list[Clause]]:
    c.expect("(")
    columns: list[Column] = []
    constraints: list[Constraint] = []
    extra: list[Clause] = []
    last: list[Column] | list[Constraint] | None = None
    texts = c.texts
    while True:
        word = texts[c.at]
        if word in _TABLE_CONSTRAINT and (word != "CHECK" or c.ahead() == "("):
            notes = c.notes(c.at)
            constraint = oracle_constraint.read(c, table)
            assert constraint is not None
            constraints.append(replace(constraint, notes=notes) if notes is not NO_NOTES else constraint)
            last = constraints
        elif word == "SUPPLEMENTAL" and c.ahead() == "LOG":
            clause = clauses.accept(c, table)
            extra += [clause] if clause else []
            last = None
        elif word == "PERIOD" and c.ahead() == "FOR":
            start = c.at
            c.at += 2
            c.name()
            if c.word() == "(":
                c.skip_group()
            extra.append(c.clause("temporal_validity", start))
            last = None
        elif (word == "SCOPE" and c.ahead() == "FOR") or (word == "REF" and c.ahead() == "("):
            start = c.at
            c.skip_to((",", ")"))
            extra.append(c.clause("ref_constraint", start))
            last = None
        else:
            column, inline = oracle_column.read(c, table)
            columns.append(column)
            constraints += inline
            last = columns
        if c.used < len(c.comments):
            trailing(c, last)
        if texts[c.at] == ",":
            c.at += 1
            if c.used < len(c.comments):
                trailing(c, last)
            if texts[c.at] == ")":  # a comma too many: Oracle refuses it, generated scripts have it
                extra.append(Clause("unknown_clause", ",", c.span(c.at - 1)))
                break
            continue
        break
    if c.used < len(c.comments):
        trailing(c, last)
    c.expect(")")
    return tuple(columns), tuple(constraints), extra


_TABLE_CONSTRAINT: Final = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"})


def tail(c: Cursor, table: Rows, found: Table, extra: list[Clause]) -> Table:
    """Everything behind the column list, up to the end of the statement."""
    while not c.done():
        start = c.at
        match c.word():
            case "AS":
                c.at += 1
                query = c.at
                c.at = c.count
                return replace(found, query=c.fragment(query))
            case "ON" if c.ahead() == "COMMIT":
                c.at += 2
                words = c.take().lower()
                what = c.take()
                found = replace(found, on_commit=words if what == "ROWS" else f"{words} definition")
            case "ORGANIZATION":
                found = _organization(c, found, extra)
            case "EXTERNAL" if c.ahead() == "PARTITION":
                c.at += 2
                c.accept("ATTRIBUTES")
                c.skip_to((",", ")"))
                extra.append(c.clause("external_partition", start))
            case "CLUSTER" if c.ahead(1) and c.ahead(2) in ("(", "."):
                c.at += 1
                c.qname()
                c.names()
                extra.append(c.clause("clustered_table", start))
                found = replace(found, organization="cluster")
            case "PARTITION" | "PARTITIONSET" if c.ahead() == "BY":
                found = replace(found, partitioning=partitioning(c, table, extra))
            case "ENABLE" | "DISABLE" if c.ahead() in (
                "CONSTRAINT", "PRIMARY", "UNIQUE", "VALIDATE", "NOVALIDATE",
            ):  # fmt: skip
                found = switch(c, table, found, extra)
            case "USAGE":
                c.at += 1
                c.accept_any("QUEUE", "TABLE")
                extra.append(c.clause("sharded_table", start))
            case _:
                clause = clauses.accept(c, table)
                extra.append(clause if clause is not None else clauses.unknown(c, table))
    return found


def _organization(c: Cursor, found: Table, extra: list[Clause]) -> Table:
    start = c.at
    c.at += 1
    word = c.take()
    if word == "EXTERNAL":
        if c.word() == "(":
            c.skip_group()
        if c.accept("REJECT", "LIMIT"):
            c.at += 1
        extra.append(c.clause("external_table", start))
    elif word == "INDEX":
        extra.append(c.clause("index_organized_table", start))
    return replace(found, organization="" if word == "HEAP" else word.lower())


def switch(c: Cursor, table: Rows, found: Table, extra: list[Clause]) -> Table:
    """``ENABLE | DISABLE [[NO]VALIDATE] {CONSTRAINT name | PRIMARY KEY | UNIQUE (cols)} ...``."""
    start = c.at
    enabled = c.take() == "ENABLE"
    validated = enabled
    if c.accept_any("VALIDATE", "NOVALIDATE"):
        validated = c.texts[c.at - 1] == "VALIDATE"
    kind, name = "", None
    columns: tuple[Name, ...] = ()
    if c.accept("CONSTRAINT"):
        name = c.name()
    elif c.accept("PRIMARY", "KEY"):
        kind = "primary_key"
    else:
        c.expect("UNIQUE")
        kind, columns = "unique", c.names()
    state = oracle_constraint.State()
    state.read(c, table)
    c.accept_any("CASCADE")
    c.accept_any("KEEP", "DROP")
    c.accept("INDEX")
    hit = False
    changed = []
    for k in found.constraints:
        same = k.name == name if name else k.kind == kind and (not columns or k.columns == columns)
        if same:
            hit = True
            k = replace(k, enabled=enabled, validated=validated, clauses=k.clauses + tuple(state.clauses))
        changed.append(k)
    if not hit:
        extra.append(c.clause("constraint_drop_unknown", start))
    return replace(found, constraints=tuple(changed))


# -- partitions ----------------------------------------------------------------------------------------------------


def partitioning(c: Cursor, table: Rows, extra: list[Clause]) -> Partitioning:
    """``PARTITION BY ...`` with its list of partitions."""
    start = c.at
    if c.accept("PARTITIONSET"):
        c.accept("BY")
        c.at = c.count
        extra.append(c.clause("partition_set", start))
        return Partitioning("system", at=c.span(start))
    c.expect("PARTITION", "BY")
    found = _method(c, table, extra)
    if c.accept("SUBPARTITION", "BY"):
        sub = _method(c, table, extra, sub=True)
        if c.accept("SUBPARTITION", "TEMPLATE"):
            if c.word() == "(":
                template = _list(c, table, extra, "SUBPARTITION")
                sub = replace(sub, partitions=template)
            else:
                sub = replace(sub, count=int(c.take()))
        found = replace(found, sub=sub)
    while c.word() in ("PARTITIONS", "STORE"):  # behind the subpartitions they may stand as well
        if c.accept("PARTITIONS"):
            found = replace(found, count=int(c.take()))
        else:
            _stores(c, extra)
    if c.word() == "(":
        found = replace(found, partitions=_list(c, table, extra, "PARTITION"))
    return replace(found, at=c.span(start))


def _method(c: Cursor, table: Rows, extra: list[Clause], sub: bool = False) -> Partitioning:
    word = c.take()
    at = c.at - 1
    match word:
        case "RANGE" | "LIST" | "HASH":
            found = Partitioning(word.lower(), c.names())
        case "CONSISTENT":
            c.expect("HASH")
            found = Partitioning("consistent_hash", c.names())
        case "SYSTEM":
            found = Partitioning("system")
        case "REFERENCE":
            c.expect("(")
            name = c.name()
            c.expect(")")
            found = Partitioning("reference", reference=name)
        case _:
            c.at -= 1
            raise c.error("RANGE, LIST, HASH, REFERENCE or SYSTEM expected")
    while True:
        here = c.at
        if c.accept("INTERVAL"):
            found = replace(found, interval=c.group())
        elif c.accept("AUTOMATIC"):
            found = replace(found, automatic=True)
        elif c.accept("SUBPARTITIONS" if sub else "PARTITIONS"):
            if c.accept("AUTO"):
                continue
            found = replace(found, count=int(c.take()))
        elif c.word() == "STORE" and c.ahead() == "IN":
            _stores(c, extra)
        elif not sub and c.word() in ("TABLESPACE", "OVERFLOW"):
            clause = clauses.accept(c, table)
            extra += [clause] if clause else []
        if c.at == here:
            return replace(found, at=c.span(at))


def _stores(c: Cursor, extra: list[Clause]) -> None:
    """``STORE IN (ts, ts)``; the list of partitions may follow at once."""
    start = c.at
    c.expect("STORE", "IN")
    c.skip_group()
    extra.append(c.clause("tablespace", start))


def _list(c: Cursor, table: Rows, extra: list[Clause], word: str) -> tuple[Partition, ...]:
    c.expect("(")
    found: list[Partition] = []
    while True:
        found.append(partition(c, table, extra, word))
        if not c.accept(","):
            break
    if c.done():  # at the very end it can only stand here
        extra.append(c.clause("unclosed_parenthesis", c.count - 1))
    else:
        c.expect(")")
    return tuple(found)


def partition(c: Cursor, table: Rows, extra: list[Clause], word: str = "PARTITION") -> Partition:
    """One partition description with its bounds, its own storage and its subpartitions."""
    start = c.at
    c.expect(word)
    name = c.name() if c.word() not in ("VALUES", ",", ")", "TABLESPACE", "SEGMENT", "") and c.is_name() else None
    found = Partition(name)
    if c.accept("VALUES"):
        less = c.accept("LESS", "THAN")
        values = _values(c)
        found = replace(found, values=values, default=not less and any(v.text.upper() == "DEFAULT" for v in values))
    subs: tuple[Partition, ...] = ()
    while not c.done() and c.word() not in (",", ")"):
        at = c.at
        if c.word() == "(" and c.ahead() == "SUBPARTITION":
            subs = _list(c, table, extra, "SUBPARTITION")
            continue
        if c.accept("SUBPARTITIONS"):
            count = int(c.take())
            subs = tuple(Partition(None) for _ in range(count))
            continue
        if c.accept_any("EXTERNAL"):
            c.skip_to((",", ")"))
            extra.append(c.clause("external_partition", at))
            continue
        clause = clauses.accept(c, table)
        if clause is None:
            clause = clauses.unknown(c, table)
            extra.append(clause)
        elif clause.construct == "read_only_table":
            extra.append(replace(clause, construct="external_partition"))
        else:
            extra.append(Clause("partition_storage", clause.text, clause.at))
    return replace(found, at=c.span(start), subpartitions=subs)


def _values(c: Cursor) -> tuple[Fragment, ...]:
    """``(v, v)``, or ``((a, b), (c, d))`` of a list over several columns, each a fragment."""
    c.expect("(")
    found: list[Fragment] = []
    while not c.done():
        start = c.at
        c.skip_to((",", ")"))
        found.append(c.fragment(start))
        if c.accept(")"):
            break
        c.expect(",")
    return tuple(found)
