"""`--data DOSSIER` on the verbs that read data: a study is used as the installation's own data are."""

import csv
import json
import random
from fractions import Fraction

import pytest

from cdppe_analysis.cli import main

RULE = """id: communes
titre: Communes
millesime: 2026
enveloppe: {valeur: 1000000, unite: EUR, source: note, emplacement: p. 1}
beneficiaires: territoires
criteres:
  - {id: population, poids: "0.6", millesime: 2025, source: note, emplacement: p. 1}
  - {id: eleves, poids: "0.4", millesime: 2025, source: note, emplacement: p. 1}
plancher: {valeur: 10, unite: EUR, source: note, emplacement: p. 1}
"""


def communes(folder, count):
    """Write a study of communes, and return the values of their criteria by code."""
    draw = random.Random(13)
    values = {f"{number:05d}": (draw.randint(1, 10**6), draw.randint(0, 999)) for number in range(1001, 1001 + count)}
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "communes.yml").write_text(RULE, encoding="utf-8")
    rows = [f"{code},Commune {code},{code[:2]}" for code in values]
    (folder / "territoires.csv").write_text("\n".join(["code,nom,appartient_a", *rows]) + "\n", encoding="utf-8")
    rows = [f"{code},{population},{eleves}" for code, (population, eleves) in values.items()]
    (folder / "criteres.csv").write_text("\n".join(["code,population,eleves", *rows]) + "\n", encoding="utf-8")
    return values


@pytest.mark.slow
def test_thirty_five_thousand_communes_are_shared_right_by_exact_arithmetic(tmp_path, capsys):
    values = communes(tmp_path / "étude des communes", 35_000)
    out = tmp_path / "montants.csv"
    assert main(["allocate", "--data", str(tmp_path / "étude des communes"), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 35000 amounts, 1000000 euros\n"
    with out.open(encoding="utf-8") as file:
        rows = {row["code_departement"]: row for row in csv.DictReader(file)}
    people, pupils = (sum(value[rank] for value in values.values()) for rank in (0, 1))
    exact = {code: Fraction(3, 5) * p / people + Fraction(2, 5) * e / pupils for code, (p, e) in values.items()}
    floor = {code for code, row in rows.items() if row["borne"] == "plancher"}
    level = (1_000_000 - 10 * len(floor)) / sum(score for code, score in exact.items() if code not in floor)
    assert all((level * exact[code] <= 10) == (code in floor) for code in values)
    assert all(abs(int(rows[code]["montant_eur"]) - max(10, level * exact[code])) < 1 for code in values)
    assert rows["01001"]["libelle_departement"] == "Commune 01001"


def test_a_rule_given_by_its_path_has_the_units_that_stand_beside_it(tmp_path, capsys):
    communes(tmp_path, 20)
    (tmp_path / "rules" / "communes.yml").rename(tmp_path / "regle.yml")
    assert main(["allocate", str(tmp_path / "regle.yml"), "--criteria", str(tmp_path / "criteres.csv")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 21


def test_explain_names_a_commune_and_show_gives_the_rule(tmp_path, capsys):
    communes(tmp_path, 20)
    assert main(["explain", "--data", str(tmp_path), "01003"]) == 0
    assert capsys.readouterr().out.startswith("Commune 01003 (01003) — Communes")
    assert main(["show", "communes", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == RULE
    assert main(["rules", "--data", str(tmp_path), "--json"]) == 0
    assert [rule["titre"] for rule in json.loads(capsys.readouterr().out)] == ["Communes"]


def test_a_map_of_units_without_contours_is_refused_in_one_sentence(tmp_path, capsys):
    communes(tmp_path / "etude", 20)
    assert main(["map", "--data", str(tmp_path / "etude"), "--out", str(tmp_path / "carte.png")]) == 2
    assert "no map: the package has the contours of the départements and the régions" in capsys.readouterr().err
    assert not (tmp_path / "carte.png").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["allocate"], "name one of the 4 rules: fir-2020, ondam-ms-2020, p304-2020, p304-2025"),
        (["allocate", "--data", "nulle-part"], "there is no data folder 'nulle-part'"),
        (["rules", "--data", "."], "'.' is no data folder: it has neither rules nor tables; cdppe new makes one"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert sentence in capsys.readouterr().err
