"""A finished figure: how it is saved, that it leaves no trace, and that an eye finds nothing wrong with any kind."""

import ast
import dataclasses
import html
import inspect
import io
import itertools
import json
import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import pandas as pd
import pytest
from inspection import defects, placed_texts
from matplotlib.colors import to_hex
from matplotlib.patches import Circle
from PIL import Image

from cdppe_analysis import figures
from cdppe_analysis.errors import FigureError, TableError
from cdppe_analysis.figures import Scale, choropleth, circles, ranked_bars
from cdppe_analysis.figures.illustration import _PATH, FIGURE_TYPE, _shortened
from cdppe_analysis.figures.page import NARROW
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.spread import QUANTILES
from cdppe_analysis.simulation.measures import lorenz_curves
from cdppe_analysis.storage.files import PUBLISHED
from cdppe_analysis.territories import departement


@pytest.fixture(scope="module")
def carte(wave, words):
    return circles(wave, "montant_eur", words, not_concerned="others")


def test_a_png_has_twice_its_reading_size(carte, tmp_path):
    with Image.open(carte.save(tmp_path / "carte.png")) as image:
        assert image.width == round(carte.figure.get_figwidth() * 200)
        assert image.text["Title"] == carte.title
        assert image.text["Description"] == carte.alternative
        assert set(image.text) == {"Title", "Description"}


def test_an_svg_keeps_text_as_text_and_speaks_to_screen_readers(carte):
    svg = carte.svg()
    assert f">{carte.title}</text>" in svg
    assert f'<title id="titre-svg">{carte.title}</title>' in svg
    assert carte.alternative == html.unescape(re.search('<desc id="alternative-svg">(.*?)</desc>', svg).group(1))
    assert svg.count("<title") == 1
    assert "<dc:language>fr</dc:language>" in svg
    assert 'id="departement-20"' in svg


def test_a_pdf_keeps_text_as_text(carte, tmp_path):
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(carte.save(tmp_path / "carte.pdf")) as pdf:
        assert carte.title in pdf.pages[0].extract_text()
        assert (pdf.metadata["Title"], pdf.metadata["Subject"]) == (carte.title, carte.alternative)
        assert not {"CreationDate", "Producer"} & set(pdf.metadata)


@pytest.fixture(scope="module")
def again(wave, words):
    return circles(wave, "montant_eur", words, not_concerned="others")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_figure_is_the_same_bytes(carte, again, tmp_path, suffix):
    first, second = carte.save(tmp_path / f"1.{suffix}"), again.save(tmp_path / f"2.{suffix}")
    assert first.read_bytes() == second.read_bytes()


def test_a_notebook_shows_the_picture_with_its_alternative(carte):
    data, beside = carte._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    with Image.open(io.BytesIO(data["image/png"])) as image:
        assert image.mode == "P"
        assert image.width == 760
    assert beside["image/png"] == {"width": 760, "alt": carte.alternative}


def test_a_site_gets_both_forms_and_the_table_too(carte, monkeypatch):
    monkeypatch.setenv(PUBLISHED, "1")
    data = carte._repr_mimebundle_()[0]
    published = data[FIGURE_TYPE]
    with Image.open(io.BytesIO(data["image/png"])) as image:
        assert image.width == round(carte.figure.get_figwidth() * 150)
    assert published["csv"].splitlines()[0] == "code_departement,libelle_departement,montant_eur"
    assert len(published["csv"].splitlines()) == 31
    assert published["svg"] == carte.svg(themed=True)
    assert "var(--territoire, #f7f5f0)" in published["svg"]
    assert published["svg_etroit"] == carte.svg(narrow=True, themed=True)
    assert published["titre"] == carte.title
    assert (published["source"], published["alternative"]) == (carte.words.source, carte.alternative)


