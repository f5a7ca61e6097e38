"""What the README and the LISEZMOI show is what happens."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "LISEZMOI.md"]


def console_steps(page):
    block = re.search(r"```console\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S).group(1)
    return [(step.split("\n", 1)[0], step.split("\n", 1)[1]) for step in block.split("$ ")[1:]]


@pytest.mark.parametrize("page", PAGES)
def test_the_session_in_python_runs_as_shown(page):
    result = doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8")
    assert result.attempted >= 8
    assert result.failed == 0


def test_the_session_on_the_command_line_runs_as_shown(tmp_path):
    steps = console_steps("README.md")
    assert len(steps) == 4
    for command, expected in steps:
        words = [sys.executable, "-m", "cdppe_analysis", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        printed = done.stdout + done.stderr
        assert doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS), printed
        assert done.returncode == (2 if "nearest" in expected else 0)


@pytest.mark.parametrize("page", [*PAGES, *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))])
def test_every_link_to_a_file_leads_somewhere(page):
    path = ROOT / page
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_both_pages_show_the_same_commands():
    assert console_steps("README.md") == console_steps("LISEZMOI.md")
