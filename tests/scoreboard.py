"""How near the conversions are to the schemas that people wrote by hand: ``make scoreboard``.

    python tests/scoreboard.py                                            all; rewrites docs/scoreboard.md
    python tests/scoreboard.py --source sqlserver                         one source; rewrites its sections
    python tests/scoreboard.py --set NAME [--target postgresql] [--show]  some, printed; --show names misses
    python tests/scoreboard.py --truth        hand-written scripts against themselves: checks the list of files

``--views`` measures views alone, ``--code`` stored code alone. ``--alone`` leaves out what has a hand-written version,
``--compared`` what has none. How it is measured stands in ``scoring.py``, ``alone.py``, ``viewing.py``, ``coding.py``.
What was missed for a reason is explained in ``docs/misses.toml``::

    [[camunda.postgresql]]
    source = "oracle"               # of this source; without it, of Oracle
    misses = ["index act_hi_*"]     # patterns of the lines that --show prints behind "miss:" or "refused:"
    kind = "opinion"                # the author's choice, not the source's; leave out for a loss of ours
    at_most = 23                    # more matches than this, and the entry explains none of them
    why = "..."
"""

from __future__ import annotations

import argparse
import fnmatch
import re
import sys
import tomllib
from collections import Counter
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # this checkout is measured, not an installed one

import alone
import coding
import viewing
from scoring import MEASURES, ROOT, SOURCES, TARGETS, Judge, Part, Score, parts, score

from schemaconv import engines
from schemaconv.severity import Verdict

PAGE = ROOT / "docs" / "scoreboard.md"
REASONS = ROOT / "docs" / "misses.toml"
#: To be reached over all targets together, by each source.
GOALS = {
    "tables": 100,
    "columns": 99.5,
    "type_class": 98,
    "not_null": 99,
    "pk": 99,
    "fk": 98,
    "unique": 98,
    "index": 97,
}
TITLES = {"oracle": "Oracle", "sqlserver": "SQL Server", "teradata": "Teradata"}
INTRODUCTION = """# Scoreboard

How near the conversions of real schemas come to the versions that the same projects wrote by hand, and which
statements the servers refused. Both versions are loaded into the same server and the catalogs compared:
`found/all` of what the hand-written schema has and the source's scripts speak of at all. `type class` asks for
the same kind of type, not the same spelling; a unique key counts in any order of its columns. *Refused*
counts statements of objects that were reported as converted or to be reviewed.

Sets without a hand-written version are counted: what was read, what became of it, what the servers refused, and
what the documented limits of Redshift rule out (*checks*).

Rewritten by `make scoreboard`; the explanations stand in `docs/misses.toml`.
"""
VIEWS = "## Views"
CODE = "## Stored code"
#: Sources whose stored code is converted.
CODE_SOURCES = ("oracle", "sqlserver")
Rows = dict[str, Score]


def run(chosen: list[Part], source: str, targets: list[str], judge: Judge, only_truth: bool) -> dict[str, Rows]:
    """Scores of one source by target and set."""
    results: dict[str, Rows] = {name: {} for name in targets}
    for part in chosen:
        for name in targets if source in part.files else ():
            if name in part.files:
                print(f"{source} {part} {name}", file=sys.stderr, flush=True)
                row = results[name].setdefault(part.set, Score())
                row.add(score(part, source, name, judge, only_truth), f"{part.name}: " if part.name else "")
    return {name: rows for name, rows in results.items() if rows}


@lru_cache(maxsize=1)
def reasons() -> dict[str, Any]:
    """``docs/misses.toml``: by set and target, which misses there are good reasons for."""
    return tomllib.loads(REASONS.read_text("utf-8")) if REASONS.is_file() else {}


def sorted_out(row: Score, set_: str, side: tuple[str, str]) -> list[tuple[dict[str, Any], list[str]]]:
    """The misses and refusals of a set under the entries that explain them; last, under ``{}``, those without.

    ``side`` is a source and a target. An entry that matches more than it was written for (``at_most``) explains
    nothing: something new hides in it.
    """
    source, target = side
    left = [*sorted(m.text for m in row.misses if not m.because), *(f"refused {r}" for r in row.refused)]
    found: list[tuple[dict[str, Any], list[str]]] = []
    for entry in reasons().get(set_, {}).get(target, []):
        if entry.get("source", "oracle") != source:
            continue
        here = [t for t in left if any(fnmatch.fnmatchcase(t, pattern) for pattern in entry["misses"])]
        if here and len(here) <= entry.get("at_most", len(here)):
            found.append((entry, here))
            left = [t for t in left if t not in here]
    return [*found, ({}, left)] if left else found


