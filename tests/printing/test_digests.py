"""What the digests cover, and what they leave out."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cdppe_analysis.printing import digests
from cdppe_analysis.printing.digests import data_digest, notebook_digest, published_files, surroundings_digest
from cdppe_analysis.storage.files import data_dir


def test_each_published_file_has_the_digest_of_its_bytes():
    for name, digest in published_files().items():
        assert hashlib.sha256((data_dir() / name).read_bytes()).hexdigest() == digest


def test_every_file_of_the_data_changes_the_digest_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The cost of a service (`besoins/`) and `datapackage.json` were forgotten once: no file is."""
    copied = Path(shutil.copytree(data_dir(), tmp_path / "data"))
    monkeypatch.setattr(digests, "data_dir", lambda: copied)
    before = data_digest(published_files())
    files = [path for path in copied.rglob("*") if path.is_file()]
    assert {"besoins", "rules", "scenarios", "beneficiaires", "clean"} <= {path.parent.name for path in files}
    for path in files:
        kept = path.read_bytes()
        path.write_bytes(kept + b" ")
        assert data_digest(published_files()) != before, path.name
        path.write_bytes(kept)
    assert data_digest(published_files()) == before
    (copied / "besoins" / "autre.yml").write_text("id: autre", encoding="utf-8")
    assert data_digest(published_files()) != before


def test_the_digest_of_the_data_is_the_one_of_the_lines_of_sha256sum(tmp_path: Path):
    (tmp_path / "a.csv").write_text("code_departement\n23\n")
    printed = subprocess.run(["sha256sum", "a.csv"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert data_digest({"a.csv": printed.split()[0]}) == hashlib.sha256(printed.encode()).hexdigest()


def test_the_kept_outputs_of_a_notebook_do_not_change_its_digest(tmp_path: Path, write_notebook: Callable[..., Path]):
    notebook = write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 1",))
    before = notebook_digest(notebook, "")
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"][1]["execution_count"] = 7
    content["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["2"]}]
    notebook.write_text(json.dumps(content), encoding="utf-8")
    assert notebook_digest(notebook, "") == before


def test_a_changed_cell_changes_the_digest_of_a_notebook(tmp_path: Path, write_notebook: Callable[..., Path]):
    first = notebook_digest(write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 1",)), "")
    assert notebook_digest(write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 2",)), "") != first


def test_a_changed_file_beside_the_notebooks_changes_the_digest_of_the_surroundings(tmp_path: Path):
    before = surroundings_digest(tmp_path)
    (tmp_path / "parts.csv").write_text("part\n0.5\n")
    assert surroundings_digest(tmp_path) != before


def test_a_changed_variable_of_the_project_changes_the_digest_of_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = surroundings_digest(tmp_path)
    monkeypatch.setenv("CDPPE_CONTOURS", "ailleurs.geojson")
    assert surroundings_digest(tmp_path) != before
