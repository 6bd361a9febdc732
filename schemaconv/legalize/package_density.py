"""Which associative arrays that packages declare may have gaps: over all routines that fill a variable of the type."""

from __future__ import annotations

from ..ir.catalog import Routine
from ..ir.names import QName
from ..ir.routine import Block, NamedType, Program, Typed, Variable
from . import routine_density
from .packages import Key, Packages
from .routine_walk import every


def sparse(packages: Packages) -> frozenset[Key]:
    """The types whose variables are not surely filled from one upwards without gaps."""
    if packages.sparse is None:
        types = {k for k, p in packages.parts.items() if isinstance(p.found, NamedType) and p.found.form == "index"}
        names = {key[1] for key in types}
        found: set[Key] = set()
        shared: dict[Key, Key] = {}
        for key, part in packages.parts.items():
            kind = _type(part.found.type, key[0], packages) if isinstance(part.found, Variable) else None
            if kind is not None and kind in types:
                shared[key] = kind
        for o in packages.catalog.objects if types else ():
            if isinstance(o, Routine) and o.program is not None:
                found |= _sparse_in(o, o.program, packages, names, types, shared)
            elif isinstance(o, Routine) and o.module is not None and o.module.initial is not None:
                program = Program(body=o.module.initial)
                found |= _sparse_in(o, program, packages, names, types, shared)
        packages.sparse = frozenset(found)
    return packages.sparse


def _type(typed: Typed, home: QName | None, packages: Packages) -> Key | None:
    user = typed.type.user
    if user is None:
        return None
    names = (user.schema.text, user.name.text) if user.schema is not None else (user.name.text,)
    inside = packages.resolve(names, home)
    return inside[0] if inside is not None else None


def _sparse_in(
    found: Routine, program: Program, packages: Packages, names: set[str], types: set[Key], shared: dict[Key, Key]
) -> set[Key]:
    home = packages.canonical(found.package or found.name) if found.package or found.module is not None else None
    blocks = [b for b in every((program.body,)) if isinstance(b, Block)]
    of: dict[str, str] = {}
    meant: dict[str, Key] = {}
    declared = [(d.name.text, d.type) for b in blocks for d in b.declarations if isinstance(d, Variable)]
    for name, typed in [*((p.name.text, p.type) for p in program.parameters), *declared]:
        if typed.type.user is not None and typed.type.user.name.text in names:
            key = _type(typed, home, packages)
            if key in types and key is not None:
                of[name], meant[name] = name, key
    for key, kind in shared.items():
        if key[1] not in of:
            of[key[1]], meant[key[1]] = key[1], kind
    bad = routine_density.sparse_among(program.body, of) if of else frozenset()
    return {meant[name] for name in bad}
