"""The faults that are put into the code: each changes it, and none is there twice."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    pytest.importorskip("cosmic_ray", reason="cosmic-ray, which make mutants installs, is not here")
    file = Path(__file__).parents[2] / "benchmarks" / "mutants.py"
    specification = util.spec_from_file_location("mutants", file)
    module = util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("kind", "code", "faulty"),
    [
        ("Swap", "f(low, high, 1)", "f(high, low, 1)"),
        ("Swap", "f(low, low)", None),
        ("Swap", "f(low, 1)", None),
        ("Swap", "f(low,)", None),
        ("Counterpart", "low, high = min(a), 1", "low, high = max(a), 1"),
        ("Neighbour", "a = 'x', 'y'", "a = 'y', 'y'"),
        ("Neighbour", "a = 'x'", None),
        ("Unit", "a = f'{b} k€'", "a = f'{b} '"),
        ("Scale", "a = 1_000", "a = (1_000 // 10)"),
        ("Scale", "a = 100", "a = 1000"),
        ("Scale", "a = 101", None),
    ],
)
def test_a_fault_changes_the_code_and_what_would_not_is_none(
    mutants: ModuleType, tmp_path: Path, kind: str, code: str, faulty: str | None
):
    path = tmp_path / "a.py"
    path.write_text(f"{code}\n", encoding="utf-8")
    found = [number for _, _, name, number in mutants.faults(path) if name == kind]
    assert [mutants._faulty(path, kind, number) for number in found][:1] == ([] if faulty is None else [f"{faulty}\n"])


@pytest.mark.parametrize(
    "code",
    ["def f(a: min) -> max:\n    'min'\n", "raise ValueError('min', 1)\n", "import min\n", "@min\ndef f(): ...\n"],
)
def test_what_a_user_does_not_meet_is_left_alone(mutants: ModuleType, tmp_path: Path, code: str):
    path = tmp_path / "a.py"
    path.write_text(code, encoding="utf-8")
    assert list(mutants.faults(path)) == []
