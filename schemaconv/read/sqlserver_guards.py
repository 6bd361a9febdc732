"""Whether a guarded statement runs: ``IF NOT EXISTS (...) CREATE`` on a database that holds what the script has made.

The target starts empty, so a test for something that is missing holds, unless the script itself has made the thing
before; and a test for something that is there fails, unless the script has.
"""

from __future__ import annotations

import re
from typing import Final

from ..ir.catalog import Index, Table
from ..source import Span
from ..sql.lexis import unquoted
from .base import Builder, members
from .cursor import string_value
from .piece import Guard
from .tsql_split import lex

_PART: Final = re.compile(r'\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.\[\]"]+)')
#: Texts in such tests that name no object: type codes of sys.objects, properties, kinds of extended properties.
_NO_NAME: Final = re.compile(
    r"[A-Z]{1,2}|IS[A-Z]+|EXECIS[A-Z]+|OWNERID|%.*|SCHEMA|TABLE|VIEW|COLUMN|PROCEDURE|FUNCTION|INDEX|CONSTRAINT|TYPE"
    r"|TRIGGER|USER|MS_\w+|BASE TABLE|.*_CONSTRAINT|USER_TABLE|SQL_.*|\d*|DBO"
)


class Judge:
    """Judges tests, each once: it is made before the first of the statements that it guards runs."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.answers: dict[tuple[int, int, Span | None], bool] = {}

    def barring(self, guards: tuple[Guard, ...], file: int, outer: Span | None) -> Guard | None:
        """The first test that keeps its statement from running, if one does."""
        for guard in guards:
            key = (file, guard.start, outer)
            answer = self.answers.get(key)
            if answer is None:
                answer = self.answers[key] = exists(guard.text, self.builder)
            if guard.when_missing == answer:
                return guard
        return None


def exists(test: str, builder: Builder) -> bool:
    """Whether everything that the test names is there by now, as far as the script tells."""
    names = tested(test)
    tables = [s for n in names for s in builder.called(n) if isinstance(builder.objects[s], Table)]
    return bool(names) and all(_known(n, tables, builder) for n in names)


def _known(name: str, tables: list[int], builder: Builder) -> bool:
    named = [builder.objects[s] for s in builder.called(name)]
    if any(not isinstance(o, Index) for o in named):
        return True
    if not tables:
        return bool(named) or builder.has_member(name)
    homes = [builder.get(s, Table) for s in tables]
    indexed = {o.table.name for o in named if isinstance(o, Index)}
    return any(t.name.name in indexed or name in members(t) for t in homes)


def tested(test: str) -> list[str]:
    """The names in the texts of a test, in capitals and without their schema."""
    found = []
    for token in lex(test, "sql").texts:
        if token[0] != "'":
            continue
        parts = parted(string_value(token))
        name = parts[-1].upper() if parts else ""
        if name and not _NO_NAME.fullmatch(name):
            found.append(name)
    return found


def parted(text: str) -> list[str]:
    """The parts of a name that stands in a text: ``[dbo].[a.b]`` is dbo and a.b."""
    return [unquoted(m[0]) if m[0][0] in '["' else m[0].strip() for m in _PART.finditer(text.strip())]
