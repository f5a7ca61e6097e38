"""What a data folder has: a line each, one of them whole, its tables rebuilt, checked, given away, masked."""

import json
import subprocess
import sys

import pytest

from cdppe_analysis.cli import VERBS, main


def run(capsys, *words):
    code = main(list(words))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize(
    ("verb", "name", "words", "more"),
    [
        ("rules", "ondam-ms-2020", "ONDAM médico-social 2020", {"millesime": 2020, "enveloppe": "15000000"}),
        ("scenarios", "plancher-200k", "200", {"base": "ondam-ms-2020"}),
        ("tables", "sejours", "3 lignes : territoire, code_departement, public", {"lignes": 3}),
        ("sources", "drees-aide-sociale-2020", "Les bénéf", {"editeur": "DREES", "date": "2021-12"}),
    ],
)
def test_each_list_has_a_line_for_each(capsys, verb, name, words, more):
    code, out, err = run(capsys, verb)
    assert (code, err) == (0, "")
    [line] = [line for line in out.splitlines() if line.split()[0] == name]
    assert words in line
    assert line.startswith(f"{name:<28} ")
    assert line[29] != " "
    listed = json.loads(run(capsys, verb, "--json")[1])
    assert len(listed) == len(out.splitlines())
    [entry] = [entry for entry in listed if entry["id"] == name]
    assert entry.items() >= more.items()
    assert entry.get("titre", "") in line


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ondam-ms-2020", 'poids: "0.50"'),
        ("ase-seule", "base: ondam-ms-2020"),
        ("sejours", "duree_jours"),
        ("circulaire-2020-34", "titre:"),
    ],
)
def test_one_of_them_is_shown_whole(capsys, name, words):
    code, out, _ = run(capsys, "show", name)
    assert code == 0
    assert words in out
    assert json.loads(run(capsys, "show", name, "--json")[1])


def test_a_rule_that_is_not_one_is_listed_in_a_study_alone(study, data_copy, capsys):
    for folder in (study, data_copy):
        (folder / "rules").mkdir(exist_ok=True)
        (folder / "rules" / "z.yml").write_text("id: z\n", encoding="utf-8")
    (data_copy / "schemas.yml").write_text("{}", encoding="utf-8")
    code, out, _ = run(capsys, "rules", "--data", str(study), "--json")
    assert code == 0
    assert json.loads(out) == [
        {"id": "etude-2026", "titre": "Dotation des services, 2026", "millesime": 2026, "enveloppe": "180"},
        {"id": "z", "titre": "the key 'titre' is missing", "millesime": None, "enveloppe": None},
    ]
    assert run(capsys, "rules", "--data", str(data_copy))[0] == 2


