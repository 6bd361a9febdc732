"""The commands and their flags.

What they do stands in the modules beside this one, which are imported when a command runs.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from .._version import __version__
from ..engines import SOURCES, TARGETS, UnknownEngine
from ..options import CHOICES, OptionError
from ..rulefiles import RuleError
from ..source import SourceError
from ..statistics import StatisticsError
from .settings import CONFIG, FAIL_ON
from .shell import Shell

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_CODES = (
    (0, "done"),
    (1, "done, with findings at or above --fail-on, or statements that a server refused"),
    (
        2,
        "wrong usage, an input that cannot be read or an output that cannot be written; nothing was written",
    ),
    (3, "an error of schemaconv itself"),
    (130, "interrupted"),
)


class InOrder(click.Group):
    """Lists its commands as they are written here, and does not mind a reader that leaves early."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            ctx.find_object(Shell).hush()  # type: ignore[union-attr]
            return 0


def main(args: Sequence[str] | None = None) -> int:
    """Run the command with ``args`` (those of the process when ``None``) and return its exit code.

    Never raises: an expected trouble is one line on standard error and exit code 2, our own bug is 3.
    """
    shell = Shell()
    try:
        given = list(args) if args is not None else None
        return int(cli.main(given, "schemaconv", standalone_mode=False, obj=shell) or 0)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "schemaconv"
        shell.complain(f"{_sentence(error.format_message())} (see {path} --help)")
    except click.ClickException as error:
        shell.complain(_sentence(error.format_message()))
    except (click.Abort, KeyboardInterrupt):
        shell.complain("interrupted")
        return 130
    except (UnknownEngine, OptionError, SourceError, RuleError, StatisticsError) as error:
        shell.complain(str(error))
    except OSError as error:
        if error.errno == errno.EPIPE:
            return 0
        place = f"{error.filename}: " if error.filename else ""
        shell.complain(f"{place}{error.strerror or error}")
    except Exception as error:
        _own_bug(shell, error)
        return 3
    return 2


