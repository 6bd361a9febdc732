"""The pages of the codes: severity, message and advice all come from ``rules/codes/SCnnnn-slug.md``.

A page is TOML between two ``+++`` lines (``severity``, ``message``, ``remedy``, ``effort``, ``since``), then Markdown
with the headings *What happened*, *Why it matters*, *What to do*, *Example*.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from . import rulefiles
from .severity import Severity


@dataclass(frozen=True, slots=True)
class Page:
    """One code. ``message`` and ``remedy`` are one line each with ``{placeholders}``; ``body`` is Markdown."""

    code: str
    slug: str
    severity: Severity
    message: str
    remedy: str
    effort: str
    since: str
    body: str

    @property
    def title(self) -> str:
        """The heading of the page."""
        first = self.body.partition("\n")[0]
        return first[2:].strip() if first.startswith("# ") else self.slug.replace("-", " ")

    @property
    def text(self) -> str:
        """The page without its heading."""
        return self.body.partition("\n")[2].strip() if self.body.startswith("# ") else self.body


class UnknownCode(Exception):
    """No page has this code."""


@cache
def page(code: str) -> Page:
    """The page of ``code``. Raises :class:`UnknownCode`, or :class:`~schemaconv.rulefiles.RuleError` if broken."""
    path = rulefiles.code_files().get(code)
    if path is None:
        raise UnknownCode(code)
    text = path.read_text("utf-8")
    try:
        empty, head, body = text.split("+++\n", 2)
        if empty.strip():
            raise ValueError("text before the front matter")
        front = tomllib.loads(head)
        return Page(
            code, path.stem[7:], Severity(front["severity"]), front["message"], front["remedy"],
            str(front.get("effort", "")), str(front.get("since", "")), body.strip(),
        )  # fmt: skip
    except (ValueError, KeyError, tomllib.TOMLDecodeError) as error:
        raise rulefiles.RuleError(f"{path.name}: broken front matter ({error})") from None


def every() -> tuple[Page, ...]:
    """All pages, by code."""
    return tuple(page(code) for code in rulefiles.code_files())
