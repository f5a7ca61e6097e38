"""The files of the Cnaf and of Filosofi are known by their columns; made files, for want of the real ones."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.series import read_publication
from cdppe_analysis.territories import DEPARTEMENTS


@pytest.fixture
def cnaf(tmp_path):
    """Return a function that writes a file of two months, changed by a function of its lines, and returns its path."""

    def write(change=lambda lines: lines):
        lines = ["dtreffre;numdep;nomdep;indfoy_asf;indben_aeeh"]
        for date in ("2018-11-01", "2018-12-01"):
            lines += [
                f"{date};{code};{d.libelle};{100 + int(date[5:7])};{n}"
                for n, (code, d) in enumerate(DEPARTEMENTS.items())
            ]
            lines.append(f"{date};99;Étranger;5;5")
        path = tmp_path / "extraction.csv"
        path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8-sig")
        return path

    return write


def test_december_alone_is_kept_with_the_cell_of_each_count(cnaf):
    reading = read_publication(cnaf())
    rows = reading.rows.set_index(["serie", "code_departement"])
    assert reading.publication.edition == "cnaf-prestations-dep-2018-12"
    assert len(rows) == 2 * 101
    assert set(rows.loc["asf", "valeur"]) == {112}
    assert rows.loc[("aeeh", "02"), ["annee", "valeur", "feuille", "cellule"]].tolist() == [2018, 1, "CSV", "E105"]


@pytest.mark.parametrize(
    ("before", "after", "reason", "cell"),
    [
        ("2018-12-01;02;Aisne;112;1", "2018-12-01;02;Aisne;beaucoup;1", "'beaucoup' is no count", "D105"),
        ("2018-12-01;02;Aisne;112;1", "le 1er;02;Aisne;112;1", "'le 1er' is no date", "A105"),
        ("2018-12-01;02;Aisne;112;1", "2018-12-01;02B;Aisne;112;1", "'02B' is no code of a département", "B105"),
        ("2018-12-01;02;Aisne;112;1", "2018-12-01;01;Ain;112;1", "'01' is given twice in 2018 (line 104 too)", "D105"),
    ],
)
def test_a_cell_that_is_not_certain_is_refused_with_its_place(cnaf, before, after, reason, cell):
    with pytest.raises(TableError) as refused:
        read_publication(cnaf(lambda lines: [after if line == before else line for line in lines]))
    assert reason in refused.value.message
    assert refused.value.cell == cell


def test_a_missing_département_is_named(cnaf):
    with pytest.raises(TableError, match=r"missing from aeeh of 2018: 59 \(Nord\)"):
        read_publication(cnaf(lambda lines: [line for line in lines if ";59;" not in line]))


def test_a_file_without_december_is_refused(cnaf):
    with pytest.raises(TableError, match="no row is of a month of December"):
        read_publication(cnaf(lambda lines: [line for line in lines if "2018-12" not in line]))


def test_a_date_in_the_french_order_and_a_secret_count_are_read(cnaf):
    def other(lines):
        return [line.replace("2018-12-01", "01/12/2018").replace(";02;Aisne;112;", ";02;Aisne;nd;") for line in lines]

    rows = read_publication(cnaf(other)).rows
    assert len(rows) == 2 * 101 - 1


def test_poor_households_take_their_year_from_the_columns_beside(tmp_path):
    lines = ["CODGEO;LIBGEO;NBMENFISC16;MEN_PAUV", *(f"{c};{d.libelle};1000;150" for c, d in DEPARTEMENTS.items())]
    (tmp_path / "f.csv").write_text("\n".join(lines), encoding="utf-8")
    reading = read_publication(tmp_path / "f.csv")
    assert reading.publication.edition == "insee-filosofi-menages-pauvres-2016"
    assert reading.rows[["serie", "annee", "valeur"]].drop_duplicates().to_numpy().tolist() == [
        ["menages_pauvres", 2016, 150]
    ]


def test_a_file_of_other_columns_says_what_was_expected_and_what_it_has(tmp_path):
    (tmp_path / "f.csv").write_text("code;nombre\n01;3\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"numdep and dtreffre, indfoy_asf, indben_aeeh.*it has code, nombre"):
        read_publication(tmp_path / "f.csv")


@pytest.mark.parametrize("elsewhere", ["99", "999", "ZZ", "xx", "975", "977", "978"])
def test_what_lives_elsewhere_is_left_aside(cnaf, elsewhere):
    def other(lines):
        return [line.replace(";99;Étranger;", f";{elsewhere};Ailleurs;") for line in lines]

    assert set(read_publication(cnaf(other)).rows["code_departement"]) == set(DEPARTEMENTS)
