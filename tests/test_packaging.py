"""The project installs the same from pip, from conda and from the lock file."""

import csv
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from cdppe_analysis.cli import VERBS
from cdppe_analysis.territories import DEPARTEMENTS

ROOT = Path(__file__).parent.parent


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def declared():
    """Names and bounds of pyproject.toml, all extras together."""
    content = project()
    listed = [*content["dependencies"], *(d for extra in content["optional-dependencies"].values() for d in extra)]
    return dict(split(requirement.partition(";")[0]) for requirement in listed)


def split(requirement):
    name, bounds = re.fullmatch(r"([A-Za-z0-9_.-]+?)\s*([<>=!~].*)", requirement).groups()
    return canonical(name), bounds


def locked():
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
    return {(canonical(name), version) for name, version in pins}


def test_environment_yml_has_the_names_and_bounds_of_pyproject():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = [entry for entry in listed if isinstance(entry, str) and entry != "pip"]
    pip = [requirement for entry in listed if isinstance(entry, dict) for requirement in entry["pip"]]
    found = dict(split(requirement) for requirement in [*conda, *pip])
    assert found.pop("python") == project()["requires-python"]
    assert found == declared()


def test_the_lock_pins_every_dependency_within_its_bounds():
    from packaging.specifiers import SpecifierSet

    pins = locked()
    assert declared().keys() <= {name for name, _ in pins}
    bounds = declared()
    assert [(name, version) for name, version in pins if version not in SpecifierSet(bounds.get(name, ""))] == []


def test_the_lock_has_hashes_and_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[A-Za-z0-9_.-]+==.*$", text, re.M)
    assert len(pins) > 100
    assert all(pin.endswith("\\") for pin in pins)
    assert not re.search(r"https?://|file:|--index|--extra|--find-links", text)


PYTHONS = range(11, 16)
SYSTEMS = {  # the markers that the lock asks, by system
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
}


def runs(wheel, minor, system):
    """Whether a wheel of these tags installs on Python 3.`minor` (PEP 425: abi3 and pure wheels serve newer ones)."""
    interpreter, abi, target = wheel.split("-")
    implementation, number = interpreter[:2], interpreter[2:]
    newest = int(number[1:] or 0) if number.startswith("3") else None
    if newest is None or newest > minor or target not in {"any", system}:
        return False
    return (
        abi == "abi3"
        or (abi == "none" and implementation == "py")
        or (newest == minor and abi in {"none", f"cp3{minor}"})
    )


def wheels():
    with (ROOT / "tests" / "data" / "wheels.csv").open(encoding="utf-8") as file:
        return {(row["paquet"], row["version"]): row["roues"].split() for row in csv.DictReader(file)}


def test_the_list_of_wheels_is_that_of_the_lock():
    assert wheels().keys() == locked()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("minor", PYTHONS)
def test_every_locked_package_installs_without_a_compiler(minor, system):
    from packaging.markers import Marker

    version = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0", "implementation_name": "cpython"}
    environment = SYSTEMS[system] | version | {"platform_python_implementation": "CPython", "extra": ""}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)(?: ; (.*))? \\$", text, re.M)
    assert len(pins) == len(locked())
    asked = [pin for pin in pins if not pin[2] or Marker(pin[2]).evaluate(environment)]
    known = wheels()
    assert [pin[0] for pin in asked if not any(runs(wheel, minor, system) for wheel in known[pin[0], pin[1]])] == []


@pytest.mark.parametrize(
    ("wheel", "minor", "system", "expected"),
    [
        ("cp313-cp313-linux", 13, "linux", True),
        ("cp313-cp313-linux", 14, "linux", False),
        ("cp313-cp313-linux", 13, "windows", False),
        ("cp314-cp314t-linux", 14, "linux", False),
        ("cp39-abi3-macos", 15, "macos", True),
        ("cp315-abi3-macos", 14, "macos", False),
        ("py3-none-any", 15, "windows", True),
        ("py2-none-any", 15, "windows", False),
        ("py3-none-linux", 11, "macos", False),
    ],
)
def test_what_a_wheel_runs_on(wheel, minor, system, expected):
    assert runs(wheel, minor, system) is expected


def test_the_citation_and_the_package_give_the_same_version():
    import cdppe_analysis

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == cdppe_analysis.__version__ == project()["version"]


