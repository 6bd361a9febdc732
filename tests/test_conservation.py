"""Names are conserved: every column and relation that a fragment of the corpus names stands in its target text, or in a
finding about its object.

The check trusts no parser: it compares the words of both texts. ``make corpus`` takes every file, a run takes samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_corpus import ALL, CORPUS, FILES, GROUP, engine_of, named, original, spread

from schemaconv import engines
from schemaconv.diagnostics import Log
from schemaconv.ir.catalog import Catalog, Item, Object, Table, View
from schemaconv.ir.fragment import Fragment
from schemaconv.legalize import Legal, legalize
from schemaconv.options import DEFAULTS
from schemaconv.read import read
from schemaconv.source import read_file
from schemaconv.sql.lexis import Lexis, lexis
from schemaconv.sql.pieces import Refused, pieces
from schemaconv.sql.relations import relations_of
from schemaconv.sql.tokens import QUOTED, WORD

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus does not lie beside the checkout")

#: Bytes of an engine's scripts with views and checks that an ordinary run converts.
SAMPLE = 600_000
TARGETS = [engines.find(name, "target") for name in ("postgres", "mysql", "redshift")]
_FRAGMENTS = re.compile(r"\bVIEW\b|\bCHECK\b", re.I)


def groups() -> list[tuple[str, list[Path]]]:
    """Scripts that have fragments, in handfuls."""
    found = []
    for source in engines.SOURCES:
        mine = [p for p in FILES if engine_of(p) == source and not original(p)]
        mine = [p for p in mine if _FRAGMENTS.search(p.read_text("utf-8", "replace"))]
        files = mine if ALL else spread(mine, SAMPLE)
        found += [(source, files[at : at + GROUP]) for at in range(0, len(files), GROUP)]
    return found


@pytest.mark.parametrize(("source", "files"), groups(), ids=named)
def test_names_are_conserved(source: str, files: list[Path]) -> None:
    engine = engines.find(source, "source")
    troubles = []
    for path in files:
        log = Log()
        catalog = read((read_file(path),), engine, DEFAULTS, log)
        for target in TARGETS:
            said = Log(tuple(log.entries))
            legal = legalize(catalog, target, DEFAULTS, said)
            where = f"{path.relative_to(CORPUS)} {target.name}"
            troubles += [f"{where}: {t}" for t in lost(catalog, legal, said)]
    assert not troubles, "\n".join(troubles)


def lost(catalog: Catalog, legal: Legal, log: Log) -> list[str]:
    """The names of fragments that are neither in the target's text nor in a finding."""
    words = lexis(catalog.engine)
    spelled: dict[str, set[str]] = {}
    for renamed in legal.names:
        for before, after in zip(_parts(renamed.source), _parts(renamed.target), strict=False):
            spelled.setdefault(before, set()).add(after)
        spelled.setdefault(_parts(renamed.source)[-1], set()).add(_parts(renamed.target)[-1])
    columns = {k.name.text for o in catalog.objects if isinstance(o, Table) for k in o.columns}
    out = []
    for d in log.entries:
        if d.code == "SC4299":
            out.append(f"{catalog.objects[d.subject].name}: SC4299 {d.message}")
    for item in (i for i in legal.items if i.subject >= 0 and (not i.stub or i.held)):
        messages = " ".join(d.message for d in log.of(item.subject)).lower()
        for before, after in pairs(catalog.objects[item.subject], item):
            have = set(re.findall(r"[\w$#]+", after.output.lower()))
            for name in sorted(names(before.text, columns, words)):
                spellings = {name.lower(), *(s.lower() for s in spelled.get(name.lower(), ()))}
                parts = {p for s in spellings for p in re.findall(r"[\w$#]+", s)}
                if not parts <= have and not any(s in have for s in spellings) and name.lower() not in messages:
                    out.append(f"{catalog.objects[item.subject].name}: {name} is missing in {after.output[:200]!r}")
    return out


def pairs(before: Object, item: Item) -> Iterator[tuple[Fragment, Fragment]]:
    """The fragments of an object beside what became of them."""
    after = item.object
    if isinstance(before, (View, Table)) and isinstance(after, (View, Table)) and before.query and after.query:
        yield before.query, after.query
    if isinstance(before, Table) and isinstance(after, Table):
        for made in after.constraints:
            if made.check is not None and 0 <= made.number < len(before.constraints):
                source = before.constraints[made.number].check
                if source is not None and made.check.at == source.at:
                    yield source, made.check
        by_place = {k.at: k for k in before.columns}
        for column in after.columns:
            own = by_place.get(column.at)
            if own is not None and own.generated is not None and column.generated is not None:
                yield own.generated, column.generated


def names(text: str, columns: set[str], words: Lexis) -> set[str]:
    """The columns of the script's tables that a fragment names, and the relations that it reads."""
    try:
        found = pieces(text, words)[0]
    except (Refused, IndexError):
        return set()
    texts = {words.fold(p.text, p.kind == QUOTED)[0] for p in found if p.kind in (WORD, QUOTED)}
    return ((texts & columns) | {name for _, name in relations_of(text, words)}) - {"DUAL"}


def _parts(name: str) -> list[str]:
    return [p.strip('"[]`').lower() for p in name.split(".")]
