"""What packages of the source hold, and what the names of their parts mean.

A package is a schema of its name on targets whose schemas hold routines (trait ``packages_as_schemas``); elsewhere, or
with the option ``packages = "prefix"``, its name stands in front of those of its parts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ..engines import Profile
from ..ir.catalog import Catalog, Notes, Routine, Synonym
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Block,
    Condition,
    Declaration,
    Head,
    Nothing,
    OtherDeclaration,
    Parameter,
    Program,
    Variable,
)  # fmt: skip
from .constructs import gone
from .names import NameMap, shortened

if TYPE_CHECKING:
    from ..ir.catalog import Item
    from ..ir.fragment import Known
    from .routine_collection import Collection

Key = tuple[QName, str]  # a package, and what is declared in it
_UNREAD: Final = re.compile(r'"[^"]+"|[A-Za-z][\w$#]*')
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Part:
    """A declaration of the package's specification or body, which is the object ``subject``."""

    subject: int
    found: Declaration


@dataclass(slots=True)
class Packages:
    """Every package of a catalog that was read, by name; what legalization finds out about them is kept here too."""

    catalog: Catalog
    profile: Profile
    names: NameMap
    modules: dict[QName, list[int]] = field(default_factory=dict)
    parts: dict[Key, Part] = field(default_factory=dict)
    members: dict[Key, list[int]] = field(default_factory=dict)
    heads: dict[Key, list[Head]] = field(default_factory=dict)
    promised: dict[Key, list[tuple[int, Routine]]] = field(default_factory=dict)  # by a specification without a body
    public: dict[Key, int] = field(default_factory=dict)  # subprograms of a specification: how many of that name
    states: dict[Key, str] = field(default_factory=dict)  # of exceptions without a number
    words: frozenset[str] = frozenset()  # that a name of a part may hold
    getters: dict[Key, str] = field(default_factory=dict)  # parts that are functions on the target
    types: dict[Key, str] = field(default_factory=dict)  # and their types there
    shapes: dict[Key, Collection | Mapping[str, Known]] = field(default_factory=dict)  # collections, fields of records
    values: dict[Key, str] = field(default_factory=dict)  # constants that are no more than a literal
    immutable: set[Key] = field(default_factory=set)
    lost: set[Key] = field(default_factory=set)  # parts that are not converted
    read: set[Key] = field(default_factory=set)  # variables that somebody asks for
    written: set[Key] = field(default_factory=set)  # and those that somebody assigns to
    starting: dict[QName, int] = field(default_factory=dict)  # packages with something to be done first
    made: dict[int, list[tuple[Key, str, Item]]] = field(default_factory=dict)  # by subject: part, use, function
    signatures: dict[tuple[str, ...], int] = field(default_factory=dict)  # routines by name and types
    sparse: frozenset[Key] | None = None  # associative arrays that may have gaps, once somebody has asked
    _by_name: dict[str, list[QName]] = field(default_factory=dict)
    inside: dict[QName, frozenset[str]] = field(default_factory=dict)  # the names of a package's subprograms
    used: set[QName] = field(default_factory=set)  # whose variables the routine at hand names
    _called: dict[str, list[Routine]] = field(default_factory=dict)
    _schemas: set[Name] = field(default_factory=set)
    _synonyms: dict[str, list[QName]] = field(default_factory=dict)
    _folded: dict[str, list[QName]] = field(default_factory=dict)
    _capitals: dict[Key, Key] = field(default_factory=dict)
    _homes: dict[QName, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = [(s, o) for s, o in enumerate(self.catalog.objects) if isinstance(o, Routine) and not gone(o)]
        for _, o in found:
            if o.module is not None:
                known = self._by_name.setdefault(o.name.name.text, [])
                if o.name not in known:
                    known.append(o.name)
        for name, known in self._by_name.items():
            named = [n for n in known if n.schema is not None]
            self._by_name[name] = named if len(named) == 1 else known
        for other in self.catalog.objects:
            if isinstance(other, Synonym) and not gone(other) and other.name.name.text not in self._by_name:
                meant = [n for n in self._by_name.get(other.target.name.text, ()) if _same_home(n, other.target)]
                if meant:
                    self._synonyms.setdefault(other.name.name.text, meant)
        for subject, o in found:
            if o.module is not None:
                self._module(subject, o)
            elif o.package is not None:
                self.members.setdefault((self.canonical(o.package), o.name.name.text), []).append(subject)
        for key, subjects in self.modules.items():
            self._promise(key, subjects)
        names_of: dict[QName, set[str]] = {}
        for package, member in self.members:
            names_of.setdefault(package, set()).add(member)
        self.inside = {package: frozenset(own) for package, own in names_of.items()}
        self._schemas = {
            o.name.schema for o in self.catalog.objects if not (isinstance(o, Routine) and o.package) and o.name.schema
        }
        keys = (*self.parts, *self.members, *self.promised)
        self._folded = {name.upper(): known for name, known in self._by_name.items()}
        self._capitals = {(p, n.upper()): (p, n) for p, n in keys} | {k: k for k in keys}
        names = {k.name.text for k, _ in keys} | self._synonyms.keys()
        self.words = frozenset({n for _, n in keys} | names)

    def _module(self, subject: int, found: Routine) -> None:
        assert found.module is not None
        key = self.canonical(found.name)
        self.modules.setdefault(key, []).append(subject)
        for d in found.module.declarations:
            if isinstance(d, OtherDeclaration) and d.name is None and d.construct != "pragma":
                for word in _UNREAD.findall(d.text.text):  # it may declare any of them
                    self.parts.setdefault((key, word.strip('"') if word[0] == '"' else word.upper()), Part(subject, d))
            if d.name is not None:
                self.parts[key, d.name.text] = Part(subject, d)
                if isinstance(d, Condition) and d.number is None:
                    self.states[key, d.name.text] = self._state(key, d.name.text)
        for head in found.module.heads:
            self.heads.setdefault((key, head.name.text), []).append(head)
            if not found.module.body:
                self.public[key, head.name.text] = self.public.get((key, head.name.text), 0) + 1

    def _promise(self, key: QName, subjects: list[int]) -> None:
        """The subprograms of a package whose body no script has, as routines that fail when they are called."""
        modules = [(s, o.module) for s in subjects if isinstance(o := self.catalog.objects[s], Routine)]
        if not self.as_types or any(m is None or m.body for _, m in modules):
            return
        if any(package == key for package, _ in self.members):
            return
        for subject, module in modules:
            for head in module.heads if module is not None else ():
                if head.what == "procedure" or head.returns is not None:
                    program = Program(head.parameters, head.returns, body=Block(head.at))
                    made = Routine(QName(key.name, head.name), head.at, what=head.what,
                                   text=Fragment("", head.at), program=program, package=key)  # fmt: skip
                    self.promised.setdefault((key, head.name.text), []).append((subject, made))

    def has_routine(self, key: Key) -> bool:
        """Whether a package has a subprogram of that name."""
        return key in self.members or key in self.promised

    def routines(self, key: Key) -> list[tuple[int, Routine]]:
        """The subprograms of a package that have one name."""
        own = [(s, self.catalog.objects[s]) for s in self.members.get(key, ())]
        return [(s, o) for s, o in own if isinstance(o, Routine)] or self.promised.get(key, [])

    def no_specification(self, package: QName) -> bool:
        """Whether the package's body is there, and its specification in none of the scripts."""
        found = [self.catalog.objects[s] for s in self.modules.get(package, ())]
        return bool(found) and all(isinstance(o, Routine) and o.module is not None and o.module.body for o in found)

    def state_of(self, package: QName, name: str) -> str:
        """The state of an exception that a package's specification outside of the scripts declares."""
        key = (package, name)
        if key not in self.states:
            self.states[key] = self._state(package, name)
        return self.states[key]

    def _state(self, package: QName, name: str) -> str:
        """The state of an exception: of a class that no server uses, and the same in every run."""
        digest = hashlib.sha1(f"{package.name.text}.{name}".encode(), usedforsecurity=False).digest()
        number = int.from_bytes(digest[:4]) % 36**3
        while True:
            digits = "".join(_DIGITS[number // 36**i % 36] for i in (2, 1, 0))
            if f"UP{digits}" not in self.states.values():
                return f"UP{digits}"
            number = (number + 1) % 36**3

    def named(self, word: str) -> list[int]:
        """The packages of a name, or of a synonym, and their subprograms."""
        found = self._by_name.get(word) or self._synonyms.get(word) or []
        members = [s for p in found for n in self.inside.get(p, ()) for s in self.members[p, n]]
        return [s for p in found for s in self.modules.get(p, ())] + members

    # -- what a name means ---------------------------------------------------------------------------------------------

    def canonical(self, name: QName) -> QName:
        """The package as it is kept: its body may be named without the schema that its specification has."""
        known = self._by_name.get(name.name.text, [])
        if len(known) == 1 and None in (name.schema, known[0].schema):
            return known[0]
        return QName(name.schema, name.name)

    def resolve(self, names: tuple[str, ...], home: QName | None) -> tuple[Key, tuple[str, ...]] | None:
        """The part that names without their dots mean inside the package ``home``, and the names that follow it.

        ``None``: no package is meant. A part that the package does not have is an answer too.
        """
        if home is not None:
            for skip in (0, 1, 2):
                ahead = ((), (home.name.text,), (home.schema.text if home.schema else "", home.name.text))[skip]
                key = (home, names[skip]) if len(names) > skip and names[:skip] == ahead else None
                key = self._capitals.get(key, key) if key is not None and key not in self.parts else key
                if key is not None and (key in self.parts or key in self.members):
                    return key, names[skip + 1 :]
        for skip in (1, 2):
            if len(names) <= skip:
                break
            word = names[skip - 1]
            for package in self._by_name.get(word) or self._synonyms.get(word) or self._folded.get(word, []):
                if skip == 1 or package.schema is None or package.schema.text == names[0] or word in self._synonyms:
                    return self._of(package, names[skip]), names[skip + 1 :]
        return None

    def _of(self, package: QName, name: str) -> Key:
        """A part by its name, or by that in capitals: calls have lost their quotes."""
        key = (package, name)
        return key if key in self.parts or key in self.members else self._capitals.get(key, key)

    def with_defaults(self, found: Routine, program: Program) -> Program:
        """A subprogram with the default values that only its declaration gives."""
        if found.package is None:
            return program
        wanted = [_shape(p) for p in program.parameters]
        for head in self.heads.get((self.canonical(found.package), found.name.name.text), ()):
            if [_shape(p) for p in head.parameters] == wanted:
                pairs = zip(program.parameters, head.parameters, strict=True)
                given = tuple(p if p.default is not None else replace(p, default=h.default) for p, h in pairs)
                program = replace(program, parameters=given)
        return program

    def notes_of(self, found: Routine) -> Notes:
        """The comments of a subprogram with those of its declaration, where these say something else."""
        assert found.package is not None and found.program is not None
        wanted = [_shape(p) for p in found.program.parameters]
        above: list[str] = []
        for head in self.heads.get((self.canonical(found.package), found.name.name.text), ()):
            if [_shape(p) for p in head.parameters] == wanted:
                above += [*head.notes.before, *([head.notes.after] if head.notes.after else [])]
        known = {" ".join(text.split()) for text in found.notes.before}
        new = tuple(text for text in dict.fromkeys(above) if " ".join(text.split()) not in known)
        return replace(found.notes, before=new + found.notes.before)

    def is_public(self, found: Routine) -> bool:
        """Whether code outside of the package may call it; all may where the specification is not there."""
        assert found.package is not None
        key = self.canonical(found.package)
        bodies = [self.catalog.objects[s] for s in self.modules.get(key, ())]
        known = any(isinstance(o, Routine) and o.module is not None and not o.module.body for o in bodies)
        return not known or (key, found.name.name.text) in self.public

    # -- names on the target -------------------------------------------------------------------------------------------

    @property
    def as_schemas(self) -> bool:
        return bool(self.profile.traits.get("packages_as_schemas")) and self.names.options.packages == "schema"

    @property
    def as_types(self) -> bool:
        """Whether records of packages can be types of the target."""
        return self.profile.traits.get("routine_language") != "psm"

    def home(self, package: QName) -> str:
        """The target's schema of a package; with prefixes, its name in front of others."""
        found = self._homes.get(package)
        if found is None:
            name = package.name
            found = self.names.schemas.get(name.text.upper()) if self.as_schemas else None
            found = found or self.names.plain(name)
            taken = name in self._schemas or found in self._homes.values()
            taken = taken or len(self._by_name.get(name.text, ())) > 1
            if self.as_schemas and taken and package.schema is not None:
                found = f"{self.names.plain(package.schema)}_{found}"
            elif self.as_schemas and taken:
                found = f"{found}_package"
            if self.as_schemas and re.match(str(self.profile.traits.get("reserved_schemas", "$^")), found):
                found = f"package_{found}"
            found = self._homes[package] = shortened(found, self.names.limit, self.names.unit)
        return found

    def target(self, package: QName, name: str) -> QName:
        """The target's name of a part of a package, given that part's own."""
        if self.as_schemas:
            return QName(Name(self.home(package)), Name(shortened(name, self.names.limit, self.names.unit)))
        text = shortened(f"{self.home(package)}_{name}", self.names.limit, self.names.unit)
        return QName(self.names.schema(package.schema), Name(text))

    def name_of(self, found: Routine) -> QName:
        """The target's name of a routine."""
        if found.package is None:
            return self.names.relation(found.name)
        package, own = self.canonical(found.package), self.names.plain(found.name.name)
        return self.target(package, own + self._which(found, (package, found.name.name.text)))

    def _which(self, found: Routine, key: Key) -> str:
        """What tells the second subprogram of a name from the first, where a name has one routine."""
        places = [self.catalog.objects[s].at for s in self.members.get(key, ())]
        if len(places) < 2 or not self.profile.traits.get("one_routine_a_name"):
            return ""
        number = places.index(found.at) + 1 if found.at in places else 1
        return f"_{number}" if number > 1 else ""

    def called_by(self, word: str) -> list[Routine]:
        """The subprograms of all packages that have a name."""
        if not self._called:
            for (_, name), subjects in self.members.items():
                found = [self.catalog.objects[s] for s in subjects]
                self._called.setdefault(name, []).extend(o for o in found if isinstance(o, Routine))
        return self._called.get(word, [])

    def starts(self, package: QName) -> bool:
        """Whether something must be done before a package is used: it has first values or statements."""
        for subject in self.modules.get(package, ()):
            found = self.catalog.objects[subject]
            module = found.module if isinstance(found, Routine) else None
            if module is None:
                continue
            if module.initial is not None and any(not isinstance(s, Nothing) for s in module.initial.body):
                return True
            if any(isinstance(d, Variable) and not d.constant and d.default is not None for d in module.declarations):
                return True
        return False

    def setting(self, package: QName, name: str) -> str:
        """The name of a setting of the session: words with a point between them."""
        home = self.home(package)
        if not self.as_schemas and package.schema is not None:
            home = f"{self.names.plain(package.schema)}_{home}"
        return ".".join(re.sub(r"[^a-z0-9_]", "_", word.lower()) for word in (home, name))

    def free(self, package: QName, text: str) -> str:
        """``text``, or what is not yet the name of a part."""
        while (package, text.upper()) in self.parts or (package, text.upper()) in self.members:
            text += "_"
        return text


def _same_home(one: QName, other: QName) -> bool:
    return one.schema == other.schema or None in (one.schema, other.schema)


def _shape(p: Parameter) -> tuple[str, str, str]:
    return p.name.text, p.mode, "".join(p.type.raw.upper().split())
