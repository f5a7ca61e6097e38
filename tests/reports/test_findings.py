"""The key figures of the index, against the published tables."""

from __future__ import annotations

import pandas as pd

from cdppe_analysis.data import Data
from cdppe_analysis.reports.findings import findings


def test_the_amounts_per_child_are_those_of_the_two_tables():
    data = Data.open()
    series = data.table("criteres")
    children = series[
        series["critere"].eq("ase_0_17") & series["millesime"].eq(2017) & series["edition"].eq("tous-ages")
    ]
    rates = pd.Series(data.published["ondam-ms-2020"]) / children.set_index("code_departement")["valeur"]
    said = findings()
    assert (said["moindre"], said["plus"]) == (f"{rates.min():.0f}\u202f€", f"{rates.max():.0f}\u202f€")
    assert said["rapport"] == f"{rates.max() / rates.min():.1f}".replace(".", ",")


def test_the_rates_that_reach_their_target_are_counted_one_by_one():
    pmi = Data.open().table("pmi")
    last = pmi[pmi["annee"].eq(2023)].dropna(subset=["valeur"])
    reached = {"epp": 20, "epnp": 12, "vad_infirmiere": 15, "consultation": 20}
    known = last[last["indicateur"].isin(reached)]
    assert findings()["taux_connus"] == str(len(known))
    assert findings()["cibles_atteintes"] == str(
        sum(row.valeur >= reached[row.indicateur] for row in known.itertuples())
    )


def test_what_the_money_covers_is_what_it_pays_over_what_is_expected():
    assert (findings()["places"], findings()["couverture"]) == ("761", "de 6 à 8\u202f%")
    assert (findings()["deplace_ase"], findings()["deplace_population"]) == ("17\u202f%", "11\u202f%")
