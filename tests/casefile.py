"""The pages under ``tests/cases``: one topic each, every ``## heading`` a test.

A test holds fenced blocks, told apart by the word behind the language::

    sql source=oracle options="number=double"    the input, and options as for --set; "\\ " is a blank within one,
                                                 files are seen from the folder of the page
    sql target=postgres                          the expected output; also target=postgres:17
    text report=postgres                         the expected findings: line:column code severity object
    sql setup=postgres                           what the output needs on a live server and does not make
    itself sql check=postgres                           statements that are run on the live server after
    loading text rows=postgres                           the rows they must answer, cells parted by tabs

A target without a report block expects no findings. ``check`` and ``rows`` belong together; a statement that
the server must refuse answers one row, ``ERROR`` and the server's code.
"""

from __future__ import annotations

import fnmatch
import re
import shlex
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from schemaconv import engines, options
from schemaconv.api import Result, convert_files
from schemaconv.report.model import Conversion
from schemaconv.source import from_text

ROOT = Path(__file__).parent / "cases"
ROLES = ("source", "target", "report", "setup", "check", "rows")
NEW_CASE_TARGETS = ("postgres", "mysql", "redshift")
_FENCE = re.compile(r"(`{3,})(sql|text)\s+(\w+)=(\S+)(.*)")


class CaseError(Exception):
    """A page that cannot be read: names the page, the line and what is wrong."""


@dataclass(frozen=True)
class Block:
    """``first`` and ``last`` are the line indexes of its text in the page (half open)."""

    role: str
    engine: str
    settings: tuple[str, ...]
    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Case:
    page: str
    title: str
    blocks: tuple[Block, ...]
    line: int

    def __str__(self) -> str:
        return f"{self.page}#{self.title}"

    @property
    def source(self) -> Block:
        return next(b for b in self.blocks if b.role == "source")

    def block(self, role: str, engine: str) -> Block | None:
        return next((b for b in self.blocks if b.role == role and b.engine == engine), None)

    def text(self, role: str, engine: str) -> str:
        """A block's text, empty when there is none."""
        found = self.block(role, engine)
        return found.text if found else ""

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(b.engine for b in self.blocks if b.role == "target")


def read_page(path: Path) -> tuple[Case, ...]:
    """The cases of one page. Raises :class:`CaseError`."""
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    lines = path.read_text("utf-8").splitlines()
    cases: list[Case] = []
    title, start, blocks = "", 0, list[Block]()
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("## "):
            if title:
                cases.append(_checked(Case(name, title, tuple(blocks), start)))
            title, start, blocks = line[3:].strip(), at + 1, []
        elif line.startswith("```"):
            block = _block(name, lines, at)
            if not title:
                raise CaseError(f"{name}:{at + 1}: a block before the first ## heading")
            blocks.append(block)
            at = block.last
        at += 1
    if title:
        cases.append(_checked(Case(name, title, tuple(blocks), start)))
    twice = {c.title for c in cases if [o.title for o in cases].count(c.title) > 1}
    if twice:
        raise CaseError(f"{name}: headings that occur twice: {', '.join(sorted(twice))}")
    return tuple(cases)


def _block(name: str, lines: list[str], at: int) -> Block:
    found = _FENCE.fullmatch(lines[at].rstrip())
    if not found or found[3] not in ROLES:
        raise CaseError(f"{name}:{at + 1}: cannot read {lines[at]!r}; roles are {', '.join(ROLES)}")
    try:
        end = lines.index(found[1], at + 1)
    except ValueError:
        raise CaseError(f"{name}:{at + 1}: the block is not closed") from None
    settings: tuple[str, ...] = ()
    for word in shlex.split(found[5]):
        key, _, value = word.partition("=")
        if key != "options" or found[3] != "source":
            raise CaseError(f"{name}:{at + 1}: cannot read {word!r}")
        settings = tuple(word.replace("\0", " ") for word in value.replace("\\ ", "\0").split())
    return Block(found[3], found[4], settings, "\n".join(lines[at + 1 : end]), at + 1, end)


