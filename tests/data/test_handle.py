"""The handle: what the installation carries, and what it refuses."""

import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal

import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.data import Data, handle, load_scenario
from cdppe_analysis.data import where as load_where
from cdppe_analysis.errors import CriteriaError, NeedsError, RuleError, ScenarioError, TableError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.uncertainty import uncertain_inputs


def test_there_are_at_least_twelve_files_each_named_after_its_scenario():
    files = sorted((data_dir() / "scenarios").glob("*.yml"))
    assert len(files) >= 12
    for path in files:
        assert {scenario.famille for scenario in Data.open().scenarios(path)} == {path.stem}


def test_every_scenario_has_a_reasoning_of_its_own():
    reasonings = [Data.open().scenarios(path)[0].raisonnement for path in (data_dir() / "scenarios").glob("*.yml")]
    assert len(set(reasonings)) == len(reasonings)
    assert min(map(len, reasonings)) > 150


ASKED = [
    *(f"poids-ase-{weight:03d}" for weight in (0, 10, 20, 30, 40, 60, 70, 80, 90, 100)),
    "ase-seule",
    "population-seule-totale",
    "cle-fir",
    "cle-p304",
    "pauvrete",
    *(f"plancher-{level}" for level in ("0", "50k", "200k")),
    "plafond-1m",
    "mineurs",
    *(f"millesime-ase-{year}" for year in range(2018, 2023)),
    "besoin-attendu",
    "extension-101-15m",
    "extension-101-50m",
    "garantie-90-110",
    *(f"retour-trois-ans-an-{year}" for year in (1, 2, 3)),
]


def test_the_scenarios_that_the_field_asks_for_are_there():
    assert set(ASKED) <= set(Data.open().scenario_ids())


@pytest.mark.parametrize("identifier", ["pauvrete", "mineurs", "besoin-attendu", "extension-101-50m", "cle-fir"])
def test_the_uncertain_inputs_of_a_scenario_have_laws(identifier):
    assert load_scenario(identifier).id == identifier
    assert len(uncertain_inputs(prepare(load_scenario(identifier)))) >= 2


def test_a_family_gives_all_its_variants():
    assert [scenario.id for scenario in Data.open().scenarios("plancher")] == [
        "plancher-0",
        "plancher-50k",
        "plancher-200k",
    ]


@pytest.mark.parametrize("asked", ["autre", "mineurs", None])
def test_a_scenario_of_another_name_than_its_file_is_refused_in_a_folder_and_read_by_its_path(tmp_path, asked):
    for room in ("rules", "scenarios"):
        (tmp_path / room).mkdir()
    path = tmp_path / "scenarios" / "autre.yml"
    shutil.copy(data_dir() / "scenarios" / "mineurs.yml", path)
    data = Data.open(tmp_path)
    with pytest.raises(ScenarioError, match="its id is 'mineurs': it is to be the name of its file, 'autre'"):
        data.scenario_ids() if asked is None else data.scenario(asked)
    assert data.scenario(path).id == "mineurs"


def test_a_family_is_no_single_scenario():
    with pytest.raises(ScenarioError, match="several variants: plancher-0"):
        load_scenario("plancher")


def test_an_unknown_scenario_names_the_nearest():
    with pytest.raises(ScenarioError, match="no scenario 'pauvreté'; the nearest is 'pauvrete'"):
        load_scenario("pauvreté")


@pytest.mark.parametrize("name", ["mien.yml", "mien.yaml", "./dossier/mien"])
def test_a_path_is_read_wherever_it_is(tmp_path, monkeypatch, name):
    (tmp_path / "dossier").mkdir()
    (tmp_path / name).write_bytes((data_dir() / "scenarios" / "mineurs.yml").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert load_scenario(name).id == load_scenario(tmp_path / name).id == "mineurs"


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"cannot read .*rien\.yml"):
        load_scenario(tmp_path / "rien.yml")


