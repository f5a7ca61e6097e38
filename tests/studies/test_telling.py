"""The lines that tell a result."""

from dataclasses import replace

import numpy as np
import pytest

from cdppe_analysis.data import Data, load_scenario
from cdppe_analysis.errors import InfeasibleError
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
    assert "72 entrants, 1 sortant" in told("extension-101-15m")


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
