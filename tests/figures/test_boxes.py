"""Where a label fits."""

from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.figures.boxes import freest, pushed_inside, shared_area

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