@pytest.mark.parametrize(
    ("colour", "variable"),
    [("encre", "encre"), ("encre_douce", "pale"), ("trait", "pale"), ("grille", "trait"), ("papier", "feuille")],
)
def test_inks_lines_and_paper_follow_the_style_of_the_page(wave, words, colour, variable):
    chart, colour = ranked_bars(wave, "montant_eur", words, baseline=500_000.0), COLOURS[colour]
    plain, themed = chart.svg(), chart.svg(themed=True)
    assert plain.count(colour) == themed.count(f"var(--{variable}, {colour})") > 0
    assert "var(--lettres, 'DejaVu Sans'" in themed
    assert "var(" not in plain


def test_an_outline_is_written_by_steps_of_a_tenth_of_a_point_and_curves_as_they_are():
    lines = _PATH.sub(
        _shortened, '<path d="M 1.234 4.56 \nL 2.34 5.67 \nL 2.341 5.668 \nL 0 9.99 \nz\nM 5 5 \nL 4 6 \n"/>'
    )
    assert lines == '<path d="M 1.2 4.6l 1.1 1.1-2.3 4.3zM 5 5l-1 1"/>'
    assert _PATH.sub(_shortened, '<path d="M 1.2345 2 Q 3 4 5 6.789"/>') == '<path d="M 1.23 2 Q 3 4 5 6.78"/>'


def test_the_rows_behind_a_figure_are_written_as_they_are(wave, words):
    chart = ranked_bars(wave, "euros_par_enfant", words)
    again = pd.read_csv(io.StringIO(chart.csv()), dtype={"code_departement": str})
    pd.testing.assert_frame_equal(again, chart.table, rtol=1e-11, check_dtype=False)


def test_another_format_is_refused(carte, tmp_path):
    with pytest.raises(FigureError, match=r"not '\.jpg'"):
        carte.save(tmp_path / "carte.jpg")


def test_a_folder_that_is_not_there_is_an_error_and_leaves_nothing(carte, tmp_path):
    with pytest.raises(TableError, match="cannot write"):
        carte.save(tmp_path / "absent" / "carte.png")
    assert list(tmp_path.iterdir()) == []


def test_drawing_leaves_matplotlib_as_it_was(wave, words, tmp_path):
    before = dict(mpl.rcParams)
    circles(wave, "montant_eur", words, not_concerned="others").png(50)
    assert dict(mpl.rcParams) == before


def test_a_notebook_picture_is_light(carte):
    assert len(carte._repr_mimebundle_()[0]["image/png"]) < 60_000


def test_png_can_be_drawn_at_another_resolution(carte):
    with Image.open(io.BytesIO(carte.png(50))) as image:
        assert image.width == round(carte.figure.get_figwidth() * 50)


def test_a_notebook_keeps_the_colours_of_the_legend_as_they_are(wave, words):
    carte = choropleth(wave, "euros_par_enfant", words, Scale(legend="Euros par enfant"), not_concerned="others")
    data = carte._repr_mimebundle_()[0]["image/png"]
    with Image.open(io.BytesIO(data)) as image:
        kept = {colour for _, colour in image.convert("RGB").getcolors(256)}
    faces = {
        tuple(round(255 * part) for part in patch.get_facecolor()[:3])
        for axes in carte.figure.axes
        for patch in axes.patches
        if (patch.get_gid() or "").startswith("legende-")
    }
    assert len(faces) == 6
    assert faces <= kept
    assert (255, 255, 255) in kept


def test_a_sound_figure_has_no_defect(wave, words):
    assert defects(circles(wave, "montant_eur", words, not_concerned="others")) == []


def test_a_text_outside_the_canvas_is_seen(wave, words):
    carte = ranked_bars(wave, "montant_eur", words)
    carte.figure.text(0.98, 0.5, "un texte qui sort de la page")
    assert [d for d in defects(carte) if d.startswith("texte coupé : 'un texte")]


def test_a_text_over_another_is_seen(wave, words):
    carte = ranked_bars(wave, "montant_eur", words)
    x, y = carte.figure.texts[0].get_position()
    carte.figure.text(x, y, "par-dessus")
    assert [d for d in defects(carte) if d.startswith("textes superposés")]