def opinions(row: Score, set_: str, side: tuple[str, str]) -> Counter[str]:
    """By measure, the misses where the hand-written schema is not what the source says: its author's own choice."""
    chosen = {t for entry, texts in sorted_out(row, set_, side) if entry.get("kind") == "opinion" for t in texts}
    return Counter(m.measure for m in row.misses if (m.because or m.text) in chosen)


def table(rows: Rows, side: tuple[str, str]) -> list[str]:
    """A Markdown table with a row for each set, the totals with and without differences of opinion, the goals."""
    titles = ("set", *(m.replace("_", " ") for m in MEASURES), "refused", "objects by verdict")
    out = ["| " + " | ".join(titles) + " |", "|---" + "|--:" * (len(MEASURES) + 1) + "|---|"]
    for name, row in rows.items():
        cells = [f"{row.found[m]}/{row.of[m]}" if row.of[m] else "-" for m in MEASURES]
        out.append(f"| {name} | {' | '.join(cells)} | {len(row.refused)} | {_verdicts(row)} |")
    total = added(rows)
    cells = [f"**{share(total, m):.2f} %**" for m in MEASURES]
    out.append(f"| **all** | {' | '.join(cells)} | **{len(total.refused)}** | {_verdicts(total)} |")
    for name, row in rows.items():
        total.found.update(opinions(row, name, side))
    cells = [f"{share(total, m):.2f} %" for m in MEASURES]
    out.append(f"| but for differences of opinion | {' | '.join(cells)} | | |")
    out.append(f"| goal | {' | '.join(f'{GOALS[m]:g} %' for m in MEASURES)} | 0 | |")
    return out


def added(rows: Rows) -> Score:
    """The rows of a table added up."""
    total = Score()
    for row in rows.values():
        total.add(row)
    return total


def share(row: Score, measure: str) -> float:
    """Per cent found; 100 where there was nothing to find."""
    return 100 * row.found[measure] / row.of[measure] if row.of[measure] else 100.0


def _verdicts(row: Score) -> str:
    words = (*(v.value for v in Verdict), "characters unclaimed")
    return ", ".join(f"{row.verdicts[w]} {w}" for w in words if row.verdicts[w])


def explained(rows: Rows, side: tuple[str, str]) -> tuple[list[str], int]:
    """The misses of each set under their reasons, as Markdown, and how many have none."""
    out: list[str] = []
    open_ = 0
    for name, row in rows.items():
        groups = sorted_out(row, name, side)
        if groups:
            out += ["", f"#### {name}"]
        for entry, texts in groups:
            why = entry.get("why", "Not explained yet.").strip()
            out += ["", f"{why} ({len(texts)})", "", *(f"- `{t}`" for t in texts)]
            open_ += 0 if entry else len(texts)
    return out, open_


def section(rows: Rows, counted: alone.Rows, side: tuple[str, str]) -> str:
    """What ``docs/scoreboard.md`` says of one source and target."""
    out = [_heading(side), ""]
    if rows:
        misses, open_ = explained(rows, side)
        state = "Every miss is explained." if not open_ else f"{open_} misses are not explained yet."
        out += [*table(rows, side), "", f"### Misses explained: {_heading(side)[3:]}", "", state, *misses, ""]
    if counted:
        out += [f"### Without a counterpart: {_heading(side)[3:]}", "", *alone.table(counted, side[1]), ""]
        out += alone.losses(counted)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def _heading(side: tuple[str, str]) -> str:
    return f"## {TITLES[side[0]]} to {side[1]}"


