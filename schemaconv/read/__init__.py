"""Source text to catalog."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..diagnostics import Log
    from ..engines import Engine
    from ..ir.catalog import Catalog
    from ..options import Options
    from ..source import SourceFile
    from .reader import Reader


def read(files: tuple[SourceFile, ...], engine: Engine, options: Options, log: Log) -> Catalog:
    """Read scripts of ``engine`` in the order given; included files are read where they stand.

    The reader of a family is the class ``SourceReader`` of the module that bears its name. Every statement ends as an
    object of the catalog, or folded into one; what could not be read is in ``log``.
    """
    module = import_module(f".{engine.family}", __name__)
    reader: Reader = module.SourceReader(files, options, log)
    return reader.read()
