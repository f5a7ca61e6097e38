"""Values of criteria: what an author fills in, exact, each blank named; a series of the table, never empty."""

from fractions import Fraction

import pytest

from cdppe_analysis import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.data.given import Given, read_criteria
from cdppe_analysis.errors import CdppeError, CriteriaError, RuleError, TableError, TerritoryError

DATA = Data.open()
UNITS = "code,nom,appartient_a\nS1,Service du Nord,59\nS2,Service du Lot,46\n"


@pytest.fixture
def folder(tmp_path, write_study):
    return write_study(tmp_path / "accueil", UNITS, "code,places,enfants\nS1,0.1,3\nS2,0.2,1\n")


def rewrite(folder, old, new):
    rule = folder / "rules" / "accueil.yml"
    rule.write_text(rule.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_study_of_services_is_shared_exactly_under_their_own_names(folder):
    data = Data.open(folder)
    rule = data.rule()
    found = allocate(rule, data.criteria(rule))
    assert found.scores == {"S1": Fraction(1, 6) + Fraction(3, 8), "S2": Fraction(1, 3) + Fraction(1, 8)}
    assert found.table["libelle_departement"].tolist() == ["Service du Nord", "Service du Lot"]


def test_the_table_of_criteria_says_of_each_value_what_the_rule_says(folder):
    rewrite(folder, "  - {id: enfants,", "  - {id: enfants, statut: hypothese, edition: comptes,")
    rows = Data.open(folder).table("criteres")
    assert rows.index.tolist() == [0, 1, 2, 3]
    assert rows.to_dict("list") == {
        "critere": ["places", "places", "enfants", "enfants"],
        "millesime": [2025] * 4,
        "edition": ["saisie", "saisie", "comptes", "comptes"],
        "code_departement": ["S1", "S2", "S1", "S2"],
        "valeur": [0.1, 0.2, 3.0, 1.0],
        "unite": [""] * 4,
        "statut": ["publie", "publie", "estime", "estime"],
        "source": ["note"] * 4,
        "emplacement": ["p. 1"] * 4,
    }


def test_the_table_of_criteria_of_a_file_that_names_none_has_its_columns_and_no_row(tmp_path, write_study):
    nothing = Data.open(write_study(tmp_path / "accueil", UNITS, "code\nS1\nS2\n")).table("criteres")
    assert (nothing.columns.tolist(), len(nothing)) == (DATA.table("criteres").columns.tolist(), 0)


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        (
            "code,places,enfants\nS1,,3\nS2,2,1\n",
            r"the column 'places' of criteres.csv: Service du Nord \(S1\)",
        ),
        (
            "code,places,enfants\nS1,,3\nS2,à compléter,1\n",
            r"'places' of criteres.csv: 2 units, the first Service du Nord .*places, at criteres.csv, line 2\)",
        ),
        (
            "code,places,enfants\nS1,1,3\nS2,À compléter,1\n",
            r"'places' of criteres.csv: Service du Lot \(S2\) has no value .*places, at criteres.csv, line 3\)",
        ),
        ("code,places\nS1,1\nS2,1\n", r"criteres.csv has no column 'enfants', a criterion of 'accueil': add it"),
        (
            "code\nS1\nS2\n",
            r"criteres.csv has no column 'places', a criterion of 'accueil': add it \(at criteres.csv\)",
        ),
        (
            "code,places,enfants\nS1,1,1\n",
            r"Service du Lot \(S2\) has no row in criteres.csv: add it \(code S2, at criteres.csv\)",
        ),
        (
            "code,places,enfants\n",
            r"2 units, the first Service du Nord \(S1\), have no row in criteres.csv: add it \(code S1, at",
        ),
        (
            "code,places,enfants\nS1,1,1\nS3,1,1\n",
            r"'S3' is no code of a unit of terr.*criteres.csv, row 3",
        ),
        ("code,places,enfants\nS1,1,1\nS1,1,1\n", r"the code 'S1' is given twice, in rows 2 and 3"),
        ("code,places,enfants\nS1,1,1\nS\u00a02,1,1\n", r"'S\\xa02' is no code of a unit of .*criteres.csv, row 3"),
    ],
)
def test_what_is_to_be_filled_in_is_said_with_its_place(folder, criteria, message):
    (folder / "criteres.csv").write_text(criteria, encoding="utf-8")
    data = Data.open(folder)
    with pytest.raises(CdppeError, match=message):
        data.criteria(data.rule())


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("-7", "is negative: '?-7"),
        ("-0.5", "is negative: '?-0.5"),
        *((cell, f"is not a number: '{cell}'") for cell in ("n.d.", "inf")),
        ("1e400", "is (not a number|larger than anything)"),
    ],
)
def test_a_value_that_is_none_is_refused_with_the_line_of_the_file(folder, cell, told):
    (folder / "criteres.csv").write_text(f"code,places,enfants\nS2,2,1\n\nS1,{cell},3\n", encoding="utf-8")
    data = Data.open(folder)
    rule = data.rule()
    with pytest.raises(CdppeError, match=rf"{told}.*\(code S1, criterion places, at criteres.csv, row 4\)"):
        allocate(rule, data.criteria(rule))
    with pytest.raises(CdppeError, match=rf"{told}.*criterion places, at criteres.csv, line 4\)"):
        data.table("criteres")


