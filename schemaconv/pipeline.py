"""One run: read once, then legalize, emit and report for each target."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from .depth import READING, deep
from .diagnostics import Diagnostic, Log
from .engines import Engine, Profile, profile
from .ir.catalog import Catalog, Item, Object, Routine
from .ir.names import QName
from .options import Options
from .report.model import Conversion, Finding, ObjectReport, Place, Report
from .severity import Severity, Verdict
from .source import SourceFile

if TYPE_CHECKING:
    from .emit.piece import Piece

Progress = Callable[[str, int, int], None]


def run(
    files: tuple[SourceFile, ...],
    source: Engine,
    targets: tuple[Engine, ...],
    options: Options,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Report:
    """Convert ``files`` for every target; each gets its own findings, the source is read once.

    With ``jobs`` above 1 that many processes work on the targets. Raises
    :class:`~schemaconv.statistics.StatisticsError` for a file of statistics that cannot be read.
    """
    wanted = [t for t in targets if t.family != source.family]
    if not wanted:
        return Report(source, files, tuple(_skipped(files, source, t) for t in targets))
    from . import statistics
    from .read import read

    statistics.load(options.statistics)  # a broken file is said before any work is done
    log = Log()
    with _quiet_collector():
        with deep(READING):
            catalog = read(files, source, options, log)
        done = _each(catalog, wanted, options, tuple(log.entries), progress, jobs)
    conversions = tuple(done[t] if t in done else _skipped(files, source, t) for t in targets)
    return Report(source, catalog.files, conversions)


def _each(
    catalog: Catalog,
    targets: list[Engine],
    options: Options,
    entries: tuple[Diagnostic, ...],
    progress: Progress | None,
    jobs: int,
) -> dict[Engine, Conversion]:
    if jobs > 1 and len(targets) > 1:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(jobs, len(targets))) as pool:
            work = [pool.submit(_convert, catalog, t, options, Log(entries), None) for t in targets]
            return {t: w.result() for t, w in zip(targets, work, strict=True)}
    return {t: _convert(catalog, t, options, Log(entries), progress) for t in targets}


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """No garbage is collected while a catalog is built: nearly all that is made stays, and looking at it costs time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _skipped(files: tuple[SourceFile, ...], source: Engine, target: Engine) -> Conversion:
    from .plan import same_family

    size = sum(len(f.text) for f in files)
    objects = tuple(
        ObjectReport("script", f.path, "", Verdict.SKIPPED, Place(f.path, 1, max(1, f.lines)), None, (), ())
        for f in files
    )
    return Conversion(target, objects, (), (), (), 0, size, 0, same_family(source, target))


def _convert(
    catalog: Catalog, target: Engine, options: Options, log: Log, progress: Progress | None
) -> Conversion:
    total = len(catalog.objects)
    tick = (lambda n: progress(target.name, n, total)) if progress is not None else None
    with deep():
        return _made(catalog, target, options, log, tick)


def _made(
    catalog: Catalog, target: Engine, options: Options, log: Log, tick: Callable[[int], None] | None
) -> Conversion:
    from .emit.layout import layout
    from .legalize import legalize

    legal = legalize(catalog, target, options, log, tick)
    judged = profile(target)
    items = legal.items
    if options.mode == "strict":
        items = tuple(i for i in items if not i.stub)
    items, pieces = _printed(items, judged, options, log)
    outputs, places = layout(pieces, options, judged, legal.tail + catalog.tail, "")
    objects, findings = _objects(catalog, log, items, places, legal.needs)
    return Conversion(
        target, objects, findings, outputs, legal.names, catalog.statements, catalog.total,
        catalog.total - catalog.claimed,
    )  # fmt: skip


def _printed(
    items: tuple[Item, ...], judged: Profile, options: Options, log: Log
) -> tuple[tuple[Item, ...], tuple[Piece, ...]]:
    """The pieces of all items; one that cannot be printed, which is a defect of ours, becomes a stub."""
    from .emit import emit
    from .emit.printer import InternalError

    try:
        return items, emit(items, judged, options)
    except InternalError:
        kept = []
        for item in items:
            try:
                emit((item,), judged, options)
            except InternalError as error:
                log.say("SC9001", item.object.at, item.subject, message=str(error), name=str(item.object.name))
                item = replace(item, stub="SC9001", stub_message=str(error))
            kept.append(item)
        return tuple(kept), emit(tuple(kept), judged, options)


def _objects(
    catalog: Catalog,
    log: Log,
    items: tuple[Item, ...],
    places: dict[int, Place],
    needs: dict[int, tuple[int, ...]],
) -> tuple[tuple[ObjectReport, ...], tuple[Finding, ...]]:
    by_subject: dict[int, list[Diagnostic]] = {}
    for d in log.entries:
        by_subject.setdefault(d.subject, []).append(d)
    printed = {i.subject: i for i in reversed(items) if i.subject >= 0}
    named = {i.object.name: places[i.subject] for i in reversed(items) if i.subject in places}
    inside: dict[QName, Place] = {}  # by package, the first of its subprograms
    for subject, found in enumerate(catalog.objects):
        if isinstance(found, Routine) and found.package is not None and subject in places:
            inside.setdefault(found.package, places[subject])
    reports = []
    findings: list[Finding] = [_finding(d, catalog, None) for d in by_subject.get(-1, ())]
    for subject, found in enumerate(catalog.objects):
        own = tuple(_finding(d, catalog, found) for d in by_subject.get(subject, ()))
        findings += own
        item = printed.get(subject)
        reports.append(
            ObjectReport(
                found.kind,
                str(found.name),
                str(item.object.name) if item is not None and not item.stub else "",
                verdict(own, item),
                _place(catalog, found),
                places.get(subject) or _elsewhere(found, item, named, inside),
                tuple(str(catalog.objects[n].name) for n in needs.get(subject, ())),
                own,
            )
        )
    findings.sort(key=lambda f: (f.file, f.line, f.column, f.code))
    return tuple(reports), tuple(findings)


def _elsewhere(
    found: Object, item: Item | None, named: dict[QName, Place], inside: dict[QName, Place]
) -> Place | None:
    """Where an object stands that prints nothing of its own: with what bears its name, or a package's subprograms."""
    if item is None or item.stub:
        return None
    return named.get(item.object.name) or inside.get(found.name)


def verdict(findings: tuple[Finding, ...], item: Item | None) -> Verdict:
    """What became of an object: its worst finding decides; what is not printed on purpose is ignored."""
    worst = max((f.severity for f in findings), key=lambda s: s.rank, default=Severity.NOTE)
    match worst:
        case Severity.ERROR:
            return Verdict.FAILED
        case Severity.MANUAL:
            return Verdict.MANUAL
        case _ if item is None:
            return Verdict.IGNORED
        case Severity.REVIEW:
            return Verdict.REVIEW
        case _:
            return Verdict.CONVERTED


def _finding(d: Diagnostic, catalog: Catalog, found: Object | None) -> Finding:
    path, line, column = "", 0, 0
    if 0 <= d.at.file < len(catalog.files):
        file = catalog.files[d.at.file]
        path = file.path
        line, column = file.position(d.at.start)
    shown = f"{found.kind} {found.name}" if found is not None else ""
    return Finding(d.code, d.severity, d.message, d.remedy, path, line, column, shown)


def _place(catalog: Catalog, found: Object) -> Place:
    file = catalog.files[found.at.file]
    first, _ = file.position(found.at.start)
    last, _ = file.position(max(found.at.start, found.at.end - 1))
    return Place(file.path, first, last)


