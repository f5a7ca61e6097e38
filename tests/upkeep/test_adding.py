"""A file added to a data folder: the rules follow, what changed is told, a fault leaves the folder as it was."""

import shutil
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, SourceError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables.published import Choice, load_choices
from cdppe_analysis.tables.series.publications import read_publication
from cdppe_analysis.territories import DEPARTEMENTS, OTHER_UNITS
from cdppe_analysis.upkeep import adding
from cdppe_analysis.upkeep.adding import (
    Moved,
    _choose,
    _date,
    _missed,
    _moved,
    _renamed,
    _replace,
    _revised,
    _would_move,
    _write_choices,
    add_file,
)

TITLES = {
    "ase_enfants_accueillis": "Total des enfants accueillis à l'ASE",
    "ase_aed": "Total des actions éducatives à domicile (AED)",
    "ase_aemo": "Total des actions éducatives en milieu ouvert (AEMO)",
    "pch_moins_20_ans": "Bénéficiaires de la PCH de moins de 20 ans",
}
ADDED = 500
"""Children more in the Nord in 2017."""


def copied(place):
    shutil.copytree(data_dir(), place / "data")
    return place / "data"


def long_series(path):
    """Write an edition of the long series that revises the Nord in 2017, from the cells of the one of 1996-2020."""
    cells = Archive.open().raw("drees-ase-series-1996-2020", "series").cells
    book = openpyxl.Workbook()
    book.remove(book.active)
    names = dict(OTHER_UNITS) | dict(DEPARTEMENTS)
    for serie, title in TITLES.items():
        own = cells[cells["serie"].eq(serie) & cells["annee"].eq("2017")]
        sheet = book.create_sheet(serie)
        sheet["A1"] = f"Tableau 1 - {title}, depuis 2017, par département"
        sheet["A2"] = "Source : DREES, enquête Aide sociale"
        sheet["A3"] = "Données nationales de 1996 à 2021"
        for column, text in enumerate(("Code région", "Code département", "Département", 2017), start=1):
            sheet.cell(5, column, text)
        for row, (code, value) in enumerate(zip(own["code_departement"], own["valeur"], strict=True), start=6):
            more = ADDED if (serie, code) == ("ase_enfants_accueillis", "59") else 0
            for column, cell in enumerate((None, code, names[code].libelle, float(value) + more), start=1):
                sheet.cell(row, column, cell)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def revised(tmp_path_factory):
    place = tmp_path_factory.mktemp("edition")
    folder, file = copied(place), long_series(place / "classeur.xlsx")
    return folder, file, add_file(read_publication(file), file, folder)


def test_the_values_that_the_new_edition_revises_are_told_with_both(revised):
    changes = revised[2]
    assert changes.years == {2017: "drees-ase-series-1996-2018"}
    assert changes.revised.to_numpy().tolist() == [["ase_enfants_accueillis", 2017, "59", 11_234, 11_234 + ADDED]]


def test_the_rules_follow_and_say_which_amounts_move(revised):
    folder, _, changes = revised
    moved = {each.rule: each for each in changes.moved}
    table = Data.open(folder).table("criteres")
    nord = table.query(
        "critere == 'ase_0_17' and edition == 'tous-ages' and millesime == 2017 and code_departement == '59'"
    )
    assert nord["valeur"].item() == 11_234 + ADDED
    assert (moved["p304-2020"].amounts > 20, moved["p304-2025"].amounts) == (True, 0)
    # The index is deduced from the published amounts: whatever the children, it gives them back within a euro.
    assert abs(moved["ondam-ms-2020"].largest) <= 1


def test_the_indicators_do_not_depend_on_the_table_that_holds_a_year(revised):
    key = ["indicateur", "annee", "code_departement"]
    pd.testing.assert_frame_equal(
        Data.open(revised[0]).table("indicateurs").set_index(key), Data.open().table("indicateurs").set_index(key)
    )


def test_what_is_added_stays_consistent_with_the_catalogue(revised):
    folder = revised[0]
    added = Archive.open(folder).sources["drees-ase-series-1996-2021"]
    assert added.note == "Lu dans le classeur classeur.xlsx ; chaque ligne donne sa feuille et sa cellule."
    assert Archive.open(folder).raw(added.id, "series").cells.index[0] == 1
    assert load_choices(Archive.open(folder))["drees-ase-series"].annees[2017] == "drees-ase-series-1996-2021"
    assert len(Archive.open(folder).raw("drees-ase-series-1996-2021", "series").cells) == 4 * len(
        set(Archive.open(folder).raw("drees-ase-series-1996-2021", "series").cells["code_departement"])
    )


def test_a_file_that_is_there_changes_nothing_more_and_another_of_its_edition_is_refused(revised, tmp_path):
    folder, file, _ = revised
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = add_file(read_publication(file), file, folder)
    assert (again.known, again.years, len(again.revised)) == (True, {}, 0)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    (other := tmp_path / "autre.xlsx").write_bytes(file.read_bytes() + b" ")
    told = r"the edition 'drees-ase-series-1996-2021' is there already, from another file \(at .*sources\.yml\)"
    with pytest.raises(SourceError, match=told):
        add_file(read_publication(file), other, folder)


