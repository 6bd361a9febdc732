"""Transact-SQL to the routine model: statements, which need no semicolon between them.

Source: Transact-SQL reference, "Control-of-flow", "DECLARE @local_variable", "SET @local_variable", "SELECT
@local_variable", "EXECUTE", "TRY...CATCH", "THROW", "RAISERROR", "Cursors". The cursor stands on the tokens of one
CREATE statement. A statement that is not read becomes an :class:`Opaque`; the rest of the routine goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from ..ir.catalog import Notes
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Close,
    CursorVariable,
    Dynamic,
    Fetch,
    Handler,
    If,
    Leave,
    Loop,
    Nothing,
    Opaque,
    Open,
    Passed,
    Print,
    Raise,
    Return,
    ReturnQuery,
    SelectInto,
    Sql,
    Step,
    Taken,
    Temporary,
    Transaction,
    Variable,
)  # fmt: skip
from ..source import Span
from . import tsql_types
from .cursor import Cursor, ReadError
from .tsql_cut import expression, statement_end
from .tsql_declared import Declared
from .tsql_output import statement_of, with_output

_TRAN: Final = frozenset({"TRAN", "TRANSACTION"})
_OPERATORS: Final = {"+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%", "&=": "&", "|=": "|", "^=": "^"}
#: Statements that no target takes as they are, under their constructs.
_OPAQUE: Final = {"GOTO": "goto_statement", "REVERT": "unread_statement"}
#: Settings that only tell the client or the server how to run what stands behind them, as they are usually switched;
#: the targets do what those of the standard ask for ("SET Statements (Transact-SQL)").
_SILENT: Final = frozenset({"NOCOUNT", "XACT_ABORT", "ARITHABORT", "DEADLOCK_PRIORITY", "LOCK_TIMEOUT", "STATISTICS"})
_STANDARD: Final = frozenset(
    """
    ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ANSI_DEFAULTS ANSI_NULL_DFLT_ON QUOTED_IDENTIFIER CONCAT_NULL_YIELDS_NULL
    """.split()
)
_ISOLATION: Final = ("TRANSACTION", "ISOLATION", "LEVEL")
_USUAL: Final = (["NUMERIC_ROUNDABORT", "OFF"], ["DATEFIRST", "7"], [*_ISOLATION, "READ", "COMMITTED"],
                 [*_ISOLATION, "READ", "UNCOMMITTED"])  # fmt: skip
_STRUCTURES: Final = ("IF", "WHILE", "BEGIN")


class Reader:
    """Reads the statements of one routine; ``declared`` takes what they declare."""

    def __init__(self, c: Cursor) -> None:
        self.c = c
        self.declared = Declared()
        self.depth = 0

    def body(self, ends: Collection[str] = ()) -> Body:
        """Statements up to the end of the routine, or to one of ``ends``."""
        found: list[Step] = []
        while not self.c.done() and self.c.word() not in ends:
            if self.c.accept(";"):
                continue
            found += self.statement()
        return tuple(found)

    def one(self) -> Body:
        """The one statement of an IF or a loop."""
        if self.c.word() == "BEGIN" and self.c.ahead() not in (*_TRAN, "TRY", "DISTRIBUTED"):
            self.c.at += 1
            self.c.accept(";")
            body = self.body(("END",))
            self.c.expect("END")
        else:
            body = tuple(self.statement())
        self.c.accept(";")
        return body

    # -- one statement -------------------------------------------------------------------------------------------------

    def statement(self) -> list[Step]:
        c = self.c
        start, notes = c.at, c.notes(c.at)
        try:
            found = self.read(start, notes)
        except ReadError as error:
            if c.texts[start] in _STRUCTURES:
                raise  # its end is not known
            c.at = statement_end(c, start)
            why = error.params.get("reason", "")
            found = [Opaque(c.span(start), notes, "unread_statement", c.fragment(start), why)]
        if c.at == start:
            raise c.error("a statement expected")
        c.accept(";")
        if found and (after := c.trailing(c.at - 1, found[-1].notes)) is not found[-1].notes:
            found[-1] = replace(found[-1], notes=after)
        return found

    def read(self, start: int, notes: Notes) -> list[Step]:
        c = self.c
        word, second = c.word(), c.ahead()
        if second == ":" and c.is_name():
            c.at += 2
            return [Opaque(c.span(start), notes, "goto_statement", c.fragment(start), "a label")]
        match word:
            case "BEGIN" if second in (*_TRAN, "DISTRIBUTED"):
                return [self.transaction("BEGIN", start, notes)]
            case "BEGIN" if second == "TRY":
                return [self.try_(start, notes)]
            case "BEGIN":
                c.at += 1
                if c.accept("ATOMIC"):  # of a natively compiled module: all or nothing, as every routine is
                    c.expect("WITH")
                    c.skip_group()
                body = self.body(("END",))
                c.expect("END")
                return [Block(c.span(start), notes, body=body)]
            case "IF":
                return [self.if_(start, notes)]
            case "WHILE":
                condition = self.condition(start)
                return [Loop(c.span(start), notes, None, condition, self.one())]
            case "DECLARE":
                return self.declare(start, notes)
            case "SET":
                return [self.set_(start, notes)]
            case "SELECT" | "WITH":
                return self.select(start, notes)
            case "EXEC" | "EXECUTE":
                return [self.execute(start, notes)]
            case "BREAK" | "CONTINUE":
                c.at += 1
                return [Leave(c.span(start), notes, word == "CONTINUE")]
            case "RETURN":
                end = statement_end(c, start)
                c.at = start + 1
                value = expression(c, end) if c.at < end else None
                return [Return(c.span(start), notes, value)]
            case "PRINT":
                end = statement_end(c, start)
                c.at += 1
                return [Print(c.span(start, end), notes, expression(c, end))]
            case "THROW" | "RAISERROR":
                return [self.throw(start, notes)]
            case "COMMIT" | "ROLLBACK" | "SAVE":
                return [self.transaction(word, start, notes)]
            case "OPEN" | "CLOSE" | "DEALLOCATE" | "FETCH":
                return [self.cursor_statement(start, notes)]
            case "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "TRUNCATE":
                return [self.change(start, notes)]
            case "CREATE" if second == "TABLE":
                return [self.table(start, notes)]
            case "DROP" if second == "TABLE":
                return [self.dropped(start, notes)]
            case "CREATE" if "INDEX" in c.texts[c.at : c.at + 4]:
                c.at = statement_end(c, start)
                of = c.texts[start : c.at]
                on = of[of.index("ON") + 1] if "ON" in of else ""
                if on[:1] == "#":
                    return [Passed(c.span(start), notes, "temporary_index", c.fragment(start))]
                return [Opaque(c.span(start), notes, "unread_statement", c.fragment(start))]
            case "CHECKPOINT" | "DBCC":
                c.at = statement_end(c, start)
                return [Passed(c.span(start), notes, "routine_setting", c.fragment(start))]
            case "ALTER" if second == "INDEX" and not {"REBUILD", "REORGANIZE"}.isdisjoint(c.texts[c.at : c.at + 12]):
                c.at = statement_end(c, start)
                return [Passed(c.span(start), notes, "routine_setting", c.fragment(start))]
            case "WAITFOR":
                c.at = statement_end(c, start)
                return [Opaque(c.span(start), notes, "unread_statement", c.fragment(start))]
            case _:
                c.at = statement_end(c, start)
                construct = _OPAQUE.get(word, "unread_statement")
                return [Opaque(c.span(start), notes, construct, c.fragment(start))]

    # -- control of flow -----------------------------------------------------------------------------------------------

    def condition(self, start: int) -> Fragment:
        end = statement_end(self.c, start)
        self.c.at = start + 1
        return expression(self.c, end)

    def if_(self, start: int, notes: Notes) -> Step:
        c = self.c
        branches = []
        otherwise = None
        at = start
        while True:
            condition = self.condition(at)
            branches.append((condition, self.one()))
            if not c.accept("ELSE"):
                break
            if c.word() == "IF":
                at = c.at
                continue
            otherwise = self.one()
            break
        return If(c.span(start), notes, tuple(branches), otherwise)

    def try_(self, start: int, notes: Notes) -> Step:
        c = self.c
        c.expect("BEGIN", "TRY")
        body = self.body(("END",))
        closing = c.notes(c.at).before
        c.expect("END", "TRY")
        c.accept(";")
        at = c.at
        c.expect("BEGIN", "CATCH")
        c.accept(";")
        handler = self.body(("END",))
        c.expect("END", "CATCH")
        return Block(c.span(start), notes, None, (), body, (Handler((), handler, c.span(at)),), closing)

    def transaction(self, verb: str, start: int, notes: Notes) -> Step:
        c = self.c
        end = statement_end(c, start)
        c.at = end
        if verb == "SAVE":
            return Transaction(c.span(start), notes, "SAVE " + c.texts[end - 1])
        named = verb == "ROLLBACK" and end > start + 2  # perhaps to a savepoint
        if named and c.texts[end - 1] not in ("WORK", *_TRAN):
            return Transaction(c.span(start), notes, "ROLLBACK TO " + c.texts[end - 1])
        return Transaction(c.span(start), notes, verb)

    def throw(self, start: int, notes: Notes) -> Step:
        c = self.c
        end = statement_end(c, start)
        c.at += 1
        at = c.span(start, end)
        if c.at >= end:
            return Raise(at, notes)
        parens = c.accept("(")
        given = [expression(c, end, (",", ")"))]
        while c.accept(","):
            given.append(expression(c, end, (",", ")", "WITH")))
        if parens:
            c.expect(")")
        if c.at < end and not c.accept("WITH"):
            if len(given) == 1:  # RAISERROR 50001 'text', as it was until 2012
                return Raise(at, notes, Name("RAISERROR"), given[0], expression(c, end))
            raise c.error("the end of the statement expected")
        options = set(c.texts[c.at : end])
        c.at = end
        if c.texts[start] == "THROW":
            return Raise(at, notes, Name("THROW"), given[0], given[1] if len(given) > 1 else None)
        if "NOWAIT" in options and "LOG" not in options and "SETERROR" not in options:
            options.clear()
        return Raise(at, notes, Name("RAISERROR"), given[1] if len(given) > 1 else None, given[0], tuple(given[3:]))

    # -- variables -----------------------------------------------------------------------------------------------------

    def declare(self, start: int, notes: Notes) -> list[Step]:
        c = self.c
        end = statement_end(c, start)
        c.at += 1
        if c.is_name() and c.word()[:1] != "@":
            return self.cursor(start, end, notes)
        found: list[Step] = []
        while True:
            at = c.at
            own = c.notes(c.at)
            if own.before:
                notes = replace(notes, before=notes.before + own.before)
            name = c.name()
            c.accept("AS")
            if c.accept("TABLE"):
                made = tsql_types.columns(c)
                found.append(_table(c.span(at), notes, name, made))
                self.declared.tables.append(name)
            else:
                type_ = tsql_types.typed(c)
                value = None
                if not c.accept("NOT", "NULL"):  # of natively compiled modules
                    c.accept("NULL")
                if c.accept("="):
                    value = expression(c, end, (",",))
                self.declared.variable(Variable(name, type_, at=c.span(at)))
                if value is not None or notes.before:
                    target = Fragment(str(name), c.span(at, at + 1))
                    if value is None:
                        found.append(Nothing(c.span(at), notes))
                    else:
                        found.append(Assign(c.span(at), notes, target, value))
            notes = Notes()
            if not c.accept(","):
                break
        if c.at < end:
            raise c.error("a comma expected")
        return found

    def cursor(self, start: int, end: int, notes: Notes) -> list[Step]:
        """DECLARE name CURSOR [options] FOR query."""
        c = self.c
        name = c.name()
        self.cursor_query(name, start, end)
        return [Nothing(c.span(start), notes)] if notes.before else []

    def cursor_of(self, start: int, at: int, end: int, notes: Notes) -> Step:
        """SET @c = CURSOR FOR query: as if it were declared so, if that is the only query that it gets."""
        c = self.c
        c.at = at
        name = c.name()
        c.expect("=")
        if any(k.name == name for k in self.declared.cursors):
            raise c.error("a cursor variable that is set once expected")
        self.cursor_query(name, start, end)
        self.declared.variables = [v for v in self.declared.variables if v.name != name]
        return Passed(c.span(start), notes, "cursor_deallocation", c.fragment(start))

    def cursor_query(self, name: Name, start: int, end: int) -> None:
        """CURSOR [options] FOR query."""
        c = self.c
        options: list[str] = []
        while c.at < end and c.word() != "FOR":
            options.append(c.take())
        if "CURSOR" not in options:
            raise c.error("CURSOR expected")
        c.expect("FOR")
        at = c.at
        c.at = end
        if c.texts[end - 2 : end] == ["READ", "ONLY"] and c.texts[end - 3] == "FOR":
            end -= 3
        if not {"SCROLL", "KEYSET"}.isdisjoint(options) or "UPDATE" in c.texts[at:end]:
            raise ReadError("SC1101", start, reason="a cursor that only goes forward expected", found="SCROLL")
        self.declared.cursors.append(CursorVariable(name, c.fragment(at, end), (), c.span(start)))

    def set_(self, start: int, notes: Notes) -> Step:
        c = self.c
        end = statement_end(c, start)
        c.at += 1
        if c.word()[:1] != "@":
            setting = c.word()
            c.at = end
            words = c.texts[start + 1 : end]
            plain = setting in _SILENT or (setting in _STANDARD and words[-1] == "ON")
            plain = plain or words in _USUAL
            if plain:
                return Passed(c.span(start), notes, "routine_setting", c.fragment(start))
            return Opaque(c.span(start), notes, "routine_set", c.fragment(start))
        return self.assigned(start, end, notes)

    def assigned(self, start: int, end: int, notes: Notes) -> Step:
        """``@a = value`` or ``@a += value``."""
        c = self.c
        at = c.at
        c.name()
        target = c.fragment(at)
        sign = c.take()
        if sign != "=" and sign not in _OPERATORS:
            raise c.error("= expected")
        if c.word() == "CURSOR":
            return self.cursor_of(start, at, end, notes)
        value = expression(c, end, (",",))
        if sign != "=":
            value = replace(value, text=f"{target.text} {_OPERATORS[sign]} ({value.text})")
        return Assign(c.span(start, max(c.at, start + 1)), notes, target, value)

    # -- SQL -----------------------------------------------------------------------------------------------------------

    def select(self, start: int, notes: Notes) -> list[Step]:
        c = self.c
        end = statement_end(c, start)
        first = start
        if c.word() == "WITH":
            first = _behind_with(c, end)
            if c.texts[first] != "SELECT":
                c.at = first
                return [self.change(start, notes)]
        c.at = first + 1
        c.accept_any("ALL", "DISTINCT")
        if c.accept("TOP"):
            c.skip_group() if c.word() == "(" else c.take()
            c.accept("PERCENT")
        if c.word()[:1] == "@" and (c.ahead() == "=" or c.ahead() in _OPERATORS):
            return self.select_assigned(start, first, end, notes)
        into = _word_on_level(c, c.at, end, "INTO")
        if into is not None:
            return [self.select_into(start, into, end, notes)]
        c.at = end
        return [ReturnQuery(c.span(start), notes, c.fragment(start))]

    def select_assigned(self, start: int, first: int, end: int, notes: Notes) -> list[Step]:
        """``SELECT @a = x, @b = y [FROM ...]``: without FROM assignments one after the other."""
        c = self.c
        stops = (",", "FROM", "WHERE", "OPTION", "ORDER", "GROUP", "HAVING", "UNION")
        base = c.starts[start]
        text = c.fragment(start, end).text
        targets: list[Fragment] = []
        values: list[Fragment] = []
        while True:
            at = c.at
            if c.word()[:1] != "@":
                raise c.error("an assignment expected")
            c.name()
            targets.append(c.fragment(at))
            sign = c.take()
            if sign != "=" and sign not in _OPERATORS:
                raise c.error("= expected")
            a, b = c.starts[at] - base, c.ends[c.at - 1] - base
            blank = "".join(ch if ch == "\n" else " " for ch in text[a:b])
            begin = c.at
            value = expression(c, end, stops)
            if sign != "=":
                whole = sign == "+=" or begin + 1 == c.at
                if not whole and c.at < end and c.word() != ",":
                    raise c.error("a plain assignment expected")
                blank = f"{targets[-1].text} {_OPERATORS[sign]}".ljust(b - a)
            text = text[:a] + blank + text[b:]
            if sign != "=":
                value = replace(value, text=f"{targets[-1].text} {_OPERATORS[sign]} ({value.text})")
            values.append(value)
            if not c.accept(","):
                break
        plain = c.at >= end and first == start
        c.at = end
        if plain:
            where = c.span(start)
            steps: list[Step] = [Assign(where, notes if i == 0 else Notes(), t, v)
                                 for i, (t, v) in enumerate(zip(targets, values, strict=True))]  # fmt: skip
            return steps
        query = replace(c.fragment(start, end), text=text)
        return [SelectInto(c.span(start), notes, query, tuple(targets), False, False)]

    def select_into(self, start: int, into: int, end: int, notes: Notes) -> Step:
        c = self.c
        base = c.starts[start]
        whole = c.fragment(start, end)
        c.at = into + 1
        name = c.qname()
        if name.name.text[:1] != "#":
            raise c.error("a temporary table expected")
        a, b = c.starts[into] - base, c.ends[c.at - 1] - base
        text = whole.text[:a] + "".join(ch if ch == "\n" else " " for ch in whole.text[a:b]) + whole.text[b:]
        c.at = end
        self.declared.tables.append(name.name)
        return Temporary(c.span(start), notes, name.name, query=replace(whole, text=text))

    def change(self, start: int, notes: Notes) -> Step:
        c = self.c
        end = statement_end(c, start)
        words = c.texts[c.at if c.at > start else start : end]  # of the statement behind WITH
        c.at = end
        if words[0] == "INSERT" and ("EXEC" in words or "EXECUTE" in words):
            return self.insert_exec(start, end, notes)
        if words[0] == "UPDATE" and "SET" in words:
            self.no_variables(end - len(words) + words.index("SET"), end)
        if "OUTPUT" in words and words[0] != "MERGE":
            return with_output(c, start, end, notes)
        if words[0] == "UPDATE" and words[1:2] == ["STATISTICS"]:
            return Passed(c.span(start), notes, "routine_setting", c.fragment(start))
        return Sql(c.span(start), notes, statement_of(c, start, end))

    def no_variables(self, at: int, end: int) -> None:
        """``SET a = x, @v = b``: a variable takes what the row had, or with ``@v = b = y`` what it gets."""
        c = self.c
        last, c.at = c.at, at
        while c.at < end and c.word() not in ("FROM", "WHERE", "OPTION", "OUTPUT"):
            if c.word() in ("SET", ",") and c.ahead()[:1] == "@":
                raise ReadError("SC1101", c.at + 1, reason="a column expected", found=c.ahead())
            c.skip_group() if c.word() == "(" else c.take()
        c.at = last

    def insert_exec(self, start: int, end: int, notes: Notes) -> Step:
        """``INSERT [INTO] table [(columns)] EXEC ...``."""
        c = self.c
        c.at = start + 1
        c.accept("INTO")
        table = c.qname()
        columns = c.names() if c.word() == "(" else ()
        if c.word() not in ("EXEC", "EXECUTE"):
            raise c.error("EXECUTE expected")
        source = self.execute(c.at, Notes())
        c.at = end
        if isinstance(source, Opaque):
            return Opaque(c.span(start, end), notes, "insert_exec", c.fragment(start, end))
        return Taken(c.span(start, end), notes, table, columns, source)

    def table(self, start: int, notes: Notes) -> Step:
        c = self.c
        c.expect("CREATE", "TABLE")
        name = c.qname()
        if name.name.text[:1] != "#":
            raise c.error("a temporary table expected")
        if c.accept("WITH"):  # how its rows are spread over nodes
            c.skip_group()
        if c.accept("AS"):
            end = statement_end(c, c.at)
            query = c.fragment(c.at, end)
            c.at = end
            self.declared.tables.append(name.name)
            return Temporary(c.span(start), notes, name.name, query=query)
        made = tsql_types.columns(c)
        if c.accept("WITH"):
            c.skip_group()
        if c.accept("ON"):
            c.name()
        self.declared.tables.append(name.name)
        return _table(c.span(start), notes, name.name, made)

    def dropped(self, start: int, notes: Notes) -> Step:
        c = self.c
        c.expect("DROP", "TABLE")
        exists = c.accept("IF", "EXISTS")
        del exists
        names = [c.qname()]
        while c.accept(","):
            names.append(c.qname())
        if any(n.name.text[:1] != "#" for n in names):
            raise c.error("a temporary table expected")
        return Passed(c.span(start), notes, "temporary_drop", c.fragment(start))

    # -- EXECUTE -------------------------------------------------------------------------------------------------------

    def execute(self, start: int, notes: Notes) -> Step:
        c = self.c
        end = statement_end(c, start)
        c.at += 1
        returned = None
        if c.word() == "(":
            inside = c.at + 1
            c.skip_group()
            text = c.fragment(inside, c.at - 1)
            if c.at < end:
                raise c.error("the end of the statement expected")
            return Dynamic(c.span(start, end), notes, text)
        if c.word()[:1] == "@" and c.ahead() == "=":
            at = c.at
            c.name()
            returned = c.fragment(at)
            c.expect("=")
        if c.word()[:1] == "@":
            c.at = end
            return Opaque(c.span(start), notes, "unread_statement", c.fragment(start))
        at = c.at
        name = c.qname()
        if name.link:
            c.at = end
            return Opaque(c.span(start), notes, "unread_statement", c.fragment(start))
        if name.name.text == "SP_EXECUTESQL" and c.at < end:
            text = expression(c, end, (",",))
            rest: list[Fragment] = []
            while c.accept(","):
                rest.append(expression(c, end, (",",)))
            c.at = end
            return Dynamic(c.span(start), notes, text, (), tuple(rest))
        arguments: list[tuple[Name | None, Fragment]] = []
        outputs: set[int] = set()
        while c.at < end:
            own = None
            if c.word()[:1] == "@" and c.ahead() == "=":
                own = c.name()
                c.expect("=")
            arguments.append((own, expression(c, end, (",", "OUTPUT", "OUT", "WITH"))))
            if c.accept_any("OUTPUT", "OUT"):
                outputs.add(len(arguments) - 1)
            if not c.accept(","):
                break
        if c.accept("WITH"):
            c.accept("RECOMPILE")
        if c.at < end:
            raise c.error("a comma expected")
        parts = tuple(n for n in (name.schema, name.name) if n is not None)
        return Call(c.span(start), notes, parts, tuple(arguments), c.fragment(at), returned, frozenset(outputs))

    # -- cursors -------------------------------------------------------------------------------------------------------

    def cursor_statement(self, start: int, notes: Notes) -> Step:
        c = self.c
        word = c.take()
        if word == "FETCH":
            if c.word() in ("PRIOR", "FIRST", "LAST", "ABSOLUTE", "RELATIVE"):
                raise c.error("NEXT expected")
            c.accept("NEXT")
            c.accept("FROM")
        c.accept("GLOBAL")
        at = c.at
        c.name()
        cursor = c.fragment(at)
        match word:
            case "OPEN":
                return Open(c.span(start), notes, cursor)
            case "CLOSE":
                return Close(c.span(start), notes, cursor)
            case "DEALLOCATE":
                return Passed(c.span(start), notes, "cursor_deallocation", c.fragment(start))
            case _:
                pass
        if not c.accept("INTO"):
            raise c.error("INTO expected")
        targets = []
        while True:
            at = c.at
            c.name()
            targets.append(c.fragment(at))
            if not c.accept(","):
                break
        return Fetch(c.span(start), notes, cursor, tuple(targets))


def _table(at: Span, notes: Notes, name: Name, made: tsql_types.Columns) -> Temporary:
    return Temporary(at, notes, name, tuple(made.columns), made.identity, tuple(made.keys), None, made.counts)


def _behind_with(c: Cursor, end: int) -> int:
    """The index of the verb behind common table expressions."""
    here = c.at
    c.at += 1
    while c.at < end and c.word() not in ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"):
        c.skip_group() if c.word() == "(" else c.take()
    found, c.at = c.at, here
    return min(found, end - 1)


def _word_on_level(c: Cursor, start: int, end: int, word: str) -> int | None:
    here, c.at = c.at, start
    try:
        while c.at < end:
            if c.word() == word:
                return c.at
            if c.word() == "FROM":
                return None
            c.skip_group() if c.word() == "(" else c.take()
        return None
    finally:
        c.at = here
