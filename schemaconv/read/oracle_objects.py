"""Oracle DDL apart from tables: indexes, sequences, views, synonyms, types, comments, rights."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import (
    Clause,
    Column,
    Comment,
    Constraint,
    Grant,
    Index,
    IndexPart,
    Role,
    Sequence,
    SequenceOptions,
    Synonym,
    UserType,
    View,
)  # fmt: skip
from ..ir.names import Name, QName
from ..ir.types import UNKNOWN
from . import clauses, oracle_column, oracle_constraint, oracle_table
from .clauses import Rows
from .cursor import Cursor, string_value
from .sequences import number, sequence_options
from .typenames import read_type


def index(c: Cursor, table: Rows, unique: bool, bitmap: bool) -> Index:
    """The cursor stands behind INDEX."""
    extra: list[Clause] = []
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    c.expect("ON")
    method = "bitmap" if bitmap else ""
    if c.accept("CLUSTER"):
        return _index_tail(c, table, Index(name, c.span(0), table=c.qname(), method="cluster"), extra)
    target = c.qname()
    if c.is_name() and c.word() != "INDEXTYPE":
        c.name()  # an alias of the table
    parts = _parts(c)
    if bitmap and c.word() in ("FROM", "WHERE"):
        start = c.at
        while not c.done() and c.word() not in ("LOCAL", "TABLESPACE", "STORAGE", "PCTFREE"):
            c.at += 1
        extra.append(c.clause("bitmap_join_index", start))
        method = "join"
    return _index_tail(c, table, Index(name, c.span(0), table=target, parts=parts, unique=unique, method=method), extra)


def _parts(c: Cursor) -> tuple[IndexPart, ...]:
    c.expect("(")
    found: list[IndexPart] = []
    while True:
        start = c.at
        c.skip_to((",", ")", "ASC", "DESC"))
        if c.at == start:
            raise c.error("a column or an expression expected")
        end = c.at
        descending = c.accept_any("ASC", "DESC") == "DESC"
        plain = end == start + 1 and (c.texts[start][0] == '"' or c.texts[start][0].isalpha())
        if plain:
            here, c.at = c.at, start
            column = c.name()
            c.at = here
            found.append(IndexPart(column, descending=descending))
        elif end == start + 3 and c.texts[start + 1] == ".":
            here, c.at = c.at, start + 2
            found.append(IndexPart(c.name(), descending=descending))
            c.at = here
        else:
            found.append(IndexPart(None, c.fragment(start, end), descending))
        if not c.accept(","):
            break
    c.expect(")")
    return tuple(found)


def _index_tail(c: Cursor, table: Rows, found: Index, extra: list[Clause]) -> Index:
    while not c.done():
        start = c.at
        match c.word():
            case "REVERSE":
                c.at += 1
                extra.append(c.clause("reverse_index", start))
            case "INVISIBLE":
                c.at += 1
                extra.append(c.clause("invisible_index", start))
            case "UNUSABLE":
                c.at += 1
                extra.append(c.clause("unusable_index", start))
            case "COMPRESS" | "NOCOMPRESS":
                c.at += 1
                while c.accept_any("ADVANCED", "LOW", "HIGH"):
                    pass
                if c.word() and c.word()[0].isdigit():
                    c.at += 1
                if c.texts[start] == "COMPRESS":
                    extra.append(c.clause("index_compression", start))
            case "LOCAL":
                c.at += 1
                clauses.accept(c, table) if c.word() == "STORE" else None
                if c.word() == "(":
                    c.skip_group()
                found = replace(found, local=True)
                extra.append(c.clause("local_index", start))
            case "GLOBAL":
                c.at += 1
                if c.accept("PARTITION"):
                    words = ("BY", "RANGE", "HASH", "PARTITIONS", "(", "STORE", "IN")
                    while not c.done() and (c.word() in words or c.word()[0].isdigit()):
                        c.skip_group() if c.word() == "(" else c.take()
                    extra.append(c.clause("global_partitioned_index", start))
            case "INDEXTYPE":
                c.at += 1
                c.expect("IS")
                kind = c.qname()
                c.skip_to(table)
                found = replace(found, method="domain", indextype=str(kind))
            case "PARAMETERS":
                c.at += 1
                if c.word() == "(":
                    c.skip_group()
                if found.method != "domain":
                    extra.append(c.clause("domain_index", start))
            case _:
                extra.append(clauses.accept(c, table) or clauses.unknown(c, table))
    return replace(found, at=c.span(0), clauses=tuple(extra))


def sequence(c: Cursor) -> Sequence:
    """The cursor stands behind SEQUENCE."""
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    extra: list[Clause] = []
    if c.word() == "SHARING":
        start = c.at
        c.at += 3
        extra.append(c.clause("view_sharing", start))
    options = sequence_options(c, extra)
    if not c.done():
        start = c.at
        c.at = c.count
        extra.append(c.clause("unknown_clause", start))
    return Sequence(name, c.span(0), clauses=tuple(extra), options=options)


def altered_sequence(c: Cursor, found: Sequence) -> Sequence:
    """ALTER SEQUENCE: only what is named changes."""
    start = c.at
    extra: list[Clause] = []
    words = frozenset(c.texts[start : c.count])
    new = sequence_options(c, extra)
    if not c.done():
        at = c.at
        c.at = c.count
        extra.append(c.clause("unknown_clause", at))
    fresh = SequenceOptions()
    changes = {
        f: getattr(new, f)
        for f in ("start", "increment", "minimum", "maximum", "cycle", "cache", "ordered")
        if getattr(new, f) != getattr(fresh, f)
    }
    if "NOCYCLE" in words:
        changes["cycle"] = False
    return replace(found, options=replace(found.options, **changes), clauses=found.clauses + tuple(extra))


_VIEW_WORDS: Final = {
    "FORCE": "view_force", "NOFORCE": "", "EDITIONING": "view_editioning", "EDITIONABLE": "", "NONEDITIONABLE": "",
}  # fmt: skip


def view(c: Cursor, table: Rows, words: list[tuple[str, int]]) -> View:
    """The cursor stands behind VIEW; ``words`` are those in front of it."""
    extra = [Clause(_VIEW_WORDS[w], w, c.span(i, i + 1)) for w, i in words if _VIEW_WORDS.get(w)]
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    found = View(name, c.span(0))
    while not c.done() and c.word() != "AS":
        start = c.at
        if c.word() == "(":
            columns, constraints = _view_members(c, table)
            found = replace(found, columns=columns, constraints=constraints)
        elif c.accept("OF"):
            c.qname()
            c.skip_to(("AS",))
            extra.append(c.clause("object_view", start))
        elif c.accept("BEQUEATH"):
            c.take()
            extra.append(c.clause("view_bequeath", start))
        elif c.accept_any("CONTAINER_MAP", "CONTAINERS_DEFAULT"):
            extra.append(c.clause("view_container", start))
        elif c.accept("DEFAULT", "COLLATION"):
            c.name()
            extra.append(c.clause("column_collation", start))
        else:
            extra.append(clauses.accept(c, table) or clauses.unknown(c, table))
    c.expect("AS")
    return _query(c, found, extra)


def _view_members(c: Cursor, table: Rows) -> tuple[tuple[Name, ...], tuple[Constraint, ...]]:
    c.expect("(")
    names: list[Name] = []
    constraints: list[Constraint] = []
    while True:
        if c.word() in ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN"):
            constraint = oracle_constraint.read(c, table)
            if constraint is not None:
                constraints.append(constraint)
        else:
            column, inline = oracle_column.read(c, table)
            names.append(column.name)
            constraints += inline
        if not c.accept(","):
            break
    c.expect(")")
    return tuple(names), tuple(constraints)


def _query(c: Cursor, found: View, extra: list[Clause]) -> View:
    start, end = c.at, c.count
    texts = c.texts
    if texts[start:end][-2:] == ["READ", "ONLY"] and texts[end - 3] == "WITH":
        c.at = end - 3
        found = replace(found, read_only=True)
        end -= 3
    elif "OPTION" in texts[max(start, end - 4) : end] and "CHECK" in texts[max(start, end - 4) : end]:
        at = next(i for i in range(end - 1, start, -1) if texts[i] == "CHECK") - 1
        if texts[at] == "WITH":
            c.at = at
            found = replace(found, check_option=True)
            end = at
    elif texts[max(start, end - 5) : end][:3] == ["WITH", "READ", "ONLY"]:
        end = max(start, end - 5)
        found = replace(found, read_only=True)
    if end <= start:
        raise c.error("a query expected")
    query = c.fragment(start, end)
    if found.read_only:
        extra.append(Clause("view_read_only", c.raw(end, c.count), c.span(end, c.count)))
    c.at = c.count
    return replace(found, query=query, clauses=found.clauses + tuple(extra), at=c.span(0))


def materialized_view(c: Cursor, table: Rows) -> View:
    """The cursor stands behind MATERIALIZED VIEW (or SNAPSHOT)."""
    extra: list[Clause] = []
    c.accept("IF", "NOT", "EXISTS")
    found = View(c.qname(), c.span(0), materialized=True)
    while not c.done() and c.word() != "AS":
        start = c.at
        if c.word() == "(":
            columns, constraints = _view_members(c, table)
            found = replace(found, columns=columns, constraints=constraints)
        elif c.accept("OF"):
            c.qname()
            extra.append(c.clause("object_view", start))
        elif c.accept("BUILD"):
            if c.take() == "DEFERRED":
                extra.append(c.clause("mview_build", start))
        elif c.accept("ON", "PREBUILT", "TABLE"):
            while c.accept_any("WITH", "WITHOUT", "REDUCED", "PRECISION"):
                pass
            extra.append(c.clause("mview_build", start))
        elif c.word() in ("REFRESH", "NEVER"):
            _refresh(c)
            extra.append(c.clause("mview_refresh", start))
        elif c.word() in ("ENABLE", "DISABLE") and c.ahead() in ("QUERY", "ON", "CONCURRENT"):
            while c.accept_any("ENABLE", "DISABLE", "ON", "QUERY", "COMPUTATION", "REWRITE", "CONCURRENT", "REFRESH",
                               "UNUSABLE", "BEFORE", "BEGINNING", "WITH", "CURRENT", "EDITION"):  # fmt: skip
                pass
            extra.append(c.clause("mview_rewrite", start))
        elif c.accept("USING"):
            c.accept("NO")
            c.accept("INDEX")
            extra.append(c.clause("mview_index", start))
        elif c.accept("FOR", "UPDATE"):
            extra.append(c.clause("mview_refresh", start))
        elif c.word() == "PARTITION":
            oracle_table.partitioning(c, table, extra)
            extra.append(c.clause("mview_index", start))
        elif c.word() == "ORGANIZATION":
            c.at += 2
            extra.append(c.clause("mview_index", start))
        elif c.accept("CLUSTER"):
            c.qname()
            c.names()
            extra.append(c.clause("mview_index", start))
        elif c.accept("EVALUATE"):
            c.at += 3
            extra.append(c.clause("view_editioning", start))
        else:
            extra.append(clauses.accept(c, table) or clauses.unknown(c, table))
    c.expect("AS")
    return _query(c, found, extra)


_REFRESH_STOP: Final = frozenset(
    """
    AS ENABLE DISABLE USING PARTITION BUILD TABLESPACE PARALLEL NOPARALLEL CACHE NOCACHE LOGGING NOLOGGING PCTFREE
    """.split()
)


def _refresh(c: Cursor) -> None:
    c.at += 1
    while not c.done():
        word = c.word()
        if word == "USING" and c.ahead() in ("DEFAULT", "MASTER", "LOCAL", "ENFORCED", "TRUSTED"):
            c.at += 2
        elif word in _REFRESH_STOP:
            return
        elif word == "(":
            c.skip_group()
        else:
            c.at += 1


def synonym(c: Cursor, public: bool) -> Synonym:
    """The cursor stands behind SYNONYM."""
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    extra: list[Clause] = []
    if c.word() == "SHARING":
        c.at += 3
    c.expect("FOR")
    target = c.qname()
    if target.link:
        extra.append(Clause("remote_object", f"@{target.link}", c.span(0)))
    return Synonym(name, c.span(0), target=target, public=public, clauses=tuple(extra))


def user_type(c: Cursor, table: Rows) -> UserType:
    """The cursor stands behind TYPE (a specification, not a body)."""
    c.accept("IF", "NOT", "EXISTS")
    found = UserType(c.qname(), c.span(0))
    extra: list[Clause] = []
    methods: list[Clause] = []
    while not c.done() and c.word() not in ("AS", "IS", "UNDER"):
        start = c.at
        if c.accept_any("FORCE", "OID", "AUTHID", "CURRENT_USER", "DEFINER", "SHARING", "EXTERNAL", "=", "METADATA",
                        "NONE", "ACCESSIBLE", "BY", "DEFAULT", "COLLATION") or c.word()[0] == "'":  # fmt: skip
            c.at = max(c.at, start + 1)
        elif c.word() == "(":
            c.skip_group()
        else:
            extra.append(clauses.unknown(c, table))
    if c.accept("UNDER"):
        found = replace(found, supertype=c.qname())
    elif not c.accept("AS") and not c.accept("IS"):
        return replace(found, form="incomplete", at=c.span(0), clauses=tuple(extra))
    if c.accept("OBJECT") or c.word() == "(":
        if c.word() == "(":
            found = _attributes(c, table, found, methods)
    elif c.accept("OPAQUE"):
        c.at = c.count
        extra.append(c.clause("unknown_clause", 0))
    else:
        found = _collection(c, found, extra)
    while not c.done():
        start = c.at
        negative = c.accept("NOT")
        word = c.take()
        if word == "FINAL":
            found = replace(found, final=not negative)
        elif word not in ("INSTANTIABLE", "PERSISTABLE", ";", "NULL"):
            extra.append(c.clause("unknown_clause", start))
    return replace(found, at=c.span(0), clauses=tuple(extra), methods=tuple(methods))


def _collection(c: Cursor, found: UserType, extra: list[Clause]) -> UserType:
    size = None
    if c.accept("TABLE"):
        form = "table"
    else:
        if not (c.accept("VARRAY") or c.accept("VARYING", "ARRAY") or c.accept("ARRAY")):
            raise c.error("OBJECT, TABLE or VARRAY expected")
        form = "varray"
        c.expect("(")
        size = number(c)
        c.expect(")")
    c.expect("OF")
    grouped = c.accept("(")
    at = c.at
    of, c.at = read_type(c.texts, c.at)
    of = replace(of, raw=c.raw(at))
    if c.accept("NOT", "NULL"):
        extra.append(c.clause("collection_not_null", c.at - 2))
    if grouped:
        c.accept(")")
    if c.accept("INDEX", "BY"):
        c.take()
    return replace(found, form=form, of=of, size=size)


_METHOD: Final = frozenset(
    {"MEMBER", "STATIC", "CONSTRUCTOR", "MAP", "ORDER", "OVERRIDING", "FINAL", "INSTANTIABLE", "NOT", "PRAGMA"}
)


def _attributes(c: Cursor, table: Rows, found: UserType, methods: list[Clause]) -> UserType:
    c.expect("(")
    attributes: list[Column] = []
    while not c.done():
        start = c.at
        notes = c.notes(start)
        if c.word() in _METHOD and c.ahead() not in (",", ")") and not _typed(c):
            c.skip_to((",", ")"))
            methods.append(c.clause("user_type_methods", start))
        else:
            name = c.name()
            at = c.at
            c.accept("REF")
            type_, c.at = read_type(c.texts, c.at)
            if c.at == at:
                raise c.error("a data type expected")
            notes = c.trailing(c.at, notes) if c.word() == "," else notes
            attributes.append(
                Column(
                    name, replace(type_, raw=c.raw(at)) if type_ is not UNKNOWN else type_, c.span(start), notes=notes
                )
            )
        if not c.accept(","):
            break
    c.expect(")")
    return replace(found, attributes=tuple(attributes))


def _typed(c: Cursor) -> bool:
    """An attribute that bears a method's word as its name (``order NUMBER``)."""
    return c.ahead() in ("NUMBER", "VARCHAR2", "DATE", "INTEGER", "CHAR", "CLOB", "TIMESTAMP")