def test_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "double.yml"
    path.write_text("id: a\nid: b\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="'id' is given twice"):
        load_scenario(path)


def test_the_types_of_a_table_are_those_of_its_schema():
    pmi = Data.open().table("pmi")
    assert pmi["annee"].dtype == "int64"
    assert pmi["valeur"].dtype == "Int64"
    assert pmi["valeur"].isna().any()


def test_a_table_without_its_schema_is_refused(tmp_path):
    (tmp_path / "clean").mkdir()
    shutil.copy(data_dir() / "schemas.yml", tmp_path / "schemas.yml")
    (tmp_path / "clean" / "montants.csv").write_text("a\n1\n", encoding="utf-8")
    told = r"'montants' has no schema; the nearest is '\w+' \(at schemas\.yml\)"
    with pytest.raises(TableError, match=told):
        Data.open(tmp_path).table("montants")


def test_a_table_with_other_columns_than_its_schema_is_refused(tmp_path):
    (tmp_path / "clean").mkdir()
    shutil.copy(data_dir() / "schemas.yml", tmp_path / "schemas.yml")
    (tmp_path / "clean" / "territoires.csv").write_text("code_departement\n01\n", encoding="utf-8")
    with pytest.raises(TableError, match="its columns are code_departement, its schema says code_departement, libelle"):
        Data.open(tmp_path).table("territoires")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:0].encode(), "is empty"),
        (lambda text: text.encode("utf-16"), "cannot be read: .*can't decode byte"),
        (lambda text: text.replace(",100000,", ",mille,").encode(), "cannot be read: .*string to float: 'mille'"),
        (lambda text: text.rstrip().encode() + b",x\n", "cannot be read: .*Expected 9 fields in line 31, saw 10"),
    ],
)
def test_a_table_that_is_not_as_it_is_written_is_refused_with_its_file(tmp_path, change, said):
    (tmp_path / "clean").mkdir()
    shutil.copy(data_dir() / "schemas.yml", tmp_path / "schemas.yml")
    text = (data_dir() / "clean" / "allocations.csv").read_text(encoding="utf-8")
    (tmp_path / "clean" / "allocations.csv").write_bytes(change(text))
    with pytest.raises(TableError, match=rf"^the table {said}.*\(at allocations.csv\)"):
        Data.open(tmp_path).table("allocations")


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.symlink_to("nowhere")])
def test_what_stands_in_the_place_of_a_file_and_is_none_is_said(tmp_path, make):
    (tmp_path / "clean").mkdir()
    shutil.copy(data_dir() / "schemas.yml", tmp_path / "schemas.yml")
    make(tmp_path / "clean" / "allocations.csv")
    with pytest.raises(TableError, match=r"^cannot read .*allocations\.csv: "):
        Data.open(tmp_path).table("allocations")
    make(tmp_path / "territoires.csv")
    with pytest.raises(TableError, match=r"^cannot read .*territoires\.csv: "):
        _ = Data.open(tmp_path).territories


def test_a_table_that_is_changed_by_its_reader_stays_as_it_is_for_the_next():
    data = Data.open()
    table = data.table("allocations")
    table["montant_eur"] = 0
    assert data.table("allocations")["montant_eur"].sum() == 15_000_001


UNITS = "code,nom,appartient_a\nA,Agence,\nS1,Service du Nord,A\nS2,Service du Lot,A\n"


@pytest.fixture
def services(tmp_path, write_study):
    """Write a study of two services of one agency."""
    return write_study(tmp_path / "accueil", UNITS, "code,places,enfants\nS1,1,3\nS2,2,1\n")