@pytest.mark.parametrize(
    ("name", "near"),
    [
        *(("ondam-2020", "ondam-ms-2020"), ("plancher-20k", "plancher-200k"), ("allocation", "allocations")),
        ("circulaire-2020", "circulaire-2020-34"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(capsys, name, near):
    code, out, err = run(capsys, "show", name)
    assert (code, out) == (2, "")
    assert f"there is no rule, scenario, table or source '{name}'; the nearest is '{near}'" in err


def test_amounts_are_given_to_programs(capsys):
    rows = json.loads(run(capsys, "allocate", "ondam-ms-2020", "--json")[1])
    assert len(rows) == 30
    assert {row["code_departement"]: row["montant_eur"] for row in rows}["59"] == 1_995_607


@pytest.fixture
def deduced(study):
    """Return a command that deduces the blank criterion of three services."""
    (study / "criteres.csv").write_text("code,nom,places\nS1,Alpha,\nS2,Bêta,\nS3,Gamma,\n", encoding="utf-8")
    return ["calibrate", "--data", str(study)]


def test_quiet_says_nothing_beside_the_result(deduced, capsys):
    told = run(capsys, *deduced)
    assert "every interval is certified" in told[2]
    assert run(capsys, *deduced, "--quiet") == (0, told[1], "")


def test_json_and_quiet_mean_the_same_before_the_verb(deduced, capsys):
    after = run(capsys, "rules", "--json")
    assert json.loads(after[1])
    assert run(capsys, "--json", "rules") == run(capsys, "--json", "rules", "--json") == after
    calibrated = run(capsys, *deduced, "--quiet")
    assert calibrated[1]
    assert run(capsys, "--quiet", *deduced) == calibrated


def test_what_is_wrong_is_told_as_json_where_it_is_asked_before_the_verb(capsys):
    refused = run(capsys, "--json", "allocate", "absent")
    assert refused == run(capsys, "allocate", "absent", "--json")
    assert json.loads(refused[1])["code_de_sortie"] == refused[0] == 2


def test_quiet_does_not_hide_what_is_wrong(capsys):
    assert run(capsys, "allocate", "absent", "--quiet")[2].startswith("cdppe allocate: there is no rule 'absent'")


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_shell_can_complete_every_verb(shell):
    words = [sys.executable, "-m", "cdppe_analysis", "--completion", shell]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert all(verb in done.stdout for verb in VERBS)
    assert shell == "tcsh" or "--criteria" in done.stdout


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_that_prints_prints_for_programs(verb, capsys):
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    assert "--json" in capsys.readouterr().out


def test_the_tables_are_written_where_asked(capsys, tmp_path):
    assert main(["clean", "--out", str(tmp_path / "clean")]) == 0
    assert "allocations.csv: 30 rows" in capsys.readouterr().out
    assert (tmp_path / "clean" / "allocations.csv").is_file()


def test_the_tables_of_a_study_are_written_again_in_it(study, tmp_path, capsys):
    amounts = study / "clean" / "allocations.csv"
    before = amounts.read_bytes()
    amounts.write_text(amounts.read_text(encoding="utf-8").replace(",50,", ",51,"), encoding="utf-8")
    assert main(["clean", "--data", str(study)]) == 0
    assert capsys.readouterr().out == "allocations.csv: 3 rows\n"
    assert amounts.read_bytes() == before
    assert main(["clean", "--data", str(study), "--out", str(tmp_path / "o"), "--json"]) == 0
    told = {"dossier": str(tmp_path / "o"), "tables": [{"id": "allocations", "lignes": 3}]}
    assert json.loads(capsys.readouterr().out) == told
    assert (tmp_path / "o" / "allocations.csv").read_bytes() == before


def test_the_files_are_written_and_said(tmp_path, capsys):
    assert main(["data", "--out", str(tmp_path / "donnees")]) == 0
    *files, last = capsys.readouterr().out.splitlines()
    written = sorted(path for path in (tmp_path / "donnees").rglob("*") if path.is_file())
    assert sorted(files) == [f"{path}: {path.stat().st_size} bytes" for path in written]
    size = sum(path.stat().st_size for path in written)
    assert last == f"{len(written)} files, {size} bytes; begin with {tmp_path / 'donnees' / 'LISEZMOI.md'}"


def test_the_files_of_a_study_begin_with_their_description(study, tmp_path, capsys):
    out = tmp_path / "o"
    for words in ([], ["--json"]):
        assert main(["data", "--data", str(study), "--out", str(out), *words]) == 0
        printed = capsys.readouterr().out
        if words:
            files = json.loads(printed)["fichiers"]
            assert {one["fichier"]: one["octets"] for one in files} == {
                str(path): path.stat().st_size for path in out.rglob("*") if path.is_file()
            }
        else:
            assert printed.splitlines()[-1].endswith(f"; begin with {out / 'datapackage.json'}")


def test_a_folder_that_is_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "donnees").write_text("")
    assert main(["data", "--out", str(tmp_path / "donnees")]) == 2
    assert "cannot make the folder" in capsys.readouterr().err


@pytest.fixture
def counts(tmp_path):
    path = tmp_path / "effectifs.csv"
    path.write_text(
        "code_departement;libelle_departement;code_region;libelle_region;effectif\n19;Corrèze;75;N;2\n"
        "23;Creuse;75;N;30\n87;Haute-Vienne;75;N;1 240\n59;Nord;32;H;3\n62;Pas-de-Calais;32;H;4\n"
    )
    return path


def test_the_table_is_written_with_its_sums_and_without_what_is_secret(counts, tmp_path, capsys):
    assert main(["mask", str(counts), "--out", str(tmp_path / "m.csv")]) == 0
    written = (tmp_path / "m.csv").read_text(encoding="utf-8")
    rows = ["19,s", "23,s", "87,1240", "59,s", "62,s", "R32,7", "R75,1272", "ensemble,1279"]
    assert written.splitlines() == ["code_departement,effectif", *rows]
    told = "cdppe mask: counts of 1 to 4 masked: 3; others, so that no sum gives them back: 1\n"
    assert capsys.readouterr() == (f"{tmp_path / 'm.csv'}: 8 rows with their sums\n", told)


def test_what_is_no_count_is_one_sentence(counts, capsys):
    counts.write_text(counts.read_text().replace(";30", ";30,5"))
    assert main(["mask", str(counts)]) == 2
    assert capsys.readouterr() == ("", "cdppe mask: '30.5' is no count of children (code 23, at column effectif)\n")


def test_a_failed_check_exits_with_1(capsys, tmp_path):
    (tmp_path / "annexe.csv").write_text(
        "Dotation des services, 2026\nService;Places;Dotation (€)\nAlpha;4;40\nBêta;5;50\nGamma;9;90\n", "utf-8"
    )
    assert main(["new", str(tmp_path / "etude"), "--annex", str(tmp_path / "annexe.csv")]) == 0
    [table] = (tmp_path / "etude" / "raw").rglob("tableau.csv")
    table.write_text(table.read_text("utf-8").replace("50", "51"), "utf-8")
    capsys.readouterr()
    assert main(["check", "--data", str(tmp_path / "etude")]) == 1
    printed = capsys.readouterr().out.splitlines()
    failed = [line for line in printed[:-1] if not line.startswith("ok  ")]
    assert any(line.startswith(f"FAIL raw/{table.parent.name}/{table.name}: a raw file changed") for line in failed)
    assert printed[-1] == f"{len(printed) - 1 - len(failed)} checks passed, {len(failed)} failed"
    assert main(["check", "--data", str(tmp_path / "etude"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["reussies"], told["echouees"]) == (len(printed) - 1 - len(failed), len(failed))
    assert [one["nom"] for one in told["verifications"] if not one["reussie"]] == [
        line.removeprefix("FAIL ").partition(": ")[0] for line in failed
    ]
