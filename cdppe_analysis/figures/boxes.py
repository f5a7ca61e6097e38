"""Where a label fits: boxes, and how much they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in any one unit."""


def shared_area(first: Box, second: Box) -> float:
    """Return the area that two boxes share.

    Examples
    --------
    >>> shared_area((0, 0, 2, 2), (1, 1, 3, 3))
    1
    """
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    return max(wide, 0) * max(high, 0)


def freest(places: Sequence[Box], taken: Iterable[Box]) -> Box:
    """Return the place that shares least with what is taken, the first of those that are equal.

    Examples
    --------
    >>> freest([(0, 0, 1, 1), (2, 0, 3, 1)], [(0, 0, 1, 1)])
    (2, 0, 3, 1)
    """
    others = list(taken)
    # Rounded, so that a hair's breadth does not decide, and differently from one machine to the next.
    return min(places, key=lambda box: round(sum(shared_area(box, other) for other in others), 4))


def pushed_inside(box: Box, room: Box) -> Box:
    """Return the box moved no farther than needed to be inside the room, at its left and bottom if it is too large.

    Examples
    --------
    >>> pushed_inside((8, -1, 12, 1), (0, 0, 10, 10))
    (6, 0, 10, 2)
    """
    width, height = box[2] - box[0], box[3] - box[1]
    left = max(room[0], min(box[0], room[2] - width))
    bottom = max(room[1], min(box[1], room[3] - height))
    return (left, bottom, left + width, bottom + height)