def test_the_units_of_a_study_that_cover_others_are_none_of_its_beneficiaries(services):
    data = Data.open(services)
    assert data.names.lists["territoires"] == ("S1", "S2")
    assert data.rule().beneficiaires == ("S1", "S2")
    assert data.is_study
    (services / "criteres.csv").unlink()
    assert Data.open(services).is_study
    assert not Data.open().is_study
    with pytest.raises(TableError, match=r"no clean table 'criteres'; there are none$"):
        Data.open(services).table("criteres")
    (services / "schemas.yml").touch()
    assert not Data.open(services).is_study
    (services / "schemas.yml").unlink()
    (services / "clean").mkdir()
    (services / "clean" / "criteres.csv").touch()
    assert not Data.open(services).is_study


def test_the_criteria_of_a_study_are_those_that_its_author_fills_in(services):
    data = Data.open(services)
    assert data.tables() == ["criteres"]
    assert data.criteria(data.rule(), without="places").values.tolist() == [["S1", "3"], ["S2", "1"]]
    assert data.table("criteres")["valeur"].tolist() == [1, 2, 3, 1]
    assert (data.units(data.rule()), data.blank_criteria(data.rule())) == ({}, ())
    counted = {"ase_0_17": "enfants et jeunes majeurs", "igb": "part des trente départements"}
    assert Data.open().units(Data.open().rule("ondam-ms-2020")) == counted


