"""From an annex to a study: what it says, what it betrays, what is left to fill in; whole or not at all."""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest

from cdppe_analysis import allocate
from cdppe_analysis.calibration.criterion import calibrate_criterion
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, RuleError, TableError
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.upkeep import founding
from cdppe_analysis.upkeep.founding import found_study

COMMUNES = """Dotation de solidarité aux communes, 2026
Code;Commune;Habitants;Dotation (k€)
59350;Lille;236;472
59512;Roubaix;98;196
62041;Arras;42;84
02691;Saint-Quentin;53;106
2A004;Ajaccio;71;142
2B033;Bastia;48;96
Total;;548;1 096
"""


def annex(folder, text, name="annexe.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def filled(folder, **values):
    """Fill in the blanks of the only rule of a study, by the end of their path."""
    [path] = (folder / "rules").glob("*.yml")
    text = path.read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"{key}: à compléter", f"{key}: {value}")
    path.write_text(text, encoding="utf-8")
    return Data.open(folder)


def test_an_annex_of_communes_becomes_a_rule_that_gives_its_amounts_back(tmp_path):
    found_study(tmp_path / "étude", annex(tmp_path, COMMUNES))
    data = filled(tmp_path / "étude", poids='"1"', millesime=2025, plancher="null", plafond="null")
    rule = data.rule()
    assert (rule.enveloppe, rule.arrondi.unite_eur, rule.arrondi.methode) == (1_096_000, 1000, "plus_forts_restes")
    assert allocate(rule, data.criteria(rule)).final == data.published[rule.id]
    assert data.territories.unit("59350").libelle_region == "59"
    assert data.table("allocations")["libelle_region"].tolist()[::5] == ["Nord", "Haute-Corse"]


def test_each_amount_leads_back_to_the_cell_that_prints_it(tmp_path):
    found_study(tmp_path / "e", annex(tmp_path, COMMUNES))
    cells = Data.open(tmp_path / "e").where("allocations", code_departement="62041")
    assert list(zip(cells["colonne"], cells["imprime"], strict=True)) == [
        ("Dotation (k€)", "84"),
        ("dotation_eur", "84000"),
    ]


def test_the_document_is_kept_as_it_came_under_its_hash(tmp_path):
    path = annex(tmp_path, COMMUNES)
    found_study(tmp_path / "e", path)
    [source] = Data.open(tmp_path / "e").sources.values()
    kept = tmp_path / "e" / "raw" / source.id / source.texte
    assert kept.read_bytes() == path.read_bytes()
    assert source.empreinte == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (source.titre, source.date) == ("Dotation de solidarité aux communes, 2026", "2026")


def test_the_real_annex_of_2020_says_thirty_amounts_each_rounded_alone(official, tmp_path):
    found_study(tmp_path / "e", official / "annexe7-repartition-ondam-2020.txt")
    data = Data.open(tmp_path / "e")
    published = Data.open().published["ondam-ms-2020"]
    assert data.published["e-2020"] == published
    content = read_yaml(tmp_path / "e" / "rules" / "e-2020.yml")
    assert content["enveloppe"]["valeur"] == 15_000_000
    assert content["arrondi"] == {"methode": "independant", "unite_eur": 1}
    assert content["beneficiaires"]["codes"] == sorted(published)
    assert not (tmp_path / "e" / "territoires.csv").exists()
    criteria = (tmp_path / "e" / "criteres.csv").read_text(encoding="utf-8").splitlines()
    assert criteria[0].startswith("code_departement,libelle_departement,")


def test_the_contributions_of_2017_come_back_to_the_cent_from_their_annex(tmp_path):
    etude = data_dir() / "etudes" / "contribution-2017"
    tables = [pd.read_csv(etude / name, dtype=str) for name in ("montants.csv", "criteres.csv")]
    printed = tables[0].merge(tables[1], on="code_departement", validate="one_to_one")
    printed.to_csv(tmp_path / "contribution-2017.csv", index=False)
    found_study(tmp_path / "e", tmp_path / "contribution-2017.csv")
    data = filled(tmp_path / "e", poids='"1"', millesime=2017, plancher="null", plafond="null")
    rule = data.rule()
    assert (len(rule.beneficiaires), rule.arrondi.unite_eur) == (33, Fraction("0.01"))
    amounts = dict(zip(printed["code_departement"], printed["montant_eur"].map(Fraction), strict=True))
    assert rule.enveloppe == sum(amounts.values()) == Fraction("563126.93")
    assert allocate(rule, data.criteria(rule)).final == amounts


