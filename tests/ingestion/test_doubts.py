"""What may be of another row or column is refused."""

import pytest

from cdppe_analysis.errors import TableError


def test_a_row_with_a_cell_too_few_is_refused(layout):
    with pytest.raises(TableError, match="a row has 2 cells where the others have 3") as told:
        layout("Département|Places|Montant", "Ain|14|276", "Lot|138", "Nord|7|11")
    assert told.value.cell == "l. 3"


@pytest.mark.parametrize("short", ["57|01923|Denain", "57|Denain|01923"])
def test_a_first_row_with_a_cell_too_few_is_no_heading(layout, short):
    rows = "29|413|59582|Gex", "62|1 899|2A966|Cambrai", "294|(3 034)|01623|Loos"
    with pytest.raises(TableError, match="a row has 3 cells where the headings have 4") as told:
        layout("Projets|Aide (k€)|Code|Commune", short, *rows)
    assert told.value.cell == "l. 2"
    assert layout("Total|9", "Projets|Aide (k€)|Code|Commune", *rows).first == 2


@pytest.mark.parametrize(
    ("heading", "cut", "others"),
    [
        ("Région|Département|Montant", "|Vienne", ["Bretagne|Finistère|1", "|Morbihan|2", "|Var|"]),
        ("Région|Département|Montant", "|Mayotte", ["Bretagne|Finistère|1", "|Morbihan|2"]),
        ("Département|Montant", "Var", ["Ain|1", "Lot|2"]),
        ("Département|Montant", "Saint-Martin", ["Ain|1", "Lot|2"]),
        ("Région|Montant", "Bretagne", ["Corse|1", "Normandie|2"]),
        ("Rang|Commune|Montant (€)", "|Lille", ["1|Roubaix|1", "2|Tourcoing|2", "3|Lens|3"]),
    ],
)
def test_a_row_cut_before_its_only_figure_is_refused_and_not_read_as_void(layout, heading, cut, others):
    with pytest.raises(TableError, match=rf"a row has {cut.count('|') + 1} cells where the others have") as told:
        layout(heading, *others, cut)
    assert told.value.cell == f"l. {len(others) + 2}"


def test_a_région_above_its_départements_is_no_row_cut(read, figures):
    annex = read("Département;M (€)", "Bretagne", "Finistère;1", "Morbihan;2", "La Réunion", "La Réunion;3")
    assert figures(annex) == {"29": (1,), "56": (2,), "974": (3,)}


def test_voids_are_read_where_no_row_keeps_an_empty_cell_at_its_end(read, figures):
    rows = "Département;M (€)", "Ain;1", "Lot", "Nord;3", "Var", "Gard;2", "Eure;4"
    assert figures(read(*rows))["46"] == (None,)
    with pytest.raises(TableError, match="a row has 1 cells where the others have 2"):
        read(*rows, "Orne;")


def test_a_lonely_number_in_a_column_without_heading_is_refused(layout):
    with pytest.raises(TableError, match="'138' stands in a column without a heading"):
        layout("Département|Montant|", "Ain|276|", "Lot|7|138", "Nord|11|")


def test_a_lonely_number_under_a_heading_whose_figures_stand_beside_it_is_refused(layout):
    with pytest.raises(TableError, match="'4' alone stands under 'Part', beside a column without a heading") as told:
        layout("Département|Montant|Part|", "Ain|276|4|33,98 %", "Lot|7||12,1 %", "Nord|11||53,9 %")
    assert told.value.cell == "l. 2"


@pytest.mark.parametrize("void", ["nd", "-"])
def test_a_lonely_void_in_a_column_without_heading_is_refused(layout, void):
    rows = "Région|Habitants|Montant|", "Bretagne|7|276|", f"Corse|12|937|{void}", "Normandie|8|11|"
    with pytest.raises(TableError, match=f"'{void}' stands in a column without a heading") as told:
        layout(*rows)
    assert told.value.cell == "l. 3"


def test_a_number_alone_in_a_column_of_a_page_without_headings_is_refused(read):
    rows = [
        "Bretagne    900 €    Finistère    500,5 €",
        "                     Morbihan     399,5 €",
        "Normandie   300 €    Calvados     100,5 €",
        "                     Eure     4   200,5 €",
    ]
    with pytest.raises(TableError, match="'4' stands in a column of its own"):
        read(*rows)


def test_a_box_beside_a_table_is_no_column_of_it(read):
    lines = (
        "Région      Places     Total",
        "Corse           12    96 places",
        "Bretagne         7",
        "Normandie        9",
    )
    with pytest.raises(TableError, match="'96 places' stands on the first rows only") as told:
        read(*lines)
    assert told.value.cell == "l. 2"


def test_a_column_that_few_rows_fill_is_read_and_so_is_a_change_in_per_cent_beside_years(read, figures):
    lines = "Région      Places   Réserve", "Corse           12        50", "Bretagne         7", "Normandie        9"
    assert figures(read(*lines)) == {"94": (12, 50), "53": (7, None), "28": (9, None)}
    annex = read("Département;2020;2021;Evol 2020/2021", "Ain;4;5;25,0 %", "Lot;5;4;-20,0 %")
    assert [column.unit for column in annex.table.columns] == ["", "", "", "%"]


def test_two_names_without_their_cells_are_voids_where_no_row_writes_an_empty_one(layout):
    assert len(layout("Nom|Montant", "Ain|1 €", "Lot", "Gers", "Nord|2 €").rows) == 5


@pytest.mark.parametrize(
    ("heading", "second", "several"),
    [
        ("Dép. Fixe Variable", "Lot 17 300", True),
        ("Dép. Fixe Variable", "Lot 17 300,20", True),
        ("Fixe et variable", "Lot 17 300", True),
        ("Dép. Fixe Variable", "Lot 17 000", False),
        ("Dép. Fixe Variable", "Lot 300", False),
        ("Dép. Montant", "Lot 17 300", False),
        ("Département Montant de la dotation 2024 (€)", "Lot 17 300", False),
        ("Fixe Variable", "Lot 17 300", False),
    ],
)
def test_numbers_that_a_space_may_cut_are_two_where_the_line_above_names_two(read, figures, heading, second, several):
    if several:
        with pytest.raises(TableError, match="is the heading of one column: '14 204' may be several numbers") as told:
            read(heading, "Ain 14 204", second)
        assert told.value.cell == "l. 2"
    else:
        assert figures(read(heading, "Ain 14 204", second))["01"] == (14204,)
