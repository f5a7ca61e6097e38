"""The shape of the house: a room imports from lower floors only, and the engine does no I/O."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cdppe_analysis"
GROUND = ["errors", "storage", "typography", "territories"]
"""The ground floor is one, in this order: each may import those before it."""
FLOORS = [
    set(GROUND),
    {"sources"},
    {"tables", "rules", "needs"},
    {"data", "allocation", "figures", "ingestion", "printing"},
    {"calibration", "simulation"},
    {"studies"},
    {"reports", "sheets", "simulator", "upkeep"},
    {"cli"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cdppe_analysis."):
            names = [node.module]
        elif isinstance(node, ast.ImportFrom) and node.module == "cdppe_analysis":
            names = [f"cdppe_analysis.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("cdppe_analysis.")]
        yield from (name.split(".")[1] for name in names)


def modules():
    return [path for path in PACKAGE.rglob("*.py") if room_of(path) not in {"__init__", "__main__"}]


def test_every_room_has_its_floor():
    assert {room_of(path) for path in modules()} <= set(FLOOR)


def test_the_house_has_at_most_eight_floors():
    assert len(FLOORS) <= 8


def is_below(room, other):
    if room in GROUND and other in GROUND:
        return GROUND.index(room) < GROUND.index(other)
    return FLOOR[room] < FLOOR[other]


def test_a_room_imports_from_its_own_and_lower_floors_only():
    upward = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in modules()
        for room in imported_rooms(path)
        if room in FLOOR and room != room_of(path) and not is_below(room, room_of(path))
    ]
    assert upward == []


@pytest.mark.parametrize("room", ["allocation", "calibration", "needs", "rules", "simulation"])
def test_the_engine_reads_and_writes_no_file(room):
    for path in (PACKAGE / room).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "read_csv" not in text, path
        assert "open(" not in text, path
