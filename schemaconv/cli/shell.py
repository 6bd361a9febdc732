"""What a command may say, and where: results to standard output, everything about them to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click


class Shell:
    """One run of the command: how much it says, and on what kind of terminal."""

    def __init__(self) -> None:
        self.quiet = False
        self.verbose = False

    @property
    def colored(self) -> bool:
        """Whether standard error is a terminal whose owner does not object to colour (https://no-color.org)."""
        return _is_terminal(sys.stderr) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def output_colored(self) -> bool:
        """The same for standard output."""
        return _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def say(self, text: str = "") -> None:
        """A line about the work, to standard error; colour goes when nobody wants it."""
        click.echo(text, err=True, color=self.colored)

    def complain(self, text: str) -> None:
        """The one line about why the command stops."""
        prefix = click.style("schemaconv:", fg="red", bold=True)
        self.say(f"{prefix} {text}")

    def result(self, text: str) -> None:
        """A result, to standard output: always UTF-8 and line feeds, whatever the terminal's locale.

        A reader that has seen enough (``| head``) is no error.
        """
        if sys.stdout is None:
            raise click.ClickException("standard output is closed: name a file with -o")
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            self.hush()

    def hush(self) -> None:
        """Send the rest of standard output nowhere, so that nothing is said at exit about a closed pipe."""
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return False
