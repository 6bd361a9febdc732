"""The order of objects: what others need comes first; cycles are detached, never dropped.

A view follows what its query names, a table its parents; among equals the script's order stands. Foreign keys that
point forward or in a circle are marked as detached: they are added once all tables exist.
"""

from __future__ import annotations

from collections.abc import Iterable

from .ir.catalog import Catalog, Index, Object, Routine, Synonym, Table, View
from .ir.clause import gone
from .ir.names import Name, QName
from .sql.lexis import lexis
from .sql.relations import relations_of


def _there(found: Object) -> bool:
    """Whether the object is printed at all: nothing needs one that is dropped again, and it needs nothing."""
    return gone(found.clauses) is None


def relations(catalog: Catalog) -> dict[str, list[int]]:
    """Tables, views, synonyms and routines outside of packages by their unqualified name."""
    found: dict[str, list[int]] = {}
    for subject, o in enumerate(catalog.objects):
        if isinstance(o, Routine) and (o.package is not None or o.kind == "script"):
            continue
        if isinstance(o, (Table, View, Synonym, Routine)) and not (isinstance(o, Table) and o.partial) and _there(o):
            found.setdefault(o.name.name.text, []).append(subject)
    return found


def _members(catalog: Catalog) -> dict[str, dict[str, list[int]]]:
    """Subprograms by their package's name and their own."""
    found: dict[str, dict[str, list[int]]] = {}
    for subject, o in enumerate(catalog.objects):
        if isinstance(o, Routine) and o.package is not None and _there(o):
            found.setdefault(o.package.name.text, {}).setdefault(o.name.name.text, []).append(subject)
    return found


def needs(catalog: Catalog) -> dict[int, tuple[int, ...]]:
    """For each object the objects of the same catalog that must exist before it (foreign keys are not among them)."""
    named = relations(catalog)
    own = lexis(catalog.engine)
    functions = {o.name.name.text for o in catalog.objects if isinstance(o, Routine) and o.what == "function"}
    members = _members(catalog)
    found: dict[int, tuple[int, ...]] = {}
    for subject, o in enumerate(catalog.objects):
        read: list[tuple[str, str]]
        if not _there(o):
            continue
        match o:
            case View() if o.query is not None:
                read, home = [*relations_of(o.query.text, own)], o.query.home
                if functions:
                    read += [("", word) for word in own.words(o.query.text) & functions]
            case Table() if o.query is not None:
                read, home = [*relations_of(o.query.text, own)], o.query.home
                if catalog.renamings:
                    now = (catalog.now(QName(Name(s) if s else None, Name(n)), o.at) for s, n in read)
                    read = [(name.schema.text if name.schema else "", name.name.text) for name in now]
            case Synonym():
                read, home = [(o.target.schema.text if o.target.schema else "", o.target.name.text)], None
            case Routine() if o.program is not None or o.module is not None:
                read, home = [("", word) for word in own.words(o.text.text)], None
                if o.package is not None:
                    read.append(("", o.package.name.text))
            case _:
                continue
        wanted = {
            s
            for schema, name in read
            for s in _meant("" if schema == own.default_schema else schema, named.get(name, ()), home, catalog)
            if s != subject
        }
        if members:
            texts = {name for _, name in read}
            if isinstance(o, (View, Table)) and o.query is not None:
                texts |= own.words(o.query.text)
            for package in members.keys() & texts:
                known = members[package]
                wanted |= {s for w in known.keys() & texts for s in known[w] if s != subject}
        if wanted:
            found[subject] = tuple(sorted(wanted))
    return found


def _meant(schema: str, subjects: Iterable[int], home: Name | None, catalog: Catalog) -> list[int]:
    """Which of the relations of one name are meant by it with ``schema``, or without one in the schema ``home``."""
    by_schema: dict[str, list[int]] = {}
    for subject in subjects:
        found = catalog.objects[subject].name.schema
        by_schema.setdefault(found.text if found is not None else "", []).append(subject)
    if schema:
        return by_schema.get(schema) or by_schema.get("", [])
    if home is not None and home.text in by_schema:
        return by_schema[home.text]
    return by_schema.get("") or [s for some in by_schema.values() for s in some]


def parents(catalog: Catalog) -> dict[int, tuple[int, ...]]:
    """For each table the tables that its foreign keys point to, for each index its table."""
    tables: dict[str, list[int]] = {}
    for subject, o in enumerate(catalog.objects):
        if isinstance(o, Table) and not o.partial and _there(o):
            tables.setdefault(o.name.name.text, []).append(subject)
    found: dict[int, tuple[int, ...]] = {}
    for subject, o in enumerate(catalog.objects):
        if not _there(o):
            continue
        if isinstance(o, Table):
            wanted = {
                s
                for k in o.constraints
                if k.kind == "foreign_key" and k.references is not None
                for s in tables.get(k.references.name.text, ())
                if s != subject
            }
            if wanted:
                found[subject] = tuple(sorted(wanted))
        elif isinstance(o, Index) and (on := tables.get(o.table.name.text)):
            found[subject] = tuple(on)
    return found


def order(objects: tuple[Object, ...], before: dict[int, tuple[int, ...]]) -> list[int]:
    """All subjects, each behind what it needs; ties in script order. An object in a circle keeps its place."""
    if not any(any(n > s for n in needed) for s, needed in before.items()):
        return list(range(len(objects)))  # the script's own order will do
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(objects)))
    graph.add_edges_from((n, s) for s, needed in before.items() for n in needed)
    condensed = nx.condensation(graph)
    found: list[int] = []
    for component in nx.lexicographical_topological_sort(condensed, key=lambda c: min(condensed.nodes[c]["members"])):
        found += sorted(condensed.nodes[component]["members"])
    return found


def circular(before: dict[int, tuple[int, ...]]) -> frozenset[int]:
    """Objects that need each other in a circle (views only: tables are untied by detaching keys)."""
    if not before:
        return frozenset()
    import networkx as nx

    graph = nx.DiGraph((n, s) for s, needed in before.items() for n in needed)
    return frozenset(n for c in nx.strongly_connected_components(graph) if len(c) > 1 for n in c)


