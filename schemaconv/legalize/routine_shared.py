"""Records and collections that are variables of packages: their fields, elements and methods.

The value is read through the variable's function. A statement that changes a part of it changes a variable of the
routine, which takes the value first and hands it over behind the statement.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known
from ..ir.routine import Assign, Call, Dynamic, Fetch, Ready, SelectInto, Sql, Step
from ..ir.types import UNKNOWN
from .packages import Key
from .routine_collection import Collection
from .routine_collections import Collections

_PLACE: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|(?<![\w$#.:])([A-Za-z][\w$#]*)\s*(?=[(.])""", re.S
)
_NEXT: Final = re.compile(r"\s*\.\s*([A-Za-z][\w$#]*)")
_FIELD: Final = re.compile(r"\s*\.\s*([A-Za-z][\w$#]*)(?!\s*\()")
_BEHIND: Final = re.compile(r"\s*[(.]")
_METHODS: Final = frozenset({"EXTEND", "TRIM", "DELETE"})


class SharedVariables(Collections):
    """Adds the records and collections of packages to collections."""

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        text, made, at = fragment.text, [], 0
        for m in _PLACE.finditer(text) if self.ctx.run.packages.shapes and not target else ():
            found = self.shared_at(text, m[1].upper(), m.end(1)) if m[1] is not None and m.start() >= at else None
            if found is None:
                continue
            key, end = found
            piece = self.part_read(key, replace(fragment, text=text), end)
            if piece is None:
                continue
            made.append(text[at : m.start()])
            made.append(f'"{self.piece(piece[0], piece[1])}"')
            at = piece[2]
        made.append(text[at:])
        return super().marked(replace(fragment, text="".join(made)) if len(made) > 1 else fragment, target)

    def shared_at(self, text: str, name: str, end: int) -> tuple[Key, int] | None:
        """The variable of a package that begins with ``name``, which ends at ``end``, and where it ends itself."""
        if (inner := _NEXT.match(text, end)) is not None and _BEHIND.match(text, inner.end()):
            key = self.shared_key((name, inner[1].upper()))
            if key is not None:
                return key, inner.end()
        key = self.shared_key((name,))
        return (key, end) if key is not None and _BEHIND.match(text, end) else None

    def shared_key(self, names: tuple[str, ...]) -> Key | None:
        """The record or collection of a package that names mean."""
        run = self.ctx.run
        if names[0] in self.records or names[0] in self.collections or names[0] in self.labels:
            return None
        if len(names) == 1 and names[0] in self.variables:
            return None
        inside = run.packages.resolve(names, run.lookup.package)
        return inside[0] if inside is not None and not inside[1] and inside[0] in run.packages.shapes else None

    def part_read(self, key: Key, fragment: Fragment, at: int) -> tuple[str, Known, int] | None:
        """A field, an element or what a method gives, as the target has it; its type; and where it ends."""
        packages = self.ctx.run.packages
        shape = packages.shapes[key]
        packages.read.add(key)
        self.ctx.run.called.setdefault(self.ctx.subject, set()).add(packages.parts[key].subject)
        self.ctx.run.lookup.stateful = self.ctx.run.lookup.stateful or key not in packages.immutable
        getter = f"{packages.getters[key]}()"
        if isinstance(shape, Collection):
            return self.place(fragment, key[1], at, False, shape, getter)
        field = _FIELD.match(fragment.text, at)
        if field is None:
            return None
        known = shape.get(field[1].upper(), Known(UNKNOWN))
        return f"({getter}).{self.spelling(field[1].upper())}", known, field.end()

    # -- statements ----------------------------------------------------------------------------------------------------

    def localized(self, step: Step) -> Step:
        """A statement that changes a part of a package's variable as one that changes a variable of the routine."""
        if not self.ctx.run.packages.shapes:
            return step
        match step:
            case Assign():
                return replace(step, target=self.local_place(step.target, False))
            case SelectInto(bulk=bulk) | Sql(bulk=bulk) | Dynamic(bulk=bulk) | Fetch(bulk=bulk):
                return replace(step, into=tuple(self.local_place(t, bulk) for t in step.into))
            case Call() if step.name[-1].text in _METHODS and len(step.name) in (2, 3):
                key = self.shared_key(tuple(n.text for n in step.name[:-1]))
                if key is not None and isinstance(self.ctx.run.packages.shapes[key], Collection):
                    own = self.local_of(key, step.text)
                    return replace(step, name=(type(step.name[0])(own), step.name[-1]))
                return step
            case _:
                return step

    def local_place(self, target: Fragment, whole: bool) -> Fragment:
        """What a statement fills: of a part of a package's variable, that of the routine's own."""
        m = re.match(r"\s*([A-Za-z][\w$#]*)", target.text)
        if m is None:
            return target
        found = self.shared_at(target.text, m[1].upper(), m.end())
        if found is None and whole and (key := self.package_variable(target)) in self.ctx.run.packages.shapes:
            found = (key, len(target.text)) if key is not None else None
        if found is None:
            return target
        return replace(target, text=self.local_of(found[0], target) + target.text[found[1] :])

    def local_of(self, key: Key, target: Fragment) -> str:
        """A variable of the routine with the value of the package's, which is handed over behind the statement."""
        packages = self.ctx.run.packages
        name = packages.parts[key].found.name
        assert name is not None
        if not self.writable(key, target.at):
            return name.text
        scratch = self.scratch_for(replace(target, text=name.text), packages.types[key])
        own = scratch.output.strip('"`').upper()
        shape = packages.shapes[key]
        if isinstance(shape, Collection):
            self.collections[own] = shape
            self.variables[own] = Known(UNKNOWN)
        else:
            self.records[own] = shape
            self.variables[own] = Known(UNKNOWN)
        self.frame()
        packages.read.add(key)
        self.ahead.append(Ready(target.at, text=f"{scratch.output} := {packages.getters[key]}()"))
        self.pending.append(self.handed_over(key, scratch, target.at))
        return own
