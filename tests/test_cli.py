"""convert and assess: exit codes, where things go, what is said, and that nothing is half written."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import madeup
import pytest
from commandline import ORACLE, TABLE, TO_PG, Command, needs_pipeline, one_line, script, tree

import schemaconv
from schemaconv.cli import console, run

pytest_plugins = ("cli_fixtures",)


# where things go


def test_scripts_go_to_standard_output_and_the_rest_does_not(made_up: Command) -> None:
    done = made_up("convert", *TO_PG, script())

    assert done[:2] == (0, "CREATE TABLE emp;\n")
    assert "oracle to postgres 15: 1 file, 1 line, 1 statement" in done.err


def test_a_file(made_up: Command) -> None:
    done = made_up("convert", *TO_PG, script(), "-o", "new/out.sql", "--report", "new/r.json")

    assert done[:2] == (0, "")
    assert list(tree()) == ["new/out.sql", "new/r.json", "schema.sql"]
    assert Path("new/out.sql").read_text() == "CREATE TABLE emp;\n"
    assert "written: new/out.sql" in done.err
    made = json.loads(Path("new/r.json").read_text())["conversions"][0]
    assert made["objects"][0]["target"]["file"] == "out.sql"


@pytest.mark.parametrize("output", ["out/", "there"])
def test_a_folder(made_up: Command, output: str) -> None:
    Path("there").mkdir()
    made_up("convert", *TO_PG, script(), "-o", output)

    assert list(tree(output)) == ["schema.sql"]


def test_several_targets_get_a_folder_each(made_up: Command) -> None:
    args = ("--to", "mysql", "--to", "pg:17", "--to", "postgres:17")
    assert made_up("convert", *TO_PG, *args, script(), "-o", "out").code == 0

    assert list(tree("out")) == ["mysql/schema.sql", "postgres-15/schema.sql", "postgres-17/schema.sql"]


def test_split_layout(made_up: Command) -> None:
    made_up("convert", *TO_PG, script(TABLE + "CREATE INDEX ix;\n"), "-o", "out", "--layout", "split")

    assert tree("out") == {"04_tables.sql": "CREATE TABLE emp;\n", "07_indexes.sql": "CREATE INDEX ix;\n"}


def test_numbered_scripts_of_an_earlier_run_are_named(made_up: Command) -> None:
    script("old\n", "out/08_views.sql")
    done = made_up("convert", *TO_PG, script(), "-o", "out", "--layout", "split")

    assert "left from an earlier run and not written now: out/08_views.sql" in done.err


@pytest.mark.parametrize("args", [("--to", "mysql"), ("--layout", "split"), ("--layout", "split", "-o", "-")])
def test_several_files_need_a_folder(made_up: Command, args: tuple[str, ...]) -> None:
    assert "-o DIR" in one_line(made_up("convert", *TO_PG, *args, script()))


def test_a_folder_cannot_be_a_file(made_up: Command) -> None:
    script("old", "out")

    assert "out is a file" in one_line(made_up("convert", *TO_PG, "--to", "mysql", script(), "-o", "out"))


def test_standard_input(made_up: Command) -> None:
    done = made_up("convert", *TO_PG, "-", stdin=b"\xef\xbb\xbfCREATE TABLE e; -- review SC2104\n")

    assert done[:2] == (0, "CREATE TABLE e;\n")
    assert "<stdin>:1:8: review SC2104: about e\n    remedy: name one\n" in done.err


def test_folders_globs_and_files_once_each(made_up: Command) -> None:
    for name in ("in/V10.sql", "in/V2.sql", "z.sql"):
        script(f"CREATE TABLE {Path(name).stem};\n", name)

    assert (
        made_up("convert", *TO_PG, "z*.sql", "in", "in/V2.sql").out
        == "CREATE TABLE z;\nCREATE TABLE v2;\nCREATE TABLE v10;\n"
    )


def test_the_output_folder_below_the_input_is_not_read(made_up: Command) -> None:
    script()
    for _ in range(2):
        done = made_up("convert", *TO_PG, ".", "-o", "out/")

    assert "1 file, 1 line" in done.err


def test_reports_in_every_format(made_up: Command) -> None:
    reports = [arg for suffix in ("json", "md", "txt") for arg in ("--report", f"r.{suffix}")]
    made_up("convert", *TO_PG, script("CREATE TABLE e; -- manual SC5001\n"), *reports, "-o", "o.sql")

    assert all("SC5001" in Path(f"r.{suffix}").read_text() for suffix in ("json", "md", "txt"))


# what is said


def test_a_finding_is_two_lines_and_notes_need_v(made_up: Command) -> None:
    name = script("CREATE TABLE a; -- note SC3301\nCREATE TABLE b; -- manual SC5001\nCREATE TABLE c; -- error SC1001\n")
    usual = made_up("convert", *TO_PG, name).err
    verbose = made_up("convert", *TO_PG, name, "-v").err
    quiet = made_up("convert", *TO_PG, name, "-q").err

    assert usual.startswith(
        "schema.sql:2:8: manual SC5001: about b\n    remedy: name one\nschema.sql:3:8: error SC1001"
    )
    assert "schema.sql:1:8: note SC3301" in verbose
    assert quiet == "schema.sql:3:8: error SC1001: about c\n    remedy: name one\n"


def test_many_findings_of_one_code_are_counted(made_up: Command) -> None:
    name = script(
        "".join(f"CREATE TABLE t{i}; -- review SC2104\n" for i in range(47)) + "CREATE VIEW v; -- review SC4001\n"
    )
    usual = made_up("convert", *TO_PG, name, "--report", "r.json").err
    verbose = made_up("convert", *TO_PG, name, "-v").err

    assert usual.count("SC2104: ") == 10
    assert "... and 37 more SC2104 (all in the report; -v shows them)\n" in usual
    assert "SC4001: about v" in usual
    assert verbose.count("SC2104: ") == 47
    assert "more SC2104" not in verbose


def test_a_finding_of_all_targets_is_said_once(made_up: Command) -> None:
    done = made_up("convert", *TO_PG, "--to", "mysql", script("CREATE TABLE a; -- review SC2104\n"), "-o", "out")

    assert done.err.count("SC2104") == 1
    only = console._line(madeup.finding("review"), ("mysql 8.0",))
    assert re.search(r"\[mysql 8\.0\]$", re.sub(r"\x1b\[\d+m", "", only))


def test_the_summary_counts_kinds_and_verdicts(made_up: Command) -> None:
    done = made_up("convert", *TO_PG, script(TABLE + "CREATE TABLE b; -- review SC2104\nCREATE INDEX i;\n"))

    table = [line.split() for line in done.err.splitlines() if line.startswith("  ") and "remedy" not in line]
    assert table == [
        ["total", "converted", "review"],
        ["index", "1", "1", "-"],
        ["table", "2", "1", "1"],
        ["all", "objects", "3", "2", "1"],
    ]
    assert re.search(r"^\d+\.\d s$", done.err, re.M)


def test_a_terminal_gets_a_rich_table_unless_it_says_no_color(
    made_up: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schemaconv.cli.shell._is_terminal", lambda stream: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    name = script("CREATE TABLE b; -- review SC2104\n")
    assert "─" in made_up("convert", *TO_PG, name).err

    monkeypatch.setenv("NO_COLOR", "1")
    plain = made_up("convert", *TO_PG, name).err
    assert "─" not in plain and "\x1b" not in plain


def test_the_same_family_is_advice_and_writes_nothing(made_up: Command) -> None:
    done = made_up("convert", *ORACLE, "--to", "oracle", script(), "-o", "out.sql", "--report", "r.json")

    assert done[:2] == (0, "")
    assert "the same engine" in done.err
    assert list(tree()) == ["r.json", "schema.sql"]


def test_assess_is_convert_without_scripts(made_up: Command) -> None:
    name = script("CREATE TABLE a; -- manual SC5001\n")
    done = made_up("assess", *TO_PG, name)
    assert done.code == 0
    assert "Needs a person: 1 object" in done.out
    assert done.err == ""

    made_up("convert", *TO_PG, name, "--report", "convert.json", "-o", "o.sql")
    done = made_up("assess", *TO_PG, name, "--report", "assess.json")
    assert done.out == ""
    converted, assessed = (json.loads(Path(f"{n}.json").read_text()) for n in ("convert", "assess"))
    for made in converted["conversions"][0]["objects"]:
        assert made["target"]
        made["target"] = None
    assert converted == assessed


def test_the_bar_waits_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now, bars = [0.0], []

    class Bar:
        def update(self, task: int, **values: object) -> None:
            bars.append(values)

        def stop(self) -> None:
            bars.append({"stopped": True})

    monkeypatch.setattr(console, "_bar", lambda: (Bar(), 0))
    with console.Progress(True, lambda: now[0]) as progress:
        progress("reading", 1, 10)
        assert bars == []
        now[0] = 1.5
        progress("reading", 2, 10)
    assert bars == [{"description": "reading", "completed": 2, "total": 10}, {"stopped": True}]

    with console.Progress(False, lambda: now[0]) as progress:
        now[0] = 9.0
        progress("reading", 3, 10)
    assert len(bars) == 2


# exit codes


@pytest.mark.parametrize(
    ("severity", "fails"),
    [("note", ""), ("review", "review"), ("manual", "manual review"), ("error", "error manual review")],
)
def test_fail_on(made_up: Command, severity: str, fails: str) -> None:
    name = script(f"CREATE TABLE a; -- {severity} SC2104\n")
    for level in ("never", "error", "manual", "review"):
        done = made_up("convert", *TO_PG, name, "--fail-on", level)
        assert int(level in fails.split()) == done.code, level
        assert done.out
    assert int(severity == "error") == made_up("convert", *TO_PG, name).code


def test_strict_writes_no_script_while_anything_needs_a_person(made_up: Command) -> None:
    name = script("CREATE TABLE a; -- manual SC5001\nCREATE TABLE b;\n")
    script("old\n", "o.sql")
    done = made_up(
        "convert", *TO_PG, name, "--mode", "strict", "-o", "o.sql", "--report", "r.json", "--fail-on", "never"
    )

    assert done.code == 1
    assert "no script was written" in done.err
    assert Path("o.sql").read_text() == "old\n"
    assert json.loads(Path("r.json").read_text())["conversions"][0]["objects"][1]["target"] is None
    assert made_up("convert", *TO_PG, script(TABLE), "--mode", "strict", "-o", "o.sql").code == 0


def test_our_own_bug_is_exit_3_and_its_traceback_needs_v(made_up: Command) -> None:
    name = script("BOOM\n")
    script("old\n", "o.sql")
    done = made_up("convert", *TO_PG, name, "-o", "o.sql")
    assert done.code == 3
    assert done.err.startswith("schemaconv: internal error in version ")
    assert "ValueError: a made-up bug" in done.err
    assert "report it" in done.err and "Traceback" not in done.err
    assert Path("o.sql").read_text() == "old\n"

    done = made_up("convert", *TO_PG, name, "-v")
    assert done.code == 3 and "Traceback" in done.err


def test_an_interrupt_is_one_line(made_up: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "convert", interrupted)
    done = made_up("convert", *TO_PG, script())

    assert done.code == 130
    assert done.err.strip() == "schemaconv: interrupted"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("convert", *TO_PG), "nothing to read"),
        (("convert", "--to", "postgres", "s.sql"), "--from oracle"),
        (("convert", *ORACLE, "s.sql"), "--to postgres, mysql, aurora-postgres, aurora-mysql, redshift"),
        (("convert", *ORACLE, "--to", "postgers", "s.sql"), "did you mean 'postgres'"),
        (("convert", *ORACLE, "--to", "db2", "s.sql"), "known targets are postgres, mysql"),
        (("convert", *ORACLE, "--to", "sqlserver", "s.sql"), "known targets are postgres, mysql"),
        (("convert", "--from", "mysql", "--to", "postgres", "s.sql"), "known sources are oracle, sqlserver, teradata"),
        (("convert", *ORACLE, "--to", "postgres:new", "s.sql"), "postgres:17"),
        (("convert", *TO_PG, "none.sql"), "none.sql: no such file"),
        (("convert", *TO_PG, "s.sql", "--set", "numbr=double"), "did you mean 'number'"),
        (("convert", *TO_PG, "s.sql", "--set", "number=float"), "it may be decimal, double"),
        (("convert", *TO_PG, "s.sql", "--set", "types=x"), "[[type]]"),
        (("convert", *TO_PG, "s.sql", "--define", "x"), "NAME=value"),
        (("convert", *TO_PG, "s.sql", "--report", "r.xml"), ".json, .md, .txt"),
        (("convert", *TO_PG, "s.sql", "--rules", "none"), "none: no such folder"),
        (("convert", *TO_PG, "s.sql", "--config", "none.toml"), "none.toml"),
        (("convert", *TO_PG, "s.sql", "--jobs", "0"), "--jobs"),
        (("convert", *TO_PG, "s.sql", "--mode", "lax"), "'partial', 'strict'"),
        (("convert", *TO_PG, "s.sql", "--encoding", "klingon"), "unknown encoding 'klingon'"),
        (("convert", *TO_PG, "s.sql", "--encoding", "ascii"), "not ascii"),
        (("convert", *TO_PG, "s.sql", "-q", "-v"), "exclude each other"),
        (("convert", *TO_PG, "s.sql", "--nonsense"), "No such option"),
        (("nonsense",), "No such command 'nonsense'"),
        (("convert", *TO_PG, "empty.sql"), "empty.sql: empty, no statement"),
        (("convert", *TO_PG, "remark.sql"), "remark.sql: no statement found"),
        (("convert", *TO_PG, "binary.sql"), "binary.sql: binary file"),
        (("convert", *TO_PG, "s.sql", "-o", "s.sql"), "s.sql: is one of the inputs"),
        (("convert", *TO_PG, "r.md", "-o", "o.sql", "--report", "r.md"), "r.md: is one of the inputs"),
        (("convert", *TO_PG, "s.sql", "-o", "o.md", "--report", "o.md"), "o.md: is named twice"),
        (("convert", *TO_PG, "s.sql", "-o", "s.sql/o.sql"), "s.sql/o.sql: cannot be written"),
        (("assess", *TO_PG, "s.sql", "--report", "s.sql/r.md"), "s.sql/r.md: cannot be written"),
        (("assess", *TO_PG, "empty.sql"), "empty.sql: empty, no statement"),
    ],
)  # fmt: skip
def test_wrong_usage_and_bad_input_are_one_line(made_up: Command, args: tuple[str, ...], said: str) -> None:
    script("CREATE TABLE café;\n" + TABLE, "s.sql")
    script("  \n\n", "empty.sql")
    script("-- nothing here\n", "remark.sql")
    script(TABLE, "r.md")
    Path("binary.sql").write_bytes(bytes(range(256)) * 20)
    script("old\n", "o.sql")
    before = {p.name: p.read_bytes() for p in Path().iterdir()}

    assert said in one_line(made_up(*args))
    assert before == {p.name: p.read_bytes() for p in Path().iterdir()}


def test_an_empty_standard_input(made_up: Command) -> None:
    assert "<stdin>: empty" in one_line(made_up("convert", *TO_PG, "-"))


def test_one_empty_file_among_others_is_no_error(made_up: Command) -> None:
    script("", "in/empty.sql")
    script(TABLE, "in/full.sql")

    assert (0, TABLE.lower().replace("create table", "CREATE TABLE")) == made_up("convert", *TO_PG, "in")[:2]


def test_all_outputs_or_none(made_up: Command) -> None:
    script("old\n", "out/schema.sql")
    script("in the way\n", "file")
    done = made_up("convert", *TO_PG, script(), "-o", "out", "--report", "file/r.json")

    assert "file/r.json: cannot be written" in one_line(done)
    assert Path("out/schema.sql").read_text() == "old\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(made_up: Command) -> None:
    Path("locked").mkdir(mode=0o500)

    assert "locked/o.sql: cannot be written" in one_line(made_up("convert", *TO_PG, script(), "-o", "locked/o.sql"))


def test_usage_names_the_help_page(made_up: Command) -> None:
    assert "(see schemaconv convert --help)" in made_up("convert", *TO_PG).err


def test_no_command_shows_the_help(command: Command) -> None:
    assert command().code == 2


# over the real pipeline


@needs_pipeline
def test_the_real_thing(command: Command) -> None:
    name = script("CREATE TABLE t (id NUMBER(9) PRIMARY KEY, note VARCHAR2(10));\n")
    done = command("convert", *TO_PG, name, "--report", "r.json")

    assert done.code == 0, done.err
    assert "CREATE TABLE t" in done.out
    made = json.loads(Path("r.json").read_text())["conversions"][0]
    assert made["summary"]["objects"]["total"] == 1
    assert made["summary"]["characters"]["unclaimed"] == 0


@needs_pipeline
def test_the_real_thing_for_every_target(command: Command) -> None:
    script("CREATE TABLE t (id NUMBER(9) PRIMARY KEY);\n/\nCREATE INDEX i ON t (id);\n", "in/t.sql")
    wanted = [arg for name in schemaconv.engines.TARGETS for arg in ("--to", name)]
    done = command("convert", *ORACLE, *wanted, "in", "-o", "out", "--layout", "split")

    assert done.code in (0, 1), done.err
    assert set(schemaconv.engines.TARGETS) == {p.name for p in Path("out").iterdir()}


@needs_pipeline
def test_a_literal_that_never_ends_stops_its_own_script_only(command: Command) -> None:
    broken = script("CREATE TABLE c (id NUMBER(9));\nINSERT INTO c VALUES ('it);\n", "in/broken.sql")
    script("CREATE TABLE t (id NUMBER(9));\n", "in/whole.sql")

    assert "in/broken.sql:2:23: a text literal or comment begins here" in one_line(command("convert", *TO_PG, broken))
    done = command("convert", *TO_PG, "in")
    assert done.code == 1
    assert "CREATE TABLE t" in done.out
    assert "in/broken.sql:2:23: error SC1102" in done.err


@needs_pipeline
def test_the_real_thing_for_the_same_family(command: Command) -> None:
    done = command("convert", *ORACLE, "--to", "oracle", script("CREATE TABLE t (id NUMBER(9));\n"))

    assert done[:2] == (0, "")
    assert done.err
