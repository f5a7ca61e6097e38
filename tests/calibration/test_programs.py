"""Small programs whose solutions are known."""

import subprocess
import sys

import numpy as np
import pytest

from cdppe_analysis.calibration.programs import Program
from cdppe_analysis.errors import UnsettledError


def corner():
    """Return x + 2 y <= 4 and 3 x + y <= 6, which meet at (1.6, 1.2)."""
    program = Program()
    program.add("x")
    program.add("y")
    program.row(-np.inf, np.array([4.0, 6.0]), x=np.array([[1.0], [3.0]]), y=np.array([[2.0], [1.0]]))
    return program


def test_one_program_is_solved_for_one_objective_after_another():
    program = corner()
    assert program.least(x=-1.0, y=-1.0) == pytest.approx([1.6, 1.2])
    assert program.least(x=-1.0) == pytest.approx([2.0, 0.0])
    assert program.least(y=-1.0)[program.places["y"]] == pytest.approx([2.0])
    assert program.least(x=1.0, y=1.0) == pytest.approx([0.0, 0.0])


def test_a_range_and_a_row_may_be_of_one_value():
    program = corner()
    program.add("z", 2, -1.0, np.array([5.0, 0.5]))
    program.row(3.0, 3.0, z=np.array([1.0, 1.0]))
    assert program.least(z=np.array([1.0, 0.0]))[program.places["z"]] == pytest.approx([2.5, 0.5])


def test_a_program_without_a_solution_has_none():
    program = corner()
    program.row(5.0, np.inf, x=np.ones(1))
    assert program.least(x=1.0) is None


def knapsack(nodes):
    """Return weights 3, 4, 5, 7 of which 10 can be carried: the relaxation cuts one, the best is 3 and 7."""
    program = Program(nodes)
    program.add("taken", 4, 0.0, 1.0, whole=True)
    program.row(-np.inf, 10.0, taken=np.array([3.0, 4.0, 5.0, 7.0]))
    return program


def test_what_the_relaxation_cuts_is_searched():
    program = knapsack(100)
    assert program.least(taken=-np.array([4.0, 5.0, 6.0, 9.5])) == pytest.approx([1.0, 0.0, 0.0, 1.0])
    assert program.least(taken=-np.array([1.0, 9.0, 9.0, 1.0])) == pytest.approx([0.0, 1.0, 1.0, 0.0])


def test_a_search_is_given_up_after_its_nodes():
    program = Program(1)
    weights = np.random.default_rng(3).integers(100, 1000, (12, 60)).astype(float)
    program.add("taken", 60, 0.0, 1.0, whole=True)
    program.row(-np.inf, weights.sum(axis=1) / 2, taken=weights)
    with pytest.raises(UnsettledError, match="not settled within the nodes"):
        program.least(taken=-weights.mean(axis=0))


def test_nothing_is_printed_beside_what_is_asked_for():
    """HiGHS presents itself once a process, on the standard output that a program may be reading."""
    code = "from cdppe_analysis.calibration.programs import _new_solver; _new_solver({}).run()"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")