def _sentence(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _own_bug(shell: Shell, error: Exception) -> None:
    shell.complain(f"internal error in version {__version__}: {type(error).__name__}: {_sentence(str(error))}")
    shell.say("    please report it with the smallest script that shows it, and with what -v prints")
    if shell.verbose:
        shell.say("".join(traceback.format_exception(error)).rstrip())


def _verbosity(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    shell = ctx.find_object(Shell)
    if shell is not None and value and param.name:
        setattr(shell, param.name, True)
        if shell.quiet and shell.verbose:
            raise click.UsageError("-q and -v exclude each other", ctx)


def _options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def add(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return add


speech = _options(
    click.option("-q", "--quiet", is_flag=True, is_eager=True, expose_value=False, callback=_verbosity,
                 help="Only errors, no summary."),
    click.option("-v", "--verbose", is_flag=True, is_eager=True, expose_value=False, callback=_verbosity,
                 help="Say everything: notes too, and a traceback after an internal error."),
)  # fmt: skip

pair = _options(
    click.argument("paths", metavar="[PATH]...", nargs=-1),
    click.option("--from", "origin", metavar="ENGINE",
                 help=f"The engine of the scripts: {', '.join(SOURCES)}."),
    click.option("--to", metavar="ENGINE[:VERSION]", multiple=True,
                 help=f"What to convert for: {', '.join(TARGETS)}. May be repeated."),
)  # fmt: skip

destination = _options(
    click.option("-o", "--output", metavar="FILE|DIR|-",
                 help="Where the scripts go: a file, a folder (ends in /, or there are several files), "
                      "or - for standard output, which is the default."),
    click.option("--layout", type=click.Choice(CHOICES["layout"]),
                 help="One script, or one for each load phase."),
)  # fmt: skip

conduct = _options(
    click.option("--report", metavar="FILE", multiple=True,
                 help="Write a report; its suffix names the format: .json, .md or .txt. May be repeated."),
    click.option("--config", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
                 help=f"Options from this file; without it from {CONFIG}, if there is one here."),
    click.option("--rules", metavar="DIR", help="A folder of rules that come before the shipped ones."),
    click.option("--set", "settings", metavar="KEY=VALUE", multiple=True,
                 help="One option, as schemaconv init lists them. May be repeated."),
    click.option("--define", metavar="NAME=VALUE", multiple=True,
                 help="A substitution variable: &NAME in a script."),
    click.option("--encoding", metavar="CODEC", help="How the scripts are encoded; found out if not given."),
    click.option("--mode", type=click.Choice(CHOICES["mode"]),
                 help="partial writes what it can; strict writes no script while anything needs a person."),
    click.option("--fail-on", type=click.Choice(FAIL_ON),
                 help="The least finding that makes the exit code 1; if not given, error (strict: manual)."),
    click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Processes to work with."),
)  # fmt: skip


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Convert database schemas offline, and say what could not be kept."""


@cli.command(short_help="Convert scripts.")
@pair
@destination
@conduct
@click.option("--verify", is_flag=True, help="Load the result into a real server and say what it refuses.")
@click.option(
    "--url",
    metavar="URL",
    multiple=True,
    help="A server to verify on; without it a throw-away one is started. May be repeated.",
)
@speech
@click.pass_obj
def convert(shell: Shell, /, **given: Any) -> int:
    """Convert scripts: files, folders, globs, or - for standard input.

    What was changed in meaning or could not be kept is said on standard error, by code:
    see schemaconv explain.
    """
    from . import run, settings

    return run.convert(settings.resolve(given), shell)


@cli.command(short_help="Report what convert would do, without scripts.")
@pair
@conduct
@speech
@click.pass_obj
def assess(shell: Shell, /, **given: Any) -> int:
    """Report what convert would do, and write no script.

    It is the same run, so the two cannot disagree. The report goes to standard output, or to the files of
    --report.
    """
    from . import run, settings

    return run.assess(settings.resolve(given), shell)


@cli.command(short_help="Load scripts into a real server.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True)
@click.option("--to", metavar="ENGINE[:VERSION]", required=True, help="The engine that the scripts are for.")
@click.option("--url", metavar="URL", help="A server to use; without it a throw-away one is started.")
@speech
@click.pass_obj
def verify(shell: Shell, /, paths: tuple[str, ...], to: str, url: str | None) -> int:
    """Load scripts into a real server, statement by statement, and say what it refuses.

    The work is done in a scratch database that is dropped again.
    """
    from . import check

    return check.verify(paths, to, url, shell)


@cli.command(short_help="Print the page of a code.")
@click.argument("code", metavar="[CODE]", required=False)
@click.pass_obj
def explain(shell: Shell, /, code: str | None) -> int:
    """Print what a code means and what to do about it; without a code, list them all.

    SC2104, sc2104 and 2104 are the same.
    """
    from . import pages

    return pages.explain(shell, code) if code else pages.every_code(shell)


@cli.command(short_help="List the engines and what each can take.")
@click.option("--constructs", is_flag=True, help="The support matrix: every construct on every target.")
@click.pass_obj
def engines(shell: Shell, /, constructs: bool) -> int:
    """List the engines, their default versions and, with --constructs, what each target can take."""
    from . import pages

    return pages.constructs(shell) if constructs else pages.engine_list(shell)


@cli.command(short_help=f"Write a commented {CONFIG}.")
@click.argument("file", metavar="[FILE]", default=CONFIG)
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.pass_obj
def init(shell: Shell, /, file: str, force: bool) -> int:
    """Write a schemaconv.toml that names every option with its default and its choices."""
    from . import starter

    return starter.init(shell, file, force)


def _epilog() -> str:
    lines = "\n".join(f"  {number:<4} {meaning}" for number, meaning in EXIT_CODES)
    return f"\b\nExit codes:\n{lines}"


cli.epilog = _epilog()
