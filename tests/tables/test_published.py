"""Published series, held against the totals that their publishers print; the kinds of zero of a survey."""

import pandas as pd
import pytest

from cdppe_analysis.data import load_table
from cdppe_analysis.errors import SourceError, TableError, TerritoryError
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import published
from cdppe_analysis.tables.published import STATUSES, zero_statuses

# Rows of the DREES's tables 6 and 5 of 2020 (ASE).
KINDS = ["speciale", "mecs", "foyer", "pouponniere", "sanitaire", "lieu_de_vie", "village"]
TABLE_6 = pd.DataFrame.from_dict(
    {
        "59": [333, 2843, 886, 48, 6, 8, 216],
        "01": [0, 513, 0, 0, 0, 0, 0],
        "12": [0, 210, 18, 0, 0, 44, 0],
        "40": [0, 243, 67, 11, 8, 72, 0],
        "43": [0, 238, 23, 0, 9, 24, 0],
        "72": [0, 478, 36, 35, 0, 52, 0],
        "79": [0, 117, 68, 4, 0, 64, 1],
        "09": [0, 81, 0, 0, 0, 0, 0],
    },
    orient="index",
    columns=KINDS,
)
TABLE_5 = pd.Series({"12": 0.0, "40": 3.0, "72": 58.0, "79": 1.0, "09": 0.0})


@pytest.fixture(scope="module")
def rows():
    return published.build(Archive.open())


def total(rows, critere, millesime, edition):
    selected = rows.query("critere == @critere and millesime == @millesime and edition == @edition")
    return selected["valeur"].sum()


@pytest.mark.parametrize(
    ("critere", "millesime", "edition", "printed"),
    [
        ("ase_enfants_accueillis", 2017, "drees-ase-series-1996-2018", 177_233),
        ("ase_enfants_accueillis", 2018, "drees-ase-series-1996-2018", 186_879),
        ("ase_enfants_accueillis", 2020, "drees-ase-series-1996-2022", 199_642),
        ("ase_enfants_accueillis", 2022, "drees-ase-series-1996-2022", 208_064),
        ("ase_apjm", 2020, "drees-aide-sociale-2020", 29_184),
        ("ase_aed_jeunes_majeurs", 2020, "drees-aide-sociale-2020", 2_819),
        ("population", 2019, "insee-estim-pop-2019-01-15", 66_992_699),
        ("population", 2019, "insee-estim-pop-2020-01-14", 66_977_703),
        ("population", 2022, "insee-estim-pop-2022-01-19", 67_813_396),
        ("aeeh_regions", 2018, "handidonnees-aeeh-2018", 324_453),
    ],
)
def test_a_series_sums_to_its_printed_total(rows, critere, millesime, edition, printed):
    """Control totals of the editions: no whole is counted beside its parts."""
    assert total(rows, critere, millesime, edition) == printed


def test_corse_is_in_two_where_the_source_has_both_and_in_one_where_it_has_not(rows):
    codes = rows[rows["critere"] == "ase_enfants_accueillis"].groupby("millesime")["code_departement"].agg(set)
    assert {"2A", "2B"} <= codes[2017]
    assert "20" not in codes[2017]
    assert "20" in codes[2018]
    assert not {"2A", "2B"} & codes[2018]


def test_the_rhone_is_counted_once(rows):
    assert not rows["code_departement"].isin(["69D", "69M"]).any()


def test_each_row_names_its_cell(rows):
    row = rows.query("critere == 'ase_aed' and millesime == 2017 and code_departement == '23'").iloc[0]
    cells = Archive.open().raw(row["source"], "ase_aed").cells
    ligne = int(row["emplacement"].split(" L")[1].split()[0])
    assert cells.at[ligne, "code_departement"] == "23"
    assert float(cells.at[ligne, "valeur"]) == row["valeur"]


def test_no_code_is_given_twice_for_a_criterion_a_year_and_an_edition(rows):
    assert not rows.duplicated(["critere", "millesime", "edition", "code_departement"]).any()


def test_a_whole_that_is_not_the_sum_of_its_parts_is_refused():
    raw = Archive.open().raw("drees-ase-series-1996-2018", "ase_aed")
    cells = raw.cells.copy()
    ligne = cells.index[(cells["code_departement"] == "20") & (cells["annee"] == "2017")][0]
    cells.at[ligne, "valeur"] = "234"
    with pytest.raises(TableError, match="in 2017 the whole '20' is not the sum of its parts"):
        published._finest(raw, published._numbers(raw.with_cells(cells), ["valeur"]))


