"""Fragments in the target's SQL: expressions, queries, data statements, constants.

What is plain is written directly (:mod:`schemaconv.sql.quick`); only the rest goes through a parser, the rewrites of
``rewrites/query`` and a printer, and only then is sqlglot imported. Whatever happens, the answer is a
:class:`~schemaconv.ir.fragment.Translated`: with a text that means the same, or without one and with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from .. import rulefiles
from ..engines import Engine, profile
from ..ir.fragment import Columns, Constant, Found, Frame, Known, Names, Routines, Session, Translated
from ..ir.types import UNKNOWN, Type
from ..options import Options
from ..sql import constants, date_texts, quick, quick_insert
from ..sql.date_texts import Reading
from ..sql.kinds import MOMENTS, family
from ..sql.lexis import lexis
from ..sql.pieces import Piece, Refused, pieces
from ..sql.rows import Family, RowError, Source
from ..sql.wanted import Writer

if TYPE_CHECKING:
    from ..sql.context import Context
    from ..sql.parse import What
    from ..sql.render import Printer
    from ..sql.template import Templates
    from ..sql.tree import Node

__all__ = ["Translated", "Translator"]

#: Queries and data statements of at most so many characters stay on one line.
QUERY_WIDTH = 80
STATEMENT_WIDTH = 132


@lru_cache(maxsize=4)
def source_rows(engine: str) -> Source:
    """The function rows of a source engine."""
    traits = rulefiles.load(f"engines/{engine}.toml")["traits"]
    return Source(rulefiles.load(f"functions/read/{engine}.toml"), lexis(engine), traits)


@lru_cache(maxsize=16)
def family_rows(name: str, version: tuple[int, ...]) -> Family:
    """The function rows of a target family, for one version."""
    return Family(rulefiles.load(f"functions/write/{name}.toml"), version)


@lru_cache(maxsize=8)
def _templates(dialect: str) -> Templates:
    from ..sql.template import Templates

    return Templates(dialect)


class Translator:
    """Translates the fragments of one conversion. ``names`` may also know :class:`~schemaconv.ir.fragment.Columns`."""

    def __init__(self, target: Engine, options: Options, names: Names, source: str) -> None:
        self.target = target
        self.options = options
        self.names = names
        self.source_name = source
        self.frame: Frame | None = None  # of the routine whose fragments are translated
        self._printer: Printer | None = None
        self._lookup: quick_insert.Lookup = names.columns_of if isinstance(names, Columns) else _no_columns

    @property
    def source(self) -> Source:
        return source_rows(self.source_name)

    @property
    def family(self) -> Family:
        return family_rows(self.target.family, self.target.version)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def expression(
        self,
        text: str,
        columns: Mapping[str, Type] | None = None,
        wanted: Type | None = None,
        not_null: Collection[str] = (),
        session: Session | None = None,
    ) -> Translated:
        """A default, check, index or generated expression.

        ``columns`` are the table's columns by source name, ``not_null`` those that are never NULL, ``wanted`` is the
        canonical type of the column that takes the value.
        """
        known = _Columns(columns or {}, not_null)
        found = self._pieces(text)
        if isinstance(found, Translated):
            return found
        dates = self._dates(session, stored=True)
        if self.frame is not None and "||" in text:
            return self._tree(text, "expression", known, wanted, dates)
        writer = self._writer(dates)
        reader = quick.Quick(found, self.names, writer, known)
        try:
            done = reader.value(wanted)
        except Refused as refused:
            return _refused(refused)
        if done is None and wanted is None:
            done = reader.condition()
        if done is not None:
            return Translated(done, tuple(writer.found), not writer.volatile, volatile=writer.volatile)
        return self._tree(text, "expression", known, wanted, dates)

    def type_of(self, text: str, columns: Mapping[str, Type]) -> Type:
        """The type of an expression over ``columns``, in the source's terms; ``UNKNOWN`` where it cannot be told."""
        from ..sql.infer import Typer
        from ..sql.lengths import with_length
        from ..sql.parse import deep, grammar, parse
        from ..sql.scope import Binder, fold

        try:
            with deep():
                root = parse(text, "expression", grammar(self.source)).root
                fold(root, self.source.lexis)
                typer = Typer(self.source)
                Binder(typer, self._lookup).expression(root, {name: Known(type_) for name, type_ in columns.items()})
                return with_length(root, typer)
        except (Refused, RecursionError):
            return UNKNOWN

    def query(
        self, text: str, columns: Mapping[str, Type] | None = None, session: Session | None = None, stored: bool = True
    ) -> Translated:
        """A view's body (``stored``), or the query of CREATE TABLE AS.

        ``columns`` are types by bare column name; they are asked where ``names`` knows no columns of its own.
        """
        known = {name: Known(type_) for name, type_ in (columns or {}).items()}
        return self._tree(text, "query", known, None, self._dates(session, stored))

    def statement(self, text: str, session: Session | None = None) -> Translated:
        """An INSERT, UPDATE, DELETE or MERGE of a script; several statements of the result are parted by ``;``."""
        found = self._pieces(text)
        if isinstance(found, Translated):
            return found
        dates = self._dates(session, stored=False)
        writer = self._writer(dates)
        try:
            single = quick_insert.insert_all(text, found)
            if single is not None:
                return self._several(single, dates)
            rows = quick_insert.insert(found, self.names, writer, self._lookup)
        except Refused as refused:
            return _refused(refused)
        if rows is not None:
            made = ";\n".join(_inserts(rows))
            return Translated(made, tuple(writer.found), not writer.volatile, volatile=writer.volatile)
        return self._tree(text, "statement", {}, None, dates)

    def constant(self, text: str) -> Constant | None:
        """The value of a constant expression (a partition bound, say), or ``None`` if it is none."""
        return constants.constant(text, self.source.date_elements, self.source.lexis)

    # -- how it is done ------------------------------------------------------------------------------------------------

    def _pieces(self, text: str) -> list[Piece] | Translated:
        try:
            found, _ = pieces(text, self.source.lexis)
        except IndexError:
            return Translated(None, (Found("SC4200", 0, (("reason", "a literal does not end"),)),))
        except Refused as refused:
            return _refused(refused)
        if not found:
            return Translated(None, (Found("SC4200", 0, (("reason", "the text is empty"),)),))
        return found

    def _dates(self, session: Session | None, stored: bool) -> Reading:
        """How texts of a fragment are read as dates; what is ``stored`` runs in other sessions than the script's."""
        given = self.options.date_order
        default = str(self.source.traits.get("date_text_order", ""))
        return date_texts.reading(session, "" if given == "script" else given, default, stored)

    def _writer(self, dates: Reading) -> Writer:
        bare = self.options.date == "date"
        return Writer(self.family, self.source, profile(self.target).quoted, bare, [], dates)

    def _several(self, statements: list[str], dates: Reading) -> Translated:
        """INSERT ALL: one statement per table and column list, with all its rows."""
        writer = self._writer(dates)
        rows: dict[str, list[str]] = {}
        for text in statements:
            try:
                found = quick_insert.insert(pieces(text, self.source.lexis)[0], self.names, writer, self._lookup)
            except Refused as refused:
                return _refused(refused)
            if found is None or any(found.before):
                return Translated(None, (Found("SC4263", 0),))
            rows.setdefault(found.head, []).extend(found.rows)
        made = [
            f"{head} VALUES {lines[0]}" if len(lines) == 1 else f"{head} VALUES\n  " + ",\n  ".join(lines)
            for head, lines in rows.items()
        ]
        return Translated(";\n".join(made), tuple(writer.found), not writer.volatile, volatile=writer.volatile)

    def _tree(
        self, text: str, what: What, known: Mapping[str, Known], wanted: Type | None, dates: Reading
    ) -> Translated:
        from ..sql.parse import deep

        try:
            with deep():
                return self._translate(text, what, known, wanted, dates)
        except Refused as refused:
            return _refused(refused)
        except RecursionError:
            return Translated(None, (Found("SC4200", 0, (("reason", "it is nested too deeply"),)),))
        except (RowError, AssertionError, ValueError, TypeError, AttributeError, LookupError) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            return Translated(None, (Found("SC4298", 0, (("reason", reason),)),))

    def _translate(
        self, text: str, what: What, known: Mapping[str, Known], wanted: Type | None, dates: Reading
    ) -> Translated:
        from ..rewrites.query import apply
        from ..sql import implicit
        from ..sql.conserve import missing
        from ..sql.infer import Typer
        from ..sql.outputs import listed as listed_columns
        from ..sql.parse import grammar, parse
        from ..sql.scope import Binder, fold
        from ..sql.tree import exp, nodes

        source = self.source
        parsed = parse(text, what, grammar(source))
        root = parsed.root
        if isinstance(root, exp.Insert) and root.expression is None and not root.args.get("default"):
            raise Refused("SC4200", 0, reason="the INSERT gives no row")
        fold(root, source.lexis)
        if what != "expression" and source.traits.get("implicit_tables"):
            implicit.complete(root)
        typer = Typer(source, self._result_of)
        ctx = self._context(typer, what == "expression", dates)
        binder = Binder(typer, self._lookup, known if what != "expression" else None, self.frame)
        columns = listed = None
        if what == "expression":
            binder.expression(root, known)
        else:
            columns = binder.statement(root)
            listed = listed_columns(root)
        for code, at in parsed.prepared.notes:
            ctx.say(code, at)
        for name, at_node in binder.guessed:
            ctx.say("SC4292", at_node, name=name)
        for piece in parsed.prepared.display:
            ctx.say("SC3174", piece.start, clause=text[piece.start : piece.end])
        root = apply(root, ctx)
        if wanted is not None:
            root = _fitted(root, wanted, ctx)
        for node in nodes(root):
            if isinstance(node, exp.Anonymous) and not node.meta.get("done"):
                raise ctx.refuse("SC4201", node, function=str(node.name).upper())
        if what == "expression" and self.frame is not None and id(root) in ctx.empties:
            del ctx.empties[id(root)]
            root = exp.Nullif(this=root, expression=exp.Literal(this="", is_string=True))
        if any(node.parent is not None for node in ctx.empties.values()) or id(root) in ctx.empties:
            ctx.say("SC4242", next(iter(ctx.empties.values())))
        output = ";\n".join(self._printed(part, what) for part in (*ctx.before, root))
        lost = missing(
            parsed.prepared.pieces, output, ctx.spelled, ctx.consumed, functions=_function_words(self.source_name),
            skipped=parsed.prepared.consumed, backslash=self.family.backslash,
        )  # fmt: skip
        if lost is not None:
            return Translated(None, (Found("SC4299", 0, (("what", lost),)),))
        outputs = tuple(columns.items()) if columns is not None else None
        return Translated(
            output, tuple(ctx.found), ctx.immutable, volatile=ctx.volatile, columns=outputs,
            aliases=frozenset(ctx.aliases), outputs=listed,
        )

    def _result_of(self, name: str) -> Known | None:
        """What a function of the script gives."""
        schema, _, own = name.upper().rpartition(".")
        found = self.names.called(schema, own) if isinstance(self.names, Routines) else None
        return found[2] if found is not None else None

    def _context(self, typer: object, standalone: bool, dates: Reading) -> Context:
        from ..sql.context import Context, Settings
        from ..sql.infer import Typer

        assert isinstance(typer, Typer)
        known = profile(self.target).traits.get("collations")
        settings = Settings(
            profile(self.target).quoted,
            self.options.integers == "integer",
            self.options.date == "date",
            dates,
            known if isinstance(known, dict) and self.options.mysql_collation == "source" else {},
            not known and self.options.case_insensitive_text != "keep",
            self.frame is not None,
        )
        templates = _templates(self.family.dialect)
        return Context(self.source, self.family, templates, self.names, settings, typer, standalone)

    def _printed(self, root: Node, what: What) -> str:
        from ..sql.render import Printer

        if self._printer is None:
            self._printer = Printer(self.family.dialect, profile(self.target).quote, self.family.backslash)
        flat = self._printer.text(root, False)
        if what == "query":
            return flat if len(flat) <= QUERY_WIDTH else self._printer.text(root, True)
        if what == "statement" and len(flat) > STATEMENT_WIDTH and " VALUES (" not in flat:
            return self._printer.text(root, True)
        return flat


