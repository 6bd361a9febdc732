"""What can be said of scripts that nobody wrote by hand for the target: counts, and what servers refuse.

``scoreboard.toml`` lists them under ``alone``; files of other sets that stand in no part of theirs are added, and
so is each part where its set has no hand-written version for the target. For Redshift, what its manual rules out is
looked for in the text (``redshift_checks.py``).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import redshift_checks
from scoring import CORPUS, SOURCES, Judge, converted, converted_files, listed, matching, parts, refusals, sentence
from scoring import Part as Compared

from schemaconv.report.model import Conversion, ObjectReport
from schemaconv.severity import Verdict
from schemaconv.source import SourceFile, read_file
from schemaconv.verify import VerifyResult, VerifyUnavailable, split

PROMISED = (Verdict.CONVERTED, Verdict.REVIEW)
#: Lines of a list on the page; ``--show`` prints all.
SHOWN = 30
#: Codes of a table that the script makes a second time, or drops again.
AGAIN = {"SC1007", "SC1010", "SC6104"}
#: What a CREATE TABLE may stand in without being a table of the schema.
ROUTINES = ("macro", "procedure", "function", "trigger", "package", "script")


@dataclass(frozen=True, eq=False)
class Group:
    """Files that are loaded together. ``part`` is the part of a set that they are, if they are one."""

    set: str
    source: str
    files: tuple[Path, ...]
    part: Compared | None = None

    def wanted(self, target: str) -> bool:
        """Whether they are counted here: not where a hand-written version is there to compare with."""
        return self.part is None or target not in self.part.files

    def sources(self) -> tuple[SourceFile, ...]:
        """The scripts, read."""
        if self.part:
            return self.part.sources(self.source)
        return tuple(read_file(f, shown=f.name) for f in self.files)

    def converted(self) -> dict[str, Conversion | str]:
        """A conversion for each target, or the sentence of the exception that it ended in."""
        return converted(self.part, self.source) if self.part else converted_files(self.sources(), self.source)


class Added:
    """A row of a table: another of its kind can be added to it, field by field."""

    def add(self, other: Self) -> None:
        for one in fields(self):  # type: ignore[arg-type]
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


Row = TypeVar("Row", bound=Added)


@dataclass
class Count(Added):
    """What became of a set on one target. The lists hold sentences, for people."""

    files: int = 0
    statements: int = 0
    unclaimed: int = 0
    crashes: list[str] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    tables: int = 0
    lost_tables: list[str] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)


Rows = dict[str, Count]


def groups() -> list[Group]:
    """Everything that is not compared, in the order of the sets' names within ``scoreboard.toml``."""
    found: list[Group] = []
    for entry in listed()["alone"]:
        folder = CORPUS / entry["set"] / entry["source"]
        files = tuple(f for p in entry["files"] for f in matching(folder, p) if isinstance(f, Path) and f.is_file())
        together = (files,) if entry.get("together") else tuple((f,) for f in files)
        found += (Group(entry["set"], entry["source"], some) for some in together)
    known = {(p.set, s, f) for p in parts() for s, files in p.files.items() for f in files}
    for set_ in dict.fromkeys(p.set for p in parts()):
        for source in SOURCES:
            mine = [p for p in parts() if p.set == set_ and source in p.files]
            found += (Group(set_, source, tuple(f for f in p.files[source] if isinstance(f, Path)), p) for p in mine)
            left = [f for f in sorted((CORPUS / set_ / source).glob("*.sql")) if (set_, source, f) not in known]
            found += (Group(set_, source, (f,)) for f in left)
    return found


def sets() -> list[str]:
    """The names of all sets."""
    return list(dict.fromkeys([*(p.set for p in parts()), *(g.set for g in groups())]))


