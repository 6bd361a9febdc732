"""What a pipeline imports: convert, assess, explain, verify.

``assess`` is ``convert`` without the output text: the same run, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import engines, source
from .engines import Engine
from .options import DEFAULTS, Options, with_values
from .report.model import Conversion, Finding, ObjectReport, Report

Progress = Callable[[str, int, int], None]
"""Called as ``progress(stage, done, total)`` with counts of statements or objects."""


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a run. ``sql``, ``objects`` and ``diagnostics`` are those of the first target."""

    model: Report

    @property
    def conversions(self) -> tuple[Conversion, ...]:
        return self.model.conversions

    @property
    def sql(self) -> str:
        return self.conversions[0].sql

    @property
    def objects(self) -> tuple[ObjectReport, ...]:
        return self.conversions[0].objects

    @property
    def diagnostics(self) -> tuple[Finding, ...]:
        return self.conversions[0].findings

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report as plain values, as ``schemaconv/report/report.schema.json`` describes it."""
        from .report.json_report import as_dict

        return as_dict(self.model)


def convert(
    script: str | Path | Sequence[str | Path],
    *,
    source: str | Engine,
    target: str | Engine | Iterable[str | Engine],
    options: Options | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Result:
    """Convert scripts for one target or several.

    ``script`` is SQL text, or a path, or several paths (folders are searched for scripts; a text that is an existing
    path counts as one). ``settings`` are fields of :class:`~schemaconv.options.Options`. Raises
    :class:`~schemaconv.engines.UnknownEngine`, :class:`~schemaconv.options.OptionError`,
    :class:`~schemaconv.statistics.StatisticsError` and :class:`~schemaconv.source.SourceError`; bad SQL never raises.
    """
    files = load(script, (options or DEFAULTS).encoding)
    return convert_files(files, source=source, target=target, options=options, progress=progress, **settings)


def load(script: str | Path | Sequence[str | Path], encoding: str = "") -> tuple[source.SourceFile, ...]:
    """The source files that ``script`` stands for; see :func:`convert`."""
    from .discover import expand

    if isinstance(script, str) and not _is_path(script):
        return (source.from_text(script),)
    entries = [script] if isinstance(script, (str, Path)) else list(script)
    return tuple(source.read_file(p, encoding or None) for p in expand([str(e) for e in entries]))


def _is_path(text: str) -> bool:
    if not text.strip() or "\n" in text or len(text) > 1024 or ";" in text:
        return False
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False


def convert_files(
    files: tuple[source.SourceFile, ...],
    *,
    source: str | Engine,
    target: str | Engine | Iterable[str | Engine],
    options: Options | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
    **settings: Any,
) -> Result:
    """:func:`convert` for sources that are read already; ``jobs`` processes work on several targets."""
    from . import pipeline

    origin = engines.find(source, "source") if isinstance(source, str) else source
    wanted = [target] if isinstance(target, (str, Engine)) else list(target)
    targets = tuple(engines.find(t, "target") if isinstance(t, str) else t for t in wanted)
    chosen = with_values(options or DEFAULTS, settings, "convert()") if settings else options or DEFAULTS
    return Result(pipeline.run(files, origin, targets, chosen, progress, jobs))


def assess(
    script: str | Path | Sequence[str | Path],
    *,
    source: str | Engine,
    target: str | Engine | Iterable[str | Engine],
    options: Options | None = None,
    **settings: Any,
) -> Result:
    """The same run as :func:`convert` with no output text."""
    from dataclasses import replace

    done = convert(script, source=source, target=target, options=options, **settings)
    bare = tuple(
        replace(c, files=(), objects=tuple(replace(o, target=None) for o in c.objects)) for c in done.conversions
    )
    return Result(replace(done.model, conversions=bare))


def explain(code: str) -> str:
    """The page of a code as Markdown. Raises :class:`~schemaconv.codes.UnknownCode`."""
    from . import codes

    page = codes.page(code.upper())
    return f"# {page.code} {page.title}\n\nSeverity: {page.severity.value}\n\n{page.text}\n"
