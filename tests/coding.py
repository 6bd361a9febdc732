"""How much of the corpus's stored code is converted: procedures, functions, triggers and packages.

On PostgreSQL the bodies are read statement by statement where the server has the means (``bodies.py``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import bodies
from alone import PROMISED, Added, Group, of_kinds
from scoring import Judge, definitions, refused_within

from schemaconv.report.model import Conversion
from schemaconv.severity import Severity, Verdict
from schemaconv.verify import VerifyUnavailable

#: Percent of the routines that do not wait for a person.
GOALS = {"postgresql": 90, "mysql": 75}
KINDS = ("procedure", "function", "trigger", "package")
_CODE = re.compile(r"\b(?:PROC(?:EDURE)?|FUNCTION|TRIGGER|PACKAGE)\b", re.I)


@dataclass
class Code(Added):
    """What became of the stored code of some scripts on one target. ``refused`` holds the servers' sentences, ``wrong``
    what reading the bodies has shown."""

    of: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    read: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        promised = sum(self.verdicts[v.value] for v in PROMISED)
        return 100 * promised / self.of if self.of else 100.0


Rows = dict[str, Code]


def groups(known: list[Group]) -> list[Group]:
    """The groups of files that speak of stored code at all, each once."""
    once = {(g.source, g.files): g for g in known}
    return [g for g in once.values() if any(_CODE.search(f.text) for f in g.sources())]


def run(chosen: list[Group], source: str, targets: list[str], judge: Judge) -> dict[str, Rows]:
    """The stored code of one source by target and set."""
    return of_kinds(chosen, source, targets, KINDS, lambda done, name: count(done, name, judge))


def count(done: Conversion, target: str, judge: Judge) -> Code:
    """The stored code of one conversion, loaded together with what it lies on."""
    found = Code()
    own = [o for o in done.objects if o.kind in KINDS and o.verdict is not Verdict.IGNORED]
    found.of = len(own)
    found.verdicts.update(o.verdict.value for o in own)
    promised = [o for o in own if o.verdict in PROMISED]
    for o in own:
        if o.verdict not in PROMISED:
            codes = sorted({d.code for d in o.diagnostics if d.severity in (Severity.MANUAL, Severity.ERROR)})
            found.codes.update(codes)
            found.lost.append(f"{o.source.file}:{o.source.start_line}: {o.kind} {o.name}: {', '.join(codes)}")
    if promised:
        _load(done, target, judge, found)
    return found


def _load(done: Conversion, target: str, judge: Judge, found: Code) -> None:
    """Load the definitions and see what the server says of the stored code."""
    places = [o.target for o in done.objects if o.kind in KINDS and o.verdict in PROMISED]
    server = judge.server(target)
    try:
        with server.loaded(definitions(done)) as (answer, url):
            found.refused = refused_within(done, answer, places)
            if target == "postgresql":
                _read(done, url, found)
    except VerifyUnavailable as reason:
        found.refused = [f"not loaded: {reason}"]


def _read(done: Conversion, url: str, found: Code) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        if bodies.is_there(connection):
            checked = bodies.check(done, connection)
            found.read, found.wrong = checked.read, checked.wrong


def table(rows: dict[tuple[str, str], Rows]) -> list[str]:
    """A Markdown table with a row for each set, source and target."""
    titles = ("set", "routines", "converted", "review", "manual", "rate", "refused", "bodies read", "wrong")
    out: list[str] = []
    for (source, target), sets in rows.items():
        out += ["", f"### {source} to {target}", "", "| " + " | ".join(titles) + " |", "|---" + "|--:" * 8 + "|"]
        total = Code()
        for set_, row in sorted(sets.items()):
            total.add(row)
            out.append(_line(set_, row, target))
        out.append(_line("**all**", total, target))
        if total.codes:
            codes = ", ".join(f"{code} {n}" for code, n in sorted(total.codes.items(), key=lambda c: (-c[1], c[0])))
            out += ["", f"Codes of those that wait for a person: {codes}."]
    return out


def _line(name: str, row: Code, target: str) -> str:
    kept = [row.verdicts[v.value] for v in (Verdict.CONVERTED, Verdict.REVIEW)]
    numbers = [row.of, *kept, row.of - sum(kept)]
    read = (row.read, len(row.wrong)) if target == "postgresql" else ("-", "-")
    cells = (*numbers, f"{row.rate:.1f} %", len(row.refused), *read)
    return f"| {name} | {' | '.join(map(str, cells))} |"


def show(rows: dict[tuple[str, str], Rows]) -> None:
    """Name what waits for a person, what servers refused and what is wrong with bodies."""
    for (source, target), sets in rows.items():
        for set_, row in sets.items():
            for word, lines in (("lost", row.lost), ("refused", row.refused), ("wrong", row.wrong)):
                print(*(f"{source} {target} {set_} {word}: {line}" for line in lines), sep="\n")


def section(rows: dict[tuple[str, str], Rows]) -> str:
    """What ``docs/scoreboard.md`` says of stored code."""
    text = """## Stored code

Procedures, functions, triggers and packages of the whole corpus; a package's members count apart. Goals: 90 % need no
person on PostgreSQL, 75 % on MySQL, and no server refuses any. *Bodies read*: functions of PL/pgSQL that the extension
plpgsql_check has read statement by statement against the loaded schema; *wrong* are the statements that it objects to.
Bodies whose findings say that a table or column is missing are left out.
"""
    return "\n".join([text, *table(rows), ""])


def reached(rows: dict[tuple[str, str], Rows]) -> bool:
    """Whether the goals hold for every source and target."""
    total = {side: Code() for side in rows}
    for side, sets in rows.items():
        for row in sets.values():
            total[side].add(row)
    return all(t.rate >= GOALS[target] and not t.refused and not t.wrong for (_, target), t in total.items())