def run(chosen: list[Group], source: str, targets: list[str], judge: Judge) -> dict[str, Rows]:
    """Counts of one source by target and set."""
    results: dict[str, Rows] = {name: {} for name in targets}
    for group in (g for g in chosen if g.source == source):
        here = [t for t in targets if group.wanted(t)]
        outcome = group.converted() if here else {}
        for name in here:
            print(f"{source} {group.set} {group.files[0].name} {name}", file=sys.stderr, flush=True)
            results[name].setdefault(group.set, Count()).add(count(group, name, outcome[name], judge))
    return {name: rows for name, rows in results.items() if rows}


def of_kinds(
    chosen: list[Group], source: str, targets: list[str], kinds: tuple[str, ...],
    count: Callable[[Conversion, str], Row],
) -> dict[str, dict[str, Row]]:  # fmt: skip
    """What ``count`` says, by target and set, of the conversions of one source that have objects of ``kinds``."""
    results: dict[str, dict[str, Row]] = {name: {} for name in targets}
    for group in (g for g in chosen if g.source == source):
        outcome = converted_files(group.sources(), source)
        for name in targets:
            done = outcome[name]
            if isinstance(done, str):
                print(f"{group.set} {name}: {done}", file=sys.stderr)
            elif any(o.kind in kinds for o in done.objects):
                row = count(done, name)
                results[name].setdefault(group.set, type(row)()).add(row)
    return results


def count(group: Group, target: str, outcome: Conversion | str, judge: Judge) -> Count:
    """Load what was converted, and count."""
    result = Count(files=len(group.files))
    if isinstance(outcome, str):
        result.crashes.append(f"{group.files[0].name}: {outcome}")
        return result
    result.statements, result.unclaimed = outcome.statements, outcome.unclaimed
    result.verdicts.update(o.verdict.value for o in outcome.objects)
    result.codes.update(c for o in outcome.objects if o.verdict is Verdict.MANUAL for c in _reasons(o))
    scripts = [(f.path, f.text) for f in outcome.files if split.postgres(f.text)]
    try:
        answer = judge.load(target, scripts)[1] if scripts else VerifyResult("", ())
    except VerifyUnavailable as reason:  # a script that names a database which the server has already
        result.refused.append(f"{group.files[0].name}: not loaded: {reason}")
        return result
    refused = refusals(outcome, answer, bool(group.part and group.part.base_missing))
    where = "" if len(group.files) > 1 else f"{group.files[0].name}: "
    result.refused = [where + sentence(o) for o in refused]
    if target == "redshift":
        result.checks = [f"{where}{f.path}:{p}" for f in outcome.files for p in redshift_checks.problems(f.text)]
        if not group.part:  # the other parser takes its time
            result.checks += (f"{where}{f.path}:{p}" for f in outcome.files for p in redshift_checks.unparsable(f.text))
    if group.source == "teradata":
        _count_tables(result, group, outcome, answer)
    return result


def _reasons(found: ObjectReport) -> set[str]:
    return {f.code for f in found.diagnostics if f.severity.value in ("manual", "error")}


_BLANK = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.S)
_NAME = r"(?:\"[^\"]+\"|[\w$#{}&]+)"
_TABLE = re.compile(
    r"\b(?:CREATE\s+(?:(?:SET|MULTISET|VOLATILE|GLOBAL|TEMPORARY|TRACE|QUEUE|ERROR|FOREIGN)\s+)*TABLE|CT)\s+"
    rf"(?P<name>{_NAME}(?:\s*\.\s*{_NAME}){{0,2}})"
    r"(?P<options>[^;()]*?(?:\([^()]*\)[^;()]*?)?)\(\s*(?:\"[^\"]+\"|[\w$#]+)\s+[A-Z]\w*",
    re.I,
)


class Table(NamedTuple):
    """A CREATE TABLE with a list of columns and their types; ``line`` counts from 1."""

    name: str
    line: int


def tables(text: str) -> Iterator[Table]:
    """What a script makes, found without the help of the reader that is being measured."""
    bare = _BLANK.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    for found in _TABLE.finditer(bare):
        if re.search(r"\bAS\b", found["options"], re.I):
            continue
        yield Table(found["name"], bare.count("\n", 0, found.start()) + 1)


