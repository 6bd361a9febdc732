"""Function rows: which call means what, and how a target says it.

The rows come as loaded TOML (``rules/functions/read/<source>.toml`` and ``rules/functions/write/<family>.toml``); this
module checks them, finds the row that a call means by the types of its arguments, and finds the target's way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..ir.fragment import Known
from ..ir.types import Type
from . import constants
from .formats import UnknownElement, cut
from .kinds import GIVEN, family, is_integer
from .lexis import Lexis
from .pieces import Refusal, refusals

#: Kinds of a parameter. ``'A|B'`` in a signature stands for a literal, text or number, that is one of these words.
KINDS: Final = frozenset(
    """
        any text number int integer date stamp days months binary boolean condition star one positive count zero
        negative minus_one whole null literal char clock guid date_out date_in number_out number_in regex replacement
        flags json_path day period time delimiters regex_whole all unbordered nls_dates nls_numbers large
    """.split()
)
#: Kinds that only a string literal can be, and that are checked or translated on the way.
MODELS: Final = frozenset({"date_out", "date_in", "number_out", "number_in"})
LITERAL_KINDS: Final = MODELS | {"regex", "regex_whole", "replacement", "flags", "json_path"}
CLOCKS: Final = frozenset({"SYSTIMESTAMP", "CURRENT_TIMESTAMP"})  # with a zone of their own

EXACT, UNKNOWN, CONVERTIBLE, NO = 3, 2, 1, 0


class RowError(Exception):
    """A row that cannot be used; its text names the row."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    words: frozenset[str] = frozenset()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A call with these parameters is operation ``op`` and gives a value of type ``gives``.

    ``empty`` says that it can give an empty text where the source gives NULL; ``nulls`` is ``args`` (NULL when an
    argument is), ``any`` (only when all are), ``never`` or ``maybe``. ``constants`` fill holes of the target's text.
    ``sure`` rows are taken only when every type is known to fit, a ``guess`` only when no other row is sure. ``width``
    says how long its text gets: see :mod:`~schemaconv.sql.lengths`. ``blanks``: those at the end of
    its argument ``count``, or it may ``drop`` them.
    """

    name: str
    parameters: tuple[Parameter, ...]
    op: str
    gives: str
    empty: bool = False
    nulls: str = "args"
    aggregate: bool = False
    analytic: bool = False
    code: str = ""
    constants: tuple[tuple[str, str], ...] = ()
    sure: bool = False
    guess: bool = False
    width: str = ""
    blanks: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """What the choice of a row may know of an argument: its type, its literal value if it has one, a number that it is
    surely not below, and the source function that it calls."""

    known: Known
    text: str | None = None
    whole: int | None = None
    star: bool = False
    least: int | None = None
    calls: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a target says an operation: ``sql`` with holes (empty: it cannot), the code to say with it, and the support
    function that it ``needs``. ``double``: what the source has as an exact number is a double there."""

    sql: str
    code: str = ""
    stable: bool = False
    volatile: bool = False
    strict: bool = False
    note: str = ""
    needs: str = ""
    double: bool = False


