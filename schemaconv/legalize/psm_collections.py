"""Collections of a routine where a variable can be a JSON document.

It is an array whose elements are counted from one without gaps, else an object under its keys; records are objects.
``JSON_VALUE`` gives an element with its type ("Functions That Search JSON Values"); bytes are in hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..ir.catalog import UserType
from ..ir.fragment import Fragment, Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Fetch,
    Handler,
    If,
    Loop,
    NamedType,
    Program,
    Ready,
    RecordType,
    SelectInto,
    Sql,
    Step,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import UNKNOWN, Type
from ..source import Span
from . import routine_density
from .psm_errors import PsmErrors
from .psm_records import FLAG, NOT_FOUND
from .routine_collection import Collection
from .routine_collections import group

_ELEMENT: Final = re.compile(r"\s*([A-Za-z][\w$#]*)\s*(?=\()")
_VALUES: Final = re.compile(r"(?i)\bVALUES\s+([A-Z][\w$#]*)\s*(?=\()")
_WHOLE: Final = re.compile(r"(?:(`?[\w$]+`?)|JSON_LENGTH\([\w`$]+\))(?: [+-] \d+)?")
_FIELD: Final = re.compile(r"\s*\.\s*([A-Za-z][\w$#]*)\s*")
_ALL: Final = "LIMIT 18446744073709551615"  # keeps the order of a query that is inside of another
_DECIMAL: Final = re.compile(r"(?i)decimal\s*(\(.*\))")
_LENGTH: Final = re.compile(r"\((\d+)\)")
_LONGEST: Final = 16383


@dataclass(frozen=True, slots=True)
class JsonRow(Collection):
    """``spelled_fields``: the types of the fields on the target."""

    spelled_fields: Mapping[str, str] | None = None

    def parts(self) -> list[tuple[str, str]]:
        """The fields of an element with their types, or the one value that it is."""
        return list((self.spelled_fields or {}).items()) if self.record else [("", self.spelled)]


class PsmCollections(PsmErrors):
    """Adds collections to errors."""

    unshaped: Block | None = None  # the body as the author wrote it

    def gaps(self, block: Block) -> frozenset[str]:
        return routine_density.sparse(self.unshaped if self.unshaped is not None else block)

    def counted_in(self, block: Block) -> frozenset[Span]:
        return super().counted_in(self.unshaped if self.unshaped is not None else block)

    def program(self, program: Program) -> Program:
        """Types come first: parameters may be of a package's."""
        self.row_types: dict[str, dict[str, tuple[Known, str]]] = {}
        self.sparse = self.gaps(program.body)
        given = {p.type.type.user.name.text for p in program.parameters if p.type.type.user is not None}
        if program.returns is not None and program.returns.type.user is not None:
            given.add(program.returns.type.user.name.text)
        for d in program.body.declarations if given else ():
            if isinstance(d, RecordType):
                self.record_type(d)
            elif isinstance(d, NamedType) and d.name.text in given:
                self.named_type(d)
        return super().program(program)

    # -- types ---------------------------------------------------------------------------------------------------------

    def record_type(self, found: RecordType) -> None:
        fields = {f.name.text: (self.known(f.type), self.typed(f.type, f.at).raw) for f in found.fields}
        self.row_types[found.name.text] = fields

    def collection_type(self, found: NamedType) -> None:
        before = self.stub
        fields = self.element_fields(found)
        spelled = "json" if fields is not None else self.typed(found.of, found.at).raw
        if self.stub and not before:
            return
        if fields is None and not _returned(spelled):
            self.refuse("SC5051", found.at, clause=f"{found.name}: a collection of {found.of.raw}")
            return
        key = ""
        if found.form == "index" and found.key is not None:
            whole = self.is_whole(found.key)
            key = "text" if not whole else "number" if found.name.text in self.sparse else ""
        row = fields is not None
        known = Known(UNKNOWN) if row else self.known(found.of)
        self.collection_types[found.name.text] = JsonRow(
            known, spelled, {n: k for n, (k, _) in fields.items()} if fields is not None else None, row, key,
            spelled_fields={n: r for n, (_, r) in (fields or {}).items()},
        )  # fmt: skip
        if found.form == "index":
            self.empty_first.add(found.name.text)

    def element_fields(self, found: NamedType) -> dict[str, tuple[Known, str]] | None:
        """The fields of the elements, with their types on the target, where these are records."""
        of, user = found.of, found.of.type.user
        if user is not None and not of.like and user.name.text in self.row_types:
            fields = self.row_types[user.name.text]
        elif of.row and of.like[-1].text in self.cursors:
            columns = self.ctx.run.translator.query(self.cursors[of.like[-1].text].query.text).columns or ()
            fields = {n: (k, self.typed(Typed(k.type, raw=k.type.raw), found.at).raw) for n, k in columns}
        elif of.row:
            table = self.ctx.run.table(QName(of.like[0] if len(of.like) > 1 else None, of.like[-1]))
            if table is None:
                return None
            columns_ = [(k.name.text, Typed(like=(*of.like, k.name), raw=of.raw)) for k in table[1].columns]
            fields = {n: (self.known(t), self.typed(t, found.at).raw) for n, t in columns_}
        else:
            return None
        if not all(_returned(raw) for _, raw in fields.values()):
            self.refuse("SC5051", found.at, clause=f"{found.name}: a collection of {found.of.raw}")
        return fields

    def of_schema(self, user: QName) -> Collection | None:
        own = self.ctx.find(user)
        if not isinstance(own, UserType) or own.form not in ("table", "varray") or own.of.kind in ("user", "unknown"):
            return None
        spelled = self.typed(Typed(own.of, raw=own.of.raw), self.found.at).raw
        return JsonRow(Known(own.of), spelled, spelled_fields={}) if _returned(spelled) else None

    def typed(self, typed: Typed, at: Span) -> Typed:
        user = typed.type.user
        if user is not None and not typed.like and user.name.text in self.collection_types:
            return replace(typed, raw="json")
        if user is not None and not typed.like and typed.type.kind == "user" and self.of_schema(user) is not None:
            return replace(typed, raw="json")
        return super().typed(typed, at)

    def named_type(self, found: NamedType) -> None:
        if found.form == "refcursor":
            self.without("unread_declaration", found.at, f"TYPE {found.name}")
            return
        if found.form == "subtype":
            self.renamed[found.name.text] = self.resolved(found.of)
        elif found.name.text not in self.collection_types:
            self.collection_type(found)

    def initial(self, found: Variable, own: Collection) -> Fragment | None:
        user = found.type.type.user
        if found.default is None and user is not None and user.name.text in self.empty_first:
            return Fragment("", found.at, target="(JSON_OBJECT())" if own.key else "(JSON_ARRAY())")
        return None

    def collection_spelled(self, own: Collection) -> str:
        return "json"

    # -- expressions ---------------------------------------------------------------------------------------------------

    def element(self, own: Collection, variable: str, index: str, field: str, target: bool) -> str:
        assert isinstance(own, JsonRow)
        if own.record and not field:
            return f"JSON_EXTRACT({variable}, {self.path(own, index)})"
        name = field.strip("`").upper()
        spelled = (own.spelled_fields or {}).get(name, "") if own.record else own.spelled
        if not spelled:
            self.refuse("SC5051", self.found.at, clause=field)
        return _read(variable, self.path(own, index, field), spelled)

    def path(self, own: Collection, index: str, field: str = "") -> str:
        """The path of an element, or of a field of one."""
        rest = f".{field.strip('`')}" if field else ""
        if not own.key:
            if index.isdigit():
                return f"'$[{int(index) - 1}]{rest}'"
            return f"CONCAT('$[', {self.whole(index)} - 1, ']{rest}')"
        if index.isdigit() or (own.key == "text" and re.fullmatch(r"'[\w ]+'", index)):
            return f"'$.\"{index.strip(chr(39))}\"{rest}'"
        tail = f", '{rest}'" if rest else ""
        if own.key == "number":
            return f"CONCAT('$.\"', {self.whole(index)}, '\"{rest}')"
        return f"CONCAT('$.', JSON_QUOTE({index}){tail})"

    def whole(self, index: str) -> str:
        """An index as a whole number."""
        m = _WHOLE.fullmatch(index)
        known = self.variables.get(m[1].strip("`").upper()) if m is not None and m[1] else None
        if m is not None and (not m[1] or (known is not None and known.type.kind == "integer")):
            return index
        return f"CAST({index} AS SIGNED)"

    def constructed(self, own: Collection, inside: str, fragment: Fragment) -> str:
        given = self.inner(inside, fragment) if inside.strip() else []
        if own.key or (given and own.record):
            self.refuse("SC5051", fragment.at, clause="a constructor of records")
        if _binary(own.spelled):
            given = [f"HEX({g})" for g in given]
        return f"JSON_ARRAY({', '.join(given)})"

    def worded_method(self, row: str, own: Collection, variable: str, given: list[str]) -> str:
        key = "CAST(map_keys.each_key AS SIGNED)" if own.key == "number" else "map_keys.each_key"
        path = self.path(own, given[0]) if given else ""
        last = self.path(own, given[1]) if len(given) > 1 and not own.key else ""
        holes = {"v": variable, "k": key, "p": path, "q": last} | {str(i): text for i, text in enumerate(given, 1)}
        return re.sub(r"\{(\w)\}", lambda m: holes.get(m[1], m[0]), row)

    def settable(self, target: Fragment) -> None:
        name = target.text.partition("(")[0].strip().upper()
        if "(" not in target.text or name not in self.collections:
            super().settable(target)

    # -- statements ----------------------------------------------------------------------------------------------------

    def collection_call(self, step: Call) -> Step | None:
        made = super().collection_call(step)
        if not isinstance(made, Ready):
            return made
        return Sql(step.at, step.notes, Fragment("", step.at, target=made.text))

    def element_assigned(self, step: Assign) -> Step | None:
        place = self.element_place(step.target)
        if place is None:
            return None
        name, own, index, field = place
        spelled = (own.spelled_fields or {}).get(field, "") if own.record else own.spelled
        wanted = ((own.fields or {}).get(field) if own.record else own.element) or Known(UNKNOWN)
        if (own.record and not field) or not spelled:
            self.refuse("SC5051", step.at, clause=step.target.text.strip())
            return step
        value = self.text(self.as_text(step.value, wanted.type), wanted).output
        return self.kept_in(step, name, own, index, field, value, spelled)

    def element_place(self, target: Fragment) -> tuple[str, JsonRow, str, str] | None:
        """The collection, the index and the field that ``a(i).x`` means."""
        m = _ELEMENT.match(target.text)
        own = self.collections.get(m[1].upper()) if m is not None else None
        if m is None or not isinstance(own, JsonRow):
            return None
        inside, end = group(target.text, m.end())
        index = self.inner(inside, target)
        rest = _FIELD.fullmatch(target.text, end)
        if len(index) != 1 or (rest is None and target.text[end:].strip()):
            self.refuse("SC5051", target.at, clause=target.text.strip())
            return None
        return m[1].upper(), own, index[0], rest[1].upper() if rest is not None else ""

    def kept_in(self, step: Step, name: str, own: JsonRow, index: str, field: str, value: str, spelled: str) -> Step:
        """The assignment of a value to an element or to a field of one; its type cuts and rounds it first."""
        variable, own_field = self.spelling(name), self.spelling(field) if field else ""
        item = ""
        if not _fits(value, spelled):
            item = self.ctx.profile.quoted(self.helper(_item(variable, own_field), spelled).text)
        given = item or value
        given = f"HEX({given})" if _binary(spelled) else given
        path = self.path(own, index)
        if own.record:
            before = f"COALESCE(JSON_EXTRACT({variable}, {path}), JSON_OBJECT())"
            given = f"JSON_MERGE_PATCH({before}, JSON_OBJECT('{own_field.strip('`')}', {given}))"
        first = f"{item} = {value}, " if item else ""
        text = f"SET {first}{variable} = JSON_SET({variable}, {path}, {given})"
        return Sql(step.at, step.notes, Fragment("", step.at, target=text))

    def slots(self, into: tuple[Fragment, ...]) -> tuple[tuple[Fragment, ...], Body]:
        """Where a row goes: an element takes it from a variable."""
        found, more = [], []
        for target in into:
            place = self.element_place(target)
            if place is None:
                found.append(self.filled(target))
                continue
            name, own, index, field = place
            spelled = (own.spelled_fields or {}).get(field, "") if own.record else own.spelled
            if not spelled or (own.record and not field):
                self.refuse("SC5051", target.at, clause=target.text.strip())
                continue
            item = self.helper(_item(self.spelling(name), self.spelling(field) if field else ""), spelled).text
            quoted = self.ctx.profile.quoted(item)
            found.append(replace(target, target=quoted))
            more.append(self.kept_in(Step(target.at), name, own, index, field, quoted, ""))
        return tuple(found), tuple(more)

    def records_in(self, fragment: Fragment) -> Fragment:
        """``INSERT INTO t VALUES a(i)`` with the fields of the element."""
        m = _VALUES.search(fragment.text)
        own = self.collections.get(m[1].upper()) if m is not None else None
        if m is None or not isinstance(own, JsonRow) or not own.record:
            return fragment
        inside, end = group(fragment.text, m.end())
        index = self.inner(inside, fragment)
        if len(index) != 1 or fragment.text[end:].strip():
            return fragment
        variable = self.spelling(m[1].upper())
        listed = [
            self.piece(self.element(own, variable, index[0], self.spelling(n), False), (own.fields or {})[n])
            for n, _ in own.parts()
        ]
        names = ", ".join([f'"{n}"' for n in listed])
        return replace(fragment, text=f"{fragment.text[: m.start(1)]}({names})")

    # -- whole sets of rows --------------------------------------------------------------------------------------------

    def bulk_select(self, step: SelectInto) -> Body:
        taken = self.bulk_targets(step, step.into)
        query = self.query(step.query)
        if taken is None:
            return (step,)
        text = query.output
        if re.search(r"(?i)\bORDER\s+BY\b", text) and not re.search(r"(?i)\bLIMIT\b[^()]*$", text):
            text = f"{text} {_ALL}"
        columns: list[str] = []
        given = []
        for _, own in taken:
            assert isinstance(own, JsonRow)
            fields = own.parts()
            own_columns = [f"c{len(columns) + i}" for i in range(1, len(fields) + 1)]
            columns += own_columns
            values = [f"HEX(found.{c})" if _binary(raw) else f"found.{c}"
                      for c, (_, raw) in zip(own_columns, fields, strict=True)]  # fmt: skip
            value = values[0]
            if own.record:
                names = [self.spelling(n).strip("`") for n, _ in fields]
                value = f"JSON_OBJECT({', '.join(f'{n!r}, {v}' for n, v in zip(names, values, strict=True))})"
            given.append(f"COALESCE(JSON_ARRAYAGG({value}), JSON_ARRAY())")
        into = ", ".join([variable for variable, _ in taken])
        made = (f"SELECT {', '.join(given)} INTO {into}\n"
                f"FROM ({text}) AS found ({', '.join(columns)})")  # fmt: skip
        return Sql(step.at, step.notes, replace(query, target=made)), *self.bulk_counted(step, taken)

    def bulk_counted(self, step: Step, taken: list[tuple[str, Collection]]) -> Body:
        if step.at not in self.counted:
            return ()
        text = f"SET sql_rowcount = JSON_LENGTH({taken[0][0]})"
        return (Sql(step.at, statement=Fragment("", step.at, target=text)),)

    def bulk_fetch(self, step: Fetch) -> Body:
        """Row after row, until there are as many as wanted or no more."""
        taken = self.bulk_targets(step, step.into)
        if taken is None:
            return (step,)
        at, number = step.at, len(self.labels) + 1
        limit = self.text(step.limit).output if step.limit is not None else ""
        label, more = Name(f"fetch_rows_{number}"), Name("more_rows")
        self.labels.add(label.text)
        declared: list[Variable] = []
        into: list[Fragment] = []
        added: list[Step] = []
        for variable, own in taken:
            assert isinstance(own, JsonRow)
            fields = own.parts()
            parts = []
            for field, raw in fields:
                name = Name(_item(variable, self.spelling(field) if field else ""))
                quoted = self.ctx.profile.quoted(name.text)
                declared.append(Variable(name, Typed(raw=raw), at=at))
                into.append(Fragment("", at, target=quoted))
                shown = self.spelling(field).strip("`") if field else ""
                parts.append((shown, f"HEX({quoted})" if _binary(raw) else quoted))
            value = parts[0][1] if not own.record else f"JSON_OBJECT({', '.join(f'{n!r}, {v}' for n, v in parts)})"
            added.append(_set(f"{variable} = JSON_ARRAY_APPEND({variable}, '$', {value})", at))
        true, false = Fragment("TRUE", at, "TRUE"), Fragment("FALSE", at, "FALSE")
        flag = Fragment(more.text, at, target=more.text)
        bound = f" AND JSON_LENGTH({taken[0][0]}) < {limit}" if limit else ""
        body: Body = (
            Fetch(at, cursor=self.cursor(step.cursor), into=tuple(into)),
            If(at, branches=((flag, tuple(added)),)),
        )
        over = Handler((Name(NOT_FOUND),), (Assign(at, target=flag, value=false),), at, resume=True)
        loop = Loop(at, label=label, condition=replace(flag, target=more.text + bound), body=body)
        block = Block(
            at, declarations=(Variable(more, FLAG, true, at=at), *declared), body=(loop,), handlers=(over,)
        )
        empty = _set(", ".join(f"{variable} = JSON_ARRAY()" for variable, _ in taken), at)
        return replace(empty, notes=step.notes), block


