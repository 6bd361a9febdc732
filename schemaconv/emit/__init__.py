"""Legal catalog to target text. Emitters never decide."""

from __future__ import annotations

from typing import Final

from ..engines import Profile
from ..ir.catalog import Item
from ..options import Options
from .ddl import Ddl
from .mysql import MySql
from .piece import Piece
from .postgres import Postgres
from .redshift import Redshift

PRINTERS: Final[dict[str, type[Ddl]]] = {"postgres": Postgres, "mysql": MySql, "redshift": Redshift}


def emit(items: tuple[Item, ...], profile: Profile, options: Options) -> tuple[Piece, ...]:
    """Print legal items, in their order, as statements of the profile's engine.

    Roles come first and foreign keys last, the rest in the order of the items; the layout sorts by phase.
    Raises :class:`~schemaconv.emit.printer.InternalError` for an item that is not legal.
    """
    return PRINTERS[profile.engine.family](profile, options, items).result()
