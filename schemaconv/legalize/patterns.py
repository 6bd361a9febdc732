"""LIKE and its kin over columns that ignore case by their collation.

PostgreSQL before 18 refuses patterns and searches under a nondeterministic collation, and only when a row is looked
at: "nondeterministic collations are not supported for LIKE" (0A000; "Collation Support", "Nondeterministic
Collations"). ILIKE under an ordinary collation of ICU ignores case as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Table
from ..ir.fragment import Found, Translated
from .collation import TEXTS, default

if TYPE_CHECKING:
    from .context import Context, Run

#: The collation under which ILIKE works; every server with ICU has it.
_ORDINARY: Final = '"und-x-icu"'
_LIKE: Final = re.compile(
    r"""'(?:[^']|'')*'|(?P<column>(?:(?:[\w$]+|"[^"]+")\.)*(?:(?P<word>[\w$]+)|"(?P<quoted>[^"]+)"))"""
    r"""(?P<verb>\s+(?:NOT\s+)?)LIKE\b""",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"""'(?:[^']|'')*'|"(?P<quoted>[^"]+)"|(?P<word>[\w$]+)""")
#: What searches in a text.
_SEARCH: Final = re.compile(
    r"""\bI?LIKE\b|~|\bSIMILAR\s+TO\b"""
    r"""|\b(?:POSITION|STRPOS|REPLACE|SPLIT_PART|STRING_TO_ARRAY|REGEXP_\w+)\s*\(""",
    re.IGNORECASE,
)
_LITERAL: Final = re.compile(r"'(?:[^']|'')*'")


def insensitive(run: Run, ctx: Context) -> dict[str, str]:
    """Columns by their name on the target that get a nondeterministic collation, with what they tell apart; ``""``
    where columns of one name differ."""
    if run.options.case_insensitive_text != "collation" or run.profile.legal("like_any_collation"):
        return {}
    found: dict[str, str] = {}
    for table in run.catalog.objects:
        for k in table.columns if isinstance(table, Table) else ():
            if k.type.kind in TEXTS:
                name = run.names.column(table.name, k.name).text
                compares = k.compares or default(ctx)
                found[name] = compares if found.get(name, compares) == compares else ""
    return {name: compares for name, compares in found.items() if not compares or compares.startswith("ci")}


def adapted(done: Translated, columns: dict[str, str]) -> Translated:
    """``done`` with patterns that the server takes; without a text, and with the reason, where there is no way."""
    if done.text is None or not columns or not _SEARCH.search(done.text):
        return done

    def ilike(m: re.Match[str]) -> str:
        name = m["word"] or m["quoted"]
        if not name or columns.get(name) != "ci_as":
            return m[0]
        return f"{m['column']} COLLATE {_ORDINARY}{m['verb']}ILIKE"

    text = _LIKE.sub(ilike, done.text)
    rest = _LITERAL.sub("", re.sub(rf'COLLATE {_ORDINARY}\s+(?:NOT\s+)?ILIKE', "", text))
    named = sorted({m["word"] or m["quoted"] or "" for m in _WORD.finditer(text)} & columns.keys())
    if named and (search := _SEARCH.search(rest)):
        what = search[0].rstrip(" (")
        return Translated(None, (*done.findings, Found("SC3265", 0, (("what", what), ("columns", ", ".join(named))))))
    return replace(done, text=text)