def test_what_is_blank_of_a_study_is_listed_with_its_file(services):
    (services / "criteres.csv").write_text("code,places,enfants\nS1,1,\nS2,2,à compléter\n", encoding="utf-8")
    rule = services / "rules" / "accueil.yml"
    text = rule.read_text(encoding="utf-8").replace("titre: Étude", "titre: à compléter")
    rule.write_text(text, encoding="utf-8")
    assert Data.open(services).blanks("accueil") == ["rules/accueil.yml : titre", "criteres.csv : enfants"]
    rule.write_text(text.replace("à compléter", "Étude"), encoding="utf-8")
    assert Data.open(services).blank_criteria(Data.open(services).rule()) == ("enfants",)
    (services / "criteres.csv").write_text("code,places\nS1,1\nS2,2\n", encoding="utf-8")
    with pytest.raises(CriteriaError, match="has no column 'enfants', a criterion of 'accueil'"):
        Data.open(services).blank_criteria(Data.open(services).rule())
    (services / "criteres.csv").write_text("code,places,enfants\nS1,1,\nS2,2,5\n", encoding="utf-8")
    rule.write_text(rule.read_text(encoding="utf-8").replace(": territoires", ": [S1]"), encoding="utf-8")
    assert Data.open(services).blank_criteria(Data.open(services).rule()) == ("enfants",)
    assert Data.open(services).blanks("accueil") == []
    rule.write_text("- id", encoding="utf-8")
    with pytest.raises(RuleError, match=r"expected keys and values, found \['id'\] \(at accueil\.yml\)"):
        Data.open(services).blanks("accueil")
    rule.unlink()
    with pytest.raises(RuleError, match=r"^there is no rule \(at .*rules\)$"):
        Data.open(services).rule()


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda data: data.rule("accuei"), RuleError, r"there is no rule 'accuei'; the nearest is 'accueil'"),
        (lambda data: data.content("x"), RuleError, "there is no rule 'x'; the nearest is 'accueil'"),
        (lambda data: data.scenarios("x"), ScenarioError, "there is no scenario 'x'$"),
        (lambda data: data.needs("x"), NeedsError, "there is no need 'x'$"),
        (lambda data: data.table("x"), TableError, "there is no clean table 'x'; there are criteres"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest_that_is(services, ask, error, said):
    with pytest.raises(error, match=said):
        ask(Data.open(services))


def test_what_the_installation_has_not_is_refused_with_what_it_has():
    with pytest.raises(NeedsError, match="there is no need 'sessad'; the nearest is 'sessad-ase'"):
        Data.open().needs("sessad")
    with pytest.raises(RuleError, match=r"name one of the 4 rules: fir-2020, .*, p304-2025 \(at .*rules\)"):
        Data.open().rule()


@pytest.mark.parametrize("name", ["rules/a.yml", "clean/a.csv", "sources.yml", "territoires.csv"])
def test_a_folder_with_any_of_these_is_one_of_data(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert Data.open(tmp_path).folder == tmp_path


def test_a_scenario_is_named_near_a_family_too():
    with pytest.raises(ScenarioError, match="there is no scenario 'planche'; the nearest is 'plancher'"):
        Data.open().scenarios("planche")


def test_two_variants_are_several(tmp_path):
    text = (data_dir() / "scenarios" / "plancher.yml").read_text(encoding="utf-8")
    (tmp_path / "deux.yml").write_text(re.sub(r"(?m)^.*id: 200k.*\n", "", text), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"'.*deux\.yml' holds several variants: plancher-0, plancher-50k"):
        load_scenario(tmp_path / "deux.yml")


def test_amounts_to_the_cent_are_numbers_whatever_others_are(tmp_path):
    (tmp_path / "clean").mkdir()
    shutil.copy(data_dir() / "schemas.yml", tmp_path / "schemas.yml")
    text = (data_dir() / "clean" / "allocations.csv").read_text(encoding="utf-8").replace(",100000,", ",100000.25,")
    text = text.replace(",Aisne,", ",NA,").replace(",Allier,", ",,")
    (tmp_path / "clean" / "allocations.csv").write_text(text, encoding="utf-8")
    data = Data.open(tmp_path)
    assert data.table("allocations")["montant_eur"].sum() == 15_000_001.25
    assert data.table("allocations")["libelle_departement"].tolist()[:2] == ["NA", ""]
    assert data.published["ondam-ms-2020"]["23"] == Decimal("100000.25")
    assert data.published["ondam-ms-2020"]["59"] == 1_995_607
    assert type(data.published["ondam-ms-2020"]["59"]) is int


def test_the_amounts_of_a_rule_are_those_of_its_name_or_all(services):
    data = Data.open()
    table = data.table("allocations")
    assert data.amounts(data.rule("ondam-ms-2020")).equals(table)
    assert data.amounts(data.rule("p304-2020")).equals(table)
    one = table.assign(dispositif=["autre"] * 29 + ["ondam-ms"])
    data._tables["allocations"] = one
    assert data.amounts(data.rule("ondam-ms-2020"))["code_departement"].tolist() == [table["code_departement"].iloc[-1]]
    assert set(data.published) == {"autre-2020", "ondam-ms-2020"}
    data = Data.open()
    data._tables["allocations"] = one.assign(millesime=None)
    assert set(data.published) == {"autre", "ondam-ms"}


def test_children_are_those_of_the_series_that_the_needs_name():
    data = Data.open()
    needs = data.needs("sessad-ase")
    assert data.protected_children(needs, ["23"]) == data.series(*needs.children, ["23"])
    with pytest.raises(NeedsError, match="these parameters name no series of protected children"):
        data.protected_children(replace(needs, children=None), ["23"])


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TableError, match="there is no data folder"):
        Data.open(tmp_path / "absent")


def test_the_published_amounts_are_named_by_envelope_and_year():
    assert Data.open().published["ondam-ms-2020"]["23"] == 100_000


def test_a_rule_by_its_id_may_name_published_amounts(tmp_path):
    """A reference that studies accept is accepted by every loader."""
    text = (data_dir() / "rules" / "ondam-ms-2020.yml").read_text(encoding="utf-8")
    garantie = 'garantie: {minimum: "0.9", reference: ondam-ms-2020, source: note, emplacement: p. 1}\n'
    path = tmp_path / "garantie.yml"
    path.write_text(text + garantie, encoding="utf-8")
    assert dict(Data.open().rule(path).garantie.montants)["23"] == 100_000


@pytest.fixture
def counted(tmp_path):
    """Return a folder with a table of children that its schema marks, of a région with a small count and another."""
    (tmp_path / "clean").mkdir()
    rows = ["19,2020,2,5", "23,2020,30,6", "87,2020,40,7", "59,2020,20,8", "62,2020,21,9", "19,2021,22,5"]
    text = "code_departement,annee,effectif,places\n" + "\n".join(rows) + "\n"
    (tmp_path / "clean" / "enfants.csv").write_text(text, encoding="utf-8")
    types = {"code_departement": "string", "annee": "integer", "effectif": "integer", "places": "integer"}
    schema = {
        "secret_statistique": {"effectifs": ["effectif"], "par": ["annee"]},
        "champs": {name: {"type": kind} for name, kind in types.items()},
    }
    (tmp_path / "schemas.yml").write_text(json.dumps({"communs": {}, "tables": {"enfants": schema}}), encoding="utf-8")
    return tmp_path


def test_the_small_counts_of_a_marked_table_are_computed_with_and_not_shown(counted):
    data = Data.open(counted)
    assert data.table("enfants")["effectif"].tolist() == [2, 30, 40, 20, 21, 22]
    shown = data.shown("enfants")
    assert shown["effectif"].isna().tolist() == [True, True, False, False, False, False]
    assert shown["places"].tolist() == [5, 6, 7, 8, 9, 5]


def test_the_command_shows_no_small_count(counted, capsys):
    assert main(["show", "enfants", "--data", str(counted), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["effectif"] for row in rows] == [None, None, 40, 20, 21, 22]


def test_a_cell_is_read_as_printed_with_its_column_in_words():
    [cell] = handle._printed_cells("annexe7-ondam-2020", "b-enveloppes L22 dotation_departement", Archive.open())
    assert cell["imprime"] == "100 000 €"


def test_a_place_in_words_is_kept_as_the_section():
    [cell] = handle._printed_cells("circulaire-2020-34", "annexe 4, IV", Archive.open())
    assert cell["document"].startswith("Circulaire")
    assert {name: cell[name] for name in ("section", "tableau", "ligne", "colonne", "imprime")} == {
        **dict.fromkeys(("tableau", "ligne", "colonne", "imprime")),
        "section": "annexe 4, IV",
    }


def test_a_cell_of_a_document_says_its_section_and_one_of_a_workbook_its_sheet():
    [printed] = load_where("allocations", code_departement="23").to_dict("records")
    assert printed["document"] == Data.open().sources["annexe7-ondam-2020"].titre
    assert (printed["section"][:14], printed["ligne"]) == ("B – Enveloppes", 22)
    cells = load_where("criteres", critere="ase_aed_jeunes_majeurs", millesime=2020, code_departement="23")
    assert cells[["critere", "section", "tableau", "ligne", "colonne", "imprime"]].values.tolist() == [
        ["ase_aed_jeunes_majeurs", "Tab10-ase!E28", "Séries, une ligne par cellule du classeur", 225, "Cellule", "7"]
    ]
    [method] = load_where("criteres", critere="asf", edition="cle-rsa", code_departement="23").to_dict("records")
    assert (method["tableau"], method["section"], method["ligne"]) == ("cle-rsa", "", None)
    assert method["document"] == "Minima sociaux, données départementales par dispositif"
    assert method["imprime"] == (
        "foyers allocataires du RSA de 2018, pris pour clé (Les familles qui reçoivent l'ASF se répartissent comme les "
        "foyers au RSA.) À remplacer par : Cnaf, foyers allocataires par département (numdep, dtreffre), colonne "
        "indfoy_asf, décembre 2018"
    )


def test_a_place_of_several_cells_leads_to_each_whatever_another_names():
    cells = handle._printed_cells(
        "annexe7-ondam-2020", "p. 3; b-enveloppes L15 dotation_departement", Data.open().archive
    )
    told = [(cell["section"], cell["ligne"], cell["imprime"]) for cell in cells]
    assert told[0] == ("p. 3", None, None)
    assert told[1][1:] == (15, "1 995 607 €")