class Source:
    """The functions of a source engine.

    ``clocks`` are the functions of the present moment: ``now``, ``utc``, ``today`` or ``time``. ``date_texts`` are
    the models by which a session reads a text as a date without being told; ``users``, ``roles`` and ``guids`` the
    functions that give the session's user, its role and a new universal identifier, ``ordered_guids`` those of the
    last whose values grow. ``named`` are functions that no target has, each with a code and what to do about it.
    """

    def __init__(self, data: Mapping[str, Any], words: Lexis, traits: Mapping[str, Any]) -> None:
        self.lexis = words
        self.traits = traits
        self.rows: dict[str, tuple[Row, ...]] = {
            name: tuple(_row(name, entry) for entry in entries) for name, entries in data.get("functions", {}).items()
        }
        self.niladic: frozenset[str] = frozenset(data.get("niladic", ()))
        self.named: Mapping[str, Mapping[str, str]] = data.get("named", {})
        self.argument_names = {name: tuple(v.split()) for name, v in data.get("argument_names", {}).items()}
        self.refusals: dict[str, list[Refusal]] = refusals(data.get("refuse", ()))
        self.types: Mapping[str, str] = data.get("types", {})
        self.word_first: frozenset[str] = frozenset(data.get("word_first", ()))
        self.type_first: frozenset[str] = frozenset(data.get("type_first", ()))
        self.type_last: frozenset[str] = frozenset(data.get("type_last", ("CAST",)))
        self.called: frozenset[str] = frozenset(data.get("called", ()))
        self.date_types: frozenset[str] = frozenset(data.get("date_types", ()))
        self.counted_dates: frozenset[str] = frozenset(data.get("counted_dates", ()))
        self.cast_length: int | None = data.get("cast_length")
        self.synonyms: Mapping[str, str] = data.get("synonyms", {})
        self.typed_literals: frozenset[str] = frozenset(data.get("typed_literals", ("DATE", "TIMESTAMP")))
        self.separators = {f: frozenset(words) for f, words in data.get("separators", {}).items()}
        self.clauses = {word: frozenset(before) for word, before in data.get("clauses", {}).items()}
        self.documents: frozenset[str] = frozenset(data.get("documents", ()))
        self.date_elements: tuple[str, ...] = tuple(data.get("date_elements", ()))
        self.zones: Mapping[str, str] = {name.upper(): zone for name, zone in data.get("zones", {}).items()}
        self.styles: Mapping[str, str] = data.get("styles", {})
        self.date_texts: tuple[str, ...] = tuple(data.get("date_texts", ()))
        self.clocks: Mapping[str, str] = data.get("clocks", {})
        self.libraries: frozenset[str] = frozenset(data.get("libraries", ()))
        self.users: frozenset[str] = frozenset(data.get("users", ()))
        self.roles: frozenset[str] = frozenset(data.get("roles", ()))
        self.guids: frozenset[str] = frozenset(data.get("guids", ()))
        self.ordered_guids: frozenset[str] = frozenset(data.get("ordered_guids", ()))
        elements = sorted(data.get("number_elements", ()), key=len, reverse=True)
        self._number = re.compile(f"(?:{'|'.join(map(re.escape, elements))})+", re.I)

    def is_counted(self, wanted: Type | None) -> bool | None:
        """Whether ``wanted`` is a type of dates that are counted: numbers become such dates, and texts of them obey
        the session's order throughout. ``None`` where the type is not that of a column."""
        if wanted is None or wanted.raw in ("", "DATE", "TIMESTAMP"):
            return None if wanted is None or wanted.kind != "date" else False
        word = re.match(r"\w+", wanted.raw.rpartition(".")[2].lstrip('["'))
        return word is not None and word[0].upper() in self.counted_dates

    def day_of(self, number: str | None, wanted: Type | None) -> str | None:
        """The day that a number is in a column of type ``wanted``; ``None`` where the source takes none."""
        first = self.traits.get("number_is_day_since")
        if first and self.is_counted(wanted):
            return constants.counted(number, first)
        if self.traits.get("number_is_date_digits") and wanted is not None and wanted.kind == "date":
            return constants.digits_of_date(number)
        return None

    def choose(self, name: str, arguments: Sequence[Argument]) -> tuple[Row | None, str]:
        """The row that the call means, or ``None`` and why: ``name``, ``arguments`` or ``type``."""
        rows = self.rows.get(name)
        if rows is None:
            return None, "name"
        graded: list[tuple[int, Row]] = []
        for row in rows:
            grade = self._grade(row, arguments)
            if grade and (grade == EXACT or not row.sure) and not row.guess:
                graded.append((grade, row))
        if not graded:
            return None, "arguments"
        best = max(g for g, _ in graded)
        first = next(row for g, row in graded if g == best)
        if best == UNKNOWN:
            open_ = [i for i, a in enumerate(arguments) if family(a.known.type) == "unknown"]
            for grade, row in graded:
                if grade >= UNKNOWN and row.op != first.op and any(_kind(row, i) != _kind(first, i) for i in open_):
                    guess = next((r for r in rows if r.guess and self._grade(r, arguments)), None)
                    return guess, "" if guess is not None else "type"
        return first, ""

    def _grade(self, row: Row, arguments: Sequence[Argument]) -> int:
        parameters = row.parameters
        many = bool(parameters) and parameters[-1].many
        if len(arguments) < len(parameters) or (len(arguments) > len(parameters) and not many):
            return NO
        grade = EXACT
        for i, argument in enumerate(arguments):
            parameter = parameters[min(i, len(parameters) - 1)]
            grade = min(grade, self._fit(parameter, argument))
            if grade and parameter.kind in MODELS and not self.is_model(parameter.kind, argument.text or ""):
                grade = CONVERTIBLE  # taken when the other arguments leave no other row: then its element is named
            if grade == NO:
                break
        return grade

    def _fit(self, parameter: Parameter, argument: Argument) -> int:
        if parameter.kind in ("date", "stamp") and family(argument.known.type) == "number":
            return CONVERTIBLE if self.traits.get("number_is_day_since") else NO  # a count of days
        return _fit(parameter, argument)

    def is_model(self, kind: str, text: str) -> bool:
        """Whether ``text`` looks like a format model of that kind."""
        if kind.startswith("number"):
            return self._number.fullmatch(text) is not None
        try:
            return any(e.name for e in cut(text, self.date_elements))
        except UnknownElement:
            return False


