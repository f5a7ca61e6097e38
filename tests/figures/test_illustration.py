"""A finished figure: how it is saved, and that it leaves no trace of the machine or on matplotlib."""

import io

import matplotlib as mpl
import pytest
from PIL import Image

from cdppe_analysis.errors import FigureError, TableError
from cdppe_analysis.figures import Scale, choropleth, circles
from cdppe_analysis.figures.illustration import FIGURE_TYPE
from cdppe_analysis.storage.files import PUBLISHED


@pytest.fixture(scope="module")
def carte(wave, words):
    return circles(wave, "montant_eur", words, not_concerned="others")


def test_a_png_has_twice_its_reading_size(carte, tmp_path):
    with Image.open(carte.save(tmp_path / "carte.png")) as image:
        assert image.width == round(carte.figure.get_figwidth() * 200)
        assert image.text["Title"] == carte.title
        assert image.text["Description"] == carte.alternative


def test_an_svg_keeps_text_as_text_and_speaks_to_screen_readers(carte):
    svg = carte.svg()
    assert f">{carte.title}</text>" in svg
    assert f'<title id="titre-svg">{carte.title}</title>' in svg
    assert '<desc id="alternative-svg">' in svg
    assert svg.count("<title") == 1
    assert 'id="departement-20"' in svg


def test_a_pdf_keeps_text_as_text(carte, tmp_path):
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(carte.save(tmp_path / "carte.pdf")) as pdf:
        assert carte.title in pdf.pages[0].extract_text()


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
