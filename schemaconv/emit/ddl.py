"""What the printers of all targets share: the layout of statements, and the DDL that is the same everywhere.

A family's printer overrides what its manual says otherwise. Nothing is decided here: a part that the profile
has not got was named by legalization and is left out, an object that the target has no syntax for raises
:class:`~schemaconv.emit.printer.InternalError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ..engines import Profile
from ..ir.catalog import (
    NO_NOTES,
    Column,
    Comment,
    Constraint,
    Counter,
    Data,
    DefaultChange,
    Grant,
    Index,
    IndexPart,
    Item,
    Notes,
    Partition,
    Partitioning,
    Prelude,
    Role,
    Routine,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.change import Action, Change
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.types import Type
from ..ir.version import RowVersion
from ..options import Options
from .constraints import Constraints
from .piece import Piece
from .printer import INDENT, WIDTH, comment
from .stub import stub

#: How an index of the source is organised; legalization has chosen a method of the target, or none, instead.
_SOURCE_METHODS: Final = frozenset(("bitmap", "domain", "cluster", "join", "reverse"))


_WORD: Final = re.compile(r"[\w$#]+")


def late(items: tuple[Item, ...]) -> set[tuple[str, str]]:
    """Materialized views, and tables that are filled from a view: they only exist once the views do."""
    views: set[str] = set()
    found: set[tuple[str, str]] = set()
    for item in items:
        match item.object:
            case View() as view if not item.stub:
                views.add(view.name.name.text)
                if view.materialized:
                    found.add(view.name.key)
            case Table(query=Fragment() as query) as table if views and not item.stub:
                if not views.isdisjoint(_WORD.findall(query.output)):
                    views.add(table.name.name.text)
                    found.add(table.name.key)
            case _:
                pass
    return found


#: A block of a script runs with the data, unless it calls routines or reads views.
_ROUTINE_PHASES: Final = {"trigger": "triggers", "script": "triggers"}


class Ddl(Constraints):
    """Prints items one by one; :meth:`result` hands back their pieces."""

    def __init__(self, profile: Profile, options: Options, items: tuple[Item, ...]) -> None:
        super().__init__(profile, options)
        self.items = items
        self._late = late(items)
        self._pieces: list[Piece] = []
        self._roles: list[Piece] = []
        self._foreign_keys: list[Piece] = []

    def result(self) -> tuple[Piece, ...]:
        """The pieces of all items: roles before the rights they get, foreign keys behind their keys."""
        for item in self.items:
            self.item(item)
        return (*self._roles, *self._pieces, *self._foreign_keys)

    def item(self, item: Item) -> None:
        subject = item.subject
        if item.stub:
            text = self.held(item) if item.held else item.stub_text
            self._pieces.append(Piece(subject, "manual", stub(item, text), stub=True))
            return
        match item.object:
            case Data() as found:
                self.put(subject, "data", ";\n".join([self.sql(found.statement)] * found.times), found.notes)
            case RowVersion() as found:
                self.put(subject, "triggers", self.row_version(found), found.notes)
            case Change() as found:
                self.put(subject, "tables", ";\n".join(self.changes(found)), found.notes)
            case Counter() as found:
                self.must("identity_counter" if found.next is None else "identity_restart", found.name)
                self.put(subject, "data", self.counter(found), found.notes)
            case DefaultChange() as found:
                self.must("default_change", found.name)
                self.put(subject, "data", self.default_change(found), found.notes)
            case Table() as found:
                self.table(subject, found)
            case Index() as found:
                self.put(subject, self.phase("indexes", found.table), self.index(found), found.notes)
                self.comments(subject, self.index_comments(found.comment, found.name.name, found.table))
            case View() as found:
                self.view(subject, found)
            case Routine() as found if found.module is not None:
                pass  # its parts are objects of their own
            case Routine() as found:
                late = found.program is not None and found.program.late
                phase = "data" if found.kind == "script" and not late else _ROUTINE_PHASES.get(found.kind, "routines")
                self.put(subject, phase, self.routine(found), found.notes)
            case Sequence() as found:
                self.put(subject, "sequences", self.sequence(found), found.notes)
            case Comment() as found:
                phase = "grants" if found.on == "role" else "comments"  # behind the roles
                self.put(subject, phase, self.comment(found), found.notes)
            case Grant() as found:
                self.put(subject, "grants", self.grant(found), found.notes)
            case UserType() as found:
                self.put(subject, "types", self.user_type(found), found.notes)
            case Prelude() as found:
                self.put(subject, found.part, self.whole(found.text), found.notes)
            case Schema() as found:
                self.must("schema", found.name)
                self.put(subject, "schemas", self.schema(found), found.notes)
            case Role() as found:
                self.must("user" if found.login else "role", found.name)
                self.put(subject, "grants", self.role(found), found.notes, into=self._roles)
            case found:
                raise self.wrong(f"{found.kind} {found.name} is neither converted nor a stub")

    def whole(self, text: str) -> str:
        """A statement as the client takes it whole, also where there are others inside; the semicolon comes later."""
        return text

    def phase(self, usual: str, table: QName) -> str:
        """The phase of something that needs ``table``: after it, where it comes late itself."""
        return "views" if table.key in self._late else usual

    def held(self, item: Item) -> str:
        """What a held item would be printed as."""
        kept = self._pieces, self._roles, self._foreign_keys
        self._pieces, self._roles, self._foreign_keys = [], [], []
        self.item(replace(item, stub="", held=False))
        found = (*self._roles, *self._pieces, *self._foreign_keys)
        self._pieces, self._roles, self._foreign_keys = kept
        return "\n\n".join([piece.text for piece in found])

    def put(
        self, subject: int, phase: str, text: str, notes: Notes = NO_NOTES, *,
        attached: bool = False, into: list[Piece] | None = None,
    ) -> None:  # fmt: skip
        """Add the statement ``text``, which has no semicolon yet."""
        text += ";"
        if notes is not NO_NOTES:
            text = f"{self.before(notes.before, '')}{text}{self.after(notes.after)}"
        (self._pieces if into is None else into).append(Piece(subject, phase, text, attached=attached))

    # -- tables ----------------------------------------------------------------------------------------------

    def table(self, subject: int, table: Table) -> None:
        if table.query is not None:
            self.table_as(subject, table)
            return
        if table.partial:
            self.table_additions(subject, table)
            return
        name = self.qname(table.name)
        lines = self.elements(table)
        if not lines:
            self.must("table_without_columns", table.name)
        body = f" (\n{lines}\n)" if lines else " ()"
        self.put(subject, "tables", f"{self.create(table)} {name}{body}{self.table_tail(table)}", table.notes)
        self.after_table(subject, table)
        for constraint in table.constraints:
            if constraint.detached:
                self.add_constraint(subject, table.name, constraint)

    def table_additions(self, subject: int, table: Table) -> None:
        """What a script adds to a table that it does not create."""
        name = self.qname(table.name)
        notes = table.notes
        if table.columns:
            texts = [self.column(table, k, "") for k in table.columns]
            self.put(subject, "tables", self.add_columns(name, texts), notes)
            notes = NO_NOTES
        for constraint in table.constraints:
            self.add_constraint(subject, table.name, constraint)
        self.comments(subject, self.table_comments(table))

    def add_columns(self, table: str, columns: list[str]) -> str:
        """``ALTER TABLE`` that adds columns; ``table`` is printed already."""
        return f"ALTER TABLE {table}\n{INDENT}ADD COLUMN " + f",\n{INDENT}ADD COLUMN ".join(columns)

    def row_version(self, found: RowVersion) -> str:
        raise self.wrong(f"the version {found.column} of {found.table} has no trigger")

    def changes(self, found: Change) -> list[str]:
        """A statement for each change of a table outside the script."""
        texts = [self.change(one) for one in found.actions]
        gaps = [f"\n{INDENT}" if "\n" in text else " " for text in texts]
        return [f"ALTER TABLE {self.qname(found.name)}{gap}{text}" for gap, text in zip(gaps, texts, strict=True)]

    def change(self, one: Action) -> str:
        """What stands behind ``ALTER TABLE`` and the name."""
        lenient = "IF EXISTS " if one.lenient and self.profile.traits.get("alter_if_exists") else ""
        match one.verb:
            case "drop_column" | "drop_constraint":
                return f"DROP {one.verb.removeprefix('drop_').upper()} {lenient}{self.name(one.name)}"
            case "drop_default":
                self.must("change_column_default", one.name)
                return f"ALTER COLUMN {self.name(one.name)} DROP DEFAULT"
            case "set_default":
                self.must("change_column_default", one.name)
                value = self.new_default(one.default) if one.default is not None else "NULL"
                return f"ALTER COLUMN {self.name(one.name)} SET DEFAULT {value}"
            case "retype":
                self.must("change_column_type", one.name)
                return self.retyped(one)
            case verb:
                raise self.wrong(f"{verb} of {one.name} has no syntax")

    def new_default(self, value: Fragment) -> str:
        return self.sql(value)

    def retyped(self, one: Action) -> str:
        raise self.wrong(f"the type of {one.name} has no syntax")

    def table_as(self, subject: int, table: Table) -> None:
        """``CREATE TABLE ... AS``: it carries rows, so it stands with the data or with the views."""
        self.must("table_as_query", table.name)
        assert table.query is not None
        head = f"{self.create(table)} {self.qname(table.name)}"
        tail = self.table_tail(table)
        head += self.query_columns(subject, table) + tail + ("\nAS" if "\n" in tail else " AS")
        phase = self.phase("data", table.name)
        self.put(subject, phase, f"{head}\n{self.rows_of(table, self.sql(table.query))}", table.notes)
        self.after_table(subject, table)
        for constraint in table.constraints:
            self.add_constraint(subject, table.name, constraint)

    def query_columns(self, subject: int, table: Table) -> str:
        """The column list of ``CREATE TABLE ... AS``: names only, as PostgreSQL and Redshift want it."""
        if not table.columns:
            return ""
        return self.listed(" ", self.names(k.name for k in table.columns), "", "")

    def rows_of(self, table: Table, query: str) -> str:
        """The query of ``CREATE TABLE ... AS``, whose columns take the names of the list by their order."""
        return query

    def create(self, table: Table) -> str:
        """``CREATE TABLE`` with the words that the target puts between."""
        words = [
            word.upper() for word, value in table.options if word in ("temporary", "unlogged") and not value
        ]
        if table.temporary == "private" and "TEMPORARY" not in words:
            words.append("TEMPORARY")
        return " ".join(["CREATE", *words, "TABLE"])

    def table_tail(self, table: Table) -> str:
        """What stands behind the closing parenthesis, with its leading blank or line feed."""
        raise NotImplementedError

    def after_table(self, subject: int, table: Table) -> None:
        """Attached pieces: partitions and comments where they are statements of their own."""
        self.comments(subject, self.table_comments(table))

    def elements(self, table: Table) -> str:
        """Columns and constraints, one per line, with commas and the author's comments."""
        inline: dict[str, list[Constraint]] = {}
        rest: list[Constraint] = []
        for c in table.constraints:
            if c.detached:
                continue
            if c.inline and len(c.columns) == 1 and self.may_inline(c):
                inline.setdefault(c.columns[0].text, []).append(c)
            else:
                rest.append(c)
        lines: list[tuple[str, Notes]] = []
        column = self.column
        for k in table.columns:
            mine = inline.pop(k.name.text, None) if inline else None
            if mine is None:
                lines.append((column(table, k, ""), k.notes))
            else:
                lines.append(self.with_constraints(table, k, mine))
        if inline:
            raise self.wrong(f"{table.name} has a constraint on a column it has not: {', '.join(inline)}")
        lines += [(self.constraint(c, INDENT), c.notes) for c in rest]
        return self.joined(lines)

    def joined(self, lines: list[tuple[str, Notes]]) -> str:
        """Elements of a parenthesised list, one per line, with comments that never swallow a comma."""
        last = len(lines) - 1
        out = []
        for i, (text, notes) in enumerate(lines):
            comma = "" if i == last else ","
            if notes is NO_NOTES:
                out.append(f"{INDENT}{text}{comma}")
            else:
                out.append(
                    f"{self.before(notes.before, INDENT)}{INDENT}{text}{comma}{self.after(notes.after)}"
                )
        return "\n".join(out)

    def with_constraints(self, table: Table, column: Column, inline: list[Constraint]) -> tuple[str, Notes]:
        """A column with its inline constraints behind it; over several lines if they do not fit."""
        texts = [self.inline_constraint(c) for c in inline]
        line = self.column(table, column, " " + " ".join(texts))
        if len(INDENT) + max(map(len, line.split("\n"))) >= WIDTH:
            line = self.column(table, column, "".join([f"\n{INDENT * 2}{t}" for t in texts]))
        notes = column.notes
        if any(c.notes is not NO_NOTES for c in inline):
            before = [t for c in inline for t in c.notes.before]
            after = [c.notes.after for c in inline if c.notes.after]
            notes = Notes(
                (*notes.before, *before), "; ".join([notes.after, *after] if notes.after else after)
            )
        return line, notes

    def column(self, table: Table, column: Column, constraints: str) -> str:
        """A column without indentation or comma; ``constraints`` goes where the target wants it."""
        raise NotImplementedError

    def generated(self, expression: Fragment, stored: bool) -> str:
        return f" GENERATED ALWAYS AS ({self.bare(expression)}) {'STORED' if stored else 'VIRTUAL'}"

    def type(self, found: Type, what: object) -> str:
        if not found.spelling:
            raise self.wrong(f"{what} has no type of the target")
        return found.spelling

    def add_constraint(self, subject: int, table: QName, c: Constraint) -> None:
        """A detached constraint."""
        text = (
            f"ALTER TABLE {self.qname(table)}\n{INDENT}ADD {self.constraint(c, INDENT, self.alter_state(c))}"
        )
        into = self._foreign_keys if c.kind == "foreign_key" else None
        self.put(subject, self.phase("constraints", table), text, c.notes, into=into)
        if lines := self.constraint_comments(table, c):
            self.put(subject, "comments", ";\n".join(lines), attached=True, into=into)

    # -- partitions ------------------------------------------------------------------------------------------

    def split(self, table: Table) -> Partitioning | None:
        """How a table is partitioned, if the target can."""
        spec = table.partitioning
        if spec is None or not self.has(f"{'hash' if spec.method == 'key' else spec.method}_partitions"):
            return None
        return spec

    def values(self, values: tuple[Fragment, ...], what: object) -> str:
        if not values:
            raise self.wrong(f"partition {what} has no bounds")
        return f"({', '.join([self.sql(v) for v in values])})"

    def with_default(self, spec: Partitioning, stem: str) -> tuple[Partition, ...]:
        """The partitions, with ``<stem>_default`` for all other rows if legalization asks for one."""
        if not spec.default or any(p.default for p in spec.partitions):
            return spec.partitions
        end = "_default"
        limit = self.profile.limits.get("identifier", 63)
        taken = {p.name.text.lower() for p in spec.partitions if p.name}
        while (name := stem.encode()[: limit - len(end)].decode(errors="ignore") + end).lower() in taken:
            end += "_"
        return (*spec.partitions, Partition(Name(name), default=True))

    # -- indexes, sequences, views ---------------------------------------------------------------------------

    def index(self, index: Index) -> str:
        """``CREATE INDEX``. Index names take no schema: an index lives with its table."""
        self.must("index", index.name)
        if index.method in _SOURCE_METHODS:
            raise self.wrong(f"index {index.name} is still {index.method}")
        unique = "UNIQUE " if index.unique else ""
        head = f"CREATE {unique}INDEX {self.name(index.name.name)} ON {self.qname(index.table)} "
        if index.method:
            head += f"USING {index.method} "
        tail = self.index_tail(index)
        if index.where is not None:
            tail += f" WHERE {self.sql(index.where)}"
        return self.listed(head, [self.part(index, p) for p in index.parts], tail, "")

    def index_tail(self, index: Index) -> str:
        """What stands between the key of an index and its condition, with its leading blank."""
        if index.include or index.nulls_equal:
            raise self.wrong(f"index {index.name} keeps columns beside its key, or takes one NULL")
        return ""

    def part(self, index: Index, part: IndexPart) -> str:
        """A key part of an index."""
        if part.column is not None:
            text = self.name(part.column)
        elif part.expression is not None:
            self.must("expression_index", f"index {index.name}")
            text = self.key_expression(part.expression)
        else:
            raise self.wrong(f"index {index.name} has an empty key part")
        if part.prefix is not None:
            raise self.wrong(f"index {index.name} has a prefix length")
        if part.descending and self.has("descending_index"):
            text += " DESC"
        return f"{text} NULLS {part.nulls.upper()}" if part.nulls else text

    def key_expression(self, expression: Fragment) -> str:
        return f"({self.bare(expression)})"

    def sequence(self, sequence: Sequence) -> str:
        self.must("sequence", sequence.name)
        head = f"CREATE SEQUENCE {self.qname(sequence.name)}"
        if sequence.type is not None:
            head += f" AS {self.type(sequence.type, sequence.name)}"
        words = self.sequence_words(sequence.options)
        line = " ".join([head, *words])
        return line if len(line) < WIDTH else f"\n{INDENT}".join([head, *words])

    def sequence_words(self, o: SequenceOptions) -> list[str]:
        """The options that were given, in the order of the manual."""
        words = []
        if o.start is not None:
            words.append(f"START WITH {o.start}")
        if o.increment is not None:
            words.append(f"INCREMENT BY {o.increment}")
        if o.minimum is not None:
            words.append(f"MINVALUE {o.minimum}")
        if o.maximum is not None:
            words.append(f"MAXVALUE {o.maximum}")
        if o.cache:
            words.append(f"CACHE {o.cache}")
        if o.cycle:
            words.append("CYCLE")
        return words

    def routine(self, found: Routine) -> str:
        raise self.wrong(f"{found.kind} {found.name}")

    def view(self, subject: int, view: View) -> None:
        self.must(view.kind, view.name)
        if view.query is None:
            raise self.wrong(f"view {view.name} has no query")
        what = "MATERIALIZED VIEW" if view.materialized else "VIEW"
        head = f"CREATE {what} {self.qname(view.name)}"
        if view.columns:
            head = self.listed(head + " ", self.names(view.columns), "", "")
        lines = self.view_comments(view)
        head += self.view_options(view)
        head += "\nAS" if "\n" in head else " AS"
        text = f"{head}\n{self.sql(view.query)}{self.view_tail(view)}"
        if self.has_comments(view):
            self.put(subject, "views", text, view.notes)
            self.comments(subject, lines)
        else:
            marked = "".join([f"{comment(line, '', self.dashes)}" for line in lines])
            self.put(subject, "views", marked + text, view.notes)

    def view_options(self, view: View) -> str:
        """What stands between a view's columns and AS, each on a line of its own."""
        return ""

    def view_tail(self, view: View) -> str:
        return "\nWITH CHECK OPTION" if view.check_option and self.has("view_check_option") else ""

    # -- comments --------------------------------------------------------------------------------------------

    def comments(self, subject: int, lines: list[str]) -> None:
        """Comments of an object directly behind it, one per line."""
        if lines:
            self.put(subject, "comments", ";\n".join(lines), attached=True)

    def comment_on(self, what: str, name: str, text: str) -> str:
        return f"COMMENT ON {what} {name} IS {self.literal(text)}"

    def table_comments(self, table: Table) -> list[str]:
        """The comments of a table that are statements of their own."""
        name = self.qname(table.name)
        lines = [self.comment_on("TABLE", name, table.comment)] if table.comment else []
        lines += [
            self.comment_on("COLUMN", f"{name}.{self.name(k.name)}", k.comment)
            for k in table.columns
            if k.comment
        ]
        for c in table.constraints:
            if not c.detached:
                lines += self.constraint_comments(table.name, c)
        return lines

    def constraint_comments(self, table: QName, c: Constraint) -> list[str]:
        """The comments on a constraint and on the index behind it, where the target stores them."""
        lines = []
        if c.comment and c.name is not None and self.has("comment_on_constraint"):
            lines = [self.comment_on("CONSTRAINT", f"{self.name(c.name)} ON {self.qname(table)}", c.comment)]
        return lines + (self.index_comments(c.index_comment, c.name, table) if c.name is not None else [])

    def index_comments(self, text: str, name: Name, table: QName) -> list[str]:
        """An index lives in the schema of its table."""
        if not text or not self.has("comment_on_index"):
            return []
        return [self.comment_on("INDEX", self.qname(QName(table.schema, name)), text)]

    def has_comments(self, view: View) -> bool:
        """Whether the comments of a view are stored; else they stay in the script."""
        return True

    def view_comments(self, view: View) -> list[str]:
        if not self.has_comments(view):
            lines = [view.comment] if view.comment else []
            return lines + [f"{k}: {text}" for k, text in view.column_comments if text]
        name = self.qname(view.name)
        what = view.kind.replace("_", " ").upper()
        lines = [self.comment_on(what, name, view.comment)] if view.comment else []
        lines += [
            self.comment_on("COLUMN", f"{name}.{self.name(k)}", text)
            for k, text in view.column_comments
            if text
        ]
        return lines

    def comment(self, found: Comment) -> str:
        """A comment on an object that the script does not define."""
        self.must("comment", found.name)
        name = self.qname(found.name)
        if found.on == "column":
            if found.column is None:
                raise self.wrong(f"a comment on a column of {found.name} names no column")
            name += f".{self.name(found.column)}"
        return self.comment_on(found.on.upper(), name, found.text)

    # -- schemas, types, rights ------------------------------------------------------------------------------

    def schema(self, schema: Schema) -> str:
        return f"CREATE SCHEMA IF NOT EXISTS {self.name(schema.name.name)}"

    def user_type(self, found: UserType) -> str:
        raise self.wrong(f"type {found.name} has no syntax")

    def counter(self, found: Counter) -> str:
        """The statement that moves an identity counter behind the values that the script gave."""
        raise self.wrong(f"the counter of {found.name} has no syntax")

    def default_change(self, found: DefaultChange) -> str:
        """The statement that gives a column another default, or takes the one it has."""
        change = "DROP DEFAULT" if found.default is None else f"SET DEFAULT {self.sql(found.default)}"
        return f"ALTER TABLE {self.qname(found.table)} ALTER COLUMN {self.name(found.column)} {change}"

    def role(self, role: Role) -> str:
        return f"CREATE ROLE {self.name(role.name.name)}"

    def grant(self, grant: Grant) -> str:
        """``GRANT`` or ``REVOKE``, on one line."""
        self.must("revoke" if grant.revoke else "grant_role" if grant.roles else "grant", grant.name)
        if grant.roles:
            what = ", ".join([self.granted_role(Name(text)) for text, _ in grant.privileges])
        else:
            what = ", ".join([self.privilege(text, columns) for text, columns in grant.privileges])
            what += f" {self.grant_on(grant)}"
        if not what or not grant.to:
            raise self.wrong(f"grant {grant.name} is empty")
        verb, to = ("REVOKE", "FROM") if grant.revoke else ("GRANT", "TO")
        text = f"{verb} {what} {to} {', '.join([self.grantee(n) for n in grant.to])}"
        if grant.admin and not grant.revoke:
            text += " WITH ADMIN OPTION" if grant.roles else " WITH GRANT OPTION"
        return text

    def privilege(self, text: str, columns: Iterable[Name]) -> str:
        listed = ", ".join(self.names(columns))
        return f"{text.upper()} ({listed})" if listed else text.upper()

    def granted_role(self, name: Name) -> str:
        return self.name(name)

    def grantee(self, name: Name) -> str:
        if name.text.lower() == "public":
            self.must("grant_public", "a grant")
            return "PUBLIC"
        return self.name(name)

    def grant_on(self, grant: Grant) -> str:
        """``ON`` and the object of a grant."""
        return f"ON {self.grant_object(grant)}"

    def grant_object(self, grant: Grant) -> str:
        """The object of a grant with the word for its kind, if the target wants one."""
        if grant.on is None:
            raise self.wrong(f"grant {grant.name} names no object")
        return self.qname(grant.on)