def _kind(row: Row, i: int) -> str:
    return row.parameters[min(i, len(row.parameters) - 1)].kind


def _fit(parameter: Parameter, argument: Argument) -> int:
    if parameter.words:
        given = argument.text if argument.text is not None else argument.whole
        return EXACT if given is not None and str(given).strip().upper() in parameter.words else NO
    if argument.star:
        return EXACT if parameter.kind in ("star", "all") else NO
    whole, text = argument.whole, argument.text
    match parameter.kind:
        case "any" | "all" | "condition":
            fits = True
        case "literal":
            fits = text is not None or whole is not None
        case "char":
            fits = text is not None and len(text) == 1
        case "delimiters":
            fits = bool(text)
        case "day":
            fits = argument.known.type.kind == "date"
        case "large":
            fits = argument.known.type.kind == "text"
        case "period":
            fits = argument.known.type.kind == "period"
        case "unbordered":
            fits = text is not None and text != "" and not _bordered(text)
        case "nls_dates" | "nls_numbers":
            fits = text is not None and _PLAIN_NLS[parameter.kind].fullmatch(text) is not None
        case "null":
            fits = family(argument.known.type) == "null"
        case "one":
            fits = whole == 1
        case "positive":
            fits = argument.least is not None and argument.least > 0
        case "count":
            fits = argument.least is not None and argument.least >= 0
        case "zero":
            fits = whole == 0
        case "negative":
            fits = whole is not None and whole < 0
        case "minus_one":
            fits = whole == -1
        case "whole":
            fits = whole is not None
        case "clock":
            fits = argument.calls in CLOCKS
        case "guid":
            fits = argument.calls == "SYS_GUID"
        case "int" if family(argument.known.type) != "unknown":
            fits = is_integer(argument.known.type) and argument.known.type.kind != "decimal"
        case "star":
            fits = False
        case kind if kind in LITERAL_KINDS:
            fits = text is not None
        case kind:
            return _fit_type("number" if kind == "int" else kind, family(argument.known.type))
    return EXACT if fits else NO


#: Language parameters that say what holds without them: English names, a point and a comma.
_PLAIN_NLS: Final = {
    "nls_dates": re.compile(r"\s*NLS_DATE_LANGUAGE\s*=\s*'?(?:AMERICAN|ENGLISH)'?\s*", re.I),
    "nls_numbers": re.compile(r"\s*NLS_NUMERIC_CHARACTERS\s*=\s*'\.[, ]'\s*", re.I),
}


def _bordered(text: str) -> bool:
    """Whether two occurrences of ``text`` can overlap."""
    return any(text.startswith(text[i:]) for i in range(1, len(text)))


def _fit_type(kind: str, given: str) -> int:
    kind = "date" if kind == "stamp" else kind
    if given in ("null", kind):
        return EXACT
    if given == "unknown":
        return UNKNOWN
    match kind:
        case "text":
            return CONVERTIBLE if given in ("number", "boolean", "date", "timestamp", "zoned", "json") else NO
        case "number" | "integer":
            return EXACT if given == "number" else CONVERTIBLE if given in ("text", "boolean") else NO
        case "date":
            return EXACT if given in ("timestamp", "zoned") else CONVERTIBLE if given == "text" else NO
        case "binary":
            return CONVERTIBLE if given == "text" else NO
        case _:
            return NO


