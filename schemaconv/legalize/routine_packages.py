"""What a routine does with the parts of packages: it assigns to their variables, opens their cursors, raises their
exceptions.

A package's variable is a setting of the session on the target, read and written through functions; a statement that
fills it fills a variable of the routine instead, and that is handed over behind it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import Assign, Call, Condition, CursorVariable, Declaration, Parameter, Step, Typed, Variable
from ..ir.types import Type
from ..source import Span
from ..sql.fitting import takes_it
from ..sql.kinds import family
from .packages import Key
from .routine_types import Types

_NAME: Final = re.compile(r'\s*("[^"]+"|[A-Za-z][\w$#]*)\s*')
#: Kinds of values of which the target's procedures take any for any other of the kind.
_PLAIN: Final = ("number", "text", "boolean", "date", "timestamp")


def names_of(text: str) -> tuple[str, ...]:
    """The names of ``a.b``, as the source keeps them; nothing where the text is something else."""
    found: list[str] = []
    at = 0
    while (one := _NAME.match(text, at)) is not None:
        found.append(one[1][1:-1] if one[1][0] == '"' else one[1].upper())
        at = one.end()
        if at == len(text):
            return tuple(found)
        if text[at] != ".":
            break
        at += 1
    return ()


class PackageParts(Types):
    """Adds packages to types."""

    def declaration(self, found: Declaration) -> Declaration | None:
        raise NotImplementedError

    # -- variables -----------------------------------------------------------------------------------------------------

    def package_variable(self, target: Fragment) -> Key | None:
        """The package's variable that a target means, if it means one."""
        names = names_of(target.text)
        if not names or (len(names) == 1 and names[0] in self.variables) or names[0] in self.records:
            return None
        inside = self.part_of(target)
        return inside[0] if inside is not None and not inside[1] else None

    def part_of(self, target: Fragment) -> tuple[Key, tuple[str, ...]] | None:
        """The part of a package that a name begins with, and the rest of the name."""
        names = names_of(target.text)
        inside = self.ctx.run.packages.resolve(names, self.ctx.run.lookup.package) if names else None
        return inside if inside is not None and inside[0] in self.ctx.run.packages.parts else None

    def writable(self, key: Key, at: Span) -> bool:
        """Whether a package's variable may be assigned to; said where it may not."""
        packages = self.ctx.run.packages
        part = packages.parts[key]
        if key in packages.lost or key not in packages.getters or part.subject in self.ctx.run.absent:
            self.refuse("SC5043", at, clause=f"{key[0].name}.{key[1]}")
            return False
        packages.written.add(key)
        packages.used.add(key[0])
        if self.guarded:
            self.ctx.say("SC5045", at, clause=key[1])
        self.ctx.run.called.setdefault(self.ctx.subject, set()).add(part.subject)
        self.ctx.run.lookup.stateful = True
        return True

    def place_of(self, target: Fragment) -> Fragment:
        """What something is assigned to: a variable, or a field of a record, of the routine's own."""
        return self.text(target)

    def kind_of(self, value: Fragment) -> Type:
        """The type of an expression of the author's."""
        base = len(self.temporary)
        text = self.marked(value).text
        found = self.ctx.run.translator.type_of(text, {name: known.type for name, known in self.variables.items()})
        self.forget(base)
        return found

    def setter(self, key: Key) -> str:
        packages = self.ctx.run.packages
        own = packages.parts[key].found.name
        assert own is not None
        return self.ctx.run.qualified(packages.target(key[0], packages.free(key[0], f"set_{self.own(own).text}")))

    def assign(self, step: Assign) -> Step:
        key = self.package_variable(step.target)
        if key is None:
            target = self.place_of(step.target)
            return replace(step, target=target, value=self.text(step.value, self.named(step.target.text)))
        known = self.ctx.run.lookup.of(key)
        value = self.text(step.value, known)
        if not self.writable(key, step.at):
            return step
        if self.fits(step.value, known):
            return Call(step.at, step.notes, (Name(self.setter(key)),), ((None, value),))
        scratch = self.scratch_for(step.target)
        self.pending.append(self.handed_over(key, scratch, step.at))
        return Assign(step.at, step.notes, scratch, value)

    def fits(self, value: Fragment, wanted: Known) -> bool:
        """Whether a procedure that takes ``wanted`` takes the value without a cast."""
        if value.text.strip().upper() == "NULL":
            return True
        given = self.kind_of(value)
        return family(given) == family(wanted.type) and family(given) in _PLAIN

    def filled(self, target: Fragment) -> Fragment:
        """What INTO fills: the target, or a variable of the routine in place of a package's."""
        key = self.package_variable(target)
        if key is None:
            return self.place_of(target)
        if not self.writable(key, target.at):
            return target
        scratch = self.scratch_for(target)
        self.pending.append(self.handed_over(key, scratch, target.at))
        return scratch

    def scratch_for(self, target: Fragment, raw: str = "") -> Fragment:
        """A variable of the routine in place of the target, of its type or of the type ``raw``."""
        key = self.package_variable(target)
        raw = raw or (self.ctx.run.packages.types.get(key, "") if key is not None else "")
        text = stem = f"new_{self.own(Name(names_of(target.text)[-1])).text}"
        number = 2
        while text in self.scratch and self.scratch[text].type.raw != raw:
            text, number = f"{stem}_{number}", number + 1
        self.scratch[text] = Variable(Name(text), Typed(raw=raw), at=target.at)
        if any(n.lower() == text for n in self.ctx.run.columns_in(self.found.text.text)):
            self.conflict = True
        return replace(target, target=self.ctx.profile.quoted(text))

    def handed_over(self, key: Key, scratch: Fragment, at: Span) -> Call:
        return Call(at, name=(Name(self.setter(key)),), arguments=((None, scratch),))

    # -- calls ---------------------------------------------------------------------------------------------------------

    def arguments(
        self, given: tuple[tuple[Name | None, Fragment], ...], called: list[Routine]
    ) -> tuple[tuple[Name | None, Fragment], ...]:
        """The arguments of a call. What an OUT parameter fills must be a variable of its very type ("CALL"): a
        package's, or one of another type, is filled behind the call."""
        made = []
        for place, (name, value) in enumerate(given):
            own = self.own(name) if name is not None else None
            filled = self._filled_by(called, place, name)
            key = self.package_variable(value) if filled else None
            names = names_of(value.text)
            types = {self.base(p.type, True) for p in filled}
            wanted = types.pop() if len(types) == 1 else ""
            is_own = len(names) == 1 and bool(wanted) and self.bases.get(names[0], wanted) != wanted
            if (key is None and not is_own) or (key is not None and not self.writable(key, value.at)):
                made.append((own, self.given_to(value, called, place, name)))
                continue
            scratch = self.scratch_for(value, wanted)
            if any(p.mode == "inout" for p in filled):
                self.ahead.append(Assign(value.at, target=scratch, value=self.text(value)))
            back = self.handed_over(key, scratch, value.at) if key is not None else None
            self.pending.append(back or Assign(value.at, target=self.text(value), value=scratch))
            made.append((own, scratch))
        return tuple(made)

    def given_to(self, value: Fragment, called: list[Routine], place: int, name: Name | None) -> Fragment:
        """An argument as the parameter takes it, where the target casts less by itself than the source."""
        done = self.text(value)
        if not self.ctx.run.translator.family.has("strict_types"):
            return done
        takes = self.ctx.run.lookup.takes_of(called)
        known = [t for i, (n, t) in enumerate(takes) if (n == name.text if name is not None else i == place)]
        text = value.text.strip()
        if not known or not known[0] or text.upper() == "NULL" or self._filled_by(called, place, name):
            return done
        if text.upper() in self.ctx.run.translator.source.clocks:  # by itself it is written with its zone
            return replace(done, target=f"CAST({done.output} AS {known[0]})")
        type_ = self.kind_of(value)
        spelled = self.ctx.run.lookup.spelled(type_) if not re.fullmatch(r"-?\d{1,9}", text) else "integer"
        match takes_it(spelled, family(type_), known[0]):
            case "cast":
                return replace(done, target=f"CAST({done.output} AS {known[0]})")
            case "no":
                self.refuse("SC5048", value.at, clause=text)
                return done
            case _:
                return done

    def _filled_by(self, called: list[Routine], place: int, name: Name | None) -> list[Parameter]:
        """The parameters that give a value back for an argument, of all that the call may mean."""
        found = []
        for one in called:
            given = one.program.parameters if one.program is not None else ()
            wanted = [p for i, p in enumerate(given) if (p.name == name if name is not None else i == place)]
            found += [p for p in wanted if p.mode != "in"]
        return found

    # -- cursors and exceptions ----------------------------------------------------------------------------------------

    def cursor(self, name: Fragment) -> Fragment:
        """A cursor's name: one of a package is declared in the routine that opens and closes it."""
        if (own := self.package_cursor(name.text, name.at)) is not None:
            return replace(name, target=self.ctx.profile.quoted(own.text))
        return self.text(name)

    def package_cursor(self, text: str, at: Span) -> Name | None:
        names = names_of(text)
        if not names or (len(names) == 1 and (names[0] in self.variables or names[0] in self.refcursors)):
            return None
        packages = self.ctx.run.packages
        inside = packages.resolve(names, self.ctx.run.lookup.package)
        part = packages.parts.get(inside[0]) if inside is not None and not inside[1] else None
        if inside is None or part is None or not isinstance(part.found, CursorVariable):
            return None
        key = inside[0]
        if key not in self.own_cursors:
            if len(names) == 1 and names[0] in self.cursors:
                return None
            own = re.escape(key[1])
            source = self.found.text.text
            opened = re.search(rf'(?i)\b(?:OPEN|FETCH)\s[^;]*?(?<![\w$#])"?{own}(?![\w$#])', source)
            closed = re.search(rf'(?i)\bCLOSE\s[^;]*?(?<![\w$#])"?{own}(?![\w$#])', source)
            again = re.search(rf'(?i)\bOPEN\s[^;]*?(?<![\w$#])"?{own}(?![\w$#])', source)
            if opened and not (closed and again):
                self.refuse("SC5044", at, clause=text.strip())
            before, self.ctx.run.lookup.package = self.ctx.run.lookup.package, key[0]
            variables, self.variables = self.variables, {n: k for n, k in self.variables.items() if n[:1] == "%"}
            self.frame()
            made = self.declaration(part.found)
            self.ctx.run.lookup.package, self.variables = before, variables
            self.frame()
            self.own_cursors[key] = Name(key[1])
            if made is not None:
                self.shared.append(made)
        self.cursors[text.strip().upper()] = part.found
        return self.own(part.found.name)

    def package_condition(self, name: Name) -> list[str] | None:
        """The conditions of an exception that a package declares."""
        packages = self.ctx.run.packages
        inside = packages.resolve(tuple(name.text.split(".")), self.ctx.run.lookup.package)
        part = packages.parts.get(inside[0]) if inside is not None else None
        if inside is None or part is None or not isinstance(part.found, Condition):
            return self._assumed(name) if part is None else None
        if part.found.number is not None:
            found = self.of_number(part.found.number)
            return [found] if found else []
        return [f"SQLSTATE '{packages.states[inside[0]]}'"]

    def _assumed(self, name: Name) -> list[str] | None:
        """The state of an exception that nothing declares but a specification that is in none of the scripts."""
        home, packages = self.ctx.run.lookup.package, self.ctx.run.packages
        if home is None or name.text in self.conditions or not packages.no_specification(home):
            return None
        if not re.fullmatch(r"[A-Z][\w$#]*", name.text):
            return None
        self.ctx.say("SC5122", None, clause=name.text, package=str(home))
        return [f"SQLSTATE '{packages.state_of(home, name.text)}'"]
