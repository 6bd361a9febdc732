"""Text that the source compares otherwise than the target: by case, by accents, with blanks at the end.

What a column tells apart is ``bin`` (every code point), ``cs_as``, ``cs_ai``, ``ci_as`` or ``ci_ai`` (case and accents,
each sensitive or insensitive); a column that says nothing has the source's default. A target's trait ``collations``
names a collation for each of these, where one comes with the server; a target that has the trait ``own_collations``
must be given them.

Sources: Transact-SQL reference, "Collation and Unicode support"; PostgreSQL, "Collation Support" (ICU) and "citext";
MySQL 8.0 Reference Manual, "Unicode Character Sets"; Amazon Redshift, "COLLATE".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Column, Constraint, Item, Prelude, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import Typed
from ..source import NOWHERE
from ..sql.collations import compares

if TYPE_CHECKING:
    from .context import Context

TEXTS: Final = frozenset({"char", "varchar", "nchar", "nvarchar", "text", "ntext"})
#: Text that a table option governs besides: of types that become text on a target.
_WORDS: Final = TEXTS | {"enum", "xml", "rowid", "urowid"}
#: Types of variables on targets that hold text.
_TEXT: Final = re.compile(r"(?i)(?:var)?char\b|n(?:var)?char\b|(?:tiny|medium|long)?text\b")
EXTENSION: Final = "CREATE EXTENSION IF NOT EXISTS citext"
#: What a collation that the target must be given is called, and how ICU spells its strength (Unicode, "LDML": ks).
_ICU: Final = {
    "ci_as": ("case_insensitive", "und-u-ks-level2"),
    "ci_ai": ("case_accent_insensitive", "und-u-ks-level1"),
}
#: What comes nearest where the target has no collation for it.
_NEAREST: Final = {"cs_ai": "cs_as"}


def table_options(table: Table, ctx: Context) -> tuple[tuple[str, str], ...]:
    """The table's options with the collation that compares text as the source does without being told."""
    known = _collations(ctx)
    if not known or table.partial:
        return table.options
    if table.query is None and not any(k.type.kind in _WORDS for k in table.columns):
        return table.options
    match ctx.options.mysql_collation:
        case "server":
            return table.options
        case "binary":
            wanted = "bin"
        case _:
            wanted = _of_table(table, ctx)
    return (*table.options, ("collate", known[wanted if wanted in known else _NEAREST[wanted]]))


def column(found: Column, table: Table, ctx: Context) -> Column:
    """``found``, in the target's words already, with the collation that it needs beside its table's; says what is
    lost."""
    plain = replace(found, collation="", compares="") if found.collation or found.compares else found
    if found.type.kind not in TEXTS or not _text(found.type.spelling):
        return plain
    wanted = found.compares or default(ctx)
    known = _collations(ctx)
    if known:
        if ctx.options.mysql_collation != "source" or table.partial:
            return plain
        if wanted not in known:
            ctx.say_construct("column_collation", found.at, found.collation)
            wanted = _NEAREST[wanted]
        return plain if wanted == _of_table(table, ctx) else replace(plain, collation=known[wanted])
    if not wanted.startswith("ci"):
        if found.collation and wanted in ("cs_as", "bin"):
            ctx.say("SC3169", found.at, clause=found.collation, column=str(found.name))
        elif found.collation:
            ctx.say_construct("column_collation", found.at, found.collation)
        return plain
    return _insensitive(plain, wanted, ctx, found.collation)


def _insensitive(plain: Column, wanted: str, ctx: Context, named: str) -> Column:
    """A column that ignores case, on a target whose text does not."""
    run = ctx.run
    way = ctx.options.case_insensitive_text
    word = str(ctx.trait("insensitive_collation") or "")
    if way == "collation" and word:
        return replace(plain, collation=word)
    if way == "collation" and ctx.trait("own_collations"):
        name, locale = _ICU[wanted]
        run.prelude.setdefault(
            f"CREATE COLLATION IF NOT EXISTS {name} (provider = icu, locale = '{locale}', deterministic = false)"
        )
        return replace(plain, collation=name)
    if way == "citext" and ctx.trait("own_collations"):
        run.prelude.setdefault(EXTENSION)
        return replace(plain, type=replace(plain.type, spelling="citext"))
    if ("SC3168", wanted) not in run.once:
        run.once.add(("SC3168", wanted))
        run.log.say(
            "SC3168", plain.at, target=ctx.profile.engine.name, clause=named or "the default collation of the source"
        )
    return plain