_PARAMETER = re.compile(
    r"\s*(?P<name>[a-z][a-z0-9_]*)(?P<many>\.\.\.)?\s*:\s*(?:'(?P<words>[^']*)'|(?P<kind>[a-z_]+))\s*"
)
_OF_ARGUMENTS: Final = frozenset("first second last strongest whole widened averaged bound".split())
_KEYS: Final = frozenset(
    "args op gives empty nulls aggregate analytic code set sure guess width blanks".split()
)


def _row(name: str, entry: Mapping[str, Any]) -> Row:
    parameters: list[Parameter] = []
    for part in filter(str.strip, str(entry.get("args", "")).split(",")):
        match = _PARAMETER.fullmatch(part)
        if match is None or (match["kind"] and match["kind"] not in KINDS):
            raise RowError(f"{name}: {part.strip()!r} is no parameter; write 'name: kind'")
        words = frozenset(match["words"].upper().split("|")) if match["words"] is not None else frozenset()
        parameters.append(Parameter(match["name"], match["kind"] or "literal", words, bool(match["many"])))
    gives = str(entry.get("gives", "unknown"))
    if gives not in GIVEN and gives not in _OF_ARGUMENTS:
        raise RowError(f"{name}: gives {gives!r} is no type")
    unknown = set(entry) - _KEYS
    if unknown or "op" not in entry:
        raise RowError(f"{name}: {', '.join(sorted(unknown)) or 'op'} " + ("is no key" if unknown else "is missing"))
    return Row(
        name, tuple(parameters), str(entry["op"]), gives, bool(entry.get("empty")), str(entry.get("nulls", "args")),
        bool(entry.get("aggregate")), bool(entry.get("analytic")), str(entry.get("code", "")),
        tuple((str(k), str(v)) for k, v in entry.get("set", {}).items()),
        bool(entry.get("sure")), bool(entry.get("guess")), str(entry.get("width", "")), str(entry.get("blanks", "")),
    )  # fmt: skip


class Family:
    """The functions and the query constructs of a target family, judged for one version."""

    def __init__(self, data: Mapping[str, Any], version: tuple[int, ...]) -> None:
        target = data.get("target", {})
        self.dialect: str = target["dialect"]
        self.backslash: bool = target.get("strings") == "backslash"
        self.casts: Mapping[str, Any] = data.get("casts", {})
        self.columns: Mapping[str, Any] = data.get("columns", {})
        self.words: Mapping[str, str] = data.get("words", {})
        self.date_out: Mapping[str, Any] = data.get("date_out", {})
        self.date_in: Mapping[str, Any] = data.get("date_in", {})
        self.number_out: Mapping[str, Any] = data.get("number_out", {})
        self.regex_flags: Mapping[str, str] = data.get("regex_flags", {})
        self.version = version
        self._query: Mapping[str, Any] = data.get("query", {})
        self._functions: Mapping[str, Any] = data.get("functions", {})
        self._ways: dict[str, Way | None] = {}

    def has(self, construct: str) -> bool:
        """Whether queries of this engine may contain ``construct``."""
        try:
            value = self._query[construct]
        except KeyError:
            raise RowError(f"[query] does not list {construct!r}") from None
        return self._since(value) if isinstance(value, Mapping) else bool(value)

    def _since(self, entry: Mapping[str, Any]) -> bool:
        since = tuple(map(int, str(entry.get("since", "0")).split(".")))
        return not self.version or self.version >= since[: len(self.version)]

    def way(self, op: str) -> Way | None:
        """How this engine says ``op``; ``None`` when no row does."""
        if op not in self._ways:
            entry = self._functions.get(op)
            if isinstance(entry, list):
                entry = next((e for e in entry if self._since(e)), None)
            self._ways[op] = _way(op, entry)
        return self._ways[op]

    def operations(self) -> frozenset[str]:
        return frozenset(self._functions)


def _way(op: str, entry: Any) -> Way | None:
    if entry is None:
        return None
    if isinstance(entry, str):
        return Way(entry)
    unknown = set(entry) - {"sql", "code", "stable", "volatile", "strict", "since", "note", "needs", "double"}
    if unknown:
        raise RowError(f"{op}: {', '.join(sorted(unknown))} is no key")
    return Way(
        str(entry.get("sql", "")), str(entry.get("code", "")), bool(entry.get("stable")), bool(entry.get("volatile")),
        bool(entry.get("strict")), str(entry.get("note", "")), str(entry.get("needs", "")), bool(entry.get("double")),
    )  # fmt: skip


