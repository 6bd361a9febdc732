"""What findings show of a statement that holds a password or a key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..ir.catalog import Catalog, Object
from ..source import Span
from ..sql.secrets import redacted, shown


class Secrets:
    """Knows which statements of the scripts hold a secret; each is looked at once, and only if something is said."""

    __slots__ = ("_catalog", "_known")

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[Span, str] = {}

    def of(self, found: Object, at: Span) -> Callable[[str], str]:
        """What takes the secrets of the statement at ``at`` out of a part of it."""
        for own in (found.at, *found.also):
            if own.file == at.file >= 0 and own.start <= at.start < own.end:
                text = self._statement(own)
                return partial(shown, whole=text) if text else str
        return redacted

    def _statement(self, at: Span) -> str:
        """The text of a statement with a secret; of any other nothing."""
        found = self._known.get(at)
        if found is None:
            text = self._catalog.files[at.file].text[at.start : at.end]
            found = self._known[at] = text if redacted(text) != text else ""
        return found
