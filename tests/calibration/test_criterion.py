"""What the amounts published in 2020 say of the unpublished index, and that it is compatible."""

import random
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.allocation.values import CriteriaValues
from cdppe_analysis.calibration import criterion
from cdppe_analysis.calibration.compatibility import SLACK
from cdppe_analysis.calibration.criterion import calibrate_criterion, compatible_centre
from cdppe_analysis.errors import InfeasibleError, RuleError, UnsettledError
from cdppe_analysis.rules import Arrondi, Criterion, Names, Rule, parse_rule
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables.allocations import build
from cdppe_analysis.tables.published import build as build_series
from cdppe_analysis.territories import Departement, Territories


@pytest.fixture(scope="module")
def ondam():
    """Return the rule, the published amounts, and the ASE of 2017 with Corse as one."""
    listed = read_yaml(data_dir() / "beneficiaires" / "cdppe-2020.yml")
    mapping = read_yaml(data_dir() / "rules" / "ondam-ms-2020.yml")
    rule = parse_rule(mapping, Names({listed["id"]: listed["codes"]}), "ondam-ms-2020.yml")
    series = build_series(Archive.open())
    series = series[series["critere"].eq("ase_enfants_accueillis") & series["millesime"].eq(2017)]
    series = series[series["edition"].eq("drees-ase-series-1996-2018")].replace(
        {"code_departement": {"2A": "20", "2B": "20"}}
    )
    ase = series.groupby("code_departement")["valeur"].sum().rename("ase_0_17").reset_index()
    return rule, build(Archive.open()), ase


@pytest.fixture(scope="module")
def intervals(ondam):
    rule, amounts, ase = ondam
    return calibrate_criterion(rule, ase, amounts, "igb")


def test_every_end_gives_the_published_amounts_back_to_half_a_euro(intervals):
    """Annexe 7, B, dotations par départements: the certificate of each of the sixty ends."""
    assert len(intervals.certificates) == 30 * 2 * 30
    assert intervals.largest_gap_eur <= 0.5 + 1e-6


def test_the_score_of_the_creuse_is_known_only_to_be_at_most_its_plancher(ondam, intervals):
    """Worked example E: a score of at most 100 000.5 / lambda."""
    rule, _, ase = ondam
    known = float(ase.set_index("code_departement").at["23", "ase_0_17"])
    total = float(ase[ase["code_departement"].isin(rule.beneficiaires)]["ase_0_17"].sum())
    highest = intervals.table.set_index("code_departement").at["23", "borne_haute"]
    assert intervals.table.set_index("code_departement").at["23", "borne_basse"] == pytest.approx(0, abs=1e-12)
    score = (known / total + highest) / 2
    # At that end the Creuse is off the plancher by half a euro, and no bound binds: lambda is the envelope.
    assert score * 15_000_000 == pytest.approx(100_000.5, abs=1e-6)


def test_the_multiplier_is_known_to_less_than_the_plancher_over_the_envelope(intervals):
    """Worked example E: the 29 other scores are known up to lambda, that is to within 0.67 %."""
    low, high = intervals.multiplier
    assert high == pytest.approx(15_000_000, abs=1e-3)
    assert 0 < 1 - low / high <= 100_000.5 / 15_000_000


def test_the_centre_gives_the_published_amounts_back(ondam, intervals):
    rule, amounts, ase = ondam
    index = pd.DataFrame({"code_departement": list(intervals.centre), "igb": list(intervals.centre.values())})
    criteria = ase.merge(index, on="code_departement", validate="one_to_one")
    again = allocate(replace(rule, arrondi=Arrondi("independant")), criteria)
    published = amounts.set_index("code_departement")["montant_eur"].to_dict()
    assert {code: int(amount) for code, amount in again.final.items()} == published


def test_the_centre_lies_in_every_interval_and_sums_to_one(intervals):
    assert sum(intervals.centre.values()) == 1
    assert intervals.table["centre"].between(intervals.table["borne_basse"], intervals.table["borne_haute"]).all()


CODES = ("01", "02", "03", "04", "05")
HALVES = tuple(Criterion(name, Fraction(1, 2), 2019, "note", "p. 1") for name in ("connu", "inconnu"))


