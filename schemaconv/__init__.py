"""schemaconv: convert database schemas offline, and say what could not be kept.

>>> from schemaconv import convert
>>> convert("CREATE TABLE t (id NUMBER(9) PRIMARY KEY);", source="oracle", target="postgres").objects[0].verdict
<Verdict.CONVERTED: 'converted'>
"""

from __future__ import annotations

from ._version import __version__
from .api import Result, assess, convert, explain
from .diagnostics import Diagnostic
from .options import Options
from .severity import Severity, Verdict

__all__ = ["Diagnostic", "Options", "Result", "Severity", "Verdict", "__version__", "assess", "convert", "explain"]
