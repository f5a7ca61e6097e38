"""Which territory each row is, and what two rows can not be together."""

import pytest

from cdppe_analysis.errors import TerritoryError


def test_a_département_twice_is_refused_with_both_places(read):
    with pytest.raises(TerritoryError, match=r"'Ain' is given twice, at l\. 2 and at l\. 4"):
        read("Département;Montant", "Ain;1 €", "Lot;2 €", "Ain;3 €")


def test_a_whole_beside_its_parts_is_refused(read):
    with pytest.raises(TerritoryError, match="'Corse' stands beside its parts Corse-du-Sud and Haute-Corse"):
        read("Département;Montant", "Corse-du-Sud;1 €", "Haute-Corse;2 €", "Corse;3 €", "Nord;3 €")


def test_the_métropole_de_lyon_after_69_makes_the_rhône_without_it(read, figures):
    annex = read("Code;Département;Montant", "69;Rhône;1 €", ";Métropole de Lyon;2 €", "71;Saône-et-Loire;3 €")
    assert figures(annex) == {"69D": (1,), "69M": (2,), "71": (3,)}


def test_a_code_that_is_not_that_of_its_name_is_refused(read):
    with pytest.raises(TerritoryError, match="the code '64' printed beside 'Aisne' is not its code, '02'"):
        read("Code;Département;Montant", "01;Ain;1 €", "64;Aisne;2 €", "03;Allier;3 €")


@pytest.mark.parametrize("codes", [("02", "03", "04"), ("2", "3", "4"), ("08", "14", "29")])
def test_codes_all_of_which_slid_by_some_rows_are_refused(read, codes):
    with pytest.raises(TerritoryError, match=f"the code '{codes[0]}' printed beside 'Ain' is not its code, '01'"):
        read("Code;Département;Montant", f"{codes[0]};Ain;1 €", f"{codes[1]};Aisne;2 €", f"{codes[2]};Allier;3 €")


def test_a_code_of_région_that_is_not_that_of_its_row_is_refused(read):
    with pytest.raises(TerritoryError, match="the code '84' beside 'Nord' is not that of its région, '32'"):
        read("REG;Nom;M", "84;Ain;1 €", "32;Aisne;2 €", "84;Allier;3 €", "84;Nord;4 €")


@pytest.mark.parametrize(("rows", "refused"), [(3, False), (4, True)])
def test_a_code_of_région_is_held_where_fewer_than_a_third_are_others(read, rows, refused):
    """Those of before 2016 are all others; one in four is a fault."""
    lines = ["22;02;Aisne;1 €", "84;01;Ain;2 €", "76;46;Lot;3 €", "28;27;Eure;4 €"][:rows]
    if refused:
        with pytest.raises(TerritoryError, match="the code '22' beside 'Aisne' is not that of its région, '32'"):
            read("Code région;Code;Département;Montant", *lines)
    else:
        assert len(read("Code région;Code;Département;Montant", *lines).table.rows) == rows


@pytest.mark.parametrize("codes", [("28", "53", "94"), ("28", "94", "32")])
def test_codes_of_régions_all_of_which_slid_are_refused(read, codes):
    with pytest.raises(TerritoryError, match="the code '28' beside 'Bretagne' is not that of its région, '53'"):
        read(
            "Code région;Région;Places",
            f"{codes[0]};Bretagne;1",
            f"{codes[1]};Corse;2",
            f"{codes[2]};Hauts-de-France;3",
        )


def test_an_amount_that_slid_to_the_place_of_a_code_is_refused(read):
    rows = [f"{rank};{rank} k€;0{rank}001;Lieu {chr(96 + rank)}b" for rank in range(1, 10)] * 2
    rows = [row.replace("001;Lieu", "002;Bourg") if rank > 8 else row for rank, row in enumerate(rows)]
    with pytest.raises(TerritoryError, match="the code '424k€' of '2A404' is not of 5 letters and figures") as told:
        read("Places;Crédits;Code;Commune", *rows, "35;12;424 k€;2A404")
    assert told.value.cell == "l. 20"
