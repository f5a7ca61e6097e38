"""Codes of units: known, given once, never a whole beside its parts; the units that a folder declares for itself."""

import subprocess
import sys

import pytest

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.territories import (
    DEPARTEMENTS,
    OTHER_UNITS,
    REGIONS,
    Territories,
    components,
    departement,
    france,
    region_code,
)

NORD = "code,nom,appartient_a\n59350,Lille,59\n59512,Roubaix,59\n62041,Arras,62\n"


def test_there_are_101_departements_and_18_regions():
    assert len(DEPARTEMENTS) == 101
    assert len(REGIONS) == 18
    assert {d.code_region for d in DEPARTEMENTS.values()} == set(REGIONS)


def test_the_order_of_the_codes_is_that_of_their_text():
    assert list(DEPARTEMENTS) == sorted(DEPARTEMENTS)
    assert list(REGIONS) == sorted(REGIONS)


@pytest.mark.parametrize(
    ("code", "meant"), [("1", "01"), ("1.0", "01"), ("2a", "2A"), ("001", "01"), (" 23", "23"), ("0971", "971")]
)
def test_an_unknown_code_is_refused_with_the_code_probably_meant(code, meant):
    with pytest.raises(TerritoryError, match=f"probably '{meant}'"):
        departement(code)


def test_a_code_that_resembles_nothing_is_refused_alone():
    for asked in (departement, components):
        with pytest.raises(TerritoryError, match=r"'99' is no code of a département \(code 99\)$"):
            asked("99")
    assert france().label("99") == "99"


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["01", 2], r"the code 2 was read as a number, not as text; probably '02' \(at row 3\)"),
        (["01", 2.0], r"the code 2\.0 was read as a number, not as text; probably '02' \(at row 3\)"),
        (["01", 59], r"the code 59 was read as a number, not as text; probably '59' \(at row 3\)"),
        (["01", None], r"the code None is no text \(at row 3\)"),
        (["01", "1"], r"'1' is no code of a département; probably '01' \(Ain\) \(code 1, at row 3\)"),
        (["01", "02", "01"], r"the code '01' is given twice, in rows 2 and 4 \(code 01, at row 4\)"),
        (["20", "2A", "2B"], r"the whole '20' stands beside its parts '2A' \(row 3\) and '2B' \(row 4\)"),
        (["69", "69D", "69M"], r"the whole '69' stands beside its parts '69D' \(row 3\) and '69M' \(row 4\)"),
        (["6AE", "67"], r"the whole '6AE' stands beside its parts '67' \(row 3\)"),
    ],
)
def test_a_bad_column_of_codes_names_the_row(codes, message):
    with pytest.raises(TerritoryError, match=message):
        france().check(codes, range(2, 2 + len(codes)))


def test_a_good_column_of_codes_passes():
    france().check(list(DEPARTEMENTS))
    france().check(["20", "69D", "69M", "6AE"])


def test_the_units_that_stand_for_departements_cover_them():
    assert components("20") == ("2A", "2B")
    assert components("6AE") == ("67", "68")
    assert components("69D") == components("69M") == ("69",)
    assert france().wholes_beside_parts(["2A", "2B", "69"]) == []
    assert {code: (unit.libelle, unit.libelle_region) for code, unit in OTHER_UNITS.items()} == {
        "20": ("Corse", "Corse"),
        "69D": ("Rhône (hors Métropole de Lyon)", "Auvergne-Rhône-Alpes"),
        "69M": ("Métropole de Lyon", "Auvergne-Rhône-Alpes"),
        "6AE": ("Collectivité européenne d'Alsace", "Grand Est"),
    }
    assert france().label("69M") == "Métropole de Lyon"


@pytest.mark.parametrize(("printed", "code"), [("101", "01"), ("106", "06"), ("4", "04"), ("84", "84")])
def test_codes_of_regions_as_documents_print_them_become_insee_s(printed, code):
    assert region_code(printed) == code


@pytest.mark.parametrize("printed", ["105", "5"])
def test_an_unknown_code_of_a_region_is_refused(printed):
    with pytest.raises(TerritoryError, match=rf"'{printed}' is no code of a région \(code {printed}\)"):
        region_code(printed)


def declared(tmp_path, text):
    path = tmp_path / "territoires.csv"
    path.write_text(text, encoding="utf-8")
    return Territories.read(path)


def test_units_have_the_names_that_the_file_gives_and_no_others(tmp_path):
    units = declared(tmp_path, NORD)
    assert [unit.libelle for unit in units.units.values()] == ["Lille", "Roubaix", "Arras"]
    assert units.unit("62041").code_region == "62"
    spaced = declared(tmp_path, "nom,code,x,appartient_a\n Lille , 59350 ,,59 \nÉtaples,É10,,59\nÉ,É1,,\n")
    assert [(unit.code, unit.libelle, unit.code_region) for unit in spaced.units.values()] == [
        ("59350", "Lille", "59"),
        ("É10", "Étaples", "59"),
        ("É1", "É", ""),
    ]
    with pytest.raises(TerritoryError, match=r"'59' is no code of a unit of territoires\.csv"):
        units.check(["59350", "59"])


def test_a_code_that_lost_its_zero_is_refused_with_the_one_meant(tmp_path):
    units = declared(tmp_path, "code,nom\n01004,Ambérieu-en-Bugey\n")
    with pytest.raises(TerritoryError, match=r"probably '01004' \(Ambérieu-en-Bugey\)"):
        units.unit("1004")