def test_the_grants_of_2024_come_back_to_the_euro_once_their_counts_are_supposed(tmp_path):
    etude = data_dir() / "etudes" / "jeunes-majeurs-2024"
    found_study(tmp_path / "e", etude / "montants.csv")
    folder = tmp_path / "e"
    (folder / "criteres.csv").write_bytes((etude / "criteres.csv").read_bytes())
    [path] = (folder / "rules").glob("*.yml")
    text = path.read_text(encoding="utf-8").replace("id: critere_1", "id: jeunes").replace("7066806", "7066807")
    path.write_text(text.replace("plus_forts_restes", "independant"), encoding="utf-8")
    supposed = {"source": "supposée", "emplacement": "supposé"}
    data = filled(folder, poids='"1"', millesime=2024, plancher="null", plafond="null", **supposed)
    rule = data.rule()
    assert allocate(rule, data.criteria(rule)).final == data.published[rule.id]
    found = calibrate_criterion(rule, data.criteria(rule, without="jeunes"), data.amounts(rule), "jeunes").table
    counts = data.criteria(rule)["jeunes"].astype(float).reset_index(drop=True)
    assert found["borne_basse"].le(counts / counts.sum()).all()
    assert found["borne_haute"].ge(counts / counts.sum()).all()


def test_a_column_is_of_the_year_that_its_heading_says(tmp_path):
    path = annex(tmp_path, "Région;Dotation 2025 (€);Dotation 2026 (€)\nBretagne;10;11\nNormandie;20;22\n")
    found_study(tmp_path / "e", path, column="Dotation 2026 (€)")
    assert Data.open(tmp_path / "e").published == {"e-2026": {"53": 11, "28": 22}}


def test_the_criterion_of_2020_is_deduced_in_a_study_as_in_the_project(tmp_path):
    folder = tmp_path / "e"
    rows = "\n".join(f"{code};{amount} €" for code, amount in Data.open().published["ondam-ms-2020"].items())
    found_study(folder, annex(tmp_path, f"Code département;Dotation 2020\n{rows}\nTotal;15 000 000 €\n"))
    project = Data.open()
    rule_2020 = project.rule("ondam-ms-2020")
    children = project.criteria(rule_2020, without="igb")
    path = folder / "rules" / "e-2020.yml"
    text = path.read_text(encoding="utf-8")
    one = '- {{id: {}, poids: "0.50", millesime: 2017, source: circulaire, emplacement: annexe 4}}\n'
    criteria = "".join(one.format(name) for name in ("ase_0_17", "inconnu"))
    floor = "plancher: {valeur: 100000, unite: EUR, source: circulaire, emplacement: annexe 4}\n"
    head, end = text[: text.index("- id: critere_1")], text[text.index("arrondi:") :]
    path.write_text(f"{head}{criteria}{floor}{end}", encoding="utf-8")
    children.assign(inconnu="").to_csv(folder / "criteres.csv", index=False)
    data = Data.open(folder)
    rule = data.rule()
    assert data.blank_criteria(rule) == ("inconnu",)
    found = calibrate_criterion(rule, data.criteria(rule, without="inconnu"), data.amounts(rule), "inconnu")
    expected = calibrate_criterion(rule_2020, children, project.amounts(rule_2020), "igb")
    assert found.multiplier == pytest.approx(expected.multiplier)
    assert np.allclose(found.table["borne_haute"], expected.table["borne_haute"])


def test_ties_at_the_ends_are_said_to_be_bounds_as_a_hypothesis(tmp_path):
    amounts = [100_000, 100_000, 100_000, 734_211, 512_908, 300_017, 900_000, 900_000]
    rows = "\n".join(f"{code};{amount} €" for code, amount in zip(range(10, 18), amounts, strict=True))
    found_study(tmp_path / "e", annex(tmp_path, f"Code département;Dotation\n{rows}\n"))
    content = read_yaml(tmp_path / "e" / "rules" / "e.yml")
    assert (content["plancher"]["valeur"], content["plafond"]["valeur"]) == (100_000, 900_000)
    assert {content[name]["statut"] for name in ("enveloppe", "plancher", "plafond")} == {"hypothese"}
    assert content["enveloppe"]["valeur"] == sum(amounts)


