"""Put reports and scripts on disk: formats by suffix, and files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from . import json_report, markdown, text
from .model import Report

FORMATS: dict[str, Callable[[Report], str]] = {
    ".json": json_report.render,
    ".md": markdown.render,
    ".txt": text.render,
}


class UnknownFormat(Exception):
    """The suffix of a report names no format: one line that lists the known ones."""


class WriteError(Exception):
    """Files could not be written, and none was changed: one line that names the file and the reason."""


def check(path: Path) -> None:
    """Raises :class:`UnknownFormat` unless the suffix of ``path`` names a format of report."""
    if path.suffix.lower() not in FORMATS:
        raise UnknownFormat(f"{path}: a report's suffix names its format; known are {', '.join(FORMATS)}")


def render(model: Report, path: Path) -> str:
    """The report in the format that the suffix of ``path`` names. Raises :class:`UnknownFormat`."""
    check(path)
    return FORMATS[path.suffix.lower()](model)


def write_all(files: Mapping[Path, str]) -> None:
    """Write every file (UTF-8, line feeds) or none.

    Missing folders are made. Each text goes into a temporary file beside its place first; only when all of
    them are on disk are they renamed, and a failed rename puts back those that were done. A device or pipe
    (``/dev/stdout``) is written directly, last. Raises :class:`WriteError`; whatever is raised, no temporary
    file stays.
    """
    batch = _Batch()
    path = Path()
    try:
        for path, content in files.items():
            batch.prepare(path, content)
        for path in batch.waiting:
            batch.rename(path)
        for path, content in batch.direct.items():
            path.write_text(content, "utf-8", newline="\n")
    except OSError as error:
        batch.undo()
        reason = error.strerror or type(error).__name__
        raise WriteError(f"{path}: cannot be written ({reason}); no output was changed") from None
    except BaseException:
        batch.undo()
        raise
    batch.finish()


class _Batch:
    """Files on their way to disk: temporaries, the old files they replace, and the folders made for them."""

    def __init__(self) -> None:
        self.waiting: dict[Path, Path] = {}
        self.direct: dict[Path, str] = {}
        self.done: list[Path] = []
        self.kept: dict[Path, Path] = {}
        self.made: list[Path] = []

    def prepare(self, path: Path, content: str) -> None:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if path.exists() and not path.is_file():
            self.direct[path] = content
            return
        final = path.resolve()  # a link stays a link: what it points to is replaced
        self._folder(final.parent)
        handle, name = tempfile.mkstemp(".tmp", f".{final.name}.", final.parent)
        self.waiting[final] = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as out:
            out.write(content)
        os.chmod(name, stat.S_IMODE(final.stat().st_mode) if final.exists() else 0o666 & ~_umask())

    def rename(self, final: Path) -> None:
        if final.exists():
            self.kept[final] = _second_name(final, self.waiting[final].with_suffix(".old"))
        os.replace(self.waiting[final], final)
        self.done.append(final)

    def undo(self) -> None:
        for final in self.done:
            if final not in self.kept:
                with suppress(OSError):
                    final.unlink()
        for final, old in self.kept.items():
            with suppress(OSError):
                os.replace(old, final)
                old.unlink(missing_ok=True)  # a rename between two names of one file does nothing
        for temporary in self.waiting.values():
            with suppress(OSError):
                temporary.unlink()
        for folder in reversed(self.made):
            with suppress(OSError):
                folder.rmdir()

    def finish(self) -> None:
        for old in self.kept.values():
            with suppress(OSError):
                old.unlink()

    def _folder(self, folder: Path) -> None:
        missing = [p for p in (folder, *folder.parents) if not p.exists()]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            self.made.append(path)


def _second_name(path: Path, old: Path) -> Path:
    """``old`` as another name of ``path``'s content, so that ``path`` itself is there at every moment."""
    try:
        os.link(path, old)
    except OSError:  # a file system without hard links
        shutil.copy2(path, old)
    return old


def _umask() -> int:
    """The mask that a new file of this process gets; Python can only read it by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
