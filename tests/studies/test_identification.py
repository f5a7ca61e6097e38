"""The atlas of identification of real scenarios, and how it is told."""

import json

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.calibration.identification import Hypotheses, Identified
from cdppe_analysis.data import Data, load_scenario
from cdppe_analysis.errors import ScenarioError, UnsettledError
from cdppe_analysis.rules.scenario import Scenario
from cdppe_analysis.studies.atlas import Store
from cdppe_analysis.studies.identification import _natures, _Worlds, _worlds, identify
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.telling import summary
from cdppe_analysis.typography import NNBSP


@pytest.fixture(scope="module")
def alone():
    return identify("ase-seule")


def test_where_bounds_alone_change_every_amount_is_known():
    """annexe7-ondam-2020, B: a minimum of 200 000 € moves 518 462 €, whatever the index and the counts."""
    found = identify("plancher-200k")
    assert set(found.table["nature"]) == {"connu"}
    assert found.overall.query("mesure == 'argent_deplace'")[["bas", "haut"]].to_numpy() == pytest.approx(
        518_462, abs=1
    )
    assert found.table["rupture"].isna().all()


def test_another_weight_is_a_formula_but_for_the_unit_at_the_minimum(alone):
    natures = alone.table.set_index("code_departement")["nature"]
    assert natures["23"] == "ensemble"
    assert set(natures.drop("23")) == {"formule"}


def test_the_nord_gains_until_its_counts_err_by_seventeen_percent(alone):
    nord = alone.table.set_index("code_departement").loc["59"]
    assert nord["sens"] == nord["sens_erreur"] == "gain"
    assert nord["rupture"] == pytest.approx(0.1698, abs=0.0002)


def test_a_sign_that_depends_on_the_perimeter_is_not_certain(alone):
    rows = alone.table.set_index("code_departement")
    assert set(rows.index[rows["sens"] == "incertain"]) == {"44", "68"}
    assert (rows.loc[["44", "68"], "rupture"] == 0).all()


def test_a_sign_holds_with_an_error_below_its_breakdown_and_only_then(alone):
    rows = alone.table[alone.table["sens"].isin(["gain", "perte"])]
    held = rows["rupture"] > alone.error
    assert (held == (rows["sens_erreur"] == rows["sens"])).all()


def test_the_sets_hold_the_central_amounts_and_grow_with_the_error(alone):
    table = alone.table
    assert (table["bas_erreur"] <= table["bas"] + 0.01).all()
    assert (table["haut"] <= table["haut_erreur"] + 0.01).all()
    assert (table["bas"] <= table["haut"]).all()


def test_the_money_of_each_perimeter_is_within_what_is_told(alone):
    told = alone.overall[alone.overall["erreur"].eq(0)].set_index("mesure").loc["argent_deplace", ["bas", "haut"]]
    worlds = [Identified(world) for world in _worlds(prepare(load_scenario("ase-seule")), "igb").values()]
    lows, highs = zip(*(world.money() for world in worlds), strict=True)
    assert len(set(lows)) == 2
    assert told.tolist() == pytest.approx([min(lows), max(highs)])


def test_a_figure_that_is_published_leaves_fewer_uncertain_signs(alone):
    left = alone.information.set_index("chiffre")["incertains"]
    assert left["rien de plus"] == (alone.table["sens_erreur"] == "incertain").sum()
    assert left.drop("rien de plus").max() <= left["rien de plus"]
    assert left["les mineurs accueillis fin 2017"] == 0
    unsure = alone.table.index[alone.table["sens_erreur"] == "incertain"]
    worlds = _worlds(prepare(load_scenario("ase-seule")), "igb").values()
    each = [[Identified(world, Hypotheses(alone.error)).sign(rank) for rank in unsure] for world in worlds]
    assert left["les mesures pour jeunes majeurs de 2017"] == max(signs.count(2) for signs in each) > 0


def test_what_is_kept_of_it_is_what_is_found(alone):
    data = Data.open()
    kept = Store.read(data).identification(prepare(data.scenario("ase-seule"), data))
    for name in ("table", "overall", "information"):
        found, known = getattr(alone, name), getattr(kept, name)
        pd.testing.assert_frame_equal(found, known, check_dtype=False, rtol=0, atol=0.006)


def test_what_is_not_proved_for_any_counts_is_not_known(monkeypatch):
    interval = Identified.interval

    def unsettled(self, rank):
        if self.hypotheses.error is None:
            raise UnsettledError("the search for an end is given up")
        return interval(self, rank)

    worlds = _Worlds(prepare(load_scenario("plancher-200k")), "igb", "tous-ages", Hypotheses())
    assert set(_natures(worlds, np.zeros(30))) == {"connu"}
    monkeypatch.setattr(Identified, "interval", unsettled)
    assert "connu" not in _natures(worlds, np.zeros(30))