def small(**changes) -> Rule:
    independent = Arrondi("independant")
    return replace(Rule("essai", "Essai", 2020, Fraction(1000), CODES, HALVES, arrondi=independent), **changes)


def known(*values):
    return pd.DataFrame({"code_departement": CODES, "connu": values})


def test_without_bounds_each_interval_is_half_a_euro_either_side():
    amounts = dict(zip(CODES, (300, 250, 200, 150, 100), strict=True))
    found = calibrate_criterion(small(), known(1, 1, 1, 1, 1), amounts, "inconnu")
    # lambda = E, so that q = (a / E - 1/10) / (1/2) for every amount a within half a euro
    assert found.table["borne_basse"].tolist() == pytest.approx([0.399, 0.299, 0.199, 0.099, 0.0], abs=1e-12)
    assert found.table["borne_haute"].tolist() == pytest.approx([0.401, 0.301, 0.201, 0.101, 0.001], abs=1e-12)
    assert found.multiplier == pytest.approx((1000, 1000))


def test_a_certificate_holds_the_amounts_of_each_end_recomputed_less_published():
    amounts = dict(zip(CODES, (300, 250, 200, 150, 100), strict=True))
    found = calibrate_criterion(small(), known(1, 1, 1, 1, 1), amounts, "inconnu")
    assert (found.criterion, found.tolerance) == ("inconnu", Fraction(1, 2))
    assert found.table["montant_publie"].tolist() == [300, 250, 200, 150, 100]
    assert found.table["libelle_departement"].tolist()[0] == "Ain"
    assert list(found.centre) == list(CODES)
    own = found.certificates[found.certificates["code_cible"] == found.certificates["code_departement"]]
    assert own["extremite"].tolist() == ["basse", "haute"] * 5
    assert own["ecart_eur"].tolist()[:8] == pytest.approx([-0.5, 0.5] * 4)
    assert own["part"].tolist()[:2] == pytest.approx([0.399, 0.401])
    gaps = found.certificates["montant_recalcule"] - found.certificates["montant_publie"]
    assert gaps.tolist() == pytest.approx(found.certificates["ecart_eur"].tolist())
    assert found.largest_gap_eur == found.certificates["ecart_eur"].abs().max()


def test_what_the_known_criteria_give_is_their_weights_times_their_shares():
    three = tuple(
        Criterion(name, Fraction(weight, 10), 2019, "note", "p. 1")
        for name, weight in (("a", 2), ("b", 3), ("inconnu", 5))
    )
    rule = Rule("essai", "Essai", 2020, Fraction(1000), CODES[:2], three)
    frame = pd.DataFrame({"code_departement": CODES[:2], "a": [3, 1], "b": [1, 4]})
    known = CriteriaValues.read(rule, frame, but="inconnu")
    assert known.scores == (
        Fraction(2, 10) * Fraction(3, 4) + Fraction(3, 10) * Fraction(1, 5),
        Fraction(2, 10) * Fraction(1, 4) + Fraction(3, 10) * Fraction(4, 5),
    )
    assert criterion._diagonal(Fraction(1, 2), 2) == ((Fraction(1, 2), 0), (0, Fraction(1, 2)))


def test_the_centre_alone_is_that_of_the_intervals_to_the_last_digit(ondam, intervals):
    rule, amounts, ase = ondam
    assert compatible_centre(rule, ase, amounts, "igb") == intervals.centre


