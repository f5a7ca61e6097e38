"""From files to objects, and back to the printed cell."""

from fractions import Fraction

import pandas as pd
import pytest

from cdppe_analysis import allocate, load_criteria, load_rule, load_table, read_criteria, where
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CriteriaError, RuleError, TableError, TerritoryError
from cdppe_analysis.rules import Criterion, Rule


def test_a_table_is_typed():
    table = load_table("criteres")
    assert table["millesime"].dtype == "int64"
    assert table["valeur"].dtype == "float64"
    assert {"01", "2A", "971"} <= set(table["code_departement"])


def test_an_unknown_table_is_refused_with_those_there_are():
    with pytest.raises(TableError, match=r"no clean table 'montants'; there are allocations, criteres"):
        load_table("montants")


def test_every_rule_of_the_installation_is_read():
    assert "ondam-ms-2020" in Data.open().rules()
    assert all(load_rule(rule).id == rule for rule in Data.open().rules())


def test_an_unknown_rule_is_refused_with_the_nearest():
    with pytest.raises(RuleError, match="no rule 'ondam-2020'; the nearest is 'ondam-ms-2020'"):
        load_rule("ondam-2020")


def test_a_rule_is_read_by_its_path(tmp_path):
    with pytest.raises(RuleError, match=r"cannot read .*absent\.yml"):
        load_rule(tmp_path / "absent.yml")


def test_the_wave_of_2020_is_the_list_of_annex_7():
    """Annex 1 of the circulaire and annex 7 name the same 30 départements."""
    assert set(Data.open().names.lists["cdppe-2020"]) == set(load_table("allocations")["code_departement"])


def test_corse_as_one_is_the_sum_of_its_two_departements():
    criteria = load_criteria(load_rule("ondam-ms-2020"), without="igb").set_index("code_departement")
    assert list(criteria) == ["ase_0_17"]
    assert criteria.at["20", "ase_0_17"] == 165 + 202


def test_a_beneficiary_without_a_value_is_an_error_naming_code_and_criterion():
    table = load_table("criteres")
    table = table[~((table["critere"] == "ase_0_17") & (table["code_departement"] == "23"))]
    with pytest.raises(CriteriaError, match=r"has no value \(code 23, criterion ase_0_17\)"):
        load_criteria(load_rule("ondam-ms-2020"), table)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "asf_familles"}, r"no such criterion; the nearest is '.*' \(criterion asf_familles\)"),
        (
            {"millesime": 1999},
            r"no value for the year 1999; there are 2017, 2018, 2019, 2020, 2021, 2022 \(criterion ase_0_17\)",
        ),
        ({"edition": "drees"}, "the edition 'drees' is not among hors-jeunes-majeurs-2020, tous-ages"),
        ({"id": "ase_aed", "edition": None}, "several editions could be meant"),
    ],
)
def test_a_criterion_that_is_not_there_says_what_is(change, message):
    import dataclasses

    rule = load_rule("ondam-ms-2020")
    changed = dataclasses.replace(rule.criteres[0], **change)
    backwards = load_table("criteres").iloc[::-1]
    with pytest.raises(CriteriaError, match=message):
        load_criteria(dataclasses.replace(rule, criteres=(changed, rule.criteres[1])), backwards)


def test_an_estimate_takes_its_default_method_when_the_rule_names_none():
    import dataclasses

    rule = load_rule("ondam-ms-2020")
    unnamed = dataclasses.replace(rule.criteres[0], edition=None)
    found = load_criteria(dataclasses.replace(rule, criteres=(unnamed, rule.criteres[1])))
    pd.testing.assert_frame_equal(found, load_criteria(rule))


def test_a_row_leads_back_to_document_section_table_row_and_cell():
    """Annex 7, B, row 22: the Creuse, at the minimum."""
    cell = where("allocations", code_departement="23").iloc[0]
    assert cell["section"] == "B – Enveloppes par région et liste des départements concernés"
    assert (cell["ligne"], cell["colonne"], cell["imprime"]) == (22, "Dotations par départements", "100 000 €")


