"""What is shipped: wheel and source package hold the rules; the wheel works away from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RULES = sorted(p.relative_to(ROOT / "rules").as_posix() for p in (ROOT / "rules").rglob("*") if p.is_file())

pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="needs the source tree")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The wheel and the source package."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    missing = [f for f in ("README.md", "LICENSE") if not (ROOT / f).is_file()]
    if missing:
        pytest.skip(f"not there yet: {', '.join(missing)}")
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    yield next(out.glob("*.whl")), next(out.glob("*.tar.gz"))


def test_wheel_holds_rules_types_and_schema(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
    assert {f"schemaconv/_rules/{r}" for r in RULES} <= names
    assert {"schemaconv/py.typed", "schemaconv/report/report.schema.json"} <= names
    assert not [n for n in names if n.startswith(("tests/", "rules/", "samples/"))]


def test_source_package_holds_everything_to_build_and_test(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    assert {f"rules/{r}" for r in RULES} <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "schemaconv/py.typed", "tests/conftest.py"} <= names


def test_wheel_works_on_its_own(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Installed into its own environment and run from elsewhere: nothing of the checkout can help."""
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin" / "python"
    site = subprocess.run(
        [str(python), "-c", "import site; print(site.getsitepackages()[0])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "-q",
        str(built[0]),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    # The dependencies come from here; an editable installation of this package must not come with them.
    for dependency in (
        "sqlglot",
        "sqlglotc",
        "networkx",
        "click",
        "rich",
        "markdown_it",
        "mdurl",
        "pygments",
    ):
        for home in map(Path, sys.path):
            found = home / dependency
            if found.is_dir() and home.name == "site-packages":
                (Path(site) / dependency).symlink_to(found)
                break
    (tmp_path / "hr.sql").write_text(
        "CREATE TABLE emp (id NUMBER(9) PRIMARY KEY, name VARCHAR2(30 CHAR) NOT NULL);\n"
    )
    command = [str(place / "bin" / "schemaconv"), "convert", "--from", "oracle", "--to", "postgres", "hr.sql",
               "-o", "out.sql", "--report", "out.json", "-q"]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stderr
    assert "CREATE TABLE emp (" in (tmp_path / "out.sql").read_text()
    report = json.loads((tmp_path / "out.json").read_text())
    assert report["conversions"][0]["summary"]["objects"]["converted"] == 1