@pytest.mark.parametrize("amounts", [(33, 33, 33), (33, 34, 34)])
def test_a_rounding_to_the_nearest_that_misses_the_envelope_is_understood(amounts):
    """A euro less or more than 100: the exact amounts still sum to the envelope."""
    codes = CODES[:3]
    rule = Rule("essai", "Essai", 2020, Fraction(100), codes, HALVES)
    frame = known(1, 1, 1, 1, 1).iloc[:3]
    found = calibrate_criterion(rule, frame, dict(zip(codes, amounts, strict=True)), "inconnu")
    assert found.table["borne_basse"].tolist() == pytest.approx([1 / 3] * 3, abs=0.02)
    assert found.largest_gap_eur == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("rule", "values", "amounts"),
    [
        (small(plafond=Fraction(400)), (8, 6, 3, 2, 1), (400, 300, 150, 100, 50)),
        (small(plancher=Fraction(50)), (8, 6, 3, 2, 1), (400, 300, 150, 100, 50)),
        (small(), (1, 1, 1, 1, 1), (301, 250, 200, 150, 100)),
    ],
)
def test_of_more_units_than_programs_can_take_the_intervals_are_the_same_and_the_centre_alone_is_certified(
    monkeypatch, rule, values, amounts
):
    amounts = dict(zip(CODES, amounts, strict=True))
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 5)
    programs = calibrate_criterion(rule, known(*values), amounts, "inconnu")
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 4)
    closed = calibrate_criterion(rule, known(*values), amounts, "inconnu")
    assert (closed.criterion, closed.tolerance) == (programs.criterion, programs.tolerance)
    for column in ("borne_basse", "borne_haute"):
        assert closed.table[column].tolist() == pytest.approx(programs.table[column].tolist(), abs=1e-9)
    assert closed.multiplier == pytest.approx(programs.multiplier)
    # The centre is in the middle of lambda for the programs, of its inverse in closed form.
    (least, greatest), again = programs.multiplier, []
    for each in (programs, closed):
        criteria = known(*values).assign(inconnu=list(each.centre.values()))
        again.append(float(allocate(replace(rule, arrondi=Arrondi("aucun")), criteria).multiplier))
    assert again == pytest.approx([(least + greatest) / 2, 2 / (1 / least + 1 / greatest)], rel=1e-4)
    assert sum(closed.centre.values()) == 1
    assert list(closed.centre) == list(CODES)
    found = closed.certificates
    assert found[["code_cible", "extremite"]].drop_duplicates().to_numpy().tolist() == [["", "centre"]]
    assert found["code_departement"].tolist() == list(CODES)
    assert found["part"].tolist() == closed.table["centre"].tolist() == [float(v) for v in closed.centre.values()]
    gaps = found["montant_recalcule"] - found["montant_publie"]
    assert found["ecart_eur"].tolist() == pytest.approx(gaps.tolist())
    assert len(programs.certificates) == 50
    assert closed.largest_gap_eur == found["ecart_eur"].abs().max()
    with pytest.raises(InfeasibleError, match="too far from the envelope"):
        calibrate_criterion(rule, known(*values), amounts | {"03": 153}, "inconnu")


def test_a_unit_at_the_plafond_is_known_from_below_only():
    amounts = dict(zip(CODES, (400, 300, 150, 100, 50), strict=True))
    found = calibrate_criterion(small(plafond=Fraction(400)), known(8, 6, 3, 2, 1), amounts, "inconnu")
    assert found.multiplier[1] > 1000
    width = found.table["borne_haute"] - found.table["borne_basse"]
    assert width.idxmax() == 0
    assert found.largest_gap_eur <= 0.5 + 1e-6


def test_a_known_part_above_the_published_amount_names_the_unit():
    amounts = dict(zip(CODES, (90, 310, 250, 200, 150), strict=True))
    with pytest.raises(InfeasibleError, match=r"amount of Ain .*: it would have to be 9\.50 € more") as caught:
        calibrate_criterion(small(), known(1, 1, 1, 1, 1), amounts, "inconnu")
    assert caught.value.code == "01"


def test_amounts_that_miss_the_envelope_are_refused_with_both_totals():
    amounts = dict(zip(CODES, (300, 250, 200, 150, 110), strict=True))
    with pytest.raises(InfeasibleError, match="sum to 1010 €, too far from the envelope of 1000 €"):
        calibrate_criterion(small(), known(1, 1, 1, 1, 1), amounts, "inconnu")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (small(plancher=Fraction(120)), "Hautes-Alpes, 100 €, is below its plancher of 120 €"),
        (small(plafond=Fraction(280)), "Ain, 300 €, is above its plafond of 280 €"),
    ],
)
def test_an_amount_out_of_its_bounds_is_refused(rule, message):
    amounts = dict(zip(CODES, (300, 250, 200, 150, 100), strict=True))
    with pytest.raises(InfeasibleError, match=message):
        calibrate_criterion(rule, known(1, 1, 1, 1, 1), amounts, "inconnu")