def test_a_fault_on_the_way_leaves_the_folder_as_it_was(revised, tmp_path):
    folder, file = copied(tmp_path), revised[1]
    (folder / "rules" / "fir-2020.yml").write_text("id: fir-2020\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(CdppeError):
        add_file(read_publication(file), file, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_folder_that_is_no_data_folder_is_one_sentence(revised, tmp_path):
    _, file, _ = revised
    with pytest.raises(CdppeError, match="cannot read"):
        add_file(read_publication(file), file, tmp_path / "absent")


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Add a made file of the Cnaf in which the Nord has three times the AEEH of the others."""
    place = tmp_path_factory.mktemp("cnaf")
    folder, file = copied(place), place / "extraction.csv"
    lines = ["dtreffre;numdep;indfoy_asf;indben_aeeh"]
    lines += [f"2018-12-01;{code};1000;{3000 if code == '59' else 1000}" for code in DEPARTEMENTS]
    file.write_text("\n".join(lines), encoding="utf-8")
    return folder, add_file(read_publication(file), file, folder)


def test_a_publication_takes_the_place_of_the_estimate_and_the_status_follows(given):
    folder, _ = given
    criterion = Data.open(folder).rule("fir-2020").criterion("aeeh")
    assert (criterion.edition, criterion.variantes) == ("cnaf-prestations-dep-2018-12", ("population-0-19", "pch"))
    table = Data.open(folder).table("criteres")
    assert set(table[table["edition"].eq("cnaf-prestations-dep-2018-12")]["statut"]) == {"publie"}


def test_how_wrong_each_estimate_was_is_told(given):
    estimates = given[1].estimates.set_index(["critere", "methode"])
    assert set(estimates.index) == {
        ("aeeh", "population-0-19"),
        ("aeeh", "pch"),
        ("asf", "cle-rsa"),
        ("asf", "cle-menages-pauvres"),
    }
    before = pd.read_csv(data_dir() / "clean" / "criteres.csv", dtype={"code_departement": str})
    key = before.query("critere == 'asf' and edition == 'cle-rsa'").set_index("code_departement")["valeur"]
    gaps = 100 * (key / key.sum() * 101 - 1)
    assert estimates.at[("asf", "cle-rsa"), "ecart_moyen"] == pytest.approx(gaps.abs().mean())
    assert estimates.at[("asf", "cle-rsa"), "code"] == gaps.abs().idxmax()


def test_the_amounts_of_the_rule_that_named_the_estimate_move(given):
    assert {each.rule for each in given[1].moved if each.amounts} == {"fir-2020"}


def test_a_rule_that_names_an_edition_keeps_it_and_is_told_what_another_would_give():
    criteria = Data.open().table("criteres")
    years = {2019: "insee-estim-pop-2019-01-15"}
    told = {each.rule: each for each in _would_move(Data.open(), criteria, years, "insee-estim-pop-2020-01-14")}
    assert set(told) == {"p304-2020"}
    assert told["p304-2020"].amounts > 10


@pytest.mark.parametrize(
    ("edition", "date"),
    [
        ("drees-ase-series-1996-2018", (2018,)), ("insee-estim-pop-2022-01-19", (2022, 1, 19)),
        ("cnaf-prestations-dep-2018-12", (2018, 12)), ("drees-minima-sociaux-dept", ()), ("serie-2150", ()),
    ],
)  # fmt: skip
def test_the_date_of_an_edition_is_what_ends_its_name(edition, date):
    assert _date(edition) == date


def test_a_later_edition_is_later_by_its_year_then_its_month_then_its_day():
    names = ["a", "a-2018", "a-2018-12", "a-2019-01-15", "a-2019-01-16", "a-2019-02-01", "a-2020"]
    assert sorted(names, key=_date) == names


RULE = """criteres:
  - id: aeeh
    poids: "0.5"
    millesime: 2018
    edition: pch
    variantes: [population-0-19]
  - id: aeeh_autre
    millesime: 2018
    edition: pch
"""


def test_a_criterion_takes_the_new_edition_and_the_former_becomes_its_first_variant():
    changed = _renamed(RULE, "aeeh", 2018, "cnaf-2018-12")
    assert "    edition: cnaf-2018-12\n    variantes: [pch, population-0-19]\n" in changed
    assert changed.endswith("  - id: aeeh_autre\n    millesime: 2018\n    edition: pch\n")
    assert _renamed(RULE, "aeeh_autre", 2018, "x").endswith("    edition: x\n    variantes: [pch]\n")
    assert _renamed(RULE, "aeeh", 2019, "x") == _renamed(RULE, "autre", 2018, "x") == RULE


def test_what_moves_is_half_of_all_that_changes_and_the_largest_has_its_sign():
    before, after = (
        pd.Series({"03": 100, "23": 50, "59": 70, "62": 5}),
        pd.Series({"03": 60, "23": 75, "59": 85, "62": 5}),
    )
    assert _moved("r", before, after) == Moved("r", 3, 40, -40, "03")


def frame(rows):
    return pd.DataFrame(rows, columns=["critere", "millesime", "code_departement", "valeur", "edition", "statut"])


def test_a_value_is_revised_where_both_editions_give_it_otherwise():
    before = frame([("a", 2017, "03", 1.0, "e1", "publie"), ("a", 2017, "23", 2.0, "e1", "publie"),
                    ("a", 2018, "03", 3.0, "e1", "publie")])  # fmt: skip
    after = frame([("a", 2017, "03", 1.5, "e2", "publie"), ("a", 2017, "23", 2.0, "e2", "publie"),
                   ("a", 2017, "59", 9.0, "e2", "publie"), ("a", 2018, "03", 4.0, "e3", "publie")])  # fmt: skip
    revised, compared = _revised(before, after, "e2", {2017: "e1"})
    assert (revised.to_numpy().tolist(), compared) == ([["a", 2017, "03", 1.0, 1.5]], 2)


def test_an_estimate_is_held_to_what_is_published_by_its_shares():
    """Published 60 and 40; estimated 3 and 1, that is 75 and 25 %: 25 % too much, 37.5 % too little."""
    after = frame([("a", 2018, "03", 60.0, "e", "publie"), ("a", 2018, "23", 40.0, "e", "publie")])
    before = frame([("a", 2018, "03", 3.0, "m", "estime"), ("a", 2018, "23", 1.0, "m", "estime"),
                    ("a", 2018, "59", 7.0, "m", "estime"), ("a", 2018, "03", 5.0, "p", "publie")])  # fmt: skip
    [row] = _missed(before, after, [("a", 2018)]).to_numpy().tolist()
    assert row == ["a", 2018, "m", pytest.approx(31.25), pytest.approx(-37.5), "23"]


def test_what_refers_to_other_files_is_written_last(tmp_path, monkeypatch):
    names = ["sources.yml", "raw/b/s.csv", "clean/c.csv", "rules/r.yml", "raw/a/s.csv", "same.yml"]
    for folder in (copy := tmp_path / "copy", there := tmp_path / "there"):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("same" if name == "same.yml" else str(folder == copy), encoding="utf-8")
    (there / "raw" / "a" / "s.csv").unlink()
    (there / "raw" / "a").rmdir()
    written = []
    monkeypatch.setattr(
        adding, "write_text", lambda path, text: written.append((path.relative_to(there).as_posix(), text))
    )
    _replace(copy, there)
    order = ["raw/a/s.csv", "raw/b/s.csv", "rules/r.yml", "sources.yml", "clean/c.csv"]
    assert written == [(name, "True") for name in order]


def test_the_choice_of_editions_keeps_its_comments_and_the_order_of_its_series(tmp_path):
    path = tmp_path / "editions.yml"
    path.write_text("# Une ligne.\n# Une autre.\n- {publication: a, series: [x], annees: {}}\n", encoding="utf-8")
    choices = {"a": Choice("a", ("y", "x"), {2019: "e", 2017: "d"}), "b": Choice("b", ("z",), {}, ("f",))}
    _write_choices(path, choices)
    assert path.read_text(encoding="utf-8").startswith("# Une ligne.\n# Une autre.\n- publication: a\n")
    assert load_choices(Archive.open(tmp_path)) == choices


def test_an_older_edition_takes_no_year_and_an_incomplete_one_takes_none(tmp_path):
    def chosen(edition, series=("x", "y")):
        text = "- {publication: p, series: [x, y], annees: {2017: p-2019}, aussi: [p-2016]}\n"
        (tmp_path / "editions.yml").write_text(text, encoding="utf-8")
        rows = pd.DataFrame([(serie, year) for serie in series for year in (2017, 2018)], columns=["serie", "annee"])
        reading = SimpleNamespace(publication=SimpleNamespace(id="p", edition=edition))
        return _choose(reading, rows, tmp_path), load_choices(Archive.open(tmp_path))["p"]

    years, choice = chosen("p-2020")
    assert years == {2017: "p-2019", 2018: None}
    assert (choice.annees, choice.aussi) == ({2017: "p-2020", 2018: "p-2020"}, ("p-2016", "p-2019"))
    years, choice = chosen("p-2018")
    assert (years, choice.annees) == ({2018: None}, {2017: "p-2019", 2018: "p-2018"})
    years, choice = chosen("p-2016")
    assert (years, choice.annees, choice.aussi) == ({2018: None}, {2017: "p-2019", 2018: "p-2016"}, ())
    years, choice = chosen("p-2020", ("x",))
    assert (years, choice.annees, choice.aussi) == ({}, {2017: "p-2019"}, ("p-2016",))


def test_a_publication_that_was_not_known_is_chosen_with_the_series_that_are_kept(tmp_path):
    (tmp_path / "editions.yml").write_text("[]\n", encoding="utf-8")
    rows = pd.DataFrame({"serie": ["y", "x"], "annee": [2018, 2018]})
    reading = SimpleNamespace(publication=SimpleNamespace(id="p", edition="p-2018"))
    assert _choose(reading, rows, tmp_path) == {2018: None}
    assert load_choices(Archive.open(tmp_path))["p"] == Choice("p", ("x", "y"), {2018: "p-2018"})
