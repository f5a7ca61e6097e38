"""Where a label fits; the names of points: none over another, none that could be another's."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.figures import Scale, scatter
from cdppe_analysis.figures.inspection import defects, placed_texts
from cdppe_analysis.figures.labels import freest, pushed_inside, shared_area


def named(illustration):
    return [
        text for axes in illustration.figure.axes for text in axes.texts if (text.get_gid() or "").startswith("nom-")
    ]


@pytest.fixture(scope="module")
def crowded(wave, words):
    frame = wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())
    return scatter(frame, "prorata", "montant_eur", words, Scale(legend="publié"), Scale(legend="prorata"), named=14)


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
    chart = scatter(frame, "a", "b", words, Scale(legend="b"), Scale(legend="a"))
    boxes = [placed.box for placed in placed_texts(chart.figure) if placed.text in {"Nord", "Pas-de-Calais", "Aisne"}]
    assert len(boxes) == 3
    assert not any(first.overlaps(second) for first, second in itertools.combinations(boxes, 2))


BOXES = st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 2).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(BOXES, BOXES)
def test_boxes_share_as_much_either_way_and_no_more_than_one_of_them(first, second):
    area = (first[2] - first[0]) * (first[3] - first[1])
    assert 0 <= shared_area(first, second) == shared_area(second, first) <= area


def test_boxes_that_only_touch_share_nothing():
    assert shared_area((0, 0, 1, 1), (1, 0, 2, 1)) == 0


def test_the_first_free_place_wins():
    places = [(0, 0, 2, 2), (4, 0, 6, 2), (8, 0, 10, 2)]
    assert freest(places, [(1, 1, 3, 3)]) == places[1]


def test_without_a_free_place_the_least_covered_wins():
    assert freest([(0, 0, 2, 2), (1, 0, 3, 2)], [(0, 0, 2, 2)]) == (1, 0, 3, 2)


@given(BOXES, BOXES)
def test_a_box_pushed_inside_a_room_keeps_its_size_and_is_inside_where_it_can(box, room):
    pushed = pushed_inside(box, room)
    size = (box[2] - box[0], box[3] - box[1])
    assert (pushed[2] - pushed[0], pushed[3] - pushed[1]) == size
    if size[0] <= room[2] - room[0] and size[1] <= room[3] - room[1]:
        assert room[0] <= pushed[0] <= pushed[2] <= room[2]
        assert room[1] <= pushed[1] <= pushed[3] <= room[3]
