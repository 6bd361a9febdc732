"""The branches of a BTEQ script: on which path a statement runs, whatever the lines are."""

from __future__ import annotations

import random

import pytest

from schemaconv.read.bteq_flow import Flow


def paths(script: str) -> dict[str, tuple[str, bool] | None]:
    """Follow a script in which a line without a dot is a statement: the deciding line of each, and whether only an
    error leads there."""
    flow = Flow(script)
    found: dict[str, tuple[str, bool] | None] = {}
    at = 0
    for line in script.splitlines(keepends=True):
        text = line.strip()
        if text.startswith("."):
            flow.line(text, at, at + len(line.rstrip("\n")))
        elif text:
            turn = flow.path()
            found[text] = (turn.line, turn.fails) if turn is not None else None
        at += len(line)
    return found


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("a\n.IF ERRORCODE <> 0 THEN .GOTO e\nb\n.QUIT 0\n.LABEL e\nc\n", {"a": None, "b": None, "c": True}),
        ("a\n.IF ERRORCODE <> 0 THEN .GOTO e\nb\n.LABEL e\nc\n", {"a": None, "b": None, "c": None}),
        (".IF ERRORCODE = 0 THEN .GOTO ok\na\n.QUIT 8\n.LABEL ok\nb\n", {"a": True, "b": None}),
        (".IF ACTIVITYCOUNT = 0 THEN .GOTO n\na\n.LABEL n\nb\n", {"a": False, "b": None}),
        (".IF ACTIVITYCOUNT = 0 THEN .GOTO n\n.QUIT\n.LABEL n\nb\n", {"b": None}),
        (".IF ACTIVITYCOUNT = 0 THEN .GOTO n\na\n.GOTO d\n.LABEL n\nb\n.LABEL d\nc\n", {"a": False, "b": False, "c": None}),
        (".IF ACTIVITYCOUNT = 0 THEN\na\n.ELSE\nb\n.ENDIF\nc\n", {"a": False, "b": False, "c": None}),
        (".IF ACTIVITYCOUNT = 0 THEN\na\n.ELSEIF ERRORCODE > 0 THEN\nb\n.ENDIF\nc\n", {"a": False, "b": True, "c": None}),
        (".IF ACTIVITYCOUNT = 0 THEN .QUIT\na\n", {"a": None}),
        (".GOTO x\na\n.LABEL x\nb\n", {"a": True, "b": None}),
        (".LABEL x\na\n.IF ACTIVITYCOUNT > 0 THEN .GOTO x\nb\n", {"a": None, "b": None}),
        (".IF ACTIVITYCOUNT > 0 THEN .GOTO nowhere\na\n", {"a": None}),
        (".QUIT\na\n", {"a": None}),  # several scripts in one file
    ],
)  # fmt: skip
def test_paths(script: str, wanted: dict[str, bool | None]) -> None:
    assert {k: None if v is None else v[1] for k, v in paths(script).items()} == wanted


def test_many_errors_lead_to_one_label() -> None:
    script = "".join(f"s{i}\n.IF ERRORCODE <> 0 THEN .GOTO e\n" for i in range(500)) + ".QUIT 0\n.LABEL e\nlast\n"
    found = paths(script)
    assert found["s499"] is None
    assert found["last"] == (".IF ERRORCODE <> 0 THEN .GOTO e", True)


_LINES = (
    ".IF ACTIVITYCOUNT = 0 THEN .GOTO {0}", ".IF ERRORCODE <> 0 THEN .GOTO {0}", ".GOTO {0}", ".LABEL {0}", ".QUIT", ".ELSE",
    ".IF x THEN", ".ELSEIF y THEN", ".ENDIF", ".IF ERRORCODE = 0 THEN .QUIT", ".IF", ".GOTO", ".LABEL", "s{1}", ".REPEAT 3",
    ".IF ERRORCODE = 3807 THEN .EXIT 4", ".IF a THEN .IF b THEN .GOTO {0}",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_any_lines_are_followed(seed: int) -> None:
    chance = random.Random(seed)
    script = "".join(chance.choice(_LINES).format(chance.choice("abcd"), i) + "\n" for i in range(120))
    paths(script)
