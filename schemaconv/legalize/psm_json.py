"""Types of values in JSON documents, and how they are read with them."""

from __future__ import annotations

import re
from typing import Final

from ..ir.types import Type

_DECIMAL: Final = re.compile(r"(?i)decimal\s*(\(.*\))")
_LENGTH: Final = re.compile(r"\((\d+)\)")
_LONGEST: Final = 16383


def item_name(variable: str, field: str) -> str:
    """A name for a variable that takes an element, or a field of one."""
    return "_".join(w.strip("`") for w in (variable, field) if w)[:58] + "_item"


def is_binary(spelled: str) -> bool:
    return re.match(r"(?i)(var)?binary\b", spelled) is not None


def returned(spelled: str) -> str:
    """The type that JSON_VALUE gives for one of the target's; empty where there is none."""
    word = re.split(r"[ (]", spelled.lower(), maxsplit=1)[0]
    length = _LENGTH.search(spelled)
    match word:
        case "int" | "integer" | "bigint" | "smallint" | "tinyint" | "mediumint" | "boolean":
            return "SIGNED"
        case "decimal" | "numeric" if (m := _DECIMAL.match(spelled)) is not None:
            return f"DECIMAL{m[1]}"
        case "double" | "float":
            return "DOUBLE"
        case "varchar" | "char" if length is not None:
            return f"CHAR({length[1]})"
        case "varbinary" | "binary" if length is not None and int(length[1]) * 2 <= _LONGEST:
            return f"CHAR({int(length[1]) * 2})"
        case "date":
            return "DATE"
        case "datetime":
            return "DATETIME" if length is None else "CHAR(30)"
        case _:
            return ""


def read(variable: str, path: str, spelled: str) -> str:
    found = (variable, path) if path.startswith("'") else (f"JSON_EXTRACT({variable}, {path})", "'$'")
    text = f"JSON_VALUE({found[0]}, {found[1]} RETURNING {returned(spelled)})"
    if is_binary(spelled):
        return f"UNHEX({text})"
    return f"CAST({text} AS {spelled})" if spelled.lower().startswith("datetime(") else text


def fits(value: str, spelled: str) -> bool:
    """Whether a value is of the type already, so that nothing is cut off or rounded."""
    if not spelled or value == "NULL":
        return True
    kind = Type(spelled.lower().partition("(")[0])
    length = _LENGTH.search(spelled)
    if re.fullmatch(r"'(?:[^'\\]|'')*'", value):
        return kind.kind == "varchar" and length is not None and len(value) - 2 <= int(length[1])
    if re.fullmatch(r"\d{1,9}", value):
        return kind.kind in ("int", "bigint") or spelled.lower() == "decimal(65, 30)"
    return False
