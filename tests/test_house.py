"""The shape of the house: a room imports from lower floors only, the engine does no I/O, a weight has a short way.

`python tests/test_house.py` prints how large the house is.
"""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
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


@pytest.mark.parametrize("room", ["allocation", "calibration", "rules", "simulation", "studies"])
def test_no_modules_of_a_room_import_each_other_in_a_circle(room):
    """Not even where a function imports when it is called."""
    graph = {}
    for path in (PACKAGE / room).glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        graph[f"cdppe_analysis.{room}.{path.stem}"] = {
            node.module for node in nodes if isinstance(node, ast.ImportFrom)
        }
    while leaves := [name for name, imported in graph.items() if not imported & graph.keys()]:
        graph = {name: imported for name, imported in graph.items() if name not in leaves}
    assert graph == {}


@pytest.mark.parametrize("room", ["allocation", "calibration", "needs", "rules", "simulation"])
def test_the_engine_reads_and_writes_no_file(room):
    for path in [path for path in modules() if room_of(path) == room]:
        text = path.read_text(encoding="utf-8")
        assert "read_csv" not in text, path
        assert "open(" not in text, path


def definitions():
    """Yield the module and each function and class that it defines at its first level."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield path.relative_to(PACKAGE), node


def given_a_folder():
    """Return the functions that take a data folder and hand it on, where one that is opened would do."""
    functions = [
        (path.relative_to(PACKAGE), node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    return [
        f"{path}:{node.name}"
        for path, node in functions
        if any(argument.arg == "folder" for argument in [*node.args.args, *node.args.kwonlyargs])
    ]


def walked(work: Callable[[], object]) -> tuple[dict[str, set[str]], int]:
    """Return the functions of the package that a piece of work enters, by module, and how deep the calls go."""
    entered: dict[str, set[str]] = {}
    depth = most = 0

    def follow(frame, event, _):
        nonlocal depth, most
        module = frame.f_globals.get("__name__", "")
        if not module.startswith("cdppe_analysis.") or frame.f_code.co_name[0] == "<":
            return
        if event == "call":
            depth += 1
            most = max(most, depth)
            entered.setdefault(module, set()).add(frame.f_code.co_qualname)
        elif event == "return":
            depth -= 1

    sys.setprofile(follow)
    try:
        work()
    finally:
        sys.setprofile(None)
    return entered, most


def the_walk_of_a_weight(*, changed):
    """Walk from the YAML of a rule to its amounts, or from another weight to the amounts of the other rule."""
    from cdppe_analysis import Data, allocate

    data = Data.open()
    # What is read once is no part of the way: the units, the table of values.
    data.names.territories.check(["59"])
    data.table("criteres")
    if not changed:
        return walked(lambda: allocate(rule := data.rule("ondam-ms-2020"), data.criteria(rule)))
    rule = data.rule("ondam-ms-2020")
    weights = {"criteres.ase_0_17.poids": "0.60", "criteres.igb.poids": "0.40"}
    return walked(lambda: allocate(other := rule.changed(weights), data.criteria(other)))


def the_walk_of_a_scenario(name="poids-ase-040"):
    """Walk from the YAML of a scenario to the amounts of its rule."""
    from cdppe_analysis import Data, allocate
    from cdppe_analysis.rules import apply_scenario

    data = Data.open()
    data.names.territories.check(["59"])
    data.table("criteres")

    def work():
        scenario = data.scenario(name)
        rule = apply_scenario(data.rule(scenario.base), scenario).rule
        return allocate(rule, data.criteria(rule))

    return walked(work)


def test_a_scenario_goes_through_twelve_modules_at_most_and_eight_calls_deep():
    entered, depth = the_walk_of_a_scenario()
    assert "cdppe_analysis.allocation.level" in entered
    assert len(entered) <= 12, sorted(entered)
    assert depth <= 8


@pytest.mark.parametrize("changed", [False, True])
def test_a_weight_goes_through_twelve_modules_at_most_and_eight_calls_deep(changed):
    modules, depth = the_walk_of_a_weight(changed=changed)
    assert "cdppe_analysis.allocation.level" in modules
    assert len(modules) <= 12, sorted(modules)
    assert depth <= 8


def test_a_scenario_parses_no_rule_again():
    """A number is text only in files: another weight goes from rule to rule."""
    modules, _ = the_walk_of_a_weight(changed=True)
    assert "parse_rule" not in {name for names in modules.values() for name in names}


def test_the_tables_take_what_was_opened_and_no_folder():
    assert [place for place in given_a_folder() if place.startswith("tables/")] == []


def test_the_columns_of_a_table_are_said_by_its_schema_alone():
    """A module of `tables` that listed them again would say a column of the schema beside `emplacement`."""
    for path in (PACKAGE / "tables").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                listed = {element.value for element in node.value.elts if isinstance(element, ast.Constant)}
                assert not {"source", "emplacement"} <= listed, path


def test_no_two_classes_have_one_name():
    """A private class may be named as another: it is met in its module alone."""
    names = Counter(node.name for _, node in definitions() if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1 and not name.startswith("_")] == []


@pytest.mark.slow
def test_nothing_is_read_when_a_module_is_imported():
    """Every module of the package is imported where the data are not to be found."""
    code = (
        "import importlib, pkgutil, cdppe_analysis\n"
        "import cdppe_analysis.storage.files as places\n"
        "def refuse(*_): raise SystemExit('a module reads when it is imported')\n"
        "places.data_dir = places.shapes_dir = refuse\n"
        "for module in pkgutil.walk_packages(cdppe_analysis.__path__, 'cdppe_analysis.'):\n"
        "    if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


if __name__ == "__main__":
    sizes = [path.read_text(encoding="utf-8").count("\n") for path in PACKAGE.rglob("*.py")]
    public = [node for _, node in definitions() if not node.name.startswith("_")]
    print("lines:", sum(sizes), "in", len(sizes), "files")
    print("public functions and classes:", len(public))
    print("floors:", len(FLOORS))
    print("functions given a folder:", len(given_a_folder()))
    for what, (entered, depth) in (
        ("a weight, from its YAML,", the_walk_of_a_weight(changed=False)),
        ("a weight, from another weight,", the_walk_of_a_weight(changed=True)),
        ("a scenario, from its YAML,", the_walk_of_a_scenario()),
    ):
        functions = sum(len(names) for names in entered.values())
        print(f"{what} to amounts: {len(entered)} modules, {functions} functions, depth {depth}")
        print("  " + ", ".join(name.removeprefix("cdppe_analysis.") for name in entered))
