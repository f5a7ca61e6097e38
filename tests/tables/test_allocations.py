"""The 30 amounts of annex 7 (ONDAM médico-social 2020, part B), held against its printed totals."""

from dataclasses import replace

import pytest

from cdppe_analysis.errors import CorrectionError, TableError, TerritoryError
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import allocations

RAW = (allocations.SOURCE, allocations.TABLEAU)


def with_cell(ligne, colonne, text):
    raw = Archive.open().raw(*RAW)
    cells = raw.cells.copy()
    cells.at[ligne, colonne] = text
    return raw.with_cells(cells)


def test_there_are_30_departements_of_15_regions():
    table = allocations.build(Archive.open())
    assert list(table.columns) == Archive.open().columns("allocations")
    assert len(table) == table["code_departement"].nunique() == 30
    assert table["code_region"].nunique() == 15


def test_the_amounts_sum_to_one_euro_more_than_the_printed_total():
    """Annex 7, B, last row: the print says 15 000 000 €."""
    assert allocations.build(Archive.open())["montant_eur"].sum() == 15_000_001


@pytest.mark.parametrize(
    ("code", "amount"), [("23", 100_000), ("59", 1_995_607), ("04", 106_939), ("20", 112_192), ("974", 742_309)]
)
def test_an_amount_is_the_printed_one(code, amount):
    """Annex 7, B: the minimum, the largest, a name cut over two lines, Corse as one, an overseas département."""
    assert allocations.build(Archive.open()).set_index("code_departement").at[code, "montant_eur"] == amount


def test_every_regional_total_is_the_sum_of_its_departements():
    checks = allocations.totals(Archive.open())
    assert len(checks) == 16
    assert [check.label for check in checks if check.gap] == ["Total"]


def test_the_gap_of_the_whole_is_explained():
    whole = allocations.totals(Archive.open())[-1]
    assert (whole.printed, whole.added, whole.gap) == (15_000_000, 15_000_001, 1)
    assert "arrondi" in whole.reason


def test_each_row_leads_back_to_its_cell():
    row = allocations.build(Archive.open()).set_index("code_departement").loc["23"]
    assert (row["source"], row["emplacement"]) == ("annexe7-ondam-2020", "b-enveloppes L22 dotation_departement")


def test_a_regional_total_that_is_not_its_sum_is_an_error_with_both_figures():
    raw = with_cell(1, "dotation_region", "460 531 €")
    with pytest.raises(TableError, match=r"the printed total 460531 is not the sum 460530.*b-enveloppes L1"):
        allocations._checked_totals(raw, allocations._tidy(raw), Archive.open().register.gaps_of(*RAW))


def test_a_gap_that_is_not_declared_is_an_error():
    raw = Archive.open().raw(*RAW)
    with pytest.raises(TableError, match="the printed total 15000000 is not the sum 15000001"):
        allocations._checked_totals(raw, allocations._tidy(raw))


def test_a_declared_gap_with_other_figures_is_an_error():
    raw = with_cell(31, "dotation_departement", "15 000 002 €")
    with pytest.raises(TableError, match="the register declares 15000000 against 15000001, the table gives 15000002"):
        allocations._checked_totals(raw, allocations._tidy(raw), Archive.open().register.gaps_of(*RAW))


def test_a_declared_gap_that_matches_no_total_is_an_error():
    raw = Archive.open().raw(*RAW)
    without_total = raw.with_cells(raw.cells.drop(31))
    with pytest.raises(TableError, match="a declared gap matches no total"):
        allocations._checked_totals(
            without_total, allocations._tidy(without_total), Archive.open().register.gaps_of(*RAW)
        )


def test_a_departement_under_another_region_is_an_error():
    with pytest.raises(TableError, match=r"under a région that is not its own \(code 23"):
        allocations._tidy(
            with_cell(3, "departement", "Creuse").with_cells(with_cell(3, "departement", "Creuse").cells.drop(22))
        )


def test_a_departement_given_twice_is_an_error():
    with pytest.raises(TerritoryError, match="the code '03' is given twice"):
        allocations._tidy(with_cell(2, "departement", "Allier"))


@pytest.mark.parametrize("text", ["cent mille", "100 000 $", "", "1 000 00 €"])
def test_a_cell_that_is_no_amount_is_an_error_with_its_text_and_row(text):
    with pytest.raises(TableError, match="b-enveloppes L22 dotation_departement"):
        allocations._tidy(with_cell(22, "dotation_departement", text))


def test_a_correction_that_matches_nothing_stops_the_cleaning(data_copy):
    register = data_copy / "corrections.yml"
    text = register.read_text(encoding="utf-8")
    entry = (
        "corrections:\n  - {source: annexe7-ondam-2020, tableau: b-enveloppes, ligne: 22, colonne: departement, "
        "imprime: Creuze, corrige: Creuse, raison: essai}\n"
    )
    register.write_text(entry + text[text.index("ecarts_declares") :], encoding="utf-8")
    with pytest.raises(CorrectionError, match="matches nothing: the cell prints 'Creuse', not 'Creuze'"):
        allocations.build(Archive.open(data_copy))


def test_the_peculiarities_of_the_print_are_listed():
    listed = allocations.peculiarities(Archive.open().raw(*RAW))
    assert listed["particularite"].str.startswith("graphie").sum() == 4
    assert (listed["particularite"] == "montant sans €").sum() == 4
    assert (listed["particularite"] == "libellé coupé sur deux lignes").sum() == 4


def test_the_committed_table_is_the_one_that_is_built(assert_committed):
    assert_committed("allocations", allocations.build(Archive.open()))


def test_the_first_of_the_declared_gaps_that_match_no_total_is_named():
    raw, gaps = Archive.open().raw(*RAW), Archive.open().register.gaps_of(*RAW)
    without = raw.with_cells(raw.cells.drop(31))
    more = [replace(gaps[0], ligne=ligne) for ligne in (40, 35)]
    with pytest.raises(TableError, match="a declared gap matches no total") as refused:
        allocations._checked_totals(without, allocations._tidy(without), [*gaps, *more])
    assert refused.value.cell == "annexe7-ondam-2020 b-enveloppes L31"


def test_the_peculiarities_are_in_the_order_of_the_print_with_their_line_breaks_shown():
    listed = allocations.peculiarities(Archive.open().raw(*RAW))
    assert listed[["ligne", "colonne"]].apply(tuple, axis=1).is_monotonic_increasing
    cut = listed[listed["particularite"].eq("libellé coupé sur deux lignes")]
    assert cut["imprime"].str.contains("⏎").all()
    assert not listed["imprime"].str.contains("\n").any()


def test_the_spelling_of_a_région_is_told_beside_the_official_one():
    """Annex 7, B: a break after a hyphen is none of the spelling, another letter is."""
    told = allocations._peculiarities_of("region", "Provence-Alpes- Côte d'Azur")
    assert told == []
    assert allocations._peculiarities_of("region", "Ile de France") == ["graphie différente de « Île-de-France »"]
    assert allocations._peculiarities_of("region", "Total") == []
    assert allocations._peculiarities_of("dotation_region", "12") == ["montant sans €"]
    assert allocations._peculiarities_of("dotation_region", "") == []