def comment(c: Cursor) -> Comment:
    """The cursor stands behind COMMENT."""
    c.expect("ON")
    on = c.take().lower()
    if on == "materialized":
        c.expect("VIEW")
        on = "materialized view"
    if on == "mining":
        c.expect("MODEL")
    name = c.qname()
    column = None
    if on == "column":
        owner = name.schema
        schema = None
        # schema.table.column: qname keeps the last two parts
        parts = [i for i in range(c.at - 1, 0, -1) if c.texts[i] == "."]
        if len(parts) >= 2 and owner is not None:
            here, c.at = c.at, parts[1] - 1
            schema = c.name()
            c.at = here
        if owner is None:
            raise c.error("table.column expected")
        column = name.name
        name = QName(schema, owner)
    c.expect("IS")
    token = c.take()
    if not token.startswith("'"):
        c.at -= 1
        raise c.error("a text in quotes expected")
    text = string_value(token)
    if not c.done():
        raise c.error("the end of the statement expected")
    return Comment(name, c.span(0), on=on, column=column, text=text)


_ON_KIND: Final = {
    "DIRECTORY": "directory", "MINING": "model", "USER": "user", "EDITION": "edition", "JAVA": "java", "SQL": "profile",
}  # fmt: skip


def grant(c: Cursor, revoke: bool) -> Grant:
    """The cursor stands behind GRANT or REVOKE."""
    privileges: list[tuple[str, tuple[Name, ...]]] = []
    while True:
        words = []
        start = c.at
        while not c.done() and (c.word() not in (",", "(", "ON", "TO", "FROM") or c.ahead() == "COMMIT"):
            words.append(c.take())
        if not words:
            raise c.error("a privilege expected")
        columns = c.names() if c.word() == "(" else ()
        privileges.append((" ".join(words) if len(words) > 1 else c.raw(start, start + 1).strip('"').upper(), columns))
        if not c.accept(","):
            break
    on = None
    kind = ""
    if c.accept("ON"):
        if c.word() in _ON_KIND and c.ahead() not in ("TO", "FROM", "."):
            kind = _ON_KIND[c.take()]
            c.accept_any("MODEL", "SOURCE", "RESOURCE", "TRANSLATION")
            c.accept("PROFILE")
        on = c.qname()
    if not (c.accept("TO") or c.accept("FROM")):
        raise c.error("TO expected")
    to = [c.name()]
    while c.accept(","):
        to.append(c.name())
    admin = False
    extra: list[Clause] = []
    while not c.done():
        start = c.at
        if c.accept("WITH"):
            admin = c.accept_any("GRANT", "ADMIN", "HIERARCHY", "DELEGATE") != ""
            c.accept("OPTION")
        elif c.accept("IDENTIFIED", "BY"):
            c.at = c.count
        elif c.accept_any("CASCADE", "FORCE", "CONSTRAINTS"):
            continue
        elif c.accept("CONTAINER"):
            c.at = min(c.at + 2, c.count)
        else:
            c.at = c.count
            extra.append(c.clause("unknown_clause", start))
    name = on or QName(None, Name(", ".join(p for p, _ in privileges)))
    return Grant(
        name, c.span(0), revoke=revoke, privileges=tuple(privileges), on=on, on_kind=kind, to=tuple(to), admin=admin,
        clauses=tuple(extra),
    )  # fmt: skip


def role(c: Cursor, login: bool) -> Role:
    """The cursor stands behind ROLE or USER. What follows the name (password, quotas) is never kept."""
    name = c.qname()
    start = c.at
    extra: tuple[Clause, ...] = ()
    if not c.done():
        here = c.span(start, c.count)
        words = [w for w in c.texts[start : c.count] if w in _SAFE]
        extra = (Clause("user" if login else "role", " ".join(words), here),)
    c.at = c.count
    return Role(name, c.span(0), login=login, clauses=extra)


_SAFE: Final = frozenset(
    """
    IDENTIFIED EXTERNALLY GLOBALLY DEFAULT TEMPORARY TABLESPACE QUOTA UNLIMITED ACCOUNT LOCK UNLOCK PROFILE PASSWORD
    EXPIRE NOT USING CONTAINER ALL CURRENT
    """.split()
)
