"""The JSON report: for programs. ``report.schema.json`` beside this file describes it.

``report_version`` counts like a library's version: a new optional key raises the second number, any other
change the first.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

from .._version import __version__
from ..severity import Verdict
from .digest import of_run
from .model import REPORT_VERSION, Conversion, Finding, ObjectReport, Place, Report


def render(model: Report) -> str:
    """The report as text, with one line feed at its end. The same model always gives the same text."""
    return json.dumps(as_dict(model), ensure_ascii=False, indent=2) + "\n"


def as_dict(model: Report) -> dict[str, Any]:
    """The report as plain values; keys in the order of the schema."""
    return {
        "report_version": REPORT_VERSION,
        "tool": f"schemaconv {__version__}",
        "source": {
            "engine": model.source.name,
            "files": [
                {
                    "path": f.path,
                    "sha256": f.sha256,
                    "bytes": f.bytes,
                    "encoding": f.encoding,
                    "lines": f.lines,
                }
                for f in model.files
            ],
        },
        "conversions": [_conversion(c) for c in model.conversions],
    }


@lru_cache(maxsize=1)
def _schema_text() -> str:
    return resources.files(__package__).joinpath("report.schema.json").read_text("utf-8")


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of :func:`as_dict`."""
    loaded: dict[str, Any] = json.loads(_schema_text())
    return loaded


def _conversion(conversion: Conversion) -> dict[str, Any]:
    return {
        "target": {"engine": conversion.target.name, "version": conversion.target.label},
        "summary": {
            "objects": conversion.counts(),
            "by_kind": {kind: _every_verdict(found) for kind, found in conversion.by_kind().items()},
            "statements": conversion.statements,
            "characters": {
                "total": conversion.characters,
                "claimed": conversion.characters - conversion.unclaimed,
                "unclaimed": conversion.unclaimed,
            },
        },
        "objects": [_object(o) for o in conversion.objects],
        "name_map": [{"kind": r.kind, "from": r.source, "to": r.target} for r in conversion.name_map],
        "diagnostics": [{**_finding(f), "file": f.file} for f in of_run(conversion)],
        **({"advice": list(conversion.advice)} if conversion.advice else {}),
    }


def _every_verdict(found: dict[str, int]) -> dict[str, int]:
    return {"total": found["total"], **{v.value: found.get(v.value, 0) for v in Verdict}}


def _object(o: ObjectReport) -> dict[str, Any]:
    return {
        "kind": o.kind,
        "name": o.name,
        "target_name": o.target_name,
        "verdict": o.verdict.value,
        "source": _place(o.source),
        "target": _place(o.target) if o.target else None,
        "depends_on": list(o.depends_on),
        "diagnostics": [_elsewhere(f, o.source.file) for f in o.diagnostics],
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "start_line": place.start_line, "end_line": place.end_line}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": finding.line,
        "column": finding.column,
        "remedy": finding.remedy,
    }


def _elsewhere(finding: Finding, file: str) -> dict[str, Any]:
    """An object's finding; it names its file only when that is not the object's own (a later ALTER)."""
    found = _finding(finding)
    return found if finding.file == file else {**found, "file": finding.file}
