"""The names of points: none over another, none that could be another's."""

import itertools

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.figures import scatter
from cdppe_analysis.figures.inspection import defects, placed_texts


def named(illustration):
    return [
        text for axes in illustration.figure.axes for text in axes.texts if (text.get_gid() or "").startswith("nom-")
    ]


@pytest.fixture(scope="module")
def crowded(wave, words):
    frame = wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())
    return scatter(frame, "prorata", "montant_eur", x_label="prorata", y_label="publié", named=14, **words)


def test_fourteen_names_among_thirty_points_lie_over_nothing(crowded):
    assert len(named(crowded)) == 14
    assert defects(crowded) == []


def test_a_name_without_a_line_is_nearest_to_its_own_point(crowded):
    (axes,) = [axes for axes in crowded.figure.axes if axes.get_xlabel()]
    codes = crowded.table["code_departement"].tolist()
    points = axes.transData.transform(crowded.table[["prorata", "montant_eur"]].to_numpy(float))
    boxes = {placed.text: placed.box for placed in placed_texts(crowded.figure)}
    for text in named(crowded):
        if text.arrow_patch is None:
            box = boxes[text.get_text()]
            nearest = np.clip(points, (box.x0, box.y0), (box.x1, box.y1))
            assert codes[int(np.hypot(*(points - nearest).T).argmin())] == text.get_gid().removeprefix("nom-")


def test_lines_are_drawn_where_points_crowd_and_not_where_they_are_alone(crowded):
    tied = {text.get_gid() for text in named(crowded) if text.arrow_patch is not None}
    assert "nom-59" not in tied
    assert tied


def test_names_of_points_that_coincide_stand_apart(words):
    frame = pd.DataFrame({"code_departement": ["59", "62", "80", "02"], "a": [1.0] * 4, "b": [2.0] * 4})
    chart = scatter(frame, "a", "b", x_label="a", y_label="b", **words)
    boxes = [placed.box for placed in placed_texts(chart.figure) if placed.text in {"Nord", "Pas-de-Calais", "Aisne"}]
    assert len(boxes) == 3
    assert not any(first.overlaps(second) for first, second in itertools.combinations(boxes, 2))
