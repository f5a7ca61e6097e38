"""Notebooks executed by papermill, several at once, each kept in a cache under the digest of what it depends on.

That digest covers its cells, the data, the contours, the package, the versions of what is installed, the other files of
its folder and the variables `CDPPE_*`. Drawback: a file read from elsewhere is not covered.

The notebooks themselves are never written to. A notebook that fails keeps the others: its failure names the cell. In
the outputs that are kept, the folders of this machine are cut off the paths that a cell printed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import ReportError, SourceError
from cdppe_analysis.printing.layout import PACKAGE, Announce, digests, study_files
from cdppe_analysis.storage.files import PUBLISHED, data_dir, read_json, shapes_dir, write_text


@dataclass(frozen=True)
class Execution:
    """A notebook and what came of it: the executed copy, or the cell that failed."""

    notebook: Path
    executed: Path | None
    cell: int | None = None
    """Number of the cell that failed, from 1, text cells counted."""
    reason: str = ""
    """The error in one line."""


def find_notebooks(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Return the numbered notebooks of a folder, or those named by a path, a stem or the beginning of a stem.

    Raises
    ------
    ReportError
        When the folder holds no numbered notebook, or a name is none of them, or several.
    """
    numbered = numbered_notebooks(folder)
    if not names:
        if not numbered:
            raise ReportError("no numbered notebook (NN-name.ipynb) in the folder of the notebooks", cell=str(folder))
        return numbered
    return [_named(name, folder, numbered) for name in dict.fromkeys(names)]


def numbered_notebooks(folder: Path) -> list[Path]:
    """Return the notebooks that are reports: numbered, unless their metadata `cdppe` say `rapport: false`."""
    numbered = []
    for path in sorted(folder.glob("[0-9][0-9]-*.ipynb")):
        said = _read_notebook(path)["metadata"].get("cdppe")
        if not isinstance(said, dict) or said.get("rapport", True):
            numbered.append(path)
    return numbered


def execute_notebooks(
    notebooks: Sequence[Path], cache: Path, *, jobs: int, announce: Announce, others: Sequence[Path] = ()
) -> list[Execution]:
    """Execute the notebooks whose inputs changed since the cache was written; return all in the order of their names.

    Parameters
    ----------
    notebooks
        The files, all of one folder, which is where they run.
    cache
        The folder of the executed copies.
    jobs
        Notebooks executed at once.
    announce
        Called with each line of progress.
    others
        Notebooks that are not executed: left out where the cache does not hold them as they are now.
    """
    cache.mkdir(parents=True, exist_ok=True)
    before = os.environ.get(PUBLISHED)
    # Asks the kernels for the other forms of figures, from before the digests, which cover it, to the last of them.
    os.environ[PUBLISHED] = before or "1"
    try:
        surroundings = {folder: _surroundings_digest(folder) for folder in {path.parent for path in notebooks}}
        places = {
            notebook: cache / f"{notebook.stem}-{_notebook_digest(notebook, surroundings[notebook.parent])[:32]}.ipynb"
            for notebook in (*notebooks, *others)
        }
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            done = list(pool.map(lambda notebook: _execute(notebook, places[notebook], announce), notebooks))
    finally:
        if before is None:
            del os.environ[PUBLISHED]
    done += [Execution(notebook, places[notebook]) for notebook in others if places[notebook].is_file()]
    return sorted(done, key=lambda execution: execution.notebook.name)


def _execute(notebook: Path, place: Path, announce: Announce) -> Execution:
    if place.is_file():
        announce(f"{notebook.stem}: unchanged")
        return Execution(notebook, place)
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    announce(f"{notebook.stem}: running")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        progress = Path(folder) / notebook.name
        try:
            executed = papermill.execute_notebook(
                str(notebook),
                str(progress),
                kernel_name="python3",
                progress_bar=False,
                extra_arguments=["--log-level=CRITICAL", "--IPKernelApp.capture_fd_output=False"],
                resources={"metadata": {"path": str(notebook.parent)}},
            )
        except PapermillExecutionError as error:
            lines = str(error.evalue).strip().splitlines()
            reason = f"{error.ename}: {lines[0]}" if lines else str(error.ename)
            return _failed(notebook, error.cell_index + 1, reason, announce)
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            return _failed(notebook, _unfinished(progress), reason, announce)
    for number, cell in enumerate(executed.cells, start=1):
        cell.metadata.pop("papermill", None)
        if any(output.get("name") == "stderr" for output in cell.get("outputs", [])):
            announce(f"{notebook.stem}: cell {number} wrote on its standard error, left out of the report")
        if cell.cell_type == "code":
            cell["outputs"] = _cleaned(cell["outputs"])
    executed.metadata.pop("papermill", None)
    write_text(place, nbformat.writes(executed))
    announce(f"{notebook.stem}: done in {time.monotonic() - start:.0f} s")
    return Execution(notebook, place)


