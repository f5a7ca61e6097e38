"""Scenarios: read strictly; a rule changed by path, as a scenario changes it or a notebook does."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cdppe_analysis.errors import EnvelopeError, ScenarioError
from cdppe_analysis.rules import Criterion, Names, Rule, Scenario, apply_scenario, parse_rule, scenario
from cdppe_analysis.rules.scenario import parse_scenarios
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import read_yaml

HEADER = {
    "id": "essai",
    "titre": "Un essai",
    "auteur": "Un auteur",
    "reference": "Une référence",
    "base": "ondam-ms-2020",
    "raisonnement": "Une raison.",
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({**HEADER}, "gives no difference"),
        ({**HEADER, "differences": {}}, "gives no difference"),
        ({**HEADER, "difference": {"plancher": 0}}, "unknown key 'difference'; the nearest is 'differences'"),
        ({**HEADER, "titre": "", "differences": {"plancher": 0}}, "'titre' is missing"),
        ({**HEADER, "auteur": 3, "differences": {"plancher": 0}}, "'auteur' is missing or is no text"),
        ({**HEADER, "renormaliser": "peut-être", "differences": {"plancher": 0}}, "expected 'oui' or 'non'"),
        ({**HEADER, "differences": ["plancher"]}, "expected paths and values"),
        ({**HEADER, "differences": {1: 2}}, "1 is no path"),
        ({**HEADER, "variantes": {"a": 1}}, "expected a list"),
        ("plancher: 0", "expected keys and values"),
        (None, "expected keys and values"),
        (
            {**HEADER, "differences": {"plancher": 0}, "incertitudes": [{"entree": "igb", "loi": "uniforme"}]},
            "'raison' is missing",
        ),
        (
            {**HEADER, "differences": {"plancher": 0}, "hypotheses": [{"critere": "igb", "par": "population"}]},
            "expected a year, found nothing",
        ),
    ],
)
def test_what_is_no_scenario_is_refused(content, said):
    with pytest.raises(ScenarioError, match=said):
        parse_scenarios(content, "essai.yml")


def test_a_file_may_hold_variants_of_one_reasoning():
    content = {
        **HEADER,
        "differences": {"plafond": 10_000_000},
        "variantes": [
            {"id": "0", "titre": "Sans minimum", "differences": {"plancher": None}},
            {"id": "200k", "titre": "Minimum de 200 000 €", "differences": {"plancher": 200_000}},
        ],
    }
    found = parse_scenarios(content, "essai.yml")
    assert [scenario.id for scenario in found] == ["essai-0", "essai-200k"]
    assert {scenario.famille for scenario in found} == {"essai"}
    assert dict(found[1].differences) == {"plafond": 10_000_000, "plancher": 200_000}
    assert found[0].raisonnement == "Une raison."


def test_a_variant_given_twice_is_refused():
    variants = [{"id": "a", "titre": "A", "differences": {"plancher": rank}} for rank in (0, 1)]
    with pytest.raises(ScenarioError, match="'essai-a' is given twice"):
        parse_scenarios({**HEADER, "variantes": variants}, "essai.yml")


def test_a_scenario_renormalises_when_it_says_so():
    [scenario] = parse_scenarios(
        {**HEADER, "renormaliser": "oui", "differences": {"criteres.igb.poids": "1"}}, "essai.yml"
    )
    half = [Criterion(name, Fraction(1, 2), 2020, "note", "p. 1") for name in ("ase_0_17", "igb")]
    base = Rule("ondam-ms-2020", "ONDAM", 2020, Fraction(100), ("23", "59"), tuple(half))
    weights = [criterion.poids for criterion in apply_scenario(base, scenario).rule.criteres]
    assert weights == [Fraction(1, 3), Fraction(2, 3)]


@pytest.mark.parametrize("identifier", ["../../x", "a/b", "a\\b", "nul\0", "x" * 81, "a\nb"])
@pytest.mark.parametrize("of_a_variant", [True, False])
def test_an_id_that_could_name_a_file_elsewhere_is_refused(identifier, of_a_variant):
    own = {"id": identifier, "differences": {"plancher": None}}
    content = {**HEADER, "variantes": [{**own, "titre": "V"}]} if of_a_variant else {**HEADER, **own}
    with pytest.raises(ScenarioError, match="write it without '/'"):
        parse_scenarios(content, "s.yml")


def test_any_other_id_names_a_file_on_any_system():
    own = {"id": "Essai « libre » : n° 1 ?", "differences": {"plancher": None}}
    [scenario] = parse_scenarios({**HEADER, **own}, "s.yml")
    assert scenario.file_stem == "Essai « libre » - n° 1 -"


def test_every_scenario_written_back_alone_is_the_same():
    paths = sorted((data_dir() / "scenarios").glob("*.yml"))
    scenarios = [(path, one) for path in paths for one in parse_scenarios(read_yaml(path), path.name)]
    assert len(scenarios) >= len(paths) > 5
    for path, one in scenarios:
        (again,) = parse_scenarios(one.mapping(), path.name)
        assert replace(again, famille=one.famille) == one


PLACE = {"source": "circulaire-2020-34", "emplacement": "annexe 4, IV.A"}
CONTENT = {
    "id": "ondam-ms-2020",
    "titre": "ONDAM médico-social 2020",
    "millesime": 2020,
    "enveloppe": {"valeur": 15_000_000, "unite": "EUR", **PLACE},
    "beneficiaires": ["23", "59"],
    "criteres": [
        {"id": "ase_0_17", "poids": "0.50", "millesime": 2017, "edition": "tous-ages", **PLACE},
        {"id": "igb", "poids": "0.50", "millesime": 2019, **PLACE},
    ],
    "plancher": {"valeur": 100_000, "unite": "EUR", **PLACE},
    "plafond": None,
    "arrondi": {"methode": "plus_forts_restes", "unite_eur": 1},
}
NAMES = Names({"tous": ["01", "02"]}, lambda: {"ondam-ms-2020": {"23": 100_000, "59": 14_900_000}})
BASE = parse_rule(CONTENT, NAMES, "base.yml")


def applied(differences, *, renormalise=False):
    header = ("essai", "Essai", "A", "R", "ondam-ms-2020", "X")
    return apply_scenario(BASE, Scenario(*header, tuple(differences.items()), renormalise, (), (), "essai"))


def rule(differences, **options):
    return applied(differences, **options).rule


def test_only_what_differs_changes():
    found = rule({"plancher": 50_000})
    assert found.plancher == 50_000
    assert [criterion.poids for criterion in found.criteres] == [Fraction(1, 2)] * 2
    assert found.id == "essai"


def test_the_baseline_is_left_as_it_is():
    applied({"plancher": None, "criteres.igb": None, "criteres.ase_0_17.poids": "1"})
    assert parse_rule(CONTENT, NAMES, "base.yml") == BASE


def test_what_a_scenario_sets_is_a_hypothesis_with_the_scenario_as_its_source():
    found = rule({"plancher": 50_000}).references.plancher
    assert (found.source, found.emplacement, found.statut) == ("scenario essai", "plancher", "hypothese")


def test_null_takes_a_bound_away():
    assert rule({"plancher": None}).plancher is None


def test_a_bound_can_be_added():
    assert rule({"plafond": 10_000_000}).plafond == 10_000_000


def test_weights_are_exact():
    found = rule({"criteres.ase_0_17.poids": "0.285", "criteres.igb.poids": "0.715"})
    assert [criterion.poids for criterion in found.criteres] == [Fraction(57, 200), Fraction(143, 200)]


def test_a_binary_weight_is_refused():
    with pytest.raises(ScenarioError, match="write it as text"):
        applied({"criteres.ase_0_17.poids": 0.285, "criteres.igb.poids": "0.715"})


def test_another_year_drops_the_edition_of_the_baseline_s():
    found = rule({"criteres.ase_0_17.millesime": 2022}).criterion("ase_0_17")
    assert (found.millesime, found.edition) == (2022, None)


def test_another_edition_can_be_named_with_the_year():
    found = rule({"criteres.ase_0_17": {"poids": "0.50", "millesime": 2022, "edition": "hors-jeunes-majeurs-2020"}})
    assert found.criterion("ase_0_17").edition == "hors-jeunes-majeurs-2020"


def test_a_criterion_can_be_added_and_the_weights_divided_by_their_sum():
    found = rule({"criteres.menages_pauvres": {"poids": "0.25", "millesime": 2016}}, renormalise=True)
    assert [criterion.poids for criterion in found.criteres] == [Fraction(2, 5), Fraction(2, 5), Fraction(1, 5)]


def test_a_criterion_can_be_taken_away():
    found = rule({"criteres.igb": None, "criteres.ase_0_17.poids": "1"})
    assert [criterion.id for criterion in found.criteres] == ["ase_0_17"]


def test_all_criteria_can_be_replaced():
    found = rule({"criteres": [{"id": "population", "poids": "1", "millesime": 2020}]})
    assert [criterion.id for criterion in found.criteres] == ["population"]


def test_the_order_in_which_differences_are_written_changes_nothing():
    differences = {"criteres.igb": None, "criteres.ase_0_17.poids": "1", "plancher": 0}
    assert rule(differences) == rule(dict(reversed(differences.items())))


def test_beneficiaries_can_be_a_named_list():
    assert rule({"beneficiaires": "tous"}).beneficiaires == ("01", "02")


def test_a_garantie_can_be_added_and_one_of_its_parts_changed():
    whole = {"minimum": "0.9", "maximum": "1.1", "montants": {"23": 100_000, "59": 14_900_000}}
    assert rule({"garantie": whole}).garantie.maximum == Fraction(11, 10)


def test_the_envelope_can_be_a_number_or_its_part():
    assert rule({"enveloppe": 50_000_000}).enveloppe == rule({"enveloppe.valeur": 50_000_000}).enveloppe


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("criteres.igv.poids", "criteres.igb.poids"),
        ("criteres.igb.poid", "criteres.igb.poids"),
        ("planchers", "plancher"),
        ("plancher.valuer", "plancher.valeur"),
        ("beneficiaire", "beneficiaires"),
        ("arrondi.method", "arrondi.methode"),
    ],
)
def test_an_unknown_path_names_the_nearest_known(path, near):
    with pytest.raises(ScenarioError, match=f"unknown path '{path}'; the nearest is '{near}'"):
        applied({path: "1"})


def test_weights_that_no_longer_sum_to_1_are_refused_with_their_sum():
    with pytest.raises(ScenarioError, match=r"sum to 1\.1, not to 1: ase_0_17 0\.6, igb 0\.5; say `renormaliser: oui`"):
        applied({"criteres.ase_0_17.poids": "0.60"})


def test_weights_that_do_not_sum_to_1_are_divided_when_the_scenario_says_so():
    found = rule({"criteres.ase_0_17.poids": "0.60"}, renormalise=True)
    assert [criterion.poids for criterion in found.criteres] == [Fraction(6, 11), Fraction(5, 11)]


def test_a_negative_weight_is_refused_even_when_weights_are_divided():
    with pytest.raises(ScenarioError, match="a weight is negative"):
        applied({"criteres.ase_0_17.poids": "-0.5"}, renormalise=True)
    with pytest.raises(ScenarioError, match=r"a weight is negative: ase_0_17 1\.5, igb -0\.5"):
        applied({"criteres.ase_0_17.poids": "1.5", "criteres.igb.poids": "-0.5"})


def test_weights_that_are_all_0_cannot_be_divided():
    with pytest.raises(ScenarioError, match="all weights are 0"):
        applied({"criteres.ase_0_17.poids": "0", "criteres.igb.poids": "0"}, renormalise=True)


@pytest.mark.parametrize(
    "differences",
    [
        {"plancher": "100000.0"},
        {"plancher": {"valeur": 100_000}},
        {"criteres.igb.poids": "0.5"},
        {"criteres.igb.poids": "1/2"},
        {"beneficiaires": ["59", "23"]},
        {"plafond": None},
        {"criteres.ase_0_17.millesime": 2017},
    ],
)
def test_a_difference_that_differs_in_nothing_is_named(differences):
    found = applied(differences)
    assert found.without_effect == tuple(differences)
    assert found.differences == ()


def test_what_changed_is_told_before_and_after():
    for more in ({"variantes": ["autre"]}, {"edition": "autre"}):
        whole = {"poids": "0.50", "millesime": 2017, "edition": "tous-ages", **more}
        [difference] = applied({"criteres.ase_0_17": whole}).differences
        assert (difference.avant.id, difference.apres.id) == ("ase_0_17", "ase_0_17")
    [difference] = applied({"plancher": 50_000}).differences
    assert (difference.chemin, difference.avant, difference.apres) == ("plancher", 100_000, 50_000)


def test_the_part_of_a_criterion_is_told_before_and_after():
    found = applied({"criteres.ase_0_17.edition": "autre", "criteres.igb.millesime": 2020, "criteres.igb.poids": "0.5"})
    assert [(one.chemin, one.avant, one.apres) for one in found.differences] == [
        ("criteres.ase_0_17.edition", "tous-ages", "autre"),
        ("criteres.igb.millesime", 2019, 2020),
    ]
    assert found.without_effect == ("criteres.igb.poids",)


def test_the_parts_of_a_criterion_that_stay_keep_their_words_and_take_the_new_source():
    weighted = rule({"criteres.ase_0_17.poids": "0.6", "criteres.igb.poids": "0.4"}).criterion("ase_0_17")
    assert (weighted.edition, weighted.millesime) == ("tous-ages", 2017)
    found = rule({"criteres.ase_0_17.edition": "autre"}).criterion("ase_0_17")
    assert (found.poids, found.millesime) == (Fraction(1, 2), 2017)
    assert (found.source, found.emplacement, found.statut) == (
        "scenario essai",
        "criteres.ase_0_17.edition",
        "hypothese",
    )


def test_overlapping_differences_are_refused():
    with pytest.raises(ScenarioError, match="overlap"):
        applied({"criteres.igb": None, "criteres.igb.poids": "0.2"})
    longer = {"criteres.igb": None, "criteres.igb_2020": {"poids": "0.5", "millesime": 2020}}
    assert [criterion.id for criterion in rule(longer).criteres] == ["ase_0_17", "igb_2020"]


def test_a_part_of_a_bound_that_the_baseline_lacks_is_refused():
    with pytest.raises(ScenarioError, match="has no plafond"):
        applied({"plafond.valeur": 10})


def test_a_year_and_its_edition_are_set_whatever_their_order():
    year, edition = ("criteres.ase_0_17.millesime", 2022), ("criteres.ase_0_17.edition", "hors-jeunes-majeurs-2020")
    for order in ([year, edition], [edition, year]):
        found = BASE.changed(dict(order)).criterion("ase_0_17")
        assert (found.millesime, found.edition) == (2022, "hors-jeunes-majeurs-2020")


def test_a_garantie_may_name_published_amounts_and_keeps_them_when_a_part_changes():
    whole = rule({"garantie": {"minimum": "0.9", "reference": "ondam-ms-2020"}})
    other = whole.changed({"garantie.minimum": "0.8"})
    assert other.garantie == replace(whole.garantie, minimum=Fraction(4, 5))
    assert dict(other.garantie.montants) == {"23": 100_000, "59": 14_900_000}


def test_unknown_reference_amounts_are_refused_with_the_nearest():
    with pytest.raises(ScenarioError, match="no reference amounts 'ondam-2020'; the nearest is 'ondam-ms-2020'"):
        rule({"garantie": {"minimum": "0.9", "reference": "ondam-2020"}})


def test_a_rule_changed_twice_is_the_rule_changed_at_once():
    weights = {"criteres.ase_0_17.poids": "0.40", "criteres.igb.poids": "0.60"}
    at_once = BASE.changed({**weights, "plancher": 50_000})
    twice = BASE.changed(weights).changed({"plancher": 50_000})
    assert (twice.criterion("igb").poids, twice.plancher) == (at_once.criterion("igb").poids, at_once.plancher)
    assert twice.id == "ondam-ms-2020-modifiee-modifiee"


def test_bounds_that_do_not_fit_carry_both_figures():
    with pytest.raises(EnvelopeError) as caught:
        rule({"plancher": 8_000_000})
    error = caught.value
    assert (error.side, error.bounds, error.envelope, error.count) == ("bas", 16_000_000, 15_000_000, 2)
    with pytest.raises(EnvelopeError) as caught:
        rule({"plafond": 7_000_000})
    assert (caught.value.side, caught.value.bounds) == ("haut", 14_000_000)


def test_the_known_paths_are_those_of_every_part():
    assert scenario._known_paths(BASE.criteres) == (
        "millesime", "beneficiaires", "criteres",
        "enveloppe", "enveloppe.valeur", "plancher", "plancher.valeur", "plafond", "plafond.valeur",
        "garantie", "garantie.minimum", "garantie.maximum", "garantie.reference", "garantie.montants",
        "garantie.sans_reference", "garantie.reference_nulle", "garantie.depassement",
        "arrondi", "arrondi.methode", "arrondi.unite_eur",
        "criteres.ase_0_17", "criteres.ase_0_17.poids", "criteres.ase_0_17.millesime", "criteres.ase_0_17.edition",
        "criteres.igb", "criteres.igb.poids", "criteres.igb.millesime", "criteres.igb.edition",
    )  # fmt: skip


def test_the_year_and_the_rounding_of_a_rule_can_change():
    assert rule({"millesime": 2021}).millesime == 2021
    assert rule({"arrondi": {"methode": "aucun"}}).arrondi.methode == "aucun"
    unit = rule({"arrondi.unite_eur": 100}).arrondi
    assert (unit.methode, unit.unite_eur) == ("plus_forts_restes", 100)
    method = rule({"arrondi.methode": "independant"}).arrondi
    assert (method.methode, method.unite_eur) == ("independant", 1)


def test_each_part_of_a_garantie_can_change_alone():
    amounts = {"23": 100_000, "59": 14_900_000}
    before = rule({"garantie": {"minimum": "0.9", "maximum": "1.1", "montants": amounts}})
    assert before.garantie.minimum == Fraction(9, 10)
    changed = {
        "maximum": ("1.2", Fraction(6, 5)),
        "minimum": (None, None),
        "sans_reference": ("libre", "libre"),
        "reference_nulle": ("bornee", "bornee"),
        "depassement": ("prorata", "prorata"),
        "montants": ({"23": 110_000, "59": 14_800_000}, (("23", Fraction(110_000)), ("59", Fraction(14_800_000)))),
    }
    for part, (value, expected) in changed.items():
        found = before.changed({f"garantie.{part}": value}).garantie
        assert found == replace(before.garantie, **{part: expected}), part
    named = before.changed({"garantie.reference": "ondam-ms-2020"})
    assert (named.garantie.reference, named.garantie.montants) == ("ondam-ms-2020", before.garantie.montants)
    assert named.references.garantie.emplacement == "garantie.reference"
    assert named.changed({"garantie.minimum": "0.5"}).garantie.reference == "ondam-ms-2020"
    assert named.garantie == before.garantie, "another name of the same amounts is no difference"


def test_a_part_of_a_garantie_that_was_not_there_makes_one():
    with pytest.raises(ScenarioError, match="either 'reference' or 'montants'"):
        rule({"garantie.minimum": "0.9"})


def test_a_criterion_given_whole_takes_the_place_of_its_own():
    found = rule({"criteres.ase_0_17": {"poids": "0.50", "millesime": 2022}})
    assert [criterion.id for criterion in found.criteres] == ["ase_0_17", "igb"]
    assert (found.criteres[0].source, found.criteres[0].emplacement) == ("scenario essai", "criteres.ase_0_17")
    assert found.criteres[1] == BASE.criteres[1]


def test_a_criterion_that_was_taken_away_has_no_parts():
    with pytest.raises(ScenarioError, match="overlap"):
        applied({"criteres": [{"id": "a", "poids": "1", "millesime": 2020}], "criteres.igb.poids": "1"})
    with pytest.raises(ScenarioError, match="expected keys and values"):
        applied({"criteres.igb": "0.5"})
    with pytest.raises(ScenarioError, match="the key 'poids' is missing"):
        applied({"criteres.igb.poids": None})
    with pytest.raises(ScenarioError, match="a rule needs an envelope"):
        applied({"enveloppe": None})


def test_differences_are_told_in_the_order_they_were_written():
    nothing = {"plafond": None, "garantie": None, "arrondi.methode": "plus_forts_restes"}
    found = applied({"plancher": 50_000, "enveloppe": 16_000_000, "beneficiaires": "tous", **nothing})
    assert [difference.chemin for difference in found.differences] == ["plancher", "enveloppe", "beneficiaires"]
    assert (found.differences[2].avant, found.differences[2].apres) == (("23", "59"), "tous")
    assert found.without_effect == tuple(nothing)
    assert found.rule.liste == "tous"


def test_a_weight_of_0_stays_where_weights_are_divided():
    found = rule({"criteres.igb.poids": "0"}, renormalise=True)
    assert [criterion.poids for criterion in found.criteres] == [1, 0]


def uncertain(**own):
    entry = {"entree": "igb", "loi": "uniforme", "raison": "r", **own}
    [found] = parse_scenarios({**HEADER, "differences": {"plancher": 0}, "incertitudes": [entry]}, "essai.yml")
    return found


def test_an_uncertain_input_is_read_with_its_own_words():
    bare, full = (
        uncertain(**own).incertitudes[0]
        for own in ({}, {"groupe": "g", "sur": "base", "unites": ["23", 59], "parametres": {"bas": 0, "haut": 2}})
    )
    assert (bare.groupe, bare.sur, bare.unites, bare.parametres) == ("igb", "les_deux", None, ())
    assert (full.groupe, full.sur, full.unites, full.parametres) == (
        "g",
        "base",
        ("23", "59"),
        (("bas", 0), ("haut", 2)),
    )
    assert (full.entree, full.loi, full.raison) == ("igb", "uniforme", "r")
    with pytest.raises(ScenarioError, match="expected one of les_deux, scenario, base, found 'ailleurs'") as refused:
        uncertain(sur="ailleurs")
    assert refused.value.cell == "essai.yml, incertitudes, entry 1.sur"
    written_back = uncertain(sur="scenario", unites=["23"]).mapping()["incertitudes"][0]
    assert (written_back["sur"], written_back["unites"]) == ("scenario", ["23"])
    assert not {"sur", "unites"} & set(uncertain().mapping()["incertitudes"][0])


def test_what_is_supposed_of_a_criterion_is_read_with_its_own_words():
    entry = {"critere": "igb", "par": "population", "millesime": 2019, "raison": "r"}
    bare, full = (
        parse_scenarios({**HEADER, "differences": {"plancher": 0}, "hypotheses": [{**entry, **own}]}, "e")[
            0
        ].hypotheses[0]
        for own in ({}, {"edition": "e", "dispersion": "nulle"})
    )
    assert (bare.critere, bare.par, bare.millesime, bare.raison) == ("igb", "population", 2019, "r")
    assert (bare.edition, bare.dispersion, full.edition, full.dispersion) == (None, "observee", "e", "nulle")


@pytest.mark.parametrize(("said", "meant"), [(True, True), (False, False), ("oui", True), ("non", False)])
def test_yes_and_no_are_said_in_french_or_in_yaml(said, meant):
    [found] = parse_scenarios({**HEADER, "differences": {"plancher": 0}, "renormaliser": said}, "essai.yml")
    assert found.renormaliser is meant


@pytest.mark.parametrize(("length", "fits"), [(80, True), (81, False)])
def test_an_id_has_80_letters_at_most(length, fits):
    content = {**HEADER, "id": "n" * length, "differences": {"plancher": 0}}
    if fits:
        assert parse_scenarios(content, "essai.yml")[0].id == "n" * length
    else:
        with pytest.raises(ScenarioError, match=rf"the id '{'n' * 40}…' names files: .* in at most 80 characters"):
            parse_scenarios(content, "essai.yml")


def test_a_variant_takes_its_own_words_and_else_those_of_its_file():
    content = {
        **HEADER, "titre": " Un essai ", "differences": {"plancher": 0},
        "variantes": [
            {"id": "a", "titre": "A"},
            {"id": "b", "titre": "B", "raisonnement": "Autre.", "differences": {"plancher": 5}},
        ],
    }  # fmt: skip
    first, second = parse_scenarios(content, "essai.yml")
    assert [(one.id, one.titre, one.raisonnement, one.famille) for one in (first, second)] == [
        ("essai-a", "A", "Une raison.", "essai"), ("essai-b", "B", "Autre.", "essai"),
    ]  # fmt: skip
    assert (first.differences, second.differences) == ((("plancher", 0),), (("plancher", 5),))


def test_the_name_of_a_file_keeps_what_any_system_keeps():
    [found] = parse_scenarios({**HEADER, "id": 'a<b>c:d"e|f?g*h', "differences": {"plancher": 0}}, "essai.yml")
    assert found.file_stem == "a-b-c-d-e-f-g-h"


def test_weights_are_not_divided_unless_the_scenario_says_so():
    [found] = parse_scenarios({**HEADER, "differences": {"plancher": 0}}, "essai.yml")
    assert found.renormaliser is False


def test_the_amounts_of_a_garantie_take_the_place_of_its_reference_and_the_other_way_round():
    named = rule({"garantie": {"minimum": "0.5", "reference": "ondam-ms-2020"}})
    other = named.changed({"garantie.montants": {"23": 10, "59": 20}})
    assert (other.garantie.reference, dict(other.garantie.montants)) == (None, {"23": 10, "59": 20})
    back = other.changed({"garantie.reference": "ondam-ms-2020"})
    assert (back.garantie.reference, back.garantie.montants) == ("ondam-ms-2020", named.garantie.montants)
    looser = other.changed({"garantie.minimum": "0.4"})
    assert (looser.garantie.minimum, looser.garantie.montants) == (Fraction(2, 5), other.garantie.montants)
