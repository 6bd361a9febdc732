"""The report as plain text: for a person at a terminal. What needs that person stands first."""

from __future__ import annotations

from ..severity import Severity
from . import digest
from .digest import Entry, Group
from .model import Conversion, Report


def render(model: Report) -> str:
    """The report of every target, with one line feed at its end. The same model gives the same text."""
    return "\n\n".join("\n".join(_conversion(model, c)) for c in model.conversions) + "\n"


def columns(rows: list[list[str]], indent: str = "  ") -> list[str]:
    """``rows`` as lines: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines


def _conversion(model: Report, conversion: Conversion) -> list[str]:
    heading = f"Schema conversion, {digest.pair(model, conversion)}"
    out = [heading, "=" * len(heading), ""]
    if conversion.advice:
        out += conversion.advice
    else:
        out.append(digest.extent(model, conversion))
    if conversion.objects:
        out += ["", *columns(digest.table(conversion))]
    work = digest.groups(conversion, *digest.WORK)
    if work:
        out += ["", *_title(f"Needs a person: {digest.waiting(conversion)}")]
        out += [line for group in work for line in _group(group)]
    reviews = digest.groups(conversion, Severity.REVIEW)
    if reviews:
        out += ["", *_title(f"To review: {digest.total(reviews, 'place')} where the meaning may differ")]
        out += [line for group in reviews for line in _group(group)]
    notes = digest.groups(conversion, Severity.NOTE)
    if notes:
        out += ["", *_title("Notes: nothing to do")]
        out += [f"  {g.code}  {len(g.findings):>6,}  {g.title}".rstrip() for g in notes]
    names = digest.renamed(conversion)
    if names:
        out += ["", *_title(f"Names changed: {len(names):,}")]
        out += [f"  {r.kind.replace('_', ' ')} {r.source} -> {r.target}" for r in names]
    if not work and not reviews and conversion.objects and not conversion.advice:
        out += ["", "Nothing needs a person, and nothing to review."]
    return out


def _title(text: str) -> list[str]:
    return [text, "-" * len(text)]


def _group(group: Group) -> list[str]:
    out = ["", f"  {group.code} {group.severity.value}: {group.title}".rstrip(": ")]
    if group.message:
        out.append(f"      {group.message}")
    if group.remedy:
        out.append(f"      remedy: {digest.one_line(group.remedy)}")
    return out + [line for entry in group.entries() for line in _entry(entry)]


def _entry(entry: Entry) -> list[str]:
    head = "  ".join(p for p in (entry.place, entry.object) if p)
    out = [f"    {': '.join(p for p in (head, entry.message) if p)}"]
    return [*out, f"        remedy: {entry.remedy}"] if entry.remedy else out
