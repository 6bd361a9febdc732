"""Fragments in the target's SQL: expressions, queries, data statements, constants.

What is plain is written directly (:mod:`schemaconv.sql.quick`); only the rest goes through a parser, the rewrites of
``rewrites/query`` and a printer, and only then is sqlglot imported. Whatever happens, the answer is a
:class:`~schemaconv.ir.fragment.Translated`: with a text that means the same, or without one and with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..depth import deep
from ..engines import Engine, profile
from ..ir.fragment import Columns, Constant, Found, Frame, Known, Names, Parts, Routines, Session, Standing, Translated
from ..ir.types import UNKNOWN, Type
from ..options import Options
from ..sql import constants, date_texts, multi_insert, quick, quick_insert
from ..sql.date_texts import Reading
from ..sql.pieces import Piece, Refused, pieces
from ..sql.rows import Family, RowError, Source
from ..sql.wanted import Writer
from . import support
from .fragment_rows import TableColumns, family_rows, fitted, function_words, no_columns, source_rows, templates

if TYPE_CHECKING:
    from ..sql.context import Context
    from ..sql.parse import What
    from ..sql.render import Printer
    from ..sql.tree import Node

__all__ = ["Translated", "Translator", "family_rows", "source_rows"]

#: Queries and data statements of at most so many characters stay on one line.
QUERY_WIDTH = 80
#: Parentheses within parentheses from which on a query is not set out in lines: each would begin far to the right.
DEEPEST = 60
STATEMENT_WIDTH = 132


class Translator:
    """Translates the fragments of one conversion. ``names`` may also know :class:`~schemaconv.ir.fragment.Columns`."""

    def __init__(self, target: Engine, options: Options, names: Names, source: str) -> None:
        self.target = target
        self.options = options
        self.names = names
        self.source_name = source
        self.frame: Frame | None = None  # of the routine whose fragments are translated
        self._parts: Parts | None = names if isinstance(names, Parts) else None
        self._printer: Printer | None = None
        self._lookup: quick_insert.Lookup = names.columns_of if isinstance(names, Columns) else no_columns

    @property
    def support(self) -> Mapping[str, str]:
        """What support functions are called in the output."""
        schema = self.options.support_schema
        quoted = profile(self.target).quoted(schema) if schema else ""
        return support.calls(self.target.family, self.target.version, quoted, self.options.compat)

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
        known = TableColumns(columns or {}, not_null)
        found = self._pieces(text)
        if isinstance(found, Translated):
            return found
        dates = self._dates(session, stored=True)
        if self.frame is not None and ("||" in text or self._parts_in(text)):
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
        from ..sql.parse import grammar, parse
        from ..sql.scope import Binder, fold

        try:
            with deep():
                root = parse(text, "expression", grammar(self.source)).root
                fold(root, self.source.lexis)
                self._inside(root)
                typer = Typer(self.source, self._result_of)
                binder = Binder(typer, self._lookup, frame=self.frame, part=self._part)
                binder.expression(root, {name: Known(type_) for name, type_ in columns.items()})
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
        if self._parts_in(text):
            return self._tree(text, "statement", {}, None, dates)
        writer = self._writer(dates)
        try:
            try:
                single = quick_insert.insert_all(text, found)
            except Refused:
                return self._over_query(text, found, dates)
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
                return Translated(None, (Found("SC4263", 0, (("reason", "a value takes a statement of its own"),)),))
            rows.setdefault(found.head, []).extend(found.rows)
        made = [
            f"{head} VALUES {lines[0]}" if len(lines) == 1 else f"{head} VALUES\n  " + ",\n  ".join(lines)
            for head, lines in rows.items()
        ]
        return Translated(";\n".join(made), tuple(writer.found), not writer.volatile, volatile=writer.volatile)

    def _over_query(self, text: str, found: list[Piece], dates: Reading) -> Translated:
        """INSERT ALL or FIRST over a query: one statement per INTO, each of which reads the query."""
        try:
            split = multi_insert.split(text, found)
        except Refused as refused:
            return _refused(refused)
        query = self._tree(split.query, "query", {}, None, dates)
        findings = [replace(f, offset=split.start + f.offset) for f in query.findings]
        if query.text is None:
            return Translated(None, tuple(findings), False)
        if query.volatile:
            return _refused(Refused("SC4263", split.start, reason="its query gives other rows each time"))
        made: list[str] = []
        for part in split.parts:
            done = self._tree(part.text, "statement", {}, None, dates)
            said = {f.code for f in findings}
            findings += [replace(f, offset=part.start) for f in done.findings if f.code not in said]
            if done.text is None:
                return Translated(None, tuple(findings), False)
            made.append(done.text)
        if len(made) > 1:
            findings.insert(0, Found("SC4333", 0, (("count", str(len(made))),)))
        return Translated(";\n".join(made), tuple(findings), False)

    def _tree(
        self, text: str, what: What, known: Mapping[str, Known], wanted: Type | None, dates: Reading
    ) -> Translated:

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
        from ..sql.listing import listed as listed_columns
        from ..sql.parse import grammar, parse
        from ..sql.scope import Binder, fold
        from ..sql.targets import unknown_targets
        from ..sql.tree import exp, offset, unnamed
        from ..sql.writable import obstacles

        source = self.source
        parsed = parse(text, what, grammar(source))
        root = parsed.root
        if isinstance(root, exp.Insert) and root.expression is None and not root.args.get("default"):
            raise Refused("SC4200", 0, reason="the INSERT gives no row")
        marks = fold(root, source.lexis)
        named = self._inside(root)
        if what != "expression" and source.traits.get("implicit_tables"):
            implicit.complete(root)
        typer = Typer(source, self._result_of)
        ctx = self._context(typer, what == "expression", dates)
        ctx.consume(*named)
        binder = Binder(typer, self._lookup, known if what != "expression" else None, self.frame, self._part, marks)
        columns = listed = None
        sure: list[tuple[str, int]] = []  # strange under whatever title
        if what == "expression":
            binder.expression(root, known)
        else:
            columns = binder.statement(root)
            listed = listed_columns(root)
            sure = unknown_targets(root, self._lookup)
        for code, at in parsed.prepared.notes:
            ctx.say(code, at)
        for name, at_node in binder.guessed:
            ctx.say("SC4292", at_node, name=name)
        for piece in parsed.prepared.display:
            ctx.say("SC3174", piece.start, clause=text[piece.start : piece.end])
        root = apply(root, ctx)
        if wanted is not None:
            root = fitted(root, wanted, ctx)
        strange: list[tuple[str, int]] = []
        titles: set[str] = set()
        for node in unnamed(root):
            if isinstance(node, exp.Anonymous):
                if not node.meta.get("done"):
                    raise ctx.refuse("SC4201", node, function=str(node.name).upper())
            elif isinstance(node, exp.Column):
                said = node.meta
                if said.get("member"):
                    raise ctx.refuse("SC4364", node, what=f"{node.args['table'].name}.{node.name}")
                if said.get("strange") and not isinstance(node.this, exp.Star):
                    (sure if node.table else strange).append((node.name, offset(node)))
            elif isinstance(node, exp.Alias):
                titles.add(node.alias)
        if what == "expression" and self.frame is not None and id(root) in ctx.empties:
            del ctx.empties[id(root)]
            root = exp.Nullif(this=root, expression=exp.Literal(this="", is_string=True))
        if any(node.parent is not None for node in ctx.empties.values()) or id(root) in ctx.empties:
            ctx.say("SC4242", next(iter(ctx.empties.values())))
        output = ";\n".join(self._printed(part, what, text) for part in (*ctx.before, root))
        lost = missing(
            parsed.prepared.pieces, output, ctx.spelled, ctx.consumed,
            functions=function_words(self.source_name, self.family),
            skipped=parsed.prepared.consumed, backslash=self.family.backslash,
        )  # fmt: skip
        if lost is not None:
            return Translated(None, (Found("SC4299", 0, (("what", lost),)),))
        outputs = tuple(columns.items()) if columns is not None else None
        return Translated(
            output, tuple(ctx.found), ctx.immutable, tuple(ctx.functions), ctx.volatile, outputs,
            aliases=frozenset(ctx.aliases), strange=(*sure, *(s for s in strange if s[0] not in titles)),
            obstacles=obstacles(root) if what == "query" else (), outputs=listed,
        )  # fmt: skip

    def _parts_in(self, text: str) -> bool:
        """Whether a text may name what a package declares."""
        words = self._parts.part_words() if self._parts is not None else frozenset()
        return bool(words) and not words.isdisjoint(self.source.lexis.words(text))

    def _part(self, names: tuple[str, ...]) -> Standing | None:
        return self._parts.part(names) if self._parts is not None else None

    def _inside(self, root: Node) -> list[str]:
        """A package's own functions come before all others of their name (PL/SQL Language Reference, "PL/SQL Name
        Resolution"): they are called by their full name. Returns the names of arguments that were put into order."""
        from ..sql.element_rows import elements_told
        from ..sql.named_arguments import ordered
        from ..sql.tree import call_name, exp, nodes

        gone = ordered(root, self.source)
        package, own = self._parts.inside() if self._parts is not None else ("", frozenset[str]())
        for call in nodes(root) if own else ():
            if isinstance(call, exp.Anonymous) and (name := call_name(call).upper()) in own:
                call.set("this", f"{package}.{name}")
        elements_told(root, self.names)
        return gone

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
            self.support,
        )
        parsed = templates(self.family.dialect)
        return Context(self.source, self.family, parsed, self.names, settings, typer, standalone)

    def _printed(self, root: Node, what: What, text: str) -> str:
        from ..sql.render import Printer, depth

        if self._printer is None:
            self._printer = Printer(self.family.dialect, profile(self.target).quote, self.family.backslash)
        if what == "query" and len("".join(text.split())) > 5 * QUERY_WIDTH and depth(text) < DEEPEST:
            return self._printer.text(root, True)  # it would not fit on a line
        flat = self._printer.text(root, False)
        if what == "query":
            plain = len(flat) <= QUERY_WIDTH or depth(flat) >= DEEPEST
            return flat if plain else self._printer.text(root, True)
        if what == "statement" and len(flat) > STATEMENT_WIDTH and " VALUES (" not in flat:
            return self._printer.text(root, True)
        return flat


def _inserts(found: quick_insert.Rows) -> list[str]:
    """The statements of an INSERT of constants: one of all rows, or one a row where something comes before each."""
    if not any(found.before):
        return [f"{found.head} VALUES {', '.join(found.rows)}"]
    return [s for before, row in zip(found.before, found.rows, strict=True)
            for s in (*before, f"{found.head} VALUES {row}")]  # fmt: skip


def _refused(refused: Refused) -> Translated:
    return Translated(None, (Found(refused.code, refused.offset, refused.params),), immutable=False)