def test_a_decimal_comma_is_read_as_the_number_that_it_can_only_be(folder):
    (folder / "criteres.csv").write_text("code;places;enfants\nS1;0,1;3\nS2;0,2;1\n", encoding="utf-16")
    data = Data.open(folder)
    rule = data.rule()
    assert allocate(rule, data.criteria(rule)).scores["S1"] == Fraction(1, 6) + Fraction(3, 8)


def test_the_parts_of_a_whole_of_a_study_are_added(tmp_path, write_study):
    units = "code,nom,appartient_a\nA,Agence,\nS1,Un,A\nS2,Deux,A\n"
    data = Data.open(write_study(tmp_path / "e", units, "code,places,x\nS1,1,1\nS2,2,1\n"))
    assert data.series("places", 2025, "saisie", ["A", "S2"]) == {"A": 3, "S2": 2}
    (tmp_path / "e" / "criteres.csv").write_text("code,places,x\nS1,1,1\n", encoding="utf-8")
    with pytest.raises(CriteriaError, match=r"^a beneficiary has no value \(code A, criterion places\)$"):
        Data.open(tmp_path / "e").series("places", 2025, "saisie", ["A"])


def test_a_criterion_without_a_column_is_not_taken_for_a_blank_one_to_deduce(folder):
    (folder / "criteres.csv").write_text("code,place,enfants\nS1,1,1\nS2,1,1\n", encoding="utf-8")
    data = Data.open(folder)
    with pytest.raises(CdppeError, match=r"no column 'places', a criterion of 'accueil': .* nearest is 'place'"):
        data.blank_criteria(data.rule())


def test_two_rules_of_one_id_are_told_apart_by_their_files(folder):
    rule = folder / "rules" / "accueil.yml"
    (folder / "rules" / "autre.yml").write_bytes(rule.read_bytes())
    assert Data.open(folder).rule("accueil").id == "accueil"
    with pytest.raises(RuleError, match=r"its id is 'accueil': .* name of its file, 'autre' \(at rules/autre.yml\)"):
        Data.open(folder).rule("autre")


def test_a_rule_named_as_one_of_the_project_is_that_of_the_study(folder):
    (folder / "rules" / "accueil.yml").rename(folder / "rules" / "p304-2020.yml")
    rewrite_id = (
        (folder / "rules" / "p304-2020.yml").read_text(encoding="utf-8").replace("id: accueil", "id: p304-2020")
    )
    (folder / "rules" / "p304-2020.yml").write_text(rewrite_id, encoding="utf-8")
    assert Data.open(folder).rule("p304-2020").beneficiaires == ("S1", "S2")


def test_a_column_left_blank_is_a_criterion_that_may_be_deduced(folder):
    (folder / "criteres.csv").write_text("code,places,enfants\nS1,0,\nS2,2,\n", encoding="utf-8")
    data = Data.open(folder)
    assert data.blank_criteria(data.rule()) == ("enfants",)
    filled_in = data.table("criteres")
    assert filled_in[["critere", "valeur"]].values.tolist() == [["places", 0], ["places", 2]]
    (folder / "criteres.csv").write_text("code,places,enfants\nS1,,\nS2,,\n", encoding="utf-8")
    nothing = Data.open(folder).table("criteres")
    assert (list(nothing), len(nothing)) == (list(filled_in), 0)
    (folder / "criteres.csv").write_text("code,places,enfants\nS1,1,\nS2,2,3\n", encoding="utf-8")
    assert Data.open(folder).blank_criteria(data.rule()) == ()
    filled_in = Given(read_criteria(folder / "criteres.csv", data.territories))
    assert (filled_in.blanks(["enfants", "x"]), filled_in.blanks(["enfants"], ["S1"])) == (("x",), ("enfants",))
    assert data.criteria(data.rule(), without="enfants").columns.tolist() == ["code_departement", "places"]


def test_a_rule_says_all_that_is_to_be_filled_in_at_once(folder):
    rewrite(folder, 'poids: "0.5"', "poids: à compléter")
    rewrite(folder, "titre: Étude", "titre: Étude\nplafond: à compléter")
    told = r"fill in plafond \(null for none\); criteres.places \(poids\); criteres.enfants \(poids\) \(at rules/"
    with pytest.raises(RuleError, match=told):
        Data.open(folder).rule()


def test_weights_to_be_deduced_are_taken_as_equal_until_then(folder):
    rewrite(folder, 'poids: "0.5"', "poids: à compléter")
    rule = Data.open(folder).rule(weighted=False)
    assert [criterion.poids for criterion in rule.criteres] == [Fraction(1, 2), Fraction(1, 2)]


