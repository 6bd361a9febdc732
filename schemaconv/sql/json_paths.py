"""Paths into JSON: ``$.a.b[0]."c d"``."""

from __future__ import annotations

import re

_STEP = re.compile(r"""\.\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<name>[A-Za-z_][\w$]*))|\[\s*(?P<index>\d+|\*)\s*\]""")


def steps(path: str) -> list[str | int] | None:
    """The keys and places of a path, ``"*"`` in a list of one for ``[*]``; ``None`` for one that says more."""
    text = path.strip()
    text = text[4:].lstrip() if text[:4].lower() == "lax " else text
    if text[:1] != "$":
        return None
    at = 1
    found: list[str | int] = []
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        at = match.end()
        if match["index"] is not None:
            found.append(-1 if match["index"] == "*" else int(match["index"]))
        else:
            name = match["name"] if match["name"] is not None else re.sub(r"\\(.)", r"\1", match["quoted"])
            found.append(name)
    return found


def written(found: list[str | int], every: str = "[*]") -> str:
    """The path as most engines write it; ``every`` is what stands for all elements."""
    made = "$"
    for step in found:
        if isinstance(step, int):
            made += every if step < 0 else f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_]\w*", step):
            made += f".{step}"
        else:
            made += '."' + step.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return made


def keys(found: list[str | int]) -> str | None:
    """The path as an array of PostgreSQL: ``{a,b,0}``; ``None`` where it asks for all elements."""
    parts: list[str] = []
    for step in found:
        if isinstance(step, int):
            if step < 0:
                return None
            parts.append(str(step))
        elif re.fullmatch(r"[A-Za-z_]\w*", step) and step.upper() != "NULL":
            parts.append(step)
        else:
            parts.append('"' + step.replace("\\", "\\\\").replace('"', '\\"') + '"')
    return "{" + ",".join(parts) + "}"
