"""A whole annex: the real one, other layouts as text and as PDF, damaged ones."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.errors import CdppeError, TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.annex import annex_of
from cdppe_analysis.ingestion.lines import split_text
from cdppe_analysis.sources import read_raw
from cdppe_analysis.territories import DEPARTEMENTS

NNBSP, NBSP = "\u202f", "\u00a0"
OF_2020 = tuple("03 63 71 35 18 41 20 08 54 55 57 68 973 02 59 62 80 77 95 974 27 23 24 64 79 44 53 04 30 82".split())
STRUCTURES = ["first_line", "own_line", "right", "after", "unnamed", "repeated", "flat"]
FORMS = ["spaces", "centred", "collapsed", "cells", "tabs", "semicolons", "markdown"]
K_EUROS = {"unit": "", "heading_unit": "k€", "scale": 1_000, "decimals": 1}
VARIANTS = {
    "names over several lines": {"width": 14},
    "narrow no-break spaces": {"thousands": NNBSP, "unit": f"{NNBSP}€"},
    "no-break spaces, no unit": {"thousands": NBSP, "unit": ""},
    "dots": {"thousands": "."},
    "apostrophes": {"thousands": "'"},
    "no separator": {"thousands": ""},
    "thousands of euros in the heading": K_EUROS,
    "thousands of euros in the cells": {"unit": " k€", "scale": 1_000, "decimals": 1},
    "millions of euros": {"unit": " M€", "scale": 1_000_000, "decimals": 3},
    "cents": {"decimals": 2},
    "pages with repeated headings": {"rows_a_page": 20},
    "two columns": {"columns": 2},
    "three columns": {"columns": 3},
    "codes before": {"code": "before"},
    "codes after": {"code": "after"},
    "codes beside": {"code": "beside"},
    "total first": {"total": "top"},
    "no total": {"total": "none"},
    "capitals": {"upper": True},
}


@pytest.fixture(scope="module")
def real(documents):
    return read_annex(documents / "annexe7-repartition-ondam-2020.txt")


@pytest.fixture(scope="module")
def documents():
    import os
    from pathlib import Path

    folder = os.environ.get("CDPPE_DOCUMENTS")
    if not folder:
        pytest.skip("CDPPE_DOCUMENTS does not give the folder of the official documents")
    return Path(folder)


def test_the_real_annex_gives_its_30_rows_cell_for_cell(real):
    """Annexe 7 of 2020, B: the same cells as the raw table that was made by hand."""
    raw = read_raw("annexe7-ondam-2020", "b-enveloppes").cells
    columns = ["region", "dotation_region", "departement", "dotation_departement"]
    assert real.cells["ligne"].astype(int).tolist() == raw.index.tolist()
    assert real.cells[columns].to_dict("list") == raw[columns].to_dict("list")
    assert (real.cells["nature"] == "departement").sum() == 30


def test_the_15_regional_totals_of_the_real_annex_are_equal_and_the_whole_misses_by_1_euro(real):
    """Annexe 7 of 2020, B: « TOTAL 15 000 000 € », where the thirty amounts make 15 000 001 €."""
    assert [check.statut for check in real.checks] == ["egal"] * 15 + ["arrondi"]
    assert (real.checks[-1].total, real.checks[-1].somme) == (15_000_000, 15_000_001)
    assert real.failed == ()


def test_the_doubts_of_the_real_annex_are_the_total_and_the_four_amounts_without_unit(real):
    """Annexe 7 of 2020, B: Bourgogne-Franche-Comté, Centre-Val de Loire, Corse and Guyane print no €."""
    listed = real.doubts.groupby("nature")["cellule"].apply(list).to_dict()
    assert listed == {"arrondi": ["15 000 000 €"], "unite": ["575 939", "309 383", "112 192", "216 505"]}


def test_every_cell_of_the_real_annex_has_the_lines_where_it_is_printed(real, documents):
    printed = (documents / "annexe7-repartition-ondam-2020.txt").read_text(encoding="utf-8").split("\n")
    for row in real.cells[real.cells["nature"] == "departement"].itertuples():
        first, _, last = row.lignes.partition("-")
        text = " ".join(printed[int(first) - 1 : int(last or first)])
        assert row.dotation_departement in text
        assert row.departement.split("\n")[-1] in text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_101_départements_are_read_in_every_structure_and_every_form_of_text(rendered, found, structure, form):
    printed = rendered(structure=structure)
    annex = annex_of(split_text(printed.text(form)))
    assert found(annex) == printed.expected
    assert [check.statut for check in annex.checks] == ["egal"] * printed.totals


@pytest.mark.parametrize("form", ["spaces", "collapsed", "tabs"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_thirty_départements_of_2020_are_read_however_they_are_printed(rendered, found, variant, form):
    for structure in ("first_line", "own_line", "right"):
        printed = rendered(OF_2020, structure=structure, **VARIANTS[variant])
        annex = annex_of(split_text(printed.text(form)))
        assert found(annex) == printed.expected
        assert [check.statut for check in annex.checks] == ["egal"] * printed.totals


@pytest.mark.parametrize(
    ("structure", "options", "printing"),
    [
        ("first_line", {"merged": True}, {"width": 14}),
        ("first_line", {"ruled": False}, {"thousands": NNBSP, "unit": f"{NNBSP}€"}),
        ("right", {"merged": True}, {}),
        ("own_line", {}, {"columns": 2}),
        ("after", {"ruled": False}, K_EUROS),
        ("unnamed", {}, {"code": "before"}),
        ("repeated", {"ruled": False}, {"columns": 3, "unit": "", "thousands": NBSP}),
        ("flat", {}, {"width": 14}),
    ],
)
def test_101_départements_are_read_from_a_pdf_of_several_pages(
    rendered, found, without_narrow_spaces, tmp_path, structure, options, printing
):
    printed = rendered(structure=structure, **printing)
    annex = read_annex(printed.pdf(tmp_path / "annexe.pdf", **options))
    assert without_narrow_spaces(found(annex)) == without_narrow_spaces(printed.expected)
    assert [check.statut for check in annex.checks] == ["egal"] * printed.totals
    assert annex.cells["page"].nunique() > 1


@settings(max_examples=int(__import__("os").environ.get("FZ", "80")), deadline=None)
@given(
    codes=st.lists(st.sampled_from(sorted(DEPARTEMENTS)), min_size=2, max_size=30, unique=True).map(sorted),
    structure=st.sampled_from(STRUCTURES),
    form=st.sampled_from(FORMS),
    variant=st.sampled_from(sorted(VARIANTS)),
)
def test_a_generated_annex_is_read_back(rendered, found, codes, structure, form, variant):
    printed = rendered(codes, structure=structure, **VARIANTS[variant])
    annex = annex_of(split_text(printed.text(form)))
    assert found(annex) == printed.expected
    assert [check.statut for check in annex.checks] == ["egal"] * printed.totals


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    structure=st.sampled_from(["first_line", "own_line", "after"]),
    form=st.sampled_from(FORMS),
)
def test_a_digit_changed_in_an_annex_with_totals_is_never_silent(rendered, found, seed, structure, form):
    """The sums of the régions and of the whole hold every amount: a change is refused, fails a check or is doubted."""
    printed = rendered(OF_2020, structure=structure)
    text = printed.text(form)
    table = text.index("Ardennes") if form != "spaces" else text.index("Allier")
    draw = random.Random(seed)
    place = draw.choice([place for place, letter in enumerate(text) if letter.isdigit() and place > table])
    other = draw.choice([digit for digit in "0123456789" if digit != text[place]])
    try:
        annex = annex_of(split_text(text[:place] + other + text[place + 1 :]))
    except CdppeError:
        return
    assert found(annex) == printed.expected or not annex.doubts.empty
    assert annex.failed or any(check.statut == "arrondi" for check in annex.checks)


def test_a_row_left_out_fails_the_checks(rendered):
    lines = rendered(OF_2020).text().split("\n")
    annex = annex_of(split_text("\n".join(line for line in lines if "Moselle" not in line or "Meurthe" in line)))
    assert [check.libelle for check in annex.failed] == ["Grand Est", "TOTAL"]


def test_a_regional_total_that_is_not_the_sum_is_reported_with_both_figures(written):
    annex = annex_of(written("Bretagne 310 000 €", "Finistère 200 000 €", "Morbihan 100 000 €", "TOTAL 300 000 €"))
    assert [(check.total, check.somme) for check in annex.failed] == [(310_000, 300_000)]
    assert "310\u202f000\u202f€" in annex.doubts["doute"].iloc[0]
    assert "300\u202f000\u202f€" in annex.doubts["doute"].iloc[0]


def test_a_table_without_a_total_says_that_nothing_proves_it_whole(written):
    annex = annex_of(written("Finistère 200 000 €", "Morbihan 100 000 €"))
    assert annex.doubts["nature"].tolist() == ["total"]


def test_the_names_and_the_unit_stay_as_printed_beside_the_codes(written):
    annex = annex_of(written("PACA 2 k€", "ALPES MARITIMES 2 k€", "TOTAL 2 k€"))
    row = annex.cells.iloc[0]
    assert (row["region"], row["departement"], row["dotation_departement"]) == ("PACA", "ALPES MARITIMES", "2 k€")
    assert (row["code_region"], row["code_departement"], row["unite"]) == ("93", "06", "k€")


def test_each_column_without_a_total_is_said(written):
    annex = annex_of(written("Ain   1 €   2 €", "Nord  3 €   4 €", "TOTAL       6 €"))
    assert [doubt for doubt in annex.doubts["doute"] if "colonne" in doubt] == [
        "Aucun total général n'est imprimé pour la colonne 1 : rien ne prouve que le tableau est entier."
    ]


def test_figures_have_no_unit_in_the_doubts_of_a_table_that_prints_none(written):
    annex = annex_of(written("Ain 1 000", "Nord 2 000", "TOTAL 3 001"))
    told = annex.doubts.set_index("nature").at["arrondi", "doute"]
    assert "vaut 3\u202f001 ; la somme vaut 3\u202f000 (−1)" in told


def test_a_département_under_another_région_is_a_doubt(written):
    annex = annex_of(
        written(
            "Bretagne 300 000 €",
            "Finistère 200 000 €",
            "Sarthe 100 000 €",
            "Normandie 100 000 €",
            "Eure 100 000 €",
            "Pays de la Loire 70 000 €",
            "Mayenne 70 000 €",
        )
    )
    assert annex.doubts.loc[annex.doubts["nature"] == "region", "cellule"].tolist() == ["Sarthe"]


def test_the_other_documents_hold_no_annex(documents):
    for name in ("circulaire-2020-34", "rex-club-des-territoires", "cahier-des-charges-sessad-ase-nord"):
        with pytest.raises(TableError, match="no row of a département"):
            read_annex(documents / f"{name}.txt")


def test_the_table_of_percentages_of_the_instruction_is_refused(documents):
    with pytest.raises(CdppeError):
        read_annex(documents / "instruction-2025-60.txt")