def test_ties_of_coarse_amounts_are_chance_and_betray_no_bound(tmp_path):
    rows = "\n".join(f"{code};{amount}" for code, amount in zip(range(10, 16), [3, 3, 9, 12, 14, 20], strict=True))
    found_study(tmp_path / "e", annex(tmp_path, f"Code département;Dotation (k€)\n{rows}\n"))
    content = read_yaml(tmp_path / "e" / "rules" / "e.yml")
    assert (content["plancher"], content["plafond"]) == ("à compléter", "à compléter")


def test_amounts_to_the_cent_stay_exact(tmp_path):
    rows = "01;Ain;643309;21813,14\n02;Aisne;554040;18786,23\n03;Allier;353262;11978,31\n"
    found_study(tmp_path / "e", annex(tmp_path, f"Code;Département;Population;Montant (€)\n{rows}"))
    data = filled(tmp_path / "e", poids='"1"', millesime=2017, plancher="null", plafond="null")
    rule = data.rule()
    assert data.published == {"e": {"01": Decimal("21813.14"), "02": Decimal("18786.23"), "03": Decimal("11978.31")}}
    assert rule.enveloppe == Fraction("52577.68")
    assert allocate(rule, data.criteria(rule)).final == {c: Fraction(a) for c, a in data.published["e"].items()}


def test_services_without_a_code_are_given_one_and_régions_are_units(tmp_path):
    found_study(tmp_path / "s", annex(tmp_path, "Service;Places;Dotation (€)\nAlpha;4;40\nBêta;5;50\nGamma;9;90\n"))
    assert list(Data.open(tmp_path / "s").territories.units) == ["U1", "U2", "U3"]
    found_study(tmp_path / "r", annex(tmp_path, "Région;Dotation\nBretagne;1 €\nNormandie;2 €\nTotal;3 €\n"))
    assert Data.open(tmp_path / "r").territories.label("53") == "Bretagne"


def test_one_of_several_columns_of_amounts_is_to_be_chosen(tmp_path):
    path = annex(tmp_path, "Nom;FIR (€);ONDAM (k€)\nAin;1204;7\nLot;1333;8\nNord;1500;11\n")
    with pytest.raises(TableError, match=r"2 columns of amounts: choose one with --column \(1: 'FIR \(€\)', 2: 'ONDAM"):
        found_study(tmp_path / "e", path)
    assert not (tmp_path / "e").exists()
    for name, column in (("a", "2"), ("b", "ondam (k€)")):
        found_study(tmp_path / name, path, column=column)
        assert Data.open(tmp_path / name).published[name] == {"01": 7000, "46": 8000, "59": 11000}
    with pytest.raises(TableError, match="no column of figures is headed 'ONDAN'"):
        found_study(tmp_path / "e", path, column="ONDAN")


def test_what_is_left_aside_is_said_and_is_no_beneficiary(tmp_path):
    rows = "Ain;1204 €\nLot;- €\nNord;1500 €\nRéserve nationale;300 €\nTotal;3004 €\n"
    found_study(tmp_path / "e", annex(tmp_path, f"Nom;Dotation\n{rows}"))
    content = read_yaml(tmp_path / "e" / "rules" / "e.yml")
    assert content["beneficiaires"]["codes"] == ["01", "59"]
    assert (content["enveloppe"]["valeur"], content["enveloppe"]["statut"]) == (2704, "hypothese")
    assert "laissés de côté : Lot, Réserve nationale." in content["note"]


def test_a_total_that_is_not_the_sum_is_no_envelope(tmp_path):
    path = annex(tmp_path, "Nom;Dotation\nAin;1204 €\nLot;300 €\nNord;1500 €\nTotal;9000 €\n")
    with pytest.raises(CdppeError, match="ses parties font"):
        found_study(tmp_path / "e", path)
    found_study(tmp_path / "e", path, accept_gaps=True)
    content = read_yaml(tmp_path / "e" / "rules" / "e.yml")
    assert (content["enveloppe"]["valeur"], content["enveloppe"]["statut"]) == (3004, "hypothese")


