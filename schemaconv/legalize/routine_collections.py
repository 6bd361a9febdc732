"""Collections of a routine: arrays where elements are counted from one without gaps, else JSON objects.

Elements and methods stand in expressions as calls and fields (``a(i).name``, ``a.COUNT``). They leave a fragment before
it is translated, as names of known type, and come back as the target's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..ir.catalog import UserType
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import Assign, Call, NamedType, Ready, Step, Typed, Variable
from ..ir.types import UNKNOWN, Type
from .routine_collection import Collection
from .routine_packages import PackageParts

_PLACE: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|(?<![\w$#.:])([A-Za-z][\w$#]*)\s*(?=[(.])""", re.S
)
_INNER: Final = re.compile(r"\s*\.\s*([A-Za-z][\w$#]*)\s*(?=\()")
_METHOD: Final = re.compile(r"\.\s*(COUNT|FIRST|LAST|EXISTS|NEXT|PRIOR|LIMIT)\b\s*", re.I)
_FIELD: Final = re.compile(r"\s*\.\s*([A-Za-z][\w$#]*)")
_BRACKETS: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]")
_BARE: Final = re.compile(r"\((\d+)\)::integer|\(('(?:[^']|'')*')\)::text")
_LEVELS: Final = 20  # of elements inside of subscripts
_WHOLE: Final = frozenset("integer smallint bigint tinyint".split())
_ANSWERS: Final = {"EXISTS": Known(Type("boolean"), True), "COUNT": Known(Type("integer"), True)}


