"""How many of the corpus's views are converted: those that lie on tables which the same scripts make.

A view over something that its scripts do not define is held back (SC3142), and no conversion can help it: such views
are counted apart, and so are those over tables that wait for a person. Only definitions are loaded into the servers:
rows would take their time and tell nothing of views.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from alone import PROMISED, Added, Group, of_kinds
from scoring import Judge, definitions, refused_within

from schemaconv.report.model import Conversion, Finding, ObjectReport
from schemaconv.severity import Severity, Verdict
from schemaconv.verify import VerifyUnavailable

#: Percent of the views on converted tables that do not wait for a person.
GOAL = 97
VIEWS = ("view", "materialized_view")
HELD = "SC3142"
_VIEW = re.compile(r"\bVIEW\b", re.I)
_NEEDS = re.compile(r"needs (.+?), which")


@dataclass
class Views(Added):
    """What became of the views of some scripts on one target. ``apart`` are views over what is not there; ``refused``
    holds the servers' sentences, ``lost`` the views that wait for a person with their codes."""

    of: int = 0
    materialized: int = 0
    converted: int = 0
    apart: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return 100 * self.converted / self.of if self.of else 100.0


Rows = dict[str, Views]


def groups(known: list[Group]) -> list[Group]:
    """The groups of files that speak of views at all."""
    return [g for g in known if any(_VIEW.search(f.text) for f in g.sources())]


def run(chosen: list[Group], source: str, targets: list[str], judge: Judge) -> dict[str, Rows]:
    """The views of one source by target and set."""
    return of_kinds(chosen, source, targets, VIEWS, lambda done, name: count(done, name, judge))


def count(done: Conversion, target: str, judge: Judge) -> Views:
    """The views of one conversion, loaded together with what they lie on."""
    found = Views()
    verdicts: dict[str, Verdict] = {o.name: o.verdict for o in done.objects if o.kind not in VIEWS}
    views = [o for o in done.objects if o.kind in VIEWS and o.verdict is not Verdict.IGNORED]
    apart = _apart(views, verdicts)
    kept = [v for v in views if v.name not in apart]
    found.apart, found.of = len(views) - len(kept), len(kept)
    found.materialized = sum(v.kind == "materialized_view" for v in kept)
    promised = [v for v in kept if v.verdict in PROMISED]
    found.converted = len(promised)
    for view in kept:
        if view.verdict not in PROMISED:
            codes = sorted({d.code for d in _stopping(view)})
            found.codes.update(codes)
            found.lost.append(f"{view.source.file}:{view.source.start_line}: {view.name}: {', '.join(codes)}")
    found.refused = _refused(done, promised, target, judge) if promised else []
    return found


def _stopping(view: ObjectReport) -> list[Finding]:
    return [d for d in view.diagnostics if d.severity in (Severity.MANUAL, Severity.ERROR)]


def _apart(views: list[ObjectReport], verdicts: dict[str, Verdict]) -> set[str]:
    """The names of views that are held back and no more, for something that is not there or that is no view and waits
    for a person; and of views upon those."""
    apart: set[str] = set()
    names = {v.name for v in views}
    for _ in views:
        before = len(apart)
        for view in views:
            stopping = _stopping(view)
            needed = [m[1] for d in stopping if (m := _NEEDS.search(d.message))]
            if stopping and all(d.code == HELD for d in stopping):
                apart |= {view.name for n in needed if n in apart or not _own(n, names)}
        if len(apart) == before:
            break
    return apart


def _own(name: str, views: set[str]) -> bool:
    """Whether ``name``, with its schema or without, is one of the views."""
    return name in views or any(v.endswith(f".{name}") or name.endswith(f".{v}") for v in views)


def _refused(done: Conversion, views: list[ObjectReport], target: str, judge: Judge) -> list[str]:
    """What a server says against the views, in sentences."""
    try:
        answer = judge.load(target, definitions(done))[1]
    except VerifyUnavailable as reason:
        return [f"not loaded: {reason}"]
    return refused_within(done, answer, [v.target for v in views])


def table(rows: dict[tuple[str, str], Rows]) -> list[str]:
    """A Markdown table with a row for each source and target."""
    titles = ("source", "target", "views", "materialized", "without manual", "rate", "refused", "on nothing", "codes")
    out = ["| " + " | ".join(titles) + " |", "|---|---" + "|--:" * 6 + "|---|"]
    for (source, target), sets in rows.items():
        total = Views()
        for row in sets.values():
            total.add(row)
        codes = ", ".join(f"{code} {n}" for code, n in total.codes.most_common(8))
        rate = f"{total.rate:.1f} %"
        numbers = (total.of, total.materialized, total.converted, rate, len(total.refused), total.apart)
        out.append(f"| {source} | {target} | {' | '.join(map(str, numbers))} | {codes} |")
    return out


def show(rows: dict[tuple[str, str], Rows]) -> None:
    """Name the views that wait for a person, and what servers refused."""
    for (source, target), sets in rows.items():
        for set_, row in sets.items():
            print(*(f"{source} {target} {set_} lost: {line}" for line in row.lost), sep="\n")
            print(*(f"{source} {target} {set_} refused: {line}" for line in row.refused), sep="\n")


def section(rows: dict[tuple[str, str], Rows]) -> str:
    """What ``docs/scoreboard.md`` says of views."""
    text = f"""## Views

Views and materialized views of the whole corpus that lie on tables which the same scripts make and which are
converted: how many need no person (goal: {GOAL} %), and how many of those a server refused (goal: none). *On nothing*
are views over something that no script of their set defines, or that waits for a person itself: they are held back
(SC3142) and not counted. *Codes* say how often a view waits for a person, and for which reason.
"""
    return "\n".join([text, *table(rows), ""])


def reached(rows: dict[tuple[str, str], Rows]) -> bool:
    """Whether the goal holds for every source and target."""
    total = {side: Views() for side in rows}
    for side, sets in rows.items():
        for row in sets.values():
            total[side].add(row)
    return all(t.rate >= GOAL and not t.refused for t in total.values())