def test_a_criterion_without_weight_cannot_be_deduced():
    weights = (replace(HALVES[0], poids=Fraction(1)), replace(HALVES[1], poids=Fraction(0)))
    with pytest.raises(RuleError, match="leaves no trace"):
        calibrate_criterion(small(criteres=weights), known(1, 1, 1, 1, 1), dict.fromkeys(CODES, 200), "inconnu")


ROUNDINGS = st.sampled_from([Arrondi(method) for method in ("independant", "plus_forts_restes", "aucun")])


@st.composite
def truths(draw):
    n = draw(st.integers(2, 5))
    values = {
        name: draw(st.lists(st.integers(0, 1000), min_size=n, max_size=n).filter(any)) for name in ("connu", "inconnu")
    }
    envelope = draw(st.integers(1000, 10**7))
    floor = draw(st.none() | st.integers(1, 100).map(lambda part: Fraction(envelope * part // 100, n)))
    cap = draw(st.none() | st.integers(100, 300).map(lambda part: Fraction(envelope * part // 100 + n, n)))
    weight = Fraction(draw(st.integers(1, 9)), 10)
    criteria = (replace(HALVES[0], poids=1 - weight), replace(HALVES[1], poids=weight))
    rule = Rule("essai", "Essai", 2020, Fraction(envelope), CODES[:n], criteria, floor, cap, arrondi=draw(ROUNDINGS))
    return rule, pd.DataFrame({"code_departement": CODES[:n], **values})


@settings(max_examples=25, deadline=None)
@given(truths())
def test_allocate_calibrate_allocate_gives_the_same_amounts(case):
    rule, criteria = case
    try:
        first = allocate(rule, criteria)
    except InfeasibleError:
        return
    assume(first.multiplier < 90 * rule.enveloppe)
    found = calibrate_criterion(rule, criteria, first.final, "inconnu")
    truth = criteria["inconnu"] / criteria["inconnu"].sum()
    assert found.largest_gap_eur <= found.tolerance + 2e-5
    assert (truth >= found.table["borne_basse"] - 1e-9).all()
    assert (truth <= found.table["borne_haute"] + 1e-9).all()
    again = allocate(rule, criteria.assign(inconnu=list(found.centre.values())))
    assert all(abs(again.exact[code] - amount) <= found.tolerance + SLACK for code, amount in first.final.items())


def test_amounts_of_the_largest_remainders_are_known_to_a_euro_and_not_to_half_of_one():
    """101 € shared in 3367, 3367 and 3366 give 34, 34 and 33: with half a euro none fits."""
    weights = (Fraction("0.999"), Fraction("0.001"))
    criteria = tuple(replace(one, poids=weight) for one, weight in zip(HALVES, weights, strict=True))
    rule = Rule("essai", "Essai", 2020, Fraction(101), CODES[:3], criteria)
    frame = pd.DataFrame({"code_departement": CODES[:3], "connu": [3367, 3367, 3366]})
    amounts = dict(zip(CODES, (34, 34, 33), strict=False))
    assert calibrate_criterion(rule, frame, amounts, "inconnu").tolerance == 1
    with pytest.raises(InfeasibleError):
        calibrate_criterion(replace(rule, arrondi=Arrondi("independant")), frame, amounts, "inconnu")


@pytest.mark.parametrize("billions", [2, 27, 100])
def test_an_envelope_of_billions_is_shared_by_numbers_that_floats_can_hold(billions):
    """A float of two billions is known to 4e-7 €, of a hundred to 2e-5 €: more than a solver allows of itself."""
    frame = known(244, 607, 558, 134, 379).assign(inconnu=[938, 619, 486, 641, 595])
    national = small(enveloppe=Fraction(billions * 10**9))
    published = allocate(national, frame)
    centre = compatible_centre(national, frame, published.final, "inconnu")
    again = allocate(national, frame.assign(inconnu=list(centre.values()))).exact
    assert max(abs(again[code] - amount) for code, amount in published.final.items()) <= Fraction(1, 2)


def test_what_cannot_be_is_told_with_all_the_units_that_cannot():
    """The Ain has 100 € of the known criterion alone; where it has 9.50 € more, another has to have less."""
    amounts = dict(zip(CODES, (90, 310, 250, 200, 150), strict=True))
    with pytest.raises(InfeasibleError) as caught:
        calibrate_criterion(small(), known(1, 1, 1, 1, 1), amounts, "inconnu")
    assert caught.value.message == (
        "no shares are compatible with the published amount of Ain (nor with 1 more): it would have to be 9.50 € more"
    )


HALF = tuple(Criterion(c, Fraction(1, 2), 2025, "note", "p. 1") for c in ("enfants", "indice"))


def drawn(seed, count, **bounds):
    """Return a rule, what is known, and the amounts that it publishes, of a drawn criterion."""
    draw = random.Random(seed)
    children = [draw.randint(1, 99) for _ in range(count)]
    return made(children, [draw.choice([0, 1, 1]) * draw.randint(1, 99) for _ in range(count)], **bounds)


def made(children, index, *, plancher=None, plafond=None, methode="independant"):
    """Return a rule of a thousand euros a unit, what is known, and the amounts that it publishes."""
    count = len(children)
    codes = tuple(f"U{rank:05d}" for rank in range(count))
    names = Names({}, dict, Territories({code: Departement(code, code, "", "") for code in codes}, {}, {}, "a unit"))
    envelope = Fraction(1000 * count)
    bounds = {"plancher": plancher and Fraction(plancher), "plafond": plafond and Fraction(plafond)}
    rule = Rule("r", "R", 2025, envelope, codes, HALF, **bounds, arrondi=Arrondi(methode), names=names)
    frame = pd.DataFrame({"code_departement": codes, "enfants": children, "indice": index})
    return rule, frame, allocate(rule, frame).table[["code_departement", "montant_eur"]]


@pytest.mark.parametrize("methode", ["independant", "plus_forts_restes"])
@pytest.mark.parametrize(
    "bounds", [{}, {"plancher": 600}, {"plafond": 1300}, {"plancher": 500, "plafond": 1500}, {"plafond": 1850}]
)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_the_closed_form_gives_the_intervals_of_the_linear_programs(monkeypatch, seed, bounds, methode):
    check_closed(monkeypatch, *drawn(seed, 9, methode=methode, **bounds))


@pytest.mark.parametrize(
    ("children", "index", "bounds"),
    [
        ([64, 59, 77, 10, 42, 70], [90, 0, 22, 58, 55, 0], {"plafond": 1200}),
        (
            [35, 83, 20, 4, 66, 62, 41],
            [0, 47, 0, 0, 49, 37, 34],
            {"plancher": 500, "plafond": 1200, "methode": "plus_forts_restes"},
        ),
        ([1, 47, 61, 35, 82, 58], [77, 0, 0, 19, 48, 0], {"plancher": 600}),
        ([2, 5, 3, 1], [60, 46, 51, 45], {"plancher": 800, "plafond": 1200}),
        ([83, 48, 26, 12], [4, 56, 98, 0], {"plancher": 50, "plafond": 1500, "methode": "plus_forts_restes"}),
        ([99, 31, 83, 6, 20, 14, 47], [32, 70, 0, 0, 28, 36, 0], {"plancher": 300}),
        ([90, 4, 3, 3], [10, 30, 30, 30], {"plafond": 1500}),
    ],
)
def test_the_closed_form_holds_where_the_known_criterion_alone_reaches_a_bound(monkeypatch, children, index, bounds):
    check_closed(monkeypatch, *made(children, index, **bounds))


def check_closed(monkeypatch, rule, frame, amounts):
    programs = calibrate_criterion(rule, frame, amounts, "indice")
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    closed = calibrate_criterion(rule, frame, amounts, "indice")
    for column in ("borne_basse", "borne_haute"):
        np.testing.assert_allclose(closed.table[column], programs.table[column], atol=2e-9)
    assert compatible_centre(rule, frame, amounts, "indice") == closed.centre
    np.testing.assert_allclose(closed.multiplier, programs.multiplier, rtol=1e-9)
    assert closed.largest_gap_eur <= float(closed.tolerance) + 1e-6
    assert closed.table["centre"].between(closed.table["borne_basse"] - 1e-9, closed.table["borne_haute"] + 1e-9).all()
    again = allocate(rule, pd.DataFrame({**frame, "indice": list(closed.centre.values())}))
    assert all(abs(again.exact[code] - value) <= closed.tolerance for code, value in amounts.to_numpy())


def test_what_the_known_criteria_contradict_is_named(monkeypatch):
    rule, frame, amounts = drawn(1, 14)
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    frame.loc[0, "enfants"] = 900
    with pytest.raises(InfeasibleError, match="no shares are compatible with the published amount of U00000"):
        calibrate_criterion(rule, frame, amounts, "indice")


@pytest.mark.parametrize(
    ("children", "plancher", "amounts", "said"),
    [
        ([1, 1, 1, 1, 1], None, (1000, 1000, 410, 1000, 1590), "89.50"),
        ([1, 1, 1, 1, 1], None, (1000, 1000, 499, 1000, 1501), "0.50"),
        ([1, 1, 3, 1, 1], 600, (600, 600, 900, 1450, 1450), "49.50"),
    ],
)
def test_what_a_unit_would_have_to_have_more_is_told_in_euros(monkeypatch, children, plancher, amounts, said):
    """500 € each of the known criterion alone, and less is published, to half a euro.

    With three parts of it in seven, 7500 / 7 € at a lambda of 5000 €, and 950 € at the lowest, of two planchers of 600.
    """
    rule, frame, _ = made(children, [1] * 5, plancher=plancher)
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    with pytest.raises(InfeasibleError, match=f"amount of U00002: it would have to be {said} € more") as caught:
        calibrate_criterion(rule, frame, dict(zip(rule.beneficiaires, amounts, strict=True)), "indice")
    assert caught.value.code == "U00002"


@pytest.mark.parametrize(
    ("children", "index", "bounds", "off"),
    [
        ([0, 6, 8, 4], [0, 69, 36, 0], {"plancher": 800, "plafond": 1200}, 0),
        ([505, 187, 491, 302], [34, 0, 16, 67], {"plancher": 500, "plafond": 1200}, 1),
        ([77, 27, 77], [0, 21, 82], {"plancher": 300, "methode": "plus_forts_restes"}, 3),
        ([123, 757, 667, 899], [11, 0, 0, 23], {"plancher": 600}, 3),
        ([356, 393, 527, 865, 168], [748, 0, 0, 644, 0], {"plafond": 1200}, 2),
        ([221, 992, 432, 743], [0, 0, 962, 567], {"plancher": 300, "plafond": 1300}, 1),
    ],
)
def test_amounts_that_leave_no_room_are_not_told_apart(monkeypatch, children, index, bounds, off):
    rule, frame, amounts = made(children, index, **bounds)
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    with pytest.raises(UnsettledError, match=f"the roundings of the {off} units off the bounds leave no room"):
        calibrate_criterion(rule, frame, amounts, "indice")


def test_a_unit_within_its_rounding_of_both_bounds_is_not_told_apart(monkeypatch):
    rule, frame, amounts = made([1, 2, 3], [1, 1, 1], plancher=999, plafond=1001)
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    with pytest.raises(UnsettledError, match="its plancher and its plafond are both within") as caught:
        calibrate_criterion(replace(rule, arrondi=Arrondi("plus_forts_restes")), frame, amounts, "indice")
    assert caught.value.code == "U00001"


@pytest.mark.slow
def test_thirty_five_thousand_communes_are_told_in_less_than_a_minute():
    rule, frame, amounts = drawn(7, 35_000, plancher=400, plafond=1800, methode="plus_forts_restes")
    start = time.process_time()
    found = calibrate_criterion(rule, frame, amounts, "indice")
    assert time.process_time() - start < 60
    share = frame["indice"] / frame["indice"].sum()
    assert (found.table["borne_basse"] <= share + 1e-15).all()
    assert (share <= found.table["borne_haute"] + 1e-15).all()
    assert found.largest_gap_eur <= 1 + 1e-6