def test_an_estimate_leads_back_to_its_formula():
    selection = {"critere": "enfants_0_6", "edition": "pente-lineaire", "code_departement": "59"}
    assert "droite" in where("criteres", **selection)["imprime"].item()


def test_every_row_of_the_allocations_leads_back_to_its_amount():
    for code, amount in load_table("allocations").set_index("code_departement")["montant_eur"].items():
        printed = where("allocations", code_departement=code)["imprime"].item()
        assert int("".join(filter(str.isdigit, printed))) == amount


@pytest.mark.parametrize(
    ("table", "selection", "message"),
    [
        (
            "allocations",
            {"departement": "23"},
            "table 'allocations' has no column 'departement'; it has dispositif, millesime, ",
        ),
        (
            "allocations",
            {"code_departement": "75", "millesime": 2020},
            "^no row of 'allocations' has code_departement = '75', millesime = 2020$",
        ),
        ("unites", {}, "^the rows of 'unites' lead to no printed cell$"),
    ],
)
def test_where_refuses_what_is_not_there(table, selection, message):
    with pytest.raises(TableError, match=message):
        where(table, **selection)


def test_a_row_of_several_cells_or_of_a_whole_line_leads_back_to_each():
    """The stay of the Loiret in days and in months; an objective of annexes 2, 4 and 6, all that its line prints."""
    stay = where("sejours", code_departement="45", public="ensemble")
    assert stay["imprime"].tolist() == ["221 jours", "(7 mois)"]
    whole = where("dispositifs", emplacement="dispositifs-rex L6")
    assert len(whole) > 1
    assert set(whole["ligne"]) == {6}
    source = Data.open().sources["rex-club-territoires"]
    assert whole["colonne"].tolist() == list(source.file("dispositifs-rex").colonnes.values())


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("code,igb\n01,1\n", TableError, r"no column 'code_departement'; there are code, igb \(at .*a\.csv\)"),
        ("code_departement,igb\n1,1\n", TerritoryError, r"'1' is no code of a département; probably '01'.*row 2"),
        ("code_departement,igb\n01,1\n01,2\n", TerritoryError, "given twice, in rows 2 and 3"),
        ("code_departement,igb\n20,1\n2A,2\n", TerritoryError, "the whole '20' stands beside its parts"),
    ],
)
def test_criteria_of_a_file_are_checked_cell_by_cell(tmp_path, content, error, message):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(error, match=message):
        read_criteria(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("beaucoup", r"is not a number: 'beaucoup' \(code 01, criterion igb, at a.csv, row 3\)"),
        ("", r"is missing \(code 01, criterion igb, at a.csv, row 3\)"),
        ("nan", r"is not a number: 'nan'"),
        ('"1,234"', r"'1,234'; write it without spaces, with a decimal point"),
    ],
)
def test_a_cell_of_a_criterion_that_is_no_number_is_named_and_never_zero(tmp_path, cell, message):
    (tmp_path / "a.csv").write_text(f"code_departement,igb\n\n01,{cell}\n02,3\n", encoding="utf-8")
    criterion = Criterion("igb", Fraction(1), 2019, "note", "p. 1")
    rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("01", "02"), (criterion,))
    with pytest.raises(CriteriaError, match=message):
        allocate(rule, read_criteria(tmp_path / "a.csv"))


def test_a_column_that_no_rule_uses_may_hold_anything(tmp_path):
    (tmp_path / "a.csv").write_text("code_departement,igb,note\n01,1 234,vu\n02,3,\n", encoding="utf-8")
    read = read_criteria(tmp_path / "a.csv")
    assert read["igb"].tolist() == ["1234", "3"]
    assert read["note"].tolist() == ["vu", ""]