def test_the_most_fragile_signs_come_first(alone):
    assert alone.fragile(3)["code_departement"].tolist() == ["63", "64", "973"]


def test_what_is_identified_is_plain_values(alone):
    content = json.loads(json.dumps(alone.as_json()))
    assert len(content["table"]) == 30
    assert content["table"][6]["rupture"] is None
    assert {name: len(rows) for name, rows in content.items() if name in ("ensemble", "information")} == {
        "ensemble": 4, "information": 4,
    }  # fmt: skip
    assert (content["scenario"], content["perimetres"]) == ("ase-seule", ["tous-ages", "hors-jeunes-majeurs-2020"])
    supposed = [content[name] for name in ("erreur", "multiplicateur", "indice_positif")]
    assert supposed == [0.02, None, True]


def test_it_is_told_in_french(alone):
    lines = summary(alone).replace(NNBSP, " ").splitlines()
    assert lines[0] == "ase-seule, quel que soit l'indice : 0 montant connu, 29 formules, 1 ensemble"
    assert "  Guyane : gagne tant que l'erreur sur les effectifs reste sous 4,0 %" in lines


def test_a_baseline_without_published_amounts_is_refused():
    header = dict.fromkeys(("id", "titre", "auteur", "reference", "raisonnement", "famille"), "x")
    scenario = Scenario(
        **header,
        base="p304-2020",
        differences=(("plancher", 500000),),
        renormaliser=False,
        hypotheses=(),
        incertitudes=(),
    )
    with pytest.raises(ScenarioError, match="nothing is to be identified"):
        identify(prepare(scenario))


def test_an_error_that_is_no_share_is_refused():
    with pytest.raises(ScenarioError, match="from 0 to 1"):
        identify("plancher-200k", error=2.0)


def test_hypotheses_are_taken_one_by_one_and_told():
    found = identify("plancher-200k", perimeter="tous-ages", level=14_960_000, positive=False)
    assert found.perimeters == ("tous-ages",)
    assert summary(found).replace(NNBSP, " ").splitlines()[1] == (
        "  hypothèses : indice de signe libre, scores positifs ou nuls ; tous les enfants accueillis ; "
        "multiplicateur de 14 960 000 €"
    )


def test_a_perimeter_that_is_not_declared_and_a_multiplier_that_is_impossible_are_refused():
    with pytest.raises(ScenarioError, match="no perimeter 'tous-age'; the nearest is 'tous-ages'"):
        identify("plancher-200k", perimeter="tous-age")
    with pytest.raises(ScenarioError, match="no index is compatible"):
        identify("plancher-200k", level=3.0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"error": -0.01}, "the error of a count is from 0 to 1, not -0.01"),
        ({"error": 1.0}, "from 0 to 1, not 1"),
        ({"level": 0.0}, "the multiplier of the baseline is above 0, not 0"),
        ({"level": float("inf")}, "above 0, not inf"),
        ({"perimeter": "tous-age"}, "declares no perimeter 'tous-age'; the nearest is 'tous-ages'"),
    ],
)
def test_an_impossible_hypothesis_is_refused_with_the_scenario(options, said):
    with pytest.raises(ScenarioError, match=said) as refused:
        identify("ase-seule", **options)
    assert refused.value.cell == "ase-seule"


def test_the_index_is_supposed_positive_unless_it_is_said_otherwise(alone):
    assert alone.index_is_positive
    assert alone.multiplier is None
    assert (alone.error, alone.perimeters) == (0.02, ("tous-ages", "hors-jeunes-majeurs-2020"))


def test_the_ends_of_a_set_are_in_their_order_and_the_published_amount_is_beside(alone):
    table = alone.table.set_index("code_departement")
    low, high = (table.loc["59", [f"{end}_erreur", end]].tolist() for end in ("bas", "haut"))
    assert low[0] < low[1] <= high[1] < high[0]
    assert table.loc["59", "montant_publie"] == 1_995_607
    assert table.loc["23", "montant_publie"] == 100_000
    assert table.loc["59", "libelle_departement"] == "Nord"


def test_without_an_error_both_signs_are_the_same():
    found = identify("plancher-200k", error=0.0, perimeter="hors-jeunes-majeurs-2020")
    assert (found.table["sens"] == found.table["sens_erreur"]).all()
    assert found.information["incertains"].tolist() == [0, 0, 0, 0]
