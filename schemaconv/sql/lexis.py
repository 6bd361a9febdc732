"""How a source engine writes words: its lexer, its names, and the dialect in which sqlglot parses its fragments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from .. import rulefiles
from ..ir.names import Name
from . import tokens as lex

#: The lexical pattern of each source.
_PATTERNS: Final = {"oracle": lex.ORACLE, "sqlserver": lex.SQLSERVER, "teradata": lex.TERADATA}
_DIALECTS: Final = {"oracle": "oracle", "sqlserver": "tsql", "teradata": "teradata"}
_WORD: Final = re.compile(r'"((?:[^"]|"")+)"|\[((?:[^\]]|\]\])+)\]|[^\W\d][\w$#@]*')
_PLAIN_WORD: Final = re.compile(r'"([^"]+)"()|[^\W\d][\w$#]*')


@dataclass(frozen=True, slots=True)
class Lexis:
    """``pattern`` is the lexer (see :mod:`schemaconv.sql.tokens`), ``dialect`` sqlglot's name of the engine.

    ``ignores_case``: two names that differ in case alone are one, in quotes or not. ``brackets``: ``[x]`` is a name.
    ``default_schema``: the schema that a bare name means, in capitals; a name in it is read as a bare one.
    ``empty_is_null``: ``''`` is NULL. ``index_of_table``: an index's name is its table's own. ``types_apart``: a
    type may bear the name of a table. ``truncate_restarts``: TRUNCATE starts identity columns again.
    ``cast_formats``: a constant may have a type and a format.
    ``compound_assignment``: ``n += 1`` assigns. ``output_clause``: data statements have TOP and OUTPUT.
    ``text_titles``: ``'k' = a`` names a column. ``query_hints``: joins and queries bear hints among their words.
    ``coded_moments``: ``{d '2024-03-05'}`` and bytes cast to a date.
    """

    source: str
    pattern: re.Pattern[str]
    dialect: str
    ignores_case: bool = False
    brackets: bool = False
    default_schema: str = ""
    empty_is_null: bool = False
    index_of_table: bool = False
    types_apart: bool = False
    truncate_restarts: bool = False
    cast_formats: bool = False
    compound_assignment: bool = False
    output_clause: bool = False
    coded_moments: bool = False
    text_titles: bool = False
    query_hints: bool = False

    def fold(self, text: str, quoted: bool) -> tuple[str, bool]:
        """A name's canonical spelling, and whether the engine's own folding gives it again.

        ``text`` is the name without its quotes.
        """
        if quoted and not self.ignores_case:
            return text, text == text.upper()
        return text.upper(), True

    def name(self, token: str, written: str) -> Name:
        """The name that a token spells: ``token`` as the splitter keeps it, ``written`` as the author wrote it."""
        if token[0] not in '"[':
            return Name(token, True, written if self.ignores_case and written != token else "")
        inner = unquoted(token)
        if self.ignores_case:
            upper = inner.upper()
            return Name(upper, True, inner if inner != upper else "")
        return Name(inner, inner == inner.upper() and inner.isidentifier())

    def quoted(self, name: Name) -> str:
        """A name as the source may write it: what :meth:`name` reads as the same."""
        text = str(name) if self.ignores_case else name.text
        if self.brackets:
            return f"[{text.replace(']', ']]')}]"
        return '"' + text.replace('"', '""') + '"'

    def words(self, text: str) -> set[str]:
        """Every name-like word of a text in canonical case."""
        pattern = _WORD if self.brackets else _PLAIN_WORD
        if self.ignores_case:
            return {(m[1] or m[2] or m[0]).upper() for m in pattern.finditer(text)}
        return {m[1] if m[1] else m[0].upper() for m in pattern.finditer(text)}


def unquoted(token: str) -> str:
    """The name in a quoted token: ``"a""b"`` is a"b, ``[a]]b]`` is a]b."""
    close = "]" if token[0] == "[" else token[0]
    return token[1:-1].replace(close * 2, close)


@cache
def lexis(source: str) -> Lexis:
    """The lexis of a source engine; its traits stand in the engine's profile."""
    traits = rulefiles.load(f"engines/{source}.toml")["traits"]
    return Lexis(
        source, _PATTERNS[source], _DIALECTS[source],
        traits.get("identifier_case") == "ignored",
        traits["quote"] == "[",
        str(traits.get("default_schema", "")).upper(),
        bool(traits["empty_string_is_null"]),
        traits.get("index_name_scope") == "table",
        bool(traits.get("types_apart")),
        bool(traits.get("truncate_restarts")),
        bool(traits.get("cast_formats")),
        bool(traits.get("compound_assignment")),
        bool(traits.get("output_clause")),
        bool(traits.get("coded_moments")),
        bool(traits.get("text_titles")),
        bool(traits.get("query_hints")),
    )  # fmt: skip
