"""Fragments: what is refused and why, what is written without a parser, and the rows of the functions."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemaconv import codes, engines, rulefiles
from schemaconv.ir.fragment import Constant, Known, Translated
from schemaconv.ir.types import Type
from schemaconv.legalize.functions import Translator, family_rows, source_rows
from schemaconv.options import Options
from schemaconv.severity import Severity
from schemaconv.sql import constants, formats, intervals
from schemaconv.sql.conserve import missing
from schemaconv.sql.lexis import lexis
from schemaconv.sql.pieces import pieces
from schemaconv.sql.render import Printer
from schemaconv.sql.rows import Row
from schemaconv.sql.template import Templates
from schemaconv.sql.tree import exp

TARGETS = ("postgres", "mysql", "redshift")
DATE = Type("timestamp", precision=0, raw="DATE")
WHOLE = Type("decimal", precision=9, scale=0)
TEXT = Type("varchar", length=30)
COLUMNS = {
    "ID": WHOLE, "NAME": TEXT, "NICK": TEXT, "SAL": Type("decimal", precision=8, scale=2), "HIRED": DATE, "QTY": WHOLE,
    "FLAG": Type("boolean"), "SEEN": Type("timestamptz", precision=6), "CODE": Type("varbinary", length=16),
}  # fmt: skip
TABLES = {
    "EMP": {name: Known(type_, name in ("ID", "NAME")) for name, type_ in COLUMNS.items()},
    "DEPT": {"ID": Known(WHOLE, True), "TITLE": Known(TEXT)},
}


class Names:
    """Lower case, but for names that somebody gave a case."""

    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        return schema.lower(), name.lower() if folded else name

    def column_text(self, name: str, folded: bool) -> str:
        return name.lower() if folded else name

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        return TABLES.get(name)


class Drawing(Names):
    """Knows what became of sequences."""

    def drawn_from(self, schema: str, name: str, into: tuple[str, str, str] | None) -> int | None:
        if name == "OWN" and into is not None and into[2:] not in (("ID",), ("",)):
            return None
        return {"OWN": 0, "KEPT": 5}.get(name)


def translator(target: str = "postgres", names: Any = None, **options: Any) -> Translator:
    return Translator(engines.find(target, "target"), Options(**options), names or Names(), "oracle")


def expression(text: str, target: str = "postgres", wanted: Type | None = None, **options: Any) -> Translated:
    return translator(target, **options).expression(text, COLUMNS, wanted, ("ID", "NAME"))


def query(text: str, target: str = "postgres") -> Translated:
    return translator(target).query(text)


def found(done: Translated) -> list[str]:
    return [f.code for f in done.findings]


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


# -- without a parser --------------------------------------------------------------------------------------------------

PLAIN = (
    ("0", None, "0", "0"),
    ("-1.5", None, "-1.5", "-1.5"),
    (".5", None, "0.5", "0.5"),
    ("'it''s'", None, "'it''s'", "'it''s'"),
    ("q'[it's]'", None, "'it''s'", "'it''s'"),
    ("N'x'", None, "'x'", "'x'"),
    ("'C:\\x'", None, "'C:\\x'", "'C:\\\\x'"),
    ("''", TEXT, "NULL", "NULL"),
    ("NULL", None, "NULL", "NULL"),
    ("(5)", WHOLE, "5", "5"),
    ("'5'", WHOLE, "5", "5"),
    ("5", TEXT, "'5'", "'5'"),
    ("'Y'", COLUMNS["FLAG"], "TRUE", "TRUE"),
    ("0", COLUMNS["FLAG"], "FALSE", "FALSE"),
    ("SYSDATE", DATE, "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
    ("SYSTIMESTAMP", Type("timestamp", precision=3), "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(3)"),
    ("CURRENT_TIMESTAMP(6)", Type("timestamp"), "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(6)"),
    ("SYSDATE", Type("date"), "CURRENT_DATE", "CURRENT_DATE"),
    ("TO_DATE('2020-01-05', 'YYYY-MM-DD')", DATE, "'2020-01-05'", "'2020-01-05'"),
    ("TO_DATE('01-JAN-1970 10:30', 'DD-MON-YYYY HH24:MI')", DATE, "'1970-01-01 10:30:00'", "'1970-01-01 10:30:00'"),
    ("DATE '2020-01-05'", DATE, "'2020-01-05'", "'2020-01-05'"),
    ("'0AFF'", COLUMNS["CODE"], "'\\x0AFF'", "X'0AFF'"),
    ("SYS_GUID()", COLUMNS["CODE"], "UUID_SEND(GEN_RANDOM_UUID())", "UUID_TO_BIN(UUID())"),
    ("SYS_GUID()", Type("uuid"), "GEN_RANDOM_UUID()", "UUID()"),
    ("id > 0", None, "id > 0", "id > 0"),
    ('"NAME" IS NOT NULL', None, "name IS NOT NULL", "name IS NOT NULL"),
    ("(name IN ('A', 'B') or id != 5)", None, "(name IN ('A', 'B') OR id <> 5)", "(name IN ('A', 'B') OR id <> 5)"),
    ("id NOT BETWEEN -1 AND 9", None, "id NOT BETWEEN -1 AND 9", "id NOT BETWEEN -1 AND 9"),
    ("flag IN (0, 1)", None, "flag IN (FALSE, TRUE)", "flag IN (FALSE, TRUE)"),
    ("id >= qty", None, "id >= qty", "id >= qty"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "pg", "mysql"), PLAIN)
def test_plain(text: str, wanted: Type | None, pg: str, mysql: str) -> None:
    assert expression(text, "postgres", wanted).text == pg
    assert expression(text, "mysql", wanted).text == mysql


def test_plain_fragments_never_import_the_parser() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from schemaconv import engines\n"
        "from schemaconv.legalize.functions import Translator\n"
        "from schemaconv.options import Options\n"
        "class Names:\n"
        "    def table_text(self, s, n, f): return s, n.lower()\n"
        "    def column_text(self, n, f): return n.lower()\n"
        "t = Translator(engines.find('postgres'), Options(), Names(), 'oracle')\n"
        "assert t.expression('SYSDATE').text and t.expression(\"a IN ('x')\").text\n"
        "assert t.constant('MAXVALUE').kind == 'maxvalue'\n"
        "assert t.statement(\"INSERT INTO t VALUES (1, 'x', NULL, s.NEXTVAL, SYSDATE)\").text\n"
        "print('sqlglot' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("insert into emp (id, name) values (1, 'it''s')", "INSERT INTO emp (id, name) VALUES (1, 'it''s')"),
        ('INSERT INTO hr."Mixed" ("Select") VALUES (-1)', 'INSERT INTO hr."Mixed" ("Select") VALUES (-1)'),
        ("INSERT INTO emp (hired) VALUES ('01-JAN-2020')", "INSERT INTO emp (hired) VALUES ('2020-01-01')"),
        ("INSERT INTO emp (flag, code) VALUES (1, '0a')", "INSERT INTO emp (flag, code) VALUES (TRUE, '\\x0a')"),
        ("INSERT INTO t VALUES (DATE '2020-01-01', '')", "INSERT INTO t VALUES (DATE '2020-01-01', NULL)"),
        ("INSERT INTO t VALUES (hr.s.NEXTVAL, DEFAULT)", "INSERT INTO t VALUES (NEXTVAL('hr.s'), DEFAULT)"),
        (
            "INSERT ALL INTO t (a) VALUES (1) INTO t (a) VALUES (2) INTO u VALUES (3) SELECT * FROM dual",
            "INSERT INTO t (a) VALUES\n  (1),\n  (2);\nINSERT INTO u VALUES (3)",
        ),
    ],
)
def test_insert(text: str, row: str) -> None:
    assert translator().statement(text).text == row


def test_sequences_where_there_are_none() -> None:
    done = translator("mysql", Drawing())
    assert (
        done.statement("INSERT INTO t (id, a) VALUES (own.NEXTVAL, 1)").text
        == "INSERT INTO t (id, a) VALUES (DEFAULT, 1)"
    )
    assert done.statement("INSERT INTO t VALUES (kept.NEXTVAL)").text == (
        "UPDATE kept SET next_val = LAST_INSERT_ID(next_val) + 5;\nINSERT INTO t VALUES (LAST_INSERT_ID())"
    )
    assert done.statement("INSERT INTO t (a, b) VALUES (kept.NEXTVAL, 1), (kept.NEXTVAL, 2)").text == (
        "UPDATE kept SET next_val = LAST_INSERT_ID(next_val) + 5;\nINSERT INTO t (a, b) VALUES (LAST_INSERT_ID(), 1);\n"
        "UPDATE kept SET next_val = LAST_INSERT_ID(next_val) + 5;\nINSERT INTO t (a, b) VALUES (LAST_INSERT_ID(), 2)"
    )
    assert found(done.statement("INSERT INTO t VALUES (other.NEXTVAL)")) == ["SC4238"]
    assert found(done.statement("INSERT INTO t (id, a) VALUES (1, own.NEXTVAL)")) == ["SC4238"]
    assert found(translator("mysql").expression("s.NEXTVAL")) == ["SC4238"]


# -- constants ---------------------------------------------------------------------------------------------------------

CONSTANTS = (
    ("5", Constant("number", "5")),
    ("-.5", Constant("number", "-0.5")),
    ("(10)", Constant("number", "10")),
    ("1.5f", Constant("number", "1.5")),
    ("'a''b'", Constant("string", "a'b")),
    ("''", Constant("null")),
    ("NULL", Constant("null")),
    ("MAXVALUE", Constant("maxvalue")),
    ("default", Constant("default")),
    ("DATE '2020-02-29'", Constant("date", "2020-02-29")),
    ("DATE '2021-02-29'", None),
    ("TIMESTAMP' 2015-01-01 00:00:00'", Constant("timestamp", "2015-01-01 00:00:00")),
    ("TIMESTAMP '2015-01-01 10:11:12.500 +2:00'", Constant("timestamp", "2015-01-01 10:11:12.5+02:00")),
    (
        "TO_DATE(' 2007-01-01 00:00:00', 'SYYYY-MM-DD HH24:MI:SS', 'NLS_CALENDAR=GREGORIAN')",
        Constant("date", "2007-01-01"),
    ),
    ("TO_DATE('01-JAN-99', 'DD-MON-RR')", Constant("date", "1999-01-01")),
    ("TO_DATE('01-JAN-49', 'DD-MON-RR')", Constant("date", "2049-01-01")),
    ("TO_DATE('01-JAN-70', 'DD-MON-YY')", Constant("date", "2070-01-01")),
    ("TO_DATE('20200105', 'YYYYMMDD')", Constant("date", "2020-01-05")),
    ("TO_DATE('5/1/2020 9:05 PM', 'DD/MM/YYYY HH:MI PM')", Constant("timestamp", "2020-01-05 21:05:00")),
    (
        "TO_TIMESTAMP('2020-01-05 10:00:00.123', 'YYYY-MM-DD HH24:MI:SS.FF')",
        Constant("timestamp", "2020-01-05 10:00:00.123"),
    ),
    ("TO_DATE('2020-13-01', 'YYYY-MM-DD')", None),
    ("TO_DATE('2020', 'YYYY')", None),  # the month of the day on which it runs
    ("TO_DATE('2020-01-01')", None),
    ("TO_DATE(x, 'YYYY')", None),
    ("SYSDATE", None),
    ("1 + 1", None),
    ("'open", None),
    ("", None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CONSTANTS)
def test_constant(text: str, value: Constant | None) -> None:
    assert translator().constant(text) == value


def test_unistr() -> None:
    assert constants.unistr("a\\00e9\\D83D\\DE00\\\\b") == "aé😀\\b"


# -- format models -----------------------------------------------------------------------------------------------------


def test_padding_switch_holds_to_the_next_one() -> None:
    source, family = source_rows("oracle"), family_rows("postgres", (15,))
    made = formats.date_out("FMDD Month FMYYYY HH24", source.date_elements, family.date_out)
    assert made.text == "FMDD FMMonth YYYY HH24"


def test_names_in_one_case_only() -> None:
    source, family = source_rows("oracle"), family_rows("mysql", (8, 0))
    assert formats.date_out("DD-MON-YYYY", source.date_elements, family.date_out) == formats.Model(
        "%d-%b-%Y", "upper", ("DD", "MON", "YYYY")
    )
    assert formats.date_out("Mon", source.date_elements, family.date_out).case == ""
    made = formats.date_out('MON "of" Dy', source.date_elements, family.date_out)
    assert made.parts == (formats.Part("model", "%b", "upper"), formats.Part("model", " of %a"))


@pytest.mark.parametrize("model", ["FM999", "999.00", "FM9,99,990", "L999", "FM00.0"])
def test_number_shapes_that_are_none(model: str) -> None:
    with pytest.raises(formats.UnknownElement):
        if formats.number_shape(model).zeros > 1 and "." in model:
            raise formats.UnknownElement(model)


@pytest.mark.parametrize(
    ("text", "units", "months", "seconds"),
    [
        ("5", "DAY", 0, 5 * 86400),
        ("1-6", "YEAR TO MONTH", 18, 0),
        ("-1 02:03:04.5", "DAY TO SECOND", 0, -93784.5),
        ("04:03", "MINUTE TO SECOND", 0, 243),
    ],
)
def test_interval(text: str, units: str, months: int, seconds: float) -> None:
    parts = intervals.Parts.read(text, units)
    assert parts is not None
    assert (parts.months, float(parts.seconds)) == (months, seconds)


# -- the rows ----------------------------------------------------------------------------------------------------------

#: Holes that code fills beside the parameters of a row.
EXTRA = {"decimals", "zeros", "order", "set_first", "set_last"}


def ways(family: str) -> Iterator[tuple[str, str]]:
    for op, entry in rulefiles.load(f"functions/write/{family}.toml")["functions"].items():
        for each in entry if isinstance(entry, list) else [entry]:
            yield op, each if isinstance(each, str) else each.get("sql", "")


@pytest.mark.parametrize("target", TARGETS)
def test_every_template_is_read_and_printed_back(target: str) -> None:
    rows = family_rows(target, ())
    quote = "`" if rows.dialect == "mysql" else '"'
    printer, templates = Printer(rows.dialect, quote, rows.backslash), Templates(rows.dialect)
    for op, sql in ways(target):
        if not sql or "CONVERT(" in sql:
            continue
        text = printer.text(templates.parsed(sql).copy(), False).replace("%(", ":").replace(")s", "")
        assert text.replace(" ", "") == sql.replace(" ", ""), op


@pytest.mark.parametrize("target", TARGETS)
def test_holes_are_filled_by_the_rows(target: str) -> None:
    templates = Templates(family_rows(target, ()).dialect)
    holes = {op: {str(h.this) for h in templates.parsed(s).find_all(exp.Placeholder)} for op, s in ways(target) if s}
    for row in every_row():
        given_ = {p.name for p in row.parameters} | {name for name, _ in row.constants} | EXTRA
        given_ |= {f"{p.name}_abs" for p in row.parameters if p.kind in ("negative", "minus_one")}
        given_ |= {f"{p.name}_pattern" for p in row.parameters if p.kind in ("char", "unbordered")}
        assert holes.get(row.op, set()) <= given_, (row.name, row.op)


def every_row() -> list[Row]:
    return [row for rows in source_rows("oracle").rows.values() for row in rows]


def test_every_operation_is_said_by_some_target_or_none_on_purpose() -> None:
    said = {op for target in TARGETS for op in family_rows(target, ()).operations()}
    silent = {row.op for row in every_row()} - said
    assert silent == {
        "bits_to_number", "date_as_text_and_back", "interval_of_text", "new_time", "ratio_to_report", "unistr_literal",
    }  # fmt: skip


def test_families_list_the_same_query_constructs() -> None:
    lists = [set(rulefiles.load(f"functions/write/{t}.toml")["query"]) for t in TARGETS]
    assert lists[0] == lists[1] == lists[2]


# -- what is refused ---------------------------------------------------------------------------------------------------

REFUSED = (
    ("SC4200", "a = "),
    ("SC4200", "'open"),
    ("SC4200", ""),
    ("SC4200", "((1)"),
    ("SC4201", "my_function(name)"),
    ("SC4201", "hr.pkg.f(1)"),
    ("SC4201", '"Mixed"(1)'),
    ("SC4202", "TRUNC(other_column)"),
    ("SC4300", "ORA_HASH(name)"),
    ("SC4204", "ROUND(hired, 'IW')"),
    ("SC4204", "REGEXP_LIKE(name, nick)"),
    ("SC4204", "hired + hired"),
    ("SC4205", "CAST(name AS NUMBER DEFAULT 0 ON CONVERSION ERROR)"),
    ("SC4206", "TO_CHAR(hired, 'YEAR')"),
    ("SC4207", "TO_CHAR(hired)"),
    ("SC4207", "TO_DATE(name)"),
    ("SC4207", "'since ' || hired"),
    ("SC4207", "CAST(hired AS VARCHAR2(10))"),
    ("SC4207", "hired > '01/02/03'"),
    ("SC4208", "CAST(name AS my_type)"),
    ("SC4209", "ROWID = '1'"),
    ("SC4227", "id = :bind"),
    ("SC4228", "name = '&x' || &y"),
)


@pytest.mark.parametrize(("code", "text"), REFUSED)
@pytest.mark.parametrize("target", TARGETS)
def test_refused(target: str, code: str, text: str) -> None:
    done = expression(text, target)
    assert (done.text, found(done)) == (None, [code])
    assert codes.page(code).severity is Severity.MANUAL
    assert 0 <= done.findings[0].offset <= len(text)


REFUSED_QUERIES = (
    ("SC4210", "SELECT * FROM elsewhere CONNECT BY PRIOR id = qty"),
    ("SC4211", "SELECT * FROM emp PIVOT XML (SUM(sal) FOR qty IN (ANY))"),
    ("SC4212", "SELECT id FROM emp MODEL DIMENSION BY (id) MEASURES (sal) RULES ()"),
    ("SC4213", "SELECT * FROM emp MATCH_RECOGNIZE (ORDER BY id PATTERN (a) DEFINE a AS id > 1)"),
    ("SC4214", "SELECT id FROM emp AS OF TIMESTAMP SYSTIMESTAMP"),
    ("SC4215", "SELECT id FROM emp@remote"),
    ("SC4216", "SELECT column_value FROM TABLE(f(1))"),
    ("SC4221", "SELECT id FROM emp PARTITION (p1)"),
    ("SC4223", "WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual"),
    ("SC4225", "SELECT id INTO v FROM emp"),
    ("SC4226", "WITH t (a) AS (SELECT 1 FROM dual) SEARCH DEPTH FIRST BY a SET o SELECT a FROM t"),
    ("SC4246", "SELECT id FROM emp FETCH FIRST 5 PERCENT ROWS ONLY"),
    ("SC4249", "SELECT id FROM emp, dept WHERE ROWNUM < 5 ORDER BY 1"),
    ("SC4253", "SELECT e.id FROM emp e, dept d WHERE e.id = d.id(+) OR d.title(+) = 'x'"),
    ("SC4253", "SELECT e.id FROM emp e, dept d WHERE e.id(+) = d.id(+)"),
    ("SC4253", "SELECT e.id FROM emp e, dept d WHERE e.id = d.id(+) AND d.id = e.qty(+)"),
    ("SC4253", "SELECT e.id FROM emp e JOIN dept d ON e.id = d.id, dept x WHERE e.id = x.id(+)"),
)  # fmt: skip


@pytest.mark.parametrize(("code", "text"), REFUSED_QUERIES)
@pytest.mark.parametrize("target", TARGETS)
def test_refused_query(target: str, code: str, text: str) -> None:
    done = query(text, target)
    assert (done.text, found(done)) == (None, [code])
    assert codes.page(code).severity is Severity.MANUAL


def test_ordered_aggregate_over_a_window() -> None:
    text = "SELECT LISTAGG(name, ',') WITHIN GROUP (ORDER BY id) OVER (PARTITION BY qty) AS l FROM emp"
    assert found(query(text, "mysql")) == ["SC4239"]
    assert "STRING_AGG(name, ',') OVER (PARTITION BY qty ORDER BY id ROWS" in squeezed(query(text).text)
    assert "LISTAGG(name, ',') WITHIN GROUP (ORDER BY id) OVER (PARTITION BY qty)" in squeezed(
        query(text, "redshift").text
    )


REFUSED_STATEMENTS = (
    ("SC4224", "INSERT INTO emp SELECT * FROM emp LOG ERRORS"),
    ("SC4225", "DELETE FROM emp WHERE id = 1 RETURNING name INTO :n"),
    ("SC4263", "INSERT ALL WHEN id = 1 THEN INTO emp VALUES (1) SELECT id FROM emp"),
    ("SC4263", "INSERT ALL INTO emp VALUES (seq.NEXTVAL) INTO dept VALUES (seq.NEXTVAL) SELECT id FROM other"),
)


@pytest.mark.parametrize(("code", "text"), REFUSED_STATEMENTS)
@pytest.mark.parametrize("target", TARGETS)
def test_refused_statement(target: str, code: str, text: str) -> None:
    done = translator(target).statement(text)
    assert (done.text, found(done)) == (None, [code])


def test_deep_nesting_is_no_crash() -> None:
    for text in ("(" * 3000 + "id" + ")" * 3000 + " > 1", "NVL(" * 400 + "qty" + ", 0)" * 400):
        done = expression(text)
        assert done.text is not None or found(done) == ["SC4200"]


# -- what is said ------------------------------------------------------------------------------------------------------

SAID = (
    ("SC4230", "'a' || sal", "redshift"),
    ("SC4232", "TRUNC(hired, 'DAY')", "postgres"),
    ("SC4233", "'x' || USER", "postgres"),
    ("SC4235", "nick + 1", "postgres"),
    ("SC4236", "sal / 3", "mysql"),
    ("SC4241", "'x' || other", "postgres"),
    ("SC4241", "other + 1", "postgres"),
    ("SC4242", "TRIM(nick)", "postgres"),
    ("SC4243", "nick = ''", "postgres"),
    ("SC4244", "CASE WHEN id = 1 THEN '' END", "postgres"),
    ("SC4256", "TO_DATE(nick, 'DD-MON-RR')", "postgres"),
    ("SC4258", "hired + INTERVAL '1' MONTH", "mysql"),
    ("SC4259", "hired > '01-JAN-2020'", "mysql"),
    ("SC4265", "TO_DATE(hired, 'MM/DD/YYYY')", "postgres"),
)


@pytest.mark.parametrize(("code", "text", "target"), SAID)
def test_said(code: str, text: str, target: str) -> None:
    done = expression(text, target)
    assert done.text is not None
    assert found(done) == [code]
    assert codes.page(code).severity in (Severity.NOTE, Severity.REVIEW)


def test_immutable() -> None:
    assert expression("UPPER(name)").immutable
    assert expression("TRUNC(hired)").immutable
    stable = expression("TO_CHAR(hired, 'YYYY')")
    assert (stable.immutable, stable.volatile) == (False, False)
    clock = expression("hired > SYSDATE")
    assert (clock.immutable, clock.volatile) == (False, True)
    assert not expression("SYSDATE", wanted=DATE).immutable
    assert expression("name || nick").text == "name || COALESCE(nick, '')"  # concat() is not immutable
    assert "CONCAT(name, nick)" in (query("SELECT name || nick AS n FROM emp").text or "")


# -- shapes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT t.level FROM emp t", "SELECT t.level FROM emp AS t"),
        ('SELECT id AS "Order", name x FROM emp', 'SELECT id AS "Order", name AS x FROM emp'),
        ("SELECT e.id user_id FROM hr.emp e", "SELECT e.id AS user_id FROM hr.emp AS e"),
        ("SELECT emp.id FROM hr.emp", "SELECT emp.id FROM hr.emp"),
        ("SELECT id FROM (SELECT id FROM emp)", "SELECT id FROM (SELECT id FROM emp) AS q1"),
        ("SELECT 1 FROM dual", "SELECT 1"),
        ("SELECT x.id FROM dual, emp x", "SELECT x.id FROM emp AS x"),
        ("SELECT dummy FROM dual d", "SELECT dummy FROM (SELECT 'X' AS dummy) AS d"),
        ("SELECT id FROM emp WHERE ROWNUM <= 5", "SELECT id FROM emp LIMIT 5"),
        ("SELECT id FROM emp WHERE 5 > ROWNUM AND id > 1", "SELECT id FROM emp WHERE id > 1 LIMIT 4"),
        (
            "SELECT id FROM emp WHERE ROWNUM <= 5 ORDER BY id",
            "SELECT id FROM (SELECT * FROM emp LIMIT 5) AS emp ORDER BY id",
        ),
        ("SELECT name n FROM emp ORDER BY UPPER(n)", "SELECT name AS n FROM emp ORDER BY UPPER(name)"),
        ("SELECT id FROM emp ORDER BY id NULLS FIRST", "SELECT id FROM emp ORDER BY id NULLS FIRST"),
        (
            "WITH t (a) AS (SELECT 1 FROM dual UNION ALL SELECT a + 1 FROM t WHERE a < 5) SELECT a FROM t",
            "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t WHERE a < 5) SELECT a FROM t",
        ),
        (
            "SELECT id FROM emp UNION SELECT id FROM dept INTERSECT SELECT 1 FROM dual",
            "(SELECT id FROM emp UNION SELECT id FROM dept) INTERSECT SELECT 1",
        ),
        ("SELECT id FROM emp WHERE flag = 1", "SELECT id FROM emp WHERE flag = TRUE"),
        ("SELECT 1 FROM (emp e JOIN dept d ON e.id = d.id)", "SELECT 1 FROM (emp AS e JOIN dept AS d ON e.id = d.id)"),
    ],
)  # fmt: skip
def test_query(text: str, wanted: str) -> None:
    made = squeezed(query(text).text).replace("( ", "(").replace(" )", ")")
    assert made == wanted


def test_reserved_words_are_quoted() -> None:
    text = 'SELECT e.order_ AS "SELECT", e.limit, e.analyze FROM emp e'
    assert squeezed(query(text).text) == 'SELECT e.order_ AS "select", e."limit", e."analyze" FROM emp AS e'
    assert "e.`limit`" in (query("SELECT e.limit FROM emp e", "mysql").text or "")


def test_output_columns() -> None:
    done = query("SELECT e.id, e.name || 'x' AS n, TRUNC(hired) AS d FROM emp e")
    assert done.columns is not None
    assert [(n, k.type.kind, k.not_null) for n, k in done.columns] == [
        ("ID", "decimal", True), ("N", "varchar", True), ("D", "timestamp", False),
    ]  # fmt: skip
    assert query("SELECT * FROM unknown_table").columns is None


def test_hints_and_comments() -> None:
    done = query("SELECT /*+ FULL(e) */ id -- the key\nFROM emp e")
    assert found(done) == ["SC4252"]
    assert "/* the key */" in (done.text or "")


def test_bare_dates() -> None:
    done = translator(date="date")
    assert done.expression("SYSDATE", COLUMNS, DATE).text == "CURRENT_DATE"
    assert done.query("SELECT e.hired - f.hired AS d FROM emp e, emp f").text == (
        "SELECT (e.hired - f.hired) AS d FROM emp AS e, emp AS f"
    )


def test_update_where_set_takes_no_qualifier() -> None:
    text = "UPDATE emp e SET e.name = 'x', (sal, qty) = (SELECT 1, 2 FROM dual) WHERE e.id = 1"
    assert squeezed(translator().statement(text).text) == (
        "UPDATE emp AS e SET name = 'x', (sal, qty) = (SELECT 1, 2) WHERE e.id = 1"
    )
    assert squeezed(translator("mysql").statement(text).text) == (
        "UPDATE emp AS e SET e.name = 'x', sal = (SELECT 1), qty = (SELECT 2) WHERE e.id = 1"
    )
    own = translator("mysql").statement("DELETE FROM emp WHERE id IN (SELECT id FROM emp)").text
    assert squeezed(own) == "DELETE FROM emp WHERE id IN (SELECT id FROM (SELECT * FROM emp) AS emp)"


def test_versions() -> None:
    text = "SELECT id FROM emp MINUS SELECT id FROM dept"
    assert query(text, "mysql:8.0").text is not None
    assert found(query(text, "mysql:8.0.30")) == ["SC4254"]
    assert expression("nick IS JSON", "postgres:16").text == "nick IS JSON"
    assert expression("nick IS JSON").text == "(nick IS NULL OR CAST(nick AS json) IS NOT NULL)"
    merge = "MERGE INTO emp e USING dept d ON (e.id = d.id) WHEN MATCHED THEN UPDATE SET e.qty = 1"
    assert squeezed(translator("postgres:14").statement(merge).text) == (
        "UPDATE emp AS e SET qty = 1 FROM dept AS d WHERE e.id = d.id"
    )


# -- nothing is lost, nothing breaks -----------------------------------------------------------------------------------


def test_conservation_finds_what_is_lost() -> None:
    def lost(source: str, output: str, *consumed: str) -> str | None:
        return missing(
            pieces(source, lexis("oracle"))[0],
            output,
            {"A": {"a_1"}},
            consumed,
            functions=frozenset({"NVL"}),
            skipped=set(),
            backslash=False,
        )

    assert lost("SELECT NVL(a, 'x') FROM t", "SELECT COALESCE(a_1, 'x') FROM t") is None
    assert lost("SELECT a, b FROM t", "SELECT a_1 FROM t") == "b"
    assert lost("a = 'x'", "a_1 = 'y'") == "'x'".strip("'")
    assert lost("a = 15", "a_1 = 150") == "15"
    assert lost("a = 15", "a_1 IS NULL", "15") is None


PARTS = st.sampled_from(
    """
        a id name 'x' '' 1 1.5 NULL SYSDATE hired + - * / || = <> ( ) , AND OR NOT IN IS LIKE BETWEEN CASE WHEN THEN
        ELSE END NVL( TRUNC( TO_CHAR( DECODE( SELECT FROM dual emp WHERE (+) ROWNUM . NEXTVAL CAST( AS NUMBER(5) DATE
        INTERVAL DISTINCT '1' DAY "Q" q'[x]' --c /* */ :b @ & é # ? \\
    """.split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, max_size=12).map("\n".join), st.sampled_from(TARGETS))
def test_whatever_comes_is_answered(text: str, target: str) -> None:
    for done in (expression(text, target), query(text, target), translator(target).statement(text)):
        if done.text is None:
            assert codes.page(done.findings[-1].code).severity is Severity.MANUAL
            assert "SC4298" not in found(done), text
        else:
            assert all(codes.page(f.code).severity is not Severity.MANUAL for f in done.findings)
            assert "\x01" not in done.text
            assert "\x02" not in done.text


def test_threads() -> None:
    texts = [f"NVL(name, 'x{i}') || TO_CHAR(hired, 'YYYY')" for i in range(40)]
    alone = [expression(t).text for t in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda t: expression(t).text, texts)) == alone
