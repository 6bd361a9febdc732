"""The plan by which a materialized view is refreshed on the target: the statement, and the schedule where it is plain.

Oracle SQL Language Reference 19c, "CREATE MATERIALIZED VIEW", "create_mv_refresh": START WITH and NEXT are dates, and
NEXT is computed anew at each refresh, so that ``SYSDATE + 1/24`` is every hour.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from ..ir.catalog import Table, View
from ..ir.names import QName
from .context import Context

_DAY: Final = 1440  # minutes
_AT_COMMIT: Final = re.compile(r"\bON\s+(?:COMMIT|STATEMENT)\b", re.I)
_NEXT: Final = re.compile(r"\bNEXT\b(.*?)(?=\bWITH\b|\bUSING\b|\bFOR\b|\Z)", re.I | re.S)
_NUMBER: Final = r"\(?(\d+(?:\.\d+)?(?:/\d+)*)\)?"
_FROM_NOW: Final = re.compile(rf"(?:SYSDATE|SYSTIMESTAMP|CURRENT_DATE)\+{_NUMBER}")
_FROM_DAY: Final = re.compile(rf"TRUNC\((?:SYSDATE|CURRENT_DATE)(?:\+{_NUMBER})?\)(?:\+{_NUMBER})?(?:\+{_NUMBER})?")
_INTERVAL: Final = re.compile(r"(?:SYSDATE|SYSTIMESTAMP|CURRENT_DATE)\+INTERVAL'(\d+)'(MINUTE|HOUR|DAY)")
_UNITS: Final = {"MINUTE": 1, "HOUR": 60, "DAY": _DAY}


class Beat(NamedTuple):
    """Every ``minutes``; ``at`` is the minute of the day where the source says one."""

    minutes: int
    at: int | None = None


def said(found: View | Table, name: QName, ctx: Context) -> None:
    """Say how ``found``, which is ``name`` on the target, is refreshed there."""
    clause = next((k for k in found.clauses if k.construct == "refresh_plan"), None)
    if clause is None:
        return
    statement = str(ctx.trait("refresh_statement")).format(name=ctx.run.qualified(name))
    shown = " ".join(clause.text.split())
    if re.match(r"NEVER\b", clause.text, re.I):
        ctx.say("SC3603", clause.at, statement=statement)
    elif _AT_COMMIT.search(clause.text):
        ctx.say("SC3601", clause.at, statement=statement, clause=shown)
    elif re.search(r"\bSTART\s+WITH\b|\bNEXT\b", clause.text, re.I):
        ctx.say("SC3602", clause.at, statement=statement, clause=shown, schedule=_schedule(clause.text, ctx))
    else:
        ctx.say("SC3600", clause.at, statement=statement)


def _schedule(clause: str, ctx: Context) -> str:
    """When the job has to run, in the words of the target's scheduler; the source's own words where they are not plain.
    """
    following = _NEXT.search(clause)
    if following is None:
        return "once, at the time behind START WITH"
    given = beat(following[1])
    if given is None:
        return f"NEXT {' '.join(following[1].split())}"
    if ctx.trait("schedule") == "event":
        return event(given)
    return f"'{cron}'" if (cron := crontab(given)) else f"every {given.minutes} minutes"


def beat(text: str) -> Beat | None:
    """What the expression behind NEXT means; ``None`` where it is none of the plain forms."""
    bare = re.sub(r"\s+", "", text).upper()
    if match := _FROM_NOW.fullmatch(bare):
        minutes = _minutes(match[1])
        return Beat(minutes) if minutes else None
    if match := _INTERVAL.fullmatch(bare):
        return Beat(int(match[1]) * _UNITS[match[2]]) if int(match[1]) else None
    if match := _FROM_DAY.fullmatch(bare):
        total = sum(_minutes(part) or 0 for part in match.groups() if part)
        days, at = divmod(total, _DAY)
        return Beat(days * _DAY, at) if days else None
    return None


def _minutes(text: str) -> int | None:
    """A number of days, written as a chain of quotients, in whole minutes."""
    first, *others = text.split("/")
    value = Fraction(first) * _DAY
    for other in others:
        if not int(other):
            return None
        value /= int(other)
    return int(value) if value.denominator == 1 else None


def crontab(given: Beat) -> str:
    """The five fields of cron; empty where a beat has none."""
    hour, minute = divmod(given.at or 0, 60)
    if given.minutes < 60 and 60 % given.minutes == 0:
        return "* * * * *" if given.minutes == 1 else f"*/{given.minutes} * * * *"
    if given.minutes < _DAY and given.minutes % 60 == 0 and 24 % (given.minutes // 60) == 0:
        return "0 * * * *" if given.minutes == 60 else f"0 */{given.minutes // 60} * * *"
    if given.minutes == _DAY:
        return f"{minute} {hour} * * *"
    return f"{minute} {hour} * * 0" if given.minutes == 7 * _DAY else ""


def event(given: Beat) -> str:
    """``EVERY n unit`` of an event."""
    unit = next(u for u in ("DAY", "HOUR", "MINUTE") if given.minutes % _UNITS[u] == 0)
    start = "" if given.at is None else f" STARTS at {given.at // 60:02d}:{given.at % 60:02d}"
    return f"EVERY {given.minutes // _UNITS[unit]} {unit}{start}"