def test_an_empty_study_says_all_that_is_to_be_filled_in(tmp_path):
    found_study(tmp_path / "vide")
    data = Data.open(tmp_path / "vide")
    with pytest.raises(RuleError, match=r"fill in millesime; enveloppe \(valeur, source, emplacement\); benef"):
        data.rule()
    assert data.blanks("vide")[-1] == "criteres.csv : critere_1"


def test_nothing_is_overwritten_and_nothing_is_half_written(tmp_path, monkeypatch):
    path = annex(tmp_path, COMMUNES)
    (tmp_path / "e").mkdir()
    with pytest.raises(TableError, match="something stands there already"):
        found_study(tmp_path / "e", path)
    with pytest.raises(TableError, match="there is no folder"):
        found_study(tmp_path / "nulle" / "part", path)
    with pytest.raises(CdppeError, match="is no number taken whole"):
        found_study(tmp_path / "f", annex(tmp_path, "Nom;M\nAin;~1 204 €\nLot;5 €\nNord;6 €\n", "mauvais.csv"))

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cdppe_analysis.upkeep.founding._write_pages", full)
    with pytest.raises(TableError, match="cannot make it: No space left on device"):
        found_study(tmp_path / "g", path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["annexe.csv", "e", "mauvais.csv"]


def test_the_notebook_is_one_and_names_the_rule(tmp_path):
    found_study(tmp_path / "e", annex(tmp_path, COMMUNES))
    [path] = (tmp_path / "e" / "notebooks").iterdir()
    notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert 'REGLE = "e-2026"' in code
    compile(code, path.name, "exec")


def test_a_cell_of_criteria_is_that_of_the_annex(tmp_path):
    found_study(tmp_path / "e", annex(tmp_path, COMMUNES))
    criteria = pd.read_csv(tmp_path / "e" / "criteres.csv", dtype=str)
    assert criteria.columns.tolist() == ["code", "nom", "habitants"]
    assert criteria["habitants"].tolist() == ["236", "98", "42", "53", "71", "48"]


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("Enfants confiés au 31/12/2024", 2024),
        ("Population 2023", 2023),
        ("Enfants, 2023-2024", "à compléter"),
        ("Enfants", "à compléter"),
    ],
)
def test_a_criterion_is_of_the_one_year_that_its_heading_says(tmp_path, heading, year):
    found_study(tmp_path / "e", annex(tmp_path, f"Nom;{heading};Dotation (€)\nAin;12;1204\nLot;13;1333\n"))
    [rule] = (tmp_path / "e" / "rules").glob("*.yml")
    assert read_yaml(rule, RuleError)["criteres"][0]["millesime"] == year


def test_amounts_and_counts_are_written_without_the_decimals_of_their_print(tmp_path):
    text = "Région;Enfants;Dotation (M€)\nBretagne;12,50;1,523\nCorse;7,0;0,2005\n"
    found_study(tmp_path / "e", annex(tmp_path, text))
    amounts = pd.read_csv(tmp_path / "e" / "clean" / "allocations.csv", dtype=str)["montant_eur"]
    counts = pd.read_csv(tmp_path / "e" / "criteres.csv", dtype=str)["enfants"]
    assert amounts.tolist() == ["1523000", "200500"]
    assert counts.tolist() == ["12.5", "7"]


def test_a_round_minimum_of_one_unit_is_told_as_possible_and_left_to_be_filled_in(tmp_path):
    amounts = [20000, 31207, 44018, 52903, 61044, 70011]
    rows = "\n".join(f"{code};{amount}" for code, amount in zip(range(10, 16), amounts, strict=True))
    found_study(tmp_path / "e", annex(tmp_path, f"Code département;Dotation (€)\n{rows}\n"))
    content = read_yaml(tmp_path / "e" / "rules" / "e.yml")
    assert (content["plancher"], content["plafond"]) == ("à compléter", "à compléter")
    told = content["note"].replace("\u202f", " ")
    assert "Le plus petit montant, 20 000 €, est rond et un seul bénéficiaire l'a : un plancher, peut-être" in told
    assert "un plafond, peut-être" not in told


