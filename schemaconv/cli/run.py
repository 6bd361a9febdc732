"""Convert and assess: read, call the library, write, say. Each returns the exit code."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import api
from ..report.model import Report
from ..severity import Severity
from ..source import SourceError, SourceFile, from_bytes, read_file
from . import check, console, outputs
from .outputs import STDIN
from .settings import Request
from .shell import Shell

if TYPE_CHECKING:
    from ..verify import VerifyResult

DONE = 0
FINDINGS = 1
DEFECT = 3


def convert(request: Request, shell: Shell) -> int:
    """Convert and write everything, or write nothing.

    Returns 0, or 1 for findings at or above ``fail_on`` and for statements that a server refused.
    """
    start = time.perf_counter()
    where = outputs.destination(request)
    files = inputs(request, shell)
    known = [] if where.folder or where.path is None else [where.path]
    outputs.refuse_collisions(known, request.reports, files)
    model = outputs.named(_run(files, request, shell), where)
    _advise(shell, model)
    verified: list[VerifyResult] = []
    if request.verify:
        model, verified = check.checked(model, outputs.places(model, where), request.urls)
    withheld = request.options.mode == "strict" and _reaches(model, Severity.MANUAL)
    if withheld:
        model = _without_scripts(model)
    written = outputs.scripts(model, where)
    _write(written, request, model)
    if where.path is None:
        shell.result("".join(c.sql for c in model.conversions))
    _say(shell, request, model)
    if withheld:
        shell.say("strict: a person must see to what stands above, so no script was written")
    _warn(shell, written)
    console.summary(shell, model, [*written, *request.reports], verified, time.perf_counter() - start)
    refused = any(r.refused for r in verified)
    if any(f.code.startswith("SC9") for c in model.conversions for f in c.findings):
        return DEFECT
    return FINDINGS if withheld or refused or _fails(model, request.fail_on) else DONE


def assess(request: Request, shell: Shell) -> int:
    """The same run without its scripts: the report to standard output, or to the files of --report."""
    start = time.perf_counter()
    files = inputs(request, shell)
    outputs.refuse_collisions((), request.reports, files)
    model = _without_scripts(_run(files, request, shell))
    if request.reports:
        _advise(shell, model)
        _write({}, request, model)
        _say(shell, request, model)
        console.summary(shell, model, request.reports, (), time.perf_counter() - start)
    else:
        from ..report import text

        shell.result(text.render(model))
    return FINDINGS if _fails(model, request.fail_on) else DONE


def inputs(request: Request, shell: Shell) -> tuple[SourceFile, ...]:
    """The scripts of a request in order, ``-`` read from standard input.

    Raises :class:`~schemaconv.source.SourceError`, also when there is no statement in any of them.
    """
    from ..discover import expand

    output = Path(request.output) if request.output not in ("", "-") and Path(request.output).is_dir() else None
    encoding = request.options.encoding
    found: dict[str, SourceFile] = {}
    for entry in request.paths:
        if entry == "-":
            found.setdefault(STDIN, standard_input(encoding))
            continue
        for path in expand([entry], engine=request.source.name, skip=output):
            key = os.path.realpath(path)
            if key not in found:
                found[key] = read_file(path, encoding or None)
    files = tuple(found.values())
    if not any(f.text.strip() for f in files):
        names = files[0].path if len(files) == 1 else f"{len(files)} files"
        raise SourceError(f"{names}: empty, no statement to convert")
    return files


def standard_input(encoding: str) -> SourceFile:
    """What comes on standard input, as a file. Raises :class:`~schemaconv.source.SourceError`."""
    if sys.stdin is None:
        raise SourceError(f"{STDIN}: there is no standard input")
    return from_bytes(sys.stdin.buffer.read(), STDIN, encoding or None)


def _run(files: tuple[SourceFile, ...], request: Request, shell: Shell) -> Report:
    with console.Progress(shell.colored and not shell.quiet) as progress:
        model = api.convert_files(
            files, source=request.source, target=request.targets, options=request.options, progress=progress,
            jobs=request.jobs,
        ).model
    _whole(model)
    spoken = [c for c in model.conversions if not c.advice]
    if spoken and not any(c.statements for c in spoken):
        names = files[0].path if len(files) == 1 else f"{len(files)} files"
        raise SourceError(f"{names}: no statement found")
    return model


#: A quote or a comment that never ends: everything behind it may be read wrongly.
UNTERMINATED = "SC1102"


def _whole(model: Report) -> None:
    """Raise :class:`~schemaconv.source.SourceError` where the only script has a quote or comment that never ends.

    One of several does not stop the others: its rest is an object of its own, which has failed.
    """
    if len(model.files) > 1:
        return
    for conversion in model.conversions:
        for found in conversion.findings:
            if found.code == UNTERMINATED:
                raise SourceError(f"{found.file}:{found.line}:{found.column}: {found.message}; {found.remedy}")


def _without_scripts(model: Report) -> Report:
    bare = tuple(
        replace(c, files=(), objects=tuple(replace(o, target=None) for o in c.objects)) for c in model.conversions
    )
    return replace(model, conversions=bare)


def _write(scripts: dict[Path, str], request: Request, model: Report) -> None:
    from ..report.write import WriteError, render, write_all

    outputs.refuse_collisions(scripts, request.reports, model.files)
    try:
        write_all({**scripts, **{path: render(model, path) for path in request.reports}})
    except WriteError as error:
        raise click.ClickException(str(error)) from None


def _advise(shell: Shell, model: Report) -> None:
    for conversion in model.conversions:
        for line in conversion.advice:
            shell.say(line)


def _say(shell: Shell, request: Request, model: Report) -> None:
    where = "all in the report" if request.reports else "--report FILE keeps all"
    console.findings(shell, console.merged(model.conversions), where)


def _warn(shell: Shell, written: dict[Path, str]) -> None:
    old = outputs.left_behind(written)
    if old and not shell.quiet:
        names = ", ".join(str(p) for p in old[:3]) + (f" and {len(old) - 3} more" if len(old) > 3 else "")
        shell.say(f"left from an earlier run and not written now: {names}")


def _reaches(model: Report, least: Severity) -> bool:
    return any(f.severity.rank >= least.rank for c in model.conversions for f in c.findings)


def _fails(model: Report, fail_on: str) -> bool:
    return fail_on != "never" and _reaches(model, Severity(fail_on))
