"""Variables of the three clients: what a statement reads with their values, and where each character came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemaconv.read import bteq, bteq_client, split, sqlcmd, sqlplus, tsql_split
from schemaconv.read.cursor import Cursor
from schemaconv.read.piece import Piece
from schemaconv.read.variables import Splice


@pytest.mark.parametrize(
    ("client", "cut", "text", "read", "missing"),
    [
        (sqlplus.Client, split.split, "DROP TABLE &own..t", "DROP TABLE s.t", []),
        (sqlplus.Client, split.split, "DROP TABLE &other..t", "DROP TABLE other.t", ["other"]),
        (sqlplus.Client, split.split, "DROP TABLE t&gone", "DROP TABLE t", []),
        (sqlcmd.Client, tsql_split.split, "DROP TABLE [$(own)].t", "DROP TABLE [s].t", []),
        (sqlcmd.Client, tsql_split.split, "DROP TABLE $(other).t", "DROP TABLE other.t", ["other"]),
        (bteq_client.Client, bteq.split, "DROP TABLE ${own}.t", "DROP TABLE s.t", []),
        (bteq_client.Client, bteq.split, "DROP TABLE ${other}.t", "DROP TABLE other.t", ["other"]),
    ],
)
def test_expand(client: type, cut: object, text: str, read: str, missing: list[str]) -> None:
    made = client((("own", "s"), ("gone", "")))
    piece = next(cut(text))  # type: ignore[operator]
    fresh, without = made.expand(piece)
    assert fresh.buffer == read
    assert [name for name, _ in without] == missing
    assert all(text[offset] in "&$" for _, offset in without)


def test_a_statement_that_is_nothing_but_an_empty_variable() -> None:
    client = sqlcmd.Client((("gone", ""),))
    fresh, missing = client.expand(next(tsql_split.split("$(gone)")))
    assert (fresh.texts, missing) == ([], [])


PARTS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4), st.text("xy", max_size=3)))


@given(st.text("ab'\n", max_size=20), PARTS)
def test_places_stay(text: str, parts: list[tuple[int, int, str]]) -> None:
    """Every character that was not put in comes from its like in the old text, and lengths add up."""
    splice = Splice(Piece("sql", 0, len(text), text))
    at = 0
    kept = list(text)
    for start, length, value in sorted(parts):
        if start < at or start + length > len(text):
            continue
        splice.put(start, start + length, value)
        kept[start : start + length] = [""] * length
        at = start + length
    new = splice.text()
    assert len(new) == len("".join(kept)) + sum(len(v) for v in splice.out[1::2])
    piece = Piece("sql", 0, len(text), new, origin=splice.origin)
    for offset in range(len(new)):
        place = Cursor(piece, 0).place(offset, offset).start
        assert 0 <= place <= len(text)
