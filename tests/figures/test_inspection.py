"""The inspection sees what an eye would see."""

import ast
import dataclasses
import inspect
import itertools
import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from cdppe_analysis import figures
from cdppe_analysis.figures import Scale, circles, ranked_bars
from cdppe_analysis.figures.inspection import defects, placed_texts
from cdppe_analysis.figures.page import NARROW
from cdppe_analysis.figures.ranges import QUANTILES
from cdppe_analysis.simulation.measures import lorenz_curves
from cdppe_analysis.territories import departement


def test_a_sound_figure_has_no_defect(wave, words):
    assert defects(circles(wave, "montant_eur", words, not_concerned="others")) == []


def test_a_text_outside_the_canvas_is_seen(wave, words):
    carte = ranked_bars(wave, "montant_eur", words)
    carte.figure.text(0.98, 0.5, "un texte qui sort de la page")
    assert [d for d in defects(carte) if d.startswith("texte coupé : 'un texte")]


def test_a_text_over_another_is_seen(wave, words):
    carte = ranked_bars(wave, "montant_eur", words)
    x, y = carte.figure.texts[0].get_position()
    carte.figure.text(x, y, "par-dessus")
    assert [d for d in defects(carte) if d.startswith("textes superposés")]


def test_a_missing_source_and_a_poor_alternative_are_seen(wave, words):
    carte = ranked_bars(wave, "montant_eur", words)
    next(text for text in carte.figure.texts if text.get_gid() == "source").remove()
    poor = dataclasses.replace(carte, alternative=carte.title)
    assert {"il manque : source", "le texte de remplacement ne dit rien de plus que le titre"} <= set(defects(poor))


def test_ticks_of_an_axis_that_is_switched_off_are_not_texts(wave, words):
    carte = circles(wave, "montant_eur", words, not_concerned="others")
    assert "0.0" not in {placed.text for placed in placed_texts(carte.figure)}


