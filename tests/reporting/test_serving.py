"""The settings of the server: this machine only, and nothing but the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdppe_analysis.errors import ReportError
from cdppe_analysis.reporting.serving import HERE, voila_settings

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "simulateur.ipynb"


def test_the_simulator_listens_on_this_machine_only_unless_told_otherwise():
    from cdppe_analysis.cli import build_parser

    arguments = build_parser("simulator").parse_args(["simulator"])
    assert arguments.host == HERE == "127.0.0.1"


def test_no_file_is_served_beside_the_page():
    settings = voila_settings(NOTEBOOK, host=HERE, port=8866, browser=False)
    assert settings["VoilaConfiguration"]["file_allowlist"] == ["nothing-is-served"]
    assert settings["VoilaConfiguration"]["show_tracebacks"] is False


def test_a_missing_notebook_is_refused(tmp_path: Path):
    with pytest.raises(ReportError, match="no notebook"):
        voila_settings(tmp_path / "absent.ipynb", host=HERE, port=8866, browser=False)


def test_a_port_that_is_none_is_refused():
    with pytest.raises(ReportError, match="no port"):
        voila_settings(NOTEBOOK, host=HERE, port=70000, browser=False)