def _failed(notebook: Path, cell: int | None, reason: str, announce: Announce) -> Execution:
    said = _without_folders(reason)
    announce(f"{notebook.stem}: FAILED{f' at cell {cell}' if cell else ''}: {said}")
    return Execution(notebook, None, cell, said)


def _unfinished(progress: Path) -> int | None:
    """Return the number of the cell that was running when the kernel died, which papermill does not say."""
    import nbformat

    if not progress.is_file():
        return None
    cells = nbformat.read(progress, as_version=4).cells
    starts = [cell.metadata.get("papermill", {}).get("start_time") for cell in cells]
    return max((number for number, start in enumerate(starts, start=1) if start), default=None)


def _without_folders(text: str) -> str:
    """Cut the folders of this machine off the paths of a text.

    Examples
    --------
    >>> import tempfile
    >>> _without_folders(f"écrit dans {tempfile.gettempdir()}/montants.csv")
    'écrit dans montants.csv'
    """
    folders = {str(PACKAGE.parent), str(Path.cwd()), sys.prefix, str(Path.home()), tempfile.gettempdir()}
    for folder in sorted((folder for folder in folders if len(folder) > 3), key=len, reverse=True):
        text = re.sub(rf"(?<![\w<]){re.escape(folder)}(?:[/\\]|(?![\w.-]))", "", text)
    return text


def _cleaned(content: Any) -> Any:
    if isinstance(content, str):
        return _without_folders(content)
    if isinstance(content, dict):
        for key, value in content.items():
            if not key.startswith("image/"):
                content[key] = _cleaned(value)
        return content
    if isinstance(content, list):
        return [_cleaned(value) for value in content]
    return content


def _named(name: str, folder: Path, numbered: Sequence[Path]) -> Path:
    given = Path(name)
    if given.suffix == ".ipynb" and given.is_file():
        return given.resolve()
    matching = [notebook for notebook in numbered if notebook.stem == given.stem]
    matching = matching or [notebook for notebook in numbered if notebook.stem.startswith(name)]
    if len(matching) != 1:
        names = ", ".join(notebook.stem for notebook in (matching or numbered)) or "none"
        kind = "several notebooks" if matching else "no notebook"
        raise ReportError(f"{name!r} names {kind} ({names})", cell=str(folder))
    return matching[0]


def _surroundings_digest(folder: Path) -> str:
    """Return the digest of all that the notebooks of a folder depend on, themselves apart."""
    installed = sorted(f"{found.name}=={found.version}" for found in metadata.distributions())
    variables = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("CDPPE_"))
    read = {f"{root.name}/{name}": digest for root in _roots() for name, digest in digests(root).items()}
    beside = digests(folder.parent, [*folder.glob("*"), *study_files(folder.parent)])
    read |= {name: digest for name, digest in beside.items() if not name.endswith(".ipynb")}
    text = json.dumps([platform.python_version(), installed, variables, read])
    return hashlib.sha256(text.encode()).hexdigest()


def _read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as plain values.

    Raises
    ------
    ReportError
        When the file is no notebook.
    """
    content = read_json(path, ReportError)
    cells = content.get("cells")
    if not isinstance(content.get("metadata"), dict) or not isinstance(cells, list):
        raise ReportError("a notebook has metadata and a list of cells", cell=str(path))
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict) or not isinstance(cell.get("source"), str | list):
            raise ReportError(f"the cell {number} of the notebook has no source", cell=str(path))
    return content


def _notebook_digest(notebook: Path, surroundings: str) -> str:
    """Return the digest of a notebook's cells and of its surroundings; its kept outputs do not count."""
    content = _read_notebook(notebook)
    cells = [
        {key: cell.get(key) for key in ("cell_type", "source", "attachments", "metadata")} for cell in content["cells"]
    ]
    text = json.dumps([notebook.name, cells, content.get("metadata")], sort_keys=True)
    return hashlib.sha256(f"{surroundings}{text}".encode()).hexdigest()


def _roots() -> list[Path]:
    roots = [PACKAGE]
    for find in (data_dir, shapes_dir):
        try:
            root = find()
        except SourceError:
            continue
        if PACKAGE not in root.parents:
            roots.append(root)
    return roots
