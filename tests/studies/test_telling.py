"""The lines that tell a result."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.calibration.weights import MIXTURE
from cdppe_analysis.data import Data, load_scenario
from cdppe_analysis.errors import InfeasibleError
from cdppe_analysis.rules import Arrondi, Criterion
from cdppe_analysis.simulation.montecarlo import Simulation
from cdppe_analysis.studies import telling
from cdppe_analysis.studies.identification import Identification
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.running import run_study
from cdppe_analysis.studies.telling import breakdown_sentence, summary
from cdppe_analysis.typography import NNBSP


def told(scenario, **options):
    given = load_scenario(scenario) if isinstance(scenario, str) else scenario
    return summary(run_study(prepare(given), **options)).replace(NNBSP, " ")


def test_what_differs_is_told_before_and_after():
    assert "poids, « Enfants de 0 à 17 ans accueillis par l'ASE » : 60,0 % au lieu de 50,0 %" in told("poids-ase-060")


def test_a_year_is_told_without_spaces_and_a_garantie_in_percent():
    text = told("garantie-90-110")
    assert "millésime, « Enfants de 0 à 17 ans accueillis par l'ASE » : 2022 au lieu de 2017" in text
    assert (
        "garantie : minimum 90,0 %, maximum 110,0 %, montants de référence ondam-ms-2020 (il n'y en avait pas)" in text
    )


def test_what_is_taken_away_and_what_stays_equal_are_said():
    """Without the minimum of 100 000 € (circulaire 2020/34), the Gini coefficient stays at 0,209."""
    text = told("plancher-0")
    assert "plancher : il n'y en a plus (100 000 € dans la base)" in text
    assert "Gini par enfant protégé : 0,209 avant et après ; Theil : 0,080 avant et après, dont" in text
    assert "entre régions 0,057 au lieu de 0,056" in text


def test_a_garantie_of_100_percent_is_chosen_in_a_file_and_told(tmp_path):
    """The published amounts sum to 15 000 001 € (annexe7-ondam-2020, B): held in full, a euro must be taken back."""
    header = "".join(f"{key}: essai\n" for key in ("id", "titre", "auteur", "reference", "raisonnement"))
    file, bounds = tmp_path / "garantie.yml", 'garantie: {minimum: "1", reference: ondam-ms-2020'
    file.write_text(
        f"{header}base: ondam-ms-2020\ndifferences:\n  {bounds}, depassement: prorata}}\n", encoding="utf-8"
    )
    [scenario] = Data.open().scenarios(file)
    text = told(scenario)
    assert (
        "garantie : minimum 100,0 %, montants de référence ondam-ms-2020, dépassement prorata (il n'y en avait pas)"
        in text
    )
    assert "0 gagnant, 0 perdant, 30 inchangés" in text
    file.write_text(file.read_text(encoding="utf-8").replace(", depassement: prorata", ""), encoding="utf-8")
    with pytest.raises(InfeasibleError, match="sum to 15000001 €"):
        prepare(Data.open().scenarios(file)[0])


def test_winners_losers_and_the_money_that_changes_hands_are_told():
    text = told("plancher-200k")
    assert "8 gagnants, 22 perdants\n" in text
    assert "argent qui change de mains : 518 461 €, soit 3,5 % de l'enveloppe de base" in text


@pytest.mark.parametrize(
    ("enveloppe", "said"),
    [(20_000_000, "ajouté à l'enveloppe : 5 000 000 €"), (12_000_000, "retiré de l'enveloppe : 3 000 000 €")],
)
def test_what_the_envelope_gains_or_loses_does_not_change_hands(enveloppe, said):
    text = told(replace(load_scenario("plancher-0"), differences=(("enveloppe", enveloppe),), incertitudes=()))
    assert said in text
    assert ("0 perdant" in text) == (enveloppe > 15_000_000)
    assert "argent qui change de mains : 0 €" in text


def test_the_money_of_a_leaver_changes_hands_beside_what_is_added():
    text = told("extension-101-50m")
    assert "ajouté à l'enveloppe : 35 000 000 €" in text
    assert "argent qui change de mains : 112 192 €" in text


def test_one_winner_is_singular():
    assert "29 gagnants, 1 perdant\n" in told("plancher-0")


def test_newcomers_are_told():
    assert "72 entrants, 1 sortant\n" in told("extension-101-15m")


def test_weights_divided_by_their_sum_are_told():
    weights = "accueillis par l'ASE 40,0 %, Indicateur global de besoin, enfants en situation de handicap 40,0 %, "
    assert weights in told("pauvrete")


def test_a_scenario_that_changes_nothing_is_said():
    same = replace(load_scenario("mineurs"), differences=(("plancher", 100_000), ("plafond", None)))
    text = told(same)
    assert "plancher : même valeur que la base, sans effet" in text
    assert "Ce scénario ne change rien à la règle." in text
    assert "0 gagnant, 0 perdant, 30 inchangés" in text


@pytest.mark.parametrize(("draws", "said"), [(50, "pas assez de tirages"), (3000, "assez de tirages : chaque")])
def test_a_run_says_whether_it_has_enough_draws(draws, said):
    assert said in told("mineurs", draws=draws, seed=0, scheduler="synchronous")


def test_a_breakdown_is_cut_and_never_rounded_up():
    said = breakdown_sentence("Nord", "perte", 0.00489).replace(NNBSP, " ")
    assert said == "Nord : perd tant que l'erreur sur les effectifs reste sous 0,48 %"
    assert "même si" in breakdown_sentence("Nord", "gain", np.nan)


def test_what_is_no_result_has_no_summary():
    with pytest.raises(TypeError, match="a dict has no summary"):
        summary({})


def test_what_a_scenario_changes_is_told_in_these_lines():
    """The minimum of 200 000 €: Creuse from 100 000 to 200 000 €, and so on from the published amounts."""
    assert told("plancher-200k").splitlines()[:-1] == [
        "plancher-200k : Minimum de 200 000 € (base : ondam-ms-2020)",
        "  plancher : 200 000 € au lieu de 100 000 €",
        "  8 gagnants, 22 perdants",
        "  argent qui change de mains : 518 461 €, soit 3,5 % de l'enveloppe de base",
        "  Gini par enfant protégé : 0,212 au lieu de 0,209 ; Theil : 0,080 avant et après, dont entre régions "
        "0,055 au lieu de 0,056",
        "  plus forts gains : Creuse +100 000 € (+100,0 %) ; Alpes-de-Haute-Provence +93 061 € (+87,0 %) ; "
        "Meuse +91 335 € (+84,1 %)",
        "  plus fortes pertes : Nord −74 566 € (−3,7 %) ; Ille-et-Vilaine −48 458 € (−3,7 %) ; "
        "Pas-de-Calais −44 284 € (−3,7 %)",
    ]


def test_of_two_equal_gains_or_losses_the_smaller_code_is_told_first():
    gaps = {"01": 5.0, "02": 5.0, "03": 7.0, "04": -5.0, "05": -5.0, "06": -5.0, "07": -5.0}
    table = pd.DataFrame({"code_departement": gaps.keys(), "libelle_departement": [f"U{code}" for code in gaps]})
    table = table.assign(difference=gaps.values(), difference_pct=0.1)[::-1]
    table["effet"] = np.where(table["difference"] > 0, "gagnant", "perdant")
    told_first = [[part.split()[0] for part in rows.split(" ; ")] for _, rows in telling._extremes(table)]
    assert told_first == [["U03", "U01", "U02"], ["U04", "U05", "U06"]]


def test_without_a_series_of_children_inequality_is_told_by_beneficiary():
    assert "Gini par bénéficiaire : " in summary(
        run_study(replace(prepare(load_scenario("plancher-0")), children=None))
    )


def test_the_prints_end_the_lines():
    result = run_study(prepare(load_scenario("plancher-200k")))
    last = summary(result).splitlines()[-1]
    prints = [result.record[name][:12] for name in ("empreinte_des_entrees", "empreinte_du_resultat")]
    assert last == f"  entrées {prints[0]}, résultat {prints[1]}"


def drawn(**changes):
    """Return the lines that tell draws, of four units of which one is new."""
    table = pd.DataFrame(
        {"probabilite_gain": [0.95, 0.5, 0.0, np.nan, 0.0], "probabilite_perte": [0.0, 0.3, 0.0, np.nan, 0.95],
         "q05": 0.0, "q95": 100.0, "erreur_moyenne": 1.0, "erreur_q05": 2.0, "erreur_q95": 1.0}
    )  # fmt: skip
    overall = pd.DataFrame({"mesure": ["argent_deplace"], "q05": [1000.4], "q95": [2000.6], "erreur_moyenne": [3.2]})
    shifts = pd.DataFrame({"entree": ["ase", "igb"], "code_departement": ["23", "59"], "deplacement": [0.1, -0.25]})
    simulation = Simulation(**{
        "table": table, "overall": overall, "draws": 1000, "unsolved": 0, "without_index": 0, "shifts": shifts,
        "seed": 7, **changes,
    })  # fmt: skip
    label = {"23": "Creuse", "59": "Nord"}.__getitem__
    result = SimpleNamespace(simulation=simulation, prepared=SimpleNamespace(rule=SimpleNamespace(label=label)))
    return [line.replace(NNBSP, " ") for line in telling._drawn(result)]


def test_draws_are_told_in_these_lines():
    assert drawn() == [
        "  1 000 tirages, graine 7",
        "  argent qui change de mains, intervalle à 90 % : de 1 000 à 2 001 € (moyenne connue à 3 € près)",
        "  gain dans 95 % des tirages au moins : 1 ; perte de même : 1 ; sens partagé entre les tirages : 1",
        "  assez de tirages : chaque borne d'un intervalle à 90 % est connue à 2,0 % de sa largeur près",
    ]
    assert drawn(draws=99)[1:] == [
        "  pas assez de tirages pour un intervalle ou une probabilité : il en faut au moins 100"
    ]
    assert drawn(draws=100)[1:] == drawn()[1:]


def test_draws_without_a_solution_or_an_index_are_told_with_the_widest_shift():
    lines = drawn(unsolved=12, without_index=5)
    assert lines[1:3] == [
        "  12 tirages sans solution, laissés de côté",
        "  dont 5 que les montants publiés excluent (aucun indice positif) : les autres entrées sont tirées sachant la "
        "publication, ce qui déplace leur moyenne de −0,25 écart type au plus (igb, Nord)",
    ]


def test_too_few_draws_say_how_many_it_would_take():
    frame = pd.DataFrame(
        {"probabilite_gain": [1.0], "probabilite_perte": [0.0], "q05": [0.0], "q95": [100.0], "erreur_moyenne": [4.0],
         "erreur_q05": [1.0], "erreur_q95": [1.0]}
    )  # fmt: skip
    assert drawn(table=frame)[-1] == (
        "  pas assez de tirages : une borne d'un intervalle à 90 % n'est connue qu'à 4,0 % de sa largeur ; "
        "il en faudrait environ 4 000"
    )


def test_a_sign_is_sure_from_95_draws_of_100_and_shared_below():
    table = pd.DataFrame(
        {"probabilite_gain": [0.95, 0.949, 0, 0, 0, np.nan], "probabilite_perte": [0, 0, 0.95, 0, 0.5, np.nan]}
    )
    assert telling._uncertain(table) == 2


def weighed(**changes):
    given = {
        "tolerance": 0.5, "compatible": True,
        "table": pd.DataFrame({"critere": ["ase", "igb"], "borne_basse": [0.25, 0.5], "borne_haute": [0.5, 0.75]}),
        "resemblances": pd.DataFrame(
            {"critere_a": ["ase", "ase"], "critere_b": ["igb", "aeeh"], "poids_echangeable": [0.123, 0.4],
             "trop_semblables": [True, False]}
        ),
        "certificate": pd.DataFrame({"libelle_departement": ["Nord", "Creuse"], "ecart_eur": [12.0, -345.0]}),
        **changes,
    }  # fmt: skip
    return [line.replace(NNBSP, " ") for line in telling._weighed(SimpleNamespace(**given))]


def test_weights_are_told_between_their_ends_with_those_that_look_alike():
    assert weighed() == [
        "À 0,50 € près, les poids compatibles sont : ase de 25,00 à 50,00 %, igb de 50,00 à 75,00 %.",
        "ase et igb se ressemblent trop pour être départagés : 12,3 points de poids passent de l’un à l’autre sans "
        "qu’aucun montant bouge de plus de 1,00 €.",
    ]
    assert weighed(compatible=False)[0] == (
        "Aucun jeu de poids n’explique les montants publiés à 0,50 € près : au mieux, l’écart atteint 345 € (Creuse)."
    )


def test_a_proxy_is_told_with_the_gap_that_it_leaves():
    found = SimpleNamespace(
        gaps=pd.DataFrame({"code_departement": ["59", "23"], "libelle_departement": ["Nord", "Creuse"]}),
        table=pd.DataFrame(
            {
                "proxy": [MIXTURE, "population", "rsa"],
                "ecart_max_eur": [1000.0, 2500.0, 9000.0],
                "code_ecart_max": ["23", "59", "59"],
            }
        ),
        unexplained=pd.DataFrame({"libelle_departement": ["Nord"]}),
    )
    assert [line.replace(NNBSP, " ") for line in telling._approached(found)] == [
        "La série qui approche le mieux est population : l’écart atteint 2 500 € (Nord).",
        "Le meilleur mélange laisse encore 1 000 € (Creuse).",
        "Aucun mélange ne peut expliquer 1 bénéficiaire sur 2 : Nord.",
    ]


def identification(**changes):
    table = pd.DataFrame(
        {
            "code_departement": ["23", "59", "80"],
            "libelle_departement": ["Creuse", "Nord", "Somme"],
            "nature": ["connu", "formule", "ensemble"],
            "sens": ["gain", "perte", "incertain"],
            "sens_erreur": ["gain", "incertain", "incertain"],
            "rupture": [np.nan, 0.0128, 0.0],
            "tient": [np.nan, 0.0128, 0.0],
        }
    )
    overall = pd.DataFrame(
        [("argent_deplace", 0.0, 10.0, 20.0), ("gagnants", 0.0, 1.0, 1.0), ("argent_deplace", 0.02, 5.0, 25.0),
         ("gagnants", 0.02, 1.0, 3.0)], columns=["mesure", "erreur", "bas", "haut"]
    )  # fmt: skip
    information = pd.DataFrame({"chiffre": ["rien de plus", "l'indice"], "incertains": [2, 1]})
    given = {
        "scenario": "essai", "perimeters": ("tous-ages", "autre"), "error": 0.02, "table": table, "overall": overall,
        "information": information, **changes,
    }  # fmt: skip
    return Identification(**given)


def test_what_is_identified_is_told_in_these_lines():
    assert summary(identification()).replace(NNBSP, " ").splitlines() == [
        "essai, quel que soit l'indice : 1 montant connu, 1 formule, 1 ensemble",
        "  hypothèses : indice positif ou nul ; tous les enfants accueillis ou autre ; multiplicateur libre",
        "  effectifs imprimés : 1 gagne, 1 perd, 0 ne change pas, 1 de sens incertain",
        "    argent qui change de mains : de 10 à 20 € ; gagnants : 1",
        "  effectifs à 2 % près : 1 gagne, 0 perd, 0 ne change pas, 2 de sens incertain",
        "    argent qui change de mains : de 5 à 25 € ; gagnants : de 1 à 3",
        "  Nord : perd tant que l'erreur sur les effectifs reste sous 1,2 %",
        "  signes encore incertains à 2 % près si l'on publiait : rien de plus, 2 ; l'indice, 1",
    ]
    twice = pd.concat([identification().table] * 2, ignore_index=True)
    lines = summary(identification(table=twice.assign(sens_erreur=["inchange"] * 4 + ["perte"] * 2))).splitlines()
    assert lines[2].endswith(" : 2 gagnent, 2 perdent, 0 ne change pas, 2 de sens incertain")
    assert lines[4].endswith(" : 0 gagne, 2 perdent, 4 ne changent pas, 0 de sens incertain")
    supposed = summary(identification(multiplier=15_000_000.0, index_is_positive=False)).replace(NNBSP, " ")
    assert "indice de signe libre, scores positifs ou nuls ; " in supposed
    assert "multiplicateur de 15 000 000 €" in supposed


@pytest.mark.parametrize(
    ("sens", "error", "held", "said"),
    [
        ("incertain", 0.0, 0.0, "gagne ou perd, selon l'indice et les effectifs"),
        ("inchange", np.nan, np.nan, "ne change pas"),
        ("gain", np.nan, np.nan, "gagne, quels que soient les effectifs"),
        (
            "perte",
            np.nan,
            STEPS[0],
            f"perd, au moins tant que l'erreur sur les effectifs reste sous {100 * STEPS[0]:.0f} %",
        ),
        ("perte", np.nan, STEPS[-1], f"perd, même si chaque effectif est faux de {100 * STEPS[-1]:.0f} %"),
        ("gain", 0.01, 0.01, "gagne tant que l'erreur sur les effectifs reste sous 1,0 %"),
        ("gain", 0.0099, 0.0, "gagne tant que l'erreur sur les effectifs reste sous 0,99 %"),
        ("gain", 0.1299, 0.0, "gagne tant que l'erreur sur les effectifs reste sous 12,9 %"),
    ],
)
def test_a_sign_is_told_with_what_is_proved_of_it(sens, error, held, said):
    assert telling.sign_words(sens, error, held).replace(NNBSP, " ") == said


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (Fraction(200_000), "plancher", "200 000 €"),
        (Fraction(1, 2), "plancher", "0,50 €"),
        (Fraction(20_000_000), "enveloppe", "20 000 000 €"),
        (Fraction(900_000), "plafond", "900 000 €"),
        (Fraction(9, 10), "minimum", "90,0 %"),
        (2022, "millesime", "2022"),
        (12345, "x", "12 345"),
        (Fraction(1, 3), "x", "1/3"),
        ("plus_forts_restes", "methode", "plus forts restes"),
        *(
            (key, "x", words)
            for key, words in {
                "beneficiaires": "bénéficiaires",
                "criteres": "critères",
                "depassement": "dépassement",
                "edition": "édition",
                "independant": "chacun pour soi",
                "methode": "méthode",
                "millesime": "millésime",
                "reference": "montants de référence",
                "reference_nulle": "référence nulle",
                "sans_reference": "sans référence",
            }.items()
        ),
        (("01", "02"), "beneficiaires", "2 codes"),
        (Arrondi("independant", Fraction(100)), "arrondi", "méthode chacun pour soi, unité, en euros 100"),
    ],
)
def test_a_value_of_a_rule_is_shown_as_a_reader_writes_it(value, name, shown):
    assert telling._value(value, name).replace(NNBSP, " ") == shown


def test_criteria_are_shown_with_their_weights():
    criteria = tuple(Criterion(name, Fraction(1, 2), 2019, "note", "p. 1") for name in ("ase", "igb"))
    assert telling._value(criteria, "criteres").replace(NNBSP, " ") == "ase 50,0 % + igb 50,0 %"
    assert telling._value(criteria[0]).replace(NNBSP, " ") == "poids 50,0 %, millésime 2019"
    edition = replace(criteria[0], edition="tous-ages")
    assert telling._value(edition).replace(NNBSP, " ") == "poids 50,0 %, millésime 2019, édition tous-ages"
