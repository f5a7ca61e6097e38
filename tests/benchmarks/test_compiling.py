"""The float kernel as WebAssembly: the bytes that the package carries are those of its own source."""

from __future__ import annotations

import sys
from importlib import metadata, util
from pathlib import Path

import pytest

from cdppe_analysis.errors import ReportError

specification = util.spec_from_file_location("compiling", Path(__file__).parents[2] / "benchmarks" / "compiling.py")
compiling = util.module_from_spec(specification)
specification.loader.exec_module(compiling)


def test_the_carried_module_is_small_and_is_webassembly():
    content = compiling.MODULE.read_bytes()
    assert content.startswith(b"\0asm\1\0\0\0")
    assert len(content) < 8000


def test_the_module_is_rebuilt_from_the_kernel_to_the_byte():
    if util.find_spec("ziglang") is None:
        pytest.skip("ziglang, whose linker is needed, is not installed")
    versions = {name: metadata.version(name) for name in compiling.MADE_WITH}
    if versions != compiling.MADE_WITH or sys.version_info[:2] != (3, 11):
        pytest.skip(f"the module was made with Python 3.11 and {compiling.MADE_WITH}, here are {versions}")
    assert compiling.compile_kernel() == compiling.MODULE.read_bytes()


def test_a_linker_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "ziglang.py").write_text("raise SystemExit('no linker here')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2]}")
    with pytest.raises(ReportError, match="the kernel cannot be compiled: "):
        compiling.compile_kernel()
