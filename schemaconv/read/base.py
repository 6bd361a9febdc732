"""The catalog while it is being read: objects in script order, and later statements folded into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeVar

from ..diagnostics import Log
from ..ir.catalog import (
    Catalog,
    Clause,
    Column,
    Comment,
    Constraint,
    Data,
    DefaultChange,
    Grant,
    Index,
    IndexPart,
    Object,
    Other,
    Routine,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.clause import gone
from ..ir.fragment import Fragment
from ..ir.names import Name, QName, Renaming
from ..ir.types import UNKNOWN, Type
from ..source import SourceFile, Span
from ..sql.lexis import Lexis
from ..sql.prose_secrets import in_prose
from ..sql.tokens import QUOTED, WORD
from .places import Places

O = TypeVar("O", bound=Object)

#: A password or a key was taken out of a comment, a description or a line of the client.
CREDENTIAL: Final = "SC1043"
#: Objects that share one name space in a schema (SQL Language Reference, "Schema Object Naming Rules").
_SHARED: Final = (Table, View, Sequence, Synonym, UserType)


class Builder:
    """Collects objects. ``find`` looks an object up as the source would, forgiving a schema that only one side names.

    ``touched`` is the last object that was added or changed. ``index_of_table``: two tables may have indexes of one
    name, which is then looked up together with its table. ``types_apart``: a type may bear the name of a table.
    """

    def __init__(self, log: Log, index_of_table: bool = False, types_apart: bool = False) -> None:
        self.log = log
        self.index_of_table = index_of_table
        self.types_apart = types_apart
        self.touched = -1
        self.objects: list[Object] = []
        self.places = Places()
        self.given: dict[int, frozenset[str]] = {}  # of tables with rows: the columns that each INSERT fills
        self.replacing = False  # the statement at hand says OR REPLACE
        self.keeping = False  # the statement at hand may not run: it drops nothing
        self.loose: set[int] = set()  # what such a statement would have dropped
        self.statements = 0
        self.total = 0
        self.claimed = 0
        self.tail: tuple[str, ...] = ()
        self._renamings: dict[str, list[Renaming]] = {}
        self._referring: dict[QName, set[int]] | None = None  # what names a table, once one is renamed
        self._shared: dict[str, list[int]] = {}
        self._indexes: dict[str, list[int]] = {}
        self._named: dict[str, list[int]] = {}  # every object, whatever it is
        self._others: dict[str, list[int]] = {}  # statements that define no object of ours, by their name in capitals
        self._defined: dict[str, list[int]] = {}  # those that a script makes: no rights, rows, comments
        self._on: dict[str, dict[int, None]] = {}  # indexes and triggers, by the name of their table
        self._homes: dict[str, dict[int, None]] = {}  # objects by their schema
        self._by_name = (self._shared, self._indexes, self._named, self._defined)
        self._members: dict[str, set[int]] | None = None  # columns and constraints, once somebody asks for them

    def add(self, found: Object) -> int:
        """Append an object; returns its index, which is the ``subject`` of its diagnostics."""
        subject = len(self.objects)
        apart = (isinstance(found, Table) and found.partial) or (isinstance(found, Synonym) and found.public)
        if isinstance(found, (*_SHARED, Index)) and not apart:
            found = self._once(found)
        self.objects.append(found)
        if not dropped(found):
            self._register(found, subject)
        self._note_members(found, subject)
        self._note_references(found, subject)
        self.touched = subject
        return subject

    def _once(self, found: Object) -> Object:
        """A name is defined once: OR REPLACE takes the earlier one's place, any other later one fails in Oracle."""
        if isinstance(found, Index) and self.index_of_table:
            earlier = self.index_on(found.table, found.name)
        elif isinstance(found, UserType):
            earlier = self.find(found.name, UserType if self.types_apart else Object)
        else:
            earlier = self.find(found.name, Index if isinstance(found, Index) else Object)
        if earlier is None or self.objects[earlier].name.schema != found.name.schema:
            return found
        old = self.objects[earlier]
        if isinstance(old, Table) and old.partial:
            return found
        forward = isinstance(old, UserType) and old.form == "incomplete"
        if self.replacing or forward or (earlier in self.loose and not self.keeping):
            self.objects[earlier] = replace(
                old, clauses=(*old.clauses, Clause("replaced_later", str(old.name), old.at))
            )
            self._forget(old, earlier)
            return found
        return replace(found, clauses=(*found.clauses, Clause("already_defined", str(found.name), found.at)))

    def _register(self, found: Object, subject: int) -> None:
        self._named.setdefault(found.name.name.text, []).append(subject)
        if isinstance(found, Other):
            self._others.setdefault(found.name.name.text.upper(), []).append(subject)
        if isinstance(found, _SHARED) and not (isinstance(found, Synonym) and found.public):
            self._shared.setdefault(found.name.name.text, []).append(subject)
        elif isinstance(found, Index):
            self._indexes.setdefault(found.name.name.text, []).append(subject)
        if isinstance(found, (Index, Routine)) and found.table is not None:
            self._on.setdefault(found.table.name.text, {})[subject] = None
        if not isinstance(found, (Comment, Data, Grant, Other)):
            self._defined.setdefault(found.name.name.text, []).append(subject)
        if found.name.schema is not None:
            self._homes.setdefault(found.name.schema.text, {})[subject] = None

    def _forget(self, found: Object, subject: int) -> None:
        """An object is not there any more: nothing that is looked up is found in it."""
        name = found.name.name.text
        for table in self._by_name:
            if subject in table.get(name, ()):
                table[name].remove(subject)
        if isinstance(found, (Index, Routine)) and found.table is not None:
            self._on.get(found.table.name.text, {}).pop(subject, None)
        if found.name.schema is not None:
            self._homes.get(found.name.schema.text, {}).pop(subject, None)

    def moved(self, old: int, new: int) -> None:
        """An object has taken another place in the list."""
        for table in (*self._by_name, self._others):
            for subjects in table.values():
                subjects[:] = [new if s == old else s for s in subjects]
        for places in [*(self._members or {}).values(), *(self._referring or {}).values()]:
            if old in places:
                places.remove(old)
                places.add(new)
        for ordered in [*self._on.values(), *self._homes.values()]:
            if old in ordered:
                del ordered[old]
                ordered[new] = None

    def find(self, name: QName, wanted: type[O]) -> int | None:
        """The last object of that type and name that was not dropped again."""
        table = self._indexes if wanted is Index else self._shared
        candidates = table.get(name.name.text, ())
        loose: list[int] = []
        for subject in reversed(candidates):
            found = self.objects[subject]
            if not isinstance(found, wanted) or dropped(found):
                continue
            if self.types_apart and wanted is Object and isinstance(found, UserType):
                continue
            if found.name.schema == name.schema:
                return subject
            if found.name.schema is None or name.schema is None:
                loose.append(subject)
        return loose[0] if loose else None

    def holders(self, name: str) -> list[int]:
        """The tables, not dropped again, that have or had a column, a constraint or a default of that name."""
        if self._members is None:
            self._members = {}
            for subject, found in enumerate(self.objects):
                self._note_members(found, subject)
        known = sorted(self._members.get(name, ()))
        return [s for s in known if s < len(self.objects) and not dropped(self.objects[s])]

    def others(self, name: str) -> Iterator[Other]:
        """The statements of that name, in capitals, that define no object of ours and were not undone again."""
        for subject in self._others.get(name, ()):
            found = self.objects[subject] if subject < len(self.objects) else None
            if isinstance(found, Other) and found.name.name.text.upper() == name and not dropped(found):
                yield found

    def _note_members(self, found: Object, subject: int, before: Object | None = None) -> None:
        if self._members is not None:
            for name in members(_gained(found, before)):
                self._members.setdefault(name, set()).add(subject)

    def called(self, name: str) -> Iterator[int]:
        """What bears that name and was not dropped again, the last first: objects, their rights, their rows."""
        return self._there(self._named, name)

    def defined(self, name: str) -> Iterator[int]:
        """The objects of that name that were not dropped again, the last first."""
        return self._there(self._defined, name)

    def _there(self, table: dict[str, list[int]], name: str) -> Iterator[int]:
        for subject in reversed(table.get(name, ())):
            if subject < len(self.objects) and not dropped(self.objects[subject]):
                yield subject

    def gave(self, subject: int, columns: frozenset[str]) -> None:
        """The script inserts rows into a table and gives values for those columns."""
        known = self.given.get(subject)
        self.given[subject] = columns if known is None else known & columns

    def rows_lack(self, subject: int, column: Name) -> bool:
        """Whether the script has inserted rows into a table, some of them without a value for a column."""
        given = self.given.get(subject)
        return given is not None and column.text not in given

    def indexes_of(self, table: QName) -> list[int]:
        """The indexes on the table of exactly that name that were not dropped again."""
        return [s for s in self.attached(table) if isinstance(self.objects[s], Index)]

    def in_schema(self, schema: Name) -> Iterator[int]:
        """The objects of a schema that were not dropped again, in the order of the script."""
        for subject in tuple(self._homes.get(schema.text, ())):
            if subject < len(self.objects) and self.objects[subject].name.schema == schema:
                if not dropped(self.objects[subject]):
                    yield subject

    def holds(self, schema: Name) -> bool:
        """Whether a schema has any object."""
        there = self._homes.get(schema.text, {})
        return any(s < len(self.objects) and self.objects[s].name.schema == schema for s in there)

    def is_there(self, subject: int) -> bool:
        """Whether the object was not dropped again, and has come to be at all."""
        return not dropped(self.objects[subject])

    def index_on(self, table: QName, name: QName) -> int | None:
        """The index of that name on ``table``, where the name of an index is its table's own."""
        wanted = self.find(table, Table)
        either = (self._indexes.get(name.name.text, ()), self._on.get(table.name.text, ()))
        for subject in sorted(min(either, key=len), reverse=True):  # thousands of tables may have an index of one name
            found = self.objects[subject] if subject < len(self.objects) else None
            if not isinstance(found, Index) or found.name.name.text != name.name.text or dropped(found):
                continue
            if found.table.name.text != table.name.text:
                continue
            if found.table == table or (wanted is not None and self.find(found.table, Table) == wanted):
                return subject
        return None

    def attached(self, table: QName) -> list[int]:
        """The indexes and triggers of ``table`` that are there."""
        found = []
        for subject in self._on.get(table.name.text, ()):
            other = self.objects[subject] if subject < len(self.objects) else None
            if isinstance(other, (Index, Routine)) and other.table == table and not dropped(other):
                found.append(subject)
        return found

    def get(self, subject: int, wanted: type[O]) -> O:
        found = self.objects[subject]
        assert isinstance(found, wanted)
        return found

    def change(self, subject: int, found: Object, at: Span) -> None:
        """Put a changed object back; ``at`` is the statement that changed it."""
        self._note_members(found, subject, self.objects[subject])
        self.objects[subject] = replace(found, also=(*found.also, at))
        self._note_references(found, subject)
        self.touched = subject

    def rename(self, subject: int, name: QName, at: Span) -> None:
        """Give an object another name or schema; what refers to a table or a view follows it."""
        found = self.objects[subject]
        if isinstance(found, (Table, View)):
            self._follow(found.name, name)
            self._renamings.setdefault(found.name.name.text, []).append(Renaming(found.name, name, at))
        self._forget(found, subject)  # the former name is free for another object
        found = replace(self.objects[subject], name=name)
        taken = self.find(name, Index if isinstance(found, Index) else Object)
        if taken is not None and taken != subject and self.objects[taken].name == name:
            found = replace(found, clauses=(*found.clauses, Clause("already_defined", str(name), at)))
        self.change(subject, found, at)
        self._register(self.objects[subject], subject)

    def rename_column(self, subject: int, old: Name, new: Name, words: Lexis) -> None:
        """Give a column of a table another name in its indexes and in the keys of other tables that point to it."""
        table = self.get(subject, Table)
        for place in sorted(self._references().get(table.name, ())):
            other = self.objects[place]
            if isinstance(other, DefaultChange) and other.column == old:
                self.objects[place] = replace(other, column=new)
            elif isinstance(other, Table) and place != subject:
                keys = tuple(_following(k, table.name, old, new) for k in other.constraints)
                self.objects[place] = replace(other, constraints=keys)
        for place in self.indexes_of(table.name):
            index = self.get(place, Index)
            self.objects[place] = replace(
                index,
                parts=tuple(_renamed_part(p, old, new, words) for p in index.parts),
                include=tuple(new if n == old else n for n in index.include),
                where=renamed_text(index.where, old, new, words) if index.where is not None else None,
            )

    def _references(self) -> dict[QName, set[int]]:
        if self._referring is None:
            self._referring = {}
            for subject, found in enumerate(self.objects):
                self._note_references(found, subject)
        return self._referring

    def _follow(self, old: QName, new: QName) -> None:
        for subject in sorted(self._references().pop(old, ())):
            match found := self.objects[subject]:
                case Table():
                    constraints = tuple(
                        replace(k, references=new) if k.references == old else k for k in found.constraints
                    )
                    self.objects[subject] = replace(found, constraints=constraints)
                case Index() | Routine() | DefaultChange() if found.table == old:
                    self.objects[subject] = replace(found, table=new)
                    if not isinstance(found, DefaultChange):
                        self._on.get(old.name.text, {}).pop(subject, None)
                        self._on.setdefault(new.name.text, {})[subject] = None
                case _:
                    pass
            self._note_references(self.objects[subject], subject)

    def _note_references(self, found: Object, subject: int) -> None:
        if self._referring is not None:
            for name in _referred(found):
                self._referring.setdefault(name, set()).add(subject)

    def drop(self, subject: int, at: Span, text: str) -> None:
        """Mark an object that the script drops again; it stays in the catalog with its verdict."""
        if self.keeping:
            self.loose.add(subject)
            return
        found = self.objects[subject]
        self._forget(found, subject)
        self.change(subject, replace(found, clauses=(*found.clauses, Clause("drop_after_create", text, at))), at)

    def drop_table(self, subject: int, at: Span, text: str) -> None:
        """As :meth:`drop`, of a table with its indexes."""
        for index in self.indexes_of(self.objects[subject].name):
            self.drop(index, at, text)
        self.drop(subject, at, text)

    def finish(self, files: tuple[SourceFile, ...]) -> Catalog:
        self._fold_early_changes()
        self._types_of_keys()
        self._fold_comments()
        renamings = {name: tuple(found) for name, found in self._renamings.items()}
        sums = (self.statements, self.total, self.claimed)
        return Catalog(tuple(self.objects), self.tail, *sums, files, renamings=renamings)

    def _fold_early_changes(self) -> None:
        """What ALTER TABLE adds to a table that is only defined later: files are read in the order of their names."""
        homes: dict[int, int] = {}
        for subject, found in enumerate(self.objects):
            if not isinstance(found, Table) or not found.partial:
                continue
            home = self._defined_later(found, subject)
            if home is not None and not any(k.construct == "alter_unknown_table" for k in found.clauses):
                self.objects[home] = _grown(self.get(home, Table), found)
                homes[subject] = home
        if homes:
            kept = [s for s in range(len(self.objects)) if s not in homes]
            places = {old: new for new, old in enumerate(kept)}
            self.objects = [self.objects[s] for s in kept]
            self.log.moved(places | {old: places[home] for old, home in homes.items()})
            for table in self._by_name:
                for subjects in table.values():
                    subjects[:] = [places[s] for s in subjects if s in places]

    def _defined_later(self, early: Table, subject: int) -> int | None:
        for other in self._shared.get(early.name.name.text, ()):
            found = self.objects[other]
            if other > subject and isinstance(found, Table) and not found.partial and not dropped(found):
                if found.name.schema == early.name.schema:
                    return other
        return None

    def _types_of_keys(self) -> None:
        """A foreign key column may leave its type out: it is that of the column it points to ("references_clause")."""
        for subject, found in enumerate(self.objects):
            if not isinstance(found, Table) or all(k.type.kind != "unknown" for k in found.columns):
                continue
            columns = tuple(
                replace(k, type=self._type_of(found, k.name, 0)) if k.type.kind == "unknown" else k
                for k in found.columns
            )
            self.objects[subject] = replace(found, columns=columns)

    def _type_of(self, table: Table, name: Name, depth: int) -> Type:
        own = next((k.type for k in table.columns if k.name == name), UNKNOWN)
        if own.kind != "unknown" or depth > 20:
            return own
        for k in table.constraints:
            if k.kind != "foreign_key" or name not in k.columns or k.references is None:
                continue
            parent = table if k.references == table.name else None
            if parent is None and (subject := self.find(k.references, Table)) is not None:
                parent = self.get(subject, Table)
            if parent is None:
                continue
            target = k.references_columns or next(
                (p.columns for p in parent.constraints if p.kind == "primary_key"), ()
            )
            at = k.columns.index(name)
            if at < len(target):
                return self._type_of(parent, target[at], depth + 1)
        return own

    def _fold_comments(self) -> None:
        """Comments become part of their table or view, in whichever order the script has them; passwords do not."""
        folded: dict[int, list[Comment]] = {}
        gone: set[int] = set()
        for subject, found in enumerate(self.objects):
            if not isinstance(found, Comment):
                continue
            home = self._home(found)
            if (safe := in_prose(found.text)) != found.text:
                found = self.objects[subject] = replace(found, text=safe)
                self.log.say(CREDENTIAL, found.at, subject if home is None else home)
            if home is not None:
                folded.setdefault(home, []).append(found)
                gone.add(subject)
        if not gone:
            return
        for subject, comments in folded.items():
            self.objects[subject] = _commented(self.objects[subject], comments)
        kept = [s for s in range(len(self.objects)) if s not in gone]
        self.objects = [self.objects[s] for s in kept]
        self.log.moved({old: new for new, old in enumerate(kept)})

    def _home(self, comment: Comment) -> int | None:
        """The table, view or index of the script that the comment speaks of, or is about a part of."""
        if comment.on not in ("table", "column", "view", "materialized view", "index", "constraint"):
            return None
        subject = self.find(comment.name, Table)
        if subject is None:
            return self.find(comment.name, View)
        table = self.get(subject, Table)
        match comment.on:
            case "index" | "constraint":
                if any(k.name == comment.column for k in table.constraints):
                    return subject
                if comment.on == "constraint" or comment.column is None:
                    return None
                return self.index_on(comment.name, QName(None, comment.column))
            case _:
                known = comment.column is None or any(k.name == comment.column for k in table.columns)
                return subject if known else None


