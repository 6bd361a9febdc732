"""The options of a sequence or of an identity column: Oracle, Teradata and the standard spell them alike."""

from __future__ import annotations

from ..ir.catalog import Clause, SequenceOptions
from .cursor import Cursor


def sequence_options(c: Cursor, extra: list[Clause] | None = None, grouped: bool = False) -> SequenceOptions:
    """The options of a sequence or identity column, in any order, up to the first word that is none."""
    values: dict[str, object] = {}
    while not c.done():
        start = c.at
        match c.word():
            case "START":
                c.at += 1
                c.accept("WITH")
                if c.accept("LIMIT"):
                    c.accept("VALUE")
                else:
                    values["start"] = number(c)
            case "INCREMENT":
                c.at += 1
                c.accept("BY")
                values["increment"] = number(c)
            case "MINVALUE":
                c.at += 1
                values["minimum"] = number(c)
            case "MAXVALUE":
                c.at += 1
                values["maximum"] = number(c)
            case "NOMINVALUE" | "NOMAXVALUE" | "NOCYCLE" | "NOORDER" | "NOKEEP" | "NOSCALE" | "NOSHARD" | "GLOBAL":
                c.at += 1
            case "NO" if c.ahead() in ("MINVALUE", "MAXVALUE", "CYCLE", "CACHE", "ORDER"):
                c.at += 1
                if c.take() == "CACHE":
                    values["cache"] = 0
            case "CYCLE":
                c.at += 1
                values["cycle"] = True
            case "NOCACHE":
                c.at += 1
                values["cache"] = 0
            case "CACHE":
                c.at += 1
                values["cache"] = number(c)
            case "ORDER":
                c.at += 1
                values["ordered"] = True
            case "KEEP" | "SESSION" | "SCALE" | "SHARD" | "EXTEND" | "NOEXTEND" | "PARTITION":
                word = c.take()
                c.accept_any("EXTEND", "NOEXTEND")
                if extra is not None:
                    construct = {"KEEP": "sequence_keep", "SESSION": "sequence_session"}.get(word, "sequence_scale")
                    extra.append(c.clause(construct, start))
            case "RESTART":
                c.at += 1
                values["start"] = number(c) if c.accept("START", "WITH") or c.accept("WITH") else values.get("start", 1)
            case "," if grouped:
                c.at += 1
            case _:
                break
    return SequenceOptions(**values)  # type: ignore[arg-type]


def number(c: Cursor) -> int:
    """A whole number, with a sign, as ``1E27`` too."""
    sign = -1 if c.accept("-") else 1
    c.accept("+")
    text = c.take()
    try:
        return sign * int(text)
    except ValueError:
        pass
    try:
        from decimal import Decimal, InvalidOperation

        return sign * int(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        c.at -= 1
        raise c.error("a whole number expected") from None
