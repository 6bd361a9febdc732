"""Source text to catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..diagnostics import Log
    from ..engines import Engine
    from ..ir.catalog import Catalog
    from ..options import Options
    from ..source import SourceFile


def read(files: tuple[SourceFile, ...], engine: Engine, options: Options, log: Log) -> Catalog:
    """Read scripts of ``engine`` in the order given; ``@file`` inclusions are read where they stand.

    Every statement ends as an object of the catalog, or folded into one; what could not be read is in ``log``.
    """
    from .oracle import read_scripts

    match engine.family:
        case "oracle":
            return read_scripts(files, options, log)
        case _:
            raise NotImplementedError(engine.name)
