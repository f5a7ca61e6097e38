"""Results as files."""

import json

import openpyxl
import pandas as pd
import pytest

from cdppe_analysis.data import Data, load_scenario
from cdppe_analysis.errors import ScenarioError, TableError
from cdppe_analysis.studies import results as results_module
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.results import write_results
from cdppe_analysis.studies.running import read_record, run_study


@pytest.fixture(scope="module")
def results():
    return [run_study(prepare(scenario)) for scenario in Data.open().scenarios("plancher")]


def test_a_csv_carries_the_scenario_the_version_and_the_prints(results, tmp_path):
    written = write_results(results, tmp_path / "plancher.csv")
    frame = pd.read_csv(tmp_path / "plancher.csv", dtype=str)
    assert frame["scenario"].unique().tolist() == ["plancher-0", "plancher-50k", "plancher-200k"]
    assert frame["empreinte_des_entrees"].str.len().eq(64).all()
    assert frame.columns[:2].tolist() == ["scenario", "code_departement"]
    assert frame.columns[-3:].tolist() == ["version", "empreinte_des_entrees", "empreinte_du_resultat"]
    assert frame.loc[0, "code_departement"] == "02"
    assert len(written) == 4


def test_the_record_of_each_scenario_stands_beside(results, tmp_path):
    write_results(results, tmp_path / "plancher.csv")
    record = read_record(tmp_path / "plancher.plancher-200k.registre.json")
    assert record == json.loads(json.dumps(results[2].record))


def test_one_scenario_has_one_record(results, tmp_path):
    write_results(results[:1], tmp_path / "un.csv")
    assert (tmp_path / "un.registre.json").is_file()


def test_a_workbook_has_the_whole_a_sheet_a_scenario_and_the_parameters(results, tmp_path):
    write_results(results, tmp_path / "plancher.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plancher.xlsx")
    assert book.sheetnames[:4] == ["ensemble", "1 plancher-0", "2 plancher-50k", "3 plancher-200k"]
    parameters = {row[0].value: row[1].value for row in book[book.sheetnames[-1]].iter_rows()}
    assert parameters["plancher-200k, difference plancher"] == "200000"
    assert parameters["plancher-0, empreinte_des_entrees"] == results[0].record["empreinte_des_entrees"]
    codes = [row[0].value for row in book["1 plancher-0"].iter_rows(min_row=4)]
    assert codes[:2] == ["02", "03"]
    assert book["1 plancher-0"]["A1"].value == results[0].prepared.scenario.titre
    texts = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    annex = results[0].prepared.data.sources["annexe7-ondam-2020"]
    assert f"{annex.titre} ({annex.editeur})" in texts
    assert "Un scénario est une simulation du projet, et non une décision." in texts


def test_an_amount_and_its_error_carry_the_euro_and_a_probability_none(tmp_path):
    result = run_study(prepare(load_scenario("pauvrete")), draws=60, seed=0)
    drawn = results_module._parameters(result)
    assert (drawn["tirages"], drawn["graine"]) == ("60", "0")
    write_results([result], tmp_path / "pauvrete.xlsx")
    book = openpyxl.load_workbook(tmp_path / "pauvrete.xlsx")
    headings = [cell.value for cell in book[book.sheetnames[1]][3]]
    for name in ("Avant", "Après", "Montant, moyenne", "Montant, moyenne : erreur de tirage"):
        assert f"{name} (€)" in headings
    assert "Montant, quantile à 5 % : erreur de tirage (€)" in headings
    assert "Part des tirages où il gagne" in headings
    assert [heading for heading in headings if heading.startswith("Rang") and "€" in heading] == []


@pytest.mark.parametrize("text", ["=1+1", "+33", "-5", "@somme"])
def test_text_that_looks_like_a_formula_is_written_as_text(text, tmp_path):
    from dataclasses import replace

    named = text.ljust(40, "x")
    scenario = replace(load_scenario("mineurs"), titre=text, id=named)
    result = run_study(prepare(scenario))
    write_results([result], tmp_path / "essai.xlsx")
    book = openpyxl.load_workbook(tmp_path / "essai.xlsx")
    assert book.sheetnames[1] == f"1 {text.ljust(29, 'x')}", "a workbook takes 31 letters"
    cells = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(text)
    ]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    write_results([result], tmp_path / "essai.csv")
    assert pd.read_csv(tmp_path / "essai.csv", dtype=str)["scenario"].unique().tolist() == [f"'{named}"]


def test_another_kind_of_file_is_refused(results, tmp_path):
    with pytest.raises(ScenarioError, match=r"\.csv or \.xlsx, not to '\.ods'"):
        write_results(results, tmp_path / "plancher.ods")


def test_a_folder_that_is_not_there_is_refused(results, tmp_path):
    with pytest.raises(TableError, match="cannot write in the folder"):
        write_results(results, tmp_path / "absent" / "plancher.csv")