def _checked(case: Case) -> Case:
    where = f"{case.page}:{case.line}"
    if [b.role for b in case.blocks].count("source") != 1:
        raise CaseError(f"{where}: {case.title!r} needs exactly one source block")
    seen = [(b.role, b.engine) for b in case.blocks]
    for block in case.blocks:
        if seen.count((block.role, block.engine)) > 1:
            raise CaseError(f"{where}: two {block.role}={block.engine} blocks")
        if block.role in ("report", "setup", "check", "rows") and block.engine not in case.targets:
            raise CaseError(f"{where}: {block.role}={block.engine} without a target={block.engine} block")
        if block.role == "check" and not case.block("rows", block.engine):
            raise CaseError(f"{where}: check={block.engine} without its rows")
    return case


@lru_cache(maxsize=1)
def every() -> tuple[Case, ...]:
    """All cases, by page and in the order of each page."""
    return tuple(case for path in sorted(ROOT.rglob("*.md")) for case in read_page(path))


@lru_cache(maxsize=64)
def converted(case: Case, targets: tuple[str, ...] | None = None) -> dict[str, Conversion]:
    """The conversion of a case for each target it has blocks for (or for ``targets``), from one run."""
    wanted = targets or case.targets
    chosen = options.from_pairs(options.DEFAULTS, case.source.settings)
    if chosen.statistics:
        chosen = replace(chosen, statistics=str((ROOT / case.page).parent / chosen.statistics))
    file = from_text(case.source.text + "\n", "case.sql")
    done: Result = convert_files(
        (file,), source=case.source.engine, target=[engines.find(t, "target") for t in wanted], options=chosen
    )
    return dict(zip(wanted, done.conversions, strict=True))


def output(conversion: Conversion) -> str:
    """What a target block should say."""
    return conversion.sql.rstrip("\n")


def report(conversion: Conversion) -> str:
    """What a report block should say: one finding a line, in source order."""
    return "\n".join(
        f"{f.line}:{f.column} {f.code} {f.severity.value} {f.object}".rstrip() for f in conversion.findings
    )


def update(pattern: str = "*") -> list[str]:
    """Rewrite the target and report blocks of every page that matches; returns the pages that changed.

    A case without any target block gets one for each family of targets.
    """
    changed = []
    for path in sorted(ROOT.rglob("*.md")):
        name = path.relative_to(ROOT).as_posix()
        if not fnmatch.fnmatch(name, pattern) and not fnmatch.fnmatch(name, f"*{pattern}*"):
            continue
        before = path.read_text("utf-8")
        lines = before.splitlines()
        for case in reversed(read_page(path)):
            _rewrite(lines, case)
        after = "\n".join(lines) + "\n"
        if after != before:
            path.write_text(after, "utf-8")
            changed.append(name)
    return changed


def _rewrite(lines: list[str], case: Case) -> None:
    """Put the present outputs of ``case`` into the lines of its page."""
    wanted = case.targets or NEW_CASE_TARGETS
    done = converted(case, wanted)
    edits: list[tuple[int, int, list[str]]] = []
    behind = max((b.last for b in case.blocks), default=case.line) + 1
    for engine in wanted:
        target = case.block("target", engine)
        text = output(done[engine])
        if target:
            edits.append((target.first, target.last, text.splitlines()))
        else:
            edits.append((behind, behind, ["", *_fenced("sql", "target", engine, text)]))
        found, told = report(done[engine]), case.block("report", engine)
        if told and found:
            edits.append((told.first, told.last, found.splitlines()))
        elif told:
            blank = told.first >= 2 and not lines[told.first - 2].strip()
            edits.append((told.first - 1 - blank, told.last + 1, []))
        elif found:
            place = target.last + 1 if target else behind
            edits.append((place, place, ["", *_fenced("text", "report", engine, found)]))
    # From the bottom up, so that the places above stay right; equal places in reverse, so that the order
    # stays.
    edits.reverse()
    for first, last, new in sorted(edits, key=lambda e: (e[0], e[1]), reverse=True):
        lines[first:last] = new


def _fenced(language: str, role: str, engine: str, text: str) -> list[str]:
    return [f"```{language} {role}={engine}", *text.splitlines(), "```"]
