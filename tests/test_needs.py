"""Proportions and mean stays as they are printed; places, services and euros; the simulation and Little's law."""

from fractions import Fraction

import numpy as np
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta

from cdppe_analysis.data import Data, load_needs, load_table
from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import (
    Interval,
    MeanStays,
    Service,
    _stays,
    binomial_interval,
    children_concerned,
    children_followed_a_year,
    compatible_counts,
    in_months,
    neighbouring_counts,
    parse_needs,
    places_occupied,
    simulate_occupancy,
)
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables import narrative

FILE = data_dir() / "besoins" / "sessad-ase.yml"


def test_no_count_out_of_the_twenty_young_people_of_the_sas_prints_as_66_percent():
    """Feedback session, Somme: 20 young people followed in 2023, of whom 66 % with a notification."""
    schemes = narrative.dispositifs(Archive.open()).set_index(["nom", "indicateur"])["valeur"]
    size = int(schemes["Service d'accueil séquentiel", "jeunes_accompagnes_2023"])
    percent = schemes["Service d'accueil séquentiel", "part_notification_mdph_2023"]
    assert (size, percent) == (20, 66)
    assert compatible_counts(percent, size) == compatible_counts(percent, size, "troncature") == []
    assert neighbouring_counts(percent, size) == (13, 14)


def test_the_sas_and_its_rate_of_notifications_are_in_both_tables():
    rows = narrative.prevalence(Archive.open())
    assert 66 in rows.loc[rows["population"].str.contains("séquentiel"), "valeur"].tolist()


def test_the_sizes_under_twenty_that_could_print_66_percent_cut_it_down():
    rounded = [size for size in range(1, 21) if compatible_counts(66, size)]
    cut_down = [size for size in range(1, 21) if compatible_counts(66, size, "troncature")]
    assert (rounded, cut_down) == ([], [3, 6, 9, 12, 15, 18])


@given(st.integers(1, 400), st.data())
def test_a_count_is_compatible_with_its_own_rounding(size, data):
    count = data.draw(st.integers(0, size))
    half_up = (200 * count + size) // (2 * size)
    assert count in compatible_counts(half_up, size)
    assert count in compatible_counts(100 * count // size, size, "troncature")


def test_neighbours_of_a_percentage_that_is_exact_are_one():
    assert neighbouring_counts(65, 20) == (13, 13)


def test_the_exact_interval_is_clopper_and_pearson_s():
    interval = binomial_interval(13, 20)
    assert interval.low == pytest.approx(beta.ppf(0.025, 13, 8))
    assert interval.high == pytest.approx(beta.ppf(0.975, 14, 7))


def test_wilson_s_interval_is_within_the_exact_one():
    exact, wilson = binomial_interval(13, 20), binomial_interval(13, 20, method="wilson")
    assert exact.low < wilson.low < wilson.high < exact.high


def test_a_prevalence_that_is_a_range_gives_a_range_of_children():
    assert children_concerned(208064, 0.15, 0.20) == pytest.approx((31209.6, 41612.8))


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.15), (-0.1, 0.2), (0.5, 1.5)])
def test_a_prevalence_that_is_none_is_refused(low, high):
    with pytest.raises(NeedsError):
        children_concerned(1000, low, high)


def test_a_count_above_its_size_is_refused():
    with pytest.raises(NeedsError, match="21 is no count out of 20"):
        binomial_interval(21, 20)


def test_a_percentage_of_nobody_is_refused():
    with pytest.raises(NeedsError, match="66 % of 0 children"):
        compatible_counts(66, 0)


def test_a_half_point_is_rounded_up_and_cut_down():
    """1 out of 200 is 0.5 %, 3 out of 200 is 1.5 %."""
    assert compatible_counts(0, 200) == [0]
    assert compatible_counts(1, 200) == [1, 2]
    assert compatible_counts(0, 200, "troncature") == [0, 1]
    assert compatible_counts(1, 200, "troncature") == [2, 3]
    assert compatible_counts(100, 400) == [398, 399, 400]


@pytest.mark.parametrize(
    ("percent", "size", "neighbours"), [(0, 7, (0, 0)), (1, 7, (0, 1)), (50, 7, (3, 4)), (100, 7, (7, 7))]
)
def test_neighbours_are_the_counts_around_a_percentage(percent, size, neighbours):
    assert neighbouring_counts(percent, size) == neighbours


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percentage_out_of_0_to_100_is_refused(percent):
    for function in (compatible_counts, neighbouring_counts):
        with pytest.raises(NeedsError, match="is no proportion"):
            function(percent, 10)