HEADINGS = {
    "code_departement": "Code",
    "libelle_departement": "Département",
    "code_region": "Code de la région",
    "libelle_region": "Région",
    "situation": "Situation",
    "groupe": "Groupe (sur la base)",
    "avant": "Avant",
    "apres": "Après",
    "difference": "Différence",
    "difference_pct": "Différence (part du montant de base)",
    "avant_par_enfant": "Avant, par enfant protégé",
    "difference_par_enfant": "Différence par enfant protégé",
    "rang_avant": "Rang avant",
    "rang_apres": "Rang après",
    "rang_variation": "Rangs gagnés",
    "effet": "Effet",
    "probabilite_gain": "Part des tirages où il gagne",
    "probabilite_perte": "Part des tirages où il perd",
    "probabilite_plancher": "Part des tirages au minimum",
    "probabilite_plafond": "Part des tirages au maximum",
    "probabilite_garantie": "Part des tirages à la garantie",
    "moyenne": "Montant, moyenne",
    "ecart_type": "Montant, écart type",
    "ecart_moyen": "Écart à la base, moyenne",
    "q05": "Montant, quantile à 5 %",
    "ecart_q95": "Écart à la base, quantile à 95 %",
    "rang_q50": "Rang, quantile à 50 %",
    "erreur_q25": "Montant, quantile à 25 % : erreur de tirage",
    "contribution plancher": "Contribution de plancher",
}


@pytest.mark.parametrize("name", HEADINGS)
def test_each_column_is_headed_by_what_it_holds(name):
    assert results_module._heading(name) == HEADINGS[name]


def test_what_is_in_euros_says_so_and_nothing_else():
    in_euros = {name for name in HEADINGS if results_module._in_euros(name)}
    assert in_euros == {
        "avant", "apres", "difference", "avant_par_enfant", "difference_par_enfant", "moyenne", "ecart_type",
        "ecart_moyen", "q05", "ecart_q95", "erreur_q25", "contribution plancher",
    }  # fmt: skip


def test_the_sheet_of_the_whole_has_each_measure_under_its_name(results, tmp_path):
    write_results(results, tmp_path / "plancher.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plancher.xlsx")["ensemble"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == ["Scénario", "Mesure", "Avant", "Après", "Écart"]
    first = {row[1]: row[2:] for row in rows[1:] if row[0] == "plancher-200k"}
    overall = results[2].comparison.overall.set_index("mesure")
    named = {
        "Enveloppe (€)": "enveloppe", "Bénéficiaires": "unites", "Gini, par enfant protégé": "gini",
        "Theil, par enfant protégé": "theil", "Theil entre régions": "theil_entre_regions",
        "Theil dans les régions": "theil_dans_regions", "Entrants": "entrants", "Sortants": "sortants",
        "Gagnants": "gagnants", "Perdants": "perdants", "Inchangés": "inchanges",
        "Ajouté à l'enveloppe, ou retiré si moins de 0 (€)": "argent_ajoute",
        "Argent qui change de mains (€)": "argent_deplace",
        "Argent qui change de mains (part de l'enveloppe de base)": "part_deplacee",
        "Corrélation des rangs": "correlation_des_rangs",
    }  # fmt: skip
    assert set(first) == set(named)
    for heading, name in named.items():
        assert first[heading][1] == pytest.approx(overall.at[name, "apres"])


def test_the_parameters_of_a_run_are_those_of_its_record(results):
    told = results_module._parameters(results[2])
    scenario = results[2].prepared.scenario
    assert {key: told[key] for key in ("titre", "auteur", "reference", "base", "raisonnement")} == {
        key: getattr(scenario, key) for key in ("titre", "auteur", "reference", "base", "raisonnement")
    }
    assert (told["tirages"], told["graine"], told["difference plancher"]) == ("0", "", "200000")
    assert told["empreinte table criteres"] == results[2].record["entrees"]["tables"]["criteres"]


def test_a_name_of_a_sheet_has_no_sign_that_a_workbook_refuses():
    assert results_module._sheet_name("a[b]c:d*e?f/g\\h") == "a-b-c-d-e-f-g-h"
    assert [results_module._as_text(text) for text in ("=1", "\t1", "\r1", "a=1", "")] == [
        "'=1",
        "'\t1",
        "'\r1",
        "a=1",
        "",
    ]


def test_a_file_without_a_suffix_is_refused_before_the_run(tmp_path):
    with pytest.raises(ScenarioError, match="not to 'a file without suffix'"):
        results_module.check_destination(tmp_path / "sans", [])
    results_module.check_destination(tmp_path / "MAJ.XLSX", [])
    (tmp_path / "un.registre.json").mkdir()
    with pytest.raises(TableError, match=r"un\.registre\.json"):
        results_module.check_destination(tmp_path / "un.csv", [load_scenario("mineurs")])
