"""The inspection sees what an eye would see."""

import ast
import dataclasses
import inspect
import json
from pathlib import Path

from cdppe_analysis import figures
from cdppe_analysis.figures import circles, ranked_bars
from cdppe_analysis.figures.inspection import defects, placed_texts


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
