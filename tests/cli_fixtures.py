"""Fixtures that run the command in an empty folder."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import madeup
import pytest
from commandline import Command, Done

import schemaconv
from schemaconv.cli import main


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in an empty folder, over the real pipeline."""
    monkeypatch.chdir(tmp_path)

    def call(*args: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(args)
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def made_up(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command in an empty folder, over the pipeline of :mod:`madeup`."""
    stub = madeup.pipeline()
    monkeypatch.setitem(sys.modules, "schemaconv.pipeline", stub)
    monkeypatch.setattr(schemaconv, "pipeline", stub, raising=False)
    return command
