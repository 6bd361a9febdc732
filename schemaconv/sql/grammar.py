"""What a source's own words mean in its fragments: the words of the grammar, and what stands before a parenthesis."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from .lexis import Lexis
from .pieces import GRAMMAR, Refusal
from .tree import Dialect, TokenType

#: Words that begin or end a phrase of their own (:mod:`schemaconv.sql.token_maker`).
WORDED: Final = frozenset(
    "INTERVAL FOR COLLATE NEXT AS ON USING SAMPLE JSON PERCENT ORDER START PRIOR CONNECT_BY_ROOT".split()
)
#: Two or three words that the parser wants as one token.
PHRASES: Final = frozenset(
    {("CLUSTER", "BY"), ("GROUP", "BY"), ("ORDER", "BY"), ("PARTITION", "BY"), ("GROUPING", "SETS"), ("CONNECT", "BY")}
)
#: The word of the order of siblings, where a source has it.
SIBLINGS: Final = "ORDER SIBLINGS BY"

#: Words before a parenthesis that call nothing.
NO_CALL: Final = GRAMMAR | frozenset(
    """
        BY CAST CHAR COLUMNS CONVERT CUBE EXCLUDE EXTRACT FIRST GROUP GROUPING GROUP_CONCAT IGNORE INTERVAL
        KEEP MINUS NEXT NOCYCLE NULLS OF ONLY PARTITION RESPECT RETURNING ROLLUP ROW ROWS SETS START
        SUBPARTITION TRIM WITHIN
    """.split()
)
CALLED_ALTHOUGH_GRAMMAR: Final = frozenset({"LEFT", "RIGHT"})
INTERVAL_WORDS: Final = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"})
OPENING: Final = "("
#: What a binary operator may follow.
OPERANDS: Final = frozenset(
    {TokenType.VAR, TokenType.NUMBER, TokenType.STRING, TokenType.IDENTIFIER, TokenType.R_PAREN}
)
#: Words that begin a clause in some sources only, where they stand in its place.
CLAUSES: Final = {
    "SAMPLE": TokenType.TABLE_SAMPLE, "BLOCK": TokenType.VAR, "SEED": TokenType.VAR,
    "TOP": TokenType.TOP, "QUALIFY": TokenType.QUALIFY, "PIVOT": TokenType.PIVOT, "UNPIVOT": TokenType.UNPIVOT,
    "APPLY": TokenType.APPLY,
}  # fmt: skip
#: Those of them that a parenthesis follows; elsewhere they are names.
OPENED: Final = frozenset({"PIVOT", "UNPIVOT"})
#: The one in front of a number.
COUNTED: Final = "TOP"


@dataclass(frozen=True)
class Grammar:
    """What cannot be told from a fragment's words alone.

    ``niladic`` are the functions that are called without parentheses, ``refused`` the words of what no rewrite can
    help. ``word_first``: functions whose first argument is a bare word (``DATEADD(day, ...)``); ``type_first``: those
    whose first is a type (``CONVERT(int, x)``); ``type_last``: those that end in ``AS type``. ``synonyms`` are other
    spellings of the grammar's words and operators. ``separators``: the words that part the arguments of a function as
    a comma does (``SUBSTRING(x FROM 2 FOR 3)``). ``clauses``: words that begin a clause of this source's queries, each
    with the words that it must follow, if any. ``called``: functions whose names are those of types as well.
    ``typed_literals``: the types that a literal may have in front of it. ``types`` and ``functions`` are those that the
    source's rows know, ``libraries`` the schemas of functions that are built in. ``documents``: calls and methods of
    JSON and XML with words of their own between the arguments.
    """

    lexis: Lexis
    niladic: frozenset[str]
    refused: Mapping[str, list[Refusal]]
    word_first: frozenset[str] = frozenset()
    type_first: frozenset[str] = frozenset()
    type_last: frozenset[str] = frozenset({"CAST"})
    synonyms: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, frozenset[str]] = field(default_factory=dict)
    clauses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()
    typed_literals: frozenset[str] = frozenset({"DATE", "TIMESTAMP"})
    types: Mapping[str, str] = field(default_factory=dict)
    functions: Collection[str] = ()
    libraries: Collection[str] = ()
    documents: frozenset[str] = frozenset()

    @cached_property
    def special(self) -> frozenset[str]:
        """The words that may mean something of their own where no parenthesis and no text stands behind them."""
        called = {name.partition(".")[0] for name in self.niladic}
        phrases = {first for first, _ in PHRASES}
        return WORDED | called | phrases | self.niladic | frozenset(self.synonyms) | frozenset(self.clauses)


@lru_cache(maxsize=4)
def keywords(dialect: str) -> dict[str, TokenType]:
    """The token type of each word and sign that keeps its meaning in a fragment."""
    tokenizer = Dialect.get_or_raise(dialect).tokenizer_class
    table = {word: tokenizer.KEYWORDS[word] for word in GRAMMAR if word in tokenizer.KEYWORDS}
    table |= {" ".join(p): tokenizer.KEYWORDS[" ".join(p)] for p in PHRASES}
    table |= {sign: kind for sign, kind in tokenizer.KEYWORDS.items() if not sign[:1].isalpha()}
    table |= tokenizer.SINGLE_TOKENS
    table["%"] = TokenType.MOD
    # A recursive or a frame word that the parser looks up by its token type
    for word in ("ROW", "ROWS", "RANGE", "FIRST", "NEXT", "RECURSIVE", "ROLLUP", "CUBE", SIBLINGS):
        if word in tokenizer.KEYWORDS:
            table[word] = tokenizer.KEYWORDS[word]
    return table
