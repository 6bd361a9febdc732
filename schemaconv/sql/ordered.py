"""Teradata's older functions over ordered rows, and clauses of its queries that no parser knows.

``CSUM(x, y)`` is ``SUM(x) OVER (ORDER BY y ROWS UNBOUNDED PRECEDING)``: SQL Functions, Expressions, and Predicates,
"Ordered Analytical/Window Aggregate Functions", each page's "Using ANSI Window Functions Instead of ...". GROUP BY
names the partitions of these functions. ``RESET WHEN`` goes among the keys of its order as a call, NORMALIZE to the end
of its query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from . import tokens as lex
from .pieces import Piece, Refused
from .postfix import closing
from .wordings import parts, text_piece

_Run = Sequence[Piece]


def respelled(found: list[Piece]) -> list[Piece]:
    """``found`` with window functions and marks that a parser reads. Raises :class:`Refused`."""
    words = {p.upper for p in found if p.kind == lex.WORD}
    if "RESET" in words:
        found = _resets(found)
    if "NORMALIZE" in words:
        found = _normalized(found)
    if words & set(_FORMS):
        found = _windows(found)
    return found


def _word(text: str, at: Piece) -> Piece:
    kind = lex.WORD if text[0].isalpha() else lex.NUMBER if text[0].isdigit() else lex.OPERATOR
    return Piece(kind, text, text, at.start, at.start)


def _said(template: str, at: Piece, **runs: _Run) -> list[Piece]:
    """Words at the place of a piece, with runs of pieces where a word is in braces."""
    made: list[Piece] = []
    for word in template.split():
        made += runs[word[1:-1]] if word[0] == "{" else [_word(word, at)]
    return made


def _sum(name: str) -> Callable[[Piece, list[_Run], _Run], list[Piece]]:
    def moving(at: Piece, arguments: list[_Run], partition: _Run) -> list[Piece]:
        value, width, *order = arguments
        if len(width) != 1 or not width[0].text.isdigit() or not order or width[0].text == "0":
            raise Refused("SC4204", at.start, function=at.upper)
        before = width[0]._replace(text=str(int(width[0].text) - 1))
        return _said(f"{name} ( {{x}} ) OVER ( {{p}} ORDER BY {{o}} ROWS {{w}} PRECEDING )", at, x=value, p=partition,
                     o=_listed(order), w=[before])  # fmt: skip

    return moving


def _running(at: Piece, arguments: list[_Run], partition: _Run) -> list[Piece]:
    value, *order = arguments
    return _said("SUM ( {x} ) OVER ( {p} ORDER BY {o} ROWS UNBOUNDED PRECEDING )", at, x=value, p=partition,
                 o=_listed(order))  # fmt: skip


def _difference(at: Piece, arguments: list[_Run], partition: _Run) -> list[Piece]:
    value, width, *order = arguments
    return _said("( ( {x} ) - LAG ( {x} , {w} ) OVER ( {p} ORDER BY {o} ) )", at, x=value, w=width, p=partition,
                 o=_listed(order))  # fmt: skip


def _quantile(at: Piece, arguments: list[_Run], partition: _Run) -> list[Piece]:
    count, *order = arguments
    text = "( ( RANK ( ) OVER ( {p} ORDER BY {o} ) - 1 ) * {q} / COUNT ( * ) OVER ( {p} ) )"
    return _said(text, at, q=count, p=partition, o=_listed(order))


def _rank(at: Piece, arguments: list[_Run], partition: _Run) -> list[Piece]:
    order = [run if run[-1].upper in ("ASC", "DESC") else [*run, _word("DESC", run[-1])] for run in arguments]
    return _said("RANK ( ) OVER ( {p} ORDER BY {o} )", at, p=partition, o=_listed(order))


#: The older functions: how each is said, and the least number of its arguments.
_FORMS: Final = {
    "CSUM": (_running, 2), "MSUM": (_sum("SUM"), 3), "MAVG": (_sum("AVG"), 3), "MDIFF": (_difference, 3),
    "QUANTILE": (_quantile, 2), "RANK": (_rank, 1),
}  # fmt: skip


def _listed(runs: list[_Run]) -> list[Piece]:
    made: list[Piece] = []
    for i, run in enumerate(runs):
        made += [_word(",", run[0])] if i else []
        made += run
    return made


def _is_old(found: list[Piece], at: int) -> int:
    """The index of the parenthesis that closes the call of an older function at ``at``, or 0."""
    piece = found[at]
    if piece.upper not in _FORMS or piece.kind != lex.WORD or at + 2 >= len(found) or found[at + 1].text != "(":
        return 0
    end = closing(found, at + 1)
    if end >= len(found) or end == at + 2 or (at and found[at - 1].text == "."):
        return 0
    behind = found[end + 1].upper if end + 1 < len(found) else ""
    return 0 if behind in ("OVER", "WITHIN") else end


def _is_aggregate(found: list[Piece], at: int) -> bool:
    if found[at].upper not in ("SUM", "COUNT", "AVG", "MIN", "MAX") or found[at + 1 : at + 2] == []:
        return False
    end = closing(found, at + 1) if found[at + 1].text == "(" else len(found)
    return end < len(found) and (end + 1 >= len(found) or found[end + 1].upper != "OVER")


def _windows(found: list[Piece]) -> list[Piece]:
    if not any(_is_old(found, i) for i in range(len(found))):
        return found
    found, partition = _partition(found)
    if partition and any(_is_aggregate(found, i) for i in range(len(found))):
        raise Refused("SC4204", partition[0].start, function="an aggregate beside an older ordered function")
    made: list[Piece] = []
    at = 0
    while at < len(found):
        end = _is_old(found, at)
        if not end:
            made.append(found[at])
            at += 1
            continue
        say, least = _FORMS[found[at].upper]
        arguments = [found[a:b] for a, b in parts(found, at + 2, end)]
        if len(arguments) < least or not all(arguments):
            raise Refused("SC4204", found[at].start, function=found[at].upper)
        made += say(found[at], list(arguments), partition)
        at = end + 1
    return made


def _partition(found: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """``found`` without the GROUP BY that names the partitions, and ``PARTITION BY`` what it names."""
    groups = [i for i, p in enumerate(found[:-1]) if p.upper == "GROUP" and found[i + 1].upper == "BY"]
    if not groups:
        return found, []
    depth, start = 0, groups[0]
    selects = sum(p.upper in ("SELECT", "SEL") for p in found)
    if len(groups) > 1 or selects > 1:
        raise Refused("SC4204", found[start].start, function="GROUP BY beside an older ordered function")
    end = start + 2
    while end < len(found):
        depth += (found[end].text == "(") - (found[end].text == ")")
        if depth < 0 or (depth == 0 and found[end].upper in ("QUALIFY", "HAVING", "ORDER", "WITH")):
            break
        end += 1
    if end < len(found) and found[end].upper == "HAVING":
        raise Refused("SC4204", found[start].start, function="HAVING beside an older ordered function")
    named = found[start + 2 : end]
    if any(p.kind == lex.NUMBER or p.upper in ("ROLLUP", "CUBE", "GROUPING") for p in named):
        raise Refused("SC4204", found[start].start, function="GROUP BY beside an older ordered function")
    at = found[start]
    return found[:start] + found[end:], [_word("PARTITION", at), _word("BY", at), *named]


def _resets(found: list[Piece]) -> list[Piece]:
    """``ORDER BY y RESET WHEN condition`` as ``ORDER BY y, RESET_WHEN(condition)``."""
    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        if piece.upper != "RESET" or at + 1 >= len(found) or found[at + 1].upper != "WHEN":
            made.append(piece)
            at += 1
            continue
        end, depth = at + 2, 0
        while end < len(found):
            depth += (found[end].text == "(") - (found[end].text == ")")
            if depth < 0 or (depth == 0 and found[end].upper == "ROWS"):
                break
            end += 1
        made += _said(", RESET_WHEN ( {c} )", piece, c=found[at + 2 : end])
        at = end
    return made


_BEHIND: Final = frozenset({"UNION", "MINUS", "EXCEPT", "INTERSECT", "ORDER", ";"})


def _normalized(found: list[Piece]) -> list[Piece]:
    """``SELECT NORMALIZE ON OVERLAPS ... `` as ``SELECT ... CLUSTER BY 'OVERLAPS'``."""
    for at, piece in enumerate(found):
        if piece.upper != "NORMALIZE" or not at or found[at - 1].upper not in ("SELECT", "SEL"):
            continue
        if at + 1 >= len(found) or found[at + 1].upper in ("FROM", ",", "AS", ")", "."):
            continue  # a column of that name
        end = at + 1
        if end < len(found) and found[end].upper == "ON":
            end += 1
            while end < len(found) and found[end].upper in ("MEETS", "OVERLAPS", "OR"):
                end += 1
        kinds = {p.upper for p in found[at + 1 : end]} & {"MEETS", "OVERLAPS"}
        text = "OVERLAPS" if kinds == {"OVERLAPS"} else "MEETS"
        depth, stop = 0, end
        while stop < len(found):
            depth += (found[stop].text == "(") - (found[stop].text == ")")
            if depth < 0 or (depth == 0 and found[stop].upper in _BEHIND):
                break
            stop += 1
        mark = [_word("CLUSTER", piece), _word("BY", piece), text_piece(text, piece, piece)]
        return _normalized([*found[:at], *found[end:stop], *mark, *found[stop:]])
    return found
