"""What a file of statistics says of the tables: rows, size, and how many values a column has.

A CSV file with a line of headings: ``table,rows,size_mb,column,distinct``; columns may be missing or come in another
order, and the separator may be a semicolon. A line with a ``column`` speaks of that column, one without of the table.
A table is written as ``TABLE`` or ``SCHEMA.TABLE``; upper and lower case are the same.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HEADINGS: Final = ("table", "rows", "size_mb", "column", "distinct")


class StatisticsError(Exception):
    """A file of statistics that cannot be read: one line with the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one table: ``rows``, ``megabytes``, and distinct values by column in upper case; ``None`` is not known."""

    rows: int | None = None
    megabytes: float | None = None
    distinct: Mapping[str, int] = field(default_factory=dict)


UNKNOWN: Final = Facts()


@dataclass(frozen=True, slots=True)
class Statistics:
    """Facts by table name in upper case, with its schema where the file gives one. ``path`` is empty for no file."""

    path: str = ""
    tables: Mapping[str, Facts] = field(default_factory=dict)

    def of(self, schema: str, table: str) -> Facts:
        """What is known of a table; a line without a schema speaks of the table in any."""
        full = f"{schema}.{table}".upper() if schema else ""
        return self.tables.get(full) or self.tables.get(table.upper()) or UNKNOWN

    def names(self, schema: str, table: str) -> frozenset[str]:
        """The names under which the file may speak of a table."""
        return frozenset((table.upper(), f"{schema}.{table}".upper()))


NONE: Final = Statistics()


def load(path: str) -> Statistics:
    """The statistics of a file; an empty ``path`` has none. Raises :class:`StatisticsError`."""
    if not path:
        return NONE
    import csv

    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise StatisticsError(f"{path}: the statistics cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise StatisticsError(f"{path}: the statistics are not UTF-8 text") from None
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=mark, strict=True))
    except csv.Error as error:
        raise StatisticsError(f"{path}: {error}") from None
    if not rows:
        raise StatisticsError(f"{path}: the statistics are empty; the first line is {','.join(HEADINGS)}")
    return Statistics(path, _facts(path, _headings(path, rows[0]), rows[1:]))


def _headings(path: str, row: list[str]) -> list[str]:
    found = [cell.strip().lower() for cell in row]
    for cell in found:
        if cell not in HEADINGS:
            near = difflib.get_close_matches(cell, HEADINGS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise StatisticsError(f"{path}:1: unknown heading {cell!r}{hint}; known are {', '.join(HEADINGS)}")
    if "table" not in found or len(set(found)) < len(found):
        raise StatisticsError(f"{path}:1: the headings need a table, and each of them once")
    return found


def _facts(path: str, headings: list[str], rows: list[list[str]]) -> dict[str, Facts]:
    tables: dict[str, tuple[int | None, float | None, dict[str, int]]] = {}
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(headings):
            raise StatisticsError(f"{path}:{number}: {len(row)} cells under {len(headings)} headings")
        cells = {h: c.strip() for h, c in zip(headings, row, strict=False)}
        name = _bare(cells["table"])
        if not name:
            raise StatisticsError(f"{path}:{number}: no table")
        count, size, distinct = tables.get(name, (None, None, {}))
        count = _number(path, number, "rows", cells, count)
        given = _decimal(path, number, cells)
        size = size if given is None else given
        column = _bare(cells.get("column", ""))
        values = _number(path, number, "distinct", cells, None)
        if values is not None:
            if not column:
                raise StatisticsError(f"{path}:{number}: distinct without a column")
            distinct = {**distinct, column: values}
        tables[name] = (count, size, distinct)
    return {name: Facts(*found) for name, found in tables.items()}


def _bare(name: str) -> str:
    """A name in upper case, without the quotes or brackets of its parts."""
    return re.sub(r'["\[\]]', "", name).upper()


def _number(path: str, number: int, key: str, cells: Mapping[str, str], known: int | None) -> int | None:
    text = cells.get(key, "")
    if not text:
        return known
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise StatisticsError(f"{path}:{number}: {key} is {text!r}; it takes a whole number")
    return int(text)


def _decimal(path: str, number: int, cells: Mapping[str, str]) -> float | None:
    text = cells.get("size_mb", "")
    if not text:
        return None
    whole, _, rest = text.partition(".")
    if not text.isascii() or len(text) > 18 or not whole.isdigit() or (rest and not rest.isdigit()):
        raise StatisticsError(f"{path}:{number}: size_mb is {text!r}; it takes a number of megabytes")
    return float(text)
