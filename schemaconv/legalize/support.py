"""Support functions: small functions of the target's own, which do what no expression there can.

Each is a file ``rules/support/<family>/<name>.sql``: TOML between two ``+++`` lines, then its CREATE FUNCTION. Only
those that the output calls are emitted, each once, before the objects.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import rulefiles
from ..ir.catalog import Item, Notes, Prelude, Schema
from ..ir.names import Name, QName
from ..rulefiles import RuleError
from ..source import NOWHERE

if TYPE_CHECKING:
    from .context import Run

KEYS: Final = frozenset({"emulates", "why", "manual", "since", "needs", "orafce"})
ORAFCE: Final = "orafce"
_COLLATE: Final = re.compile(r"\s*COLLATE \{collation\}")


@dataclass(frozen=True, slots=True)
class Support:
    """A support function: what it ``emulates`` of the sources, ``why`` the target needs it, the other functions that it
    ``needs``, the first version that takes it, and ``orafce``'s function with the same arguments, if there is one."""

    name: str
    text: str
    emulates: str
    why: str
    manual: str
    since: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    orafce: str = ""


@cache
def functions(family: str) -> Mapping[str, Support]:
    """The support functions of a target family by name; raises :class:`~schemaconv.rulefiles.RuleError`."""
    return {path.stem: _read(path) for path in sorted((rulefiles.root() / "support" / family).glob("*.sql"))}


def _read(path: Path) -> Support:
    try:
        _, head, text = path.read_text("utf-8").split("+++\n", 2)
        front: dict[str, Any] = tomllib.loads(head)
        if unknown := set(front) - KEYS:
            raise ValueError(f"{', '.join(sorted(unknown))} is no key")
        since = tuple(map(int, str(front["since"]).split("."))) if "since" in front else ()
        return Support(
            path.stem, text.strip(), front["emulates"], front["why"], front["manual"], since,
            tuple(front.get("needs", ())), front.get("orafce", ""),
        )  # fmt: skip
    except (ValueError, KeyError) as error:
        raise RuleError(f"{path.name}: broken front matter ({error})") from None


def calls(family: str, version: tuple[int, ...], schema: str, compat: str) -> Mapping[str, str]:
    """What the support functions that a version takes are called in the output."""
    found = {}
    for name, one in functions(family).items():
        if one.orafce and compat == ORAFCE:
            found[name] = one.orafce
        elif not version or version >= one.since[: len(version)]:
            found[name] = f"{schema}.{name}" if schema else name
    return found


def emitted(items: list[Item], run: Run) -> list[Item]:
    """The functions that the printed ``items`` call, those first that others need, and the schema that they live in."""
    printed = {item.subject for item in items if not item.stub or item.held}
    used = sorted(name for name, subjects in run.support.items() if not printed.isdisjoint(subjects))
    known = functions(run.profile.engine.family)
    own = [n for n in _closed(used, known) if not (known[n].orafce and run.options.compat == ORAFCE)]
    made: list[Item] = []
    if len(own) < len(used):
        made.append(Item(-1, Prelude(QName(None, Name("")), NOWHERE, text=f"CREATE EXTENSION IF NOT EXISTS {ORAFCE}")))
    schema = run.options.support_schema
    if own and schema and not any(isinstance(i.object, Schema) and i.object.name.name.text == schema for i in items):
        made.append(Item(-1, Schema(QName(None, Name(schema)), NOWHERE)))
    for number, name in enumerate(own):
        notes: tuple[str, ...] = (f"{known[name].emulates}: {known[name].why}",)
        if number == 0 and (right := run.profile.traits.get("function_right")):
            notes = (str(right), *notes)
        text = _placed(known[name], own, run)
        made.append(Item(-1, Prelude(QName(None, Name("")), NOWHERE, notes=Notes(notes), text=text, part="support")))
    return made


def _closed(names: Iterable[str], known: Mapping[str, Support]) -> list[str]:
    """``names`` behind what they need."""
    found: dict[str, None] = {}

    def add(name: str) -> None:
        if name not in found:
            for need in known[name].needs:
                add(need)
            found[name] = None

    for name in names:
        add(name)
    return list(found)


def _placed(one: Support, own: list[str], run: Run) -> str:
    """The function's text in its schema, comparing as the source's text does."""
    text = one.text
    collations = run.profile.traits.get("collations")
    if isinstance(collations, dict):
        wanted = run.catalog.compares or (
            "ci_as" if run.trait_of_source("default_collation_case") == "insensitive" else "bin"
        )
        wanted = "bin" if run.options.mysql_collation == "binary" else wanted
        known = collations.get(wanted, collations["bin"])
        server = run.options.mysql_collation == "server"
        text = _COLLATE.sub("" if server else f" COLLATE {known}", text)
    if run.options.support_schema:
        schema = run.profile.quoted(run.options.support_schema)
        text = re.sub(rf"\b({'|'.join(own)})(?=\()", rf"{schema}.\1", text)
    return text