def rewrite(made: dict[str, str]) -> None:
    """Put new sections, by their headings, into ``docs/scoreboard.md``; those that were not measured stay as they are.
    """
    old = re.split(r"(?m)^(?=## )", PAGE.read_text("utf-8"))[1:] if PAGE.is_file() else []
    have = {text.partition("\n")[0]: text.rstrip() + "\n" for text in old}
    have |= made
    order = [VIEWS, CODE, *(_heading((source, target)) for source in TITLES for target in TARGETS)]
    PAGE.write_text("\n".join([INTRODUCTION, *(have[h] for h in order if h in have)]), "utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


def reached(results: dict[str, Rows]) -> bool:
    """Whether the goals hold over all targets together."""
    total = Score()
    for rows in results.values():
        total.add(added(rows))
    return not total.refused and all(share(total, m) >= goal for m, goal in GOALS.items())


def show(results: dict[str, Rows]) -> None:
    """Name what was missed and refused."""
    for rows in results.values():
        for set_, row in rows.items():
            lists = (
                ("hand-written refused", row.truth_refused),
                ("refused", row.refused),
                ("miss", [m.text for m in row.misses if not m.because]),
            )
            print(*(f"{set_} {word}: {line}" for word, lines in lists for line in lines), sep="\n")


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--source", default="", choices=["", *SOURCES])
    parser.add_argument("--set", default="", help="one set, or set/part")
    parser.add_argument("--target", default="", choices=["", *TARGETS, "pg"])
    parser.add_argument("--show", action="store_true", help="name the misses and what servers refused")
    parser.add_argument("--truth", action="store_true", help="compare the hand-written scripts with themselves")
    parser.add_argument("--alone", action="store_true", help="only what has no hand-written version")
    parser.add_argument("--compared", action="store_true", help="only what has a hand-written version")
    parser.add_argument("--views", action="store_true", help="only the rate of converted views")
    parser.add_argument("--code", action="store_true", help="only the rate of converted stored code")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is not reached")
    return parser.parse_args()


def views(sources: list[str], targets: list[str], known: list[alone.Group], options: argparse.Namespace) -> int:
    """Measure views; the page is written when nothing was left out. Answers with an exit code."""
    groups = viewing.groups(known)
    rows: dict[tuple[str, str], viewing.Rows] = {}
    with ExitStack() as stack:
        judge = Judge(stack)
        for source in sources:
            found = viewing.run(groups, source, targets, judge)
            rows |= {(source, target): found[target] for target in targets}
    print(*viewing.table(rows), sep="\n")
    if options.show:
        viewing.show(rows)
    if (len(sources), len(targets), options.set) == (len(SOURCES), len(TARGETS), ""):
        rewrite({VIEWS: viewing.section(rows)})
    return int(options.check and not viewing.reached(rows))


def code(sources: list[str], targets: list[str], known: list[alone.Group], options: argparse.Namespace) -> int:
    """Measure stored code; the page is written when nothing was left out. Answers with an exit code."""
    groups = coding.groups(known)
    rows: dict[tuple[str, str], coding.Rows] = {}
    own = [t for t in targets if t in coding.GOALS]
    with ExitStack() as stack:
        judge = Judge(stack)
        for source in (s for s in sources if s in CODE_SOURCES):
            found = coding.run(groups, source, own, judge)
            rows |= {(source, target): found[target] for target in own}
    print(*coding.table(rows), sep="\n")
    if options.show:
        coding.show(rows)
    if (len(sources), len(targets), options.set) == (len(SOURCES), len(TARGETS), ""):
        rewrite({CODE: coding.section(rows)})
    return int(options.check and not coding.reached(rows))


def main() -> int:
    options = arguments()
    target = "postgresql" if options.target == "pg" else options.target
    targets = [t for t in TARGETS if target in ("", t)]
    chosen = [p for p in parts() if options.set in ("", p.set, str(p))]
    groups = [g for g in alone.groups() if options.set in ("", g.set)]
    if not chosen and not groups:
        raise SystemExit(f"no set {options.set}; known are {', '.join(alone.sets())}")
    asked = [s for s in SOURCES if options.source in ("", s)]
    whole = not (options.set or target or options.truth or options.alone or options.compared)
    if options.views:
        return views(asked, targets, groups, options)
    if options.code:
        return code(asked, targets, groups, options)
    good, made = True, {}
    with ExitStack() as stack:
        judge = Judge(stack)
        for source in [s for s in asked if s in engines.SOURCES or options.truth]:
            results = {} if options.alone else run(chosen, source, targets, judge, options.truth)
            counted = {} if options.compared or options.truth else alone.run(groups, source, targets, judge)
            for name in (t for t in targets if t in results or t in counted):
                side = (source, name)
                rows, others = results.get(name, {}), counted.get(name, {})
                print(f"\n{_heading(side)}\n", *(table(rows, side) if rows else ()), "", sep="\n")
                print(*(alone.table(others, name) if others else ()), "", sep="\n")
                made[_heading(side)] = section(rows, others, side)
            if options.show:
                show(results)
                alone.show(counted)
            good = good and reached(results)
    if whole:
        rewrite(made)
        if not options.source:
            views(asked, targets, groups, options)
            code(asked, targets, groups, options)
    return int(options.check and not good)


if __name__ == "__main__":
    sys.exit(main())