def _grown(table: Table, early: Table) -> Table:
    """``table`` with the columns and constraints of ``early``, as far as it has not got them itself."""
    columns = {k.name for k in table.columns}
    names = {k.name for k in table.constraints if k.name is not None}
    primary = any(k.kind == "primary_key" for k in table.constraints)
    new = tuple(
        k for k in early.constraints
        if k.name not in names and not (k.kind == "primary_key" and primary)
    )  # fmt: skip
    return replace(
        table,
        columns=table.columns + tuple(k for k in early.columns if k.name not in columns),
        constraints=table.constraints + new,
        clauses=table.clauses + early.clauses,
        notes=replace(table.notes, before=early.notes.before + table.notes.before),
        also=(*table.also, early.at, *early.also),
    )


def _commented(found: Object, comments: list[Comment]) -> Object:
    """``found`` with the texts of ``comments``, of which later ones replace earlier ones."""
    own = next((c.text for c in reversed(comments) if c.column is None), None)
    columns = {c.column: c.text for c in comments if c.on == "column" and c.column is not None}
    keys = {c.column: c.text for c in comments if c.on == "constraint"}
    indexes = {c.column: c.text for c in comments if c.on == "index"}
    before = tuple(text for c in comments for text in c.notes.before)
    notes = replace(found.notes, before=found.notes.before + before) if before else found.notes
    also = found.also + tuple(c.at for c in comments)
    match found:
        case Table():
            return replace(
                found,
                comment=own if own is not None else found.comment,
                columns=tuple(replace(k, comment=columns[k.name]) if k.name in columns else k for k in found.columns),
                constraints=tuple(
                    replace(k, comment=keys.get(k.name, k.comment), index_comment=indexes.get(k.name, k.index_comment))
                    if k.name in keys or k.name in indexes else k for k in found.constraints
                ),
                notes=notes,
                also=also,
            )  # fmt: skip
        case Index():
            return replace(found, comment=comments[-1].text, notes=notes, also=also)
        case View():
            kept = tuple(p for p in found.column_comments if p[0] not in columns)
            return replace(
                found,
                comment=own if own is not None else found.comment,
                column_comments=(*kept, *columns.items()),
                notes=notes,
                also=also,
            )
        case _:
            raise AssertionError(type(found))


