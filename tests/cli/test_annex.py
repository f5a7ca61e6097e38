"""`cdppe new`, `ingest`, `series`: from what others publish to amounts and a report, a raw table, series, or none."""

import csv
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.cli import console, main
from cdppe_analysis.cli.annex import _addition, _tell, _tell_changes
from cdppe_analysis.tables.series.publications import Fate, read_publication
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.upkeep.adding import Changes, Moved

SERVICES = "Dotation des services, 2026\nService;Places;Dotation (€)\nAlpha;4;40\nBêta;5;50\nGamma;9;90\n"
BLANKS = ("poids", '"1"'), ("millesime", "2026"), ("plancher", "null"), ("plafond", "null")


@pytest.fixture
def study(tmp_path, monkeypatch, capsys):
    """Make a study of three services in the current folder, under a name with a space and an accent."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "annexe.csv").write_text(SERVICES, encoding="utf-8")
    assert main(["new", "étude 2026", "--annex", "annexe.csv"]) == 0
    said = capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ").splitlines()
    assert said[0] == "« Dotation des services, 2026 »"
    assert said[1] == "étude 2026 : 3 bénéficiaires, 180 €, règle etude-2026"
    assert "  rules/etude-2026.yml : criteres.places.poids" in said
    return tmp_path / "étude 2026"


def fill(study):
    path = study / "rules" / "etude-2026.yml"
    text = path.read_text(encoding="utf-8")
    for key, value in BLANKS:
        text = text.replace(f"{key}: à compléter", f"{key}: {value}")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("verb", [["allocate"], ["explain", "U1"], ["calibrate"], ["show", "etude-2027"]])
def test_every_verb_says_in_one_sentence_what_is_to_be_filled_in(study, verb, capsys):
    assert main([*verb, "--data", "étude 2026"]) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    told = "the nearest is 'etude-2026'" if verb[0] == "show" else "the rule is not complete: fill in criteres.places ("
    assert told in sentence


UNITS = "code,nom,appartient_a\nU1,Alpha,\nU2,Bêta,\nU3,Gamma,\n"
COUNTS = "code,nom,places\nU1,Alpha,4\nU2,Bêta,5\nU3,Gamma,9\n"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("territoires.csv", "", "territoires.csv is empty"),
        ("territoires.csv", UNITS.replace("nom", "x"), "its columns are code, nom and appartient_a, not code, x"),
        ("territoires.csv", UNITS + "U1,Encore,\n", "is given twice, in lines 2 and 5"),
        ("territoires.csv", UNITS + "001,a,\n1,b,\n", "'001' and '1', in lines 5 and 6"),
        ("territoires.csv", UNITS.replace("U3", "U\u00a03"), "not seen: type it again (at territoires.csv, line 4)"),
        ("criteres.csv", COUNTS + "U9,Rien,1\n", "(code U9, at criteres.csv, row 5)"),
        ("criteres.csv", COUNTS.replace("U3,Gamma,9\n", ""), "Gamma (U3) has no row in criteres.csv"),
        (
            "criteres.csv",
            COUNTS.replace("9", "-9"),
            "is negative: -9 (code U3, criterion places, at criteres.csv, row 4)",
        ),
        ("criteres.csv", COUNTS.replace("9", "n.d."), "(code U3, criterion places, at criteres.csv, row 4)"),
        ("criteres.csv", COUNTS.replace("places", "place"), "has no column 'places', a criterion of 'etude-2026'"),
    ],
)
def test_a_bad_file_of_a_study_is_one_sentence_of_every_verb_and_nothing_is_written(study, file, text, told, capsys):
    fill(study)
    (study / file).write_text(text, encoding="utf-8")
    before = sorted(study.parent.rglob("*"))
    for verb in (["allocate", "--out", "x.csv"], ["explain", "U1"], ["calibrate", "--out", "x.csv"]):
        assert main([*verb, "--data", "étude 2026"]) == 2
        [sentence] = capsys.readouterr().err.splitlines()
        assert told in sentence
        assert sorted(study.parent.rglob("*")) == before


def test_the_lists_and_the_check_say_it_too(study, capsys):
    assert main(["rules", "--data", "étude 2026"]) == 0
    assert "fill in criteres.places (poids, millesime)" in capsys.readouterr().out
    assert main(["show", "etude-2026", "--data", "étude 2026", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["criteres"][0]["poids"] == "à compléter"
    assert main(["check", "--data", "étude 2026"]) == 1
    assert "FAIL rules/etude-2026.yml: the rule is not complete" in capsys.readouterr().out
    assert main(["tables", "--data", "étude 2026"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["allocations", "criteres"]


def test_a_study_filled_in_is_allocated_explained_calibrated_and_checked(study, capsys):
    fill(study)
    assert main(["allocate", "--data", "étude 2026"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["libelle_departement"], row["montant_eur"]) for row in rows] == [
        ("Alpha", "40"),
        ("Bêta", "50"),
        ("Gamma", "90"),
    ]
    assert main(["explain", "--data", "étude 2026", "U2"]) == 0
    assert capsys.readouterr().out.startswith("Bêta (U2) — Dotation des services, 2026")
    assert main(["calibrate", "--data", "étude 2026"]) == 0
    assert "places 100,00" in capsys.readouterr().err.replace("\u202f", " ")
    assert main(["check", "--data", "étude 2026"]) == 0
    assert "ok   clean/allocations.csv: 3 amounts, each in its cell" in capsys.readouterr().out


def test_a_blank_column_is_the_criterion_to_deduce(study, capsys):
    fill(study)
    (study / "criteres.csv").write_text("code,nom,places\nU1,Alpha,\nU2,Bêta,\nU3,Gamma,\n", encoding="utf-8")
    assert main(["calibrate", "--data", "étude 2026"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert all(
        float(row["borne_basse"]) <= int(p) / 18 <= float(row["borne_haute"])
        for row, p in zip(rows, "459", strict=True)
    )
    assert main(["report", "--data", "étude 2026", "--pdf"]) == 2
    assert "the report of a study has no PDF: print its page from the browser" in capsys.readouterr().err
    assert main(["report", "--data", "étude 2026"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"1 report written. Open {Path('étude 2026') / 'reports' / 'index.html'}"
    page = (study / "reports" / "01-etude-2026.html").read_text(encoding="utf-8")
    assert re.search(r"Parts déduites de «\s+Places\s+»\s+: de [0-9,]+\s+% à [0-9,]+\s+% selon", page)


def test_a_changed_amount_or_document_fails_the_check(study, capsys):
    amounts = study / "clean" / "allocations.csv"
    amounts.write_text(amounts.read_text(encoding="utf-8").replace(",50,", ",51,"), encoding="utf-8")
    (study / "raw" / "annexe" / "annexe.csv").write_text("", encoding="utf-8")
    assert main(["check", "--data", "étude 2026"]) == 1
    said = capsys.readouterr().out
    assert "FAIL clean/allocations.csv: the amount 51 is not that of its cell (code U2" in said
    assert "FAIL raw/annexe/annexe.csv: the document is missing, or is not the one" in said


def test_a_scenario_of_a_study_is_compared_on_its_units(study, capsys):
    fill(study)
    (study / "scenarios").mkdir()
    (study / "scenarios" / "minimum.yml").write_text(
        "id: minimum\ntitre: Minimum\nauteur: essai\nreference: essai\nbase: etude-2026\nraisonnement: essai\n"
        "differences:\n  plancher: 45\n",
        encoding="utf-8",
    )
    assert main(["simulate", "minimum", "--data", "étude 2026"]) == 0
    assert "plus forts gains : Alpha" in capsys.readouterr().out


@pytest.mark.slow
def test_the_report_of_a_study_is_written_in_it_and_says_what_is_left(study, capsys):
    assert main(["report", "--data", "étude 2026"]) == 0
    page = (study / "reports" / "01-etude-2026.html").read_text(encoding="utf-8")
    assert "rules/etude-2026.yml : criteres.places.poids" in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Dotation des services, 2026" in (study / "reports" / "index.html").read_text(encoding="utf-8")
    assert main(["report", "--data", "étude 2026"]) == 0
    assert "01-etude-2026: unchanged" in capsys.readouterr().out
    fill(study)
    assert main(["report", "--data", "étude 2026"]) == 0
    page = (study / "reports" / "01-etude-2026.html").read_text(encoding="utf-8")
    page = page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "3 montants rendus au dernier chiffre sur 3" in page
    assert "Plus grand écart : 0 €" in page
    assert "0,00 €" not in page


def test_what_was_made_is_told_to_people_and_to_programs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "vide"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["vide : une étude vide, règle vide", "À compléter :"]
    (tmp_path / "annexe.csv").write_text(SERVICES.replace(";40", ";41,50"), encoding="utf-8")
    assert main(["new", "e", "--annex", "annexe.csv"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1:4] == [
        "e : 3 bénéficiaires, 181,50\u202f€, règle e-2026",
        "7 nombres : 6 lus, 1 mis à part",
        "À compléter :",
    ]
    assert main(["new", "f", "--annex", "annexe.csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [f"  {blank}".replace("f-2026", "e-2026") for blank in told.pop("a_completer")] == said[4:]
    assert told == {
        "dossier": "f",
        "titre": "Dotation des services, 2026",
        "regle": "f-2026",
        "beneficiaires": 3,
        "montant_eur": "181.5",
    }
    (tmp_path / "annexe.csv").write_text(SERVICES.replace(";40", ";41"), encoding="utf-8")
    assert main(["new", "g", "--annex", "annexe.csv"]) == 0
    assert "g : 3 bénéficiaires, 181\u202f€, règle g-2026" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words", "total"),
    [
        ("Ain | 1 €\nLot | 2 €\fAin | 200 000 €\nLot | 3 €", ["--pages", "2"], "200 003 €"),
        ("Ain | 1 €\nLot | 2 €\fAin | 200 000 €\nLot | 3 €", ["--table", "1"], "3 €"),
        ("Service;2025 (€);2026 (€)\nAlpha;40;41\nBêta;50;52\n", ["--column", "2026 (€)"], "93 €"),
        ("Service;2026 (€)\nAlpha;40\nBêta;50\nTotal;95\n", ["--accept-gaps"], "90 €"),
    ],
)
def test_a_study_is_made_of_the_part_of_the_annex_that_is_asked_for(tmp_path, monkeypatch, capsys, text, words, total):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "annexe.txt").write_text(text, encoding="utf-8")
    assert main(["new", "e", "--annex", "annexe.txt"]) > 0
    capsys.readouterr()
    assert main(["new", "e", "--annex", "annexe.txt", *words]) == 0
    assert f"e : 2 bénéficiaires, {total}, " in capsys.readouterr().out.replace("\u202f", " ")


@pytest.mark.parametrize(
    "words", [["--pages", "3"], ["--column", "x"], ["--table", "2", "--column", "x"], ["--accept-gaps"]]
)
def test_how_an_annex_is_read_is_said_with_one(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "vide", *words]) == 2
    assert capsys.readouterr().err == f"cdppe new: {words[0]} says how an annex is read: give one with --annex\n"
    assert list(tmp_path.iterdir()) == []


def test_an_annex_that_is_refused_leaves_no_folder(study, capsys):
    (study.parent / "mauvais.csv").write_text("Nom;M\nAin;~1 204 €\nLot;5 €\nNord;6 €\n", encoding="utf-8")
    assert main(["new", "autre", "--annex", "mauvais.csv"]) == 2
    refused = capsys.readouterr().err
    assert main(["ingest", "mauvais.csv", "--out", "x.csv"]) == 2
    assert refused.removeprefix("cdppe new") == capsys.readouterr().err.removeprefix("cdppe ingest")
    assert not (study.parent / "autre").exists()
    assert main(["new", "étude 2026", "--annex", "annexe.csv"]) == 2
    shutil.rmtree(study)


@pytest.fixture
def annex(tmp_path):
    def write(*lines):
        path = tmp_path / "annexe.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return write


def test_the_raw_table_its_remarks_and_the_fate_of_each_number_are_told(annex, tmp_path, capsys):
    rows = "Bretagne 300 001 €", "Finistère 200 000 €", "Morbihan 100 000", "TOTAL 300 000 €"
    path = annex("Crédits de 2027 : 1 ; 2 ; 3 ; 4 ; 5", *rows)
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 0
    table = pd.read_csv(tmp_path / "b.csv", dtype=str, keep_default_na=False)
    assert table["dotation_departement"].tolist() == ["200 000 €", "100 000", "300 000 €"]
    assert table["dotation_departement_eur"].tolist() == ["200000", "100000", "300000"]
    assert pd.read_csv(tmp_path / "b-remarques.csv")["nature"].tolist() == ["unite", "arrondi"]
    printed = capsys.readouterr().out.replace("\u202f", " ").splitlines()
    assert printed == [
        f"« Crédits de 2027 : 1 ; 2 ; 3 ; 4 ; 5 » : 3 lignes dans {tmp_path / 'b.csv'}",
        "10 nombres : 2 lus, 2 totaux vérifiés, 6 mis à part",
        "  mis à part, hors du tableau : 2027 (l. 1), 1 (l. 1), 2 (l. 1), 3 (l. 1), 4 (l. 1) …",
        "2 totaux : 1 égal, 1 à l'arrondi près, 0 en écart",
        f"2 remarques dans {tmp_path / 'b-remarques.csv'}",
        "  l. 4, unite « 100 000 » : Ce montant est imprimé sans unité ; les autres sont en €.",
        "  l. 2-3, arrondi « 300 001 € » : « Bretagne », sous « dotation_region », vaut 300 001 € ; ses parties font "
        "300 000 € (−1 €) : l'arrondi de chaque montant suffit à l'expliquer.",
    ]
    assert main(["ingest", annex("Crédits de 2027 : 1 ; 2 ; 3 ; 4", *rows), "--out", str(tmp_path / "b.csv")]) == 0
    assert capsys.readouterr().out.splitlines()[2].endswith(", 4 (l. 1)")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["table"], told["lignes"], len(told["remarques"])) == (str(tmp_path / "b.csv"), 3, 2)
    assert [one["texte"] for one in told["mis_a_part"]] == ["2027", "1", "2", "3", "4"]
    assert told["mis_a_part"][0] == {"texte": "2027", "emplacement": "l. 1", "raison": "hors du tableau"}
    assert [told["totaux"][0][key] for key in ("libelle", "imprime", "statut", "total", "somme")] == [
        *("Bretagne", "300 001 €", "arrondi", "300001", "300000")
    ]


def test_a_total_that_is_not_the_sum_of_its_parts_exits_with_1_and_writes_nothing_unless_accepted(
    annex, tmp_path, capsys
):
    path = annex("Finistère 200 000 €", "Morbihan 100 000 €", "TOTAL 400 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 1
    assert not (tmp_path / "b.csv").exists()
    assert "ses parties font 300 000 €" in capsys.readouterr().err
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv"), "--accept-gaps"]) == 0
    assert "1 en écart" in capsys.readouterr().out


def test_a_refusal_is_one_line_and_writes_nothing(annex, tmp_path, capsys):
    path = annex("Finistère 200 000 €", "Morbihan 1 €", "Zone franche 100 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cdppe ingest: 'Zone franche' names no département, région nor total (at l. 3)"
    ]
    assert not list(tmp_path.glob("*.csv"))


def test_a_refusal_leaves_the_former_table_as_it_was(annex, tmp_path):
    (tmp_path / "b.csv").write_text("ligne\n")
    assert main(["ingest", annex("rien"), "--out", str(tmp_path / "b.csv")]) == 2
    assert (tmp_path / "b.csv").read_text() == "ligne\n"


def test_only_the_pages_and_the_table_asked_for_are_read(annex, tmp_path):
    path = annex("Ain | 1 €", "Lot | 2 €\fAin | 200 000 €", "Lot | 3 €", "TOTAL | 200 003 €")
    out = str(tmp_path / "b.csv")
    assert main(["ingest", path, "--out", out]) == 2
    assert main(["ingest", path, "--out", out, "--pages", "2"]) == 0
    assert main(["ingest", path, "--out", out, "--table", "1"]) == 0
    assert pd.read_csv(out)["emplacement"].tolist() == ["p. 1, l. 1", "p. 1, l. 2"]


def test_a_folder_that_is_not_there_is_said(annex, tmp_path, capsys):
    assert main(["ingest", annex("Finistère 1 €", "Ain 2 €"), "--out", str(tmp_path / "absent" / "b.csv")]) == 2
    assert "cannot write in the folder" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["", "a", "3-", "5-3", "1,,2", "-2"])
def test_what_is_no_list_of_pages_is_refused(written, annex, tmp_path, capsys):
    assert main(["ingest", annex("Ain 1 €"), "--out", str(tmp_path / "b.csv"), f"--pages={written}"]) == 2
    assert capsys.readouterr().err.startswith(f"cdppe ingest: {written!r} is no list of pages")


def test_what_an_edition_changes_is_told_to_people_and_to_programs(capsys, misfits, shapes):
    codes = [f"{rank:02d}" for rank in range(1, 23)]
    revised = pd.DataFrame({"critere": "ase", "millesime": 2020, "code_departement": codes, "avant": 1.5, "apres": 2e6})
    estimate = {
        "critere": "ase",
        "millesime": 2021,
        "methode": "m",
        "ecart_moyen": 1.25,
        "ecart_max": -3.0,
        "code": "23",
    }
    moved = Moved("r", 3, 10, -7, "23"), Moved("s", 0, 0, 0, "")
    changes = Changes("e2", 5, True, {2020: "e1", 2021: None}, revised, 40, pd.DataFrame([estimate]), moved, moved[:1])
    told = json.loads(console._as_json(_addition(changes)))
    assert list(misfits(told, shapes[0]["series"]["ajout~"])) == []
    named = {"regle": "r", "montants": 3, "euros": 10, "plus_grand": -7, "code_departement": "23"}
    assert told["regles_qui_nomment_l_edition"] == [named] == told["regles"][:1]
    assert (told["cellules"], told["deja_la"], told["comparees"], len(told["revisees"])) == (5, True, 40, 22)
    assert told["annees"] == [{"annee": 2020, "edition_precedente": "e1"}, {"annee": 2021, "edition_precedente": None}]
    assert told["revisees"][0] == {
        "critere": "ase",
        "millesime": 2020,
        "code_departement": "01",
        "avant": 1.5,
        "apres": 2e6,
    }
    assert told["estimations"] == [estimate]
    _tell_changes(changes)
    assert capsys.readouterr().out.splitlines() == [
        "5 cells kept as the edition e2, which were there from this very file",
        "  2020 is now taken from it, and was from e1",
        "  2021 is now taken from it",
        "22 values revised of the 40 that both editions give",
        *(f"  ase 2020 {code}: 1.5 -> 2e+06" for code in codes[:20]),
        "ase 2021 is now published; the estimate m missed its shares by 1.2 % on average, at most by -3.0 % (23)",
        "r: 3 amounts move, 10 euros change hands, at most -7 (23)",
        "s: no amount moves",
        "r names the edition that was replaced, and keeps it; with e2, 3 amounts would move, 10 euros change hands, "
        "at most -7 (23)",
    ]
    _tell_changes(replace(changes, known=False, years={}))
    assert capsys.readouterr().out.splitlines()[:2] == [
        "5 cells kept as the edition e2",
        "  no year is taken from it: the editions in use are newer, or give more series",
    ]


def test_series_go_somewhere(tmp_path, capsys):
    file = tmp_path / "a.csv"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    assert main(["series", str(file)]) == 2
    assert "say where the series go: --out CSV, --into FOLDER, or both" in capsys.readouterr().err
    assert main(["series", str(file), "--into", str(tmp_path)]) == 2
    assert "a.csv is neither a workbook nor a file whose columns are known" in capsys.readouterr().err


def test_what_was_read_of_each_sheet_is_told_to_people_and_to_programs(tmp_path, capsys):
    file, out = tmp_path / "cnaf.csv", tmp_path / "s.csv"
    rows = [f"2018-12-01;{code};1000;1000" for code in DEPARTEMENTS]
    file.write_text("\n".join(["dtreffre;numdep;indfoy_asf;indben_aeeh", *rows]), encoding="utf-8")
    assert main(["series", str(file), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["edition"], told["editeur"]) == ("cnaf-prestations-dep-2018-12", "Cnaf")
    assert told["titre"].startswith("Foyers allocataires et bénéficiaires des prestations")
    assert (told["series"], told["valeurs"], told["ajout"]) == (2, 202, None)
    assert told["feuilles"] == [{"feuille": "CSV", "lue": True, "totaux": 0, "notes": []}]
    assert main(["series", str(file), "--out", str(out), "--without", "absente"]) == 2
    assert capsys.readouterr().err == "cdppe series: there is no sheet 'absente': cnaf.csv is no workbook\n"
    reading = read_publication(file)
    fates = Fate("T1", "read", 101, 3), Fate("T2", "read", 101, 2, ("une note", "deux")), Fate("T3", "no table")
    _tell(replace(reading, fates=(*fates, Fate("T4", "left out", notes=("à paraître",)))))
    assert capsys.readouterr().out.splitlines() == [
        f"cnaf-prestations-dep-2018-12: {told['titre']} (Cnaf)",
        "202 values of 2 series from 2 sheets, 5 printed totals agree",
        "  T2: une note; deux",
        "  T3: no table",
        "  T4: left out (à paraître)",
    ]


FILE = Path(os.environ.get("CDPPE_SHARED", "/nowhere")) / "classeurs" / "drees-aide-sociale-beneficiaires-2020.xlsx"
REAL = pytest.mark.skipif(not FILE.is_file(), reason="the publishers' workbooks are not here (CDPPE_SHARED)")


@REAL
def test_a_workbook_becomes_a_table_and_each_sheet_is_told(tmp_path, capsys):
    out = tmp_path / "series.csv"
    assert main(["series", str(FILE), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    table = pd.read_csv(out, dtype={"code_departement": str})
    assert f"{len(table)} values of {table['serie'].nunique()} series from 18 sheets" in told
    assert "Tab7-ase: no table by département (Non disponible - à paraître en Janvier 2022)" in told


def test_what_is_no_workbook_is_one_sentence_and_nothing_is_written(tmp_path, capsys):
    file = tmp_path / "page.xls"
    file.write_text("<html>")
    assert main(["series", str(file), "--out", str(tmp_path / "series.csv")]) == 2
    assert capsys.readouterr().err.startswith("cdppe series: page.xls is no workbook")
    assert not (tmp_path / "series.csv").exists()
