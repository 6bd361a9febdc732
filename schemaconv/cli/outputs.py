"""Where the scripts of a run go."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ..engines import Engine
from ..report.model import Conversion, Report
from ..source import SourceFile
from .settings import Request

STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class Destination:
    """Standard output (no ``path``), one file, or a folder; several targets get a folder each below it."""

    path: Path | None = None
    folder: bool = False

    def below(self, targets: tuple[Engine, ...], target: Engine) -> Path:
        """The folder for the scripts of ``target``."""
        root = self.path or Path()
        if len(targets) == 1:
            return root
        twice = sum(1 for t in targets if t.name == target.name) > 1
        return root / (f"{target.name}-{target.label}" if twice else target.name)


def destination(request: Request) -> Destination:
    """What ``-o`` says. Raises :class:`click.UsageError` when it does not fit the targets and the layout."""
    if len(request.targets) > 1:
        reason = "several targets"
    elif request.options.layout == "split":
        reason = "--layout split"
    else:
        reason = ""
    if request.output in ("", "-"):
        if reason:
            raise click.UsageError(f"{reason} cannot go to standard output: name a folder with -o DIR")
        return Destination()
    path = Path(request.output)
    folder = bool(reason) or request.output.endswith(("/", os.sep)) or path.is_dir()
    if folder and path.exists() and not path.is_dir():
        raise click.UsageError(f"{path} is a file, and {reason or 'a closing slash'} asks for a folder: change -o")
    return Destination(path, folder)


def named(model: Report, where: Destination) -> Report:
    """``model`` with the file that -o names, or standard output, as the place of what was written."""
    if where.folder:
        return model
    name = where.path.name if where.path else "<stdout>"
    return replace(model, conversions=tuple(_named(c, name) for c in model.conversions))


def _named(conversion: Conversion, name: str) -> Conversion:
    if len(conversion.files) != 1:
        return conversion
    objects = tuple(
        replace(o, target=replace(o.target, file=name)) if o.target else o for o in conversion.objects
    )  # fmt: skip
    return replace(conversion, objects=objects, files=(replace(conversion.files[0], path=name),))


def scripts(model: Report, where: Destination) -> dict[Path, str]:
    """Every script to write with its text; nothing for standard output or where nothing was converted."""
    if where.path is None:
        return {}
    if not where.folder:
        made = [c.sql for c in model.conversions if c.files]
        return {where.path: "".join(made)} if made else {}
    targets = tuple(c.target for c in model.conversions)
    return {
        where.below(targets, c.target) / f.path: f.text for c in model.conversions for f in c.files
    }  # fmt: skip


def places(model: Report, where: Destination) -> dict[tuple[Engine, str], str]:
    """Where each file of a target is written, as a person would name it."""
    if not where.folder:
        name = str(where.path) if where.path else "<stdout>"
        return {(c.target, f.path): name for c in model.conversions for f in c.files}
    targets = tuple(c.target for c in model.conversions)
    return {
        (c.target, f.path): str(where.below(targets, c.target) / f.path) for c in model.conversions for f in c.files
    }


def refuse_collisions(files: Iterable[Path], reports: Iterable[Path], sources: Iterable[SourceFile]) -> None:
    """Raises :class:`click.ClickException` when an output is an input, or two outputs are one file."""
    inputs = {Path(f.path).resolve() for f in sources if f.path != STDIN}
    seen: set[Path] = set()
    for path in (*files, *reports):
        final = path.resolve()
        if final in inputs:
            raise click.ClickException(f"{path}: is one of the inputs; nothing was written, name another output")
        device = final.exists() and not final.is_file()
        if final in seen and not device:
            raise click.ClickException(f"{path}: is named twice as an output; nothing was written")
        seen.add(final)


def left_behind(files: dict[Path, str]) -> list[Path]:
    """Numbered scripts of an earlier run that stand beside the new ones and were not written again."""
    folders = {p.parent for p in files if p.name[:1].isdigit()}
    old = (p for folder in folders if folder.is_dir() for p in folder.glob("[0-9][0-9]_*.sql"))
    return sorted(p for p in old if p not in files)