@pytest.mark.parametrize(
    ("amounts", "unit", "rounding"),
    [
        ([1000, 2000, 3000, 4000, 5000], "€", 1000),
        ([1000, 2000, 3000, 4000], "€", 1),
        ([1000, 2000, 3000, 4000], "k€", 1000),
        ([10**6, 2 * 10**6], "M€", 10**6),
        ([10**9], "Md€", 10**9),
        ([10**7, 2 * 10**7], "M€", 10**6),
        ([1500, 2000], "k€", 100),
        ([1000, 2000, 3000, 4000, 0], "€", 1000),
        ([10, 25, 30, 40, 50], "€", 1),
        (["0.5", "1.25"], "€", "0.01"),
        ([], "€", 1),
        ([1000, 2000], "places", 1),
    ],
)
def test_the_unit_of_rounding_is_what_five_amounts_prove_or_what_the_print_says(amounts, unit, rounding):
    amounts = [Decimal(str(amount)) for amount in amounts]
    assert founding._rounding_unit(SimpleNamespace(unit=unit), amounts) == Decimal(str(rounding))


@pytest.mark.parametrize(
    ("name", "title", "heading", "stem", "identifier", "said", "year"),
    [
        ("e", "Dotation de 2020", "", "f", "e-2020", "Dotation de 2020", 2020),
        ("e-2020", "Dotation de 2020", "", "f", "e-2020", "Dotation de 2020", 2020),
        ("e", "Dotation de 2020", "Montant 2021", "f-2022", "e-2021", "Dotation de 2020", 2021),
        ("e", "tableau 3", "", "annexe-2019", "e-2019", "annexe-2019", 2019),
        ("e", "De 2019 à 2020", "", "f-2021", "e", "De 2019 à 2020", None),
        ("Été œuvre", "## Titre\n coupé", "", "f", "ete-oeuvre", "Titre coupé", None),
        ("…", "T", "", "", "etude", "T", None),
        ("e", "Note 12020", "", "f", "e", "Note 12020", None),
    ],
)
def test_a_study_has_the_first_year_that_its_column_its_title_or_its_file_says(
    name, title, heading, stem, identifier, said, year
):
    named = founding._named(Path("etude"), name, title, heading, stem)
    assert (named.id, named.title, named.year) == (identifier, said, year)


def test_texts_are_set_on_one_line_and_amounts_are_whole_where_they_are():
    assert founding._line("Alpes-de-\n Haute-Provence  et\tplus") == "Alpes-de-Haute-Provence et plus"
    assert [founding._exact(Decimal(text)) for text in ("12.00", "12.50", "1E+3", "-3")] == [12, "12.5", 1000, -3]
    assert founding._slug("L'Été : 3 €", "_") == "l_ete_3"
    assert founding._slug("a" * 59 + " bc") == "a" * 59


def test_the_entry_of_the_document_says_where_it_was_read(tmp_path):
    found = found_study(tmp_path / "e", annex(tmp_path, COMMUNES))
    [entry] = read_yaml(tmp_path / "e" / "sources.yml")["sources"]
    assert (entry["id"], entry["nature"], entry["texte"], entry["date"]) == ("annexe", "document", "annexe.csv", "2026")
    [raw] = entry["fichiers"]
    assert (raw["tableau"], raw["chemin"], raw["titre"]) == ("tableau", "annexe/tableau.csv", entry["titre"])
    assert raw["section"] == found.annex.table.rows[0].place
    assert raw["sha256"] == hashlib.sha256((tmp_path / "e" / "raw" / "annexe" / "tableau.csv").read_bytes()).hexdigest()
    assert {"Habitants", "Dotation (k€)", "dotation_eur"} <= set(raw["colonnes"].values())
    assert (tmp_path / "e").stat().st_mode & 0o777 == 0o755
    assert (found.beneficiaries, found.total, found.rule) == (6, 1_096_000, "e-2026")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".cdppe")] == []


def test_the_amounts_of_communes_say_their_département(tmp_path):
    found_study(tmp_path / "e", annex(tmp_path, COMMUNES))
    table = pd.read_csv(tmp_path / "e" / "clean" / "allocations.csv", dtype=str)
    assert table["dispositif"].unique().tolist() == ["e"]
    assert table["millesime"].unique().tolist() == ["2026"]
    assert table[["code_departement", "code_region", "libelle_region", "montant_eur"]].to_numpy().tolist()[3:5] == [
        ["02691", "02", "Aisne", "106000"], ["2A004", "2A", "Corse-du-Sud", "142000"],
    ]  # fmt: skip
    units = pd.read_csv(tmp_path / "e" / "territoires.csv", dtype=str)
    assert units.loc[0].tolist() == ["59350", "Lille", "59"]


