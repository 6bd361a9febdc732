"""Compare the catalogs of a converted schema and of the one that people wrote by hand for the same target.

``scoreboard.toml`` says which files are the same schema. Both versions are loaded into scratch databases of the
same server; the comparison itself is not ours but ``fidelity.py``'s, which lies beside the corpus.
"""

from __future__ import annotations

import fnmatch
import importlib.util
import os
import re
import sys
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import redshift_stand_in

from schemaconv import engines, verify
from schemaconv.api import convert_files
from schemaconv.report.model import Conversion, Place
from schemaconv.severity import Verdict
from schemaconv.source import SourceFile, from_text, read_file
from schemaconv.verify import mysql as my
from schemaconv.verify import split

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"
SOURCES = ("oracle", "sqlserver", "teradata")
TARGETS = {"postgresql": "postgres", "mysql": "mysql", "redshift": "redshift"}
MEASURES = ("tables", "columns", "type_class", "not_null", "pk", "fk", "unique", "index")
#: Codes of servers for a row without its parent, and for a table, column or constraint that is not there.
ROWS_CUT = {"23503", "1452", "1216"}
NO_SUCH_THING = {"42P01", "42703", "42704", "1146", "1824", "1054", "1091", "1051"}
EMPTY: dict[str, Any] = {"tables": {}, "pk": {}, "fk": {}, "uq": {}, "ix": {}}


