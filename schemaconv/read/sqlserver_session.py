"""Settings of the session that decide what texts of the script mean (Transact-SQL reference, "SET DATEFORMAT", "SET
LANGUAGE")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.fragment import Session
from ..sql.date_texts import ORDERS, UNKNOWN, order_of
from ..sql.lexis import unquoted
from .cursor import string_value

SETTINGS: Final = frozenset({"DATEFORMAT", "LANGUAGE"})


def after(texts: list[str], session: Session) -> Session:
    """The session behind ``SET DATEFORMAT order`` or ``SET LANGUAGE name``; other statements leave it as it is.

    A language brings its own order with it; a later DATEFORMAT takes the place of that.
    """
    if len(texts) < 3 or texts[0] != "SET" or texts[1] not in SETTINGS:
        return session
    given = _given(texts[2:])
    if texts[1] == "DATEFORMAT":
        order = given.lower()
        return replace(session, date_order=order if order in ORDERS else UNKNOWN)
    order = order_of(given)
    return Session(order or UNKNOWN, given if order else UNKNOWN)


def disturbed(texts: list[str], session: Session) -> Session:
    """The session behind a block that may or may not have run: what it sets is not known."""
    sets = {texts[i + 1] for i, text in enumerate(texts[:-2]) if text == "SET"}
    if "LANGUAGE" in sets:
        return Session(UNKNOWN, UNKNOWN)
    return replace(session, date_order=UNKNOWN) if "DATEFORMAT" in sets else session


def _given(texts: list[str]) -> str:
    """The value of a setting, bare or in any quotes; empty for a variable."""
    found = [t for t in texts if t not in ("=", ";")]
    if len(found) != 1:
        return ""
    word = found[0]
    if word[0] == "'":
        return string_value(word)
    return unquoted(word) if word[0] in '["' else "" if word[0] == "@" else word
