"""``init``: a ``schemaconv.toml`` that says what may stand in it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import click

from ..options import CHOICES, DEFAULTS, RUN_KEYS
from .about import ABOUT, RUN
from .shell import Shell

#: Options that have a section of their own instead of a key in ``[options]``.
SECTIONS = {"schema_map": "schemas", "define": "define", "types": "type", "distribution": "distribution"}

_EXAMPLES = {
    "schema_map": ("[schemas]", '# HR = "people"'),
    "define": ("[define]", '# TABLESPACE = "users"'),
    "types": (
        "# [[type]]", '# source = "NUMBER(1)"', '# target = "postgres"', '# table = "*"', '# column = "IS_*"',
        '# spelling = "boolean"',
    ),
    "distribution": (
        "# [[distribution]]", '# table = "SALES*"', '# distkey = "customer_id"', '# sortkey = ["sold_on"]',
        '# encode = { note = "zstd" }',
    ),
}  # fmt: skip


def init(shell: Shell, file: str, force: bool) -> int:
    """Write ``file``. Raises :class:`click.ClickException` when it is there, unless ``force`` is given."""
    from ..report.write import WriteError, write_all

    path = Path(file)
    if path.exists() and not force:
        raise click.ClickException(f"{path} is there already; --force overwrites it")
    try:
        write_all({path: text()})
    except WriteError as error:
        raise click.ClickException(str(error)) from None
    if not shell.quiet:
        shell.say(f"written: {path}")
    return 0


def text() -> str:
    """The file: every option as a comment with its default, so that it changes nothing by itself."""
    out = [
        "# Settings of schemaconv. A line such as '# number = \"decimal\"' shows a default: remove the '# '",
        "# and change the value. Flags of the command win over this file.",
        "",
        "[run]",
    ]
    for key in RUN_KEYS:
        what, example = RUN[key]
        out += ["", *_comment(what), f"# {key} = {example}"]
    out += ["", "", "[options]"]
    for name, about in ABOUT.items():
        if name not in SECTIONS:
            out += ["", *_comment(about.what), *_choices(name), f"# {name} = {toml(getattr(DEFAULTS, name))}"]
    for name in SECTIONS:
        out += ["", "", *_comment(ABOUT[name].what.partition(" In schemaconv.toml")[0]), *_EXAMPLES[name]]
    return "\n".join(out) + "\n"


def toml(value: Any) -> str:
    """A default as TOML writes it."""
    return str(value) if isinstance(value, int) else f'"{value}"'


def _choices(name: str) -> list[str]:
    about = ABOUT[name].choices
    width = max((len(c) for c in CHOICES.get(name, ())), default=0)
    return [
        line
        for choice in CHOICES.get(name, ())
        for line in _comment(f"{choice:<{width}}  {about[choice]}", "#   ", " " * (width + 2))
    ]  # fmt: skip


def _comment(sentence: str, mark: str = "# ", indent: str = "") -> list[str]:
    return textwrap.wrap(sentence, 100, initial_indent=mark, subsequent_indent=mark + indent)
