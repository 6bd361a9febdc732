"""From the text of a fragment to tokens that sqlglot's parser cannot misunderstand.

Three things are done before a parser sees the tokens. Words that call a function get a mark, so that every call comes
out as a plain call with the author's name and arguments. The type of a cast becomes its second argument. Literals with
a type become calls. What no rewrite can help (a database link, ``MODEL``, ...) is
refused here, by the rows of the source's file, before any parser is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import asides
from .comments import place
from .compound import spelled_out
from .documents import documents
from .formatted import shown
from .grammar import (
    Grammar,
)  # fmt: skip
from .hints import unhinted
from .keeping import kept
from .ordered import respelled
from .pieces import Piece, Refused, check_refusals, pieces
from .postfix import casts, periods
from .titles import titled
from .token_maker import Maker
from .tree import Token
from .walks import spelled_apart
from .wordings import plain


@dataclass
class Prepared:
    """Tokens for the parser, and what was taken out of them."""

    tokens: list[Token]
    pieces: list[Piece]
    notes: list[tuple[str, int]] = field(default_factory=list)  # codes to say, with their offsets
    display: list[Piece] = field(default_factory=list)  # phrases about display that are gone: their words
    consumed: set[int] = field(default_factory=set)  # starts of pieces that stand for no name or value any more
    asides: asides.Asides = asides.Asides()


def prepare(text: str, grammar: Grammar, comments: bool = True) -> Prepared:
    """Tokens of a source fragment. Raises :class:`Refused`."""
    found, notes = pieces(text, grammar.lexis)
    if not found:
        raise Refused("SC4200", 0, reason="the text is empty")
    gone: list[Piece] = []
    if grammar.lexis.cast_formats:
        found = respelled(plain(found, grammar.libraries, grammar.synonyms))
        found, gone = shown(periods(found, grammar.synonyms))
        found = casts(found, grammar.types, grammar.functions, grammar.synonyms)
    found = documents(found, grammar.documents) if grammar.documents else found
    found = spelled_apart(kept(found))
    whole, aside = found, asides.Asides()
    if comments:
        take = asides.apart if grammar.lexis.output_clause else asides.deletions
        found, aside = take(asides.inline_views(found))
    check_refusals(found, grammar.refused)
    found = spelled_out(found) if grammar.lexis.compound_assignment else found
    found = titled(found) if grammar.lexis.text_titles else found
    found, hinted = unhinted(found) if grammar.lexis.query_hints else (found, [])
    maker = Maker(found, grammar)
    maker.run()
    prepared = Prepared(maker.out, whole if aside else found, maker.notes + hinted, gone, maker.consumed, aside)
    prepared.consumed |= aside.words
    prepared.notes += place(text, notes, prepared.tokens, comments)
    return prepared


def tokens(found: list[Piece], grammar: Grammar) -> list[Token]:
    """Tokens of pieces that were taken out of a fragment."""
    check_refusals(found, grammar.refused)
    maker = Maker(found, grammar)
    maker.run()
    return maker.out