def test_none_and_all_are_counts_and_nobody_is_no_size():
    assert (binomial_interval(0, 1).low, binomial_interval(1, 1).high) == (0, 1)
    assert binomial_interval(1, 4).value == 0.25
    for count, size in ((-1, 3), (0, 0)):
        with pytest.raises(NeedsError, match="is no count"):
            binomial_interval(count, size)


def test_a_prevalence_may_be_of_all_of_none_or_a_single_value():
    assert children_concerned(10, 0, 1) == (0, 10)
    assert children_concerned(10, 0.5, 0.5) == (5, 5)


def test_a_value_out_of_its_bounds_is_refused():
    with pytest.raises(NeedsError, match="does not stand between"):
        Interval(2.0, 0.0, 1.0)


def test_the_ends_of_an_interval_may_be_its_value():
    assert (Interval(1.0, 1.0, 2.0).value, Interval(2.0, 1.0, 2.0).value) == (1, 2)
    for value in (0.9, 2.1):
        with pytest.raises(NeedsError):
            Interval(value, 1.0, 2.0)


@pytest.fixture(scope="module")
def loiret():
    """Take the three means of the feedback session, box of the introduction."""
    days = narrative.sejours(Archive.open()).set_index("public")["duree_jours"]
    return MeanStays(days["ensemble"], days["handicap"], days["sans_handicap"])


def test_the_loiret_s_means_make_more_than_a_third_of_stays(loiret):
    """(221 - 171) / (304 - 171) = 50/133; with half a day on each, 49/133 to 51/133."""
    share = loiret.share_of_stays()
    assert share.value == pytest.approx(float(Fraction(50, 133)))
    assert (share.low, share.high) == pytest.approx((float(Fraction(49, 133)), float(Fraction(51, 133))))


def test_the_loiret_s_children_with_a_disability_hold_half_of_the_places(loiret):
    share = loiret.share_of_places()
    assert share.value == pytest.approx(50 / 133 * 304 / 221)
    assert (round(share.low, 3), round(share.high, 3)) == (0.509, 0.525)


def test_the_days_contradict_twice_as_long(loiret):
    ratio = loiret.ratio()
    assert ratio.high < 2
    assert round(ratio.value, 2) == 1.78


def test_the_printed_months_give_twice_as_long():
    months = narrative.sejours(Archive.open()).set_index("public")["mois_imprimes"]
    assert months["handicap"] == 2 * months["sans_handicap"]


def test_the_printed_months_are_rounded_for_some_and_cut_down_for_one():
    """304 days are 9.99 months, printed 10; 171 days are 5.62 months, printed 5."""
    table = narrative.sejours(Archive.open()).set_index("public")
    rounded = {public: in_months(days)[0] for public, days in table["duree_jours"].items()}
    cut_down = {public: in_months(days)[1] for public, days in table["duree_jours"].items()}
    assert table["mois_imprimes"].to_dict() == {"ensemble": 7, "handicap": 10, "sans_handicap": 5}
    assert rounded == {"ensemble": 7, "handicap": 10, "sans_handicap": 6}
    assert cut_down == {"ensemble": 7, "handicap": 9, "sans_handicap": 5}


@pytest.mark.parametrize("share", [0.15, 0.20])
def test_no_national_share_gives_the_printed_mean(loiret, share):
    """15 to 20 %, of the stays or of the children present, gives at most 198 days, against 221 printed."""
    assert loiret.implied_by_share_of_stays(share).high < 198.5 < loiret.everyone
    assert loiret.implied_by_share_of_places(share).high < 198.5


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(0.01, 0.99))
def test_a_mixture_gives_back_its_share(h, s, share):
    assume(abs(h - s) > 1)
    means = MeanStays(share * h + (1 - share) * s, h, s, half_rounding=0.0)
    assert means.share_of_stays().value == pytest.approx(share, abs=1e-9)


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(0.01, 0.99))
def test_the_share_of_places_gives_the_mean_back(h, s, share):
    assume(abs(h - s) > 1)
    means = MeanStays(share * h + (1 - share) * s, h, s, half_rounding=0.0)
    held = means.share_of_places().value
    assert means.implied_by_share_of_places(held).value == pytest.approx(means.everyone)


def test_a_mean_outside_both_publics_is_refused():
    with pytest.raises(NeedsError, match="must stand between those of both publics"):
        MeanStays(400, 304, 171)


def test_the_share_of_places_of_the_loiret_is_bounded_by_the_half_days(loiret):
    corners = [(m - s) / (h - s) * h / m for m in (220.5, 221.5) for h in (303.5, 304.5) for s in (170.5, 171.5)]
    share = loiret.share_of_places()
    assert (share.low, share.high) == pytest.approx((min(corners), max(corners)))


