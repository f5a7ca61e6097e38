"""Every bad input that the project answers for, typed on the command line: one sentence with its place, exit code 2.

The rows are those of « Bad input » in docs/command-line.md, which prints the sentence of the first case of each.
"""

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.storage.files import data_dir

DOCUMENT = Path(__file__).parent.parent / "docs" / "command-line.md"
RULE = (data_dir() / "rules" / "ondam-ms-2020.yml").read_text(encoding="utf-8")
SCENARIO = (data_dir() / "scenarios" / "mineurs.yml").read_text(encoding="utf-8")
CODES = "02 03 04 08 18 20 23 24 27 30 35 41 44 53 54 55 57 59 62 63 64 68 71 77 79 80 82 95 973 974".split()
CRITERIA = "code_departement,ase_0_17,igb\n" + "".join(f"{code},{10 + n},{5 + n}\n" for n, code in enumerate(CODES))
ZEROS = re.sub(r"(?m)^(\w+),\d+,", r"\1,0,", CRITERIA)
SOURCE = "source: x, emplacement: y}"
GUARANTEE = "plafond: null\ngarantie: {%s, reference: ondam-ms-2020, " + SOURCE


def rule(old, new):
    """Type `allocate` on a rule in which something is replaced."""
    return ["allocate", "r.yml"], {"r.yml": replaced(RULE, old, new)}


def criteria(old, new, text=CRITERIA):
    """Type `allocate` on values in which something is replaced."""
    return ["allocate", "ondam-ms-2020", "--criteria", "c.csv"], {"c.csv": replaced(text, old, new)}


def scenario(old, new, *words):
    """Type `simulate` on a scenario in which something is replaced."""
    return ["simulate", "s.yml", *words], {"s.yml": replaced(SCENARIO, old, new)}


def annex(*lines):
    """Type `ingest` on an annex."""
    return ["ingest", "a.txt", "--out", "b.csv"], {"a.txt": "\n".join(lines) + "\n"}


def counts(*lines):
    """Type `mask` on counts of children."""
    return ["mask", "e.csv"], {"e.csv": "code_departement,effectif\n" + "\n".join(lines) + "\n"}


def workbook(change):
    """Type `allocate` on a workbook that is changed."""
    return ["allocate", "ondam-ms-2020", "--criteria", "c.xlsx"], {"c.xlsx": change}


