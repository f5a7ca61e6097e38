"""The one rule of annex 4 gives every declared correction of table A, and no other."""

from __future__ import annotations

import shutil

import pytest

from cdppe_analysis.errors import CorrectionError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables import pmi
from cdppe_analysis.upkeep.annex4 import SLOTS, _known_rates, check_annex4


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(data_dir(), tmp_path / "data", ignore=shutil.ignore_patterns("clean", "etudes"))


def test_every_row_of_table_a_is_read_by_the_one_rule():
    """Not a list of rows: the rule is applied to all 89; the eight copied cells are those of the Charente."""
    assert check_annex4(Archive.open()) == "89 rows read by the one rule, 8 copied cells"


def test_the_cells_are_the_seven_pairs_in_the_order_of_the_print():
    assert SLOTS[:2] == ["c04", "c05"]
    assert len(SLOTS) == 2 * len(pmi.INDICATORS)


def test_what_table_c_says_of_2023_stands_at_the_odd_ranks():
    """annexe4-table-c: early prenatal interview of 6 % in the Hautes-Alpes; a fragment adds the consultation."""
    known = _known_rates(Archive.open())
    assert {rank % 2 for rates in known.values() for rank in rates} == {1}
    assert known["05"][5] == "6"


def test_a_correction_that_the_rule_does_not_give_is_told_and_so_is_one_that_is_missing(copied):
    register = copied / "corrections.yml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace('corrige: ""', 'corrige: "9"', 1), encoding="utf-8")
    with pytest.raises(CorrectionError, match=r"column c08 is read as '9'; the rule of annex 4 gives ''"):
        check_annex4(Archive.open(copied))


def test_another_bound_of_the_rule_reads_other_cells(copied):
    register = copied / "corrections.yml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("pertes_max: 2", "pertes_max: 0"), encoding="utf-8")
    with pytest.raises(CorrectionError, match="the rule of annex 4"):
        check_annex4(Archive.open(copied))
