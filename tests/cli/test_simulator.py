"""`cdppe simulator`: its arguments; the page itself is held in the browser tests."""

from __future__ import annotations

import pytest

from cdppe_analysis.cli import main


def test_a_port_that_is_none_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]):
    assert main(["simulator", "--no-browser", "--port", "0"]) == 2
    assert capsys.readouterr().err == "cdppe simulator: 0 is no port\n"
