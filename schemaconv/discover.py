"""From what a person names (files, folders, globs) to the scripts to read, in the order to read them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path

from .source import SourceError

_COMMON = (".sql", ".ddl")

#: Suffixes of scripts inside a folder, by engine: those that SQL Developer, PL/SQL Developer, Toad and the
#: usual version control layouts give to one object per file. A file that is named itself may have any suffix.
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "oracle": (
        *_COMMON, ".pks", ".pkb", ".pkg", ".pck", ".pls", ".plb", ".plsql", ".spc", ".bdy", ".prc", ".fnc",
        ".fun", ".trg", ".vw", ".mv", ".mvw", ".tab", ".tbl", ".typ", ".tps", ".tpb", ".seq", ".syn", ".idx",
        ".con", ".grt",
    ),
}  # fmt: skip


def suffixes(engine: str = "oracle") -> tuple[str, ...]:
    """The suffixes (lower case, with their dot) by which a script of ``engine`` is known inside a folder."""
    return _SUFFIXES.get(engine, _COMMON)


def expand(entries: list[str], *, engine: str = "oracle", skip: Path | None = None) -> list[Path]:
    """The scripts that ``entries`` stand for: each once, in the order of the entries.

    A file stands for itself; a folder for the scripts below it and a glob (``**`` crosses folders) for what
    it matches, both sorted naturally, so that ``V2`` comes before ``V10``. Folders whose name starts with a
    dot are not searched, nor is ``skip``, the folder that this run writes to, when it lies below a folder
    that was named.
    Raises :class:`~schemaconv.source.SourceError` for an entry that does not exist or holds no script.
    """
    found: dict[Path, Path] = {}
    for entry in entries:
        for path in _scripts(entry, engine, skip):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def natural(path: Path) -> tuple[tuple[tuple[int, tuple[int, ...], str], ...], ...]:
    """A sort key: numbers by value, versions part by part (1.4, 1.4.2, 1.10), letters without their case."""
    stems = (*path.parts[:-1], path.stem, path.suffix)
    return tuple(tuple(_pieces(part)) for part in stems)


_VERSION = re.compile(r"(\d+(?:[._-]\d+)*)")


def _pieces(text: str) -> Iterator[tuple[int, tuple[int, ...], str]]:
    for piece in _VERSION.split(text):
        if piece[:1].isdecimal():
            yield (0, tuple(int(n) for n in re.split(r"[._-]", piece)), piece)
        elif piece:
            yield (1, (), piece.casefold())


def _scripts(entry: str, engine: str, skip: Path | None) -> list[Path]:
    path = Path(entry)
    try:
        if path.is_dir():
            return _folder(path, engine, skip)
        if path.exists():
            return [path]
    except (OSError, ValueError) as error:
        raise SourceError(f"{entry}: cannot be read ({error}); check the path") from None
    if not glob.has_magic(entry):
        raise SourceError(f"{entry}: no such file or folder; check the path")
    return _matches(entry, engine, skip)


def _matches(pattern: str, engine: str, skip: Path | None) -> list[Path]:
    """What a glob matches; one that names no suffix (``schema/*``) takes only what a folder would give."""
    named = "." in Path(pattern).name
    files: list[Path] = []
    for match in map(Path, glob.glob(pattern, recursive=True)):
        if match.is_dir():
            files += _walk(match, engine, skip)
        elif named or match.suffix.lower() in suffixes(engine):
            files.append(match)
    if not files:
        raise SourceError(f"{pattern}: matches no script; check the pattern")
    return sorted(files, key=natural)


def _folder(folder: Path, engine: str, skip: Path | None) -> list[Path]:
    files = _walk(folder, engine, skip)
    if not files:
        kinds = " ".join(f"*{s}" for s in suffixes(engine))
        raise SourceError(f"{folder}: no script in this folder; looked for {kinds}")
    return files


def _walk(folder: Path, engine: str, skip: Path | None) -> list[Path]:
    known = suffixes(engine)
    avoided = skip.resolve() if skip is not None else None
    files: list[Path] = []

    def refuse(error: OSError) -> None:
        raise SourceError(f"{error.filename}: cannot be read ({error.strerror}); check the folder's rights")

    for top, folders, names in os.walk(folder, onerror=refuse):
        here = Path(top)
        folders[:] = [f for f in folders if not f.startswith(".") and (here / f).resolve() != avoided]
        files += [here / n for n in names if Path(n).suffix.lower() in known and not n.startswith(".")]
    return sorted(files, key=natural)
