"""Digests: what says which data a report was made from, and whether a notebook must be executed again.

The digest of the data is the SHA-256 of the lines `<sha256>  <path>` of every file of `data/`, in the order of their
paths: whoever has the files finds it again with `sha256sum`. No folder is named here, so that none is forgotten. The
digest of a notebook covers everything that its outputs depend on: its cells, the data, the contours, the package, the
versions of what is installed, the other files of its folder and the variables `CDPPE_*`. Drawback: a file read from
elsewhere is not covered.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from cdppe_analysis.errors import SourceError
from cdppe_analysis.storage.files import data_dir, shapes_dir

_PACKAGE = Path(__file__).resolve().parent.parent


def published_files(study: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file of the data, by its path under `data/`; of a study, under its folder."""
    root = study or data_dir()
    files = _files(root.rglob("*") if study is None else _of_study(study))
    return {file.relative_to(root).as_posix(): _file_digest(file) for file in files}


def data_digest(files: dict[str, str]) -> str:
    """Return the one digest of these files.

    Examples
    --------
    >>> data_digest({"clean/a.csv": "0" * 64})[:16]
    '55958d5f4b97d04a'
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def package_digest() -> str:
    """Return the digest of the files of the package, which make the pages along with the data."""
    lines = "".join(f"{_file_digest(f)}  {f.relative_to(_PACKAGE).as_posix()}\n" for f in _files(_PACKAGE.rglob("*")))
    return hashlib.sha256(lines.encode()).hexdigest()


def surroundings_digest(folder: Path) -> str:
    """Return the digest of all that the notebooks of a folder depend on, themselves apart."""
    whole = hashlib.sha256()
    for version in sorted(f"{found.name}=={found.version}" for found in metadata.distributions()):
        whole.update(version.encode())
    whole.update(platform.python_version().encode())
    for name in sorted(name for name in os.environ if name.startswith("CDPPE_")):
        whole.update(f"{name}={os.environ[name]}".encode())
    for root in _roots():
        for file in _files(root.rglob("*")):
            whole.update(f"{root.name}/{file.relative_to(root).as_posix()} {_file_digest(file)}".encode())
    for file in _files([*folder.glob("*"), *_of_study(folder.parent)]):
        if file.suffix != ".ipynb":
            whole.update(f"{file.name} {_file_digest(file)}".encode())
    return whole.hexdigest()


def notebook_digest(notebook: Path, surroundings: str) -> str:
    """Return the digest of a notebook's cells and of its surroundings; its kept outputs do not count."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cells = [
        {key: cell.get(key) for key in ("cell_type", "source", "attachments", "metadata")}
        for cell in content.get("cells", [])
    ]
    text = json.dumps([notebook.name, cells, content.get("metadata")], sort_keys=True)
    return hashlib.sha256(f"{surroundings}{text}".encode()).hexdigest()


def _of_study(folder: Path) -> Iterator[Path]:
    """Yield the files of the study whose notebooks a folder holds; none where it is no study."""
    if (folder / "rules").is_dir():
        yield from folder.glob("*")
        for name in ("rules", "clean", "raw", "scenarios", "beneficiaires", "besoins"):
            yield from (folder / name).rglob("*")


def _roots() -> list[Path]:
    roots = [_PACKAGE]
    for find in (data_dir, shapes_dir):
        try:
            root = find()
        except SourceError:
            continue
        if _PACKAGE not in root.parents:
            roots.append(root)
    return roots


def _files(paths: Iterable[Path]) -> list[Path]:
    return sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def _file_digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
