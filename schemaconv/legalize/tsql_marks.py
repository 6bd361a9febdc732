"""Names that only Transact-SQL writes (``@a``, ``#t``, ``@@ROWCOUNT``), and what they are called on the target.

A fragment goes to the translator with marks in their place, quoted names that no script has; :mod:`routine_scope`
puts the target's names in for them afterwards.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<skip>'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\[(?:[^\]]|\]\])*\]|"[^"]*")
    |(?P<state>@@\w+)|(?P<name>[@\#]{1,2}[\w$@\#]+)|(?P<call>\b[A-Za-z_]\w*)\s*\(\s*(?P<close>\))?""",
    re.VERBOSE | re.DOTALL,
)
_WORD: Final = re.compile(r"(?<![@#\w$])[A-Za-z_][\w$@#]*|\[(?:[^\]]|\]\])*\]|\"[^\"]*\"")
_SILENT: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)


def tokens() -> re.Pattern[str]:
    """Matches what may have to be marked; ``skip`` is what never is."""
    return _TOKEN


def bare_words(text: str) -> set[str]:
    """Every name in ``text`` that is no variable's, in capitals: a column may be called so."""
    plain = _SILENT.sub(" ", text)
    return {(m[0][1:-1] if m[0][0] in '["' else m[0]).upper() for m in _WORD.finditer(plain)}


class Marks:
    """Numbers for marked names, and the target's names for them."""

    def __init__(self, words: set[str], columns: set[str], taken: list[str]) -> None:
        self.words = words | columns
        self.columns = columns
        self.used = set(taken)
        self.numbers: dict[str, int] = {}  # name in capitals -> its number
        self.spelled: dict[str, str] = {}  # "V1" -> the target's name
        self.renamed: list[tuple[str, str]] = []

    def add(self, name: str, prefix: str, plain: str) -> str:
        """The mark of a name with its sign in front; ``plain`` is its spelling without."""
        key = name.upper()
        if key in self.numbers:
            return f"V{self.numbers[key]}"
        text = plain
        words = self.columns if name[:1] not in "@#" else self.words  # a cursor's own name is a word of the text
        if plain.upper() in words or plain.lower() in self.used or not plain:
            text = prefix + plain
            self.renamed.append((name, text))
        number = 2
        while text.lower() in self.used:
            text = f"{prefix}{plain}_{number}"
            number += 1
        self.used.add(text.lower())
        self.numbers[key] = len(self.numbers) + 1
        mark = f"V{len(self.numbers)}"
        self.spelled[mark] = text
        return mark

    def of(self, name: str) -> str:
        """The mark of a name, or nothing if the routine does not declare it."""
        number = self.numbers.get(name.upper())
        return f"V{number}" if number is not None else ""
