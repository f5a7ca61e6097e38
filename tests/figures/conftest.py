"""The real figures that these tests draw: the wave of 30 amounts, a rate and counts of all départements."""

import io
import itertools
import json
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

from cdppe_analysis.figures import Words
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import allocations, published

WORDS = Words(
    "Le Nord reçoit un euro sur huit",
    "Dotation 2020 par département",
    source="annexe 7, ONDAM médico-social 2020",
    champ="les 30 départements de 2020",
)

REFERENCES = Path(__file__).parent / "references"
REDRAW = "CDPPE_REDRAW"
DPI = 50


@pytest.fixture(scope="session")
def words():
    return WORDS


@pytest.fixture(scope="session")
def series():
    """Give the published series, one column a series and year, a row a département."""
    rows = published.build(Archive.open())
    wanted = {
        ("ase_enfants_accueillis", 2017, "drees-ase-series-1996-2018"): "ase_2017",
        ("ase_enfants_accueillis", 2022, "drees-ase-series-1996-2022"): "ase_2022",
        ("enfants_0_19", 2019, "insee-estim-pop-2019-01-15"): "jeunes_2019",
        ("taux_pauvrete_personnes_60", 2019, "insee-filosofi-2019"): "pauvrete_2019",
        ("population", 2019, "insee-estim-pop-2019-01-15"): "population_2019",
    }
    parts = []
    for (critere, millesime, edition), name in wanted.items():
        own = rows[(rows["critere"] == critere) & (rows["millesime"] == millesime) & (rows["edition"] == edition)]
        parts.append(own.set_index("code_departement")["valeur"].astype(float).rename(name))
    return pd.concat(parts, axis=1)


@pytest.fixture(scope="session")
def wave(series):
    """Give the 30 amounts of annex 7, table B, Corse as one, beside the children in care of 2017 (DREES)."""
    frame = allocations.build(Archive.open())[["code_departement", "code_region", "montant_eur"]].copy()
    children = series["ase_2017"].copy()
    children["20"] = children["2A"] + children["2B"]
    frame["enfants"] = frame["code_departement"].map(children)
    frame["euros_par_enfant"] = frame["montant_eur"] / frame["enfants"]
    return frame


@pytest.fixture(scope="session")
def france(series):
    """Give the children in care of each département and their rate; none is published for Mayotte."""
    frame = series.drop(index="20", errors="ignore").rename_axis("code_departement").reset_index()
    frame["taux"] = frame["ase_2017"] / frame["jeunes_2019"] * 1000
    return frame


@pytest.fixture(scope="session")
def drawn():
    """Give a function that returns what a figure draws under a name: name -> line or patch."""

    def artists(illustration, prefix):
        named = (
            artist
            for axes in illustration.figure.axes
            for artist in (*axes.lines, *axes.patches)
            if (artist.get_gid() or "").startswith(f"{prefix}-")
        )
        return {artist.get_gid().removeprefix(f"{prefix}-"): artist for artist in named}

    return artists


@pytest.fixture(scope="session")
def key_of():
    """Give a function that returns the key of a chart: word -> handle."""

    def handles(illustration):
        (legend,) = [axes.get_legend() for axes in illustration.figure.axes if axes.get_gid() == "legende"]
        return dict(zip((text.get_text() for text in legend.get_texts()), legend.legend_handles, strict=True))

    return handles


@pytest.fixture(scope="session")
def assert_same_picture():
    """Compare a figure with its reference, pixel by pixel, with a tolerance for the smoothing of edges and letters.

    Set CDPPE_REDRAW=1 to draw the references again, then look at each of them.
    """

    def compare(illustration, name):
        path = REFERENCES / f"{name}.png"
        drawn = Image.open(io.BytesIO(illustration.png(DPI))).convert("RGB")
        if os.environ.get(REDRAW):
            drawn.quantize(64).save(path, optimize=True)
        with Image.open(path) as image:
            reference = image.convert("RGB")
        assert drawn.size == reference.size
        gaps = np.abs(np.asarray(drawn, dtype=float) - np.asarray(reference, dtype=float))
        assert gaps.mean() < 2.5
        assert (gaps.max(axis=2) > 90).mean() < 0.01

    return compare


SHOWN = {"59", "20", "976", "75-loupe", "92"}
"""The units of a map whose shapes are in its look: all are drawn by one code."""