def test_the_mean_that_a_share_implies_is_the_arithmetic_or_the_harmonic_one(loiret):
    of_stays, of_places = (
        loiret.implied_by_share_of_stays(0.25),
        loiret.implied_by_share_of_places(0.25),
    )
    assert (of_stays.value, of_stays.low, of_stays.high) == pytest.approx((204.25, 203.75, 204.75))
    assert of_places.value == pytest.approx(1 / (0.25 / 304 + 0.75 / 171))


@pytest.mark.parametrize("implied", [MeanStays.implied_by_share_of_stays, MeanStays.implied_by_share_of_places])
def test_a_share_goes_from_0_to_1_both_included(loiret, implied):
    assert implied(loiret, 0).value == pytest.approx(171)
    assert implied(loiret, 1).value == pytest.approx(304)
    for wrong in (-0.01, 1.01):
        with pytest.raises(NeedsError, match="stands between 0 and 1"):
            implied(loiret, wrong)


def test_means_are_positive_apart_and_may_equal_one_of_the_publics():
    assert MeanStays(304, 304, 171, 0).share_of_stays().value == 1
    assert MeanStays(171, 304, 171, 0).share_of_stays().value == 0
    for means in ((171, 171, 171), (100, 200, 0), (170, 304, 171)):
        with pytest.raises(NeedsError, match="must stand between"):
            MeanStays(*means)


def test_months_are_rounded_half_up():
    """15.21875 days are half a twelfth of 365.25."""
    assert in_months(15.21875) == (1, 0)
    assert in_months(15.2) == (0, 0)


@given(st.floats(100, 1000), st.floats(2000, 3000), *[st.floats(-0.5, 0.5)] * 2)
def test_every_value_that_rounds_to_the_print_is_within_the_bounds(without, with_disability, shift, other_shift):
    ratio = MeanStays(without, with_disability, without).ratio()
    assert ratio.low <= (with_disability + shift) / (without + other_shift) <= ratio.high


@pytest.fixture(scope="module")
def sessad_ase():
    """Call for applications of the Nord, 4.1 and 5.1: 14 places, 276 000 € a year."""
    rows = narrative.dispositifs(Archive.open())
    row = rows[rows["type"].eq("sessad_ase") & rows["indicateur"].eq("dotation")].iloc[0]
    return Service(int(row["places"]), Fraction(int(row["valeur"])))


def test_a_place_of_a_sessad_ase_costs_a_little_less_than_20_000_euros(sessad_ase):
    assert sessad_ase.cost_of_a_place == Fraction(276000, 14)
    assert round(sessad_ase.cost_of_a_place) == 19714


def test_the_fifteen_million_of_2020_are_54_services_and_a_remainder(sessad_ase):
    """ONDAM médico-social 2020: 15 M€."""
    services, left = sessad_ase.bought_with(Fraction(15_000_000))
    assert (services, left) == (54, 96_000)
    assert 54 * 14 < sessad_ase.places_for(Fraction(15_000_000)) < 55 * 14


def test_a_floor_of_100_000_euros_is_five_places(sessad_ase):
    assert int(sessad_ase.places_for(Fraction(100_000))) == 5


def test_a_stay_of_half_a_year_doubles_the_children_a_place_follows():
    assert children_followed_a_year(14, 182.625) == pytest.approx(28)


@given(st.floats(1, 10_000), st.floats(1, 2_000))
def test_children_followed_and_places_occupied_go_back_to_each_other(arrivals, stay):
    assert children_followed_a_year(places_occupied(arrivals, stay), stay) == pytest.approx(arrivals)


def test_a_stay_of_no_day_is_refused():
    with pytest.raises(NeedsError, match="a stay is positive"):
        places_occupied(10, 0)


def test_a_service_without_places_is_refused():
    with pytest.raises(NeedsError, match="a service has places and a cost"):
        Service(0, Fraction(1))


def test_an_amount_that_pays_services_exactly_leaves_nothing(sessad_ase):
    assert sessad_ase.bought_with(Fraction(552_000)) == (2, 0)
    assert sessad_ase.bought_with(Fraction(551_999)) == (1, 275_999)
    assert sessad_ase.places_for(Fraction(138_000)) == 7


def test_no_child_and_no_place_are_allowed_and_less_than_none_is_refused():
    assert places_occupied(0, 100) == 0
    assert children_followed_a_year(0, 100) == 0
    with pytest.raises(NeedsError, match="arrivals are not negative"):
        places_occupied(-1, 100)
    with pytest.raises(NeedsError, match="places are not negative"):
        children_followed_a_year(-1, 100)
    with pytest.raises(NeedsError, match="a stay is positive"):
        children_followed_a_year(1, 0)


