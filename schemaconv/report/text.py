"""The report as plain text: for a person at a terminal. What needs that person stands first."""

from __future__ import annotations

from ..severity import Severity
from . import digest
from .digest import Group
from .model import Conversion, Finding, Report


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
        out += [*conversion.advice, ""]
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
    shared = bool(group.message) and len(group.findings) > 1
    if shared:
        out.append(f"      {digest.one_line(group.message)}")
    if group.remedy:
        out.append(f"      remedy: {digest.one_line(group.remedy)}")
    return out + [line for f in group.findings for line in _entry(f, shared, bool(group.remedy))]


def _entry(finding: Finding, shared_message: bool, shared_remedy: bool) -> list[str]:
    parts = [digest.place(finding), finding.object]
    head = "  ".join(p for p in parts if p)
    message = "" if shared_message else digest.one_line(finding.message)
    out = [f"    {head}: {message}" if head and message else f"    {head or message}"]
    if not shared_remedy and finding.remedy:
        out.append(f"        remedy: {digest.one_line(finding.remedy)}")
    return out