@pytest.mark.parametrize("module", ["pandas", "numpy", "matplotlib", "scipy", "geopandas", "numba", "yaml"])
def test_importing_the_package_imports_nothing_heavy(module):
    code = f"import sys, cdppe_analysis, cdppe_analysis.cli; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom cdppe_analysis.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit(len({'pandas', 'numpy', 'matplotlib', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel and unpack it elsewhere, where no compiled file can be kept, even by root."""
    import zipfile

    place = tmp_path_factory.mktemp("ailleurs")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(next(place.glob("*.whl"))) as archive:
        archive.extractall(place / "installed")
    for folder in [path.parent for path in (place / "installed").rglob("*.py")]:
        (folder / "__pycache__").touch()
    return place / "installed"


def run_installed(installed, folder, program):
    """Run a program with the wheel, from a folder of its own, with no home and no path."""
    nowhere = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder, env={"PYTHONPATH": str(installed), **nowhere}, check=False, capture_output=True, text=True,
    )  # fmt: skip


def test_the_wheel_carries_data_and_shapes_and_works_from_any_folder(installed, tmp_path):
    """Read a table from there with no checkout in sight."""
    program = (
        "import cdppe_analysis, pathlib; from cdppe_analysis import load_rule, load_table; "
        "print(pathlib.Path(cdppe_analysis.__file__).parent.parent.name, load_table('allocations').montant_eur.sum(), "
        "load_rule('ondam-ms-2020').id)"
    )
    assert run_installed(installed, tmp_path, program).stdout.split() == ["installed", "15000001", "ondam-ms-2020"]


ANNEX = "Dotation des services, 2026\nService;Places;Dotation (€)\nAlpha;4;40\nBêta;5;50\nGamma;9;90\n"
COMMANDS = {
    "rules": "ondam-ms-2020",
    "scenarios": "mineurs",
    "tables": "allocations",
    "sources": "annexe7-ondam-2020",
    "show mineurs": "ondam-ms-2020",
    "allocate ondam-ms-2020 --out montants.csv": "montants.csv",
    "explain ondam-ms-2020 59": "Nord",
    "calibrate ondam-ms-2020 --out indice.csv": "indice.csv",
    "mask comptes.csv --out masque.csv": "masque.csv",
    "simulate mineurs --draws 100 --seed 1 --out etude.csv": "100 tirages",
    "replay etude.registre.json": "",
    "map ondam-ms-2020 --out carte.svg": "carte.svg",
    "new etude --annex annexe.csv": "etude : 3 bénéficiaires",
    "ingest annexe.csv --out lu.csv": "lu.csv",
    "series cnaf.csv --out series.csv": "",
    "fiche 59 --no-pdf": "59.html",
    "simulator --no-browser": "simulateur.html",
    "report 01": "1 report written",
    "data --out donnees": "donnees",
    "clean --out propre": "allocations.csv: 30 rows",
    "check": "checks passed, 0 failed",
}


@pytest.mark.slow
def test_every_command_runs_from_a_wheel_that_cannot_be_written_to_and_with_no_home(
    installed, tmp_path, write_notebook
):
    (tmp_path / "annexe.csv").write_text(ANNEX, encoding="utf-8")
    (tmp_path / "comptes.csv").write_text("code_departement,enfants\n01,3\n02,12\n03,40\n", encoding="utf-8")
    write_notebook(tmp_path / "notebooks" / "01-un.ipynb", "# Un", ("print(1)",))
    rows = [f"2018-12-01;{code};1000;1000" for code in DEPARTEMENTS]
    (tmp_path / "cnaf.csv").write_text("\n".join(["dtreffre;numdep;indfoy_asf;indben_aeeh", *rows]), encoding="utf-8")
    assert {words.split()[0] for words in COMMANDS} == set(VERBS)
    before = {path: path.stat().st_mtime_ns for path in installed.rglob("*")}
    program = (
        "import sys\nfrom cdppe_analysis.cli import main\n"
        f"for words in {list(COMMANDS)!r}:\n    print('>', words, main(words.split()), flush=True)\n"
    )
    done = run_installed(installed, tmp_path, program)
    assert done.returncode == 0, done.stderr
    assert "> " not in re.sub(r"^> .* 0\n", "", done.stdout, flags=re.M), done.stderr
    told = dict(zip(COMMANDS, re.split(r"^> .* 0\n", done.stdout, flags=re.M), strict=False))
    assert {words: text for words, text in told.items() if COMMANDS[words] not in text} == {}
    assert len(told) == len(COMMANDS), done.stderr
    assert {path: path.stat().st_mtime_ns for path in installed.rglob("*")} == before
