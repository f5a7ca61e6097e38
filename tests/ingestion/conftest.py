"""The maker of annexes, and short ways to read a text."""

import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest

from cdppe_analysis.ingestion.annex import annex_of
from cdppe_analysis.ingestion.columns import layout_of
from cdppe_analysis.ingestion.documents import text_document
from cdppe_analysis.ingestion.grids import Grid, Row


def _module():
    spec = importlib.util.spec_from_file_location("annexes", Path(__file__).parent / "annexes.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["annexes"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def annexes():
    return _module()


@pytest.fixture(scope="session")
def read():
    """Read the lines of a text: `code: values` of its territories come from `figures`."""

    def reading(*lines, name="text", **options):
        return annex_of(text_document("\n".join(lines), name), **options)

    return reading


@pytest.fixture(scope="session")
def check_refused(read):
    """Hold that a text, whose lines ⏎ sets apart, is refused by an error, with a reason, at its place."""

    def check(error, lines, reason, place):
        with pytest.raises(error, match=re.escape(reason)) as told:
            read(*lines.split(" ⏎ "))
        assert told.value.cell == place

    return check


@pytest.fixture(scope="session")
def figures():
    def of(annex):
        ranks = [rank for rank, column in enumerate(annex.table.columns) if column.of_figures]
        return {row.code: tuple(row.figures[rank] for rank in ranks) for row in annex.table.rows if row.code}

    return of


@pytest.fixture(scope="session")
def layout():
    """Understand the columns of rows whose cells a bar separates."""

    def of(*rows, titles=()):
        lines = (Row(tuple(row.split("|")), f"l. {number}") for number, row in enumerate(rows, start=1))
        return layout_of(Grid(tuple(lines)), titles)

    return of


@pytest.fixture(scope="session")
def kinds(layout):
    """Tell what each column is, and its unit."""
    return lambda *rows, titles=(): [(column.kind, column.unit) for column in layout(*rows, titles=titles).columns]


@pytest.fixture(scope="session")
def short():
    """Tell an annex in short: what each column is and its unit, then the figures of each row (`-` for none)."""

    def of(annex):
        columns, rows = annex.table.columns, []
        for row in annex.table.rows:
            figures = (v for v, column in zip(row.figures, columns, strict=True) if column.of_figures)
            written = ("-" if value is None else f"{value.normalize():f}" for value in figures)
            rows.append(" ".join([f"{row.code or row.name or row.region}:", *written]))
        return " · ".join(f"{column.kind} {column.unit}".strip() for column in columns), " · ".join(rows)

    return of


@pytest.fixture(scope="session")
def shared():
    folder = os.environ.get("CDPPE_SHARED")
    if not folder:
        pytest.skip("CDPPE_SHARED does not give the folder of shared files")
    return Path(folder)


@pytest.fixture(scope="session")
def misread(annexes, tmp_path_factory):
    """Return a function that reads made annexes of a form, and returns those that are not read as they were made."""
    folder = tmp_path_factory.mktemp("made")

    def of(form, seeds, fault=""):
        verdicts = {}
        for seed in seeds:
            made = annexes.make(seed, form, fault)
            verdicts[seed] = annexes.verdict(made, annexes.write(made, folder))
        return {seed: why for seed, (answer, why) in verdicts.items() if answer != "right"}

    return of