@lru_cache(maxsize=1)
def fidelity() -> ModuleType:
    """The shared comparison, imported from where it lies."""
    sys.path.insert(0, str(SHARED / "tools"))
    spec = importlib.util.spec_from_file_location("fidelity", SHARED / "tools" / "fidelity.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, eq=False)
class Part:
    """One schema of a set: the files of its sources and the hand-written ones of its targets, in load order."""

    set: str
    name: str
    files: dict[str, tuple[Path | str, ...]]
    replace: tuple[dict[str, str], ...]
    base_missing: bool

    def __str__(self) -> str:
        return f"{self.set}/{self.name}" if self.name else self.set

    def sources(self, engine: str) -> tuple[SourceFile, ...]:
        """The scripts of one engine, mended as the table says."""
        out = []
        for entry in self.files[engine]:
            if isinstance(entry, str):
                out.append(from_text(f"{entry};\n", "scoreboard.toml"))
                continue
            file = read_file(entry, shown=entry.name)
            text = file.text
            for rule in self.replace:
                if rule.get("engine", engine) == engine and fnmatch.fnmatchcase(entry.name, rule.get("file", "*")):
                    text = re.sub(rule["pattern"], rule["with"], text)
            out.append(from_text(text, file.path))
        return tuple(out)


@lru_cache(maxsize=1)
def listed() -> dict[str, Any]:
    """``scoreboard.toml``."""
    return tomllib.loads((HERE / "scoreboard.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def parts() -> list[Part]:
    """The table of sets, with every pattern resolved. Raises ``SystemExit`` for a pattern without files."""
    found = []
    for name, entry in listed().items():
        if name == "alone":  # without a counterpart: see alone.py
            continue
        for part in entry.get("part", [entry]):
            files = {
                engine: tuple(f for pattern in part[engine] for f in matching(CORPUS / name / engine, pattern))
                for engine in (*SOURCES, *TARGETS)
                if engine in part
            }
            rules = tuple(entry.get("replace", ()))
            found.append(Part(name, part.get("name", ""), files, rules, part.get("base") == "missing"))
    return found


def matching(folder: Path, pattern: str) -> list[Path | str]:
    """The files that an entry of ``scoreboard.toml`` names, in their order; or its statement."""
    if pattern.startswith("sql:"):
        return [pattern[4:].strip()]
    names = [p for p in folder.iterdir() if fnmatch.fnmatchcase(p.name, pattern)]
    if not names:
        raise SystemExit(f"scoreboard.toml: {folder.relative_to(CORPUS)} has no {pattern}")
    return sorted(names, key=_natural)


def _natural(path: Path) -> list[int | str]:
    """A key under which 9 comes before 10, and 1.4 before 1.4.2, with ``_`` as good as a dot."""
    words = re.split(r"(\d+)", path.stem.replace("__", " ").replace("_", "."))
    return [int(w) if w.isdigit() else w for w in words]


class Miss(NamedTuple):
    """Something that the hand-written schema has and ours has not, or not so.

    ``because`` is the text of the miss that brings this one with it: a missing table's columns, for example.
    """

    measure: str
    text: str
    because: str = ""


@dataclass
class Score:
    """What one part reached on one target. ``refused`` are the server's sentences about converted objects."""

    found: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    truth_refused: list[str] = field(default_factory=list)

    def add(self, other: Score, prefix: str = "") -> None:
        for mine, theirs in ((self.found, other.found), (self.of, other.of), (self.verdicts, other.verdicts)):
            mine.update(theirs)
        self.misses += (Miss(m.measure, prefix + m.text, m.because and prefix + m.because) for m in other.misses)
        self.refused += (prefix + m for m in other.refused)
        self.truth_refused += (prefix + m for m in other.truth_refused)


class Judge:
    """The servers that both versions are loaded into."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._open: dict[str, verify.Server] = {}
        self._truths: dict[tuple[Any, ...], tuple[dict[str, Any], verify.VerifyResult]] = {}

    def server(self, target: str) -> verify.Server:
        family = "mysql" if target == "mysql" else "postgres"
        if family not in self._open:
            url = os.environ.get("SCHEMACONV_TEST_MYSQL_URL") if family == "mysql" else None
            os.environ.setdefault("PGOPTIONS", "-c statement_timeout=60s")  # one script must not stop the others
            self._open[family] = self._stack.enter_context(verify.server(family, url))
        return self._open[family]

    def truth(self, part: Part, target: str) -> tuple[dict[str, Any], verify.VerifyResult]:
        """:meth:`load` for the hand-written version, once for all sources."""
        key = (target, part.set, part.files[target])
        if key not in self._truths:
            self._truths[key] = self.load(target, [(f.path, f.text) for f in part.sources(target)])
        return self._truths[key]

    def load(self, target: str, scripts: list[tuple[str, str]]) -> tuple[dict[str, Any], verify.VerifyResult]:
        """The catalog that the scripts make on a server, and what it refused of them."""
        if target == "redshift":
            own_functions = [("", redshift_stand_in.FUNCTIONS)]
            scripts = own_functions + [(name, redshift_stand_in.as_postgres(text)) for name, text in scripts]
        server: Any = self.server(target)
        with server.loaded(scripts) as (result, url):
            if target == "mysql":
                where = my.connection(url)
                own = [my.databases(split.mysql(text)) for _, text in scripts]
                names = {where["database"], *(d for some in own for d in some)}
                catalog = fidelity().my_catalog(where["port"], names)
            else:
                name = re.search(r"dbname=(\S+)|/(schemaconv_\w+)", url)
                assert name
                catalog = fidelity().pg_catalog(url, name[1] or name[2])
        return catalog, result


def named_by(source: str, truth: dict[str, Any]) -> dict[str, Any]:
    """What of a hand-written schema the source speaks of at all; the rest is nobody's loss."""
    words = set(re.findall(r"[a-z_][\w$#]*", source.lower()))

    def known(columns: tuple[str, ...]) -> bool:
        return all(c in words or c == "?" for c in columns)

    tables = {
        t: {c: v for c, v in columns.items() if c in words} for t, columns in truth["tables"].items() if t in words
    }
    keys = {t: k for t, k in truth["pk"].items() if known(k) and t in tables}
    foreign = {t: {k for k in ks if known(k[0]) and k[1] in words} for t, ks in truth["fk"].items() if t in tables}
    rest = {n: {t: {k for k in ks if known(k)} for t, ks in truth[n].items() if t in tables} for n in ("uq", "ix")}
    return {"tables": tables, "pk": keys, "fk": foreign, **rest}


def compare(truth: dict[str, Any], mine: dict[str, Any], source: str) -> Score:
    """The shared comparison of one element after the other, so that each miss has a name."""
    score = Score()
    judge = fidelity().compare
    for table, element, name in _elements(named_by(source, truth)):
        counts = judge({**EMPTY, "tables": {table: {}}, **element}, mine)
        for measure in MEASURES:
            hit, of = counts[measure]
            if measure == "tables" and element:
                continue  # counted once, by the table's own entry
            score.found[measure] += hit
            score.of[measure] += of
            if hit < of:
                score.misses.append(_miss(measure, table, name, element, mine))
    total = judge(truth, mine, source=source)
    assert all([score.found[m], score.of[m]] == total[m] for m in MEASURES), (score.found, score.of, total)
    return score


def _elements(truth: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every comparable thing of a catalog: its table, a catalog with nothing else in it, and its name."""
    for table, columns in sorted(truth["tables"].items()):
        yield table, {}, table
        for column, what in columns.items():
            yield table, {"tables": {table: {column: what}}}, f"{table}.{column}"
        if table in truth["pk"]:
            yield table, {"pk": {table: truth["pk"][table]}}, f"{table}({', '.join(truth['pk'][table])})"
        for key in sorted(truth["fk"].get(table, ())):
            yield table, {"fk": {table: {key}}}, f"{table}({', '.join(key[0])}) -> {key[1]}"
        for kind in ("uq", "ix"):
            for columns_ in sorted(truth[kind].get(table, ())):
                yield table, {kind: {table: {columns_}}}, f"{table}({', '.join(columns_)})"


def _miss(measure: str, table: str, name: str, element: dict[str, Any], mine: dict[str, Any]) -> Miss:
    because = ""
    if measure != "tables" and table not in mine["tables"]:
        because = f"tables {table}: is missing"
    elif measure in ("type_class", "not_null") and name.partition(".")[2] not in mine["tables"][table]:
        because = f"columns {name}: is missing"
    what = "is missing" if because else _difference(measure, table, element, mine)
    return Miss(measure, f"{measure} {name}: {what}", because)


def _difference(measure: str, table: str, element: dict[str, Any], mine: dict[str, Any]) -> str:
    """What stands in place of a missed element."""
    match measure:
        case "tables" | "columns":
            return "is missing"
        case "type_class" | "not_null":
            ((column, (type_, not_null)),) = element["tables"][table].items()
            own = mine["tables"][table][column]
            word = ("null", "not null")
            if measure == "type_class":
                return f"{type_}, here {own[0]}"
            return f"{word[not_null]}, here {word[own[1]]}"
        case "pk":
            return f"here {mine['pk'].get(table) or 'none'}"
        case "fk":
            return f"here {sorted(mine['fk'].get(table, ())) or 'none'}"
        case _:
            have = mine["uq"].get(table, set()) | (mine["ix"].get(table, set()) if measure == "index" else set())
            return f"here {sorted(have) or 'none'}"


def score(part: Part, source: str, target: str, judge: Judge, only_truth: bool = False) -> Score:
    """Load both versions of a part and compare them."""
    truth, told = judge.truth(part, target)
    text = "\n".join(f.text for f in part.sources(source))
    if only_truth:
        result = compare(truth, truth, text)
    elif isinstance(conversion := converted(part, source)[target], str):
        result = compare(truth, EMPTY, text)
        result.refused = [conversion]
    else:
        mine, answer = judge.load(target, [(f.path, f.text) for f in conversion.files])
        result = compare(truth, mine, text)
        result.verdicts.update(o.verdict.value for o in conversion.objects)
        result.verdicts["characters unclaimed"] = conversion.unclaimed
        result.refused = [sentence(o) for o in refusals(conversion, answer, part.base_missing)]
    result.truth_refused = [
        sentence(o) for o in told.refused if not o.statement.startswith("\\") and not _excused(o, part.base_missing)
    ]
    return result


@lru_cache(maxsize=4)
def converted(part: Part, source: str) -> dict[str, Conversion | str]:
    """What becomes of a part for each target, or the sentence of the exception that it ended in."""
    return converted_files(part.sources(source), source)


def converted_files(files: tuple[SourceFile, ...], source: str) -> dict[str, Conversion | str]:
    """A conversion for each of :data:`TARGETS`, or the sentence of the exception that it ended in."""
    goals = [engines.find(t, "target") for t in TARGETS.values()]
    try:
        return dict(zip(TARGETS, convert_files(files, source=source, target=goals).conversions, strict=True))
    except Exception:  # one target's crash is not the others'
        return {name: _one(files, source, goal) for name, goal in zip(TARGETS, goals, strict=True)}


def _one(files: tuple[SourceFile, ...], source: str, goal: engines.Engine) -> Conversion | str:
    try:
        return convert_files(files, source=source, target=goal).conversions[0]
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"crash: {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"


def refusals(conversion: Conversion, answer: verify.VerifyResult, base_missing: bool = False) -> list[verify.Outcome]:
    """What a server refused of the objects that were reported as converted or to be reviewed."""
    promised = (o for o in answer.refused if not _kept_for_a_person(conversion, o))
    return [o for o in promised if not _excused(o, base_missing)]


def refused_within(
    conversion: Conversion, answer: verify.VerifyResult, places: Iterable[Place | None]
) -> list[str]:
    """The sentences of :func:`refusals` that speak of something at ``places``."""
    known = [p for p in places if p is not None]
    return [
        sentence(o)
        for o in refusals(conversion, answer)
        if any(p.file == o.file and p.start_line <= o.line <= p.end_line for p in known)
    ]


def definitions(conversion: Conversion) -> list[tuple[str, str]]:
    """The scripts without their rows, which take a server's time and tell nothing of definitions."""
    rows = [o.target for o in conversion.objects if o.kind == "data" and o.target is not None]
    scripts = []
    for file in conversion.files:
        lines = file.text.split("\n")
        for place in (r for r in rows if r.file == file.path):
            lines[place.start_line - 1 : place.end_line] = [""] * (place.end_line - place.start_line + 1)
        scripts.append((file.path, "\n".join(lines)))
    return scripts


def _kept_for_a_person(conversion: Conversion, outcome: verify.Outcome) -> bool:
    """Whether a statement belongs to an object that was not reported as converted."""
    for each in conversion.objects:
        place = each.target
        if place and place.file == outcome.file and place.start_line <= outcome.line <= place.end_line:
            return each.verdict not in (Verdict.CONVERTED, Verdict.REVIEW)
    return False


def _excused(outcome: verify.Outcome, base_missing: bool) -> bool:
    """What no script can help: rows whose parents the corpus lacks, tables that an upgrade starts from; and what is
    right on Redshift, a view on a table that is not there yet."""
    code = outcome.error.rpartition("[")[2].rstrip("]")
    unbound = outcome.statement.endswith(f"/* {redshift_stand_in.UNBOUND} */")
    return code in ROWS_CUT or ((base_missing or unbound) and code in NO_SUCH_THING)


def sentence(outcome: verify.Outcome) -> str:
    """Where a server refused what, and why."""
    statement = " ".join(outcome.statement.split())
    return f"{outcome.file}:{outcome.line}: {outcome.error} <- {statement[:160]}"