def test_a_unit_stands_under_its_région_and_a_région_under_none():
    rows = {
        4: SimpleNamespace(code="", name="Al-\npha", region="Bretagne"),
        7: SimpleNamespace(code="X", name="", region=""),
    }
    units = founding._units(rows, "autre")
    assert {line: (unit.code, unit.libelle, unit.code_region) for line, unit in units.items()} == {
        4: ("U1", "Al-pha", "Bretagne"), 7: ("X", "X", ""),
    }  # fmt: skip
    assert founding._units(rows, "region")[4].code_region == ""
    communes = {rank: SimpleNamespace(code=code, name="n", region="") for rank, code in enumerate(["97105", "59350"])}
    above = [(unit.code_region, unit.libelle_region) for unit in founding._units(communes, "autre").values()]
    assert above == [("971", "Guadeloupe"), ("59", "Nord")]
    many = {line: SimpleNamespace(code="", name="n", region="") for line in range(10)}
    assert [unit.code for unit in founding._units(many, "autre").values()][::9] == ["U01", "U10"]


@pytest.mark.parametrize(
    ("amounts", "unit", "floor", "cap"),
    [
        ([5, 5, 5, 300, 900], 1, 5, None), ([5, 5, 300, 900, 900], 1, 5, 900), ([5, 300, 900, 900, 900], 1, None, 900),
        ([5, 5, 20, 30, 105], 1, 5, None), ([5, 5, 20, 30, 104], 1, None, None), ([5, 5, 5, 5, 5], 1, None, None),
        ([0, 0, 0, 300, 900], 1, None, None), ([5, 20, 30, 40, 900], 1, None, None), ([1, 1, 1, 300, 900], 1, 1, None),
    ],
)  # fmt: skip
def test_a_bound_is_betrayed_by_ties_that_chance_does_not_make(amounts, unit, floor, cap):
    """Two of five amounts spread over a hundred units of rounding are tied by chance once in twenty."""
    study = founding._Study(Path("etude"), "e", "E", 2020, "annexe")
    bounds = founding._bounds(study, {f"{rank:02d}": Decimal(a) for rank, a in enumerate(amounts)}, Decimal(unit))
    told = {name: None if bound == "à compléter" else bound["valeur"] for name, bound in bounds.items()}
    assert told == {"plancher": floor, "plafond": cap}
    if floor:
        assert bounds["plancher"]["emplacement"] == f"{amounts.count(floor)} montants égaux"
        assert bounds["plancher"]["note"].endswith("le plus petit montant.")


@pytest.mark.parametrize(("least", "told"), [(20_100, True), (20_010, False), (20_050, False)])
def test_an_amount_is_round_by_hundreds_of_its_unit(least, told):
    study = founding._Study(Path("etude"), "e", "E", 2020, "annexe")
    amounts = {f"{rank:02d}": Decimal(amount) for rank, amount in enumerate([least, 31_207, 44_018, 70_011])}
    founding._bounds(study, amounts, Decimal(1))
    assert [note.startswith("Le plus petit montant, ") for note in study.notes] == [True] * told


def test_amounts_that_sum_to_the_envelope_by_its_unit_are_rounded_together():
    study = founding._Study(Path("etude"), "e", "E", 2020, rule={"enveloppe": {"valeur": 300}})
    amounts = [Decimal(100), Decimal(200)]
    assert founding._rounding(study, amounts, Decimal(1)) == {"methode": "plus_forts_restes", "unite_eur": 1}
    assert len(study.notes) == 1
    assert founding._rounding(study, [Decimal(100), Decimal(201)], Decimal(1))["methode"] == "independant"
    assert founding._rounding(study, amounts, Decimal(1000)) == {"methode": "independant", "unite_eur": 1000}
    assert len(study.notes) == 1


def test_a_code_in_a_rule_is_text_for_every_reader(tmp_path):
    rows = "\n".join(f"{code:02d};{code}01 €" for code in range(1, 9))
    found_study(tmp_path / "e", annex(tmp_path, f"Code département;Dotation\n{rows}\n"))
    text = (tmp_path / "e" / "rules" / "e.yml").read_text(encoding="utf-8")
    assert '- "01"\n' in text
    assert '- "08"\n' in text


