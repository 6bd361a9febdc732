"""The marks that :mod:`schemaconv.sql.prepare` sets on source tokens, for the tokens of a target's template."""

from __future__ import annotations

from typing import Final

from .grammar import CALLED_ALTHOUGH_GRAMMAR, NO_CALL
from .tree import MARK, Token, TokenType


def mark_template(stream: list[Token]) -> list[Token]:
    """The same marks on tokens of a target's own tokenizer: templates are written in the target's SQL.

    A ``:hole`` becomes one word, marked as such.
    """
    made: list[Token] = []
    casts: list[int] = []
    depth, skip = 0, -1
    for i, token in enumerate(stream):
        if i < skip:
            continue
        upper = token.text.upper()
        following = stream[i + 1] if i + 1 < len(stream) else None
        nxt = following.token_type if following else None
        kind = token.token_type
        if kind == TokenType.COLON and following is not None and following.text.isidentifier():
            made.append(_word(MARK + HOLE + following.text, token))
            skip = i + 2
            continue
        if kind == TokenType.L_PAREN:
            depth += 1
        elif kind == TokenType.R_PAREN:
            depth -= 1
            while casts and depth < casts[-1]:
                casts.pop()
        elif upper == "AS" and casts and depth == casts[-1]:
            made.append(Token(TokenType.COMMA, ",", 1, 1, token.start, token.end))
            skip = _template_type(stream, i + 1, made)
            continue
        elif kind in (TokenType.STRING, TokenType.IDENTIFIER) or not upper[:1].isalpha():
            pass
        elif nxt == TokenType.L_PAREN and i and stream[i - 1].text.upper() == "AS":
            pass  # the columns of an alias
        elif nxt == TokenType.L_PAREN:
            if upper == "CAST":
                casts.append(depth + 1)
            sided = upper == "TRIM" and stream[i + 2].text.upper() in ("LEADING", "TRAILING", "BOTH")
            if upper in ("CAST", "GROUPING", "TRIM", *CALLED_ALTHOUGH_GRAMMAR) or upper not in NO_CALL:
                token = token if sided else _word(MARK + token.text, token)
        elif upper in BARE:  # a keyword that is a whole call: printed as it stands
            made += [_word(MARK + token.text + BARE_CALL, token), Token(TokenType.L_PAREN, "(")]
            token = Token(TokenType.R_PAREN, ")")
        elif following is not None and nxt == TokenType.STRING and upper in TYPED:
            made += [_word(MARK + token.text + LITERAL_CALL, token), Token(TokenType.L_PAREN, "("), following]
            token = Token(TokenType.R_PAREN, ")")
            skip = i + 2
        made.append(token)
    return made


def _word(text: str, like: Token) -> Token:
    return Token(TokenType.VAR, text, like.line, like.col, like.start, like.end)


#: Calls that targets write without parentheses.
BARE: Final = frozenset(
    """
        CURRENT_TIMESTAMP CURRENT_DATE LOCALTIMESTAMP CURRENT_USER SESSION_USER CURRENT_ROLE CURRENT_SCHEMA
        CURRENT_CATALOG SYSDATE
    """.split()
)
TYPED: Final = frozenset({"INTERVAL", "DATE", "TIMESTAMP"})
#: Endings of a call's name that tell the printer: no parentheses at all, or a typed literal.
BARE_CALL: Final = "\x02"
LITERAL_CALL: Final = "\x03"
#: Behind the mark: the word is a hole of a template.
HOLE: Final = "\x04"


def _template_type(stream: list[Token], start: int, made: list[Token]) -> int:
    depth, end = 0, start
    text = ""
    while end < len(stream):
        token = stream[end]
        if token.token_type == TokenType.L_PAREN:
            depth += 1
        elif token.token_type == TokenType.R_PAREN:
            depth -= 1
            if depth < 0:
                break
        glue = not text or token.text in ("(", ")", ",") or text[-1] == "("
        text += token.text if glue else f" {token.text}"
        end += 1
    first, last = stream[start], stream[end - 1]
    made.append(Token(TokenType.STRING, text.lower(), 1, 1, first.start, last.end))
    return end
