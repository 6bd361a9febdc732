"""Distribution, order, statistics and rows of people, on catalogs as any reader makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from commandline import Command, one_line, script

from schemaconv import convert, engines, statistics
from schemaconv.designs import Design, DesignError, from_row, from_text
from schemaconv.diagnostics import Log
from schemaconv.ir.catalog import Catalog, Column, Constraint, Index, IndexPart, Object, Table
from schemaconv.ir.names import Name, qname
from schemaconv.ir.placement import Placement
from schemaconv.ir.types import Type
from schemaconv.legalize import legalize
from schemaconv.options import OptionError, Options, from_file, from_pairs
from schemaconv.source import NOWHERE

pytest_plugins = ("cli_fixtures",)
NUMBER = Type("integer")


def table(name: str, columns: str, *constraints: Constraint, **more: Any) -> Table:
    """Columns by name; ``!`` behind a name is NOT NULL."""
    made = tuple(Column(Name(c.rstrip("!")), NUMBER, not_null=c.endswith("!")) for c in columns.split())
    return Table(qname(name), NOWHERE, columns=made, constraints=constraints, **more)


def primary(*columns: str) -> Constraint:
    return Constraint("primary_key", None, tuple(map(Name, columns)))


def points(column: str, to: str, *theirs: str) -> Constraint:
    return Constraint(
        "foreign_key", None, (Name(column),), references=qname(to), references_columns=tuple(map(Name, theirs))
    )


def placed(*columns: str, **more: Any) -> Placement:
    return Placement(tuple(map(Name, columns)), "key" if columns else "", **more)


def shaped(*objects: Object, **options: Any) -> tuple[dict[str, str], list[str]]:
    """The options of each table on Redshift as one text, and the findings as ``CODE message``."""
    log = Log()
    found = legalize(Catalog(objects, engine="teradata"), engines.find("redshift"), Options(**options), log)
    tables = [i.object for i in found.items if isinstance(i.object, Table)]
    texts = {t.name.name.text: " ".join(f"{word}({value})" for word, value in t.options) for t in tables}
    return texts, [f"{d.code} {d.message}" for d in log.entries]


def test_the_sources_own_distribution() -> None:
    found, said = shaped(
        table("ONE", "A B", placement=placed("B", unique=True)),
        table("NONE", "A", placement=Placement(style="even")),
        table("ALL_", "A", placement=Placement(style="all")),
        table("SILENT", "A"),
        table("ROW", "A B", placement=Placement(order=(Name("B"), Name("A")))),
    )
    assert found == {
        "one": "distkey(b)", "none": "diststyle(EVEN)", "all_": "diststyle(ALL)", "silent": "", "row": "sortkey(b, a)",
    }  # fmt: skip
    assert said == [
        "SC7026 ONE: DISTKEY (b): the source spreads it by B",
        "SC7029 NONE: DISTSTYLE EVEN: the source has no distribution key for it",
        "SC7028 ALL_: DISTSTYLE ALL: the source keeps it on every node",
        "SC7027 ROW: SORTKEY (b, a): the source keeps its rows in the order of B, A",
    ]


def test_several_columns_of_a_distribution(tmp_path: Path) -> None:
    """The joined one, else the one of most values, else the first."""
    sizes = tmp_path / "sizes.csv"
    sizes.write_text("table,column,distinct\nCOUNTED,A,500\nCOUNTED,B,9000\nFEW,A,3\nFEW,B,4\n")
    found, said = shaped(
        table("PARENTS", "ID!", primary("ID")),
        table("JOINED", "A B", points("B", "PARENTS"), placement=placed("A", "B")),
        table("COUNTED", "A B", placement=placed("A", "B")),
        table("FEW", "A B", placement=placed("A", "B")),
        table("PLAIN", "A B", placement=placed("A", "B")),
        statistics=str(sizes),
    )
    assert found == {
        "parents": "distkey(id)", "joined": "distkey(b)", "counted": "distkey(b)", "few": "diststyle(EVEN)",
        "plain": "distkey(a)",
    }  # fmt: skip
    text = "\n".join(said)
    assert "spreads it by A, B, and foreign keys join it by B" in text
    assert "of which B has most values by the statistics (9,000)" in text
    assert "spreads it by A, B, all of few values" in text
    assert "of which A is the first" in text
    assert "PARENTS: DISTKEY (id): JOINED joins it by a foreign key, and is spread by the same values" in text


def test_a_distribution_of_few_values_is_not_followed(tmp_path: Path) -> None:
    sizes = tmp_path / "sizes.csv"
    sizes.write_text("table;rows;column;distinct\nT;90000000;A;12\n")
    found, said = shaped(table("T", "A B", placement=placed("A")), statistics=str(sizes))
    assert found == {"t": "diststyle(EVEN)"}
    assert said == [
        "SC7031 T: a not taken for the distribution key: the statistics count only 12 values",
        "SC7029 T: DISTSTYLE EVEN: the source spreads it by A, of which the statistics count only 12 values",
    ]


def test_small_tables_are_copied_to_every_node(tmp_path: Path) -> None:
    sizes = tmp_path / "sizes.csv"
    sizes.write_text("table,rows,size_mb\nSMALL,200,1\nHEAVY,200,90000\nLONELY,10,1\nSPREAD,10,\n")
    found, _ = shaped(
        table("SMALL", "ID!", primary("ID")), table("HEAVY", "ID!", primary("ID")), table("LONELY", "ID"),
        table("SPREAD", "ID", placement=placed("ID")),
        table("FACTS", "A! B!", points("A", "SMALL"), points("B", "HEAVY")),
        statistics=str(sizes),
    )  # fmt: skip
    assert found == {
        "small": "diststyle(ALL)", "heavy": "distkey(id)", "lonely": "", "spread": "diststyle(ALL)",
        "facts": "distkey(b)",
    }  # fmt: skip


def test_a_unique_index_becomes_a_key_where_foreign_keys_point_to_it() -> None:
    parents = table("PARENTS", "CODE!")
    index = Index(qname("I"), NOWHERE, table=qname("PARENTS"), parts=(IndexPart(Name("CODE")),), unique=True)
    spread = table("SPREAD", "CODE!", placement=placed("CODE", unique=True))
    child = table("CHILDREN", "A! B!", points("A", "PARENTS", "CODE"), points("B", "SPREAD", "CODE"))
    log = Log()
    made = legalize(Catalog((parents, index, spread, child)), engines.find("redshift"), Options(), log)
    tables = {i.object.name.name.text: i.object for i in made.items if isinstance(i.object, Table)}
    assert [k.kind for k in tables["parents"].constraints] == ["unique"]
    assert [k.kind for k in tables["spread"].constraints] == ["unique"]
    assert len(tables["children"].constraints) == 2
    assert [d.code for d in log.entries].count("SC3152") == 2
    assert "SC3223" not in {d.code for d in log.entries}


def test_circles_and_many_tables_end() -> None:
    chain = [table("T0", "ID! X", primary("ID"), points("X", "T299"))]
    chain += [table(f"T{n}", "ID! P!", primary("ID"), points("P", f"T{n - 1}")) for n in range(1, 300)]
    found, _ = shaped(*chain)
    assert len(found) == 300


def test_a_table_made_from_a_query_takes_no_encodings() -> None:
    row = from_text("t", "distkey(a) encode(a zstd)")
    made = convert("CREATE TABLE t AS SELECT 1 a FROM dual;", source="oracle", target="redshift", distribution=[row])
    assert "DISTKEY (a)" in made.sql and "ENCODE" not in made.sql
    assert [d.code for d in made.diagnostics if d.code.startswith("SC70")] == ["SC7026", "SC7030"]


def test_other_targets_know_nothing_of_it(tmp_path: Path) -> None:
    log = Log()
    catalog = Catalog((table("T", "A", placement=placed("A")),))
    made = legalize(catalog, engines.find("postgres"), Options(distribution=(Design("NOWHERE", "all"),)), log)
    assert isinstance(made.items[0].object, Table)
    assert made.items[0].object.options == ()
    assert log.entries == []


# -- rows and files ----------------------------------------------------------------------------------------------------


def test_rows_of_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "schemaconv.toml"
    file.write_text(
        '[[distribution]]\ntable = "hr.A*"\ndistkey = "id"\nsortkey = ["d", "e"]\nencode = {n = "ZSTD"}\n'
        '[[distribution]]\ntable = "B"\ndiststyle = "ALL"\nsortkey = "auto"\nencode = "explicit"\n'
    )
    rows = from_file(file).options.distribution
    assert rows == (
        Design("hr.A*", "key", "id", ("d", "e"), "", (("n", "zstd"),)),
        Design("B", "all", "", ("auto",), "explicit"),
    )
    assert rows[0].fits("HR", "ABC") and not rows[0].fits("FIN", "ABC") and not rows[0].fits("HR", "BC")
    assert rows[1].fits("HR", "b")
    assert str(rows[0]) == "hr.A* diststyle(key) distkey(id) sortkey(d, e) encode(n zstd)"
    again = from_pairs(Options(), ("distribution.hr.A*=distkey(id) sortkey(d, e) encode(n ZSTD)",)).distribution
    assert again == rows[:1]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"tabel": "T"}, "did you mean 'table'"),
        ({"distkey": "a"}, "needs a table"),
        ({"table": "T"}, "says nothing"),
        ({"table": "T", "distkey": ["a", "b"]}, "takes one"),
        ({"table": "T", "diststyle": "some"}, "may be auto, even, key, all"),
        ({"table": "T", "diststyle": "even", "distkey": "a"}, "has a distkey"),
        ({"table": "T", "diststyle": "key"}, "no distkey"),
        ({"table": "T", "sortkey": ["a", "A"]}, "twice"),
        ({"table": "T", "sortkey": "a,,b"}, "empty name"),
        ({"table": "T", "sortkey": 5}, "names of columns"),
        ({"table": "T", "encode": "best"}, "may be auto, explicit"),
        ({"table": "T", "encode": {"a": 1}}, "an encoding for each column"),
        ("T", "not a row"),
    ],
)
def test_rows_that_cannot_be_read(row: Any, problem: str) -> None:
    with pytest.raises(DesignError, match=problem):
        from_row(row)
    with pytest.raises(OptionError, match=r"\[\[distribution\]\]"):
        convert("SELECT 1", source="oracle", target="redshift", distribution=[row])


def test_texts_that_cannot_be_read() -> None:
    for text, problem in (("distkey a", "cannot read"), ("encode(a b c)", "pairs"), ("diskey(a)", "did you mean")):
        with pytest.raises(DesignError, match=problem):
            from_text("T", text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("tabel,rows\n", "sizes.csv:1: unknown heading 'tabel'; did you mean 'table'"),
        ("rows\n5\n", "need a table"),
        ("table,rows,rows\n", "once"),
        ("table,rows\nT,many\n", "sizes.csv:2: rows is 'many'; it takes a whole number"),
        ("table,rows\nT,-5\n", "whole number"),
        ("table,rows\nT,5,6\n", "3 cells under 2 headings"),
        ("table,rows\n,5\n", "no table"),
        ("table,distinct\nT,5\n", "without a column"),
        ("table,size_mb\nT,big\n", "number of megabytes"),
        ('table,rows\n"T,5\n', "sizes.csv"),
    ],
)
def test_statistics_that_cannot_be_read(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "sizes.csv"
    file.write_text(text)
    with pytest.raises(statistics.StatisticsError) as error:
        statistics.load(str(file))
    assert problem in str(error.value) and "\n" not in str(error.value)
    with pytest.raises(statistics.StatisticsError):
        convert("CREATE TABLE t (a NUMBER);", source="oracle", target="redshift", statistics=str(file))


def test_statistics_of_any_file(tmp_path: Path) -> None:
    for broken in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(statistics.StatisticsError, match="cannot be read"):
            statistics.load(str(broken))
    file = tmp_path / "sizes.csv"
    file.write_bytes(b"table\nT\xff\n")
    with pytest.raises(statistics.StatisticsError, match="UTF-8"):
        statistics.load(str(file))
    file.write_text('\ufeffROWS , Table,size_mb\n5,"hr.t",1.5\n\n7,T,\n')
    found = statistics.load(str(file))
    assert found.of("HR", "T") == statistics.Facts(5, 1.5)
    assert found.of("", "t") == statistics.Facts(7)
    assert found.of("FIN", "X") is statistics.UNKNOWN
    file.write_text("table,rows,column,distinct\n[sales].[Order Lines],5,[Order],2\n")
    assert statistics.load(str(file)).of("SALES", "ORDER LINES") == statistics.Facts(5, None, {"ORDER": 2})
    assert statistics.load("") is statistics.NONE


def test_a_file_names_the_schema_of_bare_names(tmp_path: Path) -> None:
    sizes = tmp_path / "sizes.csv"
    sizes.write_text("table,rows,size_mb\ndbo.[Small],200,1\nsales.Small,9000000,900\n")
    text = "CREATE TABLE Small (id int PRIMARY KEY); CREATE TABLE sales.Facts (s int REFERENCES dbo.Small (id));"
    done = convert(text, source="sqlserver", target="redshift", options=Options(statistics=str(sizes)))
    assert "DISTSTYLE ALL" in done.sql
    rows = (from_text("dbo.Small", "diststyle(even)"),)
    done = convert(text, source="sqlserver", target="redshift", options=Options(distribution=rows))
    assert "DISTSTYLE EVEN" in done.sql


def test_the_command_reads_them(command: Command, tmp_path: Path) -> None:
    script("CREATE TABLE p (id NUMBER(9) PRIMARY KEY);\nCREATE TABLE c (p NUMBER(9) REFERENCES p);\n")
    script("table,rows\nP,12\nGONE,5\n", "project/sizes.csv")
    config = script(
        '[options]\nstatistics = "sizes.csv"\n[[distribution]]\ntable = "C"\nsortkey = "P"\n', "project/conf.toml"
    )
    run = ("convert", "--from", "oracle", "--to", "redshift", "schema.sql")
    done = command(*run, "--config", config)
    assert done.code == 0
    assert "DISTSTYLE ALL" in done.out and "SORTKEY (p)" in done.out
    assert "SC7033" in done.err and "GONE" in done.err
    broken = script("table,rows\nP,x\n", "sizes.csv")
    assert "sizes.csv:2: rows is 'x'" in one_line(command(*run, "--set", f"statistics={broken}"))
    assert "cannot be read" in one_line(command(*run, "--set", "statistics=none.csv"))
    assert "did you mean 'distkey'" in one_line(command(*run, "--set", "distribution.C=diskey(p)"))
    assert "--set distribution.TABLE" in one_line(command(*run, "--set", "distribution=x"))