@pytest.mark.parametrize(("column", "headed"), [("1", "FIR (€)"), ("2", "ONDAM (k€)"), ("  fir (€) ", "FIR (€)")])
def test_a_column_is_chosen_by_its_rank_or_its_heading(column, headed):
    columns = [SimpleNamespace(kind=kind, heading=heading, of_figures=kind != "nom") for kind, heading in
               (("nom", "Nom"), ("montant", "FIR (€)"), ("montant", "ONDAM (k€)"), ("nombre", "Places"))]  # fmt: skip
    assert founding._chosen(columns, column).heading == headed
    assert founding._chosen(columns, "places").heading == "Places"
    for unknown in ("0", "3", "Nom"):
        with pytest.raises(TableError, match=f"no column of figures is headed '{unknown}'"):
            founding._chosen(columns, unknown)


def test_a_cell_of_a_notebook_is_code_where_it_is_fenced():
    cells = list(founding._cells("# Titre\n\n```python\na = 1\n```\nTexte\n```\n\n```\n"))
    assert [(cell["cell_type"], cell["source"]) for cell in cells] == [
        ("markdown", "# Titre"), ("code", "a = 1"), ("markdown", "Texte"),
    ]  # fmt: skip
    assert len({cell["id"] for cell in cells}) == 3


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_study_has_these_files_and_no_other(tmp_path):
    found_study(tmp_path / "e", annex(tmp_path, COMMUNES))
    assert files_of(tmp_path / "e") == [
        "LISEZMOI.md", "clean/allocations.csv", "criteres.csv", "notebooks/01-e-2026.ipynb", "raw/annexe/annexe.csv",
        "raw/annexe/remarques.csv", "raw/annexe/tableau.csv", "rules/e-2026.yml", "sources.yml", "territoires.csv",
    ]  # fmt: skip
    units = (tmp_path / "e" / "territoires.csv").read_text(encoding="utf-8").splitlines()
    assert units[:2] == ["code,nom,appartient_a", "59350,Lille,59"]
    amounts = (tmp_path / "e" / "clean" / "allocations.csv").read_text(encoding="utf-8").splitlines()
    assert amounts[0] == (
        "dispositif,millesime,code_departement,libelle_departement,code_region,libelle_region,montant_eur,source,"
        "emplacement"
    )
    rule = read_yaml(tmp_path / "e" / "rules" / "e-2026.yml")
    assert list(rule) == [
        "id", "titre", "millesime", "enveloppe", "beneficiaires", "criteres", "plancher", "plafond", "arrondi", "note",
    ]  # fmt: skip
    assert rule["enveloppe"] == {
        "valeur": 1_096_000, "unite": "EUR", "source": "annexe", "emplacement": "« total sans nom », l. 9",
    }  # fmt: skip
    assert rule["beneficiaires"] == {
        "liste": "territoires", "source": "annexe", "emplacement": "tableau, lignes des bénéficiaires",
    }  # fmt: skip
    assert rule["criteres"] == [
        {
            "id": "habitants",
            "libelle": "Habitants",
            "poids": "à compléter",
            "millesime": "à compléter",
            "source": "annexe",
            "emplacement": "tableau, habitants",
        }
    ]
    assert "Critères possibles, comptés par l'annexe : habitants." in rule["note"]


def test_an_empty_study_has_these_files_and_this_rule(tmp_path):
    found = found_study(tmp_path / "vide")
    assert files_of(tmp_path / "vide") == [
        "LISEZMOI.md", "criteres.csv", "notebooks/01-vide.ipynb", "rules/vide.yml", "sources.yml",
    ]  # fmt: skip
    blank = "à compléter"
    assert read_yaml(tmp_path / "vide" / "rules" / "vide.yml") == {
        "id": "vide", "titre": "vide", "millesime": blank,
        "enveloppe": {"valeur": blank, "unite": "EUR", "source": blank, "emplacement": blank}, "beneficiaires": blank,
        "criteres": [{"id": "critere_1", "poids": blank, "millesime": blank, "source": blank, "emplacement": blank}],
        "plancher": blank, "plafond": blank, "arrondi": {"methode": "plus_forts_restes", "unite_eur": 1},
    }  # fmt: skip
    assert (found.beneficiaries, found.total, found.annex) == (0, 0, None)
    header = (tmp_path / "vide" / "criteres.csv").read_text(encoding="utf-8")
    assert header == "code_departement,libelle_departement,critere_1\n"
