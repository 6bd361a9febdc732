"""Report models made by hand, and a pipeline that makes them: for tests of the command and of the reports.

The made-up pipeline converts lines such as ``CREATE TABLE emp; -- review SC2104`` and knows nothing else:
each ``CREATE kind name`` is an object, and ``severity code`` in the comment behind it its finding.
"""

from __future__ import annotations

import re
from types import ModuleType

from schemaconv import source
from schemaconv.api import Progress
from schemaconv.engines import Engine
from schemaconv.options import Options
from schemaconv.report.model import (
    Conversion,
    Finding,
    ObjectReport,
    OutputFile,
    Place,
    Renamed,
    Report,
)
from schemaconv.severity import Severity, Verdict
from schemaconv.source import SourceFile

ORACLE = Engine("oracle", "oracle", (23,))
POSTGRES = Engine("postgres", "postgres", (15,))

_VERDICT = {
    Severity.NOTE: Verdict.CONVERTED,
    Severity.REVIEW: Verdict.REVIEW,
    Severity.MANUAL: Verdict.MANUAL,
    Severity.ERROR: Verdict.FAILED,
}
_LINE = re.compile(r"CREATE (?P<kind>\w+) (?P<name>[\w.]+);(?: -- (?P<severity>\w+) (?P<code>SC\d+))?")


def finding(severity: str, code: str = "SC2104", **given: object) -> Finding:
    """A finding of ``table HR.EMP`` at line 3, unless ``given`` says else."""
    values = {
        "message": "SALARY has no precision", "remedy": "name one", "file": "hr.sql", "line": 3, "column": 5,
        "object": "table HR.EMP",
    }  # fmt: skip
    return Finding(code, Severity(severity), **{**values, **given})  # type: ignore[arg-type]


def an_object(name: str = "HR.EMP", *findings: Finding, kind: str = "table") -> ObjectReport:
    """An object on lines 1 to 4 of ``hr.sql`` whose verdict follows from its findings."""
    worst = max((f.severity for f in findings), key=lambda s: s.rank, default=Severity.NOTE)
    verdict = _VERDICT[worst]
    target = Place("postgres.sql", 1, 3) if verdict is not Verdict.FAILED else None
    return ObjectReport(kind, name, name.lower(), verdict, Place("hr.sql", 1, 4), target, (), findings)


def conversion(*objects: ObjectReport, **given: object) -> Conversion:
    """A conversion to PostgreSQL 15 of ``objects``, with their findings."""
    values = {
        "target": POSTGRES, "objects": objects, "findings": tuple(f for o in objects for f in o.diagnostics),
        "files": (OutputFile("postgres.sql", "CREATE TABLE hr.emp ();\n"),),
        "name_map": (Renamed("table", "HR.EMP", "hr.emp"),), "statements": 4, "characters": 120,
        "unclaimed": 0,
    }  # fmt: skip
    return Conversion(**{**values, **given})  # type: ignore[arg-type]


def report(*conversions: Conversion) -> Report:
    """One run over ``hr.sql``."""
    return Report(ORACLE, (source.from_text("x\n" * 60, "hr.sql"),), conversions)


def pipeline() -> ModuleType:
    """A module that stands for ``schemaconv.pipeline``."""
    module = ModuleType("schemaconv.pipeline")
    module.run = run  # type: ignore[attr-defined]
    return module


def run(
    files: tuple[SourceFile, ...],
    origin: Engine,
    targets: tuple[Engine, ...],
    options: Options,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Report:
    """What ``schemaconv.pipeline.run`` does, for made-up lines; ``BOOM`` raises :class:`ValueError`."""
    if progress:
        progress("reading", 1, 2)
    return Report(origin, files, tuple(_converted(files, origin, t, options) for t in targets))


def _converted(files: tuple[SourceFile, ...], origin: Engine, target: Engine, options: Options) -> Conversion:
    total = sum(len(f.text) for f in files)
    if origin.family == target.family:
        advice = (f"{origin.name} to {target.name}: the same engine, so nothing is converted.",)
        return Conversion(target, (), (), (), (), 0, total, 0, advice)
    objects: list[ObjectReport] = []
    findings: list[Finding] = []
    for f in files:
        for number, line in enumerate(f.text.splitlines(), 1):
            if line == "BOOM":
                raise ValueError("a made-up\nbug")
            if found := _LINE.match(line):
                objects.append(_made(found, f.path, number))
                findings += objects[-1].diagnostics
    texts = [f"CREATE {o.kind.upper()} {o.target_name};" for o in objects]
    return Conversion(
        target,
        tuple(objects),
        tuple(findings),
        _laid_out(texts, target, options.layout),
        (),
        len(objects),
        total,
        0,
    )


def _made(found: re.Match[str], path: str, number: int) -> ObjectReport:
    kind, name = found["kind"].lower(), found["name"]
    said: tuple[Finding, ...] = ()
    if found["severity"]:
        place = {
            "file": path,
            "line": number,
            "column": 8,
            "object": f"{kind} {name}",
            "message": f"about {name}",
        }
        said = (finding(found["severity"], found["code"], **place),)
    verdict = _VERDICT[said[0].severity] if said else Verdict.CONVERTED
    place_out = Place("schema.sql", number, number)
    return ObjectReport(kind, name, name.lower(), verdict, Place(path, number, number), place_out, (), said)


def _laid_out(texts: list[str], target: Engine, layout: str) -> tuple[OutputFile, ...]:
    if layout == "single":
        return (OutputFile("schema.sql", "\n".join(texts) + "\n"),)
    tables = [t for t in texts if t.startswith("CREATE TABLE")]
    others = [t for t in texts if not t.startswith("CREATE TABLE")]
    parts = (("04_tables.sql", tables), ("07_indexes.sql", others))
    return tuple(OutputFile(name, "\n".join(part) + "\n") for name, part in parts if part)
