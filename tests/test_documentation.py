"""What the documents show is what happens, and what they name is there."""

import ast
import doctest
import importlib
import importlib.util
import pkgutil
import re
import shlex
from pathlib import Path

import openpyxl
import pytest
import yaml

import cdppe_analysis
from cdppe_analysis.cli import main
from cdppe_analysis.tables.series import publications
from cdppe_analysis.tables.series.publications import read_publication
from cdppe_analysis.territories import DEPARTEMENTS

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "LISEZMOI.md"]
DOCUMENTS = [*PAGES, "CHANGELOG.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
MODULES = [module.name for module in pkgutil.walk_packages(cdppe_analysis.__path__, "cdppe_analysis.")]


def loaded(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def console_steps(page, rank=0):
    block = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)[rank]
    return [(step.split("\n", 1)[0], step.split("\n", 1)[1]) for step in block.split("$ ")[1:]]


@pytest.fixture
def run_as_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(steps):
        for command, expected in steps:
            code = main(shlex.split(command)[1:])
            printed = "".join(capsys.readouterr())
            assert doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS), printed
            assert code == (2 if re.match(r"cdppe \w+: the", expected) else 0)

    return run


@pytest.mark.parametrize(
    ("page", "least"), [*((page, 8) for page in PAGES), ("docs/method.md", 13), ("docs/architecture.md", 24)]
)
def test_the_session_in_python_runs_as_shown(page, least):
    """The examples A to D of the method are those of its section 11."""
    path = str(ROOT / page)
    result = doctest.testfile(path, module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS)
    assert result.attempted >= least
    assert result.failed == 0


@pytest.mark.slow
def test_the_session_on_the_command_line_runs_as_shown(run_as_shown):
    steps = console_steps("README.md")
    assert len(steps) == 4
    run_as_shown(steps)


def test_a_study_is_made_and_filled_in_as_shown(tmp_path, run_as_shown):
    page = (ROOT / "docs" / "study.md").read_text(encoding="utf-8")
    [annex] = re.findall(r"```csv\n(.*?)```", page, re.S)
    [filled] = re.findall(r"```yaml\n(.*?)```", page, re.S)
    (tmp_path / "annexe.csv").write_text(annex, encoding="utf-8")
    run_as_shown(console_steps("docs/study.md"))
    rule = tmp_path / "etude" / "rules" / "etude-2027.yml"
    text = rule.read_text(encoding="utf-8")
    for line in filled.splitlines():
        text = text.replace(f"{line.partition(':')[0]}: à compléter", line)
    rule.write_text(text, encoding="utf-8")
    run_as_shown(console_steps("docs/study.md", 1))


@pytest.mark.parametrize("page", DOCUMENTS)
def test_every_link_to_a_file_leads_somewhere(page):
    path = ROOT / page
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_both_pages_show_the_same_commands():
    assert console_steps("README.md") == console_steps("LISEZMOI.md")
    assert console_steps("README.md", 1) == console_steps("LISEZMOI.md", 1)


def test_the_pages_show_of_a_study_what_its_own_page_executes():
    shown = [command for command, _ in console_steps("README.md", 1)]
    executed = [command for rank in (0, 1) for command, _ in console_steps("docs/study.md", rank)]
    assert set(shown) <= set(executed)


@pytest.mark.parametrize("page", DOCUMENTS)
def test_every_file_that_a_page_names_is_there(page):
    """A path in backticks is one of the repository, of the package, or of what a command writes."""
    named = re.findall(
        r"`([\w./-]+/[\w.-]+\.(?:py|yml|csv|ipynb|md|css|toml)|[\w-]+(?:/[\w-]+)+/)`", (ROOT / page).read_text("utf-8")
    )
    roots = [ROOT, ROOT / "cdppe_analysis"]
    written = re.compile(r"reports/|build/|.*[A-Z]{4}")
    missing = [p for p in named if not written.match(p) and not any((root / p).exists() for root in roots)]
    assert missing == []


@pytest.mark.parametrize("page", DOCUMENTS)
def test_every_name_of_the_package_that_a_page_gives_is_there(page):
    for dotted in re.findall(r"`(cdppe_analysis(?:\.\w+)+)`", (ROOT / page).read_text(encoding="utf-8")):
        module = max((m for m in ["cdppe_analysis", *MODULES] if f"{dotted}.".startswith(f"{m}.")), key=len)
        found = importlib.import_module(module)
        for name in dotted[len(module) :].split(".")[1:]:
            found = getattr(found, name)


@pytest.mark.parametrize("page", DOCUMENTS)
def test_every_target_of_make_that_a_page_names_is_one(page):
    targets = set(re.findall(r"^\.PHONY: (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`make (\w+)`", (ROOT / page).read_text(encoding="utf-8"))) <= targets


def test_the_architecture_has_every_room_on_its_floor():
    floors = loaded(ROOT / "tests" / "test_house.py").FLOORS
    rows = re.findall(r"^\| (\d) \| (`[^|]+) \|", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"), re.M)
    told = [set() for _ in floors]
    for floor, rooms in rows:
        told[int(floor) - 1] |= set(re.findall(r"`(\w+)`", rooms))
    assert told == floors


def test_a_publisher_added_as_the_architecture_says_is_read(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    kinds, series = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.S)]
    known = publications.catalogue()
    more = {"publications": [*kinds, *known["publications"]], "series": [*series, *known["series"]]}
    monkeypatch.setattr(publications, "catalogue", lambda: {**known, **more})
    book = openpyxl.Workbook()
    for row in (("Places par département au 31 décembre 2021",), ("Source : observatoire des places",), ()):
        book.active.append(row)
    book.active.append(("Code", "Département", "Places installées"))
    for rank, (code, departement) in enumerate(DEPARTEMENTS.items()):
        book.active.append((code, departement.libelle, rank))
    book.save(tmp_path / "places.xlsx")
    reading = read_publication(tmp_path / "places.xlsx")
    assert reading.publication.edition == "observatoire-places-2021"
    rows = reading.rows.set_index("code_departement")
    assert set(rows["serie"]) == {"places_installees"}
    assert rows["valeur"].to_dict() == {code: rank for rank, code in enumerate(DEPARTEMENTS)}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return loaded(ROOT / "docs" / "reference.py").write_reference(tmp_path_factory.mktemp("reference")).parent


@pytest.mark.slow
def test_every_public_name_has_its_page(reference):
    """Each module has its page, and each public function and class its place there."""
    missing = []
    for module in MODULES:
        if module.endswith("__main__"):
            continue
        path = ROOT / f"{module.replace('.', '/')}.py"
        tree = ast.parse((path if path.is_file() else path.with_suffix("") / "__init__.py").read_text("utf-8"))
        page = (reference / f"{module.replace('.', '/')}.html").read_text(encoding="utf-8")
        public = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name[0] != "_"}
        missing += [f"{module}.{name}" for name in sorted(public) if f'<section id="{name}"' not in page]
    assert missing == []


@pytest.mark.slow
def test_the_first_page_of_the_reference_has_the_whole_interface(reference):
    page = (reference / "cdppe_analysis.html").read_text(encoding="utf-8")
    assert [name for name in cdppe_analysis.__all__ if f'<section id="{name}"' not in page] == []
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=.https?:", page)