def members(found: Object) -> frozenset[str]:
    """The names of a table's columns, constraints and defaults; nothing else has any."""
    if not isinstance(found, Table):
        return frozenset()
    columns = {k.name.text for k in found.columns}
    defaults = {x.text.upper() for k in found.columns for x in k.clauses if x.construct == "default_name"}
    return frozenset(columns | defaults | {k.name.text for k in found.constraints if k.name is not None})


def _gained(found: Object, before: Object | None) -> Object:
    """``found`` with what it has got since ``before``, if it has got something behind that and no more."""
    if not isinstance(found, Table) or not isinstance(before, Table):
        return found
    columns, constraints = len(before.columns), len(before.constraints)
    if found.columns[:columns] != before.columns or found.constraints[:constraints] != before.constraints:
        return found
    return replace(found, columns=found.columns[columns:], constraints=found.constraints[constraints:])


def _referred(found: Object) -> set[QName]:
    """The tables that an object refers to by name and must follow."""
    match found:
        case Table():
            return {k.references for k in found.constraints if k.references is not None}
        case Index() | Routine() | DefaultChange() if found.table is not None:
            return {found.table}
        case _:
            return set()


def dropped(found: Object) -> bool:
    """Whether the object is not there any more at the end of the script, or never came to be."""
    return gone(found.clauses) is not None


