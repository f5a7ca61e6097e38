"""`--data FOLDER` on the verbs that read data: a study is used as the installation's own data are."""

import csv
import json
import random
import re
from fractions import Fraction
from pathlib import Path

import pytest

from cdppe_analysis.cli import VERBS, main
from cdppe_analysis.cli.arguments import parsed
from cdppe_analysis.errors import CdppeError


@pytest.fixture
def communes(tmp_path, write_study):
    """Write a study of as many communes as is said; give its folder, and the values of its criteria by code."""

    def made(count):
        draw = random.Random(13)
        codes = [f"{number:05d}" for number in range(1001, 1001 + count)]
        values = {code: (draw.randint(1, 10**6), draw.randint(0, 999)) for code in codes}
        units = "".join(f"{code},Commune {code},{code[:2]}\n" for code in codes)
        criteria = "".join(f"{code},{population},{eleves}\n" for code, (population, eleves) in values.items())
        header = "code,nom,appartient_a\n", "code,population,eleves\n"
        return write_study(tmp_path / "étude", header[0] + units, header[1] + criteria, plancher=10), values

    return made


@pytest.mark.slow
def test_thirty_five_thousand_communes_are_shared_right_by_exact_arithmetic(communes, tmp_path, capsys):
    folder, values = communes(35_000)
    out = tmp_path / "montants.csv"
    assert main(["allocate", "--data", str(folder), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 35000 amounts, 1000000 euros\n"
    with out.open(encoding="utf-8") as file:
        rows = {row["code_departement"]: row for row in csv.DictReader(file)}
    people, pupils = (sum(value[rank] for value in values.values()) for rank in (0, 1))
    exact = {code: (Fraction(p, people) + Fraction(e, pupils)) / 2 for code, (p, e) in values.items()}
    floor = {code for code, row in rows.items() if row["borne"] == "plancher"}
    level = (1_000_000 - 10 * len(floor)) / sum(score for code, score in exact.items() if code not in floor)
    assert all((level * exact[code] <= 10) == (code in floor) for code in values)
    assert all(abs(int(rows[code]["montant_eur"]) - max(10, level * exact[code])) < 1 for code in values)
    assert rows["01001"]["libelle_departement"] == "Commune 01001"


def test_a_rule_given_by_its_path_has_the_units_that_stand_beside_it(communes, capsys):
    folder, _ = communes(20)
    for name in ("rules/étude.yml", "regle.yaml"):
        (folder / "rules" / "étude.yml").replace(folder / name)
        assert main(["allocate", str(folder / name), "--criteria", str(folder / "criteres.csv")]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 21


def test_explain_names_a_commune_and_show_gives_the_rule(communes, capsys):
    folder, _ = communes(20)
    assert main(["explain", "--data", str(folder), "01003"]) == 0
    assert capsys.readouterr().out.startswith("Commune 01003 (01003) — Étude")
    assert main(["show", "étude", "--data", str(folder)]) == 0
    assert capsys.readouterr().out == (folder / "rules" / "étude.yml").read_text(encoding="utf-8")
    assert main(["rules", "--data", str(folder), "--json"]) == 0
    assert [rule["titre"] for rule in json.loads(capsys.readouterr().out)] == ["Étude"]


def test_the_folder_that_is_named_before_the_verb_is_read_unless_another_is_after_it(study, capsys):
    assert main(["allocate", "--data", str(study)]) == 0
    after = capsys.readouterr().out
    for words in ([f"--data={study}", "allocate"], ["--data", "nulle-part", "allocate", "--data", str(study)]):
        assert main(words) == 0
        assert capsys.readouterr().out == after


def test_a_map_of_units_without_contours_is_refused_in_one_sentence(communes, tmp_path, capsys):
    folder, _ = communes(20)
    assert main(["map", "--data", str(folder), "--out", str(tmp_path / "carte.png")]) == 2
    assert "no map: the package has the contours of the départements and the régions" in capsys.readouterr().err
    assert not (tmp_path / "carte.png").exists()


RULE = {"rule": None, "criteria": None, "data": None}
READING = {"pages": None, "table": None, "accept_gaps": False}


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("rules", {"data": None}),
        ("check --data e", {"data": Path("e")}),
        ("show x --data e", {"name": "x", "data": Path("e")}),
        ("clean", {"out": None, "data": None}),
        ("clean --out o", {"out": Path("o"), "data": None}),
        (
            "series f --out a.csv --into d --without x --without y",
            {"file": "f", "out": Path("a.csv"), "into": Path("d"), "without": ["x", "y"], "data": None},
        ),
        ("series f", {"file": "f", "out": None, "into": None, "without": [], "data": None}),
        ("data --out o", {"out": Path("o"), "data": None}),
        ("new d", {"folder": "d", "annex": None, "column": None, "data": None, **READING}),
        (
            "new d --annex a --column c --pages 3 --table 2 --accept-gaps",
            {"folder": "d", "annex": "a", "column": "c", "pages": "3", "table": 2, "accept_gaps": True, "data": None},
        ),
        ("ingest f --out a.csv", {"file": "f", "out": Path("a.csv"), "data": None, **READING}),
        ("allocate", {**RULE, "out": None}),
        ("allocate r --criteria c --out o", {**RULE, "rule": "r", "criteria": Path("c"), "out": Path("o")}),
        ("explain r 23", {**RULE, "rule": "r", "code": "23"}),
        ("explain 23", {**RULE, "code": "23"}),
        ("mask f --out o", {"file": Path("f"), "data": None, "out": Path("o")}),
        ("calibrate", {**RULE, "unknown": None, "amounts": None, "out": None}),
        (
            "calibrate r --unknown u --amounts a",
            {**RULE, "rule": "r", "unknown": "u", "amounts": Path("a"), "out": None},
        ),
        ("map", {**RULE, "per": None, "out": Path("carte.png")}),
        ("map r --per p --out o.svg", {**RULE, "rule": "r", "per": "p", "out": Path("o.svg")}),
        (
            "simulate s",
            {"scenario": "s", "draws": 0, "seed": None, "identification": False, "error": None, "perimeter": None}
            | {"level": None, "positive": None, "out": None, "scheduler": None, "data": None, "workers": None},
        ),
        (
            "simulate s --draws 9 --seed 0 --identification --error 0.1 --perimeter p --level 5 --any-index --out o "
            "--scheduler processes --workers 2",
            {"scenario": "s", "draws": 9, "seed": 0, "identification": True, "error": 0.1, "perimeter": "p"}
            | {"level": 5, "positive": False, "out": Path("o"), "scheduler": "processes", "data": None, "workers": 2},
        ),
        ("replay r --scheduler x", {"record": Path("r"), "data": None, "scheduler": "x"}),
        ("report", {"notebooks": [], "out": None, "data": None, "pdf": False, "jobs": None}),
        (
            "report a b --out o --pdf --jobs 01200",
            {"notebooks": ["a", "b"], "out": Path("o"), "data": None, "pdf": True, "jobs": 1200},
        ),
        ("fiche", {"codes": [], "all": False, "out": None, "data": None, "pdf": None, "seed": 2020}),
        (
            "fiche 59 R32 --all --out o --no-pdf --seed 1",
            {"codes": ["59", "R32"], "all": True, "out": Path("o"), "data": None, "pdf": False, "seed": 1},
        ),
        ("simulator --no-browser", {"out": Path("reports"), "data": None, "no_browser": True}),
    ],
)
def test_what_is_typed_is_what_a_verb_gets(words, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = vars(parsed(words.split()))
    how = {name: asked.pop(name) for name in ("debug", "json", "quiet", "completion")}
    assert how == {"debug": False, "json": False, "quiet": False, "completion": None}
    assert asked == {"verb": words.split()[0], **given}
    for flags in (["--json", *words.split()], [*words.split(), "--json"]):
        assert parsed(flags).json


def test_the_documentation_shows_what_is_typed_after_each_verb(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "1000")
    text = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    shown = re.search(r"```\n(cdppe .*?)\n```", text, re.DOTALL)[1].splitlines()
    for verb, said in VERBS.items():
        with pytest.raises(SystemExit):
            main([verb, "--help"])
        usage, _, description, *_ = capsys.readouterr().out.splitlines()
        assert re.sub(r" \[(-h|--debug|--json|--quiet)\]", "", usage.removeprefix("usage: ")) == shown.pop(0)
        assert description.lower() == f"{said}.".lower()
        assert description[0].isupper()
    assert shown == []
    with pytest.raises(SystemExit):
        main(["simulate", "--help"])
    assert "hypotheses of --identification, tightened or loosened one by one:\n  --error E" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["t.xlsx", "t.XLS", "t.ods", "t.xlsm", "t.xlsb"])
@pytest.mark.parametrize("words", ["ingest x", "allocate", "mask x", "calibrate", "series x"])
def test_a_csv_is_not_written_under_the_name_of_a_workbook(words, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").touch()
    with pytest.raises(CdppeError, match=f"a CSV is written, and {name} is the name of a workbook: end it with .csv"):
        parsed([*words.split(), "--out", name])
    assert parsed([*words.split(), "--out", "t.txt"]).out == Path("t.txt")


@pytest.mark.parametrize("name", ["file", "rule", "criteria", "amounts", "scenario"])
def test_what_is_read_is_not_written_over_whatever_it_is(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yml").touch()
    words = {
        "file": "mask x.yml",
        "rule": "allocate x.yml",
        "criteria": "allocate --criteria x.yml",
        "amounts": "calibrate --amounts x.yml",
        "scenario": "simulate x.yml",
    }[name]
    out = tmp_path / "x.yml"
    with pytest.raises(CdppeError, match=f"^cannot write {re.escape(str(out))}: it is the file that is read; give an"):
        parsed([*words.split(), "--out", str(out)])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["allocate"], "name one of the 4 rules: fir-2020, ondam-ms-2020, p304-2020, p304-2025"),
        (["allocate", "--data", "nulle-part"], "there is no data folder 'nulle-part'"),
        (["rules", "--data", "."], "'.' is no data folder: it has neither rules nor tables; cdppe new makes one"),
        (["--data", "rules", "tables"], "cdppe tables: there is no data folder 'rules'"),
        (["--data", ".", "new", "x"], "'--data' is not taken; "),
        (["ingest", "--data", ".", "x", "--out", "y"], "'--data' is not taken; "),
        (["allocate", "--ou=x"], "'--ou=x' is not taken; the nearest is '--out'; cdppe allocate --help says"),
        (["simulate", "mineurs", "-5"], "'-5' is not taken; cdppe simulate --help says"),
        (["rules", "tables", "x"], "'tables' is not taken; cdppe rules --help says"),
        (["allocate", "igb-seul", "--criteria", ""], "an empty word is given where a name or a number is expected"),
        (
            ["fiche", "--seed", "x"],
            "argument --seed: invalid int value: 'x'; cdppe fiche --help says what can be given",
        ),
        (["report", "--jobs", "0"], "argument --jobs: 0 is not a number of notebooks; cdppe report --help says"),
        (["allouer"], "invalid choice: 'allouer'; the nearest is 'allocate'; cdppe --help says what can be given"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert sentence in capsys.readouterr().err