def _inserts(found: quick_insert.Rows) -> list[str]:
    """The statements of an INSERT of constants: one of all rows, or one a row where something comes before each."""
    if not any(found.before):
        return [f"{found.head} VALUES {', '.join(found.rows)}"]
    return [s for before, row in zip(found.before, found.rows, strict=True)
            for s in (*before, f"{found.head} VALUES {row}")]  # fmt: skip


def _no_columns(schema: str, name: str) -> None:
    return None


class _Columns(Mapping[str, Known]):
    """What is known of a table's columns, put together for those that an expression names: a table may have many."""

    __slots__ = ("not_null", "types")

    def __init__(self, types: Mapping[str, Type], not_null: Collection[str]) -> None:
        self.types = types
        self.not_null = not_null

    def __getitem__(self, name: str) -> Known:
        return Known(self.types[name], name in self.not_null)

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)


def _refused(refused: Refused) -> Translated:
    return Translated(None, (Found(refused.code, refused.offset, refused.params),), immutable=False)


@lru_cache(maxsize=4)
def _function_words(source: str) -> frozenset[str]:
    """Words that name functions of the source: they may be gone from the target's text."""
    rows = source_rows(source)
    names = {"DECODE", "CONCAT", "NEXTVAL", "CURRVAL", *rows.rows, *rows.niladic, *rows.type_first, *rows.type_last}
    return frozenset(word for name in names for word in name.split("."))


def _fitted(root: Node, wanted: Type, ctx: Context) -> Node:
    """The value of a default as its column takes it, where the source would convert it."""
    from ..sql.flags import from_flag, to_flag

    kind, given = family(wanted), ctx.typer.family(root)
    if kind == "boolean" and given == "number":
        return to_flag(root, ctx)
    if kind == "number" and given == "boolean":
        return from_flag(root, ctx)
    if given == "number" and kind in MOMENTS:
        from ..sql.convert import number_as_date
        from ..sql.tree import decimal_text, string

        day = ctx.source.day_of(decimal_text(root), wanted)
        if day is None:
            return number_as_date(root, wanted, ctx)
        ctx.consume_tree(root)
        return string(day)
    if given in ("date", "timestamp", "zoned") and kind == "text":
        raise ctx.refuse("SC4207", root, what="a date used as text")
    if given == "text" and kind in MOMENTS:
        raise ctx.refuse("SC4207", root, what="a text used as a date")
    if given in ("days", "months") and kind == "text":
        from ..sql.intervals import as_text

        return as_text(root, wanted, ctx)
    return root