def replaced(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


CORRECTION = """  - source: annexe7-ondam-2020
    tableau: b-enveloppes
    ligne: 1
    colonne: departement
    imprime: 0 euro
    corrige: Allier
    raison: essai
"""
WEIGHT, LOST = 'poids: "0.50"', "23,16,11\n"
REFUSED = [
    # weights
    ("weights", rule(WEIGHT, 'poids: "0.51"'), "the weights sum to 1.01, not to 1: ase_0_17 0.51 + igb 0.5 (at r.yml)"),
    ("weights", rule(WEIGHT, 'poids: "-0.50"'), "the weight -0.5 is negative (criterion ase_0_17, at r.yml)"),
    ("weights", rule(WEIGHT, 'poids: "0,50"'), "'0,50' is no exact number; write '0.50' (at r.yml, criteres, entry 1"),
    ("weights", rule(WEIGHT, "poids: 0.50"), "0.5 is a binary number and may not be exact; write it as text, '0.5'"),
    ("weights", rule(WEIGHT, "poids: yes"), "True is no number"),
    ("weights", rule(WEIGHT, "poids: .nan"), ".nan is no number that can be computed with (at r.yml, line "),
    ("weights", rule(WEIGHT, f'poids: "0.{"5" * 5000}"'), "5' is no exact number"),
    ("weights", scenario("edition: hors-jeunes-majeurs-2020", 'poids: "0.60"'), "the weights sum to 1.1, not to 1"),
    ("weights", scenario("edition: hors-jeunes-majeurs-2020", 'poids: "-1"'), "a weight is negative: ase_0_17 -1"),
    # bounds
    (
        "bounds",
        rule("valeur: 100000", "valeur: 500001"),
        "the lower bounds of the 30 beneficiaries sum to 15000030 €, more than the envelope of 15000000 € (at r.yml)",
    ),
    ("bounds", rule("plafond: null", "plafond: {valeur: 99999, " + SOURCE), "is above the plafond of 99999 €"),
    ("bounds", rule("plafond: null", "plafond: {valeur: 400000, " + SOURCE), "sum to 12000000 €, less than"),
    ("bounds", rule("valeur: 100000", "valeur: -1"), "the plancher of -1 € is negative"),
    ("bounds", rule("valeur: 100000", 'valeur: "100 000 €"'), "'100 000 €' is no exact number; write '100000'"),
    ("bounds", rule("valeur: 15000000", "valeur: 0"), "the envelope is 0 €, not above 0"),
    ("bounds", rule("valeur: 15000000", f'valeur: "{"9" * 380}"'), "€ is larger than any that is shared to the euro"),
    ("bounds", rule("valeur: 15000000", "valeur: 015000000"), "write '015000000', as text (at r.yml, line "),
    ("bounds", rule("plafond: null", GUARANTEE % 'minimum: "1.2"'), "sum to 18000001.2 €, more than the envelope"),
    ("bounds", rule("plafond: null", GUARANTEE % 'minimum: "2", maximum: "1"'), "minimum of 2 is above its maximum"),
    ("bounds", scenario("criteres.ase_0_17.edition: hors-jeunes-majeurs-2020", "plafond: 3"), "above the plafond of 3"),
    # a value that is missing
    ("no value", criteria(LOST, "23,,11\n"), "the value is missing (code 23, criterion ase_0_17, at c.csv, row 8)"),
    ("no value", criteria(LOST, ""), "a beneficiary has no row of values (code 23, criterion ase_0_17)"),
    ("no value", criteria(LOST, "23,n.d.,11\n"), "the value is not a number: 'n.d.' (code 23"),
    ("no value", criteria(LOST, "23, ,11\n"), "the value is missing (code 23, criterion ase_0_17"),
    ("no value", criteria("ase_0_17", "ase_0_18"), "the frame has no column 'ase_0_17', a criterion of the rule"),
    (
        "no value",
        workbook(lambda sheet: sheet.__setitem__("C8", None)),
        "is missing (code 23, criterion igb, at c.xlsx, row 8)",
    ),
    # a value that is none
    (
        "no count",
        criteria(LOST, "23,-1,11\n"),
        "the value is negative: -1 (code 23, criterion ase_0_17, at c.csv, row 8)",
    ),
    ("no count", criteria(LOST, "23,inf,11\n"), "the value is not a number: 'inf' (code 23"),
    ("no count", criteria(LOST, "23,nan,11\n"), "the value is not a number: 'nan' (code 23"),
    ("no count", criteria(LOST, "23,1e400,11\n"), "the value is larger than anything that is counted (code 23"),
    ("no count", criteria(LOST, f"23,{'9' * 5000},11\n"), "the value is a text of 5000 characters"),
    ("no count", criteria(LOST, "23,5 %,11\n"), "the value is not a number: '5 %' (code 23"),
    ("no count", workbook(lambda sheet: sheet.__setitem__("B8", True)), "the value is not a number: True (code 23"),
    ("no count", workbook(lambda sheet: sheet.__setitem__("B8", "#N/A")), "in error (at c.xlsx, Sheet!B8)"),
    ("no count", workbook(lambda sheet: sheet.__setitem__("B8", "=1+1")), "never computed (at c.xlsx, Sheet!B8)"),
    # a criterion of zeros
    ("zeros", criteria("0", "0", ZEROS), "the criterion is 0 for every beneficiary (criterion ase_0_17)"),
    # codes
    (
        "codes",
        criteria("02,", "2,"),
        "'2' is no code of a département; probably '02' (Aisne) (code 2, at c.csv, row 2)",
    ),
    ("codes", criteria("23,", "23x,"), "'23x' is no code of a département (code 23x, at c.csv, row 8)"),
    ("codes", criteria("03,", "02,"), "the code '02' is given twice, in rows 2 and 3"),
    ("codes", criteria("23,", ","), "'' is no code of a département (at c.csv, row 8)"),
    ("codes", criteria("02,", "2.0,"), "'2.0' is no code of a département; probably '02' (Aisne)"),
    (
        "codes",
        criteria("20,15,10\n", "20,15,10\n2A,1,1\n2B,1,1\n"),
        "the whole '20' stands beside its parts '2A' (row 8)",
    ),
    ("codes", criteria("20,15,10\n", "2A,7,5\n2b,8,5\n"), "'2b' is no code of a département; probably '2B'"),
    (
        "codes",
        workbook(lambda sheet: sheet.__setitem__("A2", 2)),
        "the code 2 was read as a number, not as text; probably",
    ),
    ("codes", rule("beneficiaires: cdppe-2020", "beneficiaires: {codes: [1], " + SOURCE), "probably '01'"),
    ("codes", rule("beneficiaires: cdppe-2020", "beneficiaires: {codes: [[1]], " + SOURCE), "the code [1] is no text"),
    ("codes", (["explain", "ondam-ms-2020", "1"], {}), "1 is no beneficiary of the rule"),
    ("codes", (["fiche", "1"], {}), "probably '01'"),
    # wholes and parts
    (
        "wholes",
        criteria("02,", "69,1,1\n69D,1,1\n69M,1,1\n02,"),
        "the whole '69' stands beside its parts '69D' (row 3) and '69M' (row 4) (code 69, at c.csv, row 2)",
    ),
    ("wholes", criteria("02,", "67,1,1\n6AE,1,1\n02,"), "the whole '6AE' stands beside its parts '67' (row 2)"),
    ("wholes", criteria("20,15,10\n", "2A,7,5\n2B,8,5\n"), "the frame has its parts 2A and 2B, which are not added up"),
    ("wholes", rule("beneficiaires: cdppe-2020", 'beneficiaires: {codes: ["69", "69M"], ' + SOURCE), "the whole '69'"),
    # files
    ("files", criteria("code_departement,", "code;departement,"), "the separator is not certain: the header has"),
    ("files", criteria(LOST, '23,"16,11\n'), "a quote is opened or closed where no cell begins or ends"),
    ("files", criteria(LOST, "23,16\n"), "line 8 has 2 cells, the header 3 (at c.csv)"),
    ("files", criteria("ase_0_17,igb", "igb,igb"), "the column 'igb' is given twice (at c.csv)"),
    ("files", criteria("23,", "2\x003,"), "c.csv is no text file (at line 8"),
    ("files", criteria(CRITERIA, "\n"), "c.csv is empty"),
    (
        "files",
        workbook(lambda sheet: sheet.merge_cells("B2:B3")),
        "cells are merged: give each its own value (at c.xlsx",
    ),
    ("files", workbook(lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True)), "a hidden row or column holds"),
    ("files", workbook(lambda sheet: sheet.__setitem__("XFD1048576", 1)), "a cell stands far from every table"),
    ("files", (["allocate", "r.yml"], {"r.yml": "a: " + "[" * 3000}), "nested more than 20 deep (at r.yml, line 1)"),
    ("files", (["allocate", "r.yml"], {"r.yml": "a: &x [*x]"}), "anchors and aliases (&, *) are not read"),
    ("files", (["allocate", "r.yml"], {"r.yml": "a: !!map x"}), "is not read: write the value alone"),
    ("files", (["allocate", "r.yml"], {"r.yml": "é".encode("utf-16-le")}), "r.yml is n"),
    ("files", (["allocate", "."], {}), "there is no rule '.'"),
    ("files", (["allocate", "absent.yml"], {}), "cannot read absent.yml: No such file or directory"),
    # amounts of an annex
    (
        "amounts",
        annex("Finistère 200 000 €", "Morbihan 1 €", "Zone franche 100 000 €"),
        "'Zone franche' names no département, région nor total (at l. 3)",
    ),
    ("amounts", annex("Finistère 200.000,5.3 €", "Morbihan 1 €"), "l. 1"),
    (
        "amounts",
        (["ingest", "a.txt", "--out", "b.csv", "--pages", "x"], {"a.txt": "Ain 1 €"}),
        "'x' is no list of pages",
    ),
    # where to write
    ("places", (["allocate", "ondam-ms-2020", "--out", "absent/m.csv"], {}), "/absent: there is none (at m.csv)"),
    (
        "places",
        (["allocate", "ondam-ms-2020", "--out", "m.csv/"], {}),
        "m.csv/: it is a folder; give the name of a file",
    ),
    ("places", (["allocate", "ondam-ms-2020", "--out", "."], {}), "it is a folder; give the name of a file in it"),
    ("places", (["allocate", "ondam-ms-2020", "--out", "n" * 300], {}), "File name too long"),
    ("places", (["simulate", "mineurs", "--out", "r.ods"], {}), "a result is written to .csv or .xlsx, not to '.ods'"),
    ("places", (["clean", "--out", "f/x"], {"f": "a file"}), "cannot make the folder f/x: f is no folder"),
    ("places", (["data", "--out", "f"], {"f": "a file"}), "cannot make the folder f: f is no folder"),
    ("places", (["simulator", "--no-browser", "--out", "f"], {"f": "a file"}), "cannot make the folder"),
    # secret statistique
    ("secret", counts("19,2", "23,x"), "'x' is no count of children (code 23, at column effectif)"),
    ("secret", counts("19,2", "23,-1"), "'-1' is no count of children (code 23"),
    ("secret", counts("19,2", "23,"), "'' is no count of children (code 23"),
    # numbers at the edge, and what is typed
    ("typed", (["simulate", "mineurs", "--draws", "9"], {}), "a simulation needs a seed"),
    ("typed", (["simulate", "mineurs", "--draws", "9" * 30, "--seed", "0"], {}), "the number of draws is above 1"),
    (
        "typed",
        (["simulate", "mineurs", "--draws", "9", "--seed", "0", "--scheduler", "http://x"], {}),
        "tcp://host:8786",
    ),
    ("typed", (["simulate", "mineurs", "--draws", "dix"], {}), "argument --draws: invalid int value: 'dix'"),
    ("typed", (["simulat"], {}), "invalid choice: 'simulat'; the nearest is 'simulate'; "),
    ("typed", (["show", "ondam-2020"], {}), "the nearest is 'ondam-ms-2020'"),
    ("typed", scenario("entree: criteres.ase_0_17", "entree: zzz", "--draws", "9", "--seed", "0"), "'zzz'"),
    ("typed", scenario("id: mineurs", "id: ../x"), "the id '../x' names files"),
    (
        "typed",
        scenario('cv: "0.02"', 'cv: "-1"', "--draws", "9", "--seed", "0"),
        "a coefficient of variation from 0 on",
    ),
]


