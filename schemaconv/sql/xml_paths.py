"""Paths of XQuery, as far as they are XPath 1.0, which targets know."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_DECLARED = re.compile(
    r"\s*declare\s+(?:namespace\s+(?P<prefix>[\w.-]+)\s*=|default\s+element\s+namespace)\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')\s*;",
    re.I,
)
_TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'")
_PLAIN = re.compile(r"[\w:@.\[\]()/*|\s=<>!+-]*(?:,[\w:@.\[\]()/*|\s=<>!+-]*)*")
_FORBIDDEN = re.compile(
    r"\b(?:for|let|return|if|then|else|some|every|satisfies|order\s+by|sql:\w+|data|distinct-values"
    r"|fn:\w+|xs:\w+|instance\s+of|cast\s+as|eq|ne|lt|gt|le|ge|is|to|union|except|intersect|max|min|avg|concat|string-join)\b(?![-\w]*\s*[/\]=])"
)
_SCALAR = re.compile(r"\s*(?:count|sum|string|number|boolean|not|concat|local-name|name|string-length|true|false)\s*\(")
_FUNCTION = re.compile(r"([\w-]+)\s*\(")
_FUNCTIONS = frozenset(
    "text node comment position last count string number not contains starts-with local-name name".split()
)


@dataclass(frozen=True)
class XPath:
    """``namespaces`` are prefixes with their names."""

    text: str
    namespaces: tuple[tuple[str, str], ...] = ()


def xpath(text: str) -> XPath | None:
    """The path that ``text`` is, its namespaces apart; ``None`` for more than nodes of XPath 1.0."""
    namespaces: list[tuple[str, str]] = []
    default = ""
    while match := _DECLARED.match(text):
        uri = match["double"] if match["double"] is not None else match["single"]
        if match["prefix"] is None:
            default = uri
        else:
            namespaces.append((match["prefix"], uri))
        text = text[match.end() :]
    text = " ".join(text.split())
    bare = _TEXTS.sub("0", text)
    if not bare or default or not _PLAIN.fullmatch(bare) or _FORBIDDEN.search(bare) or _SCALAR.match(bare):
        return None
    if any(name not in _FUNCTIONS for name in _FUNCTION.findall(bare)):
        return None
    return XPath(text, tuple(n for n in namespaces if f"{n[0]}:" in bare))


def within(path: XPath) -> XPath | None:
    """A path from a node, as one from the document whose outermost element is that node."""
    text = path.text
    head = "(" * (len(text) - len(text.lstrip("(")))
    rest = text[len(head) :]
    if rest.startswith(("/", "..")) or "/.." in rest or "|" in rest:
        return None
    if rest in (".", ".)"):
        return replace(path, text=f"{head}/*{rest[1:]}")
    if rest.startswith("./"):
        rest = rest[2:]
    elif rest.startswith("."):
        return None
    return replace(path, text=f"{head}/*/{rest}")
