"""Data statements of Transact-SQL routines in SQL/PSM: counts, new keys, temporary tables, OUTPUT.

Source: Transact-SQL reference, "@@ROWCOUNT", "SCOPE_IDENTITY"; MySQL 8.0 Reference Manual, "Information Functions",
"CREATE TEMPORARY TABLE Statement", "TEMPORARY Table Problems".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Assign, Block, Body, Call, Count, Dynamic, If, Loop, ReturnQuery, Sql, Step, Temporary
from ..source import Span
from . import collation
from .psm_tsql_values import PsmTsqlValues

if TYPE_CHECKING:
    from .context import Context

_CHANGES: Final = re.compile(r"(?i)INTO|UPDATE|IGNORE")
_PLAIN_DEFAULT: Final = re.compile(r"-?[\d.]+|'(?:[^']|'')*'|NULL|TRUE|FALSE|CURRENT_TIMESTAMP(?:\(\d\))?", re.I)
_UPDATE: Final = re.compile(r"(?i)\s*UPDATE\b")
_READS: Final = (
    r"(?i)(?<!\.)(?P<before>\b(?:FROM|JOIN|INTO|UPDATE|TABLE|IGNORE)\s+|,\s*){name}(?![\w$`])(?!\s*\.)"
    r"(?P<alias>\s+AS\s+[\w`]+)?"
)
_SEVERAL: Final = re.compile(r"(?is)\s*(?:WITH\b|INSERT\b.*?\bSELECT\b.*?\bFROM\b)")
_ROWS: Final = re.compile(r"(?i)\bVALUES\s*\(")


class PsmTsqlData(PsmTsqlValues):
    """Adds data statements."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        self.copies: list[Step] = []  # of temporary tables that the statement at hand reads

    def counts(self, step: Step) -> Body:
        """What keeps the number of rows of the statement before, where it is asked for."""
        if step.at not in self.counted:
            return ()
        match step:
            case Sql() if not step.output:
                return (Count(step.at, variable=Name("sql_rowcount")),)
            case Temporary() if step.query is not None:
                return (Count(step.at, variable=Name("sql_rowcount")),)
            case ReturnQuery() | Sql():
                here = Fragment("", step.at, "sql_rowcount")
                return (Assign(step.at, target=here, value=Fragment("", step.at, "FOUND_ROWS()")),)
            case _:
                return ()

    def sql(self, step: Sql) -> Step:
        done = self.statement(self.listed(step.statement))
        if step.output:
            return self.with_rows(step, done)
        if step.at in self.counted and _UPDATE.match(step.statement.text):
            self.ctx.say("SC5075", step.at)
        return replace(step, statement=done)

    def single_row(self, text: str) -> bool:
        """Whether an INSERT gives one row for sure."""
        rows = re.search(r"\)\s*,\s*\(", re.split(r"(?i)\bVALUES\b", text)[-1])
        return len(_ROWS.findall(text)) < 2 and not _SEVERAL.match(text) and rows is None

    def new_key(self, step: Sql) -> Body:
        """What keeps the number that an INSERT has drawn: other statements draw others."""
        text = step.statement.text
        if not self.identity or text.lstrip()[:6].upper() not in ("INSERT", "MERGE "):
            return ()
        named = self.changed_table(text)
        if named.name.text[:1] == "%":
            table = self.tables.get(named.name.text)
            if table is None or table.identity is None:
                return ()
        else:
            found = self.ctx.run.table(named)
            if found is not None and all(k.identity is None for k in found[1].columns):
                return ()
        if not self.single_row(text):
            self.unsure = True
            return ()
        self.unsure = False
        here = Fragment("", step.at, "sql_identity")
        return (Assign(step.at, target=here, value=Fragment("", step.at, "LAST_INSERT_ID()")),)

    def key_told(self, step: Step) -> Body:
        """What :meth:`new_key` says; where nothing comes between, the number is asked for directly."""
        match step:
            case Sql():
                kept = self.new_key(step)
                if kept:
                    self.key_is("LAST_INSERT_ID()")
                return kept
            case Call() | If() | Block() | Loop() | Dynamic():
                self.key_is("sql_identity")
            case _:
                pass
        return ()

    def key_is(self, text: str) -> None:
        self.texts = {**self.texts, "IDENTITY": text}

    # -- temporary tables ----------------------------------------------------------------------------------------------

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        made = super().kept(fragment, done, findings)
        return made if made.target is None or not self.tables else self.opened_once(made)

    def opened_once(self, done: Fragment) -> Fragment:
        """A statement can speak of a temporary table no more than once ("TEMPORARY Table Problems"): it reads copies
        at all other places, which ``copies`` makes in front of it."""
        text = done.output
        for mark in self.tables:
            name = self.texts[mark[1:]]
            pattern = _READS.replace("{name}", re.escape(name))
            if len(re.findall(pattern, text)) < 2:
                continue
            places = [m.start() for m in re.finditer(pattern, text)]
            changed = [m.start() for m in re.finditer(pattern, text) if _CHANGES.match(m["before"])]
            own = (changed or places)[0]  # a table that is changed is no copy
            made: list[str] = []

            def read(m: re.Match[str], name: str = name, made: list[str] = made, own: int = own) -> str:
                if m.start() == own or _CHANGES.match(m["before"]):
                    return m[0]
                made.append(name)
                copy = self.copy_of(name, len(made) + 1, done.at)
                return f"{m['before']}{copy}{m['alias'] or f' AS {name}'}"

            text = re.sub(pattern, read, text)
        return done if text == done.output else replace(done, target=text)

    def copy_of(self, name: str, number: int, at: Span) -> str:
        copy = self.ctx.profile.quoted(f"{name.strip('`')}_{number}")
        texts = f"DROP TEMPORARY TABLE IF EXISTS {copy}", f"CREATE TEMPORARY TABLE {copy} AS SELECT * FROM {name}"
        self.copies += [Sql(at, statement=Fragment("", at, text)) for text in texts]
        return copy

    def no_copies(self, at: Span) -> None:
        """What is asked again and again, or later, has no place in front of it."""
        if self.copies:
            self.refuse("SC5190", at, clause="a temporary table")
            self.copies = []

    def mark(self, name: Name, prefix: str, home: str = "") -> str:
        """A temporary table hides a table of its name for the rest of the session: it gets another."""
        plain = name.text.lstrip("@#").upper()
        if prefix == "t_" and plain in self.ctx.run.relations():
            self.marks.words.add(plain)
        return super().mark(name, prefix, home)

    def temporary_table(self, step: Temporary) -> list[Step]:
        mark = self.marks.of(step.name.text)
        name = self.texts[mark]
        drop = Sql(step.at, statement=Fragment("", step.at, f"DROP TEMPORARY TABLE IF EXISTS {name}"))
        if step.query is not None:
            done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
            query = self.kept(step.query, done, translated.findings)
            if translated.outputs is not None and all(o.name for o in translated.outputs):
                columns: Mapping[str, object] = {o.name: o.known for o in translated.outputs}
                self.ctx.run.lookup.local[f"%{mark}"] = columns  # type: ignore[assignment]
            made = Sql(step.at, step.notes, Fragment("", step.at, f"CREATE TEMPORARY TABLE {name} AS\n{query.output}"))
            return [drop, made]
        text = f"CREATE TEMPORARY TABLE {name} (\n    " + ",\n    ".join(self.table_parts(step)) + "\n)"
        wanted = collation.of_variable(self.ctx)
        if wanted and any(k.type.type.kind in collation.TEXTS for k in step.columns):
            text += f" COLLATE {wanted}"
        return [drop, Sql(step.at, step.notes, Fragment("", step.at, text))]

    def table_parts(self, step: Temporary) -> list[str]:
        quoted = self.ctx.profile.quoted
        parts: list[str] = []
        for k in step.columns:
            text = f"{quoted(self.names.plain(k.name))} {self.typed(k.type, k.at).raw}"
            if k.not_null or step.identity == k.name:
                text += " NOT NULL"
            if step.identity == k.name:
                text += " AUTO_INCREMENT"
            elif k.default is not None:
                value = self.text(k.default, self.known(k.type)).output
                text += f" DEFAULT {value if _PLAIN_DEFAULT.fullmatch(value) else f'({value})'}"
            parts.append(text)
        for kind, columns in step.keys:
            parts.append(f"{kind} ({', '.join(quoted(self.names.plain(n)) for n in columns)})")
        if step.identity is not None and all(c[:1] != (step.identity,) for _, c in step.keys):
            parts.append(f"UNIQUE ({quoted(self.names.plain(step.identity))})")
        return parts