def _set(text: str, at: Span) -> Sql:
    return Sql(at, statement=Fragment("", at, target=f"SET {text}"))


def _item(variable: str, field: str) -> str:
    """A name for a variable that takes an element, or a field of one."""
    return "_".join(w.strip("`") for w in (variable, field) if w)[:58] + "_item"


def _binary(spelled: str) -> bool:
    return re.match(r"(?i)(var)?binary\b", spelled) is not None


def _returned(spelled: str) -> str:
    """The type that JSON_VALUE gives for one of the target's; empty where there is none."""
    word = re.split(r"[ (]", spelled.lower(), maxsplit=1)[0]
    length = _LENGTH.search(spelled)
    match word:
        case "int" | "integer" | "bigint" | "smallint" | "tinyint" | "mediumint" | "boolean":
            return "SIGNED"
        case "decimal" | "numeric" if (m := _DECIMAL.match(spelled)) is not None:
            return f"DECIMAL{m[1]}"
        case "double" | "float":
            return "DOUBLE"
        case "varchar" | "char" if length is not None:
            return f"CHAR({length[1]})"
        case "varbinary" | "binary" if length is not None and int(length[1]) * 2 <= _LONGEST:
            return f"CHAR({int(length[1]) * 2})"
        case "date":
            return "DATE"
        case "datetime":
            return "DATETIME" if length is None else "CHAR(30)"
        case _:
            return ""


def _read(variable: str, path: str, spelled: str) -> str:
    found = (variable, path) if path.startswith("'") else (f"JSON_EXTRACT({variable}, {path})", "'$'")
    text = f"JSON_VALUE({found[0]}, {found[1]} RETURNING {_returned(spelled)})"
    if _binary(spelled):
        return f"UNHEX({text})"
    return f"CAST({text} AS {spelled})" if spelled.lower().startswith("datetime(") else text


def _fits(value: str, spelled: str) -> bool:
    """Whether a value is of the type already, so that nothing is cut off or rounded."""
    if not spelled or value == "NULL":
        return True
    kind = Type(spelled.lower().partition("(")[0])
    length = _LENGTH.search(spelled)
    if re.fullmatch(r"'(?:[^'\\]|'')*'", value):
        return kind.kind == "varchar" and length is not None and len(value) - 2 <= int(length[1])
    if re.fullmatch(r"\d{1,9}", value):
        return kind.kind in ("int", "bigint") or spelled.lower() == "decimal(65, 30)"
    return False
