"""Scripts as files: encodings, line ends, and scripts that include others."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemaconv import convert, engines
from schemaconv.api import convert_files
from schemaconv.source import from_text

TEXT = "CREATE TABLE t (v VARCHAR2(20) DEFAULT 'Zoë');\nCOMMENT ON COLUMN t.v IS 'naïve';\n"
WANTED = "CREATE TABLE t (\n    v varchar(20) DEFAULT 'Zoë'\n);\n\nCOMMENT ON COLUMN t.v IS 'naïve';\n"


def sql(path: Path) -> str:
    return convert([path], source="oracle", target="postgres").sql


def codes(path: Path) -> list[str]:
    return [d.code for d in convert([path], source="oracle", target="postgres").diagnostics]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings(tmp_path: Path, encoding: str, line_end: str) -> None:
    """UTF-8 with and without a mark, UTF-16 with one in both orders, and the Windows code page."""
    path = tmp_path / "s.sql"
    text = TEXT.replace("\n", line_end)
    match encoding:
        case "utf-16-le-bom":
            data = b"\xff\xfe" + text.encode("utf-16-le")
        case "utf-16-be-bom":
            data = b"\xfe\xff" + text.encode("utf-16-be")
        case _:
            data = text.encode(encoding)
    path.write_bytes(data)
    assert sql(path) == WANTED


def test_carriage_returns_stay_in_no_name_and_no_comment(tmp_path: Path) -> None:
    path = tmp_path / "s.sql"
    text = "-- above\nCREATE TABLE t (\n  a NUMBER(9), -- the first\n  b NUMBER(9)\n)\n/\nPROMPT it's done\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert sql(path) == "-- above\nCREATE TABLE t (\n    a integer,  -- the first\n    b integer\n);\n"


def test_included_scripts_are_read_in_place(tmp_path: Path) -> None:
    """``@`` looks beside the first script, ``@@`` beside the one it stands in; the ending is .sql by default."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.sql").write_text(
        "CREATE TABLE first_t (a NUMBER(9));\n@sub/second\nCREATE TABLE fourth_t (a NUMBER(9));\nSTART last.sql\n"
    )
    (tmp_path / "sub" / "second.sql").write_text("CREATE TABLE second_t (a NUMBER(9));\n@@third.sql\n")
    (tmp_path / "sub" / "third.sql").write_text("CREATE TABLE third_t (a NUMBER(9));\n")
    (tmp_path / "last.sql").write_text("CREATE TABLE last_t (a NUMBER(9));\n")
    path = tmp_path / "main.sql"
    made = [line.split()[2] for line in sql(path).splitlines() if line.startswith("CREATE TABLE")]
    assert made == ["first_t", "second_t", "third_t", "fourth_t", "last_t"]


def test_variables_reach_into_included_scripts(tmp_path: Path) -> None:
    (tmp_path / "main.sql").write_text("DEFINE owner = app\nDEFINE what = inner\n@&what..sql\n")
    (tmp_path / "inner.sql").write_text("CREATE TABLE &owner..t (a NUMBER(9));\n")
    assert "CREATE TABLE app.t (" in sql(tmp_path / "main.sql")


def test_a_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "main.sql"
    path.write_text("@missing.sql\nCREATE TABLE t (a NUMBER(9));\n")
    assert "SC1003" in codes(path)
    assert "CREATE TABLE t (" in sql(path)


def test_a_script_that_includes_itself_ends(tmp_path: Path) -> None:
    path = tmp_path / "main.sql"
    path.write_text("CREATE TABLE t (a NUMBER(9));\n@main.sql\n")
    assert sql(path).count("CREATE TABLE") == 1


def test_an_included_script_given_as_well_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("@b.sql\nCREATE TABLE a (x NUMBER(9));\n")
    (tmp_path / "b.sql").write_text("CREATE TABLE b (x NUMBER(9));\n")
    found = convert([tmp_path / "a.sql", tmp_path / "b.sql"], source="oracle", target="postgres").sql
    assert found.count("CREATE TABLE b ") == 1


def test_passwords_are_never_printed(tmp_path: Path) -> None:
    path = tmp_path / "s.sql"
    path.write_text(
        "CREATE USER a IDENTIFIED BY hidden1;\nALTER USER a IDENTIFIED BY hidden2;\n"
        "CREATE ROLE r IDENTIFIED BY hidden3;\nGRANT CONNECT TO a IDENTIFIED BY hidden4;\n"
        "CREATE DATABASE LINK l CONNECT TO a IDENTIFIED BY hidden5 USING 'x';\nCONNECT a/hidden6@db\n"
        "ALTER DATABASE LINK l CONNECT TO a IDENTIFIED BY hidden7;\n"
    )
    for target in ("postgres", "mysql", "redshift"):
        done = convert([path], source="oracle", target=target)
        shown = done.sql + "".join(f"{d.message}{d.object}" for d in done.diagnostics)
        assert "hidden" not in shown


def test_split_layout_has_a_file_for_each_phase(tmp_path: Path) -> None:
    """Data come before foreign keys and indexes; what needs a person is apart."""
    path = tmp_path / "s.sql"
    path.write_text(
        "CREATE TABLE a (id NUMBER(9) PRIMARY KEY);\nCREATE TABLE b (id NUMBER(9), a_id NUMBER(9) REFERENCES a);\n"
        "CREATE INDEX b_ix ON b (a_id);\nINSERT INTO a VALUES (1);\nCREATE VIEW v AS SELECT id FROM a;\n"
        "GRANT SELECT ON v TO r;\nCREATE SEQUENCE s;\nCREATE PROCEDURE p IS BEGIN NULL; END;\n/\n"
    )
    done = convert([path], source="oracle", target="postgres", layout="split")
    names = [f.path for f in done.conversions[0].files]
    assert [n.partition("_")[2] or n for n in names] == [
        "sequences.sql", "tables.sql", "data.sql", "constraints.sql", "indexes.sql", "routines.sql", "views.sql",
        "grants.sql",
    ]  # fmt: skip
    assert names[:-1] == sorted(names[:-1])


def test_the_client_leaves_one_script_at_a_time() -> None:
    """sqlcmd runs each file anew: an exit in one of them ends no other."""
    files = [from_text(text, name) for text, name in (
        ("CREATE TABLE a (id int);\nGO\nexit\nCREATE TABLE never (id int);\n", "a.sql"),
        ("CREATE TABLE b (id int);\nGO\n", "b.sql"),
    )]  # fmt: skip
    done = convert_files(files, source="sqlserver", target=engines.find("postgres", "target")).conversions[0]
    verdicts = {str(o.name): o.verdict.value for o in done.objects if o.kind == "table"}
    assert verdicts == {"a": "converted", "b": "converted"}


def test_a_conversion_leaves_nothing_behind() -> None:
    """What one script says of a type means nothing to the next: half a name is no name."""
    convert("CREATE TABLE t (a aNyTyPe.,\n  b NUMBER(3));\n", source="oracle", target="postgres")
    done = convert("CREATE TABLE t (a aNyTyPe, b NUMBER(3));", source="oracle", target="postgres")
    assert "a jsonb" in done.sql
