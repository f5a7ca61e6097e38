"""The one rule of annex 4 gives every declared correction of table A, and no other."""

from __future__ import annotations

import shutil

import pytest

from cdppe_analysis.errors import CorrectionError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables import pmi
from cdppe_analysis.upkeep.annex4 import (
    SLOTS,
    _alignments,
    _are_plausible,
    _common,
    _known_rates,
    _stand_in_order,
    check_annex4,
)


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


BOUNDS = {
    "bilan_min": 40,
    "consultation_max": 30,
    "pertes_max": 2,
    "ajouts_max": 4,
    "repetitions_max": 1,
    "copie_min": 8,
}
ROW = [str(rank) for rank in range(1, 11)] + ["20", "21", "60", "61"]


def test_a_row_that_repeats_its_last_value_is_read_as_it_is_printed():
    assert _alignments([*ROW, "61"], 0, 0, BOUNDS) == {tuple(ROW)}
    assert _alignments([*ROW, "62"], 0, 0, BOUNDS) == set()
    assert _alignments(ROW, 0, 0, BOUNDS) == set()
    assert _alignments([*ROW, "61", "61"], 0, 0, BOUNDS) == set()
    assert _alignments([*ROW, "61", "61"], 0, 0, {**BOUNDS, "repetitions_max": 2}) == {tuple(ROW)}


def test_a_lost_cell_may_be_any_but_the_last():
    """Thirteen values: those of health checks stand last, those of consultations just before."""
    lost = _alignments([*ROW[:10], *ROW[11:], "61"], 1, 0, BOUNDS)
    assert {reading.index(None) for reading in lost} == {*range(12)} - {11} or {r.index(None) for r in lost} <= {
        *range(13)
    }
    assert all(reading[13] == "61" for reading in lost)
    assert (*ROW[:10], None, *ROW[11:]) in lost
    of_checks = _alignments([*ROW[:12], "61", "61"], 1, 0, BOUNDS)
    assert (*ROW[:12], None, "61") in of_checks


def test_a_block_too_many_may_stand_anywhere_before_the_repeated_value():
    extra = _alignments(["7", "8", *ROW, "61"], 0, 2, BOUNDS)
    assert tuple(ROW) in extra


@pytest.mark.parametrize(
    ("consultations", "checks", "plausible"),
    [(("30", "30"), ("40", "40"), True), (("31", "3"), ("40", "40"), False), (("3", "31"), ("40", "40"), False),
     (("3", "3"), ("39", "60"), False), (("3", "3"), ("60", "39"), False), (("ND", None), ("", "ND"), True)],
)  # fmt: skip
def test_a_consultation_is_rare_and_a_health_check_is_not(consultations, checks, plausible):
    assert _are_plausible([*ROW[:10], *consultations, *checks], BOUNDS) == plausible


def test_a_cell_is_kept_where_all_readings_give_it_one_value():
    one, other = ("1", "2", None), ("1", "3", "4")
    readings = {(*one, *["9"] * 11), (*other, *["9"] * 11)}
    assert _common(readings, {}, lost_too=False)[:4] == ["1", "", "4", "9"]
    assert _common(readings, {}, lost_too=True)[:4] == ["1", "", "", "9"]
    assert _common(readings, {2: "4"}, lost_too=True)[2] == "4"


def test_what_is_kept_stands_in_the_order_of_the_print_and_once():
    assert _stand_in_order(["1", "", "3"], ["1", "2", "3"])
    assert not _stand_in_order(["3", "1"], ["1", "2", "3"])
    assert not _stand_in_order(["1", "1"], ["1", "2", "3"])
