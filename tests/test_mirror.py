"""Tests stand where the code stands: every module has its test file, every test file its module."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cdppe_analysis"
TESTS = ROOT / "tests"
OF_THE_WHOLE = {
    "test_bad_input.py",
    "test_fuzz.py",
    "test_packaging.py",
    "test_mirror.py",
    "test_notebooks.py",
    "test_documentation.py",
    "test_house.py",
}
APART = {"browser", "shapes", "benchmarks", "data"}


def modules():
    return {
        path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name not in {"__init__.py", "__main__.py"}
    }


def test_every_module_has_its_test_file():
    missing = [str(m) for m in sorted(modules()) if not (TESTS / m.parent / f"test_{m.name}").is_file()]
    assert missing == []


def test_every_test_file_has_its_module():
    packages = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py")}
    orphans = []
    for path in TESTS.rglob("test_*.py"):
        relative = path.relative_to(TESTS)
        if relative.parts[0] in APART or (len(relative.parts) == 1 and relative.name in OF_THE_WHOLE):
            continue
        module = relative.parent / relative.name.removeprefix("test_")
        if module not in modules() and relative.parent / module.stem not in packages:
            orphans.append(str(relative))
    assert orphans == []