def by_code(found: Column, ctx: Context) -> bool:
    """Whether the target sorts the column by code points, as far as its collation is ours to say."""
    if not _collations(ctx) or ctx.options.mysql_collation == "server":
        return False
    return ctx.options.mysql_collation == "binary" or (found.compares or default(ctx)) == "bin"


def of_variable(ctx: Context) -> str:
    """The collation that a text outside of tables needs to compare as the source does; empty where it needs none."""
    known = _collations(ctx)
    if not known or ctx.options.mysql_collation == "server":
        return ""
    wanted = "bin" if ctx.options.mysql_collation == "binary" else default(ctx)
    return known[wanted if wanted in known else _NEAREST[wanted]]


def compared(typed: Typed, ctx: Context) -> Typed:
    """The type of a variable or parameter that compares as the source's does."""
    wanted = of_variable(ctx) if _TEXT.match(typed.raw) else ""
    return replace(typed, raw=f"{typed.raw} CHARACTER SET {wanted.split('_')[0]} COLLATE {wanted}") if wanted else typed


def lengths(table: Table, done: tuple[Column, ...], ctx: Context) -> list[Constraint]:
    """Checks of the lengths that citext does not keep; ``done`` are the columns in the target's words."""
    found = []
    for source, k in zip(table.columns, done, strict=True):
        if k.type.spelling == "citext" and k.type.length is not None and source.type.kind not in ("text", "ntext"):
            text = f"char_length({ctx.profile.quoted(k.name.text)}) <= {k.type.length}"
            found.append(
                Constraint("check", None, (k.name,), k.at, inline=True, check=Fragment(text, k.at, text))
            )
    return found


def blanks(table: Table, ctx: Context) -> None:
    """Say once that the target counts blanks at the end of text, where the source does not."""
    if not ctx.run.trait_of_source("text_padding_compares") or ctx.trait("text_padding_compares") or table.partial:
        return
    first = next((k for k in table.columns if k.type.kind in ("varchar", "nvarchar")), None)
    if first is not None and ("SC3238", "") not in ctx.run.once:
        ctx.run.once.add(("SC3238", ""))
        ctx.run.log.say("SC3238", first.at, target=ctx.profile.engine.name, clause=str(first.name))


_LAST = re.compile(r"\bCOLLATE\s+(\w+)[\s)]*\Z", re.IGNORECASE)


def of_expression(text: str, table: Table, ctx: Context) -> tuple[str, str]:
    """Name and kind of a computed column's collation, where it is not the default one: that which its expression
    ends in, else that of the columns of text which it joins or changes. Transact-SQL reference, "Collation precedence".
    """
    named = _LAST.search(text)
    if named is not None:
        wanted = compares(named[1])
        return (named[1], wanted) if wanted else ("", "")
    words = ctx.run.words(text)
    read = {k.compares for k in table.columns if k.type.kind in TEXTS and k.name.text in words}
    if len(read) != 1 or read == {""} or "CASE" in words or "IIF" in words:
        return "", ""
    return "", read.pop()


def default(ctx: Context) -> str:
    """What the source's text tells apart where nothing is said."""
    if ctx.run.catalog.compares:
        return ctx.run.catalog.compares
    return "ci_as" if ctx.run.trait_of_source("default_collation_case") == "insensitive" else "bin"


def _of_table(table: Table, ctx: Context) -> str:
    """What the table's own collation tells apart: what all its text does, else the source's default."""
    said = {k.compares or default(ctx) for k in table.columns if k.type.kind in TEXTS}
    only = said.pop() if len(said) == 1 else ""
    return only if only in _collations(ctx) else default(ctx)


def prelude(ctx_prelude: Mapping[str, None]) -> list[Item]:
    """The statements that come before everything else."""
    return [Item(-1, Prelude(QName(None, Name("")), NOWHERE, text=text)) for text in ctx_prelude]


def _collations(ctx: Context) -> Mapping[str, str]:
    found = ctx.trait("collations")
    return found if isinstance(found, dict) else {}


def _text(spelling: str) -> bool:
    return spelling.partition("(")[0] in _SPELLED


_SPELLED: Final = frozenset({"text", "longtext", "mediumtext", "tinytext", "char", "varchar", "character"})
