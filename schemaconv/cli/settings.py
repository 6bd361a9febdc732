"""From flags and ``schemaconv.toml`` to one checked request.

A flag wins over the file, the file over the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from .. import engines
from ..engines import Engine, UnknownEngine
from ..options import DEFAULTS, OptionError, Options, from_file, from_pairs, with_values

CONFIG = "schemaconv.toml"
FAIL_ON = ("never", "error", "manual", "review")


@dataclass(frozen=True, slots=True)
class Request:
    """What one ``convert`` or ``assess`` is to do. ``output`` is empty or ``-`` for standard output."""

    source: Engine
    targets: tuple[Engine, ...]
    paths: tuple[str, ...]
    options: Options
    output: str = ""
    reports: tuple[Path, ...] = ()
    fail_on: str = "error"
    verify: bool = False
    urls: tuple[str, ...] = ()
    jobs: int = 1


def resolve(given: Mapping[str, Any]) -> Request:
    """The request that the flags in ``given`` make, with the configuration file below them.

    Raises :class:`click.UsageError`, :class:`~schemaconv.engines.UnknownEngine` and
    :class:`~schemaconv.options.OptionError`.
    """
    file = _config_file(given.get("config"))
    configured = from_file(file) if file else None
    run = _Run(configured.run if configured else {}, file)
    options = _options(given, configured.options if configured else DEFAULTS, run)
    source, targets = _engines(given, run)
    reports = tuple(Path(r) for r in given.get("report") or ()) or tuple(map(Path, run.paths("report")))
    paths = tuple(given.get("paths") or ()) or run.paths("paths")
    if not paths:
        raise click.UsageError("nothing to read: name a script, a folder or a glob, or - for standard input")
    return Request(
        source=source,
        targets=targets,
        paths=paths,
        options=options,
        output=_output(given, run),
        reports=_checked_reports(reports),
        fail_on=_fail_on(given, run, options),
        verify=bool(given.get("verify") or given.get("url")),
        urls=tuple(given.get("url") or ()),
        jobs=given.get("jobs") or run.number("jobs") or 1,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """The ``[run]`` section of a configuration file; its relative paths start where the file stands."""

    values: Mapping[str, Any]
    file: Path | None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, ())
        found = (value,) if isinstance(value, str) else value
        if not isinstance(found, (list, tuple)) or not all(isinstance(v, str) for v in found):
            raise OptionError(f"{self.file}: run.{key} is {value!r}; it takes text or a list of texts")
        return tuple(found)

    def text(self, key: str) -> str:
        found = self.texts(key)
        if len(found) > 1:
            raise OptionError(f"{self.file}: run.{key} takes one text, not a list")
        return found[0] if found else ""

    def number(self, key: str) -> int:
        value = self.values.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise OptionError(f"{self.file}: run.{key} is {value!r}; it takes a whole number")
        return value

    def paths(self, key: str) -> tuple[str, ...]:
        return tuple(self.near(p) for p in self.texts(key))

    def near(self, path: str) -> str:
        """``path`` as seen from here; a closing slash (a folder that is yet to be made) stays."""
        if path == "-" or self.file is None:
            return path
        return str(self.file.parent / path) + ("/" if path.endswith("/") else "")


def _config_file(named: str | None) -> Path | None:
    if named:
        return Path(named)
    return Path(CONFIG) if Path(CONFIG).is_file() else None


def _options(given: Mapping[str, Any], options: Options, run: _Run) -> Options:
    if options.rules:
        options = replace(options, rules=run.near(options.rules))
    if options.statistics:
        options = replace(options, statistics=run.near(options.statistics))
    for pair in given.get("settings") or ():
        if pair.partition("=")[0].strip() == "types":
            raise OptionError("--set types: write [[type]] rows in schemaconv.toml instead")
        if pair.partition("=")[0].strip() == "distribution":
            raise OptionError("--set distribution: write --set distribution.TABLE=..., or rows in schemaconv.toml")
        options = from_pairs(options, (pair,))
    flags = {k: given[k] for k in ("mode", "layout", "encoding", "rules") if given.get(k)}
    options = with_values(options, flags, "flags") if flags else options
    for pair in given.get("define") or ():
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise OptionError(f"--define {pair}: write NAME=value")
        options = replace(options, define=(*options.define, (name.strip(), value)))
    if options.define:
        options = replace(options, define=tuple(dict(options.define).items()))
    if options.rules and not Path(options.rules).is_dir():
        raise OptionError(f"{options.rules}: no such folder of rules")
    return options


def _engines(given: Mapping[str, Any], run: _Run) -> tuple[Engine, tuple[Engine, ...]]:
    origin = given.get("origin") or run.text("from")
    wanted = tuple(given.get("to") or ()) or run.texts("to")
    if not origin:
        raise click.UsageError(f"say what the scripts are written for: --from {' or '.join(engines.SOURCES)}")
    if not wanted:
        raise click.UsageError(f"say what to convert for: --to {', '.join(engines.TARGETS)}")
    source = engines.find(origin, "source")
    targets = tuple(dict.fromkeys(engines.find(t, "target") for t in wanted))
    for target in targets:
        if target.family == source.family:
            continue  # nothing to convert, which is an answer too
        if source.name not in engines.SOURCES:
            known = ", ".join(engines.SOURCES)
            raise UnknownEngine(f"scripts for {source.name} cannot be read yet; known sources are {known}")
        if target.name not in engines.TARGETS:
            known = ", ".join(engines.TARGETS)
            raise UnknownEngine(f"{target.name} is no target; known targets are {known}")
    return source, targets


def _output(given: Mapping[str, Any], run: _Run) -> str:
    if given.get("output"):
        return str(given["output"])
    configured = run.text("output")
    return run.near(configured) if configured else ""


def _checked_reports(reports: tuple[Path, ...]) -> tuple[Path, ...]:
    if reports:
        from ..report.write import UnknownFormat, check

        for report in reports:
            try:
                check(report)
            except UnknownFormat as error:
                raise click.UsageError(f"--report {error}") from None
    return reports


def _fail_on(given: Mapping[str, Any], run: _Run, options: Options) -> str:
    chosen = given.get("fail_on") or run.text("fail_on")
    if chosen and chosen not in FAIL_ON:
        raise OptionError(f"{run.file}: run.fail_on is {chosen!r}; it may be {', '.join(FAIL_ON)}")
    return chosen or ("manual" if options.mode == "strict" else "error")