def _entry(artist):
    """Return what an artist looks like: words, then numbers."""
    own = [artist.get_gid() or "", f"{artist.get_zorder():g}"]
    if isinstance(artist, Line2D):
        x, y = (np.asarray(values, dtype=float) for values in artist.get_data())
        style = [to_hex(artist.get_color()), str(artist.get_marker()), str(artist.get_linestyle())]
        ends = [x.min(), x.max(), y.min(), y.max()] if len(x) else []
        sizes = [artist.get_linewidth(), artist.get_markersize(), artist.get_markeredgewidth()]
        inks = [to_hex(artist.get_markerfacecolor()), to_hex(artist.get_markeredgecolor())]
        return ["line", *own, *style, *inks, *sizes, *ends]
    if isinstance(artist, Patch):
        colours = [to_hex(colour, keep_alpha=True) for colour in (artist.get_facecolor(), artist.get_edgecolor())]
        path = artist.get_patch_transform().transform_path(artist.get_path()).get_extents()
        sizes = [artist.get_linewidth(), artist.get_hatch_linewidth(), *path.extents]
        return ["patch", *own, *colours, str(artist.get_hatch()), str(artist.get_linestyle()), *sizes]
    style = [to_hex(artist.get_color()), str(artist.get_weight()), artist.get_ha(), artist.get_va()]
    anchor = (*getattr(artist, "xy", ()), *getattr(artist, "xyann", ()))
    place = [*artist.get_position(), *anchor, artist.get_fontsize(), artist.get_rotation()]
    return ["text", *own, artist.get_text(), *style, *place]


def _look(figure):
    """Return what a figure looks like, artist by artist, with the place of its axes in inches."""
    width, height = figure.get_size_inches()
    entries = [["page", float(width), float(height)], *(_entry(text) for text in figure.texts)]
    for axes in figure.axes:
        x, y, wide, high = axes.get_position().bounds
        entries.append(["axes", axes.get_gid() or "", x * width, y * height, wide * width, high * height])
        entries[-1] += [*axes.get_xlim(), *axes.get_ylim()]
        if axes.axison and axes.name != "ternary":
            lines = {axis.axis_name: axis.get_gridlines() for axis in (axes.xaxis, axes.yaxis)}
            grids = [name for name, own in lines.items() if any(line.get_visible() for line in own)]
            sides = [side for side, spine in axes.spines.items() if spine.get_visible()]
            entries.append(["frame", *sides, *(f"grid {name}" for name in grids)])
        legend = axes.get_legend()
        artists = [*axes.lines, *axes.patches, *axes.texts, axes.title]
        artists += [*legend.legend_handles, *legend.get_texts()] if legend else []
        artists += [*axes.get_xticklabels()[:2], *axes.get_yticklabels()[:2]] if axes.axison else []
        for artist in artists:
            kind, _, unit = (artist.get_gid() or "").partition("-")
            if kind not in ("departement", "cercle") or unit in SHOWN:
                entries.append(_entry(artist))
    return [[part if isinstance(part, str) else float(f"{part:.5g}") for part in entry] for entry in entries]


@pytest.fixture(scope="session")
def assert_same_look():
    """Compare all that a figure draws with what it drew before: places, sizes, colours, strokes, order, words.

    It says that a look has changed, not that it is right: the other tests say what a look means. Set CDPPE_REDRAW=1 to
    keep the looks of today, then look at each figure that changed.
    """

    def compare(figure, name):
        path = REFERENCES / f"{name}.json"
        drawn = _look(figure)
        if os.environ.get(REDRAW):
            lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in drawn)
            path.write_text(f"[{lines}]\n", encoding="utf-8")
        kept = json.loads(path.read_text(encoding="utf-8"))
        for now, before in itertools.zip_longest(drawn, kept, fillvalue=[]):
            assert [part for part in now if isinstance(part, str)] == [part for part in before if isinstance(part, str)]
            numbers = [[part for part in entry if not isinstance(part, str)] for entry in (now, before)]
            assert len(numbers[0]) == len(numbers[1])
            assert np.allclose(*numbers, rtol=0.001, atol=0.003, equal_nan=True), (now, before)

    return compare


VISIONS = ("normale", "deuteranopie", "protanopie", "noir_et_blanc")
_VIENOT = {
    "protanopie": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "deuteranopie": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
}
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def _linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _lab(colour):
    xyz = (_TO_XYZ @ _linear(colour)) / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _seen_as(colour, vision):
    if vision == "normale":
        return to_hex(colour)
    linear = _linear(colour)
    turned = np.full(3, _LUMINANCE @ linear) if vision == "noir_et_blanc" else _VIENOT[vision] @ linear
    turned = np.clip(turned, 0, 1)
    return to_hex(np.where(turned <= 0.0031308, turned * 12.92, 1.055 * turned ** (1 / 2.4) - 0.055))


def _distance(first, second, vision="normale"):
    return float(np.linalg.norm(_lab(_seen_as(first, vision)) - _lab(_seen_as(second, vision))))


def _contrast(first, second):
    dark, light = sorted(float(_LUMINANCE @ _linear(colour)) for colour in (first, second))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="session")
def eye():
    """Give how readers see colours: as they see one, how far apart two look, how light, in what contrast.

    Simulation: Viénot, Brettel and Mollon (1999) in linear RGB, as matrices for full dichromats. Distance: Euclid's in
    CIE L*a*b* (D65), where about 2.3 is just noticeable; lightness: its L*. Contrast: WCAG 2.2, from 1 to 21.
    """
    return SimpleNamespace(
        visions=VISIONS,
        seen_as=_seen_as,
        distance=_distance,
        lightness=lambda colour: float(_lab(colour)[0]),
        contrast=_contrast,
    )
