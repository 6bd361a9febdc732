"""The clause ``FOR XML`` or ``FOR JSON`` of a query, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from .tree import exp, literal_text


@dataclass(frozen=True)
class Form:
    """``mode`` is AUTO, PATH, RAW or EXPLICIT, ``name`` the text behind it (``None``: none is given); ``root`` the name
    of an outermost element (empty: none); ``options`` the other words."""

    kind: str
    mode: str
    name: str | None
    root: str
    options: frozenset[str]
    texts: tuple[str, ...]


def form(query: exp.Query) -> Form | None:
    """What the clause of ``query`` says; ``None`` where it has none."""
    clause = query.args.get("for_")
    if clause is None:
        return None
    mode, name, root = "", None, ""
    options: set[str] = set()
    texts: list[str] = []
    for option in clause.expressions:
        inner = option.this
        value = None
        if isinstance(inner, exp.XMLKeyValueOption):
            value = literal_text(inner.expression) if inner.expression is not None else None
            inner = inner.this
        word = str(inner.name if hasattr(inner, "name") else inner).upper()
        if value is not None:
            texts.append(value)
        if word in ("AUTO", "PATH", "RAW", "EXPLICIT"):
            mode, name = word, value
        elif word == "ROOT":
            root = value if value is not None else "root"
        else:
            options.update(word.split())
    return Form(str(clause.args.get("kind") or "").upper(), mode, name, root, frozenset(options), tuple(texts))