def test_a_cell_that_is_no_number_is_refused_with_its_place():
    raw = Archive.open().raw("drees-ase-series-1996-2018", "ase_aed")
    cells = raw.cells.copy()
    cells.at[3, "valeur"] = "ND"
    with pytest.raises(TableError, match=r"'ND' is no number \(at drees-ase-series-1996-2018 ase_aed L3 valeur\)"):
        published._finest(raw, published._numbers(raw.with_cells(cells), ["valeur"]))


def test_a_code_given_twice_in_a_year_is_refused():
    raw = Archive.open().raw("drees-ase-series-1996-2018", "ase_aed")
    cells = raw.cells.copy()
    cells.at[2, "code_departement"] = "01"
    with pytest.raises(TableError, match=r"a code is given twice in a year \(at .* ase_aed L2\)"):
        published._finest(raw, published._numbers(raw.with_cells(cells), ["valeur"]))


def test_every_value_that_was_typed_and_is_in_a_workbook_keeps_its_value():
    rows = published.build(Archive.open())
    apjm = rows[rows["critere"].eq("ase_apjm")]
    assert (apjm["valeur"].sum(), set(apjm["edition"])) == (29_184, {"drees-aide-sociale-2020"})


def test_a_series_that_no_criterion_uses_stands_apart_with_its_cell():
    series = published.build_series(Archive.open())
    special = series[series["serie"].eq("ase_education_speciale")].set_index("code_departement")
    assert special["valeur"].sum() == 1749
    assert (special.at["95", "valeur"], special.at["95", "feuille"], special.at["95", "cellule"]) == (
        283, "Tab6-ase", "D104",
    )  # fmt: skip


def test_no_value_stands_both_among_the_criteria_and_among_the_series():
    criteria = published.build(Archive.open())
    series = published.build_series(Archive.open()).rename(columns={"serie": "critere", "annee": "millesime"})
    key = ["critere", "millesime", "edition", "code_departement"]
    assert criteria.merge(series, on=key).empty


def test_of_the_rhone_and_its_parts_the_series_keep_the_whole():
    assert not {"69D", "69M"} & set(published.build_series(Archive.open())["code_departement"])


def test_the_year_of_the_rules_is_taken_from_the_edition_that_the_file_says():
    assert published.load_choices(Archive.open())["drees-ase-series"].annees[2017] == "drees-ase-series-1996-2018"


def test_the_committed_series_and_criteria_are_those_that_are_built(rows, assert_committed):
    key = ["critere", "millesime", "edition", "code_departement"]
    assert_committed("series", published.build_series(Archive.open()))
    assert_committed(
        "criteres",
        rows[rows["critere"].ne("aeeh_regions")],
        key,
        lambda all_: all_[all_["statut"].isin(["publie", "derive"]) & all_["critere"].ne("igb")],
    )


def typed(**cells):
    """Return a table of the long series of which some cells, by row and column, say something else."""
    raw = Archive.open().raw("drees-ase-series-1996-2018", "ase_aed")
    changed = raw.cells.copy()
    for place, text in cells.items():
        ligne, colonne = place[1:].split("_", 1)
        changed.at[int(ligne), colonne] = text
    return raw.with_cells(changed)


def test_of_two_cells_that_are_no_number_the_first_is_named():
    with pytest.raises(TableError) as refused:
        published._numbers(typed(L7_valeur="ND", L3_valeur="x"), ["valeur"])
    assert refused.value.message == "'x' is no number"
    assert refused.value.cell == "drees-ase-series-1996-2018 ase_aed L3 valeur"


def test_of_two_codes_given_twice_the_first_is_named():
    raw = typed(L2_code_departement="01", L4_code_departement="03")
    with pytest.raises(TableError, match="a code is given twice in a year") as refused:
        published._numbers(raw, ["valeur"])
    assert refused.value.cell == "drees-ase-series-1996-2018 ase_aed L2"


def test_a_code_that_is_none_is_refused():
    with pytest.raises(TerritoryError, match="'99'"):
        published._numbers(typed(L2_code_departement="99"), ["valeur"])


@pytest.mark.parametrize("by", [-1, 1])
def test_a_whole_above_or_below_its_parts_is_refused_in_the_first_year_where_it_is(by):
    raw = typed()
    cells = raw.cells.copy()
    for year in ("2018", "2017"):
        found = cells.index[cells["code_departement"].eq("69") & cells["annee"].eq(year)]
        for ligne in found:
            cells.at[ligne, "valeur"] = str(float(cells.at[ligne, "valeur"]) + by)
    with pytest.raises(TableError, match="in 2017 the whole '69' is not the sum of its parts") as refused:
        published._finest(raw, published._numbers(raw.with_cells(cells), ["valeur"]))
    assert refused.value.cell == "drees-ase-series-1996-2018 ase_aed"


