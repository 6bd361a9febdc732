"""Name conservation: nothing of a fragment gets lost between its text and the target's.

Every name and every literal of the input must stand in the output, be rewritten by somebody who says so, or be a word
of the grammar. The check looks at tokens of both texts and trusts neither a parser nor a printer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from . import documents
from . import tokens as lex
from .pieces import GRAMMAR, Piece

#: Words of queries and data statements that name nothing.
SYNTAX: Final = GRAMMAR | documents.WORDS | frozenset(
    """
        ALL BETWEEN BY CAST CUBE CURRENT DAY EXCLUDE EXTRACT FIRST FOLLOWING GROUP GROUPING HOUR IGNORE
        INTERVAL KEYS LAST LIKEC LIKE2 LIKE4 MATCHED MINUTE MONTH NEXT NULLS ONLY ORDER OTHERS PARTITION
        PERCENT PRECEDING PRIOR RANGE RESPECT ROLLUP ROW ROWS SECOND SETS TIES TIMEZONE_HOUR TIMEZONE_MINUTE
        TO TRIM UNIQUE WITHIN YEAR BOTH LEADING TRAILING DATE TIMESTAMP STRICT LAX JSON NOWAIT DUAL MINUS
        GROUPS OF SKIP LOCKED
    """.split()
)

_REST = r"""|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\w$#\x80-\U0010ffff]+(?:\.\d+)?"""
_STANDARD = re.compile(r"'(?:[^']|'')*'" + _REST)
_ESCAPING = re.compile(r"'(?:[^'\\]|''|\\.)*'" + _REST, re.S)


def words_of(text: str, backslash: bool) -> tuple[set[str], list[str]]:
    """The words and names of a target's text in lower case, and its literals as written there."""
    words: set[str] = set()
    literals: list[str] = []
    for match in (_ESCAPING if backslash else _STANDARD).finditer(text):
        raw = match.group()
        if raw[0] == "'":
            literals.append(raw[1:-1].replace("''", "'"))
        elif raw[0] in '"`':
            words.add(raw[1:-1].replace(raw[0] * 2, raw[0]).lower())
        elif raw[0].isdigit():
            literals.append(raw)
        else:
            words.add(raw.lower())
    return words, literals


def missing(
    source: Iterable[Piece],
    output: str,
    spelled: Mapping[str, set[str]],
    consumed: Iterable[str],
    *,
    functions: frozenset[str],
    skipped: set[int],
    backslash: bool,
) -> str | None:
    """The first name or literal of ``source`` that ``output`` lacks without an excuse, else ``None``.

    ``spelled`` maps a source name to its target spellings, ``consumed`` are names and literals that a rewrite did
    without, ``functions`` the source functions that have rows, ``skipped`` the positions of words that stand for none.
    """
    words, literals = words_of(output, backslash)
    joined = "\n".join(literals)
    gone = {c.upper() for c in consumed}
    values = set(literals)
    for piece in source:
        if piece.start in skipped:
            continue
        match piece.kind:
            case lex.STRING:
                text = piece.text
                escaped = text.replace("\\", "\\\\")
                if not (text in values or escaped in values or text.upper() in gone or escaped in joined or not text):
                    return text
            case lex.NUMBER:
                if not _number_kept(piece.text, values, output, gone):
                    return piece.text
            case lex.WORD | lex.QUOTED:
                name = piece.text if piece.kind == lex.QUOTED else piece.upper
                if piece.kind == lex.WORD and (name in SYNTAX or name in functions):
                    continue
                if name.upper() in gone or name.lower() in words:
                    continue
                if not any(s.lower() in words for s in spelled.get(name, ())):
                    return piece.text
            case _:
                pass
    return None


def _number_kept(text: str, values: set[str], output: str, gone: set[str]) -> bool:
    if text in values or text.upper() in gone:
        return True
    plain = text.rstrip("fFdD").rstrip(".")
    plain = f"0{plain}" if plain.startswith(".") else plain
    return plain in values or plain in gone or re.search(rf"(?<![\w.]){re.escape(plain)}(?![\w])", output) is not None
