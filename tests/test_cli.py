"""The command: one sentence for a bad input, exit code 2, no traceback; 1 for a failed check; 0 otherwise."""

import json
import subprocess
import sys

import pytest

from cdppe_analysis import __version__
from cdppe_analysis.cli import VERBS, main

CRITERIA = "code_departement,ase_0_17,igb\n" + "".join(
    f"{code},{10 + n},{5 + n}\n"
    for n, code in enumerate(
        "02 03 04 08 18 20 23 24 27 30 35 41 44 53 54 55 57 59 62 63 64 68 71 77 79 80 82 95 973 974".split()
    )
)


def run(capsys, *words):
    code = main([str(word) for word in words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_help_lists_every_verb(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    printed = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(verb in printed for verb in VERBS)
    codes = "exit codes: 0 done; 1 a check failed; 2 bad input, nothing was written; 3 a fault of the program; "
    assert f"{codes}130 interrupted" in " ".join(printed.split())
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"cdppe {__version__}\n"


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_its_own_help(capsys, verb):
    with pytest.raises(SystemExit) as stopped:
        main([verb, "--help"])
    assert stopped.value.code == 0
    assert verb in capsys.readouterr().out


def test_an_unknown_verb_exits_with_2(capsys):
    code, out, err = run(capsys, "allouer")
    assert (code, out) == (2, "")
    assert "'allouer'" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("23,", "23x,", "'23x' is no code of a département"),
        ("02,", "2,", "'2' is no code of a département; probably '02' (Aisne)"),
        ("03,", "02,", "the code '02' is given twice, in rows 2 and 3"),
        ("23,16,11\n", "", "23"),
        ("23,16,11\n", "23,,11\n", "ase_0_17"),
        ("23,16,11\n", "23,-1,11\n", "ase_0_17"),
        ("23,16,11\n", "23,inf,11\n", "ase_0_17"),
        ("23,16,11\n", "23,nan,11\n", "ase_0_17"),
        ("23,16,11\n", "23,seize,11\n", "'seize' (code 23, criterion ase_0_17, at criteres.csv, row 8)"),
        ("20,15,10\n", "20,15,10\n2A,1,1\n", "the whole '20' stands beside its parts '2A' (row 8)"),
        ("02,10,5\n", "02,10,5\n69,1,1\n69D,1,1\n", "the whole '69' stands beside its parts '69D' (row 4)"),
        ("code_departement,ase_0_17", "code_departement,ase_0_18", "ase_0_17"),
        ("code_departement,", "code;departement,", "the separator is not certain"),
    ],
)
def test_bad_criteria_are_one_sentence_and_exit_code_2(capsys, tmp_path, old, new, message):
    assert old in CRITERIA
    (tmp_path / "criteres.csv").write_text(CRITERIA.replace(old, new, 1), encoding="utf-8")
    code, out, err = run(capsys, "allocate", "ondam-ms-2020", "--criteria", tmp_path / "criteres.csv")
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_criterion_that_is_zero_everywhere_is_named(capsys, tmp_path):
    lines = CRITERIA.splitlines()
    zeros = [lines[0], *(",".join([line.split(",")[0], "0", line.split(",")[2]]) for line in lines[1:])]
    (tmp_path / "criteres.csv").write_text("\n".join(zeros), encoding="utf-8")
    code, _, err = run(capsys, "allocate", "ondam-ms-2020", "--criteria", tmp_path / "criteres.csv")
    assert code == 2
    assert "ase_0_17" in err


def test_what_is_not_used_is_said(capsys, tmp_path):
    more = CRITERIA.replace("\n", ",9\n").replace("igb,9", "igb,rsa", 1) + "75,1,1,1\n"
    (tmp_path / "criteres.csv").write_text(more, encoding="utf-8")
    code, out, err = run(capsys, "allocate", "ondam-ms-2020", "--criteria", tmp_path / "criteres.csv")
    assert code == 0
    assert out.count("\n") == 31
    assert "columns that the rule does not use: rsa" in err
    assert "rows that are no beneficiaries: 75" in err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('poids: "0.50"', 'poids: "0.51"', "sum"),
        ('poids: "0.50"', 'poids: "-0.50"', "the weight -0.5 is negative"),
        ("valeur: 100000", "valeur: 500001", "15000030"),
        ("plafond: null", "plafond: {valeur: 99999, source: x, emplacement: y}", "99999"),
        ("plafond: null", "plafond: {valeur: 400000, source: x, emplacement: y}", "12000000"),
        ("plancher:", "planchet:", "plancher"),
        ("cdppe-2020", "cdppe-2002", "cdppe-2020"),
    ],
)
def test_a_bad_rule_is_one_sentence_with_its_figures(capsys, tmp_path, old, new, message):
    from cdppe_analysis.storage.files import data_dir

    text = (data_dir() / "rules" / "ondam-ms-2020.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "regle.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out, err = run(capsys, "allocate", tmp_path / "regle.yml")
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_an_output_file_that_exists_is_replaced_whole(capsys, tmp_path):
    target = tmp_path / "montants.csv"
    target.write_text("before")
    code, out, _ = run(capsys, "allocate", "ondam-ms-2020", "--out", target)
    assert code == 0
    assert out == f"{target}: 30 amounts, 15000000 euros\n"
    assert target.read_text(encoding="utf-8").startswith("code_departement,libelle_departement,score,montant_theorique")


def test_a_folder_that_is_not_there_is_one_sentence(capsys, tmp_path):
    code, _, err = run(capsys, "allocate", "ondam-ms-2020", "--out", tmp_path / "absent" / "montants.csv")
    assert code == 2
    assert "cannot write in the folder" in err


def test_debug_shows_the_traceback():
    words = [sys.executable, "-m", "cdppe_analysis", "--debug", "allocate", "absent"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def test_a_result_does_not_depend_on_the_order_of_the_rows(capsys, tmp_path):
    header, *rows = CRITERIA.splitlines()
    results = []
    for name, ordered in (("a", rows), ("b", rows[::-1])):
        (tmp_path / f"{name}.csv").write_text("\n".join([header, *ordered]), encoding="utf-8")
        results.append(run(capsys, "allocate", "ondam-ms-2020", "--criteria", tmp_path / f"{name}.csv"))
    assert results[0] == results[1]


def read_json(text):
    def no_constant(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=no_constant)


def test_every_verb_has_its_shape(shapes):
    assert set(shapes[0]) == set(VERBS)


@pytest.mark.parametrize(
    "words",
    [
        ["rules"],
        ["sources"],
        ["show", "ondam-ms-2020"],
        ["allocate", "ondam-ms-2020", "--out", "m.csv"],
        ["explain", "ondam-ms-2020", "23"],
        ["simulate", "plancher"],
        ["map", "ondam-ms-2020", "--out", "carte.svg"],
    ],
)
def test_a_program_is_given_one_document_with_the_keys_that_are_documented(
    capsys, monkeypatch, tmp_path, shapes, misfits, words
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words, "--json")
    assert (code, err) == (0, "")
    assert list(misfits(read_json(out), shapes[0][words[0]])) == []


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["allouer"], {"erreur": "argument VERB: invalid choice: 'allouer'"}),
        (["simulate", "mineurs", "--draws", "dix"], {"erreur": "argument --draws: invalid int value: 'dix'"}),
        (["explain", "ondam-ms-2020", "75"], {"code_departement": "75"}),
        (["allocate", "ondam-ms-2020", "--criteria", "vide.csv"], {"critere": "ase_0_17", "code_departement": "23"}),
        (["simulate", "mineurs", "--draws", "9"], {"erreur": "a simulation needs a seed"}),
    ],
)
def test_what_is_wrong_is_json_too_with_its_place_and_the_exit_code(
    capsys, monkeypatch, tmp_path, shapes, misfits, words, error
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vide.csv").write_text(CRITERIA.replace("23,16,11", "23,,11"), encoding="utf-8")
    code, out, err = run(capsys, *words, "--json")
    told = read_json(out)
    assert list(misfits(told, shapes[1])) == []
    assert code == told["code_de_sortie"] == 2
    assert err == f"cdppe {words[0] if words[0] in VERBS else ''}".rstrip() + f": {told['erreur']}\n"
    for key, value in error.items():
        assert told[key].startswith(value)


ANNEX = "Dotation des services, 2026\nService;Places;Dotation (€)\nAlpha;4;40\nBêta;5;50\nGamma;9;90\n"
COUNTS = "code_departement,n\n19,3\n23,4\n"
READ = "it is the file that is read; give another one with --out"
EMPTY = "an empty word is given where a name or a number is expected"


@pytest.mark.parametrize(
    ("words", "file", "text", "sentence"),
    [
        (["ingest", "a.csv", "--out", "a.csv"], "a.csv", ANNEX, f"cannot write a.csv: {READ}"),
        (
            ["ingest", "b-remarques.csv", "--out", "b.csv"],
            "b-remarques.csv",
            ANNEX,
            "the remarks would be written over b-remarques.csv, which is read: name another --out",
        ),
        (["mask", "f.csv", "--out", "./f.csv"], "f.csv", COUNTS, f"cannot write f.csv: {READ}"),
        (["allocate", "ondam-ms-2020", "--criteria", "c.csv", "--out", "c.csv"], "c.csv", CRITERIA, READ),
        (["calibrate", "ondam-ms-2020", "--amounts", "m.csv", "--out", "m.csv"], "m.csv", COUNTS, READ),
        (["series", "s.csv", "--out", "s.csv"], "s.csv", COUNTS, READ),
        (["allocate", "ondam-ms-2020", "--out", ""], None, "", EMPTY),
        (["data", "--out", ""], None, "", EMPTY),
        (["data", "--out", "o/p", "--data", "e"], "e/clean/autre.csv", "a\n", "the table 'autre' has no schema"),
        (["new", ""], None, "", EMPTY),
        (
            ["simulate", "mineurs", "--out", "r.csv"],
            "r.registre.json/x",
            "",
            "cannot write r.registre.json: it is a folder",
        ),
        (["simulate", "plancher", "--out", "r.csv"], "r.plancher-200k.registre.json/x", "", "it is a folder"),
        (["simulate", "mineurs", "--identification", "--error", "nan"], None, "", "from 0 to 1, not nan (at mineurs)"),
        (["simulate", "mineurs", "--identification", "--level", "inf"], None, "", "above 0, not inf (at mineurs)"),
        (["simulate", "mineurs", "--identification", "--level", "-3"], None, "", "above 0, not -3 (at mineurs)"),
        (["simulate", "mineurs", "--identification", "--perimeter", "x"], None, "", "declares no perimeter 'x'"),
        (["calibrate", "ondam-ms-2020", "--unknown", ""], None, "", EMPTY),
        (
            ["calibrate", "ondam-ms-2020", "--amounts", "m.csv"],
            "m.csv",
            COUNTS,
            "no column 'montant_eur'; there",
        ),
        (["map", "--per", "", "--out", "c.png"], None, "", EMPTY),
        (["explain", "ondam-ms-2020", ""], None, "", EMPTY),
        (["replay", "."], None, "", "cannot read .: "),
        (["report", "nimporte"], None, "", "'nimporte' names no notebook"),
        (["report", "--jobs", "x"], None, "", "argument --jobs: x is not a number of notebooks"),
        (
            ["mask", "f.csv"],
            "f.csv",
            "code_departement\n19\n",
            "there is nothing to mask: the table has no column of counts",
        ),
        (["mask", "f.csv"], "f.csv", "code_departement,ensemble\n19,3\n", "the name of the sums, which are added"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_before_anything_is_written_or_said(
    capfd, monkeypatch, tmp_path, words, file, text, sentence
):
    monkeypatch.chdir(tmp_path)
    if file is not None:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    code, out, err = run(capfd, *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before
