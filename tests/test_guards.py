"""The expression language of the rule files."""

import pytest

from schemaconv.guards import GuardError, compile_guard, compile_template, compile_value

VALUES = {"p": 10, "s": 0, "n": None, "unit": "char", "identity": False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p <= 18 and s == 0", True),
        ("p <= 9", False),
        ("0 < p <= 10", True),
        ("0 < p < 10", False),
        ("p + 2 * 3 - 1 == 15", True),
        ("-p == -10", True),
        ("unit == 'char'", True),
        ("unit in ('byte', 'char')", True),
        ("unit not in ['byte', 'char']", False),
        ("n is None", True),
        ("p is not None", True),
        ("not identity", True),
        ("identity or p > 9", True),
        ("n <= 18", False),
        ("not (n > 18)", True),
        ("n + 1 <= 18 or n is None", True),
    ],
)
def test_guards_hold_as_they_read(text: str, expected: bool) -> None:
    assert compile_guard(text)(VALUES) is expected


@pytest.mark.parametrize(
    "text",
    [
        "p <",
        "__import__('os')",
        "p.real",
        "p[0]",
        "lambda: 1",
        "p if s else 1",
        "p ** 9",
        "f'{p}'",
        "1.5 < p",
        "p = 3",
        "",
        "(p := 1)",
        "b'x'",
    ],
)
def test_everything_else_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(GuardError) as error:
        compile_guard(text)

    assert repr(text) in str(error.value)


def test_unknown_names_are_found_when_the_rules_are_read() -> None:
    with pytest.raises(GuardError, match="unknown name 'q'; known are p, s"):
        compile_guard("q > 1", names=("p", "s"))
    with pytest.raises(GuardError, match="nothing is known about 'q'"):
        compile_guard("q > 1")(VALUES)


def test_templates_are_filled_with_expressions() -> None:
    assert compile_template("decimal({p - s}, {s})")(VALUES) == "decimal(10, 0)"
    assert compile_template("text")(VALUES) == "text"
    assert compile_value("p * 4")(VALUES) == 40


def test_broken_templates_say_why() -> None:
    for text in ("decimal({p", "a}", "{p!}"):
        with pytest.raises(GuardError):
            compile_template(text)
    with pytest.raises(GuardError, match="not given"):
        compile_template("varchar({n})")(VALUES)
