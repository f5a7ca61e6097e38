"""The uncertain inputs of scenarios, and the index that was never published, on the real figures."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data, load_criteria, load_rule, load_scenario, load_table
from cdppe_analysis.errors import RuleError, ScenarioError
from cdppe_analysis.rules.scenario import Uncertainty
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.draws import drawn_blocks
from cdppe_analysis.simulation.model import model_of
from cdppe_analysis.simulation.study import Study
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.running import simulate_prepared
from cdppe_analysis.studies.uncertainty import deduced_criterion, deduced_index, index_intervals, uncertain_inputs

DATA = Data.open()
PUBLISHED = load_table("allocations").set_index("code_departement")["montant_eur"]


def identifiers(family):
    return [scenario.id for scenario in Data.open().scenarios(family) if scenario.base == "ondam-ms-2020"]


@pytest.fixture(scope="module")
def minors():
    return prepare(load_scenario("mineurs"))


def inputs(prepared, *uncertainties):
    scenario = replace(prepared.scenario, incertitudes=uncertainties)
    return uncertain_inputs(replace(prepared, scenario=scenario))


def uncertainty(loi, entree="criteres.ase_0_17", unites=None, **parametres):
    return Uncertainty(entree, entree, loi, tuple(parametres.items()), unites, "Une raison.")


@pytest.mark.parametrize("name", [one for family in DATA.scenario_ids() for one in identifiers(family)])
def test_in_every_draw_the_rule_of_2020_gives_the_published_amounts_within_a_euro(name):
    """annexe7-ondam-2020, B; half a euro before whole euros, whatever is uncertain in the scenario."""
    prepared = prepare(load_scenario(name), DATA)
    base, other = model_of(prepared.base, prepared.base_criteria), model_of(prepared.rule, prepared.criteria)
    study = Study.of(other, uncertain_inputs(prepared), draws=300, seed=1, reference=base)
    [drawn] = drawn_blocks(study.inputs, 1, 0, study.universe, [300])
    factors = {name: laws.columns(rows, study.reference_places) for name, rows in drawn.reference_factors.items()}
    amounts = base.amounts(factors)
    published = PUBLISHED[list(base.codes)].to_numpy()
    assert not drawn.impossible.any()
    assert np.abs(amounts - published).max() <= 0.5
    assert np.abs(base.whole(amounts) - published).max() <= 1


@pytest.mark.parametrize(("name", "euros"), [("plafond-1m", 1_755_840), ("plancher-200k", 518_462)])
def test_where_bounds_alone_change_the_money_that_changes_hands_is_known_to_a_euro(name, euros):
    """Recomputed independently from the published amounts (annexe7-ondam-2020, B)."""
    found = simulate_prepared(prepare(load_scenario(name), DATA), draws=500, seed=3, scheduler="synchronous")
    moved = found.overall.set_index("mesure").loc["argent_deplace"]
    assert moved[["q05", "q95"]].tolist() == pytest.approx([euros, euros], abs=1)


def test_a_wider_error_of_measurement_never_moves_the_baseline_and_widens_the_other_rule():
    prepared = prepare(load_scenario("ase-seule"), DATA)
    widths = []
    for cv in ("0.02", "0.1"):
        scenario = replace(prepared.scenario, incertitudes=(uncertainty("lognormale", cv=cv),))
        drawn = replace(prepared, scenario=scenario)
        found = simulate_prepared(drawn, draws=500, seed=3, scheduler="synchronous")
        np.testing.assert_allclose(found.table["reference"] + found.table["ecart_q95"], found.table["q95"], atol=1.5)
        widths.append((found.table["q95"] - found.table["q05"]).median())
    assert widths[1] > 4 * widths[0] > 0


def test_corse_moves_as_a_whole_where_its_two_departements_are_counted():
    prepared = prepare(load_scenario("extension-101-15m"), DATA)
    found = uncertain_inputs(prepared)
    codes = prepared.universe
    assert {"20", "2A", "2B"} & set(codes) == {"20"}
    assert all(np.asarray(given.law.cv).size == len(codes) for given in found if hasattr(given.law, "cv"))


def test_the_index_is_deduced_whether_the_scenario_says_so_or_not(minors):
    found = inputs(minors, uncertainty("lognormale", cv="0.02"))
    assert [(given.target, type(given.law)) for given in found][1:] == [("igb", laws.Deduced)]


def test_a_criterion_that_no_publication_gives_is_not_calibrated(minors):
    with pytest.raises(ScenarioError, match="no published amounts give this criterion"):
        inputs(minors, uncertainty("calibree", "criteres.ase_0_17"))


def test_a_law_may_hold_for_some_units_alone(minors):
    given, _ = inputs(minors, uncertainty("lognormale", unites=("59",), cv="0.1"))
    variation = dict(zip(minors.base.beneficiaires, np.asarray(given.law.cv), strict=True))
    assert variation["59"] == 0.1
    assert sum(variation.values()) == pytest.approx(0.1)


def test_the_weights_are_drawn_around_those_of_the_scenario(minors):
    given, _ = inputs(minors, uncertainty("dirichlet", "poids", concentration="100"))
    assert given.law.weights.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (uncertainty("lognormal", cv="0.1"), "unknown law 'lognormal'; the nearest is 'lognormale'"),
        (uncertainty("lognormale"), "needs the parameter 'cv'"),
        (uncertainty("lognormale", cv="dix"), "'dix' is no number"),
        (uncertainty("lognormale", cv="1/0"), "'1/0' is no number"),
        (uncertainty("lognormale", cv="1e400"), "the number is larger than any that is drawn"),
        (uncertainty("lognormale", cv="-0.1"), "coefficient of variation from 0 on"),
        (uncertainty("lognormale", cv="0.1", ecart="3"), "has no parameter 'ecart'"),
        (uncertainty("uniforme", borne_basse="1.2", borne_haute="0.8"), "1.2 is above 0.8"),
        (uncertainty("uniforme", borne_basse="-0.5", borne_haute="0.8"), "cannot be multiplied by -0.5"),
        (uncertainty("lognormale", unites=("23", "99"), cv="0.1"), "no beneficiary"),
        (uncertainty("calibree", "criteres.igb", unites=("23",)), "takes no 'unites'"),
        (uncertainty("dirichlet", "poids", concentration="0"), "concentration above 0"),
        (uncertainty("variantes", editions=["tous-ages"]), "at least two"),
        (uncertainty("completion", "criteres.igb"), "no declared hypothesis completes"),
        (uncertainty("variantes", "criteres.asf", editions=["a", "b"]), "neither rule has this criterion"),
        (uncertainty("calibree", "criteres.asf"), "neither rule has this criterion"),
    ],
)
def test_an_impossible_law_is_refused_with_its_place(minors, given, said):
    with pytest.raises(ScenarioError, match=said) as caught:
        inputs(minors, given)
    assert caught.value.cell is not None


def test_the_factors_of_a_variant_are_its_values_over_the_central_ones(minors):
    """`tous-ages` over `hors-jeunes-majeurs-2020`, the edition of the baseline being the centre."""
    editions = ["tous-ages", "hors-jeunes-majeurs-2020"]
    given, _ = inputs(minors, uncertainty("variantes", editions=editions))
    codes = minors.universe
    rows = load_table("criteres").query("critere == 'ase_0_17' and millesime == 2017")
    values = {edition: rows[rows["edition"] == edition].set_index("code_departement")["valeur"] for edition in editions}
    for factors, edition in zip(np.asarray(given.law.series), editions, strict=True):
        ratio = dict(zip(codes, factors, strict=True))
        for code in ("59", "23", "974"):
            assert ratio[code] == pytest.approx(values[edition][code] / values[editions[0]][code])
        parts = [values[edition][["2A", "2B"]].sum(), values[editions[0]][["2A", "2B"]].sum()]
        assert ratio["20"] == pytest.approx(parts[0] / parts[1])
    # As a file of version 0.1 says it, and without that of the baseline.
    twice, _ = inputs(minors, uncertainty("variantes", editions=editions[1:] * 2, deduire="igb"))
    np.testing.assert_array_equal(twice.law.series, np.asarray(given.law.series)[[1, 1]])


@pytest.mark.parametrize(("on", "rule", "reference", "name"), [
    ("les_deux", True, True, "ase_0_17, lognormale"), ("scenario", True, False, "ase_0_17, lognormale"),
    ("base", False, True, "ase_0_17, lognormale, base"),
])  # fmt: skip
def test_an_input_acts_on_the_sides_that_it_says(minors, on, rule, reference, name):
    given, _ = inputs(minors, replace(uncertainty("lognormale", cv="0.1"), sur=on, groupe="g"))
    assert (given.rule, given.reference, given.name, given.group) == (rule, reference, name, "g")


@pytest.mark.parametrize(
    ("law", "kind", "parameters"),
    [
        ("uniforme", laws.Uniform, {"borne_haute": "1.5", "borne_basse": "0.5"}),
        ("triangulaire", laws.Triangular, {"mode": "1", "borne_haute": "1.5", "borne_basse": "0.5"}),
        ("beta_pert", laws.BetaPert, {"borne_basse": "0.5", "mode": "1", "borne_haute": "1.5"}),
    ],
)
def test_the_parameters_of_a_law_are_taken_by_their_names(minors, law, kind, parameters):
    given, _ = inputs(minors, uncertainty(law, unites=("59",), **parameters))
    assert isinstance(given.law, kind)
    codes = minors.universe
    ends = {code: (low, high) for code, low, high in zip(codes, given.law.low, given.law.high, strict=True)}
    assert (ends["59"], ends["23"]) == ((0.5, 1.5), (1, 1))
    if law != "uniforme":
        assert set(np.asarray(given.law.mode)) == {1}


def test_the_deduced_index_has_the_group_that_the_scenario_gives_it(minors):
    *_, alone = inputs(minors, uncertainty("lognormale", cv="0.02"))
    assert (alone.group, alone.name) == ("igb, déduit", "igb, calibree")
    [named] = inputs(minors, replace(uncertainty("calibree", "criteres.igb"), groupe="indice"))
    assert (named.group, named.name) == ("indice", "igb, calibree")


@pytest.fixture(scope="module")
def rule():
    return load_rule("ondam-ms-2020")


@pytest.fixture(scope="module")
def intervals(rule):
    return index_intervals(rule, load_table("criteres"), load_table("allocations"))


def test_every_interval_holds_its_centre_and_its_certificate(intervals):
    table = intervals.table
    assert (table["borne_basse"] <= table["centre"]).all()
    assert (table["centre"] <= table["borne_haute"]).all()
    assert intervals.largest_gap_eur == pytest.approx(0.5, abs=1e-6)


def test_the_scores_off_the_plancher_are_known_within_0_67_per_cent(rule, intervals):
    """Worked example E: lambda lies between E less what the Creuse may take, and E."""
    low, high = intervals.multiplier
    assert high == pytest.approx(15_000_000, abs=30)
    assert high / low - 1 <= 0.0068


def test_of_the_creuse_only_a_maximum_is_known(intervals):
    """Worked example E: it is at the plancher; its share may be 0."""
    creuse = intervals.table.set_index("code_departement").loc["23"]
    assert creuse["borne_basse"] == 0
    assert creuse["borne_haute"] == pytest.approx(0.006683, abs=1e-6)


def test_the_amounts_come_back_to_the_euro_when_each_is_rounded_on_its_own(rule):
    """Annex 7, B: thirty amounts of thirty, and their total of 15 000 001 €."""
    own = replace(rule, arrondi=replace(rule.arrondi, methode="independant"))
    found = allocate(own, load_criteria(own)).table.set_index("code_departement")["montant_eur"]
    assert (found == PUBLISHED).all()
    assert found.sum() == 15_000_001


def test_the_amounts_come_back_within_a_euro_when_the_total_is_exact(rule):
    allocation = allocate(rule, load_criteria(rule))
    gaps = allocation.table.set_index("code_departement")["montant_eur"] - PUBLISHED
    assert gaps.sum() == -1
    assert gaps.abs().max() == 1
    assert sum(allocation.final.values()) == Fraction(15_000_000)


def test_another_series_of_children_gives_another_index(rule, intervals):
    minors = index_intervals(
        rule, load_table("criteres"), load_table("allocations"), "hors-jeunes-majeurs-2020"
    ).table.set_index("code_departement")["centre"]
    change = minors / intervals.table.set_index("code_departement")["centre"] - 1
    assert change.idxmin() == "57"
    assert change.idxmax() == "03"


def test_an_index_is_kept_for_each_variant_of_the_other_criterion(rule):
    rows = deduced_index(rule, load_table("criteres"), load_table("allocations"))
    assert rows["edition"].unique().tolist() == ["deduit-ase-tous-ages", "deduit-ase-hors-jeunes-majeurs-2020"]
    assert len(rows) == 2 * len(PUBLISHED)
    once = rows.drop_duplicates(["critere", "millesime", "unite", "statut", "source"])
    assert once[["critere", "millesime", "unite", "statut", "source"]].to_numpy().tolist() == [
        ["igb", rule.criterion("igb").millesime, "part des trente départements", "derive", "annexe7-ondam-2020"]
    ]
    places = load_table("allocations").set_index("code_departement")["emplacement"]
    assert (rows["emplacement"] == rows["code_departement"].map(places)).all()
    assert rows.groupby("edition")["valeur"].sum().tolist() == pytest.approx([1, 1])


def test_the_criterion_that_is_deduced_is_the_one_whose_edition_says_so(rule):
    assert deduced_criterion(rule) == "igb"
    bare = replace(rule, criteres=tuple(replace(criterion, edition=None) for criterion in rule.criteres))
    assert deduced_criterion(bare) is None
    with pytest.raises(RuleError, match="no criterion of the rule is deduced from published amounts") as refused:
        index_intervals(bare, load_table("criteres"), load_table("allocations"))
    assert refused.value.cell == "ondam-ms-2020"
