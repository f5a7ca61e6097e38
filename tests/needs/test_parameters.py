"""The parameters of a need, as files."""

from fractions import Fraction

import pytest
import yaml

from cdppe_analysis.data import Data
from cdppe_analysis.data.reading import load_needs, load_table
from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import parse_needs
from cdppe_analysis.storage.files import data_dir

FILE = data_dir() / "besoins" / "sessad-ase.yml"


def test_the_service_is_the_one_that_the_document_prints():
    """aac-sessad-ase-nord, 4.1 and 5.1, as `dispositifs.csv` carries them."""
    printed = load_table("dispositifs")
    printed = printed[(printed["type"] == "sessad_ase") & (printed["indicateur"] == "dotation")]
    service = load_needs("sessad-ase").service
    assert set(printed["places"]) == {service.places}
    assert set(printed["valeur"]) == {float(service.dotation_eur)}


def test_the_prevalence_is_the_national_interval():
    """rex-club-territoires: from 15 to 20 % of the children in care, as `prevalence.csv` carries it."""
    printed = load_table("prevalence").iloc[0]
    low, high = load_needs("sessad-ase").prevalence
    assert (printed["borne_basse"], printed["borne_haute"]) == (float(100 * low), float(100 * high))


def test_every_number_has_a_source_or_is_a_hypothesis():
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for key in ("places", "dotation_eur", "prevalence", "sejour_jours", "cout_relatif"):
        assert content[key].get("source") or content[key].get("statut") == "hypothese", key


def test_the_children_are_those_of_the_series_that_the_file_names():
    assert Data.open().protected_children(load_needs("sessad-ase"), ["20", "59"])["59"] > 9_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("places:", "place:", "the key 'places' is missing"),
        ("titre:", "note: x\ntitre:", "unknown key 'note'"),
        ('borne_basse: "0.15"', "borne_basse: peu", "'peu' is no exact number"),
        ('borne_basse: "0.15"', 'borne_basse: "0.25"', "low bound first"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, old, new, said):
    path = tmp_path / "essai.yml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(NeedsError, match=said):
        load_needs(path)


def test_an_unknown_need_names_the_nearest():
    with pytest.raises(NeedsError, match="nearest is 'sessad-ase'"):
        load_needs("sessad")


def parsed(**changes):
    return parse_needs(yaml.safe_load(FILE.read_text(encoding="utf-8")) | changes, "essai.yml")


def bounds(low, high):
    return {"borne_basse": str(low), "borne_haute": str(high)}


def test_each_number_of_the_file_stands_in_its_own_place():
    found = parsed(
        titre="Un besoin",
        places=12,
        dotation_eur={"valeur": "240000.5"},
        prevalence=bounds("0.1", "0.2"),
        sejour_jours=bounds("171", "304"),
        cout_relatif=bounds("0.9", "1.3"),
        enfants={"critere": "ase", "millesime": 2019},
    )
    assert found.titre == "Un besoin"
    assert (found.service.places, found.service.dotation_eur) == (12, Fraction("240000.5"))
    assert found.prevalence == (Fraction("0.1"), Fraction("0.2"))
    assert found.sejour_jours == (171, 304)
    assert found.cout_relatif == (Fraction("0.9"), Fraction("1.3"))
    assert found.enfants == ("ase", 2019, None)


@pytest.mark.parametrize("name", ["prevalence", "sejour_jours", "cout_relatif"])
def test_bounds_may_be_equal_but_not_0(name):
    assert getattr(parsed(**{name: bounds(1, 1)}), name) == (1, 1)
    with pytest.raises(NeedsError, match=f"{name} needs two bounds above 0"):
        parsed(**{name: bounds(0, 1)})


def test_a_prevalence_above_1_is_refused():
    with pytest.raises(NeedsError, match="at most 1, not 101/100"):
        parsed(prevalence=bounds("0.5", "1.01"))
