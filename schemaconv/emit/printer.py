"""Text as a target reads it: quoting, string literals, comments, lines that stay within the width."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..engines import Profile
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..options import Options

WIDTH: Final = 110
INDENT: Final = "    "


class InternalError(Exception):
    """A fault of this program (``SC9001``): legalization let through what the target has no syntax for."""


class Printer:
    """Spells names, literals and comments for one target; the DDL printers build on it.

    ``backslash`` says that the target reads a backslash in a string literal as an escape, ``dashes`` that two
    dashes start a comment whatever follows them (MySQL wants a blank there).
    """

    backslash = False
    dashes = True

    def __init__(self, profile: Profile, options: Options) -> None:
        self.profile = profile
        self.options = options
        self.keep_comments = options.comments == "keep"
        self._names: dict[str, str] = {}
        self._has: dict[str, bool] = {}

    def wrong(self, what: str) -> InternalError:
        """The error to raise for an object that cannot be printed; ``what`` names it and the reason."""
        return InternalError(f"SC9001 {self.profile.engine.name} printer: {what}")

    def has(self, construct: str) -> bool:
        """Whether the target has ``construct``, be it informational. If not, legalization has named it by its
        code, and the part of the object that it is about is left out."""
        found = self._has.get(construct)
        if found is None:
            found = self._has[construct] = self.profile.treatment(construct) in ("yes", "informational")
        return found

    def must(self, construct: str, what: object) -> None:
        """Raise :class:`InternalError` if the target has no ``construct``, which all of ``what`` hangs on."""
        if not self.has(construct):
            raise self.wrong(f"{what} still has {construct}")

    def name(self, name: Name) -> str:
        text = name.text
        quoted = self._names.get(text)
        if quoted is None:
            if not text:
                raise self.wrong("an empty name")
            quoted = self._names[text] = self.profile.quoted(text)
        return quoted

    def qname(self, name: QName) -> str:
        if name.link:
            raise self.wrong(f"{name} stands behind a database link")
        if name.schema is None:
            return self.name(name.name)
        return f"{self.name(name.schema)}.{self.name(name.name)}"

    def names(self, names: Iterable[Name]) -> list[str]:
        return [self.name(n) for n in names]

    def literal(self, text: str) -> str:
        """``text`` as a string literal."""
        if self.backslash:
            text = text.replace("\\", "\\\\")
        return "'" + text.replace("'", "''") + "'"

    def sql(self, fragment: Fragment) -> str:
        """A fragment that more text may follow on the same line; it loses a semicolon at its end."""
        text = fragment.output.strip()
        while text.endswith(";"):
            text = text[:-1].rstrip()
        if not text:
            raise self.wrong("an empty fragment")
        if "--" not in text:
            return text
        last = _STRING.sub("''", text)  # a mark inside a literal is no comment
        return text + "\n" if "--" in last[last.rfind("\n") + 1 :] else text

    def bare(self, fragment: Fragment) -> str:
        """A fragment that will stand in parentheses: without those it brought along."""
        text = self.sql(fragment)
        while text[0] == "(" and text[-1] == ")" and self.closes(text, 0) == len(text) - 1:
            text = text[1:-1].strip()
        return text

    def closes(self, text: str, start: int) -> int:
        """Where the parenthesis at ``start`` is closed; -1 if that cannot be told."""
        if "--" in text or "/*" in text or (self.backslash and "\\" in text):
            return -1
        return closing(text, start)

    def listed(self, head: str, parts: list[str], tail: str, pad: str) -> str:
        """``head(part, part)tail``, its parts filled over several lines if it is too long behind ``pad``."""
        line = f"{head}({', '.join(parts)}){tail}"
        if len(pad) + len(line) <= WIDTH or len(parts) < 2:
            return line
        inner = pad + INDENT
        return f"{head}(\n{inner}{filled(parts, inner)}\n{pad}){tail}"

    def before(self, texts: tuple[str, ...], pad: str) -> str:
        """The author's comment lines above an element: empty, or whole lines with their line feeds."""
        if not texts or not self.keep_comments:
            return ""
        return "".join([comment(t, pad, self.dashes) for t in texts])

    def after(self, text: str) -> str:
        """The author's comment behind an element, on its line; nothing may follow it there."""
        if not text or not self.keep_comments:
            return ""
        return "  " + dashed(" ".join(text.split()), self.dashes)


_STRING = re.compile(r"'(?:[^']|'')*'")
_PARENTHESES = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|[()]""")


def closing(text: str, start: int) -> int:
    """Where the parenthesis at ``start`` is closed, quotes skipped; -1 if nowhere."""
    depth = 0
    for found in _PARENTHESES.finditer(text, start):
        match found.group():
            case "(":
                depth += 1
            case ")":
                depth -= 1
                if not depth:
                    return found.start()
    return -1


def filled(parts: list[str], pad: str) -> str:
    """``parts`` with commas between, in lines as long as the width behind ``pad`` allows."""
    lines: list[str] = []
    line = ""
    for part in parts:
        if line and len(pad) + len(line) + len(part) + 3 > WIDTH:
            lines.append(line + ",")
            line = part
        else:
            line = f"{line}, {part}" if line else part
    lines.append(line)
    return ("\n" + pad).join(lines)


def dashed(text: str, dashes: bool) -> str:
    """One line of text as a comment that ends with the line; ruled lines stay ruled where they can."""
    text = text.rstrip()
    if not text:
        return "--"
    return f"--{text}" if dashes and text[0] == "-" else f"-- {text}"


def comment(text: str, pad: str, dashes: bool) -> str:
    """An author's comment as whole lines behind ``pad``, with line feeds.

    One line becomes ``-- text``, several become one block comment. A text that holds marks of a block comment
    (PostgreSQL nests them, MySQL does not) becomes lines with dashes.
    """
    if "\n" not in text and "\r" not in text:
        return f"{pad}{dashed(text, dashes)}\n"
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")]
    if len(lines) < 2 or "/*" in text or "*/" in text:
        return "".join([f"{pad}{dashed(line, dashes)}\n" for line in lines])
    inner = [f"{pad}   {line}".rstrip() for line in lines[1:]]
    return f"{pad}/* {lines[0].lstrip()}\n" + "\n".join(inner) + " */\n"