def renamed_column(table: Table, old: Name, new: Name, at: Span, words: Lexis) -> Table:
    """``table`` with a column renamed in its definition, its constraints, its expressions and its partitions."""

    def swap(names: tuple[Name, ...]) -> tuple[Name, ...]:
        return tuple(new if n == old else n for n in names)

    def said(text: Fragment | None) -> Fragment | None:
        return renamed_text(text, old, new, words) if text is not None else None

    def constraint(k: Constraint) -> Constraint:
        own = k.references is not None and k.references == table.name
        target = swap(k.references_columns) if own else k.references_columns
        return replace(k, columns=swap(k.columns), references_columns=target, check=said(k.check))

    def column(k: Column) -> Column:
        return replace(k, name=new if k.name == old else k.name, generated=said(k.generated))

    part = table.partitioning
    return replace(
        table,
        columns=tuple(column(k) for k in table.columns),
        constraints=tuple(constraint(k) for k in table.constraints),
        partitioning=replace(part, columns=swap(part.columns)) if part else None,
        former=(*table.former, (old, at)),
    )


def _following(k: Constraint, table: QName, old: Name, new: Name) -> Constraint:
    if k.references != table:
        return k
    return replace(k, references_columns=tuple(new if n == old else n for n in k.references_columns))


def _renamed_part(part: IndexPart, old: Name, new: Name, words: Lexis) -> IndexPart:
    if part.expression is not None:
        return replace(part, expression=renamed_text(part.expression, old, new, words))
    return replace(part, column=new) if part.column == old else part


def renamed_text(fragment: Fragment, old: Name, new: Name, words: Lexis) -> Fragment:
    """An expression over a table's columns with one of them renamed."""
    text = fragment.text
    out: list[str] = []
    last = 0
    for found in words.pattern.finditer(text):
        kind = found.lastindex
        if kind not in (WORD, QUOTED):
            continue
        raw = found[kind]
        token = raw.upper() if kind == WORD else raw
        if words.name(token, raw) == old and text[found.end() :].lstrip()[:1] not in ("(", "."):
            out += (text[last : found.start(kind)], words.quoted(new))
            last = found.end()
    return replace(fragment, text="".join(out) + text[last:]) if out else fragment


def statement_other(construct: str, kind: str, name: str, at: Span, text: str) -> Other:
    return Other(QName(None, Name(name)), at, construct=construct, text=Fragment(text, at), kind_=kind)  # type: ignore[arg-type]
