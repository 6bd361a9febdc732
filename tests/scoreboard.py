"""How near the conversions are to the schemas that people wrote by hand: ``make scoreboard``.

    python tests/scoreboard.py                                            all; rewrites docs/scoreboard.md
    python tests/scoreboard.py --set NAME [--target postgresql] [--show]  some, printed; --show names misses
    python tests/scoreboard.py --truth        hand-written scripts against themselves: checks the list of files

How it is measured stands in ``scoring.py``. What was missed for a reason is explained in ``docs/misses.toml``::

    [[camunda.postgresql]]
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
from typing import Any

from scoring import MEASURES, ROOT, TARGETS, Judge, Part, Score, parts, score

from schemaconv.severity import Verdict

PAGE = ROOT / "docs" / "scoreboard.md"
REASONS = ROOT / "docs" / "misses.toml"
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
INTRODUCTION = """# Scoreboard

How near the conversions of real Oracle schemas come to the versions that the same projects wrote by hand, and
which statements the servers refused. Both versions are loaded into the same server and the catalogs compared:
`found/all` of what the hand-written schema has and the Oracle scripts speak of at all. `type class` asks for
the same kind of type, not the same spelling; a unique key counts in any order of its columns. *Refused*
counts statements of objects that were reported as converted or to be reviewed.

Rewritten by `make scoreboard`; the explanations stand in `docs/misses.toml`.
"""


def run(chosen: list[Part], target: str, only_truth: bool) -> dict[str, dict[str, Score]]:
    """Scores by target and set."""
    results: dict[str, dict[str, Score]] = {name: {} for name in TARGETS if target in ("", name)}
    with ExitStack() as stack:
        judge = Judge(stack)
        for part in chosen:
            for name in part.files:
                if name not in results:
                    continue
                print(f"{part} {name}", file=sys.stderr, flush=True)
                row = results[name].setdefault(part.set, Score())
                row.add(score(part, name, judge, only_truth), f"{part.name}: " if part.name else "")
    return {name: rows for name, rows in results.items() if rows}


@lru_cache(maxsize=1)
def reasons() -> dict[str, Any]:
    """``docs/misses.toml``: by set and target, which misses there are good reasons for."""
    return tomllib.loads(REASONS.read_text("utf-8")) if REASONS.is_file() else {}


def sorted_out(row: Score, set_: str, target: str) -> list[tuple[dict[str, Any], list[str]]]:
    """The misses and refusals of a set under the entries that explain them; last, under ``{}``, those without.

    An entry that matches more than it was written for (``at_most``) explains nothing: something new hides in it.
    """
    left = [*(m.text for m in row.misses if not m.because), *(f"refused {r}" for r in row.refused)]
    found: list[tuple[dict[str, Any], list[str]]] = []
    for entry in reasons().get(set_, {}).get(target, []):
        here = [t for t in left if any(fnmatch.fnmatchcase(t, pattern) for pattern in entry["misses"])]
        if here and len(here) <= entry.get("at_most", len(here)):
            found.append((entry, here))
            left = [t for t in left if t not in here]
    return [*found, ({}, left)] if left else found


def opinions(row: Score, set_: str, target: str) -> Counter[str]:
    """By measure, the misses where the hand-written schema is not what the source says: its author's own choice."""
    chosen = {t for entry, texts in sorted_out(row, set_, target) if entry.get("kind") == "opinion" for t in texts}
    return Counter(m.measure for m in row.misses if (m.because or m.text) in chosen)


def table(rows: dict[str, Score], target: str) -> list[str]:
    """A Markdown table with a row for each set, the totals with and without differences of opinion, the goals."""
    titles = ("set", *(m.replace("_", " ") for m in MEASURES), "refused", "objects by verdict")
    out = ["| " + " | ".join(titles) + " |", "|---" + "|--:" * (len(MEASURES) + 1) + "|---|"]
    total, own = Score(), Counter[str]()
    for name, row in rows.items():
        total.add(row)
        own.update(opinions(row, name, target))
        cells = [f"{row.found[m]}/{row.of[m]}" if row.of[m] else "-" for m in MEASURES]
        out.append(f"| {name} | {' | '.join(cells)} | {len(row.refused)} | {_verdicts(row)} |")
    cells = [f"**{share(total, m):.2f} %**" for m in MEASURES]
    out.append(f"| **all** | {' | '.join(cells)} | **{len(total.refused)}** | {_verdicts(total)} |")
    total.found.update(own)
    cells = [f"{share(total, m):.2f} %" for m in MEASURES]
    out.append(f"| but for differences of opinion | {' | '.join(cells)} | | |")
    out.append(f"| goal | {' | '.join(f'{GOALS[m]:g} %' for m in MEASURES)} | 0 | |")
    return out


def share(row: Score, measure: str) -> float:
    """Per cent found; 100 where there was nothing to find."""
    return 100 * row.found[measure] / row.of[measure] if row.of[measure] else 100.0


def _verdicts(row: Score) -> str:
    return ", ".join(f"{row.verdicts[v.value]} {v.value}" for v in Verdict if row.verdicts[v.value])


def explained(rows: dict[str, Score], target: str) -> tuple[list[str], int]:
    """The misses of each set under their reasons, as Markdown, and how many have none."""
    out: list[str] = []
    open_ = 0
    for name, row in rows.items():
        groups = sorted_out(row, name, target)
        if groups:
            out += ["", f"#### {name}"]
        for entry, texts in groups:
            why = entry.get("why", "Not explained yet.").strip()
            out += ["", f"{why} ({len(texts)})", "", *(f"- `{t}`" for t in texts)]
            open_ += 0 if entry else len(texts)
    return out, open_


def page(results: dict[str, dict[str, Score]]) -> str:
    """``docs/scoreboard.md``."""
    out = [INTRODUCTION]
    for target, rows in results.items():
        misses, open_ = explained(rows, target)
        state = "Every miss is explained." if not open_ else f"{open_} misses are not explained yet."
        out += [f"## {target}", "", *table(rows, target), "", f"### Misses explained: {target}", "", state, *misses, ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def reached(results: dict[str, dict[str, Score]]) -> bool:
    """Whether the goals hold over all targets together."""
    total = Score()
    for rows in results.values():
        for row in rows.values():
            total.add(row)
    return not total.refused and all(share(total, m) >= goal for m, goal in GOALS.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--set", default="", help="one set, or set/part")
    parser.add_argument("--target", default="", choices=["", *TARGETS, "pg"])
    parser.add_argument("--show", action="store_true", help="name the misses and what servers refused")
    parser.add_argument("--truth", action="store_true", help="compare the hand-written scripts with themselves")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is not reached")
    options = parser.parse_args()
    target = "postgresql" if options.target == "pg" else options.target
    chosen = [p for p in parts() if options.set in ("", p.set, str(p))]
    if not chosen:
        raise SystemExit(f"no set {options.set}; known are {', '.join(dict.fromkeys(p.set for p in parts()))}")
    results = run(chosen, target, options.truth)
    for name, rows in results.items():
        print(f"\n{name}\n", *table(rows, name), "", sep="\n")
        for set_, row in rows.items() if options.show else ():
            lists = (
                ("hand-written refused", row.truth_refused),
                ("refused", row.refused),
                ("miss", [m.text for m in row.misses if not m.because]),
            )
            print(*(f"{set_} {word}: {line}" for word, lines in lists for line in lines), sep="\n")
    if not (options.set or target or options.truth):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(results), "utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")
    return int(options.check and not reached(results))


if __name__ == "__main__":
    sys.exit(main())