def write(folder, files):
    for name, content in files.items():
        if callable(content):
            book = openpyxl.Workbook()
            for line in CRITERIA.splitlines():
                code, *values = line.split(",")
                book.active.append([code, *(int(value) if value.isdigit() else value for value in values)])
            content(book.active)
            book.save(folder / name)
        else:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def typed(capsys, words):
    code = main(words)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize(("row", "case", "sentence"), REFUSED, ids=[f"{row}-{said[:40]}" for row, _, said in REFUSED])
def test_a_bad_input_is_one_sentence_with_its_place_and_nothing_is_written(
    capsys, monkeypatch, tmp_path, row, case, sentence
):
    words, files = case
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    code, out, err = typed(capsys, words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.startswith("cdppe")
    assert (err.count("\n"), "Traceback" in err) == (1, False)
    assert len(err) < 700
    assert {path.name for path in tmp_path.iterdir()} == set(files)
    assert (row, sentence) in documented() or row in {name for name, _ in documented()}


def documented():
    """Return the name of each row of the table of bad input in the documentation, and its sentence."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("## Bad input")[2]
    return [
        (name, sentence) for name, sentence in re.findall(r"(?m)^\| ([a-z ]+) \|[^|]*\|[^|]*\| `([^|]*)` \|$", text)
    ]


def test_the_documented_sentences_are_those_that_are_said():
    firsts = {}
    for row, _, sentence in REFUSED:
        firsts.setdefault(row, sentence)
    shown = dict(documented())
    assert {row: shown[row] for row in firsts} == firsts


READ = {
    "semicolons, decimal commas, Windows-1252": CRITERIA.replace(",", ";").replace("igb", "igb;libellé", 1)
    .replace("\n", ",0;x\n").replace("libellé,0;x", "libellé").encode("cp1252"),
    "tabs": CRITERIA.replace(",", "\t").encode(),
    "UTF-16 with its mark": CRITERIA.encode("utf-16"),
    "UTF-8 with its mark, the line ends of Windows": CRITERIA.replace("\n", "\r\n").encode("utf-8-sig"),
    "spaces of thousands": CRITERIA.replace("23,16,", "23,1 6,").replace("1 6", "16").encode(),
    "a workbook": lambda sheet: sheet.title,
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_what_is_certain_is_read_the_same(capsys, monkeypatch, tmp_path, kind):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"plain.csv": CRITERIA, "c.xlsx" if callable(READ[kind]) else "c.csv": READ[kind]})
    plain = typed(capsys, ["allocate", "ondam-ms-2020", "--criteria", "plain.csv"])
    given = typed(capsys, ["allocate", "ondam-ms-2020", "--criteria", "c.xlsx" if callable(READ[kind]) else "c.csv"])
    assert given[:2] == plain[:2]
    assert plain[0] == 0


def test_a_score_of_0_gets_the_plancher(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    words, files = criteria(LOST, "23,0,0\n")
    write(tmp_path, files)
    code, out, _ = typed(capsys, words)
    assert code == 0
    assert "\n23,Creuse,0,0,plancher,100000\n" in out


def test_what_no_rule_uses_is_ignored_and_said(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"c.csv": replaced(CRITERIA.replace("\n", ",x\n"), "igb,x", "igb,note") + "75,1,1,y\n"})
    code, _, err = typed(capsys, ["allocate", "ondam-ms-2020", "--criteria", "c.csv"])
    assert code == 0
    assert "ignored columns that the rule does not use: note; rows that are no beneficiaries: 75" in err


@pytest.mark.parametrize(
    "amount",
    ["200 000 euros", "200\u202f000 €", "200\u00a0000\u2009€", "200 k€", "0,2 M€", "200 000 € (1)", "200 000 €*"],
)
def test_an_amount_is_read_however_it_is_printed(capsys, monkeypatch, tmp_path, amount):
    monkeypatch.chdir(tmp_path)
    words, files = annex("Crédits", f"Finistère ; {amount}", f"Morbihan ; {amount}")
    write(tmp_path, files)
    assert typed(capsys, words)[0] == 0
    table = pd.read_csv("b.csv", dtype=str)
    assert table["code_departement"].tolist() == ["29", "56"]
    assert float(table.filter(regex="_eur$").iloc[0, 0]) == 200_000


def test_a_total_that_is_not_the_sum_of_its_parts_is_a_failed_check_unless_it_is_accepted(
    capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    words, files = annex("Finistère 200 000 €", "Morbihan 100 000 €", "TOTAL 400 000 €")
    write(tmp_path, files)
    code, _, err = typed(capsys, words)
    assert code == 1
    assert "400 000 €" in err
    assert "ses parties font 300 000 €" in err
    assert not (tmp_path / "b.csv").exists()
    assert typed(capsys, [*words, "--accept-gaps"])[0] == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("raw/annexe7-ondam-2020/b-enveloppes.csv", "Tarn", "Tarm", "changed"),
        ("corrections.yml", "corrections:\n", f"corrections:\n{CORRECTION}", "0 euro"),
    ],
)
def test_a_raw_file_that_changed_and_a_correction_that_matches_nothing_are_named(
    capsys, monkeypatch, data_copy, name, old, new, said
):
    monkeypatch.delenv("CDPPE_DOCUMENTS", raising=False)
    path = data_copy / name
    path.write_text(replaced(path.read_text(encoding="utf-8"), old, new), encoding="utf-8", newline="")
    code, out, _ = typed(capsys, ["check", "--data", str(data_copy)])
    assert code == 1
    [line] = [line for line in out.splitlines() if line[5:].startswith("raw/annexe7-ondam-2020/b-enveloppes.csv: ")]
    assert line.startswith("FAIL")
    assert said in line


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_a_spreadsheet_would_compute_is_written_as_text(capsys, monkeypatch, tmp_path, suffix):
    monkeypatch.chdir(tmp_path)
    words, files = scenario("id: mineurs", 'id: "=1+1"', "--out", f"r.{suffix}")
    write(tmp_path, files)
    assert typed(capsys, words)[0] == 0
    if suffix == "csv":
        assert "\n'=1+1," in (tmp_path / "r.csv").read_text(encoding="utf-8")
    else:
        cells = [cell for sheet in openpyxl.load_workbook("r.xlsx") for row in sheet.iter_rows() for cell in row]
        assert any(cell.value and "=1+1" in str(cell.value) for cell in cells)
        assert all(cell.data_type != "f" for cell in cells)


def test_an_output_that_exists_is_replaced_whole_and_left_where_the_input_is_bad(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"m.csv": "before", "c.csv": CRITERIA.replace(LOST, "")})
    assert typed(capsys, ["allocate", "ondam-ms-2020", "--criteria", "c.csv", "--out", "m.csv"])[0] == 2
    assert (tmp_path / "m.csv").read_text() == "before"
    assert typed(capsys, ["allocate", "ondam-ms-2020", "--out", "m.csv"])[0] == 0
    assert (tmp_path / "m.csv").read_text(encoding="utf-8").count("\n") == 31
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "m.csv"]


def test_a_count_below_5_is_masked_with_what_would_give_it_back(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    words, files = counts("19,2", "23,30", "87,40")
    write(tmp_path, files)
    code, out, _ = typed(capsys, words)
    assert (code, out.splitlines()[1:]) == (0, ["19,s", "23,s", "87,40", "R75,72", "ensemble,72"])
