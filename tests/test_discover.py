"""Files, folders and globs, in the order that upgrade scripts need."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemaconv.discover import expand, natural, suffixes
from schemaconv.source import SourceError


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("-- a script\n")


def names(paths: list[Path], folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in paths]


@pytest.mark.parametrize(
    "ordered",
    [
        ["V1-a.sql", "V2-a.sql", "V2-a-after.sql", "V10-a.sql"],
        ["V1__init.sql", "V1_1__fix.sql", "V2__x.sql"],
        ["V1.4__x.sql", "V1.4.2__a.sql", "V1.10__a.sql", "V6.0_2015.03.07__b.sql", "V6.0_2016.01.03__a.sql"],
        ["upgrade 2.sql", "upgrade 10.sql", "Upgrade 11.sql"],
        ["sentry-2.0.0.sql", "sentry-2.1.0.sql", "sentry-2.10.0.sql"],
        ["1/b.sql", "2/a.sql", "10/a.sql"],
        ["a.sql", "B.sql", "c.sql"],
        ["schema.sql", "schema2.sql"],
    ],
)
def test_scripts_of_a_folder_come_in_natural_order(tmp_path: Path, ordered: list[str]) -> None:
    write(tmp_path, *reversed(ordered))

    assert ordered == names(expand([str(tmp_path)]), tmp_path)


def test_order_is_total_for_names_that_differ_only_in_case_or_zeros() -> None:
    keys = {natural(Path(n)) for n in ("a1.sql", "a01.sql", "a001.sql")}

    assert len(keys) == 3


def test_a_folder_gives_its_scripts_and_nothing_else(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.SQL",
        "p.pks",
        "p.pkb",
        "deep/er/t.trg",
        "readme.md",
        "data.csv",
        ".git/x.sql",
        ".hidden.sql",
    )

    assert names(expand([str(tmp_path)]), tmp_path) == ["a.SQL", "deep/er/t.trg", "p.pkb", "p.pks"]


def test_a_file_that_is_named_may_have_any_suffix(tmp_path: Path) -> None:
    write(tmp_path, "schema.txt")

    assert [tmp_path / "schema.txt"] == expand([str(tmp_path / "schema.txt")])


def test_each_script_once_in_the_order_of_the_entries(tmp_path: Path) -> None:
    write(tmp_path, "b.sql", "a.sql")
    entries = [str(tmp_path / "b.sql"), str(tmp_path), str(tmp_path / "." / "a.sql")]

    assert names(expand(entries), tmp_path) == ["b.sql", "a.sql"]


def test_globs(tmp_path: Path) -> None:
    write(tmp_path, "x10.sql", "x2.sql", "y.sql", "deep/x1.sql", "notes.txt")

    assert names(expand([str(tmp_path / "x*.sql")]), tmp_path) == ["x2.sql", "x10.sql"]
    assert names(expand([str(tmp_path / "**/*.sql")]), tmp_path) == [
        "deep/x1.sql",
        "x2.sql",
        "x10.sql",
        "y.sql",
    ]
    assert names(expand([str(tmp_path / "*")]), tmp_path) == ["deep/x1.sql", "x2.sql", "x10.sql", "y.sql"]
    assert names(expand([str(tmp_path / "*.txt")]), tmp_path) == ["notes.txt"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    write(tmp_path, "a[1].sql", "a1.sql")

    assert names(expand([str(tmp_path / "a[1].sql")]), tmp_path) == ["a[1].sql"]


def test_the_output_folder_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, "a.sql", "out/postgres.sql")

    assert names(expand([str(tmp_path)], skip=tmp_path / "out"), tmp_path) == ["a.sql"]
    assert names(expand([str(tmp_path / "out")], skip=tmp_path / "out"), tmp_path) == ["out/postgres.sql"]


@pytest.mark.parametrize("entry", ["none.sql", "none*.sql", "empty", "bad\0name"])
def test_what_gives_no_script_is_one_line(tmp_path: Path, entry: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SourceError) as caught:
        expand([f"{tmp_path}/{entry}"])
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_suffixes_are_those_of_the_engine() -> None:
    assert ".pkb" in suffixes("oracle")
    assert suffixes("postgres") == (".sql", ".ddl")
