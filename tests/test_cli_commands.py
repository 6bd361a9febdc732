"""The configuration, the other commands, the pages made from them, and the command as a process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import madeup
import pytest
from commandline import ORACLE, TABLE, TO_PG, Command, needs_pipeline, one_line, script, tree

import schemaconv
from schemaconv import codes, options, rulefiles
from schemaconv.cli import about, docs, starter
from schemaconv.cli.commands import EXIT_CODES, cli
from schemaconv.verify import Outcome, VerifyResult, VerifyUnavailable

pytest_plugins = ("cli_fixtures",)

ROOT = Path(__file__).resolve().parent.parent


# configuration


def test_the_configuration_file_gives_defaults_and_flags_win(made_up: Command) -> None:
    script(name="project/schema/a.sql")
    script(
        '[run]\nfrom = "oracle"\nto = ["postgres", "mysql"]\npaths = "schema"\noutput = "out/"\n'
        'report = "r.md"\nfail_on = "review"\n[options]\nnumber = "double"\n',
        "project/schemaconv.toml",
    )
    assert made_up("convert", "--config", "project/schemaconv.toml").code == 0
    assert {"out/mysql/schema.sql", "out/postgres/schema.sql", "r.md"} <= set(tree("project"))

    os.chdir("project")
    done = made_up("convert", "--to", "redshift", "-o", "-")
    assert done[:2] == (0, "CREATE TABLE emp;\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[run]\nto = 5", "run.to is 5"),
        ('[run]\nfail_on = "often"', "never, error, manual, review"),
        ('[run]\njobs = "two"', "whole number"),
        ('[run]\nfrom = ["oracle", "oracle"]', "not a list"),
        ('[run]\nform = "oracle"', "did you mean 'from'"),
        ('[options]\nnumbr = "double"', "did you mean 'number'"),
        ("[run", "schemaconv.toml"),
    ],
)
def test_mistakes_in_the_configuration_are_one_line(made_up: Command, line: str, said: str) -> None:
    script(line + "\n", "schemaconv.toml")
    args = [*(() if "from" in line else ORACLE), *(() if "to =" in line else ("--to", "mysql"))]

    assert said in one_line(made_up("convert", *args, script()))


@pytest.fixture
def chosen(made_up: Command, monkeypatch: pytest.MonkeyPatch) -> Callable[..., options.Options]:
    """The options that the command hands to the pipeline."""
    seen: list[options.Options] = []

    def spy(files: Any, origin: Any, targets: Any, given: options.Options, progress: Any, jobs: int) -> Any:
        seen.append(given)
        return madeup.run(files, origin, targets, given, progress)

    def call(*args: str) -> options.Options:
        monkeypatch.setattr("schemaconv.pipeline.run", spy)
        assert made_up("convert", *TO_PG, script(), *args).code == 0
        return seen[-1]

    return call


def test_flags_become_options(chosen: Callable[..., options.Options]) -> None:
    script('[options]\nnumber = "double"\nencoding = "cp1252"\n[define]\nA = "1"\nB = "2"\n', "schemaconv.toml")
    given = chosen(
        "--set", "number1=boolean", "--set", "schema_map.HR=people", "--define", "B=3", "--define", "C=a=b",
        "--encoding", "utf-8", "--layout", "single",
    )  # fmt: skip

    assert (given.number, given.number1, given.encoding) == ("double", "boolean", "utf-8")
    assert given.define == (("A", "1"), ("B", "3"), ("C", "a=b"))
    assert given.schema_map == (("HR", "people"),)


# the other commands


def test_version_and_help(command: Command) -> None:
    assert f"schemaconv {schemaconv.__version__}\n" == command("--version").out
    assert list(cli.commands) == ["convert", "assess", "verify", "explain", "engines", "init"]
    page = command("--help").out
    assert all(name in page for name in cli.commands)
    assert all(str(code) in page and meaning in " ".join(page.split()) for code, meaning in EXIT_CODES)
    for name in cli.commands:
        done = command(name, "-h")
        assert done.code == 0 and done.out.startswith(f"Usage: schemaconv {name}")


@pytest.fixture
def coded(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Command]:
    """Runs the command over two made-up codes."""
    folder = tmp_path / "codes"
    folder.mkdir()
    pages = {}
    for code, slug in (("SC2104", "number-without-precision"), ("SC2105", "number-with-negative-scale")):
        pages[code] = folder / f"{code}-{slug}.md"
        pages[code].write_text(
            '+++\nseverity = "review"\nmessage = "m"\nremedy = "r"\n+++\n## What happened\n\nMuch.\n'
        )
    monkeypatch.setattr(rulefiles, "code_files", lambda: pages)
    codes.page.cache_clear()
    yield command
    codes.page.cache_clear()


@pytest.mark.parametrize("code", ["SC2104", "sc2104", "2104", "number without precision", "number-without-precision"])
def test_explain(coded: Command, code: str) -> None:
    done = coded("explain", code)

    assert done.code == 0
    assert "SC2104" in done.out and "## What happened" in done.out


@pytest.mark.parametrize("code", ["SC2140", "sc2199", "21", "number-with-precision"])
def test_explain_of_an_unknown_code_names_near_ones(coded: Command, code: str) -> None:
    line = one_line(coded("explain", code))

    assert "SC210" in line or code == "21"


def test_explain_lists_every_code(coded: Command) -> None:
    assert coded("explain").out.splitlines() == [
        "SC2104  review  number without precision",
        "SC2105  review  number with negative scale",
    ]


def test_explain_on_a_terminal_is_set_in_type(coded: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemaconv.cli.shell._is_terminal", lambda stream: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    page = coded("explain", "SC2104").out

    assert "What happened" in page and "## What happened" not in page


def test_engines(command: Command) -> None:
    lines = command("engines").out.splitlines()

    assert any(re.match(r"postgres +15 +.*\b17\b", line) for line in lines)
    assert any(re.match(r"oracle ", line) for line in lines)


def test_the_support_matrix_lists_every_construct_on_every_target(command: Command) -> None:
    done = command("engines", "--constructs")

    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert all(name in lines[0] for name in schemaconv.engines.TARGETS)
    for about_one in schemaconv.engines.constructs().values():
        assert any(line.startswith(about_one["title"]) for line in lines)


def test_init_writes_what_it_does_not_overwrite(command: Command) -> None:
    assert command("init").code == 0
    script("mine\n", "schemaconv.toml")
    assert "schemaconv.toml is there already" in one_line(command("init"))
    assert Path("schemaconv.toml").read_text() == "mine\n"
    assert command("init", "--force").code == 0
    assert command("init", "other.toml").code == 0
    assert Path("other.toml").read_text() == Path("schemaconv.toml").read_text() == starter.text()


def test_init_changes_nothing_and_names_everything(tmp_path: Path) -> None:
    text = starter.text()
    (tmp_path / "a.toml").write_text(text)
    assert options.Configuration() == options.from_file(tmp_path / "a.toml")

    opened = re.sub(r"(?m)^# (\w+ = )", r"\1", text.partition("# [[type]]")[0])
    (tmp_path / "b.toml").write_text(opened)
    found = options.from_file(tmp_path / "b.toml")
    values = tomllib.loads(opened)
    assert set(options.RUN_KEYS) == set(values["run"])
    assert {f for f in options.DEFAULTS.__dataclass_fields__ if f not in starter.SECTIONS} == set(values["options"])
    assert options.with_values(found.options, {"schema_map": (), "define": ()}, "test") == options.DEFAULTS
    for name, choices in options.CHOICES.items():
        assert all(f"#   {choice} " in text for choice in choices), name


def test_every_option_is_explained() -> None:
    assert set(options.DEFAULTS.__dataclass_fields__) == set(about.ABOUT)
    assert {k: set(v) for k, v in options.CHOICES.items()} == {
        k: set(a.choices) for k, a in about.ABOUT.items() if a.choices
    }
    assert set(options.RUN_KEYS) == set(about.RUN)


@pytest.mark.parametrize("name", ["cli.md", "options.md"])
def test_the_documentation_is_current(name: str) -> None:
    current = (ROOT / "docs" / name).read_text("utf-8")

    assert docs.pages()[name] == current, "run: python -m schemaconv.cli.docs"


# verification


class Verifier:
    """Stands for schemaconv.verify.verify_scripts: refuses every statement with BAD in it."""

    def __init__(self) -> None:
        self.seen: list[tuple[Any, ...]] = []

    def __call__(self, scripts: Any, engine: Any, url: str | None = None) -> Any:
        self.seen.append((scripts, engine.name, url))
        outcomes = tuple(
            Outcome(number, line, "BAD" not in line.upper(), "no such\nthing", "table hr.emp", file)
            for file, text in scripts
            for number, line in enumerate(text.splitlines(), 1)
        )
        return VerifyResult("PostgreSQL 15.3", outcomes)


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> Verifier:
    found = Verifier()
    monkeypatch.setattr("schemaconv.verify.verify_scripts", found)
    return found


def test_convert_verifies_what_it_made(made_up: Command, verifier: Verifier) -> None:
    good = made_up("convert", *TO_PG, script(TABLE), "--verify", "-o", "o.sql")
    assert good.code == 0
    assert "PostgreSQL 15.3 accepted 1 statement" in good.err

    bad = made_up(
        "convert",
        *TO_PG,
        script(TABLE + "CREATE TABLE bad;\n"),
        "--verify",
        "-o",
        "o.sql",
        "--fail-on",
        "never",
    )
    assert bad.code == 1
    assert "o.sql:2:1: error SC8001: PostgreSQL 15.3 refused the statement: no such thing\n" in bad.err
    args = ("--verify", "-o", "out/", "--report", "r.json")
    made_up("convert", *TO_PG, script(TABLE + "CREATE TABLE bad;\n"), *args)
    first, second = json.loads(Path("r.json").read_text())["conversions"][0]["objects"]
    assert (first["verdict"], first["diagnostics"]) == ("converted", [])
    assert second["verdict"] == "failed"
    assert (second["diagnostics"][0]["file"], second["diagnostics"][0]["line"]) == ("out/schema.sql", 2)
    assert "PostgreSQL 15.3 refused 1 of 2 statements" in bad.err


def test_convert_verifies_on_the_server_of_each_family(made_up: Command, verifier: Verifier) -> None:
    urls = ("--url", "mysql://m/", "--url", "postgresql://p/")
    done = made_up("convert", *TO_PG, "--to", "aurora-mysql", script(), "-o", "out", *urls)

    assert done.code == 0, done.err
    assert [seen[1:] for seen in verifier.seen] == [("postgres", "postgresql://p/"), ("aurora-mysql", "mysql://m/")]
    line = one_line(made_up("convert", *TO_PG, script(), "--url", "mysql://user:secret@m/"))
    assert "--url mysql" in line and "secret" not in line


def test_verify(command: Command, verifier: Verifier) -> None:
    script("a;\n", "s/1.sql")
    script("BAD;\n", "s/2.sql")
    done = command("verify", "s", "--to", "pg", "--url", "postgresql://here/")

    assert done[:2] == (1, "PostgreSQL 15.3 refused 1 of 2 statements\n")
    assert "s/2.sql:1:1: error SC8001: PostgreSQL 15.3 refused the statement: no such thing\n" in done.err
    assert verifier.seen[0] == (
        [("s/1.sql", "a;\n"), ("s/2.sql", "BAD;\n")],
        "postgres",
        "postgresql://here/",
    )
    assert command("verify", "s/1.sql", "--to", "pg").code == 0
    assert "accepted table" in command("verify", "s/1.sql", "--to", "pg", "-v").err


def test_no_server_is_one_line_and_nothing_is_written(made_up: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: Any) -> None:
        raise VerifyUnavailable("no mysqld on the PATH; install one or give --url")

    monkeypatch.setattr("schemaconv.verify.verify_scripts", unavailable)
    assert "no mysqld" in one_line(made_up("verify", script(), "--to", "mysql"))
    assert "no mysqld" in one_line(made_up("convert", *TO_PG, script(), "--verify", "-o", "o.sql"))
    assert not Path("o.sql").exists()


def test_a_missing_driver_names_the_extra(made_up: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(*_: Any) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr("schemaconv.verify.verify_scripts", without)
    assert "pip install 'schemaconv[postgres]'" in one_line(made_up("verify", script(), "--to", "pg"))


# as a process


def python(*args: str, cwd: Path = ROOT, **given: Any) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *args], cwd=cwd, env=env, capture_output=True, check=False, **given)


def test_help_is_quick() -> None:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        assert python("-m", "schemaconv", "--help").returncode == 0
        times.append(time.perf_counter() - start)

    assert min(times) < 0.25 * float(os.environ.get("SCHEMACONV_TEST_SLACK", "1"))


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from schemaconv.cli import main; main(['--help']);"
        "print(*[m for m in ('sqlglot', 'networkx', 'rich', 'psycopg', 'pymysql') if m in sys.modules])"
    )
    assert python("-c", code).stdout.splitlines()[-1] == b""


BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('click', 'rich'):
            raise ImportError(name + ' is blocked')
sys.meta_path.insert(0, Block())
"""


def test_the_library_needs_neither_click_nor_rich() -> None:
    done = python("-c", BLOCK + "from schemaconv import convert, assess, explain, Options")

    assert (done.returncode, done.stderr) == (0, b"")


@needs_pipeline
def test_a_conversion_needs_neither_click_nor_rich() -> None:
    code = """
from schemaconv import convert
made = convert('CREATE TABLE t (id NUMBER(9) PRIMARY KEY);', source='oracle', target='postgres')
print(made.report['conversions'][0]['summary']['objects']['total'])
"""
    done = python("-c", BLOCK + code)

    assert (done.returncode, done.stdout) == (0, b"1\n"), done.stderr


def test_exit_codes_reach_the_shell() -> None:
    assert python("-m", "schemaconv", "convert").returncode == 2
    assert python("-m", "schemaconv", "--version").returncode == 0


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m schemaconv engines | true; echo ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, check=False,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == (b"0\n", b"")
