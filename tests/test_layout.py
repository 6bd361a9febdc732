"""Pieces to files: order, gaps, places."""

from __future__ import annotations

import emitting
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemaconv import convert
from schemaconv.emit.layout import layout
from schemaconv.emit.piece import PHASES, Piece
from schemaconv.options import Options
from schemaconv.report.model import OutputFile, Place

PIECES = (
    Piece(0, "tables", "CREATE TABLE a (\n    x int\n);"),
    Piece(0, "comments", "COMMENT ON TABLE a IS 'a';\nCOMMENT ON COLUMN a.x IS 'x';", attached=True),
    Piece(1, "indexes", "CREATE INDEX i ON a (x);"),
    Piece(2, "manual", "-- SC5001: one\n--\n-- text", stub=True),
    Piece(3, "schemas", "CREATE SCHEMA s;"),
    Piece(4, "data", "INSERT INTO a VALUES (1);"),
    Piece(5, "data", "INSERT INTO a VALUES (2);"),
    Piece(6, "data", "-- why\nINSERT INTO a VALUES (3);"),
    Piece(7, "data", "INSERT INTO a VALUES (4);"),
    Piece(8, "data", "INSERT INTO a\nVALUES (5);"),
    Piece(9, "data", "INSERT INTO a VALUES (6);"),
    Piece(1, "manual", "-- SC3301: also by hand", stub=True),
    Piece(10, "comments", "COMMENT ON TABLE z IS 'z';"),
)

SINGLE = """\
CREATE SCHEMA s;

CREATE TABLE a (
    x int
);

COMMENT ON TABLE a IS 'a';
COMMENT ON COLUMN a.x IS 'x';

INSERT INTO a VALUES (1);
INSERT INTO a VALUES (2);

-- why
INSERT INTO a VALUES (3);
INSERT INTO a VALUES (4);

INSERT INTO a
VALUES (5);

INSERT INTO a VALUES (6);

CREATE INDEX i ON a (x);

COMMENT ON TABLE z IS 'z';

-- To be done by hand

-- SC5001: one
--
-- text

-- SC3301: also by hand
"""


def lay(
    pieces: tuple[Piece, ...],
    how: str = "single",
    tail: tuple[str, ...] = (),
    header: str = "",
    comments: str = "keep",
) -> tuple[tuple[OutputFile, ...], dict[int, Place]]:
    options = Options(layout=how, comments=comments)
    return layout(pieces, options, emitting.profile("postgres"), tail, header)


def test_single() -> None:
    (file,), places = lay(PIECES)
    assert file == OutputFile("schema.sql", SINGLE)
    assert places == {
        3: Place("schema.sql", 1, 1),
        0: Place("schema.sql", 3, 5),
        4: Place("schema.sql", 10, 10),
        5: Place("schema.sql", 11, 11),
        6: Place("schema.sql", 13, 14),
        7: Place("schema.sql", 15, 15),
        8: Place("schema.sql", 17, 18),
        9: Place("schema.sql", 20, 20),
        1: Place("schema.sql", 22, 22),
        10: Place("schema.sql", 24, 24),
        2: Place("schema.sql", 28, 30),
    }


def test_split() -> None:
    files, places = lay(PIECES, "split")
    assert [f.path for f in files] == [
        "01_schemas.sql",
        "04_tables.sql",
        "05_data.sql",
        "07_indexes.sql",
        "11_comments.sql",
        "manual.sql",
    ]
    assert files[4].text == "\n".join(
        ["COMMENT ON TABLE a IS 'a';", "COMMENT ON COLUMN a.x IS 'x';", "COMMENT ON TABLE z IS 'z';", ""]
    )
    assert files[5].text == "-- SC5001: one\n--\n-- text\n\n-- SC3301: also by hand\n"
    assert places[0] == Place("04_tables.sql", 1, 3)
    assert places[1] == Place("07_indexes.sql", 1, 1)
    assert places[2] == Place("manual.sql", 1, 3)


@pytest.mark.parametrize("how", ["single", "split"])
def test_header_and_tail(how: str) -> None:
    files, places = lay(PIECES, how, ("the end", "of\nit"), "made for\nyou")
    assert all(f.text.startswith("/* made for\n   you */\n\n") for f in files)
    end = "\n\n-- the end\n/* of\n   it */\n"
    (last,) = [f for f in files if f.text.endswith(end)]
    assert last.path == ("schema.sql" if how == "single" else "11_comments.sql")
    assert places[3].start_line == 4
    dropped, _ = lay(PIECES, how, ("the end",), comments="drop")
    assert not any("the end" in f.text for f in dropped)


@pytest.mark.parametrize("how", ["single", "split"])
def test_nothing(how: str) -> None:
    assert lay((), how) == ((OutputFile("schema.sql", ""),), {})
    assert lay((), how, ("only this",)) == ((OutputFile("schema.sql", "-- only this\n"),), {})


def test_only_stubs() -> None:
    stubs = (Piece(0, "manual", "-- SC5001: x", stub=True),)
    assert lay(stubs)[0][0].text == "-- To be done by hand\n\n-- SC5001: x\n"
    files, places = lay(stubs, "split", ("tail",))
    assert files == (OutputFile("manual.sql", "-- SC5001: x\n\n-- tail\n"),)
    assert places == {0: Place("manual.sql", 1, 1)}


MADE = st.builds(
    Piece,
    subject=st.integers(0, 5),
    phase=st.sampled_from(PHASES[:-1]),
    text=st.sampled_from(["a;", "b\nb;", "-- c\nc;", "/* d\n   d */\nd\n\nd;"]),
    attached=st.booleans(),
)


@given(
    st.lists(MADE, min_size=1, max_size=12),
    st.sampled_from(["single", "split"]),
    st.sampled_from(["", "h", "h\ni"]),
)
def test_places_are_where_the_text_is(pieces: list[Piece], how: str, header: str) -> None:
    files, places = lay(tuple(pieces), how, ("t",), header)
    texts = {f.path: f.text.split("\n") for f in files}
    assert set(places) == {p.subject for p in pieces}
    for subject, place in places.items():
        found = "\n".join(texts[place.file][place.start_line - 1 : place.end_line])
        assert found in {p.text for p in pieces if p.subject == subject}
    for file in files:
        assert file.text.endswith("\n") and not file.text.endswith("\n\n")
        assert "\n\n\n" not in file.text
    assert sum(f.text.count(";") for f in files) == sum(p.text.count(";") for p in pieces)


def test_many_pieces() -> None:
    made = tuple(Piece(i, PHASES[i % 8], f"statement {i};", attached=i % 3 == 0) for i in range(20_000))
    (file,), places = lay(made)
    assert len(places) == 20_000
    assert file.text.count(";") == 20_000


def test_a_package_without_statements_of_its_own_is_reported_at_its_schema() -> None:
    text = (
        "CREATE PACKAGE p AS PROCEDURE q; END;\n/\n"
        "CREATE PACKAGE BODY p AS PROCEDURE q IS BEGIN NULL; END; END;\n/\n"
    )

    done = convert(text, source="oracle", target="postgres")

    specification, body = (o for o in done.objects if o.kind == "package")
    assert specification.target is not None
    assert body.target == specification.target
