"""What to do instead where source and target are of one family: nothing needs converting."""

from __future__ import annotations

from .. import rulefiles
from ..engines import Engine


def same_family(source: Engine, target: Engine) -> tuple[str, ...]:
    """Why nothing is converted, then the migration paths that fit, one per line; from ``rules/plan.toml``."""
    rows = rulefiles.load("plan.toml")
    found = [str(rows["reason"]).format(source=source.name, target=target.name)]
    for row in rows["path"]:
        if row["family"] == source.family and target.name in row["to"]:
            found.append(str(row["text"]))
    return tuple(found)