def test_a_missing_source_and_a_poor_alternative_are_seen(wave, words):
    carte = ranked_bars(wave, "montant_eur", words)
    next(text for text in carte.figure.texts if text.get_gid() == "source").remove()
    poor = dataclasses.replace(carte, alternative=carte.title)
    assert {"il manque : source", "le texte de remplacement ne dit rien de plus que le titre"} <= set(defects(poor))


def test_ticks_of_an_axis_that_is_switched_off_are_not_texts(wave, words):
    carte = circles(wave, "montant_eur", words, not_concerned="others")
    assert "0.0" not in {placed.text for placed in placed_texts(carte.figure)}


def test_the_gallery_shows_one_of_each_kind_of_figure():
    cells = json.loads((Path(__file__).parents[2] / "notebooks" / "90-galerie.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    called = {
        node.func.id
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    kinds = {"Illustration", "InteractiveMap", "ReadableTable"}
    drawing = [name for name in figures.__all__ if inspect.isfunction(getattr(figures, name))]
    shown = [name for name in drawing if inspect.signature(getattr(figures, name)).return_annotation in kinds]
    assert len(shown) >= 16
    assert set(shown) - called == set()


RATE, EUROS = Scale("‰", 1, "Enfants accueillis pour 1 000 jeunes"), Scale(legend="Montant publié")


STEPS = pd.DataFrame({"etape": ["critère ASE", "indice de besoin", "plafond"], "euros": [60000.0, 52192.0, -5000.0]})


def grid():
    points = [(i, j, 8 - i - j) for i, j in itertools.product(range(9), repeat=2) if i + j <= 8]
    return pd.DataFrame(points, columns=["a", "b", "c"]) / 8


KINDS = {
    "ranked_bars": lambda on: figures.ranked_bars(
        on.some, "prorata", on.words, baseline="montant_eur", highlight=["59"]
    ),
    "ranked_bars of all": lambda on: figures.ranked_bars(on.every, "taux", on.words, RATE, baseline=11.6),
    "by_region": lambda on: figures.by_region(on.every, "taux", on.words, RATE, average=11.6),
    "choropleth": lambda on: figures.choropleth(
        on.every, "taux", on.words, RATE, labels=["58", "59", "33", "75", "66", "57"]
    ),
    "diverging": lambda on: figures.choropleth(
        on.every, "ecart", on.words, Scale("‰", 1, center=0, classes=6), labels=["62"]
    ),
    "circles": lambda on: figures.circles(
        on.every, "ase_2017", on.words, Scale("enfants"), labels=["59", "62", "13", "93", "94"]
    ),
    "choropleth_and_circles": lambda on: figures.choropleth_and_circles(
        on.some,
        "euros_par_enfant",
        "montant_eur",
        on.words,
        EUROS,
        EUROS,
        not_concerned="others",
        labels=["59", "62", "82", "95"],
    ),
    "small_multiples, two": lambda on: figures.small_multiples(on.every, ["taux", "ecart"], on.words, RATE),
    "small_multiples": lambda on: figures.small_multiples(on.every, ["taux", "ecart", "jeunes_2019"], on.words, RATE),
    "bivariate": lambda on: figures.bivariate(on.every, "taux", "pauvrete_2019", on.words, RATE, Scale("%", 1)),
    "dumbbells": lambda on: figures.dumbbells(on.some, "prorata", "montant_eur", on.words),
    "waterfall": lambda on: figures.waterfall(STEPS, "etape", "euros", on.words, start=1000.0),
    "intervals": lambda on: figures.intervals(
        on.some.head(9),
        "nom",
        on.words,
        EUROS,
        kind="tirages",
        estimate="prorata",
        low="bas",
        high="haut",
        group="code_region",
    ),
    "dots": lambda on: figures.dots(on.some, "nom", "montant_eur", on.words, EUROS),
    "distribution": lambda on: figures.distribution(
        on.every.assign(acte="accueil", but=12.0), "acte", "taux", on.words, RATE, target="but"
    ),
    "quantile_fans": lambda on: figures.quantile_fans(
        on.some.assign(
            **{
                name: on.some["montant_eur"] * part
                for name, part in zip(QUANTILES, (0.8, 0.9, 1, 1.1, 1.3), strict=True)
            }
        ),
        on.words,
        reference="prorata",
    ),
    "lorenz": lambda on: figures.lorenz(
        lorenz_curves({"publié": on.some["montant_eur"]}, on.some["enfants"]), on.words
    ),
    "scatter": lambda on: figures.scatter(
        on.some, "prorata", "montant_eur", on.words, EUROS, Scale(legend="prorata"), named=12
    ),
    "logarithmic scatter": lambda on: figures.scatter(
        on.some, "prorata", "montant_eur", on.words, EUROS, logarithmic=True
    ),
    "ternary": lambda on: figures.ternary(
        grid().assign(gap=lambda points: points["a"] - 0.3),
        {"a": "ASE", "b": "indice de besoin", "c": "ménages pauvres"},
        {"Nord": "gap", "Moselle": "gap"},
        (0.5, 0.5, 0.0),
        on.words,
    ),
}


@pytest.fixture(scope="module")
def kind(request, wave, france, words):
    """Give a figure of a kind, drawn on the real figures."""
    prorata = wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum()
    names = wave["code_departement"].map(lambda code: departement(code).libelle)
    some = wave.assign(prorata=prorata, bas=0.9 * prorata, haut=1.2 * prorata, nom=names)
    every = france.assign(ecart=france["taux"] - france["taux"].median())
    return KINDS[request.param](SimpleNamespace(words=words, every=every, some=some))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_no_kind_of_figure_has_a_text_over_another_wide_or_narrow(kind):
    assert defects(kind) == []
    assert defects(kind, narrow=True) == []


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_no_letter_of_a_narrow_figure_is_smaller_than_12_pixels_on_a_telephone(kind):
    """At 390 pixels wide: a point of the page is 390 / (72 * its inches) pixels."""
    figure = kind.draw(NARROW)
    pixels = 390 / (72 * figure.get_figwidth())
    sizes = {placed.text: placed.size * pixels for placed in placed_texts(figure)}
    assert {text: size for text, size in sizes.items() if size < 12} == {}


def read(text):
    """Read the numbers of a text as a reader does."""
    found = re.findall(r"(?<![\w,])[−+]?\d{1,3}(?:\u202f\d{3})*(?:,\d+)?|(?<![\w,])[−+]?\d+(?:,\d+)?", text)
    return [float(one.replace("−", "-").replace("\u202f", "").replace(",", ".")) for one in found]


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_every_number_of_an_axis_stands_at_its_value(kind):
    figure = kind.figure
    figure.draw_without_rendering()
    for axes in (axes for axes in figure.axes if axes.axison and axes.name != "ternary"):
        for axis in (axes.xaxis, axes.yaxis):
            ticks = [
                (place, label.get_text())
                for place, label in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
            ]
            for place, text in ticks:
                numbers = read(text)
                if not numbers or not re.match(r"[−+\d]", text):
                    continue
                share = text.endswith("%") and axes.get_xlim() == (0, 1)
                decimals = len(text.partition(",")[2].split("\u202f")[0])
                assert numbers == [pytest.approx(100 * place if share else place, abs=0.51 * 10**-decimals)]


def faces(axes):
    return Counter(
        (to_hex(patch.get_facecolor()), patch.get_hatch())
        for patch in axes.patches
        if (patch.get_gid() or "").startswith("departement-") and not patch.get_gid().endswith("-loupe")
    )


MAPS = [
    "choropleth",
    "diverging",
    "circles",
    "choropleth_and_circles",
    "small_multiples, two",
    "small_multiples",
]


@pytest.mark.parametrize("kind", MAPS, indirect=True)
def test_a_box_of_a_legend_counts_the_departements_that_look_like_it(kind):
    maps = [faces(axes) for axes in kind.figure.axes if axes.get_gid() == "carte"]
    beside = [axes for axes in kind.figure.axes if axes.get_gid() != "carte"]
    boxes = [patch for axes in beside for patch in axes.patches if (patch.get_gid() or "").startswith("legende-")]
    boxes = [box for box in boxes if box.get_gid() != "legende-cercle"]
    said = " ".join(text.get_text() for axes in beside for text in axes.texts)
    counts = re.findall(r"\((?:de\s)?(\d+)(?:\s(puis|à)\s(\d+))?\)", said)
    assert len(boxes) == len(counts) > 0
    total = 0
    for box, (first, word, last) in zip(boxes, counts, strict=True):
        found = [drawn[to_hex(box.get_facecolor()), box.get_hatch()] for drawn in maps]
        wanted = {"": [int(first)] * len(found), "puis": [int(first), int(last or 0)], "à": found}[word]
        assert found == wanted
        assert word != "à" or (min(found), max(found)) == (int(first), int(last))
        total += sum(found)
    circled = any(isinstance(patch, Circle) for axes in beside for patch in axes.patches)
    # A map of circles alone has no box for what it leaves plain.
    assert total == sum(sum(drawn.values()) for drawn in maps) or (circled and len(boxes) < 3)


@pytest.mark.parametrize("kind", ["circles", "choropleth_and_circles"], indirect=True)
def test_circles_have_the_area_of_their_value_on_the_map_and_in_the_legend(kind):
    figure, columns = kind.figure, kind.table.set_index("code_departement").select_dtypes("number")
    values = columns[columns.columns[-1]]

    def area(patch):
        (x0, _), (x1, _) = patch.axes.transData.transform([(0, 0), (patch.radius, 0)])
        return (x1 - x0) ** 2

    shown = [patch for axes in figure.axes for patch in axes.patches if isinstance(patch, Circle)]
    drawn = {
        patch.get_gid().removeprefix("cercle-"): area(patch) for patch in shown if patch.get_gid().startswith("cercle-")
    }
    one = drawn["59"] / values["59"]
    for code, found in drawn.items():
        assert found / one == pytest.approx(values[code.removesuffix("-loupe")])
    legend = [area(patch) / one for patch in shown if patch.get_gid() == "legende-cercle"]
    labels = [text.get_text() for axes in figure.axes if axes.get_gid() == "legende" for text in axes.texts]
    printed = [read(label)[0] for label in labels if re.match(r"\d", label) and "(" not in label and " à " not in label]
    assert legend == pytest.approx(printed[: len(legend)], rel=1e-6)
    assert len(legend) >= 2


@pytest.mark.parametrize("kind", ["ranked_bars", "ranked_bars of all", "by_region"], indirect=True)
def test_the_number_written_on_the_row_of_a_bar_is_its_length(kind):
    bars = [
        patch for axes in kind.figure.axes for patch in axes.patches if (patch.get_gid() or "").startswith("barre-")
    ]
    values = kind.table.set_index("code_departement").select_dtypes("number").iloc[:, 0]
    assert len(bars) == len(values)
    for bar in bars:
        row = bar.get_y() + bar.get_height() / 2
        (text,) = [text for text in bar.axes.texts if getattr(text, "xy", (None, None))[1] == pytest.approx(row)]
        assert bar.get_width() == values[bar.get_gid().removeprefix("barre-")]
        assert read(text.get_text()) == [pytest.approx(bar.get_width(), abs=0.51)]
        name = bar.axes.get_yticklabels()[round(row)].get_text()
        assert name == departement(bar.get_gid().removeprefix("barre-")).libelle.replace("'", "’")


def test_every_function_that_draws_is_among_the_kinds():
    drawing = {
        name
        for name in figures.__all__
        if inspect.isfunction(getattr(figures, name))
        and inspect.signature(getattr(figures, name)).return_annotation == "Illustration"
    }
    assert drawing == {kind for kind in KINDS if " " not in kind and kind != "diverging"}
