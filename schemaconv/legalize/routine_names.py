"""Routines whose name the target's own functions have too: a call without a schema would reach those.

"If no schema is named, all functions of the search path are considered", and the system's schema is searched first
(PostgreSQL documentation, "Function Type Resolution").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final

from .. import rulefiles
from ..ir.catalog import Routine
from .constructs import gone

if TYPE_CHECKING:
    from ..ir.catalog import Catalog
    from .names import NameMap

#: How many arguments a function takes: the least and the most.
Span = tuple[int, int]
_COUNT: Final = re.compile(r"(\d+)(?:-(\d+)|(\+))?")
_MANY: Final = 1000


@cache
def system_functions(file: str, version: tuple[int, ...]) -> Mapping[str, tuple[Span, ...]]:
    """The functions of the target's own schema by name, from ``rules/reserved/<file>``."""
    made: dict[str, tuple[Span, ...]] = {}
    for line in (rulefiles.root() / "reserved" / file).read_text("utf-8").splitlines():
        words, _, since = line.partition("#")[0].strip().partition(" since ")
        if not words or (since and version < (int(since),)):
            continue
        name, *counts = words.split()
        made[name] = tuple(_span(c) for c in counts)
    return made


def _span(text: str) -> Span:
    found = _COUNT.fullmatch(text)
    assert found is not None
    least = int(found[1])
    return least, _MANY if found[3] else int(found[2] or least)


def renamed(catalog: Catalog, names: NameMap) -> list[tuple[int, str]]:
    """The routines, by place in the catalog, that need another name on the target, and that name; those of their names
    in other schemas keep theirs."""
    file = names.profile.traits.get("system_functions")
    if not file:
        return []
    own = system_functions(str(file), names.profile.engine.version)
    routines = [
        (s, o, names.plain(o.name.name)) for s, o in enumerate(catalog.objects)
        if isinstance(o, Routine) and o.what in ("function", "procedure") and o.package is None and not gone(o)
    ]  # fmt: skip
    taken = {text for _, _, text in routines}
    made: dict[int, str] = {}
    for subject, found, text in routines:
        if text not in own or names.schema(found.name.schema) is not None or not _fits(found, own[text]):
            continue
        made[subject] = next(c for n in count(2) if (c := f"{text}_{n}") not in taken and c not in own)
        taken.add(made[subject])
    concerned = {o.name.name.text for s, o, _ in routines if s in made}
    return [(s, made.get(s, text)) for s, o, text in routines if o.name.name.text in concerned]


def _fits(found: Routine, spans: tuple[Span, ...]) -> bool:
    """Whether a call of the routine may have as many arguments as one of the functions takes."""
    if found.program is None:
        return False
    most = len(found.program.parameters)
    least = sum(p.default is None and p.mode != "out" for p in found.program.parameters)
    return any(low <= most and least <= high for low, high in spans)