def test_a_service_has_at_least_a_place_and_costs_something():
    assert Service(1, Fraction(1)).cost_of_a_place == 1
    with pytest.raises(NeedsError, match="places and a cost: 1, 0"):
        Service(1, Fraction(0))


def test_the_service_is_the_one_that_the_document_prints():
    """aac-sessad-ase-nord, 4.1 and 5.1, as `dispositifs.csv` carries them."""
    printed = load_table("dispositifs")
    printed = printed[(printed["type"] == "sessad_ase") & (printed["indicateur"] == "dotation")]
    service = load_needs("sessad-ase").service
    assert set(printed["places"]) == {service.places}
    assert set(printed["valeur"]) == {float(service.cost_a_year)}


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
    assert found.title == "Un besoin"
    assert (found.service.places, found.service.cost_a_year) == (12, Fraction("240000.5"))
    assert found.prevalence == (Fraction("0.1"), Fraction("0.2"))
    assert found.stay_days == (171, 304)
    assert found.relative_cost == (Fraction("0.9"), Fraction("1.3"))
    assert found.children == ("ase", 2019, None)


@pytest.mark.parametrize("name", ["prevalence", "sejour_jours", "cout_relatif"])
def test_bounds_may_be_equal_but_not_0(name):
    parsed(**{name: bounds(1, 1)})
    with pytest.raises(NeedsError, match=f"{name} needs two bounds above 0"):
        parsed(**{name: bounds(0, 1)})


def test_a_prevalence_above_1_is_refused():
    with pytest.raises(NeedsError, match="at most 1, not 101/100"):
        parsed(prevalence=bounds("0.5", "1.01"))


@pytest.mark.parametrize("law", ["exponentielle", "lognormale", "constante"])
@pytest.mark.parametrize("stay", [171, 304])
def test_the_mean_places_are_arrivals_times_stay(law, stay):
    seen = simulate_occupancy(200, stay, law=law, years=200, generator=np.random.default_rng(0))
    assert abs(seen.places - places_occupied(200, stay)) < 4 * seen.standard_error
    assert seen.standard_error < 0.02 * seen.places


def test_the_same_seed_gives_the_same_places():
    first, second = (
        simulate_occupancy(50, 100, law="lognormale", years=10, generator=np.random.default_rng(0)) for _ in range(2)
    )
    assert first == second


def test_an_unknown_law_is_refused():
    with pytest.raises(NeedsError, match="is no law of stays"):
        simulate_occupancy(50, 100, law="normale", years=10, generator=np.random.default_rng(0))


def test_no_year_to_observe_is_refused():
    with pytest.raises(NeedsError, match="are positive"):
        simulate_occupancy(50, 100, law="constante", years=0, generator=np.random.default_rng(0))


@pytest.mark.parametrize("wrong", [{"arrivals": 0}, {"stay": 0}, {"years": 0}])
def test_what_is_not_above_0_is_refused(wrong):
    given = {"arrivals": 50, "stay": 100, "years": 1} | wrong
    arrivals, stay = given.pop("arrivals"), given.pop("stay")
    with pytest.raises(NeedsError, match="are positive, 0 is not"):
        simulate_occupancy(arrivals, stay, law="lognormale", generator=np.random.default_rng(0), **given)


def test_the_laws_have_the_mean_that_they_are_given_and_their_spread():
    generator = np.random.default_rng(2)
    for law, spread in (("exponentielle", 171.0), ("lognormale", 171.0), ("constante", 0.0)):
        stays = _stays(200_000, 171.0, law, generator)
        assert stays.mean() == pytest.approx(171, rel=0.01)
        assert stays.std() == pytest.approx(spread, rel=0.02, abs=1e-9)


def test_the_standard_error_is_that_of_the_mean_of_twenty_parts():
    """Runs of their own spread as much as each of them says."""
    runs = [
        simulate_occupancy(100, 30, law="exponentielle", years=40, generator=np.random.default_rng(seed))
        for seed in range(60)
    ]
    told = np.mean([run.standard_error for run in runs])
    assert np.std([run.places for run in runs], ddof=1) == pytest.approx(told, rel=0.3)


def test_the_places_are_those_of_the_period_without_its_warm_up():
    seen = simulate_occupancy(1000, 3652.5, law="constante", years=20, generator=np.random.default_rng(3))
    assert seen.places == pytest.approx(10_000, rel=0.03)
