"""The reports: one model, the same numbers in every format, JSON as its schema says."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from madeup import POSTGRES, an_object, conversion, finding, report

from schemaconv import engines
from schemaconv.engines import Engine
from schemaconv.ir.catalog import Kind
from schemaconv.report import digest, json_report, markdown, text
from schemaconv.report.model import REPORT_VERSION, Renamed, Report
from schemaconv.report.write import FORMATS, UnknownFormat, WriteError, render, write_all
from schemaconv.severity import Severity, Verdict


def rich_model() -> Report:
    """Several kinds, every severity, a finding of the run, a renamed object, two targets."""
    review = [
        an_object(f"HR.T{i}", finding("review", message=f"T{i}.A has no precision", line=i, object=f"table HR.T{i}"))
        for i in range(1, 13)
    ]
    stored = an_object(
        "HR.RAISE", finding("manual", "SC5001", object="function HR.RAISE", line=40), kind="function"
    )  # fmt: skip
    broken = an_object("HR.BAD", finding("error", "SC1001", object="table HR.BAD", file="later.sql", line=50))
    noted = an_object("HR.IX", finding("note", "SC3301", object="index HR.IX", line=51), kind="index")
    of_run = finding("note", "SC1002", message="SPOOL is | of the *client*", object="", line=0, column=0)
    objects = (*review, stored, broken, noted, an_object("HR.OK", kind="materialized_view"))
    first = conversion(*objects, name_map=(Renamed("table", "HR.T1", "hr.t1"), Renamed("table", "LONG_ONE", "long_1")))
    first = replace(first, findings=(*first.findings, of_run))
    return report(first, replace(first, target=Engine("mysql", "mysql", (8, 0))))


def skipped_model() -> Report:
    advice = ("postgres to aurora-postgres: the same engine.", "Use a snapshot.")
    target = Engine("aurora-postgres", "postgres", (15,))
    return report(conversion(target=target, files=(), name_map=(), statements=0, advice=advice))


MODELS = [rich_model(), report(conversion()), report(conversion(an_object())), skipped_model(), report()]


@pytest.mark.parametrize("model", MODELS)
def test_json_is_as_the_schema_says(model: Report) -> None:
    schema = json_report.schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.validate(json.loads(json_report.render(model)), schema, jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_it_does_not_name() -> None:
    value = json_report.as_dict(rich_model())
    value["conversions"][0]["objects"][0]["color"] = "red"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, json_report.schema())


def test_the_schema_lists_the_words_of_the_model() -> None:
    defined = json_report.schema()["$defs"]

    assert list(get_args(Kind)) == defined["kind"]["enum"]
    assert [v.value for v in Verdict] == defined["verdict"]["enum"]
    assert [s.value for s in Severity] == defined["severity"]["enum"]
    assert list(engines.ENGINES) == defined["engine"]["enum"]
    assert json_report.schema()["properties"]["report_version"]["const"] == REPORT_VERSION


def test_json_has_the_promised_shape() -> None:
    value = json_report.as_dict(report(conversion(an_object("HR.EMP", finding("review")))))

    assert list(value) == ["report_version", "tool", "source", "conversions"]
    assert {"engine", "files"} == set(value["source"])
    assert list(value["source"]["files"][0]) == ["path", "sha256", "bytes", "encoding", "lines"]
    [made] = value["conversions"]
    assert made["target"] == {"engine": "postgres", "version": "15"}
    summary = made["summary"]
    verdicts = {"total": 1, "converted": 0, "review": 1, "manual": 0, "ignored": 0, "skipped": 0, "failed": 0}
    assert verdicts == summary["objects"]
    assert {"table": verdicts} == summary["by_kind"]
    assert summary["characters"] == {"total": 120, "claimed": 120, "unclaimed": 0}
    assert made["objects"] == [
        {
            "kind": "table",
            "name": "HR.EMP",
            "target_name": "hr.emp",
            "verdict": "review",
            "source": {"file": "hr.sql", "start_line": 1, "end_line": 4},
            "target": {"file": "postgres.sql", "start_line": 1, "end_line": 3},
            "depends_on": [],
            "diagnostics": [
                {
                    "code": "SC2104",
                    "severity": "review",
                    "message": "SALARY has no precision",
                    "line": 3,
                    "column": 5,
                    "remedy": "name one",
                }
            ],
        }
    ]
    assert made["name_map"] == [{"kind": "table", "from": "HR.EMP", "to": "hr.emp"}]
    assert made["diagnostics"] == []


def test_a_finding_in_another_file_names_it_and_one_of_the_run_is_kept() -> None:
    made = json_report.as_dict(rich_model())["conversions"][0]
    by_name = {o["name"]: o for o in made["objects"]}

    assert by_name["HR.BAD"]["diagnostics"][0]["file"] == "later.sql"
    assert "file" not in by_name["HR.RAISE"]["diagnostics"][0]
    assert [d["code"] for d in made["diagnostics"]] == ["SC1002"]
    assert made["diagnostics"][0]["file"] == "hr.sql"


def rows_of(page: str) -> dict[str, list[str]]:
    """The counts table of a text report, or of a Markdown one."""
    lines = [re.split(r"\s{2,}|\s*\|\s*", line.strip(" |")) for line in page.splitlines()]
    return {row[0]: row[1:] for row in lines if len(row) > 1 and re.fullmatch(r"[\d,]+", row[1] or "x")}


def numbers(counts: dict[str, Any], columns: list[str]) -> list[str]:
    return [str(counts[c]) if counts[c] else "-" for c in columns]


@pytest.mark.parametrize("form", [text, markdown])
def test_numbers_are_those_of_the_json_report(form: Any) -> None:
    model = rich_model()
    for value in json_report.as_dict(model)["conversions"]:
        summary = value["summary"]
        columns = [k for k, v in summary["objects"].items() if v]
        [single] = [c for c in model.conversions if c.target.name == value["target"]["engine"]]
        page = form.render(replace(model, conversions=(single,)))
        found = rows_of(page)

        for kind, counts in summary["by_kind"].items():
            assert numbers(counts, columns) == found[kind.replace("_", " ")]
        assert numbers(summary["objects"], columns) == found["all objects"]
        said = [d for o in value["objects"] for d in o["diagnostics"]] + value["diagnostics"]
        for severity, head in (("review", "To review: "), ("manual", "Needs a person: ")):
            number = sum(1 for d in said if d["severity"] == severity)
            expected = number if severity == "review" else number + 1  # the failed object needs a person, too
            assert f"{head}{expected}" in page
        for d in said:
            assert d["code"] in page


def test_what_needs_a_person_stands_first_with_place_and_remedy() -> None:
    model = report(
        conversion(
            an_object("HR.A", finding("review", "SC2104")),
            an_object("HR.F", finding("manual", "SC5001", line=9, remedy="write it", object="function HR.F")),
        )
    )

    page = text.render(model)
    assert page.index("Needs a person: 1 object") < page.index("To review: 1 place")
    assert "remedy: write it" in page
    assert "hr.sql:9  function HR.F: " in page
    assert "`hr.sql:9` **function HR.F**" in markdown.render(model)


def test_a_remedy_that_all_share_is_said_once() -> None:
    page = text.render(rich_model()).partition("Schema conversion, oracle to mysql")[0]

    assert page.count("remedy: name one\n    hr.sql:1: T1.A has") == 1
    assert len(re.findall(r"T\d+\.A has no precision", page)) == 12


def test_remedies_that_differ_are_said_each() -> None:
    objects = [an_object(f"T{i}", finding("review", remedy=f"do {i}", object=f"table T{i}")) for i in (1, 2)]
    for form in (text, markdown):
        page = form.render(report(conversion(*objects)))
        assert "do 1" in page and "do 2" in page


def test_one_object_is_named_once_with_all_its_lines() -> None:
    lines = (3, 4, 5, 9, 4)
    findings = tuple(
        finding("manual", line=n, message="the call of DROP_IT is lost", object="script CALL DROP_IT") for n in lines
    )
    other = finding("manual", line=11, message="the call of MAKE_IT is lost", object="script CALL MAKE_IT")
    page = text.render(report(conversion(an_object("X", *findings, other))))

    assert "    hr.sql:3-5, 9  script CALL DROP_IT: the call of DROP_IT is lost\n" in page
    assert page.count("the call of DROP_IT") == 1


@pytest.mark.parametrize(("message", "named"), [("table EMP is odd", True), ("EMPTY is", False), ("e.emp$ is", False)])
def test_a_message_that_names_its_object_stands_alone(message: str, named: bool) -> None:
    page = text.render(report(conversion(an_object("HR.EMP", finding("manual", message=message)))))

    assert named == (f"    hr.sql:3: {message}\n" in page)
    assert named != (f"    hr.sql:3  table HR.EMP: {message}\n" in page)


def test_nothing_to_do_is_said() -> None:
    for form in (text, markdown):
        assert "Nothing needs a person" in form.render(report(conversion(an_object())))


def test_lost_characters_are_said_loudly() -> None:
    for form in (text, markdown):
        assert "17 characters of 120 not accounted for" in form.render(report(conversion(unclaimed=17)))


def test_a_skipped_conversion_prints_its_advice() -> None:
    for form in (text, markdown):
        page = form.render(skipped_model())
        assert "Use a snapshot." in page
        assert "Nothing needs a person" not in page
    assert json_report.as_dict(skipped_model())["conversions"][0]["advice"][1:] == ["Use a snapshot."]


def test_names_that_changed_in_more_than_case_are_listed() -> None:
    page = text.render(rich_model())

    assert "table LONG_ONE -> long_1" in page
    assert "HR.T1 -> hr.t1" not in page


@pytest.mark.parametrize("name", FORMATS)
def test_reports_are_the_same_each_time_and_end_in_one_line_feed(name: str) -> None:
    first, second = (FORMATS[name](rich_model()) for _ in range(2))

    assert first == second
    assert first.endswith("\n") and not first.endswith("\n\n")
    assert not any(line != line.rstrip() for line in first.splitlines() if name != ".md")


def test_markdown_shows_marks_of_a_message_as_they_are() -> None:
    assert markdown.escaped("a | b *c*\n <d> [e] f_g _h") == r"a \| b \*c\* \<d\> \[e\] f_g \_h"
    assert markdown.code("a`b") == "``a`b``"
    assert markdown.code("`a`") == "`` `a` ``"


def test_a_title_comes_from_the_page_of_the_code() -> None:
    assert digest.title("SC0000") == ""


def test_the_suffix_names_the_format() -> None:
    assert render(rich_model(), Path("a.JSON")).startswith("{")
    with pytest.raises(UnknownFormat, match=r"a\.xml.*\.json, \.md, \.txt"):
        render(rich_model(), Path("a.xml"))


def test_schema_version_label_of_postgres() -> None:
    assert digest.label(conversion(target=POSTGRES)) == "postgres 15"


class TestWriting:
    """write_all: everything or nothing."""

    def test_new_files_and_folders(self, tmp_path: Path) -> None:
        write_all({tmp_path / "a" / "b" / "x.sql": "ä\r\n", tmp_path / "y.sql": "y\n"})

        assert "ä\r\n".encode() == (tmp_path / "a" / "b" / "x.sql").read_bytes()
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "y.sql"]

    def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(self, tmp_path: Path) -> None:
        old = tmp_path / "old.sql"
        old.write_text("old")
        old.chmod(0o640)
        write_all({old: "new", tmp_path / "new.sql": "new"})
        (tmp_path / "plain").touch()

        assert stat.S_IMODE(old.stat().st_mode) == 0o640
        assert stat.S_IMODE((tmp_path / "plain").stat().st_mode) == stat.S_IMODE((tmp_path / "new.sql").stat().st_mode)

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "real.sql").write_text("old")
        (tmp_path / "link.sql").symlink_to(tmp_path / "real.sql")
        write_all({tmp_path / "link.sql": "new"})

        assert (tmp_path / "link.sql").is_symlink()
        assert (tmp_path / "real.sql").read_text() == "new"

    def test_a_device_is_written_and_stays(self) -> None:
        write_all({Path("/dev/null"): "gone"})

        assert stat.S_ISCHR(os.stat("/dev/null").st_mode)

    def test_nothing_is_written_when_one_file_cannot_be(self, tmp_path: Path) -> None:
        (tmp_path / "old.sql").write_text("old")
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(WriteError, match=r"file/x\.sql: cannot be written .*no output was changed"):
            write_all({tmp_path / "old.sql": "new", tmp_path / "d" / "n.sql": "n", tmp_path / "file" / "x.sql": "x"})

        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"old.sql": "old", "file": "in the way"}

    @pytest.mark.parametrize("failing", [1, 2, 3])
    def test_a_failed_rename_puts_the_old_files_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
    ) -> None:
        (tmp_path / "1.sql").write_text("old 1")
        (tmp_path / "2.sql").write_text("old 2")
        real, calls = os.replace, []

        def replace_once(source: Any, target: Any) -> None:
            calls.append(target)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
            real(source, target)

        monkeypatch.setattr(os, "replace", replace_once)
        with pytest.raises(WriteError, match="No space left"):
            write_all({tmp_path / f"{n}.sql": f"new {n}" for n in (1, 2, 3)})
        monkeypatch.undo()

        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"1.sql": "old 1", "2.sql": "old 2"}

    def test_no_temporary_file_stays_after_an_interrupt(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_all({tmp_path / "a.sql": "a"})
        monkeypatch.undo()

        assert list(tmp_path.iterdir()) == []