def _count_tables(result: Count, group: Group, outcome: Conversion, answer: VerifyResult) -> None:
    """How many of the tables that a script lists columns of are converted and load; the others by name and code."""
    bad = {(o.file, o.line) for o in answer.refused}
    for file in group.sources():
        for table in tables(file.text):
            found = _object_at(outcome, file.path, table.line)
            if found and found.kind in ROUTINES:
                continue  # inside a macro or a procedure
            if found and found.verdict is Verdict.IGNORED and any(d.code in AGAIN for d in found.diagnostics):
                continue  # the script makes the table twice, or takes it away: there is one, or none
            result.tables += 1
            name = f"{file.path}:{table.line}: {table.name}"
            if found is None:
                result.lost_tables.append(f"{name}: no object")
            elif found.verdict not in PROMISED:
                codes = ", ".join(sorted(_reasons(found))) or "no code"
                result.lost_tables.append(f"{name}: {found.verdict.value}, {codes}")
            elif found.target and any(_within(found, place) for place in bad):
                result.lost_tables.append(f"{name}: refused")


def _object_at(outcome: Conversion, file: str, line: int) -> ObjectReport | None:
    """The smallest object that holds a line of the source, a table first."""
    here = [o for o in outcome.objects if o.source.file == file and o.source.start_line <= line <= o.source.end_line]
    return min(here, key=lambda o: (o.kind != "table", o.source.end_line - o.source.start_line), default=None)


def _within(found: ObjectReport, place: tuple[str, int]) -> bool:
    at = found.target
    return at is not None and at.file == place[0] and at.start_line <= place[1] <= at.end_line


def table(rows: Rows, target: str) -> list[str]:
    """A Markdown table with a row for each set and their sum."""
    with_tables = any(r.tables for r in rows.values())
    titles = ["set", "files", "statements", "unclaimed", "crashes", "refused"]
    titles += ["checks"] * (target == "redshift") + ["tables with columns"] * with_tables
    out = ["| " + " | ".join([*titles, "objects by verdict"]) + " |", "|---" + "|--:" * (len(titles) - 1) + "|---|"]
    total = Count()
    for row in rows.values():
        total.add(row)
    for name, row in [*rows.items(), ("**all**", total)]:
        cells = [row.files, row.statements, row.unclaimed, len(row.crashes), len(row.refused)]
        words = [str(c) for c in cells] + [str(len(row.checks))] * (target == "redshift")
        words += [f"{row.tables - len(row.lost_tables)}/{row.tables}" if row.tables else "-"] * with_tables
        verdicts = ", ".join(f"{row.verdicts[v.value]} {v.value}" for v in Verdict if row.verdicts[v.value])
        out.append(f"| {name} | {' | '.join(words)} | {verdicts} |")
    return out


def losses(rows: Rows) -> list[str]:
    """Crashes, refused statements, findings of the checks and lost tables, as Markdown."""
    out: list[str] = []
    for name, row in rows.items():
        for title, lines in _lists(row):
            if lines:
                shown = [f"- `{line}`" for line in lines[:SHOWN]]
                more = [f"- and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
                out += ["", f"#### {name}: {title}", "", *shown, *more]
    return out


def _lists(row: Count) -> tuple[tuple[str, list[str]], ...]:
    return (
        ("crashes", row.crashes),
        ("refused", row.refused),
        ("checks", row.checks),
        ("tables that are not converted", row.lost_tables),
    )


def show(counted: dict[str, Rows]) -> None:
    """Name what was refused and lost, and the codes behind what is left to a person."""
    for target, rows in counted.items():
        for name, row in rows.items():
            for title, lines in _lists(row):
                print(*(f"{name} {target} {title}: {line}" for line in lines), sep="\n")
            codes = ", ".join(f"{c} {n}" for c, n in row.codes.most_common(12))
            print(f"{name} {target} manual because of: {codes}" if codes else "")
