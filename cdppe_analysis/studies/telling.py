"""Results told in a few French lines: what a scenario changes, what is identified of it, what a calibration finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.calibration.weights import MIXTURE, ProxyFit, WeightIntervals
from cdppe_analysis.errors import written
from cdppe_analysis.rules import Arrondi, Criterion, Garantie
from cdppe_analysis.rules.parts import AMOUNTS, GARANTIE_CHOICES
from cdppe_analysis.simulation.record import short
from cdppe_analysis.studies.identification import Identification
from cdppe_analysis.studies.running import StudyResult
from cdppe_analysis.typography import counted, euros, interval, number, percent

_TOLD = 3
_SURE = 0.95
_ONE_PERCENT = 0.01
_YEAR = 4
"""Digits of a year, which is written without spaces."""


def summary(result: StudyResult | Identification | WeightIntervals | ProxyFit) -> str:
    """Return the lines that tell a result, in French.

    Parameters
    ----------
    result
        What a scenario, an identification or a calibration gave.

    Raises
    ------
    TypeError
        For anything else.

    Examples
    --------
    >>> from cdppe_analysis.data import load_scenario
    >>> from cdppe_analysis.studies.identification import identify
    >>> from cdppe_analysis.studies.preparation import prepare
    >>> from cdppe_analysis.studies.running import run_study
    >>> from cdppe_analysis.typography import NNBSP
    >>> lines = summary(run_study(prepare(load_scenario("plancher-200k")))).replace(NNBSP, " ").splitlines()
    >>> print(lines[0])
    plancher-200k : Minimum de 200 000 € (base : ondam-ms-2020)
    >>> print(lines[1])
      plancher : 200 000 € au lieu de 100 000 €
    >>> print(summary(identify("plancher-200k")).replace(NNBSP, " ").splitlines()[0])
    plancher-200k, quel que soit l'indice : 30 montants connus, 0 formule, 0 ensemble
    """
    match result:
        case StudyResult():
            return "\n".join(_lines(result))
        case Identification():
            return "\n".join(_identified(result))
        case WeightIntervals():
            return " ".join(_weighed(result))
        case ProxyFit():
            return " ".join(_approached(result))
    raise TypeError(f"a {type(result).__name__} has no summary")


def _lines(result: StudyResult) -> Iterator[str]:
    scenario, applied = result.prepared.scenario, result.prepared.applied
    yield f"{scenario.id} : {scenario.titre} (base : {scenario.base})"
    for difference in applied.differences:
        name = difference.chemin.rpartition(".")[2]
        words = _path_words(difference.chemin, result)
        yield f"  {words} : {_change(difference.avant, difference.apres, name)}"
    for path in applied.without_effect:
        yield f"  {_path_words(path, result)} : même valeur que la base, sans effet"
    if scenario.renormaliser:
        weights = [f"{criterion.titre} {percent(criterion.poids)}" for criterion in result.prepared.rule.criteres]
        yield f"  poids divisés par leur somme : {', '.join(weights)}"
    if not applied.differences:
        yield "  Ce scénario ne change rien à la règle."
    comparison = result.comparison
    counts = [f"{number(comparison.measure(name))} {word}" for name, word in _counted(comparison.measure)]
    yield f"  {', '.join(counts)}"
    added, moved, envelope = (
        comparison.measure("argent_ajoute"),
        comparison.measure("argent_deplace"),
        comparison.measure("enveloppe", "avant"),
    )
    if round(added):
        yield f"  {'ajouté à' if added > 0 else 'retiré de'} l'enveloppe : {euros(abs(added))}"
    yield f"  argent qui change de mains : {euros(moved)}, soit {percent(moved / envelope)} de l'enveloppe de base"
    gini, theil, between = (
        _instead(number(comparison.measure(name, "avant"), 3), number(comparison.measure(name), 3))
        for name in ("gini", "theil", "theil_entre_regions")
    )
    weighted = "enfant protégé" if result.prepared.children else "bénéficiaire"
    yield f"  Gini par {weighted} : {gini} ; Theil : {theil}, dont entre régions {between}"
    for words, rows in _extremes(comparison.table):
        yield f"  {words} : {rows}"
    if result.simulation is not None:
        yield from _drawn(result)
    record = result.record
    yield f"  entrées {short(record['empreinte_des_entrees'])}, résultat {short(record['empreinte_du_resultat'])}"


def _drawn(result: StudyResult) -> Iterator[str]:
    simulation = result.simulation
    if simulation is None:
        return
    from cdppe_analysis.simulation.montecarlo import FEWEST

    money = simulation.overall.set_index("mesure").loc["argent_deplace"].to_dict()
    yield f"  {number(simulation.draws)} tirages, graine {simulation.seed}"
    if simulation.draws < FEWEST:
        yield f"  pas assez de tirages pour un intervalle ou une probabilité : il en faut au moins {number(FEWEST)}"
        return
    if simulation.unsolved:
        yield f"  {number(simulation.unsolved)} tirages sans solution, laissés de côté"
    if simulation.without_index:
        worst = simulation.shifts.iloc[simulation.shifts["deplacement"].abs().argmax()]
        yield (
            f"  dont {number(simulation.without_index)} que les montants publiés excluent (aucun indice positif) : les "
            f"autres entrées sont tirées sachant la publication, ce qui déplace leur moyenne de "
            f"{number(worst['deplacement'], 2, signed=True)} écart type au plus ({worst['entree']}, "
            f"{result.prepared.rule.label(worst['code_departement'])})"
        )
    yield (
        f"  argent qui change de mains, intervalle à 90 % : {interval(money['q05'], money['q95'], unit='€')} "
        f"(moyenne connue à {euros(money['erreur_moyenne'])} près)"
    )
    table = simulation.table
    yield (
        f"  gain dans 95 % des tirages au moins : {number((table['probabilite_gain'] >= _SURE).sum())} ; "
        f"perte de même : {number((table['probabilite_perte'] >= _SURE).sum())} ; "
        f"sens partagé entre les tirages : {number(_uncertain(table))}"
    )
    relative = percent(simulation.relative_error)
    if simulation.enough_draws():
        yield f"  assez de tirages : chaque borne d'un intervalle à 90 % est connue à {relative} de sa largeur près"
    else:
        yield (
            f"  pas assez de tirages : une borne d'un intervalle à 90 % n'est connue qu'à {relative} de sa largeur ; "
            f"il en faudrait environ {number(simulation.sufficient_draws())}"
        )


def _uncertain(table: pd.DataFrame) -> int:
    """Count the units that move in some draws, and neither gain nor lose in most; a newcomer does neither."""
    gain, loss = table["probabilite_gain"], table["probabilite_perte"]
    return int(((gain < _SURE) & (loss < _SURE) & (gain + loss > 0)).sum())


def _counted(measure: Any) -> list[tuple[str, str]]:
    words = [
        ("gagnants", "gagnant", "gagnants"),
        ("perdants", "perdant", "perdants"),
        ("inchanges", "inchangé", "inchangés"),
        ("entrants", "entrant", "entrants"),
        ("sortants", "sortant", "sortants"),
    ]
    return [
        (name, one if measure(name) < 2 else several)
        for name, one, several in words
        if measure(name) or name in ("gagnants", "perdants")
    ]


def _extremes(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for words, effect, ascending in (
        ("plus forts gains", "gagnant", False),
        ("plus fortes pertes", "perdant", True),
    ):
        rows = table[table["effet"] == effect]
        rows = rows.sort_values(["difference", "code_departement"], ascending=[ascending, True])
        told = [
            f"{name} {euros(gap, signed=True)} ({percent(part, signed=True)})"
            for name, gap, part in zip(
                rows["libelle_departement"].head(_TOLD), rows["difference"], rows["difference_pct"], strict=False
            )
        ]
        if told:
            yield words, " ; ".join(told)


def _change(before: Any, after: Any, name: str) -> str:
    """Tell how a value of a rule changes; what is absent before or after is said so."""
    if before is None or after is None:
        gone = f"il n'y en a plus ({_value(before, name)} dans la base)"
        return gone if after is None else f"{_value(after, name)} (il n'y en avait pas)"
    return _instead(_value(before, name), _value(after, name))


def _instead(before: str, after: str) -> str:
    return f"{after} avant et après" if after == before else f"{after} au lieu de {before}"


def _path_words(path: str, result: StudyResult) -> str:
    """Return the path of a difference in words, a criterion by its title after what changes in it."""
    rules = (result.prepared.base, result.prepared.rule)
    titles = {criterion.id: f"« {criterion.titre} »" for rule in rules for criterion in rule.criteres}
    first, *rest = (titles.get(part) or _WORDS.get(part, part) for part in path.split("."))
    return ", ".join(reversed(rest) if path.startswith("criteres.") else (first, *rest))


def _value(value: Any, name: str = "") -> str:
    """Return a value of a rule as a line shows it, by the name of its key."""
    if name in AMOUNTS and isinstance(value, Fraction):
        return euros(value, 0 if value.denominator == 1 else 2)
    if name in ("poids", "minimum", "maximum"):
        return percent(value)
    shown = _SHOWN.get(type(value))
    if shown is not None:
        parts = [(key, getattr(value, key)) for key in shown]
        told = [(key, part) for key, part in parts if part is not None and part != _USUAL.get(key)]
        return ", ".join(f"{_WORDS.get(key, key)} {_value(part, key)}" for key, part in told)
    if isinstance(value, tuple):
        if all(isinstance(entry, Criterion) for entry in value):
            return " + ".join(f"{criterion.titre} {percent(criterion.poids)}" for criterion in value)
        return counted(len(value), "code")
    text = written(value) if isinstance(value, Fraction) else str(value)
    if text.isdigit():
        return number(int(text)) if len(text) > _YEAR else text
    return _WORDS.get(text, text)


def _identified(identification: Identification) -> Iterator[str]:
    table = identification.table
    counts = table["nature"].value_counts()
    fixed, formula, sets = (int(counts.get(name, 0)) for name in ("connu", "formule", "ensemble"))
    yield (
        f"{identification.scenario}, quel que soit l'indice : {counted(fixed, 'montant connu')}, "
        f"{counted(formula, 'formule')}, {counted(sets, 'ensemble')}"
    )
    yield f"  hypothèses : {_supposed(identification)}"
    for column, error in (("sens", 0.0), ("sens_erreur", identification.error)):
        signs = table[column].value_counts()
        of_signs = ", ".join(
            counted(count, one, several) for name, one, several in _COUNTED for count in [int(signs.get(name, 0))]
        )
        whole = identification.overall[identification.overall["erreur"].eq(error)].set_index("mesure")
        money, gainers = whole.T["argent_deplace"], whole.T["gagnants"]
        yield f"  effectifs {'imprimés' if not error else f'à {percent(error, 0)} près'} : {of_signs}"
        yield (
            f"    argent qui change de mains : {interval(money['bas'], money['haut'], unit='€')} ; "
            f"gagnants : {interval(gainers['bas'], gainers['haut'])}"
        )
    row: Any
    for row in identification.fragile().itertuples():
        yield f"  {breakdown_sentence(row.libelle_departement, row.sens, row.rupture, row.tient)}"
    left = " ; ".join(f"{name}, {number(count)}" for name, count in identification.information.itertuples(index=False))
    yield f"  signes encore incertains à {percent(identification.error, 0)} près si l'on publiait : {left}"


_COUNTED = (
    ("gain", "gagne", "gagnent"),
    ("perte", "perd", "perdent"),
    ("inchange", "ne change pas", "ne changent pas"),
    ("incertain", "de sens incertain", "de sens incertain"),
)
_SCOPES = {"tous-ages": "tous les enfants accueillis", "hors-jeunes-majeurs-2020": "mineurs estimés"}


def _supposed(identification: Identification) -> str:
    level = "libre" if identification.multiplier is None else f"de {euros(identification.multiplier)}"
    sign = (
        "indice positif ou nul"
        if identification.index_is_positive
        else "indice de signe libre, scores positifs ou nuls"
    )
    scopes = " ou ".join(_SCOPES.get(edition, edition) for edition in identification.perimeters)
    return f"{sign} ; {scopes} ; multiplicateur {level}"


def breakdown_sentence(label: str, sens: str, error: float, held: float = STEPS[-1]) -> str:
    """Tell until which error a sign holds, in French.

    Examples
    --------
    >>> from cdppe_analysis.typography import NNBSP
    >>> breakdown_sentence("Nord", "gain", 0.0723).replace(NNBSP, " ")
    "Nord : gagne tant que l'erreur sur les effectifs reste sous 7,2 %"
    """
    return f"{label} : {sign_words(sens, error, held)}"


def sign_words(sens: str, error: float, held: float) -> str:
    """Tell a sign and until which error it holds, in French.

    Parameters
    ----------
    sens, error, held
        The columns `sens`, `rupture` and `tient` of an `Identification`.

    Examples
    --------
    >>> sign_words("incertain", 0.0, 0.0)
    "gagne ou perd, selon l'indice et les effectifs"
    """
    if sens == "incertain":
        return "gagne ou perd, selon l'indice et les effectifs"
    if sens == "inchange":
        return "ne change pas"
    verb = "gagne" if sens == "gain" else "perd"
    if np.isnan(error):
        if np.isnan(held):
            return f"{verb}, quels que soient les effectifs"
        if held < STEPS[-1]:
            return f"{verb}, au moins tant que l'erreur sur les effectifs reste sous {percent(held, 0)}"
        return f"{verb}, même si chaque effectif est faux de {percent(held, 0)}"
    # Cut, not rounded: below what is printed the sign does hold.
    decimals = 1 if error >= _ONE_PERCENT else 2
    shown = percent(np.floor(error * 10 ** (decimals + 2)) / 10 ** (decimals + 2), decimals)
    return f"{verb} tant que l'erreur sur les effectifs reste sous {shown}"


def _weighed(found: WeightIntervals) -> Iterator[str]:
    near = euros(found.tolerance, 2)
    if found.compatible:
        ranges = ", ".join(
            f"{name} {interval(100 * low, 100 * high, 2, '%')}"
            for name, low, high in found.table[["critere", "borne_basse", "borne_haute"]].itertuples(index=False)
        )
        yield f"À {near} près, les poids compatibles sont : {ranges}."
    else:
        worst = found.certificate.iloc[found.certificate["ecart_eur"].abs().argmax()]
        yield (
            f"Aucun jeu de poids n’explique les montants publiés à {near} près : au mieux, l’écart "
            f"atteint {euros(abs(float(worst['ecart_eur'])))} ({worst['libelle_departement']})."
        )
    alike = found.resemblances[found.resemblances["trop_semblables"].astype(bool)]
    for first, second, moved in alike[["critere_a", "critere_b", "poids_echangeable"]].itertuples(index=False):
        yield (
            f"{first} et {second} se ressemblent trop pour être départagés : {number(100 * moved, 1)} points de poids "
            f"passent de l’un à l’autre sans qu’aucun montant bouge de plus de {euros(2 * found.tolerance, 2)}."
        )


def _approached(found: ProxyFit) -> Iterator[str]:
    names = found.gaps.set_index("code_departement")["libelle_departement"]
    mixture = found.table["proxy"].eq(MIXTURE)
    alone, mixed = (
        (row["proxy"], f"{euros(float(row['ecart_max_eur']))} ({names[row['code_ecart_max']]})")
        for row in (found.table[~mixture].iloc[0], found.table[mixture].iloc[0])
    )
    yield f"La série qui approche le mieux est {alone[0]} : l’écart atteint {alone[1]}."
    yield f"Le meilleur mélange laisse encore {mixed[1]}."
    if len(found.unexplained):
        yield (
            f"Aucun mélange ne peut expliquer {counted(len(found.unexplained), 'bénéficiaire')} sur "
            f"{number(len(names))} : {', '.join(found.unexplained['libelle_departement'])}."
        )


_USUAL = {key: choices[0] for key, choices in GARANTIE_CHOICES.items()}
"""What a garantie does unless it says otherwise."""
_WORDS = {
    "beneficiaires": "bénéficiaires",
    "criteres": "critères",
    "depassement": "dépassement",
    "edition": "édition",
    "independant": "chacun pour soi",
    "methode": "méthode",
    "millesime": "millésime",
    "plus_forts_restes": "plus forts restes",
    "reference": "montants de référence",
    "reference_nulle": "référence nulle",
    "sans_reference": "sans référence",
    "unite_eur": "unité, en euros",
}
"""The keys and the choices of a rule file whose French has more than their letters."""
_SHOWN: Mapping[type, tuple[str, ...]] = {
    Criterion: ("poids", "millesime", "edition"),
    Garantie: ("minimum", "maximum", "reference", *GARANTIE_CHOICES),
    Arrondi: ("methode", "unite_eur"),
}
