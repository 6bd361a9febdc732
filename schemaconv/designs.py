"""Rows ``[[distribution]]``: the physical design that a person asks for, table by table.

A row of ``schemaconv.toml``::

    [[distribution]]
    table = "SALES_*"                 # a pattern; SCHEMA.TABLE or TABLE, whatever the case
    diststyle = "key"                 # auto, even, key or all
    distkey = "customer_id"
    sortkey = ["sold_on", "region"]   # or "sold_on, region"; "auto" leaves it to the target
    encode = { note = "zstd" }        # or "auto", or "explicit" for all columns

From the command line: ``--set "distribution.SALES=distkey(customer_id) sortkey(sold_on, region)"``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

STYLES: Final = ("auto", "even", "key", "all")
ENCODES: Final = ("auto", "explicit")
_KEYS: Final = ("table", "diststyle", "distkey", "sortkey", "encode")
_PART: Final = re.compile(r"\s*,?\s*([A-Za-z]+)\s*\(([^()]*)\)\s*")


class DesignError(Exception):
    """A row that cannot be read: one line that names the key and what it may be."""


@dataclass(frozen=True, slots=True)
class Design:
    """One row. Empty parts are left to the converter; ``auto`` leaves them to the target.

    ``style`` is one of :data:`STYLES`, ``encode`` one of :data:`ENCODES` or empty, ``encodings`` pairs of a column
    and its encoding. Names are as the person wrote them.
    """

    table: str
    style: str = ""
    distkey: str = ""
    sortkey: tuple[str, ...] = ()
    encode: str = ""
    encodings: tuple[tuple[str, str], ...] = ()

    def fits(self, schema: str, table: str) -> bool:
        """Whether the row speaks of this table; letters of both cases are the same."""
        wanted = self.table.upper()
        name = f"{schema}.{table}" if "." in wanted else table
        return fnmatchcase(name.upper(), wanted)

    def __str__(self) -> str:
        parts = [f"diststyle({self.style})"] if self.style else []
        parts += [f"distkey({self.distkey})"] if self.distkey else []
        parts += [f"sortkey({', '.join(self.sortkey)})"] if self.sortkey else []
        given = self.encode or ", ".join(" ".join(pair) for pair in self.encodings)
        parts += [f"encode({given})"] if given else []
        return " ".join([self.table, *parts])


def from_row(row: Any) -> Design:
    """A row of ``schemaconv.toml``. Raises :class:`DesignError`."""
    if isinstance(row, Design):
        return row
    if not isinstance(row, Mapping):
        raise DesignError(f"{row!r} is not a row with a table")
    for key in row:
        if key not in _KEYS:
            near = difflib.get_close_matches(str(key), _KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(_KEYS)}"
            raise DesignError(f"unknown key {key!r}{hint}")
    table = row.get("table")
    if not isinstance(table, str) or not table.strip():
        raise DesignError("a row needs a table: a name or a pattern")
    if len(row) == 1:
        raise DesignError(f"the row of {table!r} says nothing; it takes {', '.join(_KEYS[1:])}")
    distkey = _names("distkey", row.get("distkey", ()))
    if len(distkey) > 1:
        raise DesignError(f"distkey of {table!r} names {len(distkey)} columns; it takes one")
    style = _one_of("diststyle", row.get("diststyle", ""), STYLES)
    if distkey and style not in ("", "key"):
        raise DesignError(f"the row of {table!r} has a distkey and diststyle {style!r}")
    if style == "key" and not distkey:
        raise DesignError(f"the row of {table!r} has diststyle 'key' and no distkey")
    encode, encodings = _encode(row.get("encode", ""))
    sortkey = _names("sortkey", row.get("sortkey", ()))
    return Design(table.strip(), style or ("key" if distkey else ""), "".join(distkey), sortkey, encode, encodings)


def from_text(table: str, text: str) -> Design:
    """A row as one text: ``distkey(a) sortkey(b, c) encode(explicit)``. Raises :class:`DesignError`."""
    row: dict[str, Any] = {"table": table}
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            raise DesignError(f"cannot read {text[at:]!r}; write distkey(a) sortkey(b, c) diststyle(all) encode(auto)")
        key, value = found[1].lower(), found[2].strip()
        if key == "encode" and " " in value:
            pairs = [p.split() for p in value.split(",")]
            if any(len(p) != 2 for p in pairs):
                raise DesignError(f"encode({value}): write pairs of a column and its encoding")
            row[key] = {p[0]: p[1] for p in pairs}
        else:
            row[key] = value
        at = found.end()
    return from_row(row)


def _names(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",") if value.strip() else ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
        raise DesignError(f"{key} is {value!r}; it takes names of columns")
    names = tuple(v.strip().strip('"') for v in value)
    if not all(names):
        raise DesignError(f"{key} has an empty name")
    if len({n.upper() for n in names}) < len(names):
        raise DesignError(f"{key} names a column twice")
    return names


def _one_of(key: str, value: Any, allowed: tuple[str, ...]) -> str:
    text = value.strip().lower() if isinstance(value, str) else value
    if text and text not in allowed:
        raise DesignError(f"{key} is {value!r}; it may be {', '.join(allowed)}")
    return str(text)


def _encode(value: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    if isinstance(value, Mapping):
        if not all(isinstance(v, str) for v in value.values()):
            raise DesignError(f"encode is {value!r}; it takes an encoding for each column")
        return "", tuple((str(k).strip().strip('"'), str(v).strip().lower()) for k, v in value.items())
    return _one_of("encode", value, ENCODES), ()
