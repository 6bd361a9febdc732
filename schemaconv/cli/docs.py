"""``docs/cli.md`` and ``docs/options.md`` from commands and options: ``python -m schemaconv.cli.docs``.

A test holds the files against this.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import click

from ..options import CHOICES, DEFAULTS
from .about import ABOUT, RUN
from .commands import EXIT_CODES, cli
from .starter import SECTIONS, toml

_MARK = "<!-- Written by python -m schemaconv.cli.docs: change the texts there, not here. -->"


def pages() -> dict[str, str]:
    """The generated pages: file name below ``docs/`` to text."""
    return {"cli.md": cli_page(), "options.md": options_page()}


def cli_page() -> str:
    """Every command with its flags, and the exit codes."""
    out = ["# Commands", "", _MARK, "", f"{cli.help}", ""]
    out += ["| command | |", "| --- | --- |"]
    out += [f"| [`{name}`](#schemaconv-{name}) | {command.short_help} |" for name, command in cli.commands.items()]
    for name, command in cli.commands.items():
        out += ["", f"## schemaconv {name}", "", "```text", _usage(name, command), "```", ""]
        out += [inspect.cleandoc(command.help or "").replace("\b\n", "")]
        flags = [p for p in command.params if isinstance(p, click.Option)]
        if flags:
            out += ["", "| flag | |", "| --- | --- |", *(_flag(p) for p in flags)]
    out += ["", "## Exit codes", "", "| code | |", "| ---: | --- |"]
    out += [f"| {number} | {meaning} |" for number, meaning in EXIT_CODES]
    return "\n".join([*out, "", *_RUN_NOTES]) + "\n"


_RUN_NOTES = """\
## Where things go

* Scripts go to standard output, or where `-o` says; everything about them goes to standard error, so
  `schemaconv convert --from oracle --to postgres schema.sql | psql` loads nothing but the script.
* A finding is two lines: `file:line:column: severity SC2104: cause`, then `remedy: ...`. After ten findings
  of one code the others are counted; `-v` shows all of them and the notes, `-q` only errors.
* All files are written into temporary files first and renamed when every one of them is complete: when
  anything fails, what was there is there still. An output that is one of the inputs is refused.
* Several targets: `-o DIR` gets one folder for each.
* The same family on both sides (`oracle` to `oracle`, `postgres` to `aurora-postgres`): nothing is converted;
  the reason and the paths that fit are printed, and the exit code is 0.
* `schemaconv.toml` in the current folder is read by itself; `schemaconv init` writes one. Flags win over it.
  Its paths are seen from the folder that it stands in.
""".splitlines()


def options_page() -> str:
    """Every option with its default and its choices."""
    out = [
        "# Options", "", _MARK, "",
        "Set them in `schemaconv.toml` under `[options]`, on the command line with `--set key=value`, or",
        'from Python as keywords: `convert(script, source="oracle", target="postgres", number="double")`. An',
        "option that does not exist, or a value that does not fit, is an error with a suggestion.",
    ]  # fmt: skip
    for group in dict.fromkeys(a.group for a in ABOUT.values()):
        out += ["", f"## {group}"]
        for name, about in ABOUT.items():
            if about.group == group:
                out += ["", f"### {name}", "", about.what, *_choices(name)]
    out += [
        "",
        "## The section [run]",
        "",
        "The command's own settings, for a project that is converted again and again.",
    ]
    out += ["", "| key | | example |", "| --- | --- | --- |"]
    out += [f"| `{key}` | {what} | `{example}` |" for key, (what, example) in RUN.items()]
    return "\n".join(out) + "\n"


def _choices(name: str) -> list[str]:
    default = getattr(DEFAULTS, name)
    if name in CHOICES:
        lines = [
            f"* `{choice}`{' (default)' if choice == default else ''}: {ABOUT[name].choices[choice]}"
            for choice in CHOICES[name]
        ]
        return ["", *lines]
    return [] if name in SECTIONS else ["", f"Default: `{toml(default)}`."]


def _usage(name: str, command: click.Command) -> str:
    arguments = [p.metavar or (p.name or "").upper() for p in command.params if isinstance(p, click.Argument)]
    needed = [
        f"{p.opts[-1]} {_takes(p)}" for p in command.params
        if isinstance(p, click.Option) and (p.required or p.name in ("origin", "to"))
    ]  # fmt: skip
    return " ".join(["schemaconv", name, "[OPTIONS]", *needed, *arguments])


def _flag(option: click.Option) -> str:
    names = ", ".join(f"`{o}`" for o in option.opts)
    takes = _takes(option)
    shown = f" `{takes}`" if takes else ""
    return f"| {names}{shown} | {option.help} |".replace("|DIR|", "\\|DIR\\|")


def _takes(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " or ".join(map(str, option.type.choices))
    return option.metavar or "TEXT"


def main() -> int:
    """Write the pages into the folder that the first argument names (``docs``)."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