def test_a_folder_without_rules_nor_tables_is_no_data_folder(tmp_path):
    with pytest.raises(CdppeError, match="is no data folder: it has neither rules nor tables; cdppe new makes one"):
        Data.open(tmp_path)


def test_the_column_that_lacks_is_the_one_that_a_study_has(folder):
    (folder / "criteres.csv").write_text("codes,places\nS1,1\n", encoding="utf-8")
    with pytest.raises(
        TableError, match=r"^there is no column 'code'; there are codes, places \(at .*criteres\.csv\)$"
    ):
        Data.open(folder).table("criteres")


def test_a_file_is_no_folder_of_a_study(folder):
    with pytest.raises(CdppeError, match=r"^'.*accueil.territoires\.csv' is a file, not the folder of a study$"):
        Data.open(folder / "territoires.csv")


def test_a_folder_made_by_hand_lacks_its_criteria_in_so_many_words(folder):
    (folder / "criteres.csv").unlink()
    data = Data.open(folder)
    assert data.tables() == []
    with pytest.raises(CdppeError, match=r"cannot read .*criteres\.csv"):
        data.criteria(data.rule())


@pytest.mark.parametrize("column", ["nom", "libelle_departement"])
def test_a_code_beside_the_name_of_another_unit_is_refused_with_its_row(folder, column):
    """The names were sorted, the codes were not: each value would go to another service."""
    text = f"code,{column},places,enfants\nS1,SERVICE DU LOT,0.1,3\nS2,Service du Nord,0.2,1\n"
    (folder / "criteres.csv").write_text(text, encoding="utf-8")
    with pytest.raises(
        TerritoryError, match=r"'SERVICE DU LOT' is the name of 'S2', not of 'S1' \(Service du Nord\)"
    ) as caught:
        Data.open(folder).criteria(Data.open(folder).rule())
    assert (caught.value.code, caught.value.cell) == ("S1", "criteres.csv, row 2")


def test_a_name_that_two_other_units_bear_is_that_of_the_first(tmp_path, write_study):
    units = UNITS + "S3,Accueil,59\nS4,Accueil,46\n"
    text = "code,nom,places\nS1,Accueil,1\nS2,,1\nS3,,1\nS4,,1\n"
    with pytest.raises(
        TerritoryError, match=r"'Accueil' is the name of 'S3', not of 'S1' .*: were some columns sorted"
    ):
        Data.open(write_study(tmp_path / "accueil", units, text)).table("criteres")


@pytest.mark.parametrize("name", ["", "Service du nord", "Un autre nom", "Service de l'Ain"])
def test_a_name_that_is_of_no_other_unit_stands_beside_any_code(folder, name):
    text = f"code,nom,places,enfants\nS1,{name},0.1,3\nS2,Service du Lot,0.2,1\n"
    (folder / "criteres.csv").write_text(text, encoding="utf-8")
    assert len(Data.open(folder).criteria(Data.open(folder).rule())) == 2


def test_a_part_may_bear_the_name_of_its_whole(tmp_path):
    (tmp_path / "c.csv").write_text(
        "code_departement,libelle_departement,n\n2A,Corse,1\n69D,Rhône,2\n", encoding="utf-8"
    )
    assert read_criteria(tmp_path / "c.csv")["n"].tolist() == ["1", "2"]


def test_the_parts_of_corse_are_added_where_it_is_asked_for_as_one():
    found = DATA.series("ase_0_17", 2017, "tous-ages", ["20", "2A", "2B"])
    assert found["20"] == found["2A"] + found["2B"] == 165 + 202


def test_a_part_of_what_the_series_has_as_one_is_refused_with_the_whole():
    told = r"no value; the series has '20' as one \(code 2A, criterion ase_0_17\)"
    with pytest.raises(CriteriaError, match=told):
        DATA.series("ase_0_17", 2018, "tous-ages", ["20", "2A"])


def test_a_whole_series_has_every_code():
    assert len(DATA.series("ase_0_17", 2017, "tous-ages")) >= 100


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("ase_0_18", 2017), "no such criterion; the nearest is 'ase_0_17'"),
        (("ase_0_17", 1999), "no value for the year 1999"),
        (("ase_0_17", 2017, "tous-age"), "the edition 'tous-age' is not among"),
        (("igb", 2019, "deduit-ase-tous-ages", ["01"]), r"no value.*code 01"),
        (("igb", 2019), "several editions could be meant: deduit-ase-hors-jeunes-majeurs-2020, deduit-ase-tous-ages"),
    ],
)
def test_what_is_unknown_is_an_error_and_no_empty_series(asked, said):
    with pytest.raises(CriteriaError, match=said):
        DATA.series(*asked)


@pytest.mark.parametrize(
    ("criterion", "year", "edition"),
    [
        ("ase_aed", 2022, "drees-ase-series-1996-2022"),
        ("asf", 2018, "cle-rsa"),
        ("menages_pauvres", 2016, "filosofi-2019"),
    ],
)
def test_without_an_edition_the_only_one_is_taken_or_the_default_method(criterion, year, edition):
    assert DATA.series(criterion, year) == DATA.series(criterion, year, edition)