class Collections(PackageParts):
    """Adds collections to packages."""

    def collection_type(self, found: NamedType) -> None:
        before = self.stub
        element = self.typed(found.of, found.at)
        if self.stub and not before:
            return
        row = found.of.row or element.form == "record"
        fields = self.fields_of(found.of) if row else None
        spelled = element.raw.removesuffix("%ROWTYPE")
        if not row and found.of.like:
            spelled = self.spelled_like(found.of)
        if not spelled or spelled in ("refcursor", "record") or (found.of.type.kind == "user" and not row):
            self.refuse("SC5051", found.at, clause=f"{found.name}: a collection of {found.of.raw}")
            return
        key = ""
        if found.form == "index" and found.key is not None:
            whole = self.is_whole(found.key)
            key = "number" if whole else "text"
            if whole and found.name.text not in self.sparse:
                key = ""
        known = Known(UNKNOWN) if row else self.known(found.of)
        self.collection_types[found.name.text] = Collection(known, spelled, fields, row, key)
        if found.form == "index":
            self.empty_first.add(found.name.text)

    def is_whole(self, typed: Typed) -> bool:
        """Whether an index is a whole number."""
        if typed.like:
            return self.known(typed).type.kind not in ("varchar", "char", "nvarchar")
        return typed.type.kind not in ("varchar", "char", "nvarchar", "nchar", "text")

    def spelled_like(self, typed: Typed) -> str:
        """The type of a column, since there are no arrays of ``%TYPE``."""
        if len(typed.like) < 2:
            return ""
        name = QName(typed.like[-3] if len(typed.like) > 2 else None, typed.like[-2])
        table = self.ctx.run.table(name)
        if table is None:
            return ""
        column = self.names.column(table[1].name, typed.like[-1]).text
        return self.ctx.run.spelled.get(table[0], {}).get(column, "")

    def collected(self, name: Name, typed: Typed) -> Collection | None:
        """The collection that a variable of that type is, which is then known by its name."""
        user = self.of_package(typed).type.user
        found = self.collection_types.get(user.name.text) if user is not None and user.schema is None else None
        if found is None and user is not None and typed.type.kind == "user":
            found = self.of_schema(user)
            if found is not None:
                self.schema_types[user.name.text] = found
        if found is not None:
            self.collections[name.text] = found
        else:
            self.collections.pop(name.text, None)
        return found

    def of_schema(self, user: QName) -> Collection | None:
        assert isinstance(user, QName)
        own = self.ctx.find(user)
        if not isinstance(own, UserType) or own.form not in ("table", "varray") or not self.ctx.exists(user):
            return None
        if own.of.kind in ("user", "unknown"):
            return None
        spelled = self.typed(Typed(own.of, raw=own.of.raw), self.found.at).raw
        return Collection(Known(own.of), spelled)

    # -- fragments -----------------------------------------------------------------------------------------------------

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        fragment = super().marked(fragment, target)
        types = self.collection_types | self.schema_types
        if not self.collections and not types:
            return fragment
        text, made, at = fragment.text, [], 0
        for m in _PLACE.finditer(text):
            name, behind = (m[1] or "").upper(), m.end()
            if (inner := _INNER.match(text, behind)) is not None and f"{name}.{inner[1].upper()}" in types:
                name, behind = f"{name}.{inner[1].upper()}", inner.end()  # a type of a package
            if m.start() < at or (name not in self.collections and name not in types):
                continue
            found = self.place(replace(fragment, text=text), name, behind, target)
            if found is None:
                continue
            piece, known, end = found
            made.append(text[at : m.start()])
            made.append(f'"{self.piece(piece, known)}"')
            at = end
        return replace(fragment, text="".join(made) + text[at:]) if made else fragment

    def place(
        self, fragment: Fragment, name: str, at: int, target: bool, shape: Collection | None = None, getter: str = ""
    ) -> tuple[str, Known, int] | None:
        """What stands behind a collection's name at ``at``: the target's text, its type, and where it ends. One of a
        package has a ``shape`` and is read by its ``getter``."""
        text = fragment.text
        own = shape or self.collections.get(name)
        if own is None:
            if text[at : at + 1] != "(":
                return None
            inside, end = group(text, at)
            return self.constructed(self.constructor(name), inside, fragment), Known(UNKNOWN), end
        variable = getter or self.spelling(name)
        method = _METHOD.match(text, at)
        if method is not None:
            what, end = method[1].upper(), method.end()
            given = ""
            if text[end : end + 1] == "(":
                given, end = group(text, end)
            answer = _ANSWERS.get(what, Known(Type("varchar") if own.key == "text" else Type("integer")))
            return self.method(own, variable, what, self.inner(given, fragment) if given else [], fragment), answer, end
        if text[at : at + 1] != "(":
            return None
        inside, end = group(text, at)
        index = self.inner(inside, fragment)
        if len(index) != 1:
            self.refuse("SC5051", fragment.at, clause=f"{name}({inside})")
            return "", Known(UNKNOWN), end
        if not target:
            self.missing(name, inside, fragment)
        field = _FIELD.match(text, end) if own.record else None
        if field is not None:
            known = (own.fields or {}).get(field[1].upper(), Known(UNKNOWN))
            return self.element(own, variable, index[0], self.spelling(field[1].upper()), target), known, \
                field.end()  # fmt: skip
        return self.element(own, variable, index[0], "", target), own.element, end

    def constructor(self, name: str) -> Collection:
        return self.collection_types.get(name) or self.schema_types[name]

    def element(self, own: Collection, variable: str, index: str, field: str, target: bool) -> str:
        if own.key:
            key = index if re.fullmatch(r"'(?:[^']|'')*'", index) else f"({index})::text"
            key = f"'{index}'" if index.isdigit() else key
            if target:
                return f"{variable}[{key}]" + (f"['{field}']" if field else "")
            if own.record:
                whole = f"jsonb_populate_record(NULL::{own.spelled}, {variable} -> {key})"
                return f"({whole}).{field}" if field else whole
            return f"({variable} ->> {key})::{own.spelled}"
        if variable[-1] == ")":
            variable = f"({variable})"
        if field:
            return f"{variable}[{index}].{field}" if target else f"({variable}[{index}]).{field}"
        return f"{variable}[{index}]"

    def constructed(self, own: Collection, inside: str, fragment: Fragment) -> str:
        given = self.inner(inside, fragment) if inside.strip() else []
        if own.key or (given and own.record):
            self.refuse("SC5051", fragment.at, clause="a constructor of records")
        return f"ARRAY[{', '.join(given)}]::{own.spelled}[]"

    def method(self, own: Collection, variable: str, what: str, given: list[str], fragment: Fragment) -> str:
        row = self.methods("map" if own.key else "array").get(what)
        simple = all(re.fullmatch(r"[\w.$]+|'(?:[^']|'')*'", text) for text in given)
        if row is None or (what in ("NEXT", "PRIOR") and not simple):
            self.refuse("SC5051", fragment.at, clause=what)
            return ""
        return self.worded_method(row, own, variable, given)

    def worded_method(self, row: str, own: Collection, variable: str, given: list[str]) -> str:
        key = "keys.each_key::integer" if own.key == "number" else 'keys.each_key COLLATE "C"'
        holes = {"v": variable, "k": key, "t": own.spelled} | {str(i): text for i, text in enumerate(given, 1)}
        made = re.sub(r"\{(\w)\}", lambda m: holes.get(m[1], m[0]), row)
        return _BARE.sub(lambda m: m[1] or m[2], made)

    def inner(self, text: str, fragment: Fragment) -> list[str]:
        """The translated parts of a list inside of ``fragment``."""
        self.level += 1
        try:
            if self.level > _LEVELS:
                self.refuse("SC5051", fragment.at, clause="elements inside of elements")
                return []
            parts = _parts(text)
            return [p.strip() if p.strip().isdigit() else self.text(replace(fragment, text=p)).output for p in parts]
        finally:
            self.level -= 1

    def missing(self, name: str, index: str, fragment: Fragment) -> None:
        """An element that is not there is an error in the source, and NULL on the target: it matters to handlers."""
        if self.catching and (name, index.strip().upper()) not in self.proven:
            self.ctx.say("SC5050", fragment.at)

    # -- statements ----------------------------------------------------------------------------------------------------

    def collection_call(self, step: Call) -> Step | None:
        """``a.EXTEND(3)``: a call of a method."""
        own = self.collections.get(step.name[0].text) if len(step.name) == 2 else None
        if own is None:
            return None
        what = step.name[1].text + (str(len(step.arguments)) if step.arguments else "")
        row = self.methods("map" if own.key else "array").get(what)
        if row is None:
            self.refuse("SC5051", step.at, clause=step.text.text)
            return step
        given = [self.text(value).output for _, value in step.arguments]
        return Ready(step.at, step.notes, self.worded_method(row, own, self.spelling(step.name[0].text), given))

    def element_assigned(self, step: Assign) -> Step | None:
        """``a(i) := x``, where ``a`` is a map: the value as JSON."""
        m = re.match(r"\s*([A-Za-z][\w$#]*)\s*\(", step.target.text)
        own = self.collections.get(m[1].upper()) if m is not None else None
        if own is None:
            return None
        target = self.text(step.target, None, True)
        value = self.text(step.value, own.element if not own.record else None)
        if own.key:
            field = target.output.endswith("']") and own.record
            cast = "" if own.record or field else f"::{own.spelled}"
            if field and (value.output[:1] == "'" or value.output == "NULL"):
                cast = "::text"
            text = value.output if re.fullmatch(r"[\w.]+|'(?:[^']|'')*'", value.output) else f"({value.output})"
            value = replace(value, target=f"to_jsonb({text}{cast})")
        return replace(step, target=target, value=value)

    def place_of(self, target: Fragment) -> Fragment:
        """What something is assigned to: a variable, or a field of a record, of the routine's own."""
        parts = [p.strip().strip('"') for p in target.text.strip().split(".")]
        names = {parts[0], parts[0].upper()}
        if names.isdisjoint(self.variables) and names.isdisjoint(self.records) and names.isdisjoint(self.labels):
            if self.part_of(target) is not None:
                self.refuse("SC5043", target.at, clause=target.text.strip())
            else:
                self.refuse("SC5024", target.at, clause=target.text.strip())
            return target
        elif len(parts) > 1 and not names.isdisjoint(self.shapeless):
            self.refuse("SC5023", target.at, clause=target.text.strip())
        return self.text(target)

    def initial(self, found: Variable, own: Collection) -> Fragment | None:
        """An associative array is there, and empty, from its declaration on."""
        user = self.of_package(found.type).type.user
        if found.default is None and user is not None and user.name.text in self.empty_first:
            return Fragment("", found.at, target="'{}'")
        return None

    def collection_spelled(self, own: Collection) -> str:
        return "jsonb" if own.key else f"{own.spelled}[]"

    def methods(self, what: str) -> Mapping[str, str]:
        return self.array_methods if what == "array" else self.map_methods


def group(text: str, at: int) -> tuple[str, int]:
    """What stands in the parentheses that open at ``at``, and where it goes on behind them."""
    depth, i = 0, at
    for m in _BRACKETS.finditer(text, at):
        depth += (m[0] == "(") - (m[0] == ")")
        i = m.end()
        if depth == 0:
            return text[at + 1 : i - 1], i
    return text[at + 1 :], len(text)


def _parts(text: str) -> list[str]:
    """The parts of a list between its commas."""
    parts, depth, start = [], 0, 0
    for m in re.finditer(r"'(?:[^']|'')*'|\"[^\"]*\"|[(),]", text):
        depth += (m[0] == "(") - (m[0] == ")")
        if m[0] == "," and depth == 0:
            parts.append(text[start : m.start()])
            start = m.end()
    parts.append(text[start:])
    return parts
