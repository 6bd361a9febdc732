"""The report as Markdown: for a pull request. The groups of the text report, the long parts folded away."""

from __future__ import annotations

import re

from ..severity import Severity
from . import digest
from .digest import Entry, Group
from .model import Conversion, Report


def render(model: Report) -> str:
    """The report of every target as GitHub-flavoured Markdown, with one line feed at its end."""
    return "\n\n".join("\n".join(_conversion(model, c)) for c in model.conversions) + "\n"


_MARKUP = re.compile(r"[\\`*<>\[\]|~&]|(?<!\w)_|_(?!\w)")


def escaped(text: str) -> str:
    """``text`` on one line, so that Markdown shows it as it is."""
    return _MARKUP.sub(lambda m: "\\" + m[0], digest.one_line(text))


def code(text: str) -> str:
    """``text`` as inline code, also when it holds backticks, and inside a table."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{digest.one_line(text)}{pad}{fence}".replace("|", "\\|")


def _conversion(model: Report, conversion: Conversion) -> list[str]:
    out = [f"## Schema conversion: {digest.pair(model, conversion)}", ""]
    if conversion.advice:
        out += [f"- {escaped(line)}" for line in conversion.advice]
    else:
        out.append(digest.extent(model, conversion))
    if conversion.objects:
        out += ["", *_table(digest.table(conversion))]
    work = digest.groups(conversion, *digest.WORK)
    if work:
        out += ["", f"### Needs a person: {digest.waiting(conversion)}"]
        out += [line for group in work for line in _group(group)]
    reviews = digest.groups(conversion, Severity.REVIEW)
    if reviews:
        out += ["", f"### To review: {digest.total(reviews, 'place')} where the meaning may differ"]
        out += [line for group in reviews for line in _group(group)]
    notes = digest.groups(conversion, Severity.NOTE)
    if notes:
        lines = [f"- {g.code} × {len(g.findings):,} {escaped(g.title)}".rstrip() for g in notes]
        out += ["", *_folded("Notes: nothing to do", lines)]
    names = digest.renamed(conversion)
    if names:
        lines = [f"- {r.kind.replace('_', ' ')} {code(r.source)} → {code(r.target)}" for r in names]
        out += ["", *_folded(f"Names changed: {len(names):,}", lines)]
    if not work and not reviews and conversion.objects and not conversion.advice:
        out += ["", "Nothing needs a person, and nothing to review."]
    return out


def _table(rows: list[list[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in rows[0][1:])]
    return [f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])]


def _folded(summary: str, lines: list[str]) -> list[str]:
    return ["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]


def _group(group: Group) -> list[str]:
    head = [f"**{group.code}** {escaped(group.title)} ({group.severity.value})".replace("  ", " ")]
    if group.message:
        head.append(escaped(group.message))
    if group.remedy:
        head.append(f"*Remedy:* {escaped(group.remedy)}")
    entries = [line for entry in group.entries() for line in _entry(entry)]
    if len(entries) > 10 and group.severity is Severity.REVIEW:
        entries = _folded(digest.counted(len(group.findings), "place"), entries)
    return ["", *(line + "  " for line in head[:-1]), head[-1], "", *entries]


def _entry(entry: Entry) -> list[str]:
    parts = ([code(entry.place)] if entry.place else []) + ([f"**{escaped(entry.object)}**"] if entry.object else [])
    line = "- " + ": ".join(p for p in (" ".join(parts), escaped(entry.message)) if p)
    return [line + "  ", f"  *Remedy:* {escaped(entry.remedy)}"] if entry.remedy else [line]
