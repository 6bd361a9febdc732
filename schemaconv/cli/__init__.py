"""The command ``schemaconv``: a thin skin over :mod:`schemaconv.api`.

Only click is imported before there is work.
"""

from __future__ import annotations

from .commands import main

__all__ = ["main"]
