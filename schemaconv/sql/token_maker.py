"""Pieces of a source fragment to tokens, one by one: calls get their marks, casts and typed literals become calls."""

from __future__ import annotations

from . import phrases
from . import tokens as lex
from .constants import whole_bytes
from .grammar import (
    CALLED_ALTHOUGH_GRAMMAR,
    CLAUSES,
    COUNTED,
    INTERVAL_WORDS,
    NO_CALL,
    OPENED,
    OPENING,
    OPERANDS,
    PHRASES,
    Grammar,
    keywords,
)  # fmt: skip
from .pieces import Piece, Refused
from .tree import MARK, Token, TokenType


class Maker:
    """Walks the pieces once and writes tokens."""

    def __init__(self, found: list[Piece], grammar: Grammar) -> None:
        self.found = found
        self.grammar = grammar
        self.niladic = grammar.niladic
        self.out: list[Token] = []
        self.consumed: set[int] = set()
        self.notes: list[tuple[str, int]] = []
        self.table = keywords(grammar.lexis.dialect)
        self.casts: list[int] = []  # depth of the parenthesis of each open CAST
        self.parted: list[tuple[int, frozenset[str]]] = []  # the same of each open call with separators, and those
        self.depth = 0
        self.at = 0

    def emit(self, kind: TokenType, text: str, piece: Piece) -> None:
        self.out.append(Token(kind, text, 1, 1, piece.start, piece.end - 1))

    def peek(self, ahead: int = 1) -> Piece | None:
        i = self.at + ahead
        return self.found[i] if i < len(self.found) else None

    def text(self, ahead: int) -> str:
        i = self.at + ahead
        if i >= len(self.found):
            return ""
        piece = self.found[i]
        return "" if piece.kind in (lex.STRING, lex.QUOTED) else piece.upper

    def run(self) -> None:
        special = self.grammar.special
        while self.at < len(self.found):
            piece = self.found[self.at]
            kind = piece.kind
            if kind == lex.WORD:
                if piece.upper in special or self.parted or not self.plain(piece):
                    self.word(piece)
            elif kind == lex.STRING:
                self.emit(TokenType.STRING, piece.text, piece)
            elif kind == lex.QUOTED:
                self.emit(TokenType.IDENTIFIER, piece.text, piece)
            elif kind == lex.NUMBER:
                self.number(piece)
            else:
                self.operator(piece)
            self.at += 1

    def plain(self, piece: Piece) -> bool:
        """Write a word that means nothing of its own, if what follows makes no call and no literal of it."""
        following = self.at + 1
        if following < len(self.found):
            after = self.found[following]
            if after.kind == lex.STRING or after.text == OPENING or piece.upper[0] in "@&$":
                return False
        elif piece.upper[0] in "@&$":
            return False
        if "{" in piece.upper:
            return False
        after_dot = bool(self.out) and self.out[-1].token_type == TokenType.DOT
        kind = TokenType.VAR if after_dot else self.table.get(piece.upper, TokenType.VAR)
        self.out.append(Token(kind, piece.text, 1, 1, piece.start, piece.end - 1))
        return True

    def first_type(self, piece: Piece) -> None:
        """``CONVERT(type, ...)``: the type becomes a text."""
        self.emit(TokenType.VAR, MARK + piece.upper, piece)
        self.at += 1
        self.operator(self.found[self.at])
        self.cast_type(first=True)

    def first_word(self) -> None:
        """``DATEADD(day, ...)``: the word becomes a text."""
        opening, word = self.peek(), self.peek(2)
        if opening is None or word is None or word.kind != lex.WORD or self.text(3) != ",":
            return
        self.at += 1
        self.operator(opening)
        self.at += 1
        self.consumed.add(word.start)
        self.emit(TokenType.STRING, word.upper, word)

    def number(self, piece: Piece) -> None:
        if piece.text[:2] in ("0x", "0X"):
            digits = Piece(lex.STRING, whole_bytes(piece.text[2:]), "", piece.start, piece.end)
            self.consumed.add(piece.start)
            self.literal_call(Piece(lex.WORD, "BINARY", "BINARY", piece.start, piece.end), digits)
            return
        text = piece.text.lstrip("$\u00a3\u20ac").rstrip("fFdD")  # BINARY_FLOAT and BINARY_DOUBLE literals
        if text.startswith("."):
            text = f"0{text}"
        self.emit(TokenType.NUMBER, text.rstrip("."), piece)

    def operator(self, piece: Piece) -> None:
        sign = piece.text
        if sign == "(":
            if self.text(1) == "+" and self.text(2) == ")":
                self.emit(TokenType.JOIN_MARKER, "(+)", piece)
                self.at += 2
                return
            self.depth += 1
        elif sign == ")":
            self.depth -= 1
            if self.casts and self.depth < self.casts[-1]:
                self.casts.pop()
            if self.parted and self.depth < self.parted[-1][0]:
                self.parted.pop()
        elif sign in ("~=", "^="):
            sign = "<>"
        if sign in (":", "?"):
            raise Refused("SC4227", piece.start, what="a bind variable")
        if sign not in self.table:
            raise Refused("SC4200", piece.start, reason=f"unexpected {sign}")
        self.emit(self.table[sign], sign, piece)

    def word(self, piece: Piece) -> None:
        upper = piece.upper
        if upper[0] == "@" and upper not in self.niladic:
            raise Refused("SC4227", piece.start, what=piece.text)
        if upper[0] == "&" or ("$" in upper and "{" in upper):
            raise Refused("SC4228", piece.start, what=piece.text)
        after_dot = bool(self.out) and self.out[-1].token_type == TokenType.DOT
        following = self.peek()
        nxt = self.text(1)
        if upper == "INTERVAL" and not after_dot and nxt in ("-", "+"):
            following = self.signed(following)
        if not after_dot and following is not None and following.kind == lex.STRING and self.typed_literal(piece):
            return
        if not after_dot and self.synonym(piece):
            return
        if not after_dot and phrases.hierarchical(self, piece):
            return
        if upper == "FOR" and nxt in ("XML", "JSON") and not after_dot:
            phrases.written_as(self)
            return
        if upper == "COLLATE" and following is not None and phrases.collation(self, piece, following):
            return
        if upper == "NEXT" and (nxt, self.text(2)) == ("VALUE", "FOR") and not after_dot:
            phrases.drawn(self)
            return
        if self.parted and self.depth == self.parted[-1][0] and upper in self.parted[-1][1]:
            self.emit(TokenType.COMMA, ",", piece)
            return
        sampled = nxt in (OPENING, "BLOCK") and "BLOCK" in self.grammar.clauses
        if (upper != "SAMPLE" or sampled) and self.is_clause(upper) and not after_dot:
            self.consumed.add(piece.start)
            if upper == "UNPIVOT" and nxt != OPENING:  # INCLUDE NULLS
                self.consumed.update(p.start for p in self.found[self.at + 1 : self.at + 3])
            self.emit(CLAUSES[upper], upper, piece)
            return
        if upper == "AS" and self.casts and self.depth == self.casts[-1]:
            self.emit(TokenType.COMMA, ",", piece)
            self.cast_type()
            return
        if nxt == OPENING and not (self.text(2) == "+" and self.text(3) == ")"):
            if upper in self.grammar.type_last and not after_dot:
                self.casts.append(self.depth + 1)
                self.emit(TokenType.VAR, MARK + upper, piece)
                return
            if upper in self.grammar.type_first and not after_dot:
                self.first_type(piece)
                return
            if self.is_call(upper, after_dot):
                self.call(piece)
                if upper in self.grammar.separators:
                    self.parted.append((self.depth + 1, self.grammar.separators[upper]))
                if upper in self.grammar.word_first and not after_dot:
                    self.first_word()
                return
        elif upper in self.niladic and not after_dot and nxt != "." and not self.is_alias():
            self.emit(TokenType.VAR, MARK + upper, piece)
            self.emit(TokenType.L_PAREN, "(", piece)
            self.emit(TokenType.R_PAREN, ")", piece)
            return
        elif nxt == "." and not after_dot and self.packaged(piece):
            return
        if (upper == "ON" and nxt == "OVERFLOW") or (upper == "USING" and nxt in ("CHAR_CS", "NCHAR_CS")):
            self.skip_to_closing(upper == "ON" and self.text(2) == "TRUNCATE")
            return
        if upper == "SAMPLE" and "SAMPLE" in self.grammar.clauses and following is not None and (
            following.kind == lex.NUMBER or following.text == "."
        ):
            self.consumed.add(piece.start)
            self.emit(TokenType.SORT_BY, "SORT BY", piece)
            return
        phrase = (upper, nxt)
        if phrase in PHRASES and following is not None:
            self.emit(self.table[" ".join(phrase)], " ".join(phrase), Piece(0, "", "", piece.start, following.end))
            self.at += 1
            return
        kind = TokenType.VAR if after_dot else self.table.get(upper, TokenType.VAR)
        if upper == "JSON" and self.out and self.out[-1].text.upper() in ("IS", "NOT"):
            kind = TokenType.JSON
        elif upper == "PERCENT" and self.out and self.out[-1].token_type in (TokenType.NUMBER, TokenType.R_PAREN):
            kind = TokenType.PERCENT
        self.emit(kind, piece.text, piece)

    def packaged(self, piece: Piece) -> bool:
        """A function of a package that is called without parentheses, ``DBMS_RANDOM.VALUE`` say."""
        name = f"{piece.upper}.{self.text(2)}"
        if name not in self.niladic or self.text(3) in (".", OPENING):
            return False
        self.consumed.update((piece.start, self.found[self.at + 2].start))
        self.emit(TokenType.VAR, MARK + name, piece)
        self.emit(TokenType.L_PAREN, "(", piece)
        self.emit(TokenType.R_PAREN, ")", piece)
        self.at += 2
        return True

    def is_clause(self, word: str) -> bool:
        """Whether a clause begins here: ``TOP`` behind SELECT and in front of a number, say."""
        before = self.grammar.clauses.get(word)
        if not before:
            opened = word not in OPENED or self.text(1) in (OPENING, "INCLUDE", "EXCLUDE")
            return before is not None and opened
        following = self.peek()
        counts = following is not None and (following.kind == lex.NUMBER or following.text[:1] in ("(", "@"))
        return (counts or word != COUNTED) and bool(self.out) and self.out[-1].text.upper() in before

    def synonym(self, piece: Piece) -> bool:
        """Another spelling of a word of the grammar, or of an operator where an operand stands before it."""
        other = self.grammar.synonyms.get(piece.upper)
        if other is None or self.text(1) == ".":
            return False
        last = self.out[-1].token_type if self.out else None
        if (last in OPERANDS - {TokenType.R_PAREN}) if other.isalpha() else (last not in OPERANDS):
            return False
        self.consumed.add(piece.start)
        self.emit(self.table[other], other, piece)
        return True

    def skip_to_closing(self, said: bool) -> None:
        """Leave out what stands before the next closing parenthesis: LISTAGG's ON OVERFLOW, TRANSLATE's USING."""
        if said:
            self.notes.append(("SC4264", self.found[self.at].start))
        while self.at < len(self.found) and self.found[self.at].text != ")":
            self.consumed.add(self.found[self.at].start)
            self.at += 1
        self.at -= 1

    def is_alias(self) -> bool:
        """Whether the word at hand is the name behind AS."""
        return bool(self.out) and self.out[-1].token_type == TokenType.ALIAS

    def signed(self, sign: Piece | None) -> Piece | None:
        """``-'2'`` behind INTERVAL as one text."""
        value = self.peek(2)
        if sign is None or value is None or value.kind != lex.STRING:
            return sign
        made = value._replace(text=sign.text.replace("+", "") + value.text, start=sign.start)
        self.found[self.at + 1 : self.at + 3] = [made]
        return made

    def typed_literal(self, piece: Piece) -> bool:
        """``DATE '..'``, ``TIMESTAMP '..'`` and ``INTERVAL '..' DAY TO SECOND`` as calls."""
        value = self.found[self.at + 1]
        match piece.upper:
            case kind if kind in self.grammar.typed_literals:
                self.literal_call(piece, value)
                self.at += 1
                return True
            case "INTERVAL":
                end = self.at + 2
                depth = 0
                units: list[str] = []
                while end < len(self.found):
                    unit = self.found[end]
                    if unit.text in "()" or depth:
                        depth += {"(": 1, ")": -1}.get(unit.text, 0)
                        if depth < 0:
                            break
                    elif unit.upper in INTERVAL_WORDS:
                        units.append(unit.upper)
                        self.consumed.add(unit.start)
                    else:
                        break
                    self.consumed.add(unit.start)
                    end += 1
                if not units:
                    return False
                last = self.found[end - 1]
                self.literal_call(piece, value, Piece(lex.STRING, " ".join(units), "", last.start, last.end))
                self.at = end - 1
                return True
        return False

    def literal_call(self, name: Piece, *values: Piece) -> None:
        self.consumed.add(name.start)
        self.emit(TokenType.VAR, MARK + name.upper + " LITERAL", name)
        self.emit(TokenType.L_PAREN, "(", name)
        for i, value in enumerate(values):
            if i:
                self.emit(TokenType.COMMA, ",", name)
            self.emit(TokenType.STRING, value.text, value)
        self.emit(TokenType.R_PAREN, ")", name)

    def cast_type(self, first: bool = False) -> None:
        """The words of a type as one string: up to the end of the cast, or to a comma when the type comes first."""
        start = self.at + 1
        end, depth = start, 0
        while end < len(self.found):
            piece = self.found[end]
            if piece.text == "(":
                depth += 1
            elif piece.text == ")":
                depth -= 1
                if depth < 0:
                    break
            elif depth == 0 and first and piece.text == ",":
                break
            elif depth == 0 and (piece.text == "," or piece.upper in ("DEFAULT", "FORMAT")):
                raise Refused("SC4205", piece.start, what="CAST with a format or a default", function="CAST")
            self.consumed.add(piece.start)
            end += 1
        if end == start:
            raise Refused("SC4200", self.found[self.at].start, reason="a CAST without a type")
        words = self.found[start:end]
        text = ""
        for piece in words:
            text += piece.text if not text or piece.text in "().," or text[-1] in "(." else f" {piece.text}"
        self.emit(TokenType.STRING, text, Piece(0, "", "", words[0].start, words[-1].end))
        self.at = end - 1

    def is_call(self, upper: str, after_dot: bool) -> bool:
        if after_dot:
            return not phrases.names_columns(self)
        if upper in NO_CALL and upper not in CALLED_ALTHOUGH_GRAMMAR and upper not in self.grammar.called:
            # GROUPING(x) is a function, GROUPING SETS is not
            return upper == "GROUPING"
        return not phrases.names_columns(self)

    def call(self, piece: Piece) -> None:
        """A marked name; the words of a package-qualified call become one."""
        name, start = piece.upper, piece.start
        if " " in name:  # made of more than one word on the way
            self.consumed.add(start)
        while len(self.out) >= 2 and self.out[-1].token_type == TokenType.DOT:
            before = self.out[-2]
            if before.token_type != TokenType.VAR or before.text.startswith(MARK):
                break
            name = f"{before.text.upper()}.{name}"
            start = before.start
            del self.out[-2:]
        self.emit(TokenType.VAR, MARK + name, Piece(0, "", "", start, piece.end))
