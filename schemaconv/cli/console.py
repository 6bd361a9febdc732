"""What is said on standard error while and after the work: findings, progress, the summary."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from ..report import digest
from ..report.model import Conversion, Finding, Report
from ..report.text import columns
from ..severity import Severity
from .shell import Shell

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from ..verify import VerifyResult

#: After so many findings of one code the others are only counted, unless -v asks for all.
SHOWN = 10

_STYLE = {Severity.NOTE: "cyan", Severity.REVIEW: "yellow", Severity.MANUAL: "magenta", Severity.ERROR: "red"}


def findings(shell: Shell, found: Sequence[tuple[Finding, tuple[str, ...]]], kept: str) -> None:
    """Every finding worth a line: cause, then remedy, and the targets that it holds for if not for all.

    ``kept`` says where those are that are only counted; empty for nowhere.
    """
    shown: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for finding, targets in found:
        if finding.severity.rank < _least(shell).rank:
            continue
        if shown[finding.code] >= SHOWN and not shell.verbose:
            hidden[finding.code] += 1
            continue
        shown[finding.code] += 1
        shell.say(_line(finding, targets))
        if finding.remedy:
            shell.say(f"    remedy: {digest.one_line(finding.remedy)}")
    where = f"{kept}; " if kept else ""
    for code, number in sorted(hidden.items()):
        shell.say(f"... and {number:,} more {code} ({where}-v shows them)")


def _least(shell: Shell) -> Severity:
    if shell.verbose:
        return Severity.NOTE
    return Severity.ERROR if shell.quiet else Severity.REVIEW


def merged(conversions: Sequence[Conversion]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Findings in source order, each once, with the targets that it holds for; none when it holds for all."""
    held: dict[Finding, list[str]] = {}
    for conversion in conversions:
        for finding in dict.fromkeys(conversion.findings):
            held.setdefault(finding, []).append(digest.label(conversion))
    found = [(finding, tuple(targets) if len(targets) < len(conversions) else ()) for finding, targets in held.items()]
    if len(conversions) > 1:
        first = {name: i for i, name in enumerate(dict.fromkeys(f.file for f, _ in found))}
        found.sort(key=lambda e: (first[e[0].file], e[0].line, e[0].column))
    return found


def _line(finding: Finding, targets: tuple[str, ...]) -> str:
    numbers = f":{finding.line}:{finding.column}" if finding.line else ""
    place = f"{finding.file}{numbers}: " if finding.file else ""
    severity = click.style(finding.severity.value, fg=_STYLE[finding.severity], bold=True)
    only = f" [{', '.join(targets)}]" if targets else ""
    return f"{place}{severity} {finding.code}: {digest.one_line(finding.message)}{only}"


def summary(
    shell: Shell, model: Report, written: Iterable[Path], verified: Sequence[VerifyResult], seconds: float
) -> None:
    """The counts of every target, the files written, the time. Nothing under -q."""
    if shell.quiet:
        return
    for conversion in model.conversions:
        if conversion.advice:
            continue
        rows = digest.table(conversion)
        head = f"{digest.pair(model, conversion)}: {digest.extent(model, conversion)}"
        if conversion.objects and shell.colored:
            _rich_table(head, rows)
        else:
            shell.say()
            shell.say(head)
            for line in columns(rows) if conversion.objects else ():
                shell.say(line)
    for result in verified:
        shell.say(verdict(result))
    for line in _files(list(written)):
        shell.say(line)
    shell.say(f"{seconds:.1f} s")


def verdict(result: VerifyResult) -> str:
    """One sentence about what a server made of a script."""
    total, refused = len(result.outcomes), len(result.refused)
    if refused:
        return f"{result.engine_label} refused {refused:,} of {digest.counted(total, 'statement')}"
    return f"{result.engine_label} accepted {'all ' if total > 1 else ''}{digest.counted(total, 'statement')}"


def _files(written: list[Path]) -> list[str]:
    if len(written) <= 5:
        return [f"written: {p}" for p in written]
    folders = Counter(p.parent for p in written)
    return [
        f"written: {folder}/ ({digest.counted(number, 'file')})" if number > 1
        else f"written: {next(p for p in written if p.parent == folder)}"
        for folder, number in folders.items()
    ]  # fmt: skip


def _rich_table(head: str, rows: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_footer=False, pad_edge=False)
    styles = {"converted": "green", "review": "yellow", "manual": "magenta", "failed": "red"}
    table.add_column("")
    for name in rows[0][1:]:
        table.add_column(name, justify="right", style=styles.get(name, ""))
    for row in rows[1:]:
        table.add_row(*row, style="bold" if row is rows[-1] and len(rows) > 2 else "")
    console = Console(stderr=True, highlight=False)
    console.print()
    console.print(head, markup=False, soft_wrap=True)
    console.print(table)


class Progress:
    """A bar on standard error, once the work has taken longer than a second; for ``api.Progress``.

    Rich is imported only when the bar appears.
    """

    def __init__(self, shown: bool, clock: Callable[[], float] = time.monotonic, patience: float = 1.0) -> None:
        self._shown = shown
        self._clock = clock
        self._until = clock() + patience
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self._shown or (self._bar is None and self._clock() < self._until):
            return
        if self._bar is None or self._task is None:
            self._bar, self._task = _bar()
        self._bar.update(self._task, description=stage, completed=done, total=total or None)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> tuple[RichProgress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    bar.start()
    return bar, bar.add_task("")