def test_the_gallery_shows_one_of_each_kind_of_figure():
    cells = json.loads((Path(__file__).parents[2] / "notebooks" / "90-galerie.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    called = {
        node.func.id
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    kinds = {"Illustration", "InteractiveMap", "ReadableTable"}
    drawing = [name for name in figures.__all__ if inspect.isfunction(getattr(figures, name))]
    shown = [name for name in drawing if inspect.signature(getattr(figures, name)).return_annotation in kinds]
    assert len(shown) >= 17
    assert set(shown) - called == set()


RATE, EUROS = Scale("‰", 1, "Enfants accueillis pour 1 000 jeunes"), Scale(legend="Montant publié")


STEPS = pd.DataFrame({"etape": ["critère ASE", "indice de besoin", "plafond"], "euros": [60000.0, 52192.0, -5000.0]})


def grid():
    points = [(i, j, 8 - i - j) for i, j in itertools.product(range(9), repeat=2) if i + j <= 8]
    return pd.DataFrame(points, columns=["a", "b", "c"]) / 8


KINDS = {
    "ranked_bars": lambda on: figures.ranked_bars(
        on.some, "prorata", on.words, baseline="montant_eur", highlight=["59"]
    ),
    "ranked_bars of all": lambda on: figures.ranked_bars(on.every, "taux", on.words, RATE, baseline=11.6),
    "by_region": lambda on: figures.by_region(on.every, "taux", on.words, RATE, average=11.6),
    "choropleth": lambda on: figures.choropleth(
        on.every, "taux", on.words, RATE, labels=["58", "59", "33", "75", "66", "57"]
    ),
    "diverging": lambda on: figures.choropleth(
        on.every, "ecart", on.words, Scale("‰", 1, center=0, classes=6), labels=["62"]
    ),
    "circles": lambda on: figures.circles(
        on.every, "ase_2017", on.words, Scale("enfants"), labels=["59", "62", "13", "93", "94"]
    ),
    "signed circles": lambda on: figures.circles(on.every, "ecart", on.words, Scale("‰", 1), signed=True),
    "choropleth_and_circles": lambda on: figures.choropleth_and_circles(
        on.some,
        "euros_par_enfant",
        "montant_eur",
        on.words,
        EUROS,
        EUROS,
        not_concerned="others",
        labels=["59", "62", "82", "95"],
    ),
    "before_after": lambda on: figures.before_after(on.every, "taux", "ecart", on.words, RATE),
    "small_multiples": lambda on: figures.small_multiples(on.every, ["taux", "ecart", "jeunes_2019"], on.words, RATE),
    "bivariate": lambda on: figures.bivariate(
        on.every, "taux", "pauvrete_2019", on.words, RATE, Scale("%", 1), labels=["59"]
    ),
    "dumbbells": lambda on: figures.dumbbells(on.some, "prorata", "montant_eur", on.words),
    "waterfall": lambda on: figures.waterfall(STEPS, "etape", "euros", on.words, start=1000.0),
    "intervals": lambda on: figures.intervals(
        on.some.head(9),
        "nom",
        on.words,
        EUROS,
        kind="tirages",
        estimate="prorata",
        low="bas",
        high="haut",
        group="code_region",
    ),
    "dots": lambda on: figures.dots(on.some, "nom", "montant_eur", on.words, EUROS),
    "distribution": lambda on: figures.distribution(
        on.every.assign(acte="accueil", but=12.0), "acte", "taux", on.words, RATE, target="but"
    ),
    "quantile_fans": lambda on: figures.quantile_fans(
        on.some.assign(
            **{
                name: on.some["montant_eur"] * part
                for name, part in zip(QUANTILES, (0.8, 0.9, 1, 1.1, 1.3), strict=True)
            }
        ),
        on.words,
        reference="prorata",
    ),
    "lorenz": lambda on: figures.lorenz(
        lorenz_curves({"publié": on.some["montant_eur"]}, on.some["enfants"]), on.words
    ),
    "scatter": lambda on: figures.scatter(
        on.some, "prorata", "montant_eur", on.words, EUROS, Scale(legend="prorata"), named=12
    ),
    "logarithmic scatter": lambda on: figures.scatter(
        on.some, "prorata", "montant_eur", on.words, EUROS, logarithmic=True
    ),
    "scatter of two units": lambda on: figures.scatter(
        on.every, "pauvrete_2019", "taux", on.words, RATE, Scale("%"), identity=False
    ),
    "ternary": lambda on: figures.ternary(
        grid().assign(gap=lambda points: points["a"] - 0.3),
        {"a": "ASE", "b": "indice de besoin", "c": "ménages pauvres"},
        {"Nord": "gap", "Moselle": "gap"},
        (0.5, 0.5, 0.0),
        on.words,
    ),
}


@pytest.fixture(scope="module")
def kind(request, wave, france, words):
    """Give a figure of a kind, drawn on the real figures."""
    prorata = wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum()
    names = wave["code_departement"].map(lambda code: departement(code).libelle)
    some = wave.assign(prorata=prorata, bas=0.9 * prorata, haut=1.2 * prorata, nom=names)
    every = france.assign(ecart=france["taux"] - france["taux"].median())
    return KINDS[request.param](SimpleNamespace(words=words, every=every, some=some))


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_no_kind_of_figure_has_a_text_over_another_wide_or_narrow(kind):
    assert defects(kind) == []
    assert defects(kind, narrow=True) == []


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_no_letter_of_a_narrow_figure_is_smaller_than_12_pixels_on_a_telephone(kind):
    """At 390 pixels wide: a point of the page is 390 / (72 * its inches) pixels."""
    figure = kind.draw(NARROW)
    pixels = 390 / (72 * figure.get_figwidth())
    sizes = {placed.text: placed.size * pixels for placed in placed_texts(figure)}
    assert {text: size for text, size in sizes.items() if size < 12} == {}


def test_every_function_that_draws_is_among_the_kinds():
    drawing = {
        name
        for name in figures.__all__
        if inspect.isfunction(getattr(figures, name))
        and inspect.signature(getattr(figures, name)).return_annotation == "Illustration"
    }
    assert drawing == {kind for kind in KINDS if " " not in kind and kind != "diverging"}