@pytest.mark.parametrize(
    ("code", "meant"), [("0105", "105"), ("05", "5"), ("5.0", "5"), ("7", "00007"), ("007", "00007"), ("a7", "A7")]
)
def test_a_code_that_gained_or_lost_a_zero_is_refused_with_the_one_meant(tmp_path, code, meant):
    units = declared(tmp_path, "code,nom\n105,a\n5,b\n00007,c\nA7,d\n")
    with pytest.raises(TerritoryError, match=f"probably '{meant}'"):
        units.unit(code)


def test_a_whole_covers_its_parts_through_others_and_does_not_stand_beside_them(tmp_path):
    units = declared(tmp_path, "code;nom;appartient_a\nR;Région;\nA;ARS;R\nS1;Service 1;A\nS2;Service 2;A\n")
    assert units.components("R") == units.components("A") == ("S1", "S2")
    units.check(["S1", "S2"])
    with pytest.raises(TerritoryError, match=r"the whole 'R' stands beside its parts 'S2' \(row 1\)"):
        units.check(["S2", "R"])


@pytest.mark.parametrize(
    ("count", "listed"),
    [(3, r"'S3' \(row 4\) \("), (4, r"'S3' \(row 4\) and 1 more \("), (5, r"'S3' \(row 4\) and 2 more \(")],
)
def test_of_many_parts_beside_their_whole_three_are_named(tmp_path, count, listed):
    codes = [f"S{rank}" for rank in range(1, count + 1)]
    units = declared(tmp_path, "code,nom,appartient_a\nR,Région,\n" + "".join(f"{code},{code},R\n" for code in codes))
    told = r"the whole 'R' stands beside its parts 'S1' \(row 2\) and 'S2' \(row 3\) and "
    with pytest.raises(TerritoryError, match=told + listed + "code R, at row 1"):
        units.check(["R", *codes])


@pytest.mark.parametrize("name", ["nom", "nom_court", "libelle", "libelle_unite", "libellé"])
def test_a_column_of_names_is_named_in_several_ways(tmp_path, name):
    units = declared(tmp_path, f"code_unite,{name}\n101,Un\n1,Deux\n")
    assert {code: unit.libelle for code, unit in units.units.items()} == {"101": "Un", "1": "Deux"}


def test_the_name_of_what_a_unit_belongs_to_is_that_of_its_row_or_what_is_written(tmp_path):
    units = declared(tmp_path, "code,libelle,ars\nS1,Service 1,ARS Bretagne\n")
    assert units.unit("S1").libelle_region == "ARS Bretagne"
    units = declared(tmp_path, "code,nom,appartient_a\nA,ARS Bretagne,\nS1,Service 1,A\n")
    assert (units.unit("S1").code_region, units.unit("S1").libelle_region) == ("A", "ARS Bretagne")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (NORD + "59350,Lille,59\n", r"the code '59350' is given twice, in lines 2 and 5 .*territoires\.csv, line 5"),
        ("code,nom\n59350,\n", r"the name of a unit is empty \(code 59350, at territoires\.csv, line 2\)"),
        ("code,nom\n,Lille\n", r"the code of a unit is empty \(at territoires\.csv, line 2\)"),
        ("code,nom,appartient_a\nA,a,C\nB,b,A\nC,c,B\n", r"a unit belongs to itself: A -> C -> B -> A"),
        ("code,nom,appartient_a\nA,a,A\n", r"a unit belongs to itself: A -> A .*line 2"),
        (
            "code,nom,appartient_a\nA,a,\nB,b,A\nC,c,AA\n",
            r"c belongs to 'AA', which is no unit .* 'A' \(code C, .*line 4",
        ),
        ("code,nom,appartient_a\nA,a,B\nB,b,C\nC,c,B\n", r"a unit belongs to itself: B -> C -> B \(code B, .*line 3"),
        ("commune,population\n59350,1\n", r"its columns are code, nom and appartient_a, not commune, population"),
        ("insee,nom\n59350,Lille\n", r"its columns are code, nom and appartient_a, not insee, nom \(at territoires"),
        ("code,commune\n59350,Lille\n", r"its columns are code, nom and appartient_a, not code, commune"),
        ("code,nom,x,y\n59350,Lille,1,2\n", r"its columns are code, nom and appartient_a, not code, nom, x, y"),
        ("code,nom\n", r"no unit: give one a line, or remove it where units are départements \(at territoires\.csv\)"),
        ("code,nom\n001,a\n1,b\n", r"the codes '001' and '1', in lines 2 and 3, differ by zeros .*code 1, .*line 3"),
        ("code,nom\nS1,a\ns1,b\n", r"the codes 'S1' and 's1', in lines 2 and 3, differ .* by capitals alone"),
        ("code,nom\nA,a\nS\u00a01,b\n", r"the code 'S\\xa01' holds a character that is not seen.*csv, line 3\)"),
        ("code,nom\nA,a\nS1\u200b,b\n", r"the code 'S1\\u200b' holds a character that is not seen.*csv, line 3\)"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_with_its_line(tmp_path, text, message):
    with pytest.raises(TerritoryError, match=message):
        declared(tmp_path, text)


def test_importing_the_package_reads_no_territory():
    program = (
        "import cdppe_analysis.cli, cdppe_analysis.rules, cdppe_analysis.allocation, cdppe_analysis.data\n"
        "from cdppe_analysis.territories import codes, DEPARTEMENTS\n"
        "assert codes._departements.cache_info().currsize == 0\n"
        "assert len(DEPARTEMENTS) == 101 and codes._departements.cache_info().currsize == 1\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