@pytest.mark.parametrize(
    "text", ["- {publication: a, series: [b]}", "- {publication: a, series: [b], annees: }", "- 3", "a: 3"]
)
def test_what_is_no_list_of_publications_is_refused(tmp_path, text):
    (tmp_path / "editions.yml").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match="it is no list of publications with series and years") as refused:
        published.load_choices(Archive.open(tmp_path))
    assert refused.value.cell == "editions.yml"


def test_an_edition_may_be_named_though_no_year_is_taken_from_it(tmp_path):
    (tmp_path / "editions.yml").write_text(
        "- {publication: a, series: [b, c], annees: {2019: d}, aussi: [e, f]}\n"
        "- {publication: g, series: [h], annees: {}}\n",
        encoding="utf-8",
    )
    choices = published.load_choices(Archive.open(tmp_path))
    assert choices["a"] == published.Choice("a", ("b", "c"), {2019: "d"}, ("e", "f"))
    assert choices["g"] == published.Choice("g", ("h",), {})


@pytest.fixture
def statuses():
    return zero_statuses(TABLE_6, "speciale", TABLE_5, ["sanitaire"])


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("59", "observe", ""),
        ("12", "vrai", "zéro aussi"),
        ("01", "manquant", "une seule catégorie"),
        ("09", "manquant", "une seule catégorie"),
        ("72", "manquant", "en compte hors du département"),
        ("79", "manquant", "en compte hors du département"),
        ("40", "inconnu", "la réponse réunit ce lieu et d’autres"),
        ("43", "inconnu", "pas de réponse"),
    ],
)
def test_a_zero_is_told_by_the_two_other_facts_of_the_survey(statuses, code, status, reason):
    assert statuses.at[code, "statut"] == status
    assert reason in statuses.at[code, "motif"]


def test_as_many_children_outside_as_in_the_other_kinds_contradict_nothing():
    outside = pd.Series({"40": 8.0})
    assert zero_statuses(TABLE_6.loc[["40"]], "speciale", outside, ["sanitaire"])["statut"].tolist() == ["inconnu"]
    assert zero_statuses(TABLE_6.loc[["40"]], "speciale", outside + 1, ["sanitaire"])["statut"].tolist() == ["manquant"]


def test_one_child_outside_is_an_answer():
    outside = zero_statuses(TABLE_6.loc[["40"]], "speciale", pd.Series({"40": 1.0}), ["sanitaire"])
    assert outside["motif"].tolist() == ["hors du département, la réponse réunit ce lieu et d’autres"]


def test_a_unit_without_any_child_is_not_one_of_a_single_kind():
    empty = TABLE_6.loc[["01"]] * 0
    assert zero_statuses(empty, "speciale", pd.Series({"01": 0.0}))["statut"].tolist() == ["vrai"]


def test_every_zero_has_a_reason_and_no_number_has_one(statuses):
    assert set(statuses["statut"]) == set(STATUSES)
    assert (statuses["motif"].ne("") == statuses["valeur"].eq(0)).all()
    assert statuses["ailleurs"].dropna().to_dict() == TABLE_5.to_dict()


def test_the_thirty_zeros_of_2020():
    """DREES, annual tables of 2020: 99 units, 1 749 children in special education; table 5 has 86 cells « NR »."""
    series = load_table("series").query("edition == 'drees-aide-sociale-2020'")
    table = series.pivot(index="code_departement", columns="serie", values="valeur")
    outside = table["ase_hors_departement_specialise_sanitaire"].dropna()
    names = [f"ase_{kind}" for kind in ("education_speciale", "mecs", "foyer_enfance", "pouponniere")]
    names += ["ase_etablissement_sanitaire", "ase_lieu_de_vie", "ase_village_enfants"]
    found = zero_statuses(table[names], names[0], outside, ["ase_etablissement_sanitaire"])
    assert found["valeur"].sum() == 1749
    assert found["statut"].value_counts().to_dict() == {"observe": 69, "inconnu": 13, "vrai": 11, "manquant": 6}
    assert found[found["statut"] == "manquant"].index.tolist() == ["01", "05", "09", "72", "79", "973"]


def test_a_table_with_a_hole_or_without_the_column_is_refused():
    with pytest.raises(TableError, match="no column 'speciales'"):
        zero_statuses(TABLE_6, "speciales", TABLE_5)
    with pytest.raises(TableError, match="missing or negative") as error:
        zero_statuses(
            TABLE_6.astype(float).replace({"mecs": dict.fromkeys((478, 238), float("nan"))}), "speciale", TABLE_5
        )
    assert error.value.code == "43"
    with pytest.raises(TableError, match="missing or negative"):
        zero_statuses(TABLE_6.replace({"mecs": {478: -1}}), "speciale", TABLE_5)
    with pytest.raises(TableError, match="no column 'sanitaires'"):
        zero_statuses(TABLE_6, "speciale", TABLE_5, ["sanitaires"])
