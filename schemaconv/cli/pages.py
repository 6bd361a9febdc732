"""``explain`` and ``engines``: what the rules say, printed."""

from __future__ import annotations

import difflib
import re
import shutil
import sys

import click

from .. import api, codes, rulefiles
from ..engines import ALIASES, SOURCES, TARGETS, Engine, Profile, find, profile
from ..engines import constructs as every_construct
from ..report.text import columns
from .shell import Shell


def explain(shell: Shell, text: str) -> int:
    """Print the page of the code that ``text`` names (``SC2104``, ``sc2104``, ``2104`` or its slug)."""
    try:
        page = api.explain(_code(text))
    except codes.UnknownCode:
        raise click.ClickException(f"no code {text!r}{_near(_code(text))}; schemaconv explain lists them all") from None
    if shell.output_colored:
        _rich_markdown(page)
    else:
        shell.result(page)
    return 0


def every_code(shell: Shell) -> int:
    """List every code with its severity and title."""
    rows = [f"{p.code}  {p.severity.value:<6}  {p.title}\n" for p in codes.every()]
    shell.result("".join(rows))
    return 0


def engine_list(shell: Shell) -> int:
    """List sources and targets, each with the version that is meant when none is given and the others."""
    rows = [["source", "default", "versions"], *map(_engine, SOURCES), ["", "", ""]]
    rows += [["target", "default", "versions"], *map(_engine, TARGETS)]
    widths = [max(len(r[i]) for r in rows) for i in (0, 1)]
    lines = [f"{r[0].ljust(widths[0])}  {r[1].ljust(widths[1])}  {r[2]}".rstrip() for r in rows]
    known = (*SOURCES, *TARGETS)
    aliases = [f"{alias} ({name})" for alias, name in sorted(ALIASES.items()) if name in known]
    lines += ["", "A version is named as in --to postgres:17.", f"Other spellings: {', '.join(aliases)}."]
    shell.result("\n".join(lines) + "\n")
    return 0


def constructs(shell: Shell) -> int:
    """Print the support matrix: every construct on every target, at the target's default version."""
    rows = matrix()
    if shell.output_colored:
        _rich_matrix(rows)
    else:
        shell.result("\n".join(columns(rows, "")) + "\n")
    shell.result("\n" + "\n".join(LEGEND) + "\n")
    return 0


LEGEND = (
    "yes            kept as it is",
    "no             rewritten, or said by its code when nothing equal can be written",
    "ignored        left out because nothing is needed there, and said by its code",
    "informational  kept for the planner, not enforced",
    "17+            from this version on: name it, as in --to postgres:17",
)


def matrix() -> list[list[str]]:
    """The support matrix as rows: a head, then title, code and the treatment on each target."""
    profiles = [profile(find(name, "target")) for name in TARGETS]
    head = ["construct", "code", *(f"{p.engine.name} {p.engine.label}" for p in profiles)]
    rows = [
        [str(about["title"]), str(about.get("code", "")), *(_treatment(p, name) for p in profiles)]
        for name, about in every_construct().items()
    ]
    return [head, *rows]


def _treatment(target: Profile, construct: str) -> str:
    found = target.treatment(construct)
    listed = target.table[construct]
    return f"{listed['since']}+" if isinstance(listed, dict) and found != "yes" else found


def _engine(name: str) -> list[str]:
    engine: Engine = find(name)
    versions = rulefiles.load(f"engines/{name}.toml").get("versions", ())
    return [name, engine.label, ", ".join(map(str, versions))]


def _code(text: str) -> str:
    text = text.strip()
    if re.fullmatch(r"\d{1,4}", text):
        return f"SC{text.zfill(4)}"
    if re.fullmatch(r"(?i)sc\d+", text):
        return text.upper()
    slug = re.sub(r"[\s_]+", "-", text.lower())
    return next((c for c, path in rulefiles.code_files().items() if path.stem[7:] == slug), text)


def _near(code: str) -> str:
    """The codes that may be meant: those that look like it, else its hundred; for words, like slugs."""
    files = rulefiles.code_files()
    if re.fullmatch(r"SC\d+", code):
        near = difflib.get_close_matches(code, files, 3, 0.8) or [c for c in files if c[:3] == code[:3]][:3]
    else:
        slugs = {path.stem[7:]: c for c, path in files.items()}
        near = [slugs[s] for s in difflib.get_close_matches(code.lower(), slugs, 3, 0.5)]
    return f"; near are {', '.join(f'{c} ({codes.page(c).title})' for c in near)}" if near else ""


def _rich_markdown(page: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    width = min(100, shutil.get_terminal_size().columns)
    Console(file=sys.stdout, width=width).print(Markdown(page))


def _rich_matrix(rows: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    styles = {"yes": "green", "no": "yellow", "ignored": "dim"}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0]:
        table.add_column(name)
    for row in rows[1:]:
        cells = [f"[{styles[c]}]{c}[/]" if c in styles else c for c in row]
        table.add_row(*cells)
    Console(file=sys.stdout, highlight=False).print(table)
